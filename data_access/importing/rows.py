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
    r"^(รวม|ยอดรวม|ผลรวม|ทั้งประเทศ|ทั่วประเทศ|ทั่วราชอาณาจักร|(?:grand\s*)?total\b|sum\b|"
    r"(?:nationwide|national|whole\s*kingdom|country)(?=(?:\s+(?:total|sum))?\s*[.:]?$))",
    re.I,
)
GRAND = re.compile(
    r"^(รวม|รวมทั้งสิ้น.*|รวมทั้งหมด.*|ยอดรวม.*|ผลรวม|รวมทั้งประเทศ.*|รวมทั่วประเทศ.*|รวมทุกจังหวัด.*|รวมทั่วราชอาณาจักร.*|รวมยอด|ทั้งประเทศ|ทั่วประเทศ|ทั่วราชอาณาจักร|total|grandtotal.*|sum|"
    r"(nationwide|national|wholekingdom|country)(total|sum)?)[.:]?$",
    re.I,
)
MEAN = re.compile(
    r"^((ค่า)?(เฉลี่ย|มัธยฐาน|ต่ำสุด|สูงสุด)|(ส่วน|ค่า)เบี่ยงเบน|ร้อยละ(?=$|[\s(:ข])|คิดเป็นร้อยละ|อัตราส่วน(?=$|[\s(:])|average\b|"
    r"(mean|median|minimum|maximum|min|max|s\.?\s?d\.?|percent|percentage|share|%)\s*[.:]?$)",
    re.I,
)
"""A row that says something about the others and is neither one of them nor their sum."""
_OF_WHAT = re.compile(
    r"[\s\d๐-๙(:.\-–/]*(ทั้ง|ทั่ว|ยอด|จังหวัด|ภาค(?!ี)|เขต|อำเภอ|ตำบล|กลุ่ม|สังกัด|ระดับ|ประเภท|เพศ|ชาย(?!แดน|ทะเล|หาด)|หญิง|จำนวน|ปี(?!ติ)|ของ|แผน|งบ|"
    r"หมวด|ราย|ย่อย|ศูนย์|โรงเรียน|เทศบาล|อบต|อบจ|สพป|สพม|สพฐ|รัฐ(?=$|\W|บาล|วิสาหกิจ)|เอกชน|เงิน|นักเรียน|เด็ก|คน|ครู|ผู้|ประชากร|ประถม|มัธยม|อนุบาล|"
    r"ทุก|หน้า|หน่วย|ส่วน|สำนัก|กรม|กระทรวง|สุทธิ|(?:all|of|for|in|the|male|female|boys|girls|province|region|north|south|central|"
    r"east|west|district|area|group|level|public|private|amount|number)\b)|[\d๐-๙(:.\-–/]|\s+[ก-๙]",
    re.I,
)
"""What follows "total" where it is one; a name of a place may begin with the same letters (รวมไทยพัฒนา)."""
EDGES = ("section", "subtotal", "total", "total_unlabelled", "repeated_header")
_UNSURE = "unsure"
FOOTNOTE = re.compile(r"^(\*|หมายเหตุ|ที่มา|แหล่งที่มา|แหล่งข้อมูล|ข้อมูล ?ณ|อ้างอิง|note|source|remark|¹|\d\)|ข้อ\s?[\d๐-๙])", re.I)
SIGNATURE = re.compile(
    r"(ลงชื่อ|ลงนาม|ผู้รายงาน|ผู้รับรอง|ผู้จัดทำ|ผู้ตรวจ|ตำแหน่ง|ผู้อำนวยการ|\(\s*\.{3,}|\.{8,}|_{6,}|signature|signed|prepared by)", re.I
)

LEFT_OUT = "left_out"


@dataclass
class Row:
    """A data row: its 1-based number in the file and its cells."""

    number: int
    cells: list[Any]


@dataclass
class Excluded:
    """A row that is not loaded, why, and what it begins with (already shortened; totals and notes only); `why`: what somebody gave as reason."""

    row: int
    reason: str
    text: str = ""
    why: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"row": self.row, "reason": self.reason, "text": self.text, **({"why": self.why} if self.why else {})}


@dataclass
class Table:
    """A sheet taken apart: data rows, excluded rows, and the totals that the sheet itself states.

    `by_sum`: numbers of the subtotals that are known as such by their numbers alone; their words may be a name.
    """

    sheet: Sheet
    header: Header
    rows: list[Row]
    excluded: list[Excluded]
    totals: list[Row] = field(default_factory=list)
    subtotals: list[Row] = field(default_factory=list)
    filled_cells: dict[str, int] = field(default_factory=dict)
    by_sum: list[int] = field(default_factory=list)

    @property
    def columns(self) -> list[Column]:
        """The columns with a heading or data."""
        return [c for c in self.header.columns if c.heading or any(row.cells[c.index] is not None for row in self.rows)]

    def cells(self, index: int) -> list[Any]:
        """The cells of one column over the data rows."""
        return [row.cells[index] for row in self.rows]


