"""`python -m tests.reliability [--kills 200] [--files 10000] [--traps 5000] [--people 50 --seconds 600] [--readers 500]`: what docs/reliability.md says, measured.

Prints one line a suite; ends with an error at the first thing that was lost, mixed, recovered or not put into words.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path

import numpy as np
from tqdm import tqdm

from data_access.bootstrap import ensure_ready
from tests.browser.driving import start_server
from tests.data_access import small
from tests.reliability import attacks, beside, differences, fuzz, hostile, kills, load, sessions, traps
from tests.ui import test_one_table
from ui.web import limits


def main() -> int:
    """Try everything that is not turned off with 0, and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument(
        "--traps", type=int, default=5_000, help="pairs of traps set for right tables, beside every trap by itself"
    )
    parser.add_argument("--periods", type=int, default=2, help="periods of each measure to attack; 0 attacks none")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--tables", type=int, default=1, help="0 does not walk all pages with every table by itself")
    parser.add_argument("--beside", type=int, default=1, help="0 does not work on a large file beside readers")
    parser.add_argument("--readers", type=int, default=limits.PROMISED)
    asked = parser.parse_args()
    os.environ["SAMOEPHAK_ID_KEY"] = "a key for odd files alone"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        suites = (
            (_kills, asked.kills),
            (_files, asked.files),
            (_traps, asked.traps),
            (_attacks, asked.periods),
            (_load, asked.people),
            (_sessions, asked.readers),
            (_beside, asked.beside),
            (_tables, asked.tables),
        )
        for suite, wanted in suites:
            if wanted:
                home = folder / suite.__name__
                home.mkdir()
                os.environ["SAMOEPHAK_HOME"] = str(home)
                began = time.monotonic()
                print(f"{suite(home, asked)}; {time.monotonic() - began:.0f} s", flush=True)
    return 0


def _bar(total: int, words: str) -> Callable[[int], None]:
    bar = tqdm(total=total, desc=words, disable=not sys.stderr.isatty())
    return lambda done: bar.update(done - bar.n) and None


def _kills(_home: Path, asked: argparse.Namespace) -> str:
    happened = kills.run(asked.kills, progress=_bar(asked.kills, "kill -9"))
    return f"kill -9: {happened['killed']} of loading and publishing survived ({dict(happened)})"


def _files(home: Path, asked: argparse.Namespace) -> str:
    small.publish(small.reported(1.0))
    odd = home / "odd"
    odd.mkdir()
    ended = fuzz.run(asked.files, odd, progress=_bar(asked.files, "odd files"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    large = "; ".join(
        f"{t.name} ({t.size / 1024**2:.1f} MB): {t.memory / 1024**2:.0f} MB, apart {t.apart / 1024**2:.0f} MB, {t.ended}"
        for t in hostile.run(odd)
    )
    print(f"hostile files, memory beside the libraries, and of the process of its own with them: {large}", flush=True)
    return f"odd files: {sum(ended.values())} given to the importer ({dict(ended)}), at most {memory:.0f} MB"


def _traps(home: Path, asked: argparse.Namespace) -> str:
    """On all cores: each has a share of the cases and a home of its own."""
    shares = [(asked.traps, part, os.cpu_count() or 1, home) for part in range(os.cpu_count() or 1)]
    with ProcessPoolExecutor(len(shares)) as pool:
        found = list(pool.map(_share_of_traps, shares))
    bad = [case for out in found for case in out.bad]
    assert not bad, bad[:5]
    ended = sum((out.ended for out in found), Counter[str]())
    return f"spoilt tables: {sum(ended.values())} with up to two of {len(traps.NAMES)} traps ({dict(ended)}), none wrong, none crashed"


def _share_of_traps(share: tuple[int, int, int, Path]) -> traps.Outcome:
    pairs, part, parts, home = share
    folder = home / f"{part}"
    folder.mkdir()
    os.environ["SAMOEPHAK_HOME"] = str(folder)
    return traps.run(islice(traps.cases(pairs), part, None, parts), folder)


def _attacks(_home: Path, asked: argparse.Namespace) -> str:
    ensure_ready()
    found = attacks.run(periods=asked.periods)
    assert not found.recovered, found.recovered[:10]
    subtracted = differences.run()
    assert not any(subtracted.values()), subtracted
    return (
        f"differencing: {found.equations} equations about {found.hidden} hidden cells, {len(found.recovered)} small counts recovered; "
        f"measures, years, periods and tables less one another: {sum(map(len, subtracted.values()))} found out"
    )


def _load(home: Path, asked: argparse.Namespace) -> str:
    ensure_ready()
    server = start_server(home / "server.log", home)
    try:
        seen = asyncio.run(load.crowd(server, home, asked.people, asked.seconds))
    finally:
        server.stop()
    assert not seen.errors, seen.errors[:5]
    assert not seen.mixed, seen.mixed[:5]
    assert len(seen.releases) == 2, "the release was not published while people were there"
    return f"load: {asked.people} people for {asked.seconds:.0f} s, {seen.screens} screens, a publication in the middle, no error, none mixed"


def _beside(home: Path, _asked: argparse.Namespace) -> str:
    os.environ["SAMOEPHAK_HOME"] = str(home / "data")
    ensure_ready()
    (median, slow), (median_beside, slow_beside) = (np.quantile(s, (0.5, 0.95)) for s in beside.run(home, home / "data"))
    return f"readers while a workbook of 73,000 rows is checked: median {median_beside / median:.1f} times, 95th percentile {slow_beside / slow:.1f} times as long"


def _tables(_home: Path, _asked: argparse.Namespace) -> str:
    ensure_ready()
    broken = test_one_table.walk()
    assert not broken, broken[:5]
    return "first loads: every table by itself under every page, all drawn"


def _sessions(home: Path, asked: argparse.Namespace) -> str:
    ensure_ready()
    server = start_server(home / "server.log", home)
    try:
        found = asyncio.run(sessions.crowd(server, asked.readers))
    finally:
        server.stop()
    assert not found.seen.errors, found.seen.errors[:5]
    assert found.during < limits.needed(asked.readers)
    return f"sessions: {asked.readers} readers at once, files open {found.before}, {found.during} and {found.after} when they have gone"


if __name__ == "__main__":
    sys.exit(main())
