"""Choose a province by map, keyboard, ranking or table: everything on the page and the address follow."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.driving import PATIENCE, Server, open_page, page_of, query_of, settled

# A point of the screen that lies inside a province's polygon: the box's middle, else the first hit of a grid over it.
INSIDE = """(code) => {
  const path = document.querySelector(`.st-key-grants_board .sb-land path[data-code="${code}"]`);
  path.scrollIntoView({block: 'center'});
  const box = path.getBBox(), matrix = path.getScreenCTM();
  for (const [fx, fy] of [[.5, .5], [.4, .5], [.6, .5], [.5, .4], [.5, .6], [.3, .3], [.7, .7], [.3, .7], [.7, .3]]) {
    const spot = new DOMPoint(box.x + fx * box.width, box.y + fy * box.height);
    if (path.isPointInFill(spot)) { const on = spot.matrixTransform(matrix); return [on.x, on.y]; }
  }
  throw new Error('no point inside ' + code);
}"""
OUTLINED = """() => [...document.querySelectorAll('.st-key-grants_board .sb-chosen')]
  .filter(p => p.getBBox().width > 0).map(p => p.dataset.chosen)"""


LAND = ".st-key-grants_board .sb-land path"


def wait_for_province(page: Page, code: str) -> None:
    page.wait_for_url(re.compile(rf"[?&]province={code}\b"), timeout=PATIENCE)
    settled(page)


def test_the_map_draws_every_province_once(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="en", measure="grant.coverage")
    drawn = page.eval_on_selector_all(LAND, "paths => paths.map(p => p.dataset.code)")
    assert len(drawn) == 77
    assert len(set(drawn)) == 77
    assert page.eval_on_selector_all(LAND, "paths => paths.filter(p => p.getBBox().width > 0.5).length") == 77
    box = page.locator(".st-key-grants_board .sb-land").bounding_box()
    assert box is not None
    assert box["height"] > 1.3 * box["width"]  # Thailand is tall


def test_hidden_states_look_unlike_values_and_are_in_the_legend(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="en", measure="grant.condition_rate")
    legend = page.locator(".st-key-grants_board .sb-legend").text_content()
    assert "Suppressed" in legend
    count = int(re.search(r"Suppressed[^·]*·\s*(\d+)", legend).group(1))
    marked = page.locator('.st-key-grants_board .sb-marks [data-state="cross"]').count()
    assert count == marked  # as many marks on the map as the legend counts
    swatches = page.eval_on_selector_all(
        ".st-key-grants_board .sb-swatch rect", "rects => rects.map(r => r.getAttribute('fill'))"
    )
    assert len(set(swatches)) == len(swatches)  # no state shares its colour with a class
    fills = page.eval_on_selector_all(LAND, "paths => paths.map(p => p.getAttribute('fill'))")
    assert count in {fills.count(colour) for colour in swatches}


def test_a_hidden_cell_reaches_the_browser_without_its_number(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="en", measure="grant.condition_rate")
    page.get_by_role("tab", name="Table").click()
    rows = page.locator(".st-key-grants_board tbody tr").filter(has_text="Suppressed to protect small numbers, here or elsewhere")
    expect(rows.first).to_be_visible()
    assert set(rows.locator("td:nth-child(2)").all_inner_texts()) == {"–"}


def test_a_click_on_the_map_chooses_the_province_everywhere(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="en", measure="grant.coverage")
    x, y = page.evaluate(INSIDE, "40")
    page.mouse.move(x, y)
    page.mouse.click(x, y)
    wait_for_province(page, "40")
    assert page.evaluate(OUTLINED) == ["40"]
    expect(page.get_by_test_id("stMain").get_by_text(re.compile(r"^Khon Kaen · Coverage"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Showing .*Khon Kaen"))).to_be_visible()
    assert page.locator(".st-key-grants_board .sb-ranking [aria-pressed=true]").inner_text().startswith("Khon Kaen")
    page.get_by_role("tab", name="Table").click()
    expect(page.locator(".st-key-grants_board tr.sb-here")).to_contain_text("Khon Kaen")


def test_the_ranking_and_the_table_are_walked_by_arrow_keys(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="en", measure="grant.coverage")
    stops = page.locator(".st-key-grants_board .sb-ranking button[tabindex='0']")
    expect(stops).to_have_count(1)  # one place in the tab order for the whole list
    stops.focus()
    page.keyboard.press("End")
    last = page.evaluate("document.activeElement.dataset.pick")
    page.keyboard.press("Enter")
    wait_for_province(page, last)
    assert page.evaluate("document.activeElement.dataset.pick") == last  # the focus stays where the reader was


def test_the_table_sorts_by_any_column_and_leaves_what_has_no_value_last(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="en", measure="grant.condition_rate")
    page.get_by_role("tab", name="Table").click()
    heading = page.locator(".st-key-grants_board thead th").nth(1)
    heading.locator("button").click()
    assert heading.get_attribute("aria-sort") == "descending"
    shown = page.locator(".st-key-grants_board tbody td:nth-child(2)").all_inner_texts()
    numbers = [float(t) for t in shown if t != "–"]
    assert numbers == sorted(numbers, reverse=True)
    assert shown[len(numbers) :] == ["–"] * (len(shown) - len(numbers))


def test_the_keyboard_alone_finds_a_province_by_its_short_name(page: Page, server: Server) -> None:
    """โคราช is what people call นครราชสีมา, province 30."""
    open_page(page, server, "grants", lang="th")
    page.locator(".st-key-grants_board input[type=search]").focus()
    page.keyboard.insert_text("โคราช")
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    wait_for_province(page, "30")
    expect(page.get_by_text(re.compile(r"^กำลังแสดง .*นครราชสีมา"))).to_be_visible()
    assert page.evaluate(OUTLINED) == ["30"]


def test_an_unknown_name_is_refused_in_words(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="en")
    page.locator(".st-key-grants_board input[type=search]").focus()
    page.keyboard.insert_text("Atlantis qqq")
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stToast")).to_contain_text("Atlantis", timeout=PATIENCE)
    settled(page)
    assert "province" not in query_of(page)


def test_a_bar_of_the_ranking_chooses_its_province(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="en")
    page.locator(".st-key-grants_board .sb-ranking .sb-bar").first.click()
    page.wait_for_url(re.compile(r"[?&]province=\d\d"), timeout=PATIENCE)


def test_the_board_follows_the_language_and_the_region(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="th", region="north")
    label, offered = page.locator(".st-key-grants_board .sb-field span"), page.locator(".st-key-grants_board datalist option")
    assert label.inner_text() == "ค้นหาจังหวัด"
    assert offered.count() == 17
    page.get_by_role("radio", name="English").click()
    expect(label).to_have_text("Find a province", timeout=PATIENCE)
    page.locator("select[name=region]").select_option("")
    expect(offered).to_have_count(77, timeout=PATIENCE)


def test_filters_clear_at_once(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="en", province="40", sex="female", tier="poor")
    page.locator(".sb-clear").click()
    page.wait_for_function("!location.search.includes('province')", timeout=PATIENCE)
    settled(page)
    assert not {"province", "sex", "tier"} & query_of(page).keys()


def test_fonts_are_our_own(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="th")
    loaded = page.evaluate("document.fonts.ready.then(f => [...f].filter(x => x.status === 'loaded').map(x => x.family))")
    assert any("Sarabun" in family for family in loaded)
    for selector in ("h1", ".sb-figure", ".st-key-grants_board .sb-title", "button", "select"):
        assert "Sarabun" in page.locator(selector).first.evaluate("e => getComputedStyle(e).fontFamily"), selector


def test_points_are_drawn_without_a_basemap(new_page: Callable[..., Page], server: Server) -> None:
    """Schools and centres lie on an empty ground; the page's end fails on any request to another host."""
    page = new_page()
    open_page(page, server, "schools", lang="en")
    deck = page.locator(".sb-deck")
    deck.scroll_into_view_if_needed()
    expect(deck.locator("canvas").first).to_be_visible()
    settled(page)
    page.locator("[name=period]").select_option(index=2)
    settled(page)
    expect(deck.locator("canvas")).to_have_count(1)  # the same one


