"""Overview: the five results of the agreement, where they are, and what needs attention."""

from __future__ import annotations

from ui.across import attention, results, since
from ui.blocks import blocks
from ui.frame import shell
from ui.kit import data, filters, findings, kpi, linked, loaded, navigation, provenance
from ui.programmes import targets
from ui.view.text import _

APPLIES = ("period", "region", "province", "set")


def page() -> None:
    """The page."""
    maps = results.maps()
    chosen = filters.bar(APPLIES, results.leading(maps))
    loaded.overview(navigation.to_import())
    found = {key: results.numbers(page, items, chosen) for key, (_title, page, items) in results.RESULTS.items()}
    tracks = targets.tracks(chosen.province) if chosen.only_province() else []
    if tracks:
        targets.verdict(tracks, chosen.period)
    else:
        findings.begin([items[0][0] for _title, _page, items in results.RESULTS.values() if items], chosen)
    left, right = blocks.columns([3, 2], turned=True)  # the first screen answers: what is on plan, how far it is, and where
    shown = linked.chosen_measure(maps) if maps else ""
    with left:
        if tracks:
            targets.bullets(tracks, chosen.period, maps, shown)
            blocks.caption(_("Showing {words}", words=chosen.words()))
        navigation.link("targets", _("Targets, year by year"), ":material/flag:")
        kpi.results(
            [
                (
                    _(title),
                    found[key],
                    loaded.fillers(i for i, _extra in items),
                    {"part": "go", "page": page, "text": _("See more")},
                )
                for key, (title, page, items) in results.RESULTS.items()
            ]
        )
        if maps:
            blocks.header(_("What needs attention"))
            attention.show(chosen, results.watched(maps))
    if maps:
        with right:
            shown = linked.choose_measure("overview", maps, chosen, label=_("The map shows"))
            linked.linked_view("overview", shown, chosen, diverging=data.indicator(shown).around_nought)
    since.panels([a for group in found.values() for _i, h in group for a in h.asks], chosen)
    provenance.footer([i for _t, _p, items in results.RESULTS.values() for i, _w in items], chosen)


if __name__ == "__main__":
    shell.guard("overview")
