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
    assert "Whole country" in (waiting.get_attribute("aria-label") or drawn.get_attribute("aria-label") or "")
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
            f"{TREND} svg.sb-lines-svg > text[text-anchor=middle]:not(.sb-event)",
            "nodes => nodes.map(n => { const b = n.getBoundingClientRect(); return [b.left, b.right]; })",
        )
        assert len(names) >= 2
        assert all(left >= before - 0.5 for (_l, before), (left, _r) in pairwise(names))
