"""The audit log on the page: who did what to the data, newest first, and whether the log is whole."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from data_access import audit
from i18n import format_date, format_number
from ui import downloads, filters, provenance
from ui.text import _, lang


def show() -> None:
    """The whole tab."""
    found = audit.entries()
    broken = audit.broken_at()
    if broken is not None:
        st.error(
            _(
                "From line {n} on the log is not what was written: somebody or a crash has changed it.",
                n=format_number(broken, lang()),
            ),
            icon=":material/gpp_bad:",
        )
    if not found:
        st.info(_("Nothing has been done yet that the log keeps."), icon=":material/info:")
        return
    newest = found[::-1]
    frame = pd.DataFrame(
        {
            _("When"): [f"{format_date(e.at[:10], lang())} {datetime.fromisoformat(e.at):%H:%M:%S}" for e in newest],
            _("Done by"): [e.who for e in newest],
            _("What"): [_(audit.ACTIONS.get(e.action, e.action)) for e in newest],
            _("Release"): [e.release for e in newest],
            _("Before"): [e.before for e in newest],
            _("After"): [e.after for e in newest],
        }
    )
    st.caption(_("Only ever added to; each line is sealed with the one before it."))
    st.dataframe(frame, hide_index=True, key="data_audit", placeholder="–", alt=_("Acts on the data, newest first"))
    downloads.menu("data_audit", frame, provenance.context((), filters.current(()), _("Audit log")))
