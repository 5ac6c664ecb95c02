"""A web socket that is cut, as on a train or behind a proxy that restarts: the view comes back and goes on, nothing is lost."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.driving import PATIENCE, settled
from tests.relay import Line


def test_a_view_survives_a_line_that_is_cut(page: Page, line: Line) -> None:
    page.goto(f"{line.url}/grants?lang=en&province=40&period=2566-1", timeout=PATIENCE)
    settled(page)
    before = page.get_by_text("Khon Kaen").count()
    first = page.locator("[data-testid=stBidiComponentRegular]").first.inner_text()
    for _time in range(3):
        line.cut()
        page.wait_for_function("document.querySelector('[data-testid=stApp]').dataset.testConnectionState === 'CONNECTED'")
        settled(page)
    assert "province=40" in page.url
    assert page.get_by_text("Khon Kaen").count() == before
    assert page.locator("[data-testid=stBidiComponentRegular]").first.inner_text() == first
    page.locator("[name=period]").select_option("2566-2")  # and it goes on
    expect(page.get_by_text("Showing Semester 2/2566")).to_be_visible(timeout=PATIENCE)
    settled(page)
    assert "period=2566-2" in page.url
