"""The server's settings: checked when it starts, told by name and never by value, and turned into what Streamlit asks for."""

from __future__ import annotations

import asyncio
import inspect
import re
from typing import Any

import pytest
from starlette.responses import Response
from streamlit import delta_generator

from charts.board import NAMES_URL
from charts.theme import GEOMETRY_URL
from data_access.errors import UsageError
from data_access.settings import settings
from ui import server, static_files

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
    document, part = headers_of("text/html"), headers_of(server.PART)
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


def test_streamlit_still_knows_that_it_has_warned() -> None:
    """Set before the first page (`server._import_pages`): to find out whether to warn takes a tenth of a second."""
    assert "_use_warning_has_been_displayed" in inspect.getsource(delta_generator._maybe_print_use_warning)
