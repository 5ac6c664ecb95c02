"""Province maps: fills for rates, bubbles for counts, cell states drawn apart, the selected province outlined.

Geometry travels by URL, never in the figure; the hidden world outline is a local stub (`static/board/plot.js` names it).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go

from charts import describe, places
from charts.cache import drawn_once
from charts.classes import UNCLEAR, UNCLEAR_NAME, UNCLEAR_SHORT, Classes, classify, unclear
from charts.style import Style
from charts.theme import (
    LAT_RANGE,
    LON_RANGE,
    NOT_APPLICABLE,
    NOT_COLLECTED,
    OLDER,
    PROVISIONAL,
    SHOWN,
    STATE_NAMES,
    STATE_SYMBOLS,
    SUPPRESSED,
    Chart,
    Measure,
    cell_words,
    early,
    figure,
    shown,
)
from i18n import N_, format_number

MAX_BUBBLE = 34
IN_A_ROW, LABEL_ROOM = 4, 0.04  # maps beside one another; share of the height for the label of a lower row
HIDDEN_STATES = (SUPPRESSED, NOT_COLLECTED, NOT_APPLICABLE)
MARKED_STATES = (*HIDDEN_STATES, OLDER, PROVISIONAL)
"""What has a mark and an entry of the legend of its own."""
SCALE_KEY_SPOTS = ((103.1, 9.9), (103.1, 8.5), (103.1, 7.4))  # open sea in the Gulf of Thailand


@drawn_once
def province_map(
    frame: pd.DataFrame,
    measure: Measure,
    style: Style,
    *,
    selected: str | None = None,
    height: int = 660,
    diverging: bool = False,
    only: Iterable[str] | None = None,
    title: str = "",
) -> Chart:
    """A map of the 77 provinces.

    Args:
        frame: one row a province with `province`, `value`, `state` (and low, high, older_period where known).
        measure: what is shown; counts and money become bubbles.
        selected: province code to outline.
        diverging: two-sided colours around nought (changes).
        only: the provinces within the filtered region; others are drawn faint and are not no-data.
    """
    inside, outside = split(frame, only)
    measure = measure.for_values([inside])
    fig = figure(style, height, showlegend=True, legend=_legend(style, measure), geo=_geo(style))
    notes = _draw(fig, inside, outside, measure, style, selected, diverging, None, "geo", legend=True)
    alt = describe.places(inside, measure, style, selected, diverging=diverging)
    found = "" if diverging else describe.finding_of_places(inside, measure, style)
    return Chart(fig, alt, title or measure.title, tuple(notes), finding=found)


@drawn_once
def district_map(
    frame: pd.DataFrame,
    measure: Measure,
    style: Style,
    inside: str,
    *,
    level: Literal["district", "subdistrict"] = "district",
    selected: str | None = None,
    height: int = 480,
) -> Chart:
    """The districts of one province, or the sub-districts of a province or district, drawn as `province_map` draws provinces.

    Args:
        frame: one row a place with its code under `level`, `value`, `state`.
        inside: code of the place that is drawn; sub-districts need boundaries that were supplied (`places.supply`).
        selected: place to outline.
    """
    shapes = places.rings(4 if level == "district" else 6)
    known = [c for c in shapes if c.startswith(inside)]
    rows = frame.rename(columns={level: "province"})
    rows = rows[rows["province"].str.startswith(inside)]
    measure = measure.for_values([rows])
    spots = [spot for c in known for ring in shapes[c] for spot in ring]
    lon, lat = ((min(s[i] for s in spots), max(s[i] for s in spots)) for i in (0, 1))
    fig = figure(style, height, showlegend=True, legend=_legend(style, measure), geo=_geo(style, _padded(lon), _padded(lat)))
    beside = [c for c in known if c not in set(rows["province"])]
    if beside:  # places without a row are land, not nought
        fig.add_trace(_fill(beside, style.palette.outside, style, "geo", [places.name(c, style.lang) for c in beside], ""))
    notes = _draw(fig, rows, [], measure, style, selected, False, None, "geo", legend=False)
    if measure.bubbles and (biggest := biggest_of([rows])):
        notes.append(style.text(N_("The largest bubble is {value}"), value=measure.words(biggest, style.lang)))
    if level == "subdistrict":
        fig.for_each_trace(lambda t: t.update(geojson=places.inline(t.locations)), {"type": "choropleth"})
    what = N_("districts") if level == "district" else N_("sub-districts")
    return Chart(fig, describe.places(rows, measure, style, selected, what), measure.title, tuple(notes))


def _padded(ends: tuple[float, float]) -> tuple[float, float]:
    room = 0.04 * (ends[1] - ends[0])
    return ends[0] - room, ends[1] + room


def common_classes(frames: Sequence[pd.DataFrame], measure: Measure, diverging: bool = False) -> Classes | None:
    """One scale for several maps of the same measure; None for bubbles and when nothing is shown."""
    values = pd.concat([shown(f)["value"] for f in frames]) if frames else pd.Series(dtype=float)
    return None if measure.bubbles else classify(values.to_numpy(), measure, diverging)


@drawn_once
def small_multiple_maps(
    panels: Sequence[tuple[str, pd.DataFrame]],
    measure: Measure,
    style: Style,
    *,
    selected: str | None = None,
    height: int = 520,
    diverging: bool = False,
    only: Iterable[str] | None = None,
    title: str = "",
) -> Chart:
    """Maps side by side on one scale; `panels` are (label, frame) in reading order, at most `IN_A_ROW` beside one another.

    Args:
        height: of one row of maps, in pixels.
    """
    measure = measure.for_values([f for _, f in panels])
    classes = common_classes([f for _, f in panels], measure, diverging)
    top = biggest_of(f for _, f in panels) or None
    rows = -(-len(panels) // IN_A_ROW) or 1
    columns = -(-len(panels) // rows)
    fig = figure(style, height * rows, showlegend=True, legend=_legend(style, measure), margin={"t": 34})
    notes: list[str] = []
    seen: set[str] = set()
    subplots = ["geo" if n == 0 else f"geo{n + 1}" for n in range(len(panels))]
    for position, subplot in enumerate(subplots):
        label = panels[position][0]
        row, column = divmod(position, columns)
        left, right = column / columns, (column + 1) / columns
        bottom, upper = 1 - (row + 1) / rows, 1 - row / rows - (LABEL_ROOM if row else 0)
        domain = {"x": [left + 0.005, right - 0.005], "y": [bottom, upper]}
        fig.update_layout({subplot: {**_geo(style), "domain": domain}})
        fig.add_annotation(
            text=f"<b>{label}</b>", x=(left + right) / 2, y=upper, xref="paper", yref="paper", yanchor="bottom", showarrow=False
        )
    for subplot, (_label, frame) in zip(subplots, panels, strict=True):  # after the layout: a legend of many maps counts none
        inside, outside = split(frame, only)
        notes += [
            n
            for n in _draw(
                fig, inside, outside, measure, style, selected, diverging, classes, subplot, legend=True, top=top, seen=seen
            )
            if n not in notes
        ]
    alt = " ".join(
        f"{label}: {describe.places(split(f, only)[0], measure, style, selected, diverging=diverging)}" for label, f in panels
    )
    return Chart(fig, alt, title or measure.title, tuple(notes))


def state_fills(style: Style) -> dict[str, str]:
    """The colour of a place in each state that has no value to show, or none that is compared with others: a provisional one is hollow."""
    palette = style.palette
    return {
        SUPPRESSED: palette.suppressed,
        NOT_COLLECTED: palette.not_collected,
        NOT_APPLICABLE: palette.not_applicable,
        PROVISIONAL: palette.paper,
    }


def split(frame: pd.DataFrame, only: Iterable[str] | None) -> tuple[pd.DataFrame, list[str]]:
    """The rows of the provinces that a filter leaves (`only`; None leaves all), and the codes of the others."""
    if only is None:
        return frame, []
    wanted = set(only)
    inside = frame[frame["province"].isin(wanted)]
    return inside, [c for c in sorted(places.codes()) if c not in wanted]


def _geo(style: Style, lon: Sequence[float] = LON_RANGE, lat: Sequence[float] = LAT_RANGE) -> dict[str, Any]:
    return {
        "visible": False,
        "projection": {"type": "mercator"},
        "lonaxis": {"range": list(lon)},
        "lataxis": {"range": list(lat)},
        "bgcolor": "rgba(0,0,0,0)",
    }


def _legend(style: Style, measure: Measure) -> dict[str, Any]:
    unit = measure.unit_name(style.lang)
    return {
        "title": {"text": f"<b>{measure.title}</b>" + (f"<br>({unit})" if unit else ""), "side": "top"},
        "orientation": "h",
        "x": 0.0,
        "xanchor": "left",
        "y": -0.01,
        "yanchor": "top",
        "traceorder": "normal",
        "itemclick": False,
        "itemdoubleclick": False,
        "font": {"size": 12, "color": style.palette.ink},
        "itemsizing": "trace",
    }


def _draw(
    fig: go.Figure,
    inside: pd.DataFrame,
    outside: list[str],
    measure: Measure,
    style: Style,
    selected: str | None,
    diverging: bool,
    classes: Classes | None,
    subplot: str,
    *,
    legend: bool,
    top: float | None = None,
    seen: set[str] | None = None,
) -> list[str]:
    seen = set() if seen is None else seen
    said = [
        map_words(r, measure, style, no) for r, no in zip(inside.to_dict("records"), unclear(inside) & diverging, strict=True)
    ]
    names = [places.name(c, style.lang) for c in inside["province"]]
    rows = inside.assign(words=[f"<b>{name}</b><br>{words}" for name, words in zip(names, said, strict=True)])
    notes: list[str] = []
    if outside:
        fig.add_trace(_fill(outside, style.palette.outside, style, subplot, None, "", width=0.4))
    if measure.bubbles:
        _bubble_layers(fig, rows, measure, style, subplot, top, draw_key=legend)
        notes.append(style.text(N_("The area of a bubble is in proportion to the number; true nought has no bubble")))
    else:
        scale = classes or classify(shown(rows)["value"].to_numpy(), measure, diverging)
        if scale is not None:
            _class_layers(fig, rows, measure, scale, style, subplot, seen)
            notes.append(scale.note(style))
    _state_layers(fig, rows, measure, style, subplot, seen)
    missing_shape = [r for r in rows["province"] if not places.has_boundary(r)]
    if missing_shape:
        notes.append(style.text(N_("{n} areas have data but no boundary on the map"), n=len(missing_shape)))
    if selected:
        fig.add_trace(_outline(selected, rows, style, subplot))
    return notes


def map_words(row: Any, measure: Measure, style: Style, no_difference: bool) -> str:
    """A cell in words, and that it does not differ clearly from nought."""
    words = cell_words(row, measure, style)
    return f"{words} · {style.text(UNCLEAR_SHORT)}" if no_difference and row["state"] in SHOWN else words


def _fill(
    codes: Sequence[str],
    colour: str,
    style: Style,
    subplot: str,
    words: Sequence[str] | None,
    label: str,
    *,
    width: float = 0.7,
    show: bool = False,
    border: str | None = None,
) -> go.Choropleth:
    url, key = places.layer(codes[0])
    return go.Choropleth(
        geojson=url,
        featureidkey=key,
        locations=list(codes),
        z=[1] * len(codes),
        zmin=0,
        zmax=1,
        showscale=False,
        geo=subplot,
        colorscale=[[0, colour], [1, colour]],
        marker={"line": {"color": border or style.palette.border, "width": width}, "opacity": 1},
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        name=label,
        showlegend=show,
        text=list(words) if words is not None else None,
        hovertemplate="%{text}<extra></extra>" if words is not None else None,
        hoverinfo=None if words is not None else "skip",
    )


def _class_layers(
    fig: go.Figure, rows: pd.DataFrame, measure: Measure, scale: Classes, style: Style, subplot: str, seen: set[str]
) -> None:
    drawn = shown(rows)
    member = scale.members(drawn)
    colours = scale.colours(measure, style)
    _unclear_layer(fig, drawn[member == UNCLEAR], style, subplot, seen)
    for index in reversed(range(len(scale.uppers))):
        part = drawn[member == index]
        label = scale.label(index, measure, style.lang)
        text = label if len(seen_panels(fig)) > 1 else f"{label}  ·  {len(part)}"
        show = f"class{index}" not in seen
        seen.add(f"class{index}")
        if len(part):
            fig.add_trace(
                _fill(part["province"].tolist(), colours[index], style, subplot, part["words"].tolist(), text, show=show)
            )
        elif show:
            fig.add_trace(_swatch(colours[index], text, subplot))


def _unclear_layer(fig: go.Figure, part: pd.DataFrame, style: Style, subplot: str, seen: set[str]) -> None:
    """Places without a clear difference: the colour of land, and a dot."""
    if part.empty:
        return
    fig.add_trace(_fill(part["province"].tolist(), style.palette.land, style, subplot, part["words"].tolist(), ""))
    look = {"symbol": "circle", "size": 4, "color": style.palette.muted}
    _mark(fig, part, style, subplot, "unclear" not in seen, UNCLEAR_NAME, look)
    seen.add("unclear")


def _mark(fig: go.Figure, part: pd.DataFrame, style: Style, subplot: str, show: bool, name: str, look: dict[str, Any]) -> None:
    """A mark in each of some places, named in the legend with how many they are where one map alone is drawn."""
    spots = [places.centroid(c) for c in part["province"] if places.has_boundary(c)]
    count = "" if len(seen_panels(fig)) > 1 else f"  ·  {format_number(len(part), style.lang)}"
    fig.add_trace(
        go.Scattergeo(
            lon=[s[0] for s in spots],
            lat=[s[1] for s in spots],
            geo=subplot,
            mode="markers",
            hoverinfo="skip",
            showlegend=show,
            name=style.text(name) + count,
            marker=look,
        )
    )


def seen_panels(fig: go.Figure) -> list[str]:
    """The geo subplots laid out so far."""
    return [k for k in fig.layout.to_plotly_json() if k.startswith("geo")]


def _swatch(colour: str, label: str, subplot: str, symbol: str = "square", edge: str | None = None) -> go.Scattergeo:
    """A legend entry for a class that no place is in."""
    line = {"line": {"color": edge, "width": 1.6}} if edge else {}
    return go.Scattergeo(
        lon=[None],
        lat=[None],
        mode="markers",
        marker={"symbol": symbol, "size": 14 if edge is None else 9, "color": colour, **line},
        name=label,
        geo=subplot,
        hoverinfo="skip",
    )


def _bubble_layers(
    fig: go.Figure, rows: pd.DataFrame, measure: Measure, style: Style, subplot: str, top: float | None, draw_key: bool
) -> None:
    palette = style.palette
    plain = rows[~rows["state"].isin((*HIDDEN_STATES, PROVISIONAL))]
    if len(plain):
        fig.add_trace(_fill(plain["province"].tolist(), palette.land, style, subplot, plain["words"].tolist(), ""))
    biggest = top or biggest_of([rows])
    if biggest <= 0:
        return
    for part, hollow in ((shown(rows), False), (early(rows), True)):
        _bubbles(fig, part[part["value"] > 0], biggest, style, subplot, hollow)
    if draw_key and subplot == "geo":
        _bubble_key(fig, biggest, measure, style, subplot)


def biggest_of(frames: Iterable[pd.DataFrame]) -> float:
    """The largest value that has a bubble, complete or provisional."""
    return max((float(part["value"].max()) for f in frames for part in (shown(f), early(f)) if len(part)), default=0.0)


def _bubbles(fig: go.Figure, rows: pd.DataFrame, biggest: float, style: Style, subplot: str, hollow: bool) -> None:
    palette = style.palette
    drawn = rows[rows["province"].map(places.has_boundary).astype(bool)].sort_values("value", ascending=False)
    if drawn.empty:
        return
    spots = [places.centroid(c) for c in drawn["province"]]
    fig.add_trace(
        go.Scattergeo(
            lon=[s[0] for s in spots],
            lat=[s[1] for s in spots],
            geo=subplot,
            mode="markers",
            showlegend=False,
            hovertemplate="%{text}<extra></extra>",
            text=drawn["words"].tolist(),
            customdata=drawn["province"].tolist(),
            selected={"marker": {"opacity": 0.8}},
            unselected={"marker": {"opacity": 0.8}},
            marker={
                "size": [bubble_size(v, biggest) for v in drawn["value"]],
                "color": "rgba(0,0,0,0)" if hollow else palette.accent,
                "opacity": 0.8,
                "line": {"color": palette.accent if hollow else palette.paper, "width": 1.6 if hollow else 1},
            },
        )
    )


def bubble_size(value: float, biggest: float) -> float:
    """A diameter whose square is in proportion to the value, never too small to see."""
    return max(3.0, MAX_BUBBLE * math.sqrt(value / biggest)) if biggest > 0 else 3.0


def _bubble_key(fig: go.Figure, biggest: float, measure: Measure, style: Style, subplot: str) -> None:
    """Reference bubbles of the same scale, drawn in open sea."""
    steps = reference_steps(biggest)
    fig.add_trace(
        go.Scattergeo(
            lon=[p[0] for p, _ in zip(SCALE_KEY_SPOTS, steps, strict=False)],
            lat=[p[1] for p, _ in zip(SCALE_KEY_SPOTS, steps, strict=False)],
            geo=subplot,
            mode="markers+text",
            showlegend=False,
            hoverinfo="skip",
            text=[f"  {measure.short(s, style.lang)}" for s in steps],
            textposition="middle right",
            textfont={"size": 12, "color": style.palette.muted},
            marker={
                "size": [bubble_size(s, biggest) for s in steps],
                "color": "rgba(0,0,0,0)",
                "line": {"color": style.palette.muted, "width": 1.2},
            },
        )
    )


def reference_steps(biggest: float) -> list[float]:
    """Three round numbers for the key: near the biggest, about a third and about a tenth of it."""
    steps: list[float] = []
    for target in (biggest, biggest / 3, biggest / 12):
        power = 10 ** math.floor(math.log10(target)) if target >= 1 else 1
        step = max((m * power for m in (1, 2, 5) if m * power <= target), default=1)
        if step not in steps:
            steps.append(float(step))
    return steps


def _state_layers(fig: go.Figure, rows: pd.DataFrame, measure: Measure, style: Style, subplot: str, seen: set[str]) -> None:
    palette = style.palette
    fills = state_fills(style)
    for state in MARKED_STATES:
        part = rows[rows["state"] == state]
        if part.empty:
            continue
        if state in fills:
            fig.add_trace(
                _fill(part["province"].tolist(), fills[state], style, subplot, part["words"].tolist(), "", border=palette.border)
            )
        edge = {"color": palette.muted, "width": 1.6}
        look = {"symbol": STATE_SYMBOLS[state], "size": 9, "color": fills.get(state, palette.ink), "line": edge}
        _mark(fig, part, style, subplot, state not in seen, STATE_NAMES[state], look)
        seen.add(state)


def _outline(code: str, rows: pd.DataFrame, style: Style, subplot: str) -> go.Choropleth:
    words = rows.loc[rows["province"] == code, "words"].tolist() or [places.name(code, style.lang)]
    return _fill([code], "rgba(0,0,0,0)", style, subplot, words, "", width=3.2, border=style.palette.outline)
