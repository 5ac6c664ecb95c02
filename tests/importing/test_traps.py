"""Tables that look right and would load wrong: each trap gives the right number, a question or a refusal, never another number."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

import geo
from data_access.importing import values, zipped
from data_access.importing.loading import load
from data_access.importing.problems import ImportRefused
from data_access.importing.report import LoadReport

pytestmark = [pytest.mark.any_store, pytest.mark.usefixtures("empty_home")]
Write = Callable[..., Path]
PEOPLE = {"kind": "reported:population.registered", "constants": {"period": "CY2564"}}
MONEY = {"kind": "reported:pao.budget", "constants": {"period": "FY2565"}}
HEADS = ["จังหวัด", "ประชากร"]


def written(path: Path, **arguments: Any) -> dict[str, float]:
    """What is loaded, by place; nothing when it is refused."""
    from data_access import drafts

    report = load(path, **arguments)
    if not report.ok:
        return {}
    draft = drafts.draft_in_progress()
    assert draft
    rows = draft.read("reported_value")
    return rows.groupby("place_code")["value"].sum().to_dict()


def codes(report: LoadReport, severity: str = "error") -> list[str]:
    return [p.code for s in report.sheets for p in s.problems if p.severity == severity]


# ---- formats of cells ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "heading", "stored", "right"),
    [
        ("#,##0,", "งบประมาณ (พันบาท)", 12_500_000, 12_500_000),
        ("#,##0.0,,", "งบประมาณ (ล้านบาท)", 12_500_000, 12_500_000),
        ("#,##0", "งบประมาณ (พันบาท)", 12_500, 12_500_000),
        ("General", "งบประมาณ (ล้านบาท)", 12.5, 12_500_000),
        ("#,##0,", "งบประมาณ", 12_500_000, 12_500_000),
        ('#,##0" พัน,บาท"', "งบประมาณ (พันบาท)", 12_500, 12_500_000),
    ],
)
def test_a_number_is_multiplied_by_its_unit_once(workbook: Write, code: str, heading: str, stored: float, right: float) -> None:
    def shown(sheet: Any) -> None:
        for row in (2, 3):
            sheet.cell(row, 2).number_format = code

    path = workbook([["จังหวัด", heading], ["เลย", stored], ["ตาก", stored]], change=shown)
    assert written(path, **MONEY) == {"42": right, "63": right}


@pytest.mark.parametrize(
    ("heading", "code", "rows"),
    [
        ("งบประมาณ (พันบาท)", "#,##0,", (2,)),  # one of two cells
        ("งบประมาณ (ล้านบาท)", "#,##0,", (2, 3)),  # all, in thousands under millions
        ("งบประมาณ (ล้านบาท)", "0.0%", (2, 3)),
    ],
)
def test_cells_displayed_by_another_scale_than_the_unit_are_refused(
    workbook: Write, heading: str, code: str, rows: tuple[int, ...]
) -> None:
    def shown(sheet: Any) -> None:
        for row in rows:
            sheet.cell(row, 2).number_format = code

    path = workbook([["จังหวัด", heading], ["เลย", 12_500_000], ["ตาก", 9_000]], change=shown)
    assert codes(load(path, dry_run=True, **MONEY)) == ["unit_unclear"]


@given(st.sampled_from(["0", "0.0", "#,##0"]), st.integers(0, 3), st.sampled_from(["", '" บาท"', "_)", ";[Red]-0", "\\ "]))
def test_scale_of_a_format(digits: str, commas: int, more: str) -> None:
    assert zipped._scale(digits + "," * commas + more) == pytest.approx(1000.0**-commas)
    assert zipped._scale(digits + "%" + more) == 100


def test_a_raised_mark_is_no_digit(workbook: Write) -> None:
    def raised(sheet: Any) -> None:
        sheet["B2"] = CellRichText("640", TextBlock(InlineFont(vertAlign="superscript"), "1"))

    path = workbook([HEADS, ["เลย", 0], ["ตาก", 680]], change=raised)
    report = load(path, dry_run=True, **PEOPLE)
    assert codes(report) == ["bad_value"]
    assert next(p for p in report.sheets[0].problems if p.severity == "error").found == "640¹"


def test_rows_that_are_not_displayed_are_said(workbook: Write) -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True

    report = load(workbook([HEADS, ["เลย", 640], ["ตาก", 680]], change=hide), dry_run=True, **PEOPLE)
    found = next(p for p in report.sheets[0].problems if p.code == "hidden_rows")
    assert (found.severity, found.params["rows"]) == ("warning", "3")


# ---- text and web pages -----------------------------------------------------------------------------------------------------
def page(cell: str) -> str:
    body = f"<tr><td>เลย</td><td>{cell}</td></tr><tr><td>ตาก</td><td>680</td></tr>"
    return f"<html><table><tr><th>จังหวัด</th><th>ประชากร</th></tr>{body}</table></html>"


@pytest.mark.parametrize(
    ("cell", "right"),
    [
        ("640<br>125", None),
        ("640<br/>", 640),
        ("<p>640</p><p>125</p>", None),
        ('<span style="display:none">0000640</span>640', 640),
        ('<span style="mso-hide: all"><b>0</b>9</span>640', 640),
        ("<span hidden>9</span>640", 640),
        ('<span style="display:none">00<br>9<img src="x">9</span>640', 640),
        ("<sup>1<br>2</sup>640", None),
        ("640<sup>1</sup>", None),
        ("<b>6</b><b>40</b>", 640),
        ("\n   640\n  ", 640),
    ],
)
def test_what_a_page_displays_is_what_is_read(text_file: Write, cell: str, right: float | None) -> None:
    found = written(text_file(page(cell), name="table.xls"), **PEOPLE)
    assert found == ({"42": right, "63": 680} if right else {})


@pytest.mark.parametrize("rows", ['เลย,640,"ok\nตาก,680,-\n', 'เลย,640,"ok\nตาก,680,"x"\nน่าน,470,-\n'])
def test_a_quotation_mark_that_is_not_closed_is_refused(text_file: Write, rows: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        load(text_file(f"จังหวัด,ประชากร,หมายเหตุ\n{rows}"), dry_run=True, **PEOPLE)
    assert refused.value.params["row"] == 2


def test_cells_of_several_lines_and_inches_are_read(text_file: Write) -> None:
    path = text_file('จังหวัด,ประชากร,หมายเหตุ\nเลย,640,"สอง\nบรรทัด ""อ้าง"""\nตาก,680,จอ 5" ใหม่\n')
    assert written(path, **PEOPLE) == {"42": 640, "63": 680}


