"""The pages of the app: their titles, menus and files, what draws each, and the ways from one to another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module, reload
from pathlib import Path
from urllib.parse import urlencode

from data_access import programmes
from data_access.contract.settings import settings
from data_access.programmes.light import Menu
from data_access.who.access import STEWARD
from i18n import N_
from ui.blocks import blocks
from ui.entry import person
from ui.kit import guide
from ui.view import address
from ui.view.events import offer
from ui.view.text import _

ROOT = Path(__file__).parents[2]
PLACES, RESULTS, MEETINGS, NUMBERS = N_("Places"), N_("Results and policy"), N_("Meetings"), N_("Numbers and data")
MENUS = ("", PLACES, N_("Programmes"), N_("Learning and paths"), RESULTS, MEETINGS, NUMBERS)
"""The menus, in order; pages without one stand by themselves."""
OWN = {
    "overview": Menu(N_("Overview"), ":material/dashboard:"),
    "province": Menu(N_("Province"), ":material/location_on:", PLACES, 10),
    "compare": Menu(N_("Compare"), ":material/compare_arrows:", PLACES, 20),
    "claims": Menu(N_("Published figures"), ":material/fact_check:", RESULTS, 30),
    "mou_review": Menu(N_("MOU review"), ":material/slideshow:", MEETINGS, 10),
    "kept_views": Menu(N_("Kept views and notes"), ":material/bookmarks:", MEETINGS, 20),
    "indicators": Menu(N_("All indicators"), ":material/monitoring:", NUMBERS, 10),
    "data": Menu(N_("Data"), ":material/database:", NUMBERS, 20),
    "help": Menu(N_("Help and glossary"), ":material/help:", NUMBERS, 30),
}
"""The pages that are of no programme; those of programmes come with them (`data_access.programmes`)."""


def _place(entry: tuple[str, Menu]) -> tuple[int, int]:
    menu = entry[1]
    return MENUS.index(menu.menu) if menu.menu in MENUS else len(MENUS), menu.order


PAGES = {
    name: (menu.title, menu.icon, menu.menu)
    for name, menu in sorted([*OWN.items(), *((name, menu) for name, menu, _file in programmes.pages())], key=_place)
}
"""File stem of each page -> title, icon, and the menu it stands in; without one it stands by itself."""
FILES = {name: ROOT / "pages" / f"{name}.py" for name in PAGES} | {name: file for name, _menu, file in programmes.pages() if file}
MODULES = {name: f"pages.{name}" for name in PAGES} | {
    name: f"{programmes.__name__}.{name}.page" for name, _menu, file in programmes.pages() if file
}
OF_STREAMLIT = ("mou_review", "kept_views", "data", "help")
"""Pages that are ordinary Streamlit: they hold elements of its own, and what may change at any time."""


def page_of(name: str) -> Callable[[], None]:
    """What puts the blocks of a page: the function `page` of its file; read anew in development."""
    module = import_module(MODULES[name])
    function: Callable[[], None] = (reload(module) if settings().development else module).page
    return function


def link(page: str, label: str, icon: str | None = None) -> None:
    """A link to another page that carries the view along."""
    links(f"to_{page}", [(page, label, icon)])


def links(key: str, wanted: Sequence[tuple[str, str, str | None]]) -> None:
    """Links to other pages side by side: page, words and icon of each; a page that is not there is left out."""
    blocks.links(key, [way(*found) for found in wanted if FILES[found[0]].is_file()])


def to_import() -> blocks.Link | None:
    """The way to where files come in, for those who may bring them in."""
    return way("data", _("Load a file"), ":material/upload_file:", tab="import") if person.may(STEWARD) else None


def way(page: str, label: str, icon: str | None, **more: str) -> blocks.Link:
    """The way to another page with the view at hand and what is added to it."""
    return blocks.Link(label, icon, address_of(page, **more), offer(guide.lead, page=page, more=more))


def address_of(page: str, **changes: str | None) -> str:
    """The address of a page with the view at hand, changed where asked; None takes a part away."""
    query = {k: v for k, v in {**address.address(), **changes}.items() if v is not None}
    return f"./{'' if page == 'overview' else page}?{urlencode(query)}"
