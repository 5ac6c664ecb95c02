"""The last step of a load: what still refuses it, reasons for its warnings, and the button that writes it into the draft."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from data_access.contract.errors import TOLD
from data_access.importing.report import LoadReport
from ui.data_desk import findings, uploads
from ui.kit import empty
from ui.view.text import _

Write = Callable[[dict[str, str]], str | None]
"""Loads with the reasons of accepted warnings; what was written, in words; None where the load was refused."""


def step(report: LoadReport, label: str, slot: str, key: str, write: Write) -> None:
    """The step as a whole.

    Args:
        report: of the check, of all that is loaded together.
        label: of the button.
        slot: under which what was loaded is remembered, for the file and its sheet.
        write: what the button does.
    """
    done = st.session_state.setdefault(uploads.DONE, {})
    if not report.ok:
        others = any(p.severity == "error" and p.code != "rows_missing" for p in report.problems)
        st.error(
            _("Nothing can be loaded while there are errors: mend the file, answer the names or correct the mapping.")
            if others
            else _("Say above what becomes of the rows that this file lacks."),
            icon=":material/block:",
        )
        return
    reasons = findings.reasons(report, key)
    if slot in done:
        st.success(done[slot], icon=":material/check_circle:")
    unanswered = len(findings.warning_codes(report)) - len(reasons)
    if st.button(label, key=f"{key}_load", type="primary", icon=":material/input:", disabled=unanswered > 0):
        _write(write, reasons, slot)
    if unanswered:
        st.caption(_("{n} kinds of warnings still need a reason.", n=unanswered))


def _write(write: Write, reasons: dict[str, str], slot: str) -> None:
    try:
        with st.spinner(_("Loading into the draft")):
            written = write(reasons)
    except TOLD as error:
        empty.refused(error)
        return
    if written is None:
        st.error(_("The load was refused; the draft is as it was."), icon=":material/block:")
        return
    st.session_state[uploads.DONE][slot] = _(
        "In the draft: {written}. Readers see it when the draft is published.", written=written
    )
    st.rerun()
