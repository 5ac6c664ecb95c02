"""A file or database table to grids of raw cells. The kind of file is told by its content, never by its extension."""

from __future__ import annotations

import csv
import io
import lzma
import math
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import charset_normalizer
import lxml.html
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetMetadata, SheetTypeEnum, SheetVisibleEnum

from data_access.errors import UsageError
from data_access.importing import databases
from data_access.importing.limits import LIMITS
from data_access.importing.problems import ImportRefused
from data_access.importing.streams import ParquetFile, Stream, TextFile, damaged
from data_access.importing.zipped import Found, extents, lost_cells
from data_access.national_ids import masked
from i18n import N_

Range = tuple[int, int, int, int]
STREAMED_ENCODINGS = ("utf-8", "utf-8-sig", "cp874", "tis-620")


@dataclass
class Sheet:
    """A grid of cells as they are in the file: `cells[row][column]`, 0-based, None where blank; all rows equally long.

    `merged` holds inclusive ranges (first row, first column, last row, last column); `lost` the cells whose value the file
    does not hold (a formula error, or a formula without a stored result), which `cells` shows as text. With a `stream`
    `cells` are only the beginning of a table too long to hold.
    """

    name: str
    cells: list[list[Any]]
    merged: list[Range] = field(default_factory=list)
    encoding: str = ""
    hidden: bool = False
    lost: Found = field(default_factory=dict)
    stream: Stream | None = None

    @property
    def rows(self) -> int:
        """All rows down to the last filled one; of a table too long to hold its lines."""
        return self.stream.lines if self.stream else len(self.cells)


def read_file(path: str | Path, whole: bool = False) -> list[Sheet]:
    """The sheets of a file; of a long text or Parquet file one with its beginning and a `stream`, unless it is wanted whole.

    Raises:
        ImportRefused: missing, empty, too large, protected, damaged, or not a table.
    """
    path = Path(path)
    if not path.is_file():
        raise ImportRefused(N_("There is no file {name}"), name=path.name)
    size = path.stat().st_size
    if not whole and size <= LIMITS.streamed_bytes and (beginning := _beginning(path)):
        return [beginning]
    if size > LIMITS.file_bytes:
        raise ImportRefused(
            N_("The file is {size} MB; the limit is {limit} MB. Split it and load the parts"),
            size=math.ceil(size / 1024**2),
            limit=LIMITS.file_bytes // 1024**2,
        )
    return read_bytes(path.read_bytes(), path.name)


def _beginning(path: Path) -> Sheet | None:
    """The first rows of a long file with its stream; None when it is short, or neither Parquet nor delimited text of one encoding."""
    with path.open("rb") as handle:
        head = handle.read(LIMITS.beginning_bytes)
    if head.startswith(b"PAR1"):
        return _beginning_of_parquet(path)
    if path.stat().st_size <= LIMITS.held_bytes:
        return None
    head = head[: head.rfind(b"\n") + 1]
    if not head or b"\r\r\n" in head or head.startswith((*_OTHER_FILES, b"PK", b"\xd0\xcf\x11\xe0")):
        return None
    text, encoding = _decode(head, path.name)
    if encoding not in STREAMED_ENCODINGS or _looks_html(text):
        return None
    sheet, delimiter = _delimited(text, path.name, encoding)
    sheet.cells.pop()  # a quoted cell may have been cut
    (width, _often), *_others = Counter(map(len, sheet.cells)).most_common(1)
    sheet.stream = TextFile(path, encoding, delimiter, width, _lines(path))
    return _tidy(sheet)


def _beginning_of_parquet(path: Path) -> Sheet | None:
    try:
        with parquet.ParquetFile(path) as file:
            if file.metadata.num_rows <= LIMITS.held_rows:
                return None
            first = pa.Table.from_batches([next(file.iter_batches(LIMITS.beginning_rows))])
    except (pa.ArrowException, OSError) as error:
        raise damaged(path.name) from error
    sheet = _tidy(_from_frame(first.to_pandas(), path.stem))
    sheet.stream = ParquetFile(path, file.metadata.num_rows + 1)
    return sheet


