"""A scorecard: places by areas in tiers, coloured by level, with a mark for what moved; as a figure and as a table of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from charts.cache import drawn_once
from charts.style import Style
from charts.theme import Chart, figure, ink_on
from i18n import N_, format_number

CELL, COLUMN_SPACE = 34, 210
UP, DOWN, SAME = "up", "down", "same"
MOVES = {UP: ("▲", N_("up since the first score")), DOWN: ("▼", N_("down since the first score"))}


class Words(NamedTuple):
    """What a scorecard says: rows from top to bottom, columns in tiers, levels from the lowest."""

    rows: Mapping[str, str]
    tiers: Mapping[str, Sequence[str]]
    """Words of a tier -> the codes of its columns."""
    columns: Mapping[str, str]
    levels: Mapping[int, str]
    title: str


@drawn_once
def scorecard(frame: pd.DataFrame, style: Style, words: Words) -> Chart:
    """One square a place and area: colour and number are the level, an arrow says how it moved; hollow without evidence.

    Args:
        frame: row, column, level (missing without evidence), move (`up`, `down`, `same`).
    """
    rows, tiers, columns, levels, title = words
    order = [c for group in tiers.values() for c in group]
    fig = figure(
        style,
        CELL * len(rows) + COLUMN_SPACE,
        margin={"t": COLUMN_SPACE - 30, "b": 8, "r": 8},
        showlegend=False,
        xaxis={"range": [-0.6, len(order) - 0.4], "showgrid": False, "zeroline": False, "side": "top", "tickangle": -60},
        yaxis={"range": [len(rows) - 0.4, -0.6], "showgrid": False, "zeroline": False},
    )
    fig.update_layout(
        xaxis={"tickvals": list(range(len(order))), "ticktext": [columns[c] for c in order]},
        yaxis={"tickvals": list(range(len(rows))), "ticktext": list(rows.values())},
    )
    placed = frame.assign(
        x=frame["column"].map({c: i for i, c in enumerate(order)}), y=frame["row"].map({r: i for i, r in enumerate(rows)})
    )
    for level, colour in _colours(list(levels), style).items():
        _squares(fig, placed[placed["level"] == level], levels[level], colour, str(level), style, (rows, columns))
    _squares(fig, placed[placed["level"].isna()], style.text(N_("No evidence")), "", "", style, (rows, columns))
    edge = 0
    for group in list(tiers.values())[:-1]:
        edge += len(group)
        fig.add_vline(x=edge - 0.5, line={"color": style.palette.border, "width": 1.5})
    tier_note = style.text(N_("From left to right: {tiers}."), tiers=" · ".join(tiers))
    return Chart(fig, _alt(frame, style, title), title, (tier_note, _moves(style)), _legend(levels, style))


@drawn_once
def scorecard_table(frame: pd.DataFrame, style: Style, words: Words) -> dict[str, Any]:
    """The same for `static/board/scorecard.js`; arguments as for `scorecard`.

    Returns:
        `tiers`, each [words, number of columns]; `heads`; `rows`, each [words, cells]; a cell is [level or none, mark, words];
        `colours`, each level's ground and letters; `legend` and `notes` under the table; `alt`.
    """
    rows, tiers, columns, levels, title = words
    order = [c for group in tiers.values() for c in group]
    found = {
        (row, column): (level, move) for row, column, level, move in frame[["row", "column", "level", "move"]].to_numpy().tolist()
    }
    none = style.text(N_("No evidence"))

    def cell(row: str, column: str) -> list[Any]:
        level, move = found[row, column]
        if pd.isna(level):
            return [None, "", none]
        mark, moved = MOVES.get(move, ("", ""))
        return [int(level), mark, f"{levels[int(level)]}{', ' if moved else ''}{style.text(moved)}"]

    return {
        "tiers": [[tier, len(group)] for tier, group in tiers.items()],
        "heads": [columns[c] for c in order],
        "rows": [[name, [cell(row, c) for c in order]] for row, name in rows.items()],
        "colours": [[colour, ink_on(colour, style)] for colour in _colours(list(levels), style).values()],
        "legend": [list(entry) for entry in _legend(levels, style)],
        "notes": _moves(style),
        "alt": _alt(frame, style, title),
    }


def _colours(levels: list[int], style: Style) -> dict[int, str]:
    return dict(zip(levels, style.palette.good, strict=True))


def _legend(levels: Mapping[int, str], style: Style) -> tuple[tuple[str, str], ...]:
    return tuple((c, f"{level} {levels[level]}") for level, c in _colours(list(levels), style).items())


def _moves(style: Style) -> str:
    return " · ".join(f"{mark} {style.text(words)}" for mark, words in MOVES.values())


def _squares(
    fig: go.Figure,
    part: pd.DataFrame,
    words: str,
    colour: str,
    label: str,
    style: Style,
    names: tuple[Mapping[str, str], Mapping[str, str]],
) -> None:
    if part.empty:
        return
    p = style.palette
    fig.add_trace(
        go.Scatter(
            x=part["x"],
            y=part["y"],
            mode="markers+text",
            name=words,
            marker={
                "symbol": "square",
                "size": CELL - 6,
                "color": colour or "rgba(0,0,0,0)",
                "line": {"color": p.border, "width": 1},
            },
            text=[label + MOVES.get(m, ("",))[0] for m in part["move"]],
            textfont={"size": 12, "color": ink_on(colour, style) if colour else p.ink},
            customdata=[f"{names[0][r]} · {names[1][c]}" for r, c in zip(part["row"], part["column"], strict=True)],
            hovertemplate="<b>%{customdata}</b><br>" + words + "<extra></extra>",
        )
    )


def _alt(frame: pd.DataFrame, style: Style, title: str) -> str:
    known = frame["level"].dropna()
    return style.text(
        N_("{title}: {known} of {all} squares have evidence; mean level {mean}; {up} moved up, {down} moved down."),
        title=title,
        known=format_number(len(known), style.lang),
        all=format_number(len(frame), style.lang),
        mean=format_number(float(known.mean()) if len(known) else 0.0, style.lang, 1),
        up=format_number(int((frame["move"] == UP).sum()), style.lang),
        down=format_number(int((frame["move"] == DOWN).sum()), style.lang),
    )
