"""Data: bring files in, publish and roll back releases, see how good the data are, look definitions up."""

from __future__ import annotations

import streamlit as st

from ui import shell

shell.guard("data")

from data_access.access import ADMINISTRATOR, STEWARD, VIEWER  # noqa: E402
from i18n import N_  # noqa: E402
from ui import person, state  # noqa: E402
from ui.datadesk import audit, dictionary, importing, people, quality, releases  # noqa: E402
from ui.text import _  # noqa: E402

TABS = {
    "import": (N_("Import"), ":material/upload_file:", importing.show, STEWARD),
    "releases": (N_("Releases"), ":material/history:", releases.show, VIEWER),
    "quality": (N_("Quality"), ":material/fact_check:", quality.show, VIEWER),
    "dictionary": (N_("Data dictionary"), ":material/menu_book:", dictionary.show, VIEWER),
    "people": (N_("People"), ":material/group:", people.show, ADMINISTRATOR),
    "audit": (N_("Audit log"), ":material/receipt_long:", audit.show, ADMINISTRATOR),
}
allowed = [name for name, (*_parts, role) in TABS.items() if person.may(role)]


def choose() -> None:
    """Keep the tab in the address; what belongs to one tab alone does not follow to the next."""
    state.put(tab=st.session_state["data_tab"], measure=None, compare=None)


tab = state.get("tab") if state.get("tab") in allowed else allowed[0]
st.session_state["data_tab"] = tab
st.segmented_control(
    _("Part of the page"),
    allowed,
    key="data_tab",
    required=True,
    format_func=lambda t: f"{TABS[t][1]} {_(TABS[t][0])}",
    label_visibility="collapsed",
    on_change=choose,
)
TABS[str(tab)][2]()
