"""Rankings with intervals, and funnels."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts import describe, places
from charts.axes import value_axis
from charts.cache import drawn_once
from charts.description import Description, Series, axis_of, numbers
from charts.style import Style
from charts.theme import OLDER, PROVISIONAL, SUPPRESSED, TOLD, Chart, Measure, cell_words, early, figure, shown
from i18n import N_, format_number, format_percent

APART = N_("Provisional, not ranked")
LABEL = 26  # characters of a name on one line beside its bar


@drawn_once
def ranked_bars(
    frame: pd.DataFrame,
    measure: Measure,
    style: Style,
    *,
    selected: str | None = None,
    reference: float | None = None,
    reference_name: str = "",
    limit: int | None = None,
    names: Mapping[str, str] | None = None,
    height: int | None = None,
    title: str = "",
) -> Chart:
    """Bars from the end that matters (`ranked`) with 95 % intervals; it says that overlapping ones cannot be told apart.

    Args:
        frame: `province` (or any code with `names` given), `value`, `state`, low/high.
        limit: draw the top and bottom half of this many, and the selected one.
    """
    drawn, notes = ranked(frame, measure, style, selected=selected, limit=limit)
    palette = style.palette
    spoken = [names[c] if names else places.name(c, style.lang) for c in drawn["province"]]
    label = ["<br>".join(textwrap.wrap(words, LABEL, break_long_words=False)) for words in spoken]
    words = [cell_words(r, measure, style) for _, r in drawn.iterrows()]
    fig = figure(
        style,
        height or (38 if any("<br>" in words for words in label) else 26) * len(drawn) + (90 if len(drawn) > 4 else 110),
        showlegend=False,
        bargap=0.28,
        yaxis={"type": "category", "showgrid": False},
    )
    has_interval = intervals(drawn)
    error = (
        {
            "type": "data",
            "symmetric": False,
            "array": (drawn["high"] - drawn["value"]).fillna(0).tolist(),
            "arrayminus": (drawn["value"] - drawn["low"]).fillna(0).tolist(),
            "color": palette.ink,
            "thickness": 1.4,
            "width": 3,
        }
        if has_interval
        else None
    )
    fig.add_trace(
        go.Bar(
            x=drawn["value"],
            y=label,
            orientation="h",
            error_x=error,
            customdata=drawn["province"].tolist(),
            hovertext=words,
            textposition="none",
            hovertemplate="<b>%{y}</b><br>%{hovertext}<extra></extra>",
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
            marker=bar_marks(drawn, [palette.outline if c == selected else palette.accent for c in drawn["province"]]),
        )
    )
    if len(early(drawn)) and len(early(drawn)) < len(drawn):  # a line between them, and the words for what stands below it
        at = len(early(drawn)) - 0.5
        fig.add_hline(y=at, line={"color": palette.muted, "dash": "dot", "width": 1.2})
        notes.append(style.text(N_("Below the dotted line, hollow: {apart}"), apart=style.text(APART)))
    if reference is not None:
        fig.add_vline(
            x=reference,
            line={"color": palette.target, "dash": "dash", "width": 1.6},
            annotation={
                "text": f"{reference_name} {measure.short(reference, style.lang)}".strip(),
                "font": {"size": 12, "color": palette.target},
            },
            annotation_position="top",
        )
        fig.update_layout(margin={"t": 28})
    value_axis(fig, drawn, measure, style, extra=[] if reference is None else [reference], axis="xaxis", from_nought=True)
    said = _described(
        drawn[::-1],
        spoken[::-1],
        measure,
        style,
        selected,
        None if reference is None else f"{reference_name} {measure.short(reference, style.lang)}",
    )
    alt = ranked_alt(frame, drawn, spoken, measure, style)
    found = "" if names else describe.finding_of_places(frame, measure, style)
    return Chart(fig, alt, title or measure.title, tuple(notes), description=said, finding=found)


def _described(
    rows: pd.DataFrame,
    names: Sequence[str],
    measure: Measure,
    style: Style,
    selected: str | None = None,
    reference: str | None = None,
    labels: Sequence[str] = (),
) -> Description:
    """Bars from the top; the axis begins at nought."""
    values = numbers(rows["value"].where(rows["state"].isin(TOLD)))
    low, high = (numbers(rows[k]) if intervals(rows) else () for k in ("low", "high"))
    hollow = tuple(np.flatnonzero(rows["state"].eq(PROVISIONAL)).tolist())
    series = Series(measure.title, values, style.palette.accent, low=low, high=high, hollow=hollow)
    codes = rows["province"].tolist() if "province" in rows else []
    title = " · ".join(w for w in (measure.unit_name(style.lang), reference) if w)
    axis = axis_of(measure, [series], style, title, from_nought=True)
    marked = codes.index(selected) if selected in codes else None
    return Description("bars", tuple(names), (series,), axis, labels=tuple(labels), marked=marked)


def ranked(
    frame: pd.DataFrame, measure: Measure, style: Style, *, selected: str | None = None, limit: int | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """The rows of a ranking from its lower end up, and what has to be said of it; arguments as for `ranked_bars`.

    It opens at the end that matters: the largest numbers, but of a rate or mean of which more is better the lowest.

    Provisional rows are a list of their own before them (below them, as bars are drawn): at most half of `limit` where others are ranked.
    """
    lowest_last = measure.bubbles or measure.direction != "up"
    drawn, apart = (part(frame).sort_values("value", ascending=lowest_last) for part in (shown, early))
    left_out = noughts = 0
    if limit and len(drawn) > limit and measure.bubbles:
        noughts = int(((drawn["value"] == 0) & (drawn["province"] != selected)).sum())
        drawn = drawn[(drawn["value"] != 0) | (drawn["province"] == selected)]
    if limit and len(drawn) > limit:
        keep = set(drawn["province"].iloc[: limit // 2]) | set(drawn["province"].iloc[-(limit - limit // 2) :]) | {selected}
        left_out = len(drawn) - int(drawn["province"].isin(keep).sum())
        drawn = drawn[drawn["province"].isin(keep)]
    notes = []
    if intervals(drawn):
        notes.append(style.text(N_("Bars whose intervals overlap cannot be told apart; the order between them is not a finding")))
    if noughts:
        notes.append(
            style.text(N_("{n} with true nought are not drawn; they are in the table"), n=format_number(noughts, style.lang))
        )
    if left_out:
        notes.append(style.text(N_("{n} in between are not drawn; they are in the table"), n=format_number(left_out, style.lang)))
    room = len(apart) if not limit else limit // 2 if len(drawn) else limit
    told = apart[(np.arange(len(apart)) >= len(apart) - room) | (apart["province"] == selected)]
    if len(apart):
        notes.append(style.text(N_("{n} provisional, hollow: they are not ranked"), n=format_number(len(apart), style.lang)))
    return pd.concat([told, drawn]) if len(told) else drawn, notes


def bar_marks(rows: pd.DataFrame, colours: Sequence[str]) -> dict[str, Any]:
    """How bars are filled: in their colours, hollow where they are provisional."""
    hollow = rows["state"].eq(PROVISIONAL).tolist()
    fills = ["rgba(0,0,0,0)" if open_ else colour for open_, colour in zip(hollow, colours, strict=True)]
    return {"color": fills, "line": {"color": list(colours), "width": [1.6 if open_ else 0 for open_ in hollow]}}


def intervals(drawn: pd.DataFrame) -> bool:
    """Whether any row has an interval."""
    return {"low", "high"} <= set(drawn.columns) and bool(drawn["low"].notna().any())


def ranked_alt(frame: pd.DataFrame, drawn: pd.DataFrame, labels: Sequence[str], measure: Measure, style: Style) -> str:
    """A ranking in words; `labels` are the names of the drawn rows, in their order."""
    labels, drawn = list(labels)[len(early(drawn)) :], shown(drawn)
    if drawn.empty:
        said = _apart(frame, style)
        return (
            " ".join([f"{measure.title}:", *said]) if said else style.text(N_("{title}: nothing to show."), title=measure.title)
        )
    values = [measure.words(v, style.lang) for v in drawn["value"]]
    low, high = int(drawn["value"].argmin()), int(drawn["value"].argmax())
    text = style.text(
        N_("{title}: the highest is {high} ({high_value}), the lowest {low} ({low_value})."),
        title=measure.title,
        high=labels[high],
        high_value=values[high],
        low=labels[low],
        low_value=values[low],
    )
    hidden = int((frame["state"] == SUPPRESSED).sum())
    said = [style.text(N_("{n} suppressed, to protect small numbers there or elsewhere."), n=hidden)] if hidden else []
    return " ".join([text, *said, *_apart(frame, style)])


def _apart(frame: pd.DataFrame, style: Style) -> list[str]:
    count = len(early(frame))
    return (
        [style.text(N_("{n} provisional, hollow: they are not ranked"), n=format_number(count, style.lang)) + "."]
        if count
        else []
    )


def funnel(frame: pd.DataFrame, measure: Measure, style: Style, *, height: int = 300, title: str = "") -> Chart:
    """Stages as bars of one scale, each with its share of the first; `frame`: `label`, `value`, `state`, in order."""
    palette = style.palette
    rows = frame.iloc[::-1]
    values = rows["value"].where(rows["state"].isin(TOLD))
    texts = stage_words(frame, measure, style)[::-1]
    fig = figure(
        style,
        height,
        showlegend=False,
        bargap=0.3,
        yaxis={"type": "category", "showgrid": False},
        xaxis={"showticklabels": False, "showgrid": False, "zeroline": False, "range": [0, float(np.nanmax([*values, 1])) * 1.6]},
    )
    fig.add_trace(
        go.Bar(
            x=values.fillna(0),
            y=rows["label"],
            orientation="h",
            marker=bar_marks(rows, [palette.accent] * len(rows)),
            text=texts,
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}<br>%{text}<extra></extra>",
            textfont={"color": palette.ink, "size": 13},
        )
    )
    alt = "; ".join(f"{row['label']} {text}" for (_, row), text in zip(rows.iloc[::-1].iterrows(), texts[::-1], strict=True))
    said = _described(frame, list(frame["label"]), measure, style, labels=texts[::-1])
    return Chart(
        fig, f"{title or measure.title}: {alt}.", title or measure.title, description=said, finding=_passed(frame, style)
    )


def _passed(frame: pd.DataFrame, style: Style) -> str:
    """How many of those at the first stage come as far as the last; empty where one of them is not known."""
    values, labels = frame["value"].where(frame["state"].isin(TOLD)).tolist(), frame["label"].tolist()
    if len(values) < 2 or pd.isna(values[0]) or pd.isna(values[-1]) or not values[0]:
        return ""
    share = format_percent(values[-1] / values[0], style.lang, 0)
    return style.text(N_("{first}: {share} come as far as “{last}”"), first=labels[0], share=share, last=labels[-1])


def stage_words(frame: pd.DataFrame, measure: Measure, style: Style) -> list[str]:
    """What stands beside each stage: its number and its share of the first, or its state in words."""
    values = frame["value"].where(frame["state"].isin(TOLD))
    first = frame["value"].iloc[0] if len(frame) and frame["state"].iloc[0] in TOLD else np.nan
    texts = []
    for value, (_, row) in zip(values, frame.iterrows(), strict=True):
        share = (
            f"  ({format_number(value / first * 100, style.lang, 0)}%)" if pd.notna(value) and pd.notna(first) and first else ""
        )
        said = "".join(cell_words(row, measure, style).partition(" · ")[1:]) if row["state"] in (PROVISIONAL, OLDER) else ""
        texts.append((measure.short(value, style.lang) if pd.notna(value) else cell_words(row, measure, style)) + share + said)
    return texts
