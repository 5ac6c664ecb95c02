"""How far a file has been read, while somebody waits for it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from i18n import format_number
from ui.view.text import _, lang


@contextmanager
def bar() -> Iterator[Callable[[int, int], None]]:
    """A bar that is told the lines done and in all, and tells the time left; it is gone when the block ends."""
    slot, started = st.empty(), time.monotonic()

    def report(done: int, total: int) -> None:
        left = math.ceil((time.monotonic() - started) * (total - done) / max(done, 1))
        numbers = {
            "done": format_number(done, lang()),
            "total": format_number(total, lang()),
            "left": format_number(left, lang()),
        }
        slot.progress(min(done / max(total, 1), 1.0), _("{done} of {total} rows read · about {left} seconds left", **numbers))

    try:
        yield report
    finally:
        slot.empty()
