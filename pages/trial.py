"""Reach Up trial: where it runs, whether it keeps to its plan, how its arms compare, and what it will be able to tell."""

from __future__ import annotations

from ui import sheet, shell

shell.guard("trial")

from ui import data, filters, linked, panels, panels_trial, provenance  # noqa: E402
from ui.text import _  # noqa: E402

RATE = "reachup.visit_rate"

chosen = filters.bar(("period", "region", "province"), RATE)
sheet.caption(_("Showing {words}", words=chosen.words()))
if not data.periods(panels_trial.FAMILIES):
    sheet.note(_("The release has no families of the trial. The tables come in on the page Data."), "info")
    sheet.stop()
panels_trial.headlines(chosen)
sheet.caption(_("A trial in progress: these are its numbers of families, not its effect."))

sheet.header(_("Against the plan"))
left, right = sheet.columns(2)
with left:
    sheet.subheader(_("Home visits by fortnight"))
    panels_trial.visits(chosen)
with right:
    sheet.subheader(data.indicator(RATE).title(chosen.lang))
    panels.trend_panel("trial_rate", RATE, chosen, events=False)
sheet.subheader(_("Arms of the trial"))
panels_trial.arms(chosen)

sheet.header(_("Where"))
linked.linked_view("trial", RATE, chosen, also=["reachup.enrolled", "reachup.attrition"])
panels_trial.places(chosen)

sheet.header(_("What the trial can tell"))
left, right = sheet.columns(2)
with left:
    sheet.subheader(_("Balance at baseline"))
    panels_trial.balance(chosen)
with right:
    sheet.subheader(_("What can be detected"))
    panels_trial.detectable(chosen)
    sheet.subheader(_("Effects at endline"))
    panels_trial.effect_panel(chosen)

sheet.header(_("Two accounts of one trial"))
panels_trial.accounts()
tables = ["trial_family", "trial_cluster", "trial_visit", "trial_measure"]
provenance.footer([*panels_trial.TRIAL, *panels_trial.PROGRESS, "reachup.enrolled"], chosen, tables=tables)
