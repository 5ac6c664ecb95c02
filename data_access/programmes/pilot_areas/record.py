"""Pilot sets: named lists of places. The record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data_access.contract.errors import UsageError
from data_access.programmes.base import Family, Indicator, Programme
from data_access.programmes.counting import count
from data_access.questions.question import Ask, Cells, pilot_members
from i18n import N_


def members(connection: sa.Connection, _indicator: Indicator, ask: Ask, _cells: Cells) -> pd.DataFrame:
    """How many places the sets asked for have."""
    found = pilot_members(connection, ask)
    if found is None:
        raise UsageError(N_("Name a pilot set, or break down by pilot_set"))
    rows = found.rename(columns={"set_id": "pilot_set", "place_code": "member"})
    return count(connection, rows, "member", ask, len(rows) > 0)


SIZE = Indicator(
    "pilot.size",
    "ขนาดชุดพื้นที่นำร่อง",
    "Places in a pilot set",
    "places",
    "count",
    "pilot",
    "members",
    "จำนวนสมาชิกของชุดพื้นที่นำร่อง",
    "Members of a pilot set",
    "count of members",
    person=False,
    periods=(),
    places=("nation",),
    dims=("pilot_set",),
    each="pilot_set",
    how=members,
)


def demo(world: Any, tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """The invented rows."""
    from data_access.demo import places

    return places.pilot_sets(tables)


PROGRAMME = Programme(
    title=N_("Pilot areas"),
    order=70,
    page="pilot_areas",
    families=(Family("pilot", "pilot_member", "Pilot sets", (SIZE,)),),
    result=4,
    tables=("pilot_set", "lao", "school", "centre"),
    demo=demo,
)
