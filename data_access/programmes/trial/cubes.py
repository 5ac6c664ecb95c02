"""The trial as cubes: families, and visits by fortnight."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema as s
from data_access.store.engines import read_frame
from data_access.summaries.cube import CubeSpec

TRIAL = CubeSpec(
    path=("province_code", "subdistrict_code"),
    levels=("province", "subdistrict"),
    people=("families",),
    attached={},
    attributes={},
)

FORTNIGHTS = 13  # in a semester
VISITS = CubeSpec(
    path=("province_code", "subdistrict_code"),
    levels=("province", "subdistrict"),
    people=("enrolled", "active", "planned", "done"),
    attached={},
    attributes={"arm": s.ARM, "fortnight": tuple(f"{n:02}" for n in range(1, FORTNIGHTS + 1))},
    followed=("active",),
)


def trial_atoms(connection: sa.Connection) -> pd.DataFrame:
    t, d, sub = s.trial_family.c, s.district.c, s.subdistrict.c
    statement = (
        sa.select(
            d.province_code, t.subdistrict_code, t.semester.label("period"), sa.cast(sa.func.count(), sa.Double).label("families")
        )
        .join_from(s.trial_family, s.subdistrict, t.subdistrict_code == sub.subdistrict_code)
        .join(s.district, sub.district_code == d.district_code)
        .group_by(d.province_code, t.subdistrict_code, t.semester)
    )
    return read_frame(connection, statement)


def visit_atoms(connection: sa.Connection) -> pd.DataFrame:
    """Visits of each cluster and fortnight. Families enrolled stand in the first fortnight, those taking part at the end in the last.

    The plan is a visit a fortnight to each family enrolled. What the table gives as planned counts the families still taking part
    instead: told, it would tell how many have left, fortnight by fortnight.
    """
    v, k, t = s.trial_visit.c, s.trial_cluster.c, s.trial_family.c
    statement = sa.select(
        v.subdistrict_code, v.semester.label("period"), v.starts_on, v.planned, v.done, v.families_active, k.arm
    ).join_from(s.trial_visit, s.trial_cluster, v.subdistrict_code == k.subdistrict_code)
    rows = read_frame(connection, statement).sort_values("starts_on", ignore_index=True)
    if rows.empty:
        return rows
    counted = sa.select(t.subdistrict_code, sa.func.count().label("enrolled")).group_by(t.subdistrict_code)
    families = rows["subdistrict_code"].map(read_frame(connection, counted).set_index("subdistrict_code")["enrolled"]).fillna(0)
    of_cluster = rows.groupby(["subdistrict_code", "period"])["starts_on"]
    return rows.assign(
        province_code=rows["subdistrict_code"].str[:2],
        fortnight=[f"{n:02}" for n in rows.groupby("period")["starts_on"].rank(method="dense").astype(int)],
        enrolled=families.where(rows["starts_on"] == of_cluster.transform("min"), 0).astype(float),
        active=rows["families_active"].where(rows["starts_on"] == of_cluster.transform("max"), 0).astype(float),
        planned=families.where(rows["planned"] > 0, 0).astype(float),
        done=rows["done"].astype(float),
    )
