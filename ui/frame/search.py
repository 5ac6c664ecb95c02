"""The search box of every page: any province, district, school, centre, authority or indicator, by name or code."""

from __future__ import annotations

import streamlit as st

import geo
from data_access.questions import finding
from data_access.questions.finding import Found
from i18n import N_
from ui.entry import person
from ui.kit import data
from ui.view import address, shown
from ui.view.text import _, lang, plain

KINDS = {
    "indicator": (N_("Indicator"), ":material/monitoring:"),
    "province": (N_("Province"), ":material/location_on:"),
    "district": (N_("District"), ":material/location_on:"),
    "school": (N_("School"), ":material/school:"),
    "centre": (N_("Centre"), ":material/child_care:"),
    "lao": (N_("Local authority"), ":material/account_balance:"),
}
MOST = 10


def box() -> None:
    """A box to type in, and what was found as links."""
    text = st.text_input(_("Place, school, centre or indicator"), key="search_text")
    if not text:
        st.caption(_("For example: Korat, coverage, or part of a school's name"))
        return
    found = finding.find(text, lang(), MOST, shown.release().id, person.scope())
    for one in found:
        _link(one)
    if not found:
        st.caption(_("Nothing is called “{text}”, in either language.", text=plain(text)))


def _link(found: Found) -> None:
    title, icon = KINDS[found.kind]
    about = found.detail if found.kind in ("school", "centre") else ""
    where = geo.name(found.province, lang()) if found.province and found.kind not in ("province", "district") else ""
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
