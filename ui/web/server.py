"""The web server around the pages: security headers, the routes that say whether it works, and secrets from the environment."""

from __future__ import annotations

import datetime as dt
import logging
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, partial
from importlib import import_module
from threading import Thread
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import logger as streamlit_logger
from streamlit import net_util
from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.protocols.websockets import websockets_sansio_impl as web_sockets
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory

from data_access import logs
from data_access.contract.errors import TOLD, UsageError
from data_access.contract.settings import settings, use_time_zone
from i18n import LANGUAGES, N_, format_date
from ui.blocks import static_files
from ui.entry import start_link
from ui.entry.data_routes import DataRoutes
from ui.web import limits

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",  # Streamlit's own bundle needs both; nothing comes from outside
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "frame-src 'self' blob: data:",
        "frame-ancestors 'self'",
        "form-action 'self'",
        "base-uri 'self'",
        "object-src 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",  # addresses hold the filters of a view: they do not go to other sites
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OF_A_PART = ("X-Content-Type-Options", "Cross-Origin-Resource-Policy")
FOR_SIGNING_IN = ("oidc_metadata_url", "oidc_client_id", "oidc_client_secret", "cookie_secret", "public_url")
PAGES_NEED = ("ui.across.attention", "ui.kit.linked", "ui.kit.provenance", "ui.across.since")
"""What most pages import, and with it the libraries that draw."""
OPENING = 5.0
"""Seconds in which the first browser may open a page that is kept as it was drawn, before libraries are imported that it does not need."""
LARGEST_REQUEST = 220_000_000  # bytes; a file of `server.maxUploadSize` with what is around it


class Guard:
    """Puts the security headers on every answer, refuses requests that are too large."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = _refusal(Request(scope))

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                part = headers.get("content-type") == static_files.PART
                if part:
                    headers["Content-Encoding"] = "gzip"
                if headers.get("content-type", "").startswith("text/html"):
                    headers["Link"] = _fetched_early()
                for name, value in HEADERS.items():
                    if not part or name in OF_A_PART:
                        headers[name] = value
                if Request(scope).url.scheme == "https" or _public_by_tls():
                    _secure_cookies(headers)
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        await (refused or self.app)(scope, receive, with_headers)


def _public_by_tls() -> bool:
    """Whether readers come by HTTPS, whatever the proxies between say of it."""
    return (settings().public_url or "").startswith("https://")


def _secure_cookies(headers: MutableHeaders) -> None:
    """Streamlit leaves the mark out: with it browsers send a cookie by HTTPS alone."""
    cookies = headers.getlist("set-cookie")
    del headers["set-cookie"]
    for cookie in cookies:
        headers.append("set-cookie", cookie if "; secure" in cookie.lower() else f"{cookie}; Secure")


@cache
def _fetched_early() -> str:
    """What a page of ours is drawn with, so that a browser fetches it beside Streamlit's own scripts and not after them."""
    scripts = [
        f"<{static_files.ADDRESS}/board/{p.name}>; rel=modulepreload; fetchpriority=low"
        for p in sorted((static_files.ROOT / "board").glob("*.js"))
    ]
    style = [f"<{static_files.ADDRESS}/board/board.css>; rel=preload; as=style; fetchpriority=low"]
    shapes = [
        f"<{static_files.ADDRESS}/geo/{name}>; rel=preload; as=fetch; crossorigin; fetchpriority=low"
        for name in ("provinces.json", "province_names.json")
    ]
    letters = [
        f"<{static_files.ADDRESS}/fonts/{p.name}>; rel=preload; as=font; crossorigin; fetchpriority=low"
        for p in sorted((static_files.ROOT / "fonts").glob("sarabun-*-[467]00-normal.woff2"))
    ]
    return ", ".join([*scripts, *style, *shapes, *letters])


def _refusal(request: Request) -> PlainTextResponse | None:
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > LARGEST_REQUEST:
        return PlainTextResponse("Too large", status_code=413)
    return None


async def _live(_request: Request) -> JSONResponse:
    return JSONResponse({"status": "ok"})


async def _ready(_request: Request) -> JSONResponse:
    from data_access import health  # what it needs of the libraries takes longer to import than a server to start

    ready = await run_in_threadpool(health.ready)
    return JSONResponse({"status": "ok" if ready else "not ready"}, status_code=200 if ready else 503)


async def _metrics(_request: Request) -> PlainTextResponse:
    from data_access import health

    return PlainTextResponse(await run_in_threadpool(health.metrics), media_type="text/plain; version=0.0.4")


