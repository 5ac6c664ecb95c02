"""Early childhood: centres and their standards, the poor children they reach, and the Reach Up trial."""

from __future__ import annotations

from dataclasses import replace

from ui import sheet, shell

shell.guard("early_childhood")

from ui import attention, data, filters, kpi, linked, panels, panels_childhood, provenance  # noqa: E402
from ui.text import _  # noqa: E402

APPLIES = ("period", "region", "province", "set")
HEADLINES = (
    ("ecd.centres", "ecd.centres_upgraded", "ecd.upgrade_provinces", "ecd.children"),
    ("ecd.poor_reached", "ecd.quality_share", "ecd.children_per_teacher", "ecd.participation"),
)
MEASURES = (
    "ecd.centres_upgraded",
    "ecd.poor_reached",
    "ecd.poor_share",
    "ecd.quality_share",
    "ecd.centres",
    "ecd.children",
    "ecd.teachers",
    "ecd.children_per_teacher",
    "ecd.participation",
)
BESIDE = ("ecd.centres", "ecd.poor_reached", "ecd.quality_share")
OVER_TIME = "ecd.poor_reached"  # shown over time when the measure of the map has no periods

chosen = filters.bar(APPLIES, "ecd.children")
sheet.caption(_("Showing {words}", words=chosen.words()))
for ids in HEADLINES:
    views = {i: chosen if data.indicator(i).periods else replace(chosen, period=None) for i in ids}
    more = {i: {"target": attention.target(i, chosen), "sentence": panels.beside_country(i, v)} for i, v in views.items()}
    kpi.row([(i, kpi.headline(i, views[i], **more[i])) for i in ids])
sheet.caption(
    data.indicator("ecd.participation").title(chosen.lang) + ": " + data.indicator("ecd.participation").caveat(chosen.lang)
)

sheet.header(_("Where"))
shown = linked.choose_measure("childhood", MEASURES, chosen)
linked.linked_view("childhood", shown, chosen, also=[i for i in BESIDE if i != shown])

sheet.header(_("Over time"))
left, right = sheet.columns(2)
with left:
    timed = shown if data.indicator(shown).periods else OVER_TIME
    sheet.subheader(data.indicator(timed).title(chosen.lang))
    panels.trend_panel("childhood_trend", timed, chosen, targets=True, kinds=("closure", "mou"), height=420)
with right:
    sheet.subheader(_("Quality standard"))
    panels_childhood.quality_panel(chosen)

sheet.header(_("Centres as points"))
left, right = sheet.columns([5, 6])
with left:
    panels_childhood.centre_points(chosen)
with right:
    panels_childhood.centre_list(chosen)

panels_childhood.one_centre(chosen)
panels_childhood.fell_behind(chosen)

shell.link("trial", _("Reach Up × cash transfer: the trial has a page of its own"), ":material/science:")

used = [i for ids in HEADLINES for i in ids] + ["ecd.poor_share", "ecd.teachers"]
provenance.footer(used, chosen, tables=["centre", "centre_semester", "reported_value"])
