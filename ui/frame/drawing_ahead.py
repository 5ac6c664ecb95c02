"""While nobody waits, the views next to the one on a screen are drawn, so that a step to them finds them in memory (`ui.frame.drawing`); when
nobody has done anything for a while, the pages that nobody has opened yet.

One thread of the server draws them: a view is all that it needs. It begins when no page has been drawn for a moment, so that it never
adds to a crowd.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from threading import Condition, Thread

from streamlit import runtime

from data_access import logs
from ui.view.view import View

PAUSE = 0.1
"""Seconds without a reader before a view next to one on a screen is drawn."""
IDLE = 3.0
"""The same for a page that nobody may come to: a drawing takes up to a second of the process."""
MOST, MOST_PAGES = 8, 64
"""Views, and pages, that wait; the oldest go."""
Draw = Callable[[View], None]

_wanted: deque[Callable[[], None]] = deque(maxlen=MOST)
_pages: deque[Callable[[], None]] = deque(maxlen=MOST_PAGES)
_turn = Condition()
_here = 0  # readers whose page is being drawn
_last = 0.0  # when the last one was


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


def want(views: Sequence[View], draw: Draw) -> None:
    """Have views drawn by and by, the first one first; `draw` draws and keeps one, where that is still to be done.

    Only on a server: a page that is run by itself, as tests do, draws nothing ahead.
    """
    _line_up(_wanted, draw, list(reversed(views)))


def pages(views: Sequence[View], draw: Draw) -> None:
    """Have other pages drawn as well when nobody has done anything for a while."""
    _line_up(_pages, draw, views)


def _line_up(line: deque[Callable[[], None]], draw: Draw, views: Sequence[View]) -> None:
    if not views or not _on_a_server():
        return
    _begin()
    with _turn:
        line.extend(partial(draw, view) for view in views)
        _turn.notify()


def _on_a_server() -> bool:
    return runtime.exists() and type(runtime.get_instance()) is runtime.Runtime  # a test's stands in for one


@cache
def _begin() -> None:
    Thread(target=_work, name="ahead", daemon=True).start()


def _work() -> None:
    while True:
        with _turn:
            _turn.wait_for(lambda: _wanted or _pages)
        draw = _next()
        if draw is None:
            time.sleep(PAUSE / 4)
            continue
        try:
            draw()
        except Exception:
            logs.LOGGER.warning("A view could not be drawn ahead", exc_info=True)


def _next() -> Callable[[], None] | None:
    """The view that was asked for last, or the page first, unless somebody waits or has just been served."""
    with _turn:
        if _here:
            return None
        quiet = time.monotonic() - _last
        if _wanted:
            return _wanted.pop() if quiet >= PAUSE else None
        return _pages.popleft() if quiet >= IDLE and _pages else None
