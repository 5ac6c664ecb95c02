"""While nobody waits, the views next to the one on a screen are drawn, so that a step to them finds them in memory (`ui.replaying`); when
nobody has done anything for a while, the pages that nobody has opened yet.

One thread of the server draws them, each in a run of its own that holds copies of what the reader's run held: who they are, what they may
see, their view. Nothing of it is sent to anybody. It begins when no page has been drawn for a moment, so that it never adds to a crowd.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from threading import Condition, Thread
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.exceptions import ScriptControlException
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.scriptrunner_utils.shared_run_state import SharedRunState
from streamlit.runtime.state import SafeSessionState, SessionState

from data_access import logs
from ui import person, served, sheet, state

PAUSE = 0.1
"""Seconds without a reader before a view next to one on a screen is drawn."""
IDLE = 3.0
"""The same for a page that nobody may come to: a drawing takes up to a second of the process."""
MOST, MOST_PAGES = 8, 64
"""Views, and pages, that wait; the oldest go."""
NAME = "ahead"
BESIDE = "samoephak_beside"
CARRIED = (state.MEMORY, state.PAGE, person.PERSON, served.SETTLED)


@dataclass(frozen=True)
class _View:
    run: ScriptRunContext
    carried: Mapping[str, Any]
    change: Mapping[str, str]
    draw: Callable[[], None]
    due: float = 0.0
    page: str = ""
    """Another page than the one at hand."""


_wanted: deque[_View] = deque(maxlen=MOST)
_pages: deque[_View] = deque(maxlen=MOST_PAGES)
_turn = Condition()
_here = 0  # readers whose page is being drawn
_last = 0.0  # when the last one was


def beside_it(changes: tuple[dict[str, str], ...]) -> None:
    """Note what changes the view at hand to those that a reader steps to next."""
    st.session_state[BESIDE] = changes


def beside() -> tuple[dict[str, str], ...]:
    """What the page at hand has noted (`beside_it`); forgotten by asking."""
    found: tuple[dict[str, str], ...] = st.session_state.pop(BESIDE, ())
    return found


@contextmanager
def reader() -> Iterator[None]:
    """While a page is drawn for somebody."""
    global _here, _last
    with _turn:
        _here += 1
    try:
        yield
    finally:
        with _turn:
            _here -= 1
            _last = time.monotonic()


def want(changes: Sequence[Mapping[str, str]], draw: Callable[[], None], after: float = 0.0) -> None:
    """Have the view at hand drawn with each of these changes by and by, the first one first; `draw` draws and keeps what it finds.

    Only on a server: a page that is run by itself, as tests do, draws nothing ahead.

    Args:
        after: seconds in which nothing is drawn: a browser that opens a page fetches much from this process.
    """
    due = time.monotonic() + after
    _line_up(_wanted, [partial(_View, change=change, draw=draw, due=due) for change in reversed(changes)])


def pages(draws: Mapping[str, Callable[[], None]]) -> None:
    """Have other pages drawn as well when nobody has done anything for a while: how each is drawn and kept, by its file stem."""
    _line_up(_pages, [partial(_View, change={}, draw=draw, page=name) for name, draw in draws.items()])


def _line_up(line: deque[_View], views: Sequence[Callable[..., _View]]) -> None:
    run = get_script_run_ctx()
    if run is None or not _on_a_server():
        return
    _begin()
    carried = _carried()
    with _turn:
        line.extend(view(run, carried) for view in views)
        _turn.notify()


def apart(draw: Callable[[], None]) -> None:
    """Have the view at hand drawn at once, with nothing of it sent; `draw` as for `want`."""
    run = get_script_run_ctx()
    assert run is not None
    try:
        _draw(_View(run, _carried(), {}, draw))
    finally:
        add_script_run_ctx(ctx=run)


def _carried() -> dict[str, Any]:
    return {key: st.session_state[key] for key in CARRIED} | {sheet.KEPT: dict(sheet.kept())}


def _on_a_server() -> bool:
    return type(runtime.get_instance()) is runtime.Runtime  # a test's stands in for one


@cache
def _begin() -> None:
    Thread(target=_work, name=NAME, daemon=True).start()


def _work() -> None:
    while True:
        with _turn:
            _turn.wait_for(lambda: _wanted or _pages)
        view = _next()
        if view is None:
            time.sleep(PAUSE / 4)
            continue
        try:
            _draw(view)
        except ScriptControlException:
            pass  # the page ends early: there is nothing to keep
        except Exception:
            logs.LOGGER.warning("A view could not be drawn ahead", exc_info=True)


def _next() -> _View | None:
    """The view that was asked for last, or the page first, unless somebody waits or has just been served."""
    with _turn:
        if _here:
            return None
        now = time.monotonic()
        quiet = now - _last
        if _wanted:
            return _wanted.pop() if quiet >= PAUSE and _wanted[-1].due <= now else None
        return _pages.popleft() if quiet >= IDLE and _pages else None


def _draw(view: _View) -> None:
    run = replace(
        view.run,
        session_id=NAME,
        _enqueue=lambda _message: None,
        session_state=SafeSessionState(SessionState(), lambda: None),
        fragment_storage=MemoryFragmentStorage(),
        shared=SharedRunState(),
        cursors={},
        script_requests=None,
    )
    add_script_run_ctx(ctx=run)
    for key, value in view.carried.items():
        st.session_state[key] = value
    if view.page:
        state.move(view.page)
    state.put(**view.change)
    view.draw()
    runtime.get_instance().media_file_mgr.clear_session_refs(NAME)
