"""The address holds the view: cold deep links, moving between pages, back and forward, nonsense and hostile parameters."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import PAGES, PATIENCE, Server, follow, open_page, page_of, query_of, settled
from ui.frame.shell import ICON

HOSTILE = {
    "script": {
        "province": "<script>alert(1)</script>",
        "measure": '"><img src=x onerror=alert(1)>',
        "goto": "javascript:alert(1)",
    },
    "path": {"goto": "../../etc/passwd", "release": "../../../etc/passwd", "set": "..%2f..%2fetc", "region": "C:\\windows"},
    "long": {"region": "A" * 1800, "province": "4" * 1800, "lang": "x" * 1800},
    "sql": {"province": "40' OR '1'='1", "set": "tsqp; DROP TABLE place", "period": "2565-1'--", "sex": "male,female"},
    "nonsense": {"province": "99", "region": "Atlantis", "period": "2599-1", "sex": "x", "set": "nowhere", "measure": "no.such"},
}


def chosen(page: Page, filter_: str) -> str:
    """What a select of the filter bar shows."""
    box = page.locator(f".st-key-filters [name={filter_}]")
    return str(box.evaluate("e => e.tagName === 'SELECT' ? e.selectedOptions[0].textContent : e.value"))


def test_a_deep_link_opens_the_same_view_in_a_cold_server(page: Page, cold_server: Callable[..., Server]) -> None:
    """The first visitor of a process asks for a page, not for the root: the shell must still draw around it."""
    asked = {"province": "40", "period": "2565-1", "lang": "en"}
    open_page(page, cold_server(), "grants", **asked)
    assert page_of(page) == "grants"
    assert query_of(page) == asked
    expect(page.locator("h1")).to_have_text("Grants")
    assert "Khon Kaen" in chosen(page, "province")
    assert "1/2565" in chosen(page, "period")
    expect(page.get_by_text("Showing Semester 1/2565 · Khon Kaen")).to_be_visible()
    assert page.get_by_text("Page not found").count() == 0


def test_the_view_follows_from_page_to_page(page: Page, server: Server) -> None:
    open_page(page, server, lang="en", province="40", period="2566-2", set_="tsqp_schools")
    for name in [n for n in PAGES if n != "overview"][:3]:
        follow(page, name, "en")
        page.wait_for_url(f"**/{name}*", timeout=PATIENCE)
        settled(page)
        found = query_of(page)
        assert {k: found.get(k) for k in ("lang", "province", "set")} == {"lang": "en", "province": "40", "set": "tsqp_schools"}
        assert found["period"] in ("2566-2", "AY2566")


def test_back_and_forward_bring_the_view_back(page: Page, server: Server) -> None:
    open_page(page, server, lang="en", province="40")
    follow(page, "grants", "en")
    page.wait_for_url("**/grants?*province=40*", timeout=PATIENCE)  # the page has written its own view
    settled(page)
    page.go_back()
    settled(page)
    expect(page.locator("h1")).to_have_text("Overview")
    assert query_of(page)["province"] == "40"
    assert "Khon Kaen" in chosen(page, "province")
    page.go_forward()
    settled(page)
    expect(page.locator("h1")).to_have_text("Grants")
    assert query_of(page)["province"] == "40"


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_parameters_fall_away(page: Page, server: Server, kind: str) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda d: (dialogs.append(d.message), d.dismiss()))
    open_page(page, server, **HOSTILE[kind])
    assert dialogs == []
    assert page.locator("h1").inner_text() in ("ภาพรวม", "Overview")
    assert page.locator(".sb-tile").count() >= 5
    assert not {"province", "region", "set", "sex", "release"} & query_of(page).keys() - {"region", "set"}
    assert page.get_by_test_id("stMain").inner_html().find("onerror") == -1


def test_the_language_switch_keeps_the_view(page: Page, server: Server) -> None:
    open_page(page, server, "grants", province="40", period="2565-1")
    page.locator(".st-key-language").get_by_text("English").click()
    expect(page.locator("h1")).to_have_text("Grants", timeout=PATIENCE)
    settled(page)
    assert query_of(page) == {"lang": "en", "province": "40", "period": "2565-1"}
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title().startswith("Grants")


@pytest.mark.parametrize("name", ["", "policy"])
def test_a_page_has_the_icon_of_the_app_and_the_whole_width(server: Server, page: Page, name: str) -> None:
    """Both are told to the browser in messages of their own (`ui.frame.shell`), of which none may undo another."""
    open_page(page, server, name, lang="en")
    icon = page.evaluate("document.querySelector('link[rel~=icon]').href")
    assert icon == ICON
    sheet = page.locator(".sb-page").last.bounding_box()
    assert sheet is not None
    assert sheet["width"] > 0.8 * page.viewport_size["width"]  # type: ignore[index]


def test_a_page_in_a_tab_of_its_own_shows_the_same_view(page: Page, server: Server) -> None:
    open_page(page, server, "grants", lang="en", province="40", measure="grant.coverage")
    page.get_by_test_id("stTopNavSection").filter(has_text="Programmes").click()
    link = page.locator('[data-testid^="stTopNav"][href*="schools"]').first
    with page.context.expect_page() as opened:
        link.click(modifiers=["Control"])
    other = settled(opened.value)
    assert query_of(other) == {"lang": "en", "province": "40"}  # what is of one page alone stays there
    assert "Khon Kaen" in other.locator(".sb-finding").first.inner_text()
    assert page_of(page) == "grants"
