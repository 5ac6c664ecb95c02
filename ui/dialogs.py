"""The dialog that a reader asked for with a button: opened after all of the page, whose sheets it would break."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from ui import sheet

ASKED, READY = "samoephak_dialog_asked", "samoephak_dialog"


def button(key: str, text: str, icon: str, title: str, draw: Callable[..., None], *args: Any, label: str | None = None) -> None:
    """A button of a sheet that opens a dialog, which is drawn by `draw` with `args` when it has been pressed.

    Args:
        title: of the dialog, as Markdown.
        label: as for `sheet.button`.
    """

    def ask() -> None:
        st.session_state[ASKED] = key

    sheet.button(key, text, icon, ask, label=label)
    if st.session_state.get(ASKED) == key:
        st.session_state[READY] = partial(st.dialog(title, icon=f":material/{icon}:")(draw), *args)


def asked() -> bool:
    """Whether a reader has pressed such a button."""
    return ASKED in st.session_state


def show() -> None:
    """Open the dialog that was asked for, if the page at hand has drawn its button."""
    st.session_state.pop(ASKED, None)
    if draw := st.session_state.pop(READY, None):
        draw()
