"""Up to six places or groups of places side by side, on the same scales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

import geo
from charts.theme import Measure, shown
from ui.across.profile import NAMED, programmes
from ui.blocks import blocks, fields
from ui.kit import changing, data, downloads, empty, linked, panels, provenance
from ui.kit.filters import Filters, pilot_set_names, province_codes, sorted_provinces
from ui.kit.tables import INTERVALS, export_table
from ui.view import address
from ui.view.events import offer
from ui.view.filter_table import region_names
from ui.view.text import _, style

MOST = 6
COUNTRY = "country"
SEPARATOR = "~"
PLACE = "series"
Sides = dict[str, tuple[str, dict[str, Any]]]


def options(filters: Filters) -> dict[str, tuple[str, dict[str, Any]]]:
    """Code in the address -> (words, filters): the country, regions, pilot sets and provinces that may be compared."""
    found: Sides = {COUNTRY: (_("Whole country"), {})}
    found |= {f"r-{code}": (name, {filters.scheme: code}) for code, name in region_names(filters.scheme, filters.lang)}
    found |= {f"s-{code}": (name, {"pilot_set": code}) for code, name in pilot_set_names(filters.lang).items()}
    found |= {code: (geo.name(code, filters.lang), {"province": code}) for code in sorted_provinces(filters.lang)}
    return found


def choose(filters: Filters) -> Sides:
    """The places chosen, kept in the address; at first the country and the province of the view."""
    there = options(filters)
    wanted = [c for c in (address.get("places") or "").split(SEPARATOR) if c in there][:MOST]
    if not wanted:
        wanted = (
            [c for c in (filters.province, COUNTRY) if c] if filters.province in province_codes() else [COUNTRY, *_regions(there)]
        )
    fields.picks(
        "compare_places",
        linked.told_apart({c: words for c, (words, _where) in there.items()}),
        _("Places and groups, up to {n}", n=MOST),
        wanted,
        MOST,
        offer(address.choose_several, part="places"),
        add=_("Add a place"),
    )
    return {c: there[c] for c in wanted}


def _regions(there: Mapping[str, Any]) -> list[str]:
    return [c for c in there if c.startswith("r-")][: MOST - 1]


def page(filters: Filters) -> list[str]:
    """The whole page; returns the indicators that it shows."""
    sides = choose(filters)
    groups = {title: ids for title, _page, ids in programmes()}
    here = groups[fields.kept_choice("compare_programme", {t: _(t) for t in groups}, _("Programme"))]
    _verdict([(i, more) for i, more in here if not data.measure(i, filters.lang).bubbles], sides, filters)
    for indicator, more in here:
        _indicator(indicator, more, sides, filters)
    blocks.caption(
        _("Sets overlap, and none of them was drawn by lot: a difference between places is not an effect of a programme.")
    )
    blocks.caption(_(INTERVALS))
    return [i for i, _more in here]


def _cells(indicator: str, more: dict[str, str], sides: Sides, filters: Filters) -> pd.DataFrame:
    """One row a place."""
    asked = {**filters.where(place=False, split=False), **more}
    parts = [
        pd.DataFrame([data.cell_or_earlier(indicator, {**asked, **where})]).assign(**{PLACE: c})
        for c, (_w, where) in sides.items()
    ]
    return pd.concat(parts, ignore_index=True).infer_objects()


def _verdict(rates: Sequence[tuple[str, dict[str, str]]], sides: Sides, filters: Filters) -> None:
    """Where the first rate or mean of a programme is highest and lowest, and whether the two can be told apart at all; counts of places of
    different sizes are not held against each other."""
    shown_words = _("Showing {words}", words=filters.words())
    found = [(i, shown(_cells(i, more, sides, filters))) for i, more in rates[:1]]
    if not found or len(found[0][1]) < 2:
        blocks.caption(shown_words)
        return
    indicator, rows = found[0]
    measure = data.measure(indicator, filters.lang)
    rows = rows.sort_values("value")
    low, high = rows.iloc[0], rows.iloc[-1]
    words = {
        "title": measure.title,
        "high": sides[high[PLACE]][0],
        "most": measure.words(high["value"], filters.lang),
        "low": sides[low[PLACE]][0],
        "least": measure.words(low["value"], filters.lang),
    }
    overlap = pd.notna(low["high"]) and pd.notna(high["low"]) and low["high"] >= high["low"]
    text = _("{title}: highest {high} {most}, lowest {low} {least}", **words)
    blocks.finding(text, " · ".join([shown_words, *([_("Their margins of error overlap.")] if overlap else [])]))


def _indicator(indicator: str, more: dict[str, str], sides: Sides, filters: Filters) -> None:
    """Bars of the period chosen beside lines over time; both have one scale for all places."""
    measure = data.measure(indicator, filters.lang)
    title = measure.title + (f" · {_(NAMED[indicator])}" if indicator in NAMED else "")
    blocks.subheader(title)
    asked = {**filters.where(place=False, split=False), **more}
    frame = _cells(indicator, more, sides, filters)
    names = {c: words for c, (words, _where) in sides.items()}
    key = f"compare_{indicator.replace('.', '_')}"
    left, right = blocks.columns(2)
    with left:
        if not empty.when_empty(frame):
            draw = linked.ranking(key, frame, measure, PLACE, title, names=names)
            asks = [a for _w, where in sides.values() for a in data.asks(indicator, (), {**asked, **where})]
            table = partial(export_table, frame, (PLACE,), {indicator: measure}, style(), {PLACE: names})
            downloads.menu(key, table, provenance.context((indicator,), filters, title), draw, asks)
        _since_a_year(indicator, measure, {words: {**asked, **where} for words, where in sides.values()})
    with right:
        if data.indicator(indicator).periods:
            over_time = {c: (words, {**where, **more}) for c, (words, where) in sides.items()}
            panels.versus_panel(f"{key}_trend", indicator, over_time, filters, title=title)


def _since_a_year(indicator: str, measure: Measure, sides: Mapping[str, dict[str, Any]]) -> None:
    """What changed since a year before, a place a line, like with like."""
    found = {words: data.change(indicator, where) for words, where in sides.items()}
    said = {words: changing.sentence(row, measure) for words, row in found.items() if row is not None}
    if any(said.values()):
        blocks.caption("\n".join(f"{words}: {sentence}" for words, sentence in said.items() if sentence))
