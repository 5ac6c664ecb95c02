"""Province: one province in every programme, beside provinces like it, its region and the country."""

from __future__ import annotations

from ui.across import profile
from ui.frame import shell
from ui.kit import filters, provenance


def page() -> None:
    """The page."""
    chosen = filters.bar(("period", "province"), "grant.basic_recipients")
    shown = profile.page(chosen) if chosen.province else profile.choose(chosen)
    if shown:
        provenance.footer(shown, chosen)


if __name__ == "__main__":
    shell.guard("province")
