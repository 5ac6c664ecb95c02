"""The pages of a story over the whole screen, by keyboard or remote; a component of ours without any widget of Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import runtime

from data_access.saved.stories import Slide
from ui.view.text import _

FOLDER = Path(__file__).parents[2] / "assets" / "presenter"


@cache
def _component() -> Any:
    html, css, js = ((FOLDER / f"presenter.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("samoephak_presenter", html=html, css=css, js=js)


def address(key: str, picture: bytes) -> str:
    """Where the browser gets a PNG of this session: the address follows from the content, so that it is fetched once."""
    return runtime.get_instance().media_file_mgr.add(picture, "image/png", key)


def present(key: str, title: str, slides: Sequence[Slide], pictures: Sequence[bytes], start: int = 0) -> None:
    """A button that shows the pictures over the whole screen, from the slide at `start` on.

    The browser holds every picture before the button can be pressed, so that a lost connection does not stop a meeting.
    """
    pages = [
        {"picture": address(f"{key}_{slide.id}", picture), "alt": f"{slide.title}. {slide.alt}", "notes": slide.notes}
        for slide, picture in zip(slides, pictures, strict=True)
    ]
    words = {
        "title": title,
        "present": _("Present on the whole screen"),
        "close": _("End"),
        "no_notes": _("No notes for this slide."),
        "help": _("Arrows or remote: next and back · S: notes · B: black · Esc: end"),
    }
    _component()(key=key, data={"pages": pages, "words": words, "start": start})
