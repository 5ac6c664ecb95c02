"""One province: every programme there beside similar provinces, its region and the country, in three sentences and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

import geo
from charts.theme import SHOWN, TOLD
from data_access.analysis import quality
from data_access.analysis.similar import Similar, similar
from data_access.contract.periods import PERIOD_KEYS, parse_period, period_type
from data_access.programmes.indicators import PROGRAMMES
from data_access.summaries.statistics import Z95, rank_intervals
from i18n import N_, format_number
from ui.across import attention, districts, results
from ui.blocks import blocks
from ui.kit import changing, data, downloads, kpi, linked, loaded, navigation, panels, provenance, words
from ui.kit.filters import Filters, search_box
from ui.kit.tables import INTERVALS, period_words, show_table, shown_value
from ui.view import shown as shown_release
from ui.view.cache import once_a_view
from ui.view.filter_table import region_name
from ui.view.text import _

Ids = tuple[tuple[str, dict[str, str]], ...]
ITEMS = {x.id: x for p in PROGRAMMES for x in p.province}
NAMED = {i: x.named for i, x in ITEMS.items() if x.named}
HEADLINES = tuple(i for p in PROGRAMMES for i in p.province_headlines)


def programmes() -> list[tuple[str, str, Ids]]:
    """Programme, its page and its indicators that the release has data for; then what agencies report."""
    there = data.available()
    reported: Ids = tuple(
        (i, {}) for i in there if data.indicator(i).family == loaded.REPORTED and "province" in data.indicator(i).places
    )
    kept = [(p.title, p.page, tuple((x.id, dict(x.where)) for x in p.province if x.id in there)) for p in PROGRAMMES]
    return [found for found in (*kept, (N_("Reported by agencies"), "indicators", reported)) if found[2]]


@dataclass(frozen=True)
class Line:
    """One indicator of the table: cells here and around, its rank as an interval, and its values over time."""

    programme: str
    indicator: str
    here: data.Cell
    near: float
    region: data.Cell
    country: data.Cell
    rank: tuple[int, int, int] | None
    history: tuple[float, ...]

    def verdict(self, direction: str) -> str:
        """Better or worse than the country beyond the interval; empty when neither can be said."""
        low, high, country = self.here["low"], self.here["high"], self.country["value"]
        if direction == "neither" or pd.isna(low) or pd.isna(country):
            return ""
        if not {self.here["state"], self.country["state"]} <= set(SHOWN):  # a provisional number is not judged
            return ""
        above, below = low > country, high < country
        better = above if direction == "up" else below
        worse = below if direction == "up" else above
        return "better" if better else "worse" if worse else ""


def lines(filters: Filters, near: Similar) -> list[Line]:
    """The table's lines for the province chosen; an indicator that the release has no data for is left out."""
    return [_line(programme, i, more, filters, near) for programme, _page, ids in programmes() for i, more in ids]


def _line(programme: str, indicator: str, more: dict[str, str], filters: Filters, near: Similar) -> Line:
    asked = {**filters.where(place=False, split=False), **more}
    earlier = data.cells_or_earlier(indicator, ("province",), asked)[1]
    if earlier:
        asked = {**{k: v for k, v in asked.items() if k not in PERIOD_KEYS}, period_type(earlier): earlier}
    region = {filters.scheme: geo.region_of(filters.province or "", filters.scheme)}
    each = {row["province"]: row for row in data.rows(indicator, ("province",), asked)}
    around = [each[p]["value"] for p in near.provinces if p in each and _is_shown(each[p])]
    ranked = () if data.measure(indicator, filters.lang).bubbles else _ranks(indicator, asked)
    return Line(
        programme,
        indicator,
        each[filters.province or ""],
        float(median(around)) if around else float("nan"),
        data.cell(indicator, {**asked, **region}),
        data.cell(indicator, asked),
        dict(ranked).get(filters.province or ""),
        _history(indicator, {"province": filters.province, **more}),
    )


def _is_shown(row: data.Cell) -> bool:
    return row["state"] in SHOWN and pd.notna(row["value"])


@once_a_view
def _ranks(indicator: str, asked: dict[str, Any]) -> tuple[tuple[str, tuple[int, int, int]], ...]:
    """Of each province the first and last rank that sampling allows, 1 the highest, and of how many."""
    rows = [r for r in data.rows(indicator, ("province",), asked) if _is_shown(r) and pd.notna(r["low"]) and pd.notna(r["high"])]
    if not rows:
        return ()
    value, low, high = (np.array([r[c] for r in rows], float) for c in ("value", "low", "high"))
    first, last = rank_intervals(value, (high - low) / (2 * Z95))
    return tuple((r["province"], (int(first[n]), int(last[n]), len(rows))) for n, r in enumerate(rows))


