"""The dialog that a reader asked for with a button: opened after all of the page, whose sheets it would break."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

ASKED, READY = "samoephak_dialog_asked", "samoephak_dialog"


def ask(key: str) -> None:
    """Have the dialog of a button opened by the run that follows. For callbacks."""
    st.session_state[ASKED] = key


def asked() -> str:
    """The key of the button whose dialog is to be opened; empty when none is."""
    return str(st.session_state.get(ASKED, ""))


def prepare(draw: Callable[[], None]) -> None:
    """Called by the button that was asked: what draws its dialog."""
    st.session_state[READY] = draw


def show() -> None:
    """Open the dialog that was asked for, if the page at hand has drawn its button."""
    st.session_state.pop(ASKED, None)
    if draw := st.session_state.pop(READY, None):
        draw()
