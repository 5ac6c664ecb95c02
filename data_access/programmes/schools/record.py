"""Schools: those that develop themselves (TSQP), the register, results. The record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from data_access.contract import schema as s
from data_access.programmes.base import Family, Programme, Sent, Shown, covers
from data_access.programmes.schools import cubes
from data_access.programmes.schools.indicators import ENROLMENT, RESULTS, SCHOOLS
from i18n import N_


def demo(world: Any, tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """The invented rows."""
    from data_access.demo import schools

    return schools.build(world)


PROGRAMME = Programme(
    title=N_("Schools"),
    order=20,
    page="schools",
    families=(
        Family("tsqp", "tsqp_school", "Self-developing schools", tuple(SCHOOLS), cubes.TSQP, cubes.tsqp_atoms, roster=("tsqp",)),
        Family("enrolment", "school", "Enrolment", tuple(ENROLMENT), cubes.ENROLMENT, cubes.enrolment_atoms),
        Family(
            "results",
            "school_result",
            "School results",
            tuple(RESULTS),
            cubes.RESULTS,
            cubes.results_atoms,
            sent=Sent("school", "school_code", "academic_year"),
        ),
    ),
    codes={"subject": s.SUBJECT, "area": ("rural", "urban")},
    result=2,
    overview=(Shown("tsqp.schools"), Shown("tsqp.teachers"), Shown("tsqp.pupils")),
    maps=("tsqp.schools",),
    province=(Shown("tsqp.schools", timed=False), Shown("school.mean_score", {"subject": "maths"}, named=N_("mathematics"))),
    coverage=(
        covers(
            6,
            "Self-developing schools (TSQP) and the rural–urban gap",
            "schools",
            "tsqp.schools tsqp.provinces tsqp.teachers tsqp.pupils school.mean_score school.rural_urban_gap",
            "tsqp_school school_result school yardstick",
            "tests/data_access/test_learning_indicators.py tests/ui/test_learning_pages.py "
            "tests/data_access/test_comparing_provinces.py",
        ),
    ),
    demo=demo,
)
