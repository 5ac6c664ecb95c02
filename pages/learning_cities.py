"""Learning Cities: which areas of focus have evidence, how far each place is and how fast it moves; two lists of places."""

from __future__ import annotations

from ui import sheet, shell

shell.guard("learning_cities")

from ui import data, filters, kpi, linked, panels, panels_cities, provenance  # noqa: E402
from ui.text import _  # noqa: E402

PROVINCES, MEASURES = "pilot.size", ("city.progress", "city.availability", "city.reached", "city.speed")

chosen = filters.bar(("period", "region", "province"), "city.progress")
sheet.caption(_("Showing {words}", words=chosen.words()))
pilots = kpi.headline(
    PROVINCES, chosen.national(), where={"pilot_set": panels_cities.PILOT}, title=_("Pilot provinces"), compare=False
)
kpi.row([(PROVINCES, pilots), *((i, kpi.headline(i, chosen)) for i in MEASURES)])

sheet.header(_("Scorecard"))
sheet.caption(
    _(
        "UNESCO's twelve areas of focus in three tiers: is there evidence, how far is the place, does it move. A place's own assessment, "
        "not a ranking of places."
    )
)
panels_cities.card(chosen)
sheet.subheader(_("One place"))
panels_cities.one_place(chosen)

sheet.header(_("Over time"))
left, right = sheet.columns(2)
with left:
    sheet.subheader(data.indicator("city.progress").title(chosen.lang))
    panels.trend_panel("cities_progress", "city.progress", chosen, events=False)
with right:
    sheet.subheader(data.indicator("city.availability").title(chosen.lang))
    panels.trend_panel("cities_availability", "city.availability", chosen, events=False)

sheet.header(_("Where"))
shown = linked.choose_measure("cities", MEASURES, chosen)
linked.linked_view("cities", shown, chosen, also=[i for i in MEASURES if i != shown])

sheet.header(_("Pilot provinces and UNESCO's network"))
panels_cities.two_sets(chosen)
provenance.footer([PROVINCES, *MEASURES], chosen, tables=["learning_city_score", "pilot_set", "pilot_member"])
