"""Rates in steps over the years, and a school's lunch money by its number of pupils with its cliffs."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.axes import nice_ticks, value_axis
from charts.cache import drawn_once
from charts.style import Style
from charts.theme import Chart, Measure, figure
from i18n import N_, format_date, format_number

BE_OFFSET = 543
DASHES = {"approved": "solid", "paid": "solid", "conflicting": "dot", "demonstration": "dash"}
SYMBOLS = {"approved": "circle", "paid": "square", "conflicting": "triangle-up", "demonstration": "diamond"}
MOST_YEARS = 12


def _be(day: dt.date) -> float:
    """A day as a number on an axis of Buddhist-Era years."""
    first = dt.date(day.year, 1, 1)
    return day.year + BE_OFFSET + (day - first).days / 366


@drawn_once
def rate_steps(
    spans: pd.DataFrame,
    measure: Measure,
    style: Style,
    *,
    bands: Mapping[str, str],
    statuses: Mapping[str, str],
    height: int = 380,
    title: str = "",
) -> Chart:
    """Rates as level lines from the day each begins to the day it ends; one line a band and status, never joined across them.

    Args:
        spans: one row a band of a card: band, status, since, until (dates), baht.
        bands, statuses: code -> words; the order of `bands` is that of the colours.
    """
    fig = figure(
        style,
        height,
        showlegend=True,
        margin={"b": 96},
        legend={"yref": "container", "y": 0, "yanchor": "bottom"},
        xaxis={"showgrid": False},
    )
    colours = style.palette.series
    for number, band in enumerate(b for b in bands if (spans["band"] == b).any()):
        for status, part in spans[spans["band"] == band].groupby("status", sort=False):
            ordered = part.sort_values("since")
            x, y, words = [], [], []
            for row in ordered.to_dict("records"):
                said = style.text(
                    N_("{baht} from {since} to {until}"),
                    baht=measure.words(row["baht"], style.lang),
                    since=format_date(row["since"], style.lang),
                    until=format_date(row["until"], style.lang),
                )
                x += [_be(row["since"]), _be(row["until"]), math.nan]
                y += [row["baht"], row["baht"], math.nan]
                words += [said, said, ""]
            fig.add_trace(
                go.Scatter(
                    x=x,
                    y=y,
                    mode="lines+markers",
                    name=f"{bands[band]} · {statuses.get(str(status), status)}",
                    text=words,
                    line={"color": colours[number % len(colours)], "width": 3, "dash": DASHES.get(str(status), "solid")},
                    marker={"size": 8, "symbol": SYMBOLS.get(str(status), "circle")},
                    hovertemplate="%{fullData.name}<br>%{text}<extra></extra>",
                )
            )
    value_axis(fig, spans.assign(value=spans["baht"], state="value"), measure, style, from_nought=True)
    if len(spans):
        first, last = math.floor(_be(spans["since"].min())), math.ceil(_be(spans["until"].max()))
        step = max(1, math.ceil((last - first) / MOST_YEARS))
        ticks = list(range(first, last + 1, step))
        fig.update_layout(xaxis={"tickvals": ticks, "ticktext": [str(t) for t in ticks], "range": [first - 0.2, last + 0.2]})
    return Chart(fig, _steps_alt(spans, measure, style, bands, statuses, title or measure.title), title or measure.title)


def _steps_alt(
    spans: pd.DataFrame, measure: Measure, style: Style, bands: Mapping[str, str], statuses: Mapping[str, str], title: str
) -> str:
    said = [
        style.text(
            N_("{band}, {status}: {baht} since {since}"),
            band=bands.get(r["band"], r["band"]),
            status=statuses.get(r["status"], r["status"]),
            baht=measure.words(r["baht"], style.lang),
            since=format_date(r["since"], style.lang),
        )
        for r in spans.sort_values("since").to_dict("records")
    ]
    return f"{title}: {'; '.join(said)}." if said else style.text(N_("{title}: nothing to show."), title=title)


@drawn_once
def lunch_ladder(
    ladders: Sequence[tuple[str, pd.DataFrame]],
    cliffs: pd.DataFrame,
    measure: Measure,
    style: Style,
    *,
    height: int = 420,
    title: str = "",
) -> Chart:
    """A school's lunch money a day by its number of pupils; a gap at each step, and a mark where one pupil more costs money.

    Args:
        ladders: (words, frame of pupils, step, baht), the first drawn strongest.
        cliffs: of the first: pupils, baht, next_pupils, next_baht, loss, regained.
    """
    palette = style.palette
    fig = figure(
        style,
        height,
        showlegend=True,
        margin={"b": 96},
        legend={"yref": "container", "y": 0, "yanchor": "bottom"},
        xaxis={"title": {"text": style.text(N_("Pupils of the school"))}},
    )
    for position, (name, frame) in enumerate(ladders):
        x, y = [], []
        for _step, part in frame.groupby("step", sort=False):
            x += [*part["pupils"], math.nan]
            y += [*part["baht"], math.nan]
        fig.add_trace(
            go.Scatter(
                x=x,
                y=y,
                mode="lines",
                name=name,
                line={"color": palette.series[position], "width": 3, "dash": "solid" if position == 0 else "dot"},
                hovertemplate="%{x}: %{y:,.0f}<extra>" + name + "</extra>",
            )
        )
    if len(cliffs):
        fig.add_trace(
            _marks(cliffs["pupils"], cliffs["baht"], style.text(N_("Last school before the step")), palette.alert, "circle")
        )
        back = cliffs.dropna(subset=["regained"])
        if len(back):
            heights = [_at(ladders[0][1], int(n)) for n in back["regained"]]
            words = style.text(N_("Has as much a day again"))
            fig.add_trace(_marks(back["regained"], heights, words, palette.target, "diamond"))
    drawn = pd.concat([f for _name, f in ladders], ignore_index=True)
    value_axis(fig, drawn.assign(value=drawn["baht"], state="value"), measure, style, from_nought=True)
    ticks = nice_ticks(0, float(drawn["pupils"].max()), count=8, whole=True)
    fig.update_layout(xaxis={"tickvals": ticks, "ticktext": [format_number(t, style.lang) for t in ticks]})
    sentences = [cliff_words(r, measure, style) for r in cliffs.to_dict("records")]
    none = style.text(N_("No step leaves a school with less money a day for one pupil more."))
    return Chart(fig, " ".join([f"{title or measure.title}:", *(sentences or [none])]), title or measure.title)


def _marks(x: Iterable[float], y: Iterable[float], name: str, colour: str, symbol: str) -> go.Scatter:
    marker = {"size": 10, "symbol": symbol, "color": colour}
    return go.Scatter(
        x=list(x), y=list(y), mode="markers", name=name, marker=marker, hovertemplate="%{x}: %{y:,.0f}<extra>" + name + "</extra>"
    )


def _at(frame: pd.DataFrame, pupils: int) -> float:
    found = frame.loc[frame["pupils"] == pupils, "baht"]
    return float(found.iloc[0]) if len(found) else math.nan


def cliff_words(cliff: Mapping[Any, Any], measure: Measure, style: Style) -> str:
    """One cliff as a sentence."""
    said = {
        "pupils": format_number(cliff["pupils"], style.lang),
        "baht": measure.words(cliff["baht"], style.lang),
        "next_pupils": format_number(cliff["next_pupils"], style.lang),
        "next_baht": measure.words(cliff["next_baht"], style.lang),
    }
    text = style.text(N_("A school of {pupils} pupils gets {baht}, one of {next_pupils} gets {next_baht}."), **said)
    if pd.isna(cliff["regained"]):
        return text + " " + style.text(N_("No larger school has as much again."))
    return text + " " + style.text(N_("As much again from {n} pupils."), n=format_number(cliff["regained"], style.lang))
