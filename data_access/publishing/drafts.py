"""Drafts: sets of tables under change, that nobody sees until one is published by one atomic switch.

A draft is a file or schema of its own, so a crash, a full disk or a bad file leaves the published release untouched.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa
from filelock import FileLock, Timeout

from data_access.contract import schema
from data_access.contract.errors import TOLD, ReleaseError, StoreError, told
from data_access.contract.national_ids import masked
from data_access.contract.omissions import omission
from data_access.contract.settings import home
from data_access.publishing.staging import Staged
from data_access.store.engines import LONGEST_WAIT, read_frame, replace_together
from data_access.store.releases import (
    Load,
    Release,
    described,
    described_ids,
    manifest_path,
    named_in,
    point_to,
    read_json,
    reader,
    served_now,
    served_release,
    store,
    write_atomically,
)
from data_access.who import audit
from data_access.who.access import OPERATOR, STEWARD, Person
from data_access.who.keys import fingerprint, keys
from i18n import N_

Answers = Mapping[str, Any]
"""What a load was and what somebody answered for it: `kinds` (kind -> its periods), `accepted` (code of a warning -> reason), `typed` (how many fields), `values` (field -> text for all
rows), `names` (name in the file -> code of the place), `left_out` (each an `Omission`), `missing` (`choice`, and what `MissingRows` tells), `sums` (period -> sum of the values loaded
beside what was left out)."""
STAMP = len("r20260101-000000")


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
        return read_json(self.log_path, list[dict[str, Any]]) if self.log_path.exists() else []

    @property
    def version(self) -> int:
        """How often tables of the draft were written: another number is another content."""
        return len(self.log)

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

    def upsert(self, name: str, frame: pd.DataFrame, source: str, answers: Answers | None = None) -> int:
        """Rows with a known primary key replace the old ones, others are added; returns the rows written."""
        keys = [c.name for c in schema.TABLES[name].primary_key.columns]
        return self.replace_slice(name, frame, keys, source, answers)

    def replace_slice(self, name: str, frame: pd.DataFrame, by: list[str], source: str, answers: Answers | None = None) -> int:
        """Delete the rows whose `by` columns match any row of `frame`, then add `frame`: one transaction."""
        rows = conform(name, frame)
        if rows.duplicated([c.name for c in schema.TABLES[name].primary_key.columns]).any():
            raise ReleaseError(N_("Rows of {table} repeat a key; nothing was written"), table=name)
        with alone(), self._noted({name: len(frame)}, source, answers):
            store().replace_rows(self.engine, schema.TABLES[name], rows, by)
        return len(frame)

    def replace_together(
        self, parts: list[tuple[str, pd.DataFrame, list[str]]], source: str, answers: Answers | None = None
    ) -> None:
        """`replace_slice` for several tables (name, frame, by) in one transaction: all of them, or none.

        Args:
            answers: what somebody answered for this load; without it no load ends here, and a later write may belong to the same.
        """
        rows = [(schema.TABLES[name], conform(name, frame), by) for name, frame, by in parts]
        with alone(), self._noted({name: len(frame) for name, frame, _ in parts}, source, answers):
            replace_together(self.engine, rows)

    def remove(self, name: str, where: dict[str, str], source: str) -> None:
        """Delete the rows whose columns have these values: one transaction."""
        table = schema.TABLES[name]
        with alone(), self._noted({name: 0}, source, None), self.engine.begin() as connection:
            connection.execute(sa.delete(table).where(*(table.c[k] == v for k, v in where.items())))

    def replace_staged(self, rows: Staged, source: str, answers: Answers | None = None, by: list[str] | None = None) -> int:
        """Staged rows in place of those with the same keys (or the same `by`), or beside them: one transaction; returns the rows written."""
        written = rows.count()
        with alone(), self._noted({rows.contract.name: written}, source, answers):
            rows.replace_in(self.engine, by)
        return written

    @contextmanager
    def _noted(self, rows: dict[str, int], source: str, answers: Answers | None) -> Iterator[None]:
        """Rows are written within: the log tells of them first, so that there are never rows in the draft of which no version tells."""
        before = self.log
        at = dt.datetime.now().isoformat(timespec="seconds")
        entries: list[dict[str, Any]] = [{"table": name, "rows": n, "source": source, "at": at} for name, n in rows.items()]
        if answers is not None:
            entries = [{**entry, "kinds": answers["kinds"]} for entry in entries] if "kinds" in answers else entries
            entries[-1] |= {what: said for what, said in answers.items() if said or what == "typed"}
        self._keep([*before, *entries])
        try:
            yield
        except BaseException:
            with suppress(OSError):  # what the log says more is another version, which nobody has seen
                self._keep(before)
            raise

    def _keep(self, log: list[dict[str, Any]]) -> None:
        write_atomically(self.log_path, json.dumps(log, ensure_ascii=False))

    def discard(self, by: Person = OPERATOR) -> None:
        """Throw the draft away; raises RoleError when `by` is no data steward."""
        by.require(STEWARD)
        held = len(self.log)
        store().drop_draft(self.id)
        self.log_path.unlink(missing_ok=True)
        audit.record(by, "discarded", before=f"{self.id}: {held} loads")


def _lock(timeout: float) -> FileLock:
    return FileLock(home() / "publish.lock", timeout=timeout)


@contextmanager
def alone(timeout: float | None = None) -> Iterator[None]:
    """One load, publication or preview at a time, in whichever process: summaries are those of the rows that they are published with.

    Raises:
        ReleaseError: another one is at work, for longer than `timeout` (seconds; without it, `LONGEST_WAIT`).
    """
    lock = _lock(LONGEST_WAIT if timeout is None else timeout)
    try:
        lock.acquire()
    except Timeout as error:
        raise ReleaseError(N_("Somebody else is loading or publishing at this moment; look again in a minute")) from error
    try:
        yield
    finally:
        lock.release()


def busy() -> bool:
    """Whether somebody is loading into the draft or publishing it at this moment, in whichever process."""
    try:
        with _lock(0):
            return False
    except Timeout:
        return True
    except OSError:  # a disk that can only be read: nobody writes
        return False


def conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The columns of a contract table, in its order; missing optional ones empty, and no national ID in words that people wrote."""
    columns = schema.TABLES[name].columns
    out = frame.reindex(columns=[c.name for c in columns])
    for column in filter(schema.free_text, columns):
        texts = (text for text in out[column.name].dropna().unique() if isinstance(text, str))
        if hidden := {text: clean for text in texts if (clean := masked(text)) != text}:
            out[column.name] = out[column.name].replace(hidden)
    return out


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
    if not _marker().exists():
        return None
    draft_id = named_in(_marker(), "draft")
    return Draft(draft_id, store().draft(draft_id)) if store().has_draft(draft_id) else None


