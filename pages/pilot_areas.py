"""Pilot areas: which places are in which set, how the sets overlap, and every school, centre, authority and sub-district."""

from __future__ import annotations

import streamlit as st

from ui import shell

shell.guard("pilot_areas")

from ui import attention, data, filters, panels_pilots, provenance  # noqa: E402
from ui.text import _  # noqa: E402

WATCHED = (
    "grant.basic_recipients",
    "grant.coverage",
    "grant.condition_rate",
    "ecd.children",
    "ecd.quality_share",
    "readiness.change",
)

chosen = filters.bar(("period", "region", "province", "set"), data.periods("grant.basic_recipients", "semester"))
st.caption(_("Showing {words}", words=chosen.words()))
panels_pilots.strip(chosen)
st.header(_("Overlapping sets"), anchor=False)
panels_pilots.overlaps(chosen)
st.header(_("In, out and both"), anchor=False)
panels_pilots.in_out_both(chosen)
st.header(_("Places"), anchor=False)
panels_pilots.places(chosen)
st.header(_("What needs attention"), anchor=False)
attention.show(chosen, WATCHED)
provenance.footer([*panels_pilots.COMPARED, "pilot.size"], chosen, tables=["pilot_set", "pilot_member"])
