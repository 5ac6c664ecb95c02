"""A map of one period, of several periods side by side on one scale, or with a slider and a play button."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

from charts.board import maps
from charts.maps import small_multiple_maps
from charts.style import Style
from charts.theme import Chart, Measure
from data_access.contract.periods import PERIOD_KEYS, period_type
from i18n import N_, format_period
from ui.blocks import components, fields
from ui.kit import data, downloads, provenance
from ui.kit.filters import Filters
from ui.kit.tables import export_table, period_words
from ui.view import address
from ui.view.events import offer
from ui.view.moves import find_province
from ui.view.text import _, style

SINGLE, SPLIT, PLAY = "single", "split", "play"
MODES = {SINGLE: N_("One period"), SPLIT: N_("Side by side"), PLAY: N_("Play over time")}
MOST, AT_FIRST = 12, 4


def periods(indicator_id: str, asked: dict[str, Any]) -> list[str]:
    """The periods of the kind that the view asks for, oldest first."""
    fitted = data.fit_period(data.indicator(indicator_id), asked)
    kind = next((k for k in PERIOD_KEYS if k in fitted), next(iter(data.indicator(indicator_id).periods), None))
    return data.periods(indicator_id, kind) if kind else []


def choose(key: str, indicator_id: str, asked: dict[str, Any]) -> str:
    """The way the map is shown, kept in the address; one period where there is no other."""
    if len(periods(indicator_id, asked)) < 2:
        return SINGLE
    mode = address.get("map") or SINGLE
    names = {m: _(words) for m, words in MODES.items()}
    fields.segments(f"{key}_map_mode", names, _("Map shows"), mode, offer(address.choose, part="map"))
    return mode


def show(
    key: str, indicator_id: str, filters: Filters, measure: Measure, asked: dict[str, Any], mode: str, *, diverging: bool
) -> None:
    """The map over several periods, with its download."""
    known = periods(indicator_id, asked)
    kind = period_type(known[0])
    chosen = _chosen(key, data.offer(indicator_id, (kind,))) if mode == SPLIT else known
    where = {k: v for k, v in asked.items() if k not in PERIOD_KEYS} | {kind: chosen}
    cells = data.cells(indicator_id, ("province", kind), where)
    only = filters.provinces_inside()

    def panels(language: str) -> list[tuple[str, pd.DataFrame]]:
        return [(period_words(p, language), cells[cells[kind] == p]) for p in chosen]

    def draw(drawn_style: Style) -> Chart:
        return small_multiple_maps(
            panels(drawn_style.lang)[-MOST:],
            measure,
            drawn_style,
            height=400,
            diverging=diverging,
            only=only,
            selected=filters.province,
        )

    drawing = maps(panels(filters.lang), measure, style(), diverging=diverging, only=only, moving=mode == PLAY)
    at = chosen.index(filters.period) if filters.period in chosen else len(chosen) - 1
    components.maps(f"{key}_map_{mode}", drawing, offer(find_province), at=at, selected=filters.province)
    rows = cells if only is None else cells[cells["province"].isin(only)]
    table = partial(export_table, rows, ("province", kind), {indicator_id: measure}, style())
    facts = provenance.context(
        (indicator_id,), filters, f"{measure.title} · {period_words(chosen[0], filters.lang)} – {format_period(chosen[-1])}"
    )
    downloads.menu(f"{key}_map_{mode}", table, facts, draw, data.asks(indicator_id, ("province", kind), where))


def _chosen(key: str, there: data.Offer) -> list[str]:
    """The periods side by side, kept in the address; the latest few complete ones at first."""
    complete = [p for p in there.periods if p not in there.provisional] or list(there.periods)
    wanted = [p for p in (address.get("periods") or "").split("~") if p in there.periods] or complete[-AT_FIRST:]
    names = {p: format_period(p) for p in there.periods}
    label = _("Periods side by side, up to {n}", n=MOST)
    fields.several(f"{key}_map_periods", names, label, wanted, MOST, offer(address.choose_several, part="periods", in_order=True))
    return sorted(wanted)
