"""`python -m tests.bench.unseen [PAGE ...]`: processor time of a view that nobody has opened, in a process without browser or server.

Readers pick one of 77 provinces, one of 13 periods: what was drawn before anybody asked does not help them. Wants $SAMOEPHAK_HOME.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from statistics import median

from charts.style import Style
from data_access.store.releases import require_release
from data_access.who.access import OPERATOR
from ui.frame import drawing
from ui.kit import navigation
from ui.view import cache
from ui.view.view import View

PROVINCES = ("50", "40", "34", "90", "30", "57", "33", "80")
PERIODS = ("2564-1", "2564-2", "2566-1", "2566-2", "2567-1", "2567-2")
WAYS: dict[str, list[dict[str, str]]] = {
    "province": [{"province": code} for code in PROVINCES],
    "period": [{"period": code, "province": "10"} for code in PERIODS],
    "both": [{"period": p, "province": c} for p, c in zip(PERIODS, PROVINCES[2:], strict=True)],
}
"""What a reader changes -> the views that come of it, each opened once."""


def seconds(page: str, parts: Mapping[str, str]) -> float:
    """Processor seconds of drawing one view."""
    before = time.process_time()
    drawing.draw(View(page, require_release(), Style("th"), OPERATOR, parts))
    return time.process_time() - before


def measure(names: Sequence[str]) -> dict[str, dict[str, float]]:
    """Page -> processor seconds of its first view with nothing remembered, and the medians of each way."""
    found: dict[str, dict[str, float]] = {}
    for name in names:
        cache.forget()
        found[name] = {"first": seconds(name, {"province": "10"} if name == "province" else {})}
        seconds(name, {"province": "10"})
        found[name] |= {way: median(seconds(name, parts) for parts in views) for way, views in WAYS.items()}
    return found


def table(found: Mapping[str, Mapping[str, float]]) -> str:
    """The measurements as lines, in milliseconds."""
    lines = [f"{'processor ms of a view never opened':44}" + "".join(f"{way:>10}" for way in ("first", *WAYS))]
    lines += [f"{name:44}" + "".join(f"{value * 1000:10.0f}" for value in times.values()) for name, times in found.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    drawn = [name for name in navigation.PAGES if name not in navigation.OF_STREAMLIT]
    print(table(measure(sys.argv[1:] or drawn)))
