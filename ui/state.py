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

from i18n import LANGUAGES

PATTERNS: dict[str, str] = {
    "lang": "|".join(LANGUAGES),
    "period": r"25\d\d-[12]|(AY|FY|CY)25\d\d",
    "scheme": "region4|region6|nesdc",
    "region": r"[A-Za-z0-9_-]{1,24}",
    "province": r"[1-9]\d",
    "sex": "male|female|unspecified",
    "level": "kindergarten|primary|lower_secondary|upper_secondary",
    "tier": "extra_poor|poor|not_poor",
    "disability": "disabled|not_disabled|unspecified",
    "set": r"[a-z][a-z0-9_]{1,30}",
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
FOLLOWS = ("lang", "at", "period", "scheme", "region", "province", "sex", "level", "tier", "disability", "set")
DEFAULTS = {"lang": "th", "scheme": "region4"}
MEMORY = "samoephak_view"
PAGE = "samoephak_page"


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
    _store(view)


def move(page: str) -> None:
    """Settle the view at hand on another page, as if a link had led there."""
    st.session_state[PAGE] = page
    _store(merge({}, st.session_state.get(MEMORY, {}), moved=True))


def hear_language() -> None:
    """Take the language from the address before the navigation is built, whose titles need it."""
    language = decode(st.query_params).get("lang")
    if language:
        st.session_state[MEMORY] = {**st.session_state.get(MEMORY, {}), "lang": language}


def get(key: str) -> str | None:
    """One part of the view, or its default."""
    return st.session_state.get(MEMORY, {}).get(key, DEFAULTS.get(key))


def put(**changes: str | None) -> None:
    """Change parts of the view; None takes a part away. For callbacks, and before widgets are drawn."""
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
    return {k: v for k, v in st.session_state.get(MEMORY, {}).items() if DEFAULTS.get(k) != v and k in FOLLOWS}


def page() -> str:
    """The page that the reader is on, by its file stem."""
    return st.session_state.get(PAGE, "overview")


def view() -> dict[str, str]:
    """Everything that shapes the view at hand, but for the release that it is seen on."""
    return {k: v for k, v in st.session_state.get(MEMORY, {}).items() if DEFAULTS.get(k) != v and k != "at"}
