"""Who may come in: the people of one installation with their roles and scopes, kept in `people.json` of the data directory.

Who somebody is comes from the identity provider (their e-mail address); what they may do and see stands here, in the agency's hands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import geo
from data_access import audit
from data_access.access import ADMINISTRATOR, OPERATOR, ROLES, Person, Scope
from data_access.errors import UsageError
from data_access.national_ids import masked
from data_access.releases import write_atomically
from data_access.settings import home
from i18n import N_

ADDRESS = r"[^@\s,]+@[^@\s,]+\.[^@\s,]+"
FILE = "people.json"


def known() -> dict[str, Person]:
    """Everybody who may come in, by address (lower case).

    Raises:
        UsageError: the file is damaged; then nobody comes in.
    """
    path = home() / FILE
    seen = path.stat() if path.is_file() else None
    return dict(_read(path, seen.st_mtime_ns, seen.st_size)) if seen else {}


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int, _size: int) -> dict[str, Person]:
    """The people of a file, parsed once a change of it: every question of a page asks who is there."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return {address: _person(address, entry["role"], entry["provinces"]) for address, entry in entries.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(N_("The file {name} of the data directory is damaged"), name=FILE) from error


def find(address: str) -> Person | None:
    """The person with an e-mail address, written in any case; None when they may not come in."""
    return known().get(address.strip().lower())


def admit(address: str, role: str, provinces: Sequence[str] | None, by: Person = OPERATOR) -> Person:
    """Let somebody in, or change what they may do and see.

    Args:
        provinces: codes of the provinces to see in detail; None for all, empty for none.
    Raises:
        UsageError: no address, one with a national ID in it (which is not kept), no such role, no such province.
        RoleError: `by` is no administrator.
    """
    by.require(ADMINISTRATOR)
    if masked(address) != address:
        raise UsageError(N_("This address holds a national ID number, which is not kept; admit the person by another one"))
    person = _person(address.strip().lower(), role, None if provinces is None else list(provinces))
    before = known()
    _write({**before, person.id: person})
    audit.record(by, "person_admitted", before=_words(before.get(person.id)), after=_words(person))
    return person


def dismiss(address: str, by: Person = OPERATOR) -> None:
    """Take somebody's access away; raises UsageError when they have none."""
    by.require(ADMINISTRATOR)
    before = known()
    person = before.pop(address.strip().lower(), None)
    if person is None:
        raise UsageError(N_("{address} has no access"), address=address)
    _write(before)
    audit.record(by, "person_dismissed", before=_words(person))


def _person(address: str, role: str, provinces: list[str] | None) -> Person:
    if not re.fullmatch(ADDRESS, address):
        raise UsageError(N_("{address} is no e-mail address"), address=address)
    if role not in ROLES:
        raise UsageError(N_("{role} is no role; choose from {choices}"), role=role, choices=", ".join(ROLES))
    for code in provinces or ():
        if code not in geo.provinces().index:
            raise UsageError(N_("{code} is not a value of {key}"), code=code, key="province")
    return Person(address, role, Scope.of(provinces))


def entry(person: Person) -> dict[str, object]:
    """A person as the file and the command line write them; `provinces` is null for all."""
    return {"role": person.role, "provinces": None if person.scope.provinces is None else sorted(person.scope.provinces)}


def _words(person: Person | None) -> str:
    if person is None:
        return ""
    places = "all" if person.scope.provinces is None else ",".join(sorted(person.scope.provinces)) or "none"
    return f"{person.id} {person.role} {places}"


def _write(people: dict[str, Person]) -> None:
    found = {address: entry(person) for address, person in sorted(people.items())}
    write_atomically(home() / FILE, json.dumps(found, ensure_ascii=False, indent=1))
