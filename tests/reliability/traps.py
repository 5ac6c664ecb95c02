"""Right tables that somebody has spoilt: each must still give its right numbers, be asked about, or be refused; never another number.

`TABLES` are right tables of several layouts and kinds with their known answers, `TRAPS` what makes such tables go wrong. A case is a
table in one form (CSV, XLSX, a web page saved as XLS) with one trap or two; `judge` loads it and says how it ended.
"""

from __future__ import annotations

import csv
import html
import io
import itertools
import math
import random
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import openpyxl
import pandas as pd
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from data_access.contract.errors import SamoephakError
from data_access.importing.loading import load
from data_access.importing.records import Builder, Built
from data_access.importing.report import LoadReport
from data_access.importing.values import squash

FORMS = ("csv", "xlsx", "html")
ASKED = {
    *("place_guess", "place_unknown", "ambiguous_column", "missing_column", "duplicate_key", "nothing_selected"),
    *(
        "stated_total",
        "subtotal",
        "row_total",
        "group_total",
        "total_by_sum",
        "rows_alike",
        "hidden_rows",
        "formula_lost",
        "name_missing",
    ),
}
"""Codes that put a question, as far as the table without its traps does not raise them."""
Key = tuple[str, ...]
Truth = dict[Key, float | None]
"""Answer by place, period and what else tells numbers apart; None where no number at all would be right."""


@dataclass
class Cell:
    """A cell: its value, how a spreadsheet displays it, a footnote mark, and how a page writes it."""

    value: Any
    format: str = ""
    raised: str = ""
    markup: str = ""  # with {} where the value stands
    raw: bool = False  # in a CSV without quotation marks of its own


class Line(list[Cell]):
    """A row; `hidden` by a filter."""

    hidden = False


@dataclass
class Sheet:
    """A table as somebody sends it. `numbers`: the cells that are loaded, and what each is the answer of."""

    kind: str
    constants: dict[str, str]
    places: tuple[int, ...]
    titles: list[Line]
    heads: list[Line]
    rows: list[Line]
    tail: list[Line] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    numbers: list[tuple[Cell, int, Key]] = field(default_factory=list)
    truth: Truth = field(default_factory=dict)
    money: bool = False
    totalled: bool = False
    form: str = "csv"
    encoding: str = "utf-8"
    aligned: bool = False
    layout: bool = False
    headless: bool = False
    units: set[int] = field(default_factory=set)

    @property
    def lines(self) -> list[Line]:
        """All rows from top to bottom."""
        return [*self.titles, *self.heads, *self.rows, *self.tail]

    @property
    def width(self) -> int:
        """How many columns the table has."""
        return max(map(len, self.heads))

    def columns(self) -> list[int]:
        """The columns of numbers that are loaded."""
        return sorted({index for _, index, _ in self.numbers})

    def lost(self, cell: Cell) -> None:
        """From here on no number is right for this cell, but that of a total beside it."""
        for other, _, key in self.numbers:
            if other is cell and not self.totalled:
                self.truth[key] = None


# ---- right tables
PLACES = {"เลย": "42", "ตาก": "63", "น่าน": "55", "แพร่": "54", "แม่ฮ่องสอน": "58", "ลำปาง": "52", "พะเยา": "56"}
CENTRES = (
    *(
        ("ตาก", "พบพระ", "ช่องแคบ", "ศพด.บ้านน้ำใส"),
        ("ตาก", "พบพระ", "รวมไทยพัฒนา", "ศพด.แม่กลองใหม่"),
        ("ตาก", "แม่สอด", "แม่ปะ", "ศพด.โพธิ์ชัย"),
    ),
    *(
        ("เลย", "ด่านซ้าย", "ด่านซ้าย", "ศพด.รวมใจ"),
        ("เลย", "ด่านซ้าย", "นาหอ", "รวมมิตรพัฒนา"),
        ("เลย", "เชียงคาน", "เขาแก้ว", "ศพด.เขาแก้ว"),
    ),
)
PEOPLE, MONEY, CENTRE, READY = "reported:population.registered", "reported:pao.budget", "centre_semester", "readiness_result"
Numbers = Callable[[], int]


def line(*values: Any) -> Line:
    """A row of plain cells."""
    return Line(Cell(v) for v in values)


class _Maker:
    """Fills a sheet row by row and notes which cell is the answer of what."""

    def __init__(self, kind: str, heads: list[list[Any]], titles: tuple[str, ...] = (), **about: Any) -> None:
        constants = about.pop("constants", {})
        self.sheet = Sheet(
            kind, constants, about.pop("places", (0,)), [line(t) for t in titles], [line(*h) for h in heads], [], **about
        )

    def row(self, values: list[Any], answers: dict[int, Key]) -> None:
        """A row of data; `answers`: column -> what its number is the answer of."""
        made = line(*values)
        self.sheet.rows.append(made)
        for index, key in answers.items():
            self.sheet.numbers.append((made[index], index, key))
            self.sheet.truth[key] = (self.sheet.truth.get(key) or 0.0) + values[index]


def people_long(n: Numbers) -> Sheet:
    """A row a province."""
    made = _Maker(PEOPLE, [["จังหวัด", "ประชากร"]], constants={"period": "CY2564"})
    for place, code in PLACES.items():
        made.row([place, n()], {1: (code, "CY2564")})
    return made.sheet


def people_by_sex(n: Numbers) -> Sheet:
    """A row a province and sex, the period in the title."""
    made = _Maker(PEOPLE, [["จังหวัด", "เพศ", "จำนวนประชากร"]], ("ประชากร ปี พ.ศ. 2564",))
    for place, code in list(PLACES.items())[:4]:
        for sex in ("ชาย", "หญิง"):
            made.row([place, sex, n()], {2: (code, "CY2564")})
    return made.sheet


