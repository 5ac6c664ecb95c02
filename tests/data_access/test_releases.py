"""Releases: whole or not at all, whatever happens while one is published."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import sqlalchemy as sa

from data_access.contract.errors import ReleaseError
from data_access.publishing import drafts, release_changes, summaries
from data_access.questions.query import query
from data_access.store import releases
from data_access.store.releases import Release
from tests.data_access import small

pytestmark = pytest.mark.usefixtures("empty_home")
ROOT = Path(__file__).parents[2]


def seen() -> float:
    """What a reader sees."""
    return query("pao.budget").iloc[0]["value"] / len(small.PROVINCES)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with one release, built once and copied for every test."""
    folder = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(folder))
        small.publish(small.reported(1.0), note="first")
    return folder


@pytest.fixture
def first(prepared: Path, empty_home: Path) -> Release:
    """The release that readers see before anything happens: 1 baht a province."""
    shutil.copytree(prepared, empty_home)
    return releases.require_release()


# ---- the way it goes when all is well -------------------------------------------------------------------------------------
def test_nothing_is_published_at_first() -> None:
    assert releases.current_release() is None
    assert releases.list_releases() == []
    with pytest.raises(ReleaseError, match="No data has been published yet"):
        releases.require_release()


def test_publishing_switches_and_old_releases_stay(first: Release) -> None:
    second = small.publish(small.reported(2.0), note="second", base=first)
    assert (seen(), releases.current_release()) == (2.0, second)
    assert second.parent == first.id
    assert second.row_counts["reported_value"] == len(small.PROVINCES)
    assert second.row_counts["province"] == 77
    assert [r.note for r in releases.list_releases()] == ["second", "first"]
    assert query("pao.budget", release=first.id).iloc[0]["value"] == 6.0
    releases.rollback(first.id)
    assert seen() == 1.0
    assert len(releases.list_releases()) == 2


