"""Reach Up trial: where it runs, whether it keeps to its plan, how its arms compare, and what it will be able to tell."""

from __future__ import annotations

import streamlit as st

from ui import shell

shell.guard("trial")

from ui import data, filters, linked, panels, panels_trial, provenance  # noqa: E402
from ui.text import _  # noqa: E402

RATE = "reachup.visit_rate"

chosen = filters.bar(("period", "region", "province"), data.periods(RATE, "semester"))
st.caption(_("Showing {words}", words=chosen.words()))
if not data.periods(panels_trial.FAMILIES):
    st.info(_("The release has no families of the trial. The tables come in on the page Data."), icon=":material/info:")
    st.stop()
panels_trial.headlines(chosen)
st.caption(_("A trial in progress: these are its numbers of families, not its effect."))

st.header(_("Against the plan"), anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    st.subheader(_("Home visits by fortnight"), anchor=False)
    panels_trial.visits(chosen)
with right:
    st.subheader(data.indicator(RATE).title(chosen.lang), anchor=False)
    panels.trend_panel("trial_rate", RATE, chosen, events=False)
st.subheader(_("Arms of the trial"), anchor=False)
panels_trial.arms(chosen)

st.header(_("Where"), anchor=False)
linked.linked_view("trial", RATE, chosen, also=["reachup.enrolled", "reachup.attrition"])
panels_trial.places(chosen)

st.header(_("What the trial can tell"), anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    st.subheader(_("Balance at baseline"), anchor=False)
    panels_trial.balance(chosen)
with right:
    st.subheader(_("What can be detected"), anchor=False)
    panels_trial.detectable(chosen)
    st.subheader(_("Effects at endline"), anchor=False)
    panels_trial.effect_panel(chosen)

st.header(_("Two accounts of one trial"), anchor=False)
panels_trial.accounts()
tables = ["trial_family", "trial_cluster", "trial_visit", "trial_measure"]
provenance.footer([*panels_trial.TRIAL, *panels_trial.PROGRESS, "reachup.enrolled"], chosen, tables=tables)
