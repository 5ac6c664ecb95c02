"""Published figures beside what the tables say: the claim ledger."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import numpy as np
import pandas as pd

from data_access.errors import UsageError
from data_access.indicators import REGISTRY
from data_access.periods import BE_OFFSET, Semester, parse_period
from data_access.query import query
from data_access.releases import require_release
from data_access.tables import read_table

REPRODUCED, DIFFERS, NOT_COMPUTABLE = "reproduced", "differs", "cannot_be_computed"
SAME = 1e-9  # a sum of decimal fractions is equal to this share of the figure: binary numbers do not hit 0.1


def ledger(release: str | None = None) -> pd.DataFrame:
    """Every published figure with the value computed from the tables of a release.

    Returns:
        One row a claim: the columns of `published_figure`, and computed, difference, status, query, published_per_head, computed_per_head.
    """
    found = require_release(release)
    figures = read_table(found.id, "published_figure")
    computed = [_compute(row, found.id) for row in figures.to_dict("records")]
    out = figures.assign(computed=np.array(computed, dtype=float))
    difference = out["computed"] - out["value"]
    same = difference.abs() <= SAME * out["value"].abs()
    out["difference"] = difference.mask(same, 0.0)
    out["status"] = [_status(r) for r in out.to_dict("records")]
    out["query"] = np.array([_query_text(r) for r in out.to_dict("records")], dtype=object)
    return _per_head(out)


def filters_of(claim: dict[Any, Any]) -> dict[str, Any]:
    """The filters of a claim's question to the tables; raises ValueError where they are no JSON."""
    return json.loads(claim["where_json"]) if isinstance(claim["where_json"], str) else {}


def _compute(claim: dict[Any, Any], release: str) -> float | None:
    if not isinstance(claim["indicator"], str) or not claim["indicator"]:
        return None
    try:
        cell = query(claim["indicator"], where=filters_of(claim), release=release).iloc[0]
    except (UsageError, ValueError):  # an indicator, filter or JSON that is none: one claim's mistake, told in its own row
        return None
    return float(cell["value"]) if cell["state"] in ("value", "zero") and cell["flag"] == "" else None


def _status(row: dict[Any, Any]) -> str:
    """Whether the computed value bears the claim out, the claim read as it is worded ("at least", "about")."""
    if pd.isna(row["computed"]):
        return NOT_COMPUTABLE
    difference, tolerance = row["difference"], row["tolerance"]
    holds = {
        "exact": difference == 0,
        "about": abs(difference) <= tolerance,
        "at_least": difference >= 0,
        "more_than": difference > 0,
    }
    return REPRODUCED if holds[row["comparator"]] else DIFFERS


def _query_text(row: dict[Any, Any]) -> str | None:
    if not isinstance(row["indicator"], str) or not row["indicator"]:
        return None
    try:
        filters = " ".join(f"{k}={','.join(v) if isinstance(v, list) else v}" for k, v in filters_of(row).items())
    except ValueError:
        return None
    return f"query {row['indicator']}" + (f" --where {filters}" if filters else "")


def _per_head(ledger_frame: pd.DataFrame) -> pd.DataFrame:
    if ledger_frame.empty:
        return ledger_frame.assign(published_per_head=0.0, computed_per_head=0.0)
    by_id = ledger_frame.set_index("claim_id")
    heads = ledger_frame["heads_claim"]
    return ledger_frame.assign(
        published_per_head=ledger_frame["value"] / heads.map(by_id["value"]),
        computed_per_head=ledger_frame["computed"] / heads.map(by_id["computed"]),
    )


# ---- per-head money beside the rates in force -----------------------------------------------------------------------------
SEMESTERS_A_YEAR = 2
PER_SEMESTER = {"semester": 1.0, "year": 1 / SEMESTERS_A_YEAR}


def rate_fits(release: str | None = None) -> pd.DataFrame:
    """Published money per head beside the rates in force in its period, read as one semester's and as a year's.

    Nothing is corrected: "about 28 million" for 17,965 heads is 1,531 to 1,586 baht a head, and a rate fits a reading when its
    amount for a semester, or for a year of two, lies in that range.

    Returns:
        One row a claim of money × rate in force: claim_id, period, per_head, low, high (baht a head, from the claim's rounding), rate_id,
        band, effective_from, status, source, semester_baht, year_baht, fits ("semester", "year" or "").
    """
    found = require_release(release)
    figures = ledger(found.id)
    money = figures[figures["heads_claim"].notna() & figures["period"].notna()]
    rates = read_table(found.id, "rate")
    parts = [_beside(claim, figures, rates) for claim in money.to_dict("records")]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["claim_id", "fits"])


def _beside(claim: dict[Any, Any], figures: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    heads = figures.set_index("claim_id")["value"][claim["heads_claim"]]
    low, high = ((claim["value"] + sign * claim["tolerance"]) / heads for sign in (-1, 1))
    out = _in_force(rates, REGISTRY[claim["indicator"]].rate, _last_day(claim["period"])).assign(
        claim_id=claim["claim_id"], period=claim["period"], per_head=claim["value"] / heads, low=low, high=high
    )
    out["semester_baht"] = out["baht"] * out["per"].map(PER_SEMESTER)
    out["year_baht"] = out["semester_baht"] * SEMESTERS_A_YEAR
    out["fits"] = ""
    for reading in ("year", "semester"):
        out.loc[out[f"{reading}_baht"].between(low, high), "fits"] = reading
    return out.drop(columns=["baht", "per"])


def _in_force(rates: pd.DataFrame, rate_id: str, day: dt.date) -> pd.DataFrame:
    """The latest rate of each band and status that had begun by a day; what sources disagree on stays side by side."""
    begun = rates[(rates["rate_id"] == rate_id) & (pd.to_datetime(rates["effective_from"]) <= pd.Timestamp(day))]
    return begun.sort_values("effective_from").groupby(["band", "status"], as_index=False).last()


def _last_day(code: str) -> dt.date:
    """The last day of a semester or academic year, by the nominal starts of 1 May and 1 November."""
    period = parse_period(code)
    first_half = isinstance(period, Semester) and period.half == 1
    year = period.year - BE_OFFSET
    return dt.date(year, 10, 31) if first_half else dt.date(year + 1, 4, 30)
