"""Who may come in: the people of one installation with their roles and scopes, kept in `people.json` of the data directory.

Who somebody is comes from the identity provider (their e-mail address); what they may do and see stands here, in the agency's hands.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from filelock import FileLock

import geo
from data_access.contract.errors import UsageError
from data_access.contract.national_ids import masked
from data_access.contract.settings import home
from data_access.store.releases import write_atomically
from data_access.who import audit
from data_access.who.access import ADMINISTRATOR, OPERATOR, ROLES, Person, Scope
from i18n import N_

ADDRESS = r"[^@\s,]+@[^@\s,]+\.[^@\s,]+"
FILE = "people.json"
LOCK_SECONDS = 30


def known() -> dict[str, Person]:
    """Everybody who may come in, by address (lower case).

    Raises:
        UsageError: the file is damaged; then nobody comes in.
    """
    path = home() / FILE
    seen = path.stat() if path.exists() else None
    return dict(_read(path, seen.st_mtime_ns, seen.st_size)) if seen else {}


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int, _size: int) -> dict[str, Person]:
    """The people of a file, parsed once a change of it: every question of a page asks who is there."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return {a: _person(a, e["role"], e["provinces"], int(e.get("signed_out", 0))) for a, e in entries.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
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
    with _changing() as found:
        before = found.get(person.id)
        person = replace(person, signed_out=before.signed_out if before else 0)
        found[person.id] = person
    audit.record(by, "person_admitted", before=_words(before), after=_words(person))
    return person


def dismiss(address: str, by: Person = OPERATOR) -> None:
    """Take somebody's access away; raises UsageError when they have none."""
    by.require(ADMINISTRATOR)
    with _changing() as found:
        person = found.pop(_known_address(found, address))
    audit.record(by, "person_dismissed", before=_words(person))


def sign_out(address: str, by: Person = OPERATOR, until: int | None = None) -> None:
    """End every session of somebody, on every machine: identities that the provider issued up to a moment count no more.

    Args:
        until: seconds since 1970 by the clock of the provider; now, by the clock of this machine, when left out.
    Raises:
        UsageError: they have no access.
        RoleError: `by` is neither they themselves nor an administrator.
    """
    if by.id != address.strip().lower():
        by.require(ADMINISTRATOR)
    with _changing() as found:
        person = found[_known_address(found, address)]
        found[person.id] = replace(person, signed_out=max(person.signed_out, int(time.time()) if until is None else until))
    audit.record(by, "person_signed_out", before=person.id)


def _known_address(found: dict[str, Person], address: str) -> str:
    address = address.strip().lower()
    if address not in found:
        raise UsageError(N_("{address} has no access"), address=address)
    return address


@contextmanager
def _changing() -> Iterator[dict[str, Person]]:
    """Everybody, to be changed and written; one change after the other, whichever process makes it."""
    home().mkdir(parents=True, exist_ok=True)
    with FileLock(home() / "people.lock", timeout=LOCK_SECONDS):
        found = known()
        yield found
        _write(found)


def _person(address: str, role: str, provinces: list[str] | None, signed_out: int = 0) -> Person:
    if not re.fullmatch(ADDRESS, address):
        raise UsageError(N_("{address} is no e-mail address"), address=address)
    if role not in ROLES:
        raise UsageError(N_("{role} is no role; choose from {choices}"), role=role, choices=", ".join(ROLES))
    for code in provinces or ():
        if code not in geo.provinces().index:
            raise UsageError(N_("{code} is not a value of {key}"), code=code, key="province")
    return Person(address, role, Scope.of(provinces), signed_out=signed_out)


def entry(person: Person) -> dict[str, object]:
    """A person as the file and the command line write them; `provinces` is null for all, `signed_out` is left out when they never have."""
    provinces = None if person.scope.provinces is None else sorted(person.scope.provinces)
    return {"role": person.role, "provinces": provinces} | ({"signed_out": person.signed_out} if person.signed_out else {})


def _words(person: Person | None) -> str:
    if person is None:
        return ""
    places = "all" if person.scope.provinces is None else ",".join(sorted(person.scope.provinces)) or "none"
    return f"{person.id} {person.role} {places}"


def _write(people: dict[str, Person]) -> None:
    found = {address: entry(person) for address, person in sorted(people.items())}
    write_atomically(home() / FILE, json.dumps(found, ensure_ascii=False, indent=1))
