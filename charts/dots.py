"""Dots: profiles of groups by category, and provinces by two numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts import places
from charts.axes import value_axis
from charts.cache import drawn_once
from charts.description import Description, Role, Series, axis_of, numbers
from charts.style import Style
from charts.theme import Chart, Measure, cell_words, early, figure, provisional_notes, shown, told
from i18n import N_, format_number


@drawn_once
def profile(
    frame: pd.DataFrame,
    measure: Measure,
    style: Style,
    *,
    group_names: Mapping[str, str],
    zero_line: str = "",
    height: int | None = None,
    title: str = "",
) -> Chart:
    """Dots of each group on one line per category, the range drawn; `frame`: `category`, `group`, `value`, `state`."""
    palette = style.palette
    categories = list(dict.fromkeys(frame["category"]))[::-1]
    fig = figure(
        style,
        height or 34 * len(categories) + 90,
        showlegend=len(group_names) > 1,
        yaxis={"type": "category", "categoryorder": "array", "categoryarray": categories},
        legend={"y": -0.08},
    )
    for category in categories:
        values = told(frame[frame["category"] == category])["value"]
        if len(values) > 1:
            fig.add_trace(
                go.Scatter(
                    x=[values.min(), values.max()],
                    y=[category, category],
                    mode="lines",
                    hoverinfo="skip",
                    showlegend=False,
                    line={"color": palette.border, "width": 3},
                )
            )
    symbols = ("circle", "diamond", "square", "triangle-up", "triangle-down", "pentagon")
    for position, (code, name) in enumerate(group_names.items()):
        symbol, mine = symbols[position % len(symbols)], frame[frame["group"] == code]
        hollow = shown(mine).empty
        for part, mark in ((shown(mine), symbol), (early(mine), f"{symbol}-open")):
            if len(part) or (mark == symbol and not len(early(mine))):
                trace = _dots(part, name, mark, palette.series[position % len(palette.series)], measure, style)
                fig.add_trace(trace.update(showlegend=hollow or mark == symbol))
    if zero_line:
        fig.add_vline(
            x=0,
            line={"color": palette.muted, "width": 1.4},
            annotation={"text": zero_line, "font": {"size": 12, "color": palette.muted}},
            annotation_position="top left" if _right_half(0.0, frame) else "top right",
        )
        fig.update_layout(margin={"t": 28})
    value_axis(fig, frame, measure, style, axis="xaxis", extra=[0.0] if zero_line else [])
    return Chart(fig, _profile_alt(frame, measure, style), title or measure.title, provisional_notes(frame, style))


def _dots(part: pd.DataFrame, name: str, symbol: str, colour: str, measure: Measure, style: Style) -> go.Scatter:
    """The dots of a group, with their intervals."""
    low_high = {"low", "high"} <= set(part.columns) and part["low"].notna().any()
    error: dict[str, Any] = {"type": "data", "symmetric": False, "thickness": 1.2, "width": 0}
    if low_high:
        error |= {"array": (part["high"] - part["value"]).tolist(), "arrayminus": (part["value"] - part["low"]).tolist()}
    return go.Scatter(
        x=part["value"],
        y=part["category"],
        mode="markers",
        name=name,
        error_x=error if low_high else None,
        text=[cell_words(r, measure, style) for _, r in part.iterrows()],
        marker={
            "size": 11,
            "color": colour,
            "symbol": symbol,
            "line": {"color": colour if "open" in symbol else style.palette.paper, "width": 2 if "open" in symbol else 1},
        },
        hovertemplate="<b>%{y}</b><br>%{text}<extra>" + name + "</extra>",
    )


def _right_half(at: float, frame: pd.DataFrame) -> bool:
    """Whether a place on the axis is nearer its right end, so that its words must stand to the left."""
    drawn = told(frame)
    ends = [drawn[c] for c in ("value", "low", "high") if c in drawn]
    values = pd.concat(ends).dropna() if ends else pd.Series(dtype=float)
    return bool(len(values)) and 2 * at > min(values.min(), at) + max(values.max(), at)


def _profile_alt(frame: pd.DataFrame, measure: Measure, style: Style) -> str:
    drawn = told(frame)
    if drawn.empty:
        return style.text(N_("{title}: nothing to show."), title=measure.title)
    low, high = drawn.iloc[drawn["value"].argmin()], drawn.iloc[drawn["value"].argmax()]
    spread = drawn.groupby("category")["value"].agg(lambda v: v.max() - v.min())
    text = style.text(
        N_("{title}: the highest is {high} ({high_value}), the lowest {low} ({low_value})."),
        title=measure.title,
        high=high["category"],
        high_value=measure.words(high["value"], style.lang),
        low=low["category"],
        low_value=measure.words(low["value"], style.lang),
    )
    if spread.max() > 0:
        text += " " + style.text(
            N_("The widest range is in {category}: {gap}."),
            category=spread.idxmax(),
            gap=measure.words(float(spread.max()), style.lang),
        )
    return " ".join([text, *(f"{note}." for note in provisional_notes(frame, style))])


@drawn_once
def scatter_fit(
    frame: pd.DataFrame,
    x_measure: Measure,
    y_measure: Measure,
    style: Style,
    *,
    selected: str | None = None,
    weight: str | None = None,
    slope: tuple[float, float, float] | None = None,
    per: float = 1,
    caption: str = "",
    height: int = 380,
    title: str = "",
) -> Chart:
    """Provinces by two numbers with a line; `frame`: `province`, `x`, `y`. The caption: not causal.

    Args:
        weight: column of weights for the line that is fitted here when no `slope` is given.
        slope: slope with its 95 % interval, computed elsewhere; drawn through the mean point with a fan of the interval.
        per: units of x that the slope is put into words for, for example 100 days.
    """
    palette = style.palette
    drawn = frame.dropna(subset=["x", "y"])
    fig = figure(
        style,
        height,
        showlegend=False,
        xaxis={"title": {"text": _axis_title(x_measure, style)}},
        yaxis={"title": {"text": _axis_title(y_measure, style)}},
    )
    for name, source in (("xaxis", x_measure), ("yaxis", y_measure)):
        value_axis(fig, pd.DataFrame({"value": drawn[name[0]], "state": "value"}), source, style, axis=name)
    words = [
        f"<b>{places.name(r['province'], style.lang)}</b><br>"
        f"{x_measure.title}: {x_measure.words(r['x'], style.lang)}<br>"
        f"{y_measure.title}: {y_measure.words(r['y'], style.lang)}"
        for _, r in drawn.iterrows()
    ]
    fig.add_trace(
        go.Scatter(
            x=drawn["x"],
            y=drawn["y"],
            mode="markers",
            text=words,
            customdata=drawn["province"].tolist(),
            hovertemplate="%{text}<extra></extra>",
            selected={"marker": {"opacity": 0.8}},
            unselected={"marker": {"opacity": 0.8}},
            marker={
                "size": [14 if c == selected else 9 for c in drawn["province"]],
                "opacity": 0.8,
                "color": [palette.outline if c == selected else palette.accent for c in drawn["province"]],
                "line": {"color": palette.paper, "width": 1},
            },
        )
    )
    line = (*slope, drawn["x"].mean(), drawn["y"].mean()) if slope else _fitted(drawn, weight)
    if line is not None and len(drawn) > 1:
        _sloping_line(fig, drawn["x"], line, style)
    slope_words = "" if line is None else _slope_words(line, x_measure, y_measure, per, style)
    alt = style.text(N_("{y} against {x} over {n} provinces."), y=y_measure.title, x=x_measure.title, n=len(drawn))
    notes = tuple(
        n for n in (slope_words, caption or style.text(N_("An association between provinces, not a causal comparison"))) if n
    )
    said = _described(drawn, line, x_measure, y_measure, style)
    return Chart(fig, " ".join([alt, *notes]), title or y_measure.title, notes, description=said)


def _described(
    drawn: pd.DataFrame,
    line: tuple[float, float, float, float, float] | None,
    x_measure: Measure,
    y_measure: Measure,
    style: Style,
) -> Description | None:
    """Points of two numbers, their line and the steepest and flattest within the interval."""
    if drawn.empty:
        return None
    palette, xs, ys = style.palette, numbers(drawn["x"]), numbers(drawn["y"])
    series = [Series(style.text(N_("Provinces")), ys, palette.accent, across=xs)]
    if line is not None and len(drawn) > 1:
        slope, low, high, x0, y0 = line
        ends = (float(drawn["x"].min()), float(drawn["x"].max()))
        roles: list[tuple[str, Role, float]] = [
            (N_("Line"), "path", slope),
            *((N_("95% interval"), "forecast", s) for s in (low, high)),
        ]
        for name, role, steep in roles:
            if np.isfinite(steep):
                at = numbers(y0 + steep * (x - x0) for x in ends)
                series.append(Series(style.text(name), at, palette.series[1], role, across=ends))
    across = axis_of(x_measure, [Series("", xs, "")], style, _axis_title(x_measure, style))
    names = tuple(places.name(code, style.lang) for code in drawn["province"])
    return Description("points", names, tuple(series), axis_of(y_measure, series, style, _axis_title(y_measure, style)), across)


def _fitted(drawn: pd.DataFrame, weight: str | None) -> tuple[float, float, float, float, float] | None:
    """Slope without an interval, and the mean point, by (weighted) least squares; None with too few points."""
    if len(drawn) < 3 or drawn["x"].nunique() < 2:
        return None
    w = drawn[weight].to_numpy(float) if weight else np.ones(len(drawn))
    slope, _intercept = np.polyfit(drawn["x"].to_numpy(float), drawn["y"].to_numpy(float), 1, w=np.sqrt(w))
    return float(slope), np.nan, np.nan, float(np.average(drawn["x"], weights=w)), float(np.average(drawn["y"], weights=w))


def _sloping_line(fig: go.Figure, x: pd.Series, line: tuple[float, float, float, float, float], style: Style) -> None:
    """The line through the mean point, and the fan of slopes within the interval where there is one."""
    slope, low, high, x0, y0 = line
    colour = style.palette.series[1]
    ends = np.array([x.min(), x.max()], dtype=float)
    if np.isfinite(low) and np.isfinite(high):
        left, right = ends - x0
        fig.add_trace(
            go.Scatter(
                x=[ends[0], x0, ends[1], ends[1], x0, ends[0]],
                y=[y0 + s * d for s, d in ((low, left), (0, 0), (high, right), (low, right), (0, 0), (high, left))],
                fill="toself",
                mode="lines",
                line={"width": 0},
                fillcolor=colour,
                opacity=0.18,
                hoverinfo="skip",
            )
        )
    fig.add_trace(
        go.Scatter(
            x=ends, y=y0 + slope * (ends - x0), mode="lines", hoverinfo="skip", line={"color": colour, "width": 2, "dash": "dash"}
        )
    )


def _slope_words(
    line: tuple[float, float, float, float, float], x_measure: Measure, y_measure: Measure, per: float, style: Style
) -> str:
    numbers = [format_number(s * per, style.lang, 2) for s in line[:3]]
    step = f"{format_number(per, style.lang)} {x_measure.unit_name(style.lang)}".strip()
    change = f"{numbers[0]} {y_measure.unit_name(style.lang)}".strip()
    if not np.isfinite(line[1]):
        return style.text(N_("The line: {change} for every {step}."), change=change, step=step)
    return style.text(
        N_("The line: {change} for every {step} (95% interval {low} to {high})."),
        change=change,
        step=step,
        low=numbers[1],
        high=numbers[2],
    )


def _axis_title(measure: Measure, style: Style) -> str:
    unit = measure.unit_name(style.lang)
    return f"{measure.title} ({unit})" if unit else measure.title
