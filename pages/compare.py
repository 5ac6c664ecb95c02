"""Compare: places and groups of places side by side on the same scales."""

from __future__ import annotations

from ui import shell

shell.guard("compare")

from ui import comparing, filters, provenance  # noqa: E402

chosen = filters.bar(("period", "region"), "grant.basic_recipients")
provenance.footer(comparing.page(chosen), chosen)
