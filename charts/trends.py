"""Lines over periods, with bands, gaps, targets and numbered events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import describe
from charts.axes import value_axis
from charts.description import Description, Series, axis_of, numbers
from charts.style import Style
from charts.theme import (
    INCOMPLETE,
    NOT_COLLECTED,
    PROVISIONAL,
    SHOWN,
    SUPPRESSED,
    TOLD,
    Chart,
    Measure,
    cell_words,
    complete,
    figure,
    state_words,
)
from i18n import N_

Rows = list[dict[str, Any]]
"""The cells of one series, one a period of the axis."""
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "triangle-down")
MARKS = {SUPPRESSED: "x-thin", INCOMPLETE: "circle-open", PROVISIONAL: "circle-open"}
CROWDED = 7  # more periods than this: only first semesters are named on the axis
MANY, FEW = 26, 4  # more periods than this: about this many names


@dataclass(frozen=True)
class Event:
    """Something that happened: the period code on the axis that it belongs to, and its title.

    One that `breaks` is a rule that changed: lines are not drawn across it, for what is before and after does not compare.
    """

    x: str
    title: str
    breaks: bool = False


def trend(
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
) -> Chart:
    """A line over periods with its 95 % band; a gap where nothing was collected, a cross where a cell is suppressed.

    Args:
        frame: `x` (period code), `value`, `state`, low/high where known, and `series` when there are several lines.
        labels: every period code of the axis, in order, with its words.
        series_names: series code -> words; the first is drawn strongest.
        targets: period code -> the value to be reached in it; each stands at its own period, never as a line across others.
        reach: values that the axis has to hold besides, such as nought, or those of charts that stand beside this one.
        equal: draw all series alike, told apart by colour and by the shape of their marks.
    """
    codes = list(labels)
    several = series_names is not None and len(series_names) > 1
    fig = figure(
        style,
        height,
        hovermode="x unified",
        showlegend=several,
        margin={"b": 84 if several else 8},
        legend={"yref": "container", "y": 0, "yanchor": "bottom"},
        yaxis={"rangemode": "tozero" if measure.kind in ("count", "money") else "normal"},
        xaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": [labels[c] for c in codes],
            "showgrid": False,
            "range": [-0.4, len(codes) - 0.6],
            "tickvals": [labels[c] for c in ticked(codes)],
        },
    )
    frame = complete(frame)
    parts = series_parts(frame, codes, series_names or {"": measure.title})
    numbered = in_order(events, labels)
    for position, (name, part) in enumerate(parts.items()):
        _line(fig, part, name, measure, style, labels, position, equal, broken_at(numbered, labels))
    goals = on_the_axis(targets, labels)
    if goals:
        fig.add_trace(_goals(goals, measure, style, labels))
    _events(fig, numbered, style, labels)
    value_axis(fig, frame, measure, style, extra=[*goals.values(), *reach])
    notes = (*event_notes(numbered, labels), *target_notes(goals, measure, style, labels))
    said = _described(parts, goals, measure, style, labels, numbered, reach)
    found = describe.finding_over_time(next(iter(parts.values())), title or measure.title, measure, style, labels)
    alt = alt_text(parts, measure, style, labels, goals, title)
    return Chart(fig, alt, title or measure.title, notes, description=said, finding="" if several else found)


def _described(
    parts: Mapping[str, Rows],
    goals: Mapping[str, float],
    measure: Measure,
    style: Style,
    labels: Mapping[str, str],
    numbered: Sequence[Event],
    reach: Sequence[float],
) -> Description:
    """The lines with their provisional ends, sums that lack senders apart, and the targets; never a number for a hidden cell."""
    palette, series = style.palette, []
    for position, (name, part) in enumerate(parts.items()):
        colour = palette.series[position % len(palette.series)]
        early = [row["state"] == PROVISIONAL and row["value"] is not None for row in part]
        drawn = [row["value"] if row["state"] in TOLD else None for row in part]
        low, high = (
            numbers(row.get(k) if v is not None else None for row, v in zip(part, drawn, strict=True)) for k in ("low", "high")
        )
        between = any(v is not None for v in low)
        series.append(
            Series(
                name,
                numbers(drawn),
                colour,
                low=low if between else (),
                high=high if between else (),
                hollow=tuple(n for n, hollow in enumerate(early) if hollow),
                breaks=tuple(broken_at(numbered, labels)),
            )
        )
        if any(lacking := [row["value"] if row["state"] == INCOMPLETE else None for row in part]):
            series.append(Series(f"{name} · {state_words(INCOMPLETE, style)}", numbers(lacking), palette.muted, "apart"))
    if goals:
        series.append(Series(style.text(N_("Target")), numbers(goals.get(code) for code in labels), palette.target, "target"))
    axis, at = list(labels), [event.x for event in numbered]
    marked = tuple(
        (axis.index(x), ", ".join(str(n) for n, other in enumerate(at, start=1) if other == x)) for x in dict.fromkeys(at)
    )
    return Description(
        "lines", tuple(labels.values()), tuple(series), axis_of(measure, series, style, extra=reach), events=marked
    )


def series_parts(frame: pd.DataFrame, axis: Sequence[str], names: Mapping[str, str]) -> dict[str, Rows]:
    """Words of a series -> its cells, one a period of the axis in `x`; `value` is None where there is no number."""
    there: dict[tuple[str, str], dict[str, Any]] = {}
    for row in frame.to_dict("records"):
        there[str(row.get("series", "")), str(row["x"])] = {
            **row,
            "value": None if pd.isna(row["value"]) else float(row["value"]),
        }
    alone = "series" not in frame
    return {
        name: [there.get(("" if alone else code, x)) or {"x": x, "value": None, "state": NOT_COLLECTED} for x in axis]
        for code, name in names.items()
    }


def on_the_line(part: Rows) -> list[float | None]:
    """The values that a line runs through; the other periods are gaps."""
    return [row["value"] if row["state"] in SHOWN else None for row in part]


def beside_the_line(part: Rows, measure: Measure, style: Style) -> dict[str, list[tuple[str, float | None, str]]]:
    """Periods with a mark of their own: state -> period, height of the mark and words of each."""
    lowest = min((v for v in on_the_line(part) if v is not None), default=0.0)
    found: dict[str, list[tuple[str, float | None, str]]] = {SUPPRESSED: [], INCOMPLETE: [], PROVISIONAL: []}
    for row in part:
        x, value, state = row["x"], row["value"], row["state"]
        if state == SUPPRESSED:
            found[state].append((x, lowest, state_words(state, style)))
        elif state == INCOMPLETE:
            found[state].append((x, value, f"{measure.words(value, style.lang)} · {state_words(state, style)}"))
        elif state == PROVISIONAL and value is not None:
            found[state].append((x, value, cell_words(row, measure, style)))
    return {state: marks for state, marks in found.items() if marks}


def dashes(part: Rows, broken: Sequence[int] = ()) -> list[tuple[int, int]]:
    """The steps to a provisional number from the period before, where both have one: they are dashed. Positions on the axis.

    No step leads across a break, before the positions `broken`.
    """
    told = [row["state"] in TOLD and row["value"] is not None for row in part]
    early = [row["state"] == PROVISIONAL for row in part]
    return [(n - 1, n) for n in range(1, len(part)) if n not in broken and told[n] and told[n - 1] and (early[n] or early[n - 1])]


def alt_text(
    parts: Mapping[str, Rows],
    measure: Measure,
    style: Style,
    labels: Mapping[str, str],
    goals: Mapping[str, float],
    title: str = "",
) -> str:
    """Every series in words, after what they are of where their names do not say it, and the targets."""
    heading = title or measure.title
    said = [describe.series(part, name, measure, style, dict(labels)) for name, part in parts.items()]
    first = [] if list(parts) == [heading] else [f"{heading}."]
    return " ".join([*first, *said, *target_notes(goals, measure, style, labels)])


def on_the_axis(targets: Mapping[str, float] | None, labels: Mapping[str, str]) -> dict[str, float]:
    """The targets of periods that the axis shows, in its order."""
    return {code: targets[code] for code in labels if code in (targets or {})}


def target_notes(goals: Mapping[str, float], measure: Measure, style: Style, labels: Mapping[str, str]) -> list[str]:
    """The targets in words, each with its period; nothing without any."""
    said = ", ".join(f"{labels[code]} {measure.short(value, style.lang)}" for code, value in goals.items())
    return [style.text(N_("Targets (dashes, each at its own period): {targets}"), targets=said)] if goals else []


def in_order(events: Sequence[Event], labels: Mapping[str, str]) -> list[Event]:
    """The events that the axis shows, in its order: their place in the list is their number."""
    axis = list(labels)
    return sorted((e for e in events if e.x in labels), key=lambda e: axis.index(e.x))


def broken_at(events: Sequence[Event], labels: Mapping[str, str]) -> list[int]:
    """Positions on the axis before which lines break off."""
    axis = list(labels)
    return sorted({axis.index(e.x) for e in events if e.breaks and e.x in labels} - {0})


def event_notes(numbered: Sequence[Event], labels: Mapping[str, str]) -> list[str]:
    """The numbers of the events explained."""
    return [f"{number} · {labels[event.x]}: {event.title}" for number, event in enumerate(numbered, start=1)]


def ticked(axis: Sequence[str]) -> list[str]:
    """The periods that are named on the axis: all, first semesters only where there are many, a few where there are very many."""
    if len(axis) <= CROWDED:
        return list(axis)
    if len(axis) > MANY:
        return list(axis)[:: -(-len(axis) // FEW)]
    return [c for c in axis if not c.endswith("-2")]


def _line(
    fig: go.Figure,
    part: Rows,
    name: str,
    measure: Measure,
    style: Style,
    labels: Mapping[str, str],
    position: int,
    equal: bool,
    broken: Sequence[int] = (),
) -> None:
    colour = style.palette.series[position % len(style.palette.series)]
    strong = equal or position == 0
    drawable = on_the_line(part)
    between = [value is not None and pd.notna(row.get("low")) for value, row in zip(drawable, part, strict=True)]
    if any(between):
        for run in _runs(between, broken):
            piece = [part[n] for n in run]
            xs = [labels[row["x"]] for row in piece]
            fig.add_trace(
                go.Scatter(
                    x=xs + xs[::-1],
                    y=[*(row["high"] for row in piece), *(row["low"] for row in reversed(piece))],
                    fill="toself",
                    mode="lines",
                    line={"width": 0},
                    fillcolor=colour,
                    opacity=0.18,
                    hoverinfo="skip",
                    showlegend=False,
                    name="band",
                )
            )
    words = [cell_words(row, measure, style) for row in part]
    x, y = [labels[row["x"]] for row in part], list(drawable)
    for at in reversed(broken):  # a point without a value keeps the two sides apart
        x.insert(at, x[at])
        y.insert(at, None)
        words.insert(at, "")
    fig.add_trace(
        go.Scatter(
            x=x,
            y=y,
            mode="lines+markers",
            name=name,
            connectgaps=False,
            text=words,
            line={"color": colour, "width": 3 if strong else 2, "dash": "solid" if strong else "dot"},
            marker={
                "size": 8 if strong else 6,
                "color": colour,
                "symbol": SYMBOLS[position % len(SYMBOLS)] if equal else "circle",
            },
            hovertemplate="%{text}<extra>" + name + "</extra>",
        )
    )
    for before, after in dashes(part, broken):
        step = part[before], part[after]
        fig.add_trace(
            go.Scatter(
                x=[labels[row["x"]] for row in step],
                y=[row["value"] for row in step],
                mode="lines",
                line={"color": colour, "width": 2, "dash": "dash"},
                hoverinfo="skip",
                showlegend=False,
                name=state_words(PROVISIONAL, style),
            )
        )
    for state, marks in beside_the_line(part, measure, style).items():
        _apart(fig, marks, state, MARKS[state], style, labels, colour if state == PROVISIONAL else style.palette.muted)


def _goals(goals: Mapping[str, float], measure: Measure, style: Style, labels: Mapping[str, str]) -> go.Scatter:
    """Targets as dashes, each at its own period."""
    words = [style.text(N_("Target {value}"), value=measure.short(value, style.lang)) for value in goals.values()]
    return go.Scatter(
        x=[labels[code] for code in goals],
        y=list(goals.values()),
        mode="markers",
        name=style.text(N_("Target")),
        text=words,
        marker={
            "symbol": "line-ew",
            "size": 22,
            "line": {"width": 3, "color": style.palette.target},
            "color": style.palette.target,
        },
        hovertemplate="%{text}<extra></extra>",
    )


def _apart(
    fig: go.Figure,
    marks: Sequence[tuple[str, float | None, str]],
    state: str,
    symbol: str,
    style: Style,
    labels: Mapping[str, str],
    colour: str,
) -> None:
    """Marks of periods that are no part of the line."""
    fig.add_trace(
        go.Scatter(
            x=[labels[x] for x, _value, _said in marks],
            y=[value for _x, value, _said in marks],
            mode="markers",
            name=state_words(state, style),
            text=[said for _x, _value, said in marks],
            marker={"symbol": symbol, "size": 10, "line": {"width": 2, "color": colour}, "color": colour},
            hovertemplate="%{text}<extra></extra>",
        )
    )


def _runs(mask: Sequence[bool], broken: Sequence[int] = ()) -> list[list[int]]:
    runs: list[list[int]] = []
    for index, flag in enumerate(mask):
        if flag and index and mask[index - 1] and index not in broken:
            runs[-1].append(index)
        elif flag:
            runs.append([index])
    return [r for r in runs if len(r) > 1]


def _events(fig: go.Figure, numbered: Sequence[Event], style: Style, labels: Mapping[str, str]) -> None:
    """Numbered markers at the top of the axis; the numbers are explained under the figure."""
    axis = list(labels)
    stacked: dict[str, int] = {}
    lines, marks = [], []
    for number, event in enumerate(numbered, start=1):
        at = axis.index(event.x) - (0.5 if event.breaks else 0)
        if event.x not in stacked or event.breaks:
            line = {"color": style.palette.border, "dash": "dot", "width": 1}
            if event.breaks:
                line = {"color": style.palette.muted, "dash": "solid", "width": 2}
            lines.append({"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "y domain", "line": line})
        where = f"|{event.x}" if event.breaks else event.x
        depth = stacked[where] = stacked.get(where, -1) + 1
        marks.append(
            {
                "x": at,
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "text": f"<b>{number}</b>",
                "showarrow": False,
                "xshift": 18 * depth,
                "hovertext": event.title,
                "font": {"size": 12, "color": style.palette.paper},
                "bgcolor": style.palette.muted,
                "borderpad": 3,
            }
        )
    if marks:  # set at once: Plotly checks the whole layout anew for every shape added
        fig.update_layout(margin={"t": 30}, shapes=[*fig.layout.shapes, *lines], annotations=[*fig.layout.annotations, *marks])
