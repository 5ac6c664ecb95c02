"""Named documents in the data directory: one JSON file each, written whole or not at all, read with a limit on its size."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from data_access.errors import UsageError
from data_access.releases import write_atomically
from data_access.settings import home
from i18n import N_

ID = r"[0-9a-f]{12}"
SCENARIOS = "scenarios"
T = TypeVar("T")


@dataclass(frozen=True)
class Shelf:
    """A folder of documents of one kind under `SAMOEPHAK_HOME`; `most` documents of at most `largest` bytes."""

    name: str
    most: int = 200
    largest: int = 20_000

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

    def write(self, document_id: str, text: str) -> None:
        """Keep a document; raises UsageError when there are too many, OSError when the disk refuses."""
        path = self.path(document_id)
        if not path.exists() and len(self.ids()) >= self.most:
            raise UsageError(N_("{n} are saved already; delete one first"), n=self.most)
        write_atomically(path, text)

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

    def delete(self, document_id: str) -> None:
        """Remove a document; raises UsageError when there is none."""
        try:
            self.path(document_id).unlink()
        except FileNotFoundError as error:
            raise UsageError(N_("Nothing is saved under {id}"), id=document_id) from error

    def damaged(self, document_id: str) -> UsageError:
        """The error for a document that does not say what it should."""
        return UsageError(N_("The saved file {name} is damaged"), name=f"{self.name}/{document_id}.json")