def _secrets() -> dict[str, Any]:
    """The identity provider from the environment, in the form of Streamlit's secrets; empty when the environment names none.

    Raises:
        UsageError: a setting cannot be used, or some of those for signing in are missing.
    """
    found = settings()
    wanted = {n: getattr(found, n) for n in FOR_SIGNING_IN}
    if not any(value for name, value in wanted.items() if name != "public_url"):
        return {}
    if missing := [f"SAMOEPHAK_{name.upper()}" for name, value in wanted.items() if not value]:
        raise UsageError(N_("For signing in these settings are missing as well: {names}"), names=", ".join(missing))
    assert found.public_url
    assert found.oidc_client_secret
    assert found.cookie_secret
    auth = {
        "redirect_uri": f"{found.public_url.rstrip('/')}/oauth2callback",
        "cookie_secret": found.cookie_secret.get_secret_value(),
        "client_id": found.oidc_client_id,
        "client_secret": found.oidc_client_secret.get_secret_value(),
        "server_metadata_url": found.oidc_metadata_url,
    }
    return {"auth": auth}


def _logged(error: Exception) -> bool:
    """Log what a page did not expect; true keeps Streamlit from showing it with its values (`logs.start` from printing it).

    What has words of its own is told to the reader, also where no page has thought of it (a full disk behind a button).
    """
    from data_access import health
    from ui.kit import empty

    if isinstance(error, TOLD):
        empty.refused(error)
    health.count("page_failures")
    logs.LOGGER.error("A page could not be drawn", exc_info=error)
    return True


def _compress_against_what_was_sent() -> None:
    """Compress what goes over a web socket against the last 32 kB of it: one view of a page is much like the one before.

    uvicorn looks back 4 kB, and neither it nor Streamlit has a setting for that. A connection holds a quarter of a megabyte for it.
    """
    web_sockets.ServerPerMessageDeflateFactory = lambda **_asked: ServerPerMessageDeflateFactory(  # type: ignore[assignment,misc]
        server_max_window_bits=15, client_max_window_bits=12, compress_settings={"memLevel": 8}
    )


@cache
def _log_as_lines() -> None:
    """Have Streamlit and uvicorn log as the app does: what a stranger sends them (an origin, a message) is in their text as it came.

    Streamlit gives each of its loggers a handler of its own, anew when its settings are written; it has a setting for a format alone.
    """
    made = streamlit_logger.setup_formatter

    def setup_formatter(logger: Any) -> None:
        made(logger)
        logger.streamlit_console_handler.setFormatter(logs.JsonLines())
        if logger.name == "uvicorn.error":  # it tells of every line that is opened, and from where
            logger.setLevel(logging.WARNING)

    streamlit_logger.setup_formatter = setup_formatter
    streamlit_logger.update_formatter()
    streamlit_logger.get_logger("uvicorn.error")


def _ask_nobody_outside() -> None:
    """Streamlit asks a server of Amazon for the address of this machine when it is sent a foreign origin, which anybody can do; everybody waits
    for the answer, for seconds where a firewall drops the question. It has no setting for that."""
    net_util.get_external_ip = lambda: None


@cache
def _send_at_once() -> None:
    """Send what is written to a connection at once, and not when the browser has acknowledged what came before, up to 44 ms later.

    asyncio asks for that (`TCP_NODELAY`) where a socket says that its protocol is TCP; the one that Streamlit listens on leaves it open.
    """
    made = AutoHTTPProtocol.connection_made

    def connection_made(self: Any, transport: Any) -> None:
        connection = transport.get_extra_info("socket")
        if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made(self, transport)

    AutoHTTPProtocol.connection_made = connection_made  # type: ignore[method-assign]


@asynccontextmanager
async def _made_ready(_app: object, tell: bool) -> AsyncIterator[None]:
    """While the first browser still loads Streamlit, what its page needs is imported. Where nobody signs in the link that opens the app is told."""
    if tell:
        start_link.tell()
    # addresses hold codes; having none of its handlers is not enough, Streamlit gives it one anew when its settings are written
    logging.getLogger("uvicorn.access").disabled = True
    _log_as_lines()
    Thread(target=_import_pages, daemon=True).start()
    yield


def _import_pages() -> None:
    """The frame at once; what pages are drawn with after a while if pages are kept that may be sent without it (`ui.frame.page_cache`)."""
    import_module("ui.frame.shell")
    for language in LANGUAGES:
        format_date(dt.date.today(), language)  # reads the names of the months
    if import_module("ui.frame.page_cache").ready():
        time.sleep(OPENING)
    for name in PAGES_NEED:
        import_module(name)


def options(listens: bool = True) -> dict[str, Any]:
    """What `st.App` is told besides the script. Ends the process with a clear message when a setting cannot be used.

    Args:
        listens: whether browsers can reach it, so that somebody needs the link that opens it.
    """
    logs.start()
    _ask_nobody_outside()
    _compress_against_what_was_sent()
    _send_at_once()
    limits.start()
    try:
        use_time_zone()
        secrets = _secrets()
    except UsageError as error:
        raise SystemExit(f"{error.message('th')}\n{error.message('en')}") from None
    return {
        "secrets": secrets,
        "routes": [
            Route("/health/live", _live),
            Route("/health/ready", _ready),
            Route("/health/metrics", _metrics),
            *start_link.routes(),
            *static_files.routes(),
        ],
        "middleware": [Middleware(Guard), Middleware(DataRoutes)],
        "on_script_error": _logged,
        "lifespan": partial(_made_ready, tell=listens),
    }
