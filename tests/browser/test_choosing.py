"""Choose a province by map, keyboard, ranking or table: everything on the page and the address follow."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.driving import PATIENCE, Server, open_page, query_of, settled

# A point of the screen that lies inside a province's polygon: the box's middle, else the first hit of a grid over it.
INSIDE = """(code) => {
  const path = [...document.querySelectorAll('.st-key-grants_map path.choroplethlocation')].find(p => p.__data__.loc === code);
  path.scrollIntoView({block: 'center'});
  const box = path.getBBox(), matrix = path.getScreenCTM();
  for (const [fx, fy] of [[.5, .5], [.4, .5], [.6, .5], [.5, .4], [.5, .6], [.3, .3], [.7, .7], [.3, .7], [.7, .3]]) {
    const spot = new DOMPoint(box.x + fx * box.width, box.y + fy * box.height);
    if (path.isPointInFill(spot)) { const on = spot.matrixTransform(matrix); return [on.x, on.y]; }
  }
  throw new Error('no point inside ' + code);
}"""
OUTLINED = """() => [...document.querySelectorAll('.st-key-grants_map path.choroplethlocation')]
  .filter(p => parseFloat(p.style.strokeWidth) > 3).map(p => p.__data__.loc)"""


def wait_for_province(page: Page, code: str) -> None:
    page.wait_for_url(re.compile(rf"[?&]province={code}\b"), timeout=PATIENCE)
    settled(page)


def test_the_map_draws_every_province_once(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="en", measure="grant.coverage")
    drawn = page.eval_on_selector_all(".st-key-grants_map path.choroplethlocation", "paths => paths.map(p => p.__data__.loc)")
    assert len(drawn) == 77
    assert len(set(drawn)) == 77
    visible = page.eval_on_selector_all(
        ".st-key-grants_map path.choroplethlocation", "paths => paths.filter(p => p.getBBox().width > 0.5).length"
    )
    assert visible == 77
    box = page.locator(".st-key-grants_map .choroplethlayer").bounding_box()
    assert box is not None
    assert box["height"] > 1.3 * box["width"]  # Thailand is tall: a wrong ring direction fills the square


def test_hidden_states_look_unlike_values_and_are_in_the_legend(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="en", measure="grant.condition_rate")
    legend = page.locator(".st-key-grants_map .legend").text_content()
    assert "Suppressed" in legend
    count = int(re.search(r"Suppressed[^·]*·\s*(\d+)", legend).group(1))
    crosses = page.eval_on_selector_all(
        ".st-key-grants_map .scatterlayer .trace", "traces => traces.map(t => t.querySelectorAll('path.point').length)"
    )
    assert count in crosses  # as many marks on the map as the legend counts
    fills = page.eval_on_selector_all(
        ".st-key-grants_map .trace.choropleth",
        "ts => ts.map(t => [getComputedStyle(t.querySelector('path')).fill, t.childElementCount])",
    )
    grey = [colour for colour, size in fills if size == count]
    assert grey
    assert len({colour for colour, _size in fills}) == len(fills)  # no state shares its colour with a class


def test_a_click_on_the_map_chooses_the_province_everywhere(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="en", measure="grant.coverage")
    x, y = page.evaluate(INSIDE, "40")
    page.mouse.move(x, y)
    page.mouse.click(x, y)
    wait_for_province(page, "40")
    assert page.evaluate(OUTLINED) == ["40"]
    expect(page.get_by_test_id("stMain").get_by_text(re.compile(r"^Khon Kaen · Coverage"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Showing .*Khon Kaen"))).to_be_visible()
    assert "Khon Kaen" in page.locator(".st-key-grants_bars").inner_text()
    page.get_by_role("tab", name="Table").click()
    expect(page.locator(".st-key-grants_table_40")).to_be_visible()


def test_the_keyboard_alone_finds_a_province_by_its_short_name(page: Page, server: Server) -> None:
    """โคราช is what people call นครราชสีมา, province 30."""
    open_page(page, server, "grants", lang="th")
    page.locator(".st-key-grants_search input").focus()
    page.keyboard.insert_text("โคราช")
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    wait_for_province(page, "30")
    expect(page.get_by_text(re.compile(r"^กำลังแสดง .*นครราชสีมา"))).to_be_visible()
    assert page.evaluate(OUTLINED) == ["30"]


def test_an_unknown_name_is_refused_in_words(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="en")
    page.locator(".st-key-grants_search input").focus()
    page.keyboard.insert_text("Atlantis qqq")
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stToast")).to_contain_text("Atlantis", timeout=PATIENCE)
    settled(page)
    assert "province" not in query_of(page)


def test_a_bar_of_the_ranking_chooses_its_province(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="en")
    bar = page.locator(".st-key-grants_bars .barlayer .point path").first
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + min(20, box["width"] / 2), box["y"] + box["height"] / 2)
    page.wait_for_url(re.compile(r"[?&]province=\d\d"), timeout=PATIENCE)


def test_filters_clear_at_once(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="en", province="40", sex="female", tier="poor")
    page.locator(".st-key-filter_clear button").click()
    page.wait_for_function("!location.search.includes('province')", timeout=PATIENCE)
    settled(page)
    assert not {"province", "sex", "tier"} & query_of(page).keys()


def test_fonts_are_our_own(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="th")
    loaded = page.evaluate("document.fonts.ready.then(f => [...f].filter(x => x.status === 'loaded').map(x => x.family))")
    assert any("Sarabun" in family for family in loaded)
    for selector in ("h1", '[data-testid="stMetricValue"]', ".st-key-grants_map .legendtitletext", "button"):
        assert "Sarabun" in page.locator(selector).first.evaluate("e => getComputedStyle(e).fontFamily"), selector


def test_points_are_drawn_without_a_basemap(new_page: Callable[..., Page], server: Server) -> None:
    """Schools and centres lie on an empty ground; the page's end fails on any request to another host."""
    import pytest

    from tests.browser.driving import PAGES

    if "schools" not in PAGES:
        pytest.skip("no page of schools")
    page = new_page()
    open_page(page, server, "schools", lang="en")
    deck = page.get_by_test_id("stDeckGlJsonChart")
    for tab in page.get_by_role("tab").all():
        if deck.count() and deck.first.is_visible():
            break
        tab.click()
        settled(page)
    expect(deck.first).to_be_visible()
    deck.first.scroll_into_view_if_needed()
    expect(deck.first.locator("canvas").first).to_be_visible()
    page.wait_for_timeout(1500)
