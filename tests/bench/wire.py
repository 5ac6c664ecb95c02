"""What travels: a forwarder between browser and server that counts the bytes on their way to the browser, as compressed as they come."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from urllib.parse import urlsplit


class Wire:
    """Listens on a loopback port of its own and passes everything on to a server; `received` are the bytes sent to browsers so far."""

    def __init__(self, server_url: str) -> None:
        self._target = urlsplit(server_url)
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        listening = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._pass_on, "127.0.0.1", 0), self._loop).result()
        self.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        self.received = 0

    async def _pass_on(self, browser_in: asyncio.StreamReader, browser_out: asyncio.StreamWriter) -> None:
        server_in, server_out = await asyncio.open_connection(self._target.hostname, self._target.port)
        await asyncio.gather(self._copy(browser_in, server_out, False), self._copy(server_in, browser_out, True))

    async def _copy(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, counted: bool) -> None:
        with suppress(ConnectionError):
            while part := await source.read(1 << 16):
                self.received += len(part) if counted else 0
                sink.write(part)
                await sink.drain()
        sink.close()
