"""What the board of the provinces draws: map, ranking and table as values alone, for `static/board/board.js`.

Geometry and names come to the browser by URL, once. Nothing leaves this module that a reader may not see: cells without a value
to show carry their state in words and no number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from charts import describe, places
from charts.bars import APART, intervals, ranked, ranked_alt, stage_words
from charts.cache import drawn_once
from charts.classes import UNCLEAR, UNCLEAR_NAME, UNCLEAR_SYMBOL, Classes
from charts.maps import (
    MARKED_STATES,
    SCALE_KEY_SPOTS,
    biggest_of,
    bubble_size,
    common_classes,
    map_words,
    reference_steps,
    split,
    state_fills,
)
from charts.style import Style
from charts.theme import (
    GEOMETRY_URL,
    LAT_RANGE,
    LON_RANGE,
    NOT_APPLICABLE,
    NOT_COLLECTED,
    OLDER,
    PROVISIONAL,
    STATE_NAMES,
    SUPPRESSED,
    TOLD,
    Measure,
    rounded,
    shown,
)
from i18n import N_, format_number

NAMES_URL = "/app/static/geo/province_names.json"
SYMBOLS = {SUPPRESSED: "cross", NOT_COLLECTED: "slash", NOT_APPLICABLE: "dash", OLDER: "ring", PROVISIONAL: "diamond"}
DIGITS = {"rate": 1, "sd": 2, "mean": 1}
BARS = 20
PACE = 900  # milliseconds that a period stays while maps are played


@dataclass(frozen=True)
class Column:
    """A column of the table: heading, decimals, and province -> value as shown (None where there is none to show) or words."""

    heading: str
    values: Mapping[str, float | str | None]
    digits: int = 0


def board(
    frame: pd.DataFrame,
    measure: Measure,
    style: Style,
    columns: Sequence[Column],
    *,
    selected: str | None = None,
    diverging: bool = False,
    only: Iterable[str] | None = None,
    order: Sequence[str] = (),
    with_map: bool = True,
    when: str = "",
    country: float | None = None,
) -> dict[str, Any]:
    """The data of the board.

    Args:
        frame: one row a province with `province`, `value`, `state` (and low, high, older_period where known).
        columns: of the table; its rows, like the cells, are the provinces of `frame`, in the `order` given.
        selected, diverging, only: as for `province_map`.
        with_map: False where another map stands above.
        when: the period of the numbers in words.
        country: the value of the whole country, marked among the provinces of a map with fills.
    """
    inside, outside = split(frame, only)
    measure = measure.for_values([inside])
    scale = common_classes([inside], measure, diverging)
    biggest = biggest_of([inside])
    there = inside["province"].tolist()
    known = set(there)
    rows = [c for c in order if c in known] or there
    at = {code: n for n, code in enumerate(rows)}
    legend = [*_classes(inside, measure, scale, style), *_states(inside, style)]
    return {
        **_look(measure, scale, style, when),
        "map": with_map,
        "alt": describe.places(inside, measure, style, selected, diverging=diverging),
        "words": [style.text(N_("Ranking")), style.text(N_("Table"))],
        "search": style.text(N_("Find a province")),
        "example": style.text(N_("Type a name, e.g. กทม. or Korat")),
        "help": style.text(N_("Click a province on the map, find it by name or choose its row in the table.")),
        "cells": sorted(_cells(inside, measure, scale, style, biggest), key=lambda cell: at[cell[0]]),
        "outside": outside,
        "selected": selected,
        "legend": [[colour, symbol, f"{words} · {count}"] for colour, symbol, words, count in legend],
        "key": _key(biggest, measure, style),
        "spread": _spread(inside, measure, scale, style, country),
        "notes": _notes(inside, measure, scale, style),
        "ranking": _ranking(inside, measure, style, selected),
        "table": {
            "caption": style.text(N_("The same numbers as the map, one row a province")),
            "heads": [style.text(N_("Province")), *(c.heading for c in columns)],
            "digits": [c.digits for c in columns],
            "rows": [[code, *(c.values.get(code) for c in columns)] for code in rows],
        },
    }


@drawn_once
def maps(
    panels: Sequence[tuple[str, pd.DataFrame]],
    measure: Measure,
    style: Style,
    *,
    diverging: bool = False,
    only: Iterable[str] | None = None,
    moving: bool = False,
) -> dict[str, Any]:
    """Maps of several periods on one scale, for `static/board/maps.js`; nothing moves by itself.

    Args:
        panels: (label, frame as for `board`), oldest first.
        diverging, only: as for `province_map`.
        moving: one map with a slider and a button, instead of all side by side.
    """
    frames = [split(frame, only)[0] for _label, frame in panels]
    everywhere = [
        frame for _label, frame in panels
    ]  # the scale is the country's, as in `small_multiple_maps`: screen and file agree
    measure = measure.for_values(everywhere)
    scale, biggest = common_classes(everywhere, measure, diverging), biggest_of(everywhere)
    together = pd.concat(frames, ignore_index=True)
    return {
        **_look(measure, scale, style),
        "moving": moving,
        "pace": PACE,
        "words": {"period": style.text(N_("Period")), "play": style.text(N_("Play")), "stop": style.text(N_("Stop"))},
        "outside": split(panels[-1][1], only)[1],
        "legend": [entry[:3] for entry in (*_classes(together, measure, scale, style), *_states(together, style))],
        "key": _key(biggest, measure, style),
        "notes": _notes(frames[-1], measure, scale, style),
        "moments": [
            [label, _cells(frame, measure, scale, style, biggest), describe.places(frame, measure, style, diverging=diverging)]
            for (label, _all), frame in zip(panels, frames, strict=True)
        ],
    }


def _look(measure: Measure, scale: Classes | None, style: Style, when: str = "") -> dict[str, Any]:
    """What a map is drawn with, whatever its values: boundaries, colours, title and unit."""
    names = ("paper", "border", "outline", "outside", "land", "accent", "muted")
    return {
        "lang": style.lang,
        "geometry": GEOMETRY_URL,
        "names": NAMES_URL,
        "frame": [*LON_RANGE, *LAT_RANGE],
        "colours": {n: getattr(style.palette, n) for n in names},
        "fills": [style.palette.land, *state_fills(style).values(), *(scale.colours(measure, style) if scale else ())],
        "title": f"{measure.title} · {when}" if when else measure.title,
        "unit": measure.unit_name(style.lang),
    }


def _cells(rows: pd.DataFrame, measure: Measure, scale: Classes | None, style: Style, biggest: float) -> list[list[Any]]:
    """[code, position in `fills`, symbol or 0, radius of the bubble, words] of each province; a radius below nought is of a hollow one."""
    hidden = {state: n for n, state in enumerate(state_fills(style), start=1)}
    drawn = shown(rows)
    known_ones, member = set(drawn["province"]), dict(zip(drawn["province"], scale.members(drawn), strict=True)) if scale else {}
    out = []
    for row in rows.to_dict("records"):
        known = row["province"] in known_ones
        no_difference = member.get(row["province"]) == UNCLEAR
        fill = 1 + len(hidden) + member[row["province"]] if known and scale else hidden.get(row["state"], 0)
        hollow = row["state"] == PROVISIONAL
        radius = bubble_size(row["value"], biggest) / 2 if (known or hollow) and measure.bubbles and row["value"] > 0 else 0
        symbol = UNCLEAR_SYMBOL if no_difference else SYMBOLS.get(row["state"], 0)
        words = map_words(row, measure, style, no_difference)
        out.append([row["province"], 0 if no_difference else fill, symbol, round(-radius if hollow else radius, 1), words])
    return out


def _classes(rows: pd.DataFrame, measure: Measure, scale: Classes | None, style: Style) -> list[list[Any]]:
    """[colour, symbol, words, how many] of each class, highest first."""
    if scale is None:
        return []
    member = scale.members(shown(rows))
    entries = enumerate(scale.colours(measure, style))
    classes = [
        [colour, 0, scale.label(n, measure, style.lang), format_number(int((member == n).sum()), style.lang)]
        for n, colour in reversed(list(entries))
    ]
    count = int((member == UNCLEAR).sum())
    none = [style.palette.land, UNCLEAR_SYMBOL, style.text(UNCLEAR_NAME), format_number(count, style.lang)]
    return [*classes, none] if count else classes


def _spread(
    rows: pd.DataFrame, measure: Measure, scale: Classes | None, style: Style, country: float | None
) -> dict[str, Any] | None:
    """How the provinces lie on the scale of the fills: each one's place on it, the classes, the country; shares of its length.

    Returns:
        `dots`, (code, place) each; `classes`, (colour, where it ends) each; `ends`, the words of both ends; `country`, its place and words;
        None where there is no scale.
    """
    drawn = shown(rows)
    if scale is None or len(drawn) < 2 or scale.uppers[-1] <= scale.lowest:
        return None
    length = scale.uppers[-1] - scale.lowest

    def place(value: float) -> float:
        return rounded(min(max((value - scale.lowest) / length, 0.0), 1.0)) or 0.0

    least, most = (measure.short(v, style.lang) for v in (scale.lowest, scale.uppers[-1]))
    words = "" if country is None else style.text(N_("Whole country {value}"), value=measure.short(country, style.lang))
    return {
        "dots": [[code, place(value)] for code, value in zip(drawn["province"], drawn["value"], strict=True)],
        "classes": [[colour, place(upper)] for colour, upper in zip(scale.colours(measure, style), scale.uppers, strict=True)],
        "ends": [least, most],
        "country": None if country is None else [place(country), words],
        "alt": style.text(N_("How the provinces spread: {n} from {least} to {most}"), n=len(drawn), least=least, most=most),
    }


def _states(rows: pd.DataFrame, style: Style) -> list[list[Any]]:
    """The same of each state that is there."""
    fills = state_fills(style)
    counts = {s: int((rows["state"] == s).sum()) for s in MARKED_STATES}
    return [
        [fills.get(s, style.palette.paper), SYMBOLS[s], style.text(STATE_NAMES[s]), format_number(n, style.lang)]
        for s, n in counts.items()
        if n
    ]


def _key(biggest: float, measure: Measure, style: Style) -> list[list[Any]]:
    """[longitude, latitude, radius, words] of reference bubbles in open sea."""
    if not measure.bubbles or biggest <= 0:
        return []
    return [
        [lon, lat, round(bubble_size(step, biggest) / 2, 1), measure.short(step, style.lang)]
        for (lon, lat), step in zip(SCALE_KEY_SPOTS, reference_steps(biggest), strict=False)
    ]


def _notes(rows: pd.DataFrame, measure: Measure, scale: Classes | None, style: Style) -> list[str]:
    notes = [scale.note(style)] if scale else []
    if measure.bubbles:
        notes.append(style.text(N_("The area of a bubble is in proportion to the number; true nought has no bubble")))
    if missing := sum(not places.has_boundary(c) for c in rows["province"]):
        notes.append(style.text(N_("{n} areas have data but no boundary on the map"), n=missing))
    return notes


def _ranking(rows: pd.DataFrame, measure: Measure, style: Style, selected: str | None) -> dict[str, Any]:
    """The ranking of the board: names come by URL, so that its bars go without."""
    data = bar_list(rows, measure, style, selected=selected, limit=BARS)
    return {**data, "bars": [[*bar[:5], 0, *bar[6:]] for bar in data["bars"]]}


@drawn_once
def bar_list(
    frame: pd.DataFrame,
    measure: Measure,
    style: Style,
    *,
    names: Mapping[str, str] | None = None,
    selected: str | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    """Bars from the highest down with their 95 % intervals, for `static/board/bars.js`; arguments as for `ranked_bars`.

    Returns:
        `bars`, each [code, value, low, high, words, name, whether it is hollow]; `divider`, the words before the first provisional one
        and its place (none where there is none); the `range` that they share; `notes`, `alt`, `colours` and `selected`.
    """
    drawn, notes = ranked(frame, measure, style, selected=selected, limit=limit)
    labels = [names[c] if names else places.name(c, style.lang) for c in drawn["province"]]
    ends = drawn[["value", "low", "high"]] if intervals(drawn) else drawn[["value"]].assign(low=None, high=None)
    known = [float(v) for v in ends.to_numpy(dtype=float, na_value=0.0).ravel()]
    bars = [
        [code, rounded(value), rounded(low), rounded(high), measure.short(value, style.lang), label, int(state == PROVISIONAL)]
        for code, value, low, high, label, state in zip(
            drawn["province"], ends["value"], ends["low"], ends["high"], labels, drawn["state"], strict=True
        )
    ][::-1]
    first = next((n for n, bar in enumerate(bars) if bar[6]), None)
    divider = None if first is None else [first, style.text(APART)]
    alt = ranked_alt(frame, drawn, labels, measure, style)
    return {**_bars(bars, known, notes, alt, style), "selected": selected, "divider": divider}


@drawn_once
def stage_list(frame: pd.DataFrame, measure: Measure, style: Style) -> dict[str, Any]:
    """Stages as bars in their order, each with its share of the first; `frame` as for `funnel`."""
    words = stage_words(frame, measure, style)
    values = frame["value"].where(frame["state"].isin(TOLD))
    bars = [
        [str(n), rounded(value), None, None, text, label, int(state == PROVISIONAL)]
        for n, (value, text, label, state) in enumerate(zip(values, words, frame["label"], frame["state"], strict=True))
    ]
    alt = "; ".join(f"{label} {text}" for label, text in zip(frame["label"], words, strict=True))
    return _bars(bars, [float(v) for v in values.dropna()], [], alt, style)


def _bars(bars: list[list[Any]], known: list[float], notes: Sequence[str], alt: str, style: Style) -> dict[str, Any]:
    ends = [rounded(min([0.0, *known])), rounded(max([0.0, *known]))]
    colours = {"accent": style.palette.accent, "outline": style.palette.outline}
    return {"bars": bars, "range": ends, "notes": list(notes), "alt": alt, "colours": colours}