def source_of(draft: Draft | None = None) -> sa.Engine | None:
    """What a load would change rows of: the draft, else the release that a new draft begins from; None where that is empty."""
    found = draft or draft_in_progress()
    if found:
        return found.engine
    current = served_release()[0]
    return reader(current.id) if current and not current.demo else None


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
    from data_access.publishing.reference import reference_tables

    for name, frame in reference_tables().items():
        store().replace_rows(draft.engine, schema.TABLES[name], conform(name, frame), [])


def publish(
    draft: Draft,
    as_of: dt.date | None = None,
    note: str = "",
    demo: bool = False,
    by: Person = OPERATOR,
    version: int | None = None,
) -> Release:
    """Compute the summaries, seal the draft as a release and switch every reader to it at once.

    Whatever fails before the last step leaves readers with the release that they have: up to sealing the draft stays as it is
    and can be published again; a sealed release to which nothing points yet is listed, and `rollback` switches to it.

    Args:
        version: of the draft as whoever publishes it has seen it.

    Raises:
        ReleaseError: the draft is empty, or has changed since that version; the disk or the database refused, or somebody else is
            publishing. Nothing changed for readers.
        RoleError: `by` is no data steward.
    """
    by.require(STEWARD)
    before = served_now()
    with alone(timeout=0):
        release = _published(draft, as_of or dt.date.today(), note, demo, version)
    audit.record(
        by, "published", release.id, before=before, after=", ".join(sorted({c.partition(":")[0] for c in release.changes}))
    )
    return release


