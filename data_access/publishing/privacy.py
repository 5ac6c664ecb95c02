"""Personal data in the data directory: the key of the hashes changed, releases deleted when their term is over."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from data_access.contract import schema
from data_access.contract.errors import UsageError
from data_access.contract.settings import settings
from data_access.publishing import drafts
from data_access.saved import json_store
from data_access.store import releases
from data_access.who import audit
from data_access.who.access import ADMINISTRATOR, OPERATOR, Person
from data_access.who.keys import MINIMUM_KEY, fingerprint, keys, last_link
from i18n import N_

KEEP_AT_LEAST = 2  # releases; the one before must be there to go back to


def key_columns() -> dict[str, list[str]]:
    """Contract table -> its columns of pseudonyms."""
    found = {n: [c.name for c in t.columns if schema.contract(c).person] for n, t in schema.TABLES.items()}
    return {name: columns for name, columns in found.items() if columns}


def change_key(by: Person = OPERATOR) -> releases.Release:
    """Put every pseudonym of the current release under the newest key as well, and publish that as a release of its own.

    `SAMOEPHAK_ID_KEYS_AFTER` ends in the new key. Pseudonyms of the new release are HMACs, under the new key, of
    those of the old one: the same child still has the same one, and whoever has the old key and old data cannot follow it.

    Raises:
        UsageError: there is no release of real data, or the keys are not those of its pseudonyms and one more.
        RoleError: `by` is no administrator.
    """
    by.require(ADMINISTRATOR)
    now = releases.current_release()
    if now is None or now.demo:
        raise UsageError(N_("There are no pseudonyms of real data to put under another key"))
    if len(keys()) < 2 or fingerprint(keys()[:-1]) != now.key:
        raise UsageError(
            N_("{name} must end in the new key, after those so far, each of at least {n} characters"),
            name="SAMOEPHAK_ID_KEYS_AFTER",
            n=MINIMUM_KEY,
        )
    draft = drafts.new_draft(now)
    link = last_link()
    try:
        for name, columns in key_columns().items():
            frame = draft.read(name)
            if len(frame):
                moved = frame.assign(**{c: frame[c].map(link, na_action="ignore") for c in columns})
                _replace_all(draft, name, moved)
        release = drafts.publish(draft, as_of=dt.date.fromisoformat(now.as_of), note=now.note, by=by)
    except BaseException:
        draft.discard(by)
        raise
    audit.record(by, "key_changed", release.id, before=now.key, after=release.key)
    return release


def _replace_all(draft: drafts.Draft, name: str, frame: pd.DataFrame) -> None:
    table = schema.TABLES[name]
    with draft.engine.begin() as connection:
        connection.execute(table.delete())
    releases.store().replace_rows(draft.engine, table, drafts.conform(name, frame), [])


def expired(today: dt.date | None = None) -> list[releases.Release]:
    """The releases published longer ago than `SAMOEPHAK_KEEP_RELEASES_DAYS`; never the current one nor the two newest."""
    days = settings().keep_releases_days
    if days is None:
        return []
    before = (today or dt.date.today()) - dt.timedelta(days=days)
    kept = {r.id for r in releases.list_releases()[:KEEP_AT_LEAST]} | {releases.served_now()}
    return [r for r in releases.list_releases() if r.id not in kept and dt.datetime.fromisoformat(r.published_at).date() < before]


def delete_expired(by: Person = OPERATOR, today: dt.date | None = None) -> list[str]:
    """Delete the releases whose term is over, with their rows of persons, and empty the bin of what is due; returns ids of releases.

    Stories keep the protected figures that they showed. Raises RoleError when `by` is no administrator.
    """
    by.require(ADMINISTRATOR)
    gone = [r.id for r in expired(today)]
    for release_id in gone:
        releases.delete(release_id)
    binned = json_store.purge(by, today)
    if gone or binned:
        audit.record(by, "retention", before=", ".join([*gone, *([f"{json_store.BIN}: {binned}"] if binned else [])]))
    return gone
