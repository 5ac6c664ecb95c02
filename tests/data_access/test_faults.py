"""Faults under readers: a damaged release, a pointer that cannot be read, a database that is gone for a while; backups and their way back."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from data_access import health
from data_access.contract.errors import ReleaseError, StoreError
from data_access.contract.settings import home
from data_access.publishing import backup, drafts
from data_access.questions.query import forget, query
from data_access.saved import stories
from data_access.store import engines, releases
from data_access.store.engines import PostgresStore
from data_access.store.releases import Release
from data_access.who import audit
from tests.data_access import small
from tests.reliability import kills

ROOT = Path(__file__).parents[2]
ON_FILES = pytest.mark.duckdb_files


@pytest.fixture
def two(empty_home: Path) -> tuple[Release, Release]:
    """Two releases, 1 and 2 baht a province; readers see the second."""
    return small.publish(small.reported(1.0), note="first"), small.publish(small.reported(2.0), note="second")


def seen() -> float:
    served, _damaged = releases.served_release()
    assert served is not None
    return query("pao.budget", release=served.id).iloc[0]["value"] / len(small.PROVINCES)


def damage(release: Release) -> None:
    """Turn one byte in the middle of a release's file, as a failing disk does."""
    path = home() / "releases" / f"{release.id}.duckdb"
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


@ON_FILES
def test_a_damaged_release_is_noticed_and_the_one_before_served(two: tuple[Release, Release]) -> None:
    first, second = two
    whole = (home() / "releases" / f"{second.id}.duckdb").read_bytes()
    assert (seen(), releases.served_release()[1]) == (2.0, "")
    damage(second)
    assert releases.served_release() == (first, second.id)
    assert seen() == 1.0
    assert backup.verify_home()["damaged"] == [second.id]
    (home() / "releases" / f"{second.id}.duckdb").write_bytes(whole)
    assert (seen(), releases.served_release()[1]) == (2.0, "")


@ON_FILES
def test_a_release_whose_file_is_gone_is_stood_in_for(two: tuple[Release, Release]) -> None:
    (home() / "releases" / f"{two[1].id}.duckdb").unlink()
    assert releases.served_release() == (two[0], two[1].id)


@pytest.mark.parametrize("text", ["", "{", '{"release": 5}', '{"release": "r20200101-000000"}', "null"])
def test_a_pointer_that_cannot_be_read_serves_the_newest_whole_release(two: tuple[Release, Release], text: str) -> None:
    (home() / "current.json").write_text(text, encoding="utf-8")
    served, damaged = releases.served_release()
    assert (served, bool(damaged)) == (two[1], True)
    releases.rollback(two[0].id)  # a steward can mend it
    assert releases.served_release() == (two[0], "")


@ON_FILES
def test_when_nothing_is_whole_it_is_said_instead_of_shown(two: tuple[Release, Release]) -> None:
    damage(two[0])
    damage(two[1])
    with pytest.raises(ReleaseError, match="is damaged"):
        releases.served_release()
    assert not health.ready()


@contextmanager
def gone(release: Release) -> Iterator[None]:
    """The database is not there for the length of a block."""
    found = releases.store()
    if isinstance(found, PostgresStore):
        name = found.root.url.database
        url = found.root.url.set(database="postgres")
        admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            kill = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
            connection.exec_driver_sql(kill)
            try:
                yield
            finally:
                connection.exec_driver_sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        admin.dispose()
        return
    path = home() / "releases" / f"{release.id}.duckdb"
    releases.reader(release.id).dispose()
    away = path.with_suffix(".away")
    os.replace(path, away)
    try:
        yield
    finally:
        os.replace(away, path)


def test_a_database_that_is_gone_is_told_and_comes_back_without_a_restart(two: tuple[Release, Release]) -> None:
    release = two[1]
    remembered = query("pao.budget", release=release.id)
    with gone(release):
        assert query("pao.budget", release=release.id).equals(remembered)  # the last good figures
        with pytest.raises(StoreError, match="does not answer"):
            query("pao.budget", by=("region4",), release=release.id)
    assert len(query("pao.budget", by=("region4",), release=release.id)) > 1
    forget()
    assert query("pao.budget", release=release.id).equals(remembered)


def test_a_database_that_is_too_slow_is_told_in_time(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "SLOWEST_ANSWER", 1)
    engine = PostgresStore(postgres).reader("rslow")
    with engine.connect() as connection, pytest.raises(StoreError, match="does not answer"):
        connection.exec_driver_sql("SELECT pg_sleep(20)")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1
    engine.dispose()


def test_a_clock_that_was_put_back_does_not_put_releases_out_of_order(
    two: tuple[Release, Release], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Earlier(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            return dt.datetime.now(tz) - dt.timedelta(days=400)

    monkeypatch.setattr(drafts, "dt", SimpleNamespace(datetime=Earlier, date=dt.date))
    third, fourth = small.publish(small.reported(3.0)), small.publish(small.reported(4.0))
    assert [r.id for r in releases.list_releases()] == [fourth.id, third.id, two[1].id, two[0].id]
    assert seen() == 4.0


def test_a_wrong_statement_is_not_told_as_a_database_that_is_gone(two: tuple[Release, Release]) -> None:
    with releases.reader(two[1].id).connect() as connection, pytest.raises(sa.exc.SQLAlchemyError):
        connection.exec_driver_sql("SELECT no_such_column FROM province")


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a signal of POSIX systems")
@ON_FILES
def test_kill_9_at_random_points_leaves_readers_a_whole_release(empty_home: Path) -> None:
    """A few of the points that `python -m tests.reliability` tries."""
    assert kills.run(15)["killed"] == 15


# ---- backups ----------------------------------------------------------------------------------------------------------------
@pytest.fixture
def kept(two: tuple[Release, Release], tmp_path: Path) -> Path:
    """A backup of a data directory with two releases, the older one current, and a story."""
    stories.create("For the meeting")
    releases.rollback(two[0].id)
    backup.backup(tmp_path / "kept.zip")
    return tmp_path / "kept.zip"


def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path / "elsewhere"))
    forget()


