"""What a change of a filter costs on the line, compressed as it travels: a count that no machine changes."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.driving import PATIENCE, Server, settled
from tests.relay import Line

MOST = 10_000  # bytes


def received(page: Page, line: Line) -> int:
    """The bytes that a browser has received once its page is drawn and nothing more comes."""
    while True:
        before = line.received
        settled(page, quiet=500)
        if line.received == before:
            return before


def test_no_answer_waits_until_the_one_before_is_acknowledged(server: Server) -> None:
    """Held back, an answer comes 40 ms later at least, whatever the machine; the fastest of some tells it from a busy one."""
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"))
    seconds = []
    for _time in range(20):
        before = time.monotonic()
        connection.request("GET", "/app/static/board/common.js")
        assert len(connection.getresponse().read()) > 1000
        seconds.append(time.monotonic() - before)
    connection.close()
    assert sorted(seconds)[5] < 0.03


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
