"""Whether the app works, for a supervisor and for monitoring: numbers alone, nothing of what the data say."""

from __future__ import annotations

import datetime as dt
import math
import threading
import time
from collections import Counter

from data_access.contract.errors import SamoephakError
from data_access.store import releases

_STARTED = time.time()
_COUNTS: Counter[str] = Counter()
_LOCK = threading.Lock()
_ASKED: dict[str, tuple[float, bool]] = {}
ASK_AGAIN, FIRST_ASKED_AFTER = 5.0, 2.0  # seconds
COUNTED = {
    "page_runs": "Pages and parts of pages drawn",
    "drawn_ahead": "Pages drawn before anybody asked for them",
    "sent_as_drawn_before": "Pages sent as an earlier process drew them",
    "page_failures": "Pages that could not be drawn",
    "store_failures": "Times that the database did not answer",
}


def count(what: str) -> None:
    """Count one event of `COUNTED`."""
    assert what in COUNTED
    with _LOCK:
        _COUNTS[what] += 1


def ready() -> bool:
    """Whether readers can be served: a release is published, its description can be read and its tables answer."""
    import sqlalchemy as sa  # longer to import than a page that is kept takes to be sent

    try:
        found, _damaged = releases.served_release()
        if found is None:
            return True  # a new installation builds the demonstration data on its first page
        with releases.reader(found.id).connect() as connection:
            connection.execute(sa.text("SELECT 1"))
        return True
    except (SamoephakError, OSError, sa.exc.SQLAlchemyError):
        return False


def store_answers() -> bool:
    """Whether the database answers, asked at most every few seconds: pages say so when it does not.

    The first page of a process does not wait for the answer: to make the connection takes longer than to send the page.
    """
    now = time.monotonic()
    with _LOCK:
        asked, answer = _ASKED.get("store", (-math.inf, True))
        if now - asked < ASK_AGAIN:
            return answer
        _ASKED["store"] = (now, answer)  # others need not ask meanwhile
    if asked == -math.inf:
        later = threading.Timer(FIRST_ASKED_AFTER, _ask, (now,))
        later.daemon = True
        later.start()
        return True
    return _ask(now)


def _ask(now: float) -> bool:
    answer = ready()
    if not answer:
        count("store_failures")
    with _LOCK:
        _ASKED["store"] = (now, answer)
    return answer


def metrics() -> str:
    """What a Prometheus server reads: gauges and counters of this process."""
    lines = [
        *_one("ready", "gauge", "Whether readers can be served", float(ready())),
        *_one("uptime_seconds", "gauge", "Seconds since this process started", time.time() - _STARTED),
    ]
    if (published := _published()) is not None:
        lines += _one(
            "release_published_timestamp_seconds", "gauge", "When the release that readers see was published", published
        )
    for name, words in COUNTED.items():
        lines += _one(f"{name}_total", "counter", words, float(_COUNTS[name]))
    return "\n".join(lines) + "\n"


def _published() -> float | None:
    try:
        found = releases.current_release()
    except (SamoephakError, OSError):
        return None
    return dt.datetime.fromisoformat(found.published_at).timestamp() if found else None


def _one(name: str, kind: str, words: str, value: float) -> list[str]:
    return [f"# HELP samoephak_{name} {words}", f"# TYPE samoephak_{name} {kind}", f"samoephak_{name} {value:g}"]
