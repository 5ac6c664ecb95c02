"""Releases: complete, immutable, dated sets of tables, published by one atomic switch.

On DuckDB a release is one file that is never written to once published (readers open it read-only); on PostgreSQL it is one
schema. On both, `current.json` names the release that readers see, and a JSON file beside it describes each release. A draft is a file or schema of its own, so a
crash, a full disk or a bad file leaves the published release untouched.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa
from filelock import FileLock, Timeout

from data_access import audit, schema
from data_access.access import OPERATOR, STEWARD, Person
from data_access.engines import DuckdbStore, PostgresStore, Store, read_frame, replace_together
from data_access.errors import ReleaseError, UsageError
from data_access.keys import fingerprint, keys
from data_access.settings import home, settings
from data_access.staging import Staged
from i18n import N_


@dataclass(frozen=True)
class Release:
    """What every screen and export says of the data it shows. `as_of` and `published_at` are ISO dates (CE)."""

    id: str
    as_of: str
    published_at: str
    note: str
    demo: bool
    sources: tuple[str, ...]
    row_counts: dict[str, int]
    checksum: str = ""
    parent: str | None = None
    changes: tuple[str, ...] = field(default=())
    key: str = ""  # which keys its pseudonyms are under (`data_access.keys.fingerprint`); empty without rows of persons


DRAWN = "cache"
STAMP = len("r20260101-000000")


def write_atomically(path: Path, text: str) -> None:
    """Write, flush to disk, then rename over: a reader sees the old text or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("w", encoding="utf-8") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ReleaseError(N_("The file {name} of the data directory is damaged"), name=path.name) from error


@lru_cache(maxsize=8)
def _store(url: str | None, folder: str) -> Store:
    return PostgresStore(url) if url else DuckdbStore(Path(folder))


def store() -> Store:
    """The store that the settings name: DuckDB files under home, or PostgreSQL."""
    return _store(settings().database_url, str(home()))


# ---- manifests and the pointer --------------------------------------------------------------------------------------
def _manifest_path(release_id: str) -> Path:
    return home() / "releases" / f"{release_id}.json"