def _as_seen(draft: Draft, version: int | None) -> None:
    """Refuse to publish a draft without rows, or another one than was seen."""
    if not store().has_draft(draft.id):
        raise ReleaseError(N_("The draft is no longer there: somebody else has published or discarded it"))
    if version is not None and draft.version != version:
        raise ReleaseError(
            N_(
                "The draft has changed: you saw version {seen}, and it is version {now} now. Nothing was published; look at it again"
            ),
            seen=version,
            now=draft.version,
        )
    if not any(draft.counts(*schema.LOADABLE_TABLES).values()):
        raise ReleaseError(N_("The draft is empty: no table of it has a row. Nothing was published; load a file first"))


def _published(draft: Draft, as_of: dt.date, note: str, demo: bool, version: int | None) -> Release:
    try:
        _as_seen(draft, version)
        release = _sealed(draft, as_of, note, demo)
        point_to(release.id)
    except (OSError, StoreError, sa.exc.DBAPIError) as error:
        reason = told(error) if isinstance(error, TOLD) else str(getattr(error, "orig", error)).splitlines()[0]
        raise ReleaseError(
            N_("Nothing was published; readers still see what they saw. The cause: {reason}"), reason=reason
        ) from error
    draft.log_path.unlink(missing_ok=True)
    if _marker().exists() and named_in(_marker(), "draft") == draft.id:
        _marker().unlink()
    return release


def _sealed(draft: Draft, as_of: dt.date, note: str, demo: bool) -> Release:
    """The draft as a release that nothing points to yet: its description is written before the draft is gone."""
    from data_access.publishing.summaries import build_summaries

    build_summaries(draft.engine)
    parent, log = served_now(), draft.log
    release = Release(
        id=_next_id(),
        as_of=as_of.isoformat(),
        note=masked(note),
        demo=demo,
        row_counts=draft.counts(),
        published_at=dt.datetime.now().isoformat(timespec="seconds"),
        checksum=store().finish(draft.id),
        sources=tuple(dict.fromkeys(entry["source"] for entry in log)),
        parent=parent or None,
        changes=tuple(_change(entry) for entry in log),
        loads=tuple(_loads(log)),
        key=fingerprint(keys()) if not demo and _holds_persons(draft) else "",
    )
    write_atomically(manifest_path(release.id), described(release))
    store().seal(draft.id, release.id)
    return release


def _holds_persons(draft: Draft) -> bool:
    persons = [name for name, table in schema.TABLES.items() if table.info["person"]]
    return any(draft.counts(*persons).values())


def _loads(log: list[dict[str, Any]]) -> Iterator[Load]:
    """The files of a log, each with the rows that it brought to each table; what programs wrote without a file is none."""
    rows: Counter[str] = Counter()
    for entry in log:
        rows[entry["table"]] += entry["rows"]
        if "typed" in entry:
            omissions = tuple(map(omission, entry.get("left_out", ())))
            kinds = {kind: tuple(periods) for kind, periods in entry.get("kinds", {}).items()}
            adds = entry.get("missing", {}).get("choice") == "keep"
            yield Load(entry["source"], entry["at"], entry["typed"], dict(rows), kinds, adds, omissions, entry.get("sums", {}))
            rows = Counter()


def _change(entry: dict[str, Any]) -> str:
    reasons = "; ".join(f"{code}: {reason}" for code, reason in entry.get("accepted", {}).items())
    return f"{entry['table']}: {entry['rows']}" + (f" ({reasons})" if reasons else "")


def _next_id() -> str:
    """An id that sorts behind all others: the second, and a number when that second has one already, or the clock was put back."""
    newest = max(store().release_ids() & described_ids(), default="")
    stamp = max(f"r{dt.datetime.now():%Y%m%d-%H%M%S}", newest[:STAMP])
    ids = (stamp, *(f"{stamp}-{number:02}" for number in range(2, 100)))
    return next(i for i in ids if not manifest_path(i).exists() and not store().has_release(i))
