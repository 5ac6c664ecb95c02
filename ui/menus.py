"""The menus beside a page's title. What is in one is drawn when it is opened, and its libraries are not imported before."""

from __future__ import annotations

import streamlit as st

from ui import fields, person, sheet, state
from ui.text import _, lang

SWITCHED = "samoephak_language_switched"
LANGUAGE_NAMES = {"th": "ไทย", "en": "English"}  # each language in its own words, never translated


@st.fragment
def show(title: str) -> None:
    """Search, this view and the language: opening a menu draws these again, and nothing else of the page."""
    if st.session_state.pop(SWITCHED, False):
        st.rerun()  # all of the page is in the other language now
    sheet.begin()
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        _search()
        _this_view(title)
        person.menu()
        language()


def _search() -> None:
    with st.popover(_("Search"), icon=":material/search:", width="content", key="search_menu", on_change="rerun") as opened:
        if opened.open:
            from ui import searching

            searching.box()


def _this_view(title: str) -> None:
    with st.popover(_("This view"), icon=":material/bookmark_add:", key="keeping_menu", on_change="rerun") as opened:
        if opened.open:
            from ui import keeping

            keeping.choices(title)


def language() -> None:
    """The languages to choose from."""
    fields.segments("language", LANGUAGE_NAMES, _("Language"), lang(), _switch_language)
    sheet.flush()


def _switch_language(code: str) -> None:
    state.put(lang=code)
    st.session_state[SWITCHED] = True
