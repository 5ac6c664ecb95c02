"""The distribution of a score in bands, with the cut-off drawn."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go

from charts.axes import value_axis
from charts.cache import drawn_once
from charts.style import Style
from charts.theme import Chart, Measure, figure, provisional_notes, told
from i18n import N_, format_number


@drawn_once
def score_histogram(
    frame: pd.DataFrame, measure: Measure, style: Style, *, cutoffs: Sequence[float], title: str, height: int = 340
) -> Chart:
    """One step a band; bands at or past the cut-off in the stronger colour. A hidden band is left open and counted in a note.

    Args:
        frame: `band` (the lower end of each, as text), `value`, `state`, in order.
        cutoffs: those in force, in the units of the bands; more than one where places differ.
    """
    p = style.palette
    lows = [int(b) for b in frame["band"]]
    width = min((b - a for a, b in pairwise(lows)), default=10)
    drawn = told(frame).assign(low=lambda d: d["band"].astype(int))
    first = min(cutoffs, default=float("inf"))
    fig = figure(style, height, showlegend=True, legend={"y": -0.2}, xaxis={"showgrid": False})
    for selected, words, colour in ((False, N_("Below the cut-off"), p.good[1]), (True, N_("At or above the cut-off"), p.accent)):
        part = drawn[(drawn["low"] >= first) == selected]
        xs, ys = [], []
        for low, value in zip(part["low"], part["value"], strict=True):
            xs += [low, low, low + width, low + width, None]
            ys += [0, value, value, 0, None]
        fig.add_trace(
            go.Scatter(
                x=xs,
                y=ys,
                mode="lines",
                fill="toself",
                line={"width": 1, "color": p.paper},
                fillcolor=colour,
                name=style.text(words),
                hoverinfo="skip",
            )
        )
    fig.add_trace(
        go.Scatter(
            x=drawn["low"] + width / 2,
            y=drawn["value"],
            mode="markers",
            marker={"size": 1, "color": p.accent},
            showlegend=False,
            text=[
                f"{low}–{low + width - 1}: {measure.words(v, style.lang)}"
                for low, v in zip(drawn["low"], drawn["value"], strict=True)
            ],
            hovertemplate="%{text}<extra></extra>",
        )
    )
    for cutoff in cutoffs:
        fig.add_vline(
            x=cutoff,
            line={"color": p.alert, "dash": "dash", "width": 1.8},
            annotation={
                "text": style.text(N_("Cut-off {n}"), n=format_number(cutoff, style.lang)),
                "font": {"size": 12, "color": p.alert},
            },
            annotation_position="top",
        )
    fig.update_layout(xaxis={"tickvals": lows, "ticktext": [str(b) for b in lows]}, margin={"t": 28})
    value_axis(fig, drawn, measure, style, from_nought=True)
    hidden = int((frame["state"] == "suppressed").sum())
    suppressed = (style.text(N_("{n} bands are suppressed"), n=format_number(hidden, style.lang)),) if hidden else ()
    notes = suppressed + provisional_notes(frame, style)
    below = float(drawn.loc[drawn["low"] < first, "value"].sum())
    alt = style.text(
        N_("{title}: {below} below the cut-off, {above} at or above it."),
        title=title,
        below=measure.words(below, style.lang),
        above=measure.words(float(drawn["value"].sum()) - below, style.lang),
    )
    return Chart(fig, alt, title, notes)
