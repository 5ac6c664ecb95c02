"""Grants: who was found, who was reached, with how much, and whether they stayed in school."""

from __future__ import annotations

import pandas as pd

from ui import sheet, shell

shell.guard("grants")

from ui import attention, data, filters, kpi, linked, panels, panels_grants, provenance  # noqa: E402
from ui.text import _  # noqa: E402

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

chosen = filters.bar(APPLIES, "grant.basic_recipients", ("academic_year", "semester"))
sheet.caption(_("Showing {words}", words=chosen.words()))
for ids in HEADLINES:
    kpi.row([(i, kpi.headline(i, chosen, target=attention.target(i, chosen))) for i in ids])
sheet.caption(
    _(
        "Money per head is for the period shown: a semester and a year are never compared. "
        "Recipients are counted once within the period."
    )
    + " "
    + panels_grants.threshold_note(chosen)
)

shown = linked.choose_measure("grants", MEASURES, chosen, label=_("Map, trend and table show"))
sheet.header(data.indicator(shown).title(chosen.lang))
linked.linked_view(
    "grants", shown, chosen, also=[i for i in ("grant.basic_recipients", "grant.basic_budget", "grant.coverage") if i != shown]
)

left, right = sheet.columns(2)
with left:
    sheet.subheader(_("Over time"))
    panels.trend_panel("grants_trend", shown, chosen, targets=True)
with right:
    sheet.subheader(_("From found to paid"))
    panels.funnel_panel("grants_funnel", STAGES, chosen)
    sheet.subheader(_("After the payment"))
    kpi.row([(i, kpi.headline(i, chosen)) for i in AFTER])
    sheet.caption(
        _(
            "Not further steps of the same pupils: the condition holds for the extra-poor alone, and the status of some is unknown."
        )
    )

left, right = sheet.columns(2)
with left:
    sheet.subheader(_("Time in each stage"))
    panels_grants.time_in_stages(chosen)
with right:
    sheet.subheader(_("Late submitters"))
    panels_grants.late_submitters(chosen)

sheet.header(_("Screening score"))
panels_grants.screening(chosen)

sheet.header(_("Passed on to other agencies"))
kpi.row([(i, kpi.headline(i, chosen)) for i in panels_grants.REFERRAL])

sheet.header(_("Who"))
for column, (key, title) in zip(sheet.columns(len(panels.SPLIT_TITLES)), panels.SPLIT_TITLES.items(), strict=True):
    with column:
        sheet.subheader(_(title))
        panels.split_panel(f"grants_{key}", shown, key, chosen)

more = [*AFTER, *panels_grants.STEPS, *panels_grants.REFERRAL, panels_grants.ASSESSED, *panels_grants.ERRORS]
used = pd.unique(pd.Series([i for ids in HEADLINES for i in ids] + list(STAGES) + more))
provenance.footer(list(used), chosen, tables=["pupil_grant", "screening_score", "parameter"])
