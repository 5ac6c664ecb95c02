"""Targets: three years ahead, what is reached of them, and what the pace so far would bring."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ui import shell

shell.guard("targets")

import geo  # noqa: E402
from ui import filters, provenance, targets  # noqa: E402
from ui.text import _  # noqa: E402

chosen = filters.bar(("province",))
found = targets.tracks(chosen.province)
if chosen.province and not found:
    place = geo.name(chosen.province, chosen.lang)
    st.info(_("No targets of {place} are loaded; these are those of the whole country.", place=place), icon=":material/info:")
    chosen = replace(chosen, province=None)
    found = targets.tracks(None)
st.caption(_("Showing {words}", words=chosen.words()))
if not found:
    st.info(
        _("No targets are loaded. They come with the table of targets: indicator, period, place and value."),
        icon=":material/flag:",
    )
    shell.link("data", _("To the data page"), ":material/database:")
    st.stop()
targets.summary(found)

st.header(_("Five results, year by year"), anchor=False)
board, table = st.tabs([_("Scorecard"), _("Table")])
with board:
    targets.scorecard(found)
with table:
    targets.scorecard_table(found, chosen)

st.header(_("How the status is set"), anchor=False)
targets.rule()

st.header(_("Path, target and forecast"), anchor=False)
with st.grid(columns=3, min_column_width=340):
    for one in found:
        targets.panel(one, chosen)
provenance.footer([one.indicator.id for one in found], chosen, tables=["target"])
