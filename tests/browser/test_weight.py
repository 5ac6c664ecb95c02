"""What a change of a filter costs on the line, compressed as it travels: a count that no machine changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.driving import PATIENCE, settled
from tests.relay import Line

MOST = 10_000  # bytes


def received(page: Page, line: Line) -> int:
    """The bytes that a browser has received once its page is drawn and nothing more comes."""
    while True:
        before = line.received
        settled(page, quiet=500)
        if line.received == before:
            return before


@pytest.mark.parametrize("name", ["", "grants", "early_childhood", "learning_loss"])
def test_a_period_that_nobody_has_seen_brings_no_more_than_ten_kilobytes(
    new_page: Callable[..., Page], line: Line, name: str
) -> None:
    page = new_page()
    page.goto(f"{line.url}/{name}?lang=th&period=2567-2", timeout=PATIENCE)
    settled(page)
    page.evaluate(
        "async () => { for (const face of document.fonts) await face.load(); }"
    )  # which come once, whenever a letter needs them
    before = received(page, line)
    offered = page.locator("[name=period] option").evaluate_all("options => options.map(o => o.value)")
    at = offered.index(page.locator("[name=period]").input_value())
    for period in offered[at + 1 : at + 3]:
        page.locator("[name=period]").select_option(period)
        after = received(page, line)
        assert 500 < after - before < MOST
        before = after
