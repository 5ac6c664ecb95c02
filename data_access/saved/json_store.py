"""Named documents in the data directory: one JSON file each, written whole or not at all, read with a limit on its size.

Beside each stands who wrote it first (`ID.author`): what one person may keep has a limit, and whoever sees fewer places than its author
does not delete it. What is deleted lies in `bin/` until its term is over (`purge`) and can be brought back.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from data_access.contract.errors import UsageError
from data_access.contract.national_ids import typed
from data_access.contract.settings import home
from data_access.store.releases import write_atomically
from data_access.who import audit
from data_access.who.access import ADMINISTRATOR, MANAGER, OPERATOR, Person, ScopeError
from i18n import N_

ID = r"[0-9a-f]{12}"
SCENARIOS = "scenarios"
BIN, BIN_DAYS = "bin", 30
LONGEST_NAME = 160
T = TypeVar("T")


@dataclass(frozen=True)
class Author:
    """Who wrote a document first: a digest of their id, and the provinces that they saw in detail then (None: all)."""

    who: str
    provinces: tuple[str, ...] | None

    @classmethod
    def of(cls, person: Person) -> Author:
        """The author that a person is."""
        places = person.scope.provinces
        return cls(hashlib.sha256(person.id.encode()).hexdigest()[:16], None if places is None else tuple(sorted(places)))

    def outranks(self, person: Person) -> bool:
        """Whether somebody else saw places that this person does not see."""
        if self.who == Author.of(person).who or person.scope.everywhere:
            return False
        return self.provinces is None or not all(map(person.scope.covers, self.provinces))


UNKNOWN = Author("", None)
"""The author of what was written before authors were kept, or whose note is damaged: whoever sees the whole country may delete it."""


@dataclass(frozen=True)
class Deleted:
    """A document in the bin: `key` names its folder there, `name` is what people called it, `at` and `until` are ISO times."""

    key: str
    id: str
    name: str
    by: str
    at: str

    @property
    def until(self) -> str:
        """The day after which it is gone for good."""
        return (dt.datetime.fromisoformat(self.at) + dt.timedelta(days=BIN_DAYS)).date().isoformat()


@dataclass(frozen=True)
class Shelf:
    """A folder of documents of one kind under `SAMOEPHAK_HOME`.

    Attributes:
        most: how many there may be, and `each` how many of them one person may have written.
        largest: bytes of one.
        role: what deleting one, and bringing it back, needs.
    """

    name: str
    most: int = 200
    largest: int = 20_000
    each: int = 100
    role: str = MANAGER

    @property
    def folder(self) -> Path:
        """Where they stand; made when the first is written."""
        return home() / self.name

    @property
    def stamp(self) -> int:
        """What changes when a document is written or deleted, by whichever process; 0 before the first."""
        try:
            return self.folder.stat().st_mtime_ns
        except OSError:
            return 0

    def path(self, document_id: str) -> Path:
        """The file of a document; an id that is not twelve hex digits names none, so no id can leave the folder."""
        if not isinstance(document_id, str) or not re.fullmatch(ID, document_id):
            raise UsageError(N_("Nothing is saved under {id}"), id=str(document_id)[:40])
        return self.folder / f"{document_id}.json"

    def ids(self) -> list[str]:
        """The ids of all documents."""
        return sorted(p.stem for p in self.folder.glob("*.json") if re.fullmatch(ID, p.stem))

    def readable(self, load: Callable[[str], T]) -> dict[str, T]:
        """Every document that `load` can read, by id; a damaged one is told when it is asked for and hides no other here."""
        found = {}
        for document_id in self.ids():
            with contextlib.suppress(UsageError):
                found[document_id] = load(document_id)
        return found

    def write(self, document_id: str, text: str, by: Person = OPERATOR) -> None:
        """Keep a document; `by` is its author when it is new.

        Raises:
            UsageError: there are too many, or too many by this person. OSError: the disk refuses.
        """
        path = self.path(document_id)
        new = not path.exists()
        if new:
            self._make_room(by)
        write_atomically(path, text)
        if new:
            write_atomically(self._author_path(document_id), json.dumps(asdict(Author.of(by))))

    def _make_room(self, by: Person) -> None:
        if len(self.ids()) >= self.most:
            raise UsageError(N_("{n} are saved already; delete one first"), n=self.most)
        if by.id != OPERATOR.id and sum(self.author(i).who == Author.of(by).who for i in self.ids()) >= self.each:
            raise UsageError(N_("You have left {n} of these already, which is as many as one person may"), n=self.each)

    def _author_path(self, document_id: str) -> Path:
        return self.path(document_id).with_suffix(".author")

    def author(self, document_id: str) -> Author:
        """Who wrote a document first; `UNKNOWN` where nothing readable says so."""
        try:
            content = json.loads(self._author_path(document_id).read_text(encoding="utf-8"))
            return Author(str(content["who"]), None if content["provinces"] is None else tuple(map(str, content["provinces"])))
        except (OSError, ValueError, KeyError, TypeError):
            return UNKNOWN

    def require(self, document_id: str, by: Person) -> None:
        """Raise ScopeError when a document's author saw places that this person does not see, RoleError without the role."""
        by.require(self.role)
        if self.author(document_id).outranks(by):
            raise ScopeError(N_("Its author sees places that you do not see in detail; ask somebody who sees them too"))

    def read(self, document_id: str) -> str:
        """A document's text; raises UsageError when there is none, or it is too large or not text."""
        path = self.path(document_id)
        try:
            if path.stat().st_size > self.largest:
                raise self.damaged(document_id)
            return path.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise UsageError(N_("Nothing is saved under {id}"), id=document_id) from error
        except (OSError, UnicodeDecodeError) as error:
            raise self.damaged(document_id) from error

    def delete(self, document_id: str, name: str, by: Person) -> Deleted:
        """Put a document, its author and the folder of its pictures into the bin, where it can be brought back for `BIN_DAYS` days.

        Args:
            name: what people call it, for the bin and the audit log.
        Raises:
            UsageError: there is none. RoleError, ScopeError: this person may not (`require`).
        """
        path = self.path(document_id)
        if not path.is_file():
            raise UsageError(N_("Nothing is saved under {id}"), id=document_id)
        self.require(document_id, by)
        now = dt.datetime.now().astimezone()
        found = Deleted(f"{document_id}-{now:%Y%m%d%H%M%S%f}", document_id, typed(name, LONGEST_NAME), by.id, now.isoformat())
        folder = self._bin / found.key
        write_atomically(folder / "deleted.json", json.dumps(asdict(found), ensure_ascii=False))
        self._move(document_id, self.folder, folder)
        audit.record(by, "deleted", before=f"{self.name}: {found.name} ({document_id})")
        return found

    def _move(self, document_id: str, source: Path, target: Path) -> None:
        """What belongs to a document from one folder to another, the document first: with it the rest is there or is not missed."""
        target.mkdir(parents=True, exist_ok=True)
        for name in (f"{document_id}.json", f"{document_id}.author", document_id):
            if (source / name).exists():
                (source / name).replace(target / name)

    @property
    def _bin(self) -> Path:
        return home() / BIN / self.name

    def deleted(self) -> list[Deleted]:
        """What lies in the bin, the latest first; what is damaged there is left out."""
        found = []
        for path in self._bin.glob("*/deleted.json"):
            with contextlib.suppress(OSError, ValueError, TypeError):
                found.append(Deleted(**json.loads(path.read_text(encoding="utf-8"))))
        return sorted((d for d in found if (self._bin / d.key / f"{d.id}.json").is_file()), key=lambda d: d.at, reverse=True)

    def may_restore(self, found: Deleted, by: Person) -> bool:
        """Whether somebody may bring a document back: whoever might have deleted it."""
        return by.may(self.role) and not self._in_bin(found).author(found.id).outranks(by)

    def _in_bin(self, found: Deleted) -> Shelf:
        return Shelf(f"{BIN}/{self.name}/{found.key}", role=self.role)

    def restore(self, key: str, by: Person) -> str:
        """Bring a document back from the bin; returns its id.

        Raises:
            UsageError: it is no longer there, there is another one in its place, or there is no room.
            RoleError, ScopeError: this person may not.
        """
        found = next((d for d in self.deleted() if d.key == key), None)
        if found is None:
            raise UsageError(N_("It is no longer in the bin"))
        self._in_bin(found).require(found.id, by)
        if self.path(found.id).exists():
            raise UsageError(N_("There is another one of this name now: {name}"), name=found.name)
        if len(self.ids()) >= self.most:
            raise UsageError(N_("{n} are saved already; delete one first"), n=self.most)
        self._move(found.id, self._bin / key, self.folder)
        shutil.rmtree(self._bin / key, ignore_errors=True)
        audit.record(by, "brought_back", after=f"{self.name}: {found.name} ({found.id})")
        return found.id

    def damaged(self, document_id: str) -> UsageError:
        """The error for a document that does not say what it should."""
        return UsageError(N_("The saved file {name} is damaged"), name=f"{self.name}/{document_id}.json")


def purge(by: Person = OPERATOR, today: dt.date | None = None) -> int:
    """Delete for good what has been in the bin for longer than `BIN_DAYS` days, and what is damaged there; returns how much.

    Raises RoleError when `by` is no administrator.
    """
    by.require(ADMINISTRATOR)
    now, gone = today or dt.date.today(), 0
    for folder in (home() / BIN).glob("*/*"):
        try:
            kept = now.isoformat() <= Deleted(**json.loads((folder / "deleted.json").read_text(encoding="utf-8"))).until
        except (OSError, ValueError, TypeError):
            kept = False
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone
