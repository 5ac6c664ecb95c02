"""A file or database table to grids of raw cells. The kind of file is told by its content, never by its extension."""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import charset_normalizer
import lxml.etree
import pandas as pd
import pyarrow as pa

from data_access.contract.errors import UsageError
from data_access.contract.national_ids import masked
from data_access.importing import apart, databases, spreadsheets, texts
from data_access.importing.limits import LIMITS
from data_access.importing.problems import ImportRefused, damaged
from data_access.importing.spreadsheets import Range, check_shape, check_total, too_much_text
from data_access.importing.streams import ParquetFile, Stream, TextFile, parquet_blocks
from data_access.importing.values import one_spelling
from data_access.importing.zipped import NO_MARKS, SUPERSCRIPT, Marks
from i18n import N_

WIDE = ("utf-16", "utf-16-le", "utf-16-be")
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
PART = 64 * 1024  # letters of a web page given to its parser at once
LINES = ("br", "p", "div", "li", "tr")
NESTED = 1_000  # letters of a table within a cell that the cell holds
UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
STREAMED_ENCODINGS = ("utf-8", "utf-8-sig", "cp874", "tis-620", *WIDE)


@dataclass
class Sheet:
    """A grid of cells as they are in the file: `cells[row][column]`, 0-based, None where blank; all rows equally long.

    `merged` holds inclusive ranges (first row, first column, last row, last column); `marks` what a workbook says beside its values:
    cells whose value it does not hold, and superscripts, `cells` shows as text. With a `stream`
    `cells` are only the beginning of a table too long to hold. `headless`: somebody has said that its first row is data.
    """

    name: str
    cells: list[list[Any]]
    merged: list[Range] = field(default_factory=list)
    encoding: str = ""
    hidden: bool = False
    marks: Marks = NO_MARKS
    stream: Stream | None = None
    headless: bool = False

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
    return _held_whole(path)


def _beginning(path: Path) -> Sheet | None:
    """The first rows of a long file with its stream; a short Parquet file whole; None when it is short, or neither Parquet nor delimited text of one encoding."""
    with path.open("rb") as handle:
        head = handle.read(LIMITS.beginning_bytes)
    if head.startswith(b"PAR1"):
        return _parquet(path, whole=False)
    size = path.stat().st_size
    if size <= min(LIMITS.held_bytes, LIMITS.cells) or head.startswith((*_OTHER_FILES, b"PK", b"\xd0\xcf\x11\xe0")):
        return None
    text, encoding = _whole_lines(head, path.name)
    if not text or "\r\r\n" in text or encoding not in STREAMED_ENCODINGS or _looks_html(text):
        return None
    delimiter, found = _delimited(text, path.name)
    *rows, _last = found  # a quoted cell may have been cut
    (width, _often), *_others = Counter(map(len, rows)).most_common(1) or [(0, 0)]
    lines = _lines(path, encoding, delimiter)
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


def _parquet(path: Path, whole: bool) -> Sheet:
    """The table of a Parquet file; of a long one that is not wanted whole its beginning."""
    about, blocks = parquet_blocks(path, LIMITS)
    with closing(blocks):
        stream = None
        if not whole and (about.rows > LIMITS.held_rows or about.rows * about.columns > LIMITS.cells):
            stream = ParquetFile(path, about.rows + 1)
            table = pa.Table.from_batches([next(blocks).slice(0, LIMITS.beginning_rows)])
        else:
            check_shape(about.rows + 1, about.columns, path.name, LIMITS)
            table = pa.Table.from_batches(_held_blocks(blocks, path.name), pa.ipc.read_schema(pa.py_buffer(about.schema)))
    try:
        frame = table.to_pandas()
    except (pa.ArrowException, ValueError, OverflowError) as error:  # a day of the year 37379
        raise damaged(path.name) from error
    sheet = _tidy(_from_frame(frame, path.stem))
    sheet.stream = stream
    return sheet


def _held_blocks(blocks: Iterable[pa.RecordBatch], name: str) -> Iterator[pa.RecordBatch]:
    taken = 0
    for block in blocks:
        taken += block.nbytes
        if taken > LIMITS.texts:
            raise too_much_text(name)
        yield block


def _lines(path: Path, encoding: str, delimiter: str) -> int:
    def blocks() -> Iterator[bytes]:
        if encoding in WIDE:  # a byte of a letter may look like the end of a line
            with path.open(encoding=encoding, errors="replace", newline="\n") as text:
                while part := text.read(LIMITS.block_bytes):
                    yield (part + text.readline()).encode()
        else:
            with path.open("rb") as handle:
                while block := handle.read(LIMITS.block_bytes):
                    yield block + handle.readline()

    return texts.count_lines(blocks(), "utf-8" if encoding in WIDE else encoding, delimiter, path.name)


