"""A map, a ranking and a sortable table that select the same province: by click, by keyboard search or by table row."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

import geo
from charts import PLOTLY_CONFIG, Chart, Measure, Style, province_map, ranked_bars
from charts.theme import cell_words
from data_access.periods import parse_period, period_type
from ui import data, downloads, empty, provenance, state
from ui.filters import Filters, search_label, sorted_provinces
from ui.tables import PERIOD_KEYS, export_table, shown_value
from ui.text import _, lang, style

TABLE_HEIGHT = 420


def chart(built: Chart, key: str, *, select: bool | Callable[[str], None] = False) -> None:
    """Draw a chart with its notes and alternative text; with `select`, a click chooses the province for the page, or what `select` does."""
    if hasattr(built.figure, "layers"):
        st.pydeck_chart(built.figure, key=key, height=int(getattr(built.figure, "height", None) or 520), alt=built.alt)
    elif select:
        st.plotly_chart(
            built.figure,
            key=key,
            theme=None,
            config=PLOTLY_CONFIG,
            on_select=_clicked(key, choose_province if select is True else select),
            selection_mode="points",
            alt=built.alt,
        )
    else:
        st.plotly_chart(built.figure, key=key, theme=None, config=PLOTLY_CONFIG, alt=built.alt)
    if built.legend:
        st.html(legend(built.legend))
    if built.notes:
        st.caption("  \n".join(built.notes))


def legend(entries: Sequence[tuple[str, str]]) -> str:
    """(colour, words) as a line of coloured dots with their words, for figures that cannot draw their own."""
    dots = (
        f'<span style="white-space:nowrap"><span style="display:inline-block;width:.75em;height:.75em;border-radius:50%;'
        f'background:{colour};margin:0 .4em 0 0"></span>{html.escape(words)}</span>'
        for colour, words in entries
    )
    return f'<div style="display:flex;flex-wrap:wrap;gap:.3em 1.2em;font-size:.9rem">{"".join(dots)}</div>'


def _clicked(key: str, chosen: Callable[[str], None]) -> Any:
    def choose() -> None:
        points = st.session_state[key].selection.points
        codes = [p.get("location") or p.get("customdata") for p in points]
        found = [c[0] if isinstance(c, list) else c for c in codes if c]
        if found:
            chosen(str(found[0]))

    return choose


def choose_province(code: str | None) -> None:
    """Make a province the one the page is about; None for none."""
    state.put(province=code)


def search_box(filters: Filters, key: str) -> None:
    """The keyboard twin of the map: names in Thai order, other spellings and short names understood."""
    widget = f"{key}_search"
    st.session_state[widget] = filters.province
    st.selectbox(
        _("Find a province"),
        sorted_provinces(filters.lang),
        index=None,
        key=widget,
        on_change=_searched(widget),
        accept_new_options=True,
        format_func=lambda c: search_label(c, filters.lang) if len(c) == 2 and c.isdigit() else c,
        placeholder=_("Type a name, e.g. กทม. or Korat"),
    )


def _searched(widget: str) -> Any:
    def choose() -> None:
        typed = st.session_state[widget]
        if typed is None or (len(typed) == 2 and typed.isdigit()):
            choose_province(typed)
        elif code := best_match(typed):
            choose_province(code)
        else:
            st.toast(_("No province is called {name}", name=typed))

    return choose


def best_match(text: str) -> str | None:
    """The province that typed text means, by name, alias or code."""
    found = geo.search(text, 1, lang())
    return found[0].code[:2] if found else None


def choose(widget: str, key: str, options: Sequence[str], label: str, words: Callable[[str], str]) -> str:
    """A select box whose choice is kept in the address under `key`; the first option when the address names none of them."""
    wanted = state.get(key)
    chosen = wanted if wanted in options else options[0]
    st.session_state[widget] = chosen
    st.selectbox(label, options, key=widget, format_func=words, on_change=lambda: state.put(**{key: st.session_state[widget]}))
    return str(chosen)


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Code -> words, where words that stand for several codes get the code behind them: a select box answers by its words."""
    seen = Counter(names.values())
    return {code: f"{words} · {code}" if seen[words] > 1 else words for code, words in names.items()}


def choose_measure(
    key: str, ids: Sequence[str], filters: Filters, *, label: str = "", named: Mapping[str, str] | None = None
) -> str:
    """The indicator that the map of a page shows, kept in the address.

    Args:
        named: indicator -> words added to its title.
    """

    def words(indicator_id: str) -> str:
        more = (named or {}).get(indicator_id)
        return data.indicator(indicator_id).title(filters.lang) + (f" · {more}" if more else "")

    return choose(f"{key}_measure", "measure", ids, label or _("Map, ranking and table show"), words)


