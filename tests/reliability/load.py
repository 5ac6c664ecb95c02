"""Many people on one process while a release is published: nobody sees an error, and no screen mixes two releases."""

from __future__ import annotations

import asyncio
import os
import random
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.bench.users import PATIENCE, PERIODS, connect
from tests.browser.driving import Server
from tests.web_socket import ends

RELEASE = re.compile("ข้อมูล ณ [^·]{3,40}· รุ่นข้อมูล (r[0-9-]{15,18})")
"""What header, footers and downloads say of their own release; what is compared with names the earlier one in other words."""


@dataclass
class Seen:
    """What the people of a crowd saw: screens, errors, screens that named two releases, and the releases that were named."""

    screens: int = 0
    errors: list[str] = field(default_factory=list)
    mixed: list[set[str]] = field(default_factory=list)
    releases: set[str] = field(default_factory=set)


async def screen(socket: websockets.ClientConnection, period: str, seen: Seen) -> None:
    """Draw a page once and look at all that it sends."""
    message = BackMsg()
    message.rerun_script.query_string = f"lang=th&period={period}"
    await socket.send(message.SerializeToString())
    named: set[str] = set()
    while True:
        raw = await asyncio.wait_for(socket.recv(), PATIENCE)
        content = raw if isinstance(raw, bytes) else raw.encode()
        answer = ForwardMsg()
        answer.ParseFromString(content)
        if answer.WhichOneof("type") == "delta":
            named |= set(RELEASE.findall(content.decode("utf-8", errors="replace")))
            if answer.delta.new_element.WhichOneof("type") == "exception":
                seen.errors.append(answer.delta.new_element.exception.message)
        if ends(answer):
            break
    seen.screens += 1
    seen.releases |= named
    if len(named) > 1:
        seen.mixed.append(named)


async def _person(server: Server, every: float, until: float, seen: Seen) -> None:
    async with connect(server) as socket:
        while time.monotonic() < until:
            try:
                await screen(socket, random.choice(PERIODS), seen)
            except (TimeoutError, websockets.ConnectionClosed) as error:
                seen.errors.append(repr(error))
                return
            await asyncio.sleep(random.uniform(0.5, 1.5) * every)


async def _publish(home: Path, after: float) -> None:
    await asyncio.sleep(after)
    command = [sys.executable, "-m", "data_access", "demo"]
    env = {**os.environ, "SAMOEPHAK_HOME": str(home)}
    made = await asyncio.create_subprocess_exec(*command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert await made.wait() == 0


async def crowd(server: Server, home: Path, people: int, seconds: float, every: float = 2.0) -> Seen:
    """People who change a filter every few seconds, and a release published in the middle of it."""
    seen, until = Seen(), time.monotonic() + seconds
    tasks = [asyncio.create_task(_publish(home, seconds / 3))]
    for _number in range(people):
        tasks.append(asyncio.create_task(_person(server, every, until, seen)))
        await asyncio.sleep(min(0.2, seconds / people / 4))
    await asyncio.gather(*tasks)
    return seen
