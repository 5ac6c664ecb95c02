"""A headline: the number, what it compares with, and one plain sentence. Cell states are spoken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from charts.describe import difference
from charts.theme import Measure, state_short
from data_access.claims import filters_of
from data_access.periods import Semester, parse_period
from i18n import format_money, format_number
from ui import data
from ui.filters import Filters
from ui.text import _, lang, style

SHOWN = ("value", "zero", "older")
GOOD, BAD, NEITHER = "normal", "inverse", "off"


@dataclass(frozen=True)
class Headline:
    """A computed headline, ready to draw or to put into words."""

    title: str
    number: str
    delta: float | None
    sentence: str
    colour: str
    help: str
    on_track: bool | None = None


def year_before(period: str | None) -> str | None:
    """The same period one year earlier: semester 1 against semester 1."""
    if not period:
        return None
    found = parse_period(period)
    return f"{found.year - 1}-{found.half}" if isinstance(found, Semester) else found.previous().code


def value_words(cell: Any, measure: Measure) -> str:
    """A cell as the big number of a tile: the value, or its state in words."""
    if cell["state"] in SHOWN and pd.notna(cell["value"]):
        text = format_money(cell["value"], lang()) if measure.kind == "per_head" else measure.words(cell["value"], lang())
        return text + (" +" if cell.get("flag") == "partial" else "")
    return state_short(cell["state"], style()) or _("No data")


def headline(
    indicator_id: str,
    filters: Filters,
    *,
    where: dict[str, Any] | None = None,
    title: str = "",
    target: float | None = None,
    sentence: str = "",
    compare: bool = True,
) -> Headline:
    """Compute a headline for the page's filters.

    Args:
        where: added to the filters' own, as far as the indicator knows such places.
        target: compared with when given.
        sentence: said after the one about the change on the year before.
        compare: whether the year before is looked up.
    """
    indicator, measure = data.indicator(indicator_id), data.measure(indicator_id, lang())
    asked = {**fitting_place(indicator_id, filters), **(where or {})}
    cell = data.cell_or_earlier(indicator_id, asked)
    before = _before(indicator_id, asked) if compare and indicator.periods else None
    delta, said = None, ""
    if before is not None and cell["state"] in ("value", "zero") and before["state"] in SHOWN:
        delta = float(cell["value"] - before["value"])
        than = parse_period(before["period"]).label(lang()) if before["period"] else _("the year before")
        gap = difference(before["value"], cell["value"], measure, style())
        said = _change_sentence(delta, gap, than)
        delta = delta if gap else None
    if cell["state"] == "older":
        said = _("From {period}, the latest there is.", period=parse_period(cell["older_period"]).label(lang()))
    if published := announced(indicator_id, cell, asked, measure):
        said = f"{said} {published}".strip()
    on_track = None
    if target is not None and cell["state"] in ("value", "zero"):
        on_track = cell["value"] <= target if measure.direction == "down" else cell["value"] >= target
        said = f"{said} {_target_sentence(on_track, target, measure)}".strip()
    if asked.keys().isdisjoint(filters.where(period=False, split=False)) and filters.where(period=False, split=False):
        said = f"{said} {_('For the whole country.')}".strip()
    partial = _("The sum leaves suppressed places out.") if cell.get("flag") == "partial" else ""
    colour = {"up": GOOD, "down": BAD}.get(indicator.direction, NEITHER)
    return Headline(
        title or indicator.title(lang()),
        value_words(cell, measure),
        delta,
        f"{said} {sentence} {partial}".strip(),
        colour,
        indicator.definition(lang()),
        None if on_track is None else bool(on_track),
    )


def _before(indicator_id: str, where: dict[str, Any]) -> pd.Series | None:
    fitted = data.fit_period(data.indicator(indicator_id), where)
    key = next((k for k in ("semester", "academic_year", "fiscal_year", "calendar_year") if k in fitted), None)
    earlier = year_before(fitted[key]) if key and isinstance(fitted[key], str) else None
    return data.cell(indicator_id, {**fitted, key: earlier}) if key and earlier else None


def _change_sentence(delta: float, gap: str, period: str) -> str:
    if not gap:
        return _("The same as in {period}.", period=period)
    return (
        _("{gap} more than in {period}.", gap=gap, period=period)
        if delta > 0
        else _("{gap} less than in {period}.", gap=gap, period=period)
    )


def _target_sentence(reached: bool, target: float, measure: Measure) -> str:
    words = measure.words(target, lang())
    return _("Target {target}: reached.", target=words) if reached else _("Target {target}: not reached.", target=words)


def track_line(found: Sequence[Headline]) -> None:
    """What is on track and what is not, in one line; nothing where no headline has a target."""
    reached = [h.title for h in found if h.on_track is True]
    behind = [h.title for h in found if h.on_track is False]
    if not reached and not behind:
        return
    for titles, words, icon, colour in (
        (reached, _("On target"), ":material/check_circle:", "green"),
        (behind, _("Below target"), ":material/error:", "orange"),
    ):
        if titles:
            badge = f":{colour}-badge[{icon} {words} {format_number(len(titles), lang())}]"
            st.markdown(f"{badge} {' · '.join(titles)}")


def tile(found: Headline, measure_kind: str = "count") -> None:
    """Draw a headline in a frame of its own."""
    with st.container(border=True, height="stretch"):
        _metric(found, measure_kind)


def _metric(found: Headline, measure_kind: str) -> None:
    delta: str | None = None
    if found.delta:
        sign = "+" if found.delta > 0 else "-"
        size = abs(found.delta) * (
            100 if measure_kind == "rate" else 1 / 1e6 if measure_kind == "money" and abs(found.delta) >= 1e6 else 1
        )
        unit = (
            " " + _("percentage points")
            if measure_kind == "rate"
            else " " + _("million baht")
            if measure_kind == "money" and abs(found.delta) >= 1e6
            else ""
        )
        digits = (
            0
            if measure_kind == "money" and abs(found.delta) < 1e6
            else {"count": 0, "per_head": 0, "years": 0, "sd": 2}.get(measure_kind, 1)
        )
        delta = f"{sign}{format_number(size, lang(), digits)}{unit}"
    st.metric(found.title, found.number, delta=delta, delta_color=found.colour, help=found.help)  # type: ignore[arg-type]
    if found.sentence:
        st.caption(found.sentence)


def row(items: list[tuple[str, Headline]]) -> None:
    """Headlines side by side; (indicator id, headline). They wrap on narrow screens."""
    with st.grid(columns=len(items), min_column_width=190):
        for indicator_id, found in items:
            tile(found, data.indicator(indicator_id).kind)


def card(title: str, main: tuple[str, Headline], others: list[Headline], below: Callable[[], None] | None = None) -> None:
    """One result: its headline, then the numbers beside it, one a line; `below` draws what follows inside the frame."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{title}**")
        _metric(main[1], data.indicator(main[0]).kind)
        lines = [f"- {o.title}: **{o.number}**" for o in others]
        st.markdown("\n".join(lines))
        if below:
            below()


def fitting_place(indicator_id: str, filters: Filters) -> dict[str, Any]:
    """The page's filters as far as an indicator knows such places; a national number stays national."""
    where = filters.where()
    if "province" not in data.indicator(indicator_id).places:
        where = {k: v for k, v in where.items() if k not in ("province", "region4", "region6", "nesdc", "pilot_set")}
    return where


def announced(indicator_id: str, cell: Any, asked: dict[str, Any], measure: Measure) -> str:
    """The published figure of the same indicator, period and place beside the number; empty when there is none."""
    if cell["state"] not in SHOWN:
        return ""
    figures = data.table("published_figure")
    for figure in figures[figures["indicator"] == indicator_id].to_dict("records"):
        if filters_of(figure) == asked:
            words = measure.words(figure["value"], lang())
            agrees = abs(cell["value"] - figure["value"]) <= (figure["tolerance"] or 0) or (
                figure["comparator"] in ("at_least", "more_than") and cell["value"] >= figure["value"]
            )
            return (
                _("Announced: {figure}; the tables agree.", figure=words)
                if agrees
                else _("Announced: {figure}; the tables differ.", figure=words)
            )
    return ""