def linked_view(
    key: str,
    indicator_id: str,
    filters: Filters,
    *,
    frame: pd.DataFrame | None = None,
    also: Sequence[str] = (),
    where: dict[str, Any] | None = None,
    diverging: bool = False,
    map_height: int = 660,
    named: str = "",
) -> None:
    """Map beside ranking and table of one indicator over the provinces.

    Args:
        key: distinguishes several linked views of one page.
        frame: cells by province, when the page has them already.
        also: further indicators as columns of the table.
        where: asked instead of the filters' own (without province).
        diverging: two-sided colours around nought.
        named: what `where` adds to the filters, in words; it joins the title on screen and in every file.
    """
    asked = filters.where(province=False) if where is None else where
    earlier = None
    if frame is None:
        cells, earlier = data.cells_or_earlier(indicator_id, ("province",), asked)
    else:
        cells = frame
    measure = data.measure(indicator_id, filters.lang)
    measure = replace(measure, title=f"{measure.title} · {named}") if named else measure
    inside = filters.provinces_inside()
    rows = cells if inside is None else cells[cells["province"].isin(inside)]
    if empty.when_empty(rows):
        return
    if earlier:
        asked = {**{k: v for k, v in asked.items() if k not in PERIOD_KEYS}, period_type(earlier): earlier}
        words = parse_period(earlier).label(filters.lang)
        st.info(_("Nothing was collected in the period chosen; this is {period}, the latest before it.", period=words))

    def draw_map(drawn_style: Style) -> Chart:
        return province_map(
            cells, measure, drawn_style, selected=filters.province, diverging=diverging, only=inside, height=map_height
        )

    from ui import map_modes  # which draws its charts with `chart` of this module

    mode = map_modes.choose(key, indicator_id, asked) if frame is None else map_modes.SINGLE
    if mode != map_modes.SINGLE:
        map_modes.show(key, indicator_id, filters, measure, asked, mode, diverging=diverging)
    left, right = st.columns([5, 6], gap="medium")
    with left:
        search_box(filters, key)
        if mode == map_modes.SINGLE:
            chart(draw_map(style()), f"{key}_map", select=True)
    with right:
        _selected_line(rows, measure, filters)
        ranking, table = st.tabs([_("Ranking"), _("Table")])
        with ranking:
            chart(ranked_bars(rows, measure, style(), selected=filters.province, limit=20), f"{key}_bars", select=True)
        with table:
            _table(key, rows, measure, also, asked, filters)
    _downloads(key, rows, measure, also, asked, filters, draw_map, again=frame is None)


def _selected_line(rows: pd.DataFrame, measure: Measure, filters: Filters) -> None:
    found = rows[rows["province"] == filters.province]
    if len(found) and filters.province:
        name = geo.name(filters.province, filters.lang)
        st.markdown(f"**{name}** · {measure.title}: {cell_words(found.iloc[0], measure, style())}")
    else:
        st.caption(_("Click a province on the map, find it by name or choose its row in the table."))


def _table(key: str, rows: pd.DataFrame, main: Measure, also: Sequence[str], where: dict[str, Any], filters: Filters) -> None:
    measures = [main, *(data.measure(i, filters.lang) for i in also)]
    order = {c: n for n, c in enumerate(sorted_provinces(filters.lang))}
    ordered = rows.sort_values("province", key=lambda c: c.map(order)).reset_index(drop=True)
    codes = ordered["province"].tolist()
    columns: dict[str, Any] = {_("Province"): [geo.name(c, filters.lang) for c in codes]}
    config: dict[str, Any] = {_("Province"): st.column_config.TextColumn(pinned=True)}
    for position, measure in enumerate(measures):
        part = (
            ordered
            if position == 0
            else data.cells(measure.id, ("province",), where).set_index("province").reindex(codes).reset_index()
        )
        heading = measure.title + (f" ({u})" if (u := measure.unit_name(filters.lang)) else "")
        columns[heading] = [
            shown_value(v, measure) if s in ("value", "zero", "older") else None
            for v, s in zip(part["value"], part["state"], strict=True)
        ]
        config[heading] = st.column_config.NumberColumn(
            format={"rate": "%.1f", "sd": "%.2f", "mean": "%.1f"}.get(measure.kind, "localized")
        )
        if position == 0:
            columns[_("State")] = [cell_state(r, measure) for _i, r in ordered.iterrows()]
    chosen = codes.index(filters.province) if filters.province in codes else None
    options: dict[str, Any] = {"selection_default": {"selection": {"rows": [chosen]}}} if chosen is not None else {}
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        height=TABLE_HEIGHT,
        column_config=config,
        key=f"{key}_table_{filters.province or 'none'}",
        on_select=_row_chosen(key, codes, filters),
        selection_mode="single-row",
        placeholder="–",
        alt=_("The same numbers as the map, one row a province"),
        **options,
    )


def cell_state(row: Any, measure: Measure) -> str:
    """The state column of a table: words for a state, the interval for a value that has one."""
    if row["state"] in ("value", "zero") and pd.notna(row["value"]):
        return f"{measure.short(row['low'], lang())} – {measure.short(row['high'], lang())}" if pd.notna(row.get("low")) else ""
    return cell_words(row, measure, style())


def _row_chosen(key: str, codes: list[str], filters: Filters) -> Any:
    widget = f"{key}_table_{filters.province or 'none'}"

    def choose() -> None:
        rows = st.session_state[widget].selection.rows
        choose_province(codes[rows[0]] if rows else None)

    return choose


def _downloads(
    key: str,
    rows: pd.DataFrame,
    main: Measure,
    also: Sequence[str],
    where: dict[str, Any],
    filters: Filters,
    picture: Any,
    again: bool,
) -> None:
    ids = (main.id, *also)
    measures = {main.id: main} | {i: data.measure(i, filters.lang) for i in also}
    everything = pd.concat([rows, *(data.cells(i, ("province",), where) for i in also)], ignore_index=True) if also else rows
    inside = filters.provinces_inside()
    if inside is not None:
        everything = everything[everything["province"].isin(inside)]
    downloads.menu(
        key,
        export_table(everything, ("province",), measures, style()),
        provenance.context(ids, replace(filters, province=None), main.title),
        picture,
        data.asks(ids, ("province",), where) if again else (),
    )
