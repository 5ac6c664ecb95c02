"""Out of school: children, youth and informal workers on the register and what happened to them, stock and flows apart."""

from __future__ import annotations

import streamlit as st

from ui import shell

shell.guard("out_of_school")

from ui import data, filters, kpi, linked, panels, panels_outside, provenance, quoted  # noqa: E402
from ui.panels_outside import FLOWS, STOCK  # noqa: E402
from ui.text import _  # noqa: E402

HELPED_SHARE, BACK_SHARE = "outside.helped_share", "outside.back_share"
INFORMAL = ("informal.stock", "informal.found", "informal.trained", "informal.in_work", "informal.trained_share")
MEASURES = (STOCK, *FLOWS, HELPED_SHARE, BACK_SHARE, *INFORMAL)
ROADS = ("outside.found", "outside.helped", "outside.back")

chosen = filters.bar(("period", "region", "province", "sex", "set"), data.periods(STOCK, "semester"))
st.caption(_("Showing {words}", words=chosen.words()))
if not data.periods(STOCK, "semester"):
    st.info(_("The release has no register of those out of school. The table comes in on the page Data."), icon=":material/info:")
    st.stop()
dated = panels_outside.register_date(chosen)
said = _("A stock, on {date}.", date=dated) if dated else _("A stock, on the date of the register.")
kpi.row(
    [
        (STOCK, kpi.headline(STOCK, chosen, sentence=said)),
        *((i, kpi.headline(i, chosen)) for i in ("outside.new", *ROADS, "outside.lost_again")),
    ]
)

st.header(_("Where"), anchor=False)
shown = linked.choose_measure("outside", MEASURES, chosen)
linked.linked_view("outside", shown, chosen, also=[i for i in (STOCK, BACK_SHARE) if i != shown])

st.header(_("Over time"), anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    st.subheader(_("Stock on the register"), anchor=False)
    panels.trend_panel("outside_stock", STOCK, chosen, events=False)
with right:
    st.subheader(_("Flows within a semester"), anchor=False)
    panels.indicators_panel(
        "outside_flows", ("outside.new", *ROADS, "outside.lost_again"), chosen, title=_("Flows within a semester")
    )
st.subheader(_("Stock and flows"), anchor=False)
panels_outside.balance(chosen)

st.header(_("Who"), anchor=False)
left, middle, right = st.columns(3, gap="medium")
with left:
    st.subheader(_("From found to back in learning"), anchor=False)
    panels.funnel_panel("outside_funnel", ROADS, chosen, title=_("From found to back in learning"))
with middle:
    st.subheader(_("On the register by age"), anchor=False)
    panels.split_panel("outside_ages", STOCK, "age_group", chosen)
with right:
    st.subheader(_("Back in learning by age"), anchor=False)
    panels.split_panel("outside_back_ages", BACK_SHARE, "age_group", chosen)

st.header(_("Informal workers"), anchor=False)
kpi.row([(i, kpi.headline(i, chosen)) for i in INFORMAL])
left, right = st.columns(2, gap="medium")
with left:
    st.subheader(_("On the register by age"), anchor=False)
    panels.split_panel("informal_ages", "informal.stock", "age_group", chosen)
with right:
    st.subheader(_("Flows within a semester"), anchor=False)
    panels.indicators_panel("informal_flows", INFORMAL[1:4], chosen, title=_("Informal workers"))

title = _("Published: Thailand Zero Dropout")
st.header(title, anchor=False)
quoted.panel("outside_published", quoted.ZERO_DROPOUT, chosen, title)
provenance.footer(MEASURES, chosen, tables=["out_of_school_count", "published_series"])
