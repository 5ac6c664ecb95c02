"""Two processes on one data directory: while one publishes, the other says so and waits; nothing of either is mixed or lost."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock
from streamlit.testing.v1 import AppTest

from data_access.contract.errors import ReleaseError, StoreError
from data_access.contract.settings import home
from data_access.publishing import drafts
from data_access.store import engines, releases
from tests import opened
from tests.data_access import small

ROOT = Path(__file__).parents[2]
HOLDS = """
import sys, time, duckdb
held = duckdb.connect(sys.argv[1])
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""

pytestmark = pytest.mark.duckdb_files


@pytest.fixture
def draft(empty_home: Path) -> drafts.Draft:
    """A draft with one load, on top of a release."""
    small.publish(small.reported(1.0))
    made = drafts.open_draft()
    made.upsert("reported_value", small.reported(2.0)["reported_value"], "tests")
    return made


@contextmanager
def held(draft: drafts.Draft, seconds: float) -> Iterator[None]:
    """Another process has the draft open, as one that publishes has."""
    path = home() / "drafts" / f"{draft.id}.duckdb"
    other = subprocess.Popen([sys.executable, "-c", HOLDS, str(path), str(seconds)], stdout=subprocess.PIPE, text=True)
    assert other.stdout
    assert other.stdout.readline() == "held\n"
    try:
        yield
    finally:
        other.kill()
        other.wait()


def test_a_short_hold_is_waited_for_and_a_long_one_is_said(draft: drafts.Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    with held(draft, 1.0):
        assert draft.count("reported_value")
    monkeypatch.setattr(engines, "LONGEST_WAIT", 0.2)
    with held(draft, 60), pytest.raises(StoreError, match="Another process"):
        draft.count("reported_value")
    assert draft.count("reported_value")


def test_nothing_is_loaded_into_a_draft_that_is_being_published(draft: drafts.Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "LONGEST_WAIT", 0.1)
    with FileLock(home() / "publish.lock"):
        began = time.monotonic()
        with pytest.raises(ReleaseError, match="loading or publishing"):
            draft.upsert("reported_value", small.reported(3.0)["reported_value"], "tests")
        assert time.monotonic() - began < 3
        assert drafts.busy()
    assert not drafts.busy()


def test_a_draft_that_is_gone_is_not_made_anew(draft: drafts.Draft) -> None:
    drafts.publish(draft)
    with pytest.raises(ReleaseError, match="no longer there"):
        draft.count("reported_value")
    assert not list((home() / "drafts").glob("*.duckdb"))


@pytest.mark.parametrize("locked", [True, False], ids=["from the beginning", "between two looks"])
def test_the_import_tab_says_that_somebody_publishes_and_shows_the_draft_again_afterwards(
    draft: drafts.Draft, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    monkeypatch.setattr(engines, "LONGEST_WAIT", 0.2)
    opened.follow(monkeypatch)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["goto"], app.query_params["tab"] = "data", "import"
    lock = FileLock(home() / "publish.lock")
    with held(draft, 60):
        if locked:
            lock.acquire()
        app.run()
        lock.release()
    assert not app.exception
    said = [e.value for kind in ("info", "error") for e in app.get(kind)]
    assert any(("มีผู้กำลังนำเข้าหรือเผยแพร่" if locked else "อีกกระบวนการหนึ่ง") in words for words in said), said
    app.run()
    assert any("data_publish" in str(b.key) for b in app.button)
    assert not any("ขณะนี้" in e.value for e in app.error)


def test_a_publication_beside_somebody_who_looks_at_the_draft_all_the_time_succeeds(draft: drafts.Draft) -> None:
    path = home() / "drafts" / f"{draft.id}.duckdb"
    looks = f"""
import duckdb, os, time
until = time.monotonic() + 20
print("looking", flush=True)
while os.path.exists({str(path)!r}) and time.monotonic() < until:
    try:
        with duckdb.connect({str(path)!r}) as held:
            held.execute("SELECT count(*) FROM reported_value")
    except duckdb.IOException:
        time.sleep(0.01)
"""
    other = subprocess.Popen([sys.executable, "-c", looks], stdout=subprocess.PIPE, text=True)
    assert other.stdout
    assert other.stdout.readline() == "looking\n"
    release = drafts.publish(draft)
    other.kill()
    other.wait()
    releases.verify(release)
    assert releases.served_release() == (release, "")
