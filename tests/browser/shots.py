"""`python -m tests.browser.shots [FOLDER]`: pictures of the pages for the README, or with --all every width, language and mode."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.driving import CHROMIUM_ARGS, PAGES, ROOT, Server, find_chromium, open_page, settled, start_server
from ui.kit import guide

WIDTHS = {"phone": 390, "tablet": 820, "screen": 1440}
# name of the picture -> page, address, dark, width, height
ABOUT = {"province": {"province": "40"}}  # what a page must be asked about to show something
README = {
    **{f"{n.replace('_', '-')}-th-light": (n, {"lang": "th", **ABOUT.get(n, {})}, False, 1440, 900) for n in PAGES},
    "overview-en-dark": ("overview", {"lang": "en", "province": "40"}, True, 1440, 900),
    "overview-en-dark-phone": ("overview", {"lang": "en"}, True, 390, 844),
}


def shoot(
    browser: Browser, server: Server, path: Path, name: str, query: dict[str, str], *, dark: bool, width: int, height: int
) -> None:
    """One picture: the window's height, or the whole page when the height is 0."""
    context = browser.new_context(
        viewport={"width": width, "height": height or 900}, color_scheme="dark" if dark else "light", locale="th-TH"
    )
    context.add_cookies([{"name": guide.COOKIE, "value": "1", "url": server.url}])  # no question to first visitors
    page = context.new_page()
    open_page(page, server, name, **query)
    if not height:
        # Streamlit scrolls inside its main part, so a full picture needs a window as tall as the page
        tall = page.get_by_test_id("stMain").evaluate("e => e.scrollHeight")
        page.set_viewport_size({"width": width, "height": tall})
    settled(page, 1200)
    page.screenshot(path=path)
    context.close()


def main() -> int:
    """Take the pictures on demonstration data built for the purpose, or in $SAMOEPHAK_TEST_HOME."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.shots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--all", action="store_true", help="every page, language, mode and width, whole pages")
    parser.add_argument("--only", help="pages whose name contains this")
    asked = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        print("no Chromium: install Debian's `chromium` or set CHROMIUM to its path", file=sys.stderr)
        return 2
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as driver:
        home = Path(os.environ.get("SAMOEPHAK_TEST_HOME") or temporary)
        server = start_server(Path(temporary) / "server.log", home)
        browser = driver.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        try:
            if asked.all:
                wanted = [
                    (f"{n}-{lang}-{'dark' if dark else 'light'}-{label}", n, {"lang": lang}, dark, width, 0)
                    for n in PAGES
                    for lang in ("th", "en")
                    for dark in (False, True)
                    for label, width in WIDTHS.items()
                ]
            else:
                wanted = [(label, *rest) for label, rest in README.items()]
            for label, n, query, dark, width, height in wanted:
                if asked.only and asked.only not in n:
                    continue
                path = asked.folder / f"{label}.png"
                shoot(browser, server, path, n, query, dark=dark, width=width, height=height)
                print(path)
        finally:
            browser.close()
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
