"""A map, a ranking and a sortable table that select the same province: by click, by keyboard search or by table row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

import geo
from charts.bars import ranked_bars
from charts.board import DIGITS, Column, bar_list
from charts.board import board as build_board
from charts.classes import UNCLEAR_SHORT, unclear
from charts.lines import lines
from charts.maps import province_map
from charts.points import POINTS_HEIGHT, points_data, points_map, points_picture
from charts.style import Style
from charts.theme import PROVISIONAL, SHOWN, TOLD, Chart, Measure, cell_words, provisional_words
from charts.trends import trend
from data_access.contract.periods import PERIOD_KEYS, parse_period, period_type
from i18n import format_number
from ui.blocks import blocks, components, fields
from ui.kit import data, downloads, empty, provenance
from ui.kit.filters import Filters, sorted_provinces
from ui.kit.tables import export_table, period_words, shown_value
from ui.view import address
from ui.view.cache import once_a_view
from ui.view.events import Act, offer
from ui.view.moves import find_province
from ui.view.text import _, lang, style


def chart(built: Chart, key: str, *, select: bool | Act = False, wide: bool = False) -> None:
    """Draw a chart with its notes; with `select`, a click chooses the province for the page, or what `select` does.

    Args:
        wide: as for `components.plot`.
    """
    components.plot(key, built, (offer(find_province) if select is True else select) or None, wide=wide)
    _words_under(built)


def _words_under(built: Chart) -> None:
    if built.legend:
        blocks.put("legend", {"entries": built.legend})
    if built.notes:
        blocks.caption("\n".join(built.notes))


def over_time(key: str, frame: pd.DataFrame, measure: Measure, **shown: Any) -> Callable[[Style], Chart]:
    """Draw lines over periods (arguments as for `charts.trend`); what draws them again, for files."""
    components.lines(key, lines(frame, measure, style(), **shown))
    return lambda drawn: trend(frame, measure, drawn, **shown)


def ranking(
    key: str, frame: pd.DataFrame, measure: Measure, by: str, title: str, pick: Act | None = None, **shown: Any
) -> Callable[[Style], Chart]:
    """Bars from the highest down; what draws them again, for files.

    Args:
        by: the column of what each bar stands for; `pick` gets that of the bar that a reader presses.
        shown: as for `charts.ranked_bars`.
    """
    rows = frame.assign(province=frame[by])
    components.bars(key, bar_list(rows, measure, style(), **shown), pick)
    return lambda drawn: ranked_bars(rows, measure, drawn, title=title, **shown)


def points(
    key: str, frame: pd.DataFrame, names: Mapping[str, str], title: str, focus: str | None
) -> Callable[[Style], Chart] | None:
    """Institutions on a map (arguments as for `charts.points_map`); what draws them again, for files. None has coordinates: that is said."""
    if frame[["lon", "lat"]].dropna().empty:
        blocks.note(
            _("{n} places, and none has coordinates: there is no map of them.", n=format_number(len(frame), lang())),
            "location_off",
        )
        return None
    built = points_map(frame, style(), title=title, group_names=names, focus=focus)
    components.deck(key, built, POINTS_HEIGHT, points_data(frame, list(names)))
    _words_under(built)
    return lambda drawn: points_picture(frame, drawn, title=title, group_names=names)


def choose(
    widget: str, key: str, options: Sequence[str], label: str, words: Callable[[str], str], default: str | None = None
) -> str:
    """A select box whose choice is kept in the address under `key`; the default, else the first option, when the address names none of them."""
    chosen = _kept(key, options, default)
    fields.choice(widget, {o: words(o) for o in options}, label, chosen, offer(address.choose, part=key))
    return chosen


def _kept(key: str, options: Sequence[str], default: str | None) -> str:
    """What `choose` shows: the option that the address names under `key`, the default, else the first."""
    wanted = address.get(key)
    return str(wanted if wanted in options else default or options[0])


def choose_any(widget: str, key: str, names: Mapping[str, str], label: str, none: str) -> str | None:
    """One of the names (code -> words) or none, in the order of the words; kept in the address under `key`. A code that is not among them falls away."""
    chosen = address.get(key) if address.get(key) in names else None
    order = sorted(names, key=lambda c: geo.thai_sort_key(names[c]) if lang() == "th" else names[c])
    offered = told_apart({c: names[c] for c in order})
    fields.choice(widget, offered, label, chosen, offer(address.choose, part=key), none=none)
    return chosen


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Code -> words, where words that stand for several codes get the code behind them: a select box answers by its words."""
    seen = Counter(names.values())
    return {code: f"{words} · {code}" if seen[words] > 1 else words for code, words in names.items()}


def choose_measure(
    key: str, ids: Sequence[str], filters: Filters, *, label: str = "", named: Mapping[str, str] | None = None
) -> str:
    """The indicator that the map of a page shows, kept in the address: of those that the release has data for, at first one with a map.

    Args:
        named: indicator -> words added to its title.
    """

    def words(indicator_id: str) -> str:
        more = (named or {}).get(indicator_id)
        return data.indicator(indicator_id).title(filters.lang) + (f" · {more}" if more else "")

    there = [i for i in ids if i in data.available()]
    if not there:
        return ids[0]  # what is drawn of it says what it comes with
    return choose(f"{key}_measure", "measure", there, label or _("Map, ranking and table show"), words, data.first_mapped(there))


def chosen_measure(ids: Sequence[str]) -> str:
    """The indicator that `choose_measure` shows, for what stands before it on the page."""
    there = [i for i in ids if i in data.available()]
    return _kept("measure", there, data.first_mapped(there)) if there else ids[0]


FIRST_SCREEN = (4, 5)
"""Shares of the numbers of a page and of its map beside them: the first screen shows both."""


