"""Which story a reader fills, for the head of every page: nothing here loads what draws."""

from __future__ import annotations

import streamlit as st

from data_access.saved import story_shelf
from data_access.who.access import PRESENTER
from ui.entry import person
from ui.view import shown

STORY = "samoephak_story"
"""Of the session: the story that was opened or begun last."""


def story() -> str | None:
    """The id of the story that views are added to; None for who presents nothing, or fills none."""
    who = person.current()
    return story_shelf.filled(who, st.session_state.get(STORY, ""), shown.release().id) if who.may(PRESENTER) else None


def slides() -> int | None:
    """How many slides that story has; None without one."""
    found = story()
    told = story_shelf.outline(found) if found else None
    return told.slides if told else None
