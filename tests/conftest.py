"""What all tests share: the demonstration data, built once a run, and empty data directories."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.beside import Missing, skip_without
from tests.postgres import database

HERE = Path(__file__).parent
BROWSER = "browser"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The browser's tests first: they take longest, and one worker has them all (`pytest_xdist_make_scheduler`)."""
    items.sort(key=lambda item: item.path.relative_to(HERE).parts[0] != BROWSER)
    if config.getoption("--small"):
        for item in items:
            if {"demo_folder", "demo_home", "on_demo"} & set(getattr(item, "fixturenames", ())):
                item.add_marker(pytest.mark.skip(reason="needs the demonstration data, and `--small` leaves them out"))
    if config.getoption("--store") == "postgres":
        for item in items:
            if item.get_closest_marker("duckdb_files"):
                item.add_marker(pytest.mark.skip(reason="is about DuckDB's files, and this run has none"))
            elif item.get_closest_marker("any_store"):
                item.add_marker(pytest.mark.skip(reason="is the same wherever releases live: the other run has it"))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """One worker drives the browser; the other modules are shared out, each to one worker."""

    class ByModule(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            module = nodeid.split("::", 1)[0]
            return BROWSER if f"/{BROWSER}/" in module else module

    return ByModule(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--store postgres` keeps every release of a run on a real PostgreSQL server instead of in DuckDB files.

    `.ci/run` does that for a part of data access with `--small`: to build the demonstration there takes most of the time.
    """
    parser.addoption("--small", action="store_true", help="leave out what needs the demonstration data")
    parser.addoption("--store", choices=("duckdb", "postgres"), default="duckdb", help="where releases live in this run")


@pytest.fixture(scope="module", autouse=True)
def only_measures_of_the_house() -> Iterator[None]:
    """No module knows the measures that another has declared."""
    yield
    if "data_access.programmes.measures" in sys.modules:
        sys.modules["data_access.programmes.measures"].know.cache_clear()
        sys.modules["data_access.programmes.indicators"].REGISTRY.forget()


@pytest.fixture(autouse=True)
def pages_drawn_anew() -> None:
    """No page of a test is drawn from what another test has made of it."""
    if "ui.frame.drawing" in sys.modules:
        sys.modules["ui.frame.drawing"].forget()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of an empty database on a real server. With CI set its absence is a failure."""
    try:
        with database() as url:
            yield url
    except Missing as error:
        skip_without(error)


@pytest.fixture(scope="session", autouse=True)
def store(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where releases live in this run: homes of their own share one database, for ids of releases differ in it."""
    chosen = request.config.getoption("--store")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SAMOEPHAK_DATABASE_URL", raising=False)
        if chosen == "postgres":
            patch.setenv("SAMOEPHAK_DATABASE_URL", request.getfixturevalue("postgres"))
        yield chosen


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory, store: str) -> Path:
    """A data directory with the demonstration release: read it, never publish into it.

    $SAMOEPHAK_TEST_HOME names one that is built already, which saves time while working on tests.
    """
    from data_access.bootstrap import ensure_ready

    folder = tmp_path_factory.mktemp("demo")
    if store == "duckdb" and (ready := os.environ.get("SAMOEPHAK_TEST_HOME")):
        shutil.copytree(ready, folder, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(folder))
        ensure_ready()
    return folder


@pytest.fixture(scope="session")
def demo_home(demo_folder: Path) -> Iterator[None]:
    """SAMOEPHAK_HOME with the demonstration data, for the rest of the session."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(demo_folder))
        yield


@pytest.fixture
def on_demo(demo_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """SAMOEPHAK_HOME with the demonstration data, for one test."""
    monkeypatch.setenv("SAMOEPHAK_HOME", str(demo_folder))
    return demo_folder


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data directory of one test's own."""
    folder = tmp_path / "samoephak"
    monkeypatch.setenv("SAMOEPHAK_HOME", str(folder))
    return folder
