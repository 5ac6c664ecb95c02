"""Finds the header block of a sheet under its title rows and joins merged or multi-row headings into one per column."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from openpyxl.utils import get_column_letter

import geo
from data_access.importing import values
from data_access.importing.limits import LIMITS
from data_access.importing.reading import Sheet
from data_access.importing.values import squash

SECTION = re.compile(
    r"^(ส่วนกลาง|ส่วนภูมิภาค|ภาค|เขต|กลุ่มจังหวัด|เขตตรวจราชการ|region|zone|northern|southern|central|north|south|east|west)", re.I
)
_UNITS = {
    "ล้านบาท": 1e6,
    "พันบาท": 1e3,
    "หมื่นบาท": 1e4,
    "แสนบาท": 1e5,
    "พันล้านบาท": 1e9,
    "millionbaht": 1e6,
    "thousandbaht": 1e3,
    "พันคน": 1e3,
    "ล้านคน": 1e6,
    "ร้อยละ": 0.01,
    "percent": 0.01,
    "%": 0.01,
}
_SUB_WORDS = {squash(w) for code in ("male", "female", "unspecified", "all") for w in values.CODE_WORDS[code]} | {
    "จำนวน",
    "จำนวนเงิน",
    "ร้อยละ",
    "คน",
    "บาท",
    "เงิน",
    "รวม",
    "จำนวน(คน)",
    "จำนวน(บาท)",
}


_YEAR_ALONE = re.compile(r"(ปีงบประมาณ|ปีการศึกษา|ปี|fy|ay|year)?(พ\.?ศ\.?|ค\.?ศ\.?)?(2[456]|19|20)\d\d")
YEARS_APART = 60  # between the first and the last year of a heading; numbers further apart only look like years
COUNTS = re.compile(r"\((คน|แห่ง|ราย|หลังคาเรือน|ครัวเรือน|persons|people|places)\)")
MONEY = re.compile(r"บาท|baht|thb|จำนวนเงิน|วงเงิน|งบประมาณ")


@dataclass
class Column:
    """A column of a sheet: its joined heading, the lowest part of it, and the unit that multiplies its numbers.

    `titled`: the units that titles over the table state, where the heading has none. `mixed`: some cells are displayed by another scale than the heading's unit needs.
    """

    index: int
    heading: str
    parts: tuple[str, ...] = ()
    own: str = ""
    factor: float = 1.0
    unit: str = ""
    titled: tuple[tuple[float, str], ...] = ()
    mixed: bool = False

    @property
    def is_money(self) -> bool:
        """Whether the heading says that the numbers are of money."""
        return bool(MONEY.search(squash(self.heading)))

    @property
    def is_count(self) -> bool:
        """Whether the heading says that the numbers are counted: (คน), (แห่ง), (ราย)."""
        return bool(COUNTS.search(squash(self.heading)))

    @property
    def letter(self) -> str:
        """The spreadsheet letter."""
        return get_column_letter(self.index + 1)


@dataclass
class Header:
    """The header block: rows are 0-based and inclusive."""

    first: int
    last: int
    columns: list[Column] = field(default_factory=list)
    titles: list[tuple[int, str]] = field(default_factory=list)


def find_header(sheet: Sheet) -> Header | None:
    """The header block of a sheet, or None when no row looks like headings; one without rows where somebody said that there is none."""
    cells = sheet.cells
    if sheet.headless:
        letters = [get_column_letter(i + 1) for i in range(len(cells[0]) if cells else 0)]
        return Header(-1, -1, [Column(i, letter, (letter,), letter) for i, letter in enumerate(letters)])
    width = _table_width(cells)
    top = enumerate(cells[: LIMITS.title_rows])
    first = next((i for i, row in top if is_record(row) or _starts_header(cells, i, row, width)), None)
    if first is None or is_record(cells[first]) or any(_is_full(row, width) for row in cells[:first]):
        return None  # data without a heading: its first rows are neither headings nor titles
    last = _last_header_row(cells, first, width)
    titles = [
        (i, " ".join(str(c) for c in cells[i] if c is not None)) for i in range(first) if any(c is not None for c in cells[i])
    ]
    header = Header(first, last, _columns(sheet, first, last), titles)
    _apply_title_unit(header)
    for column in header.columns:
        _apply_display(sheet, column, last)
    return header


def begins_with_data(sheet: Sheet) -> bool:
    """Whether a sheet has no headings: the first of its rows that may be one names a province and has a number."""
    first = next((row for row in sheet.cells[: LIMITS.title_rows] if len(filled(row)) >= 2), None)
    return first is not None and is_record(first)


def filled(row: list[Any]) -> list[Any]:
    """The cells of a row that are not blank."""
    return [cell for cell in row if cell is not None]


def _table_width(cells: list[list[Any]]) -> int:
    counts: Counter[int] = Counter()
    for row in cells[:5000]:
        counts.update(i for i, cell in enumerate(row) if cell is not None)
    return sum(n >= 2 for n in counts.values()) or len(counts)


def _starts_header(cells: list[list[Any]], i: int, row: list[Any], width: int) -> bool:
    here = filled(row)
    if len(here) < 2:
        return width == 1 and len(here) == 1
    if len(here) == 2 and width >= 5 and i + 1 < len(cells) and not filled(cells[i + 1]):
        return False  # a title in two cells above a gap
    if len(here) == 2 and width >= 4 and isinstance(here[0], str) and row[0] is not None and values.is_year(here[1]):
        return False  # a title with its year in a cell of its own
    numbers = sum(values.is_number(c) and not values.is_year(c) for c in here)
    return numbers <= len(here) / 2


def is_record(row: list[Any]) -> bool:
    """Whether a row names a province and has a number beside it: never a heading or a title, whatever its numbers look like."""
    here = filled(row)
    return any(values.is_number(c) for c in here) and any(isinstance(c, str) and geo.names_province(c) for c in here)


def _is_full(row: list[Any], width: int) -> bool:
    """Whether a row above the headings fills nearly all columns and has numbers: data, where the places are codes for example."""
    here = filled(row)
    return len(here) >= max(2, 0.8 * width) and sum(values.is_number(c) and not values.is_year(c) for c in here) >= 2


def _data_like(row: list[Any]) -> bool:
    """Whether a row holds values rather than headings: any number that is not part of a row of years in order."""
    here = [c for c in row if c is not None]
    numbers = [c for c in here if values.is_number(c)]
    if len(numbers) >= 2 and all(values.is_year(c) for c in numbers) and not is_record(row):
        years = _once([values.buddhist_year(c) for c in numbers])
        steps = {(b > a) - (b < a) for a, b in pairwise(years)}
        if len(steps) == 1 and 0 not in steps and max(years) - min(years) <= YEARS_APART:
            return False
    return bool(numbers) or any(
        _parses(values.date, c) or _parses(values.semester, c) for c in here if isinstance(c, str) and any(d.isdigit() for d in c)
    )


def _once(years: list[int]) -> list[int]:
    """The years of a row that repeats them under each of several measures."""
    n = len(set(years))
    return years[:n] if years == years[:n] * (len(years) // n) else years


def _parses(reader: Any, cell: Any) -> bool:
    try:
        return reader(cell) is not None
    except values.BadValue:
        return False


def _last_header_row(cells: list[list[Any]], first: int, width: int) -> int:
    limit = min(first + LIMITS.header_rows, len(cells) - 1)
    if len(filled(cells[first])) >= 0.9 * width:
        last = first
        while last < limit and filled(cells[last + 1]) and all(_is_unit_cell(c) for c in filled(cells[last + 1])):
            last += 1
        return last
    data = next((i for i in range(first + 1, limit + 2) if i < len(cells) and _data_like(cells[i])), None)
    if data is None:
        return first
    last = data - 1
    while last > first and (not filled(cells[last]) or _is_section(cells[last])):
        last -= 1
    return last


def _is_unit_cell(cell: Any) -> bool:
    return isinstance(cell, str) and bool(re.fullmatch(r"\(.{1,20}\)|คน|บาท|ล้านบาท|พันบาท|แห่ง|ร้อยละ|%|หน่วย.*", cell.strip()))


def _is_section(row: list[Any]) -> bool:
    here = filled(row)
    return len(here) == 1 and bool(SECTION.match(str(here[0]).strip()))


# ---- joining
def _columns(sheet: Sheet, first: int, last: int) -> list[Column]:
    grid = [list(sheet.cells[r]) for r in range(first, last + 1)]
    own = [_own(grid, c) for c in range(len(grid[0]))]
    _fill_merged(grid, sheet, first, last)
    if not any(first <= r0 <= last and c1 > c0 for r0, c0, _, c1 in sheet.merged):
        _fill_without_merges(grid, own)
    return [_column(c, [row[c] for row in grid], own[c]) for c in range(len(grid[0]))]


def _own(grid: list[list[Any]], c: int) -> str:
    return " ".join(_clean(row[c]) for row in grid if row[c] is not None)


def _fill_merged(grid: list[list[Any]], sheet: Sheet, first: int, last: int) -> None:
    for r0, c0, r1, c1 in sheet.merged:
        if r0 < first or r0 > last:
            continue
        value = grid[r0 - first][c0]
        for r in range(r0, min(r1, last) + 1):
            for c in range(c0, min(c1, len(grid[0]) - 1) + 1):
                grid[r - first][c] = value


def _fill_without_merges(grid: list[list[Any]], own: list[str]) -> None:
    """Without merged ranges (CSV, some XLS) a heading spreads right over sub-headings: ชาย, หญิง, รวม, years; a year over what repeats."""
    repeated = Counter(own)
    for row in grid[:-1]:
        for c in range(1, len(row)):
            if row[c] is not None or row[c - 1] is None or not own[c]:
                continue
            of_year = repeated[own[c]] > 1 and _YEAR_ALONE.fullmatch(squash(_clean(row[c - 1])))
            if squash(own[c]) in _SUB_WORDS or values.is_year(own[c]) or of_year:
                row[c] = row[c - 1]


def _clean(cell: Any) -> str:
    return values.text(cell) or ""


def _column(index: int, stack: list[Any], own: str) -> Column:
    parts = tuple(dict.fromkeys(_clean(cell) for cell in stack if cell is not None))
    heading = " ".join(parts)
    factor, unit = unit_of(heading)
    return Column(index, heading, parts, own, factor, unit)


def unit_of(heading: str) -> tuple[float, str]:
    """The unit that a heading names in brackets, after หน่วย or at its end: (factor, word); (1, "") without one."""
    plain = squash(heading)
    for word in sorted(_UNITS, key=len, reverse=True):
        if re.search(rf"\({re.escape(word)}\)|หน่วย:?{re.escape(word)}|{re.escape(word)}$", plain) or (
            _UNITS[word] < 1 and plain.startswith(word)
        ):
            return _UNITS[word], word
    return 1.0, ""


def _apply_title_unit(header: Header) -> None:
    """`หน่วย : ล้านบาท` in a title row holds for every column that names no unit of its own; of several the first, unless it does not fit."""
    units = [unit_of(title) for _, title in header.titles if "หน่วย" in title or "unit" in title.lower()]
    units = [(factor, unit) for factor, unit in units if unit]
    for column in header.columns:
        if units and not column.unit and not column.is_count:
            (column.factor, column.unit), column.titled = units[0], tuple(units)


def _apply_display(sheet: Sheet, column: Column, last: int) -> None:
    """Numbers that a cell's format displays in the unit of the heading are stored in full: they are not multiplied once more."""
    scales = [scale for scale, row in sheet.marks.scales.get(column.index, {}).items() if row > last]
    if column.factor == 1 or scales in ([], [1.0]):
        return
    if len(scales) == 1 and abs(scales[0] * column.factor - 1) < 1e-9:
        column.factor, column.unit, column.titled = 1.0, "", ()
    else:
        column.mixed = True
