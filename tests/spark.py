"""A cluster of Spark with two workers on this machine, reached by SQLAlchemy: a lakehouse for tests.

Spark is the wheel of `tests/spark.txt`, in an environment of its own because it is large; `SPARK_HOME` says where it lies.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import sqlalchemy as sa

from tests.beside import HERE, Missing, free_ports

WORKERS = 2
PATIENCE = 120  # seconds until the cluster answers
SERVER = "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"


@dataclass(frozen=True)
class Cluster:
    """Where a running cluster answers."""

    port: int
    status: str

    @property
    def url(self) -> str:
        """For SQLAlchemy."""
        return f"impala://{HERE}:{self.port}?auth_mechanism=NOSASL"

    def tasks_done(self) -> dict[str, int]:
        """Tasks that each worker has completed."""
        (application,) = _json(f"{self.status}/applications")
        executors = _json(f"{self.status}/applications/{application['id']}/executors")
        return {e["id"]: e["completedTasks"] for e in executors if e["id"] != "driver"}

    def hold(self, name: str, folder: Path) -> None:
        """Make the Parquet files of a folder a table."""
        engine = sa.create_engine(self.url)
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE TABLE {name} USING PARQUET LOCATION '{folder}'"))
        engine.dispose()


def _json(address: str) -> list[dict]:
    with urlopen(address, timeout=20) as answer:
        found: list[dict] = json.load(answer)
    return found


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A cluster of two workers; Missing without SPARK_HOME or Java."""
    home = os.environ.get("SPARK_HOME", "")
    if not (home and shutil.which("java")):
        raise Missing("no Spark here: set SPARK_HOME (see tests/spark.txt) and install a Java runtime")
    folder = Path(tempfile.mkdtemp(prefix="samoephak-spark-"))
    port, status = free_ports(2)
    try:
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [f"{home}/bin/spark-submit", *_settings(folder, port, status), "--class", SERVER, "spark-internal"],
                cwd=folder,
                env={**os.environ, "SPARK_LOCAL_IP": HERE, "SPARK_HOME": home},
                stdout=log,
                stderr=log,
            )
        try:
            found = Cluster(port, f"http://{HERE}:{status}/api/v1")
            _wait_for(found, process, folder / "log")
            yield found
        finally:
            process.terminate()
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settings(folder: Path, port: int, status: int) -> list[str]:
    wanted = {
        "spark.sql.shuffle.partitions": 4,
        "spark.sql.warehouse.dir": folder / "warehouse",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.hadoop.hive.server2.thrift.port": port,
        "spark.hadoop.hive.server2.thrift.bind.host": HERE,
        "spark.hadoop.hive.server2.authentication": "NOSASL",
        "spark.driver.bindAddress": HERE,
        "spark.driver.host": HERE,
        "spark.ui.port": status,
    }
    given = [word for name, value in wanted.items() for word in ("--conf", f"{name}={value}")]
    return ["--master", f"local-cluster[{WORKERS},1,1024]", "--driver-memory", "1g", *given]


def _listens(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex((HERE, port)) == 0


def _wait_for(found: Cluster, process: subprocess.Popen[bytes], log: Path) -> None:
    started = time.monotonic()
    while process.poll() is None and time.monotonic() - started < PATIENCE:
        if _listens(found.port) and len(found.tasks_done()) == WORKERS:
            return
        time.sleep(1)
    raise RuntimeError(f"Spark did not start: {log.read_text(errors='replace')[-3000:]}")
