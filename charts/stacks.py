"""Bars that add up to a whole, with parts in an order (standards, stages, statuses)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from charts.cache import drawn_once
from charts.description import Axis, Description, Series, numbers
from charts.style import Style
from charts.theme import Chart, Measure, early, figure, provisional_notes, told
from i18n import N_, format_percent

LABELLED = 0.09  # a narrower part has no room for its share


@drawn_once
def stacked_shares(
    frame: pd.DataFrame,
    measure: Measure,
    style: Style,
    *,
    parts: Mapping[str, str],
    rest: str | None = None,
    height: int | None = None,
    title: str = "",
) -> Chart:
    """Parts of a whole, one bar a category; a category with a part that is not shown is left out and counted in a note.

    Args:
        frame: `category` (words, in order), `part`, `value` (a count), `state`.
        parts: part code -> words from the worst to the best; drawn in this order on one ramp.
        rest: the part that stands outside the order (not assessed), drawn last in grey.
    """
    wide, left_out = _shares(frame, list(parts))
    categories = list(wide.index)[::-1]
    fig = figure(
        style,
        height or 26 * len(categories) + 110,
        barmode="overlay",
        bargap=0.25,
        showlegend=True,
        margin={"r": 26},
        legend={"traceorder": "normal", "y": -0.1, "itemclick": False, "itemdoubleclick": False},
        xaxis={"range": [0, 1], "tickvals": [0, 0.25, 0.5, 0.75, 1]},
        yaxis={"type": "category", "categoryorder": "array", "categoryarray": categories, "showgrid": False},
    )
    fig.update_layout(xaxis={"ticktext": [format_percent(t, style.lang, 0) for t in (0, 0.25, 0.5, 0.75, 1)]})
    base = pd.Series(0.0, index=wide.index)
    for code, colour, ink in _colours(parts, rest, style):
        share = wide[code]
        words = [format_percent(v, style.lang, 0) for v in share]
        fig.add_trace(
            go.Bar(
                x=share,
                y=list(wide.index),
                base=base.tolist(),
                orientation="h",
                name=parts[code],
                marker={"color": colour, "line": {"color": style.palette.paper, "width": 1}},
                text=[w if v >= LABELLED else "" for w, v in zip(words, share, strict=True)],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"color": ink, "size": 12},
                hovertemplate="<b>%{y}</b><br>" + parts[code] + " %{customdata}<extra></extra>",
                customdata=[format_percent(v, style.lang, 1) for v in share],
            )
        )
        base = base + share
    notes = (style.text(N_("Not drawn, because a part is not shown: {names}"), names=", ".join(left_out)),) if left_out else ()
    names = ", ".join(dict.fromkeys(early(frame)["category"]))
    said = tuple(f"{names} · {note}" for note in provisional_notes(frame, style))
    alt = " ".join([_alt(wide, parts, title or measure.title, style), *said])
    parts_of = tuple(Series(parts[c], numbers(wide[c]), colour) for c, colour, _ink in _colours(parts, rest, style))
    described = Description("shares", tuple(wide.index), parts_of, Axis("", "0%", 0.0, 1.0, 0.25))
    return Chart(fig, alt, title or measure.title, notes + said, description=described)


def _shares(frame: pd.DataFrame, codes: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """Categories × parts as shares of the whole, and the categories that cannot be drawn."""
    order = list(dict.fromkeys(frame["category"]))
    counts = told(frame).pivot_table(index="category", columns="part", values="value", aggfunc="sum")
    counts = counts.reindex(index=order, columns=codes).dropna()
    whole = counts.sum(axis=1)
    counts = counts[whole > 0].div(whole[whole > 0], axis=0)
    return counts, [c for c in order if c not in counts.index]


def _colours(parts: Mapping[str, str], rest: str | None, style: Style) -> list[tuple[str, str, str]]:
    """(part, colour, colour of the words on it) along the ramp; the rest in the grey of the land."""
    ramp, palette = style.palette.good, style.palette
    ordered = [c for c in parts if c != rest]
    out = []
    for position, code in enumerate(ordered):
        step = round(position * (len(ramp) - 1) / max(len(ordered) - 1, 1))
        out.append((code, ramp[step], palette.paper if step >= 3 else palette.ink))  # in both modes much is far from the paper
    return out + ([(rest, palette.land, palette.ink)] if rest is not None and rest in parts else [])


def _alt(wide: pd.DataFrame, parts: Mapping[str, str], title: str, style: Style) -> str:
    if wide.empty:
        return style.text(N_("{title}: nothing to show."), title=title)
    ends = wide.iloc[[0, -1]] if len(wide) > 1 else wide
    words = [
        f"{name}: " + ", ".join(f"{parts[c]} {format_percent(row[c], style.lang, 1)}" for c in wide.columns)
        for name, row in ends.iterrows()
    ]
    return f"{title}. " + "; ".join(words) + "."
