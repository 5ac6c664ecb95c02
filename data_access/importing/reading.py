"""A file or database table to grids of raw cells. The kind of file is told by its content, never by its extension."""

from __future__ import annotations

import codecs
import csv
import io
import lzma
import math
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import charset_normalizer
import lxml.etree
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetMetadata, SheetTypeEnum, SheetVisibleEnum

from data_access.errors import UsageError
from data_access.importing import databases
from data_access.importing.limits import LIMITS
from data_access.importing.problems import ImportRefused
from data_access.importing.streams import ParquetFile, Stream, TextFile, damaged
from data_access.importing.values import one_spelling
from data_access.importing.zipped import NO_MARKS, SUPERSCRIPT, Marks, extents, marks, shared_letters
from data_access.national_ids import masked
from i18n import N_

Range = tuple[int, int, int, int]
WIDE = ("utf-16", "utf-16-le", "utf-16-be")
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
PART = 64 * 1024  # letters of a web page given to its parser at once
LINES = ("br", "p", "div", "li", "tr")
UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
STREAMED_ENCODINGS = ("utf-8", "utf-8-sig", "cp874", "tis-620", *WIDE)


@dataclass
class Sheet:
    """A grid of cells as they are in the file: `cells[row][column]`, 0-based, None where blank; all rows equally long.

    `merged` holds inclusive ranges (first row, first column, last row, last column); `marks` what a workbook says beside its values:
    cells whose value it does not hold, and superscripts, `cells` shows as text. With a `stream`
    `cells` are only the beginning of a table too long to hold.
    """

    name: str
    cells: list[list[Any]]
    merged: list[Range] = field(default_factory=list)
    encoding: str = ""
    hidden: bool = False
    marks: Marks = NO_MARKS
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
    size = path.stat().st_size
    if size <= min(LIMITS.held_bytes, LIMITS.cells) or head.startswith((*_OTHER_FILES, b"PK", b"\xd0\xcf\x11\xe0")):
        return None
    text, encoding = _whole_lines(head, path.name)
    if not text or "\r\r\n" in text or encoding not in STREAMED_ENCODINGS or _looks_html(text):
        return None
    delimiter, found = _delimited(text, path.name)
    *rows, _last = found  # a quoted cell may have been cut
    (width, _often), *_others = Counter(map(len, rows)).most_common(1) or [(0, 0)]
    lines = _lines(path, encoding)
    if size <= LIMITS.held_bytes and lines * width <= LIMITS.cells:
        return None
    sheet = _tidy(Sheet(path.stem, rows, encoding=encoding))
    sheet.stream = TextFile(path, encoding, delimiter, width, lines)
    return sheet if sheet.cells else None


def _whole_lines(head: bytes, name: str) -> tuple[str, str]:
    """The beginning of a text, cut at the end of a line, which is at the end of a letter in every encoding; and the encoding."""
    wide = next((e for mark, e in MARKS if e in WIDE and head.startswith(mark)), "")
    wide = wide or next((e for e in WIDE[1:] if _thai_utf16(head, e)), "")
    if not wide:
        head = head[: head.rfind(b"\n") + 1]
        return _decode(head, name) if head else ("", "")
    try:
        text = codecs.getincrementaldecoder(wide)().decode(head)
    except UnicodeDecodeError as error:
        raise _mixed(name) from error
    return text[: text.rfind("\n") + 1], wide


def _beginning_of_parquet(path: Path) -> Sheet | None:
    try:
        with parquet.ParquetFile(path) as file:
            rows, columns = file.metadata.num_rows, file.metadata.num_columns
            if rows <= LIMITS.held_rows and rows * columns <= LIMITS.cells:
                return None
            first = pa.Table.from_batches([next(file.iter_batches(LIMITS.beginning_rows))])
    except (pa.ArrowException, OSError) as error:
        raise damaged(path.name) from error
    sheet = _tidy(_from_frame(first.to_pandas(), path.stem))
    sheet.stream = ParquetFile(path, file.metadata.num_rows + 1)
    return sheet


def _lines(path: Path, encoding: str) -> int:
    if encoding in WIDE:  # a byte of a letter may look like the end of a line
        with path.open(encoding=encoding, errors="replace", newline="\n") as text:
            return sum(part.count("\n") for part in iter(lambda: text.read(LIMITS.block_bytes), ""))
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
    return [Sheet(Path(name).stem, _held(_delimited(text, name)[1], name), encoding=encoding)]


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
        _check_total(sum(rows * columns for rows, columns in known.values()), name)
        if shared_letters(data) > LIMITS.texts:
            raise ImportRefused(N_("The cells of {name} hold more text than can be held; it was not opened"), name=name)
        sheets = _measured(book, known) if data.startswith(b"PK") and "" not in known else book.sheets_metadata
        if sheets is None:
            raise ImportRefused(N_("{name} is not a workbook that can be opened (XLS, XLSX or ODS)"), name=name)
        marked = marks(data)
        return [_calamine_sheet(book, about.name, about.visible, marked.get(about.name, NO_MARKS)) for about in sheets]
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


