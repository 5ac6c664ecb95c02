"""Provinces that are alike in size and in need, whatever their results: who a province may fairly be set beside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from data_access.contract.errors import SamoephakError
from data_access.questions.cells import TOLD
from data_access.questions.query import query
from data_access.store.releases import require_release

FEATURES: tuple[tuple[str, bool], ...] = (
    ("grant.screened", True),
    ("school.pupils", True),
    ("ecd.children", True),
    ("grant.equity_share", False),
    ("ecd.poor_share", False),
)
"""Indicator, and whether its logarithm is taken: sizes are compared as ratios. None of them is a result of a programme."""
FEWEST = 3


@dataclass(frozen=True)
class Similar:
    """The provinces nearest to one, nearest first, with the distance of each and the features that it is measured on.

    A distance is the root mean square difference of the features in standard deviations over the provinces.
    """

    provinces: tuple[str, ...]
    distances: tuple[float, ...]
    features: tuple[str, ...]


@lru_cache(maxsize=4)
def features(release: str) -> pd.DataFrame:
    """Standardised features, one row a province, from published cells of the latest period; missing where nothing may be shown."""
    columns = {}
    for indicator, logarithm in FEATURES:
        try:
            cells = query(indicator, by=("province",), release=release).set_index("province")
        except SamoephakError:
            continue  # a release of an older contract
        value = cells["value"].where(cells["state"].isin(TOLD)).astype(float)
        value = pd.Series(np.log(value.where(value > 0)), value.index) if logarithm else value
        spread = float(value.std())
        if value.notna().sum() >= FEWEST and spread > 0:
            columns[indicator] = (value - value.mean()) / spread
    return pd.DataFrame(columns)


def similar(province: str, release: str | None = None, n: int = 5) -> Similar:
    """The provinces most like one; none where it has fewer than three features that may be shown."""
    frame = features(require_release(release).id)
    if province not in frame.index:
        return Similar((), (), ())
    known = list(frame.loc[[province]].dropna(axis=1).columns)
    if len(known) < FEWEST:
        return Similar((), (), tuple(known))
    others = frame.loc[frame.index != province, known].dropna()
    distance = np.sqrt(((others - frame.loc[province, known]) ** 2).mean(axis=1)).sort_values(kind="stable").head(n)
    return Similar(tuple(str(c) for c in distance.index), tuple(float(d) for d in distance), tuple(known))
