"""`python -m tests.bench [--json FILE] [--times N] [--pages NAME ...] [--peers]`: first page, filter changes and queries, as ratios to an empty rerun.

Wants the demonstration data in $SAMOEPHAK_TEST_HOME (copied), or builds them in a directory of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from data_access.__main__ import OPENING
from data_access.store.releases import DRAWN
from tests.browser.driving import CHROMIUM_ARGS, FIRST, PAGES, ROOT, Server, find_chromium, start_server

EMPTY = Path(__file__).with_name("empty_app.py")
BETWEEN = 3.0  # seconds in which a server draws what it does while nobody waits
STARTS = 5
STARTED = {
    "bare": "start of the process, no page kept",
    "published": "the same, right after a publication",
    "again": "the same, later on",
}
"""What a process finds that is started -> its words in the table."""


def prepare(folder: Path) -> Path:
    """A data directory with the demonstration release, and this process set on it."""
    from data_access.bootstrap import ensure_ready

    home = folder / "home"
    if ready := os.environ.get("SAMOEPHAK_TEST_HOME"):
        shutil.copytree(ready, home, ignore=shutil.ignore_patterns(DRAWN))  # no page is kept yet
    os.environ["SAMOEPHAK_HOME"] = str(home)
    ensure_ready()
    return home


def empty_app(browser: Browser, folder: Path, home: Path, times: int, *, collects: bool) -> dict[str, float]:
    """The smallest app: its first page, and changes; with or without a collection of garbage after every run."""
    from tests.bench.screen import changes, first_page

    server = start_server(folder / "empty.log", home, EMPTY, {"STREAMLIT_RUNNER_POST_SCRIPT_GC": str(collects).lower()})
    try:
        first_page(browser, server, "")
        return {"first": first_page(browser, server, ""), **changes(browser, server, "", max(times, 8))}
    finally:
        server.stop()


def screens(browser: Browser, folder: Path, home: Path, times: int, names: list[str]) -> dict[str, Any]:
    """Everything that is measured in the browser."""
    from tests.bench.screen import changes, first_page, frame

    units = {
        "empty": empty_app(browser, folder, home, times, collects=True),
        "lean": empty_app(browser, folder, home, times, collects=False),
    }
    cold, server = starts(browser, folder, home)
    try:
        pages = {n: {"first": first_page(browser, server, n), **changes(browser, server, n, times)} for n in names}
        warm = {n: first_page(browser, server, n) for n in pages}
        moved = frame(browser, server)
    finally:
        server.stop()
    return {**units, "cold": cold, "pages": pages, "warm": warm, "frame": moved}


def starts(browser: Browser, folder: Path, home: Path) -> tuple[dict[str, float], Server]:
    """Seconds from the start of a process to its first page: with nothing kept on disk, as after an upgrade (`bare`); with what a publication
    has drawn (`published`); with what earlier processes have drawn (`again`); and in turn with them the empty app's (`empty`). The medians,
    and the last process."""
    taken: dict[str, list[float]] = {"bare": [], "published": [], "empty": [], "again": []}
    for _time in range(STARTS):
        for name, seconds in taken.items():
            if name in ("bare", "published"):
                shutil.rmtree(home / DRAWN, ignore_errors=True)
            if name == "published":
                subprocess.run(OPENING, cwd=ROOT, check=True, capture_output=True)
                time.sleep(BETWEEN)  # as long as before every other start
            found, server = _started(browser, folder, home, EMPTY if name == "empty" else None)
            seconds.append(found)
            server.stop()
    return {name: median(seconds) for name, seconds in taken.items()}, _started(browser, folder, home)[1]


def _started(browser: Browser, folder: Path, home: Path, script: Path | None = None) -> tuple[float, Server]:
    from tests.bench.screen import first_page

    since = time.monotonic()
    server = start_server(folder / "server.log", home, **({"script": script} if script else {}))
    found = first_page(browser, server, "" if script else FIRST, since=since)
    time.sleep(BETWEEN)
    return found, server


def table(found: dict[str, Any]) -> str:
    """The measurements as lines; every time beside its ratio to the unit."""
    from tests.bench import unseen

    unit = (found["screen"]["empty"]["fresh"] + found["screen"]["empty"]["seen"]) / 2
    screen, asked = found["screen"], found["queries"]
    cold = screen["cold"]

    def told(seconds: float) -> str:
        return f"{seconds * 1000:8.0f} ms {seconds / unit:7.2f} U"

    lines = [
        unseen.table(found["unseen"]),
        f"{'U: empty rerun behind a select box':44}{told(unit)}",
        f"{'the same without collection of garbage':44}{told(screen['lean']['seen'])}",
        f"{'empty app, first page':44}{told(screen['empty']['first'])}",
        f"{'start of the empty process to its first page':44}{told(cold['empty'])}",
        *(
            f"{words:44}{told(cold[name])} {cold[name] / cold['empty']:7.2f} times the empty one"
            for name, words in STARTED.items()
        ),
        f"{'a period of a map that plays':44}{told(screen['frame'])}",
    ]
    for name, times in screen["pages"].items():
        lines += [
            f"{name + ': first visit':44}{told(times['first'])}",
            f"{name + ': next visitor':44}{told(screen['warm'][name])}",
            f"{name + ': script alone, all cached':44}{told(asked['scripts'][name])}",
        ]
        if "fresh" in times:
            lines += [
                f"{name + ': view never shown before':44}{told(times['fresh'])}   {times['bytes'] / 1000:7.1f} kB",
                f"{name + ': view shown before':44}{told(times['seen'])}",
            ]
    for name, times in found.get("peers", {}).items():
        lines += [
            f"{name + ': first page':44}{told(times['first'])}",
            f"{name + ': change of the period':44}{told(times['change'])}   {times['bytes'] / 1000:7.1f} kB",
        ]
    lines += [
        f"{'query, median of ' + str(asked['queries']):44}{told(asked['median'])}",
        f"{'query, 95th percentile':44}{told(asked['p95'])}",
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure, print, and write JSON where asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    parser.add_argument("--times", type=int, default=4, help="filter changes a page and way")
    parser.add_argument("--peers", action="store_true", help="also a page of Dash and of Panel, from an environment of their own")
    parser.add_argument("--peers-python", type=Path, help="an interpreter that has them already")
    parser.add_argument("--pages", nargs="+", choices=PAGES, default=PAGES, help="only these pages")
    asked = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        print("no Chromium: install Debian's `chromium` or set CHROMIUM to its path", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = prepare(folder)
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
            found: dict[str, Any] = {"screen": screens(browser, folder, home, asked.times, asked.pages)}
            if asked.peers or asked.peers_python:
                from tests.bench import peers

                python = asked.peers_python or peers.install(folder / "peers")
                found["peers"] = peers.measure(browser, python, folder, asked.times)
            browser.close()
        from tests.bench.queries import measure

        found["queries"] = measure(asked.pages)
        from tests.bench import unseen

        found["unseen"] = unseen.measure(asked.pages)
    print(table(found))
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
