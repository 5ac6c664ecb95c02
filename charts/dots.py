"""Dots: profiles of groups by category, and provinces by two numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts import places
from charts.axes import value_axis
from charts.theme import Chart, Measure, Style, cell_words, figure, shown
from i18n import N_, format_number


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
        values = shown(frame[frame["category"] == category])["value"]
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
        part = shown(frame[frame["group"] == code])
        low_high = {"low", "high"} <= set(part.columns) and part["low"].notna().any()
        error = (
            {
                "type": "data",
                "symmetric": False,
                "array": (part["high"] - part["value"]).tolist(),
                "arrayminus": (part["value"] - part["low"]).tolist(),
                "thickness": 1.2,
                "width": 0,
            }
            if low_high
            else None
        )
        fig.add_trace(
            go.Scatter(
                x=part["value"],
                y=part["category"],
                mode="markers",
                name=name,
                error_x=error,
                text=[cell_words(r, measure, style) for _, r in part.iterrows()],
                marker={
                    "size": 11,
                    "color": palette.series[position % len(palette.series)],
                    "symbol": symbols[position % len(symbols)],
                    "line": {"color": palette.paper, "width": 1},
                },
                hovertemplate="<b>%{y}</b><br>%{text}<extra>" + name + "</extra>",
            )
        )
    if zero_line:
        fig.add_vline(
            x=0,
            line={"color": palette.muted, "width": 1.4},
            annotation={"text": zero_line, "font": {"size": 12, "color": palette.muted}},
            annotation_position="top",
        )
        fig.update_layout(margin={"t": 28})
    value_axis(fig, frame, measure, style, axis="xaxis", extra=0.0 if zero_line else None)
    return Chart(fig, _profile_alt(frame, measure, style), title or measure.title)


def _profile_alt(frame: pd.DataFrame, measure: Measure, style: Style) -> str:
    drawn = shown(frame)
    if drawn.empty:
        return style.text(N_("{title}: nothing to show."), title=measure.title)
    low, high = drawn.loc[drawn["value"].idxmin()], drawn.loc[drawn["value"].idxmax()]
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
    return text


def scatter_fit(
    frame: pd.DataFrame,
    x_measure: Measure,
    y_measure: Measure,
    style: Style,
    *,
    selected: str | None = None,
    weight: str | None = None,
    caption: str = "",
    height: int = 380,
    title: str = "",
) -> Chart:
    """Provinces by two numbers with a (weighted) line; `frame`: `province`, `x`, `y`. The caption: not causal."""
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
    slope_words = ""
    if len(drawn) > 2 and drawn["x"].nunique() > 1:
        w = drawn[weight].to_numpy(float) if weight else np.ones(len(drawn))
        slope, intercept = np.polyfit(drawn["x"].to_numpy(float), drawn["y"].to_numpy(float), 1, w=np.sqrt(w))
        ends = np.array([drawn["x"].min(), drawn["x"].max()], dtype=float)
        fig.add_trace(
            go.Scatter(
                x=ends,
                y=slope * ends + intercept,
                mode="lines",
                hoverinfo="skip",
                line={"color": palette.series[1], "width": 2, "dash": "dash"},
            )
        )
        slope_words = style.text(
            N_("The line changes by {slope} for each unit of {x}."),
            slope=format_number(float(slope), style.lang, 4),
            x=x_measure.title,
        )
    alt = style.text(N_("{y} against {x} over {n} provinces."), y=y_measure.title, x=x_measure.title, n=len(drawn))
    notes = tuple(
        n for n in (slope_words, caption or style.text(N_("An association between provinces, not a causal comparison"))) if n
    )
    return Chart(fig, " ".join([alt, *notes]), title or y_measure.title, notes)


def _axis_title(measure: Measure, style: Style) -> str:
    unit = measure.unit_name(style.lang)
    return f"{measure.title} ({unit})" if unit else measure.title
