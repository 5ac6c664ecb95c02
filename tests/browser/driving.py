"""Drive the app in Chromium: start servers, open pages, wait until they have settled, record what goes over the network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from playwright.sync_api import BrowserContext, Page

from i18n import gettext
from tests.beside import free_ports
from ui.kit import navigation

ROOT = Path(__file__).parents[2]
PAGES = [p.stem for p in sorted((ROOT / "pages").glob("*.py"))]
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FIRST = "overview"
LINK = re.compile(r"http://[\w.:]+/open\?once=[\w-]+")
PATIENCE = 90_000  # milliseconds; a first page on a loaded two-core machine computes for many seconds
TRACEBACK = re.compile(
    r"Traceback \(most recent call last\)|Uncaught app execution|^\w*(Error|Exception): "
    r'|"logger": "(streamlit|uvicorn)[^\n]*"error": ',
    re.M,
)
# Console errors that are Streamlit's own: pattern -> why it is harmless.
TOLERATED = {
    # The client looks for its server below the page's path first, then at the root, where it answers.
    r"Failed to load resource.*404.*/\w+/_stcore/(health|host-config)": "probe of the sub-path",
    # A reload or a move to another address closes the socket under the client's hands.
    r"WebSocket connection to .*/_stcore/stream.* failed: WebSocket is closed before": "socket closed by leaving the page",
}


def find_chromium() -> str | None:
    """The browser to drive: $CHROMIUM, Debian's, or one on the PATH."""
    for candidate in (os.environ.get("CHROMIUM"), "/usr/bin/chromium", shutil.which("chromium"), shutil.which("google-chrome")):
        if candidate and Path(candidate).is_file():
            return candidate
    return None


@dataclass
class Server:
    """A running `streamlit run`; `url` has no slash at its end, `opened` is the cookie of who has followed the link that it printed."""

    url: str
    home: Path | None
    process: subprocess.Popen
    log_path: Path
    opened: dict[str, str] = field(default_factory=dict)

    def links(self) -> list[str]:
        """The links that open the app, as they were printed; the last one has not been followed."""
        return LINK.findall(self.log())

    def follow_link(self) -> None:
        """Follow the newest link, where there is one: people sign in at some servers, and others are no app of ours."""
        for link in self.links()[-1:]:
            self.opened = dict(httpx.get(link).cookies)

    def let_in(self, context: BrowserContext) -> None:
        """Give a browser the cookie of who has followed the link."""
        url = self.url
        context.add_cookies([{"name": n, "value": v, "url": url} for n, v in self.opened.items()])

    def log(self) -> str:
        """Everything the server has printed so far."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """End the process, gently first."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)


def start_server(
    log_path: Path, home: Path | None = None, script: Path = ROOT / "app.py", more: Mapping[str, str] | None = None
) -> Server:
    """Start Streamlit on a free loopback port and wait until it answers; no session has visited it then.

    Args:
        more: environment variables; `{url}` in a value stands for the address of the server.

    Raises:
        RuntimeError: the process ended or did not answer within a minute.
    """
    (port,) = free_ports(1)
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # what is compiled stays, as on a machine of its own
    env |= {name: value.format(url=f"http://localhost:{port}") for name, value in (more or {}).items()}
    if home is not None:
        env["SAMOEPHAK_HOME"] = str(home)
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true", f"--server.port={port}"]
    with log_path.open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
    server = Server(f"http://127.0.0.1:{port}", home, process, log_path)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2):
                server.follow_link()
                return server
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    server.stop()
    raise RuntimeError(f"the server did not start:\n{server.log()}")


@dataclass
class Traffic:
    """What a page asked for and complained of."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    received: int = 0
    sent: int = 0

    def outside(self) -> list[str]:
        """Requests to any host but the loopback one."""
        return [u for u in self.requests if urlsplit(u).scheme in ("http", "https", "ws", "wss") and not _local(u)]

    def errors(self) -> list[str]:
        """Console and page errors that are not tolerated ones of Streamlit's own."""
        return [c for c in self.complaints if not any(re.search(p, c) for p in TOLERATED)]


