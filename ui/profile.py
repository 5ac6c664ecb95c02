"""One province: every programme there beside similar provinces, its region and the country, in three sentences and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

import geo
from charts.theme import SHOWN, TOLD, shown
from data_access import quality
from data_access.periods import parse_period
from data_access.similar import Similar, similar
from data_access.statistics import Z95, rank_intervals
from i18n import N_, format_number
from ui import (
    attention,
    changing,
    data,
    districts,
    downloads,
    empty,
    kpi,
    linked,
    panels,
    provenance,
    served,
    sheet,
    shell,
    state,
)
from ui.datadesk import words
from ui.filters import Filters, region_name, search_box
from ui.tables import INTERVALS, period_words, show_table, shown_value
from ui.text import _

PROGRAMMES: tuple[tuple[str, str, tuple[tuple[str, dict[str, str]], ...]], ...] = (
    (
        N_("Grants"),
        "grants",
        (
            ("grant.basic_recipients", {}),
            ("grant.equity_recipients", {}),
            ("grant.coverage", {}),
            ("grant.condition_rate", {}),
            ("grant.dropout", {}),
        ),
    ),
    (N_("Schools"), "schools", (("tsqp.schools", {}), ("school.mean_score", {"subject": "maths"}))),
    (
        N_("Early childhood"),
        "early_childhood",
        (("ecd.centres", {}), ("ecd.quality_share", {}), ("ecd.children_per_teacher", {})),
    ),
    (N_("Learning loss"), "learning_loss", (("readiness.change", {}), ("readiness.below_cut", {}))),
    (N_("Reach Up trial"), "trial", (("reachup.families", {}), ("reachup.visit_rate", {}))),
    (N_("Learning Cities"), "learning_cities", (("city.reached", {}),)),
    (N_("Out of school"), "out_of_school", (("outside.stock", {}), ("outside.back_share", {}))),
)
NAMED = {"school.mean_score": N_("mathematics")}
HEADLINES = ("grant.basic_recipients", "grant.coverage", "ecd.quality_share", "readiness.change")
TRENDS = tuple(i for _title, _page, ids in PROGRAMMES for i, _where in ids if i not in ("tsqp.schools", "reachup.families"))


@dataclass(frozen=True)
class Line:
    """One indicator of the table: cells here and around, its rank as an interval, and its values over time."""

    programme: str
    indicator: str
    here: pd.Series
    near: float
    region: pd.Series
    country: pd.Series
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
    there = data.available()
    return [
        _line(programme, indicator, more, filters, near)
        for programme, _page, ids in PROGRAMMES
        for indicator, more in ids
        if indicator in there
    ]


def _line(programme: str, indicator: str, more: dict[str, str], filters: Filters, near: Similar) -> Line:
    asked = {**filters.where(place=False, split=False), **more}
    cells, earlier = data.cells_or_earlier(indicator, ("province",), asked)
    if earlier:
        kept = {k: v for k, v in asked.items() if k not in ("semester", "academic_year", "fiscal_year", "calendar_year")}
        asked = {**kept, "academic_year" if earlier.startswith("AY") else "semester": earlier}
    region = {filters.scheme: geo.region_of(filters.province or "", filters.scheme)}
    around = shown(cells[cells["province"].isin(near.provinces)])["value"]
    return Line(
        programme,
        indicator,
        cells[cells["province"] == filters.province].iloc[0],
        float(around.median()) if len(around) else float("nan"),
        data.cell(indicator, {**asked, **region}),
        data.cell(indicator, asked),
        _rank(cells, filters.province or "", data.measure(indicator, filters.lang).bubbles),
        _history(indicator, {"province": filters.province, **more}),
    )


def _rank(cells: pd.DataFrame, province: str, is_size: bool) -> tuple[int, int, int] | None:
    """First and last rank that sampling allows, 1 the highest, and of how many; a size is not ranked."""
    rows = shown(cells).dropna(subset=["low", "high"])
    if is_size or province not in set(rows["province"]):
        return None
    low, high = rank_intervals(rows["value"].to_numpy(), ((rows["high"] - rows["low"]) / (2 * Z95)).to_numpy())
    position = rows["province"].tolist().index(province)
    return int(low[position]), int(high[position]), len(rows)


def _history(indicator: str, where: dict[str, Any]) -> tuple[float, ...]:
    key = next(iter(data.indicator(indicator).periods), None)
    if key is None:
        return ()
    cells = data.cells(indicator, (key,), where)
    measure = data.measure(indicator, "th")
    return tuple(shown_value(float(v), measure) for v in shown(cells)["value"])  # a missing number would spoil the small line


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
        row = changing.one(changed.indicator, filters.where(split=False))
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
    near = _similar(served.release().id, filters.province or "")
    found = lines(filters, near)
    name = geo.name(filters.province or "", filters.lang)
    region = region_name(filters.scheme, geo.region_of(filters.province or "", filters.scheme), filters.lang)
    sheet.header(f"{name} · {region}")
    sheet.points(sentences(found, filters))
    kpi.row([(i, kpi.headline(i, filters, target=attention.target(i, filters))) for i in HEADLINES])

    sheet.subheader(_("Every programme here"))
    sheet.caption(f"{about_similar(near, filters)} {_('Small lines join the values that may be shown.')} {_(INTERVALS)}")
    if found:
        drawn = table(found, filters)
        show_table(
            "province_table", drawn, _("Indicators of {place} beside similar provinces, the region and the country", place=name)
        )
        facts = provenance.context([x.indicator for x in found], filters, _("{place}: every programme", place=name))
        downloads.menu("province_all", drawn.drop(columns=_("Over time")), facts, None, _asks(found, filters))
    else:
        empty.nothing_published()
    shell.links("province_programmes", [(target, _(title), ":material/arrow_forward:") for title, target, _ids in PROGRAMMES])
    _over_time(filters, near, name)
    districts.show(filters)
    sheet.subheader(_("What was sent"))
    _quality(filters)
    return [x.indicator for x in found]


def _asks(found: Sequence[Line], filters: Filters) -> list[Any]:
    return [a for x in found for a in data.asks(x.indicator, (), {**filters.where(split=False), "province": filters.province})]


@st.cache_data(ttl=data.TTL, max_entries=100, show_spinner=False)
def _similar(release_id: str, province: str) -> Similar:
    return similar(province, release_id)


def _over_time(filters: Filters, near: Similar, name: str) -> None:
    there = [i for i in TRENDS if i in data.available()]
    if not there:
        return
    sheet.subheader(_("Over time"))
    shown_now = linked.choose_measure(
        "province", there, filters, label=_("The trend shows"), named={k: _(v) for k, v in NAMED.items()}
    )
    more = next((where for _t, _p, ids in PROGRAMMES for i, where in ids if i == shown_now), {})
    region = geo.region_of(filters.province or "", filters.scheme)
    sides: dict[str, tuple[str, dict[str, Any]]] = {"place": (name, {"province": filters.province, **more})}
    if not data.measure(shown_now, filters.lang).bubbles:  # sizes of a province and a country do not share a scale
        sides["region"] = (region_name(filters.scheme, region, filters.lang), {filters.scheme: region, **more})
        sides["country"] = (_("Whole country"), dict(more))
    else:
        sides |= {c: (geo.name(c, filters.lang), {"province": c, **more}) for c in near.provinces[:3]}
    panels.versus_panel("province_trend", shown_now, sides, filters, kinds=())


def _quality(filters: Filters) -> None:
    """What this province sent of each data set for its latest period."""
    release = served.release().id
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
        show_table("province_quality", pd.DataFrame(rows), _("What the province has sent of each data set"))
        shell.link("data", _("Quality of all provinces"), ":material/arrow_forward:")


def choose() -> None:
    """What the page says while no province is chosen."""
    sheet.note(_("Choose a province above, or find it by name."), "location_on")
    search_box(Filters(lang=state.get("lang") or "th"), "province")
