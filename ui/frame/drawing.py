"""A page is a function of its view: it is drawn once a view, and who comes to the same view of the same release again gets what was drawn
for the first, in milliseconds, also from a process that has been started since (`ui.frame.page_cache`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any

from data_access import health
from data_access.contract.settings import settings
from data_access.saved.json_store import SCENARIOS, Shelf
from ui.blocks import blocks, dialogs
from ui.frame import drawing_ahead, page_cache
from ui.kit import navigation
from ui.view import address, cache, headlines
from ui.view import view as views
from ui.view.view import View

KEPT = 64_000_000
"""Bytes of all pages together; one is 15 to 500 kB with its figures."""
WRITTEN = {"policy": (SCENARIOS,)}
"""Pages that also show what people have saved -> its shelves."""

_KEPT: OrderedDict[Hashable, page_cache.Page] = OrderedDict()
_OFFERED: set[Hashable] = set()
"""Releases and kinds of readers for whom all pages have been asked for ahead."""
_LOCK, _DRAWING = Lock(), Lock()


def forget() -> None:
    """Draw every page anew."""
    with _LOCK:
        _KEPT.clear()
        _OFFERED.clear()
    page_cache.forget()


cache.FORGETTERS.append(forget)


@dataclass(frozen=True)
class Made:
    """What came of drawing a page: what is sent, and what opens the dialog that was asked for."""

    page: page_cache.Page
    dialogs: tuple[dialogs.Open, ...] = ()


def draw(view: View) -> Made:
    """Draw a page for a view; nothing is sent."""
    with (
        views.drawing(view),
        views.next_noted() as beside,
        headlines.noted() as found,
        dialogs.opened() as opened,
        blocks.collected() as sent,
    ):
        put_blocks(view.page)
    return Made(page_cache.Page(sent.done(), tuple(found), tuple(beside)), tuple(opened))


def dialogs_of(view: View) -> tuple[dialogs.Open, ...]:
    """What opens the dialog that a view asks for, for `ui.meetings.templates`."""
    return draw(view).dialogs


def put_blocks(page: str) -> None:
    """Put the blocks of a page: what it lacks at its head, then the page itself, if there is something to show."""
    from ui.kit import loaded

    if not loaded.head(page, navigation.to_import()):
        navigation.page_of(page)()


def show(view: View) -> page_cache.Page:
    """The page for a view: as it was drawn before, by this process or an earlier one, else drawn now."""
    with drawing_ahead.reader():
        found = known(view)
        if not found and (found := _from_disk(view)):
            health.count("sent_as_drawn_before")
        found = found or _anew(view)
    if settings().development:  # what is drawn then is kept by nobody
        return found
    drawing_ahead.want([view.having(change) for change in found.beside], _unless_known)
    if set(view.parts) <= {"lang"}:  # who has just come
        _offer(view)
    return found


def _offer(view: View) -> None:
    """Have every page drawn ahead for readers of this kind, once: the next one, or this one later, comes to it by its link."""
    kind = key(view)[:5]
    if kind not in _OFFERED:
        _OFFERED.add(kind)
        others = [name for name in navigation.PAGES if name not in (*navigation.OF_STREAMLIT, view.page)]
        drawing_ahead.pages([view.on(name, address.FOLLOWS) for name in others], _unless_kept)


def known(view: View) -> page_cache.Page | None:
    """The page of a view, if this process has it."""
    named = key(view)
    with _LOCK:
        found = _KEPT.get(named)
        if found:
            _KEPT.move_to_end(named)
    return found


def _from_disk(view: View) -> page_cache.Page | None:
    named = key(view)
    found = None if settings().development else page_cache.saved(view.release.id, named)
    if found:
        _keep(named, found)
    return found


def _anew(view: View) -> page_cache.Page:
    named = key(view)  # before it is drawn: what somebody saves meanwhile makes it another view
    found = draw(view).page
    if settings().development:
        _check(view, found)
        return found
    _keep(named, found)
    page_cache.save(view.release.id, named, found)
    return found


def _check(view: View, found: page_cache.Page) -> None:
    """A page that is drawn again where there is no session is the same, or depends on something that is not in its view."""
    with ThreadPoolExecutor(1) as elsewhere:
        again = elsewhere.submit(draw, view).result().page
    if again.sent.body != found.sent.body:
        raise RuntimeError(f"the page {view.page} depends on something that is not in its view")


def _unless_known(view: View) -> None:
    with _DRAWING:
        if not known(view) and not _from_disk(view):
            _anew(view)
            health.count("drawn_ahead")


def _unless_kept(view: View) -> None:
    if not page_cache.kept(view.release.id, key(view)):
        _unless_known(view)


def _keep(named: Hashable, found: page_cache.Page) -> None:
    """Keep a page; those not asked for longest go when all together are too much."""
    with _LOCK:
        _KEPT[named] = found
        total = sum(kept.size for kept in _KEPT.values())
        while total > KEPT and len(_KEPT) > 1:
            total -= _KEPT.popitem(last=False)[1].size


def key(view: View) -> tuple[Any, ...]:
    """Everything that a page depends on, in an order, since files are named by it."""
    places = None if view.who.scope.everywhere else tuple(sorted(view.who.scope.provinces or ()))
    parts = tuple(sorted({**view.parts, "page": view.page}.items()))
    written = tuple(Shelf(name).stamp for name in WRITTEN.get(view.page, ()))
    return (
        view.release.id,
        view.release.checksum,
        view.style,
        view.who.role,
        places,
        parts,
        tuple(sorted(view.kept.items())),
        written,
    )
