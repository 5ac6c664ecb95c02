"""All indicators: any number of the registry that the release has data for, on the map, over time, by group."""

from __future__ import annotations

from ui import sheet, shell

shell.guard("indicators")

from i18n import N_  # noqa: E402
from ui import attention, data, empty, fields, filters, kpi, linked, panels, provenance, state  # noqa: E402
from ui.text import _, lang  # noqa: E402

PROGRAMMES = {
    "grants": N_("Grants"),
    "tsqp": N_("Schools"),
    "enrolment": N_("Schools"),
    "results": N_("Schools"),
    "centres": N_("Early childhood"),
    "trial": N_("Early childhood"),
    "readiness": N_("Learning loss"),
    "reported": N_("Reported by agencies"),
    "visits": N_("Early childhood"),
    "cities": N_("Learning Cities"),
    "screening": N_("Grants"),
    "outside": N_("Out of school"),
    "informal": N_("Out of school"),
    "policy": N_("Policy"),
    "target": N_("Policy"),
}
NEEDS_A_CHOICE = ("policy",)  # questions that name a rate have their own place, like those about one pilot set or cohort


def name(indicator_id: str) -> str:
    """An indicator with its programme."""
    indicator = data.indicator(indicator_id)
    return f"{_(PROGRAMMES[indicator.family])} · {indicator.title(lang())}"


offered = [i for i in data.available() if data.indicator(i).family not in NEEDS_A_CHOICE and not data.indicator(i).each]
if not offered:
    empty.nothing_published()
    sheet.stop()
shown = state.get("measure") if state.get("measure") in offered else offered[0]
indicator = data.indicator(shown)
by_place = "province" in indicator.places
splits = [k for k in panels.SPLIT_TITLES if k in indicator.dims]
applies = ["period", *(("region", "province", "set") if by_place else ()), *splits]
chosen = filters.bar(applies, shown, indicator.periods[::-1])
offered_names = linked.told_apart({i: name(i) for i in offered})
fields.choice("indicators_measure", offered_names, _("Indicator"), shown, lambda code: state.put(measure=code))
sheet.text(indicator.definition(lang()), code=indicator.formula)
sheet.caption(_("Showing {words}", words=chosen.words()))
goal = attention.target(shown, chosen)
kpi.row([(shown, kpi.headline(shown, chosen, target=goal))])
if by_place:
    sheet.header(_("Where"))
    linked.linked_view("indicators", shown, chosen, diverging=shown == "readiness.change")
if indicator.periods:
    sheet.header(_("Over time"))
    panels.trend_panel("indicators_trend", shown, chosen, targets=True)
if splits:
    sheet.header(_("Who"))
    for column, key in zip(sheet.columns(len(splits)), splits, strict=True):
        with column:
            sheet.subheader(_(panels.SPLIT_TITLES[key]))
            panels.split_panel(f"indicators_{key}", shown, key, chosen)
provenance.footer([shown], chosen, tables=[indicator.table])
