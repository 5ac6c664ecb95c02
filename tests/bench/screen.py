"""Times of the screen, taken inside the browser: from a key press or a navigation to the last change of the page."""

from __future__ import annotations

import json
import time
from statistics import median

from playwright.sync_api import Browser, Page

from tests.browser.driving import Server, Traffic, open_page, record, settled

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


def start_clock(page: Page, watched: str) -> None:
    """Keep the clock on every document of a page; changes inside `watched` (a selector) count."""
    page.add_init_script(f"({CLOCK})({json.dumps(watched)})")


def new_page(browser: Browser) -> tuple[Page, Traffic]:
    """A fresh visitor whose page keeps the clock."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="th-TH").new_page()
    start_clock(page, MAIN)
    return page, record(page)


def first_page(browser: Browser, server: Server, name: str, since: float | None = None) -> float:
    """Seconds until a fresh visitor sees a whole page; `since` (monotonic) counts the start of the server in."""
    before = 0.0 if since is None else time.monotonic() - since
    page, _traffic = new_page(browser)
    open_page(page, server, name)
    seconds = page.evaluate("lastPaint") / 1000
    page.context.close()
    return before + seconds


def change(page: Page, traffic: Traffic, key: str) -> tuple[float, int]:
    """Move the first select of the page by one with the keyboard: (seconds from the key to the last repaint, bytes received)."""
    native = page.locator("select[name=period]")
    if native.count():
        native.focus()
    else:
        page.locator(".st-key-filter_period input").first.click()
        page.keyboard.press(key)
        key = "Enter"
    page.wait_for_timeout(150)
    before = traffic.received
    page.keyboard.press(key)
    settled(page, 500)
    return page.evaluate("lastPaint - lastKey") / 1000, traffic.received - before


def changes(browser: Browser, server: Server, name: str, times: int) -> dict[str, float]:
    """Change the period down the list (never seen before) and up again (seen before).

    Returns:
        Median seconds of either way, median bytes over the websocket of a change; empty for a page without periods.
    """
    page, traffic = new_page(browser)
    open_page(page, server, name)
    if not page.locator("select[name=period], .st-key-filter_period").count():
        page.context.close()
        return {}
    fresh = [change(page, traffic, "ArrowDown") for _ in range(times)]
    seen = [change(page, traffic, "ArrowUp") for _ in range(times)]
    page.context.close()
    return {
        "fresh": median(s for s, _b in fresh),
        "seen": median(s for s, _b in seen),
        "bytes": median(b for _s, b in fresh + seen),
    }
