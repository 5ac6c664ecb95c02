"""A page is drawn once a view: who asks for the same view of the same release again gets what was drawn for the first, in milliseconds,
also from a process that has been started since (`ui.drawn`).

Only pages that are sheets and nothing else (`ui.sheet`): what Streamlit itself draws cannot be sent again. A view is everything that such a
page depends on: release, language, light or dark, the reader's role and places, the address, what they have chosen beside it, and what people have saved where it is shown.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock

from data_access import health
from data_access.shelf import SCENARIOS, Shelf
from ui import ahead, dialogs, drawn, headlines, person, remembering, served, sheet, state
from ui.text import style

OPENING = 2.0
"""Seconds that a browser takes to open its first page."""
KEPT = 64_000_000
"""Bytes of all pages together; one is 15 to 500 kB with its figures."""
NOT_KEPT = ("mou_review", "kept_views", "data", "help")
"""Pages that hold elements of Streamlit's own, or what may change at any time."""
WRITTEN = {"policy": (SCENARIOS,)}
"""Pages that also show what people have saved -> its shelves."""


_DRAWN: OrderedDict[Hashable, drawn.Page] = OrderedDict()
_OFFERED: set[Hashable] = set()
"""Releases and kinds of readers for whom all pages have been asked for ahead."""
_LOCK, _AHEAD = Lock(), Lock()


def forget() -> None:
    """Draw every page anew."""
    with _LOCK:
        _DRAWN.clear()
        _OFFERED.clear()
    drawn.forget()


remembering.FORGETTERS.append(forget)


def page(run: Callable[[], None], others: Mapping[str, Callable[[], None]]) -> None:
    """Draw the page at hand: as it was drawn before, by this process or an earlier one, unless something is to be opened; else by `run`.

    Args:
        others: the other pages, by their file stems.
    """
    if dialogs.asked():
        run()
        sheet.flush()
        dialogs.show()
        return
    just_come = set(state.view()) <= {"lang"} and not state.get("at")
    with ahead.reader():
        view = _view()
        known = _known(view)
        saved = None if known else drawn.saved(served.release().id, view)
        if known:
            found: drawn.Page | None = _again(known)
        elif saved:
            found = _again(saved, run)
        else:
            found = _anew(run)
    if found:  # one that was saved is drawn after all, while nobody waits, for what a reader may do in it
        ahead.want([*([{}] if saved else []), *found.beside], partial(_before_asked, run), OPENING if saved else 0.0)
        if just_come:
            _offer(others)


def _offer(others: Mapping[str, Callable[[], None]]) -> None:
    """Have every page drawn ahead for readers of this kind, once: the next one, or this one later, comes to it by its link."""
    kind = _view()[:5]
    if kind not in _OFFERED:
        _OFFERED.add(kind)
        ahead.pages({name: partial(_unless_kept, run) for name, run in others.items() if name not in NOT_KEPT})


def _known(view: Hashable) -> drawn.Page | None:
    with _LOCK:
        known = _DRAWN.get(view)
        if known:
            _DRAWN.move_to_end(view)
    return known


@dataclass(frozen=True)
class _Acts:
    """What a reader may do in a sheet that was read from disk: its page is drawn to find out, unless it has been meanwhile."""

    view: Hashable
    run: Callable[[], None]

    def get(self, did: tuple[str, str], otherwise: sheet.Act) -> sheet.Act:
        """What is called for something that a reader did."""
        if not _known(self.view):
            ahead.apart(partial(_before_asked, self.run))
        found = _known(self.view)
        return found.sent.acts.get(did, otherwise) if found else otherwise


def _anew(run: Callable[[], None]) -> drawn.Page | None:
    """Draw the page at hand by `run`; what it sent, where that can be kept."""
    view, asked, before = _view(), state.view(), sheet.place()
    ahead.beside()  # of the page before
    run()
    sheet.flush()
    shown = state.view()
    changes = {key: shown.get(key) for key in asked | shown if asked.get(key) != shown.get(key)}
    found = _as_sent(before, sheet.place(), changes)
    if not found or _view(asked) != view:
        return None
    _keep(view, found)
    if changes:
        _keep(_view(), replace(found, changes={}))
    return found


def _before_asked(run: Callable[[], None]) -> None:
    sheet.begin()
    with _AHEAD:  # who does something in a page that is just being drawn waits for it
        if not _known(_view()):
            _anew(run)
            health.count("drawn_ahead")


def _unless_kept(run: Callable[[], None]) -> None:
    if not drawn.kept(served.release().id, _view()):
        _before_asked(run)


def _keep(view: Hashable, found: drawn.Page) -> None:
    """Keep a page; those not asked for longest go when all together are too much."""
    with _LOCK:
        _DRAWN[view] = found
        total = sum(kept.size for kept in _DRAWN.values())
        while total > KEPT and len(_DRAWN) > 1:
            total -= _DRAWN.popitem(last=False)[1].size
    drawn.save(served.release().id, view, found)


def _view(asked: Mapping[str, str] | None = None) -> tuple[Hashable, ...]:
    """Everything that a page made of sheets depends on; `asked` is what the view was before the page changed it."""
    release, who = served.release(), person.current()
    seen = None if who.scope.everywhere else tuple(sorted(who.scope.provinces or ()))  # in an order, since files are named by it
    parts = tuple(sorted({**(state.view() if asked is None else asked), "page": state.page()}.items()))
    written = tuple(Shelf(name).stamp for name in WRITTEN.get(state.page(), ()))
    return release.id, release.checksum, style(), who.role, seen, parts, tuple(sorted(sheet.kept().items())), written


def _as_sent(before: tuple, after: tuple, changes: dict[str, str | None]) -> drawn.Page | None:
    """What the run sent, if that was one sheet in no container of its own and nothing else, and may be kept."""
    sent = sheet.sent_now()
    if not sheet.may_be_kept() or len(sent) != 1 or not before or not sent[0].before == after == (*before[:-1], before[-1] + 1):
        return None
    return drawn.Page(sent[0], tuple(headlines.shown_now()), ahead.beside(), changes)


def _again(page: drawn.Page, run: Callable[[], None] | None = None) -> drawn.Page:
    """Send a page as it was drawn; `run` draws it where it was saved, without what a reader may do in it."""
    if page.changes:
        state.put(**page.changes)
    sent = page.sent
    if run:
        health.count("sent_as_drawn_before")
        sent = replace(sent, acts=_Acts(_view(), run))
    sheet.send_again(sent)
    headlines.shown_now().extend(page.headlines)
    return page
