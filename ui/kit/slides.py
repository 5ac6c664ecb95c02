"""A view as a slide: what was on the screen, frozen, and put at the end of the story at hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from charts.style import Style
from charts.theme import PROVISIONAL, STATE_NAMES, Chart
from data_access.contract.errors import TOLD, UsageError, told
from data_access.questions import reach
from data_access.questions.recorded import Ask
from data_access.saved import stories
from data_access.saved.stories import NativeChart, Slide, Story
from data_access.who.access import PRESENTER
from i18n import N_, format_date, format_number, gettext
from ui.entry import person
from ui.kit.provenance import Context
from ui.view import address, shown
from ui.view.text import _, lang, plain

STORY = "samoephak_story"
PICTURE, MAP = (8.3, 5.2), (6.6, 5.4)  # inches of a slide's picture
MOST_BARS, MOST_LINES, MOST_GROUPS = 12, 6, 3
PERIOD, INDICATOR, VALUE, UNIT, CODE, STATE = N_("Period"), N_("Indicator"), N_("Value"), N_("Unit"), N_("Code"), N_("State")
Picture = Callable[[Style], Chart]
Table = pd.DataFrame | Callable[[], pd.DataFrame]


def add(table: Table, facts: Context, draw: Picture | None, asks: Sequence[Ask] = (), text: str = "") -> None:
    """Freeze a view and add it to the story at hand; says what became of it. For callbacks.

    Args:
        table: the numbers of the view, headings in words.
        draw: builds the figure for a style; None for a view that is a table.
        text: the words of a view without a figure.
    """
    in_lang, release = lang(), shown.release()
    try:
        person.current().require(PRESENTER)
        slide, picture = freeze(made(table), facts, draw, asks, text, in_lang)
        story = stories.add(at_hand().id, slide, picture, release.id, release.as_of)
    except TOLD as error:
        st.toast(told(error).message(in_lang), icon=":material/error:")
        return
    st.toast(
        _("Added to “{story}” as slide {n}", story=plain(story.title), n=format_number(len(story.slides), in_lang)),
        icon=":material/slideshow:",
    )


def reach_of(table: pd.DataFrame, asks: Sequence[Ask]) -> tuple[str, ...]:
    """The provinces whose smaller places a view shows (`data_access.questions.reach`), all of which the person at the screen may see.

    Raises:
        ScopeError: it shows places outside the scope.
    """
    rows = [tuple(map(_cell, row)) for row in table.itertuples(index=False)]
    found = reach.of_table([str(c) for c in table.columns], rows, shown.release().id, asks, address_of_view())
    provinces = person.scope().provinces
    if provinces is None:
        return found
    for code in set(found) - {reach.ALL}:
        person.scope().require(code)
    return tuple(sorted(provinces)) if reach.ALL in found else found  # whatever it is, the questions were narrowed to the scope


def made(table: Table) -> pd.DataFrame:
    """A table, computed now if it was left for the click."""
    return table if isinstance(table, pd.DataFrame) else table()


def freeze(
    table: pd.DataFrame, facts: Context, draw: Picture | None, asks: Sequence[Ask], text: str, in_lang: str
) -> tuple[Slide, bytes | None]:
    """A slide of the view at hand and its picture; always light, as on paper."""
    from charts.static import figure_png

    chart = draw(Style(in_lang, dark=False)) if draw else None
    plotted = chart is not None and hasattr(chart.figure, "to_plotly_json")
    is_map = plotted and any(t.type in ("choropleth", "scattergeo") for t in chart.figure.data)  # type: ignore[union-attr]
    picture = figure_png(chart, Style(in_lang), *(MAP if is_map else PICTURE)) if chart and plotted else None
    kept = table.head(stories.MOST_ROWS)
    alt = chart.alt if chart else text
    remarks = " · ".join(chart.notes) if chart else ""
    slide = Slide(
        title=title_of(facts.title, table, in_lang),
        text=alt,
        alt=alt,
        remarks=remarks,
        is_map=is_map,
        facts=tuple(facts.rows(in_lang)),
        columns=tuple(str(c) for c in table.columns),
        rows=tuple(tuple(_cell(v) for v in row) for row in kept.itertuples(index=False)),
        left_out=len(table) - len(kept),
        address=address_of_view(),
        lang=in_lang,
        detail=reach_of(table, asks),
        demo=facts.demo,
        chart=native_chart(table, in_lang),
        asks=tuple(asks),
    )
    return slide, picture


def title_of(title: str, table: pd.DataFrame, in_lang: str) -> str:
    """The title of a view and what it is broken down by, so that map, trend and split of one indicator are told apart."""
    keys = keys_of(table, in_lang)
    if not keys:
        return title
    if gettext(PERIOD, in_lang) in keys:
        return gettext(N_("{title} over time"), in_lang, title=title)
    return gettext(N_("{title} by {group}"), in_lang, title=title, group=keys[0] if in_lang == "th" else keys[0].lower())


def keys_of(table: pd.DataFrame, in_lang: str) -> list[str]:
    """The columns of an export table that it is broken down by; none for any other table."""
    columns, indicator = list(table.columns), gettext(INDICATOR, in_lang)
    if indicator not in columns or gettext(VALUE, in_lang) not in columns:
        return []
    return [c for c in columns[: columns.index(indicator)] if c != gettext(CODE, in_lang)]


def _cell(value: Any) -> stories.Cell:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    return value if isinstance(value, (str, int, float)) else value.item() if hasattr(value, "item") else str(value)


def address_of_view() -> str:
    """Page and parameters that open the view at hand; the first page has no name in its address."""
    page = "" if address.page() == "overview" else address.page()
    view = {k: v for k, v in address.view().items() if k not in ("story", "slide")}
    return f"{page}?{urlencode(view)}" if view else page


def at_hand() -> Story:
    """The story that views are added to: the one chosen last in this session, else a new one named after the day."""
    chosen = st.session_state.get(STORY)
    if chosen:
        try:
            return stories.load(chosen)
        except UsageError:
            pass  # deleted meanwhile by somebody else
    return begin(_("Story of {date}", date=format_date(dt.date.today(), lang())))


def begin(title: str) -> Story:
    """A new story, which views are added to from now on."""
    story = stories.create(title, person.current())
    st.session_state[STORY] = story.id
    return story


# ---- what a slide program draws by itself ---------------------------------------------------------------------------------
def native_chart(table: pd.DataFrame, in_lang: str) -> NativeChart | None:
    """The cells of an export table (`ui.kit.tables.export_table`) as lines over time or as bars; None for any other table."""
    heading = {h: gettext(h, in_lang) for h in (PERIOD, INDICATOR, VALUE, UNIT)}
    columns = list(table.columns)
    if heading[VALUE] not in columns or heading[INDICATOR] not in columns or table[heading[VALUE]].notna().sum() < 2:
        return None
    keys, table = keys_of(table, in_lang), _provisional_apart(table, in_lang)
    unit = str(table[heading[UNIT]].iloc[0]) if heading[UNIT] in columns else ""
    if heading[PERIOD] in keys and len(keys) <= 2:
        other = next((k for k in keys if k != heading[PERIOD]), heading[INDICATOR])
        if table[other].nunique() <= MOST_LINES:
            return _native("line", table, heading[PERIOD], other, heading[VALUE], unit)
        few = table[heading[PERIOD]].nunique() <= MOST_GROUPS
        return _native("bar", table, other, heading[PERIOD], heading[VALUE], unit) if few else None
    if not keys:
        return _native("bar", table.assign(**{"": unit or " "}), heading[INDICATOR], "", heading[VALUE], unit)
    if len(keys) == 1:
        return _bars(_complete(table, in_lang), keys[0], heading, unit, in_lang)
    return None


def _complete(table: pd.DataFrame, in_lang: str) -> pd.DataFrame:
    """The rows that are not provisional, where there are any: bars of a slide are ranked."""
    kept = (
        table[table[gettext(STATE, in_lang)] != gettext(STATE_NAMES[PROVISIONAL], in_lang)]
        if gettext(STATE, in_lang) in table
        else table
    )
    return kept if len(kept) else table


def _provisional_apart(table: pd.DataFrame, in_lang: str) -> pd.DataFrame:
    """The table with its provisional cells as an indicator of their own: a slide program draws and names them apart from the others."""
    address, indicator = gettext(STATE, in_lang), gettext(INDICATOR, in_lang)
    if address not in table:
        return table
    early = table[address] == gettext(STATE_NAMES[PROVISIONAL], in_lang)
    named = [gettext(N_("{value} (provisional)"), in_lang, value=words) for words in table[indicator]]
    return table.assign(**{indicator: table[indicator].mask(early, pd.Series(named, table.index))})


def _bars(table: pd.DataFrame, key: str, heading: dict[str, str], unit: str, in_lang: str) -> NativeChart | None:
    first = table[table[heading[INDICATOR]] == table[heading[INDICATOR]].iloc[0]]
    if len(first) > MOST_BARS:
        first = first.sort_values(heading[VALUE], ascending=False, na_position="last").head(MOST_BARS)
        label = gettext(N_("{title}: the {n} highest"), in_lang, title=first[heading[INDICATOR]].iloc[0], n=MOST_BARS)
        first = first.assign(**{heading[INDICATOR]: label})
    return _native("bar", first, key, heading[INDICATOR], heading[VALUE], unit)


def _native(kind: Any, table: pd.DataFrame, along: str, series: str, value: str, unit: str) -> NativeChart | None:
    if table.duplicated([along, series]).any():
        return None
    categories = tuple(str(c) for c in dict.fromkeys(table[along]))
    wide = table.pivot(index=along, columns=series, values=value).reindex(list(dict.fromkeys(table[along])))
    names = list(dict.fromkeys(table[series]))
    values = [pd.to_numeric(wide[n], errors="coerce") for n in names]
    whole = all((v.dropna() % 1 == 0).all() for v in values)
    largest = max((float(v.abs().max()) for v in values if v.notna().any()), default=0.0)
    decimals = 0 if whole or largest >= 1000 else 1 if largest >= 3 else 2
    rows = tuple(
        (str(n), tuple(None if pd.isna(x) else round(float(x), 4) for x in v)) for n, v in zip(names, values, strict=True)
    )
    return NativeChart(kind, categories, rows, unit, decimals)
