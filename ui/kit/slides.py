"""A view as a slide: what was on the screen, frozen, and put at the end of the story at hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from charts.style import Style
from charts.theme import Chart
from data_access.contract.errors import TOLD, UsageError, told
from data_access.questions import reach
from data_access.questions.recorded import Ask
from data_access.saved import stories
from data_access.saved.stories import Slide, Story
from data_access.who.access import PRESENTER
from i18n import N_, format_date, format_number, gettext
from ui.entry import person
from ui.kit import filling
from ui.kit.provenance import Context
from ui.view import address, shown
from ui.view.text import _, lang, plain

PICTURE, MAP = (8.3, 5.2), (6.6, 5.4)  # inches of a slide's picture
PERIOD, INDICATOR, VALUE, CODE = N_("Period"), N_("Indicator"), N_("Value"), N_("Code")
Picture = Callable[[Style], Chart]
Table = pd.DataFrame | Callable[[], pd.DataFrame]


def add(table: Table, facts: Context, draw: Picture | None, asks: Sequence[Ask] = (), text: str = "") -> None:
    """Freeze a view and add it to the story at hand; says what became of it. For callbacks.

    Args:
        table: the numbers of the view, headings in words; `attrs` may hold `tones`, how the matter of each row stands, and a `finding`, the title of
            its slide.
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
    finding = chart.finding if chart else table.attrs.get("finding", "")
    shown_as = title_of(facts.title, table, in_lang)
    slide = Slide(
        title=finding or shown_as,
        subtitle=" · ".join([*([shown_as] if finding else []), facts.filters]),
        text=alt,
        alt=alt,
        remarks=" · ".join(chart.notes) if chart else "",
        facts=tuple(facts.rows(in_lang)),
        columns=tuple(str(c) for c in table.columns),
        rows=tuple(tuple(_cell(v) for v in row) for row in kept.itertuples(index=False)),
        left_out=len(table) - len(kept),
        address=address_of_view(),
        lang=in_lang,
        detail=reach_of(table, asks),
        demo=facts.demo,
        tones=tuple(table.attrs.get("tones", ()))[: len(kept)],
        chart=asdict(chart.description) if chart and chart.description else None,
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
    """The story that views are added to (`chosen`), else a new one named after the day."""
    return chosen() or begin(_("Story of {date}", date=format_date(dt.date.today(), lang())))


def chosen() -> Story | None:
    """The story that this reader has opened, else the one they began last that shows the data of this view and has room; None for none."""
    found = filling.story()
    try:
        return stories.load(found) if found else None
    except UsageError:
        return None  # deleted meanwhile by somebody else, or damaged


def begin(title: str) -> Story:
    """A new story, which views are added to from now on."""
    story = stories.create(title, person.current())
    st.session_state[filling.STORY] = story.id
    return story
