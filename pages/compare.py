"""Compare: places and groups of places side by side on the same scales."""

from __future__ import annotations

from ui.across import comparing
from ui.frame import shell
from ui.kit import filters, provenance


def page() -> None:
    """The page."""
    chosen = filters.bar(("period", "region"), "grant.basic_recipients")
    provenance.footer(comparing.page(chosen), chosen)


if __name__ == "__main__":
    shell.guard("compare")