def _calamine_sheet(book: CalamineWorkbook, title: str, visible: SheetVisibleEnum, marked: Marks) -> Sheet:
    sheet = book.get_sheet_by_name(title)
    _check_shape(sheet.total_height, sheet.total_width, title)
    merged = [(a[0], a[1], b[0], b[1]) for a, b in sheet.merged_cell_ranges or []]
    cells = sheet.to_python(skip_empty_area=False)
    for (row, column), text in {**marked.raised, **marked.lost}.items():
        _put(cells, row, column, text)
    return Sheet(title, cells, merged, hidden=visible != SheetVisibleEnum.Visible, marks=marked)


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
                "Delete what lies outside the table, split it, or save it as CSV: a table of records may then be of any length"
            ),
            sheet=sheet,
            rows=rows,
            columns=columns,
            max_rows=LIMITS.rows,
            max_columns=LIMITS.columns,
            max_cells=LIMITS.cells,
        )


def _check_total(cells: int, name: str) -> None:
    if cells > LIMITS.cells:
        raise ImportRefused(
            N_(
                "The sheets of {name} have {cells} cells together; the limit is {limit}. "
                "Delete what is not needed, split it, or save the table as CSV: a table of records may then be of any length"
            ),
            name=name,
            cells=cells,
            limit=LIMITS.cells,
        )


def _held(rows: Iterable[list[Any]], name: str) -> list[list[Any]]:
    """Rows without the blank cells at their ends, and without the blank rows at the end; refused as soon as they are too many to hold."""
    kept: list[list[Any]] = []
    blank = width = 0
    for row in rows:
        end = len(row)
        while end and (row[end - 1] is None or row[end - 1] == "" or tidy_cell(row[end - 1]) is None):
            end -= 1
        if not end:
            blank += 1
            continue
        width = max(width, end)
        _check_shape(len(kept) + blank + 1, width, name)
        kept.extend([] for _ in range(blank))
        blank = 0
        del row[end:]
        kept.append(row)
    return kept


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
    for mark, encoding in MARKS:
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
        raise _mixed(name)
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


def _mixed(name: str) -> ImportRefused:
    return ImportRefused(N_("{name} is cut short or mixes encodings; save it again as CSV UTF-8"), name=name)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _mixed(name) from error


def _delimited(text: str, name: str) -> tuple[str, Iterator[list[Any]]]:
    """The mark between the cells of a text, and its rows, made one at a time."""
    text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    lines = [line for line in text.split("\n", 200)[:200] if line.strip()]
    counts = {mark: [line.count(mark) for line in lines] for mark in ("\t", ",", ";", "|")}
    delimiter = max(counts, key=lambda mark: (sum(n > 0 for n in counts[mark]), sum(counts[mark])))
    return delimiter, _rows(text, delimiter, name)


def _rows(text: str, delimiter: str, name: str) -> Iterator[list[Any]]:
    """The rows of a text. One with more separators than any spreadsheet writes is refused before its cells are made."""
    separators = quotes = count = 0

    def lines() -> Iterator[str]:
        nonlocal separators, quotes, count
        start = 0
        while start < len(text):
            end = text.find("\n", start) + 1 or len(text)
            separators += text.count(delimiter, start, end)
            quotes, count = quotes + text.count('"', start, end), count + 1
            if separators > LIMITS.separators:
                _check_shape(1, separators, name)
            yield text[start:end]
            start = end

    csv.field_size_limit(1_000_000)
    try:
        before = 0
        for row in csv.reader(lines(), delimiter=delimiter):
            if quotes % 2 and count - before > 1:
                raise ImportRefused(
                    N_(
                        "A quotation mark in row {row} of {name} is not closed, so that the rows under it run into one cell. "
                        "Remove it, or close it"
                    ),
                    row=before + 1,
                    name=name,
                )
            separators, quotes, before = 0, 0, count
            yield row
    except csv.Error as error:
        raise ImportRefused(N_("{name} is not a table: it is neither text nor a workbook"), name=name) from error


# ---- HTML saved as .xls
def _looks_html(text: str) -> bool:
    start = text[:4096].lower()
    return "<table" in text.lower() and ("<html" in start or "<table" in start or "<!doctype" in start)


def _html(text: str, name: str) -> list[Sheet]:
    """The tables of a page, read as its parser comes by them: no tree of the page is made."""
    found = _Tables(name)
    parser = lxml.etree.HTMLParser(target=found, no_network=True, encoding="utf-8")
    for start in range(0, len(text), PART):
        parser.feed(text[start : start + PART].encode("utf-8"))
        if found.refusal:
            raise found.refusal
    parser.close()
    if found.refusal:
        raise found.refusal
    if not found.whole:
        raise ImportRefused(N_("{name} is a web page without a table"), name=name)
    stem = Path(name).stem
    return [
        Sheet(f"{stem} {i}" if len(found.whole) > 1 else stem, _held(table.rows, name), table.merged)
        for i, table in enumerate(found.whole, 1)
    ]


