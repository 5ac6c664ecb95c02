"""Cells: a value with its state. A grey province is never zero.

States: `value`; `zero` (a true nought); `suppressed` (hidden by disclosure control); `not_collected` (no row for that place and
period); `not_applicable` (nothing to collect there); `older` (an earlier period is shown, named in `older_period`); `provisional` (a number
of a period that has not ended at the release's as-of date, or of which fewer than `COMPLETE_FROM` of the expected senders have come; `came`
is the share that has). A provisional number may be told, with its state; it is compared with nothing, ranked with nothing and judged by
nothing: less than before is no fall.

Flags: `partial` (a sum that leaves hidden places out), `incomplete` (a sum of places of which some sent nothing), `too_fine` (this
combination is not published at this level), `small_sample`.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from data_access.contract.periods import last_day
from data_access.programmes.base import Indicator

VALUE, ZERO, SUPPRESSED = "value", "zero", "suppressed"
NOT_COLLECTED, NOT_APPLICABLE, OLDER = "not_collected", "not_applicable", "older"
PROVISIONAL = "provisional"
STATES = (VALUE, ZERO, SUPPRESSED, NOT_COLLECTED, NOT_APPLICABLE, OLDER, PROVISIONAL)
TOLD = (VALUE, ZERO, PROVISIONAL)
"""The states of a number of the period that was asked for."""
COMPLETE_FROM = 0.95  # of those who are expected: a single centre without a number does not make a country's total incomplete
PARTS = ("numerator", "denominator", "n", "low", "high", "came")
COLUMNS = ["period", "value", "state", *PARTS, "flag", "table", "older_period"]


def finish(frame: pd.DataFrame, indicator: Indicator, table: str) -> pd.DataFrame:
    """Complete the columns of an answer: state from value and `collected`, provenance.

    Args:
        frame: has period, value and (bool) collected; may have numerator, denominator, n, low, high, came, flag.
    """
    value, collected = frame["value"].to_numpy(float), frame["collected"].to_numpy(bool)
    present = ~np.isnan(value)
    zero = present & (value == 0) & (indicator.kind in ("count", "money"))
    parts = {c: frame[c].to_numpy(float) if c in frame else np.full(len(frame), np.nan) for c in PARTS}
    return pd.DataFrame(  # at once: every question comes by here, and a column set one by one takes a tenth of its time
        {
            **{c: frame[c] for c in frame.columns if c != "collected"},
            **{c: np.where(present, part, np.nan) for c, part in parts.items()},  # what has no value has no parts either
            "flag": frame["flag"].fillna("") if "flag" in frame else "",
            "table": table,
            "older_period": "",
            "state": np.select([zero, present, collected], [ZERO, VALUE, SUPPRESSED], NOT_COLLECTED),
        },
        index=frame.index,
    )


def provisional(frame: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """The cells of a release with those marked that are provisional at its as-of date."""
    running = {p for p in frame["period"].unique() if p and last_day(p) > as_of}
    early = frame["period"].isin(running) | (frame["came"] < COMPLETE_FROM)
    return frame.assign(state=frame["state"].mask(early & frame["state"].isin((VALUE, ZERO)), PROVISIONAL))
