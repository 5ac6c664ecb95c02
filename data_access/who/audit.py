"""The audit log: who did what to the data, one line each, only ever added to.

Every entry holds the digest of the one before it, so that a line changed or taken out later is found (`broken_at`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from filelock import FileLock

from data_access.contract.errors import AuditError, told
from data_access.contract.national_ids import masked, typed
from data_access.contract.settings import home
from data_access.who.access import Person
from i18n import N_

ACTIONS = {
    "loaded": N_("Loaded a file into the draft"),
    "published": N_("Published a release"),
    "rolled_back": N_("Brought a release back"),
    "discarded": N_("Discarded the draft"),
    "measure_declared": N_("Declared a measure"),
    "measure_changed": N_("Changed the words of a measure"),
    "measure_withdrawn": N_("Took a measure out of the draft"),
    "measure_retired": N_("Retired a measure"),
    "names_accepted": N_("Accepted names of places"),
    "person_admitted": N_("Changed who may come in"),
    "person_dismissed": N_("Took somebody's access away"),
    "person_signed_out": N_("Signed somebody out everywhere"),
    "key_changed": N_("Changed the key of the hashes"),
    "restored": N_("Restored a backup"),
    "name_forgotten": N_("Took an accepted name of a place back"),
    "deleted": N_("Deleted a story, a kept view or a scenario"),
    "brought_back": N_("Brought a story, a kept view or a scenario back"),
    "retention": N_("Deleted what is older than its term"),
}
START = "0" * 64
LONGEST = 500
LOCK_SECONDS = 30
TAIL = 16_384  # bytes; an entry is far shorter


@dataclass(frozen=True)
class Entry:
    """One act; `at` is an ISO time with its zone, `link` the digest of the entry before and of this one's words."""

    at: str
    who: str
    action: str
    release: str = ""
    before: str = ""
    after: str = ""
    link: str = ""

    def digest(self, earlier: str) -> str:
        """The digest of this entry after an earlier one."""
        words = json.dumps([earlier, self.at, self.who, self.action, self.release, self.before, self.after], ensure_ascii=False)
        return hashlib.sha256(words.encode("utf-8")).hexdigest()


def _path() -> Path:
    return home() / "audit.jsonl"


def record(by: Person, action: str, release: str = "", before: str = "", after: str = "") -> Entry:
    """Add an entry; it is on the disk when this returns.

    Raises:
        AuditError: the disk refused. What was done stands, and the error says so.
    """
    assert action in ACTIONS
    try:
        return _recorded(by, action, release, before, after)
    except OSError as error:
        words = N_("It is done, but the audit log does not say so: {reason}")
        raise AuditError(words, reason=told(error)) from error


def _recorded(by: Person, action: str, release: str, before: str, after: str) -> Entry:
    with FileLock(home() / "audit.lock", timeout=LOCK_SECONDS), _path().open("a+b") as file:
        now = dt.datetime.now().astimezone().isoformat(timespec="seconds")
        found = Entry(now, masked(by.id), action, release, typed(before, LONGEST), typed(after, LONGEST))
        entry = replace(found, link=found.digest(_last_link(cast(BinaryIO, file))))
        file.write(json.dumps(asdict(entry), ensure_ascii=False).encode("utf-8") + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return entry


def _last_link(file: BinaryIO) -> str:
    """The link of the last whole line; a line that a crash cut off is closed first, so that the next one stands by itself."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TAIL))
    tail = file.read()
    if tail and not tail.endswith(b"\n"):
        file.write(b"\n")
    for line in reversed(tail.splitlines()):
        try:
            return str(json.loads(line)["link"])
        except (ValueError, TypeError, KeyError):
            continue
    return START


def entries() -> list[Entry]:
    """Every entry that can be read, oldest first; a line cut off by a crash is left out (and told by `broken_at`)."""
    out = []
    for line in _lines():
        try:
            out.append(Entry(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return out


def _lines() -> list[str]:
    return _path().read_text(encoding="utf-8", errors="replace").splitlines() if _path().is_file() else []


def broken_at() -> int | None:
    """The line (from 1) from which the log is not what was written; None when it is whole."""
    earlier = START
    for number, line in enumerate(_lines(), start=1):
        try:
            entry = Entry(**json.loads(line))
        except (ValueError, TypeError):
            return number
        if entry.link != entry.digest(earlier):
            return number
        earlier = entry.link
    return None
