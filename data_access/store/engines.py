"""Where releases live: DuckDB files (embedded default) or PostgreSQL schemas, behind one small interface."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.dataset as dataset
import pyarrow.parquet as parquet
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from data_access.contract import schema
from data_access.contract.errors import ReleaseError, StoreError, told
from data_access.contract.settings import settings
from data_access.store.release_files import ReleaseFiles, digest
from data_access.store.watching import AT_MOST, no_answer, watch
from i18n import N_

REPLACED = "replaced_rows"
BATCH = 100_000  # rows
SLOWEST_ANSWER = 30  # seconds that readers wait for PostgreSQL
PATIENCE_OF_READERS, PATIENCE_OF_WRITERS = 2.0, 30.0  # seconds after which it is asked whether the server answers at all
LONGEST_WAIT = 5.0  # seconds that a writer waits for a file that another process has open
POSTGRES_IS_FULL = "53100"
SOURCE_ROW = "source_row"
T = TypeVar("T")
_KEPT: WeakKeyDictionary[sa.Engine, dict[tuple, Any]] = WeakKeyDictionary()
_LATELY: WeakKeyDictionary[sa.Engine, dict[str, dict[tuple, Any]]] = WeakKeyDictionary()


class Store(Protocol):
    """What both kinds of store do. A draft is writable and private; a release is sealed and read-only."""

    def create_draft(self, draft_id: str, base_release: str | None) -> None: ...
    def has_draft(self, draft_id: str) -> bool: ...
    def has_release(self, release_id: str) -> bool: ...
    def draft(self, draft_id: str) -> sa.Engine: ...
    def drop_draft(self, draft_id: str) -> None: ...
    def finish(self, draft_id: str) -> str: ...
    def seal(self, draft_id: str, release_id: str) -> None: ...
    def release_ids(self) -> set[str]: ...
    def reader(self, release_id: str) -> sa.Engine: ...
    def checksum(self, release_id: str) -> str: ...
    def drop_release(self, release_id: str) -> None: ...
    def replace_rows(self, engine: sa.Engine, table: sa.Table, frame: pd.DataFrame, by: list[str]) -> None: ...


def read_frame(connection: sa.Connection, statement: sa.Select) -> pd.DataFrame:
    """The rows of a statement as a frame; on DuckDB by Arrow, which is many times faster than row by row."""
    if connection.dialect.name != "duckdb":
        return _fetched(connection, statement)
    cursor: Any = connection.execute(statement).cursor
    return cursor.to_arrow_table().to_pandas()


def _fetched(connection: sa.Connection, statement: sa.Select) -> pd.DataFrame:
    """Row by row; numbers that the driver gives as Python objects (decimals, nothing but nulls) as floats."""
    cursor: Any = connection.execute(statement).cursor  # its rows are plain tuples, which pandas takes several times faster
    driver: Any = connection.dialect.dbapi
    frame = pd.DataFrame(cursor.fetchall(), columns=[name for name, *_ in cursor.description])
    for name, kind, *_ in cursor.description:
        if kind == driver.NUMBER and frame[name].dtype == object:
            frame[name] = frame[name].astype(float)
    return frame


def remembered(connection: sa.Connection, what: Callable[..., T], *args: str) -> T:
    """What a function (connection, *args) reads from a release, read once a reader's engine: a sealed release never changes.

    Not for drafts.
    """
    kept = _KEPT.setdefault(connection.engine, {})
    key = (what, *args)
    if key not in kept:
        kept[key] = what(connection, *args)
    return kept[key]


def lately(connection: sa.Connection, key: tuple, make: Callable[[], T], most: int) -> T:
    """What several questions of a page work out of a release alike, the last `most` of a kind (`key[0]`). Not for drafts, as `remembered`."""
    kept = _LATELY.setdefault(connection.engine, {}).setdefault(key[0], {})
    found = kept.pop(key, None)
    if found is None:
        found = make()
        while len(kept) >= most:
            kept.pop(next(iter(kept)), None)
    kept[key] = found
    return found


def forget(engine: sa.Engine) -> None:
    """Drop what is remembered of an engine: of a draft, whose tables change."""
    _KEPT.pop(engine, None)
    _LATELY.pop(engine, None)


def forget_lately() -> None:
    """Drop what questions have worked out lately, of every engine: for measuring."""
    _LATELY.clear()


def columns_of(connection: sa.Connection, name: str) -> frozenset[str]:
    """The names of a table's columns; empty when there is no such table."""
    inspector = sa.inspect(connection)
    return frozenset(c["name"] for c in inspector.get_columns(name)) if inspector.has_table(name) else frozenset()


