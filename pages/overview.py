"""Overview: the five results of the agreement, where they are, and what needs attention."""

from __future__ import annotations

from ui import headlines, sheet, shell

shell.guard("overview")

from i18n import N_  # noqa: E402
from ui import attention, data, filters, kpi, linked, provenance, since  # noqa: E402
from ui.text import _  # noqa: E402

REACH_UP = (("reachup.families", {}), ("reachup.subdistricts", {}))
YEARS = (("policy.years_unchanged", {"rate": "lunch"}),)
RESULTS = {
    "grants": (
        N_("1 · Grants reach pupils"),
        "grants",
        (("grant.basic_recipients", {}), ("grant.equity_recipients", {}), ("grant.coverage", {})),
    ),
    "schools": (
        N_("2 · Schools improve themselves"),
        "schools",
        (("tsqp.schools", {}), ("tsqp.teachers", {}), ("tsqp.pupils", {})),
    ),
    "childhood": (
        N_("3 · Young children are cared for"),
        "early_childhood",
        (("ecd.centres_upgraded", {}), ("ecd.poor_reached", {}), ("ecd.quality_share", {}), *REACH_UP),
    ),
    "areas": (
        N_("4 · Areas become places of learning"),
        "learning_cities",
        (("pilot.size", {"pilot_set": "learning_city_provinces"}), ("city.progress", {}), ("city.reached", {})),
    ),
    "policy": (
        N_("5 · Policy follows evidence"),
        "learning_loss",
        (("readiness.change", {}), ("readiness.below_cut", {}), *YEARS),
    ),
}
TITLES = {
    "pilot.size": N_("Learning-city provinces"),
    "policy.years_unchanged": N_("Years the lunch rate had not moved on 31 Oct 2565"),
}
SENTENCES = {"readiness.change": N_("Below nought, children start school less ready than in the base round.")}
MAPS = (
    "grant.basic_recipients",
    "grant.coverage",
    "grant.condition_rate",
    "tsqp.schools",
    "ecd.centres_upgraded",
    "ecd.poor_reached",
    "ecd.quality_share",
    "reachup.families",
    "readiness.change",
    "readiness.below_cut",
)
APPLIES = ("period", "region", "province", "set")


def headline(indicator_id: str, extra: dict) -> headlines.Headline:
    """One number of a result, with what it compares with."""
    words = {k: _(v[indicator_id]) for k, v in (("title", TITLES), ("sentence", SENTENCES)) if indicator_id in v}
    goal = attention.target(indicator_id, chosen)
    return kpi.headline(indicator_id, chosen, where=extra, target=goal, **words)


chosen = filters.bar(APPLIES, "grant.basic_recipients")
sheet.caption(_("Showing {words}", words=chosen.words()))
found = {key: [(i, headline(i, extra)) for i, extra in items] for key, (_title, _page, items) in RESULTS.items()}
kpi.track_line([h for group in found.values() for _i, h in group])
shell.link("targets", _("Targets, year by year"), ":material/flag:")
kpi.results(
    [
        (_(title), found[key], {"part": "go", "page": page, "text": _("See more")})
        for key, (title, page, _items) in RESULTS.items()
    ]
)

sheet.header(_("Where"))
reported = [i for i in data.available() if data.indicator(i).family == "reported"]
maps = [i for i in (*MAPS, *reported) if i in data.available()] or [MAPS[0]]
shown = linked.choose_measure("overview", maps, chosen, label=_("The map shows"))
linked.linked_view("overview", shown, chosen, diverging=shown == "readiness.change")

sheet.header(_("What needs attention"))
attention.show(chosen, ("grant.basic_recipients", "grant.coverage", "grant.condition_rate", "ecd.children", "readiness.change"))
since.panels([a for group in found.values() for _i, h in group for a in h.asks], chosen)
provenance.footer([i for _t, _p, items in RESULTS.values() for i, _w in items], chosen)
