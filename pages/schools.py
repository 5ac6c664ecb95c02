"""Schools: the self-developing schools, what pupils score, and how far country and town are apart."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ui import shell

shell.guard("schools")

from ui import attention, data, filters, kpi, linked, panels, panels_schools, provenance, state  # noqa: E402
from ui.text import _  # noqa: E402

APPLIES = ("period", "region", "province", "set")
TSQP = ("tsqp.schools", "tsqp.provinces", "tsqp.teachers", "tsqp.pupils", "tsqp.pupils_per_teacher")
SCORE, GAP, PUPILS, TESTED = "school.mean_score", "school.rural_urban_gap", "school.pupils", "school.tested"
MEASURES = ("tsqp.schools", "tsqp.teachers", "tsqp.pupils", "tsqp.pupils_per_teacher", SCORE, TESTED, PUPILS)
CLOSURES = ("closure", "mou")

chosen = filters.bar(APPLIES, data.periods(SCORE, "academic_year"))
st.caption(_("Showing {words}", words=chosen.words()))
ever = replace(chosen, period=None)  # the register of the network and of schools has no periods
for_tsqp = {i: {"target": attention.target(i, chosen), "sentence": panels.beside_country(i, ever)} for i in TSQP}
kpi.row([(i, kpi.headline(i, ever, **more)) for i, more in for_tsqp.items()])

subject = panels_schools.choose_subject()
named = panels_schools.subject_words()[subject]
of_subject = {"subject": subject}
scores = kpi.headline(
    SCORE,
    chosen,
    where=of_subject,
    title=f"{data.indicator(SCORE).title(chosen.lang)} · {named}",
    sentence=f"{panels.beside_country(SCORE, chosen, of_subject)} {_('Both grades together, weighted by pupils tested.')}",
)
gap = kpi.headline(
    GAP,
    chosen.national(),
    where=of_subject,
    title=f"{data.indicator(GAP).title(chosen.lang)} · {named}",
    sentence=_("Above nought, pupils of urban schools score higher. For the whole country."),
)
tested = kpi.headline(TESTED, chosen, where=of_subject, title=f"{data.indicator(TESTED).title(chosen.lang)} · {named}")
said = f"{panels.beside_country(PUPILS, ever)} {_('According to the latest register of schools.')}"
kpi.row([(SCORE, scores), (GAP, gap), (TESTED, tested), (PUPILS, kpi.headline(PUPILS, ever, sentence=said.strip()))])

st.header(_("Where"), anchor=False)
shown = state.get("measure") if state.get("measure") in MEASURES else MEASURES[0]
st.session_state["schools_measure"] = shown
st.selectbox(
    _("Map, ranking and table show"),
    MEASURES,
    key="schools_measure",
    format_func=lambda i: data.indicator(i).title(chosen.lang) + (f" · {named}" if i in (SCORE, TESTED) else ""),
    on_change=lambda: state.put(measure=st.session_state["schools_measure"]),
)
asked = {**chosen.where(province=False), **(of_subject if data.indicator(shown).family == "results" else {})}
linked.linked_view("schools", shown, chosen, where=asked, also=[i for i in TSQP[:1] + TSQP[2:4] if i != shown])

st.header(_("Schools as points"), anchor=False)
left, right = st.columns([5, 6], gap="medium")
with left:
    panels_schools.school_points(chosen)
with right:
    panels_schools.tsqp_list(chosen)

st.header(_("Scores over time"), anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    st.subheader(_("By subject"), anchor=False)
    st.caption(_("{place}; both grades together.", place=chosen.place_words()))
    panels.groups_panel("schools_subjects", SCORE, "subject", panels_schools.subject_words(), chosen, kinds=CLOSURES)
with right:
    st.subheader(_("By grade: {subject}", subject=named), anchor=False)
    st.caption(_("Whole country. Grade and subject together are not published for smaller places."))
    grades = {c: _(w) for c, w in panels_schools.GRADES.items()}
    panels.groups_panel("schools_grades", SCORE, "grade", grades, chosen.national(), where=of_subject, kinds=CLOSURES)
left, right = st.columns(2, gap="medium")
with left:
    st.subheader(_("Urban–rural gap: {subject}", subject=named), anchor=False)
    panels.trend_panel("schools_gap", GAP, chosen.national(), where=of_subject, kinds=CLOSURES)
    st.caption(
        _(
            "Whole country, in SD of pupils' scores. Town and country differ in many ways; the gap is no effect of the place itself."
        )
    )
with right:
    st.subheader(_("TSQP and all LAO schools: {subject}", subject=named), anchor=False)
    sides = {"tsqp": (_("TSQP schools"), {**of_subject, "pilot_set": "tsqp_schools"}), "all": (_("All LAO schools"), of_subject)}
    panels.versus_panel("schools_tsqp", SCORE, sides, chosen.national(), title=_("TSQP and all LAO schools"), kinds=CLOSURES)
    st.caption(
        _("Whole country. Not a causal comparison: schools joined by choice, in different years, and were never drawn by lot.")
    )

st.header(_("Schools of a province"), anchor=False)
panels_schools.province_schools(chosen, subject)
provenance.footer([*TSQP, SCORE, GAP, TESTED, PUPILS], chosen, tables=["school", "tsqp_school", "school_result"])
