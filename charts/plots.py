"""Trends, rankings, funnels, profiles and scatters from tidy frames of cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts import describe, places
from charts.theme import SUPPRESSED, Chart, Measure, Style, cell_words, figure, shown, state_words
from i18n import N_, format_number


@dataclass(frozen=True)
class Event:
    """Something that happened: the period code on the axis that it belongs to, and its title."""

    x: str
    title: str


def trend(frame: pd.DataFrame, measure: Measure, style: Style, *, labels: Mapping[str, str], series_names: Mapping[str, str] | None = None,
          target: float | None = None, events: Sequence[Event] = (), height: int = 340, title: str = "") -> Chart:
    """A line over periods with its 95 % band; a gap where nothing was collected, a cross where a cell is suppressed.

    Args:
        frame: `x` (period code), `value`, `state`, low/high where known, and `series` when there are several lines.
        labels: every period code of the axis, in order, with its words.
        series_names: series code -> words; the first is drawn strongest.
    """
    axis = list(labels)
    fig = figure(style, height, hovermode="x unified", showlegend=series_names is not None and len(series_names) > 1,
                 yaxis={"rangemode": "tozero" if measure.kind in ("count", "money") else "normal"},
                 xaxis={"type": "category", "categoryorder": "array", "categoryarray": [labels[c] for c in axis], "showgrid": False,
                        "range": [-0.4, len(axis) - 0.6]})
    names = series_names or {"": measure.title}
    alts = []
    for position, (code, name) in enumerate(names.items()):
        part = frame[frame["series"] == code] if "series" in frame else frame
        part = part.set_index("x").reindex(axis).rename_axis("x").reset_index()
        part["state"] = part["state"].fillna("not_collected")
        _line(fig, part, name, measure, style, labels, position)
        alts.append(describe.series(part, name, measure, style, dict(labels)))
    if target is not None:
        fig.add_hline(y=target, line={"color": style.palette.target, "dash": "dash", "width": 1.6},
                      annotation={"text": style.text(N_("Target {value}"), value=measure.short(target, style.lang)), "font": {"color": style.palette.target, "size": 12}},
                      annotation_position="top left")
    notes = _events(fig, [e for e in events if e.x in labels], style, labels)
    _value_axis(fig, frame, measure, style, extra=target)
    return Chart(fig, " ".join(alts), title or measure.title, tuple(notes))


def _line(fig: go.Figure, part: pd.DataFrame, name: str, measure: Measure, style: Style, labels: Mapping[str, str], position: int) -> None:
    colour = style.palette.series[position % len(style.palette.series)]
    drawable = part["value"].where(part["state"].isin(("value", "zero", "older")))
    x = [labels[c] for c in part["x"]]
    if "low" in part and part["low"].notna().any():
        for run in _runs(drawable.notna() & part["low"].notna()):
            piece = part.iloc[run]
            xs = [labels[c] for c in piece["x"]]
            fig.add_trace(go.Scatter(x=xs + xs[::-1], y=[*piece["high"], *piece["low"][::-1]], fill="toself", mode="lines", line={"width": 0},
                                     fillcolor=colour, opacity=0.18, hoverinfo="skip", showlegend=False, name="band"))
    words = [cell_words(r, measure, style) for _, r in part.iterrows()]
    fig.add_trace(go.Scatter(x=x, y=drawable, mode="lines+markers", name=name, connectgaps=False, text=words,
                             line={"color": colour, "width": 3 if position == 0 else 2, "dash": "solid" if position == 0 else "dot"},
                             marker={"size": 8 if position == 0 else 6, "color": colour}, hovertemplate="%{text}<extra>" + name + "</extra>"))
    hidden = part[part["state"] == SUPPRESSED]
    if len(hidden):
        base = float(drawable.min()) if drawable.notna().any() else 0.0
        fig.add_trace(go.Scatter(x=[labels[c] for c in hidden["x"]], y=[base] * len(hidden), mode="markers", name=state_words(SUPPRESSED, style),
                                 marker={"symbol": "x-thin", "size": 10, "line": {"width": 2, "color": style.palette.muted}},
                                 hovertemplate=state_words(SUPPRESSED, style) + "<extra></extra>"))


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
    for number, event in enumerate(sorted(events, key=lambda e: axis.index(e.x)), start=1):
        if event.x not in stacked:
            fig.add_vline(x=axis.index(event.x), line={"color": style.palette.border, "dash": "dot", "width": 1})
        depth = stacked[event.x] = stacked.get(event.x, -1) + 1
        fig.add_annotation(x=axis.index(event.x), y=1, yref="paper", yanchor="top", text=f"<b>{number}</b>", showarrow=False, xshift=10 + 18 * depth,
                           hovertext=event.title, font={"size": 12, "color": style.palette.paper}, bgcolor=style.palette.muted, borderpad=3)
        notes.append(f"{number} · {labels[event.x]}: {event.title}")
    return notes


def _value_axis(fig: go.Figure, frame: pd.DataFrame, measure: Measure, style: Style, extra: float | None = None, axis: str = "yaxis",
                from_nought: bool = False) -> None:
    """Ticks in the reader's number words."""
    columns = [frame.loc[shown(frame).index, c] for c in ("value", "low", "high") if c in frame]
    values = pd.concat([c.astype(float) for c in columns]).dropna().tolist() + ([extra] if extra is not None else [])
    if not values:
        return
    low, high = min(values), max(values)
    if from_nought or measure.kind in ("count", "money", "per_head"):
        low, high = min(low, 0.0), max(high, 0.0)
    ticks = nice_ticks(low, high)
    pad = (high - low or abs(high) or 1) * 0.06
    fig.update_layout({axis: {"tickvals": ticks, "ticktext": [measure.short(t, style.lang) for t in ticks],
                              "range": [min(low, ticks[0]) - (0 if low == 0 else pad), max(high, ticks[-1]) + pad]}})


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers that cover a span."""
    span = high - low or abs(high) or 1.0
    power = 10 ** np.floor(np.log10(span / count))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if span / (m * power) <= count)
    start = np.floor(low / step) * step
    ticks = [float(np.round(start + i * step, 10)) for i in range(count + 3) if start + i * step <= high + step * 0.01]
    return ticks or [low, high]


def ranked_bars(frame: pd.DataFrame, measure: Measure, style: Style, *, selected: str | None = None, reference: float | None = None,
                reference_name: str = "", limit: int | None = None, names: Mapping[str, str] | None = None, height: int | None = None,
                title: str = "") -> Chart:
    """Bars from the highest to the lowest with 95 % intervals; places whose intervals overlap cannot be told apart, and it says so.

    Args:
        frame: `province` (or any code with `names` given), `value`, `state`, low/high.
        limit: draw the top and bottom half of this many, and the selected one.
    """
    drawn = shown(frame).sort_values("value", ascending=True)
    left_out = 0
    if limit and len(drawn) > limit:
        keep = set(drawn["province"].iloc[: limit // 2]) | set(drawn["province"].iloc[-(limit - limit // 2):]) | {selected}
        left_out = len(drawn) - int(drawn["province"].isin(keep).sum())
        drawn = drawn[drawn["province"].isin(keep)]
    palette = style.palette
    label = [names[c] if names else places.name(c, style.lang) for c in drawn["province"]]
    words = [cell_words(r, measure, style) for _, r in drawn.iterrows()]
    fig = figure(style, height or max(220, 26 * len(drawn) + 70), showlegend=False, bargap=0.28, yaxis={"type": "category", "showgrid": False})
    has_interval = {"low", "high"} <= set(drawn.columns) and drawn["low"].notna().any()
    error = {"type": "data", "symmetric": False, "array": (drawn["high"] - drawn["value"]).fillna(0).tolist(),
             "arrayminus": (drawn["value"] - drawn["low"]).fillna(0).tolist(), "color": palette.ink, "thickness": 1.4, "width": 3} if has_interval else None
    fig.add_trace(go.Bar(
        x=drawn["value"], y=label, orientation="h", error_x=error, customdata=drawn["province"].tolist(), hovertext=words, textposition="none",
        hovertemplate="<b>%{y}</b><br>%{hovertext}<extra></extra>", selected={"marker": {"opacity": 1}}, unselected={"marker": {"opacity": 1}},
        marker={"color": [palette.outline if c == selected else palette.accent for c in drawn["province"]]}))
    if reference is not None:
        fig.add_vline(x=reference, line={"color": palette.target, "dash": "dash", "width": 1.6},
                      annotation={"text": f"{reference_name} {measure.short(reference, style.lang)}".strip(), "font": {"size": 12, "color": palette.target}},
                      annotation_position="top")
        fig.update_layout(margin={"t": 28})
    _value_axis(fig, drawn, measure, style, extra=reference, axis="xaxis", from_nought=True)
    notes = []
    if has_interval:
        notes.append(style.text(N_("Bars whose intervals overlap cannot be told apart; the order between them is not a finding")))
    if left_out:
        notes.append(style.text(N_("{n} in between are not drawn; they are in the table"), n=format_number(left_out, style.lang)))
    return Chart(fig, _ranked_alt(frame, drawn, label, measure, style), title or measure.title, tuple(notes))


def _ranked_alt(frame: pd.DataFrame, drawn: pd.DataFrame, labels: Sequence[str], measure: Measure, style: Style) -> str:
    if drawn.empty:
        return style.text(N_("{title}: nothing to show."), title=measure.title)
    values = [measure.words(v, style.lang) for v in drawn["value"]]
    text = style.text(N_("{title}: the highest is {high} ({high_value}), the lowest {low} ({low_value})."), title=measure.title, high=labels[-1],
                      high_value=values[-1], low=labels[0], low_value=values[0])
    hidden = int((frame["state"] == SUPPRESSED).sum())
    return text + (" " + style.text(N_("{n} suppressed to protect small groups."), n=hidden) if hidden else "")


def funnel(frame: pd.DataFrame, measure: Measure, style: Style, *, height: int = 300, title: str = "") -> Chart:
    """Stages as bars of one scale, each with its share of the first; `frame` has `label`, `value`, `state`, in order."""
    palette = style.palette
    rows = frame.iloc[::-1]
    values = rows["value"].where(rows["state"].isin(("value", "zero", "older")))
    first = frame["value"].iloc[0] if len(frame) and frame["state"].iloc[0] in ("value", "zero") else np.nan
    texts = []
    for value, (_, row) in zip(values, rows.iterrows(), strict=True):
        share = f"  ({format_number(value / first * 100, style.lang, 0)}%)" if pd.notna(value) and first else ""
        texts.append(cell_words(row, measure, style) + share)
    fig = figure(style, height, showlegend=False, bargap=0.3, yaxis={"type": "category", "showgrid": False},
                 xaxis={"showticklabels": False, "showgrid": False, "zeroline": False, "range": [0, float(np.nanmax([*values, 1])) * 1.45]})
    fig.add_trace(go.Bar(x=values.fillna(0), y=rows["label"], orientation="h", marker={"color": palette.accent}, text=texts, textposition="outside",
                         cliponaxis=False, hovertemplate="%{y}<br>%{text}<extra></extra>", textfont={"color": palette.ink, "size": 13}))
    alt = "; ".join(f"{row['label']} {text}" for (_, row), text in zip(rows.iloc[::-1].iterrows(), texts[::-1], strict=True))
    return Chart(fig, f"{title or measure.title}: {alt}.", title or measure.title)


def profile(frame: pd.DataFrame, measure: Measure, style: Style, *, group_names: Mapping[str, str], zero_line: str = "", height: int | None = None,
            title: str = "") -> Chart:
    """Dots of each group on one line per category, the range between them drawn; `frame` has `category`, `group`, `value`, `state`."""
    palette = style.palette
    categories = list(dict.fromkeys(frame["category"]))[::-1]
    fig = figure(style, height or 34 * len(categories) + 90, showlegend=len(group_names) > 1,
                 yaxis={"type": "category", "categoryorder": "array", "categoryarray": categories}, legend={"y": -0.08})
    for category in categories:
        values = shown(frame[frame["category"] == category])["value"]
        if len(values) > 1:
            fig.add_trace(go.Scatter(x=[values.min(), values.max()], y=[category, category], mode="lines", hoverinfo="skip", showlegend=False,
                                     line={"color": palette.border, "width": 3}))
    symbols = ("circle", "diamond", "square", "triangle-up", "triangle-down", "pentagon")
    for position, (code, name) in enumerate(group_names.items()):
        part = shown(frame[frame["group"] == code])
        low_high = {"low", "high"} <= set(part.columns) and part["low"].notna().any()
        error = {"type": "data", "symmetric": False, "array": (part["high"] - part["value"]).tolist(), "arrayminus": (part["value"] - part["low"]).tolist(),
                 "thickness": 1.2, "width": 0} if low_high else None
        fig.add_trace(go.Scatter(
            x=part["value"], y=part["category"], mode="markers", name=name, error_x=error, text=[cell_words(r, measure, style) for _, r in part.iterrows()],
            marker={"size": 11, "color": palette.series[position % len(palette.series)], "symbol": symbols[position % len(symbols)],
                    "line": {"color": palette.paper, "width": 1}}, hovertemplate="<b>%{y}</b><br>%{text}<extra>" + name + "</extra>"))
    if zero_line:
        fig.add_vline(x=0, line={"color": palette.muted, "width": 1.4}, annotation={"text": zero_line, "font": {"size": 12, "color": palette.muted}},
                      annotation_position="top")
        fig.update_layout(margin={"t": 28})
    _value_axis(fig, frame, measure, style, axis="xaxis", extra=0.0 if zero_line else None)
    return Chart(fig, _profile_alt(frame, measure, style), title or measure.title)


def _profile_alt(frame: pd.DataFrame, measure: Measure, style: Style) -> str:
    drawn = shown(frame)
    if drawn.empty:
        return style.text(N_("{title}: nothing to show."), title=measure.title)
    low, high = drawn.loc[drawn["value"].idxmin()], drawn.loc[drawn["value"].idxmax()]
    spread = drawn.groupby("category")["value"].agg(lambda v: v.max() - v.min())
    text = style.text(N_("{title}: the highest is {high} ({high_value}), the lowest {low} ({low_value})."), title=measure.title, high=high["category"],
                      high_value=measure.words(high["value"], style.lang), low=low["category"], low_value=measure.words(low["value"], style.lang))
    if spread.max() > 0:
        text += " " + style.text(N_("The widest range is in {category}: {gap}."), category=spread.idxmax(), gap=measure.words(float(spread.max()), style.lang))
    return text


def scatter_fit(frame: pd.DataFrame, x_measure: Measure, y_measure: Measure, style: Style, *, selected: str | None = None,
                weight: str | None = None, caption: str = "", height: int = 380, title: str = "") -> Chart:
    """Provinces by two numbers with a (weighted) straight line; `frame` has `province`, `x`, `y`. The caption says it is not causal."""
    palette = style.palette
    drawn = frame.dropna(subset=["x", "y"])
    fig = figure(style, height, showlegend=False, xaxis={"title": {"text": _axis_title(x_measure, style)}}, yaxis={"title": {"text": _axis_title(y_measure, style)}})
    for name, source in (("xaxis", x_measure), ("yaxis", y_measure)):
        _value_axis(fig, pd.DataFrame({"value": drawn[name[0]], "state": "value"}), source, style, axis=name)
    words = [f"<b>{places.name(r['province'], style.lang)}</b><br>{x_measure.title}: {x_measure.words(r['x'], style.lang)}<br>"
             f"{y_measure.title}: {y_measure.words(r['y'], style.lang)}" for _, r in drawn.iterrows()]
    fig.add_trace(go.Scatter(x=drawn["x"], y=drawn["y"], mode="markers", text=words, customdata=drawn["province"].tolist(),
                             hovertemplate="%{text}<extra></extra>", selected={"marker": {"opacity": 0.8}}, unselected={"marker": {"opacity": 0.8}},
                             marker={"size": [14 if c == selected else 9 for c in drawn["province"]], "opacity": 0.8,
                                     "color": [palette.outline if c == selected else palette.accent for c in drawn["province"]],
                                     "line": {"color": palette.paper, "width": 1}}))
    slope_words = ""
    if len(drawn) > 2 and drawn["x"].nunique() > 1:
        w = drawn[weight].to_numpy(float) if weight else np.ones(len(drawn))
        slope, intercept = np.polyfit(drawn["x"].to_numpy(float), drawn["y"].to_numpy(float), 1, w=np.sqrt(w))
        ends = np.array([drawn["x"].min(), drawn["x"].max()], dtype=float)
        fig.add_trace(go.Scatter(x=ends, y=slope * ends + intercept, mode="lines", hoverinfo="skip", line={"color": palette.series[1], "width": 2, "dash": "dash"}))
        slope_words = style.text(N_("The line changes by {slope} for each unit of {x}."), slope=format_number(float(slope), style.lang, 4), x=x_measure.title)
    alt = style.text(N_("{y} against {x} over {n} provinces."), y=y_measure.title, x=x_measure.title, n=len(drawn))
    notes = tuple(n for n in (slope_words, caption or style.text(N_("An association between provinces, not a causal comparison"))) if n)
    return Chart(fig, " ".join([alt, *notes]), title or y_measure.title, notes)


def _axis_title(measure: Measure, style: Style) -> str:
    unit = measure.unit_name(style.lang)
    return f"{measure.title} ({unit})" if unit else measure.title