@pytest.mark.parametrize("row", ["เลย,640,125", "เลย,640,125,", "เลย,1,640,125"])
def test_numbers_past_the_last_heading_are_refused(text_file: Write, row: str) -> None:
    report = load(text_file(f"จังหวัด,ประชากร\n{row}\nตาก,680,330\n"), dry_run=True, **PEOPLE)
    assert codes(report) == ["wider_than_headings"]


# ---- what is counted and what is money ---------------------------------------------------------------------------------------
def test_a_unit_of_money_in_a_title_is_not_said_of_people(workbook: Write) -> None:
    rows = [
        ["ประชากรและงบประมาณ ปี 2565", None, None],
        ["หน่วย : ล้านบาท", None, None],
        [*HEADS, "งบประมาณ"],
        ["เลย", 640, 6],
        ["ตาก", 680, 4],
    ]
    assert written(workbook(rows), **PEOPLE) == {"42": 640, "63": 680}


@pytest.mark.parametrize("heading", ["จำนวนเงิน (บาท)", "งบประมาณ", "วงเงินช่วยเหลือ"])
def test_money_is_never_loaded_as_a_count(workbook: Write, heading: str) -> None:
    path = workbook([["จังหวัด", heading], ["เลย", 600_000], ["ตาก", 400_000]])
    arguments = {"kind": "reported:assist.recipients", "constants": {"period": "FY2565"}}
    assert codes(load(path, dry_run=True, **arguments)) == ["missing_column"]
    assert "money_as_count" in codes(load(path, dry_run=True, mapping={"value": "B"}, **arguments))


@pytest.mark.parametrize("found", [640.125, "35.5%", "12.5"])
def test_a_count_of_people_is_whole(workbook: Write, found: Any) -> None:
    path = workbook([HEADS, ["เลย", found], ["ตาก", 680]])
    assert codes(load(path, dry_run=True, **PEOPLE)) == ["not_whole"]


# ---- headings, data and totals -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("numbers", [[(2100, 2450), (1987, 2033)], [(2450, 2455), (2500, 2560)], [(2561, 2562), (2561, 2562)]])
def test_numbers_that_look_like_years_are_data(workbook: Write, numbers: list[tuple[int, int]]) -> None:
    rows = [["จังหวัด", "ประชากร", None], [None, "ชาย", "หญิง"], ["แม่ฮ่องสอน", *numbers[0]], ["ตาก", *numbers[1]]]
    found = written(workbook(rows, merged=["B1:C1"]), **PEOPLE)
    assert found == {"58": sum(numbers[0]), "63": sum(numbers[1])}


