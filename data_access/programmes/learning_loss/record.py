"""The school-readiness survey and learning loss. The record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from data_access.contract import schema as s
from data_access.programmes.base import Family, Programme, Sent, Shown, covers
from data_access.programmes.learning_loss.answers import readiness
from data_access.programmes.learning_loss.indicators import LEARNING
from i18n import N_


def demo(world: Any, tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """The invented rows."""
    from data_access.demo import readiness

    return {"readiness_result": readiness.readiness_result(world)}


PROGRAMME = Programme(
    title=N_("Learning loss"),
    order=50,
    page="learning_loss",
    families=(
        Family(
            "readiness",
            "readiness_result",
            "School readiness",
            tuple(LEARNING),
            how=readiness,
            sent=Sent("province", "province_code", "academic_year"),
        ),
    ),
    tables=("published_series",),
    beside=("yardstick",),
    codes={"group_kind": s.GROUP_KIND},
    result=5,
    overview=(
        Shown("readiness.change", sentence=N_("Below nought, children start school less ready than in the base round.")),
        Shown("readiness.below_cut"),
    ),
    maps=("readiness.change", "readiness.below_cut"),
    watched=("readiness.change",),
    leading="readiness.z",
    province=(Shown("readiness.change"), Shown("readiness.below_cut")),
    province_headlines=("readiness.change",),
    coverage=(
        covers(
            12,
            "School-readiness survey and learning loss (ภาวะการเรียนรู้ถดถอย)",
            "learning_loss",
            "readiness.z readiness.change readiness.change_adjusted readiness.below_cut readiness.per_closure_day "
            "readiness.gap_wealth",
            "readiness_result event published_series",
            "tests/data_access/test_learning_indicators.py tests/data_access/test_comparing_provinces.py "
            "tests/ui/test_learning_pages.py",
        ),
    ),
    demo=demo,
)
