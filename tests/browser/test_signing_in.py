"""Signing in at a real OpenID provider that runs beside the tests, two people at once, and what the server says to everybody."""

from __future__ import annotations

import json
import re
import shutil
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import Message
from pathlib import Path
from typing import Any

import httpx
import oidc_provider_mock
import pytest
import websockets
from flask import request
from playwright.sync_api import Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from data_access.saved import people
from tests.browser.driving import PATIENCE, Server, settled, start_server
from tests.web_socket import STREAM, ends
from ui.web.server import CONTENT_SECURITY_POLICY, HEADERS

OFFICER, VIEWER, STRANGER = "officer@khonkaen.go.th", "viewer@example.go.th", "stranger@example.org"


def _without_style(response: Any) -> Any:
    """The forms of the provider load a style sheet from outside; here nothing does."""
    if response.mimetype == "text/html":
        response.set_data(re.sub(r"<link[^>]+>", "", response.get_data(as_text=True)))
    if request.path == "/favicon.ico":
        response.status_code = 204  # it has none, of which the browser would complain
    return response


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread() as running:
        running.app.after_request(_without_style)
        address = f"http://localhost:{running.server_port}"
        for who in (OFFICER, VIEWER, STRANGER):
            httpx.put(f"{address}/users/{who}", json={"email": who, "name": who.split("@")[0].title()}).raise_for_status()
        yield address


@pytest.fixture(scope="module")
def guarded(
    provider: str, browser_home: Path, servers: list[Server], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The app with an identity provider and two people who may come in."""
    folder = tmp_path_factory.mktemp("guarded")
    home = folder / "home"
    shutil.copytree(browser_home, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(home))
        people.admit(OFFICER, "manager", ["40"])
        people.admit(VIEWER, "viewer", [])
    settings = {
        "SAMOEPHAK_OIDC_METADATA_URL": f"{provider}/.well-known/openid-configuration",
        "SAMOEPHAK_OIDC_CLIENT_ID": "samoephak",
        "SAMOEPHAK_OIDC_CLIENT_SECRET": "secret of a test",
        "SAMOEPHAK_COOKIE_SECRET": "0123456789abcdef0123456789abcdef",
        "SAMOEPHAK_PUBLIC_URL": "{url}",
    }
    started = start_server(folder / "server.log", home, more=settings)
    started.url = started.url.replace("127.0.0.1", "localhost")  # where the provider sends people back to
    servers.append(started)
    yield started
    started.stop()
    servers.remove(started)


def sign_in(page: Page, server: Server, who: str, path: str = "/?lang=en") -> None:
    """From a page that asks for it through the provider's form."""
    page.goto(server.url + path)
    page.get_by_role("button", name="Sign in with your agency's account").click(timeout=PATIENCE)
    page.get_by_placeholder("sub").fill(who)
    page.get_by_role("button", name="Authorize").click()


def test_a_deep_link_asks_for_signing_in_and_opens_afterwards(page: Page, guarded: Server) -> None:
    page.goto(f"{guarded.url}/schools?lang=en&province=40")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=PATIENCE)
    assert page.get_by_text("Khon Kaen").count() == 0
    sign_in(page, guarded, OFFICER, "/schools?lang=en&province=40")
    expect(page.get_by_role("heading", name="Schools", exact=True)).to_be_visible(timeout=PATIENCE)
    assert "province=40" in page.url
    settled(page)
    expect(page.get_by_text("are shown to you for: Khon Kaen")).to_be_visible()
    page.get_by_role("button", name="Officer").click()
    expect(page.get_by_text("Role: Manager")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()  # the provider's own page
    expect(page.locator(".st-key-person_sign_in button")).to_be_visible(timeout=PATIENCE)
    page.get_by_text("English").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=PATIENCE)


