"""The server's settings: checked when it starts, told by name and never by value, and turned into what Streamlit asks for."""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import re
import socket
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.responses import Response
from streamlit import logger as streamlit_logger
from streamlit import net_util
from streamlit.web.server import server_util
from uvicorn.config import Config
from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.server import ServerState

from charts.board import NAMES_URL
from charts.theme import GEOMETRY_URL
from data_access.contract.errors import UsageError
from data_access.contract.settings import settings
from ui.blocks import static_files
from ui.web import server

COMPLETE = {
    "SAMOEPHAK_OIDC_METADATA_URL": "https://id.example.go.th/.well-known/openid-configuration",
    "SAMOEPHAK_OIDC_CLIENT_ID": "samoephak",
    "SAMOEPHAK_OIDC_CLIENT_SECRET": "a secret of the provider",
    "SAMOEPHAK_COOKIE_SECRET": "0123456789abcdef0123456789abcdef",
    "SAMOEPHAK_PUBLIC_URL": "https://samoephak.example.go.th/",
}


def test_without_a_provider_there_are_no_secrets() -> None:
    assert server.options()["secrets"] == {}


def test_a_web_socket_is_compressed_against_what_it_sent_before() -> None:
    """Read as uvicorn asks for it, so that a version that goes about it in another way fails here."""
    from uvicorn.protocols.websockets import websockets_sansio_impl as web_sockets

    server.options()
    factory = web_sockets.ServerPerMessageDeflateFactory(
        server_max_window_bits=12, client_max_window_bits=12, compress_settings={}
    )
    assert factory.server_max_window_bits == 15
    assert not factory.server_no_context_takeover
    assert "ServerPerMessageDeflateFactory(" in inspect.getsource(web_sockets)