def typed(table: sa.Table, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with pandas types that both engines read as the contract's: nullable numbers, text, dates."""
    kinds: dict[type, Any] = {sa.Integer: "Int64", sa.Float: "Float64", sa.Boolean: "boolean", sa.String: "string"}
    out = frame.copy()
    for column in table.columns:
        kind = next((dtype for base, dtype in kinds.items() if isinstance(column.type, base)), None)
        series = out[column.name]
        if kind == "Float64" and series.dtype == float:
            continue
        out[column.name] = series.astype(kind) if kind else pd.to_datetime(series)
    return out


def delete_matching(
    connection: sa.Connection, table: sa.Table, by: list[str], fill: Callable[[sa.Connection, sa.Table], None]
) -> None:
    """Delete the rows of `table` whose `by` columns equal those of any row that `fill` puts into a table of keys."""
    staging = sa.Table(REPLACED, sa.MetaData(), *(sa.Column(c, table.c[c].type) for c in by), prefixes=["TEMPORARY"])
    staging.create(connection)
    fill(connection, staging)
    matches = sa.and_(*(table.c[c] == staging.c[c] for c in by))
    connection.execute(table.delete().where(sa.exists().where(matches)))
    staging.drop(connection)


def bulk_insert(connection: sa.Connection, table: sa.Table, frame: pd.DataFrame) -> None:
    """Append a frame to a table by the engine's own bulk way; columns by name."""
    if frame.empty:
        return
    if connection.dialect.name != "duckdb":
        frame = typed(table, frame)  # counts that came as 5.0 are written as 5
    wanted = pa.schema([(c.name, arrow_type(c)) for c in table.columns if c.name in frame])
    frame = frame.astype(dict.fromkeys(frame.columns[frame.isna().all()], object))  # an empty column has a type of no use
    insert_batches(connection, table, pa.Table.from_pandas(frame, schema=wanted, preserve_index=False).to_reader())


def insert_batches(connection: sa.Connection, table: sa.Table, batches: pa.RecordBatchReader) -> None:
    """Append record batches to a table by the engine's own bulk way (Arrow, COPY); columns by name."""
    raw: Any = connection.connection.driver_connection
    target = connection.dialect.identifier_preparer.format_table(table)
    columns = ", ".join(f'"{name}"' for name in batches.schema.names)
    if connection.dialect.name == "duckdb":
        raw.register("incoming_rows", batches)
        raw.execute(f"INSERT INTO {target} ({columns}) SELECT {columns} FROM incoming_rows")
        raw.unregister("incoming_rows")
        return
    quoting = csv.WriteOptions(include_header=False, quoting_style="all_valid")  # what is not quoted is null
    with raw.cursor() as cursor, cursor.copy(f"COPY {target} ({columns}) FROM STDIN WITH (FORMAT csv)") as copy:
        for batch in batches:
            text = pa.BufferOutputStream()
            csv.write_csv(batch, text, quoting)
            copy.write(text.getvalue().to_pybytes())


ARROW_TYPES: dict[type, pa.DataType] = {
    sa.Integer: pa.int64(),
    sa.Float: pa.float64(),
    sa.Boolean: pa.bool_(),
    sa.Date: pa.date32(),
    sa.String: pa.string(),
}


def arrow_type(column: sa.Column) -> pa.DataType:
    """The Arrow type of a column of the contract."""
    return next(arrow for base, arrow in ARROW_TYPES.items() if isinstance(column.type, base))


def replace_in_transaction(engine: sa.Engine, table: sa.Table, frame: pd.DataFrame, by: list[str]) -> None:
    """Delete what matches on `by` (nothing when empty), then append: one transaction."""
    replace_together(engine, [(table, frame, by)])


def replace_together(engine: sa.Engine, parts: list[tuple[sa.Table, pd.DataFrame, list[str]]]) -> None:
    """The same for several tables in one transaction: all of them are written, or none."""
    with engine.begin() as connection:
        for table, frame, by in parts:
            if by and not frame.empty:
                keys = typed(table, frame)[by].drop_duplicates()
                delete_matching(connection, table, by, lambda c, t, keys=keys: bulk_insert(c, t, keys))  # type: ignore[misc]
            bulk_insert(connection, table, frame)


def replace_from_files(engine: sa.Engine, table: sa.Table, pattern: str, by: list[str] | None = None) -> None:
    """Rows of Parquet files in place of those with the same primary keys (or the same `by`), or beside them, in one transaction."""
    keys = by or [c.name for c in table.primary_key.columns]
    with engine.begin() as connection:
        if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
            delete_matching(connection, table, keys, lambda c, t: _insert_files(c, t, pattern))
        _insert_files(connection, table, pattern)


def _insert_files(connection: sa.Connection, table: sa.Table, pattern: str) -> None:
    """Append the columns of a table that Parquet files hold; DuckDB reads them with all its threads."""
    if connection.dialect.name == "duckdb":
        columns = ", ".join(f'"{c.name}"' for c in table.columns)
        target, files = connection.dialect.identifier_preparer.format_table(table), pattern.replace("'", "''")
        connection.exec_driver_sql("SET preserve_insertion_order = false")  # all threads write
        connection.exec_driver_sql(f"INSERT INTO {target} ({columns}) SELECT {columns} FROM read_parquet('{files}')")
        return
    files = dataset.dataset(sorted(str(p) for p in Path(pattern).parent.glob(Path(pattern).name)), format="parquet")
    scanner = files.scanner(columns=[c.name for c in table.columns], batch_size=100_000)
    insert_batches(connection, table, scanner.to_reader())


def write_file(connection: sa.Connection, table: sa.Table, path: Path) -> bool:
    """Write a contract table as a Parquet file, a batch at a time; false when there is no such table here.

    Columns that an older table has not are empty.
    """
    inspector = sa.inspect(connection)
    if not inspector.has_table(table.name):
        return False
    there = {c["name"] for c in inspector.get_columns(table.name)}
    columns = [c if c.name in there else sa.cast(sa.null(), c.type).label(c.name) for c in table.columns]
    write_rows(connection, sa.select(*columns).select_from(table), {c.name: arrow_type(c) for c in table.columns}, path)
    return True


def write_rows(connection: sa.Connection, statement: sa.Select, types: Mapping[str, pa.DataType], path: Path) -> None:
    """Write the rows of a statement as a Parquet file, a batch at a time."""
    wanted = pa.schema(list(types.items()))
    rows = connection.execution_options(stream_results=True).execute(statement)
    with parquet.ParquetWriter(path, wanted) as writer:
        for part in rows.partitions(BATCH):
            arrays = [pa.array(v, t) for v, t in zip(zip(*part, strict=True), wanted.types, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=wanted))


def without_keys() -> sa.MetaData:
    """The contract's tables without primary keys: DuckDB's index on them costs more than all the rest of a load.

    Keys stay unique all the same: `drafts.Draft` refuses rows that repeat one.
    """
    plain = sa.MetaData()
    for table in schema.metadata.sorted_tables:
        sa.Table(table.name, plain, *(sa.Column(c.name, c.type, nullable=c.nullable) for c in table.columns))
    return plain


def duckdb_engine(path: Path, writable: bool) -> sa.Engine:
    """An engine on one DuckDB file; beyond the memory of a publication a writer works on disk, beside the file."""
    if writable:
        limits = {"memory_limit": settings().publish_memory}
        engine = sa.create_engine(f"duckdb:///{path}", poolclass=NullPool, connect_args={"config": limits})
        sa.event.listen(engine, "do_connect", _when_free(path))
        sa.event.listen(engine, "handle_error", _not_written)
    else:
        engine = sa.create_engine(f"duckdb:///{path}", connect_args={"read_only": True})
        sa.event.listen(engine, "handle_error", _does_not_answer)
    sa.event.listen(engine, "connect", lambda raw, _: raw.execute("SET enable_progress_bar = false"))  # it would write to stdout
    return engine


def _when_free(path: Path) -> Callable[..., Any]:
    """Opens a file for writing, as one process at a time may; what is gone meanwhile is not made anew."""
    known = path.exists()

    def connect(dialect: Any, _record: Any, args: Any, named: Any) -> Any:
        until = time.monotonic() + LONGEST_WAIT
        while True:
            if known and not path.exists():
                raise ReleaseError(N_("The draft is no longer there: somebody else has published or discarded it"))
            try:
                return dialect.connect(*args, **named)
            except duckdb.IOException as error:
                if "set lock on file" not in str(error):  # a damaged file is told by its blocks
                    raise
                if time.monotonic() > until:
                    words = N_(
                        "Another process is loading into the draft or publishing it at this moment; look again in a minute"
                    )
                    raise StoreError(words) from error
                time.sleep(0.1)

    return connect


def _not_written(context: sa.engine.ExceptionContext) -> None:
    """For engines of writers: a database that cannot go on is told with its reason, first of all a full disk."""
    if not isinstance(context.sqlalchemy_exception, sa.exc.OperationalError):
        return
    reason = str(context.original_exception).splitlines()[0]
    found = next((n for n in (errno.ENOSPC, errno.EDQUOT, errno.EROFS) if os.strerror(n).lower() in reason.lower()), None)
    full = getattr(context.original_exception, "sqlstate", None) == POSTGRES_IS_FULL
    if found or full:
        raise told(OSError(found or errno.ENOSPC, os.strerror(found or errno.ENOSPC))) from context.original_exception
    raise StoreError(
        N_("The database refused to go on, and nothing was changed. The cause: {reason}"), reason=reason
    ) from context.original_exception


def _does_not_answer(context: sa.engine.ExceptionContext) -> None:
    """For engines of readers: a database that is gone, damaged or too slow is told as such; a wrong statement stays what it is."""
    gone = context.is_disconnect or context.connection is None
    if gone or isinstance(context.sqlalchemy_exception, sa.exc.OperationalError):
        raise no_answer() from context.original_exception


def _complete(engine: sa.Engine) -> None:
    """Give a copy of a release of an older contract the tables and columns that it has not."""
    with engine.begin() as connection:
        without_keys().create_all(connection)
        for name, table in schema.TABLES.items():
            for column in [c for c in table.columns if c.name not in columns_of(connection, name)]:
                kind = column.type.compile(connection.dialect)
                connection.exec_driver_sql(f'ALTER TABLE "{name}" ADD COLUMN "{column.name}" {kind}')


def _copy(connection: sa.Connection, release: str) -> None:
    """The rows of a release's schema into the tables of the one in use; what a release of an older contract has not stays empty."""
    inspector = sa.inspect(connection)
    for name, table in schema.TABLES.items():
        there = {c["name"] for c in inspector.get_columns(name, release)} if inspector.has_table(name, release) else set()
        if names := ", ".join(f'"{c.name}"' for c in table.columns if c.name in there):
            connection.exec_driver_sql(f'INSERT INTO "{name}" ({names}) SELECT {names} FROM "{release}"."{name}"')


class DuckdbStore(ReleaseFiles):
    """One DuckDB file a draft or release."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.drafts = folder / "drafts"
        for path in (self.releases, self.drafts):
            path.mkdir(parents=True, exist_ok=True)
        self.reader = lru_cache(maxsize=8)(self._open_reader)  # type: ignore[method-assign]

    def _draft_path(self, draft_id: str) -> Path:
        return self.drafts / f"{draft_id}.duckdb"

    def create_draft(self, draft_id: str, base_release: str | None) -> None:
        if base_release:
            shutil.copyfile(self.path(base_release), self._draft_path(draft_id))
            _complete(self.draft(draft_id))
            return
        without_keys().create_all(self.draft(draft_id))

    def has_draft(self, draft_id: str) -> bool:
        return self._draft_path(draft_id).is_file()

    def draft(self, draft_id: str) -> sa.Engine:
        return duckdb_engine(self._draft_path(draft_id), writable=True)

    def drop_draft(self, draft_id: str) -> None:
        path = self._draft_path(draft_id)
        for file in (path, path.with_name(f"{path.name}.wal")):
            file.unlink(missing_ok=True)

    def finish(self, draft_id: str) -> str:
        """Write everything of the draft into its file and to disk; the checksum that the release will have."""
        with self.draft(draft_id).connect() as connection:
            connection.exec_driver_sql("CHECKPOINT")
        with self._draft_path(draft_id).open("r+b") as handle:
            os.fsync(handle.fileno())
        return digest(self._draft_path(draft_id))

    def seal(self, draft_id: str, release_id: str) -> None:
        path = self.path(release_id)
        os.replace(self._draft_path(draft_id), path)
        path.chmod(0o444)

    def _open_reader(self, release_id: str) -> sa.Engine:
        return duckdb_engine(self.there(release_id), writable=False)

    def reader(self, release_id: str) -> sa.Engine:
        return self._open_reader(release_id)  # replaced per instance by a cached version

    def replace_rows(self, engine: sa.Engine, table: sa.Table, frame: pd.DataFrame, by: list[str]) -> None:
        replace_in_transaction(engine, table, frame, by)


class PostgresStore:
    """One PostgreSQL schema a draft or release; sealing renames the schema, and readers' sessions are read-only."""

    def __init__(self, url: str) -> None:
        whole = sa.make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        self.root = _postgres_engine(whole, "")
        self.looking = _postgres_engine(whole, "-cdefault_transaction_read_only=on")

    def _engine(self, name: str, options: str = "") -> sa.Engine:
        url = self.root.url.render_as_string(hide_password=False)
        return _postgres_engine(url, f"-csearch_path={_schema_name(name)}{options}")

    def create_draft(self, draft_id: str, base_release: str | None) -> None:
        with self.root.begin() as connection:
            connection.exec_driver_sql(f'CREATE SCHEMA "{draft_id}"')
        engine = self.draft(draft_id)
        with engine.begin() as connection:
            schema.metadata.create_all(connection)
            _distribute(connection)
            if base_release:
                _copy(connection, _schema_name(base_release))

    def has_draft(self, draft_id: str) -> bool:
        return sa.inspect(self.root).has_schema(draft_id)

    def has_release(self, release_id: str) -> bool:
        return sa.inspect(self.root).has_schema(_schema_name(release_id))

    def draft(self, draft_id: str) -> sa.Engine:
        return self._engine(draft_id)

    def drop_draft(self, draft_id: str) -> None:
        with self.root.begin() as connection:
            connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{draft_id}" CASCADE')

    def finish(self, draft_id: str) -> str:
        """The checksum that the release will have; what is committed is on disk."""
        return self._checksum(draft_id)

    def seal(self, draft_id: str, release_id: str) -> None:
        with self.root.begin() as connection:
            connection.exec_driver_sql(f'ALTER SCHEMA "{draft_id}" RENAME TO "{_schema_name(release_id)}"')

    def release_ids(self) -> set[str]:
        return {name.replace("_", "-") for name in sa.inspect(self.looking).get_schema_names() if name.startswith("r")}

    def reader(self, release_id: str) -> sa.Engine:
        limit = f" -cstatement_timeout={SLOWEST_ANSWER * 1000}"
        return self._engine(release_id, f" -cdefault_transaction_read_only=on{limit}")

    def checksum(self, release_id: str) -> str:
        if release_id not in self.release_ids():
            raise ReleaseError(N_("The file of release {id} is missing"), id=release_id)
        return self._checksum(release_id)

    def drop_release(self, release_id: str) -> None:
        with self.root.begin() as connection:
            connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{_schema_name(release_id)}" CASCADE')

    def _checksum(self, name: str) -> str:
        """Digest of every table's row count and order-free row hash, computed by the server."""
        digest = hashlib.sha256()
        tables = sorted(sa.inspect(self.root).get_table_names(schema=_schema_name(name)))
        with self.root.connect() as connection:
            for table in tables:
                rows = f'"{_schema_name(name)}"."{table}" t'
                sql = f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {rows}"
                digest.update(f"{table}{tuple(connection.exec_driver_sql(sql).one())}".encode())
        return digest.hexdigest()

    def replace_rows(self, engine: sa.Engine, table: sa.Table, frame: pd.DataFrame, by: list[str]) -> None:
        replace_in_transaction(engine, table, frame, by)


def _distribute(connection: sa.Connection) -> None:
    """On Citus spread the rows of persons over the workers by person, and give each worker a copy of every other table.

    Elsewhere nothing. A person's rows stay together, so that counts of distinct persons need no rows of another worker.
    """
    citus = "SELECT count(*) FROM pg_proc WHERE proname = 'create_distributed_table'"
    if not connection.exec_driver_sql(citus).scalar_one():
        return
    for name, table in schema.TABLES.items():
        person = next((c.name for c in table.primary_key.columns if schema.contract(c).person), None)
        if person:
            connection.execute(sa.select(sa.func.create_distributed_table(name, person)))
        else:
            connection.execute(sa.select(sa.func.create_reference_table(name)))


def _schema_name(name: str) -> str:
    """The schema of a draft or release: its id, in which a hyphen would have to be quoted everywhere."""
    return name.replace("-", "_")


@lru_cache(maxsize=16)
def _postgres_engine(url: str, options: str) -> sa.Engine:
    reads = "read_only" in options
    engine = sa.create_engine(url, connect_args={"options": options, **AT_MOST}, pool_size=2)
    watch(engine, PATIENCE_OF_READERS if reads else PATIENCE_OF_WRITERS)  # which finds it again after a restart
    if reads:
        sa.event.listen(engine, "handle_error", _does_not_answer)
    else:
        sa.event.listen(engine, "handle_error", _not_written)
    return engine