def test_signing_out_in_one_window_ends_the_others_and_copies_of_the_cookie(
    new_page: Callable[..., Page], guarded: Server
) -> None:
    """Somebody has copied the cookie into another browser."""
    page, thief = new_page(), new_page()
    sign_in(page, guarded, VIEWER, "/grants?lang=en")
    expect(page.get_by_role("heading", name="Grants", exact=True)).to_be_visible(timeout=PATIENCE)
    thief.context.add_cookies(page.context.cookies())
    thief.goto(f"{guarded.url}/grants?lang=en")
    expect(thief.get_by_role("heading", name="Grants", exact=True)).to_be_visible(timeout=PATIENCE)
    settled(thief)
    settled(page)
    page.get_by_role("button", name="Viewer").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()
    expect(page.locator(".st-key-person_sign_in button")).to_be_visible(timeout=PATIENCE)
    thief.get_by_text("ไทย").click()
    expect(thief.locator(".st-key-person_sign_in button")).to_be_visible(timeout=PATIENCE)
    thief.goto(f"{guarded.url}/schools?lang=en")
    expect(thief.get_by_role("heading", name="Sign in")).to_be_visible(timeout=PATIENCE)


def test_two_people_on_one_server_see_each_their_own(new_page: Callable[..., Page], guarded: Server) -> None:
    officer, viewer = new_page(), new_page()
    for who, page in ((OFFICER, officer), (VIEWER, viewer)):
        sign_in(page, guarded, who, "/schools?lang=en&province=40")
        expect(page.get_by_role("heading", name="Schools", exact=True)).to_be_visible(timeout=PATIENCE)
        settled(page)
    expect(officer.get_by_text("By local authority")).to_be_visible()
    assert viewer.get_by_text("By local authority").count() == 0
    expect(viewer.get_by_text("These places are outside what you see in detail.").first).to_be_visible()
    assert officer.locator(".sb-is-table").count() > viewer.locator(".sb-is-table").count()


def test_a_stranger_is_told_that_there_is_no_access(page: Page, guarded: Server) -> None:
    sign_in(page, guarded, STRANGER)
    expect(page.get_by_role("heading", name="No access")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(STRANGER)).to_be_visible()


def test_a_cookie_that_somebody_made_up_lets_nobody_in(page: Page, guarded: Server) -> None:
    forged = json.dumps({"email": OFFICER, "is_logged_in": True, "iat": 4e9})
    page.context.add_cookies([{"name": "_streamlit_user", "value": forged.replace('"', "%22"), "url": guarded.url}])
    page.goto(f"{guarded.url}/schools?lang=en")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=PATIENCE)


# ---- what the server says to everybody -----------------------------------------------------------------------------------
def answer(url: str, **headers: str) -> tuple[int, Message, bytes]:
    """Status, headers and body of a request without a browser."""
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as found:
            return found.status, found.headers, found.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


@pytest.mark.parametrize(
    "path", ["/", "/schools", "/_stcore/health", "/health/live", "/app/static/board/board.js", "/no/such/thing"]
)
def test_every_answer_carries_the_security_headers(server: Server, path: str) -> None:
    _status, headers, _body = answer(server.url + path)
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert "'self'" in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY


def test_no_page_around_the_app_is_listened_to(server: Server) -> None:
    _status, _headers, body = answer(server.url + "/_stcore/host-config")
    assert json.loads(body)["allowedOrigins"] == []


def test_health_and_metrics_say_numbers_alone(server: Server) -> None:
    assert answer(server.url + "/health/live")[2] == b'{"status":"ok"}'
    assert answer(server.url + "/health/ready")[0] == 200
    status, _headers, body = answer(server.url + "/health/metrics")
    assert status == 200
    lines = [line for line in body.decode().splitlines() if not line.startswith("#")]
    assert "samoephak_ready 1" in lines
    assert all(line.split()[0].startswith("samoephak_") and float(line.split()[1]) >= 0 for line in lines)
    assert answer(server.url + "/_stcore/metrics")[0] == 404
    assert answer(server.url + "/_stcore/metrics/")[0] == 404


def test_requests_that_are_too_large_or_lie_about_it_are_refused(server: Server) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    for length in ("999999999999", "-1", "1e3"):
        with socket.create_connection((host, int(port)), timeout=20) as line:
            line.sendall(f"PUT /_stcore/upload_file/x/y HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n".encode())
            assert line.recv(100).split()[1] in (b"400", b"413")


