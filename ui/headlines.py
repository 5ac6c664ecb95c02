"""The headlines of the page at hand: what a page computed (`ui.kpi`), for slides that take it away."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from data_access.asks import Ask

HEADLINES = "samoephak_headlines"


@dataclass(frozen=True)
class Headline:
    """A computed headline, ready to draw or to put into words."""

    title: str
    number: str
    delta: float | None
    sentence: str
    colour: str
    help: str
    on_track: bool | None = None
    asks: tuple[Ask, ...] = ()
    period: str | None = None
    """The period of the view that it was computed for."""
    dated: str = ""
    """The period that a published figure's own number speaks of, for where the sentence does not stand beside it."""


def shown_now() -> list[Headline]:
    """The headlines drawn in the run at hand, in the order of the page; the frame around the page empties it first."""
    return st.session_state.setdefault(HEADLINES, [])
