"""Series that others published, quoted beside ours: a line breaks where years do not compare."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from charts.axes import value_axis
from charts.cache import drawn_once
from charts.description import Description, Series, axis_of, numbers
from charts.style import Style
from charts.theme import VALUE, Chart, Measure, figure
from i18n import N_


@drawn_once
def published_lines(
    frame: pd.DataFrame, measure: Measure, style: Style, *, names: Mapping[str, str], title: str, height: int = 340
) -> Chart:
    """One line a series, broken between comparable segments, with a dashed rule where a break falls.

    Args:
        frame: series, year (Buddhist Era), segment, value.
        names: series -> words, in drawing order.
    """
    fig = figure(style, height, showlegend=len(names) > 1, xaxis={"dtick": 1, "showgrid": False, "tickformat": "d"})
    for position, (series, name) in enumerate(names.items()):
        colour = style.palette.series[position % len(style.palette.series)]
        own = frame[frame["series"] == series].sort_values("year")
        for number, (_segment, comparable) in enumerate(own.groupby("segment")):
            part = with_breaks(comparable, own)
            fig.add_trace(
                go.Scatter(
                    x=part["year"],
                    y=part["value"],
                    mode="lines+markers",
                    name=name,
                    legendgroup=series,
                    showlegend=number == 0,
                    line={"color": colour, "width": 3},
                    marker={"size": 8, "color": colour},
                    connectgaps=False,
                    text=["" if pd.isna(v) else measure.words(v, style.lang) for v in part["value"]],
                    hovertemplate="%{x}: %{text}<extra>" + name + "</extra>",
                )
            )
    years = sorted(frame["year"].unique())
    fig.update_layout(xaxis={"tickvals": years, "ticktext": [str(y) for y in years]})
    breaks = break_years(frame)
    for at in breaks:
        fig.add_vline(x=at, line={"color": style.palette.muted, "dash": "dash", "width": 1.4})
    value_axis(fig, frame.assign(state=VALUE), measure, style)
    notes = tuple(
        style.text(N_("Dashed: years before {year} do not compare with those from then on."), year=int(at + 0.5)) for at in breaks
    )
    return Chart(
        fig, _alt(frame, measure, style, names, title), title, notes, description=_described(frame, measure, style, names)
    )


def _described(frame: pd.DataFrame, measure: Measure, style: Style, names: Mapping[str, str]) -> Description:
    """A line a series over every year between the first and the last; it breaks where years do not compare or are missing."""
    years = range(int(frame["year"].min()), int(frame["year"].max()) + 1) if len(frame) else range(0)
    series = []
    for position, (code, name) in enumerate(names.items()):
        own = frame[frame["series"] == code].set_index("year").sort_index()
        parts = [with_breaks(part.reset_index(), own.reset_index()) for _segment, part in own.groupby("segment")]
        starts = [
            year for part in parts for year in (part["year"].iloc[0], *part["year"][part["value"].isna().shift(fill_value=False)])
        ]
        colour = style.palette.series[position % len(style.palette.series)]
        breaks = tuple(sorted(years.index(int(year)) for year in starts)[1:])
        series.append(Series(name, numbers(own["value"].reindex(years)), colour, breaks=breaks, joined=True))
    return Description("lines", tuple(map(str, years)), tuple(series), axis_of(measure, series, style))


def with_breaks(part: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Years of a series with an empty one wherever more of them are missing than its usual step leaves out: the line breaks there."""
    years = whole["year"].drop_duplicates()
    step = int(years.diff().min()) if len(years) > 1 else 1
    late = part.loc[part["year"].diff() > step, "year"]
    return pd.concat([part, pd.DataFrame({"year": late - step})]).sort_values("year", kind="stable")


def break_years(frame: pd.DataFrame) -> list[float]:
    """Half-way marks before the first year of every later segment."""
    starts = frame.groupby(["series", "segment"])["year"].min().reset_index()
    later = starts[starts["segment"] > starts.groupby("series")["segment"].transform("min")]
    return [float(y) - 0.5 for y in sorted(later["year"].unique())]


def _alt(frame: pd.DataFrame, measure: Measure, style: Style, names: Mapping[str, str], title: str) -> str:
    said = []
    for series, name in names.items():
        own = frame[frame["series"] == series].sort_values("year")
        if len(own):
            first, last = own.iloc[0], own.iloc[-1]
            said.append(
                f"{name} {first['year']}: {measure.words(first['value'], style.lang)}, "
                f"{last['year']}: {measure.words(last['value'], style.lang)}"
            )
    return f"{title}. " + "; ".join(said) + "."
