"""Everything that shapes a view, in the address: raw codes only, validated, kept from page to page.

The address is the truth on a page. On the way to another page (whose link has no parameters) the last view of the
session fills in what the address does not say, so a filter follows the reader; a stranger who opens the address sees
the same view.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import streamlit as st

import geo
from i18n import LANGUAGES
from ui.view import view as views
from ui.view.events import act
from ui.view.filter_table import FILTERS

PATTERNS: dict[str, str] = {
    "lang": "|".join(LANGUAGES),
    "scheme": "region4|region6|nesdc",
    **{f.key: f.pattern for f in FILTERS},
    "with_set": r"[a-z][a-z0-9_]{1,30}",
    "against_set": r"[a-z][a-z0-9_]{1,30}",
    "measure": r"[a-z][a-z0-9_.]{2,40}",
    "tab": r"[a-z][a-z0-9_]{1,30}",
    "subject": "thai|maths|science|english",
    "centre": r"[0-9A-Z-]{4,12}",
    "cohort": r"[a-z_]{4,20}-25\d\d",
    "link": "[a-z_]{4,24}",
    "icc": r"\d{1,2}",
    "size": r"\d{1,2}",
    "district": r"\d{4}",
    "lao": r"\d{8}",
    "school": r"\d{10}",
    "scenario": r"[0-9a-f]{12}",
    "against": r"[0-9a-f]{12}(~[0-9a-f]{12}){0,3}",
    "release": r"[a-z0-9][a-z0-9-]{3,40}",
    "map": "split|play",
    "periods": r"(25\d\d-[12]|(AY|FY|CY)25\d\d)(~(25\d\d-[12]|(AY|FY|CY)25\d\d)){0,11}",
    "places": r"[a-z0-9_-]{2,34}(~[a-z0-9_-]{2,34}){0,5}",
    "at": r"[a-z0-9][a-z0-9-]{3,40}",
    "story": r"[0-9a-f]{12}",
    "slide": r"[0-9a-f]{12}",
    "compare": r"[a-z0-9-]{4,41}\.\.[a-z0-9-]{4,41}",
}
SEVERAL = "~"
"""What stands between several codes of one part."""
FOLLOWS = ("lang", "at", "scheme", *(f.key for f in FILTERS))
DEFAULTS = {"lang": "th", "scheme": "region4"}
MEMORY = "samoephak_view"
PAGE = "samoephak_page"
KEPT = "samoephak_kept"


def decode(parameters: Mapping[str, Any]) -> dict[str, str]:
    """The valid part of an address: known keys whose whole value has the right form."""
    out: dict[str, str] = {}
    for key in PATTERNS:
        value = parameters.get(key)
        if isinstance(value, str) and fits(key, value):
            out[key] = value
    return out


def merge(address: Mapping[str, str], memory: Mapping[str, str], moved: bool) -> dict[str, str]:
    """The view to show: the address, filled from the session's memory when the reader comes from another page."""
    if not moved:
        return dict(address)
    return {**{k: v for k, v in memory.items() if k in FOLLOWS}, **address}


def arrive(page: str) -> None:
    """Called once a run by the shell: settle the view of this page and write it back to the address."""
    moved = st.session_state.get(PAGE) != page
    view = merge(decode(st.query_params), st.session_state.get(MEMORY, {}), moved)
    st.session_state[PAGE] = page
    _store(known(view))


def known(view: Mapping[str, str]) -> dict[str, str]:
    """The view without places that there are not: the address says what is in force, and nothing else."""
    lost = set()
    if "province" in view and not geo.is_place(view["province"]):
        lost.add("province")
    if "region" in view and not geo.is_region(view["region"], view.get("scheme", DEFAULTS["scheme"])):
        lost.add("region")
    return {k: v for k, v in view.items() if k not in lost}


def hear_language() -> None:
    """Take the language from the address before the navigation is built, whose titles need it."""
    language = decode(st.query_params).get("lang")
    if language:
        st.session_state[MEMORY] = {**st.session_state.get(MEMORY, {}), "lang": language}


def get(key: str) -> str | None:
    """One part of the view, or its default."""
    return _parts().get(key, DEFAULTS.get(key))


def _parts() -> Mapping[str, str]:
    """The parts of the view that a page is drawn for; else those of the session."""
    drawn = views.at_hand()
    return drawn.parts if drawn else st.session_state.get(MEMORY, {})


def _of_the_session() -> None:
    if views.at_hand():
        raise RuntimeError("a page is a function of its view: it changes none")


def put(**changes: str | None) -> None:
    """Change parts of the view; None takes a part away. For acts and callbacks, never while a page is drawn."""
    _of_the_session()
    view = dict(st.session_state.get(MEMORY, {}))
    for key, value in changes.items():
        if value is None:
            view.pop(key, None)
        elif fits(key, value):
            view[key] = value
    _store(view)


def fits(key: str, value: str) -> bool:
    """Whether a value has the form of a part of the view."""
    return bool(re.fullmatch(PATTERNS[key], value))


def _store(view: dict[str, str]) -> None:
    st.session_state[MEMORY] = view
    wanted = {k: v for k, v in view.items() if DEFAULTS.get(k) != v}
    others = {k: v for k, v in st.query_params.to_dict().items() if k not in PATTERNS}
    if st.query_params.to_dict() != {**others, **wanted}:
        st.query_params.from_dict({**others, **wanted})


def address() -> dict[str, str]:
    """The view as query parameters for a link to another page."""
    return {k: v for k, v in everything().items() if k in FOLLOWS}


def page() -> str:
    """The page that the reader is on, by its file stem."""
    drawn = views.at_hand()
    return drawn.page if drawn else st.session_state.get(PAGE, "overview")


def view() -> dict[str, str]:
    """Everything that shapes the view at hand, but for the release that it is seen on."""
    return {k: v for k, v in everything().items() if k != "at"}


def everything() -> dict[str, str]:
    """Every part of the view that is not at its default, for `ui.view.view.View`."""
    return {k: v for k, v in _parts().items() if DEFAULTS.get(k) != v}


# ---- what is chosen beside the address --------------------------------------------------------------------------------------
def kept() -> Mapping[str, str]:
    """What the reader has chosen or opened that is in no address, by the key of its block."""
    drawn = views.at_hand()
    found: Mapping[str, str] = drawn.kept if drawn else st.session_state.get(KEPT, {})
    return found


def keep(key: str, value: str) -> None:
    """Keep a choice for as long as the reader stays; an empty one is given up."""
    _of_the_session()
    found = {k: v for k, v in kept().items() if k != key}
    st.session_state[KEPT] = {**found, key: value} if value else found


# ---- what blocks offer ------------------------------------------------------------------------------------------------------
@act
def choose(value: Any, part: str, also: Mapping[str, str | None] | None = None) -> None:
    """Put what was chosen into a part of the view, nothing for what that part cannot be; `also` changes other parts."""
    put(**{part: str(value) if value and fits(part, str(value)) else None, **(also or {})})


@act
def choose_several(value: list[str], part: str, in_order: bool = False) -> None:
    """Put several codes into a part of the view, as they were chosen or `in_order` of their own."""
    codes = list(dict.fromkeys(value))
    put(**{part: SEVERAL.join(sorted(codes) if in_order else codes) or None})


@act
def keep_chosen(value: Any, key: str) -> None:
    """Keep what was chosen."""
    keep(key, str(value))


@act
def keep_this(_value: Any, key: str, value: str) -> None:
    """Keep what the offer says."""
    keep(key, value)
