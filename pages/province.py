"""Province: one province in every programme, beside provinces like it, its region and the country."""

from __future__ import annotations

from ui.across import profile
from ui.frame import shell
from ui.kit import filters, provenance


def page() -> None:
    """The page."""
    chosen = filters.bar(("period", "province"), "grant.basic_recipients")
    if chosen.province:
        provenance.footer(profile.page(chosen), chosen)
    else:
        profile.choose()


if __name__ == "__main__":
    shell.guard("province")