def _held_whole(path: Path) -> list[Sheet]:
    data, name = path.read_bytes(), path.name
    if not data.strip():
        raise ImportRefused(N_("The file {name} is empty"), name=name)
    sheets = [_tidy(sheet) for sheet in _by_content(path, data)]
    if len(sheets) > LIMITS.sheets:
        raise ImportRefused(N_("The file has {n} sheets; the limit is {limit}"), n=len(sheets), limit=LIMITS.sheets)
    filled = [sheet for sheet in sheets if sheet.cells]
    if not filled:
        raise ImportRefused(N_("The file {name} has no filled cell"), name=name)
    if len(filled) == 1 and sum(any(column) for column in zip(*filled[0].cells, strict=True)) == 1:
        texts.refuse_aligned([str(next(filter(None, row), "")) for row in filled[0].cells], name)
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


def _by_content(path: Path, data: bytes) -> list[Sheet]:
    head, name = data[:4096], path.name
    for mark, kind in _OTHER_FILES.items():
        if head.startswith(mark):
            raise ImportRefused(
                N_("{name} is a {kind} file, not a table; ask for the table as XLSX or CSV"), name=name, kind=kind
            )
    if head.startswith(b"PAR1"):
        return [_parquet(path, whole=True)]
    if head.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return _workbook(path, data)
    text, encoding = _decode(data, name)
    if _looks_html(text):
        return _html(text, name)
    return [Sheet(Path(name).stem, _held(_delimited(text, name)[1], name), encoding=encoding)]


# ---- workbooks
def _workbook(path: Path, data: bytes) -> list[Sheet]:
    """The sheets of a workbook; in this process only when their memory is known beforehand and what is read is soon read."""
    here = b"xl/workbook.xml" in data and b"content.xml" not in data and len(data) <= LIMITS.own_bytes
    found: list[Sheet] = []
    for part in spreadsheets.parts(data, path.name, LIMITS) if here else apart.read("workbook", path, path.name, LIMITS):
        if isinstance(part, spreadsheets.Head):
            found.append(Sheet(part.name, [], part.merged, hidden=part.hidden, marks=part.marks))
        else:
            found[-1].cells.extend(part)
    for sheet in found:
        for (row, column), text in {**sheet.marks.raised, **sheet.marks.lost}.items():
            _put(sheet.cells, row, column, text)
    return found


def _put(cells: list[list[Any]], row: int, column: int, text: str) -> None:
    """Write a cell, widening the grid when values alone did not reach that far."""
    cells.extend([] for _ in range(row + 1 - len(cells)))
    cells[row].extend([None] * (column + 1 - len(cells[row])))
    cells[row][column] = text


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
        check_shape(len(kept) + blank + 1, width, name, LIMITS)
        kept.extend([] for _ in range(blank))
        blank = 0
        del row[end:]
        kept.append(row)
    return kept


def _from_frame(frame: pd.DataFrame, name: str) -> Sheet:
    check_shape(len(frame) + 1, len(frame.columns), name, LIMITS)
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
    lines = text.split("\n", 200)[:200]
    delimiter = texts.delimiter_of([line for line in lines if line.strip()])
    texts.refuse_aligned(lines, name, delimiter)
    return delimiter, _rows(text, delimiter, name)


def _rows(text: str, delimiter: str, name: str) -> Iterator[list[Any]]:
    """The rows of a text. One with more separators than any spreadsheet writes is refused before its cells are made."""
    separators = 0

    def lines() -> Iterator[str]:
        nonlocal separators
        start = 0
        while start < len(text):
            end = text.find("\n", start) + 1 or len(text)
            separators += text.count(delimiter, start, end)
            if separators > LIMITS.separators:
                check_shape(1, separators, name, LIMITS)
            yield text[start:end]
            start = end

    for row in texts.records(lines(), delimiter, name):
        separators = 0
        yield row


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
    tables = found.whole
    if not tables:
        raise ImportRefused(N_("{name} is a web page without a table"), name=name)
    stem = Path(name).stem
    return [
        Sheet(
            f"{stem} {i}" if len(tables) > 1 else stem,
            _held(table.rows, name),
            table.merged,
            hidden=table.hidden,
            marks=Marks(hidden=tuple(table.hidden_rows)),
        )
        for i, table in enumerate(tables, 1)
    ]


@dataclass
class _HtmlTable:
    """A table of a page while it is read: its rows, the places that spans take, and the text of the cell at hand."""

    outer: _HtmlTable | None = None
    hidden: bool = False
    rows: list[list[Any]] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    taken: set[tuple[int, int]] = field(default_factory=set)
    column: int = 0
    width: int = 0
    cells: int = 0
    text: list[str] | None = None
    unseen: int = 0  # how many elements of the cell at hand that are not displayed are open
    raised: int = 0  # and of those that are written as superscripts
    left_out: bool = False  # the cell at hand is not displayed: it takes no place
    group_hidden: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    largest: int = 0  # the cells of the largest table within

    @property
    def is_layout(self) -> bool:
        """Whether the table is there to place another, larger one."""
        return self.largest > self.cells

    @property
    def is_part(self) -> bool:
        """Whether the table is what a cell of another holds, rather than a table of its own."""
        of_cell = self.outer is not None and not self.outer.is_layout
        return of_cell and (len(self.rows) < 3 or self.width < 2)

    def within(self) -> str:
        """What a cell that holds the table says: a line for each of its cells."""
        return "\n".join(str(cell) for row in self.rows for cell in row if cell)[:NESTED]


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return "hidden" in attributes or bool(UNSEEN.search(attributes.get("style", "")))