def _read_release(path: Path) -> Release:
    return _parsed_release(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _parsed_release(path: Path, _changed: int) -> Release:
    data = _read_json(path)
    return Release(**{**data, "sources": tuple(data["sources"]), "changes": tuple(data.get("changes", ()))})


def list_releases() -> list[Release]:
    """Every published release, newest first; a description left behind by a publication that failed does not count."""
    stored = store().release_ids()
    return [
        _read_release(p)
        for p in sorted((home() / "releases").glob("*.json"), key=lambda p: p.stem, reverse=True)
        if p.stem in stored
    ]


def get_release(release_id: str) -> Release:
    """One release by id; raises ReleaseError when there is none."""
    path = _manifest_path(release_id)
    if not path.is_file():
        raise ReleaseError(N_("There is no release {id}"), id=release_id)
    return _read_release(path)


def current_release() -> Release | None:
    """The release that readers see, or None before the first publication."""
    pointer = home() / "current.json"
    if not pointer.is_file():
        return None
    return get_release(_pointed_at(_read_json(pointer)))


def served_release() -> tuple[Release | None, str]:
    """The release that readers are served, and the id of the current one when it is damaged and an earlier one stands in for it.

    The file of a release is checked against its checksum once a process, and again when it changes on disk.
    """
    try:
        found = current_release()
    except ReleaseError:  # the pointer or its description is damaged
        found, named = None, _pointer_words()
    else:
        if found is None or _is_whole(found.id, found.checksum, store().stamp(found.id)):
            return found, ""
        named = found.id
    others = [r for r in list_releases() if r.id != named and (found is None or r.demo == found.demo)]
    for other in others:
        if _is_whole(other.id, other.checksum, store().stamp(other.id)):
            return other, named
    raise ReleaseError(N_("Release {id} is damaged: its checksum does not match"), id=named)


def served_now() -> str:
    """The id of the release that readers are served; empty before the first publication, or when none is whole."""
    try:
        found, _damaged = served_release()
    except ReleaseError:
        return ""
    return found.id if found else ""


def _pointer_words() -> str:
    try:
        return _pointed_at(_read_json(home() / "current.json"))
    except ReleaseError:
        return "current.json"


@lru_cache(maxsize=64)
def _is_whole(release_id: str, checksum: str, stamp: str) -> bool:
    if not stamp and isinstance(store(), PostgresStore):
        return True
    try:
        return store().checksum(release_id) == checksum
    except (ReleaseError, OSError):
        return False


def _pointed_at(content: Any) -> str:
    found = content.get("release") if isinstance(content, dict) else None
    if not isinstance(found, str):
        raise ReleaseError(N_("The file {name} of the data directory is damaged"), name="current.json")
    return found


def require_release(release_id: str | None = None) -> Release:
    """The named release, or the current one; raises ReleaseError when nothing is published."""
    found = get_release(release_id) if release_id else current_release()
    if found is None:
        raise ReleaseError(N_("No data has been published yet"))
    return found


def _point_to(release_id: str) -> None:
    write_atomically(home() / "current.json", json.dumps({"release": release_id}))


def rollback(release_id: str, by: Person = OPERATOR) -> Release:
    """Make an old release the current one again; newer ones stay. Raises RoleError when `by` is no data steward."""
    by.require(STEWARD)
    release, before = get_release(release_id), served_now()
    verify(release)
    _point_to(release_id)
    audit.record(by, "rolled_back", release_id, before=before, after=release_id)
    return release


def reader(release_id: str) -> sa.Engine:
    """A read-only engine on one release."""
    return store().reader(release_id)


def verify(release: Release) -> None:
    """Raise ReleaseError when the stored release no longer matches its checksum."""
    if store().checksum(release.id) != release.checksum:
        raise ReleaseError(N_("Release {id} is damaged: its checksum does not match"), id=release.id)


def read_table(release_id: str, name: str) -> pd.DataFrame:
    """A whole contract table of a release; what a release of an older contract has not is empty."""
    table = schema.TABLES[name]
    with reader(release_id).connect() as connection:
        inspector = sa.inspect(connection)
        there = {c["name"] for c in inspector.get_columns(name)} if inspector.has_table(name) else set()
        known = [c for c in table.columns if c.name in there]
        frame = read_frame(connection, sa.select(*known)) if known else pd.DataFrame()
    return frame.reindex(columns=[c.name for c in table.columns])


# ---- drafts ---------------------------------------------------------------------------------------------------------
class Draft:
    """A set of tables under change, in a file or schema of its own. Nothing a reader sees until `publish`."""

    def __init__(self, draft_id: str, engine: sa.Engine) -> None:
        self.id, self.engine = draft_id, engine

    @property
    def log_path(self) -> Path:
        return home() / "drafts" / f"{self.id}.log.json"

    @property
    def log(self) -> list[dict[str, Any]]:
        """What has been loaded: table, rows, source, time."""
        return _read_json(self.log_path) if self.log_path.is_file() else []

    def read(self, name: str) -> pd.DataFrame:
        """A whole table of the draft."""
        with self.engine.connect() as connection:
            return read_frame(connection, sa.select(schema.TABLES[name]))

    def count(self, name: str) -> int:
        """Rows of a table of the draft."""
        return self.counts(name)[name]

    def counts(self, *names: str) -> dict[str, int]:
        """Rows of each table of the draft; of all tables when none is named."""
        with self.engine.connect() as connection:
            return {
                name: connection.execute(sa.select(sa.func.count()).select_from(schema.TABLES[name])).scalar_one()
                for name in names or schema.TABLES
            }

    def upsert(self, name: str, frame: pd.DataFrame, source: str) -> int:
        """Rows with a known primary key replace the old ones, others are added; returns the rows written."""
        keys = [c.name for c in schema.TABLES[name].primary_key.columns]
        return self.replace_slice(name, frame, keys, source)

    def replace_slice(self, name: str, frame: pd.DataFrame, by: list[str], source: str) -> int:
        """Delete the rows whose `by` columns match any row of `frame`, then add `frame`: one transaction."""
        rows = conform(name, frame)
        if rows.duplicated([c.name for c in schema.TABLES[name].primary_key.columns]).any():
            raise ReleaseError(N_("Rows of {table} repeat a key; nothing was written"), table=name)
        store().replace_rows(self.engine, schema.TABLES[name], rows, by)
        self._note(name, len(frame), source)
        return len(frame)

    def replace_together(self, parts: list[tuple[str, pd.DataFrame, list[str]]], source: str) -> None:
        """`replace_slice` for several tables (name, frame, by) in one transaction: all of them, or none."""
        replace_together(self.engine, [(schema.TABLES[name], conform(name, frame), by) for name, frame, by in parts])
        for name, frame, _ in parts:
            self._note(name, len(frame), source)

    def replace_staged(self, rows: Staged, source: str) -> int:
        """Staged rows in place of those with the same keys, or beside them: one transaction; returns the rows written."""
        rows.replace_in(self.engine)
        written = rows.count()
        self._note(rows.contract.name, written, source)
        return written

    def _note(self, name: str, rows: int, source: str) -> None:
        entry = {"table": name, "rows": rows, "source": source, "at": dt.datetime.now().isoformat(timespec="seconds")}
        write_atomically(self.log_path, json.dumps([*self.log, entry], ensure_ascii=False))

    def remark(self, accepted: dict[str, str]) -> None:
        """Add to the last load of the log the reasons with which its warnings were accepted (code -> reason)."""
        if accepted and self.log:
            *earlier, last = self.log
            write_atomically(self.log_path, json.dumps([*earlier, {**last, "accepted": accepted}], ensure_ascii=False))

    def discard(self, by: Person = OPERATOR) -> None:
        """Throw the draft away; raises RoleError when `by` is no data steward."""
        by.require(STEWARD)
        held = len(self.log)
        store().drop_draft(self.id)
        self.log_path.unlink(missing_ok=True)
        audit.record(by, "discarded", before=f"{self.id}: {held} loads")


def conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The columns of a contract table, in its order; missing optional ones empty."""
    columns = [c.name for c in schema.TABLES[name].columns]
    return frame.reindex(columns=columns)


def open_draft(copy_current: bool = True) -> Draft:
    """The draft in progress; when there is none, a new one that starts from the current release (or empty).

    Args:
        copy_current: start from the current release unless it is demonstration data; demonstration and real data never mix.
    """
    if (found := draft_in_progress()) is not None:
        return found
    draft = new_draft(served_release()[0] if copy_current else None)
    write_atomically(_marker(), json.dumps({"draft": draft.id}))
    return draft


def _marker() -> Path:
    return home() / "drafts" / "open.json"


def draft_in_progress() -> Draft | None:
    """The open draft, if there is one."""
    if not _marker().is_file():
        return None
    draft_id = _read_json(_marker())["draft"]
    return Draft(draft_id, store().draft(draft_id)) if store().has_draft(draft_id) else None


def new_draft(base: Release | None) -> Draft:
    """A fresh draft: a copy of `base` when it holds real data, else empty tables with the reference places."""
    draft_id = f"d{dt.datetime.now():%Y%m%d%H%M%S}{secrets.token_hex(2)}"
    copied = base.id if base and not base.demo else None
    store().create_draft(draft_id, copied)
    draft = Draft(draft_id, store().draft(draft_id))
    if copied is None:
        _fill_reference(draft)
    return draft


def _fill_reference(draft: Draft) -> None:
    from data_access.reference import reference_tables

    for name, frame in reference_tables().items():
        store().replace_rows(draft.engine, schema.TABLES[name], conform(name, frame), [])


def publish(draft: Draft, as_of: dt.date | None = None, note: str = "", demo: bool = False, by: Person = OPERATOR) -> Release:
    """Compute the summaries, seal the draft as a release and switch every reader to it at once.

    Whatever fails before the last step leaves readers with the release that they have: up to sealing the draft stays as it is
    and can be published again; a sealed release to which nothing points yet is listed, and `rollback` switches to it.

    Raises:
        ReleaseError: the disk or the database refused, or somebody else is publishing; nothing changed for readers.
        RoleError: `by` is no data steward.
    """
    by.require(STEWARD)
    lock, before = FileLock(home() / "publish.lock", timeout=0), served_now()
    try:
        with lock:
            release = _published(draft, as_of or dt.date.today(), note, demo)
    except Timeout as error:
        raise ReleaseError(N_("Somebody else is publishing at this moment; look again in a minute")) from error
    audit.record(
        by, "published", release.id, before=before, after=", ".join(sorted({c.partition(":")[0] for c in release.changes}))
    )
    return release


def _published(draft: Draft, as_of: dt.date, note: str, demo: bool) -> Release:
    try:
        if not store().has_draft(draft.id):
            raise ReleaseError(N_("The draft is no longer there: somebody else has published or discarded it"))
        release = _sealed(draft, as_of, note, demo)
        _point_to(release.id)
    except (OSError, sa.exc.DBAPIError) as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        raise ReleaseError(
            N_("Nothing was published; readers still see what they saw. The cause: {reason}"), reason=reason
        ) from error
    draft.log_path.unlink(missing_ok=True)
    if _marker().is_file() and _read_json(_marker())["draft"] == draft.id:
        _marker().unlink()
    return release


def _sealed(draft: Draft, as_of: dt.date, note: str, demo: bool) -> Release:
    """The draft as a release that nothing points to yet: its description is written before the draft is gone."""
    from data_access.summaries import build_summaries

    build_summaries(draft.engine)
    parent, log = served_now(), draft.log
    release = Release(
        id=_next_id(),
        as_of=as_of.isoformat(),
        note=note,
        demo=demo,
        row_counts=draft.counts(),
        published_at=dt.datetime.now().isoformat(timespec="seconds"),
        checksum=store().finish(draft.id),
        sources=tuple(dict.fromkeys(entry["source"] for entry in log)),
        parent=parent or None,
        changes=tuple(_change(entry) for entry in log),
        key=fingerprint(keys()) if not demo and _holds_persons(draft) else "",
    )
    write_atomically(_manifest_path(release.id), json.dumps(asdict(release), ensure_ascii=False, indent=1))
    store().seal(draft.id, release.id)
    return release


def _holds_persons(draft: Draft) -> bool:
    persons = [name for name, table in schema.TABLES.items() if table.info["person"]]
    return any(draft.counts(*persons).values())


def drawn_folder(release_id: str) -> Path:
    """Where pages that show a release are kept as they were drawn (`ui.drawn`)."""
    return home() / DRAWN / release_id


def delete(release_id: str) -> None:
    """Delete a release for good, its description last; the caller sees to it that nobody is served it."""
    assert release_id != served_now()
    shutil.rmtree(drawn_folder(release_id), ignore_errors=True)
    store().drop_release(release_id)
    _manifest_path(release_id).unlink(missing_ok=True)


def _change(entry: dict[str, Any]) -> str:
    reasons = "; ".join(f"{code}: {reason}" for code, reason in entry.get("accepted", {}).items())
    return f"{entry['table']}: {entry['rows']}" + (f" ({reasons})" if reasons else "")


def _next_id() -> str:
    """An id that sorts behind all others: the second, and a number when that second has one already, or the clock was put back."""
    newest = max((r.id for r in list_releases()), default="")
    stamp = max(f"r{dt.datetime.now():%Y%m%d-%H%M%S}", newest[:STAMP])
    ids = (stamp, *(f"{stamp}-{number:02}" for number in range(2, 100)))
    return next(i for i in ids if not _manifest_path(i).exists() and not store().has_release(i))


# ---- differences ------------------------------------------------------------------------------------------------------
def diff(old_id: str, new_id: str, indicators: Iterable[str] = ()) -> dict[str, pd.DataFrame]:
    """What changed between two releases.

    Returns:
        `tables`: one row a table with rows before/after and rows added, removed and changed;
        `indicators`: one row an indicator with the national value before/after, for those that both can compute.
    """
    return {
        "tables": _table_changes(get_release(old_id), get_release(new_id)),
        "indicators": _indicator_changes(old_id, new_id, indicators),
    }


def _table_changes(old: Release, new: Release) -> pd.DataFrame:
    rows = []
    for name in schema.TABLES:
        before, after = read_table(old.id, name), read_table(new.id, name)
        added, removed, changed = _row_changes(before, after, [c.name for c in schema.TABLES[name].primary_key.columns])
        counts = {"rows_before": len(before), "rows_after": len(after), "added": added, "removed": removed, "changed": changed}
        rows.append({"table": name, **counts})
    return pd.DataFrame(rows)


def _row_changes(before: pd.DataFrame, after: pd.DataFrame, keys: list[str]) -> tuple[int, int, int]:
    """Rows added, removed and changed, by key."""
    if before.empty or after.empty:  # pandas cannot merge two empty frames of Arrow text
        return len(after), len(before), 0
    merged = before.merge(after, on=keys, how="outer", indicator=True, suffixes=("_old", "_new"))
    both = merged[merged["_merge"] == "both"]
    changed = pd.Series(False, index=both.index)
    for column in (c for c in before.columns if c not in keys):
        left, right = both[f"{column}_old"], both[f"{column}_new"]
        differs = (left != right).astype("boolean").fillna(True).astype(bool)  # a value beside a missing one differs
        changed |= differs & ~(left.isna() & right.isna())
    return int((merged["_merge"] == "right_only").sum()), int((merged["_merge"] == "left_only").sum()), int(changed.sum())


def _national(indicator: str, release_id: str) -> dict[str, Any] | None:
    """The one cell for the whole country; `not_collected` where the release keeps nothing of the indicator, None where it has no
    value for the whole country (the size of a pilot set, say)."""
    from data_access.query import query

    try:
        frame = query(indicator, release=release_id)
    except UsageError:
        return None
    return dict(frame.iloc[0]) if len(frame) else {"value": float("nan"), "state": "not_collected", "period": ""}


def _indicator_changes(old_id: str, new_id: str, indicators: Iterable[str]) -> pd.DataFrame:
    from data_access.indicators import REGISTRY

    rows = []
    for indicator in indicators or [i for i, x in REGISTRY.items() if not x.each]:
        before, after = (_national(indicator, r) for r in (old_id, new_id))
        if before is None or after is None:
            continue
        rows.append(
            {
                "indicator": indicator,
                "before": before["value"],
                "before_state": before["state"],
                "before_period": before["period"],
                "after": after["value"],
                "after_state": after["state"],
                "after_period": after["period"],
            }
        )
    frame = pd.DataFrame(rows)
    frame["difference"] = (frame["after"] - frame["before"]).where(frame["before_period"] == frame["after_period"])
    return frame