def test_ids_of_one_second_sort_in_the_order_of_publication(first: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    class Frozen(drafts.dt.datetime):
        @classmethod
        def now(cls, tz: object = None) -> Frozen:
            return cls(2026, 1, 1)

    monkeypatch.setattr(drafts.dt, "datetime", Frozen)
    ids = [small.publish(small.reported(float(n))).id for n in range(3)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 3


def test_a_release_file_is_opened_for_reading_only(first: Release) -> None:
    with releases.reader(first.id).connect() as connection, pytest.raises(sa.exc.DBAPIError):
        connection.exec_driver_sql("DELETE FROM reported_value")


def test_a_draft_copies_real_data_and_never_the_demonstration(first: Release) -> None:
    real = drafts.new_draft(first)
    assert real.count("reported_value") == len(small.PROVINCES)
    demo = drafts.publish(small.draft(small.reported(3.0)), demo=True)
    assert demo.demo
    empty = drafts.open_draft()
    assert empty.count("reported_value") == 0
    assert empty.count("province") == 77


def test_one_draft_is_open_until_it_is_published_or_discarded(first: Release) -> None:
    draft = drafts.open_draft()
    draft.upsert("reported_value", small.reported(5.0)["reported_value"], "a.csv")
    assert drafts.open_draft().id == draft.id
    assert drafts.draft_in_progress().log[-1]["source"] == "a.csv"
    small.publish(small.reported(9.0))
    assert drafts.draft_in_progress().id == draft.id, "publishing another draft must not lose this one"
    draft.discard()
    assert drafts.draft_in_progress() is None
    assert seen() == 9.0


def test_known_keys_are_replaced_and_repeated_keys_refused(first: Release) -> None:
    draft = drafts.new_draft(first)
    rows = small.reported(7.0)["reported_value"]
    draft.upsert("reported_value", rows.iloc[:2], "b.csv")
    stored = draft.read("reported_value").set_index("place_code")["value"]
    assert stored.to_dict() == {"30": 7.0, "40": 7.0, "50": 1.0, "57": 1.0, "80": 1.0, "90": 1.0}
    with pytest.raises(ReleaseError, match="repeat a key"):
        draft.upsert("reported_value", pd.concat([rows, rows]), "b.csv")


def test_what_changed_is_told_by_table_and_indicator(first: Release) -> None:
    rows = small.reported(1.0)["reported_value"]
    changed = pd.concat([rows.assign(value=[4.0, *[1.0] * 5]), rows.iloc[:1].assign(place_code="10")])
    second = small.publish({"reported_value": changed}, base=first)
    told = release_changes.diff(first.id, second.id)
    table = told["tables"].set_index("table").loc["reported_value"]
    assert (table["rows_before"], table["rows_after"]) == (6, 7)
    assert (table["added"], table["removed"], table["changed"]) == (1, 0, 1)
    assert told["tables"].set_index("table").drop("reported_value")[["added", "removed", "changed"]].to_numpy().sum() == 0
    indicator = told["indicators"].set_index("indicator").loc["pao.budget"]
    assert (indicator["before"], indicator["after"], indicator["difference"]) == (6.0, 10.0, 4.0)


# ---- damage ---------------------------------------------------------------------------------------------------------------
@pytest.mark.duckdb_files
def test_a_damaged_file_is_noticed_and_not_switched_to(first: Release, empty_home: Path) -> None:
    second = small.publish(small.reported(2.0))
    path = empty_home / "releases" / f"{first.id}.duckdb"
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(ReleaseError, match="damaged"):
        releases.verify(first)
    with pytest.raises(ReleaseError, match="damaged"):
        releases.rollback(first.id)
    assert releases.current_release() == second


@pytest.mark.duckdb_files
def test_a_missing_file_is_named(first: Release, empty_home: Path) -> None:
    (empty_home / "releases" / f"{first.id}.duckdb").unlink()
    with pytest.raises(ReleaseError, match="missing"):
        releases.verify(first)
    assert releases.list_releases() == []


def test_a_damaged_pointer_is_named(first: Release, empty_home: Path) -> None:
    (empty_home / "current.json").write_text('{"release": "r2', encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"current\.json"):
        releases.current_release()


def test_an_unknown_release_is_refused(first: Release) -> None:
    for what in (releases.get_release, releases.rollback):
        with pytest.raises(ReleaseError, match="There is no release"):
            what("r19990101-000000")


# ---- every step can fail ---------------------------------------------------------------------------------------------------
def broken(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def broken_on(name: str, real: Callable) -> Callable:
    def write(path: Path, text: str) -> None:
        if path.name.startswith(name):
            broken()
        real(path, text)

    return write


STEPS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "summaries": lambda m: m.setattr(summaries, "_store", broken),
    "checksum": lambda m: m.setattr(type(releases.store()), "finish", broken),
    "description": lambda m: m.setattr(drafts, "write_atomically", broken_on("r", drafts.write_atomically)),
    "flush": lambda m: m.setattr(releases.os, "fsync", broken),
    "sealing": lambda m: m.setattr(type(releases.store()), "seal", broken),
    "pointer": lambda m: m.setattr(releases, "write_atomically", broken_on("current", releases.write_atomically)),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_full_disk_at_any_step_leaves_the_old_release_served(
    step: str, first: Release, empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = drafts.open_draft()
    draft.upsert("reported_value", small.reported(2.0)["reported_value"], "c.csv")
    with monkeypatch.context() as patch:
        STEPS[step](patch)
        with pytest.raises(ReleaseError, match=r"Nothing was published.*disk of the server is full"):
            drafts.publish(draft)
    assert (releases.current_release(), seen()) == (first, 1.0)
    releases.verify(first)
    assert not [p for p in empty_home.rglob(".*") if p.is_file()], "half-written files stay behind"
    finish_what_was_begun()
    assert seen() == 2.0


def finish_what_was_begun() -> None:
    """What a person does after a failure: publish the draft again, or switch to the release that was ready."""
    draft = drafts.draft_in_progress()
    release = drafts.publish(draft) if draft else releases.rollback(releases.list_releases()[0].id)
    releases.verify(release)


DIES_AT = """
import os, signal, sys
from data_access.publishing import drafts, summaries
from data_access.store import engines, releases

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

write = releases.write_atomically
def dying_write(path, text):
    if path.name.startswith(sys.argv[2]):
        die()
    write(path, text)

step = sys.argv[1]
if step == "summaries": summaries._store = die
elif step == "writing": drafts.write_atomically = releases.write_atomically = dying_write
elif step == "renaming":
    real = os.replace
    os.replace = lambda a, b: die() if str(b).endswith(sys.argv[2]) else real(a, b)
drafts.publish(drafts.draft_in_progress())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a signal of POSIX systems")
@pytest.mark.parametrize(
    ("step", "what"),
    [
        ("summaries", ""),
        ("writing", "r"),
        pytest.param("renaming", ".duckdb", marks=pytest.mark.duckdb_files),
        ("renaming", "current.json"),
    ],
)
def test_kill_9_at_any_step_leaves_the_old_release_served(step: str, what: str, first: Release) -> None:
    draft = drafts.open_draft()
    draft.upsert("reported_value", small.reported(2.0)["reported_value"], "c.csv")
    done = subprocess.run([sys.executable, "-c", DIES_AT, step, what], cwd=ROOT, env=dict(os.environ), timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL
    assert (releases.current_release(), seen()) == (first, 1.0)
    releases.verify(first)
    finish_what_was_begun()
    assert seen() == 2.0


FULL_DISK = """
import resource
from data_access.publishing import drafts
from data_access.store import releases
draft = drafts.draft_in_progress()
resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, 64 * 1024))
try:
    drafts.publish(draft)
except releases.ReleaseError as error:
    print(error)
"""


@pytest.mark.duckdb_files
@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are set by POSIX systems")
def test_a_real_limit_on_file_sizes_refuses_in_words(first: Release) -> None:
    """The engine itself cannot write any more: the nearest thing to a full disk that a test may cause."""
    draft = drafts.open_draft()
    draft.upsert("reported_value", small.reported(2.0)["reported_value"], "c.csv")
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK],
        cwd=ROOT,
        env=dict(os.environ),
        timeout=120,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Nothing was published" in done.stdout, done.stderr
    assert (releases.current_release(), seen()) == (first, 1.0)
    finish_what_was_begun()
    assert seen() == 2.0


@pytest.mark.duckdb_files
def test_readers_of_other_processes_see_whole_releases_throughout(first: Release, empty_home: Path) -> None:
    """A reader that opened a release keeps it while others are published, and a file is never locked for readers."""
    path = empty_home / "releases" / f"{first.id}.duckdb"
    reading = (
        "import duckdb, sys; print(duckdb.connect(sys.argv[1], read_only=True).sql('select sum(value) from reported_value'))"
    )
    with releases.reader(first.id).connect() as connection:
        for n in (2.0, 3.0):
            small.publish(small.reported(n))
            assert connection.exec_driver_sql("select sum(value) from reported_value").scalar_one() == 6.0
        other = subprocess.run([sys.executable, "-c", reading, str(path)], capture_output=True, text=True, check=True)
    assert "6.0" in other.stdout
    assert seen() == 3.0


def test_a_bad_load_leaves_draft_and_release_as_they_were(first: Release) -> None:
    draft = drafts.open_draft()
    with pytest.raises((sa.exc.DBAPIError, duckdb.Error, ValueError, TypeError)):
        draft.upsert("reported_value", small.reported(2.0)["reported_value"].assign(value="many"), "bad.csv")
    assert draft.read("reported_value")["value"].tolist() == [1.0] * 6
    assert json.dumps(draft.log) == "[]"
    assert seen() == 1.0
