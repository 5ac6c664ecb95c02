"""Help: tours for each audience, the glossary, and a way to tell the makers something."""

from __future__ import annotations

import streamlit as st

from ui import shell

shell.guard("help")

from ui import helping  # noqa: E402
from ui.text import _  # noqa: E402

st.header(_("A tour"), anchor=False)
helping.tours()
st.header(_("Glossary"), anchor=False)
helping.terms()
st.header(_("Tell us"), anchor=False)
helping.remark()
