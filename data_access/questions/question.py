"""A question as it is answered: what was asked, checked, and the places that it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema
from data_access.contract.errors import UsageError
from data_access.programmes.base import Indicator
from data_access.questions.widening import Codes
from data_access.store.engines import read_frame, remembered
from data_access.summaries.cube import REGION_SCHEMES
from i18n import N_

PLACE_ORDER = ("nation", *REGION_SCHEMES, "province", "district", "subdistrict", "lao", "school", "centre")


@dataclass(frozen=True)
class Ask:
    """A validated question. `where` holds tuples of codes; `period_key` is the one period type in play, or None."""

    by: tuple[str, ...]
    where: Codes
    period_key: str | None

    def values(self, key: str) -> tuple[str, ...] | None:
        """The codes asked for under a key, or None when it is free."""
        return dict(self.where).get(key)

    @property
    def keys(self) -> set[str]:
        return {*self.by, *(k for k, _ in self.where)}


Cells = Callable[[str, Ask], pd.DataFrame]
"""Asks the cube of another indicator: id and question -> cells."""


def all_provinces(connection: sa.Connection) -> pd.DataFrame:
    """The province table: code and region of every scheme."""
    return read_frame(connection, sa.select(schema.province))


def require_one(indicator: Indicator, ask: Ask) -> None:
    """Refuse to add up what an indicator keeps apart: one has to be named, or all broken down by."""
    key = indicator.each
    if key and key not in ask.by and len(ask.values(key) or ()) != 1:
        raise UsageError(N_("{id} is never added up over {key}: name one, or break down by it"), id=indicator.id, key=key)


def pilot_members(connection: sa.Connection, ask: Ask) -> pd.DataFrame | None:
    """Members (set_id, place_level, place_code) of the pilot sets asked for, or None when none is."""
    if "pilot_set" not in ask.keys:
        return None
    p, m = schema.pilot_set, schema.pilot_member
    statement = sa.select(p.c.set_id, p.c.place_level, m.c.place_code).join_from(p, m, p.c.set_id == m.c.set_id)
    wanted = ask.values("pilot_set")
    if wanted:
        known = {row[0] for row in connection.execute(sa.select(p.c.set_id))}
        for set_id in wanted:
            if set_id not in known:
                raise UsageError(N_("There is no pilot set {id}"), id=set_id)
        statement = statement.where(p.c.set_id.in_(wanted))
    return read_frame(connection, statement)


def with_regions(connection: sa.Connection, rows: pd.DataFrame, ask: Ask) -> pd.DataFrame:
    """Add the region columns that the question uses, from the province of each row."""
    schemes = [k for k in REGION_SCHEMES if k in ask.keys and k not in rows]
    if not schemes or "province" not in rows:
        return rows
    regions = remembered(connection, all_provinces).set_index("province_code")
    return rows.assign(**{s: rows["province"].map(regions[s]) for s in schemes})


def with_pilot_sets(rows: pd.DataFrame, members: pd.DataFrame | None) -> pd.DataFrame:
    """Keep members only, once for each set; sets of different levels each by their own place column."""
    if members is None:
        return rows
    parts = []
    for (set_id, level), group in members.groupby(["set_id", "place_level"]):
        if level in rows:
            parts.append(rows[rows[level].isin(group["place_code"])].assign(pilot_set=str(set_id)))
    return pd.concat(parts, ignore_index=True) if parts else rows.iloc[:0].assign(pilot_set="")


def _touched(connection: sa.Connection, members: pd.DataFrame) -> set[str]:
    """The provinces that the members of pilot sets lie in."""
    homes = {
        "school": schema.school.c.subdistrict_code,
        "centre": schema.centre.c.province_code,
        "lao": schema.lao.c.district_code,
    }
    found: set[str] = set()
    for level, part in members.groupby("place_level"):
        codes, kind = part["place_code"].astype(str), str(level)
        if kind in homes:
            own = schema.TABLES[kind].c[f"{kind}_code"]
            codes = read_frame(connection, sa.select(homes[kind].label("code")).where(own.in_(codes.tolist())))["code"]
        found |= set(codes.str[:2])
    return found


def expected_provinces(connection: sa.Connection, ask: Ask, members: pd.DataFrame | None) -> pd.DataFrame:
    """The provinces that a breakdown by province has to name: all 77, or those inside the filters."""
    frame = remembered(connection, all_provinces).rename(columns={"province_code": "province"})
    for key in ("province", *REGION_SCHEMES):
        wanted = ask.values(key)
        if wanted is not None:
            frame = frame[frame[key].isin(wanted)]
    if members is not None:
        frame = frame[frame["province"].isin(_touched(connection, members))]
    keep = ["province", *[s for s in REGION_SCHEMES if s in ask.by]]
    return frame[keep].reset_index(drop=True)