def _lines(path: Path) -> int:
    with path.open("rb") as handle:
        return sum(block.count(b"\n") for block in iter(lambda: handle.read(LIMITS.block_bytes), b""))


def read_bytes(data: bytes, name: str) -> list[Sheet]:
    """The sheets of a file held in memory; `name` is only for messages and the sheet name of text files."""
    if not data.strip():
        raise ImportRefused(N_("The file {name} is empty"), name=name)
    sheets = [_tidy(sheet) for sheet in _by_content(data, name)]
    if len(sheets) > LIMITS.sheets:
        raise ImportRefused(N_("The file has {n} sheets; the limit is {limit}"), n=len(sheets), limit=LIMITS.sheets)
    if not any(sheet.cells for sheet in sheets):
        raise ImportRefused(N_("The file {name} has no filled cell"), name=name)
    return sheets


_OTHER_FILES = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"{\\rtf": "RTF",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "RAR",
}


def _by_content(data: bytes, name: str) -> list[Sheet]:
    head = data[:4096]
    for mark, kind in _OTHER_FILES.items():
        if head.startswith(mark):
            raise ImportRefused(
                N_("{name} is a {kind} file, not a table; ask for the table as XLSX or CSV"), name=name, kind=kind
            )
    if head.startswith(b"PAR1"):
        return [_parquet(data, name)]
    if head.startswith(b"PK"):
        _check_zip(data, name)
        return _workbook(data, name)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _workbook(data, name)
    text, encoding = _decode(data, name)
    if _looks_html(text):
        return _html(text, name)
    return [_delimited(text, name, encoding)[0]]


# ---- workbooks
_BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(NotImplementedError, RuntimeError, EOFError, ValueError, OverflowError, OSError),
)
"""What Python's own reader of archives raises on one that somebody has damaged, or made to be damaged."""


