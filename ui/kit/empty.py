"""What a page shows when there is nothing to show, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from data_access.contract.errors import SamoephakError, told
from i18n import N_
from ui.blocks import blocks
from ui.view import view as views
from ui.view.text import _, lang

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

NOT_LOADED = "not_loaded"


def reason(frame: pd.DataFrame, of: Sequence[str] = ()) -> str | None:
    """Why a frame of cells has nothing to draw; None when it has something.

    Args:
        of: the indicators that were asked for, where the frame may be without rows.
    """
    from charts.theme import TOLD  # the frame around every page needs this module, and not what draws
    from ui.kit import data

    if len(frame) and frame["state"].isin(TOLD).any():
        return None
    asked = {*of, *(frame["indicator"] if len(frame) else ())}
    if asked and asked.isdisjoint(data.available()):
        return NOT_LOADED
    if len(frame) and (frame["flag"] == "too_fine").any():
        return "too_fine"
    for state in ("suppressed", "not_collected"):
        if len(frame) and (frame["state"] == state).any():
            return state
    return "not_applicable" if len(frame) and (frame["state"] == "not_applicable").any() else "not_collected"


def when_empty(frame: pd.DataFrame, *of: str) -> bool:
    """Say why there is nothing to draw (`of` as for `reason`); true when that was said."""
    why = reason(frame, of)
    if why == NOT_LOADED:
        not_loaded([*of, *frame["indicator"].unique()] if len(frame) else of)
    elif why is not None:
        blocks.note(_(REASONS[why]), "info")
    return why is not None


def not_loaded(ids: Sequence[str]) -> None:
    """Say which tables bring these indicators to life."""
    from ui.kit import loaded

    blocks.note(_("Not loaded yet. It comes with: {tables}.", tables=loaded.fillers(ids)), "upload_file")


def when_not_compared(frame: pd.DataFrame, *of: str) -> bool:
    """Say that there is nothing to rank or compare, and why (`of` as for `reason`); true when that was said."""
    from charts.theme import shown

    if len(frame) and not shown(frame).empty:
        return False
    if not when_empty(frame, *of):
        blocks.note(_(REASONS["provisional"]), "schedule")
    return True


def refused(error: SamoephakError | OSError) -> None:
    """A refusal in the reader's language (`data_access.contract.errors.TOLD`)."""
    words = told(error).message(lang())
    if views.at_hand():
        blocks.note(words, "error", "error")
    else:
        st.error(words, icon=":material/error:")