def people_years(n: Numbers) -> Sheet:
    """A column a year."""
    made = _Maker(PEOPLE, [["จังหวัด", 2562, 2563, 2564]], ("จำนวนประชากร จำแนกรายจังหวัด",))
    for place, code in PLACES.items():
        made.row([place, n(), n(), n()], {i: (code, f"CY{2561 + i}") for i in (1, 2, 3)})
    return made.sheet


def people_two_rows(n: Numbers) -> Sheet:
    """Two rows of headings: sexes and their total under one."""
    heads = [["ที่", "จังหวัด", "ประชากร", None, None], [None, None, "ชาย", "หญิง", "รวม"]]
    made = _Maker(PEOPLE, heads, ("ประชากรจากการทะเบียน",), constants={"period": "CY2564"}, places=(1,), totalled=True)
    made.sheet.merged = [(0, 2, 0, 4)]
    for i, (place, code) in enumerate(PLACES.items(), 1):
        men, women = n(), n()
        made.row([i, place, men, women, men + women], {2: (code, "CY2564"), 3: (code, "CY2564")})
    return made.sheet


def people_years_sexes(n: Numbers) -> Sheet:
    """Years over sexes and their total."""
    years = (2563, 2564)
    heads = [["จังหวัด", *itertools.chain(*((f"ปี {y}", None, None) for y in years))], [None, *("ชาย", "หญิง", "รวม") * 2]]
    made = _Maker(PEOPLE, heads, totalled=True)
    made.sheet.merged = [(0, 1, 0, 3), (0, 4, 0, 6)]
    for place, code in PLACES.items():
        a, b, c, d = n(), n(), n(), n()
        keys = {i: (code, f"CY{years[i // 4]}") for i in (1, 2, 4, 5)}
        made.row([place, a, b, a + b, c, d, c + d], keys)
    return made.sheet


