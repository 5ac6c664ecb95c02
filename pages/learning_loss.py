"""Learning loss: how ready children were for school before, during and after the closures, and who lost most."""

from __future__ import annotations

import streamlit as st

from ui import shell

shell.guard("learning_loss")

from ui import attention, data, filters, kpi, linked, panels, panels_learning, provenance, state  # noqa: E402
from ui.text import _  # noqa: E402

APPLIES = ("period", "region", "province", "set")
Z, CHANGE, BELOW, ASSESSED = "readiness.z", "readiness.change", "readiness.below_cut", "readiness.assessed"
GAPS = tuple(gap for _title, gap, _groups in panels_learning.GROUPS.values())
MEASURES = (CHANGE, Z, BELOW, *GAPS, panels_learning.DAYS, ASSESSED)
DIVERGING = (CHANGE, Z)

rounds = data.periods(Z, "academic_year")
chosen = filters.bar(APPLIES, rounds)
st.caption(_("Showing {words}", words=chosen.words()))
if not rounds:
    st.info(_("No round of the school-readiness survey has been published yet."), icon=":material/info:")
    st.stop()
panels_learning.unit_note(rounds[0])
said = {CHANGE: _("Below nought, children start school less ready than in the base round.")}
headlines = [
    (
        i,
        kpi.headline(
            i,
            chosen,
            target=attention.target(i, chosen),
            sentence=f"{panels.beside_country(i, chosen)} {said.get(i, '')}".strip(),
        ),
    )
    for i in (CHANGE, BELOW, panels_learning.DAYS, ASSESSED)
]
kpi.row([*headlines, (panels_learning.SLOPE, panels_learning.slope_headline(chosen))])

st.header(_("Over time"), anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    st.subheader(data.indicator(Z).title(chosen.lang), anchor=False)
    panels.trend_panel("learning_z", Z, chosen, kinds=panels_learning.CLOSURES)
with right:
    st.subheader(data.indicator(BELOW).title(chosen.lang), anchor=False)
    target = attention.target(BELOW, chosen)
    panels.trend_panel("learning_below", BELOW, chosen, kinds=panels_learning.CLOSURES, target=target)
st.caption(
    _("Each round assesses other children, and not every province; the change since the base round compares the same provinces.")
)

st.header(_("Before and after"), anchor=False)
panels_learning.before_after(chosen, rounds)

st.header(_("Where"), anchor=False)
shown = state.get("measure") if state.get("measure") in MEASURES else MEASURES[0]
st.session_state["learning_measure"] = shown
st.selectbox(
    _("Map, ranking and table show"),
    MEASURES,
    key="learning_measure",
    format_func=lambda i: data.indicator(i).title(chosen.lang),
    on_change=lambda: state.put(measure=st.session_state["learning_measure"]),
)
linked.linked_view("learning", shown, chosen, also=[i for i in (Z, BELOW, ASSESSED) if i != shown], diverging=shown in DIVERGING)

st.header(_("What was lost: sub-domains"), anchor=False)
panels_learning.subdomain_profile(chosen, rounds)

st.header(_("Who lost most"), anchor=False)
for column, kind in zip(st.columns(3, gap="medium"), panels_learning.GROUPS, strict=True):
    with column:
        panels_learning.group_gap(kind, chosen)

st.header(_("Closures and change"), anchor=False)
panels_learning.closure_relation(chosen, rounds)
used = [Z, CHANGE, BELOW, ASSESSED, *GAPS, panels_learning.DAYS, panels_learning.SLOPE]
provenance.footer(used, chosen, tables=["readiness_result", "event"])
