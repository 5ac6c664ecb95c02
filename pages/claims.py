"""Claims: every published figure, beside what the tables at hand say of it."""

from __future__ import annotations

from ui.blocks import blocks
from ui.frame import shell
from ui.kit import filters, provenance
from ui.programmes import claims
from ui.view.text import _


def page() -> None:
    """The page."""
    chosen = filters.current(())
    blocks.caption(
        _(
            "Each figure as it was announced, with the value that the tables of this release give and whether that bears it out. "
            "“At least” and “about” are part of a claim."
        )
    )
    claims.show(chosen)
    provenance.footer([], chosen, tables=["published_figure", "rate"])


if __name__ == "__main__":
    shell.guard("claims")
