"""Child-development centres as a cube."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema as s
from data_access.programmes.reading import known, with_known
from data_access.store.engines import read_frame
from data_access.summaries.cube import CubeSpec

CENTRE_PEOPLE = ("poor_reached", "children", "teachers")

QUALITIES = tuple(f"quality_{q}" for q in s.QUALITY)


CENTRES = CubeSpec(
    path=("province_code", "district_code", "centre_code"),
    levels=("province", "district", "centre"),
    people=CENTRE_PEOPLE,
    optional={m: f"known_{m}" for m in CENTRE_PEOPLE} | dict.fromkeys(("assessed", "good", *QUALITIES), "known_quality"),
    attached=known((*CENTRE_PEOPLE, "quality")) | dict.fromkeys(("centres", "upgraded", "assessed", "good", *QUALITIES), None),
    attributes={},
)


def _reports(connection: sa.Connection, *columns: sa.ColumnElement) -> pd.DataFrame:
    """Every centre by semester with its places and further columns; of a centre without a district that of nobody in its province."""
    c, r = s.centre.c, s.centre_semester.c
    keys = (c.province_code, c.district_code, c.centre_code, r.semester.label("period"))
    joined = sa.select(*keys, *columns).join_from(s.centre_semester, s.centre, r.centre_code == c.centre_code)
    frame = read_frame(connection, joined)
    return frame.assign(district_code=frame["district_code"].fillna(frame["province_code"] + "00"))


def centre_atoms(connection: sa.Connection) -> pd.DataFrame:
    r = s.centre_semester.c
    f = _reports(connection, s.centre.c.upgrade_from, r.children, r.poor_reached, r.teachers, r.quality)
    f["assessed"] = f["quality"].isin(["below", "basic", "good", "excellent"]).astype(float)
    f["good"] = f["quality"].isin(["good", "excellent"]).astype(float)
    f["upgraded"] = (f["upgrade_from"].notna() & (f["upgrade_from"].fillna("9") <= f["period"])).astype(float)
    f["centres"] = 1.0
    f = f.assign(**{f"quality_{q}": (f["quality"] == q).astype(float) for q in s.QUALITY})
    return with_known(f, CENTRE_PEOPLE).assign(known_quality=f["quality"].notna().astype(float))


def centre_senders(connection: sa.Connection) -> pd.DataFrame:
    """Every centre by semester."""
    rows = _reports(connection)
    return rows.assign(sender=rows["centre_code"])
