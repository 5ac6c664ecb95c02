"""What cubes cannot say of schools: the gap in scores between town and country."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data_access.programmes.base import Indicator
from data_access.questions import cells
from data_access.questions.question import Ask, Cells
from data_access.summaries.statistics import Z95


def score_gap(_connection: sa.Connection, _indicator: Indicator, ask: Ask, cube: Cells) -> pd.DataFrame:
    """Urban minus rural mean over the pooled SD, within grade and subject, then averaged over both (equal weights)."""
    free = tuple(k for k in ("subject", "grade") if k not in ask.by)
    where = tuple((k, v) for k, v in ask.where if k not in ("area",))
    inner = Ask((*ask.by, *free, "area"), where, ask.period_key)
    means = cube("school.mean_score", inner)
    spread = cube("school.sd_score", Ask((*ask.by, *free), where, ask.period_key))
    keys = list(dict.fromkeys([*ask.by, *free, "period"]))
    means["se"] = (means["high"] - means["value"]) / Z95
    for frame in (means, spread):
        frame["hidden"] = frame["state"] == cells.SUPPRESSED
    hidden = [f.groupby(keys)["hidden"].any() for f in (means, spread)]
    wide: Any = means.set_index([*keys, "area"])[["value", "se"]].unstack("area")  # only the combinations that are there
    wide.columns = [f"{column}_{area}" for column, area in wide.columns]
    joined = wide.reset_index().merge(spread[[*keys, "value"]].rename(columns={"value": "sd"}), on=keys, how="left")
    for column in ("value_urban", "value_rural", "se_urban", "se_rural"):
        joined[column] = joined.get(column, np.nan)
    joined["hidden"] = np.logical_or(
        *(h.reindex(pd.MultiIndex.from_frame(joined[keys])).fillna(False).to_numpy(bool) for h in hidden)
    )
    joined["gap"] = (joined["value_urban"] - joined["value_rural"]) / joined["sd"]
    joined["gap_se"] = np.hypot(joined["se_urban"], joined["se_rural"]) / joined["sd"]
    return _average_gap(joined, list(dict.fromkeys([*ask.by, "period"])))


def _average_gap(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    means = rows[rows["gap"].notna()].groupby(keys)[["gap", "gap_se"]].mean()
    everything = rows.groupby(keys)[["hidden"]].any().join(means).rename(columns={"gap": "value", "gap_se": "se"}).reset_index()
    return everything.assign(
        low=everything["value"] - Z95 * everything["se"],
        high=everything["value"] + Z95 * everything["se"],
        collected=everything["hidden"],
    ).drop(columns=["se", "hidden"])
