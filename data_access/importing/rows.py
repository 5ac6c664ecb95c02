"""Sorts every row of a sheet: data, or excluded with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import geo
from data_access.importing import values
from data_access.importing.headers import SECTION, Column, Header, filled, find_header
from data_access.importing.problems import mask
from data_access.importing.reading import Sheet
from data_access.importing.values import squash

TOTAL = re.compile(
    r"^(รวม|ยอดรวม|ผลรวม|ทั้งประเทศ|ทั่วประเทศ|ทั่วราชอาณาจักร|total|grand\s*total|sum|nationwide|national|whole\s*kingdom|country)",
    re.I,
)
GRAND = re.compile(
    r"^(รวม|รวมทั้งสิ้น.*|รวมทั้งหมด.*|ยอดรวม.*|ผลรวม|รวมทั้งประเทศ.*|รวมยอด|ทั้งประเทศ|ทั่วประเทศ|ทั่วราชอาณาจักร|total|grandtotal.*|sum|"
    r"nationwide|national|wholekingdom|country)[.:]?$",
    re.I,
)
_OF_WHAT = re.compile(
    r"[\s\d๐-๙(:.\-–/]|ทั้ง|ทั่ว|ยอด|จังหวัด|ภาค|เขต|อำเภอ|ตำบล|กลุ่ม|สังกัด|ระดับ|ประเภท|เพศ|ชาย|หญิง|จำนวน|ปี|ของ|แผน|งบ|หมวด|ราย|ย่อย|ศูนย์|โรงเรียน|"
    r"เทศบาล|อบต|อบจ|สพป|สพม|รัฐ|เอกชน"
)
"""What follows "total" where it is one; a name of a place may begin with the same letters (รวมไทยพัฒนา)."""
FOOTNOTE = re.compile(r"^(\*|หมายเหตุ|ที่มา|แหล่งที่มา|แหล่งข้อมูล|ข้อมูล ?ณ|อ้างอิง|note|source|remark|¹|\d\)|ข้อ\s?[\d๐-๙])", re.I)
SIGNATURE = re.compile(
    r"(ลงชื่อ|ลงนาม|ผู้รายงาน|ผู้รับรอง|ผู้จัดทำ|ผู้ตรวจ|ตำแหน่ง|ผู้อำนวยการ|\(\s*\.{3,}|\.{8,}|_{6,}|signature|signed|prepared by)", re.I
)


@dataclass
class Row:
    """A data row: its 1-based number in the file and its cells."""

    number: int
    cells: list[Any]


@dataclass
class Excluded:
    """A row that is not loaded, why, and what it begins with (already shortened; totals and notes only)."""

    row: int
    reason: str
    text: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"row": self.row, "reason": self.reason, "text": self.text}


@dataclass
class Table:
    """A sheet taken apart: data rows, excluded rows, and the totals that the sheet itself states."""

    sheet: Sheet
    header: Header
    rows: list[Row]
    excluded: list[Excluded]
    totals: list[Row] = field(default_factory=list)
    subtotals: list[Row] = field(default_factory=list)
    filled_cells: dict[str, int] = field(default_factory=dict)

    @property
    def columns(self) -> list[Column]:
        """The columns with a heading or data."""
        return [c for c in self.header.columns if c.heading or any(row.cells[c.index] is not None for row in self.rows)]

    def cells(self, index: int) -> list[Any]:
        """The cells of one column over the data rows."""
        return [row.cells[index] for row in self.rows]


def take_apart(sheet: Sheet) -> Table | None:
    """The table of a sheet, or None when it holds none (every row is then reported by the caller)."""
    header = find_header(sheet)
    if header is None:
        return None
    table = Table(sheet, header, [], _head_rows(sheet, header))
    last = _last_data_row(sheet, header)
    reason_of = sorter(table)
    for i in range(header.last + 1, len(sheet.cells)):
        row = sheet.cells[i]
        reason = reason_of(row, i > last)
        if reason is None:
            table.rows.append(Row(i + 1, list(row)))
            continue
        table.excluded.append(Excluded(i + 1, reason, _start(row) if reason != "signature" else ""))
        if reason in ("total", "total_unlabelled"):
            table.totals.append(Row(i + 1, list(row)))
        elif reason == "subtotal":
            table.subtotals.append(Row(i + 1, list(row)))
    _drop_part_subtotals(table)
    return table


def sorter(table: Table) -> Callable[[list[Any], bool], str | None]:
    """Tells why a row of cells is no data (None when it is), given whether it comes after the last row of data."""
    headings = {squash(c.own) for c in table.header.columns if c.own}
    worded = _mostly_worded(table.sheet, table.header)
    return lambda cells, after: _reason(cells, after, headings, worded)


def _head_rows(sheet: Sheet, header: Header) -> list[Excluded]:
    titles = [
        Excluded(i + 1, "title" if filled(sheet.cells[i]) else "blank", _start(sheet.cells[i])) for i in range(header.first)
    ]
    return titles + [Excluded(i + 1, "header", "") for i in range(header.first, header.last + 1)]


def _start(row: list[Any]) -> str:
    text = " ".join(str(cell) for cell in row if isinstance(cell, str) and not values.is_number(cell))
    return mask(" ".join(text.split())[:80])


def _last_data_row(sheet: Sheet, header: Header) -> int:
    """The last row that is as full as a data row (numbers, or at least half of the usual cells)."""
    body = range(header.last + 1, len(sheet.cells))
    usual = sorted(len(filled(sheet.cells[i])) for i in body if filled(sheet.cells[i]))
    enough = max(2, (usual[len(usual) // 2] if usual else 2) / 2)
    for i in reversed(body):
        here = filled(sheet.cells[i])
        if len(here) >= enough and not FOOTNOTE.match(str(here[0])):
            return i
    return len(sheet.cells)


def _mostly_worded(sheet: Sheet, header: Header) -> bool:
    """Whether most rows of the body carry a word, so that a row of bare numbers must be a total."""
    body = [filled(row) for row in sheet.cells[header.last + 1 :] if filled(row)]
    return sum(any(isinstance(c, str) and not values.is_number(c) for c in row) for row in body) > len(body) / 2


def _reason(row: list[Any], after: bool, headings: set[str], worded: bool) -> str | None:
    here = filled(row)
    if not here:
        return "blank"
    texts = [str(c).strip() for c in here if isinstance(c, str) and not values.is_number(c) and not values.is_missing(c)]
    numbers = [c for c in here if values.is_number(c)]
    if len(here) >= 2 and sum(squash(c) in headings for c in here) >= max(2, 0.6 * len(here)):
        return "repeated_header"
    if texts and TOTAL.match(texts[0]) and not geo.names_province(texts[0]) and not _is_name(texts):
        return "total" if GRAND.match(squash(texts[0])) else "subtotal"
    if texts and FOOTNOTE.match(texts[0]) and not numbers:
        return "footnote"
    if not texts:
        return "total_unlabelled" if worded and len(numbers) >= 2 and row[0] is None else None
    return _note_reason(texts, bool(numbers), len(here), after, len(headings))


def _note_reason(texts: list[str], numbers: bool, count: int, after: bool, width: int) -> str | None:
    if count > max(1, width / 2) or numbers:
        return None
    if count <= 2 and _is_signature(texts):
        return "signature"
    if count == 1 and width >= 2 and SECTION.match(texts[0]) and not geo.names_province(texts[0]):
        return "section"
    if after and not geo.names_province(texts[0]):
        return "footnote"
    return None


def _is_signature(texts: list[str]) -> bool:
    return any(SIGNATURE.search(text) for text in texts) or bool(re.fullmatch(r"\(\s*\S+.*\)", texts[0]))


def _is_name(texts: list[str]) -> bool:
    """Whether a text that begins as a total does is a name: of a known place, or of one in the place that stands beside it."""
    begins = TOTAL.match(texts[0])
    if not begins or GRAND.match(squash(texts[0])):
        return False
    if any((m := match(texts[0])).how == "name" and m.code for match in (geo.match_district, geo.match_subdistrict)):
        return True
    after = texts[0][begins.end() :]
    return bool(after) and not _OF_WHAT.match(after) and not geo.names_province(after) and any(map(geo.names_province, texts[1:]))


def _drop_part_subtotals(table: Table) -> None:
    """A second row of unlabelled numbers right under a total is a repeat of it, never another total."""
    seen = False
    for total in list(table.totals):
        unlabelled = next(e for e in table.excluded if e.row == total.number).reason == "total_unlabelled"
        if unlabelled and seen:
            table.totals.remove(total)
        seen = True


def fill_down(table: Table, indexes: list[int]) -> None:
    """Fill "same as above" cells (blank, a dash or a ditto mark) of place columns, from the widest place to the narrowest.

    A narrower place is only filled while the wider ones stay the same. Counts by letter go to `filled_cells`.
    """
    for depth, index in enumerate(indexes):
        carried: Any = None
        wider: tuple[Any, ...] | None = None
        for row in table.rows:
            here = tuple(row.cells[i] for i in indexes[:depth])
            if here != wider:
                carried, wider = None, here
            cell = row.cells[index]
            if not values.is_missing(cell) and not values.is_ditto(cell):
                carried = cell
            elif carried is not None:
                _fill(table, row, index, carried)


def fill_dittos(table: Table, indexes: list[int]) -> None:
    """Fill the cells that a ditto mark says are the same as above; blank cells stay blank."""
    for index in indexes:
        carried: Any = None
        for row in table.rows:
            if values.is_ditto(row.cells[index]) and carried is not None:
                _fill(table, row, index, carried)
            carried = row.cells[index]


def _fill(table: Table, row: Row, index: int, value: Any) -> None:
    row.cells[index] = value
    letter = table.header.columns[index].letter
    table.filled_cells[letter] = table.filled_cells.get(letter, 0) + 1
