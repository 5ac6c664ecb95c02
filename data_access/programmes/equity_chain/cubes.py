"""Links between registers as a cube."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema as s
from data_access.store.engines import read_frame
from data_access.summaries.cube import CubeSpec

LINKS = CubeSpec(
    path=("province_code",),
    levels=("province",),
    people=("records", "matched"),
    attached={},
    attributes={"outcome": s.LINK_OUTCOME},
    each="link",
)


def link_atoms(connection: sa.Connection) -> pd.DataFrame:
    rows = read_frame(connection, sa.select(s.register_link))
    records = rows["records"].astype(float)
    period = "AY" + rows["academic_year"].astype(str)
    return rows.drop(columns="academic_year").assign(
        period=period, records=records, matched=records.where(rows["outcome"] == "matched", 0.0)
    )