class _Tables:
    """What a parser of HTML tells its target: the tables of a page, in the order in which they begin."""

    def __init__(self, name: str) -> None:
        self.name, self.refusal, self.cells = name, None, 0
        self.tags: list[str] = []
        self.begun: list[_HtmlTable] = []
        self.open: list[_HtmlTable] = []

    refusal: ImportRefused | None

    @property
    def whole(self) -> list[_HtmlTable]:
        """The tables by themselves: neither there to place others nor part of a cell."""
        return [table for table in self.begun if not table.is_layout and not table.is_part]

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        try:
            self._start(tag, attributes)
        except ImportRefused as error:
            self.refusal = self.refusal or error  # the parser would lose it; `_html` looks after each part
        self.tags.append(tag)

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "table":
            outer = self.open[-1] if self.open else None
            table = _HtmlTable(outer, _is_hidden(attributes) or bool(outer and (outer.hidden or outer.unseen)))
            self.begun.append(table)
            self.open.append(table)
            if len(self.begun) > LIMITS.rows:
                check_shape(len(self.begun), 1, self.name, LIMITS)
        elif self.open and self.refusal is None:
            table = self.open[-1]
            if tag in ("thead", "tbody", "tfoot"):
                table.group_hidden = _is_hidden(attributes)
            elif tag == "tr":
                table.rows.append([])
                table.column = 0
                if table.group_hidden or _is_hidden(attributes):
                    table.hidden_rows.append(len(table.rows))
                check_shape(len(table.rows), table.width, self.name, LIMITS)
            elif tag in ("td", "th") and self.tags[-1:] == ["tr"] and table.rows:
                table.left_out = _is_hidden(attributes)
                if not table.left_out:
                    self._cell(table, attributes)
                table.text, table.unseen, table.raised = [], int(table.left_out), 0
            elif table.text is not None:
                self._within(table, tag, attributes)

    def _cell(self, table: _HtmlTable, attributes: Mapping[str, str]) -> None:
        r = len(table.rows) - 1
        while (r, table.column) in table.taken:
            table.column += 1
        c, down, across = table.column, _span(attributes.get("rowspan")), _span(attributes.get("colspan"))
        if down * across > 1:
            table.merged.append((r, c, r + down - 1, c + across - 1))
            check_shape(len(table.taken) + down * across, 1, self.name, LIMITS)  # spans of a thousand by a thousand fill memory
            table.taken.update((r + i, c + j) for i in range(down) for j in range(across))
        table.width = max(table.width, c + 1)
        check_shape(len(table.rows), table.width, self.name, LIMITS)
        row = table.rows[r]
        self.cells += c + 1 - len(row)
        check_total(self.cells, self.name, LIMITS)
        row.extend([None] * (c + 1 - len(row)))
        table.column, table.cells = c + across, table.cells + 1

    def _within(self, table: _HtmlTable, tag: str, attributes: Mapping[str, str]) -> None:
        """An element in a cell: one that begins a line keeps what is before and after apart."""
        if tag in LINES and table.text is not None:
            table.text.append("\n")
        table.unseen += bool(table.unseen) or _is_hidden(attributes)
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
        if tag == "table":
            self._end_table(self.open.pop())
        elif tag in ("td", "th") and table.text is not None and self.tags[-1:] == ["tr"]:
            lines = (" ".join(line.split()) for line in "".join(table.text).split("\n"))
            if not table.left_out:
                table.rows[-1][-1] = "\n".join(filter(None, lines))
            table.text = None
        elif table.text is not None:
            if tag in LINES:
                table.text.append("\n")
            table.unseen, table.raised = max(table.unseen - 1, 0), max(table.raised - 1, 0)

    def _end_table(self, table: _HtmlTable) -> None:
        if table.outer:
            table.outer.largest = max(table.outer.largest, table.largest, table.cells)
            if table.outer.text is not None and not table.hidden:
                table.outer.text.append(f"\n{table.within()}\n")

    def close(self) -> None:
        """The page ends."""


def _span(text: str | None) -> int:
    return min(int(text), LIMITS.columns) if text and text.isdigit() and int(text) > 0 else 1


# ---- databases
def read_source(path: str | Path, query: str | None, whole: bool = False, headless: bool = False) -> tuple[list[Sheet], str]:
    """The sheets of a file, or with `query` of a database, and the name to call it by (never with a password or a national ID).

    Of a long one there is the beginning and a `stream`, unless it is wanted whole. `headless`: its first rows are data.

    Raises:
        UsageError: a database address without a query. ImportRefused: what `read_file` and `databases.ask` refuse.
    """
    if query:
        return [_answered(databases.ask(str(path), query, whole))], f"{databases.safe_url(str(path))}: {masked(query)}"
    if re.match(r"[a-z][a-z0-9_+]*://", str(path)):
        raise UsageError(N_("To read a database, give a table name or one SELECT with --query"))
    return [replace(s, headless=headless) for s in read_file(path, whole)], masked(Path(path).name)


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
