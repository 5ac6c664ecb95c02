"""Tables that look right and would load wrong: each trap gives the right number, a question or a refusal, never another number."""

from __future__ import annotations

import os
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
from data_access.importing import reading, values, zipped
from data_access.importing.loading import load
from data_access.importing.problems import ImportRefused
from data_access.importing.report import LoadReport
from data_access.importing.rows import take_apart
from data_access.store import releases
from data_access.store.tables import read_table

pytestmark = [pytest.mark.any_store, pytest.mark.usefixtures("empty_home")]
Write = Callable[..., Path]
PEOPLE = {"kind": "reported:population.registered", "constants": {"period": "CY2564"}}
MONEY = {"kind": "reported:pao.budget", "constants": {"period": "FY2565"}}
HEADS = ["จังหวัด", "ประชากร"]


def written(path: Path, **arguments: Any) -> dict[str, float]:
    """What is loaded, by place; nothing when it is refused."""
    from data_access.publishing import drafts

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


@pytest.mark.parametrize(
    ("cell", "right"),
    [
        ("<table><tr><td>640</td></tr></table>", 640),
        ("<div><table><tbody><tr><td><b>640</b></td></tr></tbody></table></div>", 640),
        ("<table><tr><td><table><tr><td>640</td></tr></table></td></tr></table>", 640),
        ("<table><tr><td>640</td><td>125</td></tr></table>", None),
        ("640<table><tr><td>125</td></tr></table>", None),
        ("<table><tr><td>640</td></tr></table><table><tr><td>125</td></tr></table>", None),
        ("640<table style='display: none'><tr><td>125</td></tr></table>", 640),
        ("640<span hidden><table><tr><td>125</td></tr></table></span>", 640),
        ("640</td><td style='display:none'>9", 640),
    ],
)
def test_a_table_within_a_cell_is_what_the_cell_says(text_file: Write, cell: str, right: float | None) -> None:
    """Nor is the table around it lost for it, in a layout of its own or not."""
    for around in ("{}", "<html><table><tr><td>menu</td><td>{}</td></tr></table></html>"):
        found = written(text_file(around.format(page(cell)), name="table.xls"), **PEOPLE)
        assert found == ({"42": right, "63": 680} if right else {})


def test_a_table_beside_its_key_in_one_layout_is_read(text_file: Write) -> None:
    inner = "<table><tr><td>ที่มา</td></tr><tr><td>กรมการปกครอง</td></tr></table>"
    found = written(text_file(f"<table><tr><td>{inner}</td><td>{page('640')}</td></tr></table>", name="table.xls"), **PEOPLE)
    assert found == {"42": 640, "63": 680}


@pytest.mark.parametrize("hide", ["tr hidden", "tr style='display:none'"])
def test_rows_of_a_page_that_are_not_displayed_are_said(text_file: Write, hide: str) -> None:
    path = text_file(page("640").replace("<tr><td>ตาก", f"<{hide}><td>ตาก"), name="table.xls")
    found = next(p for p in load(path, dry_run=True, **PEOPLE).sheets[0].problems if p.code == "hidden_rows")
    assert found.params["rows"] == "3"


