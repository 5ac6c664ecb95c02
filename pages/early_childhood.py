"""Early childhood: centres and their standards, the poor children they reach, and the Reach Up trial."""

from __future__ import annotations

from dataclasses import replace

from ui.across import attention
from ui.blocks import blocks
from ui.frame import shell
from ui.kit import data, filters, findings, kpi, linked, loaded, navigation, panels, provenance
from ui.programmes import early_childhood
from ui.view.text import _

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
# shown over time when the measure of the map has no periods: the first that there are numbers of
OVER_TIME = ("ecd.poor_reached", "ecd.children", "ecd.centres")


def page() -> None:
    """The page."""
    chosen = filters.bar(APPLIES, "ecd.children")
    findings.begin(("ecd.quality_share", "ecd.poor_reached"), chosen)
    there = bool(loaded.indicators("early_childhood"))
    left, right = blocks.columns(linked.FIRST_SCREEN)
    with left:
        for ids in HEADLINES:
            views = {i: chosen if data.indicator(i).periods else replace(chosen, period=None) for i in ids}
            more = {i: {"target": attention.target(i, chosen), "sentence": panels.beside_country(i, v)} for i, v in views.items()}
            kpi.row([(i, kpi.headline(i, views[i], **more[i])) for i in ids])
        if "ecd.participation" in data.available():
            asked = data.indicator("ecd.participation")
            blocks.caption(asked.title(chosen.lang) + ": " + asked.caveat(chosen.lang))
    if there:
        with right:
            shown = linked.choose_measure("childhood", MEASURES, chosen)
            linked.linked_view("childhood", shown, chosen, also=[i for i in BESIDE if i != shown])

        blocks.header(_("Over time"))
        left, right = blocks.columns(2)
        with left:
            timed = shown if data.indicator(shown).periods else data.first_mapped(OVER_TIME) or OVER_TIME[0]
            blocks.subheader(data.indicator(timed).title(chosen.lang))
            panels.trend_panel("childhood_trend", timed, chosen, targets=True, kinds=("closure", "mou"), height=420)
        with right:
            blocks.subheader(_("Quality standard"))
            early_childhood.quality_panel(chosen)

    blocks.header(_("Centres as points"))
    left, right = blocks.columns([5, 6])
    with left:
        early_childhood.centre_points(chosen)
    with right:
        early_childhood.centre_list(chosen)

    early_childhood.one_centre(chosen)
    if there:
        early_childhood.fell_behind(chosen)

    navigation.link("trial", _("Reach Up × cash transfer: the trial has a page of its own"), ":material/science:")

    used = [i for ids in HEADLINES for i in ids] + ["ecd.poor_share", "ecd.teachers"]
    provenance.footer(used, chosen, tables=["centre", "centre_semester", "reported_value"])


if __name__ == "__main__":
    shell.guard("early_childhood")
