"""Published figures beside what the tables say: the claim ledger."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import numpy as np
import pandas as pd

from data_access.contract.errors import UsageError
from data_access.contract.periods import BE_OFFSET, PERIOD_KEYS, Semester, parse_period
from data_access.programmes.indicators import REGISTRY
from data_access.programmes.policy.rates import starts
from data_access.questions import cells
from data_access.questions.query import query
from data_access.store.releases import require_release
from data_access.store.tables import read_table

REPRODUCED, DIFFERS, NOT_COMPUTABLE = "reproduced", "differs", "cannot_be_computed"
SAME = 1e-9  # a sum of decimal fractions is equal to this share of the figure: binary numbers do not hit 0.1


def ledger(release: str | None = None) -> pd.DataFrame:
    """Every published figure with the value computed from the tables of a release.

    A claim about several things that are never added up (`Indicator.each`: the lunch *and* the basic-needs rate) is judged of each of
    them: it holds when it holds of all, and its computed value is that of the one that bears it out least.

    Returns:
        One row a claim: the columns of `published_figure`, and computed, difference, status, parts (of such a claim, else empty:
        dicts of key, code, computed, status), query, published_per_head, computed_per_head, same_heads (see `_per_head`).
    """
    found = require_release(release)
    figures = read_table(found.id, "published_figure")
    rows = figures.to_dict("records")
    parts = [_parts(row, found.id) for row in rows]
    computed = [_least(p) if p else _compute(row, found.id) for row, p in zip(rows, parts, strict=True)]
    out = figures.assign(computed=np.array(computed, dtype=float), parts=pd.Series(parts, dtype=object))
    out["difference"] = [_difference(r) for r in out.to_dict("records")]
    out["status"] = [_status_of_all(r) for r in out.to_dict("records")]
    out["query"] = np.array([_query_text(r) for r in out.to_dict("records")], dtype=object)
    return _per_head(out, found.id)


def filters_of(claim: dict[Any, Any]) -> dict[str, Any]:
    """The filters of a claim's question to the tables; raises ValueError where they are no JSON."""
    return json.loads(claim["where_json"]) if isinstance(claim["where_json"], str) else {}


def _compute(claim: dict[Any, Any], release: str, **more: str) -> float | None:
    if not isinstance(claim["indicator"], str) or not claim["indicator"]:
        return None
    try:
        cell = query(claim["indicator"], where={**filters_of(claim), **more}, release=release).iloc[0]
    except (UsageError, ValueError):  # an indicator, filter or JSON that is none: one claim's mistake, told in its own row
        return None
    return float(cell["value"]) if cell["state"] in cells.TOLD and cell["flag"] == "" else None


def _parts(claim: dict[Any, Any], release: str) -> list[dict[str, Any]]:
    """What a claim says of each of several things that are never added up; empty for a claim about one."""
    try:
        key, filters = REGISTRY[claim["indicator"]].each, filters_of(claim)
    except (KeyError, ValueError):
        return []
    codes = filters.get(key) if key else None
    if not isinstance(codes, list):
        return []
    values = [_compute(claim, release, **{key: str(code)}) for code in codes]
    return [{"key": key, "code": c, "computed": v, "status": status(claim, v)} for c, v in zip(codes, values, strict=True)]


def _least(parts: list[dict[str, Any]]) -> float | None:
    return min((p["computed"] for p in parts if p["computed"] is not None), default=None)


def _difference(claim: dict[Any, Any]) -> float:
    """Computed less published; nought where they differ by rounding alone (`SAME`)."""
    apart = claim["computed"] - claim["value"]
    return 0.0 if abs(apart) <= SAME * abs(claim["value"]) else apart


def status(claim: dict[Any, Any], computed: float | None) -> str:
    """Whether a computed value bears a claim out, the claim read as it is worded ("at least", "about")."""
    if computed is None or pd.isna(computed):
        return NOT_COMPUTABLE
    difference = _difference({**claim, "computed": computed})
    holds = {
        "exact": difference == 0,
        "about": abs(difference) <= (claim["tolerance"] or 0),
        "at_least": difference >= 0,
        "more_than": difference > 0,
    }
    return REPRODUCED if holds[claim["comparator"]] else DIFFERS


