"""Equity chain: where the children of a cohort are from year to year, who is lost on the way, and how well registers link."""

from __future__ import annotations

from dataclasses import replace

from ui import sheet, shell

shell.guard("equity_chain")

from ui import filters, linked, panels_chain, provenance  # noqa: E402
from ui.text import _  # noqa: E402

chosen = filters.bar(("period", "region", "province"), panels_chain.MATCH_RATE)
sheet.caption(_("Showing {words}", words=chosen.words()))
national = replace(chosen.national(), scheme=chosen.scheme)

sheet.header(_("A cohort from year to year"))
cohort = panels_chain.choose_cohort()
if cohort is None:
    sheet.note(_("The release has no paths of children. The table comes in on the page Data."), "info")
else:
    sheet.caption(_("Whole country. One cohort is followed; cohorts are never added up. Nothing of a single child is shown."))
    sheet.caption(panels_chain.horizon(chosen))
    panels_chain.headlines(cohort, national)
    panels_chain.flows(cohort, national)
    sheet.header(_("Gaps and losses"))
    panels_chain.losses(cohort, national)
    sheet.header(_("Who stays in education"))
    sheet.caption(
        _(
            "Kaplan–Meier: the share that has not yet gone to work or out of school. A child in no register is followed up to the year "
            "before. Groups differ in many ways; a gap between curves is no effect of the group itself."
        )
    )
    panels_chain.staying(cohort, national)

sheet.header(_("Links between registers"))
link = panels_chain.choose_link()
if link is None:
    sheet.note(_("The release has no results of linking registers. The table comes in on the page Data."), "info")
else:
    named = panels_chain.words_of(panels_chain.LINKS)[link]
    asked = {**chosen.where(province=False), "link": link}
    linked.linked_view("chain_link", panels_chain.MATCH_RATE, chosen, where=asked, also=[panels_chain.UNMATCHED], named=named)
    left, right = sheet.columns(2)
    with left:
        sheet.subheader(_("Match rate of every pair"))
        panels_chain.rates_of_links(chosen)
    with right:
        sheet.subheader(_("Unmatched records by reason"))
        panels_chain.reasons(chosen)

shown = [panels_chain.CHILDREN, panels_chain.FLOW, panels_chain.IN_EDUCATION, panels_chain.STAYED]
shown += [panels_chain.RECORDS, panels_chain.MATCH_RATE, panels_chain.UNMATCHED]
provenance.footer(shown, chosen, tables=["chain_record", "register_link"])
