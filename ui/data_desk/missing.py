"""Rows of before that a file lacks: whoever loads it says whether they go or stay; nothing is chosen beforehand."""

from __future__ import annotations

import streamlit as st

from data_access.importing.missing_rows import ASK, KEEP, REPLACE, Missing, MissingRows
from data_access.importing.report import LoadReport
from i18n import N_
from ui.kit import words
from ui.view.text import _

CHOICES = {
    REPLACE: N_("They go: this file replaces the period"),
    KEEP: N_("They stay: this file is a part, or adds to what is there"),
}
MOST = 12


def chosen(key: str) -> Missing:
    """What was chosen, or that it has to be asked."""
    found: Missing = st.session_state.get(f"{key}_missing") or ASK
    return found


def ask(report: LoadReport, key: str) -> None:
    """The rows by place and period, and the choice; nothing where the file lacks none."""
    found = report.sheets[0].missing_rows
    if found is not None:
        question(found, key)


def question(found: MissingRows, key: str) -> None:
    """What the file lacks, and the choice."""
    st.warning(told(found), icon=":material/playlist_remove:")
    st.radio(
        _("What becomes of the rows that this file lacks?"),
        list(CHOICES),
        index=None,
        format_func=lambda code: _(CHOICES[code]),
        key=f"{key}_missing",
    )
    if len(found.places) > MOST:
        with st.expander(_("All places of rows that the file lacks"), icon=":material/list:"):
            st.markdown(words.places(found.places, len(found.places)))


def told(found: MissingRows) -> str:
    """What a file lacks, in words."""
    return _(
        "{rows} of {periods} that are there already are not in this file: {places}.",
        rows=_("{n} rows", n=words.rows(found.rows)),
        periods=", ".join(words.period(p) for p in found.periods),
        places=words.places(found.places, MOST) or "–",
    )
