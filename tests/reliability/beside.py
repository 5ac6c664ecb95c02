"""Readers of a server in which a large file is inspected and checked: how long they wait, against how long they do without it."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pandas as pd

from data_access.bootstrap import ensure_ready
from data_access.store.tables import read_table
from tests.bench.users import PERIODS, Visitor, connect
from tests.browser.driving import ROOT, Server, start_server
from tests.reliability.hostile import workbook

APP = ROOT / "tests" / "reliability" / "importing_app.py"
KIND = "pupil_grant"
EVERY, READERS = 0.25, 2


def as_workbook(frame: pd.DataFrame) -> bytes:
    """A frame as XLSX, written as fast as the file can be."""

    def row(number: int, cells: Iterator[object]) -> str:
        return f'<row r="{number}">' + "".join(map(cell, cells)) + "</row>"

    def cell(value: object) -> str:
        if value is None or value != value:
            return "<c/>"
        return f"<c><v>{value}</v></c>" if isinstance(value, float) else f'<c t="str"><v>{escape(str(value))}</v></c>'

    rows = [row(1, iter(frame.columns)), *(row(i, iter(r)) for i, r in enumerate(frame.itertuples(index=False), 2))]
    return workbook("".join(rows).encode())


def file(folder: Path) -> Path:
    """A workbook nearly as large as one may be: it is inspected and checked for more than a minute."""
    path = folder / "grants.xlsx"
    path.write_bytes(as_workbook(read_table(ensure_ready().id, KIND).head(73_000)))
    return path


async def _reader(server: Server, into: list[float], until: float) -> None:
    async with connect(server) as socket:
        visitor = Visitor(socket)
        await visitor.run(PERIODS[-1])
        while time.monotonic() < until:
            await asyncio.sleep(random.uniform(0.5, 1.5) * EVERY)
            into.append(await visitor.change(random.choice(PERIODS)))


async def _crowd(server: Server, seconds: float) -> list[float]:
    found: list[float] = []
    until = time.monotonic() + seconds
    await asyncio.gather(*(_reader(server, found, until) for _reader_ in range(READERS)))
    return found


async def _all_periods(server: Server) -> None:
    async with connect(server) as socket:
        visitor = Visitor(socket)
        await visitor.run(PERIODS[-1])
        for period in PERIODS:
            await visitor.change(period)


def run(folder: Path, home: Path) -> tuple[list[float], list[float]]:
    """Seconds of each change of the filter bar: before the file, and while it is worked on."""
    work = folder / "work"
    work.mkdir()
    path = file(folder)
    server = start_server(folder / "server.log", home, APP, {"RELIABILITY_WORK": str(work)})
    try:
        asyncio.run(_all_periods(server))
        alone = asyncio.run(_crowd(server, 10))
        (work / "job").write_text(f"{path}|{KIND}", encoding="utf-8")
        return alone, asyncio.run(_crowd(server, 40))
    finally:
        server.stop()
