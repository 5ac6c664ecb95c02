"""Learning Cities as a cube."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema as s
from data_access.store.engines import read_frame
from data_access.summaries.cube import CubeSpec

BENCHMARK = 4  # the level at which an area of focus of a Learning City has reached its benchmark

CITIES = CubeSpec(
    path=("province_code",),
    levels=("province",),
    people=(),
    attached=dict.fromkeys(("scored", "expected", "level_sum", "speed_sum", "speed_n", "reached")),
    attributes={"focus": s.FOCUS},
)


def city_atoms(connection: sa.Connection) -> pd.DataFrame:
    """Scores with what they moved since the first one of the same place and area; every place is expected to have all areas."""
    rows = read_frame(connection, sa.select(s.learning_city_score)).drop(columns="evidence")
    if rows.empty:
        return rows
    places = rows[["province_code", "academic_year"]].drop_duplicates()
    grid = places.merge(pd.DataFrame({"focus": s.FOCUS}), how="cross").merge(rows, how="left")
    grid = grid.sort_values("academic_year")
    level = grid["level"].astype(float)
    own = grid[level.notna()].groupby(["province_code", "focus"])
    first_level, first_year = (own[c].transform("first").reindex(grid.index).astype(float) for c in ("level", "academic_year"))
    years = grid["academic_year"] - first_year
    moved = years > 0
    return grid.drop(columns="level").assign(
        period="AY" + grid["academic_year"].astype(str),
        expected=1.0,
        scored=level.notna().astype(float),
        level_sum=level.fillna(0),
        reached=(level >= BENCHMARK).astype(float),
        speed_sum=((level - first_level) / years.where(moved)).fillna(0),
        speed_n=moved.astype(float),
    )
