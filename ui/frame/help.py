"""Help: tours, the glossary in both languages, and a way to tell the makers something."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import pandas as pd
import streamlit as st

from data_access.saved import feedback
from data_access.who.access import VIEWER
from geo.text import key as search_key
from ui.blocks import blocks, fields
from ui.entry import person
from ui.kit import slides, tables
from ui.view import shown
from ui.view.text import _, lang

GLOSSARY = Path(__file__).parents[2] / "assets" / "glossary.csv"


@lru_cache(maxsize=1)
def glossary() -> tuple[dict[str, str], ...]:
    """The terms: th, en, meaning_th, meaning_en."""
    with GLOSSARY.open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle))


def terms() -> None:
    """The glossary: each term with its name in the other language and what it means; a box narrows it."""
    wanted = search_key(fields.typed("help_term", _("Find a term"), _("In Thai or English")))
    rows = [t for t in glossary() if not wanted or wanted in search_key("".join(t.values()))]
    if not rows:
        blocks.note(_("No term fits."), ":material/info:")
        return
    other = "en" if lang() == "th" else "th"
    table = pd.DataFrame(
        {
            _("Term"): [t[lang()] for t in rows],
            (_("In English") if other == "en" else _("In Thai")): [t[other] for t in rows],
            _("Meaning"): [t[f"meaning_{lang()}"] for t in rows],
        }
    )
    tables.show_table("quoted_help_terms", table, _("Terms with their names in both languages and what they mean"))


def remark() -> None:
    """A form whose text reaches the operator with the view and the release."""
    if not person.may(VIEWER):
        return
    with st.form("help_remark", clear_on_submit=True):
        st.text_area(_("What is wrong, missing or good?"), key="help_text", max_chars=feedback.LONGEST)
        st.text_input(_("Your name, if you want an answer"), key="help_by", max_chars=feedback.LONGEST_NAME)
        st.caption(_("Kept on this server with the page's address and the release. Write no names or numbers of children."))
        st.form_submit_button(_("Send"), icon=":material/send:", on_click=_send)


def _send() -> None:
    text, by = st.session_state["help_text"], st.session_state["help_by"]
    if person.said(VIEWER, feedback.leave, text, by, slides.address_of_view(), shown.release().id, person.current()) is not None:
        st.toast(_("Thank you. The operator of this app will read it."), icon=":material/mark_email_read:")
