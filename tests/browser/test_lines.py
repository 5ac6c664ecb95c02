"""Lines over periods in the browser: read by pointer and by keyboard, fitted to the width, never wider than the screen."""

from __future__ import annotations

from itertools import pairwise

from playwright.sync_api import Page, expect

from tests.browser.driving import Server, open_page, settled

TREND = ".st-key-grants_trend .sb-lines"


def test_arrow_keys_walk_the_periods_and_escape_ends_it(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="en", measure="grant.coverage", province="40")
    drawn, tip = page.locator(f"{TREND} svg.sb-lines-svg"), page.locator(f"{TREND} .sb-tip")
    waiting = page.locator(TREND)
    assert "Coverage" in (waiting.get_attribute("aria-label") or drawn.get_attribute("aria-label") or "")
    waiting.scroll_into_view_if_needed()
    drawn.focus()
    assert waiting.get_attribute("aria-label") is None
    expect(tip).to_be_hidden()
    page.keyboard.press("Home")
    first = tip.inner_text()
    assert "Khon Kaen" in first
    assert "Whole country" in first
    page.keyboard.press("End")
    last = tip.inner_text()
    assert last.split("\n")[0] != first.split("\n")[0]
    page.keyboard.press("ArrowLeft")
    assert tip.inner_text() not in (first, last)
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_the_pointer_shows_the_nearest_period_inside_the_figure(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="th", measure="grant.coverage")
    drawn = page.locator(f"{TREND} svg.sb-lines-svg")
    page.locator(TREND).scroll_into_view_if_needed()
    drawn.scroll_into_view_if_needed()
    box = drawn.bounding_box()
    assert box is not None
    tip = page.locator(f"{TREND} .sb-tip")
    for share in (0.2, 0.98):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        found = tip.bounding_box()
        assert found is not None
        assert found["x"] >= box["x"] - 1
        assert found["x"] + found["width"] <= box["x"] + box["width"] + 1
        assert "%" in tip.inner_text()


def test_it_is_drawn_anew_for_another_width_and_names_do_not_touch(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="th", measure="grant.coverage")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.locator(TREND).scroll_into_view_if_needed()
        settled(page)
        page.wait_for_function(
            f"() => {{ const s = document.querySelector('{TREND} svg.sb-lines-svg');"
            " return Math.abs(s.viewBox.baseVal.width - s.getBoundingClientRect().width) < 2; }"
        )
        names = page.eval_on_selector_all(
            f"{TREND} svg.sb-lines-svg > text[text-anchor=middle]:not(.sb-event, .sb-target)",
            "nodes => nodes.map(n => { const b = n.getBoundingClientRect(); return [b.left, b.right]; })",
        )
        assert len(names) >= 2
        assert all(left >= before - 0.5 for (_l, before), (left, _r) in pairwise(names))


def test_what_lies_far_down_is_fetched_when_a_reader_comes_near_or_prints(page: Page, server: Server) -> None:
    fetched: list[str] = []
    page.on("requestfinished", lambda asked: fetched.append(asked.url))
    open_page(page, server, "learning_loss", lang="en")
    waiting = page.locator(".sb-lines[data-waits]")
    before, parts = waiting.count(), sum("/media/" in url for url in fetched)
    assert before >= 3
    assert all(waiting.nth(n).get_attribute("aria-label") for n in range(before))  # what they will be
    waiting.last.scroll_into_view_if_needed()
    expect(page.locator(".st-key-learning_sex svg.sb-lines-svg, .st-key-learning_pisa .main-svg").first).to_be_visible()
    settled(page)
    assert waiting.count() < before
    assert sum("/media/" in url for url in fetched) > parts
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert waiting.count() == 0
    assert page.locator(".sb-lines:not(:has(svg.sb-lines-svg)), .sb-maps:empty").count() == 0


def test_a_page_that_nobody_has_scrolled_is_printed_with_all_its_figures(page: Page, server: Server) -> None:
    open_page(page, server, "learning_loss", lang="en")
    assert page.locator(".sb-plot .main-svg").count() == 0
    page.pdf()
    assert page.locator(".sb-plot:not(:has(.main-svg)), [data-waits]").count() == 0
