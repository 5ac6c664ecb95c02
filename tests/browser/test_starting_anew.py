"""A server that starts anew sends pages as the one before it drew them, and hears what is done in them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from data_access.__main__ import OPENING
from data_access.store.releases import DRAWN
from tests.browser.driving import FIRST, PATIENCE, ROOT, Server, open_page, settled


def sent_as_drawn_before(server: Server) -> int:
    counted = urllib.request.urlopen(f"{server.url}/health/metrics", timeout=10).read().decode()
    (found,) = re.findall(r"^samoephak_sent_as_drawn_before_total (\d+)$", counted, re.MULTILINE)
    return int(found)


def test_a_page_of_the_process_before_is_sent_and_answers(
    new_page: Callable[..., Page], cold_server: Callable[..., Server]
) -> None:
    said, period = [], []
    server = cold_server(own_data=True)
    for _start in range(2):
        page = new_page()
        open_page(page, server, lang="en")
        said.append(page.locator(".sb-page").last.inner_text())
        period.append(page.locator("[name=period]").input_value())
        if not _start:
            page.goto("about:blank")
            server.stop()
            server = cold_server(home=server.home)
    assert said[0] == said[1]
    assert period[0] == period[1]
    assert sent_as_drawn_before(server) == 1
    page.locator("[name=period]").select_option(index=2)  # the one before the latest complete one, which it opened with
    page.wait_for_url(lambda url: "period=" in url and f"period={period[0]}" not in url, timeout=PATIENCE)
    settled(page)
    assert page.locator(".sb-page").last.inner_text() != said[0]


@pytest.mark.parametrize("dark", [False, True])
def test_what_was_drawn_by_a_visit_without_a_browser_is_whole_in_one(
    new_page: Callable[..., Page], cold_server: Callable[..., Server], dark: bool
) -> None:
    server = cold_server(own_data=True)
    server.stop()
    assert server.home
    shutil.rmtree(server.home / DRAWN, ignore_errors=True)
    subprocess.run(OPENING, cwd=ROOT, env={**os.environ, "SAMOEPHAK_HOME": str(server.home)}, check=True, timeout=120)
    server = cold_server(home=server.home)
    page = new_page(dark=dark)
    open_page(page, server, FIRST)
    assert sent_as_drawn_before(server) == 1
    assert page.locator(".sb-land path").count() >= 77
