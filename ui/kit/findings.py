"""The sentence that a page about a programme begins with: what its first numbers say, and which provinces lie at the end that matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pandas as pd

import geo
from charts.describe import difference
from charts.theme import OLDER, SHOWN, SUPPRESSED, TOLD, Measure
from data_access.analysis.targets import BEHIND, ON_TRACK
from data_access.contract.periods import parse_period
from i18n import N_, format_number
from ui.blocks import blocks
from ui.kit import changing, claimed, data, kpi, panels
from ui.kit.filters import Filters
from ui.view.text import _, lang, style

NAMED = 3
AGAINST_PLAN = {ON_TRACK: N_("on plan"), BEHIND: N_("behind plan")}


Narrowed = Mapping[str, tuple[Mapping[str, Any], str]]


def begin(
    ids: Sequence[str], filters: Filters, narrowed: Narrowed = MappingProxyType({}), *, compare: bool = True, ranked: bool = True
) -> None:
    """What was found, in a sentence; beneath it what the page shows, and the provinces at the end that matters.

    Args:
        ids: indicators, the most important first; of those that the release has data for.
        narrowed: indicator -> what is added to its filters, and what that is called.
        compare: as for `kpi.headline`.
        ranked: whether places may be held against each other.
    """
    there = [i for i in ids if i in data.available()]
    said: list[str] = []
    period = before = ""
    among = False
    for indicator_id in there:
        where, named = narrowed.get(indicator_id, ({}, ""))
        asked = {**kpi.fitting_place(indicator_id, filters), **where}
        cell = data.cell_or_earlier(indicator_id, asked)
        if cell["state"] not in TOLD and not (cell["state"] == SUPPRESSED and not said):
            continue
        now = str(cell["older_period"] if cell["state"] == OLDER else cell["period"])
        measure = data.measure(indicator_id, lang())
        measure = replace(measure, title=f"{measure.title} · {named}:") if named else measure
        text = _level(measure, asked, cell, now if now != period else "")
        changed = data.change(indicator_id, asked) if compare and data.indicator(indicator_id).periods else None
        if changed is not None and changed["before_period"] and not changed["reason"]:
            text += _against(changed, measure, known=changed["before_period"] == before)
            before = changed["before_period"]
            among |= bool(changing.among(changed))
        standing = data.standing(indicator_id, filters.province, filters.period) if filters.only_province() else None
        if standing is not None and standing.status in AGAINST_PLAN and standing.value == cell["value"]:
            text += f" ({_(AGAINST_PLAN[standing.status])})"
        said.append(text)
        period = now
    shown = _("Showing {words}", words=filters.words())
    if not said:
        blocks.caption(shown)
        return
    text = "; ".join(said)
    if filters.place_words() != filters.national().place_words() and "province" in data.indicator(there[0]).places:
        text = f"{filters.place_words()}: {text}"
    beneath = [shown]
    rate = next((i for i in there if not data.measure(i, lang()).bubbles), None)
    if ranked and rate and (of_places := places(rate, filters, narrowed.get(rate, ({}, ""))[0])):
        beneath.append(of_places if rate == there[0] else f"{data.measure(rate, lang()).title}: {of_places}")
    if among:
        beneath.append(_("Changes are among those that sent both times."))
    blocks.finding(text, " · ".join(w.rstrip(".") for w in beneath))


def _level(measure: Measure, asked: dict[str, Any], cell: Any, period: str) -> str:
    """An indicator and its value, with the period where it has not just been named."""
    number = claimed.with_date(*claimed.number(measure.id, asked, cell, kpi.value_words(cell, measure)))
    words = {"title": measure.title, "value": number}
    if not period:
        return _("{title} {value}", **words)
    return _("{title} {value} in {period}", **words, period=parse_period(period).label(lang()))


def _against(changed: Mapping[str, Any], measure: Measure, *, known: bool) -> str:
    """What may be said of it against the earlier period, which is named unless it is known."""
    gap = difference(changed["matched_before"], changed["matched_now"], measure, style())
    words = {"gap": gap, "before": parse_period(changed["before_period"]).label(lang())}
    if not changed["clear"] or not gap:
        return _(", no clear difference") if known else _(", no clear difference from {before}", **words)
    if changed["change"] > 0:
        return _(", {gap} more", **words) if known else _(", {gap} more than in {before}", **words)
    return _(", {gap} less", **words) if known else _(", {gap} less than in {before}", **words)


def places(indicator_id: str, filters: Filters, where: Mapping[str, Any]) -> str:
    """Of a rate or mean: the provinces clearly on the wrong side of the whole country, or those at that end; in a province, the country's value.

    Where the numbers have intervals, only those count whose interval leaves the country's value out: the last of a list is not
    news by itself.
    """
    measure = data.measure(indicator_id, lang())
    found = data.indicator(indicator_id)
    if measure.bubbles or measure.direction == "neither" or "province" not in found.places:
        return ""
    if filters.province:
        return panels.beside_country(indicator_id, filters, dict(where))
    inside = filters.provinces_inside()
    asked = {**filters.where(province=False), **where}
    rows = [
        row
        for row in data.rows(indicator_id, ("province",), asked)
        if row["state"] in SHOWN and pd.notna(row["value"]) and (inside is None or row["province"] in inside)
    ]
    country = data.cell(indicator_id, {**filters.national().where(), **where})
    if len(rows) <= NAMED or country["state"] not in SHOWN:
        return ""
    low_is_bad = measure.direction == "up"
    rows.sort(key=lambda row: row["value"] if low_is_bad else -row["value"])
    if any(pd.notna(row.get("low")) for row in rows):
        beyond = [r for r in rows if (r["high"] < country["value"] if low_is_bad else r["low"] > country["value"])]
        if not beyond:
            return (
                _("No province is clearly below the whole country.")
                if low_is_bad
                else _("No province is clearly above the whole country.")
            )
        words = {"n": format_number(len(beyond), lang()), "places": _listed(beyond, measure)}
        return (
            _("{n} provinces clearly below the whole country (95% interval), lowest {places}.", **words)
            if low_is_bad
            else _("{n} provinces clearly above the whole country (95% interval), highest {places}.", **words)
        )
    return (
        _("Lowest: {places}.", places=_listed(rows, measure))
        if low_is_bad
        else _("Highest: {places}.", places=_listed(rows, measure))
    )


def _listed(rows: Sequence[Any], measure: Measure) -> str:
    """The first of them with their values, and those that share the last value: a tie is not cut."""
    named = list(rows[:NAMED])
    last = measure.short(named[-1]["value"], lang())
    tied = [r for r in rows[NAMED:] if measure.short(r["value"], lang()) == last]
    text = ", ".join(f"{geo.name(r['province'], lang())} {measure.short(r['value'], lang())}" for r in named)
    return text + (_(" and {n} more alike", n=format_number(len(tied), lang())) if tied else "")
