"""What a figure says, apart from any drawing of it: its rows in order, intervals, targets and axes. Slide programs draw their own charts of it.

A figure without a description (a map, flows, sets) is handed out as a picture: nothing else is made of its numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import pandas as pd

from charts.axes import value_scale
from charts.style import Style
from charts.theme import VALUE, Measure
from i18n import N_, gettext
from i18n.numbers import MILLION

Kind = Literal["lines", "bars", "shares", "points"]
Role = Literal["value", "target", "path", "forecast", "apart", "event"]
Values = tuple[float | None, ...]


@dataclass(frozen=True)
class Series:
    """Numbers of one name, one a category, None where none is shown.

    Attributes:
        role: `target`s are marks without a line, a `path` leads to them, a `forecast` is ahead, `apart` are marks that are no part of a line.
        low, high: ends of the intervals; empty where there are none.
        across: the horizontal place of each number, for `points`.
        hollow: positions of provisional numbers.
        breaks: positions before which a line breaks off.
        joined: the line runs on over places without a number, which are none of its own; else it breaks off there.
    """

    name: str
    values: Values
    colour: str
    role: Role = "value"
    low: Values = ()
    high: Values = ()
    across: Values = ()
    hollow: tuple[int, ...] = ()
    breaks: tuple[int, ...] = ()
    joined: bool = False


class Axis(NamedTuple):
    """An axis of numbers: its title, how a spreadsheet writes its numbers, its ends and the step of its ticks (None: whoever draws decides)."""

    title: str
    number_format: str
    low: float | None = None
    high: float | None = None
    step: float | None = None


@dataclass(frozen=True)
class Description:
    """A figure in the order that it is read: lines from the earliest period, bars from the top.

    Attributes:
        axis: of the values; `across` of the other number, for `points`.
        labels: what stands beside each bar where that is not its number alone.
        marked: the category that the reader chose.
        events: position and numbers of what happened, which the notes of the figure explain.
    """

    kind: Kind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    axis: Axis
    across: Axis | None = None
    labels: tuple[str, ...] = ()
    marked: int | None = None
    events: tuple[tuple[int, str], ...] = ()


def described(content: Mapping[str, Any]) -> Description:
    """A description out of its JSON (`dataclasses.asdict`)."""
    rows: list[dict[str, Any]] = [{k: tuple(v) if isinstance(v, list) else v for k, v in s.items()} for s in content["series"]]
    axis, across = (content[k] and Axis(*content[k]) for k in ("axis", "across"))
    return Description(
        content["kind"],
        tuple(content["categories"]),
        tuple(Series(**row) for row in rows),
        axis,
        across,
        tuple(content["labels"]),
        content["marked"],
        tuple((at, words) for at, words in content["events"]),
    )


def numbers(raw: Iterable[Any]) -> Values:
    """Numbers as a description holds them."""
    return tuple(None if v is None or pd.isna(v) else float(v) for v in raw)


def axis_of(
    measure: Measure,
    series: Sequence[Series],
    style: Style,
    title: str = "",
    extra: Sequence[float] = (),
    *,
    from_nought: bool = False,
) -> Axis:
    """The axis on which series have room, with their intervals and the `extra` numbers; its ends are whole steps, where slide programs put ticks."""
    there = [*(v for s in series for v in (*s.values, *s.low, *s.high) if v is not None), *extra]
    title, written = title or measure.unit_name(style.lang), number_format(measure, there, style.lang)
    scale = value_scale(pd.DataFrame({"value": there, "state": VALUE}), measure, from_nought=from_nought)
    if scale is None or len(scale.ticks) < 2:
        return Axis(title, written)
    step = scale.ticks[1] - scale.ticks[0]
    low = math.floor(round((0.0 if scale.low == 0 else min(there)) / step, 6)) * step
    high = math.ceil(round(max(*there, low + step) / step, 6)) * step
    return Axis(title, written, round(low, 10), round(high, 10), round(step, 10))


def number_format(measure: Measure, values: Sequence[float | None], lang: str) -> str:
    """How a spreadsheet writes the numbers of a measure, as `Measure.short` does: rates in per cent, large money in millions."""
    if measure.kind == "rate":
        return "0.0%"
    largest = max((abs(v) for v in values if v is not None), default=0)
    if measure.kind == "money" and largest >= MILLION:
        words = gettext(N_("{x} M"), lang, x="").strip()
        return f'#,##0{".0" if largest < 100 * MILLION else ""},,"\u00a0{words}"'
    return {"sd": "0.00", "mean": "0.0"}.get(measure.kind, "#,##0")