def _status_of_all(claim: dict[Any, Any]) -> str:
    """A claim about several things holds when it holds of each, and fails when it fails of one."""
    found = [p["status"] for p in claim["parts"]] or [status(claim, claim["computed"])]
    return next((s for s in (DIFFERS, NOT_COMPUTABLE) if s in found), REPRODUCED)


def speaks_of(claim: dict[Any, Any], asked: dict[str, Any], period: str) -> bool:
    """Whether a claim is about a number: the same filters, and of the claim's period where the number has one.

    Args:
        asked: the filters that the number was asked with.
        period: the period of the number's cell; empty for a number without periods.
    """
    try:
        filters = filters_of(claim)
    except ValueError:
        return False
    mine, theirs = ({k: v for k, v in f.items() if k not in PERIOD_KEYS} for f in (filters, asked))
    said = next((filters[k] for k in PERIOD_KEYS if k in filters), claim["period"])
    in_time = not period or not isinstance(said, str) or said == period
    return (
        in_time
        and mine.keys() == theirs.keys()
        and all(theirs[k] == v or (isinstance(v, list) and theirs[k] in v) for k, v in mine.items())
    )


def is_its_number(claim: dict[Any, Any], value: float) -> bool:
    """Whether a value is the claim's own number: then it says no more than the claim does."""
    return _difference({**claim, "computed": value}) == 0


def _query_text(row: dict[Any, Any]) -> str | None:
    if not isinstance(row["indicator"], str) or not row["indicator"]:
        return None
    try:
        filters = " ".join(f"{k}={','.join(v) if isinstance(v, list) else v}" for k, v in filters_of(row).items())
    except ValueError:
        return None
    apart = f" --by {row['parts'][0]['key']}" if row["parts"] else ""
    return f"query {row['indicator']}{apart}" + (f" --where {filters}" if filters else "")


def _per_head(ledger_frame: pd.DataFrame, release: str) -> pd.DataFrame:
    """Money over heads: published over published, and computed over the distinct heads of the *same* period.

    `same_heads` is False where the published sum is of another period than the published heads (a year's money, a semester's heads):
    the published quotient is then none a head of that period, and says so.
    """
    if ledger_frame.empty:
        return ledger_frame.assign(published_per_head=0.0, computed_per_head=0.0, same_heads=True)
    by_id = {r["claim_id"]: r for r in ledger_frame.to_dict("records")}
    money = [(r, by_id.get(r["heads_claim"])) for r in ledger_frame.to_dict("records")]
    return ledger_frame.assign(
        published_per_head=[np.nan if h is None else r["value"] / h["value"] for r, h in money],
        computed_per_head=[np.nan if h is None else r["computed"] / _heads(r, h, release) for r, h in money],
        same_heads=[h is None or r["period"] == h["period"] for r, h in money],
    )


def _heads(money: dict[Any, Any], heads: dict[Any, Any], release: str) -> float:
    """The distinct heads that the money of a claim was paid to, in the money's own period; NaN where the tables cannot say."""
    of_the_period = _compute({**heads, "where_json": money["where_json"]}, release)
    return of_the_period if of_the_period else np.nan


# ---- per-head money beside the rates in force -----------------------------------------------------------------------------
SEMESTERS_A_YEAR = 2
PER_SEMESTER = {"semester": 1.0, "year": 1 / SEMESTERS_A_YEAR}
READINGS = {"semester": 1, "year": SEMESTERS_A_YEAR}
"""What a sum may pay for: semesters of the rate."""
COVERED = ("kindergarten", "primary", "lower_secondary", "all")
"""Bands that pupils of the agreement can be in: kindergarten to lower secondary, or everybody alike."""


