"""Maps of several periods in the browser: played, moved by the keyboard without the server, and a province chosen on any of them."""

from __future__ import annotations

import re
from statistics import median

from playwright.sync_api import Page, expect

from tests.bench.screen import FRAMES
from tests.browser.driving import PATIENCE, Server, open_page, record, settled

PLAYED = ".st-key-grants_map_play"
FILLS = f"""() => [...document.querySelectorAll('{PLAYED} .sb-land path')].map(p => p.getAttribute('fill')).join()"""


def test_arrow_keys_move_through_the_periods_and_nothing_is_asked_of_the_server(page: Page, server: Server) -> None:
    traffic = record(page)
    open_page(page, server, "grants", lang="en", measure="grant.coverage", map="play")
    slider, head = page.locator(f"{PLAYED} input[type=range]"), page.locator(f"{PLAYED} .sb-moment")
    slider.focus()
    page.keyboard.press("End")  # it opens with the latest complete period, and the last may be provisional
    before, asked, last = page.evaluate(FILLS), traffic.sent, head.inner_text()
    page.keyboard.press("Home")
    assert head.inner_text() != last
    assert slider.get_attribute("aria-valuetext") == head.inner_text()
    assert page.evaluate(FILLS) != before
    page.keyboard.press("End")
    assert head.inner_text() == last
    assert page.evaluate(FILLS) == before
    assert traffic.sent == asked
    assert median(page.evaluate(FRAMES, PLAYED)) < 50  # milliseconds: a tenth of that where nothing else runs


def test_it_plays_to_the_last_period_once_and_stops(page: Page, server: Server) -> None:
    open_page(page, server, "learning_loss", lang="en", map="play", measure="readiness.z")
    shown = page.locator(".st-key-learning_map_play")
    shown.scroll_into_view_if_needed()
    button, head = shown.locator(".sb-play"), shown.locator(".sb-moment")
    shown.locator("input[type=range]").press("End")
    last = head.inner_text()
    expect(button).to_have_text("▶ Play")
    button.click()
    expect(button).to_have_text("■ Stop")
    assert head.inner_text() != last  # it starts again from the first
    expect(button).to_have_text("▶ Play", timeout=PATIENCE)
    assert head.inner_text() == last


def test_a_province_is_chosen_on_one_of_several_maps_and_outlined_on_all(page: Page, server: Server) -> None:
    open_page(page, server, "learning_loss", lang="th")
    page.locator(".st-key-learning_before_after").scroll_into_view_if_needed()
    maps = page.locator(".st-key-learning_before_after svg.sb-svg")
    maps.first.wait_for()
    count = maps.count()
    assert count >= 2
    maps.last.locator('path[data-code="30"]').click(position={"x": 12, "y": 12}, force=True)
    page.wait_for_url(re.compile(r"[?&]province=\d\d"), timeout=PATIENCE)
    settled(page)
    assert page.locator('.st-key-learning_before_after .sb-chosen:not([data-chosen=""])').count() == count
