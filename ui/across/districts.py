"""From a province down: its districts on a map and in order, then the authorities, schools and centres of the one chosen."""

from __future__ import annotations

from functools import partial
from typing import Any

import geo
from charts.maps import district_map
from charts.style import Style
from charts.theme import Chart
from data_access.programmes.indicators import PROGRAMMES
from ui.blocks import blocks, fields
from ui.entry import person
from ui.kit import data, downloads, empty, guide, linked, navigation, provenance
from ui.kit.filters import Filters
from ui.kit.tables import export_table
from ui.programmes import pilot_areas
from ui.view import address
from ui.view.events import offer
from ui.view.filter_table import region_name
from ui.view.text import _, style

MEASURES = tuple(i for p in PROGRAMMES for i in p.districts)


def show(filters: Filters) -> None:
    """The districts of the province chosen; a click, a row of the ranking or the box chooses one."""
    province = filters.province or ""
    codes = [c for c in geo.districts().index if c.startswith(province)]
    chosen = address.get("district") if address.get("district") in codes else None
    blocks.subheader(_("Districts"))
    _trail(filters, chosen)
    if not person.sees(province):
        return
    there = [i for i in MEASURES if i in data.available()]
    if not there:
        empty.not_loaded(MEASURES)
        return
    names = {c: geo.name(c, filters.lang) for c in codes}
    left, right = blocks.columns(2)
    with left:
        titles = {i: data.indicator(i).title(filters.lang) for i in there}
        indicator = fields.kept_choice("province_district_measure", titles, _("Map of districts shows"))
    with right:
        linked.choose_any("province_district", "district", names, _("Find a district"), _("All districts"))
    measure = data.measure(indicator, filters.lang)
    asked = {**filters.where(place=False, split=False), "province": province}
    cells = data.cells(indicator, ("district",), asked)
    if empty.when_empty(cells, indicator):
        return

    choose = offer(address.choose, part="district")

    def draw(drawn_style: Style) -> Chart:
        return district_map(cells, measure, drawn_style, province, selected=chosen)

    left, right = blocks.columns([5, 6])
    with left:
        linked.chart(draw(style()), "province_district_map", select=choose)
    with right:
        bars = cells[cells["district"].isin(codes)]
        look: dict[str, Any] = {"names": names, "selected": chosen, "limit": 24}
        linked.ranking("province_district_bars", bars, measure, "district", measure.title, choose, **look)
    table = partial(export_table, cells, ("district",), {indicator: measure}, style())
    facts = provenance.context((indicator,), filters, measure.title)
    downloads.menu("province_districts", table, facts, draw, data.asks(indicator, ("district",), asked))
    if chosen:
        blocks.text("", names[chosen])
        pilot_areas.places(filters, chosen)


def _trail(filters: Filters, chosen: str | None) -> None:
    """The way down, each step a way back."""
    region = geo.region_of(filters.province or "", filters.scheme)

    def overview(words: str, around: str | None) -> blocks.Link:
        go = offer(guide.lead, page="overview", put={"province": None, "region": around, "district": None})
        return blocks.Link(words, None, navigation.address_of("overview", province=None, region=around), go)

    name = geo.name(filters.province or "", filters.lang)
    steps = [overview(_("Whole country"), None), overview(region_name(filters.scheme, region, filters.lang), region)]
    if chosen:
        up = navigation.address_of(address.page())
        steps.append(blocks.Link(name, "arrow_upward", up, offer(address.choose, part="district")))
    blocks.links("province_trail", steps, geo.name(chosen, filters.lang) if chosen else name)
