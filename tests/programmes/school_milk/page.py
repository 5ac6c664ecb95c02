"""School milk: how many pupils get it, and where."""

from __future__ import annotations

from ui.blocks import blocks
from ui.frame import shell
from ui.kit import filters, kpi, linked, panels, provenance
from ui.view.text import _

IDS = ("milk.pupils", "milk.boxes", "milk.boxes_per_pupil")


def page() -> None:
    """The page."""
    chosen = filters.bar(("period", "region", "province", "flavour"), IDS[0])
    kpi.row([(i, kpi.headline(i, chosen)) for i in IDS])
    shown = linked.choose_measure("milk", IDS, chosen)
    linked.linked_view("milk", shown, chosen, also=[i for i in IDS if i != shown])
    blocks.subheader(_("Over time"))
    panels.trend_panel("milk_trend", shown, chosen)
    panels.split_panel("milk_flavours", IDS[0], "flavour", chosen)
    provenance.footer(list(IDS), chosen, tables=["school_milk"])


if __name__ == "__main__":
    shell.guard("school_milk")
