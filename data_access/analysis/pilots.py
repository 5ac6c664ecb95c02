"""Pilot sets as overlapping sets of provinces: who is in which, and how many are in each combination.

Sets name places of several levels. Here a set touches a province when it names the province or a school, centre or sub-district of it.
"""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

import geo
from data_access.questions import detail
from data_access.store.tables import read_table


@lru_cache(maxsize=8)
def membership(release_id: str) -> pd.DataFrame:
    """77 provinces (rows, by code) × pilot sets (columns, in the order of the table): true where the set touches the province."""
    sets, members = read_table(release_id, "pilot_set"), read_table(release_id, "pilot_member")
    provinces = [str(c) for c in geo.provinces().index]
    homes = detail.homes(release_id)
    out = pd.DataFrame(False, index=pd.Index(provinces, name="province"), columns=list(sets["set_id"]))
    for row in sets.to_dict("records"):
        codes = members.loc[members["set_id"] == row["set_id"], "place_code"].astype(str)
        known = homes.get(row["place_level"])
        touched = codes.map(known).dropna() if known is not None else codes.str[:2]
        out.loc[out.index.isin(set(touched)), row["set_id"]] = True
    return out


def distinct(release_id: str) -> pd.DataFrame:
    """`membership` without the sets of finer places that touch just the provinces of another set (schools beside their provinces)."""
    table = membership(release_id)
    levels = read_table(release_id, "pilot_set").set_index("set_id")["place_level"]
    kept = [s for s in table.columns if levels[s] == "province"]
    kept += [s for s in table.columns if s not in kept and not any(table[s].equals(table[k]) for k in kept)]
    return table[[s for s in table.columns if s in kept]]


def members(release_id: str, set_id: str) -> set[str]:
    """The codes that a set names, at its own level."""
    table = read_table(release_id, "pilot_member")
    return set(table.loc[table["set_id"] == set_id, "place_code"].astype(str))


def combinations(table: pd.DataFrame) -> pd.DataFrame:
    """How many provinces are in exactly each combination of sets.

    Args:
        table: `membership`, perhaps with fewer columns.
    Returns:
        One row a combination that occurs, the empty one left out: one column a set (true or false), `provinces` (count) and `codes`
        (tuple); the largest first.
    """
    sets = list(table.columns)
    inside = table[table.any(axis=1)]
    rows = [
        {
            **dict(zip(sets, key if isinstance(key, tuple) else (key,), strict=True)),
            "provinces": len(part),
            "codes": tuple(part.index),
        }
        for key, part in inside.groupby(sets)
    ]
    out = pd.DataFrame(rows, columns=[*sets, "provinces", "codes"])
    return out.sort_values("provinces", ascending=False, kind="stable", ignore_index=True)


def parts(table: pd.DataFrame, one: str, other: str) -> dict[str, tuple[str, ...]]:
    """The provinces in one set only, in both, in the other only and in neither: `one`, `both`, `other`, `neither` -> codes."""
    a, b = table[one], table[other]
    masks = {"one": a & ~b, "both": a & b, "other": b & ~a, "neither": ~a & ~b}
    return {name: tuple(str(c) for c in table.index[mask]) for name, mask in masks.items()}
