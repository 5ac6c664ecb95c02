"""Targets: three years ahead, what is reached of them, and what the pace so far would bring."""

from __future__ import annotations

from dataclasses import replace

from ui import sheet, shell

shell.guard("targets")

import geo  # noqa: E402
from ui import filters, provenance, targets  # noqa: E402
from ui.text import _  # noqa: E402

chosen = filters.bar(("province",))
found = targets.tracks(chosen.province)
if chosen.province and not found:
    place = geo.name(chosen.province, chosen.lang)
    sheet.note(_("No targets of {place} are loaded; these are those of the whole country.", place=place), "info")
    chosen = replace(chosen, province=None)
    found = targets.tracks(None)
sheet.caption(_("Showing {words}", words=chosen.words()))
if not found:
    sheet.note(_("No targets are loaded. They come with the table of targets: indicator, period, place and value."), "flag")
    shell.link("data", _("To the data page"), ":material/database:")
    sheet.stop()
targets.summary(found)

sheet.header(_("Five results, year by year"))
targets.scorecard(found)
targets.scorecard_table(found, chosen)

sheet.header(_("How the status is set"))
targets.rule()

sheet.header(_("Path, target and forecast"))
for box, one in zip(sheet.boxes(len(found), 340), found, strict=True):
    with box:
        targets.panel(one, chosen)
provenance.footer([one.indicator.id for one in found], chosen, tables=["target"])
