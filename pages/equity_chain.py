"""Equity chain: where the children of a cohort are from year to year, who is lost on the way, and how well registers link."""

from __future__ import annotations

from dataclasses import replace

from ui.blocks import blocks
from ui.frame import shell
from ui.kit import empty, filters, linked, provenance
from ui.programmes import equity_chain
from ui.view.text import _


def page() -> None:
    """The page."""
    chosen = filters.bar(("period", "region", "province"), equity_chain.MATCH_RATE)
    national = replace(chosen.national(), scheme=chosen.scheme)

    blocks.header(_("A cohort from year to year"))
    cohort = equity_chain.choose_cohort()
    if cohort is None:
        empty.not_loaded([equity_chain.CHILDREN])
    else:
        equity_chain.verdict(cohort, national)
        blocks.caption(
            _("Whole country. One cohort is followed; cohorts are never added up. Nothing of a single child is shown.")
        )
        blocks.caption(equity_chain.horizon(chosen))
        equity_chain.headlines(cohort, national)
        equity_chain.flows(cohort, national)
        blocks.header(_("Gaps and losses"))
        equity_chain.losses(cohort, national)
        blocks.header(_("Who stays in education"))
        blocks.caption(
            _(
                "Kaplan–Meier: the share that has not yet gone to work or out of school. A child in no register is followed up to the year "
                "before. Groups differ in many ways; a gap between curves is no effect of the group itself."
            )
        )
        equity_chain.staying(cohort, national)

    blocks.header(_("Links between registers"))
    link = equity_chain.choose_link()
    if link is None:
        empty.not_loaded([equity_chain.MATCH_RATE])
    else:
        named = equity_chain.words_of(equity_chain.LINKS)[link]
        asked = {**chosen.where(province=False), "link": link}
        linked.linked_view("chain_link", equity_chain.MATCH_RATE, chosen, where=asked, also=[equity_chain.UNMATCHED], named=named)
        left, right = blocks.columns(2)
        with left:
            blocks.subheader(_("Match rate of every pair"))
            equity_chain.rates_of_links(chosen)
        with right:
            blocks.subheader(_("Unmatched records by reason"))
            equity_chain.reasons(chosen)

    shown = [equity_chain.CHILDREN, equity_chain.FLOW, equity_chain.IN_EDUCATION, equity_chain.STAYED]
    shown += [equity_chain.RECORDS, equity_chain.MATCH_RATE, equity_chain.UNMATCHED]
    provenance.footer(shown, chosen, tables=["chain_record", "register_link"])


if __name__ == "__main__":
    shell.guard("equity_chain")
