"""What is reached, the path to the targets, the targets, and the forecast with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from charts import describe
from charts.axes import value_axis
from charts.cache import drawn_once
from charts.description import Description, Series, axis_of, numbers
from charts.style import Style
from charts.theme import (
    NOT_COLLECTED,
    PROVISIONAL,
    STATE_SHORT,
    SUPPRESSED,
    Chart,
    Measure,
    cell_words,
    figure,
    shown,
    state_words,
    told,
)
from charts.trends import CROWDED
from i18n import N_

EMPTY = pd.DataFrame({"x": [], "value": [], "low": [], "high": []})


@drawn_once
def target_path(
    frame: pd.DataFrame,
    measure: Measure,
    style: Style,
    *,
    labels: Mapping[str, str],
    forecast: pd.DataFrame = EMPTY,
    notes: Sequence[str] = (),
    height: int = 320,
    title: str = "",
) -> Chart:
    """A line of what is reached, a dotted path, diamonds for targets, and a fan for what the pace so far would bring.

    Args:
        frame: one row a period of the axis: `x` (code), `value`, `state`, low/high, `ended` (else drawn apart), `path`, `target`.
        labels: every period code of the axis, in order, with its words.
        forecast: `x`, `value`, `low`, `high` of the periods ahead; empty for none. The fan opens from the last value before it.
    """
    codes = list(labels)
    fig = figure(
        style,
        height,
        hovermode="x unified",
        showlegend=True,
        margin={"b": 84},
        legend={"yref": "container", "y": 0, "yanchor": "bottom", "font": {"size": 12}},
        xaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": [labels[c] for c in codes],
            "showgrid": False,
            "range": [-0.4, len(codes) - 0.6],
            "tickvals": [labels[c] for c in codes if len(codes) <= CROWDED or not c.endswith("-2")],
        },
    )
    rows = frame.set_index("x").reindex(codes).rename_axis("x").reset_index()
    _fan(fig, rows, forecast, measure, style, labels)
    _path(fig, rows, measure, style, labels)
    _reached(fig, rows, measure, style, labels)
    marks = rows.dropna(subset=["target"])
    fig.add_trace(
        go.Scatter(
            x=[labels[c] for c in marks["x"]],
            y=marks["target"],
            mode="markers",
            name=style.text(N_("Target")),
            text=[measure.words(v, style.lang) for v in marks["target"]],
            marker={
                "symbol": "diamond",
                "size": 12,
                "color": style.palette.target,
                "line": {"width": 1.5, "color": style.palette.paper},
            },
            hovertemplate="%{text}<extra>" + style.text(N_("Target")) + "</extra>",
        )
    )
    _scale(fig, rows, forecast, measure, style)
    known = rows[rows["ended"].astype(bool) | rows["state"].ne(NOT_COLLECTED)]  # a period to come lacks nothing
    words = [
        describe.series(known.to_dict("records"), title or measure.title, measure, style, dict(labels)),
        *_said(rows, forecast, measure, style, labels),
    ]
    said = _described(rows, forecast, measure, style, labels)
    return Chart(fig, " ".join(words), title or measure.title, tuple(notes), description=said)


def _described(
    rows: pd.DataFrame, forecast: pd.DataFrame, measure: Measure, style: Style, labels: Mapping[str, str]
) -> Description:
    """What is reached, the plan, the targets and the forecast, a line or marks each."""
    palette = style.palette
    values = rows["value"].where(rows.index.isin(told(rows).index))
    early = ~rows["ended"].astype(bool) | (rows["state"] == PROVISIONAL)
    hollow = tuple(n for n, (open_, value) in enumerate(zip(early, values, strict=True)) if open_ and pd.notna(value))
    series = [
        Series(style.text(N_("Reached")), numbers(values), palette.series[0], hollow=hollow),
        Series(style.text(N_("Path")), numbers(rows["path"]), palette.target, "path"),
        Series(style.text(N_("Target")), numbers(rows["target"]), palette.target, "target"),
    ]
    if len(forecast):
        ahead = forecast.set_index("x").reindex(list(labels))
        series.append(
            Series(
                style.text(N_("Forecast")),
                numbers(ahead["value"]),
                palette.series[1],
                "forecast",
                low=numbers(ahead["low"]),
                high=numbers(ahead["high"]),
            )
        )
    return Description("lines", tuple(labels.values()), tuple(series), axis_of(measure, series, style))


def _reached(fig: go.Figure, rows: pd.DataFrame, measure: Measure, style: Style, labels: Mapping[str, str]) -> None:
    colour = style.palette.series[0]
    values = rows["value"].where(rows.index.isin(told(rows).index))
    complete = rows["ended"].astype(bool) & (rows["state"] != PROVISIONAL)
    words = [cell_words(r, measure, style) for _, r in rows.iterrows()]
    for name, mode, mask, symbol in (
        (N_("Reached"), "lines+markers", complete, "circle"),
        (STATE_SHORT[PROVISIONAL], "markers", ~complete, "square-open"),
    ):
        drawn = values.where(mask)
        if drawn.notna().any():
            fig.add_trace(
                go.Scatter(
                    x=[labels[c] for c in rows["x"]],
                    y=drawn,
                    mode=mode,
                    name=style.text(name),
                    text=words,
                    connectgaps=False,
                    line={"color": colour, "width": 3},
                    marker={"size": 8, "color": colour, "symbol": symbol},
                    hovertemplate="%{text}<extra>" + style.text(name) + "</extra>",
                )
            )
    hidden = rows[rows["state"] == SUPPRESSED]
    if len(hidden):
        base = values.min() if values.notna().any() else float(rows["path"].min())
        fig.add_trace(
            go.Scatter(
                x=[labels[c] for c in hidden["x"]],
                y=[base] * len(hidden),
                mode="markers",
                name=state_words(SUPPRESSED, style),
                marker={"symbol": "x-thin", "size": 10, "line": {"width": 2, "color": style.palette.muted}},
                hovertemplate=state_words(SUPPRESSED, style) + "<extra></extra>",
            )
        )


def _path(fig: go.Figure, rows: pd.DataFrame, measure: Measure, style: Style, labels: Mapping[str, str]) -> None:
    on = rows.dropna(subset=["path"])
    fig.add_trace(
        go.Scatter(
            x=[labels[c] for c in on["x"]],
            y=on["path"],
            mode="lines",
            name=style.text(N_("Path")),
            text=[measure.words(v, style.lang) for v in on["path"]],
            line={"color": style.palette.target, "width": 2, "dash": "dot"},
            hovertemplate="%{text}<extra>" + style.text(N_("Path")) + "</extra>",
        )
    )


def _fan(
    fig: go.Figure, rows: pd.DataFrame, forecast: pd.DataFrame, measure: Measure, style: Style, labels: Mapping[str, str]
) -> None:
    if forecast.empty:
        return
    axis = list(labels)
    before = shown(rows[rows["ended"].astype(bool)])
    before = before[before["x"].map(axis.index) < axis.index(forecast["x"].iloc[0])]
    start = before.tail(1).assign(low=before["value"], high=before["value"])[["x", "value", "low", "high"]]
    part = pd.concat([start, forecast[["x", "value", "low", "high"]]], ignore_index=True)
    xs, colour = [labels[c] for c in part["x"]], style.palette.series[1]
    name = style.text(N_("Forecast"))
    fig.add_trace(
        go.Scatter(
            x=xs + xs[::-1],
            y=[*part["high"], *part["low"][::-1]],
            fill="toself",
            mode="lines",
            line={"width": 0},
            fillcolor=colour,
            opacity=0.2,
            hoverinfo="skip",
            showlegend=False,
            name="band",
        )
    )
    fig.add_trace(
        go.Scatter(
            x=xs,
            y=part["value"],
            mode="lines",
            name=name,
            text=["", *(_interval(r, measure, style) for r in forecast.to_dict("records"))][-len(part) :],
            line={"color": colour, "width": 2, "dash": "dash"},
            hovertemplate="%{text}<extra>" + name + "</extra>",
        )
    )


def _interval(row: Mapping, measure: Measure, style: Style) -> str:
    return style.text(
        N_("{value} (95% interval {low} to {high})"),
        value=measure.words(row["value"], style.lang),
        low=measure.short(row["low"], style.lang),
        high=measure.short(row["high"], style.lang),
    )


def _scale(fig: go.Figure, rows: pd.DataFrame, forecast: pd.DataFrame, measure: Measure, style: Style) -> None:
    """One axis for all that is drawn."""
    several = [told(rows).reindex(columns=["value", "low", "high"]), forecast[["value", "low", "high"]]]
    several += [rows[[c]].dropna().rename(columns={c: "value"}) for c in ("path", "target")]
    everything = pd.concat([s for s in several if len(s)], ignore_index=True).reindex(columns=["value", "low", "high"])
    value_axis(fig, everything.assign(state="value"), measure, style)


def _said(rows: pd.DataFrame, forecast: pd.DataFrame, measure: Measure, style: Style, labels: Mapping[str, str]) -> list[str]:
    """Targets and forecast in words, after the sentences about what is reached."""
    marks = [f"{labels[r['x']]} {measure.words(r['target'], style.lang)}" for _, r in rows.dropna(subset=["target"]).iterrows()]
    out = [style.text(N_("Targets: {targets}."), targets=", ".join(marks))] if marks else []
    if len(forecast):
        last = forecast.iloc[-1]
        words = _interval(last.to_dict(), measure, style)
        out.append(style.text(N_("Forecast for {period}: {value}."), period=labels[last["x"]], value=words))
    return out
