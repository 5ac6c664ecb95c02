"""A question about one period or one place is read out of the answer to the question about all of them.

Readers change the period or the province again and again; the wide answer costs as much as the narrow one and serves every such
change, so it is the one that is asked and remembered. A narrow answer equals what a question of its own would give; a test compares
the two over the registry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from data_access.cells import NOT_APPLICABLE, NOT_COLLECTED
from data_access.cube import REGION_SCHEMES
from data_access.indicators import Indicator
from data_access.periods import PERIOD_KEYS

Codes = tuple[tuple[str, tuple[str, ...]], ...]
"""Key -> codes asked for, as a value that can be looked up by."""
FINE_PLACES = ("district", "subdistrict", "lao", "school", "centre")


@dataclass(frozen=True)
class Widened:
    """The wide question, and the keys and codes that pick the narrow answer out of it."""

    by: tuple[str, ...]
    where: Codes
    picked: tuple[tuple[str, str], ...]


class WideAnswer:
    """A remembered answer and where in it each combination of the picked keys stands."""

    def __init__(self, frame: pd.DataFrame, keys: Sequence[str]) -> None:
        if "province" in keys:  # those without data were filled in; a question about one of them is answered by itself
            frame = frame[~frame["state"].isin((NOT_COLLECTED, NOT_APPLICABLE))]
        self.frame = frame.drop(columns=list(keys))
        positions: dict[tuple[str, ...], list[int]] = {}
        for row, codes in enumerate(zip(*(frame[k].tolist() for k in keys), strict=True)):
            positions.setdefault(codes, []).append(row)
        self.positions = positions

    def pick(self, codes: tuple[str, ...]) -> pd.DataFrame | None:
        """The rows of one combination, or None when the wide answer has none."""
        found = self.positions.get(codes)
        return None if found is None else self.frame.iloc[found].reset_index(drop=True)


def widen(indicator: Indicator, by: tuple[str, ...], where: Codes, reported: frozenset[str]) -> Widened | None:
    """The question to ask instead, or None when this one is best asked as it is.

    Args:
        reported: the indicators that agencies reported figures of: which table answers is settled place by place, so that
            their places are never asked about together.
    """
    keys = {*by, *(k for k, _codes in where)}
    one = {k: codes[0] for k, codes in where if len(codes) == 1 and k not in by}
    picked = [k for k in PERIOD_KEYS if k in one and k in indicator.periods]
    if not by and not keys & {*FINE_PLACES, "pilot_set"} and indicator.id not in reported:
        picked += [k for k in ("province",) if k in one] or [
            k for k in REGION_SCHEMES if k in one and not len(set(REGION_SCHEMES) & keys) > 1
        ]
    if not picked or (set(by) & set(FINE_PLACES) and not {"province", *FINE_PLACES} & {k for k, _codes in where}):
        return None
    return Widened((*by, *picked), tuple((k, codes) for k, codes in where if k not in picked), tuple((k, one[k]) for k in picked))
