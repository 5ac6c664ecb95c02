"""Streamlit's routes that carry data answer the browser of a session whose page has let somebody in, for as long as they may stay."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from starlette.responses import Response
from streamlit.web.server.starlette.starlette_app import create_streamlit_routes

from data_access.contract.errors import UsageError
from data_access.who.access import ANYBODY, OPERATOR, ROLES, Person
from ui.entry import data_routes, start_link

HERE, SESSION = {"host": "localhost:8501"}, "a-session"
FILE = f"/_stcore/upload_file/{SESSION}/a-file"
PICTURE = "/media/0123.png"
LARGE = 190_000_000
WITHOUT_DATA = (
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/bidi-components/",
    "/component/",
    "/app/static/",
    "/auth/",
    "/oauth2callback",
)


class Server:
    """Sessions with the cookies of their browsers, the files that they hold, and what came through the gate."""

    def __init__(self) -> None:
        self.cookies: dict[str, dict[str, str]] = {}
        self.uploaded_file_mgr = SimpleNamespace(file_storage={})
        self.passed: list[str] = []

    def get_client(self, session: str) -> Any:
        cookies = self.cookies.get(session)
        return None if cookies is None else SimpleNamespace(client_context=SimpleNamespace(cookies=cookies))

    def is_active_session(self, session: str) -> bool:
        return session in self.cookies

    def open(self, who: Person | None, cookies: dict[str, str], session: str = SESSION, stays: bool = True) -> dict[str, str]:
        """A session of a browser with these cookies; `who` its page has let in."""
        self.cookies[session] = cookies
        if who:
            data_routes._sessions[session] = data_routes._Session(who, lambda: stays)
        return cookies

    def hold(self, size: int, session: str = SESSION, name: str = "a-file") -> None:
        self.uploaded_file_mgr.file_storage.setdefault(session, {})[name] = SimpleNamespace(data=range(size))

    def ask(
        self, path: str, method: str = "GET", cookies: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, dict[str, str]]:
        """Status and headers of an answer."""
        sent = {**HERE, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        scope = {"type": "http", "method": method, "path": path, "query_string": b"", "scheme": "http"}
        scope["headers"] = [(name.lower().encode(), value.encode()) for name, value in sent.items()]
        said: list[Any] = []

        async def send(message: Any) -> None:
            said.append(message)

        async def behind(scope: Any, receive: Any, send: Any) -> None:
            self.passed.append(scope["path"])
            await Response(b"data")(scope, receive, send)

        asyncio.run(data_routes.DataRoutes(behind)(scope, None, send))  # type: ignore[arg-type]
        return said[0]["status"], {name.decode(): value.decode() for name, value in said[0]["headers"]}

    def put(self, cookies: dict[str, str] | None, size: int = 1000, path: str = FILE, **headers: str) -> int:
        return self.ask(path, "PUT", cookies, **{"content-length": str(size), **headers})[0]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    made = Server()
    monkeypatch.setattr(data_routes.runtime, "get_instance", lambda: made)
    monkeypatch.setattr(data_routes, "_sessions", {})
    monkeypatch.setattr(data_routes, "_coming", {})
    yield made
    assert not data_routes._coming


@pytest.fixture
def signing_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """People sign in, and come by whatever proxy there is."""
    monkeypatch.setattr(start_link, "nobody_signs_in", lambda: False)


SIGNED_IN = {"_streamlit_user": "who", "_streamlit_user__1": "they are", "_streamlit_xsrf": "2|x"}


def person(role: str) -> Person:
    return Person("somebody@example.go.th", role)


# ---- which routes there are -----------------------------------------------------------------------------------------------
def test_every_route_of_streamlit_is_one_without_data_one_with_a_gate_or_closed(server: Server) -> None:
    """Also of a version to come: what is not known to tell nothing of the data is closed."""
    stand_in = MagicMock(_main_script_path=None)
    paths = {getattr(route, "path", "") for route in create_streamlit_routes(stand_in)}
    assert {"/_stcore/stream", "/media/{file_id:path}", "/_stcore/upload_file/{session_id}/{file_id}"} < paths
    others = {re.sub(r"{[^}]*}", "x", path) for path in paths if path.strip("/") and not path.startswith(WITHOUT_DATA)}
    assert len(others) >= 5
    for path in others - {data_routes.STREAM}:
        assert server.ask(path)[0] in (403, 404), path
    assert server.passed == []
    assert server.ask("/_stcore/health")[0] == 200


# ---- uploads --------------------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("signing_in")
@pytest.mark.parametrize("role", ROLES)
def test_files_are_taken_from_who_may_load_them(server: Server, role: str) -> None:
    cookies = server.open(person(role), SIGNED_IN)
    assert server.put(cookies) == (200 if person(role).may("steward") else 403)


@pytest.mark.usefixtures("signing_in")
def test_the_session_of_the_page_for_signing_in_takes_no_file(server: Server) -> None:
    server.open(None, {"_streamlit_xsrf": "2|x"})
    assert [server.put({"_streamlit_xsrf": "2|x"}, LARGE) for _file in range(8)] == [403] * 8
    assert server.passed == []


@pytest.mark.usefixtures("signing_in")
def test_a_file_is_taken_from_the_browser_of_the_session_alone(server: Server) -> None:
    cookies = server.open(person("steward"), SIGNED_IN)
    assert server.put(None) == 403
    assert server.put({**cookies, "_streamlit_user": "another"}) == 403
    assert server.put(cookies, path="/_stcore/upload_file/another/a-file") == 403
    assert server.ask(FILE, "DELETE", {"_streamlit_user": "another"})[0] == 403
    assert server.ask(FILE, "DELETE", cookies)[0] == 200
    del server.cookies[SESSION]  # the tab is closed
    assert server.put(cookies) == 403


@pytest.mark.usefixtures("signing_in")
def test_who_may_not_stay_is_turned_away_without_a_page(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    cookies = server.open(person("administrator"), SIGNED_IN, stays=False)
    assert server.put(cookies) == 403
    assert server.ask(PICTURE, cookies=cookies)[0] == 404

    def damaged() -> bool:
        raise UsageError("The file is damaged")

    data_routes._sessions[SESSION] = data_routes._Session(person("administrator"), damaged)
    assert server.put(cookies) == 403


@pytest.mark.usefixtures("signing_in")
def test_files_have_a_quota_for_a_session_and_in_all(server: Server) -> None:
    cookies = server.open(person("steward"), SIGNED_IN)
    server.hold(LARGE)
    assert server.put(cookies, LARGE) == 200
    server.hold(LARGE, name="another")
    assert server.put(cookies, LARGE) == 413
    for other in range(3):
        server.open(person("steward"), SIGNED_IN, f"other-{other}")
        server.hold(LARGE, f"other-{other}")
    assert server.put(cookies, LARGE, "/_stcore/upload_file/other-0/x") == 413  # others hold the rest
    server.uploaded_file_mgr.file_storage.pop(SESSION)
    assert server.put(cookies, LARGE, "/_stcore/upload_file/other-0/x") == 200
    data_routes._coming["other-1"] = 2 * LARGE  # on its way
    assert server.put(cookies, LARGE, "/_stcore/upload_file/other-0/x") == 413
    data_routes._coming.clear()
    assert server.ask(FILE, "PUT", cookies)[0] == 411  # of a length that is not told
    assert server.put(cookies, 3, transfer_encoding="chunked") == 411  # told, and not the one that counts


# ---- what pages fetch -----------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("signing_in")
def test_what_a_page_fetches_is_for_its_browser_and_no_proxy_keeps_it(server: Server) -> None:
    cookies = server.open(person("viewer"), SIGNED_IN)
    status, headers = server.ask(PICTURE, cookies=cookies)
    assert (status, headers["cache-control"]) == (200, "private")
    for others in ({}, {"_streamlit_user": "another"}, {"_streamlit_xsrf": "2|x"}):
        assert server.ask(PICTURE, cookies=others)[0] == 404
    del server.cookies[SESSION]
    assert server.ask(PICTURE, cookies=cookies)[0] == 404


def test_where_nobody_signs_in_it_is_for_who_came_straight(server: Server) -> None:
    server.open(ANYBODY, {})
    assert server.ask(PICTURE)[0] == 200
    assert server.ask(PICTURE, Via="1.1 proxy")[0] == 404
    assert server.put({}) == 403
    followed = server.open(OPERATOR, dict([start_link.cookie()]), "another")
    assert server.put(followed, path="/_stcore/upload_file/another/x") == 200
    assert server.put({}, path="/_stcore/upload_file/another/x") == 403
    assert server.put(followed, path="/_stcore/upload_file/another/x", Via="1.1 proxy") == 403


# ---- the stream -----------------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("signing_in")
@pytest.mark.parametrize(("who", "size", "heard"), [(None, 300_000, 0), (None, 1000, 1000), (person("viewer"), 300_000, 300_000)])
def test_a_stranger_is_not_listened_to_for_long(server: Server, who: Person | None, size: int, heard: int) -> None:
    cookies = server.open(who, SIGNED_IN)
    got: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.receive", "bytes": b"x" * size}

    async def behind(_scope: Any, receive: Any, _send: Any) -> None:
        got.append(await receive())

    scope = {
        "type": "websocket",
        "path": data_routes.STREAM,
        "headers": [(b"cookie", "; ".join(f"{n}={v}" for n, v in cookies.items()).encode())],
    }
    asyncio.run(data_routes.DataRoutes(behind)(scope, receive, None))  # type: ignore[arg-type]
    assert len(got[0].get("bytes", b"")) == heard
    assert (got[0]["type"] == "websocket.disconnect") is (heard == 0)


def test_sessions_that_have_ended_are_forgotten(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_routes, "MOST", 3)
    for number in range(6):
        monkeypatch.setattr(data_routes, "get_script_run_ctx", lambda number=number: SimpleNamespace(session_id=f"s{number}"))
        if number in (0, 5):
            server.cookies[f"s{number}"] = {}
        data_routes.let_in(OPERATOR, lambda: True)
    assert "s0" in data_routes._sessions
    assert len(data_routes._sessions) <= 3
    data_routes.turn_away()
    assert "s5" not in data_routes._sessions