SECTION_HEADING = "จังหวัด"
"""The heading of the column that rows of sections become."""


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
        if reason is None and _total(_words(row)) == _UNSURE and _adds_up(table, i + 1, row):
            reason = "subtotal"
            table.by_sum.append(i + 1)
        if reason is None:
            table.rows.append(Row(i + 1, list(row)))
            continue
        table.excluded.append(Excluded(i + 1, reason, _start(row) if reason != "signature" else ""))
        if reason in ("total", "total_unlabelled"):
            table.totals.append(Row(i + 1, list(row)))
        elif reason == "subtotal":
            table.subtotals.append(Row(i + 1, list(row)))
    _drop_part_subtotals(table)
    _places_of_sections(table)
    return table


def _places_of_sections(table: Table) -> None:
    """Rows that hold nothing but the name of a province stand over its rows: the name becomes a column of them."""
    alone = [
        row
        for row in table.rows
        if len(here := filled(row.cells)) == 1 and isinstance(here[0], str) and geo.names_province(here[0])
    ]
    numbers = {row.number for row in alone}
    others = [row for row in table.rows if row.number not in numbers]
    named = any(isinstance(c, str) and geo.names_province(c) for row in others for c in row.cells)
    if len(alone) < 2 or len(others) < len(alone) or named or table.rows[0] is not alone[0]:
        return
    index, carried = len(table.header.columns), None
    table.header.columns.append(Column(index, SECTION_HEADING, (SECTION_HEADING,), SECTION_HEADING))
    for row in table.rows:
        carried = filled(row.cells)[0] if row.number in numbers else carried
        row.cells.append(carried)
    for row in (*table.totals, *table.subtotals):
        row.cells.append(None)
    table.rows = others
    table.excluded += [Excluded(row.number, "section", str(row.cells[index])) for row in alone]


def _adds_up(table: Table, number: int, cells: list[Any]) -> bool:
    """Whether a number of a row is the sum of the rows above it, down from the top or from what stands between."""
    stops = [table.header.last + 1, *(e.row for e in table.excluded if e.reason in EDGES)]
    for index, cell in enumerate(cells):
        if not values.is_number(cell) or not values.number(cell):
            continue
        column = [(row.number, values.number(c)) for row in table.rows if values.is_number(c := row.cells[index])]
        if [v for _, v in column] == list(range(1, len(column) + 1)):
            continue  # numbers of rows
        blocks = ([v or 0 for n, v in column if stop < n < number] for stop in stops)
        if any(len(block) > 1 and abs(sum(block) - (values.number(cell) or 0)) < 0.01 for block in blocks):
            return True
    return False


def sorter(table: Table) -> Callable[[list[Any], bool], str | None]:
    """Tells why a row of cells is no data (None when it is), given whether it comes after the last row of data."""
    headings = {squash(c.own) for c in table.header.columns if c.own}
    worded = _mostly_worded(table.sheet, table.header)
    return lambda cells, after: _reason(cells, after, headings, worded)


def _head_rows(sheet: Sheet, header: Header) -> list[Excluded]:
    titles = [
        Excluded(i + 1, "title" if filled(sheet.cells[i]) else "blank", _start(sheet.cells[i])) for i in range(header.first)
    ]
    return titles + [Excluded(i + 1, "header", "") for i in range(header.first, header.last + 1) if i >= 0]


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
    texts = _words(row)
    numbers = [c for c in here if values.is_number(c)]
    if len(here) >= 2 and sum(squash(c) in headings for c in here) >= max(2, 0.6 * len(here)):
        return "repeated_header"
    if texts and MEAN.match(texts[0]):
        return "mean"
    if (total := _total(texts)) in ("total", "subtotal"):
        return total
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


def _words(row: list[Any]) -> list[str]:
    return [str(c).strip() for c in row if isinstance(c, str) and not values.is_number(c) and not values.is_missing(c)]


def _total(texts: list[str]) -> str | None:
    """Whether the words of a row say a total or a subtotal; `_UNSURE` where only its numbers can tell it from a name."""
    begins = TOTAL.match(texts[0]) if texts else None
    if not begins or geo.names_province(texts[0]):
        return None
    if GRAND.match(squash(texts[0])):
        return "total"
    if any(match(texts[0]).how in ("name", "ambiguous") for match in (geo.match_district, geo.match_subdistrict)):
        return None
    after = texts[0][begins.end() :]
    if _OF_WHAT.match(after) or geo.names_province(after) or squash(after) in map(squash, texts[1:]):
        return "subtotal"
    if any(map(geo.names_province, texts[1:])):
        return None
    return "subtotal" if geo.match_district(after).how == "name" else _UNSURE


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
