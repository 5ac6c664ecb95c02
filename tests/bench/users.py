"""`python -m tests.bench.users [--users 50] [--seconds 60] [--every 2] [--reruns 0]`: many people on one process, without browsers.

Every user speaks Streamlit's own protocol over a web socket of their own: a first page, then another period every few seconds, asked for by
the message that a browser sends when the filter bar is changed. Prints the time of a change with one user and with all of them, errors, and
the memory of the server; with --reruns, how its memory grows over that many whole runs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import numpy as np
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.bench.__main__ import prepare
from tests.browser.driving import Server, start_server
from tests.web_socket import ends

PERIODS = [f"{year}-{half}" for year in range(2563, 2568) for half in (1, 2)]
PATIENCE = 60


def memory_of(pid: int) -> float:
    """Resident megabytes of a process."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


class Visitor:
    """One who has a web socket, and what the first page told of its filter bar: by it a change of the period is asked for."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.fragment = self.bar = self.page = ""

    async def run(self, period: str) -> float:
        """A whole run of Overview: seconds."""
        message = BackMsg()
        message.rerun_script.query_string = f"lang=th&period={period}"
        return await self._asked(message)

    async def change(self, period: str) -> float:
        """Another period in the filter bar, which runs the page without the frame around it: seconds."""
        message = BackMsg()
        message.rerun_script.query_string = "lang=th"
        message.rerun_script.fragment_id = self.fragment
        message.rerun_script.page_script_hash = self.page
        changed = message.rerun_script.widget_states.widgets.add(id=f"$$STREAMLIT_INTERNAL_KEY_{self.bar}__events")
        changed.json_trigger_value = json.dumps(
            [{"event": "did", "value": ["filters", "changed", {"key": "period", "value": period}]}]
        )
        return await self._asked(message)

    async def _asked(self, message: BackMsg) -> float:
        """Send a message and wait for the end of its run: seconds. Raises RuntimeError when the page shows an exception."""
        started = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        drawn = 0
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(await asyncio.wait_for(self.socket.recv(), PATIENCE))
            drawn += answer.WhichOneof("type") == "delta"
            if self._ended(answer):
                if not drawn:
                    raise RuntimeError("the page drew nothing")
                return time.perf_counter() - started

    def _ended(self, answer: ForwardMsg) -> bool:
        kind = answer.WhichOneof("type")
        if kind == "navigation":
            self.page = answer.navigation.page_script_hash
        element = answer.delta.new_element if kind == "delta" else None
        if element is not None and b'"kind":"filters"' in element.bidi_component.bytes:
            self.fragment, self.bar = answer.delta.fragment_id, element.bidi_component.id
        if element is not None and element.WhichOneof("type") == "exception":
            raise RuntimeError(element.exception.message)
        return ends(answer)


def connect(server: Server) -> websockets.connect:
    """A web socket of a new visitor."""
    url = f"{server.url.replace('http', 'ws')}/_stcore/stream"
    cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in server.opened.items())} if server.opened else {}
    protocols = [websockets.Subprotocol("streamlit")]
    return websockets.connect(url, subprotocols=protocols, max_size=None, additional_headers=cookies)


async def user(server: Server, every: float, until: float) -> tuple[list[float], int]:
    """One visitor until a time: seconds of each change, and how many failed."""
    taken: list[float] = []
    failed = 0
    async with connect(server) as socket:
        visitor = Visitor(socket)
        await visitor.run(PERIODS[-1])
        while time.monotonic() < until:
            await asyncio.sleep(random.uniform(0.5, 1.5) * every)
            try:
                taken.append(await visitor.change(random.choice(PERIODS)))
            except (RuntimeError, TimeoutError):
                failed += 1
    return taken, failed


async def crowd(server: Server, users: int, every: float, seconds: float) -> tuple[list[float], int]:
    """Several visitors at once; the first pages come one after another, as people do."""
    until = time.monotonic() + seconds
    found = []
    for _user in range(users):
        found.append(asyncio.create_task(user(server, every, until)))
        await asyncio.sleep(min(0.2, seconds / users / 3))
    answers = await asyncio.gather(*found)
    return [s for taken, _failed in answers for s in taken], sum(failed for _taken, failed in answers)


async def growth(server: Server, pid: int, reruns: int) -> tuple[float, float]:
    """Megabytes of the server after a tenth of the runs of one visitor, and after all of them."""
    async with connect(server) as socket:
        visitor = Visitor(socket)
        for number in range(reruns):
            await visitor.run(PERIODS[number % len(PERIODS)])
            if number == reruns // 10:
                early = memory_of(pid)
    return early, memory_of(pid)


def told(name: str, taken: Sequence[float], failed: int) -> str:
    """A line of the report."""
    p95 = float(np.quantile(taken, 0.95))
    return f"{name:24}{len(taken):6} runs   median {median(taken) * 1000:6.0f} ms   p95 {p95 * 1000:6.0f} ms   failed {failed}"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.users", description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--every", type=float, default=2)
    parser.add_argument("--reruns", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = start_server(folder / "server.log", prepare(folder))
        try:
            return asyncio.run(report(server, server.process.pid, asked))
        finally:
            server.stop()


async def report(server: Server, pid: int, asked: argparse.Namespace) -> int:
    """All that was asked for; 1 when a run failed."""
    await crowd(server, 1, 0.1, 10)  # everything is imported, and every period has been shown
    alone, failed_alone = await crowd(server, 1, asked.every / 4, 15)
    base = memory_of(pid)
    print(told("one user", alone, failed_alone))
    together, failed = await crowd(server, asked.users, asked.every, asked.seconds)
    print(told(f"{asked.users} users", together, failed))
    ratio = float(np.quantile(together, 0.95)) / float(np.quantile(alone, 0.95))
    print(f"p95 of {asked.users} users against one: {ratio:.1f}")
    print(
        f"memory: {base:.0f} MB, with {asked.users} users {memory_of(pid):.0f} MB: {(memory_of(pid) - base) / asked.users:.1f} MB each"
    )
    if asked.reruns:
        early, late = await growth(server, pid, asked.reruns)
        print(f"memory over {asked.reruns} runs of one user: {early:.0f} MB after a tenth of them, {late:.0f} MB after all")
    return 1 if failed + failed_alone else 0


if __name__ == "__main__":
    sys.exit(main())
