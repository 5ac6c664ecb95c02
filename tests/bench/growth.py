"""`python -m tests.bench.growth [1m 10m 36m]`: publishing and asking at several sizes of the pupils' table, each in a process of its own.

Every size is the demonstration with its pupils repeated (`python -m data_access demo --scale`). Prints seconds and peak memory of the
whole build and of publishing alone, and the times of the questions that the pages ask, as ratios to the first size.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from typing import Any
from unittest import mock

PAGES = ("overview", "grants")


def one(rows: str) -> dict[str, Any]:
    """Build and publish one size in this process, then ask."""
    from data_access import bootstrap
    from data_access.demo.scaling import rows_of
    from data_access.publishing import drafts
    from data_access.store import releases
    from tests.bench.queries import measure

    publishing = 0.0
    real = drafts.publish

    def timed(*args: Any, **kwargs: Any) -> releases.Release:
        nonlocal publishing
        started = time.perf_counter()
        try:
            return real(*args, **kwargs)
        finally:
            publishing = time.perf_counter() - started

    started = time.perf_counter()
    with mock.patch.object(drafts, "publish", timed):
        release = bootstrap.publish_demo(rows=rows_of(rows))
    built = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    asked = measure(PAGES)
    found = {"rows": release.row_counts["pupil_grant"], "build": built, "publish": publishing, "gigabytes": memory}
    return {**found, "median": asked["median"], "p95": asked["p95"]}


def main() -> int:
    """One child process a size; the table of them."""
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(one(sys.argv[2])))
        return 0
    first: dict[str, Any] = {}
    print(f"{'rows':>12}{'build s':>10}{'publish s':>11}{'peak GB':>9}{'query median':>14}{'p95':>8}{'median ratio':>14}")
    for rows in sys.argv[1:] or ("1m", "10m", "36m"):
        with tempfile.TemporaryDirectory() as home:
            environment = {**os.environ, "SAMOEPHAK_HOME": home}
            child = subprocess.run(
                [sys.executable, "-m", "tests.bench.growth", "--child", rows],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                check=True,
            )
        found = json.loads(child.stdout.splitlines()[-1])
        first = first or found
        times = f"{found['median'] * 1000:11.0f} ms{found['p95'] * 1000:5.0f} ms{found['median'] / first['median']:14.2f}"
        print(f"{found['rows']:12,}{found['build']:10.1f}{found['publish']:11.1f}{found['gigabytes']:9.2f}{times}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
