"""Workbooks (XLS, XLSX, ODS) to rows of raw cells. Few libraries are imported here: a process may be started for one file (`apart`)."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetMetadata, SheetTypeEnum, SheetVisibleEnum

from data_access.importing.limits import Limits
from data_access.importing.problems import ImportRefused, damaged, too_much_text
from data_access.importing.zipped import NO_MARKS, Marks, extents, marks, shared_letters
from i18n import N_

ROWS = 1_000
"""Rows that are handed on together."""
Range = tuple[int, int, int, int]
Rows = list[list[Any]]


@dataclass
class Head:
    """A sheet before its rows: see `reading.Sheet`."""

    name: str
    merged: list[Range] = field(default_factory=list)
    hidden: bool = False
    marks: Marks = NO_MARKS


_BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(NotImplementedError, RuntimeError, EOFError, ValueError, OverflowError, OSError),
)
"""What Python's own reader of archives raises on one that somebody has damaged, or made to be damaged."""


def parts(data: bytes, name: str, limits: Limits) -> Iterator[Head | Rows]:
    """The head of each sheet and after it its rows, some at a time; all rows of a sheet are equally long.

    Raises:
        ImportRefused: damaged, protected, or too large.
    """
    if data.startswith(b"PK"):
        _check_zip(data, name, limits)
    try:
        known = extents(data)  # before the book is opened, which of some formats reads all of it
        for title, (rows, columns) in known.items():
            check_shape(rows, columns, title or name, limits)
        check_total(sum(rows * columns for rows, columns in known.values()), name, limits)
        if shared_letters(data) > limits.texts:
            raise too_much_text(name)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = _measured(book, known) if data.startswith(b"PK") and "" not in known else book.sheets_metadata
        if sheets is None:
            raise _no_workbook(name)
        marked, letters = marks(data), 0
        for about in sheets:
            for part in _sheet(book, about, marked.get(about.name, NO_MARKS), limits):
                if isinstance(part, list):
                    letters += sum(len(cell) for row in part for cell in row if isinstance(cell, str))
                    if letters > limits.texts:
                        raise too_much_text(name)
                yield part
    except PasswordError as error:
        raise ImportRefused(N_("{name} is protected by a password; save it without one"), name=name) from error
    except CalamineError as error:
        raise _no_workbook(name) from error


def _check_zip(data: bytes, name: str, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = sum(entry.file_size for entry in archive.infolist())
            if total > limits.unzipped_bytes or total > limits.unzipped_ratio * max(len(data), 10_000):
                raise ImportRefused(
                    N_("{name} unpacks to {size} MB, far more than a table of its size would; it was not opened"),
                    name=name,
                    size=total // 1024**2,
                )
            if archive.testzip() is not None:
                raise damaged(name)
    except _BROKEN_ZIP as error:
        raise damaged(name) from error


def _measured(book: CalamineWorkbook, known: Mapping[str, object]) -> list[SheetMetadata] | None:
    """The sheets of an XLSX file whose size is known; None when it is not known of one that holds cells.

    The reader of values takes memory for the whole rectangle at once and ends the process when there is not enough.
    """
    if any(s.name not in known for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet):
        return None
    return [s for s in book.sheets_metadata if s.name in known]


def _sheet(book: CalamineWorkbook, about: SheetMetadata, marked: Marks, limits: Limits) -> Iterator[Head | Rows]:
    sheet = book.get_sheet_by_name(about.name)
    check_shape(sheet.total_height, sheet.total_width, about.name, limits)
    merged = [(a[0], a[1], b[0], b[1]) for a, b in sheet.merged_cell_ranges or []]
    yield Head(about.name, merged, about.visible != SheetVisibleEnum.Visible, marked)
    _above, left = sheet.start or (0, 0)
    rows: Rows = []
    for row in sheet.iter_rows():  # blank rows above the first cell are among them, blank columns before it are not
        rows.append([""] * left + row)
        if len(rows) >= ROWS:
            yield rows
            rows = []
    yield rows


def _no_workbook(name: str) -> ImportRefused:
    return ImportRefused(N_("{name} is not a workbook that can be opened (XLS, XLSX or ODS)"), name=name)


def check_shape(rows: int, columns: int, sheet: str, limits: Limits) -> None:
    """Refuse a sheet of too many rows, columns or cells (ImportRefused)."""
    if rows > limits.rows or columns > limits.columns or rows * columns > limits.cells:
        raise ImportRefused(
            N_(
                "Sheet {sheet} has {rows} rows and {columns} columns; the limits are {max_rows}, {max_columns} and {max_cells} cells. "
                "Delete what lies outside the table, split it, or save it as CSV: a table of records may then be of any length"
            ),
            sheet=sheet,
            rows=rows,
            columns=columns,
            max_rows=limits.rows,
            max_columns=limits.columns,
            max_cells=limits.cells,
        )


def check_total(cells: int, name: str, limits: Limits) -> None:
    """Refuse sheets that have too many cells together (ImportRefused)."""
    if cells > limits.cells:
        raise ImportRefused(
            N_(
                "The sheets of {name} have {cells} cells together; the limit is {limit}. "
                "Delete what is not needed, split it, or save the table as CSV: a table of records may then be of any length"
            ),
            name=name,
            cells=cells,
            limit=limits.cells,
        )
