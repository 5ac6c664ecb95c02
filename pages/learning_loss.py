"""Learning loss: how ready children were for school before, during and after the closures, and who lost most."""

from __future__ import annotations

from ui import sheet, shell

shell.guard("learning_loss")

from ui import attention, data, filters, kpi, linked, panels, panels_learning, panels_ranks, provenance  # noqa: E402
from ui.text import _  # noqa: E402

APPLIES = ("period", "region", "province", "set")
Z, CHANGE, BELOW, ASSESSED = "readiness.z", "readiness.change", "readiness.below_cut", "readiness.assessed"
ADJUSTED = "readiness.change_adjusted"
GAPS = tuple(gap for _title, gap, _groups in panels_learning.GROUPS.values())
MEASURES = (CHANGE, Z, BELOW, *GAPS, panels_learning.DAYS, ASSESSED)
DIVERGING = (CHANGE, Z)

rounds = data.periods(Z, "academic_year")
chosen = filters.bar(APPLIES, Z)
sheet.caption(_("Showing {words}", words=chosen.words()))
if not rounds:
    sheet.note(_("No round of the school-readiness survey has been published yet."), "info")
    sheet.stop()
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

sheet.header(_("Over time"))
left, right = sheet.columns(2)
with left:
    sheet.subheader(data.indicator(Z).title(chosen.lang))
    panels.trend_panel("learning_z", Z, chosen, kinds=panels_learning.CLOSURES)
with right:
    sheet.subheader(data.indicator(BELOW).title(chosen.lang))
    panels.trend_panel("learning_below", BELOW, chosen, kinds=panels_learning.CLOSURES, targets=True)
sheet.subheader(_("Change, as it is and adjusted"))
panels.indicators_panel(
    "learning_adjusted",
    (CHANGE, ADJUSTED),
    chosen.national(),
    title=_("Change, as it is and adjusted"),
    kinds=panels_learning.CLOSURES,
)
sheet.caption(data.indicator(ADJUSTED).definition(chosen.lang) + ". " + data.indicator(ADJUSTED).caveat(chosen.lang))
sheet.caption(
    _("Each round assesses other children, and not every province; the change since the base round compares the same provinces.")
)

with sheet.fold("learning_months", _("In months or school years?"), "straighten"):
    panels_ranks.conversion("learning", data.cell(ADJUSTED, chosen.national().where()), "kindergarten_3", chosen)

sheet.header(_("Before and after"))
panels_learning.before_after(chosen, rounds)

sheet.header(_("Where"))
shown = linked.choose_measure("learning", MEASURES, chosen)
linked.linked_view("learning", shown, chosen, also=[i for i in (Z, BELOW, ASSESSED) if i != shown], diverging=shown in DIVERGING)

sheet.header(_("Provinces without a league table"))
panels_ranks.funnel_and_ranks("learning", Z, chosen)

sheet.header(_("What was lost: sub-domains"))
panels_learning.subdomain_profile(chosen, rounds)

sheet.header(_("Who lost most"))
for column, kind in zip(sheet.columns(3), panels_learning.GROUPS, strict=True):
    with column:
        panels_learning.group_gap(kind, chosen)

sheet.header(_("Closures and change"))
panels_learning.closure_relation(chosen, rounds)
sheet.header(_("National tests"))
sheet.caption(
    _(
        "Published national means, quoted. Each test has a scale of its own: nothing is converted from one to another, or from readiness. "
        "They fell and rose for more reasons than the closures."
    )
)
panels_learning.national_tests(chosen)
used = [Z, CHANGE, ADJUSTED, BELOW, ASSESSED, *GAPS, panels_learning.DAYS, panels_learning.SLOPE]
provenance.footer(used, chosen, tables=["readiness_result", "yardstick", "event", "published_series"])