def test_years_in_a_row_of_headings_are_years(workbook: Write) -> None:
    rows = [["จังหวัด", "ประชากร", None, None], [None, 2562, 2563, 2564], ["เลย", 640, 650, 660], ["ตาก", 680, 690, 700]]
    path = workbook(rows, merged=["B1:D1"])
    assert written(path, kind=PEOPLE["kind"]) == {"42": 1950, "63": 2070}


def test_data_without_a_heading_are_no_title(text_file: Write) -> None:
    rows = "".join(f"{p},{n}\n" for p, n in (("เลย", 640), ("ตาก", 680), ("น่าน", 470)))
    with pytest.raises(ImportRefused):
        load(text_file(rows), dry_run=True, **PEOPLE)
    with pytest.raises(ImportRefused):  # not half of them either
        load(text_file(f"{rows}จังหวัด,ประชากร\nแพร่,430\n"), dry_run=True, **PEOPLE)


@pytest.mark.parametrize(
    ("name", "is_data"),
    [
        ("รวมไทยพัฒนา", True),
        ("รวมใจ", True),
        ("รวม", False),
        ("รวมทั้งสิ้น", False),
        ("รวมอำเภอพบพระ", False),
        ("รวม พบพระ", False),
        ("Total", False),
    ],
)
def test_a_name_that_begins_as_a_total_is_a_name(text_file: Write, name: str, is_data: bool) -> None:
    rows = [["ตำบล", "อำเภอ", "จังหวัด", "ชื่อศูนย์", "เทอม", "จำนวนเด็ก"]]
    rows += [[name, "พบพระ", "ตาก", "ศพด.หนึ่ง", "1/2565", "25"], ["ช่องแคบ", "พบพระ", "ตาก", "ศพด.สอง", "1/2565", "30"]]
    report = load(text_file("\n".join(map(",".join, rows))), kind="centre_semester", dry_run=True)
    left_out = [e.row for e in report.sheets[0].excluded if e.reason in ("total", "subtotal")]
    assert left_out == ([] if is_data else [2])


# ---- one spelling --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("ways", "right"),
    [
        (["นํ้า", "น้ํา", "น้ำ", "น้้ำ"], "น้ำ"),
        (["เเม่", "แม่", "แ\u200bม่", "แม่่"], "แม่"),
        (["โพธิ์\u200dชัย", "โพธ์ิชัย", "โพธิ์ชัย", "\ufeffโพธิ์ชัย"], "โพธิ์ชัย"),
    ],
)
def test_what_looks_alike_is_one_word(ways: list[str], right: str) -> None:
    assert {values.one_spelling(w) for w in ways} == {right}
    assert len({values.squash(w) for w in ways}) == 1


@given(st.text(st.sampled_from("กนมเแาำํ่้๊์ิีุู็ั\u200b\u200dxa 1"), max_size=12))
@example("ำำ็")
def test_one_spelling_is_final(words: str) -> None:
    once = values.one_spelling(words)
    assert values.one_spelling(once) == once
    assert not set(once) & set("\u200b\u200d")


def test_the_order_of_marks_does_not_matter() -> None:
    for marks in (("ิ", "่"), ("ู", "้"), ("ั", "้"), ("ํ", "้")):
        spelt = {values.one_spelling("ก" + "".join(p) + ("า" if "ํ" in marks else "น")) for p in permutations(marks)}
        assert len(spelt) == 1, spelt


# ---- provinces that did not exist yet ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("period", "expected"), [("CY2535", 73), ("CY2553", 76), ("CY2554", 76), ("CY2555", 77)])
def test_a_province_is_not_missing_before_it_was_founded(workbook: Write, period: str, expected: int) -> None:
    """A table without Bueng Kan is whole until 2554, the year in which it was founded; in 2535 there were 73 provinces."""
    there = [c for c in geo.provinces().index if c != "38"]
    rows = [HEADS, *([geo.name(c, "th"), 1000 + n] for n, c in enumerate(there))]
    audit = load(workbook(rows), dry_run=True, kind=PEOPLE["kind"], constants={"period": period}).sheets[0].audit[period]
    assert audit["expected"] == expected
    assert audit["missing"] == (["38"] if expected == 77 else [])
