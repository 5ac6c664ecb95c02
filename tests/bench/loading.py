"""`python -m tests.bench.loading [1m 10m] [--from csv parquet postgres]`: pupils' grants loaded into a draft, checked, at several sizes.

The rows are the demonstration with its pupils repeated. Prints rows a second, peak memory, and the time as a ratio to only reading the
same rows with the source's own reader (pyarrow, the driver), the floor of any loader here; each size in a process of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet
import sqlalchemy as sa

from data_access import bootstrap
from data_access.contract import schema
from data_access.demo.scaling import rows_of
from data_access.importing.loading import load
from data_access.publishing import drafts
from data_access.store.engines import insert_batches
from data_access.store.tables import read_table
from tests.postgres import database

SERVER = "BENCH_POSTGRES"


def repeated(demo: pd.DataFrame, rows: int) -> Iterator[pa.Table]:
    """The pupils of the demonstration again and again, each time under other keys."""
    for copy, done in enumerate(range(0, rows, len(demo))):
        frame = demo.head(rows - done)
        if copy:
            frame = frame.assign(pupil_key=[hashlib.md5(f"{copy}-{k}".encode()).hexdigest() for k in frame["pupil_key"]])
        yield pa.Table.from_pandas(frame, preserve_index=False)


class Csv:
    """A text file."""

    def __init__(self, parts: Iterator[pa.Table], folder: Path) -> None:
        self.path = folder / "grants.csv"
        self.given: dict[str, Any] = {"path": self.path}
        with self.path.open("wb") as out:
            for number, part in enumerate(parts):
                csv.write_csv(part, out, csv.WriteOptions(include_header=not number, quoting_style="needed"))

    def read(self) -> None:
        """As text, and nothing else."""
        names = csv.open_csv(self.path).schema.names
        options = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
        for _ in csv.open_csv(self.path, csv.ReadOptions(use_threads=False), csv.ParseOptions(newlines_in_values=True), options):
            pass


class Parquet:
    """One Parquet file."""

    def __init__(self, parts: Iterator[pa.Table], folder: Path) -> None:
        self.path = folder / "grants.parquet"
        self.given: dict[str, Any] = {"path": self.path}
        first = next(parts)
        with parquet.ParquetWriter(self.path, first.schema) as writer:
            for part in chain([first], parts):
                writer.write_table(part.cast(first.schema))

    def read(self) -> None:
        """Its columns, and nothing else."""
        for _ in parquet.ParquetFile(self.path).iter_batches():
            pass


class Postgres:
    """A table of a PostgreSQL server beside."""

    def __init__(self, parts: Iterator[pa.Table], folder: Path) -> None:
        self.path = None
        self.url = os.environ[SERVER]
        self.given: dict[str, Any] = {"path": self.url, "query": "bench_grants"}
        contract = schema.TABLES["pupil_grant"]
        table = sa.Table("bench_grants", sa.MetaData(), *(sa.Column(c.name, c.type) for c in contract.columns))
        with sa.create_engine(self.url).begin() as connection:
            table.create(connection)
            for part in parts:
                insert_batches(connection, table, part.to_reader())

    def read(self) -> None:
        """Its rows as the driver gives them."""
        with sa.create_engine(self.url).connect() as connection:
            rows = connection.execution_options(stream_results=True).execute(sa.text("SELECT * FROM bench_grants"))
            for _ in rows.partitions(50_000):
                pass


SOURCES: dict[str, type[Csv | Parquet | Postgres]] = {"csv": Csv, "parquet": Parquet, "postgres": Postgres}


def one(rows: int, source: str, folder: Path) -> dict[str, Any]:
    """Write, only read and load one size in this process."""
    release = bootstrap.ensure_ready()
    found = SOURCES[source](repeated(read_table(release.id, "pupil_grant"), rows), folder)
    draft = drafts.open_draft()
    for name in ("lao", "school", "rate"):
        draft.upsert(name, read_table(release.id, name), "bench")
    started = time.perf_counter()
    found.read()
    floor = time.perf_counter() - started
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    report = load(kind="pupil_grant", **found.given)
    seconds = time.perf_counter() - started
    assert report.ok
    assert report.rows_written == {"pupil_grant": rows}
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1e6
    size = found.path.stat().st_size / 1e6 if found.path else None
    return {"rows": rows, "megabytes": size, "seconds": seconds, "floor": floor, "gigabytes": grown}


def main() -> int:
    """One child process a source and size; the table of them."""
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(one(int(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))))
        return 0
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", default=["1m", "10m"])
    parser.add_argument("--from", dest="sources", nargs="+", choices=SOURCES, default=["csv"])
    wanted = parser.parse_args()
    print(f"{'from':>10}{'rows':>12}{'file MB':>9}{'load s':>8}{'rows/s':>10}{'over reading':>14}{'memory +GB':>12}")
    for source in wanted.sources:
        for size in wanted.sizes:
            _row(source, _measured(source, rows_of(size)))
    return 0


def _measured(source: str, rows: int) -> dict[str, Any]:
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory())
        server = {SERVER: stack.enter_context(database())} if source == "postgres" else {}
        child = subprocess.run(
            [sys.executable, "-m", "tests.bench.loading", "--child", str(rows), source, home],
            env={**os.environ, "SAMOEPHAK_HOME": home, **server},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
        )
    found: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    return found


def _row(source: str, f: dict[str, Any]) -> None:
    speed = f"{f['seconds']:8.1f}{f['rows'] / f['seconds']:10,.0f}{f['seconds'] / f['floor']:14.1f}{f['gigabytes']:12.2f}"
    size = "-" if f["megabytes"] is None else f"{f['megabytes']:,.0f}"
    print(f"{source:>10}{f['rows']:12,}{size:>9}{speed}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
