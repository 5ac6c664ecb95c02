"""The dialog that a reader asked for with a button: opened after all of the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from functools import partial
from typing import Any

import streamlit as st

from ui.blocks import blocks
from ui.view import view as views
from ui.view.events import act, offer

ASKED = "samoephak_dialog_asked"
Open = Callable[[], None]
_OPENED: ContextVar[list[Open]] = ContextVar("dialogs")


def button(
    key: str,
    text: str,
    icon: str,
    title: str,
    draw: Callable[..., None],
    *args: Any,
    label: str | None = None,
    beside: tuple[str, str, Callable[..., None]] | None = None,
) -> None:
    """A button that opens a dialog, which is drawn by `draw` with `args` when it has been pressed.

    Args:
        title: of the dialog, as Markdown.
        label: as for `blocks.button`.
        beside: symbol, words and deed of a second button, which is done with `args` without a dialog.
    """
    second = f"{key}_at_once"
    more = (beside[0], beside[1], offer(ask, key=second)) if beside else None
    blocks.button(key, text, icon, offer(ask, key=key), label=label, beside=more)
    if (found := _OPENED.get(None)) is None:
        return
    if key == asked():
        found.append(partial(st.dialog(title, icon=f":material/{icon}:")(draw), *args))
    elif beside and second == asked():
        found.append(partial(beside[2], *args))


@act
def ask(_value: Any, key: str) -> None:
    """Ask for the dialog of a button."""
    st.session_state[ASKED] = key


def asked() -> str:
    """The dialog that a reader has just asked for; empty for none."""
    view = views.at_hand()
    return view.asked if view else st.session_state.get(ASKED, "")


def opened() -> AbstractContextManager[list[Open]]:
    """What opens the dialog that was asked for, where its button is put meanwhile."""
    return views.held(_OPENED, [])


def show(found: Sequence[Open]) -> None:
    """Open the dialog that was asked for, after all of the page."""
    st.session_state.pop(ASKED, None)
    for dialog in found[-1:]:
        dialog()
