"""Data: bring files in, publish and roll back releases, see how good the data are, look definitions up."""

from __future__ import annotations

import streamlit as st

from ui import shell

shell.guard("data")

from i18n import N_  # noqa: E402
from ui import state  # noqa: E402
from ui.datadesk import dictionary, importing, quality, releases  # noqa: E402
from ui.text import _  # noqa: E402

TABS = {
    "import": (N_("Import"), ":material/upload_file:", importing.show),
    "releases": (N_("Releases"), ":material/history:", releases.show),
    "quality": (N_("Quality"), ":material/fact_check:", quality.show),
    "dictionary": (N_("Data dictionary"), ":material/menu_book:", dictionary.show),
}


def choose() -> None:
    """Keep the tab in the address; what belongs to one tab alone does not follow to the next."""
    state.put(tab=st.session_state["data_tab"], measure=None, compare=None)


tab = state.get("tab") if state.get("tab") in TABS else "import"
st.session_state["data_tab"] = tab
st.segmented_control(
    _("Part of the page"),
    list(TABS),
    key="data_tab",
    required=True,
    format_func=lambda t: f"{TABS[t][1]} {_(TABS[t][0])}",
    label_visibility="collapsed",
    on_change=choose,
)
TABS[str(tab)][2]()