def _check_zip(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = sum(entry.file_size for entry in archive.infolist())
            if total > LIMITS.unzipped_bytes or total > LIMITS.unzipped_ratio * max(len(data), 10_000):
                raise ImportRefused(
                    N_("{name} unpacks to {size} MB, far more than a table of its size would; it was not opened"),
                    name=name,
                    size=total // 1024**2,
                )
            if archive.testzip() is not None:
                raise damaged(name)
    except _BROKEN_ZIP as error:
        raise damaged(name) from error


def _workbook(data: bytes, name: str) -> list[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        known = extents(data)
        for title, (rows, columns) in known.items():
            _check_shape(rows, columns, title or name)
        sheets = _measured(book, known) if data.startswith(b"PK") and "" not in known else book.sheets_metadata
        if sheets is None:
            raise ImportRefused(N_("{name} is not a workbook that can be opened (XLS, XLSX or ODS)"), name=name)
        lost = lost_cells(data)
        return [_calamine_sheet(book, about.name, about.visible, lost.get(about.name, {})) for about in sheets]
    except PasswordError as error:
        raise ImportRefused(N_("{name} is protected by a password; save it without one"), name=name) from error
    except CalamineError as error:
        raise ImportRefused(N_("{name} is not a workbook that can be opened (XLS, XLSX or ODS)"), name=name) from error


def _measured(book: CalamineWorkbook, known: Mapping[str, object]) -> list[SheetMetadata] | None:
    """The sheets of an XLSX file whose size is known; None when it is not known of one that holds cells.

    The reader of values takes memory for the whole rectangle at once and ends the process when there is not enough.
    """
    if any(s.name not in known for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet):
        return None
    return [s for s in book.sheets_metadata if s.name in known]


def _calamine_sheet(book: CalamineWorkbook, title: str, visible: SheetVisibleEnum, lost: Found) -> Sheet:
    sheet = book.get_sheet_by_name(title)
    _check_shape(sheet.total_height, sheet.total_width, title)
    merged = [(a[0], a[1], b[0], b[1]) for a, b in sheet.merged_cell_ranges or []]
    cells = sheet.to_python(skip_empty_area=False)
    for (row, column), text in lost.items():
        _put(cells, row, column, text)
    return Sheet(title, cells, merged, hidden=visible != SheetVisibleEnum.Visible, lost=lost)


def _put(cells: list[list[Any]], row: int, column: int, text: str) -> None:
    """Write a cell, widening the grid when values alone did not reach that far."""
    cells.extend([] for _ in range(row + 1 - len(cells)))
    cells[row].extend([None] * (column + 1 - len(cells[row])))
    cells[row][column] = text


def _check_shape(rows: int, columns: int, sheet: str) -> None:
    if rows > LIMITS.rows or columns > LIMITS.columns or rows * columns > LIMITS.cells:
        raise ImportRefused(
            N_(
                "Sheet {sheet} has {rows} rows and {columns} columns; the limits are {max_rows}, {max_columns} and {max_cells} cells. "
                "Delete what lies outside the table, or split it"
            ),
            sheet=sheet,
            rows=rows,
            columns=columns,
            max_rows=LIMITS.rows,
            max_columns=LIMITS.columns,
            max_cells=LIMITS.cells,
        )


def _parquet(data: bytes, name: str) -> Sheet:
    try:
        frame = pd.read_parquet(io.BytesIO(data))
    except (OSError, ValueError) as error:
        raise damaged(name) from error
    return _from_frame(frame, Path(name).stem)


def _from_frame(frame: pd.DataFrame, name: str) -> Sheet:
    _check_shape(len(frame) + 1, len(frame.columns), name)
    body = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    return Sheet(name, [[str(c) for c in frame.columns], *body])


# ---- text
def _decode(data: bytes, name: str) -> tuple[str, str]:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _strict(data, encoding, name), encoding
    try:
        text = data.decode("utf-8")
        if "\x00" not in text:
            return _mended(text) or (text, "utf-8")
    except UnicodeDecodeError:
        pass  # the next encodings are tried
    for encoding in ("utf-16-le", "utf-16-be"):
        if _thai_utf16(data, encoding):
            return _strict(data, encoding, name), encoding
    if b"\x00" in data[:4096]:
        raise ImportRefused(N_("{name} is not a table: it is neither text nor a workbook"), name=name)
    return _thai_single_byte(data, name)


def _thai_utf16(data: bytes, encoding: str) -> bool:
    sample = data[: len(data) // 2 * 2][:2000].decode(encoding, errors="ignore")
    thai = sum("\u0e00" <= c <= "\u0e7f" or c.isascii() for c in sample)
    return bool(sample) and thai > 0.9 * len(sample)


def _thai_single_byte(data: bytes, name: str) -> tuple[str, str]:
    for encoding in ("cp874", "tis-620"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _utf8_within(data):
            return text, encoding
    best = charset_normalizer.from_bytes(data).best()
    if best is None or _utf8_within(data):
        raise ImportRefused(N_("{name} is cut short or mixes encodings; save it again as CSV UTF-8"), name=name)
    return str(best), best.encoding


def _utf8_within(data: bytes) -> bool:
    """Whether bytes that are not UTF-8 as a whole hold Thai letters in UTF-8: encodings were mixed, or the end is missing."""
    return len(re.findall(rb"(?:\xe0[\xb8\xb9][\x80-\xbf]){2}", data)) > 0


def _mended(text: str) -> tuple[str, str] | None:
    """Windows-874 once read as Western European and saved as UTF-8 ("¨Ñ§ËÇÑ´"), turned back; None for any other text."""
    if not re.search(r"[¡-ûÀ-ÿ]{3}", text) or re.search(r"[ก-๛]", text):
        return None
    try:
        mended = text.encode("cp1252", "strict").decode("cp874")
    except UnicodeError:
        return None
    return (
        (mended, "cp874 in utf-8") if len(re.findall(r"[ก-๛]", mended)) > len(re.findall(r"[^\x00-\x7f]", mended)) / 2 else None
    )


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ImportRefused(N_("{name} is cut short or mixes encodings; save it again as CSV UTF-8"), name=name) from error


def _delimited(text: str, name: str, encoding: str) -> tuple[Sheet, str]:
    """The sheet of a text, and the mark between its cells."""
    text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    lines = [line for line in text.split("\n")[:200] if line.strip()]
    counts = {mark: [line.count(mark) for line in lines] for mark in ("\t", ",", ";", "|")}
    delimiter = max(counts, key=lambda mark: (sum(n > 0 for n in counts[mark]), sum(counts[mark])))
    csv.field_size_limit(1_000_000)
    try:
        rows: list[list[Any]] = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise ImportRefused(N_("{name} is not a table: it is neither text nor a workbook"), name=name) from error
    return Sheet(Path(name).stem, rows, encoding=encoding), delimiter


# ---- HTML saved as .xls
def _looks_html(text: str) -> bool:
    start = text[:4096].lower()
    return "<table" in text.lower() and ("<html" in start or "<table" in start or "<!doctype" in start)


def _html(text: str, name: str) -> list[Sheet]:
    parser = lxml.html.HTMLParser(no_network=True, encoding="utf-8")
    tree = lxml.html.document_fromstring(text.encode("utf-8"), parser=parser)
    tables = [t for t in tree.iter("table") if not list(t.iterdescendants("table"))]
    if not tables:
        raise ImportRefused(N_("{name} is a web page without a table"), name=name)
    return [
        _html_table(table, f"{Path(name).stem} {i}" if len(tables) > 1 else Path(name).stem) for i, table in enumerate(tables, 1)
    ]


def _html_table(table: Any, name: str) -> Sheet:
    cells: dict[tuple[int, int], Any] = {}
    merged: list[Range] = []
    taken: set[tuple[int, int]] = set()
    height = 0
    for r, line in enumerate(table.iter("tr")):
        c, height = 0, r + 1
        for cell in line.iterchildren("td", "th"):
            while (r, c) in taken:
                c += 1
            down, across = _span(cell.get("rowspan")), _span(cell.get("colspan"))
            cells[r, c] = " ".join(cell.text_content().split())
            if down * across > 1:
                merged.append((r, c, r + down - 1, c + across - 1))
                _check_shape(len(taken) + down * across, 1, name)  # spans of a thousand by a thousand fill memory
                taken.update((r + i, c + j) for i in range(down) for j in range(across))
            c += across
    width = max((c for _, c in cells), default=-1) + 1
    _check_shape(height, width, name)
    return Sheet(name, [[cells.get((r, c)) for c in range(width)] for r in range(height)], merged)


def _span(text: str | None) -> int:
    return min(int(text), LIMITS.columns) if text and text.isdigit() and int(text) > 0 else 1


# ---- databases
def read_source(path: str | Path, query: str | None, whole: bool = False) -> tuple[list[Sheet], str]:
    """The sheets of a file, or with `query` of a database, and the name to call it by (never with a password or a national ID).

    Of a long one there is the beginning and a `stream`, unless it is wanted whole.

    Raises:
        UsageError: a database address without a query. ImportRefused: what `read_file` and `databases.ask` refuse.
    """
    if query:
        return [_answered(databases.ask(str(path), query, whole))], f"{databases.safe_url(str(path))}: {masked(query)}"
    if re.match(r"[a-z][a-z0-9_+]*://", str(path)):
        raise UsageError(N_("To read a database, give a table name or one SELECT with --query"))
    return read_file(path, whole), masked(Path(path).name)


def _answered(answer: databases.Answer) -> Sheet:
    sheet = _tidy(_from_frame(answer.rows, answer.name))
    sheet.stream = answer.stream
    return sheet


# ---- tidying
def _tidy(sheet: Sheet) -> Sheet:
    """Blank cells as None, equal row lengths, empty columns and rows at the end removed; a name without national IDs."""
    sheet.name = masked(sheet.name)
    cells = [[tidy_cell(value) for value in row] for row in sheet.cells]
    while cells and all(value is None for value in cells[-1]):
        cells.pop()
    width = max((i + 1 for row in cells for i, value in enumerate(row) if value is not None), default=0)
    _check_shape(len(cells), width, sheet.name)
    sheet.cells = [(row + [None] * width)[:width] for row in cells]
    return sheet


def tidy_cell(value: Any) -> Any:
    """The value of a cell as the importer sees it: no invisible characters, blank as None."""
    if value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NaT:
        return None
    if isinstance(value, str):
        text = value.replace("\ufeff", "").replace("\u200b", "").replace("\xa0", " ").strip()
        return text or None
    if hasattr(value, "item"):
        return value.item()
    return value
