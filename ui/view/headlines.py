"""The headlines of the page at hand: what a page computed (`ui.kit.kpi`), for slides that take it away."""

from __future__ import annotations

from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import dataclass

import streamlit as st

from data_access.questions.recorded import Ask
from ui.view import view as views

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
    asks: tuple[Ask, ...] = ()
    period: str | None = None
    """The period of the view that it was computed for."""
    dated: str = ""
    """The period that a published figure's own number speaks of, for where the sentence does not stand beside it."""


_DRAWN: ContextVar[list[Headline]] = ContextVar("headlines")


def shown_now() -> list[Headline]:
    """The headlines of the page that is being drawn, in their order; outside of that, of the page on the screen."""
    return _DRAWN.get() if views.at_hand() else st.session_state.setdefault(HEADLINES, [])


def noted() -> AbstractContextManager[list[Headline]]:
    """The headlines that are drawn meanwhile."""
    return views.held(_DRAWN, [])
