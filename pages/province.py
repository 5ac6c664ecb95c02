"""Province: one province in every programme, beside provinces like it, its region and the country."""

from __future__ import annotations

from ui import shell

shell.guard("province")

from ui import filters, profile, provenance  # noqa: E402

chosen = filters.bar(("period", "province"), "grant.basic_recipients")
if chosen.province:
    provenance.footer(profile.page(chosen), chosen)
else:
    profile.choose()
