"""The first screen answers: numbers and the whole map stand in it, below a frame that leaves them room."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.driving import Server, open_page
from ui.kit import guide

WITH_A_MAP = ("overview", "grants", "schools", "early_childhood", "out_of_school")
FRAME = 160  # pixels down to the end of the filters, where a long title leaves the dates two lines


def opened(page: Page, server: Server, name: str, lang: str) -> Page:
    """A page as readers see it after their first visit, which asks whether they want a tour."""
    page.context.add_cookies([{"name": guide.COOKIE, "value": "1", "url": server.url}])
    return open_page(page, server, name, lang=lang)


def ends(page: Page, selector: str) -> tuple[float, float]:
    """Top and bottom of the first element in sight that is meant."""
    box = page.locator(f"{selector}:visible").first.bounding_box()
    assert box is not None
    return box["y"], box["y"] + box["height"]


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("name", WITH_A_MAP)
def test_the_whole_map_stands_beside_the_numbers(new_page: Callable[..., Page], server: Server, name: str, lang: str) -> None:
    page = opened(new_page(), server, name, lang)
    assert ends(page, ".sb-filters")[1] <= FRAME
    top, bottom = ends(page, ".sb-board .sb-svg")
    assert bottom - top > 400
    assert bottom <= 900
    assert ends(page, ".sb-bullet-row" if name == "overview" else ".sb-card")[0] < top


def test_on_a_phone_the_verdict_comes_first_and_then_the_map(new_page: Callable[..., Page], server: Server) -> None:
    page = opened(new_page(width=390, height=844), server, "overview", "th")
    assert ends(page, ".sb-is-finding")[1] < ends(page, ".sb-board .sb-svg")[0] < ends(page, ".sb-bullet-row")[0]


def test_the_mark_of_invented_data_explains_itself(new_page: Callable[..., Page], server: Server) -> None:
    page = opened(new_page(), server, "overview", "en")
    meaning = page.locator(".sb-about .sb-help-text")
    assert not meaning.is_visible()
    page.locator(".sb-pill").focus()
    page.keyboard.press("Enter")
    assert "every number on this page is invented" in meaning.inner_text()
    page.keyboard.press("Escape")
    page.mouse.move(1, 1)
    assert not meaning.is_visible()
