"""A server that starts anew sends pages as the one before it drew them, and hears what is done in them."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.driving import PATIENCE, Server, open_page, query_of, settled


def test_a_page_of_the_process_before_is_sent_and_answers(
    new_page: Callable[..., Page], cold_server: Callable[..., Server]
) -> None:
    said, period = [], []
    server = cold_server(own_data=True)
    for _start in range(2):
        page = new_page()
        open_page(page, server, lang="en")
        said.append(page.locator(".sb-page").last.inner_text())
        period.append(query_of(page)["period"])
        if not _start:
            page.goto("about:blank")
            server.stop()
            server = cold_server(home=server.home)
    assert said[0] == said[1]
    assert period[0] == period[1]
    counted = urllib.request.urlopen(f"{server.url}/health/metrics", timeout=10).read().decode()
    assert re.search(r"^samoephak_sent_as_drawn_before_total 1$", counted, re.MULTILINE)
    page.locator("[name=period]").select_option(index=1)
    page.wait_for_url(lambda url: f"period={period[0]}" not in url, timeout=PATIENCE)
    settled(page)
    assert page.locator(".sb-page").last.inner_text() != said[0]