@ON_FILES
def test_a_backup_brings_everything_back(
    two: tuple[Release, Release], kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = [e.link for e in audit.entries()]
    elsewhere(tmp_path, monkeypatch)
    assert backup.restore(kept)["releases"] == 2
    assert [r.id for r in releases.list_releases()] == [two[1].id, two[0].id]
    assert seen() == 1.0  # the pointer is where it was
    assert [s.title for s in stories.saved().values()] == ["For the meeting"]
    assert backup.verify_home()["ok"]
    assert [e.link for e in audit.entries()][: len(log)] == log
    assert audit.entries()[-1].action == "restored"
    with pytest.raises(ReleaseError, match="empty one"):
        backup.restore(kept)


@ON_FILES
def test_a_backup_of_files_is_restored_into_postgresql(
    two: tuple[Release, Release], kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: str
) -> None:
    asked = [query("pao.budget", by=("province",), release=r.id) for r in two]
    elsewhere(tmp_path, monkeypatch)
    monkeypatch.setenv("SAMOEPHAK_DATABASE_URL", postgres)
    backup.restore(kept)
    assert isinstance(releases.store(), PostgresStore)
    columns = ["province", "period", "value", "state"]
    for release, before in zip(two, asked, strict=True):
        now = query("pao.budget", by=("province",), release=release.id)
        assert now[columns].equals(before[columns])
    assert backup.verify_home()["ok"]


@pytest.mark.parametrize("what", ["cut", "byte", "member", "path", "text"])
def test_a_damaged_backup_is_refused_and_changes_nothing(
    kept: Path, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = kept.read_bytes()
    if what == "cut":
        kept.write_bytes(content[: len(content) // 2])
    elif what == "byte":
        at = content.index(b"PAR1")
        kept.write_bytes(content[: at + 40] + bytes([content[at + 40] ^ 1]) + content[at + 41 :])
    elif what == "text":
        kept.write_text("no backup", encoding="utf-8")
    else:
        with zipfile.ZipFile(kept, "a") as archive:
            archive.writestr("documents/../../outside.txt" if what == "path" else "releases/x/pupil_grant.parquet", b"x")
    elsewhere(tmp_path, monkeypatch)
    for act in (backup.verify, backup.restore):
        with pytest.raises(ReleaseError, match="no whole backup"):
            act(kept)
    assert releases.list_releases() == []
    assert not (tmp_path / "outside.txt").exists()


def test_a_manifest_that_leads_outside_the_data_directory_is_refused(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even one whose digests fit: somebody made it."""
    import hashlib

    with zipfile.ZipFile(kept) as old:
        manifest, members = json.loads(old.read("manifest.json")), {n: old.read(n) for n in old.namelist()}
    members["documents/../../outside.txt"] = b"x"
    manifest["members"]["documents/../../outside.txt"] = hashlib.sha256(b"x").hexdigest()
    with zipfile.ZipFile(kept, "w") as new:
        for name, content in members.items():
            new.writestr(name, json.dumps(manifest) if name == "manifest.json" else content)
    elsewhere(tmp_path, monkeypatch)
    with pytest.raises(ReleaseError):
        backup.restore(kept)
    assert not (tmp_path / "outside.txt").exists()
    assert releases.current_release() is None


@ON_FILES
def test_a_backup_leaves_out_what_is_damaged_says_so_and_holds_the_rest(two: tuple[Release, Release], tmp_path: Path) -> None:
    damage(two[0])
    assert backup.backup(tmp_path / "a.zip")["damaged"] == [two[0].id]
    assert backup.verify(tmp_path / "a.zip")["releases"] == 1
    (tmp_path / "a.zip").unlink()
    damage(two[1])
    with pytest.raises(ReleaseError, match="is damaged"):
        backup.backup(tmp_path / "b.zip")
    assert list(tmp_path.glob("*.zip")) == list(tmp_path.glob(".*.part")) == []


@ON_FILES
def test_a_disk_that_can_only_be_read_still_serves(two: tuple[Release, Release], monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_args: object, **_more: object) -> None:
        raise OSError(30, "Read-only file system")

    forget()
    for name in ("write_text", "write_bytes", "mkdir", "unlink"):
        monkeypatch.setattr(Path, name, refused if name != "mkdir" else lambda self, **_more: None)
    assert seen() == 2.0


@pytest.mark.parametrize("together", [False, True])
def test_a_log_that_cannot_be_written_leaves_no_rows_in_the_draft(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch, together: bool
) -> None:
    draft, rows = drafts.open_draft(), small.reported(1.0)["reported_value"]

    def full(path: Path, _text: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(drafts, "write_atomically", full)
    with pytest.raises(OSError, match="No space"):
        draft.replace_together([("reported_value", rows, [])], "t.csv") if together else draft.upsert(
            "reported_value", rows, "t.csv"
        )
    assert (draft.version, draft.count("reported_value")) == (0, 0)


def test_rows_that_cannot_be_written_leave_no_line_in_the_log(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, rows = drafts.open_draft(), small.reported(1.0)["reported_value"]
    draft.upsert("reported_value", rows, "t.csv")
    before = draft.log

    def refused(*_: object) -> None:
        raise StoreError("no")

    monkeypatch.setattr(drafts, "replace_together", refused)
    with pytest.raises(StoreError):
        draft.replace_together([("reported_value", rows, [])], "t.csv")
    assert draft.log == before