def _history(indicator: str, where: dict[str, Any]) -> tuple[float, ...]:
    key = next(iter(data.indicator(indicator).periods), None)
    if key is None:
        return ()
    measure = data.measure(indicator, "th")
    found = [row["value"] for row in data.rows(indicator, (key,), where) if _is_shown(row)]
    return tuple(shown_value(float(v), measure) for v in found)  # a missing number would spoil the small line


# ---- words --------------------------------------------------------------------------------------------------------------
def sentences(found: Sequence[Line], filters: Filters) -> list[str]:
    """Three sentences: how many are reached, how it stands to the country, and what has changed or is missing."""
    return [s for s in (_level(found, filters), _standing(found, filters), _change(found, filters)) if s]


def _level(found: Sequence[Line], filters: Filters) -> str:
    reached = next((x for x in found if x.indicator == "grant.basic_recipients"), None)
    covered = next((x for x in found if x.indicator == "grant.coverage"), None)
    if reached is None or covered is None:
        return ""
    said = {x.indicator: kpi.value_words(x.here, data.measure(x.indicator, filters.lang)) for x in (reached, covered)}
    return _(
        "In {place} the basic subsidy reached {n} in {period}; coverage is {coverage}, in the country {country}.",
        place=geo.name(filters.province or "", filters.lang),
        n=said[reached.indicator],
        period=period_words(reached.here["period"], filters.lang),
        coverage=said[covered.indicator],
        country=kpi.value_words(covered.country, data.measure(covered.indicator, filters.lang)),
    )


def _standing(found: Sequence[Line], filters: Filters) -> str:
    verdicts = {x.indicator: x.verdict(data.indicator(x.indicator).direction) for x in found}
    named = {v: [data.indicator(i).title(filters.lang) for i, w in verdicts.items() if w == v] for v in ("better", "worse")}
    if not any(pd.notna(x.here["low"]) and pd.notna(x.country["value"]) for x in found):
        return ""  # nothing here is compared with the country
    if not named["better"] and not named["worse"]:
        return _("No number here can be told from the country's beyond its margin of error.")
    none = _("none")
    return _(
        "Clearly better than the country: {better}; clearly worse: {worse}.",
        better=", ".join(named["better"]) or none,
        worse=", ".join(named["worse"]) or none,
    )


def _change(found: Sequence[Line], filters: Filters) -> str:
    missing = [data.indicator(x.indicator).title(filters.lang) for x in found if x.here["state"] == "not_collected"]
    changed = next((x for x in found if x.indicator == "grant.basic_recipients"), None)
    said = ""
    if changed is not None:
        row = data.change(changed.indicator, filters.where(split=False))
        said = changing.sentence(row, data.measure(changed.indicator, filters.lang)).rstrip(".") if row is not None else ""
    if missing:
        return _("Nothing was sent of: {what}.", what=", ".join(missing))
    return _("Recipients of the basic subsidy: {change}.", change=said) if said else ""


def about_similar(near: Similar, filters: Filters) -> str:
    """Which provinces are set beside this one, and by what."""
    if not near.provinces:
        return _("No similar provinces: too little of this province may be shown.")
    names = ", ".join(geo.name(c, filters.lang) for c in near.provinces)
    measured = ", ".join(data.indicator(i).title(filters.lang) for i in near.features)
    return _("Similar provinces: {names}. Alike in {features} (sizes as ratios), not in results.", names=names, features=measured)


# ---- drawing ------------------------------------------------------------------------------------------------------------
def table(found: Sequence[Line], filters: Filters) -> pd.DataFrame:
    """The lines in words, one row an indicator, and its values over time as a list."""
    rows = []
    for x in found:
        measure = data.measure(x.indicator, filters.lang)
        title = measure.title + (f" · {_(NAMED[x.indicator])}" if x.indicator in NAMED else "")
        rows.append(
            {
                _("Indicator"): title,
                geo.name(filters.province or "", filters.lang): kpi.value_words(x.here, measure),
                _("95% interval"): _interval(x.here, measure, filters.lang),
                _("Similar, median"): measure.words(x.near, filters.lang) if not np.isnan(x.near) else "",
                _("Region"): kpi.value_words(x.region, measure),
                _("Whole country"): kpi.value_words(x.country, measure),
                _("Rank, interval"): f"{x.rank[0]}–{x.rank[1]} / {x.rank[2]}" if x.rank else "",
                _("Over time"): list(x.history),
                _("Period"): period_words(x.here["period"], filters.lang),
                _("Programme"): _(x.programme),
            }
        )
    return pd.DataFrame(rows)


def _interval(cell: pd.Series, measure: Any, lang: str) -> str:
    if cell["state"] not in TOLD or pd.isna(cell["low"]):
        return ""
    return f"{measure.short(cell['low'], lang)} – {measure.short(cell['high'], lang)}"


