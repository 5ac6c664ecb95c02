"""A page is drawn once a view: who asks for the same view of the same release again gets what was drawn for the first, in milliseconds.

Only pages that are sheets and nothing else (`ui.sheet`): what Streamlit itself draws cannot be sent again. A view is everything that such a
page depends on: release, language, light or dark, the reader's role and places, the address, and what they have chosen beside it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property, partial
from threading import Lock

import streamlit as st

from data_access import health
from ui import ahead, data, downloads, filters, kpi, person, sheet, state
from ui.text import style

KEPT = 64_000_000
"""Bytes of all pages together; one is 15 to 500 kB with its figures."""


@dataclass(frozen=True)
class _Page:
    """What a page sent: its filter bar, if it has one, its body, and its headlines."""

    bar: sheet.Sent | None
    body: sheet.Sent
    headlines: tuple[kpi.Headline, ...]
    beside: tuple[dict[str, str], ...]
    """What changes the view to those next to it."""

    @cached_property
    def size(self) -> int:
        """Bytes of what it sends."""
        sheets = [self.body, *([self.bar] if self.bar else [])]
        return sum(len(s.body) + sum(len(body) for _key, body in s.files) for s in sheets)


_DRAWN: OrderedDict[Hashable, _Page] = OrderedDict()
_LOCK = Lock()


def forget() -> None:
    """Draw every page anew."""
    with _LOCK:
        _DRAWN.clear()


data.FORGETTERS.append(forget)


def page(run: Callable[[], None]) -> None:
    """Draw the page at hand: from memory where its view has been drawn before and nothing is to be opened, else by `run`."""
    if downloads.OPENED in st.session_state:
        run()
        sheet.flush()
        downloads.show_asked()
        return
    with ahead.reader():
        found = _known(_view())
        if found:
            _again(found)
        else:
            found = _anew(run)
    if found:
        ahead.want(found.beside, partial(_before_asked, run))


def _known(view: Hashable) -> _Page | None:
    with _LOCK:
        known = _DRAWN.get(view)
        if known:
            _DRAWN.move_to_end(view)
    return known


def _anew(run: Callable[[], None]) -> _Page | None:
    """Draw the page at hand by `run`; what it sent, where that can be kept."""
    view, before = _view(), sheet.place()
    st.session_state.pop(filters.BESIDE, None)  # of the page before
    run()
    sheet.flush()
    found = _as_sent(before, sheet.place())
    if not found or _view() != view:
        return None
    _keep(view, found)
    return found


def _before_asked(run: Callable[[], None]) -> None:
    sheet.begin()
    if not _known(_view()):
        _anew(run)
        health.count("drawn_ahead")


def _keep(view: Hashable, found: _Page) -> None:
    """Keep a page; those not asked for longest go when all together are too much."""
    with _LOCK:
        _DRAWN[view] = found
        total = sum(kept.size for kept in _DRAWN.values())
        while total > KEPT and len(_DRAWN) > 1:
            total -= _DRAWN.popitem(last=False)[1].size


def _view() -> Hashable:
    """Everything that a page made of sheets depends on."""
    release, who = data.release(), person.current()
    asked = tuple(sorted({**state.view(), "page": state.page()}.items()))
    return release.id, release.checksum, style(), who.role, who.scope, asked, tuple(sorted(sheet.kept().items()))


def _as_sent(before: tuple, after: tuple) -> _Page | None:
    """What the run sent, if that was a body of one sheet, with or without a filter bar above it, and nothing else."""
    sent = sheet.sent_now()
    if not sent or len(sent) > 2 or not before or after[-1] - before[-1] != len(sent) or sent[-1].depth != len(before):
        return None
    if len(sent) == 2 and sent[0].depth != len(before) + 1:
        return None
    return _Page(sent[0] if len(sent) == 2 else None, sent[-1], tuple(kpi.shown_now()), filters.beside())


def _again(known: _Page) -> None:
    if known.bar:
        with filters.frame():
            sheet.send_again(known.bar)
    sheet.send_again(known.body)
    kpi.shown_now().extend(known.headlines)
