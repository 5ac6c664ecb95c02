"""Garbage collection of a process that keeps much and throws little away.

Streamlit collects after every run, and each time looks through all that the process keeps: libraries, remembered answers. That took
longer than the page itself, so `.streamlit/config.toml` turns it off and Python collects when it sees fit; and what a process has
gathered after its first runs is set apart here, where no collection looks at it again.
"""

from __future__ import annotations

import gc
import itertools

SET_APART_AFTER = (3, 50, 500)  # runs of the process: libraries are in by then, then what readers ask for most
_runs = itertools.count(1)


def after_run() -> None:
    """Called once a run of the whole page."""
    if next(_runs) in SET_APART_AFTER:
        gc.collect()
        gc.freeze()
