"""kill -9 at random points of loading and publishing; what must hold after each.

A nursery process imports everything once and forks a worker for each try, so that the time until the kill is spent in the work.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from data_access.publishing import drafts
from data_access.questions.query import forget, query
from data_access.store import releases
from data_access.who import audit
from tests.data_access import small

ROOT = Path(__file__).parents[2]
INDICATOR = "pao.budget"
WORK_SECONDS = 0.5


class Nursery:
    """Runs work in a process of its own and kills it after a while; to be used in a `with` block."""

    def __enter__(self) -> Nursery:
        command = [sys.executable, "-m", __spec__.name if __spec__ else "tests.reliability.kills", "--nursery"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.kill()
        self.process.wait()

    def work(self, value: float, kill_after: float) -> bool:
        """Publish a value, or be killed while at it; true when it was killed."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{value} {kill_after}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline() == "killed\n"


def _nurse() -> None:
    for line in sys.stdin:
        value, kill_after = map(float, line.split())
        child = os.fork()
        if child == 0:
            try:
                _work(value)
            finally:
                os._exit(0)
        deadline = time.monotonic() + kill_after
        ended = False
        while time.monotonic() < deadline and not ended:
            ended = os.waitpid(child, os.WNOHANG)[0] != 0
            time.sleep(0.002)
        if not ended:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        print("ended" if ended else "killed", flush=True)


def _work(value: float) -> None:
    """Load a table into the draft and publish it, as a steward does."""
    draft = drafts.open_draft()
    draft.upsert("reported_value", small.reported(value)["reported_value"], "kill.csv")
    drafts.publish(draft, note=f"value {value}")


def check(values: set[float]) -> float:
    """What readers see now: one whole release, the same value in every province, one that somebody has published."""
    forget()
    served, damaged = releases.served_release()
    assert served is not None
    assert damaged == "", f"readers would be served a damaged release: {damaged}"
    releases.verify(served)
    frame = query(INDICATOR, by=("province",), release=served.id)
    seen = {float(v) for v in frame.loc[frame["state"] == "value", "value"]}
    assert len(seen) == 1, f"half of one release and half of another: {seen}"
    value = seen.pop()
    assert value in values, f"a figure that nobody published: {value}"
    assert audit.broken_at() is None or audit.entries()
    return value


def run(tries: int, seed: int = 2565, progress: Callable[[int], None] = lambda _n: None) -> Counter[str]:
    """Kill the work at `tries` random points in the data directory of the settings; what was going on at each kill.

    Raises:
        AssertionError: something was lost, mixed or half there.
    """
    chance, happened = random.Random(seed), Counter[str]()
    first = small.publish(small.reported(1.0))
    with Nursery() as nursery:
        nursery.work(1.0, 60)  # everything is imported and warm
        _try(tries, chance, nursery, happened, progress)
    assert first.id in {r.id for r in releases.list_releases()}, "a published release is gone"
    return happened


def _try(tries: int, chance: random.Random, nursery: Nursery, happened: Counter[str], progress: Callable[[int], None]) -> None:
    values, last, number = {1.0}, 1.0, 0
    while happened["killed"] < tries:
        number += 1
        assert number < 10 * tries, "the work always ends before it is killed"
        value = float(number + 1)
        values.add(value)
        before = releases.current_release()
        killed = nursery.work(value, chance.uniform(0.0, WORK_SECONDS))
        seen = check(values)
        after = releases.current_release()
        assert seen in (last, value), f"an older figure came back: {seen}"
        if not killed:
            assert seen == value, "published without a kill and yet not seen"
        happened["killed"] += killed
        happened["ended first" if not killed else "served the new" if after != before else "served the old"] += 1
        last = seen
        draft = drafts.draft_in_progress()
        if draft is not None:
            happened["draft left behind"] += 1
            if chance.random() < 0.5:  # a person goes on with it, or throws it away
                drafts.publish(draft)
                last = check(values)
            else:
                draft.discard()
        progress(happened["killed"])


if __name__ == "__main__":
    _nurse()
