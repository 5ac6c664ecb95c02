"""The audit log on the page: who did what to the data, newest first, and whether the log is whole."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from data_access.contract import schema
from data_access.who import audit
from i18n import format_date, format_number
from ui.blocks import blocks
from ui.kit import downloads, filters, provenance, words
from ui.kit.tables import show_table
from ui.view.text import _, lang


@blocks.together("audit")
def show() -> None:
    """The whole tab."""
    found = audit.entries()
    broken = audit.broken_at()
    if broken is not None:
        blocks.note(
            _(
                "From line {n} on the log is not what was written: somebody or a crash has changed it.",
                n=format_number(broken, lang()),
            ),
            ":material/gpp_bad:",
            "warning",
        )
    if not found:
        blocks.note(_("Nothing has been done yet that the log keeps."), ":material/info:")
        return
    newest = found[::-1]
    frame = pd.DataFrame(
        {
            _("When"): [f"{format_date(e.at[:10], lang())} {datetime.fromisoformat(e.at):%H:%M:%S}" for e in newest],
            _("Done by"): [e.who for e in newest],
            _("What"): [_(audit.ACTIONS.get(e.action, e.action)) for e in newest],
            _("Release"): [e.release or "–" for e in newest],
            _("Before"): [e.before or "–" for e in newest],
            _("After"): [_after(e) or "–" for e in newest],
        }
    )
    blocks.caption(_("Only ever added to; each line is sealed with the one before it."))
    show_table("data_audit", frame, _("Acts on the data, newest first"))
    downloads.menu("data_audit", frame, provenance.context((), filters.current(()), _("Audit log")))


def _after(entry: audit.Entry) -> str:
    """What an act left; the tables of a publication in words."""
    parts = entry.after.split(", ")
    return ", ".join(words.table_name(p) for p in parts) if all(p in schema.TABLES for p in parts) else entry.after