def people_among_measures(n: Numbers) -> Sheet:
    """A column a measure; one is wanted."""
    heads = [["ลำดับที่", "จังหวัด", "ครัวเรือน", "ประชากร", "พื้นที่ (ตร.กม.)", "ความหนาแน่น (คน/ตร.กม.)", "งบประมาณ (บาท)"]]
    made = _Maker(PEOPLE, heads, ("ข้อมูลพื้นฐาน ปี 2564",), places=(1,))
    for i, (place, code) in enumerate(PLACES.items(), 1):
        people, area = n(), 3_000 + 211 * i
        made.row([i, place, people // 3, people, area, round(people / area, 1), people * 40], {3: (code, "CY2564")})
    return made.sheet


def money_long(n: Numbers) -> Sheet:
    """Money with the share of each in all."""
    made = _Maker(MONEY, [["จังหวัด", "งบประมาณ (บาท)", "ร้อยละ"]], ("งบประมาณ ประจำปีงบประมาณ 2565",), money=True)
    amounts = [n() * 1_000 for _ in PLACES]
    for (place, code), amount in zip(PLACES.items(), amounts, strict=True):
        made.row([place, amount, round(100 * amount / sum(amounts), 1)], {1: (code, "FY2565")})
    made.sheet.tail.append(line("รวม", sum(amounts), 100))
    return made.sheet


def money_by_plan(n: Numbers) -> Sheet:
    """Several rows a province, which is named in the first of them."""
    made = _Maker(MONEY, [["จังหวัด", "แผนงาน", "งบประมาณ"]], constants={"period": "FY2565"}, money=True)
    for place, code in list(PLACES.items())[:4]:
        for i, plan in enumerate(("แผนงานการศึกษา", "แผนงานเคหะและชุมชน", "แผนงานสาธารณสุข")):
            made.row([place if i == 0 else None, plan, n() * 1_000], {2: (code, "FY2565")})
    return made.sheet


def money_in_regions(n: Numbers) -> Sheet:
    """Sections by region, a subtotal under each, a total under all."""
    made = _Maker(MONEY, [["ที่", "จังหวัด", "งบประมาณ"]], constants={"period": "FY2565"}, places=(1,), money=True)
    parts = {"ภาคเหนือ": ("ตาก", "น่าน", "แพร่", "ลำปาง"), "ภาคตะวันออกเฉียงเหนือ": ("เลย", "ขอนแก่น", "หนองคาย")}
    codes = PLACES | {"ขอนแก่น": "40", "หนองคาย": "43"}
    all_of_it = 0
    for region, names in parts.items():
        made.sheet.rows.append(line(region, None, None))
        amounts = [n() * 1_000 for _ in names]
        for i, (place, amount) in enumerate(zip(names, amounts, strict=True), 1):
            made.row([i, place, amount], {2: (codes[place], "FY2565")})
        made.sheet.rows.append(line(None, f"รวม{region}", sum(amounts)))
        all_of_it += sum(amounts)
    made.sheet.tail += [line(None, "รวมทั้งสิ้น", all_of_it), line("หมายเหตุ: ข้อมูล ณ วันที่ 30 กันยายน 2565", None, None)]
    return made.sheet


def centres_long(n: Numbers) -> Sheet:
    """A row a centre."""
    heads = [["จังหวัด", "อำเภอ", "ตำบล", "ชื่อศูนย์", "เทอม", "จำนวนเด็ก"]]
    made = _Maker(CENTRE, heads, places=(0, 1, 2, 3))
    for province, district, subdistrict, name in CENTRES:
        key = (PLACES[province], squash(name), "2565-1")
        made.row([province, district, subdistrict, name, "1/2565", n() % 150 + 10], {5: key})
    return made.sheet


def centres_in_provinces(n: Numbers) -> Sheet:
    """Places as above where they repeat, a subtotal under each province."""
    heads = [["ที่", "จังหวัด", "อำเภอ", "ชื่อศูนย์", "จำนวนเด็ก (คน)"]]
    made = _Maker(CENTRE, heads, ("ข้อมูลศูนย์พัฒนาเด็กเล็ก ภาคเรียนที่ 1/2565",), places=(1, 2, 3))
    before: tuple[str, ...] = ("", "")
    for province, rows in itertools.groupby(CENTRES, lambda c: c[0]):
        children = 0
        for i, (_, district, _, name) in enumerate(rows, 1):
            found = n() % 150 + 10
            children += found
            shown = (None if province == before[0] else province, None if (province, district) == before else district)
            made.row([i, *shown, name, found], {4: (PLACES[province], squash(name), "2565-1")})
            before = (province, district)
        made.sheet.rows.append(line(None, f"รวมจังหวัด{province}", None, None, children))
    return made.sheet


def centres_by_name(n: Numbers) -> Sheet:
    """A row a centre, its name first."""
    heads = [["ชื่อศูนย์", "อำเภอ", "จังหวัด", "จำนวนเด็ก (คน)", "ค่าอาหารกลางวัน (บาท)"]]
    made = _Maker(CENTRE, heads, constants={"semester": "1/2565"}, places=(2, 1, 0))
    for province, district, _, name in CENTRES:
        children = n() % 150 + 10
        made.row([name, district, province, children, children * 4_200], {3: (PLACES[province], squash(name), "2565-1")})
    return made.sheet


def rates(n: Numbers) -> Sheet:
    """Shares and means, which are never added."""
    heads = ["ปีการศึกษา", "รหัสจังหวัด", "ด้านย่อย", "ชนิดกลุ่ม", "กลุ่ม", "จำนวนเด็ก", "คะแนนเฉลี่ย", "สัดส่วนต่ำกว่าเกณฑ์", "น้ำหนักประชากร"]
    made = _Maker(READY, [heads], places=(1,))
    for code in list(PLACES.values())[:4]:
        for domain in ("working_memory", "listening"):
            share, mean = n() % 900 / 1_000 + 0.012, n() % 100 + 0.5
            keys = {6: (code, domain, "mean"), 7: (code, domain, "below_cut")}
            made.row([2565, code, domain, "all", "all", n() % 300 + 50, mean, share, 1.0], keys)
    return made.sheet


TABLES: tuple[Callable[[Numbers], Sheet], ...] = (
    *(people_long, people_by_sex, people_years, people_two_rows, people_years_sexes, people_among_measures),
    *(money_long, money_by_plan, money_in_regions, centres_long, centres_in_provinces, centres_by_name, rates),
)


# ---- traps
Trap = Callable[[Sheet, random.Random], bool]
TRAPS: dict[str, Trap] = {}


def trap(forms: str = "csv xlsx html") -> Callable[[Trap], Trap]:
    """Register what spoils a table of some forms; it answers whether it could."""

    def register(spoil: Trap) -> Trap:
        def spoilt(sheet: Sheet, chance: random.Random) -> bool:
            done = sheet.form in forms.split() and not sheet.headless and spoil(sheet, chance)
            for row in [*sheet.heads, *sheet.rows, *sheet.tail]:
                row.extend(Cell(None) for _ in range(sheet.width - len(row)))
            return done

        TRAPS[spoil.__name__] = spoilt
        return spoil

    return register


def _number(sheet: Sheet, chance: random.Random) -> Cell | None:
    """A number that is loaded and that nothing has spoilt yet."""
    plain = [c for c, _, _ in sheet.numbers if isinstance(c.value, int | float) and not (c.raised or c.markup or c.format)]
    return chance.choice(plain) if plain else None


def _insert(sheet: Sheet, at: int, cells: list[Any], heads: list[Any]) -> None:
    """One more column; `cells` for the rows of data that have numbers."""
    for row, value in itertools.zip_longest(sheet.heads, heads):
        row.insert(at, Cell(value))
    own = {id(c) for c, _, _ in sheet.numbers}
    given = iter(cells)
    for row in [*sheet.rows, *sheet.tail]:
        row.insert(at, Cell(next(given, None) if any(id(c) in own for c in row) else None))
    sheet.numbers = [(c, i + (i >= at), key) for c, i, key in sheet.numbers]
    sheet.places = tuple(i + (i >= at) for i in sheet.places)
    sheet.merged = [(a, b + (b >= at), c, d + (d >= at)) for a, b, c, d in sheet.merged]
    sheet.units = {i + (i >= at) for i in sheet.units}


def _data(sheet: Sheet) -> list[Line]:
    own = {id(c) for c, _, _ in sheet.numbers}
    return [row for row in sheet.rows if any(id(c) in own for c in row)]


@trap()
def footnote_raised(sheet: Sheet, chance: random.Random) -> bool:
    """A footnote mark after a number, as a superscript."""
    cell = _number(sheet, chance)
    if cell is None:
        return False
    if sheet.form == "csv":
        cell.value = f"{cell.value}{chance.choice('¹²³')}"
    cell.raised = chance.choice("123")
    return True


@trap("xlsx html csv")
def two_numbers_in_a_cell(sheet: Sheet, chance: random.Random) -> bool:
    """Lines of a cell."""
    cell = _number(sheet, chance)
    if cell is None:
        return False
    other = chance.randrange(100, 999)
    sheet.lost(cell)
    if sheet.form == "html":
        cell.markup = chance.choice(
            (f"{{}}<br>{other}", f"<p>{{}}</p><p>{other}</p>", f"{{}}<table><tr><td>{other}</td></tr></table>")
        )
    else:
        cell.value = f"{cell.value}\n{other}"
    return True


@trap("html")
def hidden_in_a_cell(sheet: Sheet, chance: random.Random) -> bool:
    """A key to sort by that the page does not display."""
    cell = _number(sheet, chance)
    if cell is None:
        return False
    cell.markup = chance.choice(
        ('<span style="display:none">000777</span>{}', "<i hidden>9</i>{}", '{}<b style="mso-hide:all">5</b>')
    )
    return True


@trap("html")
def table_in_a_cell(sheet: Sheet, chance: random.Random) -> bool:
    """A number in a table of its own."""
    cell = _number(sheet, chance)
    if cell is None:
        return False
    cell.markup = "<table><tr><td>{}</td></tr></table>"
    return True


@trap("html")
def table_in_a_layout(sheet: Sheet, chance: random.Random) -> bool:
    """The table in a cell of another."""
    sheet.layout = True
    return True


@trap("xlsx")
def displayed_in_thousands(sheet: Sheet, chance: random.Random) -> bool:
    """The format shows thousands or millions, and the heading says so; now and then only some cells are."""
    column = chance.choice(sheet.columns())
    if not sheet.money or column in sheet.units:
        return False
    if any(not isinstance(c.value, int | float) for c, i, _ in sheet.numbers if i == column):
        return False
    commas, word = chance.choice(((",", "พันบาท"), (",,", "ล้านบาท"), (",", "ล้านบาท")))
    sheet.units.add(column)
    sheet.heads[-1][column].value = f"งบประมาณ ({word})" if chance.random() < 0.8 else "งบประมาณ"
    some = chance.random() < 0.3
    for cell, index, _ in sheet.numbers:
        if index == column and not (some and chance.random() < 0.5):
            cell.format = f"#,##0{commas}"
    if some:  # nobody knows any more what the cells without the format are
        for cell, index, _ in sheet.numbers:
            if index == column:
                sheet.lost(cell)
    return True


@trap()
def stored_in_thousands(sheet: Sheet, chance: random.Random) -> bool:
    """Money in thousands, said in the heading or in the title."""
    column = chance.choice(sheet.columns())
    if not sheet.money or column in sheet.units:
        return False
    divisor, word = chance.choice(((1_000, "พันบาท"), (1_000_000, "ล้านบาท")))
    if any(not isinstance(c.value, int | float) for c, i, _ in sheet.numbers if i == column):
        return False
    sheet.units.add(column)
    for row in [*sheet.rows, *sheet.tail]:
        if isinstance(row[column].value, int | float):
            row[column].value /= divisor
    if chance.random() < 0.5:
        sheet.heads[-1][column].value = f"งบประมาณ ({word})"
    else:
        sheet.heads[-1][column].value = "งบประมาณ"
        sheet.titles.append(line(f"หน่วย : {word}"))
    return True


@trap()
def unit_of_money_in_the_title(sheet: Sheet, chance: random.Random) -> bool:
    """Over columns that are not money."""
    if sheet.money:
        return False
    sheet.titles.append(line(f"หน่วย : {chance.choice(('ล้านบาท', 'พันบาท', 'บาท'))}"))
    return True


@trap()
def unit_of_shares_in_the_title(sheet: Sheet, chance: random.Random) -> bool:
    """Over columns that are none."""
    if sheet.kind == READY:
        return False
    sheet.titles.append(line("หน่วย : ร้อยละ"))
    return True


@trap()
def rates_for_amounts(sheet: Sheet, chance: random.Random) -> bool:
    """The column has the right words, and holds something of each head or hundred."""
    if sheet.kind == READY or len(sheet.heads) > 1 or len(sheet.columns()) > 1:
        return False
    column = sheet.columns()[0]
    head = sheet.heads[-1][column].value
    if column in sheet.units or sum(c.value == head for c in sheet.heads[-1]) > 1:
        return False
    sheet.units.add(column)
    words = (
        ("งบประมาณต่อหัวประชากร (บาท)", "งบประมาณเฉลี่ย")
        if sheet.money
        else ("จำนวนประชากรต่อตารางกิโลเมตร", "ประชากร (ร้อยละ)", "ร้อยละ")
    )
    sheet.heads[-1][column].value = chance.choice(
        words if sheet.kind != CENTRE else ("จำนวนเด็กต่อครู", "จำนวนเด็ก (ร้อยละ)", "จำนวนเด็กเฉลี่ย")
    )
    for cell, _, _ in sheet.numbers:
        sheet.lost(cell)
    return True


@trap()
def shares_as_per_cent(sheet: Sheet, chance: random.Random) -> bool:
    """A share stored, displayed or written as per cent."""
    if sheet.kind != READY or 7 in sheet.units:
        return False
    column = max(sheet.columns())
    if any(not isinstance(c.value, float) or c.raised or c.markup for c, i, _ in sheet.numbers if i == column):
        return False
    sheet.units.add(7)
    how = chance.choice(("format", "unit", "text") if sheet.form == "xlsx" else ("unit", "text"))
    sheet.heads[-1][column].value = "สัดส่วนต่ำกว่าเกณฑ์ (ร้อยละ)"
    for cell, index, _ in sheet.numbers:
        if index == column:
            if how == "format":
                cell.format = "0.0%"
            else:
                cell.value = round(cell.value * 100, 4) if how == "unit" else f"{cell.value * 100:.1f}%"
    return True


@trap("csv")
def quotation_mark_left_open(sheet: Sheet, chance: random.Random) -> bool:
    """Before a cell, before a number, or twice."""
    rows = [row for row in _data(sheet) if not any(c.raw for c in row)]
    if len(rows) < 2:
        return False
    for row in chance.sample(rows, chance.choice((1, 1, 2))):
        cell = chance.choice(row)
        cell.value, cell.raw = f'"{"" if cell.value is None else cell.value}', True
    return True


@trap("csv")
def thousands_without_marks(sheet: Sheet, chance: random.Random) -> bool:
    """640,125 without quotation marks."""
    cell = _number(sheet, chance)
    if cell is None or not isinstance(cell.value, int) or cell.value < 1000:
        return False
    cell.value, cell.raw = f"{cell.value:,}", True
    return True


@trap()
def thousands_separated(sheet: Sheet, chance: random.Random) -> bool:
    """Numbers as people write them: separators, Thai digits."""
    done = False
    for cell, _, _ in sheet.numbers:
        if isinstance(cell.value, int) and not (cell.format or cell.raised or cell.markup or cell.raw):
            text = f"{cell.value:,}"
            cell.value = text if chance.random() < 0.5 else text.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
            done = True
    return done


@trap()
def no_headings(sheet: Sheet, chance: random.Random) -> bool:
    """Data from the first row on; the headings are gone, or further down."""
    if len(sheet.rows) < 3:
        return False
    if chance.random() < 0.5:
        sheet.rows[2:2] = sheet.heads
    sheet.titles.clear()
    sheet.heads, sheet.headless = [sheet.rows.pop(0)], True
    sheet.merged.clear()
    return True


@trap()
def fraction_or_share_as_a_count(sheet: Sheet, chance: random.Random) -> bool:
    """A count of persons cannot be 640.5 or 35 %."""
    cell = _number(sheet, chance)
    if cell is None or sheet.money or sheet.kind == READY:
        return False
    if sheet.form == "xlsx" and chance.random() < 0.3:
        cell.value, cell.format = 1, "0%"
    else:
        cell.value = chance.choice((float(cell.value) + 0.5, f"{cell.value % 100 + 1}%", "100%", cell.value / 1000 + 0.0001))
    sheet.lost(cell)
    return True


@trap()
def other_code_points(sheet: Sheet, chance: random.Random) -> bool:
    """One Thai word written with other code points."""
    ways = (("ำ", "\u0e4dา"), ("แ", "เเ"), ("่", "\u200b่"), ("ี", "ี\u200d"), ("น้ำ", "นํ้า"), ("์", "\u200c์"))
    done = False
    for row in sheet.rows:
        for index in sheet.places:
            if isinstance(row[index].value, str) and chance.random() < 0.6:
                before = row[index].value
                row[index].value = before.replace(*chance.choice(ways))
                done = done or row[index].value != before
    return done


@trap("xlsx html")
def rows_filtered(sheet: Sheet, chance: random.Random) -> bool:
    """Rows that are there and not displayed."""
    for row in chance.sample(_data(sheet), 2):
        row.hidden = True
    return True


@trap()
def total_that_is_wrong(sheet: Sheet, chance: random.Random) -> bool:
    """A stated total of the rows that is not their sum."""
    column = chance.choice(sheet.columns())
    cells: list[Any] = [None] * sheet.width
    cells[sheet.places[0]] = chance.choice(("รวม", "รวมทั้งสิ้น", "ยอดรวม", "Total"))
    cells[column] = 12_345_678
    sheet.tail.insert(0, line(*cells))
    return True


@trap()
def row_of_means(sheet: Sheet, chance: random.Random) -> bool:
    """A row under the table that is no place: the mean, the highest."""
    cells: list[Any] = [None] * sheet.width
    cells[sheet.places[chance.randrange(len(sheet.places))]] = chance.choice(("เฉลี่ย", "ค่าเฉลี่ย", "Average", "สูงสุด", "ค่ามัธยฐาน"))
    for column in sheet.columns():
        cells[column] = 77
    sheet.tail.insert(0, line(*cells))
    return True


@trap()
def total_in_another_column(sheet: Sheet, chance: random.Random) -> bool:
    """ "รวม" in the last column of names, beside a wider place."""
    if len(sheet.places) < 2:
        return False
    cells: list[Any] = [None] * sheet.width
    cells[sheet.places[0]], cells[sheet.places[-1]] = _data(sheet)[0][sheet.places[0]].value, "รวม"
    for column in sheet.columns():
        cells[column] = 500
    sheet.tail.insert(0, line(*cells))
    return True


@trap()
def column_of_per_cent(sheet: Sheet, chance: random.Random) -> bool:
    """Shares beside the numbers, whole ones, before or after them."""
    at = chance.choice(sheet.columns()) + chance.choice((0, 1))
    if len(sheet.heads) > 1 or sheet.kind == READY:
        return False
    words = chance.choice(("ร้อยละ", "ร้อยละของประชากร", "%", "สัดส่วน (ร้อยละ)"))
    _insert(sheet, at, [chance.randrange(1, 99) for _ in sheet.rows], [words])
    return True


@trap()
def column_of_years(sheet: Sheet, chance: random.Random) -> bool:
    """The year of founding of each place."""
    if sheet.kind == READY:
        return False
    _insert(sheet, chance.choice((1, sheet.width)), [chance.randrange(2450, 2550) for _ in sheet.rows], ["ปีที่ก่อตั้ง"])
    return True


@trap()
def column_of_money(sheet: Sheet, chance: random.Random) -> bool:
    """Money beside what is counted, by words that counts have too."""
    if sheet.money or sheet.kind == READY or len(sheet.heads) > 1:
        return False
    words = chance.choice(("จำนวนเงิน (บาท)", "งบประมาณต่อหัวประชากร (บาท)", "เงินอุดหนุนรายหัวเด็ก (บาท)", "วงเงิน"))
    _insert(
        sheet, chance.choice((min(sheet.columns()), sheet.width)), [1_000 * chance.randrange(9, 999) for _ in sheet.rows], [words]
    )
    return True


@trap()
def column_without_a_heading(sheet: Sheet, chance: random.Random) -> bool:
    """Numbers under no heading at the end of a row."""
    _insert(sheet, sheet.width, [chance.randrange(9, 999) for _ in sheet.rows], [None])
    return True


@trap()
def codes_of_places(sheet: Sheet, chance: random.Random) -> bool:
    """A column of codes before the names."""
    if sheet.kind == READY:
        return False
    _insert(sheet, 0, [chance.randrange(1001, 9999) for _ in sheet.rows], ["รหัส"])
    return True


@trap()
def spelt_wrong(sheet: Sheet, chance: random.Random) -> bool:
    """A name of a province that is nearly one."""
    index = sheet.places[0]
    rows = [row for row in _data(sheet) if isinstance(row[index].value, str) and len(row[index].value) > 3]
    if not rows:
        return False
    cell = chance.choice(rows)[index]
    cell.value = cell.value[:-1] + chance.choice("กรด")
    return True


@trap()
def other_ways_to_name(sheet: Sheet, chance: random.Random) -> bool:
    """จ.เลย, จังหวัดเลย, Loei, trailing spaces."""
    if sheet.kind == READY:
        return False
    for row in _data(sheet):
        cell = row[sheet.places[0]]
        if isinstance(cell.value, str) and cell.value in PLACES:
            cell.value = chance.choice(
                (f"จ.{cell.value}", f"จังหวัด{cell.value}", f" {cell.value} ", PLACES[cell.value], cell.value)
            )
    return True


@trap()
def same_place_twice(sheet: Sheet, chance: random.Random) -> bool:
    """A row again, with another number."""
    own = {id(c): key for c, _, key in sheet.numbers}
    row = chance.choice(_data(sheet))
    again = Line(Cell(c.value) for c in row)
    for index, cell in enumerate(row):
        if id(cell) in own:
            again[index].value = 1
            sheet.lost(cell)
    sheet.rows.insert(sheet.rows.index(row) + 1, again)
    return True


@trap()
def blanks_and_dashes(sheet: Sheet, chance: random.Random) -> bool:
    """No number is not nought."""
    cell = _number(sheet, chance)
    if cell is None or sum(key == k for c, _, k in sheet.numbers for x, _, key in sheet.numbers if x is cell) > 1:
        return False
    key = next(k for c, _, k in sheet.numbers if c is cell)
    cell.value = chance.choice((None, "-", "–", "n/a", "ไม่มีข้อมูล"))
    sheet.truth.pop(key)
    return True


@trap()
def text_for_a_number(sheet: Sheet, chance: random.Random) -> bool:
    """What is no number stands where one should."""
    cell = _number(sheet, chance)
    if cell is None:
        return False
    sheet.lost(cell)
    words = ("ประมาณ 500", "500*", "1.2.3", "5 00", "#REF!", "=A1+B1", "500-600", "12/5", "1.01E+09x", "50o")
    cell.value = chance.choice(words)
    return True


@trap()
def headings_again(sheet: Sheet, chance: random.Random) -> bool:
    """Headings printed again on the next page, with blank rows."""
    at = chance.randrange(1, len(sheet.rows))
    sheet.rows[at:at] = [Line(), *(Line(Cell(c.value) for c in row) for row in sheet.heads)]
    return True


@trap()
def signed_and_noted(sheet: Sheet, chance: random.Random) -> bool:
    """Titles, notes, a signature and blank columns around the table."""
    sheet.titles.insert(0, line("สำนักงานจังหวัด รายงานประจำเดือน"))
    sheet.tail += [Line(), line("ที่มา: กรมการปกครอง 2564"), line("หมายเหตุ * ข้อมูลเบื้องต้น"), line(None, "(ลงชื่อ).............ผู้รายงาน")]
    if chance.random() < 0.3:
        for row in sheet.lines:
            row.insert(0, Cell(None))
        sheet.numbers = [(c, i + 1, key) for c, i, key in sheet.numbers]
        sheet.places = tuple(i + 1 for i in sheet.places)
        sheet.units = {i + 1 for i in sheet.units}
        sheet.merged = [(a, b + 1, c, d + 1) for a, b, c, d in sheet.merged]
    return True


@trap("csv")
def other_encoding(sheet: Sheet, chance: random.Random) -> bool:
    """Windows-874, UTF-16, and what was saved as Western European."""
    sheet.encoding = chance.choice(("cp874", "utf-16", "utf-8-sig", "utf-16-be"))
    return True


@trap("csv")
def fixed_width(sheet: Sheet, chance: random.Random) -> bool:
    """Columns aligned by spaces."""
    sheet.aligned = True
    return True


@trap("xlsx html")
def merged_places(sheet: Sheet, chance: random.Random) -> bool:
    """A title over the whole table in one merged cell."""
    sheet.titles.insert(0, line("ตารางที่ 1 ข้อมูลรายพื้นที่"))
    sheet.merged.append((-len(sheet.titles), 0, -len(sheet.titles), sheet.width - 1))
    return True


@trap()
def minus(sheet: Sheet, chance: random.Random) -> bool:
    """A count below nought is none; money may be."""
    cell = _number(sheet, chance)
    if cell is None or sheet.money or sheet.kind == READY:
        return False
    sheet.lost(cell)
    cell.value = chance.choice((-cell.value, f"({cell.value})", f"-{cell.value}", f"−{cell.value}"))
    return True


@trap("xlsx html")
def merged_down(sheet: Sheet, chance: random.Random) -> bool:
    """A place over all its rows in one merged cell."""
    index = sheet.places[0]
    top = len(sheet.heads)
    for start, row in enumerate(sheet.rows):
        end = start
        while end + 1 < len(sheet.rows) and row[index].value and sheet.rows[end + 1][index].value in (None, row[index].value):
            end += 1
            if not any(c.value is not None for c in sheet.rows[end]) or sheet.rows[end] not in _data(sheet):
                end -= 1
                break
        if end > start:
            sheet.merged.append((top + start, index, top + end, index))
            for below in sheet.rows[start + 1 : end + 1]:
                below[index].value = None
            return True
    return False


@trap()
def subtotal_by_another_name(sheet: Sheet, chance: random.Random) -> bool:
    """A sum of the rows above whose words may be a name."""
    column, rows = chance.choice(sheet.columns()), _data(sheet)[:3]
    if any(not isinstance(row[column].value, int) for row in rows) or sheet.kind == READY or sheet.rows[:3] != rows:
        return False
    cells: list[Any] = [None] * sheet.width
    cells[sheet.places[-1]] = chance.choice(("รวมสามชุมชน", "รวมใจ", "รวมพบพระ", "Sum Three", "รวมเขต 1"))
    cells[column] = sum(row[column].value for row in rows)
    sheet.rows.insert(3, line(*cells))
    return True


@trap()
def two_columns_of_one_heading(sheet: Sheet, chance: random.Random) -> bool:
    """The heading of the numbers stands over another column too."""
    column = chance.choice(sheet.columns())
    head = sheet.heads[-1][column].value
    if len(sheet.heads) > 1 or isinstance(head, int):
        return False
    _insert(sheet, column + chance.choice((0, 1)), [chance.randrange(1_000, 9_000) for _ in sheet.rows], [head])
    return True


@trap()
def years_of_the_other_era(sheet: Sheet, chance: random.Random) -> bool:
    """2021 for 2564, ปี ๒๕๖๔."""
    done = False
    for row in sheet.heads:
        for cell in row:
            if isinstance(cell.value, int):
                cell.value = chance.choice((cell.value - 543, f"ปี {cell.value}", f"พ.ศ. {cell.value}", f"{cell.value}"))
                done = True
    return done


LIKE_YEARS = "numbers_like_years"
NAMES = (*TRAPS, LIKE_YEARS)
"""Every trap; the last is set when the numbers of a table are chosen."""


# ---- files
def _shown(cell: Cell) -> str:
    return "" if cell.value is None else str(cell.value)


def _text(sheet: Sheet) -> str:
    if sheet.aligned:
        rows = [[_shown(c).replace("\n", " ") for c in row] for row in sheet.lines]
        widths = [max((len(row[i]) for row in rows if len(row) > i), default=0) for i in range(max(map(len, rows)))]
        return "\n".join("  ".join(text.ljust(w) for text, w in zip(row, widths, strict=False)).rstrip() for row in rows) + "\n"
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    out = []
    for row in sheet.lines:
        cells = []
        for cell in row:
            buffer.seek(0)
            buffer.truncate()
            writer.writerow([_shown(cell), ""])
            cells.append(_shown(cell) if cell.raw else buffer.getvalue()[:-2])
        out.append(",".join(cells))
    return "\n".join(out) + "\n"


def _workbook(sheet: Sheet) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for r, row in enumerate(sheet.lines, 1):
        for c, cell in enumerate(row, 1):
            if cell.value is None:
                continue
            place = page.cell(r, c)
            if cell.raised:
                place.value = CellRichText(str(cell.value), TextBlock(InlineFont(vertAlign="superscript"), cell.raised))
            else:
                place.value = cell.value
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    place.data_type = "s"
            if cell.format:
                place.number_format = cell.format
        page.row_dimensions[r].hidden = row.hidden
    top = len(sheet.titles) + 1
    for r0, c0, r1, c1 in sheet.merged:
        page.merge_cells(start_row=top + r0, end_row=top + r1, start_column=c0 + 1, end_column=c1 + 1)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _page(sheet: Sheet) -> str:
    spans = {(len(sheet.titles) + r, c): d - c + 1 for r, c, _, d in sheet.merged}
    down = {(len(sheet.titles) + r, c): b - r + 1 for r, c, b, _ in sheet.merged}
    covered = {(r + j, c + i) for (r, c), n in spans.items() for i in range(n) for j in range(down[r, c])} - set(spans)
    rows = []
    for r, row in enumerate(sheet.lines):
        cells = []
        for c, cell in enumerate(row):
            if (r, c) not in covered:
                inner = (cell.markup or "{}").replace("{}", html.escape(_shown(cell)).replace("\n", "<br>"))
                mark = f"<sup>{cell.raised}</sup>" if cell.raised else ""
                span = f" colspan={spans[r, c]} rowspan={down[r, c]}" if (r, c) in spans else ""
                cells.append(f"<td{span}>{inner}{mark}</td>")
        rows.append(f"<tr{' style=display:none' if row.hidden else ''}>{''.join(cells)}</tr>")
    table = f"<table>{''.join(rows)}</table>"
    return f"<html>{f'<table><tr><td>เมนู</td><td>{table}</td></tr></table>' if sheet.layout else table}</html>"


def written(sheet: Sheet, folder: Path) -> Path:
    """The file of a sheet."""
    path = folder / {"csv": "table.csv", "xlsx": "table.xlsx", "html": "table.xls"}[sheet.form]
    if sheet.form == "xlsx":
        path.write_bytes(_workbook(sheet))
    elif sheet.form == "html":
        path.write_text(_page(sheet), "utf-8")
    else:
        path.write_bytes(_text(sheet).encode(sheet.encoding, "replace"))
    return path


# ---- how it ends
def tried(path: Path, sheet: Sheet) -> tuple[LoadReport, dict[str, pd.DataFrame]]:
    """The report of a load that writes nothing, and the tables that it would have written."""
    made: list[Built] = []
    build = Builder.build

    def kept(builder: Builder) -> Built:
        made.append(build(builder))
        return made[-1]

    with patch.object(Builder, "build", kept):
        report = load(path, sheet.kind, constants=sheet.constants, dry_run=True)
    return report, {name: rows.frame() for name, rows in made[-1].records.items()} if made else {}


def answers(kind: str, frames: dict[str, pd.DataFrame]) -> dict[Key, float]:
    """What was loaded, by place, period and what else tells numbers apart."""
    found: Counter[Key] = Counter()
    if kind.startswith("reported:"):
        for item in frames["reported_value"].to_dict("records"):
            if item["value"] is not None and pd.notna(item["value"]):
                found[item["place_code"], item["period"]] += item["value"]
    elif kind == CENTRE:
        named = {c["centre_code"]: c for c in frames.get("centre", pd.DataFrame()).to_dict("records")}
        for item in frames["centre_semester"].to_dict("records"):
            if item["children"] is not None and pd.notna(item["children"]):
                centre = named[item["centre_code"]]
                found[centre["province_code"], squash(centre["name_th"]), item["semester"]] += item["children"]
    else:
        for item in frames[kind].to_dict("records"):
            for name in ("mean", "below_cut"):
                if item[name] is not None and pd.notna(item[name]):
                    found[item["province_code"], item["subdomain"], name] += item[name]
    return dict(found)


def differs(truth: Truth, found: dict[Key, float]) -> list[Key]:
    """Where what was loaded is not the known answer."""
    keys = {*truth, *found}
    return [key for key in keys if not _same(truth.get(key, math.nan), found.get(key, math.nan))]


def _same(right: float | None, found: float) -> bool:
    if right is None:
        return math.isnan(found)
    return (math.isnan(right) and math.isnan(found)) or math.isclose(right, found, rel_tol=1e-9, abs_tol=1e-9)


@dataclass(frozen=True)
class Case:
    """A table with its traps; the seed decides its numbers and where the traps are set."""

    table: str
    form: str
    traps: tuple[str, ...]
    seed: int

    def make(self) -> Sheet | None:
        """The sheet, or None when a trap does not fit it."""
        chance = random.Random(f"{self.table} {self.form} {self.traps} {self.seed}")
        alike = LIKE_YEARS in self.traps
        low, high = (1900, 2699) if alike else (3_000, 900_000)
        sheet = next(t for t in TABLES if t.__name__ == self.table)(lambda: chance.randrange(low, high))
        sheet.form = self.form
        spoilt = all(TRAPS[name](sheet, chance) for name in self.traps if name != LIKE_YEARS)
        return sheet if spoilt else None


def judge(case: Case, folder: Path, usual: frozenset[str] = frozenset()) -> tuple[str, str]:
    """How a case ends (right, asked, refused, wrong, crashed) and why; `usual` are the codes of the table without traps."""
    sheet = case.make()
    assert sheet is not None
    try:
        report, frames = tried(written(sheet, folder), sheet)
    except SamoephakError as error:
        return "refused", error.message("en")
    except Exception:
        return "crashed", traceback.format_exc()
    if not report.ok:
        codes = {p.code for p in report.problems if p.severity == "error"}
        return ("asked" if codes <= ASKED else "refused"), ", ".join(sorted(codes))
    found = answers(sheet.kind, frames)
    odd = differs(sheet.truth, found)
    if not odd:
        return "right", ""
    if new := (warnings(report) - usual) & ASKED:
        return "asked", ", ".join(sorted(new))
    return "wrong", "; ".join(f"{key}: {sheet.truth.get(key, '-')} loaded as {found.get(key, '-')}" for key in sorted(odd)[:4])


def warnings(report: LoadReport) -> set[str]:
    """The codes that somebody has to accept."""
    return {p.code for p in report.problems if p.severity == "warning"}


def cases(pairs: int | None, seed: int = 1) -> Iterator[Case]:
    """Every table in every form with no trap and with each, and so many pairs (None: all that fit)."""
    every = [(table.__name__, form) for table in TABLES for form in FORMS]
    for table, form in every:
        yield Case(table, form, (), seed)
        yield from (case for name in NAMES if (case := Case(table, form, (name,), seed)).make())
    left = [(table, form, pair) for table, form in every for pair in itertools.permutations(NAMES, 2)]
    random.Random(seed).shuffle(left)
    fitting = (case for table, form, pair in left if (case := Case(table, form, pair, seed)).make())
    yield from fitting if pairs is None else itertools.islice(fitting, pairs)


def sample(each: int, pairs: int, seed: int = 1) -> Iterator[Case]:
    """Every table once, every trap by itself in so many of them, and some pairs."""
    chance = random.Random(seed)
    every = [(table.__name__, form) for table in TABLES for form in FORMS]
    for table in TABLES:
        yield Case(table.__name__, chance.choice(FORMS), (), seed)

    def some(traps: Callable[[], tuple[str, ...]], wanted: int) -> Iterator[Case]:
        tries = (Case(*chance.choice(every), traps(), seed) for _ in range(500 * wanted))
        return itertools.islice((case for case in tries if case.make()), wanted)

    for name in NAMES:
        yield from some(lambda name=name: (name,), each)
    yield from some(lambda: tuple(chance.sample(NAMES, 2)), pairs)


@dataclass
class Outcome:
    """How cases ended; `bad` lists those that are wrong or crashed, with why."""

    ended: Counter[str] = field(default_factory=Counter)
    by_trap: dict[str, Counter[str]] = field(default_factory=dict)
    bad: list[tuple[Case, str, str]] = field(default_factory=list)


def run(chosen: Iterator[Case], folder: Path, progress: Callable[[int], None] = lambda done: None) -> Outcome:
    """Load every case; the tables without traps must be right."""
    out, usual = Outcome(), {}
    for number, case in enumerate(chosen, 1):
        plain = Case(case.table, case.form, (), case.seed)
        if plain not in usual:
            sheet = plain.make()
            assert sheet is not None
            usual[plain] = frozenset(warnings(tried(written(sheet, folder), sheet)[0]))
        how, why = judge(case, folder, usual[plain])
        if not case.traps and how != "right":
            how = "wrong"
        out.ended[how] += 1
        for name in case.traps:
            out.by_trap.setdefault(name, Counter())[how] += 1
        if how in ("wrong", "crashed"):
            out.bad.append((case, how, why))
        progress(number)
    return out