def test_a_message_that_is_never_finished_is_not_held(guarded: Server) -> None:
    """Nobody is asked who they are before a message is whole: ten lines of strangers held 440 MB."""
    host, port = guarded.url.removeprefix("http://").split(":")
    part, sent = b"\x00\xff" + (1_000_000).to_bytes(8, "big") + bytes(4) + b"x" * 1_000_000, 0
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(
            f"GET {STREAM} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        assert b" 101 " in line.recv(1000)
        with suppress(OSError):  # the server has ended the line
            line.sendall(b"\x02\x80" + bytes(4))
            while sent < 40:
                line.sendall(part)
                sent += 1
    assert sent < 40


@contextmanager
def line_to(server: Server, query: str, **headers: str) -> Iterator[tuple[str, str]]:
    """The session of somebody without a browser, and all that its page has sent; the line is open meanwhile."""
    url = f"{server.url.replace('http', 'ws')}{STREAM}"
    message = BackMsg()
    message.rerun_script.query_string = query
    protocols = [websockets.Subprotocol("streamlit")]
    with connect(url, subprotocols=protocols, max_size=None, additional_headers=headers) as line:
        line.send(message.SerializeToString())
        found, session, ended = b"", "", False
        while not ended:
            heard = line.recv(PATIENCE / 1000)
            assert isinstance(heard, bytes)
            part = ForwardMsg.FromString(heard)
            found, session, ended = found + heard, session or part.new_session.initialize.session_id, ends(part)
        yield session, found.decode("utf-8", "replace")


def told(server: Server, query: str, **headers: str) -> str:
    """All that a page sends to somebody without a browser."""
    with line_to(server, query, **headers) as (_session, found):
        return found


def cookies_of(server: Server) -> str:
    """What a browser sends that has followed the link."""
    return "; ".join(f"{name}={value}" for name, value in server.opened.items())


def test_the_page_for_signing_in_takes_no_file(guarded: Server) -> None:
    """With the session that it has, and the token that Streamlit asks for: eight files were held in memory for ten minutes."""
    with line_to(guarded, "lang=en") as (session, found), httpx.Client(base_url=guarded.url) as client:
        assert "Sign in" in found
        client.get("/_stcore/health")
        token = {"X-Xsrftoken": client.cookies["_streamlit_xsrf"]}
        files = {"file": ("f.csv", b"x" * 100_000)}
        answers = [client.put(f"/_stcore/upload_file/{session}/f{n}", files=files, headers=token) for n in range(8)]
        assert [found.status_code for found in answers] == [403] * 8


def test_what_a_page_fetches_is_for_the_browser_that_shows_it(server: Server) -> None:
    mine = {"Cookie": cookies_of(server)}
    with line_to(server, "lang=en", **mine) as (_session, found):
        address = server.url + re.findall(r"/media/[0-9a-f]{20,}[.\w]*", found)[0]
        own = httpx.get(address, headers=mine)
        assert (own.status_code, own.headers["cache-control"]) == (200, "private")
        assert httpx.get(address).status_code == 404
    gone = time.monotonic() + 10  # the server hears a moment later that the line is closed
    while httpx.get(address, headers=mine).status_code == 200:
        assert time.monotonic() < gone
        time.sleep(0.1)


def test_a_forward_shows_the_demonstration_and_no_more(server: Server) -> None:
    """What a forward of a port adds to a request is nothing: whoever comes by it has not followed the link."""
    cookie = cookies_of(server)
    stranger = told(server, "lang=en")
    assert "Open to look at; to change something" in stranger
    assert "Open on this machine" not in stranger
    assert "Open on this machine" in told(server, "lang=en", Cookie=cookie)
    for proxy in ("Via", "X-Forwarded-Proto", "True-Client-IP", "CF-Connecting-IP"):
        assert "Sign-in is not set up" in told(server, "lang=en", Cookie=cookie, **{proxy: "x"})


def test_the_link_stands_in_the_window_of_the_server_and_its_secret_in_no_log_of_requests(server: Server) -> None:
    followed, *rest = server.links()
    assert len(rest) == 1
    assert answer(followed)[0] == 403
    assert server.log().count(followed.rpartition("=")[2]) == 1


def test_the_app_shows_nothing_when_reached_through_a_proxy_without_a_provider(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page()
    page.context.set_extra_http_headers({"X-Forwarded-For": "203.0.113.7"})
    page.goto(server.url + "/?lang=en")
    expect(page.get_by_role("heading", name="Sign-in is not set up")).to_be_visible(timeout=PATIENCE)
    assert page.locator(".sb-tile").count() == 0
