"""The pages of a story over the whole screen, by keyboard or remote; a component of ours without any widget of Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import runtime

import handouts
from data_access.saved.stories import Story
from ui.view.text import _

FOLDER = Path(__file__).parents[2] / "assets" / "presenter"


@cache
def _component() -> Any:
    html, css, js = ((FOLDER / f"presenter.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("samoephak_presenter", html=html, css=css, js=js)


def address(key: str, picture: bytes) -> str:
    """Where the browser gets a PNG of this session: the address follows from the content, so that it is fetched once."""
    return runtime.get_instance().media_file_mgr.add(picture, "image/png", key)


def present(key: str, story: Story, pictures: Sequence[bytes], start: int = 0) -> None:
    """Buttons that show the pages over the whole screen, from the slide at `start` on, and what only the presenter sees in a window of its own.

    The browser holds every picture before a button can be pressed, so that a lost connection does not stop a meeting.

    Args:
        pictures: of all pages (`handouts.pictures`), those before and after the slides too.
    """
    front, back = handouts.before(story), handouts.after(story)
    told: list[tuple[str, str, str]] = [
        *((page.title, "", "") for page in front),
        *((slide.title, slide.alt, slide.notes) for slide in story.slides),
        *((page.title, "", "") for page in back),
    ]
    pages = [
        {"picture": address(f"{key}_{number}", picture), "alt": f"{title}. {alt}".strip(), "title": title, "notes": notes}
        for number, ((title, alt, notes), picture) in enumerate(zip(told, pictures, strict=True))
    ]
    words = {
        "title": story.title,
        "present": _("Present from the beginning"),
        "here": _("From this slide"),
        "close": _("End"),
        "no_notes": _("No notes for this slide."),
        "next": _("Next"),
        "end": _("End of the story"),
        "help": _(
            "Arrows or remote: next and back · number and Enter: that page · B, W: black, white · L: pointer · S: notes in a window of their own · Esc: end"
        ),
    }
    _component()(key=key, data={"pages": pages, "words": words, "start": len(front) + start})
