"""Views that somebody kept under a name, and the dated, signed notes on them; each note names the release it was written on."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import threading
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from data_access.contract.errors import UsageError
from data_access.contract.national_ids import masked, typed
from data_access.saved.json_store import Author, Deleted, Shelf
from data_access.who.access import OPERATOR, Person
from i18n import N_

SHELF = Shelf("views", most=1000, largest=500_000)
LONGEST_NAME, LONGEST_NOTE, MOST_NOTES, MOST_NOTES_EACH = 120, 2000, 200, 20
_LOCK = threading.RLock()


@dataclass(frozen=True)
class Note:
    """What somebody wrote about a view: `at` an ISO time (CE), `release` what they were looking at, `who` a digest of who wrote it."""

    text: str
    by: str
    at: str
    release: str
    who: str = ""


@dataclass(frozen=True)
class KeptView:
    """A page with its filters, under a name; `pinned` ones come first."""

    name: str
    page: str
    query: tuple[tuple[str, str], ...]
    at: str = ""
    pinned: bool = False
    notes: tuple[Note, ...] = ()
    id: str = field(default_factory=lambda: secrets.token_hex(6))

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", typed(self.name, LONGEST_NAME))
        if not self.name:
            raise UsageError(N_("A view needs a name"))


def _now() -> str:
    return dt.datetime.now().isoformat(timespec="seconds")


def keep(name: str, page: str, query: dict[str, str], by: Person = OPERATOR) -> KeptView:
    """Keep a view: its page and the parameters of its address."""
    view = KeptView(name, page, tuple(sorted((k, masked(v)) for k, v in query.items())), _now())
    _write(view, by)
    return view


def note(view_id: str, text: str, by: str, release: str, writer: Person = OPERATOR) -> KeptView:
    """Add a note to a kept view, signed `by` whatever name its writer goes by.

    Raises:
        UsageError: no text, no signature, or too many notes, of all or of this writer.
    """
    text, by = typed(text, LONGEST_NOTE), typed(by, LONGEST_NAME)
    if not text or not by:
        raise UsageError(N_("A note needs a text and the name of its writer"))
    with _LOCK:
        view = load(view_id)
        if len(view.notes) >= MOST_NOTES:
            raise UsageError(N_("A view has at most {n} notes"), n=MOST_NOTES)
        who = Author.of(writer).who
        if writer.id != OPERATOR.id and sum(n.who == who for n in view.notes) >= MOST_NOTES_EACH:
            raise UsageError(N_("You have left {n} of these already, which is as many as one person may"), n=MOST_NOTES_EACH)
        after = replace(view, notes=(*view.notes, Note(text, by, _now(), release, who)))
        _write(after)
    return after


def pin(view_id: str, pinned: bool) -> KeptView:
    """Put a view among the first ones, or back."""
    with _LOCK:
        after = replace(load(view_id), pinned=pinned)
        _write(after)
    return after


def delete(view_id: str, by: Person) -> Deleted:
    """Put a kept view with its notes into the bin (`data_access.saved.json_store`)."""
    return SHELF.delete(view_id, load(view_id).name, by)


def load(view_id: str) -> KeptView:
    """A kept view; raises UsageError when there is none or its file is damaged."""
    try:
        content: dict[str, Any] = json.loads(SHELF.read(view_id))
        content["query"] = tuple((str(k), str(v)) for k, v in content["query"])
        content["notes"] = tuple(Note(**n) for n in content["notes"])
        return KeptView(**content)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SHELF.damaged(view_id) from error


def saved() -> list[KeptView]:
    """Every view that can be read: pinned ones first, then by name."""
    return sorted(SHELF.readable(load).values(), key=lambda v: (not v.pinned, v.name.casefold()))


def _write(view: KeptView, by: Person = OPERATOR) -> None:
    SHELF.write(view.id, json.dumps(asdict(view), ensure_ascii=False), by)
