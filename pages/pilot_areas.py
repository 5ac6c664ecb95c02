"""Pilot areas: which places are in which set, how the sets overlap, and every school, centre, authority and sub-district."""

from __future__ import annotations

from ui.across import attention
from ui.blocks import blocks
from ui.frame import shell
from ui.kit import filters, provenance
from ui.programmes import pilot_areas
from ui.view.text import _

WATCHED = (
    "grant.basic_recipients",
    "grant.coverage",
    "grant.condition_rate",
    "ecd.children",
    "ecd.quality_share",
    "readiness.change",
)


def page() -> None:
    """The page."""
    chosen = filters.bar(("period", "region", "province", "set"), "grant.basic_recipients")
    pilot_areas.verdict(chosen)
    pilot_areas.strip(chosen)
    blocks.header(_("Overlapping sets"))
    pilot_areas.overlaps(chosen)
    blocks.header(_("In, out and both"))
    pilot_areas.in_out_both(chosen)
    blocks.header(_("Places"))
    pilot_areas.places(chosen)
    blocks.header(_("What needs attention"))
    attention.show(chosen, WATCHED)
    provenance.footer([*pilot_areas.COMPARED, "pilot.size"], chosen, tables=["pilot_set", "pilot_member"])


if __name__ == "__main__":
    shell.guard("pilot_areas")
