"""Times of the screen, taken inside the browser: from a key press or a navigation to the last change of the page."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from statistics import median

from playwright.sync_api import Browser, Page

from tests.browser.driving import Server, open_page, settled
from tests.relay import Line

# `lastPaint` is the time of the latest change of the page's content, `lastKey` that of the latest key.
MAIN = '[data-testid="stMain"]'
CLOCK = """(watched) => {
  window.lastPaint = 0; window.lastKey = 0;
  document.addEventListener('keydown', e => { window.lastKey = performance.now(); }, true);
  new MutationObserver(changes => {
    if (changes.some(c => (c.target.closest ? c.target : c.target.parentElement)?.closest(watched)))
      window.lastPaint = performance.now();
  }).observe(document, {childList: true, subtree: true, characterData: true, attributes: true});
}"""

# Every period of a map that plays, in milliseconds from the slider to a page laid out anew.
FRAMES = """(shown) => {
  const range = document.querySelector(`${shown} input[type=range]`);
  return [...Array(Number(range.max) + 1).keys()].map(at => {
    const before = performance.now();
    range.value = at;
    range.dispatchEvent(new Event('input'));
    range.getBoundingClientRect();
    return performance.now() - before;
  });
}"""
ASKED = {"province": {"province": "40"}, "policy": {"tab": "simulator"}, "data": {"tab": "dictionary"}}
"""What a page is opened with: one shows nothing without a province, two have what is changed on a part of them."""
WORDS = ("ทุน", "โรงเรียน", "คะแนน", "เด็ก", "งบ", "จังหวัด", "ปี", "รายได้")
TYPED = {
    "province": ("เชียงใหม่", "ขอนแก่น", "สงขลา", "นครราชสีมา", "ยะลา", "ตาก", "น่าน", "ตราด"),
    "data_dictionary_search": WORDS,
    "help_term": WORDS,
}
"""What is typed into a field one after the other."""
CHANGED = (
    "select[name=period]",
    "select[name=region]",
    *(f"input[name={name}]" for name in TYPED),
    ".st-key-filter_period input",
)
"""What is changed on a page: the first of these that it has; the last is the empty app's."""


def start_clock(page: Page, watched: str) -> None:
    """Keep the clock on every document of a page; changes inside `watched` (a selector) count."""
    page.add_init_script(f"({CLOCK})({json.dumps(watched)})")


def new_page(browser: Browser) -> Page:
    """A fresh visitor whose page keeps the clock."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="th-TH").new_page()
    start_clock(page, MAIN)
    return page


def first_page(browser: Browser, server: Server, name: str, since: float | None = None) -> float:
    """Seconds until a fresh visitor sees a whole page; `since` (monotonic) counts the start of the server in."""
    before = 0.0 if since is None else time.monotonic() - since
    page = new_page(browser)
    open_page(page, server, name, **ASKED.get(name, {}))
    seconds = page.evaluate("lastPaint") / 1000
    page.context.close()
    return before + seconds


def change(page: Page, key: str) -> float:
    """Move a filter of the page (`CHANGED`) by one with the keyboard: seconds from the key to the last repaint."""
    name = _changed(page)
    field = page.locator(name).first
    if name.startswith("select"):
        field.focus()
    else:
        field.click()
        if name.startswith("input"):
            words = TYPED[str(field.get_attribute("name"))]
            at = words.index(typed) if (typed := field.input_value()) in words else -1
            field.fill(words[(at + (1 if key == "ArrowDown" else -1)) % len(words)])
        else:
            page.keyboard.press(key)
        key = "Enter"
    page.wait_for_timeout(150)
    page.keyboard.press(key)
    settled(page, 500)
    return page.evaluate("lastPaint - lastKey") / 1000


def _changed(page: Page) -> str:
    return next((name for name in CHANGED if page.locator(name).count()), "")


def changes(browser: Browser, server: Server, name: str, times: int) -> dict[str, float]:
    """Change a filter (`CHANGED`) down its list (never seen before), up again and down again (seen before).

    Returns:
        Median seconds of either way, and the bytes that come from the server with a change, compressed as they travel; empty for a
        page without filters.
    """
    page = new_page(browser)
    open_page(page, server, name, **ASKED.get(name, {}))
    if not _changed(page):
        page.context.close()
        return {}
    fresh = [change(page, "ArrowDown") for _ in range(times)]
    seen = [change(page, key) for key in ("ArrowUp", "ArrowDown") for _ in range(times)]
    page.context.close()
    return {"fresh": median(fresh), "seen": median(seen), "bytes": weight(browser, server, name)}


def weight(browser: Browser, server: Server, name: str) -> float:
    """Bytes that come with a change, compressed as they travel: the median of four."""
    line = Line(server.url)
    page = new_page(browser)
    open_page(page, replace(server, url=line.url), name, **ASKED.get(name, {}))
    found = []
    for _time in range(4):
        before = line.received
        change(page, "ArrowDown")
        found.append(line.received - before)
    page.context.close()
    line.close()
    return median(found)


def frame(browser: Browser, server: Server) -> float:
    """Seconds that a map which plays takes from one period to the next."""
    page = new_page(browser)
    open_page(page, server, "grants", map="play", measure="grant.coverage")
    milliseconds = page.evaluate(FRAMES, ".st-key-grants_map_play")
    page.context.close()
    return median(milliseconds) / 1000
