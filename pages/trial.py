"""Reach Up trial: where it runs, whether it keeps to its plan, how its arms compare, and what it will be able to tell."""

from __future__ import annotations

from ui.blocks import blocks
from ui.frame import shell
from ui.kit import data, empty, filters, findings, linked, panels, provenance
from ui.programmes import trial
from ui.view.text import _

RATE = "reachup.visit_rate"


def page() -> None:
    """The page."""
    chosen = filters.bar(("period", "region", "province"), RATE)
    if not data.periods(trial.FAMILIES):
        empty.not_loaded([trial.FAMILIES])
        return
    findings.begin((RATE, "reachup.attrition"), chosen)
    trial.headlines(chosen)
    blocks.caption(_("A trial in progress: these are its numbers of families, not its effect."))

    blocks.header(_("Against the plan"))
    left, right = blocks.columns(2)
    with left:
        blocks.subheader(_("Home visits by fortnight"))
        trial.visits(chosen)
    with right:
        blocks.subheader(data.indicator(RATE).title(chosen.lang))
        panels.trend_panel("trial_rate", RATE, chosen, events=False)
    blocks.subheader(_("Arms of the trial"))
    trial.arms(chosen)

    blocks.header(_("Where"))
    linked.linked_view("trial", RATE, chosen, also=["reachup.enrolled", "reachup.attrition"])
    trial.places(chosen)

    blocks.header(_("What the trial can tell"))
    left, right = blocks.columns(2)
    with left:
        blocks.subheader(_("Balance at baseline"))
        trial.balance(chosen)
    with right:
        blocks.subheader(_("What can be detected"))
        trial.detectable(chosen)
        blocks.subheader(_("Effects at endline"))
        trial.effect_panel(chosen)

    blocks.header(_("Two accounts of one trial"))
    trial.accounts()
    tables = ["trial_family", "trial_cluster", "trial_visit", "trial_measure"]
    provenance.footer([*trial.TRIAL, *trial.PROGRESS, "reachup.enrolled"], chosen, tables=tables)


if __name__ == "__main__":
    shell.guard("trial")
