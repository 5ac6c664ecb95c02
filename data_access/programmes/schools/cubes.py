"""Schools as cubes: those that develop themselves, the register, results."""

from __future__ import annotations

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema as s
from data_access.contract.placing import school_places
from data_access.programmes.base import EVER
from data_access.store.engines import read_frame
from data_access.summaries.cube import CubeSpec

TSQP = CubeSpec(
    path=("province_code", "school_code"),
    levels=("province", "school"),
    people=("pupils", "teachers"),
    attached={"schools": None},
    attributes={},
)

ENROLMENT = CubeSpec(
    path=("province_code", "lao_code", "school_code"),
    levels=("province", "lao", "school"),
    people=("pupils",),
    attached={},
    attributes={},
)

RESULTS = CubeSpec(
    path=("province_code", "lao_code", "school_code"),
    levels=("province", "lao", "school"),
    people=("tested",),
    attached=dict.fromkeys(("score_sum", "square_sum", "spread_sum", "spread_n"), "tested"),
    untold=("spread_n",),
    attributes={"subject": s.SUBJECT, "grade": ("P6", "M3"), "area": ("rural", "urban")},
    deep=True,
)


def tsqp_atoms(connection: sa.Connection) -> pd.DataFrame:
    t, p = s.tsqp_school.c, school_places()
    statement = sa.select(p.c.province_code, t.school_code, t.pupils, t.teachers).join_from(
        s.tsqp_school, p, t.school_code == p.c.school_code
    )
    frame = read_frame(connection, statement)
    return frame.assign(period=EVER, schools=1.0)


def enrolment_atoms(connection: sa.Connection) -> pd.DataFrame:
    p, sch = school_places(), s.school.c
    statement = (
        sa.select(p.c.province_code, p.c.lao_code, p.c.school_code, sa.cast(sch.pupils, sa.Double).label("pupils"))
        .join_from(s.school, p, sch.school_code == p.c.school_code)
        .where(sch.pupils.is_not(None))
    )
    return read_frame(connection, statement).assign(period=EVER)


def results_atoms(connection: sa.Connection) -> pd.DataFrame:
    r, p, sch = s.school_result.c, school_places(), s.school.c
    year = ("AY" + sa.cast(r.academic_year, sa.Text)).label("period")
    statement = (
        sa.select(p.c.province_code, p.c.lao_code, p.c.school_code, year, r.subject, r.grade, sch.rural, r.n, r.mean, r.sd)
        .join_from(s.school_result, p, r.school_code == p.c.school_code)
        .join(s.school, sch.school_code == r.school_code)
        .where(r.mean.is_not(None), r.n > 0, sch.rural.is_not(None))
    )
    frame = read_frame(connection, statement)
    n, mean, sd = (frame[c].astype(float) for c in ("n", "mean", "sd"))
    spread_n = n.where(sd.notna() | (n == 1), 0.0)  # a school that gave no SD says nothing of the spread within it
    return frame.assign(
        area=np.where(frame["rural"].astype(bool), "rural", "urban"),
        tested=n,
        score_sum=n * mean,
        square_sum=(spread_n - 1).clip(lower=0) * sd.fillna(0) ** 2 + spread_n * mean**2,
        spread_sum=spread_n * mean,
        spread_n=spread_n,
    )
