"""Cells: a value with its state. A grey province is never zero.

States: `value`; `zero` (a true nought); `suppressed` (hidden by disclosure control); `not_collected` (no row for that place and
period); `not_applicable` (nothing to collect there); `older` (an earlier period is shown, named in `older_period`).
Flags: `partial` (a sum that leaves hidden places out), `incomplete` (a sum of places of which some sent nothing), `too_fine` (this
combination is not published at this level), `small_sample`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.indicators import Indicator
from data_access.statistics import wilson

VALUE, ZERO, SUPPRESSED = "value", "zero", "suppressed"
NOT_COLLECTED, NOT_APPLICABLE, OLDER = "not_collected", "not_applicable", "older"
STATES = (VALUE, ZERO, SUPPRESSED, NOT_COLLECTED, NOT_APPLICABLE, OLDER)
NO_TRIALS = ("attendance_sum", "done", "scored", "reached")  # days, visits, areas of a place: no independent trials
COLUMNS = ["period", "value", "state", "numerator", "denominator", "n", "low", "high", "flag", "table", "older_period"]


def finish(frame: pd.DataFrame, indicator: Indicator, table: str) -> pd.DataFrame:
    """Complete the columns of an answer: state from value and `collected`, intervals of shares, provenance.

    Args:
        frame: has period, value and (bool) collected; may have numerator, denominator, n, low, high, flag.
    """
    out = frame.copy()
    for column in ("numerator", "denominator", "n", "low", "high"):
        if column not in out:
            out[column] = np.nan
    if "flag" not in out:
        out["flag"] = ""
    out["table"], out["older_period"] = table, ""
    present = out["value"].notna()
    zero = present & (out["value"] == 0) & (indicator.kind in ("count", "money"))
    out["state"] = np.select([zero, present, out["collected"].astype(bool)], [ZERO, VALUE, SUPPRESSED], NOT_COLLECTED)
    if indicator.kind == "rate" and indicator.numerator not in NO_TRIALS and out["low"].isna().all():
        out["low"], out["high"] = wilson(out["numerator"].to_numpy(float), out["denominator"].to_numpy(float))
    out.loc[~present, ["numerator", "denominator", "n", "low", "high"]] = np.nan  # what has no value has no parts either
    return out.drop(columns="collected")
