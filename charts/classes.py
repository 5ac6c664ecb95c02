"""At most five classes for a map, method and boundary rule in words; labels and classes share rounded bounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from charts.natural_breaks import natural_breaks
from charts.style import Style
from charts.theme import Measure
from i18n import N_

MAX_CLASSES = 5
UNCLEAR, UNCLEAR_SYMBOL = -1, "dot"
UNCLEAR_NAME = N_("No clear difference: the margin of error holds nought")
UNCLEAR_SHORT = N_("no clear difference")
SLIVER = 0.04
"""Of the range: a class narrower than that and with a single place is one with the class beside it, for no eye finds it on the legend."""
VALUES = N_("the values themselves")
DECIMALS = {"rate": 3, "sd": 2, "mean": 1, "per_head": 0, "count": 0, "money": 0, "years": 0}


@dataclass(frozen=True)
class Classes:
    """Upper bounds of the classes (each class takes its upper bound in), the smallest value, and how they were made."""

    uppers: tuple[float, ...]
    lowest: float
    method: str
    diverging: bool = False
    decimals: int | None = None  # when set, values are rounded as the labels are before they are classed

    def index(self, value: float) -> int:
        """Which class a value belongs to."""
        value = value if self.decimals is None else round(value, self.decimals)
        return min(int(np.searchsorted(self.uppers, value, side="left")), len(self.uppers) - 1)

    def members(self, rows: pd.DataFrame) -> pd.Series:
        """The class of each row with a value; UNCLEAR on a two-sided scale where the interval holds nought."""
        found = rows["value"].map(self.index).astype(int)
        return found.mask(unclear(rows), UNCLEAR) if self.diverging else found

    def label(self, index: int, measure: Measure, lang: str) -> str:
        """The class in words: from above the bound below, up to and including its own."""
        if self.method == VALUES:
            return measure.short(self.uppers[index], lang)
        low = self.lowest if index == 0 else self.uppers[index - 1]
        low_text, high_text = measure.short(low, lang), measure.short(self.uppers[index], lang)
        return low_text if low_text == high_text else f"{low_text} – {high_text}"

    def note(self, style: Style) -> str:
        """Method and boundary rule, printed with the map."""
        if len(self.uppers) == 1:
            return style.text(N_("One class: every place has the same value"))
        return style.text(
            N_("{n} classes by {method}; a value on a boundary joins the lower class"),
            n=len(self.uppers),
            method=style.text(self.method),
        )

    def colours(self, measure: Measure, style: Style) -> list[str]:
        """One colour a class: a ramp by direction, or two-sided around nought."""
        palette = style.palette
        ramp = palette.diverging if self.diverging else palette.bad if measure.direction == "down" else palette.good
        n = len(self.uppers)
        if n == 1:
            return [ramp[2]]
        return [ramp[round(i * (len(ramp) - 1) / (n - 1))] for i in range(n)]


def unclear(rows: pd.DataFrame) -> pd.Series:
    """Which rows have an interval that holds nought: no side of it may be claimed."""
    low, high = (pd.to_numeric(rows[c]) if c in rows else pd.Series(np.nan, rows.index) for c in ("low", "high"))
    return (low <= 0) & (high >= 0)


def classify(values: np.ndarray, measure: Measure, diverging: bool = False) -> Classes | None:
    """Natural breaks (Fisher–Jenks) rounded to what the legend prints; even steps around nought when `diverging`, or signed."""
    numbers = np.asarray(values, dtype=float)
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return None
    decimals = DECIMALS.get(measure.kind, 1)
    if diverging or measure.signed:
        reach = float(np.ceil(np.abs(numbers).max() * 10) / 10) or 0.1
        uppers = tuple(float(np.round(reach * f, 3)) for f in (-0.6, -0.2, 0.2, 0.6, 1.0))
        return Classes(uppers, -reach, N_("equal steps on both sides of nought"), diverging=True)
    distinct = np.unique(np.round(numbers, decimals))
    lowest = float(np.floor(numbers.min() * 10**decimals) / 10**decimals)
    if len(distinct) <= MAX_CLASSES:
        return Classes(tuple(float(v) for v in distinct), lowest, VALUES, decimals=decimals)
    bins = natural_breaks(numbers, MAX_CLASSES)
    inner = np.unique(
        np.ceil(np.asarray(bins[:-1], dtype=float) * 10**decimals - 1e-9) / 10**decimals
    )  # up, so that no value leaves its class
    top = float(np.ceil(numbers.max() * 10**decimals) / 10**decimals)
    return Classes(
        (*_without_slivers([float(b) for b in inner if b < top], numbers, lowest, top), top),
        lowest,
        N_("natural breaks (Fisher–Jenks)"),
    )


def _without_slivers(inner: list[float], numbers: np.ndarray, lowest: float, top: float) -> list[float]:
    """The bounds that close no class which is narrow and has one place alone; the highest class counts as well."""

    def sliver(low: float, high: float) -> bool:
        first = low == lowest
        there = int(((numbers >= low if first else numbers > low) & (numbers <= high)).sum())
        return high - low < SLIVER * (top - lowest) and there <= 1

    kept: list[float] = []
    for bound in inner:
        if not sliver(kept[-1] if kept else lowest, bound):
            kept.append(bound)
    return kept[:-1] if len(kept) > 1 and sliver(kept[-1], top) else kept
