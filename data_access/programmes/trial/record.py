"""The Reach Up × cash-transfer trial. The record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from data_access.contract import schema as s
from data_access.programmes.base import Family, Programme, SamePeople, Shown, covers
from data_access.programmes.trial.cubes import TRIAL as TRIAL_CUBE
from data_access.programmes.trial.cubes import VISITS as VISITS_CUBE
from data_access.programmes.trial.cubes import trial_atoms, visit_atoms
from data_access.programmes.trial.indicators import TRIAL, VISITS
from i18n import N_


def demo(world: Any, tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """The invented rows."""
    from data_access.demo import trial

    return trial.build(world)


PROGRAMME = Programme(
    title=N_("Reach Up trial"),
    order=40,
    page="trial",
    families=(
        Family("trial", "trial_family", "Reach Up", tuple(TRIAL), TRIAL_CUBE, trial_atoms, roster=("trial", "visits")),
        Family(
            "visits",
            "trial_visit",
            "Visits and families of the trial",
            tuple(VISITS),
            VISITS_CUBE,
            visit_atoms,
            counted_in="trial_family",
            roster=("trial", "visits"),
        ),
    ),
    beside=("trial_cluster", "trial_visit", "trial_measure"),
    codes={"arm": s.ARM},
    result=3,
    overview=(Shown("reachup.families"), Shown("reachup.subdistricts")),
    maps=("reachup.families",),
    province=(Shown("reachup.families", timed=False), Shown("reachup.visit_rate")),
    same_people=(SamePeople("trial", "families", "visits", "enrolled", dated=False),),
    coverage=(
        covers(
            8,
            "Reach Up × cash-transfer trial",
            "trial",
            "reachup.families reachup.visit_rate reachup.enrolled reachup.active reachup.attrition",
            "trial_family trial_cluster trial_visit trial_measure",
            "tests/data_access/test_trials.py",
        ),
    ),
    demo=demo,
)
