"""Child-development centres of local authorities. The record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from data_access.programmes.base import Family, Programme, Sent, Shown, covers
from data_access.programmes.early_childhood.cubes import CENTRES, centre_atoms, centre_senders
from data_access.programmes.early_childhood.indicators import ECD
from i18n import N_


def demo(world: Any, tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """The invented rows."""
    from data_access.demo import centres

    return centres.build(world)


PROGRAMME = Programme(
    title=N_("Early childhood"),
    order=30,
    page="early_childhood",
    families=(
        Family(
            "centres",
            "centre_semester",
            "Early childhood",
            tuple(ECD),
            CENTRES,
            centre_atoms,
            expected=centre_senders,
            sent=Sent("centre", "centre_code", "semester"),
        ),
    ),
    tables=("centre",),
    result=3,
    overview=(Shown("ecd.centres_upgraded"), Shown("ecd.poor_reached"), Shown("ecd.quality_share")),
    maps=("ecd.centres_upgraded", "ecd.poor_reached", "ecd.quality_share"),
    watched=("ecd.children",),
    leading="ecd.children",
    province=(Shown("ecd.centres"), Shown("ecd.quality_share"), Shown("ecd.children_per_teacher")),
    province_headlines=("ecd.quality_share",),
    districts=("ecd.centres", "ecd.children", "ecd.quality_share"),
    coverage=(
        covers(
            7,
            "Child-development centres (ศพด.)",
            "early_childhood",
            "ecd.centres ecd.centres_upgraded ecd.poor_reached ecd.quality_share ecd.participation",
            "centre centre_semester",
            "tests/data_access/test_learning_indicators.py tests/ui/test_learning_pages.py",
        ),
    ),
    demo=demo,
)