def _local(url: str) -> bool:
    return urlsplit(url).hostname in ("127.0.0.1", "localhost")


def record(page: Page) -> Traffic:
    """Listen to every request, websocket frame, console error and page error of a page."""
    traffic = Traffic()
    page.on("request", lambda r: traffic.requests.append(r.url))
    page.on("console", lambda m: _console(traffic, m))
    page.on("pageerror", lambda e: traffic.complaints.append(f"page error: {e}"))
    page.on("websocket", lambda ws: _listen(traffic, ws))
    return traffic


def _console(traffic: Traffic, message: Any) -> None:
    if message.type == "error":
        traffic.complaints.append(f"{message.text} {message.location.get('url', '')}")


def _listen(traffic: Traffic, socket_: Any) -> None:
    traffic.requests.append(socket_.url)

    def received(payload: str | bytes) -> None:
        traffic.received += len(payload)

    def sent(payload: str | bytes) -> None:
        traffic.sent += len(payload)

    socket_.on("framereceived", received)
    socket_.on("framesent", sent)


def open_page(page: Page, server: Server, name: str = "", **query: str) -> Page:
    """Go to a page of the app by address (`open_page(page, server, "grants", lang="en", province="40")`) and let it settle.

    Args:
        name: the page's file stem; the first page, overview, answers to the address without a path.
        query: parameters of the address; `set_="tsqp"` writes `set`.
    """
    server.let_in(page.context)
    words = urlencode({k.rstrip("_"): v for k, v in query.items()})
    page.goto(f"{server.url}/{name if name != FIRST else ''}" + (f"?{words}" if words else ""), timeout=PATIENCE)
    return settled(page)


WATCHED = """(() => {
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (message) {
    window.asked = performance.now();
    this.addEventListener('message', () => { window.asked = 0; }, { once: true });
    return send.call(this, message);
  };
})()"""  # for how long a page has waited for the server: until the first answer nothing on the page tells of a click

SETTLED = """() => {
  if (window.asked && performance.now() - window.asked < 10000) return false;
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || app.dataset.testScriptState !== 'notRunning' || app.dataset.testConnectionState !== 'CONNECTED') return false;
  if (!document.querySelector('h1') || new URLSearchParams(location.search).has('goto')) return false;
  if (document.querySelector('[data-testid="stSkeleton"], [data-testid="stAppSkeleton"], [data-stale="true"]')) return false;
  const ours = [...document.querySelectorAll('[data-testid="stBidiComponentRegular"]')];
  if (ours.some(c => c.offsetParent !== null && (!c.querySelector('.sb-block') || c.querySelector('.sb-block:empty')))) return false;
  const charts = [...document.querySelectorAll('.sb-plot, .sb-deck')];
  return charts.every(c => c.offsetParent === null || 'waits' in c.dataset || c.querySelector('.main-svg, canvas'));
}"""


def settled(page: Page, quiet: int = 250) -> Page:
    """Wait until the server has answered and the script ended, nothing is stale or a skeleton, every visible chart is
    drawn, and it stays so.

    Args:
        quiet: milliseconds for which it must stay so; the browser takes a moment to send what a click asks for.
    """
    while True:
        page.wait_for_function(SETTLED, timeout=PATIENCE)
        page.wait_for_timeout(quiet)
        if page.evaluate(SETTLED):
            return page


def query_of(page: Page) -> dict[str, str]:
    """The parameters in the address bar."""
    from urllib.parse import parse_qsl

    return dict(parse_qsl(urlsplit(page.url).query))


def page_of(page: Page) -> str:
    """The page's name in the address bar; empty for the first one."""
    return urlsplit(page.url).path.strip("/")


def follow(page: Page, name: str, lang: str) -> None:
    """Go to a page by the navigation at the top, through the menu that it stands in."""
    menu = navigation.PAGES[name][2]
    if menu:
        page.get_by_test_id("stTopNavSection").filter(has_text=gettext(menu, lang)).click()
    page.locator(f'[data-testid^="stTopNav"][href*="{name}"]').first.click()
