"""Where nobody signs in: who has followed the link that the server printed may do everything, all others look at demonstration data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from data_access.publishing import drafts
from data_access.saved import people, stories
from data_access.store.releases import list_releases, only_demonstration, point_to
from data_access.who.access import ANYBODY, OPERATOR, ROLES
from tests.data_access import small
from tests.reading import components, everything_sent, segments
from ui.entry import person, start_link

ROOT = Path(__file__).parents[2]
PAGES = sorted(p.stem for p in (ROOT / "pages").glob("*.py"))
HERE = {"host": "localhost:8501"}
HANDSHAKES = {
    "chromium": """Host Connection Pragma Cache-Control User-Agent Upgrade Origin Sec-WebSocket-Version Accept-Encoding Accept-Language Cookie
        Sec-WebSocket-Key Sec-WebSocket-Extensions Sec-WebSocket-Protocol""",
    "firefox": """Host User-Agent Accept Accept-Language Accept-Encoding Sec-WebSocket-Version Origin Sec-WebSocket-Protocol
        Sec-WebSocket-Extensions Sec-WebSocket-Key DNT Sec-GPC Connection Cookie Sec-Fetch-Dest Sec-Fetch-Mode Sec-Fetch-Site Pragma Cache-Control Upgrade""",
    "safari": """Host Origin Pragma Cache-Control Sec-WebSocket-Key Sec-WebSocket-Version Sec-WebSocket-Protocol Sec-WebSocket-Extensions Accept
        User-Agent Upgrade Accept-Language Accept-Encoding Cookie Connection Sec-Fetch-Dest Sec-Fetch-Mode Sec-Fetch-Site""",
    "a document of chromium": """Host Connection sec-ch-ua sec-ch-ua-mobile sec-ch-ua-platform Upgrade-Insecure-Requests User-Agent Accept Sec-Fetch-Site
        Sec-Fetch-Mode Sec-Fetch-User Sec-Fetch-Dest Accept-Encoding Accept-Language Cookie""",
}
BY_A_PROXY = """Via Forwarded X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto X-Forwarded-Port X-Forwarded-Server X-Real-Ip X-Client-Ip True-Client-Ip
    CF-Connecting-Ip CF-Ray CF-Visitor CDN-Loop Fastly-Client-Ip X-Amzn-Trace-Id X-Request-Id X-Envoy-External-Address X-Azure-Ref Proxy-Connection
    X-ProxyUser-Ip X-Original-Host Traceparent Ngrok-Trace-Id Tailscale-User-Login X-Nobody-Has-Heard-Of"""


# ---- what a request says of its way ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("names", HANDSHAKES.values(), ids=HANDSHAKES)
def test_what_browsers_send_is_known(names: str) -> None:
    sent = {name.lower(): "x" for name in names.split()} | HERE
    assert start_link.straight(sent | ({"origin": "http://localhost:8501"} if "origin" in sent else {}))


@pytest.mark.parametrize("name", BY_A_PROXY.split())
def test_a_header_that_no_browser_sends_is_that_of_a_proxy(name: str) -> None:
    assert start_link.straight(HERE)
    assert not start_link.straight({**HERE, name: "203.0.113.7"})


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"host": "samoephak.example.go.th"},
        {"host": "[::1"},
        {"host": "localhost", "origin": "https://elsewhere.example"},
        {
            "host": "localhost:8501",
            "origin": "http://localhost:9999",
        },  # another server here, whose pages a browser gives the cookie too
        {"host": "localhost:8501", "origin": "http://127.0.0.1:8501"},
        {"host": "localhost:8501", "origin": "null"},
    ],
)
def test_another_name_of_the_host_or_a_page_elsewhere_is_not_this_machine(sent: dict[str, str]) -> None:
    assert not start_link.straight(sent)


def test_a_server_that_listens_everywhere_is_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    real = st.get_option
    monkeypatch.setattr(st, "get_option", lambda name: "0.0.0.0" if name == "server.address" else real(name))
    assert not start_link.straight(HERE)


# ---- the link -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def browser() -> Iterator[TestClient]:
    headers = {"user-agent": "a browser"}
    with TestClient(Starlette(routes=start_link.routes()), "http://localhost", headers=headers, follow_redirects=False) as client:
        yield client


def test_the_link_sets_a_cookie_once_and_goes_on_without_the_secret(
    browser: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    link = start_link.link()
    assert urlsplit(link).hostname == "localhost"
    assert not start_link.was_followed(browser.cookies)
    answer = browser.get(link)
    assert (answer.status_code, answer.headers["location"], answer.headers["cache-control"]) == (303, "./", "no-store")
    said = answer.headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=strict" in said
    assert f"samoephak_opened_{st.get_option('server.port')}=" in said
    assert start_link.was_followed(dict(answer.cookies))
    again = browser.get(link)
    assert (again.status_code, "set-cookie" in again.headers) == (403, False)
    assert "เซิร์ฟเวอร์" in again.text
    assert "window of the server" in again.text
    assert start_link.link() in capsys.readouterr().out  # the next one, for another browser
    assert browser.get(start_link.link()).status_code == 303


@pytest.mark.parametrize("headers", [{"Via": "1.1 proxy"}, {"host": "samoephak.example.go.th"}])
def test_the_link_opens_nothing_through_a_proxy_and_stays_good(browser: TestClient, headers: dict[str, str]) -> None:
    link = start_link.link()
    assert browser.get(link, headers=headers).status_code == 403
    assert start_link.link() == link
    assert browser.get(link.rpartition("=")[0] + "=").status_code == 403
    assert browser.head(link).status_code == 403
    assert start_link.link() == link


def test_the_link_is_printed_and_opened_in_a_browser_unless_the_server_has_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    headless = [True]
    real = st.get_option
    monkeypatch.setattr(st, "get_option", lambda name: headless[0] if name == "server.headless" else real(name))
    monkeypatch.setattr(start_link.cli_util, "open_browser", opened.append)
    start_link.tell()
    assert start_link.link() in capsys.readouterr().out
    assert opened == []
    headless[0] = False
    start_link.tell()
    assert opened == [start_link.link()]


# ---- what it opens --------------------------------------------------------------------------------------------------------
@pytest.fixture
def came(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open the app for a browser that has not followed the link; `more` are headers beside those of a browser."""

    def open_app(more: dict[str, str] | None = None, cookies: dict[str, str] | None = None, **address: str) -> AppTest:
        monkeypatch.setattr(person, "sent", lambda: ({**HERE, **(more or {})}, cookies or {}))
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        for key, value in {"lang": "en", **address}.items():
            app.query_params[key] = value
        return app.run()

    return open_app


