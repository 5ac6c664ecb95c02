"""What cubes cannot say of centres: young children in centres, of those who live there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data_access.programmes.base import Indicator
from data_access.questions import cells
from data_access.questions.question import Ask, Cells


def participation(_connection: sa.Connection, indicator: Indicator, ask: Ask, cube: Cells) -> pd.DataFrame:
    """Children in centres in the first semester over children aged 2-4 of the same academic year and provinces.

    Both are added up over the provinces that have both: where there are no centres by law, those who live there are not counted either.
    """
    by = tuple(dict.fromkeys([*ask.by, "province"]))
    residents = cube("population.children_2_4", replace(ask, by=by))
    semesters = tuple(f"{p[2:]}-1" for p in residents["period"].unique() if p)
    where = (*((k, v) for k, v in ask.where if k != "academic_year"), ("semester", semesters))

    def children_by(keys: tuple[str, ...]) -> pd.DataFrame:
        by_semester = tuple("semester" if k == "academic_year" else k for k in keys)
        found = cube("ecd.children", Ask(by_semester, where, "semester"))
        found["period"] = "AY" + found["period"].str[:4]
        return found.assign(academic_year=found["period"])

    children = children_by(by)
    keys = list(dict.fromkeys([*by, "period"]))
    both = residents.merge(children[[*keys, "value", "state"]], on=keys, how="left", suffixes=("", "_in"))
    both = both[~both["province"].isin(indicator.outside) | ("province" in ask.by)]
    absent = both["state"].eq(cells.NOT_COLLECTED) | both["state_in"].isna() | both["state_in"].eq(cells.NOT_COLLECTED)
    shown = both["value"].notna() & both["value_in"].notna()
    parts = {"numerator": both["value_in"].where(shown), "denominator": both["value"].where(shown)}
    marked = both.assign(**parts, hidden=~absent & ~shown, shown=shown, size=1)
    told = list(dict.fromkeys([*ask.by, "period"]))
    whole = marked.groupby(told, sort=False)
    found = whole[["numerator", "denominator", "hidden", "shown", "size"]].sum(min_count=1).reset_index()
    found = found.merge(children_by(ask.by)[[*told, "came"]], on=told, how="left")
    if found.empty and not ask.by:
        return pd.DataFrame([{"period": (ask.values("academic_year") or ("",))[0], "value": np.nan, "collected": False}])
    some = (found["shown"] + found["hidden"]).lt(cells.COMPLETE_FROM * found["size"])
    return found.assign(
        value=found["numerator"] / found["denominator"].where(found["denominator"] > 0),
        n=found["denominator"],
        flag=np.select([found["shown"].eq(0), found["hidden"] > 0, some], ["", "partial", "incomplete"], ""),
        collected=found["hidden"] + found["shown"] > 0,
    ).drop(columns=["hidden", "shown", "size"])
