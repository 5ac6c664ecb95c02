"""The gate before Streamlit's own routes that carry data: files that people upload, what pages fetch by an address, and the stream of a page.

Streamlit asks none of them who is there: the id of a session, which the page for signing in has too, is enough for an upload, and an address for a
download. Here a session counts once its page has let somebody in (`ui.entry.person`), for as long as they may stay, and for the browser that opened
it: the one that sends the same cookies of identity.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data_access.contract.errors import SamoephakError
from data_access.who.access import GUEST, STEWARD, VIEWER, Person
from ui.entry import start_link

UPLOAD = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/[^/]+")
MEDIA, STREAM = "/media/", "/_stcore/stream"
OPEN = ("/_stcore/health", "/_stcore/host-config", "/_stcore/bidi-components/")
"""Below Streamlit's own prefix, what tells nothing of the data: everything else there is closed, also what a later version adds."""
OF_A_SESSION, OF_ALL = 400_000_000, 1_000_000_000
"""Bytes of uploaded files that are held in memory at once; a file has at most `server.maxUploadSize` (200 MB)."""
OF_A_STRANGER = 262_144
"""Bytes of a message by somebody who has no role: the page for signing in has one button, and filters are short."""
MOST = 2_000
"""Sessions that are known; those that have ended are forgotten when there are more."""
IDENTITY = "_streamlit_user"  # Streamlit's cookie of who is signed in, and the parts that it is cut into when it is long
STEWARD_ALONE, TOO_MUCH, NO_LENGTH = (403, "Not allowed"), (413, "Too much is held in memory already"), (411, "Length required")


@dataclass(frozen=True)
class _Session:
    """Who a session is for, and whether they may stay: asked anew each time, without a page."""

    who: Person
    may_stay: Callable[[], bool]


_sessions: dict[str, _Session] = {}
_coming: dict[str, int] = {}
"""Bytes of uploads that are under way, by session."""


def let_in(who: Person, may_stay: Callable[[], bool]) -> None:
    """Note that the page of the session at hand is for somebody; `may_stay` says at any later moment whether it still is."""
    if run := get_script_run_ctx():
        if len(_sessions) >= MOST:
            for ended in [i for i in list(_sessions) if not runtime.get_instance().is_active_session(i)]:
                _sessions.pop(ended, None)
        _sessions[run.session_id] = _Session(who, may_stay)


def turn_away() -> None:
    """Note that the page of the session at hand is for nobody."""
    if run := get_script_run_ctx():
        _sessions.pop(run.session_id, None)


class DataRoutes:
    """Asks of each request for data whether it is from the browser of a session whose page has let somebody in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or open one web socket (ASGI)."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        asked, path = HTTPConnection(scope), _path(scope)
        if scope["type"] == "websocket":
            await self.app(scope, _short_until_let_in(asked, receive) if path == STREAM else receive, send)
        elif upload := UPLOAD.fullmatch(path):
            await self._upload(upload["session"], asked, scope, receive, send)
        elif path.startswith(MEDIA):
            if _came(asked.headers) and _of_somebody(asked.cookies):
                await self.app(scope, receive, _private(send))
            else:
                await PlainTextResponse("Not found", status_code=404)(scope, receive, send)
        elif path.startswith("/_stcore/") and not path.startswith(OPEN):
            await PlainTextResponse("Not found", status_code=404)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _upload(self, session: str, asked: HTTPConnection, scope: Scope, receive: Receive, send: Send) -> None:
        size = int(asked.headers.get("content-length", "0")) if scope["method"] == "PUT" else 0
        refused = None
        if not _came(asked.headers) or not _is_of(session, asked.cookies, STEWARD):
            refused = STEWARD_ALONE
        elif scope["method"] == "PUT" and ("content-length" not in asked.headers or "transfer-encoding" in asked.headers):
            refused = NO_LENGTH  # where both stand, what is sent in pieces is as long as it is, whatever the length says
        elif size and (_held(session) + size > OF_A_SESSION or sum(map(_held, _holding())) + size > OF_ALL):
            refused = TOO_MUCH
        if refused:
            await PlainTextResponse(refused[1], status_code=refused[0])(scope, receive, send)
            return
        with _under_way(session, size):
            await self.app(scope, receive, send)


def _path(scope: Scope) -> str:
    """The path below `server.baseUrlPath`."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    path = str(scope["path"])
    return path.removeprefix(f"/{base}") if base else path


def _came(headers: Mapping[str, str]) -> bool:
    """Whether a request came in a way that is open at all: straight, where nobody signs in."""
    return not start_link.nobody_signs_in() or start_link.straight(headers)


def _identity(cookies: Mapping[str, str]) -> dict[str, str]:
    own, _value = start_link.cookie()
    return {name: value for name, value in cookies.items() if name == own or name.startswith(IDENTITY)}


def _is_of(session: str, cookies: Mapping[str, str], role: str) -> bool:
    """Whether a session is alive, for somebody with a role who may stay, and opened by the browser with these cookies."""
    found, client = _sessions.get(session), runtime.get_instance().get_client(session)
    if found is None or client is None or client.client_context is None:
        return False
    try:
        return _identity(client.client_context.cookies) == _identity(cookies) and found.who.may(role) and found.may_stay()
    except SamoephakError:  # the list of people cannot be read: nobody is here
        return False


def _of_somebody(cookies: Mapping[str, str], role: str = GUEST) -> bool:
    return any(_is_of(session, cookies, role) for session in list(_sessions))


def _files() -> Mapping[str, Mapping[str, object]]:
    return getattr(runtime.get_instance().uploaded_file_mgr, "file_storage", {})


def _holding() -> set[str]:
    return {*list(_files()), *_coming}


def _held(session: str) -> int:
    """Bytes of the files of a session, in memory or on their way."""
    kept = _files().get(session, {})
    return sum(len(getattr(file, "data", b"")) for file in list(kept.values())) + _coming.get(session, 0)


@contextmanager
def _under_way(session: str, size: int) -> Iterator[None]:
    _coming[session] = _coming.get(session, 0) + size
    try:
        yield
    finally:
        _coming[session] -= size
        if not _coming[session]:
            del _coming[session]


def _short_until_let_in(asked: HTTPConnection, receive: Receive) -> Receive:
    """Ends the line of a stranger who sends more than a page for signing in can ask."""

    async def heard() -> Message:
        message = await receive()
        if len(message.get("bytes") or b"") > OF_A_STRANGER and not _of_somebody(asked.cookies, VIEWER):
            return {"type": "websocket.disconnect", "code": 1009}
        return message

    return heard


def _private(send: Send) -> Send:
    """What one reader is sent is kept by no proxy."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Cache-Control"] = "private"
        await send(message)

    return sent
