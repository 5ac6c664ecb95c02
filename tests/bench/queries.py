"""Times of the queries that the pages ask: recorded from a run of each page, then asked again without the cache."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from statistics import median
from typing import Any
from unittest import mock

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from data_access.questions import query as querying
from tests import opened
from tests.browser.driving import ROOT
from ui.view import cache


def run_page(name: str) -> tuple[float, list[dict[str, Any]]]:
    """Run a page twice in this process: (seconds of the second script run, the queries of the first)."""
    cache.forget()  # a page that is kept as it was drawn asks nothing
    asked: list[dict[str, Any]] = []
    real = querying.query

    def listen(ids: Any, by: Any = (), where: Any = None, **rest: Any) -> Any:
        asked.append({"ids": ids, "by": by, "where": where, **rest})
        return real(ids, by=by, where=where, **rest)

    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    opened.follow(pytest.MonkeyPatch())
    with mock.patch.object(querying, "query", listen):
        app.run()
        if name != "overview":
            app.switch_page(f"pages/{name}.py").run()
    started = time.perf_counter()
    app.run()
    return time.perf_counter() - started, asked


def timed(call: Callable[[], Any], times: int = 3) -> float:
    """Median seconds of a call; a refusal is an answer too."""
    taken = []
    for _ in range(times):
        querying.forget()  # the answers that this process keeps are not what is measured
        started = time.perf_counter()
        with suppress(querying.UsageError):
            call()
        taken.append(time.perf_counter() - started)
    return median(taken)


def measure(names: Sequence[str]) -> dict[str, Any]:
    """Script time a page, and the distribution of every different query of all pages."""
    scripts, different = {}, {}
    for name in names:
        scripts[name], asked = run_page(name)
        different.update({repr(sorted(a.items(), key=lambda i: i[0])): a for a in asked})
    seconds = []
    for asked_ in different.values():
        ids, rest = asked_["ids"], {k: v for k, v in asked_.items() if k != "ids"}
        seconds.append(timed(lambda ids=ids, rest=rest: querying.query(ids, **rest)))
    return {
        "scripts": scripts,
        "queries": len(seconds),
        "median": median(seconds),
        "p95": float(np.quantile(seconds, 0.95)),
        "worst": max(zip(seconds, different, strict=True))[1],
    }
