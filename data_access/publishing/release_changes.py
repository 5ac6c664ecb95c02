"""What differs between two releases: rows of their tables, and numbers of the country."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from data_access.contract import schema
from data_access.contract.errors import UsageError
from data_access.programmes.indicators import REGISTRY
from data_access.questions.query import query
from data_access.store.releases import Release, get_release
from data_access.store.tables import read_table


def diff(old_id: str, new_id: str, indicators: Iterable[str] = ()) -> dict[str, pd.DataFrame]:
    """What changed between two releases.

    Returns:
        `tables`: one row a table with rows before/after and rows added, removed and changed;
        `indicators`: one row an indicator and period with the national value and state before/after (`absent` where a release does not
        have the period), the difference, and whether the two differ.
    """
    return {
        "tables": _table_changes(get_release(old_id), get_release(new_id)),
        "indicators": _indicator_changes(old_id, new_id, indicators),
    }


def _table_changes(old: Release, new: Release) -> pd.DataFrame:
    rows = []
    for name in schema.TABLES:
        before, after = read_table(old.id, name), read_table(new.id, name)
        added, removed, changed = _row_changes(before, after, [c.name for c in schema.TABLES[name].primary_key.columns])
        counts = {"rows_before": len(before), "rows_after": len(after), "added": added, "removed": removed, "changed": changed}
        rows.append({"table": name, **counts})
    return pd.DataFrame(rows)


def _row_changes(before: pd.DataFrame, after: pd.DataFrame, keys: list[str]) -> tuple[int, int, int]:
    """Rows added, removed and changed, by key."""
    if before.empty or after.empty:  # pandas cannot merge two empty frames of Arrow text
        return len(after), len(before), 0
    merged = before.merge(after, on=keys, how="outer", indicator=True, suffixes=("_old", "_new"))
    both = merged[merged["_merge"] == "both"]
    changed = pd.Series(False, index=both.index)
    for column in (c for c in before.columns if c not in keys):
        left, right = both[f"{column}_old"], both[f"{column}_new"]
        differs = (left != right).astype("boolean").fillna(True).astype(bool)  # a value beside a missing one differs
        changed |= differs & ~(left.isna() & right.isna())
    return int((merged["_merge"] == "right_only").sum()), int((merged["_merge"] == "left_only").sum()), int(changed.sum())


def _national(indicator: str, release_id: str) -> pd.DataFrame:
    """Period, value and state for the whole country in every period of every kind; without a row where there is no such value (the
    size of a pilot set, say)."""
    parts = []
    for key in REGISTRY[indicator].periods or (None,):
        try:
            parts.append(query(indicator, (key,) if key else (), release=release_id)[["period", "value", "state"]])
        except UsageError:
            continue
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"period": [], "value": [], "state": []}, dtype=object)


def _indicator_changes(old_id: str, new_id: str, indicators: Iterable[str]) -> pd.DataFrame:
    parts = []
    for indicator in indicators or [i for i, x in REGISTRY.items() if not x.each]:
        before, after = (_national(indicator, r) for r in (old_id, new_id))
        both = before.merge(after, on="period", how="outer", suffixes=("_before", "_after"))
        parts.append(both.assign(indicator=indicator))
    found = pd.concat(parts, ignore_index=True)
    sides = {}
    for name in ("before", "after"):
        sides[name] = found[f"value_{name}"].astype(float)
        sides[f"{name}_state"] = found[f"state_{name}"].fillna("absent")
    frame = pd.DataFrame({"indicator": found["indicator"], "period": found["period"], **sides})
    same_value = np.isclose(frame["before"], frame["after"], rtol=1e-12, atol=1e-9, equal_nan=True)
    return frame.assign(
        difference=frame["after"] - frame["before"], changed=~same_value | (frame["before_state"] != frame["after_state"])
    )
