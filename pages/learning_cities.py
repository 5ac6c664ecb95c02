"""Learning Cities: which areas of focus have evidence, how far each place is and how fast it moves; two lists of places."""

from __future__ import annotations

from ui.blocks import blocks
from ui.frame import shell
from ui.kit import data, filters, findings, kpi, linked, panels, provenance
from ui.programmes import learning_cities
from ui.view.text import _

PROVINCES, MEASURES = "pilot.size", ("city.progress", "city.availability", "city.reached", "city.speed")


def page() -> None:
    """The page."""
    chosen = filters.bar(("period", "region", "province"), "city.progress")
    findings.begin(("city.progress", "city.availability"), chosen, ranked=False)
    pilots = kpi.headline(
        PROVINCES, chosen.national(), where={"pilot_set": learning_cities.PILOT}, title=_("Pilot provinces"), compare=False
    )
    kpi.row([(PROVINCES, pilots), *((i, kpi.headline(i, chosen)) for i in MEASURES)])

    blocks.header(_("Scorecard"))
    blocks.caption(
        _(
            "UNESCO's twelve areas of focus in three tiers: is there evidence, how far is the place, does it move. A place's own assessment, "
            "not a ranking of places."
        )
    )
    learning_cities.card(chosen)
    blocks.subheader(_("One place"))
    learning_cities.one_place(chosen)

    blocks.header(_("Over time"))
    left, right = blocks.columns(2)
    with left:
        blocks.subheader(data.indicator("city.progress").title(chosen.lang))
        panels.trend_panel("cities_progress", "city.progress", chosen, events=False)
    with right:
        blocks.subheader(data.indicator("city.availability").title(chosen.lang))
        panels.trend_panel("cities_availability", "city.availability", chosen, events=False)

    blocks.header(_("Where"))
    shown = linked.choose_measure("cities", MEASURES, chosen)
    linked.linked_view("cities", shown, chosen, also=[i for i in MEASURES if i != shown])

    blocks.header(_("Pilot provinces and UNESCO's network"))
    learning_cities.two_sets(chosen)
    provenance.footer([PROVINCES, *MEASURES], chosen, tables=["learning_city_score", "pilot_set", "pilot_member"])


if __name__ == "__main__":
    shell.guard("learning_cities")
