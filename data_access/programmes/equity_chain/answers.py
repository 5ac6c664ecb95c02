"""Answers about the equity chain, read from its protected table (`data_access.summaries.chain`)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data_access.programmes.base import Indicator
from data_access.questions.question import Ask, Cells, require_one
from data_access.store.engines import read_frame
from data_access.summaries.chain import OTHER, OTHER_AWAY, OTHER_LEARNING

TABLE, ALL = "summary_chain", "all"
FOLDED = (OTHER_LEARNING, OTHER_AWAY, OTHER)
KEYS = ("cohort", "stage", "next_stage", "sex", "tier")


def answer(connection: sa.Connection, indicator: Indicator, ask: Ask, _cells: Cells) -> pd.DataFrame:
    """Values with `collected`, for `cells.finish`; cohorts are never added up.

    Counts over several stages add up what is shown, marked `partial` where a flow is hidden.
    """
    require_one(indicator, ask)
    rows = _rows(connection, indicator.numerator, ask)
    keys = list(dict.fromkeys([*ask.by, "period"]))
    if rows.empty:
        blank = pd.DataFrame(columns=[*keys, "value", "collected"])
        return blank if ask.by else pd.DataFrame([{"period": "", "value": np.nan, "collected": False}])
    if indicator.kind == "rate":
        return rows[[*keys, "value", "numerator", "denominator", "low", "high"]].assign(n=rows["denominator"], collected=True)
    if indicator.numerator == "children":
        rows = _with_empty_stages(rows, ask)
    grouped = rows.groupby(keys, sort=False)["value"].agg(["sum", "count", "size"]).reset_index()
    value = grouped["sum"].where(grouped["count"] > 0)
    partial = (grouped["count"] > 0) & (grouped["count"] < grouped["size"])
    return grouped[keys].assign(value=value, n=value, flag=np.where(partial, "partial", ""), collected=True)


def _rows(connection: sa.Connection, measure: str, ask: Ask) -> pd.DataFrame:
    if not sa.inspect(connection).has_table(TABLE):
        return pd.DataFrame()
    statement = sa.select(sa.text("*")).select_from(sa.table(TABLE)).where(sa.column("measure") == measure)
    rows = read_frame(connection, statement).assign(academic_year=lambda d: d["period"])
    for key in KEYS:
        wanted = ask.values(key)
        if wanted is not None and (measure, key) != ("children", "stage"):
            rows = rows[rows[key].isin(wanted)]
        elif key in ("sex", "tier"):
            rows = rows[(rows[key] != ALL) == (key in ask.by)]
    years = ask.values("academic_year")
    if years is None and "academic_year" not in ask.by and len(rows):
        years = (rows["period"].max(),)
    return rows if years is None else rows[rows["period"].isin(years)]


def _with_empty_stages(rows: pd.DataFrame, ask: Ask) -> pd.DataFrame:
    """The stages asked for in every year: nought where nobody is, hidden where the few are folded into another stage."""
    wanted = ask.values("stage")
    if wanted is None:
        return rows
    year = ["cohort", "period", "academic_year"]
    folded = rows["stage"].isin(FOLDED).groupby([rows[k] for k in year]).any().rename("folded").reset_index()
    grid = folded.merge(pd.DataFrame({"stage": list(wanted)}), how="cross")
    out = grid.merge(rows, on=[*year, "stage"], how="left")
    absent = out["value"].isna() & (~out["folded"] | out["stage"].isin(FOLDED))
    return out.assign(value=out["value"].mask(absent, 0.0))
