"""Which places a question or a table reaches below the province, and how a scope narrows it (`data_access.who.access`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pandas as pd
import sqlalchemy as sa

import geo
from data_access.contract import schema
from data_access.contract.errors import UsageError
from data_access.programmes.indicators import HEADS
from data_access.questions.widening import FINE_PLACES, Codes
from data_access.store.releases import Release, get_release
from data_access.store.tables import read_table
from data_access.who.access import Scope
from i18n import N_

PLACES = ("province", *FINE_PLACES)
EVERYBODY = "*"
"""Stands for the province of a row about the country, a region or a whole province: for everybody who may come in."""


def homes(release_id: str) -> Mapping[str, Mapping[str, str]]:
    """Kind of place -> code -> province, for places whose code does not begin with that of the province."""
    return _homes(release_id, get_release(release_id).checksum)


@lru_cache(maxsize=8)
def _homes(release_id: str, _checksum: str) -> Mapping[str, Mapping[str, str]]:
    schools, centres = read_table(release_id, "school"), read_table(release_id, "centre")
    laos = read_table(release_id, "lao")
    return {
        "school": dict(zip(schools["school_code"], schools["subdistrict_code"].str[:2], strict=True)),
        "centre": dict(zip(centres["centre_code"], centres["province_code"], strict=True)),
        "lao": dict(zip(laos["lao_code"], laos["district_code"].str[:2], strict=True)),
    }


def province_of(release_id: str, kind: str, code: str) -> str | None:
    """The province of a district, sub-district, authority, school or centre; None of one that the release does not know."""
    if kind in ("district", "subdistrict"):
        return code[:2]
    return homes(release_id)[kind].get(code)


def narrowed(found: Release, by: tuple[str, ...], where: Codes, scope: Scope) -> Codes | None:
    """The filters of a question as far as a scope lets it be answered; None when nothing of it is left.

    A question about detail without a province is narrowed to the provinces of the scope.

    Raises:
        ScopeError: it names a place, or the places of a province, outside the scope.
    """
    if scope.provinces is None or not _is_detail(found, by, where):
        return where
    asked = dict(where)
    for kind in FINE_PLACES:
        for code in asked.get(kind, ()):
            home = province_of(found.id, kind, code)
            if home is not None:  # one that nobody knows is refused as such
                scope.require(home)
    for province in asked.get("province", ()):
        scope.require(province)
    if not scope.provinces:
        return None
    return where if "province" in asked else tuple(sorted((*where, ("province", tuple(sorted(scope.provinces))))))


def _is_detail(found: Release, by: tuple[str, ...], where: Codes) -> bool:
    keys = {*by, *(key for key, _codes in where)}
    if keys & set(FINE_PLACES):
        return True
    # the part of a pilot set that lies in one province may be a single school
    return {"pilot_set", "province"} <= keys and bool(
        _fine_sets(found.id, found.checksum) & set(dict(where).get("pilot_set", ("",)))
    )


@lru_cache(maxsize=8)
def _fine_sets(release_id: str, _checksum: str) -> frozenset[str]:
    """The pilot sets that name places below the province; the empty name stands for "any set" where there is one."""
    sets = read_table(release_id, "pilot_set")
    fine = set(sets.loc[sets["place_level"] != "province", "set_id"].astype(str))
    return frozenset(fine | {""} if fine else ())


def kind_of(column: sa.Column) -> str | None:
    """The kind of place that a column names, followed through what it refers to: a visit's sub-district is that of its cluster."""
    if column.info["ref"]:
        table, name = column.info["ref"].split(".")
        return kind_of(schema.TABLES[table].c[name])
    return column.table.name if column.table.name in PLACES and column.name == f"{column.table.name}_code" else None


def placed_by(table: sa.Table) -> tuple[sa.Column, ...] | None:
    """The columns that say in which province a row lies: those of its key where they do, or any; () for a table without places.

    None for a table that cannot be placed: a column has the name of a place and does not say which place it refers to, or nothing in
    it is a place and nobody said that this is meant (`placeless`). Such a table is closed to whoever does not see everything.
    """
    if table.info["reference"] or table.info["placeless"]:
        return ()
    named = [c for c in table.columns if kind_of(c) or c.info["level"]]
    if any(c.name in ("place_code", *(f"{k}_code" for k in PLACES)) for c in table.columns if c not in named):
        return None
    fine = [c for c in named if kind_of(c) != "province"]
    return tuple([c for c in fine if c.primary_key] or fine or named) or None


def table(release_id: str, name: str, scope: Scope) -> pd.DataFrame:
    """A contract table as far as a scope goes: rows about places below the province only where all that they name lie inside it.

    Without its counts of people (`HEADS`): those are asked of `query`, which protects them; a sum over rows would go around it.

    Raises:
        UsageError: the table holds persons, who are listed to nobody.
    """
    contract = schema.TABLES[name]
    if contract.info["person"]:
        raise UsageError(N_("The table {table} holds persons; its rows are shown to nobody"), table=name)
    counts = [c.name for c in contract.columns if schema.contract(c).unit in HEADS]
    frame = read_table(release_id, name).drop(columns=counts)
    columns = placed_by(contract)
    if scope.everywhere or columns == ():
        return frame
    inside = pd.Series(columns is not None, index=frame.index)
    for column in columns or ():
        where = _provinces(release_id, column, frame)
        inside &= where.map(lambda p: p == EVERYBODY or (isinstance(p, str) and scope.covers(p))).astype(bool)
    return frame[inside].reset_index(drop=True)


def _provinces(release_id: str, column: sa.Column, frame: pd.DataFrame) -> pd.Series:
    """Row -> province code, `EVERYBODY`, or None where the place is not known."""
    level = column.info["level"]
    kinds = _levels(release_id, column.table, level, frame) if "." in (level or "") else [kind_of(column) or level] * len(frame)
    wide = {"TH", *geo.provinces().index}
    found = [_home(release_id, kind, code, wide) for kind, code in zip(kinds, frame[column.name], strict=True)]
    return pd.Series(found, index=frame.index, dtype=object)


def _home(release_id: str, kind: str, code: str, wide: set[str]) -> str | None:
    if kind in FINE_PLACES:
        return province_of(release_id, kind, code) if isinstance(code, str) else None
    return EVERYBODY if kind in ("nation", "region") or (kind == "province" and code in wide) else None


def _levels(release_id: str, table: sa.Table, level: str, frame: pd.DataFrame) -> pd.Series:
    """Row -> kind of its place, from the table itself or from the one that it refers to."""
    owner, name = level.split(".")
    if owner == table.name:
        return frame[name]
    link = next(c for c in table.columns if (c.info["ref"] or "").startswith(f"{owner}."))
    known = read_table(release_id, owner).set_index(link.info["ref"].split(".")[1])[name]
    return frame[link.name].map(known)
