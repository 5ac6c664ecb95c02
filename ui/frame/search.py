"""The search box of every page: any place or indicator by name or code, and the answer to a question of an indicator, a place and a period."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

import geo
from charts.theme import SHOWN, TOLD, cell_words
from data_access.contract.periods import parse_period, period_type
from data_access.questions import asking, finding
from data_access.questions.asking import Question
from data_access.questions.finding import Found
from i18n import N_
from ui.entry import person
from ui.kit import data
from ui.view import address, shown
from ui.view.text import _, lang, plain, style

KINDS = {
    "indicator": (N_("Indicator"), ":material/monitoring:"),
    "province": (N_("Province"), ":material/location_on:"),
    "town": (N_("Town"), ":material/location_on:"),
    "district": (N_("District"), ":material/location_on:"),
    "school": (N_("School"), ":material/school:"),
    "centre": (N_("Centre"), ":material/child_care:"),
    "lao": (N_("Local authority"), ":material/account_balance:"),
}
MOST = 10
LINE = (160, 28)  # pixels
OTHER_YEARS = {"fiscal_year": "FY", "calendar_year": "CY"}


def box() -> None:
    """A box to type in, and what was found as links."""
    text = st.text_input(_("Place, school, centre or indicator"), key="search_text")
    if not text:
        st.caption(_("For example: Korat, part of a school's name, or a question: coverage Khon Kaen 2566"))
        return
    asked = asking.understood(text, lang(), shown.release().id)
    if asked:
        _answer(asked)
    found = finding.find(text, lang(), MOST, shown.release().id, person.scope())
    for one in found:
        _link(one)
    if not (found or asked):
        st.caption(_("Nothing is called “{text}”, in either language.", text=plain(text)))


def _answer(asked: Question) -> None:
    """The number that was asked for, with its state and interval, how it went so far, and the way to the page about it."""
    found, measure = data.indicator(asked.indicator), data.measure(asked.indicator, lang())
    there = asked.province and "province" in found.places
    where = {"province": asked.province} if there else {}
    period = _period(asked.period, found.periods)
    cell = data.cell_or_earlier(asked.indicator, {**where, **period})
    place = geo.name(asked.province, lang()) if there else _("Whole country")
    when = cell["older_period"] or cell["period"]
    heads = [measure.title, place, *([parse_period(when).label(lang())] if when else [])]
    with st.container(border=True, key="search_answer"):
        st.markdown(f"**{plain(' · '.join(heads))}**")
        number = measure.words(cell["value"], lang()) if cell["state"] in TOLD else ""
        rest = cell_words(cell, measure, style()).removeprefix(number).strip(" ·")
        if number:
            st.markdown(f"### {plain(number)}")
        if rest:
            st.caption(plain(rest))
        key = period_type(when) if when else ""
        rows = data.rows(asked.indicator, (key,), where) if key in found.periods else ()
        told = [(row[key], float(row["value"])) for row in rows if row["state"] in SHOWN]
        if len(told) > 1:
            (first, low), (last, high) = told[0], told[-1]
            span = {"first": parse_period(first).label(lang()), "last": parse_period(last).label(lang())}
            values = {"low": measure.words(low, lang()), "high": measure.words(high, lang())}
            st.image(_small_line([value for _period, value in told]), width=LINE[0])
            st.caption(_("{first} {low} to {last} {high}", **span, **values))
        query = {
            "measure": asked.indicator,
            **({"province": asked.province} if there else {}),
            **({"period": when} if when else {}),
        }
        st.page_link(
            "pages/indicators.py", label=_("Open"), icon=":material/monitoring:", query_params={**address.address(), **query}
        )


def _period(code: str, kinds: Sequence[str]) -> dict[str, str]:
    """The period that was asked for: a year alone is of the kind that the indicator has."""
    if not code:
        return {}
    kind = next((k for k in kinds if k in OTHER_YEARS), "")
    if code.startswith("AY") and kind and not {"academic_year", "semester"} & {*kinds}:
        return {kind: OTHER_YEARS[kind] + code.removeprefix("AY")}
    return {period_type(code): code}


def _small_line(values: list[float]) -> str:
    """Values as a line without axes; what it says stands in words beneath it."""
    (width, height), least, most = LINE, min(values), max(values)
    across, up = width / (len(values) - 1), (height - 4) / ((most - least) or 1)
    points = " ".join(f"{n * across:.1f},{height - 2 - (value - least) * up:.1f}" for n, value in enumerate(values))
    line = f'<polyline points="{points}" fill="none" stroke="{style().palette.accent}" stroke-width="2"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">{line}</svg>'
    )


def _link(found: Found) -> None:
    title, icon = KINDS[found.kind]
    about = found.detail if found.kind in ("school", "centre") else ""
    where = geo.name(found.province, lang()) if found.province and found.kind not in ("province", "town", "district") else ""
    words = " · ".join(filter(None, (_(title), plain(about), where)))
    page, query = target(found)
    st.page_link(
        f"pages/{page}.py", label=f"**{plain(found.name)}** · {words}", icon=icon, query_params={**address.address(), **query}
    )


def target(found: Found) -> tuple[str, dict[str, str]]:
    """The page about a result, and what it needs in its address."""
    place = {"province": found.province}
    if found.kind == "indicator":
        return "indicators", {"measure": found.code}
    if found.kind == "school":
        lao = data.table("school").set_index("school_code").loc[found.code, "lao_code"]
        return "schools", {**place, "lao": str(lao), "school": found.code}
    if found.kind == "centre":
        return "early_childhood", {**place, "centre": found.code}
    if found.kind == "lao":
        return "schools", {**place, "lao": found.code}
    if found.kind == "district":
        return "province", {**place, "district": found.code}
    return "province", place
