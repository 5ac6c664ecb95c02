"""Fixtures of the browser tests: one server on demonstration data, cold servers, one browser, a page that tells on itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.beside import skip_without
from tests.browser.driving import CHROMIUM_ARGS, PATIENCE, TRACEBACK, WATCHED, Server, find_chromium, record, start_server
from tests.relay import Line

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(240))


@pytest.fixture(scope="package")
def browser_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the demonstration release; $SAMOEPHAK_TEST_HOME names one that is built already."""
    from data_access.bootstrap import ensure_ready

    ready = os.environ.get("SAMOEPHAK_TEST_HOME")
    home = tmp_path_factory.mktemp("browser-home")
    if ready:
        shutil.copytree(ready, home, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(home))
        ensure_ready()
    return home


@pytest.fixture(scope="package")
def servers() -> Iterator[list[Server]]:
    """Every server that runs; ended with the last browser test."""
    running: list[Server] = []
    yield running
    for one in running:
        one.stop()


@pytest.fixture(scope="package")
def server(browser_home: Path, servers: list[Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The app on demonstration data, shared by all browser tests: leave its data as they are."""
    started = start_server(tmp_path_factory.mktemp("server") / "server.log", browser_home)
    servers.append(started)
    return started


@pytest.fixture
def cold_server(browser: Browser, browser_home: Path, servers: list[Server], tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a server that no session has visited: `cold_server()`, or `cold_server(own_data=True)` on a copy of the data."""
    mine: list[Server] = []

    def start(own_data: bool = False, home: Path | None = None) -> Server:
        where = home or browser_home
        if own_data:
            where = tmp_path / f"home{len(mine)}"
            shutil.copytree(browser_home, where)
        started = start_server(tmp_path / f"server{len(mine)}.log", where)
        mine.append(started)
        for context in browser.contexts:
            started.let_in(context)
        servers.append(started)
        return started

    yield start
    for one in mine:
        one.stop()
        servers.remove(one)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Headless Chromium; without one the tests are skipped, but fail where CI says that it must be there."""
    found = find_chromium()
    if found is None:
        skip_without("no Chromium: install Debian's `chromium` or set CHROMIUM to its path")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=CHROMIUM_ARGS)
        yield started
        started.close()


@pytest.fixture
def new_page(browser: Browser, servers: list[Server]) -> Iterator[Callable[..., Page]]:
    """Open pages in contexts of their own: `new_page(dark=True, width=390)`. The test fails at its end on any request to
    another host, console error, page error, exception on a page, or traceback in a server's log."""
    marks = {id(one): len(one.log()) for one in servers}
    opened = []

    def open_one(*, dark: bool = False, width: int = 1440, height: int = 900, locale: str = "th-TH") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale=locale,
            timezone_id="Asia/Bangkok",
            accept_downloads=True,
        )
        context.add_init_script(WATCHED)
        for one in servers:
            one.let_in(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE // 3)
        opened.append((context, page, record(page)))
        return page

    yield open_one
    wrong: list[str] = []
    for context, page, traffic in opened:
        wrong += [f"request to another host: {u}" for u in traffic.outside()]
        wrong += [f"console: {c}" for c in traffic.errors()]
        wrong += [f"exception on the page: {t}" for t in page.locator('[data-testid="stException"]').all_inner_texts()]
        context.close()
    for one in servers:
        fresh = one.log()[marks.get(id(one), 0) :]
        if TRACEBACK.search(fresh):
            wrong.append(f"traceback in the server's log:\n{fresh[-4000:]}")
    if wrong:
        pytest.fail("\n".join(dict.fromkeys(wrong)), pytrace=False)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page in a window of 1440 × 900, light; see `new_page` for what makes the test fail."""
    return new_page()


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    """The way to the server, counted and to be cut."""
    made = Line(server.url)
    yield made
    made.close()
