"""Rates in force: lunch, basic needs, grants. The record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema as s
from data_access.programmes.base import Family, Indicator, Programme, Shown, covers
from data_access.programmes.policy.rates import starts
from data_access.questions.question import Ask, Cells, require_one
from data_access.store.engines import columns_of, read_frame
from i18n import N_

REFERENCE_DAY = dt.date(2022, 10, 31)  # the MOU's own date, from which its policy statement counts back


def years_unchanged(connection: sa.Connection, indicator: Indicator, ask: Ask, _cells: Cells) -> pd.DataFrame:
    """Whole years from the last change of each rate to the reference day; never negative.

    Not collected where the rate in force on that day has no known start: a day on which it was quoted is not the day on which it moved.
    """
    require_one(indicator, ask)
    there = columns_of(connection, "rate")
    rates = read_frame(connection, sa.select(*(c for c in s.rate.c if c.name in there)).where(s.rate.c.status != "conflicting"))
    rates = rates.assign(effective_from=pd.to_datetime(rates["effective_from"]), known=starts(rates))
    rates = rates[rates["effective_from"] <= pd.Timestamp(REFERENCE_DAY)]
    wanted = ask.values("rate")
    rates = rates[rates["rate_id"].isin(wanted)] if wanted else rates
    last = rates[rates["effective_from"] == rates.groupby("rate_id")["effective_from"].transform("max")]
    last = last.groupby("rate_id", as_index=False).agg(since=("effective_from", "max"), known=("known", "all"))
    years = [float(_whole_years(day.date(), REFERENCE_DAY)) for day in last["since"]]
    frame = last.assign(
        rate=last["rate_id"], value=pd.Series(years, dtype=float).where(last["known"]), period="", collected=False
    )
    if "rate" in ask.by:
        return frame[["rate", "value", "period", "collected"]]
    return (
        frame[["value", "period", "collected"]]
        if len(frame)
        else pd.DataFrame([{"value": np.nan, "period": "", "collected": False}])
    )


def _whole_years(start: dt.date, end: dt.date) -> int:
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


YEARS = Indicator(
    "policy.years_unchanged",
    "ปีที่อัตราไม่เปลี่ยน",
    "Years since a rate last moved",
    "years",
    "years",
    "policy",
    "years_unchanged",
    "จำนวนปีเต็มนับจากวันที่อัตราเปลี่ยนล่าสุดถึงวันลงนาม MOU 31 ตุลาคม 2565 แยกรายอัตรา ไม่มีค่าเมื่อไม่ทราบวันเริ่มใช้อัตราที่บังคับใช้อยู่",
    "Whole years from the last change of a rate to the day of the MOU, 31 October 2565 BE, rate by rate; "
    "no value where the start of the rate in force is not known",
    "31 Oct 2565 − last change",
    person=False,
    periods=(),
    places=("nation",),
    dims=("rate",),
    each="rate",
    how=years_unchanged,
)


def demo(world: Any, tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """The invented rows."""
    from data_access.demo import policy

    return {k: v for k, v in policy.build().items() if k != "target"}


PROGRAMME = Programme(
    title=N_("Policy"),
    order=80,
    page="policy",
    families=(Family("policy", "rate", "Policy", (YEARS,)),),
    tables=("school", "pupil_grant"),
    beside=("price_index",),
    result=5,
    overview=(Shown("policy.years_unchanged", {"rate": "lunch"}, N_("Years the lunch rate had not moved on 31 Oct 2565")),),
    coverage=(
        covers(
            11,
            "Policy proposals (lunch and basic-needs rates, budget)",
            "policy claims",
            "policy.years_unchanged grant.basic_recipients",
            "rate price_index",
            "tests/data_access/test_policy.py tests/data_access/test_scenarios.py tests/ui/test_policy_page.py",
        ),
    ),
    demo=demo,
)