def page(filters: Filters) -> list[str]:
    """The whole page of a province; returns the indicators it shows."""
    near = _similar(shown_release.release().id, filters.province or "")
    found = lines(filters, near)
    name = geo.name(filters.province or "", filters.lang)
    region = region_name(filters.scheme, geo.region_of(filters.province or "", filters.scheme), filters.lang)
    blocks.header(f"{name} · {region}")
    if said := sentences(found, filters):
        blocks.finding(said[0].rstrip("."), " · ".join(s.rstrip(".") for s in said[1:]))
    headlines = [i for i in HEADLINES if i in data.available()] or [x.indicator for x in found if x.indicator not in NAMED][:4]
    kpi.row([(i, kpi.headline(i, filters, target=attention.target(i, filters))) for i in headlines])

    blocks.subheader(_("Every programme here"))
    blocks.caption(f"{about_similar(near, filters)} {_('Small lines join the values that may be shown.')} {_(INTERVALS)}")
    if found:
        drawn = table(found, filters)
        show_table(
            "province_table", drawn, _("Indicators of {place} beside similar provinces, the region and the country", place=name)
        )
        facts = provenance.context([x.indicator for x in found], filters, _("{place}: every programme", place=name))
        downloads.menu("province_all", drawn.drop(columns=_("Over time")), facts, None, _asks(found, filters))
    navigation.links(
        "province_programmes", [(target, _(title), ":material/arrow_forward:") for title, target, _ids in programmes()]
    )
    _over_time(filters, near, name)
    districts.show(filters)
    _quality(filters)
    return [x.indicator for x in found]


def _asks(found: Sequence[Line], filters: Filters) -> list[Any]:
    return [a for x in found for a in data.asks(x.indicator, (), {**filters.where(split=False), "province": filters.province})]


@st.cache_data(ttl=data.TTL, max_entries=100, show_spinner=False)
def _similar(release_id: str, province: str) -> Similar:
    return similar(province, release_id)


def _over_time(filters: Filters, near: Similar, name: str) -> None:
    there = [
        i for _t, _p, ids in programmes() for i, _more in ids if data.indicator(i).periods and (i not in ITEMS or ITEMS[i].timed)
    ]
    if not there:
        return
    blocks.subheader(_("Over time"))
    shown_now = linked.choose_measure(
        "province", there, filters, label=_("The trend shows"), named={k: _(v) for k, v in NAMED.items()}
    )
    more = dict(ITEMS[shown_now].where) if shown_now in ITEMS else {}
    region = geo.region_of(filters.province or "", filters.scheme)
    sides: dict[str, tuple[str, dict[str, Any]]] = {"place": (name, {"province": filters.province, **more})}
    if not data.measure(shown_now, filters.lang).bubbles:  # sizes of a province and a country do not share a scale
        sides["region"] = (region_name(filters.scheme, region, filters.lang), {filters.scheme: region, **more})
        sides["country"] = (_("Whole country"), dict(more))
    else:
        sides |= {c: (geo.name(c, filters.lang), {"province": c, **more}) for c in near.provinces[:3]}
    panels.versus_panel("province_trend", shown_now, sides, filters, kinds=())


def _quality(filters: Filters) -> None:
    """What this province sent of each data set for its latest period; nothing where it has never been expected to send."""
    release = shown_release.release().id
    rows = []
    for item in quality.datasets(release):
        frame = data.completeness(item.id)
        mine = frame[(frame["province"] == filters.province) & (frame["expected"] > 0)]
        if mine.empty:
            continue
        last = mine.sort_values("period").iloc[-1]
        complete = format_number(int((mine["state"] == quality.COMPLETE).sum()), filters.lang)
        rows.append(
            {
                _("Data set"): data.indicator(item.indicator).title(filters.lang)
                if item.indicator
                else words.table_name(item.table),
                _("Latest period"): parse_period(last["period"]).label(filters.lang),
                _(
                    "Sent"
                ): f"{format_number(int(last['sent']), filters.lang)} / {format_number(int(last['expected']), filters.lang)}",
                _("Complete periods"): f"{complete} / {format_number(len(mine), filters.lang)}",
            }
        )
    if rows:
        blocks.subheader(_("What was sent"))
        show_table("province_quality", pd.DataFrame(rows), _("What the province has sent of each data set"))
        navigation.link("data", _("Quality of all provinces"), ":material/arrow_forward:")


def choose(chosen: Filters) -> list[str]:
    """All provinces while none is chosen: on the map, in a ranking and in a table, each the way to its province; returns what is shown.

    Where no province has a number, the field that finds one by name stands alone.
    """
    blocks.note(_("Choose a province on the map, above, or by name."), "location_on")
    offered = results.maps()
    if not offered:
        search_box(chosen, "province")
        return []
    shown = linked.choose_measure("province", offered, chosen)
    linked.linked_view("province", shown, chosen, diverging=data.indicator(shown).around_nought)
    return [shown]
