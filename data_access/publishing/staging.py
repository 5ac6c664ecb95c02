"""Rows on their way into a draft, in Parquet files of their own: as many as the disk holds, gone when the load is over."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from data_access.contract.settings import home
from data_access.store.engines import SOURCE_ROW, arrow_type, duckdb_engine, read_frame, replace_from_files, write_rows


class Staged:
    """The rows of one contract table with the row of the file that each came from (`source_row`)."""

    def __init__(self, connection: sa.Connection, folder: Path, contract: sa.Table) -> None:
        self.connection, self.folder, self.contract, self.files = connection, folder, contract, 0
        columns = (sa.Column(c.name, c.type) for c in contract.columns)
        self.table = sa.Table("staged", sa.MetaData(), *columns, sa.Column(SOURCE_ROW, sa.BigInteger))

    @property
    def _pattern(self) -> str:
        return str(self.folder / "*.parquet")

    def add(self, batches: pa.RecordBatchReader) -> None:
        """Append rows: the columns of the contract and `source_row`. A batch is written while the next one is read."""
        self.files += 1
        path = self.folder / f"{self.files}.parquet"
        with pq.ParquetWriter(path, batches.schema) as writer, ThreadPoolExecutor(1) as worker:
            written = worker.submit(lambda: None)
            for batch in batches:
                written.result()
                written = worker.submit(writer.write_batch, batch)
            written.result()
        quoted = self._pattern.replace("'", "''")
        self.connection.exec_driver_sql(f"CREATE OR REPLACE VIEW staged AS SELECT * FROM read_parquet('{quoted}')")

    def count(self) -> int:
        """Rows so far."""
        return self.connection.execute(sa.select(sa.func.count()).select_from(self.table)).scalar_one()

    def repeated(self, keys: list[str], limit: int) -> pd.DataFrame:
        """The first rows (whole, in the order of the file) whose `keys` another row has too; blank keys do not count."""
        by = [self.table.c[k] for k in keys]
        filled = sa.and_(*(c.is_not(None) for c in by))
        many = sa.select(*by).where(filled).group_by(*by).having(sa.func.count() > 1).limit(limit).subquery()
        same = sa.and_(*(self.table.c[k] == many.c[k] for k in keys))
        rows = sa.select(self.table).join(many, same).order_by(self.table.c[SOURCE_ROW]).limit(2 * limit)
        return read_frame(self.connection, rows)

    def combinations(self, names: list[str]) -> pd.DataFrame:
        """Each combination of some columns, with the first row of the file that has it as `source_row`."""
        by = [self.table.c[n] for n in names]
        first = sa.func.min(self.table.c[SOURCE_ROW]).label(SOURCE_ROW)
        return read_frame(self.connection, sa.select(*by, first).group_by(*by).order_by(first))

    def sums(self, names: list[str]) -> dict[str, float]:
        """The sum of each column that has one value or more."""
        row = self.connection.execute(sa.select(*(sa.func.sum(self.table.c[n]).label(n) for n in names))).mappings().one()
        return {n: float(row[n]) for n in names if row[n] is not None}

    def lacking(self, source: sa.Connection, there: sa.Select, keys: list[str], by: list[str]) -> pd.DataFrame:
        """How many rows of a statement (`province` and columns of the contract) have keys that no staged row has: province, `by`, n."""
        path = self.folder / "there.rows"
        write_rows(source, there, {"province": pa.string()} | {k: arrow_type(self.contract.c[k]) for k in keys}, path)
        quoted, same = str(path).replace("'", "''"), " AND ".join(f't."{k}" = s."{k}"' for k in keys)
        groups = ", ".join(f't."{name}"' for name in ("province", *by))
        sql = f"""SELECT {groups}, count(*) AS n FROM read_parquet('{quoted}') t
                  WHERE NOT EXISTS (SELECT 1 FROM staged s WHERE {same}) GROUP BY ALL"""
        found = self.connection.exec_driver_sql(sql).cursor.to_arrow_table().to_pandas()
        path.unlink()
        return found

    def replace_in(self, engine: sa.Engine, by: list[str] | None = None) -> None:
        """Write the rows into a draft in one transaction, in place of those of the same primary keys, or of the same `by`."""
        replace_from_files(engine, self.contract, self._pattern, by)


@contextmanager
def staged(contract: sa.Table) -> Iterator[Staged]:
    """An empty staging table, in a folder of its own under the data directory."""
    parent = home() / "drafts"
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="staging-", dir=parent))
    engine = duckdb_engine(folder / "checks.duckdb", writable=True)
    try:
        with engine.connect() as connection:
            yield Staged(connection, folder, contract)
    finally:
        engine.dispose()
        shutil.rmtree(folder, ignore_errors=True)