def written(home: Path) -> dict[str, bytes]:
    """Everything in a data directory but pages as they were drawn and what a database keeps of being opened."""
    files = [p for p in home.rglob("*") if p.is_file() and "cache" not in p.relative_to(home).parts]
    return {str(p): p.read_bytes() for p in files if p.suffix in (".json", ".jsonl")}


def test_without_the_link_demonstration_data_are_shown_and_nothing_can_be_changed(
    came: Callable[..., AppTest], on_demo: Path
) -> None:
    """Every page opens; buttons, forms and uploads that would leave something behind are not there, and those that are leave nothing."""
    before = written(on_demo)
    app = came()
    assert "Open to look at" in components(app, "top")[0]["about"]["demo"][1]
    for page in PAGES:
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception, page
        assert not app.file_uploader, page
        assert not app.text_area, page
        assert not [b.key for b in app.button], page
    tabs = segments(app.switch_page("pages/data.py").run(), "data_tab")["options"].values()
    assert set(tabs) == {"Releases", "Quality", "Data dictionary"}
    for tab in ("import", "people", "audit"):
        app.query_params["tab"] = tab
        app.run()
        assert not app.text_input
        assert not app.file_uploader
    assert written(on_demo) == before


def test_what_people_have_written_is_not_for_who_has_no_role(
    came: Callable[..., AppTest], on_demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "saved", lambda: {"0" * 12: stories.Story("a story of somebody")})
    assert "a story of somebody" not in everything_sent(came().switch_page("pages/mou_review.py").run())
    followed = dict([start_link.cookie()])
    assert "a story of somebody" in everything_sent(came(cookies=followed).switch_page("pages/mou_review.py").run())


