"""Out of school: children, youth and informal workers on the register and what happened to them, stock and flows apart."""

from __future__ import annotations

from ui import sheet, shell

shell.guard("out_of_school")

from ui import data, filters, kpi, linked, panels, panels_outside, provenance, quoted  # noqa: E402
from ui.panels_outside import FLOWS, STOCK  # noqa: E402
from ui.text import _  # noqa: E402

HELPED_SHARE, BACK_SHARE = "outside.helped_share", "outside.back_share"
INFORMAL = ("informal.stock", "informal.found", "informal.trained", "informal.in_work", "informal.trained_share")
MEASURES = (STOCK, *FLOWS, HELPED_SHARE, BACK_SHARE, *INFORMAL)
ROADS = ("outside.found", "outside.helped", "outside.back")

chosen = filters.bar(("period", "region", "province", "sex", "set"), STOCK)
sheet.caption(_("Showing {words}", words=chosen.words()))
if not data.periods(STOCK, "semester"):
    sheet.note(_("The release has no register of those out of school. The table comes in on the page Data."), "info")
    sheet.stop()
dated = panels_outside.register_date(chosen)
said = _("A stock, on {date}.", date=dated) if dated else _("A stock, on the date of the register.")
kpi.row(
    [
        (STOCK, kpi.headline(STOCK, chosen, sentence=said)),
        *((i, kpi.headline(i, chosen)) for i in ("outside.new", *ROADS, "outside.lost_again")),
    ]
)

sheet.header(_("Where"))
shown = linked.choose_measure("outside", MEASURES, chosen)
linked.linked_view("outside", shown, chosen, also=[i for i in (STOCK, BACK_SHARE) if i != shown])

sheet.header(_("Over time"))
left, right = sheet.columns(2)
with left:
    sheet.subheader(_("Stock on the register"))
    panels.trend_panel("outside_stock", STOCK, chosen, events=False)
with right:
    sheet.subheader(_("Flows within a semester"))
    panels.indicators_panel(
        "outside_flows", ("outside.new", *ROADS, "outside.lost_again"), chosen, title=_("Flows within a semester")
    )
sheet.subheader(_("Stock and flows"))
panels_outside.balance(chosen)

sheet.header(_("Who"))
left, middle, right = sheet.columns(3)
with left:
    sheet.subheader(_("From found to back in learning"))
    panels.funnel_panel("outside_funnel", ROADS, chosen, title=_("From found to back in learning"))
with middle:
    sheet.subheader(_("On the register by age"))
    panels.split_panel("outside_ages", STOCK, "age_group", chosen)
with right:
    sheet.subheader(_("Back in learning by age"))
    panels.split_panel("outside_back_ages", BACK_SHARE, "age_group", chosen)

sheet.header(_("Informal workers"))
kpi.row([(i, kpi.headline(i, chosen)) for i in INFORMAL])
left, right = sheet.columns(2)
with left:
    sheet.subheader(_("On the register by age"))
    panels.split_panel("informal_ages", "informal.stock", "age_group", chosen)
with right:
    sheet.subheader(_("Flows within a semester"))
    panels.indicators_panel("informal_flows", INFORMAL[1:4], chosen, title=_("Informal workers"))

title = _("Published: Thailand Zero Dropout")
sheet.header(title)
quoted.panel("outside_published", quoted.ZERO_DROPOUT, chosen, title)
provenance.footer(MEASURES, chosen, tables=["out_of_school_count", "published_series"])
