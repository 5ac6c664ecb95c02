"""A funnel plot: places by how precisely they are measured, with limits around the country's mean, instead of a league table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts import places
from charts.axes import value_axis
from charts.cache import drawn_once
from charts.style import Style
from charts.theme import VALUE, Chart, Measure, figure
from i18n import N_, format_number

LIMITS = ((1.959963984540054, "dash"), (3.090232306167813, "dot"))
"""Two-sided 95 % and 99.8 % of a normal distribution, with how they are drawn."""


@drawn_once
def funnel_plot(
    frame: pd.DataFrame,
    measure: Measure,
    style: Style,
    *,
    centre: float,
    spread: float,
    selected: str | None = None,
    title: str = "",
    height: int = 440,
) -> Chart:
    """Points inside the limits cannot be told from the country's mean.

    Args:
        frame: province, value, se; x is the precision 1/se, on which the limits are centre ± z·spread/x.
        spread: the square root of the overdispersion (1 when sampling explains all).
    """
    p = style.palette
    drawn = frame[frame["se"] > 0].assign(x=lambda d: 1 / d["se"])
    fig = figure(style, height, showlegend=True, legend={"y": -0.2}, yaxis={"title": {"text": measure.title}})
    grid = np.linspace(drawn["x"].min() * 0.85, drawn["x"].max() * 1.05, 60)
    for (z, dash), words in zip(LIMITS, (N_("95% limits"), N_("99.8% limits")), strict=True):
        edges = [(grid, centre + sign * z * spread / grid) for sign in (1, -1)]
        for number, (x, y) in enumerate(edges):
            line = {"color": p.muted, "width": 1.4, "dash": dash}
            fig.add_trace(
                go.Scatter(
                    x=x,
                    y=y,
                    mode="lines",
                    line=line,
                    name=style.text(words),
                    showlegend=number == 0,
                    hoverinfo="skip",
                    legendgroup=words,
                )
            )
    fig.add_hline(y=centre, line={"color": p.accent, "width": 1.6})
    outside = np.abs(drawn["value"] - centre) > LIMITS[0][0] * spread / drawn["x"]
    for far, words, colour in ((False, N_("Within the limits"), p.border), (True, N_("Outside the 95% limits"), p.series[1])):
        part = drawn[outside == far]
        fig.add_trace(
            go.Scatter(
                x=part["x"],
                y=part["value"],
                mode="markers",
                name=style.text(words),
                customdata=part["province"],
                text=[
                    f"{places.name(c, style.lang)}: {measure.words(v, style.lang)}"
                    for c, v in zip(part["province"], part["value"], strict=True)
                ],
                marker={
                    "size": [14 if c == selected else 9 for c in part["province"]],
                    "color": [p.outline if c == selected else colour for c in part["province"]],
                    "line": {"color": p.paper, "width": 1},
                },
                hovertemplate="%{text}<extra></extra>",
            )
        )
    fig.update_layout(xaxis={"title": {"text": style.text(N_("Precision (1 ÷ standard error)"))}})
    reach = [centre - LIMITS[1][0] * spread / grid[0], centre + LIMITS[1][0] * spread / grid[0]]
    value_axis(fig, pd.DataFrame({"value": [*drawn["value"], *reach], "state": VALUE}), measure, style)
    count = int(outside.sum())
    alt = style.text(
        N_("{title}: {outside} of {all} provinces lie outside the 95% limits around {centre}."),
        title=title or measure.title,
        outside=format_number(count, style.lang),
        all=format_number(len(drawn), style.lang),
        centre=measure.words(centre, style.lang),
    )
    return Chart(fig, alt, title or measure.title)
