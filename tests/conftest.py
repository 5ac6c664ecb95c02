"""What all tests share: the demonstration data, built once a run, and empty data directories."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
BROWSER = "browser"


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker drives the browser; the modules of the other tests are shared out, each to one worker."""
    for item in items:
        folder = item.path.relative_to(HERE).parts[0]
        item.add_marker(pytest.mark.xdist_group(BROWSER if folder == BROWSER else str(item.path.stem)))
    items.sort(
        key=lambda item: item.path.relative_to(HERE).parts[0] != BROWSER
    )  # the longest first, so that it ends with the others


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the demonstration release: read it, never publish into it.

    $SAMOEPHAK_TEST_HOME names one that is built already, which saves time while working on tests.
    """
    from data_access.bootstrap import ensure_ready

    folder = tmp_path_factory.mktemp("demo")
    if ready := os.environ.get("SAMOEPHAK_TEST_HOME"):
        shutil.copytree(ready, folder, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(folder))
        patch.delenv("SAMOEPHAK_DATABASE_URL", raising=False)
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
    monkeypatch.delenv("SAMOEPHAK_DATABASE_URL", raising=False)
    return demo_folder


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data directory of one test's own."""
    folder = tmp_path / "samoephak"
    monkeypatch.setenv("SAMOEPHAK_HOME", str(folder))
    monkeypatch.delenv("SAMOEPHAK_DATABASE_URL", raising=False)
    return folder
