"""Pilot areas: which places are in which set, how the sets overlap, and every school, centre, authority and sub-district."""

from __future__ import annotations

from ui import sheet, shell

shell.guard("pilot_areas")

from ui import attention, filters, panels_pilots, provenance  # noqa: E402
from ui.text import _  # noqa: E402

WATCHED = (
    "grant.basic_recipients",
    "grant.coverage",
    "grant.condition_rate",
    "ecd.children",
    "ecd.quality_share",
    "readiness.change",
)

chosen = filters.bar(("period", "region", "province", "set"), "grant.basic_recipients")
sheet.caption(_("Showing {words}", words=chosen.words()))
panels_pilots.strip(chosen)
sheet.header(_("Overlapping sets"))
panels_pilots.overlaps(chosen)
sheet.header(_("In, out and both"))
panels_pilots.in_out_both(chosen)
sheet.header(_("Places"))
panels_pilots.places(chosen)
sheet.header(_("What needs attention"))
attention.show(chosen, WATCHED)
provenance.footer([*panels_pilots.COMPARED, "pilot.size"], chosen, tables=["pilot_set", "pilot_member"])
