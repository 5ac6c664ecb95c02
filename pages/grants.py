"""Grants: who was found, who was reached, with how much, and whether they stayed in school."""

from __future__ import annotations

import pandas as pd

from ui.across import attention
from ui.blocks import blocks
from ui.frame import shell
from ui.kit import data, filters, findings, kpi, linked, panels, provenance
from ui.programmes import grants
from ui.view.text import _

APPLIES = ("period", "region", "province", "sex", "level", "tier", "disability", "set")
MEASURES = (
    "grant.basic_recipients",
    "grant.equity_recipients",
    "grant.basic_budget",
    "grant.equity_budget",
    "grant.basic_per_head",
    "grant.equity_per_head",
    "grant.coverage",
    "grant.equity_coverage",
    "grant.equity_share",
    "grant.missed",
    "grant.condition_rate",
    "grant.retention",
    "grant.dropout",
)
STAGES = ("grant.found", "grant.screened", "grant.eligible", "grant.certified", "grant.verified", "grant.allotted", "grant.paid")
AFTER = ("grant.condition_met", "grant.still_in_school")
HEADLINES = (
    ("grant.basic_recipients", "grant.basic_budget", "grant.basic_per_head", "grant.coverage"),
    ("grant.equity_recipients", "grant.equity_budget", "grant.equity_per_head", "grant.equity_coverage"),
    ("grant.condition_rate", "grant.retention", "grant.dropout", "grant.missed"),
)


def page() -> None:
    """The page."""
    chosen = filters.bar(APPLIES, "grant.basic_recipients", ("academic_year", "semester"))
    findings.begin(("grant.coverage", "grant.basic_recipients"), chosen)
    left, right = blocks.columns(linked.FIRST_SCREEN)
    with left:
        for ids in HEADLINES:
            kpi.row([(i, kpi.headline(i, chosen, target=attention.target(i, chosen))) for i in ids])
        blocks.caption(
            _(
                "Money per head is for the period shown: a semester and a year are never compared. "
                "Recipients are counted once within the period."
            )
            + " "
            + grants.threshold_note(chosen)
        )
    with right:
        shown = linked.choose_measure("grants", MEASURES, chosen, label=_("Map, trend and table show"))
        linked.linked_view(
            "grants",
            shown,
            chosen,
            also=[i for i in ("grant.basic_recipients", "grant.basic_budget", "grant.coverage") if i != shown],
        )

    left, right = blocks.columns(2)
    with left:
        blocks.subheader(_("Over time"))
        panels.trend_panel("grants_trend", shown, chosen, targets=True)
    with right:
        blocks.subheader(_("From found to paid"))
        panels.funnel_panel("grants_funnel", STAGES, chosen)
        blocks.subheader(_("After the payment"))
        kpi.row([(i, kpi.headline(i, chosen)) for i in AFTER])
        blocks.caption(
            _(
                "Not further steps of the same pupils: the condition holds for the extra-poor alone, and the status of some is unknown."
            )
        )

    left, right = blocks.columns(2)
    with left:
        blocks.subheader(_("Time in each stage"))
        grants.time_in_stages(chosen)
    with right:
        blocks.subheader(_("Late submitters"))
        grants.late_submitters(chosen)

    blocks.header(_("Screening score"))
    grants.screening(chosen)

    blocks.header(_("Passed on to other agencies"))
    kpi.row([(i, kpi.headline(i, chosen)) for i in grants.REFERRAL])

    blocks.header(_("Who"))
    splits = [(key, title) for key, title in panels.SPLIT_TITLES.items() if key in data.indicator(shown).dims]
    for column, (key, title) in zip(blocks.columns(len(splits)), splits, strict=True):
        with column:
            blocks.subheader(_(title))
            panels.split_panel(f"grants_{key}", shown, key, chosen)

    more = [*AFTER, *grants.STEPS, *grants.REFERRAL, grants.ASSESSED, *grants.ERRORS]
    used = pd.unique(pd.Series([i for ids in HEADLINES for i in ids] + list(STAGES) + more))
    provenance.footer(list(used), chosen, tables=["pupil_grant", "screening_score", "parameter"])


if __name__ == "__main__":
    shell.guard("grants")
