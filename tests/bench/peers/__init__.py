"""The same page in Dash and in Panel, measured in the same run: written data, a server of each, a key press to the last change."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
import urllib.request
import venv
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from tests.bench.screen import start_clock
from tests.beside import free_ports

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
STATIC = ROOT / "static"
PAGES = {"dash": (HERE / "dash_page.py", "#period"), "panel": (HERE / "panel_page.py", "select")}
INDICATOR, KPIS = (
    "grant.coverage",
    ("grant.basic_recipients", "grant.equity_recipients", "grant.coverage", "grant.condition_rate"),
)
QUIET, PATIENCE = 0.6, 60.0


def install(folder: Path) -> Path:
    """A virtual environment of the peers' own; its interpreter."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "-q", "-r", str(HERE / "requirements.txt")], check=True)
    return python


def write_data(folder: Path) -> Path:
    """What the pages show, from the release at hand; and the geometry beside it."""
    import geo
    from data_access.questions.cells import TOLD
    from data_access.questions.query import periods_of, query

    periods = periods_of(INDICATOR, "semester")
    cells = query(INDICATOR, by=("province", "semester"))
    shown = cells[cells["state"].isin(TOLD)]
    values = {p: dict(zip(part["province"], part["value"], strict=True)) for p, part in shown.groupby("semester")}
    nation = query(INDICATOR, by=("semester",)).set_index("semester")["value"]
    kpis = {p: [[i, float(query(i, where={"semester": p})["value"].iloc[0])] for i in KPIS] for p in periods}
    data = {
        "periods": periods,
        "names": {c: geo.name(c, "th") for c in cells["province"].unique()},
        "values": values,
        "total": {p: float(nation.get(p, float("nan"))) for p in periods},
        "kpis": kpis,
    }
    for file in (STATIC / "geo" / "provinces.json", STATIC / "topojson" / "world_110m.json"):
        shutil.copy(file, folder)
    target = folder / "data.json"
    target.write_text(json.dumps(data).replace("NaN", "null"), encoding="utf-8")
    return target


def measure(browser: Browser, python: Path, folder: Path, times: int) -> dict[str, dict[str, float]]:
    """Of each peer the seconds to its first page and from a key to the last repaint, and the bytes of a change."""
    data = write_data(folder)
    return {name: _one(browser, python, script, selector, data, times) for name, (script, selector) in PAGES.items()}


def _one(browser: Browser, python: Path, script: Path, selector: str, data: Path, times: int) -> dict[str, float]:
    (port,) = free_ports(1)
    server = subprocess.Popen(
        [str(python), str(script), str(data), str(port), str(data.parent)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}/"
        _answers(url)
        _visit(browser, url, selector).context.close()  # the server has imported and built what it keeps
        page = _visit(browser, url, selector)
        first = page.evaluate("lastPaint") / 1000
        seconds, sizes = zip(
            *(_change(page, selector, "ArrowDown" if n % 2 else "ArrowUp") for n in range(2 * times)), strict=True
        )
        page.context.close()
        return {"first": first, "change": median(seconds), "bytes": median(sizes)}
    finally:
        server.kill()


def _answers(url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).read()
            return
        except OSError:
            if time.monotonic() > deadline:
                sys.exit(f"{url} does not answer")
            time.sleep(0.3)


def _visit(browser: Browser, url: str, selector: str) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    start_clock(page, "html")
    page.goto(url)
    page.locator(selector).first.wait_for()
    page.locator(".main-svg").first.wait_for()
    _quiet(page)
    return page


def _quiet(page: Page) -> None:
    """Wait until nothing has changed for a while."""
    while page.evaluate("performance.now() - lastPaint") < QUIET * 1000:
        page.wait_for_timeout(100)


def _change(page: Page, selector: str, key: str) -> tuple[float, int]:
    received: list[int] = []
    page.on("response", lambda r: received.append(int(r.headers.get("content-length", 0))))
    box = page.locator(selector).first
    if box.evaluate("e => e.tagName") == "SELECT":
        box.focus()
    else:
        box.click()
        page.keyboard.press(key)
        page.wait_for_timeout(200)
        key = "Enter"
    page.keyboard.press(key)
    page.wait_for_timeout(int(QUIET * 1000))
    _quiet(page)
    return page.evaluate("lastPaint - lastKey") / 1000, sum(received)
