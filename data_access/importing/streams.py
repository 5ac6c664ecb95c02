"""Tables too long to hold: the texts of their cells a block at a time, from text files and from tables with types."""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from openpyxl.utils import get_column_letter

from data_access.importing import apart
from data_access.importing.limits import LIMITS, Limits
from data_access.importing.parquets import About
from data_access.importing.problems import ImportRefused
from i18n import N_

DISTINCT = pa.dictionary(pa.int32(), pa.string())
PLAIN = (
    *(pa.types.is_null, pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal),
    *(pa.types.is_date, pa.types.is_timestamp, pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view),
)
"""Types whose values Arrow writes as a text file would have them; of any other (a list, a length of time) Python's own text is refused
or kept like that of a sheet's cell."""
Blocks = Generator[pa.RecordBatch, None, None]
Misshapen = list[tuple[int, list[str]]]
"""Rows of the source that have not the cells that the others have: number (the first is 1), cells."""


class Stream(Protocol):
    """A table that is read from its beginning each time; `lines` counts its rows with the headings, as far as can be told beforehand."""

    @property
    def lines(self) -> int: ...
    def texts(self, skipped: int, plain: set[int], misshapen: Misshapen) -> Blocks:
        """The cells as texts (blank: null), each distinct one of a block once but in the `plain` columns; columns by letter.

        The first `skipped` rows are left out, and `misshapen` gets the rows that no block holds.

        Raises:
            ImportRefused: the source cannot be read to its end.
        """
        ...


def letters(width: int) -> list[str]:
    """The names of columns as a spreadsheet has them."""
    return [get_column_letter(i + 1) for i in range(width)]


def read_ahead(blocks: Blocks) -> Iterator[pa.RecordBatch]:
    """The blocks, the next one being read while one is used; what they hold open is closed in the end."""
    with ThreadPoolExecutor(1) as worker:
        try:
            waiting = worker.submit(next, blocks, None)
            while (block := waiting.result()) is not None:
                waiting = worker.submit(next, blocks, None)
                yield block
        finally:
            worker.submit(blocks.close).result()


@dataclass(frozen=True)
class TextFile:
    """A long delimited text file; `width` is the number of cells that most rows have, with those after the last heading."""

    path: Path
    encoding: str
    delimiter: str
    width: int
    lines: int

    def texts(self, skipped: int, plain: set[int], misshapen: Misshapen) -> Blocks:
        """See `Stream`."""

        def set_aside(row: pacsv.InvalidRow) -> str:
            misshapen.append((row.number, next(csv.reader([row.text], delimiter=self.delimiter))))
            return "skip"

        names = letters(self.width)
        try:
            yield from pacsv.open_csv(
                str(self.path),
                read_options=pacsv.ReadOptions(
                    skip_rows=skipped,
                    column_names=names,
                    block_size=LIMITS.block_bytes,
                    encoding=self.encoding.removesuffix("-sig"),
                    use_threads=False,  # only then does it tell the number of a row that it cannot take apart
                ),
                parse_options=pacsv.ParseOptions(
                    delimiter=self.delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=set_aside
                ),
                convert_options=pacsv.ConvertOptions(
                    column_types={name: pa.string() if i in plain else DISTINCT for i, name in enumerate(names)},
                    null_values=[""],
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=True,
                ),
            )
        except (pa.ArrowInvalid, UnicodeError) as error:
            raise ImportRefused(
                N_("{name} is cut short or mixes encodings; save it again as CSV UTF-8"), name=self.path.name
            ) from error


@dataclass(frozen=True)
class ParquetFile:
    """A long Parquet file."""

    path: Path
    lines: int

    def texts(self, skipped: int, plain: set[int], misshapen: Misshapen) -> Blocks:
        """See `Stream`; no row is misshapen."""
        _about, blocks = parquet_blocks(self.path, LIMITS)
        with closing(blocks):
            yield from as_texts(blocks, skipped, plain)


def parquet_blocks(path: Path, limits: Limits) -> tuple[About, Blocks]:
    """What a Parquet file says of itself, and its blocks of rows; the process that reads it ends when they are closed."""
    pieces = apart.read("parquet", path, path.name, limits)
    about: About = next(pieces)
    return about, (block for piece in pieces for block in pa.ipc.open_stream(piece))


def as_texts(blocks: Iterable[pa.RecordBatch], skipped: int, plain: set[int]) -> Blocks:
    """Blocks of a table with types as `Stream.texts` gives them; its headings are the first of the `skipped` rows."""
    left_out = skipped - 1
    for block in blocks:
        kept = block.slice(min(left_out, len(block)))
        left_out -= len(block) - len(kept)
        texts = (_text(cells) for cells in kept.columns)
        columns = [cells if i in plain else cells.dictionary_encode() for i, cells in enumerate(texts)]
        yield pa.record_batch(columns, letters(len(columns)))


def _text(cells: pa.Array) -> pa.Array:
    """Cells as a text file would have them: whole numbers without a point, days without a time, nothing where there is none."""
    cells = cells.dictionary_decode() if pa.types.is_dictionary(cells.type) else cells
    kind = cells.type
    if not any(is_plain(kind) for is_plain in PLAIN):
        return pa.array([None if value is None else str(value) for value in cells.to_pylist()], pa.string())
    found = cells.cast(pa.string())
    if pa.types.is_timestamp(kind):
        found = pc.replace_substring_regex(found, r" 00:00:00(\.0+)?Z?$", "")
    nothing = pc.equal(found, "nan") if pa.types.is_floating(kind) else pc.equal(found, "")
    return pc.if_else(nothing, pa.scalar(None, pa.string()), found)
