"""A first visit, guided for each audience: a few steps from page to page, skippable and remembered by the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from i18n import N_
from ui.blocks import blocks
from ui.view import address
from ui.view.events import Act, act, offer
from ui.view.text import _

COOKIE = "samoephak_seen"
TAKEN, GOING = "samoephak_guide", "samoephak_guide_going"
AUDIENCES = {
    "executive": (N_("I want to see what is on track"), ":material/insights:"),
    "manager": (N_("I run a programme"), ":material/manage_search:"),
    "presenter": (N_("I prepare a meeting"), ":material/slideshow:"),
}
STEPS: dict[str, tuple[tuple[str, str], ...]] = {
    "executive": (
        (
            "overview",
            N_(
                "The sentence under the filters says what is on plan and what is not. Each line below is a result: press it to see it on the map."
            ),
        ),
        ("targets", N_("Every target with its path: what should have been reached by now, and what was.")),
        ("province", N_("Choose a province: three sentences, its numbers beside similar provinces, and what it has sent.")),
        ("compare", N_("Up to six places on the same scales. A difference between places is not an effect of a programme.")),
    ),
    "manager": (
        (
            "pilot_areas",
            N_("Which places are in which pilot set. The table holds every school, centre and authority; a row leads on."),
        ),
        ("schools", N_("Filters stay when you change the page, and are in the address: send it, and others see the same.")),
        ("data", N_("Bring in a file here. Nothing is published before you have seen what was found in it.")),
        ("kept_views", N_("Views kept under a name, with dated notes that open as it was when they were written.")),
    ),
    "presenter": (
        ("grants", N_("Under every figure: Download, then Add to the story. One click freezes what you see.")),
        (
            "mou_review",
            N_("Order and word the slides, present them on the whole screen, hand out the same as PowerPoint, PDF or Excel."),
        ),
        ("claims", N_("Published figures beside what the tables say: look here before somebody asks.")),
    ),
}


@dataclass(frozen=True)
class _Way:
    """A button of the tour: where it leads, its words, its symbol, and how much it stands out."""

    leads: str
    words: str
    icon: str = ""
    tone: str = ""


def go(pages: dict[str, Any]) -> None:
    """Before the page runs: move on to the page of the step that was just chosen."""
    target, more = st.session_state.pop(GOING, ("", {}))
    if target in pages:
        st.switch_page(pages[target], query_params={**address.address(), **more})


def head_for(page: str, **more: str) -> None:
    """Go to a page, with the view at hand and what is added to it, before the next run draws anything. For callbacks."""
    st.session_state[GOING] = (page, more)


@act
def lead(_value: Any, page: str = "", more: Mapping[str, str] | None = None, put: Mapping[str, str | None] | None = None) -> None:
    """Change parts of the view (`put`) and go to a page, with what is added to it (`more`), where one is named."""
    if put:
        address.put(**put)
    if page:
        head_for(page, **(more or {}))


@act
def lead_to(page: str) -> None:
    """Go to a page."""
    head_for(page)


def show(page: str) -> None:
    """Above the page: the step at hand, or on a first visit the question who is reading."""
    audience, step = st.session_state.get(TAKEN, ("", 0))
    if audience:
        _step(audience, step, page)
    elif page == "overview" and TAKEN not in st.session_state and not _seen():
        _question()


def _seen() -> bool:
    return st.context.cookies.get(COOKIE) == "1"


@act
def begin(audience: str) -> None:
    """Start the guide of an audience; an empty one ends it."""
    _at(audience, 0)


def _at(audience: str, step: int) -> None:
    st.session_state[TAKEN] = (audience, step)
    if audience:
        head_for(STEPS[audience][step][0])


def is_over() -> bool:
    """Whether the first visit is over and the browser has not been told yet."""
    return TAKEN in st.session_state and not _seen()


def _question() -> None:
    """Who is reading: one block, since what stands above a page is placed anew with every change on it."""
    _box(
        "",
        _("Your first visit? A tour of a few steps:"),
        "",
        [*_audiences(), _Way("", N_("No tour"), tone="quiet")],
        offer(begin),
    )


def _audiences() -> list[_Way]:
    return [_Way(audience, words, icon) for audience, (words, icon) in AUDIENCES.items()]


def tours() -> None:
    """The tours, for who looks for them."""
    _box("", "", _("A few steps from page to page. It can be left at any time."), _audiences(), offer(begin), "offer")


def _step(audience: str, step: int, page: str) -> None:
    steps = STEPS[audience]
    ways = [
        *([_Way(str(step), N_("Back to this step"))] if page != steps[step][0] else []),
        *([_Way(str(step - 1), N_("Back"), ":material/arrow_back:")] if step else []),
        *([_Way(str(step + 1), N_("Next"), ":material/arrow_forward:", "strong")] if step + 1 < len(steps) else []),
        _Way("", N_("End the tour"), tone="quiet"),
    ]

    _box("tour", f"{step + 1} / {len(steps)}", _(steps[step][1]), ways, offer(take, audience=audience))


@act
def take(wanted: str, audience: str) -> None:
    """Take a step of a guide, or end it."""
    if wanted:
        _at(audience, int(wanted))
    else:
        begin("")


def _box(icon: str, strong: str, words: str, ways: Sequence[_Way], leads: Act, key: str = "guide") -> None:
    """What is said in it, and the ways on as buttons; `leads` gets where the one leads that the reader chooses."""
    buttons = [[w.leads, _(w.words), blocks.symbol(w.icon), w.tone] for w in ways]
    blocks.put("tour", {"icon": icon, "strong": strong, "text": words, "buttons": buttons}, key=key, acts={"pressed": leads})
