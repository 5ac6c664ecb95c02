"""Headers, excluded rows, totals, filled cells, units."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from data_access.importing.headers import find_header, unit_of
from data_access.importing.inspecting import inspect
from data_access.importing.reading import Sheet
from data_access.importing.rows import fill_down, take_apart
from tests.importing.conftest import MERGED, TITLED, as_csv


def reasons(path: Path) -> dict[int, str]:
    return {e["row"]: e["reason"] for e in inspect(path).to_json("en")["sheets"][0]["rows_excluded"]}


@pytest.mark.parametrize("kind", ["xlsx", "xlsx without merges", "csv"])
def test_every_row_is_accounted_for(workbook: Callable[..., Path], text_file: Callable[..., Path], kind: str) -> None:
    path = text_file(as_csv(TITLED)) if kind == "csv" else workbook(TITLED, merged=MERGED if kind == "xlsx" else None)
    sheet = inspect(path).to_json("en")["sheets"][0]
    assert reasons(path) == {
        1: "title",
        2: "title",
        3: "header",
        4: "header",
        5: "section",
        8: "subtotal",
        9: "repeated_header",
        14: "blank",
        15: "total",
        16: "footnote",
        17: "signature",
    }
    assert sheet["rows_loaded"] == 6
    assert sheet["rows_read"] == sheet["rows_loaded"] + len(sheet["rows_excluded"]) + len(sheet["rows_refused"]) == 17
    assert [c["header"] for c in sheet["columns"]][2:] == [f"จำนวนกลุ่มเป้าหมาย {w}" for w in ("ชาย", "หญิง", "ไม่ระบุ", "รวม")]


def test_contradictions_are_named(workbook: Callable[..., Path]) -> None:
    problems = inspect(workbook(TITLED, merged=MERGED)).problems
    across = [p for p in problems if p.code == "row_total"]
    down = [p for p in problems if p.code == "stated_total"]
    assert [(p.row, p.column, p.found, p.expected) for p in across] == [(11, "F", "21", "32")]
    assert [(p.row, p.column, p.found, p.expected) for p in down] == [(15, "F", "1,093", "1,082")]


def test_unlabelled_total_is_not_a_row() -> None:
    sheet = Sheet("s", [["ที่", "ชื่อ", "เด็ก"], [1, "ก", 5], [2, "ข", 6], [None, None, None], [None, None, 11]])
    sheet.cells[4] = [None, None, 11]
    table = take_apart(sheet)
    assert table is not None
    assert [row.number for row in table.rows] in ([2, 3], [2, 3, 5])
    wide = take_apart(Sheet("s", [["ที่", "ชื่อ", "เด็ก", "ครู"], [1, "ก", 5, 1], [2, "ข", 6, 1], [None, None, 11, 2]]))
    assert wide is not None
    assert [row.number for row in wide.rows] == [2, 3]
    assert [row.number for row in wide.totals] == [4]


def test_same_as_above() -> None:
    grid = [
        ["อำเภอ", "อปท.", "ชื่อศูนย์", "เด็ก"],
        ["เมือง", "อบต.ก", "หนึ่ง", 1],
        [None, None, "สอง", 2],
        [None, '"', "สาม", 3],
        ["เขาพนม", None, "สี่", 4],
    ]
    table = take_apart(Sheet("s", grid))
    assert table is not None
    fill_down(table, [0, 1])
    assert [row.cells[0] for row in table.rows] == ["เมือง", "เมือง", "เมือง", "เขาพนม"]
    assert [row.cells[1] for row in table.rows] == ["อบต.ก", "อบต.ก", "อบต.ก", None], (
        "a new district does not inherit the authority"
    )
    assert table.filled_cells == {"A": 2, "B": 2}


def test_year_headings_are_headings() -> None:
    header = find_header(Sheet("s", [["ประชากร", None, None], ["จังหวัด", 2564, 2565], ["เลย", 1, 2], ["ตาก", 3, 4]]))
    assert header is not None
    assert (header.first, header.last) == (1, 1)


@pytest.mark.parametrize(
    ("heading", "factor"),
    [
        ("งบประมาณ (ล้านบาท)", 1e6),
        ("งบ (พันบาท)", 1e3),
        ("หน่วย : ล้านบาท", 1e6),
        ("งบประมาณ (บาท)", 1),
        ("ร้อยละการมาเรียน", 0.01),
        ("จำนวน", 1),
    ],
)
def test_units(heading: str, factor: float) -> None:
    assert unit_of(heading)[0] == factor


def test_unit_of_the_title_holds_for_the_columns(text_file: Callable[..., Path]) -> None:
    path = text_file("งบประมาณ\nหน่วย : ล้านบาท\nจังหวัด,งบประมาณ\nเลย,1.5\nตาก,2\n")
    assert [c["factor"] for c in inspect(path).to_json("en")["sheets"][0]["columns"]] == [1e6, 1e6]


def test_a_sheet_without_a_table_says_so(workbook: Callable[..., Path]) -> None:
    sheets = inspect(workbook([["บันทึกข้อความ"], ["เรียน ผู้อำนวยการ"], ["ด้วย"]], [["a", "b"], ["x", 1]])).to_json("th")["sheets"]
    assert all(s["rows_read"] == s["rows_loaded"] + len(s["rows_excluded"]) for s in sheets)
