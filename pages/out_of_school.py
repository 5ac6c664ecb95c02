"""Out of school: children, youth and informal workers on the register and what happened to them, stock and flows apart."""

from __future__ import annotations

from ui.blocks import blocks
from ui.frame import shell
from ui.kit import data, empty, filters, findings, kpi, linked, panels, provenance, quoted
from ui.kit.filters import Filters
from ui.programmes import out_of_school
from ui.programmes.out_of_school import FLOWS, STOCK
from ui.view.text import _

HELPED_SHARE, BACK_SHARE = "outside.helped_share", "outside.back_share"
INFORMAL = ("informal.stock", "informal.found", "informal.trained", "informal.in_work", "informal.trained_share")
MEASURES = (STOCK, *FLOWS, HELPED_SHARE, BACK_SHARE, *INFORMAL)
ROADS = ("outside.found", "outside.helped", "outside.back")


def page() -> None:
    """The page."""
    chosen = filters.bar(("period", "region", "province", "sex", "set"), STOCK)
    findings.begin((STOCK, BACK_SHARE), chosen)
    if data.periods(STOCK, "semester"):
        register(chosen)
    else:
        empty.not_loaded([STOCK])

    title = _("Published: Thailand Zero Dropout")
    blocks.header(title)
    quoted.panel("outside_published", quoted.ZERO_DROPOUT, chosen, title)
    provenance.footer(MEASURES, chosen, tables=["out_of_school_count", "published_series"])


def register(chosen: Filters) -> None:
    """What the register tells."""
    dated = out_of_school.register_date(chosen)
    said = _("A stock, on {date}.", date=dated) if dated else _("A stock, on the date of the register.")
    left, right = blocks.columns(linked.FIRST_SCREEN)
    with left:
        kpi.row(
            [
                (STOCK, kpi.headline(STOCK, chosen, sentence=said)),
                *((i, kpi.headline(i, chosen)) for i in ("outside.new", *ROADS, "outside.lost_again")),
            ]
        )
    with right:
        shown = linked.choose_measure("outside", MEASURES, chosen)
        linked.linked_view("outside", shown, chosen, also=[i for i in (STOCK, BACK_SHARE) if i != shown])

    blocks.header(_("Over time"))
    left, right = blocks.columns(2)
    with left:
        blocks.subheader(_("Stock on the register"))
        panels.trend_panel("outside_stock", STOCK, chosen, events=False)
    with right:
        blocks.subheader(_("Flows within a semester"))
        panels.indicators_panel(
            "outside_flows", ("outside.new", *ROADS, "outside.lost_again"), chosen, title=_("Flows within a semester")
        )
    blocks.subheader(_("Stock and flows"))
    out_of_school.balance(chosen)

    blocks.header(_("Who"))
    left, middle, right = blocks.columns(3)
    with left:
        blocks.subheader(_("From found to back in learning"))
        panels.funnel_panel("outside_funnel", ROADS, chosen, title=_("From found to back in learning"))
    with middle:
        blocks.subheader(_("On the register by age"))
        panels.split_panel("outside_ages", STOCK, "age_group", chosen)
    with right:
        blocks.subheader(_("Back in learning by age"))
        panels.split_panel("outside_back_ages", BACK_SHARE, "age_group", chosen)

    blocks.header(_("Informal workers"))
    kpi.row([(i, kpi.headline(i, chosen)) for i in INFORMAL])
    left, right = blocks.columns(2)
    with left:
        blocks.subheader(_("On the register by age"))
        panels.split_panel("informal_ages", "informal.stock", "age_group", chosen)
    with right:
        blocks.subheader(_("Flows within a semester"))
        panels.indicators_panel("informal_flows", INFORMAL[1:4], chosen, title=_("Informal workers"))


if __name__ == "__main__":
    shell.guard("out_of_school")
