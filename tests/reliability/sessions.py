"""As many readers as the documents promise, each with a web socket and a page of their own: what the process opens for them, and keeps afterwards."""

from __future__ import annotations

import asyncio
import resource
from dataclasses import dataclass
from pathlib import Path

import websockets

from tests.bench.users import PATIENCE, connect
from tests.browser.driving import Server
from tests.reliability.load import Seen, screen
from ui.web import limits

AT_ONCE = 10


@dataclass
class Open:
    """Descriptors of the server before anybody came, with everybody there, and after they have gone; what readers saw."""

    before: int
    during: int
    after: int
    seen: Seen


def descriptors(pid: int) -> int:
    """How many files a process has open (Linux)."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


async def crowd(server: Server, readers: int) -> Open:
    """Readers come one after the other, each sees a page, and all stay until the last one has."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, limits.needed(readers))), hard))  # of this side's sockets
    before, seen, gate = descriptors(server.process.pid), Seen(), asyncio.Semaphore(AT_ONCE)
    sockets: list[websockets.ClientConnection] = []

    async def one() -> None:
        async with gate:
            try:
                socket = await asyncio.wait_for(connect(server), PATIENCE)
                sockets.append(socket)
                await screen(socket, "2567-1", seen)
            except (TimeoutError, OSError, websockets.WebSocketException) as error:
                seen.errors.append(repr(error))

    await asyncio.gather(*(one() for _number in range(readers)))
    during = descriptors(server.process.pid)
    await asyncio.gather(*(s.close() for s in sockets))
    await asyncio.sleep(2)
    return Open(before, during, descriptors(server.process.pid), seen)
