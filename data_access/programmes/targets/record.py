"""Targets of the agreement, year by year. The record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema as s
from data_access.programmes.base import Family, Indicator, Programme, covers
from data_access.programmes.counting import count
from data_access.questions.question import Ask, Cells
from data_access.store.engines import read_frame
from i18n import N_


def years(connection: sa.Connection, _indicator: Indicator, ask: Ask, _cells: Cells) -> pd.DataFrame:
    """How many periods have a target."""
    rows = read_frame(connection, sa.select(s.target.c.period).distinct())
    return count(connection, rows, "period", ask, len(rows) > 0)


YEARS = Indicator(
    "target.years",
    "ปีที่ตั้งเป้าหมาย",
    "Years with targets",
    "years",
    "count",
    "target",
    "years",
    "จำนวนปีที่มีเป้าหมาย",
    "Years that targets cover",
    "distinct years of the target table",
    person=False,
    periods=(),
    places=("nation",),
    how=years,
)


def demo(world: Any, tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """The invented rows."""
    from data_access.demo import policy

    return {"target": policy.target()}


PROGRAMME = Programme(
    title=N_("Targets"),
    order=90,
    page="targets",
    families=(Family("target", "target", "Targets", (YEARS,), on_overview=False),),
    coverage=(
        covers(
            13,
            "The next three years, 2566–2568",
            "targets overview",
            "target.years",
            "target",
            "tests/data_access/test_targets.py tests/ui/test_targets_page.py",
        ),
    ),
    demo=demo,
)
