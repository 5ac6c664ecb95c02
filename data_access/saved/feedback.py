"""What readers tell the makers: a text, an optional name, and the view and release that they were looking at."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from dataclasses import asdict, dataclass

from data_access.contract.errors import UsageError
from data_access.contract.national_ids import masked, typed
from data_access.saved.json_store import Shelf
from data_access.who.access import OPERATOR, Person
from i18n import N_

SHELF = Shelf("feedback", most=2000, each=50)
LONGEST, LONGEST_NAME = 2000, 120


@dataclass(frozen=True)
class Remark:
    """One remark; `at` is an ISO time (CE), `view` the address of the page it is about."""

    text: str
    by: str
    view: str
    release: str
    at: str


def leave(text: str, by: str, view: str, release: str, reader: Person = OPERATOR) -> Remark:
    """Keep a remark for the operator; raises UsageError when it is empty or there are too many, of all or of this reader."""
    text = typed(text, LONGEST)
    if not text:
        raise UsageError(N_("A remark needs a text"))
    now = dt.datetime.now().isoformat(timespec="seconds")
    remark = Remark(text, typed(by, LONGEST_NAME), masked(view)[:500], release, now)
    SHELF.write(secrets.token_hex(6), json.dumps(asdict(remark), ensure_ascii=False), reader)
    return remark


def left() -> list[Remark]:
    """Every remark that can be read, newest first."""
    return sorted(SHELF.readable(_load).values(), key=lambda r: r.at, reverse=True)


def _load(remark_id: str) -> Remark:
    try:
        return Remark(**json.loads(SHELF.read(remark_id)))
    except (ValueError, TypeError) as error:
        raise SHELF.damaged(remark_id) from error
