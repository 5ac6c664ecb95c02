"""Published figures beside what the tables say: the claim ledger."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from data_access.query import query
from data_access.releases import read_table, require_release

REPRODUCED, DIFFERS, NOT_COMPUTABLE = "reproduced", "differs", "cannot_be_computed"


def ledger(release: str | None = None) -> pd.DataFrame:
    """Every published figure with the value computed from the tables of a release.

    Returns:
        One row a claim: the columns of `published_figure`, and computed, difference, status, query, published_per_head, computed_per_head.
    """
    found = require_release(release)
    figures = read_table(found.id, "published_figure")
    computed = [_compute(row, found.id) for row in figures.to_dict("records")]
    out = figures.assign(computed=computed)
    out["computed"] = out["computed"].astype(float)
    out["difference"] = out["computed"] - out["value"]
    out["status"] = [_status(r) for r in out.to_dict("records")]
    out["query"] = [_query_text(r) for r in out.to_dict("records")]
    return _per_head(out)


def _compute(claim: dict[str, Any], release: str) -> float | None:
    if not isinstance(claim["indicator"], str) or not claim["indicator"]:
        return None
    cell = query(claim["indicator"], where=json.loads(claim["where_json"] or "{}"), release=release).iloc[0]
    return float(cell["value"]) if cell["state"] in ("value", "zero") and cell["flag"] == "" else None


def _status(row: dict[str, Any]) -> str:
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


def _query_text(row: dict[str, Any]) -> str | None:
    if not isinstance(row["indicator"], str) or not row["indicator"]:
        return None
    filters = " ".join(f"{k}={v}" for k, v in json.loads(row["where_json"] or "{}").items())
    return f"query {row['indicator']}" + (f" --where {filters}" if filters else "")


def _per_head(ledger_frame: pd.DataFrame) -> pd.DataFrame:
    by_id = ledger_frame.set_index("claim_id")
    heads = ledger_frame["heads_claim"]
    return ledger_frame.assign(
        published_per_head=ledger_frame["value"] / heads.map(by_id["value"]),
        computed_per_head=ledger_frame["computed"] / heads.map(by_id["computed"]),
    )
