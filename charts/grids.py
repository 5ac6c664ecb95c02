"""Places by periods as a grid of coloured cells: how much of what was expected has come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import places
from charts.remembering import drawn_once
from charts.style import Style
from charts.theme import Chart, figure
from i18n import N_, format_number, format_percent, format_period

ROW = 19
# share from which a class begins; a boundary value belongs to the class that it begins
CLASSES = (
    (0.0, N_("Nothing sent")),
    (1e-9, N_("Under 50%")),
    (0.5, N_("50% to under 80%")),
    (0.8, N_("80% to under 95%")),
    (0.95, N_("95% to under 100%")),
    (1.0, N_("Complete")),
)
NOT_EXPECTED = N_("Nothing expected")


def _colours(style: Style) -> list[str]:
    return [style.palette.alert, *style.palette.good]


@drawn_once
def completeness_grid(frame: pd.DataFrame, style: Style, *, title: str, selected: str | None = None) -> Chart:
    """One row a province, one column a period, coloured by the share sent; where nothing is expected the cell stays empty.

    Args:
        frame: province, period, sent, expected, share, state of some provinces, in the order to be drawn.
        selected: a province whose name is marked.
    """
    codes, periods = list(dict.fromkeys(frame["province"])), sorted(frame["period"].unique())
    classes = frame.assign(grade=[_grade(s) for s in frame["share"]]).pivot(index="province", columns="period", values="grade")
    words = frame.assign(words=[_words(r, style) for r in frame.to_dict("records")])
    hover = words.pivot(index="province", columns="period", values="words")
    colours = _colours(style)
    steps = [(i / len(colours), (i + 1) / len(colours)) for i in range(len(colours))]
    fig = figure(
        style,
        ROW * len(codes) + 44,
        xaxis={
            "type": "category",
            "side": "top",
            "showgrid": False,
            "tickangle": -60 if len(periods) > 8 else 0,
            "zeroline": False,
        },
        yaxis={
            "type": "category",
            "autorange": "reversed",
            "showgrid": False,
            "zeroline": False,
            "tickfont": {"size": 12},
            "dtick": 1,
        },
    )
    fig.add_trace(
        go.Heatmap(
            z=classes.reindex(index=codes, columns=periods).to_numpy(float),
            x=[format_period(p) for p in periods],
            y=[_label(c, selected, style) for c in codes],
            text=hover.reindex(index=codes, columns=periods).to_numpy(),
            hovertemplate="<b>%{y}</b> %{x}<br>%{text}<extra></extra>",
            colorscale=[[edge, colour] for (a, b), colour in zip(steps, colours, strict=True) for edge in (a, b)],
            zmin=0,
            zmax=len(CLASSES),
            showscale=False,
            xgap=1,
            ygap=1,
        )
    )
    return Chart(fig, _alt(frame, title, style), title)


def completeness_legend(style: Style) -> list[tuple[str, str]]:
    """The classes of `completeness_grid`: (words, colour), from nothing sent to complete, and where nothing is expected."""
    names = [*(words for _start, words in CLASSES), NOT_EXPECTED]
    return [(style.text(n), c) for n, c in zip(names, [*_colours(style), style.palette.not_collected], strict=True)]


def _grade(share: float) -> float:
    """The middle of the class of a share, on a scale of one step a class; NaN stays NaN."""
    return float("nan") if pd.isna(share) else sum(share >= start for start, _words in CLASSES) - 0.5


def _label(code: str, selected: str | None, style: Style) -> str:
    name = places.name(code, style.lang)
    return f"<b>▸ {name}</b>" if code == selected else name


def _words(row: Mapping[Any, object], style: Style) -> str:
    if not row["expected"]:
        return style.text(NOT_EXPECTED)
    return style.text(
        N_("{sent} of {expected} sent ({share})"),
        sent=format_number(float(str(row["sent"])), style.lang),
        expected=format_number(float(str(row["expected"])), style.lang),
        share=format_percent(float(str(row["share"])), style.lang),
    )


def _alt(frame: pd.DataFrame, title: str, style: Style) -> str:
    counts: Sequence[int] = [int((frame["state"] == s).sum()) for s in ("complete", "partial", "none", "not_expected")]
    return style.text(
        N_("{title}: {complete} cells complete, {partial} partial, {none} without anything, {nothing} where nothing is expected"),
        title=title,
        complete=counts[0],
        partial=counts[1],
        none=counts[2],
        nothing=counts[3],
    )
