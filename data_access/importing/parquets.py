"""Parquet files to blocks of rows. Few libraries are imported here: a process is started for one file (`apart`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as parquet

from data_access.importing.limits import Limits
from data_access.importing.problems import damaged, too_much_text


class About(NamedTuple):
    """What a Parquet file says of itself; the schema as Arrow writes it."""

    rows: int
    columns: int
    schema: bytes


def parts(path: Path, name: str, limits: Limits) -> Iterator[About | bytes]:
    """What the file says of itself, then its rows a block at a time, each as a stream of Arrow, in which no two cells share a text.

    Raises:
        ImportRefused: damaged, or a block of more text than can be held.
    """
    try:
        with parquet.ParquetFile(path) as file:
            schema = _unshared(pa.Table.from_batches([], file.schema_arrow)).schema
            yield About(file.metadata.num_rows, file.metadata.num_columns, schema.serialize().to_pybytes())
            for block in file.iter_batches(limits.block_rows, use_threads=False):
                table = _unshared(pa.Table.from_batches([block]))
                if table.nbytes > limits.texts:
                    raise too_much_text(name)
                sink = pa.BufferOutputStream()
                with pa.ipc.new_stream(sink, schema) as out:
                    out.write_table(table)
                yield sink.getvalue().to_pybytes()
    except MemoryError:
        raise
    except (pa.ArrowException, OSError) as error:
        raise damaged(name) from error


def _unshared(table: pa.Table) -> pa.Table:
    """Texts as they are, not as numbers of a dictionary; what is nested as Python writes it, for it may hold dictionaries."""
    for i, field in enumerate(table.schema):
        column = table.column(i)
        if pa.types.is_nested(field.type):
            written = [None if value is None else str(value) for value in column.to_pylist()]
            table = table.set_column(i, field.name, pa.chunked_array([written], pa.string()))
        elif pa.types.is_dictionary(field.type) and not pa.types.is_primitive(field.type.value_type):
            table = table.set_column(i, field.name, column.cast(field.type.value_type))
    return table
