"""What a process takes from its machine: open files, and the hour of the day."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import os
import sys
import time

import pytest
import streamlit as st
from starlette.responses import Response
from starlette.types import Message
from streamlit.error_util import handle_user_script_exception
from streamlit.logger import init_uvicorn_logs

from data_access import logs
from data_access.contract import settings
from data_access.contract.errors import UsageError
from ui.web import limits, server

POSIX = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows counts open files otherwise, and has no call for its time zone"
)


@POSIX
def test_the_limit_on_open_files_is_raised_and_what_is_too_small_is_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import resource

    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _what, both: asked.append(both))
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (1024, 65536))
    with caplog.at_level(logging.WARNING, "samoephak"):
        assert limits.start() == 65536
        assert (asked, caplog.text) == ([(65536, 65536)], "")
        monkeypatch.setattr(resource, "getrlimit", lambda _what: (1024, 1024))
        assert limits.start() == 1024
    assert "LimitNOFILE" in caplog.text
    assert "about 103 readers" in caplog.text


@POSIX
def test_the_day_is_that_of_the_time_zone_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    try:
        settings.use_time_zone()
        assert dt.datetime.fromtimestamp(0).hour == 7
        monkeypatch.setenv("SAMOEPHAK_TIME_ZONE", "America/New_York")
        settings.use_time_zone()
        assert dt.datetime.fromtimestamp(0).day == 31
        monkeypatch.setenv("SAMOEPHAK_TIME_ZONE", "Asia/Nowhere")
        with pytest.raises(UsageError, match="SAMOEPHAK_TIME_ZONE"):
            settings.use_time_zone()
        with pytest.raises(SystemExit, match="SAMOEPHAK_TIME_ZONE"):
            server.options()
    finally:
        os.environ["TZ"] = "Asia/Bangkok"
        time.tzset()


@pytest.mark.parametrize(
    ("public", "scheme", "secure"),
    [("https://a.go.th", "http", True), ("http://a.go.th", "http", False), (None, "https", True), (None, "http", False)],
)
def test_cookies_are_sent_by_https_alone_where_readers_come_by_it(
    monkeypatch: pytest.MonkeyPatch, public: str | None, scheme: str, secure: bool
) -> None:
    if public:
        monkeypatch.setenv("SAMOEPHAK_PUBLIC_URL", public)
    answer = Response("a")
    answer.set_cookie("_streamlit_user", "a", httponly=True)
    answer.set_cookie("_streamlit_xsrf", "b")
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": [],
        "scheme": scheme,
        "server": ("a", 80),
    }
    asyncio.run(server.Guard(answer)(scope, receive, send))
    cookies = [value.decode() for name, value in sent[0]["headers"] if name == b"set-cookie"]
    assert len(cookies) == 2
    assert all(("; Secure" in c) is secure for c in cookies)


def test_no_request_is_logged_also_after_the_settings_of_streamlit_were_written(caplog: pytest.LogCaptureFixture) -> None:
    """A line of it holds the address: the secret of the link, the code of a sign-in, what somebody typed."""
    access = logging.getLogger("uvicorn.access")
    before = access.disabled, access.propagate

    async def start() -> None:
        async with server._made_ready(None, tell=False):
            pass

    try:
        asyncio.run(start())
        init_uvicorn_logs()
        access.propagate = True
        with caplog.at_level(logging.INFO, access.name):
            access.info("GET /open?once=secret")
        assert caplog.text == ""
    finally:
        access.disabled, access.propagate = before


def test_an_error_of_a_page_is_logged_once_and_without_its_values() -> None:
    """Streamlit prints it before it asks `on_script_error`, as plain text."""
    printed: list[logging.LogRecord] = []
    streamlits, ours = logging.getLogger("streamlit.error_util"), logs.LOGGER
    logs.start()
    listen = logging.Handler()
    listen.emit = printed.append  # type: ignore[method-assign]
    for logger in (streamlits, ours):
        logger.addHandler(listen)
    try:
        handle_user_script_exception(KeyError("1101700203450 นายใจดี"), server._logged)
        streamlits.error("Failed to display uncaught app exception")
    finally:
        for logger in (streamlits, ours):
            logger.removeHandler(listen)
    assert [r.name for r in printed] == ["samoephak", "streamlit.error_util"]
    line = logs.JsonLines().format(printed[0])
    assert "KeyError" in line
    assert "1101700203450" not in line
    assert "ใจดี" not in line
    assert not st.get_option("logger.enableRich")