@dataclass
class _HtmlTable:
    """A table of a page while it is read: its rows, the places that spans take, and the text of the cell at hand."""

    rows: list[list[Any]] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    taken: set[tuple[int, int]] = field(default_factory=set)
    column: int = 0
    width: int = 0
    text: list[str] | None = None
    innermost: bool = True
    unseen: int = 0  # how many elements of the cell at hand that are not displayed are open
    raised: int = 0  # and of those that are written as superscripts


class _Tables:
    """What a parser of HTML tells its target: the innermost tables of a page, in the order in which they begin."""

    def __init__(self, name: str) -> None:
        self.name, self.refusal, self.cells = name, None, 0
        self.tags: list[str] = []
        self.begun: list[_HtmlTable] = []
        self.open: list[_HtmlTable] = []

    refusal: ImportRefused | None

    @property
    def whole(self) -> list[_HtmlTable]:
        """The tables that hold no other."""
        return [table for table in self.begun if table.innermost]

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        try:
            self._start(tag, attributes)
        except ImportRefused as error:
            self.refusal = self.refusal or error  # the parser would lose it; `_html` looks after each part
        self.tags.append(tag)

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "table":
            for outer in self.open:
                outer.innermost, outer.text = False, None
                outer.rows.clear()
            table = _HtmlTable()
            self.begun.append(table)
            self.open.append(table)
            if len(self.begun) > LIMITS.rows:
                _check_shape(len(self.begun), 1, self.name)
        elif self.open and self.refusal is None and self.open[-1].innermost:
            if tag == "tr":
                self.open[-1].rows.append([])
                self.open[-1].column = 0
                _check_shape(len(self.open[-1].rows), self.open[-1].width, self.name)
            elif tag in ("td", "th") and self.tags[-1:] == ["tr"] and self.open[-1].rows:
                self._cell(self.open[-1], attributes)
            elif self.open[-1].text is not None:
                self._within(self.open[-1], tag, attributes)

    def _cell(self, table: _HtmlTable, attributes: Mapping[str, str]) -> None:
        r = len(table.rows) - 1
        while (r, table.column) in table.taken:
            table.column += 1
        c, down, across = table.column, _span(attributes.get("rowspan")), _span(attributes.get("colspan"))
        if down * across > 1:
            table.merged.append((r, c, r + down - 1, c + across - 1))
            _check_shape(len(table.taken) + down * across, 1, self.name)  # spans of a thousand by a thousand fill memory
            table.taken.update((r + i, c + j) for i in range(down) for j in range(across))
        table.width = max(table.width, c + 1)
        _check_shape(len(table.rows), table.width, self.name)
        row = table.rows[r]
        self.cells += c + 1 - len(row)
        _check_total(self.cells, self.name)
        row.extend([None] * (c + 1 - len(row)))
        table.column, table.text, table.unseen, table.raised = c + across, [], 0, 0

    def _within(self, table: _HtmlTable, tag: str, attributes: Mapping[str, str]) -> None:
        """An element in a cell: one that begins a line keeps what is before and after apart."""
        if tag in LINES and table.text is not None:
            table.text.append("\n")
        table.unseen += bool(table.unseen) or "hidden" in attributes or bool(UNSEEN.search(attributes.get("style", "")))
        table.raised += bool(table.raised) or tag == "sup"

    def data(self, text: str) -> None:
        """Some text."""
        if self.open and self.open[-1].text is not None and not self.open[-1].unseen:
            words = " ".join(text.splitlines()) if text.strip() else " "
            self.open[-1].text.append(words.translate(SUPERSCRIPT) if self.open[-1].raised else words)

    def end(self, tag: str) -> None:
        """An element ends."""
        while self.tags and self.tags.pop() != tag:
            pass
        if not self.open:
            return
        table = self.open[-1]
        if tag in ("td", "th") and table.text is not None and self.tags[-1:] == ["tr"]:
            lines = (" ".join(line.split()) for line in "".join(table.text).split("\n"))
            table.rows[-1][-1] = "\n".join(filter(None, lines))
            table.text = None
        elif table.text is not None:
            if tag in LINES:
                table.text.append("\n")
            table.unseen, table.raised = max(table.unseen - 1, 0), max(table.raised - 1, 0)
        elif tag == "table":
            self.open.pop()

    def close(self) -> None:
        """The page ends."""


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
    for row in sheet.cells:
        row[:] = map(tidy_cell, row)
    sheet.cells = _held(sheet.cells, sheet.name)
    width = max(map(len, sheet.cells), default=0)
    for row in sheet.cells:
        row.extend([None] * (width - len(row)))
    return sheet


def tidy_cell(value: Any) -> Any:
    """The value of a cell as the importer sees it: no invisible characters, one spelling of what looks alike, blank as None."""
    if value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NaT:
        return None
    if isinstance(value, str):
        return one_spelling(value).replace("\xa0", " ").strip() or None
    if hasattr(value, "item"):
        return value.item()
    return value