def linked_view(
    key: str,
    indicator_id: str,
    filters: Filters,
    *,
    also: Sequence[str] = (),
    where: dict[str, Any] | None = None,
    diverging: bool = False,
    named: str = "",
) -> None:
    """Map beside ranking and table of one indicator over the provinces.

    Args:
        key: distinguishes several linked views of one page.
        also: further indicators as columns of the table.
        where: asked instead of the filters' own (without province).
        diverging: two-sided colours around nought.
        named: what `where` adds to the filters, in words; it joins the title on screen and in every file.
    """
    asked = filters.where(province=False) if where is None else where
    cells, earlier = data.cells_or_earlier(indicator_id, ("province",), asked)
    measure = data.measure(indicator_id, filters.lang)
    measure = replace(measure, title=f"{measure.title} · {named}") if named else measure
    inside = filters.provinces_inside()
    rows = cells if inside is None else cells[cells["province"].isin(inside)]
    if empty.when_empty(rows, indicator_id):
        return
    if earlier:
        asked = {**{k: v for k, v in asked.items() if k not in PERIOD_KEYS}, period_type(earlier): earlier}
        words = parse_period(earlier).label(filters.lang)
        blocks.note(_("Nothing was collected in the period chosen; this is {period}, the latest before it.", period=words))

    def draw_map(drawn_style: Style) -> Chart:
        title = " · ".join(w for w in (measure.title, when(cells, drawn_style.lang)) if w)
        return province_map(cells, measure, drawn_style, selected=filters.province, diverging=diverging, only=inside, title=title)

    from ui.kit import map_modes

    mode = map_modes.choose(key, indicator_id, asked)
    if mode != map_modes.SINGLE:
        map_modes.show(key, indicator_id, filters, measure, asked, mode, diverging=diverging)
    look = {"diverging": diverging, "with_map": mode == map_modes.SINGLE}
    components.board(f"{key}_board", _board(indicator_id, measure, filters, asked, also, look), offer(find_province))
    _downloads(key, rows, measure, also, asked, filters, draw_map)


@once_a_view
def _board(
    indicator_id: str, measure: Measure, filters: Filters, asked: dict[str, Any], also: Sequence[str], look: dict[str, Any]
) -> dict[str, Any]:
    """The board of a question: map and ranking of the indicator, and the others beside it in the table."""
    cells = data.cells(indicator_id, ("province",), asked)
    inside = filters.provinces_inside()
    rows = cells if inside is None else cells[cells["province"].isin(inside)]
    columns = _columns(rows, measure, also, asked, filters, look["diverging"])
    order = sorted_provinces(filters.lang)
    whole = data.cell(indicator_id, {**asked, **dict.fromkeys((filters.scheme, "pilot_set"))}) if not measure.bubbles else None
    country = float(whole["value"]) if whole is not None and whole["state"] in SHOWN and pd.notna(whole["value"]) else None
    look = {**look, "when": when(rows, filters.lang), "country": country}
    return build_board(cells, measure, style(), columns, selected=filters.province, only=inside, order=order, **look)


def when(cells: pd.DataFrame, language: str) -> str:
    """The period of a map in words; empty where it has none, or several."""
    periods = {p for p in cells["period"] if p}
    return period_words(periods.pop(), language) if len(periods) == 1 else ""


def _columns(
    rows: pd.DataFrame, main: Measure, also: Sequence[str], where: dict[str, Any], filters: Filters, diverging: bool
) -> list[Column]:
    """The columns of the table: the measure with its states, then the others."""
    no_difference = unclear(rows) & diverging
    states = [
        cell_state(r, main) + (f" · {_(UNCLEAR_SHORT)}" if no else "")
        for (_i, r), no in zip(rows.iterrows(), no_difference, strict=True)
    ]
    columns = [_values(rows, main, filters), Column(_("State"), dict(zip(rows["province"], states, strict=True)))]
    others = [(data.measure(i, filters.lang), data.cells(i, ("province",), where)) for i in also]
    return [*columns, *(_values(part, measure, filters) for measure, part in others if "province" in part)]


def _values(part: pd.DataFrame, measure: Measure, filters: Filters) -> Column:
    digits = DIGITS.get(measure.kind, 0)
    values: dict[str, float | str | None] = {
        code: round(shown_value(value, measure), digits) if address in TOLD else None
        for code, value, address in zip(part["province"], part["value"], part["state"], strict=True)
    }
    unit = measure.unit_name(filters.lang)
    return Column(measure.title + (f" ({unit})" if unit else ""), values, digits)


def cell_state(row: Any, measure: Measure) -> str:
    """The state column of a table: words for a state, the interval for a value that has one."""
    if row["state"] in ("value", "zero") and pd.notna(row["value"]):
        return f"{measure.short(row['low'], lang())} – {measure.short(row['high'], lang())}" if pd.notna(row.get("low")) else ""
    return provisional_words(row, style()) if row["state"] == PROVISIONAL else cell_words(row, measure, style())


def _downloads(
    key: str, rows: pd.DataFrame, main: Measure, also: Sequence[str], where: dict[str, Any], filters: Filters, picture: Any
) -> None:
    ids = (main.id, *also)
    measures = {main.id: main} | {i: data.measure(i, filters.lang) for i in also}

    def table() -> pd.DataFrame:
        everything = pd.concat([rows, *(data.cells(i, ("province",), where) for i in also)], ignore_index=True)
        inside = filters.provinces_inside()
        if inside is not None:
            everything = everything[everything["province"].isin(inside)]
        return export_table(everything, ("province",), measures, style())

    downloads.menu(
        key,
        table,
        provenance.context(ids, replace(filters, province=None), main.title),
        picture,
        data.asks(ids, ("province",), where),
    )
