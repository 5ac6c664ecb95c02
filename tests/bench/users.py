"""`python -m tests.bench.users [--users 50] [--seconds 60] [--every 2] [--reruns 0]`: many people on one process, without browsers.

Every user speaks Streamlit's own protocol over a web socket of their own: a first page, then another period every few seconds, each a
whole run of Overview (more than what a browser asks for, which draws the page again without the frame around it). Prints the time of a
run with one user and with all of them, errors, and the memory of the server; with --reruns, how its memory grows over that many runs.
"""

from __future__ import annotations

import argparse
import asyncio
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

PERIODS = [f"{year}-{half}" for year in range(2563, 2568) for half in (1, 2)]
PATIENCE = 60


def memory_of(pid: int) -> float:
    """Resident megabytes of a process."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


async def run(socket: websockets.ClientConnection, period: str) -> float:
    """Ask for a run and wait for its end: seconds. Raises RuntimeError when the page shows an exception."""
    message = BackMsg()
    message.rerun_script.query_string = f"lang=th&period={period}"
    started = time.perf_counter()
    await socket.send(message.SerializeToString())
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(await asyncio.wait_for(socket.recv(), PATIENCE))
        if answer.WhichOneof("type") == "delta" and answer.delta.new_element.WhichOneof("type") == "exception":
            raise RuntimeError(answer.delta.new_element.exception.message)
        if answer.WhichOneof("type") == "script_finished" and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return time.perf_counter() - started


def connect(server: Server) -> websockets.connect:
    """A web socket of a new visitor."""
    url = f"{server.url.replace('http', 'ws')}/_stcore/stream"
    return websockets.connect(url, subprotocols=[websockets.Subprotocol("streamlit")], max_size=None)


async def user(server: Server, every: float, until: float) -> tuple[list[float], int]:
    """One visitor until a time: seconds of each run after the first, and how many failed."""
    taken: list[float] = []
    failed = 0
    async with connect(server) as socket:
        await run(socket, PERIODS[-1])
        while time.monotonic() < until:
            await asyncio.sleep(random.uniform(0.5, 1.5) * every)
            try:
                taken.append(await run(socket, random.choice(PERIODS)))
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
        for number in range(reruns):
            await run(socket, PERIODS[number % len(PERIODS)])
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