def test_who_has_followed_it_may_do_everything(came: Callable[..., AppTest], on_demo: Path) -> None:
    app = came(cookies=dict([start_link.cookie()])).switch_page("pages/data.py").run()
    assert len(segments(app, "data_tab")["options"]) == 7
    assert app.file_uploader


@pytest.mark.parametrize("made_up", ["", "x", "x" * 43, "é"])
def test_a_cookie_that_somebody_made_up_is_none(made_up: str) -> None:
    name, _value = start_link.cookie()
    assert not start_link.was_followed({name: made_up})
    assert not start_link.was_followed({"samoephak_opened_1": start_link.cookie()[1]})


@pytest.mark.parametrize("followed", [False, True])
@pytest.mark.parametrize("name", ["Via", "X-Forwarded-Proto", "True-Client-IP", "CF-Connecting-IP"])
def test_through_a_proxy_nothing_is_shown(came: Callable[..., AppTest], on_demo: Path, name: str, followed: bool) -> None:
    app = came({name: "x"}, dict([start_link.cookie()]) if followed else {})
    assert [t.value for t in app.title] == ["Sign-in is not set up"]


def test_without_the_link_no_release_with_real_data_is_shown_nor_any_beside_it(
    came: Callable[..., AppTest], empty_home: Path
) -> None:
    """A demonstration that was brought back does not open what stands behind it: the address may name an older release."""
    drafts.publish(small.draft(small.tables(0)), demo=True)
    assert only_demonstration()
    (demo,) = list_releases()
    assert not came().exception
    small.publish(small.tables(1))
    point_to(demo.id)
    real = next(r for r in list_releases() if not r.demo)
    for address in ({}, {"at": real.id}):
        app = came(**address)
        assert [t.value for t in app.title] == ["Open the link that the server printed"]
        assert real.id not in everything_sent(app)
    manifest = empty_home / "releases" / f"{real.id}.json"
    manifest.write_text("{", encoding="utf-8")
    assert not only_demonstration()


def test_parts_of_a_page_ask_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that was cut may be taken up by another browser, and a release with real data may be published meanwhile."""
    here = {"who": OPERATOR, "cookies": dict([start_link.cookie()]), "demo": True}
    monkeypatch.setattr(person, "sent", lambda: (HERE, here["cookies"]))
    monkeypatch.setattr(person.releases, "only_demonstration", lambda: here["demo"])
    monkeypatch.setattr(person.st, "session_state", {person.PERSON: OPERATOR})
    assert person.current() is OPERATOR
    here["cookies"] = {}
    assert not any(person.may(role) for role in ROLES)
    assert person.scope().provinces == frozenset()
    monkeypatch.setattr(person.st, "session_state", {person.PERSON: ANYBODY})
    assert person.current() is ANYBODY
    assert not any(person.may(role) for role in ROLES)
    here["demo"] = False
    assert person.scope().provinces == frozenset()


def test_a_line_that_is_cut_before_anybody_has_looked_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that asks and goes at once leaves a run without headers; nobody is let in by having none."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(person, "sent", lambda: ({}, {}))
    monkeypatch.setattr(person.st, "session_state", state)
    assert person.gate() is person._not_set_up
    assert state == {}


def test_nobody_is_admitted_as_a_guest() -> None:
    with pytest.raises(people.UsageError):
        people.admit("somebody@example.go.th", "guest", None)
