"""Lines over periods, with bands, gaps, targets and numbered events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from charts import describe
from charts.axes import value_axis
from charts.theme import INCOMPLETE, SUPPRESSED, Chart, Measure, Style, cell_words, complete, figure, state_words
from i18n import N_

SYMBOLS = ("circle", "diamond", "square", "triangle-up", "triangle-down")
CROWDED = 7  # more periods than this: only first semesters are named on the axis
MANY, FEW = 26, 4  # more periods than this: about this many names


@dataclass(frozen=True)
class Event:
    """Something that happened: the period code on the axis that it belongs to, and its title."""

    x: str
    title: str


def trend(
    frame: pd.DataFrame,
    measure: Measure,
    style: Style,
    *,
    labels: Mapping[str, str],
    series_names: Mapping[str, str] | None = None,
    target: float | None = None,
    events: Sequence[Event] = (),
    height: int = 340,
    title: str = "",
    equal: bool = False,
) -> Chart:
    """A line over periods with its 95 % band; a gap where nothing was collected, a cross where a cell is suppressed.

    Args:
        frame: `x` (period code), `value`, `state`, low/high where known, and `series` when there are several lines.
        labels: every period code of the axis, in order, with its words.
        series_names: series code -> words; the first is drawn strongest.
        equal: draw all series alike, told apart by colour and by the shape of their marks.
    """
    axis = list(labels)
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
            "categoryarray": [labels[c] for c in axis],
            "showgrid": False,
            "range": [-0.4, len(axis) - 0.6],
            "tickvals": [labels[c] for c in _ticked(axis)],
        },
    )
    names = series_names or {"": measure.title}
    frame = complete(frame)
    alts = []
    for position, (code, name) in enumerate(names.items()):
        part = frame[frame["series"] == code] if "series" in frame else frame
        part = part.set_index("x").reindex(axis).rename_axis("x").reset_index()
        part["state"] = part["state"].fillna("not_collected")
        _line(fig, part, name, measure, style, labels, position, equal)
        alts.append(describe.series(part, name, measure, style, dict(labels)))
    if target is not None:
        fig.add_hline(
            y=target,
            line={"color": style.palette.target, "dash": "dash", "width": 1.6},
            annotation={
                "text": style.text(N_("Target {value}"), value=measure.short(target, style.lang)),
                "font": {"color": style.palette.target, "size": 12},
            },
            annotation_position="top left",
        )
    notes = _events(fig, [e for e in events if e.x in labels], style, labels)
    value_axis(fig, frame, measure, style, extra=target)
    return Chart(fig, " ".join(alts), title or measure.title, tuple(notes))


def _ticked(axis: Sequence[str]) -> list[str]:
    """The periods that are named on the axis: all, first semesters only where there are many, a few where there are very many."""
    if len(axis) <= CROWDED:
        return list(axis)
    if len(axis) > MANY:
        return list(axis)[:: -(-len(axis) // FEW)]
    return [c for c in axis if not c.endswith("-2")]


def _line(
    fig: go.Figure,
    part: pd.DataFrame,
    name: str,
    measure: Measure,
    style: Style,
    labels: Mapping[str, str],
    position: int,
    equal: bool,
) -> None:
    colour = style.palette.series[position % len(style.palette.series)]
    strong = equal or position == 0
    drawable = part["value"].where(part["state"].isin(("value", "zero", "older")))
    x = [labels[c] for c in part["x"]]
    if "low" in part and part["low"].notna().any():
        for run in _runs(drawable.notna() & part["low"].notna()):
            piece = part.iloc[run]
            xs = [labels[c] for c in piece["x"]]
            fig.add_trace(
                go.Scatter(
                    x=xs + xs[::-1],
                    y=[*piece["high"], *piece["low"][::-1]],
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
    words = [cell_words(r, measure, style) for _, r in part.iterrows()]
    fig.add_trace(
        go.Scatter(
            x=x,
            y=drawable,
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
    base = float(drawable.min()) if drawable.notna().any() else 0.0
    hidden = part[part["state"] == SUPPRESSED]
    _apart(fig, hidden.assign(value=base), SUPPRESSED, "x-thin", [state_words(SUPPRESSED, style)] * len(hidden), style, labels)
    lacking = part[part["state"] == INCOMPLETE]
    words = [f"{measure.words(v, style.lang)} · {state_words(INCOMPLETE, style)}" for v in lacking["value"]]
    _apart(fig, lacking, INCOMPLETE, "circle-open", words, style, labels)


def _apart(
    fig: go.Figure, rows: pd.DataFrame, state: str, symbol: str, words: list[str], style: Style, labels: Mapping[str, str]
) -> None:
    """Marks of periods that are no part of the line."""
    if rows.empty:
        return
    fig.add_trace(
        go.Scatter(
            x=[labels[c] for c in rows["x"]],
            y=rows["value"],
            mode="markers",
            name=state_words(state, style),
            text=words,
            marker={
                "symbol": symbol,
                "size": 10,
                "line": {"width": 2, "color": style.palette.muted},
                "color": style.palette.muted,
            },
            hovertemplate="%{text}<extra></extra>",
        )
    )


def _runs(mask: pd.Series) -> list[list[int]]:
    runs: list[list[int]] = []
    for index, flag in enumerate(mask):
        if flag and index and mask.iloc[index - 1]:
            runs[-1].append(index)
        elif flag:
            runs.append([index])
    return [r for r in runs if len(r) > 1]


def _events(fig: go.Figure, events: Sequence[Event], style: Style, labels: Mapping[str, str]) -> list[str]:
    """Numbered markers at the top of the axis; the numbers are explained under the figure."""
    axis, notes = list(labels), []
    stacked: dict[str, int] = {}
    lines, marks = [], []
    for number, event in enumerate(sorted(events, key=lambda e: axis.index(e.x)), start=1):
        at = axis.index(event.x)
        if event.x not in stacked:
            line = {"color": style.palette.border, "dash": "dot", "width": 1}
            lines.append({"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "y domain", "line": line})
        depth = stacked[event.x] = stacked.get(event.x, -1) + 1
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
        notes.append(f"{number} · {labels[event.x]}: {event.title}")
    if notes:  # set at once: Plotly checks the whole layout anew for every shape added
        fig.update_layout(margin={"t": 30}, shapes=[*fig.layout.shapes, *lines], annotations=[*fig.layout.annotations, *marks])
    return notes
