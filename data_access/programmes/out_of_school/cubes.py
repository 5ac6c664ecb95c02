"""Out-of-school children and youth, and informal workers, as cubes."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema as s
from data_access.programmes.reading import known, with_known
from data_access.store.engines import read_frame
from data_access.summaries.cube import CubeSpec

OUTSIDE_MEASURES = ("stock", "found", "new", "helped", "back", "trained", "in_work", "lost_again")
OUTSIDE_AGES = {"child_youth": s.AGE_GROUP[:4], "informal_worker": s.AGE_GROUP[2:]}


def outside_cube(ages: tuple[str, ...]) -> CubeSpec:
    return CubeSpec(
        path=("province_code",),
        levels=("province",),
        people=OUTSIDE_MEASURES,
        attached=known(OUTSIDE_MEASURES),
        attributes={"sex": s.SEX[:2], "age_group": ages},
        optional={m: f"known_{m}" for m in OUTSIDE_MEASURES},
    )


def outside_atoms(population: str) -> Callable[[sa.Connection], pd.DataFrame]:
    def atoms(connection: sa.Connection) -> pd.DataFrame:
        c = s.out_of_school_count.c
        measures = [c[m] for m in OUTSIDE_MEASURES]
        keys = (c.province_code, c.semester.label("period"), c.sex, c.age_group)
        frame = read_frame(connection, sa.select(*keys, *measures).where(c.population == population))
        return with_known(frame, OUTSIDE_MEASURES)

    return atoms