def test_a_bar_of_a_ranking_chooses_its_district_and_a_row_of_the_places_leads_to_its_page(page: Page, server: Server) -> None:
    open_page(page, server, "province", lang="en", province="40")
    bar = page.locator(".st-key-province_district_bars button").first
    bar.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"district=40\d\d"), timeout=PATIENCE)
    settled(page)
    expect(page.locator(".st-key-province_district_bars [aria-pressed=true]")).to_have_count(1)
    row = page.locator(".sb-is-table.st-key-pilots_table_school tbody button").first
    name = row.inner_text()
    row.click()
    settled(page)
    page.locator(".st-key-pilots_actions a").first.click()
    page.wait_for_url(re.compile(r"/schools\?.*school=\d{10}"), timeout=PATIENCE)
    settled(page)
    expect(page.locator("select[name=schools_choose_school] option:checked")).to_have_text(name)


def test_the_tour_leads_from_page_to_page_and_is_not_offered_again(page: Page, server: Server) -> None:
    open_page(page, server, lang="en")
    tour = page.locator(".sb-tour")
    tour.get_by_role("button", name="I run a programme").click()
    page.wait_for_url(re.compile(r"/pilot_areas"), timeout=PATIENCE)
    settled(page)
    expect(tour).to_contain_text("1 / 4")
    tour.get_by_role("button", name="Next").click()
    page.wait_for_url(re.compile(r"/schools"), timeout=PATIENCE)
    settled(page)
    tour.get_by_role("button", name="End the tour").click()
    settled(page)
    expect(tour).to_have_count(0)
    open_page(page, server, lang="en")
    expect(tour).to_have_count(0)


def test_the_search_answers_a_question_and_leads_to_its_page(page: Page, server: Server) -> None:
    open_page(page, server, "overview")
    page.locator('.sb-menus [name="search"]').click()
    field = page.locator(".st-key-search_text input")
    field.fill("ความครอบคลุม ขอนแก่น 2566")
    field.press("Enter")
    answer = page.locator(".st-key-search_answer")
    expect(answer).to_contain_text("ความครอบคลุม · ขอนแก่น", timeout=PATIENCE)
    expect(answer.locator("h3")).to_have_text(re.compile(r"^\d+\.\d%$"))
    expect(answer.locator("img")).to_have_count(1)  # the way so far
    settled(page)
    answer.get_by_role("link").click()
    settled(page)
    assert page_of(page) == "indicators"
    asked = query_of(page)
    assert (asked["measure"], asked["province"]) == ("grant.coverage", "40")
    assert "ขอนแก่น" in page.locator(".sb-finding").first.inner_text()


def test_filters_that_are_chosen_less_often_stand_in_a_fold_that_counts_them(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="en")
    sex, fold = page.locator('.sb-more-fields [name="sex"]'), page.locator(".sb-more summary")
    expect(sex).to_be_hidden()
    fold.click()
    sex.select_option("female")
    settled(page)
    assert query_of(page)["sex"] == "female"
    expect(fold).to_have_text("More filters · 1")
    page.keyboard.press("Escape")
    page.locator(".sb-finding").click()
    expect(page.locator('.sb-more-fields [name="sex"]')).to_be_hidden()
