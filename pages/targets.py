"""Targets: three years ahead, what is reached of them, and what the pace so far would bring."""

from __future__ import annotations

from dataclasses import replace

import geo
from ui.blocks import blocks
from ui.frame import shell
from ui.kit import filters, provenance
from ui.programmes import targets
from ui.view.text import _


def page() -> None:
    """The page."""
    chosen = filters.bar(("province",))
    found = targets.tracks(chosen.province)
    if chosen.province and not found:
        place = geo.name(chosen.province, chosen.lang)
        blocks.note(_("No targets of {place} are loaded; these are those of the whole country.", place=place), "info")
        chosen = replace(chosen, province=None)
        found = targets.tracks(None)
    if not found:
        blocks.note(_("No targets of the whole country are loaded; choose a province that has some of its own."), "flag")
        return
    targets.verdict(found, None)
    blocks.caption(_("Showing {words}", words=chosen.words()))

    blocks.header(_("Five results, year by year"))
    targets.scorecard(found)
    targets.scorecard_table(found, chosen)

    blocks.header(_("How the status is set"))
    targets.rule()

    blocks.header(_("Path, target and forecast"))
    for box, one in zip(blocks.boxes(len(found), 340), found, strict=True):
        with box:
            targets.panel(one, chosen)
    provenance.footer([one.indicator.id for one in found], chosen, tables=["target"])


if __name__ == "__main__":
    shell.guard("targets")