def rate_fits(release: str | None = None) -> pd.DataFrame:
    """Published money per head beside the rates in force in its period, as any mix of levels paid for a semester or for a year.

    Nothing is corrected: "about 40 million" for 26,376 heads is 1,498 to 1,536 baht a head. A rate of 500 baht in primary and 1,500 in
    lower secondary gives between 500 and 1,500 a head for a semester and between 1,000 and 3,000 for a year, by how many are where. It
    fits a reading when the two ranges meet; with two levels the share of heads at the higher one that this takes is
    (head − lowest) ÷ (highest − lowest).

    Returns:
        One row a claim of money × card of rates × reading: claim_id, period, per_head, low, high (baht a head, from the claim's
        rounding), rate_id, status, effective_from, since_known, bands (words of the table, lowest rate first), reading ("semester" or
        "year"), lowest, highest (baht a head, over all mixes), fits, share_low, share_high (heads at the highest band, of the mixes that
        fit; NaN unless the card has two amounts and fits), source.
    """
    found = require_release(release)
    figures = ledger(found.id)
    money = figures[figures["heads_claim"].notna() & figures["period"].notna()]
    rates = read_table(found.id, "rate")
    rows = [row for claim in money.to_dict("records") for row in _beside(claim, figures, rates)]
    return pd.DataFrame(rows, columns=list(rows[0]) if rows else ["claim_id", "fits"])


def _beside(claim: dict[Any, Any], figures: pd.DataFrame, rates: pd.DataFrame) -> list[dict[str, Any]]:
    heads = figures.set_index("claim_id")["value"][claim["heads_claim"]]
    low, high = ((claim["value"] + sign * claim["tolerance"]) / heads for sign in (-1, 1))
    about = {
        "claim_id": claim["claim_id"],
        "period": claim["period"],
        "per_head": claim["value"] / heads,
        "low": low,
        "high": high,
    }
    in_force = _in_force(rates, REGISTRY[claim["indicator"]].rate, _last_day(claim["period"]))
    rows = []
    for (status_, since), card in in_force.groupby(["status", "effective_from"], sort=False):
        card = card.assign(semester=card["baht"] * card["per"].map(PER_SEMESTER)).sort_values("semester")
        said = {
            "rate_id": card["rate_id"].iloc[0],
            "status": status_,
            "effective_from": since,
            "since_known": bool(starts(card).all()),
        }
        for reading, times in READINGS.items():
            mix = _mix(low, high, card["semester"].to_numpy() * times)
            rows.append(
                {
                    **about,
                    **said,
                    "bands": card["band"].tolist(),
                    "reading": reading,
                    **mix,
                    "source": "; ".join(card["source"].unique()),
                }
            )
    return rows


def _mix(low: float, high: float, amounts: np.ndarray) -> dict[str, Any]:
    """Whether heads mixed over these amounts can come to low-high each, and which shares at the highest of two amounts do."""
    lowest, highest = float(amounts.min()), float(amounts.max())
    fits = low <= highest and high >= lowest
    shares = [np.nan, np.nan]
    if fits and len(set(amounts)) == 2:
        shares = [float(np.clip((x - lowest) / (highest - lowest), 0, 1)) for x in (low, high)]
    return {"lowest": lowest, "highest": highest, "fits": fits, "share_low": shares[0], "share_high": shares[1]}


def _in_force(rates: pd.DataFrame, rate_id: str, day: dt.date) -> pd.DataFrame:
    """The latest rate of each band and status that had begun by a day; what sources disagree on stays side by side."""
    begun = rates[
        (rates["rate_id"] == rate_id)
        & (pd.to_datetime(rates["effective_from"]) <= pd.Timestamp(day))
        & rates["band"].isin(COVERED)
    ]
    return begun.sort_values("effective_from").groupby(["band", "status"], as_index=False).last()


def _last_day(code: str) -> dt.date:
    """The last day of a semester or academic year, by the nominal starts of 1 May and 1 November."""
    period = parse_period(code)
    first_half = isinstance(period, Semester) and period.half == 1
    year = period.year - BE_OFFSET
    return dt.date(year, 10, 31) if first_half else dt.date(year + 1, 4, 30)
