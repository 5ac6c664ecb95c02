"""Claims: every published figure, beside what the tables at hand say of it."""

from __future__ import annotations

from ui import sheet, shell

shell.guard("claims")

from ui import claims, filters, provenance  # noqa: E402
from ui.text import _  # noqa: E402

chosen = filters.current(())
sheet.caption(
    _(
        "Each figure as it was announced, with the value that the tables of this release give and whether that bears it out. "
        "“At least” and “about” are part of a claim."
    )
)
claims.show(chosen)
provenance.footer([], chosen, tables=["published_figure", "rate"])
