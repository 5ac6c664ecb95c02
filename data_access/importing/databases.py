"""Tables of other databases, by SQLAlchemy URL; they are only read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from data_access.importing.limits import LIMITS
from data_access.importing.problems import ImportRefused
from data_access.importing.streams import Blocks, Misshapen, as_texts
from i18n import N_


def safe_url(url: str) -> str:
    """A database address as it may be shown and stored: its password hidden, its options left out."""
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise ImportRefused(N_("The database address is not one that SQLAlchemy can open")) from error
    return parsed.set(query={}).render_as_string(hide_password=True)


@dataclass(frozen=True)
class DatabaseTable:
    """The rows of a table name or one SELECT, under its column names; `lines` counts the names too."""

    url: str = field(repr=False)  # it may hold a password
    query: str
    lines: int

    def texts(self, skipped: int, plain: set[int], misshapen: Misshapen) -> Blocks:
        """See `streams.Stream`; no row is misshapen."""
        return as_texts(self._blocks(), skipped, plain)

    def _blocks(self) -> Blocks:
        with _answering(self.url) as connection:
            rows = connection.execution_options(stream_results=True).execute(_rows_of(connection, self.query))
            for part in rows.partitions(LIMITS.block_rows):
                yield pa.record_batch([_array(values) for values in zip(*part, strict=True)], list(rows.keys()))


def _array(values: tuple) -> pa.Array:
    """The cells of a column; as texts where they are of several kinds, as a database without types may hold them."""
    try:
        return pa.array(values)
    except (pa.ArrowException, OverflowError):
        return pa.array([None if value is None else str(value) for value in values], pa.string())


@dataclass(frozen=True)
class Answer:
    """The first rows of a query, `name` to call it by, and where all of them can be read when these are not all."""

    name: str
    rows: pd.DataFrame
    stream: DatabaseTable | None


def ask(url: str, query: str, whole: bool = False) -> Answer:
    """What a table name or one SELECT answers; of more than `LIMITS.held_rows` the beginning, unless it is wanted `whole`.

    Raises:
        ImportRefused: the database cannot be reached or the query fails (the message never shows the password).
    """
    name = query if query.replace("_", "").isalnum() else "query"
    limit = LIMITS.rows if whole else LIMITS.held_rows
    with _answering(url) as connection:
        rows = _rows_of(connection, query)
        frame = pd.read_sql(rows.limit(limit + 1), connection)
        if whole or (len(frame) <= limit and frame.size <= LIMITS.cells):
            return Answer(name, frame, None)
        count = connection.execute(sa.select(sa.func.count()).select_from(rows.subquery("counted"))).scalar_one()
    stream = DatabaseTable(url, query, count + 1)
    return Answer(name, frame.head(LIMITS.beginning_rows), stream)


@contextmanager
def _answering(url: str) -> Iterator[sa.Connection]:
    """A connection whose every failure is told as one of the database's; what it did is rolled back."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            yield connection
            connection.rollback()
    except ImportRefused:
        raise
    except Exception as error:  # each driver has exceptions of its own, not all of which SQLAlchemy knows
        raise ImportRefused(N_("The database did not answer the query: {reason}"), reason=type(error).__name__) from error
    finally:
        engine.dispose()


def _engine(url: str) -> sa.Engine:
    try:
        engine = sa.create_engine(url)
    except ImportError as error:
        raise ImportRefused(N_("The driver for this database ({driver}) is not installed"), driver=error.name or "?") from error
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ValueError) as error:
        raise ImportRefused(N_("The database address is not one that SQLAlchemy can open")) from error
    if engine.dialect.name == "sqlite" and engine.url.database and not Path(engine.url.database).is_file():
        raise ImportRefused(N_("There is no file {name}"), name=Path(engine.url.database).name)  # SQLite would make an empty one
    return engine


def _rows_of(connection: sa.Connection, query: str) -> sa.Select[Any]:
    """All columns of a table, or of one SELECT, that exists."""
    every: sa.Select[Any] = sa.select(sa.literal_column("*"))
    words = query.strip().rstrip(";")
    if re.match(r"(select|with)\s", words, re.IGNORECASE) and ";" not in words:
        no_parameters = words.replace(":", r"\:")
        return every.select_from(sa.text(f"({no_parameters}) AS q"))
    schema_name, _, table = words.rpartition(".")
    if not sa.inspect(connection).has_table(table, schema=schema_name or None):
        raise ImportRefused(N_("The database has no table {table}; give a table name or one SELECT"), table=words[:60])
    return every.select_from(sa.table(table, schema=schema_name or None))
