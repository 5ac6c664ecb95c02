"""A question about one period or one place is read out of the answer to the question about all of them.

Readers change the period or the province again and again; the wide answer costs as much as the narrow one and serves every such
change, so it is the one that is asked and remembered. A narrow answer equals what a question of its own would give; a test compares
the two over the registry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data_access.contract.periods import PERIOD_KEYS
from data_access.programmes.base import Indicator
from data_access.questions.cells import NOT_APPLICABLE, NOT_COLLECTED
from data_access.summaries.cube import REGION_SCHEMES

Row = Mapping[Any, Any]
"""One row of an answer by column."""
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
    """A remembered answer and where in it each combination of the picked keys stands.

    Args:
        frame: the answer. Provinces of which there is nothing are named in it too (`filled`, where it has that column); a question
            about one of them names itself alone, so their rows are left out where it is broken down further or names no period (the
            latest one is that of the place), and where nothing says which were filled in, places with a row without data are asked
            about by themselves.
        keys: those that the narrow questions pick.
        alone: whether each combination of them is one row.
    """

    def __init__(self, frame: pd.DataFrame, keys: Sequence[str], alone: bool) -> None:
        missing: set[tuple[str, ...]] = set()
        if "filled" in frame:
            named = (alone and not {*keys}.isdisjoint(PERIOD_KEYS)) or "province" not in keys
            frame = (frame if named else frame[~frame["filled"].astype(bool)]).drop(columns="filled")
        elif "province" in keys and "state" in frame:
            blank = frame["state"].isin((NOT_COLLECTED, NOT_APPLICABLE))
            missing, frame = set(zip(*(frame.loc[blank, k].tolist() for k in keys), strict=True)), frame[~blank]
        self.frame = frame.drop(columns=list(keys))
        self._rows: list[Row] = []
        positions: dict[tuple[str, ...], list[int]] = {}
        for row, codes in enumerate(zip(*(frame[k].tolist() for k in keys), strict=True)):
            if codes not in missing:
                positions.setdefault(codes, []).append(row)
        self.positions = positions

    def pick(self, codes: tuple[str, ...]) -> pd.DataFrame | None:
        """The rows of one combination, or None when the wide answer has none."""
        found = self.positions.get(codes)
        return None if found is None else self.frame.iloc[found].reset_index(drop=True)

    def row(self, codes: tuple[str, ...]) -> Row | None:
        """The only row of one combination, without a frame around it; None when there is none, or more than one."""
        found = self.positions.get(codes, ())
        if len(found) != 1:
            return None
        self._rows = self._rows or list(self.frame.to_dict("records"))
        return self._rows[found[0]]


def widen(indicator: Indicator, by: tuple[str, ...], where: Codes, reported: frozenset[str]) -> Widened | None:
    """The question to ask instead, or None when this one is best asked as it is.

    Args:
        reported: the indicators that agencies reported figures of: which table answers is settled place by place, so that
            their places are never asked about together.
    """
    keys = {*by, *(k for k, _codes in where)}
    one = {k: codes[0] for k, codes in where if len(codes) == 1 and k not in by}
    picked = [k for k in PERIOD_KEYS if k in one and k in indicator.periods]
    if not {*by} & {*REGION_SCHEMES, "province"} and not keys & {*FINE_PLACES, "pilot_set"} and indicator.id not in reported:
        picked += [k for k in ("province",) if k in one] or [
            k for k in REGION_SCHEMES if k in one and not len(set(REGION_SCHEMES) & keys) > 1
        ]
    if not picked or set(by) & set(FINE_PLACES):  # small places are many, and a reader looks at those of one period
        return None
    return Widened((*by, *picked), tuple((k, codes) for k, codes in where if k not in picked), tuple((k, one[k]) for k in picked))