@pytest.mark.parametrize("rows", ['เลย,640,"ok\nตาก,680,-\n', 'เลย,640,"ok\nตาก,680,"x"\nน่าน,470,-\n'])
def test_a_quotation_mark_that_is_not_closed_is_refused(text_file: Write, rows: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        load(text_file(f"จังหวัด,ประชากร,หมายเหตุ\n{rows}"), dry_run=True, **PEOPLE)
    assert refused.value.params["row"] == 2


@pytest.mark.parametrize(
    "rows",
    [
        'เลย,640,"ok\nตาก,680,"fine\nน่าน,470,-\n',  # the second mark closes the first: Tak would be lost in a note
        'เลย,640,"ok\nตาก,680,"\nน่าน,470,-\n',
        'เลย,"640,125\nตาก,"680,330\n',
        'เลย,"640,"125,x\nตาก,680,-\n',  # 640,125 in one cell
        'เลย,640,-\nตาก,"680,330\n',
    ],
)
def test_quotation_marks_that_find_each_other_are_refused(text_file: Write, rows: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        load(text_file(f"จังหวัด,ประชากร,หมายเหตุ\n{rows}"), dry_run=True, **PEOPLE)
    assert refused.value.params["row"] == (3 if rows.endswith('"680,330\n') and "-" in rows else 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp874", "tis-620"])
@pytest.mark.parametrize(
    "rows",
    [
        "จังหวัด      ประชากร\nเลย           640,125\nตาก           680,330\nแม่ฮ่องสอน     280,510\n",
        "ประชากร ปี 2564\n\nจังหวัด    ชาย    หญิง\n--------  ----  -----\nเลย       320    320\nตาก       340    340\n",
        "รหัส  จังหวัด      ประชากร\n42    เลย              -\n63    ตาก            680\n",
        "จังหวัด ประชากร\nเลย 640\nตาก 680\n",
    ],
)
def test_columns_kept_apart_by_spaces_are_refused_in_words(text_file: Write, rows: str, encoding: str) -> None:
    with pytest.raises(ImportRefused, match="kept apart by spaces alone") as refused:
        load(text_file(rows, encoding), dry_run=True, **PEOPLE)
    assert refused.value.params["n"] >= 2
    line = rows.split("\n")[refused.value.params["row"] - 1]
    assert any(c.isdigit() for c in line)


def test_columns_kept_apart_by_spaces_within_a_column_of_a_workbook_are_refused(workbook: Write) -> None:
    with pytest.raises(ImportRefused, match="kept apart by spaces alone"):
        load(workbook([["จังหวัด      ประชากร"], ["เลย          640"], ["ตาก          680"]]), dry_run=True, **PEOPLE)


@pytest.mark.parametrize(
    "rows",
    [
        "จังหวัด\nเลย\nตาก\n",
        "หน่วยงาน\nสพป.เชียงใหม่ เขต 1\nสพป.เชียงใหม่ เขต 2\n",
        "รหัส\n   42\n   63\n",
        "จังหวัด,ประชากร\nเลย   ,   640\nตาก   ,   680\n",
        "จังหวัด,ประชากร,หมายเหตุ\nเลย,640,หมู่  5\nตาก,680,หมู่  6\n",
        "จังหวัด\tประชากร\nเลย  อ.เมือง  5\t640\nตาก  อ.เมือง  6\t680\n",
    ],
)
def test_one_column_and_delimited_files_are_not_of_fixed_width(text_file: Write, rows: str) -> None:
    assert reading.read_file(text_file(rows))[0].rows == 3


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


@pytest.mark.parametrize(
    ("titles", "arguments", "right"),
    [
        (["หน่วย : ร้อยละ"], PEOPLE, {}),
        (["หน่วย : ร้อยละ"], MONEY, {}),
        (["หน่วย : พันบาท"], MONEY, {"42": 600_000, "63": 400_000}),
        (["หน่วย : พันคน", "หน่วย : พันบาท"], MONEY, {"42": 600_000, "63": 400_000}),
        (["หน่วย : พันบาท", "หน่วย : พันคน"], PEOPLE, {"42": 600_000, "63": 400_000}),
        (["หน่วย : ล้านบาท", "หน่วย : พันบาท"], MONEY, {}),
    ],
)
def test_of_units_in_titles_the_one_of_the_right_sort_is_applied(
    workbook: Write, titles: list[str], arguments: dict[str, Any], right: dict[str, float]
) -> None:
    heads = ["จังหวัด", "งบประมาณ" if arguments is MONEY else "ประชากร"]
    assert written(workbook([*([t, None] for t in titles), heads, ["เลย", 600], ["ตาก", 400]]), **arguments) == right


@pytest.mark.parametrize(
    ("heading", "arguments"),
    [
        ("ประชากร (ร้อยละ)", PEOPLE),
        ("ร้อยละของประชากร", PEOPLE),
        ("จำนวนประชากรต่อตารางกิโลเมตร", PEOPLE),
        ("งบประมาณต่อหัว (บาท)", MONEY),
        ("งบประมาณเฉลี่ย", MONEY),
        ("งบประมาณ (ร้อยละ)", MONEY),
    ],
)
def test_a_rate_is_not_loaded_as_a_number_of_things(workbook: Write, heading: str, arguments: dict[str, Any]) -> None:
    """Nor when it is chosen, where its unit is a share."""
    path = workbook([["จังหวัด", heading], ["เลย", 100], ["ตาก", 200]])
    assert {"rate_as_amount", "missing_column"} & set(codes(load(path, dry_run=True, **arguments)))
    chosen = codes(load(path, dry_run=True, mapping={"value": "B"}, **arguments))
    assert ("rate_as_amount" in chosen) == ("ร้อยละ" in heading)


@pytest.mark.parametrize("heading", ["จำนวนเงิน (บาท)", "งบประมาณ", "วงเงินช่วยเหลือ"])
def test_money_is_never_loaded_as_a_count(workbook: Write, heading: str) -> None:
    path = workbook([["จังหวัด", heading], ["เลย", 600_000], ["ตาก", 400_000]])
    arguments = {"kind": "reported:assist.recipients", "constants": {"period": "FY2565"}}
    assert codes(load(path, dry_run=True, **arguments)) == ["missing_column"]
    assert "money_as_count" in codes(load(path, dry_run=True, mapping={"value": "B"}, **arguments))


@pytest.mark.parametrize("found", [640.125, "35.5%", "12.5"])
def test_a_count_of_people_is_whole(workbook: Write, found: Any) -> None:
    path = workbook([HEADS, ["เลย", found], ["ตาก", 680]])
    assert codes(load(path, dry_run=True, **PEOPLE)) == ["bad_value" if str(found).endswith("%") else "not_whole"]


@pytest.mark.parametrize("arguments", [PEOPLE, MONEY])
def test_a_hundred_per_cent_is_not_one(workbook: Write, text_file: Write, arguments: dict[str, Any]) -> None:
    def shown(sheet: Any) -> None:
        sheet["B2"].number_format = "0%"

    heads = ["จังหวัด", "งบประมาณ" if arguments is MONEY else "ประชากร"]
    displayed = load(workbook([heads, ["เลย", 1], ["ตาก", 680]], change=shown), dry_run=True, **arguments)
    assert codes(displayed) == ["rate_as_amount"]
    typed = load(text_file(f"{','.join(heads)}\nเลย,100%\nตาก,680\n"), dry_run=True, **arguments)
    assert codes(typed) == ["bad_value"]


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


NAMES = {
    *("รวมใจ", "รวมใจพัฒนา", "รวมมิตรวิทยา", "รวมราษฎร์สามัคคี", "รวมสามัคคี", "รวมทรัพย์อนุสรณ์", "รวมปีติ", "รวมภาคีศึกษา", "รวมชายแดนวิทยา"),
    *(
        "รวมพลังชุมชน",
        "Sum Sao",
        "Sumlao",
        "Sumet Wittaya",
        "Summer Hill",
        "Totalia",
        "National Artists School",
        "Country Home School",
    ),
}


@pytest.fixture(scope="module")
def all_names() -> list[str]:
    """Every name of a place, and names of schools and centres that begin as totals do."""
    frames = (geo.provinces(), geo.districts(), geo.subdistricts())
    known = {str(name) for frame in frames for c in ("name_th", "name_en") for name in frame[c].dropna()}
    real = ("centre", "school")
    with pytest.MonkeyPatch.context() as patch:
        if demo := os.environ.get("SAMOEPHAK_TEST_HOME"):
            patch.setenv("SAMOEPHAK_HOME", demo)
            served, _damaged = releases.served_release()
            known |= {str(n) for t in real for n in read_table(served.id, t)["name_th"].dropna()} if served else set()
    return sorted(known | NAMES)


@pytest.mark.parametrize(
    ("heads", "row"),
    [
        (["ชื่อ", "จำนวน"], lambda name, n: [name, n]),
        (["ที่", "ชื่อ", "จำนวนครู", "จำนวนเด็ก"], lambda name, n: [n, name, 7 + n % 5, 1000 + n]),
        (["จังหวัด", "ชื่อ", "จำนวน"], lambda name, n: ["ตาก", name, n]),
        (["ชื่อ", "อำเภอ", "จังหวัด", "จำนวน"], lambda name, n: [name, "พบพระ", "ตาก", n]),
        (["รหัส", "ชื่อ", "2564", "2565"], lambda name, n: [f"{n:06}", name, 2 * n, 2 * n + 1]),
    ],
)
def test_no_name_of_a_place_is_taken_for_a_total(all_names: list[str], heads: list[str], row: Callable[[str, int], Any]) -> None:
    table = take_apart(reading.Sheet("s", [heads, *(row(name, 2 * n + 1) for n, name in enumerate(all_names))]))
    assert table
    assert len(all_names) > 9_000
    assert [e.text for e in table.excluded if e.reason != "header"] == []


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_row_of_an_unsure_name_that_adds_up_is_left_out_and_said(workbook: Write, name: str) -> None:
    """ "รวมใจ" under rows that add up to it may be either: it is asked."""
    report = load(workbook([HEADS, ["เลย", 640], ["ตาก", 680], [name, 1320]]), dry_run=True, **PEOPLE)
    sure = [p for p in report.sheets[0].problems if p.code in ("total_by_sum", "place_unknown", "place_guess")]
    assert [p.row for p in sure] == [4]


# ---- totals that are no sums -----------------------------------------------------------------------------------------------------
SCORES = [["จังหวัด", "ประชากร", "คะแนนเฉลี่ย", "ร้อยละ"], ["เลย", 600, 40.0, 37.5], ["ตาก", 1000, 60.0, 62.5]]


def said(report: LoadReport) -> list[tuple[str, str, str]]:
    kinds = ("stated_total", "subtotal", "row_total", "group_total", "total_is_mean")
    return [(p.code, p.severity, p.column) for p in report.sheets[0].problems if p.code in kinds]


@pytest.mark.parametrize(
    ("total", "right"),
    [
        (["รวม", 1600, 52.5, 100], [("total_is_mean", "note", "C")]),  # weighted with the population
        (["รวม", 1600, 50.0, 100], [("total_is_mean", "note", "C")]),  # plain
        (["รวม", 1600, 51.3, 99.9], []),  # a mean with weights that the table does not show; shares that were rounded
        (["รวม", 1600, 72.5, 100], [("stated_total", "warning", "C")]),  # no mean of 40 and 60
        (["รวม", 1500, 52.5, 100], [("stated_total", "warning", "B"), ("total_is_mean", "note", "C")]),
        (["เฉลี่ย", 800, 50.0, 50], []),
        (["ค่าเฉลี่ย", 800, 50.0, 50], []),
        (["Average", 800, 50.0, 50], []),
        (["รวมภาคเหนือ", 1600, 52.5, 100], [("total_is_mean", "note", "C")]),
        (["รวมภาคเหนือ", 1600, 75, 100], [("subtotal", "warning", "C")]),
    ],
)
def test_a_total_that_is_a_mean_is_no_wrong_sum(workbook: Write, total: list[Any], right: list[tuple[str, str, str]]) -> None:
    report = load(workbook([*SCORES, total]), dry_run=True, **PEOPLE)
    assert sorted(said(report)) == sorted(right)
    assert report.ok
    assert report.sheets[0].rows_loaded == 2


def test_a_row_of_means_among_the_rows_of_a_place_is_not_added(text_file: Write) -> None:
    rows = "จังหวัด,แผนงาน,งบประมาณ\nเลย,การศึกษา,10\nเลย,ถนน,30\nเลย,เฉลี่ย,20\nตาก,การศึกษา,5\nตาก,ถนน,6\nตาก,เฉลี่ย,5.5\n"
    assert written(text_file(rows), **MONEY) == {"42": 40, "63": 11}


@pytest.mark.parametrize(
    ("rows", "right"),
    [
        ([["เลย", 40, 60, 50], ["ตาก", 20, 80, 50], ["น่าน", 50, 70, 60]], [("total_is_mean", "note", "D")]),
        ([["เลย", 40, 60, 100], ["ตาก", 20, 80, 100], ["น่าน", 50, 70, 120]], []),
        ([["เลย", 40, 60, 100], ["ตาก", 20, 80, 99], ["น่าน", 50, 70, 120], ["แพร่", 1, 2, 3]], [("row_total", "warning", "D")]),
    ],
)
def test_a_column_that_is_the_mean_of_its_parts_is_no_total_of_them(
    workbook: Write, rows: list[list[Any]], right: list[tuple[str, str, str]]
) -> None:
    report = load(workbook([["จังหวัด", "ชาย", "หญิง", "รวม"], *rows]), dry_run=True, **PEOPLE)
    assert said(report) == right


def test_a_blank_part_beside_a_mean_is_not_nought(workbook: Write) -> None:
    """The mean of one number is the number: nothing is said of the part that is blank."""
    years = ["จังหวัด", "ชาย ปี 2563", "หญิง ปี 2563", "รวม ปี 2563", "ชาย ปี 2564", "หญิง ปี 2564", "รวม ปี 2564"]
    rows = [["เลย", 40, 60, 50, 40, None, 40], ["ตาก", 20, 80, 50, 30, 70, 50], ["น่าน", 50, 70, 60, 10, 20, 15]]
    report = load(workbook([years, *rows]), dry_run=True, kind=PEOPLE["kind"])
    assert "implied_zeros" not in codes(report, "note")
    assert [c for c, _, _ in said(report)] == ["total_is_mean", "total_is_mean"]


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
