"""The head of a page: its title, the menus beside it and the language. What a menu holds is drawn when it is opened, and imported then."""

from __future__ import annotations

from typing import Any

import streamlit as st

from i18n import N_, format_number
from ui.blocks import blocks
from ui.entry import person
from ui.kit import filling, guide
from ui.view import address
from ui.view.events import act, offer
from ui.view.text import _, lang, plain

ASKED = "samoephak_menu"
LANGUAGE_NAMES = {"th": "ไทย", "en": "English"}  # each language in its own words, never translated
SEARCH, THIS_VIEW, STORY, PERSON = "search", "view", "story", "person"
MENUS = {SEARCH: (N_("Search"), "search"), THIS_VIEW: (N_("This view"), "bookmark_add")}


def head(title: str = "", about: dict[str, Any] | None = None) -> None:
    """The head of a page; without a title the languages alone.

    Args:
        about: what data it shows: `words`, and `demo`, the words of a mark and what it means.
    """
    offered = _offered() if title else {}
    languages = {"label": _("Language"), "value": lang(), "options": list(LANGUAGE_NAMES.items())}
    menus = [[name, *found] for name, found in offered.items()]
    cookie = guide.COOKIE if title and guide.is_over() else ""
    told = {"title": title, "menus": menus, "languages": languages, "cookie": cookie, "about": about, "follows": address.FOLLOWS}
    acts = {"opened": offer(ask), "language": offer(address.choose, part="lang")}
    blocks.put("top", told, key="top", acts=acts)


def _offered() -> dict[str, tuple[str, str]]:
    """The menus of this reader: their words and symbols."""
    found = {name: (_(words), symbol) for name, (words, symbol) in MENUS.items()}
    if (count := filling.slides()) is not None:
        found[STORY] = (_("Story · {n}", n=format_number(count, lang())), "slideshow")
    return found | ({PERSON: (who, "person")} if (who := person.signed_in_as()) else {})


@act
def ask(name: str) -> None:
    """Ask for a menu, which is opened after the page."""
    st.session_state[ASKED] = name


def show(title: str) -> None:
    """Open the menu that was asked for, after all of the page; `title` is the page's."""
    name = st.session_state.pop(ASKED, None)
    if name and (found := _offered().get(name)):
        words, symbol = found
        st.dialog(plain(words), icon=f":material/{symbol}:")(_draw)(name, title)


def _draw(name: str, title: str) -> None:
    if name == SEARCH:
        from ui.frame import search

        search.box()
    elif name == STORY:
        from ui.meetings import saved_views

        saved_views.story_at_hand()
    elif name == THIS_VIEW:
        from ui.meetings import saved_views

        saved_views.choices(title)
    else:
        person.about()
