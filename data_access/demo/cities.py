"""Invented scores of the Learning City pilot provinces in UNESCO's twelve areas of focus."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.contract.schema import FOCUS
from data_access.demo.common import INVENTED, YEARS, generator
from data_access.demo.places import LEARNING_CITY_PROVINCES

FIRST_YEAR = 2565
LATE, SILENT_FOCUS = LEARNING_CITY_PROVINCES[-1], "workplace"
"""A province that joined a year later, and an area on which some have no evidence."""


def learning_city_score() -> pd.DataFrame:
    """The table: levels from 0 to 4 that move slowly, not every area scored from the start."""
    rng = generator("learning cities")
    years = np.array([y for y in YEARS if y >= FIRST_YEAR])
    rows = []
    for province in LEARNING_CITY_PROVINCES:
        level = rng.choice(3, len(FOCUS), p=[0.35, 0.45, 0.2])
        pace = rng.uniform(0.15, 0.6)
        silent = rng.random(len(FOCUS)) < np.where(np.array(FOCUS) == SILENT_FOCUS, 0.6, 0.15)
        for number, year in enumerate(years):
            level = np.clip(level + (rng.random(len(FOCUS)) < pace) - (rng.random(len(FOCUS)) < 0.04), 0, 4)
            scored = ~silent | (rng.random(len(FOCUS)) < 0.3 * number)
            if province == LATE and number == 0:
                continue
            rows += [(province, int(year), FOCUS[i], int(level[i]), INVENTED) for i in np.flatnonzero(scored)]
    return pd.DataFrame(rows, columns=["province_code", "academic_year", "focus", "level", "evidence"])
