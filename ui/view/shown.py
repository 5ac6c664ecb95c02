"""Which release the run at hand shows."""

from __future__ import annotations

import streamlit as st

from data_access.contract.errors import ReleaseError
from data_access.store.releases import Release, require_release, served_release
from ui.view import address
from ui.view import view as views

SETTLED = "samoephak_release"


def release() -> Release:
    """The release this run shows: the one that the address names (`at`), else the one that all readers see.

    Settled once a run (`settle`), so that no screen mixes two releases, however long its parts take to be drawn.
    """
    if drawn := views.at_hand():
        return drawn.release
    settled = st.session_state.get(SETTLED)
    if settled is not None:
        return settled
    wanted = address.get("at")
    if wanted:
        try:
            return require_release(wanted)
        except ReleaseError:
            pass  # the shell says that there is no such release
    found, _damaged = served_release()
    return found or require_release()


def settle() -> None:
    """Decide which release the run that begins shows, to its end and in the fragments that are drawn again after it."""
    st.session_state.pop(SETTLED, None)
    st.session_state[SETTLED] = release()


def current() -> Release | None:
    """The release that all readers see, or None before the first publication."""
    return served_release()[0]
