"""Overlapping sets: dots say which sets a combination is of, bars how many are in exactly that one (UpSet, Lex et al. 2014)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from charts.cache import drawn_once
from charts.style import Style
from charts.theme import Chart, figure
from i18n import N_, format_number

ROW, HEAD = 30, 200  # pixels: of a combination, and of the names over the dots
GAP = 0.8  # between the dots and the bars, in steps of the dots
BARS = 5.0  # length of the longest bar, in the same steps


@drawn_once
def upset(frame: pd.DataFrame, names: Mapping[str, str], style: Style, *, title: str, count: str = "provinces") -> Chart:
    """Combinations as rows, the largest on top.

    Args:
        frame: one row a combination: a boolean column for each set, and the count.
        names: set -> words, from left to right.
    """
    sets = list(names)
    rows = frame.sort_values(count, ascending=False, kind="stable").reset_index(drop=True)
    fig = figure(
        style,
        ROW * len(rows) + HEAD,
        margin={"t": HEAD - 30, "b": 8, "r": 30},
        showlegend=False,
        xaxis={
            "range": [-0.6, len(sets) + GAP + BARS + 0.6],
            "showgrid": False,
            "zeroline": False,
            "side": "top",
            "tickangle": -40,
        },
        yaxis={"range": [len(rows) - 0.4, -0.6], "showgrid": False, "zeroline": False, "showticklabels": False},
    )
    fig.update_layout(xaxis={"tickvals": list(range(len(sets))), "ticktext": list(names.values())})
    palette = style.palette
    for inside, colour in ((False, palette.grid), (True, palette.accent)):
        spots = [(x, y) for y, row in rows.iterrows() for x, s in enumerate(sets) if bool(row[s]) is inside]
        fig.add_trace(
            go.Scatter(
                x=[x for x, _y in spots],
                y=[y for _x, y in spots],
                mode="markers",
                marker={"symbol": "circle", "size": 14, "color": colour},
                hoverinfo="skip",
            )
        )
    start, most = len(sets) + GAP - 0.5, float(rows[count].max()) if len(rows) else 1.0
    words = [_words(row, names, style) for _y, row in rows.iterrows()]
    fig.add_trace(
        go.Bar(
            x=[BARS * n / most for n in rows[count]],
            y=list(range(len(rows))),
            base=[start] * len(rows),
            orientation="h",
            marker={"color": palette.accent},
            text=[format_number(n, style.lang) for n in rows[count]],
            textposition="outside",
            textfont={"color": palette.ink, "size": 13},
            customdata=words,
            hovertemplate="%{customdata}: %{text}<extra></extra>",
        )
    )
    return Chart(fig, _alt(rows, words, style, title, count), title)


def _words(row: pd.Series, names: Mapping[str, str], style: Style) -> str:
    return style.text(N_(" and ")).join(names[s] for s in names if row[s])


def _alt(rows: pd.DataFrame, words: list[str], style: Style, title: str, count: str) -> str:
    several = sum(int(n) for n, w in zip(rows[count], words, strict=True) if style.text(N_(" and ")) in w)
    first = [f"{w}: {format_number(n, style.lang)}" for w, n in zip(words[:3], rows[count].head(3), strict=True)]
    return style.text(
        N_("{title}: {n} combinations; {several} places are in more than one set. The largest: {first}."),
        title=title,
        n=format_number(len(rows), style.lang),
        several=format_number(several, style.lang),
        first="; ".join(first),
    )
