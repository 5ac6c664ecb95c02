"""Lines over periods as values alone, for `static/board/lines.js`; `charts.trends` draws the same for files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from charts import trends
from charts.axes import value_scale
from charts.cache import drawn_once
from charts.style import Style
from charts.theme import Measure, cell_words, complete, rounded
from charts.trends import Event


@drawn_once
def lines(
    frame: pd.DataFrame,
    measure: Measure,
    style: Style,
    *,
    labels: Mapping[str, str],
    series_names: Mapping[str, str] | None = None,
    targets: Mapping[str, float] | None = None,
    events: Sequence[Event] = (),
    height: int = 340,
    title: str = "",
    equal: bool = False,
    reach: Sequence[float] = (),
) -> dict[str, Any]:
    """What the component draws; arguments as for `trends.trend`.

    Returns:
        `axis`, each period [words, whether it may be named]; `ticks`, each [value, words], and the `range` of values; `lines`, each with
        `points` [value, low, high, words] a period, `apart` [period, value, state] for periods with a mark of their own, and `dashes`
        [[period, value], [period, value]] for steps to a provisional one; `targets`, each [period, value, words]; `events`, each
        [period, title], one that breaks half-way to the period before; `breaks`, the periods before which lines break off; `notes`,
        `alt`, `height` and `colours`. Periods are positions on the axis.
    """
    axis, frame = list(labels), complete(frame)
    parts = trends.series_parts(frame, axis, series_names or {"": measure.title})
    goals = trends.on_the_axis(targets, labels)
    scale = value_scale(frame, measure, extra=[*goals.values(), *reach])
    numbered, named = trends.in_order(events, labels), set(trends.ticked(axis))
    palette, broken = style.palette, trends.broken_at(numbered, labels)
    return {
        "title": title or measure.title,
        "alt": trends.alt_text(parts, measure, style, labels, goals, title),
        "notes": [*trends.event_notes(numbered, labels), *trends.target_notes(goals, measure, style, labels)],
        "height": height,
        "axis": [[words, int(code in named)] for code, words in labels.items()],
        "ticks": [[t, measure.short(t, style.lang)] for t in scale.ticks] if scale else [],
        "range": [scale.low, scale.high] if scale else [0, 1],
        "lines": [
            _line(part, name, position, measure, style, equal, axis, broken)
            for position, (name, part) in enumerate(parts.items())
        ],
        "targets": [[axis.index(code), value, measure.short(value, style.lang)] for code, value in goals.items()],
        "events": [[axis.index(event.x) - (0.5 if event.breaks else 0), event.title] for event in numbered],
        "breaks": broken,
        "colours": {key: getattr(palette, key) for key in ("grid", "border", "muted", "paper", "target")},
    }


def _line(
    part: trends.Rows,
    name: str,
    position: int,
    measure: Measure,
    style: Style,
    equal: bool,
    axis: Sequence[str],
    broken: Sequence[int],
) -> dict[str, Any]:
    points = [
        [
            rounded(value),
            *((None, None) if value is None else (rounded(row.get("low")), rounded(row.get("high")))),
            cell_words(row, measure, style),
        ]
        for value, row in zip(trends.on_the_line(part), part, strict=True)
    ]
    apart = [
        [axis.index(x), rounded(value), state]
        for state, marks in trends.beside_the_line(part, measure, style).items()
        for x, value, _said in marks
    ]
    return {
        "name": name,
        "colour": style.palette.series[position % len(style.palette.series)],
        "strong": equal or position == 0,
        "shape": trends.SYMBOLS[position % len(trends.SYMBOLS)] if equal else "circle",
        "points": points,
        "apart": apart,
        "dashes": [[[n, rounded(part[n]["value"])] for n in step] for step in trends.dashes(part, broken)],
    }
