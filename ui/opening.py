"""`python -m ui.opening`: the page that opens first is drawn and kept (`ui.drawn`), so that neither its first reader nor a server that starts waits for it.

The app is visited in this process as a browser would visit it, in every language, light and dark; no port is opened. The command line does so
when it has changed what readers are served. Where people sign in nothing is drawn: a visit without a browser cannot.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import MutableMapping
from typing import Any

import streamlit as st
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from i18n import LANGUAGES
from ui import server, start_link, state
from ui.drawn import ROOT

SCHEMES = ("light", "dark")
PATIENCE = 60
"""Seconds for one visit."""
STREAM = "/_stcore/stream"
FROM_HERE = {
    "type": "websocket",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "scheme": "ws",
    "path": STREAM,
    "raw_path": STREAM.encode(),
    "root_path": "",
    "query_string": b"",
    "client": ("127.0.0.1", 0),
    "server": ("127.0.0.1", 0),
    "subprotocols": ["streamlit"],
}
"""What a web server tells of a web socket from this machine (ASGI)."""


async def draw() -> None:
    """Visit the first page in every language, light and dark.

    Raises:
        TimeoutError: a page was not there after `PATIENCE`.
    """
    app = st.App(ROOT / "app.py", **server.options(listens=False))
    async with app.lifespan()(app):
        for language in LANGUAGES:
            for scheme in SCHEMES:
                await asyncio.wait_for(_visit(app, language, scheme), PATIENCE)


async def _visit(app: st.App, language: str, scheme: str) -> None:
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    heard.put_nowait({"type": "websocket.connect"})

    async def send(answer: MutableMapping[str, Any]) -> None:
        if answer["type"] == "websocket.accept":
            heard.put_nowait({"type": "websocket.receive", "bytes": _asked(language, scheme)})
        elif answer["type"] == "websocket.send" and ends(ForwardMsg.FromString(answer["bytes"])):
            heard.put_nowait({"type": "websocket.disconnect", "code": 1000})

    headers = [(b"host", b"localhost"), (b"cookie", "=".join(start_link.cookie()).encode())]
    await app({**FROM_HERE, "headers": headers}, heard.get, send)


def _asked(language: str, scheme: str) -> bytes:
    """What a browser says that opens the first page."""
    message = BackMsg()
    message.rerun_script.query_string = "" if language == state.DEFAULTS["lang"] else f"lang={language}"
    message.rerun_script.context_info.color_scheme = scheme
    return message.SerializeToString()


def ends(answer: ForwardMsg) -> bool:
    """Whether a message of the server is the last one of what was asked for."""
    return answer.WhichOneof("type") == "script_finished" and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


if __name__ == "__main__":
    try:
        asyncio.run(draw())
    except TimeoutError:
        os._exit(1)  # nor is a page that does not end
    os._exit(0)  # what is drawn ahead (`ui.ahead`) is not waited for
