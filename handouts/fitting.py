"""How much of a table a slide holds, and how many lines words take: the same on pages and in PPTX."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from data_access.saved.stories import Slide
from i18n import format_number, letters

RATIOS = {"16:9": (13.333, 7.5), "4:3": (10.0, 7.5)}  # inches
SHOWN_ROWS, SHOWN_COLUMNS, LONGEST_CELL = 14, 7, 90
LETTER, LINE = 0.0074, 1.45 / 72  # inches a point of type: the width of a letter, the height of a line


class Fitted(NamedTuple):
    """The part of a table that fits: words of its cells, widths of its columns in inches, size of type in points."""

    columns: list[str]
    rows: list[list[str]]
    widths: list[float]
    size: int


def fit_table(slide: Slide, width: float, height: float) -> Fitted:
    """The first columns, as wide as their words, and the rows that fit into a height in inches."""
    columns = list(slide.columns[:SHOWN_COLUMNS])
    size = 14 if len(columns) <= 4 else 11
    said = [[words(v, slide.lang) for v in row[: len(columns)]] for row in slide.rows[:SHOWN_ROWS]]
    longest = [max(6, *(min(letters(line[c]), LONGEST_CELL) for line in [columns, *said])) for c in range(len(columns))]
    widths = [n * size * LETTER + 0.25 for n in longest]
    if sum(widths) > width:
        widths = [width * n / sum(longest) for n in longest]
    used, kept = size * LINE * 1.4, []
    for row in said:
        used += max(lines_of(text, wide - 0.2, size) for text, wide in zip(row, widths, strict=True)) * size * LINE + 0.06
        if used > height:
            break
        kept.append(row)
    return Fitted(columns, kept, widths, size)


def lines_of(text: str, width: float, size: int) -> int:
    """How many lines a text takes; Thai has no spaces to break at, so letters are counted."""
    return max(1, math.ceil(letters(text) * size * LETTER / max(width, 0.3))) if text else 0


def words(value: Any, lang: str) -> str:
    """A cell of a table as text: numbers with separators, at most two decimals, nothing for a missing one."""
    if value is None:
        return "–"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    digits = 0 if float(value).is_integer() else 1 if abs(value) >= 10 else 2
    return format_number(value, lang, digits)