def test_what_is_written_to_a_connection_goes_out_at_once() -> None:
    """Where this fails after an update of uvicorn: look whether asyncio sets TCP_NODELAY by now (then `_send_at_once` can go), else where its protocols are made."""
    server._send_at_once()
    config = Config(app=lambda *_asgi: None)
    config.load()

    async def connect(line: socket.socket) -> None:
        protocol = AutoHTTPProtocol(config, ServerState(), {})
        protocol.connection_made(SimpleNamespace(get_extra_info=lambda name, _else=None: line if name == "socket" else None))

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as line:
        assert not line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        asyncio.run(connect(line))
        assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_foreign_origin_has_the_server_ask_nobody_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit would ask a server of Amazon, twice and a second each, and nobody else is answered meanwhile."""
    asked: list[str] = []
    monkeypatch.setattr(net_util, "_external_ip", None)
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda url, **_how: asked.append(url))
    server.options()
    assert not server_util.is_url_from_allowed_origins("https://elsewhere.example")
    assert server_util.is_url_from_allowed_origins("http://localhost:8501")
    assert asked == []


def test_what_streamlit_and_uvicorn_log_is_a_line_without_what_names_somebody() -> None:
    server._log_as_lines()
    for name in ("streamlit.web.server.starlette.starlette_websocket", "streamlit.made_later", "uvicorn.error"):
        logger = streamlit_logger.get_logger(name)
        record = logger.makeRecord(
            name, logging.WARNING, "", 0, "origin=%s", ("http://somebody@example.go.th\n1101700230708 สมชาย",), None
        )
        line = logger.streamlit_console_handler.format(record)  # type: ignore[attr-defined]
        assert json.loads(line)["logger"] == name
        assert not re.search("somebody|1101700230708|[ก-๙]|\n", line)
    streamlit_logger.set_log_level("info")  # what Streamlit does when it has read its settings
    streamlit_logger.update_formatter()
    assert not logging.getLogger("uvicorn.error").isEnabledFor(logging.INFO)
    assert inspect.getsource(streamlit_logger.update_formatter).count("setup_formatter(") == 1


def test_a_provider_in_the_environment_becomes_streamlits_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)
    auth = server.options()["secrets"]["auth"]
    assert auth["redirect_uri"] == "https://samoephak.example.go.th/oauth2callback"
    assert auth["client_secret"] == "a secret of the provider"
    assert "a secret" not in repr(settings())


@pytest.mark.parametrize("left_out", COMPLETE)
def test_half_a_provider_stops_the_start_and_names_what_is_missing(monkeypatch: pytest.MonkeyPatch, left_out: str) -> None:
    for name, value in COMPLETE.items():
        if name != left_out:
            monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=left_out) as stopped:
        server.options()
    assert COMPLETE["SAMOEPHAK_COOKIE_SECRET"] not in str(stopped.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SAMOEPHAK_SESSION_HOURS", "for ever"),
        ("SAMOEPHAK_SESSION_HOURS", "0"),
        ("SAMOEPHAK_DISCLOSURE_THRESHOLD", "1"),
        ("SAMOEPHAK_COOKIE_SECRET", "too short"),
        ("SAMOEPHAK_OIDC_METADATA_URL", "http://id.example.go.th/plain"),
        ("SAMOEPHAK_PUBLIC_URL", "javascript:alert(1)"),
        ("SAMOEPHAK_KEEP_RELEASES_DAYS", "1"),
        ("SAMOEPHAK_PUBLISH_MEMORY", "much"),
        ("SAMOEPHAK_PUBLISH_MEMORY", "-2GB"),
        ("SAMOEPHAK_PUBLISH_MEMORY", "2GB'; DROP"),
        ("SAMOEPHAK_PUBLIC_URL", "javascript:alert(1)//http://x"),
        ("SAMOEPHAK_OIDC_METADATA_URL", "ftp:https://id.example.go.th/x"),
        ("SAMOEPHAK_TIME_ZONE", "../etc passwd"),
        ("SAMOEPHAK_KEEP_RELEASES_DAYS", "99999999999999999999"),
        ("SAMOEPHAK_DATABASE_URL", "words"),
        ("SAMOEPHAK_DATABASE_URL", "mysql://a/b"),
    ],
)
def test_a_setting_without_sense_stops_the_start_and_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=name) as refused:
        settings()
    assert value not in refused.value.message("en") or len(value) == 1  # it may be a secret
    with pytest.raises(SystemExit, match=name):
        server.options()


def headers_of(content_type: str) -> dict[str, str]:
    """What an answer of this type is sent with."""

    async def asked() -> dict[str, str]:
        found: dict[str, str] = {}

        async def send(message: Any) -> None:
            found.update({name.decode(): value.decode() for name, value in message.get("headers", [])})

        scope = {"type": "http", "method": "GET", "scheme": "http", "path": "/x", "query_string": b"", "headers": []}
        await server.Guard(Response(b"", media_type=content_type))(scope, None, send)  # type: ignore[arg-type]
        return found

    return asyncio.run(asked())


def test_every_answer_says_what_may_be_done_with_it_and_a_part_of_a_page_that_it_is_compressed() -> None:
    document, part = headers_of("text/html"), headers_of(static_files.PART)
    assert all(document[name.lower()] == value for name, value in server.HEADERS.items())
    assert "content-encoding" not in document
    assert part["content-encoding"] == "gzip"
    assert all(part[name.lower()] == server.HEADERS[name] for name in server.OF_A_PART)
    assert "content-security-policy" not in part


def test_a_document_names_what_its_page_is_drawn_with() -> None:
    """Everything that it names is there, so that no browser asks in vain, and every block's script is among it."""
    named = re.findall(r"</app/static/([^>]+)>", headers_of("text/html; charset=utf-8")["link"])
    assert all((static_files.ROOT / name).is_file() for name in named)
    assert {f"board/{p.name}" for p in (static_files.ROOT / "board").glob("*")} <= set(named)
    assert {url.removeprefix("/app/static/") for url in (GEOMETRY_URL, NAMES_URL)} <= set(named)
    assert "link" not in headers_of("application/json")
