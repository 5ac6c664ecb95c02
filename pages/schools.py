"""Schools: the self-developing schools, what pupils score, and how far country and town are apart."""

from __future__ import annotations

from dataclasses import replace

from ui.across import attention
from ui.blocks import blocks
from ui.frame import shell
from ui.kit import data, filters, findings, kpi, linked, panels, provenance, ranks
from ui.programmes import authorities, schools
from ui.view.text import _

APPLIES = ("period", "region", "province", "set")
TSQP = ("tsqp.schools", "tsqp.provinces", "tsqp.teachers", "tsqp.pupils")
PER_TEACHER = "tsqp.pupils_per_teacher"
SCORE, GAP, PUPILS, TESTED = "school.mean_score", "school.rural_urban_gap", "school.pupils", "school.tested"
MEASURES = ("tsqp.schools", "tsqp.teachers", "tsqp.pupils", PER_TEACHER, SCORE, TESTED, PUPILS)
OF_SUBJECT, CLOSURES = (SCORE, TESTED), ("closure", "mou")


def page() -> None:
    """The page."""
    chosen = filters.bar(APPLIES, SCORE)
    subject = schools.subject()
    named, of_subject = schools.subject_words()[subject], {"subject": subject}
    findings.begin((TSQP[0], SCORE), chosen, {SCORE: (of_subject, named)})
    ever = replace(chosen, period=None)  # the register of the network and of schools has no periods
    more = {i: {"target": attention.target(i, chosen), "sentence": panels.beside_country(i, ever)} for i in (*TSQP, PER_TEACHER)}
    more[PER_TEACHER]["sentence"] += " " + _("All schools of the network together.")
    tsqp = [(i, kpi.headline(i, ever, **how)) for i, how in more.items()]
    left, right = blocks.columns(linked.FIRST_SCREEN)
    with left:
        kpi.row(tsqp[:-1])

        schools.choose_subject()
        said = f"{panels.beside_country(PUPILS, ever)} {_('According to the latest register of schools.')}"
        kpi.row(
            [tsqp[-1], *schools.score_headlines(chosen, subject), (PUPILS, kpi.headline(PUPILS, ever, sentence=said.strip()))]
        )
    with right:
        shown = linked.choose_measure("schools", MEASURES, chosen, named=dict.fromkeys(OF_SUBJECT, named))
        scored = shown in OF_SUBJECT
        asked = {**chosen.where(province=False), **(of_subject if scored else {})}
        also = [i for i in MEASURES[:3] if i != shown]
        linked.linked_view("schools", shown, chosen, where=asked, also=also, named=named if scored else "")

    blocks.header(_("Schools as points"))
    left, right = blocks.columns([5, 6])
    with left:
        schools.school_points(chosen)
    with right:
        schools.tsqp_list(chosen)
        schools.cohorts(chosen)

    if SCORE in data.available():
        blocks.header(_("Scores over time"))
        left, right = blocks.columns(2)
        with left:
            blocks.subheader(_("By subject"))
            blocks.caption(_("{place}; both grades together.", place=chosen.place_words()))
            panels.groups_panel("schools_subjects", SCORE, "subject", schools.subject_words(), chosen, kinds=CLOSURES)
        with right:
            blocks.subheader(_("By grade: {subject}", subject=named))
            blocks.caption(_("Whole country. Grade and subject together are not published for smaller places."))
            grades = {c: _(w) for c, w in schools.GRADES.items()}
            panels.groups_panel("schools_grades", SCORE, "grade", grades, chosen.national(), where=of_subject, kinds=CLOSURES)
        left, right = blocks.columns(2)
        with left:
            blocks.subheader(_("Urban–rural gap: {subject}", subject=named))
            panels.trend_panel("schools_gap", GAP, chosen.national(), where=of_subject, kinds=CLOSURES)
            blocks.caption(
                _(
                    "Whole country, in SD of pupils' scores. Town and country differ in many ways; the gap is no effect of the place itself."
                )
            )
            with blocks.fold("schools_months", _("In months or school years?"), "straighten"):
                blocks.caption(
                    _(
                        "Primary 6, {subject}. That town and country are two school years apart is a published claim, not computed.",
                        subject=named,
                    )
                )
                gap = data.cell(GAP, {**chosen.national().where(), **of_subject, "grade": "P6"})
                ranks.conversion("schools", gap, "primary_6", chosen)
        with right:
            blocks.subheader(_("TSQP and all LAO schools: {subject}", subject=named))
            sides = {
                "tsqp": (_("TSQP schools"), {**of_subject, "pilot_set": "tsqp_schools"}),
                "all": (_("All LAO schools"), of_subject),
            }
            panels.versus_panel(
                "schools_tsqp", SCORE, sides, chosen.national(), title=_("TSQP and all LAO schools"), kinds=CLOSURES
            )
            blocks.caption(
                _(
                    "Whole country. Not a causal comparison: schools joined by choice, in different years, and were never drawn by lot."
                )
            )

    blocks.header(_("Schools of a province"))
    authorities.province_schools(chosen, subject)
    provenance.footer(
        [*TSQP, PER_TEACHER, SCORE, GAP, TESTED, PUPILS], chosen, tables=["school", "tsqp_school", "school_result", "yardstick"]
    )


if __name__ == "__main__":
    shell.guard("schools")
