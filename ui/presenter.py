"""The pages of a story over the whole screen, by keyboard or remote; a component of ours without any widget of Streamlit."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from data_access.stories import Slide
from ui.text import _

FOLDER = Path(__file__).parent.parent / "assets" / "presenter"


@cache
def _component() -> Any:
    html, css, js = ((FOLDER / f"presenter.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("samoephak_presenter", html=html, css=css, js=js)


def data_url(picture: bytes) -> str:
    """A PNG inside an address."""
    return "data:image/png;base64," + base64.b64encode(picture).decode("ascii")


def present(key: str, title: str, slides: Sequence[Slide], pictures: Sequence[bytes], start: int = 0) -> None:
    """A button that shows the pictures over the whole screen, from the slide at `start` on.

    Everything travels to the browser before the button can be pressed, so that a lost connection does not stop a meeting.
    """
    pages = [
        {"picture": data_url(picture), "alt": f"{slide.title}. {slide.alt}", "notes": slide.notes}
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
