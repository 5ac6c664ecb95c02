"""What a page shows when there is nothing to show, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data_access.errors import SamoephakError, told
from i18n import N_
from ui import sheet
from ui.text import _, lang

if TYPE_CHECKING:
    import pandas as pd

REASONS = {
    "suppressed": N_(
        "The numbers are suppressed: each is small, or would give a small number elsewhere away. Widen the filters: fewer splits, or a larger place."
    ),
    "too_fine": N_("This combination is not published at this level, to protect small groups. Take one of the filters away."),
    "not_collected": N_("Nothing was collected for this period and place. That is not the same as nought."),
    "provisional": N_("Provisional numbers are neither ranked nor compared. Choose a period that is complete."),
    "not_applicable": N_("This number does not exist for the filters chosen. Take a filter away."),
}


def reason(frame: pd.DataFrame) -> str | None:
    """Why a frame of cells has nothing to draw; None when it has something."""
    from charts.theme import TOLD  # the frame around every page needs this module, and not what draws

    if len(frame) and frame["state"].isin(TOLD).any():
        return None
    if len(frame) and (frame["flag"] == "too_fine").any():
        return "too_fine"
    for state in ("suppressed", "not_collected"):
        if len(frame) and (frame["state"] == state).any():
            return state
    return "not_applicable" if len(frame) and (frame["state"] == "not_applicable").any() else "not_collected"


def when_empty(frame: pd.DataFrame) -> bool:
    """Say why there is nothing to draw; true when that was said."""
    why = reason(frame)
    if why is not None:
        sheet.note(_(REASONS[why]), "info")
    return why is not None


def when_not_compared(frame: pd.DataFrame) -> bool:
    """Say that there is nothing to rank or compare, and why; true when that was said."""
    from charts.theme import shown

    if len(frame) and not shown(frame).empty:
        return False
    if not when_empty(frame):
        sheet.note(_(REASONS["provisional"]), "schedule")
    return True


def refused(error: SamoephakError | OSError) -> None:
    """A refusal in the reader's language (`data_access.errors.TOLD`)."""
    st.error(told(error).message(lang()), icon=":material/error:")


def nothing_published() -> None:
    """The release holds no table that a page could show."""
    sheet.note(_("This release has no data yet. Files come in on the page Data."), "info")
