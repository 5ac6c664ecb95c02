"""First start: build and publish the embedded demo release, once."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable

from data_access.contract import schema
from data_access.contract.errors import ReleaseError
from data_access.contract.settings import home
from data_access.publishing import drafts
from data_access.store import releases
from i18n import N_

Progress = Callable[[float, str], None]
DEMO_AS_OF = dt.date(2025, 9, 30)
DEMO_SOURCE = "data_access.demo"
LOCK_SECONDS = 120


def ensure_ready(progress: Progress | None = None) -> releases.Release:
    """The current release; on an empty data directory the demo release is built first.

    Args:
        progress: called with a share from 0 to 1 and an English msgid of the step.
    """
    if (current := _ready()) is not None:
        return current
    lock = home() / "demo.lock"
    if not _take(lock):
        return _wait_for_other(lock)
    try:
        return _ready() or publish_demo(progress)
    finally:
        lock.unlink(missing_ok=True)


def _ready() -> releases.Release | None:
    """The current release, unless it is demonstration data of an older contract: those are built anew, the agency's never."""
    current, _damaged = releases.served_release()
    older = current is not None and current.demo and set(schema.TABLES) - set(current.row_counts)
    return None if older else current


def publish_demo(progress: Progress | None = None, rows: int = 0) -> releases.Release:
    """Build the demo tables and publish them as a release marked as demonstration.

    Args:
        rows: of `pupil_grant`, for measuring (`data_access.demo.scaling`); 0 leaves the demonstration as it is.
    """
    from data_access.demo import build_tables
    from data_access.demo.scaling import enlarge

    report = progress or (lambda share, step: None)
    report(0.02, N_("Building the demonstration data"))
    tables = build_tables()
    draft = drafts.new_draft(None)
    for position, (name, frame) in enumerate(tables.items()):
        report(0.3 + 0.3 * position / len(tables), N_("Storing the tables"))
        draft.replace_slice(name, frame, [], DEMO_SOURCE)
    if rows:
        enlarge(draft.engine, rows)
    report(0.6, N_("Computing the summaries and disclosure control"))
    note = f"demo, {rows} rows" if rows else "demo"
    release = drafts.publish(draft, as_of=DEMO_AS_OF, note=note, demo=True)
    report(1.0, N_("Ready"))
    return release


def _take(lock: os.PathLike) -> bool:
    """Take the lock file; a lock older than two minutes belongs to a process that died."""
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        if time.time() - os.stat(lock).st_mtime < LOCK_SECONDS:
            return False
        os.utime(lock)
    return True


def _wait_for_other(lock: os.PathLike) -> releases.Release:
    deadline = time.monotonic() + LOCK_SECONDS
    while time.monotonic() < deadline:
        if (current := _ready()) is not None:
            return current
        time.sleep(0.2)
    raise ReleaseError(N_("Another process is still building the demonstration data; try again in a minute"))
