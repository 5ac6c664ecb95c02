"""Files as bad as they come: each gives a right load, or a refusal that names the place; never a traceback, nothing half-loaded."""

from __future__ import annotations

import datetime as dt
import io
import os
import pickle
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from data_access.contract.errors import UsageError
from data_access.importing import apart, reading
from data_access.importing import mapping as maps
from data_access.importing.inspecting import inspect
from data_access.importing.limits import LIMITS
from data_access.importing.loading import load
from data_access.importing.places import Matcher
from data_access.importing.problems import ImportRefused
from data_access.importing.report import LoadReport
from data_access.importing.words import report_text
from data_access.publishing import drafts
from tests.importing.conftest import Grid, person_id
from tests.reliability import hostile

POP, PAO = "reported:population.registered", "reported:pao.budget"
Y64 = {"period": "CY2564"}


@pytest.fixture
def csv(text_file: Callable[..., Path]) -> Callable[..., Path]:
    return text_file


def accounted(report: LoadReport) -> None:
    """Every row is loaded, excluded with a reason, or refused; every problem says what, where and how to mend it, in two languages."""
    for sheet in report.to_json("th")["sheets"]:
        assert sheet["rows_read"] == sheet["rows_loaded"] + len(sheet["rows_excluded"]) + len(sheet["rows_refused"])
        assert all(e["reason"] for e in sheet["rows_excluded"])
    for problem in report.problems:
        assert problem.file
        assert problem.sheet
        assert problem.message("th") != problem.message("en")
        assert problem.how_to_mend("th") != problem.how_to_mend("en")
        assert re.search(r"[ก-๛]", problem.message("th"))
        assert "{" not in problem.message("th") + problem.how_to_mend("th")
    assert report_text(report, "th") != report_text(report, "en")


def loads(path: Path, kind: str, **options: Any) -> pd.DataFrame:
    """The rows of the draft after a load that must succeed."""
    report = load(path, kind, **options)
    accounted(report)
    assert report.ok, [p.message("en") for p in report.problems if p.severity == "error"]
    draft = drafts.draft_in_progress()
    assert draft is not None
    return draft.read(report.table)


def refuses(path: Path, kind: str, **options: Any) -> set[tuple[str, int | None, str, str]]:
    """(code, row, column, found) of the errors of a load that must be refused, which leaves no draft."""
    report = load(path, kind, **options)
    accounted(report)
    assert not report.ok
    assert report.rows_written == {}
    assert drafts.draft_in_progress() is None
    return {(p.code, p.row, p.column, p.found) for p in report.problems if p.severity == "error"}


def by_place(frame: pd.DataFrame, *more: str) -> dict[Any, float]:
    found = frame.set_index(["place_code", *more])["value"].to_dict()
    return {k: v for k, v in found.items() if pd.notna(v)}


# ---- numbers ------------------------------------------------------------------------------------------------------------
def test_numbers_however_written(csv: Callable[..., Path]) -> None:
    text = 'จังหวัด,ประชากร\nเลย,๑๒๓\nตาก,"1,234.0"\nน่าน,1 234 567\nตรัง,-\nแพร่,๕ คน\nพะเยา,0\n'
    assert by_place(loads(csv(text), POP, constants=Y64)) == {"42": 123, "63": 1234, "55": 1_234_567, "54": 5, "56": 0}


def test_a_count_is_not_negative_and_money_may_be(csv: Callable[..., Path]) -> None:
    bad = 'จังหวัด,ประชากร\nเลย,"(1,200)"\nตาก,-5\nน่าน,3\n'
    assert refuses(csv(bad), POP, constants=Y64) == {("bad_value", 2, "B", "(1,200)"), ("bad_value", 3, "B", "-5")}
    money = 'จังหวัด,งบประมาณ\nเลย,"(1,200)"\nตาก,5\n'
    assert by_place(loads(csv(money), PAO, constants={"period": "2565"}))["42"] == -1200


@pytest.mark.parametrize("cell", ["1.234,5", "1,23", "abc", "12..5", "1/2", "=A1", "#REF!", "#N/A"])
def test_what_is_no_number_is_named(csv: Callable[..., Path], cell: str) -> None:
    assert refuses(csv(f'จังหวัด,ประชากร\nเลย,5\nตาก,"{cell}"\n'), POP, constants=Y64) == {("bad_value", 3, "B", cell)}


def test_units_of_headings_and_titles(csv: Callable[..., Path]) -> None:
    assert by_place(loads(csv("ปี,จังหวัด,งบประมาณ (พันบาท)\n2565,เลย,1.5\n"), PAO))["42"] == 1500
    assert by_place(loads(csv("งบ อบจ. ปีงบประมาณ 2565\nหน่วย : ล้านบาท\nจังหวัด,งบประมาณ\nตาก,1.5\nเลย,2\n"), PAO))["63"] == 1_500_000


# ---- same as above ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("mark", ["", "-", '"', "″", "〃", "“", "”", "''", "ditto"])
def test_same_as_above(workbook: Callable[..., Path], mark: str) -> None:
    grid: Grid = [
        ["จังหวัด", "แผนงาน", "งบประมาณ(บาท)", "ปีงบประมาณ"],
        ["เลย", "ก", 10, 2565],
        [mark or None, "ข", 20, mark or None],
        ["ตาก", "ก", 7, 2565],
        [mark or None, "ข", 8, mark or None],
    ]
    assert by_place(loads(workbook(grid), PAO), "period") == {("42", "FY2565"): 30, ("63", "FY2565"): 15}


def test_a_ditto_of_a_number_is_not_guessed(csv: Callable[..., Path]) -> None:
    assert refuses(csv("จังหวัด,ประชากร\nเลย,5\nตาก,″\n"), POP, constants=Y64) == {("bad_value", 3, "B", "″")}


# ---- periods and dates ----------------------------------------------------------------------------------------------------
def test_periods_however_written(csv: Callable[..., Path]) -> None:
    cells = ["เทอม 1 ปี 2565", "1/2565", "ภาคเรียนที่ ๒ ปีการศึกษา ๒๕๖๕", "2/65", "1/2022", "2565/2", "2565-1", "๑/๒๕๖๕"]
    rows = "".join(f"ศูนย์ {i},เลย,{cell},10\n" for i, cell in enumerate(cells))
    frame = loads(csv("ชื่อศูนย์,จังหวัด,เทอม,จำนวนเด็ก\n" + rows), "centre_semester")
    assert sorted(frame["semester"]) == sorted(["2565-1"] * 5 + ["2565-2"] * 3)
    years = "จังหวัด,ปีงบประมาณ,งบประมาณ\nเลย,2022,1\nตาก,๒๕๖๖,2\nน่าน,พ.ศ. 2567,3\nตรัง,FY2565,4\nแพร่,65,5\n"
    found = by_place(loads(csv(years, name="y.csv"), PAO), "period")
    assert {p for _, p in found} == {"FY2565", "FY2566", "FY2567"}
    assert found["54", "FY2565"] == 5


@pytest.mark.parametrize("period", ["FY2564", "AY2564", "2564-1", "1/2564", "ไม่รู้", "3000"])
def test_periods_of_another_kind_are_refused(csv: Callable[..., Path], period: str) -> None:
    errors = refuses(csv("จังหวัด,ประชากร\nเลย,5\nตาก,1\n"), POP, constants={"period": period})
    assert {code for code, *_ in errors} == {"bad_constant"}


def test_dates_however_written(csv: Callable[..., Path]) -> None:
    cells = ["๑ ต.ค. ๒๕๖๕", "1/10/65", "1 ตุลาคม พ.ศ. 2565", "2022-10-01", "1 Oct 2022", "01-10-2565", "1ตค.65", "1.10.2565"]
    rows = "".join(f"lunch,b{i},{cell},21,day,approved,ครม.\n" for i, cell in enumerate(cells))
    frame = loads(csv("อัตรา,ขั้นหรือระดับ,มีผลตั้งแต่,บาท,ต่อ,สถานะ,ที่มา\n" + rows), "rate")
    assert set(pd.to_datetime(frame["effective_from"]).dt.date) == {dt.date(2022, 10, 1)}


def test_dates_of_spreadsheets(workbook: Callable[..., Path]) -> None:
    head = ["อัตรา", "ขั้นหรือระดับ", "มีผลตั้งแต่", "บาท", "ต่อ", "สถานะ", "ที่มา"]
    rest = [21, "day", "approved", "x"]
    grid = [head, ["lunch", "a", dt.datetime(2022, 10, 1), *rest], ["lunch", "b", dt.datetime(2565, 10, 1), *rest]]
    frame = loads(workbook(grid), "rate")
    assert set(pd.to_datetime(frame["effective_from"]).dt.date) == {dt.date(2022, 10, 1)}


# ---- wide tables ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("heading", ["{y}", "ปีงบประมาณ {y}", "งบประมาณ {y}", "งบประมาณ ปี {y} (บาท)", "FY{y}"])
def test_a_column_per_year(csv: Callable[..., Path], heading: str) -> None:
    head = ",".join(["จังหวัด", *(heading.format(y=y) for y in (2564, 2565))])
    found = by_place(loads(csv(f"{head}\nเลย,1,2\nตาก,3,\n"), PAO), "period")
    assert found == {("42", "FY2564"): 1, ("42", "FY2565"): 2, ("63", "FY2564"): 3}


def test_a_column_per_year_beside_other_measures(csv: Callable[..., Path]) -> None:
    text = "จังหวัด,ประชากร 2564,ประชากร 2565,งบประมาณ 2564,งบประมาณ 2565\nเลย,9,9,1,2\nตาก,9,9,3,4\n"
    assert sum(by_place(loads(csv(text), PAO), "period").values()) == 10


def test_merged_years_over_sexes(workbook: Callable[..., Path]) -> None:
    grid: Grid = [
        ["จังหวัด", "2564", None, None, "2565", None, None],
        [None, "ชาย", "หญิง", "รวม", "ชาย", "หญิง", "รวม"],
        ["เลย", 1, 2, 3, 4, 5, 9],
        ["ตาก", 1, 1, 2, None, None, 4],
        ["น่าน", 1, 1, 2, 2, 2, 5],
        ["ตรัง", 1, 1, 2, 2, 2, 4],
    ]
    path = workbook(grid, merged=["B1:D1", "E1:G1", "A1:A2"])
    report = load(path, POP, dry_run=True)
    assert [(p.row, p.column, p.found, p.expected) for p in report.problems if p.code == "row_total"] == [(5, "G", "5", "4")]
    found = by_place(loads(path, POP), "period", "sex")
    assert found["42", "CY2565", "female"] == 5
    assert found["63", "CY2565", "all"] == 4, "parts blank, total given"
    assert ("63", "CY2564", "all") not in found
    maps.save_profile("กว้าง", report.profile)
    assert load(path, POP, profile="กว้าง").rows_written == {"reported_value": 15}


def test_a_column_per_semester_of_centres(csv: Callable[..., Path]) -> None:
    frame = loads(csv("จังหวัด,ชื่อศูนย์,เด็ก 1/2565,เด็ก 2/2565\nเลย,ก,10,12\nตาก,ข,5,6\n"), "centre_semester")
    assert sorted(zip(frame["semester"], frame["children"], strict=True)) == [
        ("2565-1", 5),
        ("2565-1", 10),
        ("2565-2", 6),
        ("2565-2", 12),
    ]
    draft = drafts.draft_in_progress()
    assert draft is not None
    assert draft.count("centre") == 2


def test_a_column_per_purpose(csv: Callable[..., Path]) -> None:
    text = "จังหวัด,ค่าใช้จ่ายทางการศึกษา,ค่าพาหนะ,รวมจำนวนเงิน\nเลย,5,1,6\nตาก,1,2,3\nน่าน,1,1,2\n"
    assert sum(by_place(loads(csv(text), "reported:assist.education_baht", constants={"period": "2556"})).values()) == 7
    assert (
        sum(
            by_place(
                loads(csv(text), "reported:assist.baht", constants={"period": "2557"}).query("indicator == 'assist.baht'")
            ).values()
        )
        == 11
    )


# ---- totals, notes, duplicates ----------------------------------------------------------------------------------------------
MESSY: Grid = [
    ["ตารางประชากร ปี 2564", None, None],
    [None, None, None],
    ["ลำดับ", "จังหวัด", "ประชากร"],
    [1, "เชียงใหม่", 10],
    [2, "ลำปาง", 20],
    [None, "รวมภาคเหนือ", 30],
    [3, "สงขลา", 5],
    [None, "รวมภาคใต้", 6],
    [None, "รวมทั้งสิ้น", 36],
    [None, None, None],
    [None, "หมายเหตุ * ข้อมูลเบื้องต้น", None],
    [None, "(นายสมชาย ใจดี)", None],
    [None, "นักวิชาการศึกษา", None],
]


def test_totals_that_do_not_add_are_named(workbook: Callable[..., Path]) -> None:
    path = workbook(MESSY)
    report = load(path, POP, dry_run=True)
    accounted(report)
    said = {(p.code, p.row, p.column, p.found, p.expected) for p in report.problems if p.severity == "warning"}
    assert {("subtotal", 8, "C", "6", "5"), ("stated_total", 9, "C", "36", "35")} <= said
    assert not [p for p in report.problems if p.code == "subtotal" and p.row == 6]
    assert sum(by_place(loads(path, POP)).values()) == 35
    assert "สมชาย" not in str(report.to_json("th")), "the name on the signature line is not repeated"


def test_totals_among_the_categories_are_not_summed(csv: Callable[..., Path]) -> None:
    rows = [
        ("เลย", "การศึกษา", 10),
        ("เลย", "สาธารณสุข", 20),
        ("เลย", "รวม", 30),
        ("ตาก", "การศึกษา", 1),
        ("ตาก", "สาธารณสุข", 2),
        ("ตาก", "รวม", 4),
    ]
    path = csv("ปีงบประมาณ,จังหวัด,แผนงาน,งบประมาณ(บาท)\n" + "".join(f"2565,{p},{plan},{n}\n" for p, plan, n in rows))
    report = load(path, PAO, dry_run=True)
    assert report.sheets[0].to_json()["excluded_counts"]["subtotal"] == 2
    assert [(p.row, p.found, p.expected) for p in report.problems if p.code == "group_total"] == [(7, "4", "3")]
    assert by_place(loads(path, PAO)) == {"42": 30, "63": 3}


def test_rows_that_nothing_tells_apart_are_duplicates(csv: Callable[..., Path]) -> None:
    errors = refuses(csv("จังหวัด,ประชากร\n" + "เลย,1\nตาก,2\n" * 3), POP, constants=Y64)
    assert {(code, row) for code, row, *_ in errors} == {("duplicate_key", row) for row in (4, 5, 6, 7)}


def test_two_columns_of_one_heading(csv: Callable[..., Path]) -> None:
    path = csv("จังหวัด,ประชากร,ประชากร\nเลย,1,2\nตาก,3,4\n")
    assert refuses(path, POP, constants=Y64) == {("ambiguous_column", 1, "B", "B, C")}
    with pytest.raises(UsageError, match="B, C"):
        load(path, POP, constants=Y64, mapping={"value": "ประชากร"})
    report = load(path, POP, constants=Y64, mapping={"value": "C"})
    assert report.profile["columns"]["value"] == "C", "a profile names it by its letter"
    assert by_place(loads(path, POP, constants=Y64, mapping={"value": "C"})) == {"42": 2, "63": 4}


def test_bangkok_among_provincial_organisations(csv: Callable[..., Path]) -> None:
    report = load(csv("ปีงบประมาณ,จังหวัด,งบประมาณ\n2565,กทม.,5\n2565,เลย,1\n"), PAO, dry_run=True)
    assert [p.found for p in report.problems if p.code == "unexpected_place"] == ["10"]
    assert report.sheets[0].audit["FY2565"]["present"] == 1


# ---- places -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((t, "10") for t in ("กทม.", "กรุงเทพฯ", "กรุงเทพ ฯ", "Bangkok", "10", "๑๐")),
        *((t, "14") for t in ("อยุธยา", "Ayutthaya", "พระนครศรีอยุธยา")),
        *((t, "30") for t in ("โคราช", "Korat", "จ.นครราชสีมา")),
        *((t, "50") for t in ("จ.เชียงใหม่", "จังหวัดเชียงใหม่", "จังหวัด เชียงใหม่", "Chiang Mai", "ChiangMai", "TH-50", "50.0")),
        ("หนองบัวลําภู", "39"),
        ("Phang-nga", "82"),
    ],
)
def test_provinces_that_are_certain(text: str, code: str) -> None:
    assert Matcher().match("province", text) == (code, None)


@pytest.mark.parametrize(("text", "code"), [("ศรีษะเกษ", "33"), ("บุรีรัม", "31"), ("นครศีรธรรมราช", "80"), ("Loburi", "16")])
def test_provinces_that_are_guesses(text: str, code: str) -> None:
    found, guess = Matcher().match("province", text)
    assert (found, guess is not None) == (code, True)


@pytest.mark.parametrize("text", ["ดาวอังคาร", "ภาคเหนือ", "99", "1000", "สมุทร"])
def test_no_province(csv: Callable[..., Path], text: str) -> None:
    errors = refuses(csv(f"จังหวัด,ประชากร\nเลย,1\n{text},2\nตาก,3\nน่าน,3\n"), POP, constants=Y64, accept_guesses=True)
    assert errors == {("place_unknown", 3, "A", text)}


def test_districts_of_one_name(csv: Callable[..., Path]) -> None:
    path = csv("อำเภอ,ชื่อศูนย์,จังหวัด,จำนวนเด็ก\nเมือง,ก,เลย,10\nเฉลิมพระเกียรติ,ข,นครราชสีมา,20\nคลองท่อม,ค,กระบี่,3\n")
    loads(path, "centre_semester", constants={"semester": "1/2565"})
    draft = drafts.draft_in_progress()
    assert draft is not None
    assert set(draft.read("centre")["district_code"]) == {"4201", "3032", "8104"}
    draft.discard()
    report = load(csv("อำเภอ,ชื่อศูนย์,จำนวนเด็ก,จังหวัด\nเฉลิมพระเกียรติ,ข,20,\nคลองท่อม,ค,3,กระบี่\n"), "centre", dry_run=True)
    unknown = next(p for p in report.problems if p.code == "place_unknown")
    assert "3032 เฉลิมพระเกียรติ (นครราชสีมา)" in unknown.expected_in("th")
    assert "3032 Chaloem Phra Kiat (Nakhon Ratchasima)" in unknown.expected_in("en")


# ---- codes --------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["1.01E+09", "10107200", "101072000A", "10107200011"])
def test_school_codes_that_a_spreadsheet_has_spoilt(csv: Callable[..., Path], code: str) -> None:
    errors = refuses(csv(f"รหัสโรงเรียน,ปีการศึกษา,ชั้น,วิชา,จำนวนผู้สอบ\n{code},2565,ป.6,ไทย,10\n"), "school_result")
    assert errors == {("bad_value", 2, "A", code)}


def test_an_unknown_school_is_named(workbook: Callable[..., Path]) -> None:
    grid = [["รหัสโรงเรียน", "ปีการศึกษา", "ชั้น", "วิชา", "จำนวนผู้สอบ"], [1010720001.0, 2565, "ป.6", "ไทย", 10]]
    assert refuses(workbook(grid), "school_result") == {("unknown_reference", 2, "A", "1010720001")}


# ---- workbooks ----------------------------------------------------------------------------------------------------------------
def test_a_hidden_sheet_gives_way_and_is_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for i, name in enumerate(("old", "new")):
        sheet = book.create_sheet(name)
        for row in (["จังหวัด", "ประชากร"], ["เลย", i], ["ตาก", i]):
            sheet.append(row)
    book.remove(book.worksheets[0])
    book["old"].sheet_state = "hidden"
    book.save(tmp_path / "h.xlsx")
    report = load(tmp_path / "h.xlsx", POP, constants=Y64)
    assert by_place(loads(tmp_path / "h.xlsx", POP, constants=Y64)) == {"42": 1, "63": 1}
    assert report.other_sheets == [{"sheet": "old", "rows": 3, "hidden": True}]
    assert "hidden_sheet" in {p.code for p in inspect(tmp_path / "h.xlsx").sheets[0].problems}


def test_formulas_without_results_and_their_errors(workbook: Callable[..., Path]) -> None:
    path = workbook([["จังหวัด", "ประชากร", "หมายเหตุ"], ["เลย", "=1+1", "x"], ["ตาก", "#REF!", "=1/0"], ["น่าน", 3, "y"]])
    assert refuses(path, POP, constants=Y64) == {("bad_value", 2, "B", "=1+1"), ("bad_value", 3, "B", "#REF!")}
    lost = {(p.column, p.row, p.found) for p in inspect(path).problems if p.code == "formula_lost"}
    assert lost == {("B", 2, "=1+1"), ("C", 3, "=1/0")}


def test_formulas_with_results_are_read(tmp_path: Path, workbook: Callable[..., Path]) -> None:
    path = workbook([["จังหวัด", "ประชากร"], ["เลย", "=1+1"], ["ตาก", 3]])
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(tmp_path / "c.xlsx", "w") as copy:
        for name in archive.namelist():
            copy.writestr(
                name,
                archive.read(name)
                .replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
                .replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>"),
            )
    assert by_place(loads(tmp_path / "c.xlsx", POP, constants=Y64)) == {"42": 2, "63": 3}


def test_one_cell_in_the_last_corner_does_not_take_all_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["จังหวัด", "ประชากร"])
    sheet["ALK900000"] = "x"
    book.save(tmp_path / "far.xlsx")
    with pytest.raises(ImportRefused, match="900000 rows and 999 columns"):
        inspect(tmp_path / "far.xlsx")
    sheet["XFD2"] = "x"
    book.save(tmp_path / "far.xlsx")
    with pytest.raises(ImportRefused, match="16384 columns"):
        inspect(tmp_path / "far.xlsx")


def test_repeated_cells_of_ods_do_not_take_all_memory(tmp_path: Path) -> None:
    pd.DataFrame({"จังหวัด": ["เลย", "ตาก"], "ประชากร": [1, 2]}).to_excel(tmp_path / "a.ods", engine="odf", index=False)
    assert by_place(loads(tmp_path / "a.ods", POP, constants=Y64)) == {"42": 1, "63": 2}
    with (
        zipfile.ZipFile(tmp_path / "a.ods") as archive,
        zipfile.ZipFile(tmp_path / "bomb.ods", "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for name in archive.namelist():
            data = archive.read(name)
            bomb.writestr(name, data.replace(b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1000000">'))
    with pytest.raises(ImportRefused, match="rows"):
        inspect(tmp_path / "bomb.ods")


# ---- text and other files -------------------------------------------------------------------------------------------------------
PLAIN = "จังหวัด,ประชากร\nเลย,1\nตาก,2\n"


def test_thai_once_read_as_western_european(csv: Callable[..., Path]) -> None:
    assert by_place(loads(csv(PLAIN.encode("cp874").decode("latin-1")), POP, constants=Y64)) == {"42": 1, "63": 2}


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode() + "น่าน,3\n".encode("cp874"),
        PLAIN.encode()[:-6],
        PLAIN.replace("ตาก", "ตา\x00ก").encode(),
        b"a\x00b,c\nd\x00,1\n",
        b"\xff\xfe" + PLAIN.encode("utf-16-le")[:-1],
        b"%PDF-1.4\n%\xe2\xe3\n1 0 obj",
        b"\x89PNG\r\n\x1a\n",
        b"PK\x03\x04" + b"x" * 50,
        b"PAR1" + b"x" * 50,
        b"\xd0\xcf\x11\xe0" + b"x" * 600,
        b"<html><body>no table</body></html>",
        b"",
        b" \n \n",
        "จังหวัด,ประชากร\n".encode(),
        "บันทึกข้อความ\nเรียน ผู้อำนวยการ\n".encode(),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "ไฟล์.csv"
    path.write_bytes(data)
    if data == PLAIN.encode()[:-6]:
        path.write_bytes(PLAIN.encode()[:-6] + b"\xe0\xb8")
    with pytest.raises(ImportRefused) as refusal:
        load(path, POP, constants=Y64)
    assert re.search(r"[ก-๛]", refusal.value.message("th"))
    assert refusal.value.message("th") != refusal.value.message("en")
    assert drafts.draft_in_progress() is None


def test_wrong_extensions_and_web_pages(csv: Callable[..., Path], workbook: Callable[..., Path]) -> None:
    page = "<html><head><meta charset=windows-874></head><table><tr><td colspan=2>ประชากร ปี 2564<tr><th>จังหวัด<th>ประชากร<tr><td>เลย<td>1<tr><td>ตาก<td>2</table>"
    for path in (
        csv(page, "cp874", "web.xls"),
        csv(PLAIN, name="text.xlsx"),
        workbook([["จังหวัด", "ประชากร"], ["เลย", 1], ["ตาก", 2]], name="book.csv"),
    ):
        assert by_place(loads(path, POP, constants=Y64)) == {"42": 1, "63": 2}, path.name


# ---- persons --------------------------------------------------------------------------------------------------------------------
PUPIL = ["ภาคเรียน", "รหัสโรงเรียน", "ระดับ", "เพศ", "สถานะความยากจน", "ขั้นตอน"]
REST = ["1/2565", "1010720001", "ประถมศึกษา", "ชาย", "ยากจน", "จ่ายแล้ว"]


@pytest.mark.parametrize("number", [person_id(1), "1234567890123", "123456789012", "1-2345-67890-12-3"])
def test_no_key_no_pupils(workbook: Callable[..., Path], number: str) -> None:
    errors = refuses(workbook([["เลขประจำตัวประชาชน", *PUPIL], [number, *REST]]), "pupil_grant")
    assert errors == {("id_key_missing", 1, "A", "")}


def test_a_bad_check_digit_is_refused_without_showing_it(workbook: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_ID_KEY", "a key for tests only")
    report = load(workbook([["เลขประจำตัวประชาชน", *PUPIL], ["1234567890123", *REST]]), "pupil_grant")
    bad = next(p for p in report.problems if p.code == "bad_value")
    assert (bad.row, bad.column, bad.found) == (2, "A", "•••")
    assert "1234567890123" not in str(report.to_json("th"))


def test_names_of_pupils_are_left_out_and_said(workbook: Callable[..., Path]) -> None:
    grid = [["pupil_key", "คำนำหน้า", "ชื่อ", "สกุล", *PUPIL], ["abcdef0123456789", "ด.ช.", "สมชาย", "ใจดี", *REST]]
    report = load(workbook(grid), "pupil_grant", dry_run=True)
    assert {p.column for p in report.problems if p.code == "person_name_column"} == {"B", "C", "D"}
    assert "สมชาย" not in str(report.to_json("th"))


def test_ids_in_titles_and_notes_are_masked(workbook: Callable[..., Path]) -> None:
    path = workbook([[f"ผู้รายงาน {person_id(4)}"], ["จังหวัด", "ประชากร"], ["เลย", 1], ["ตาก", 2], [f"หมายเหตุ ติดต่อ {person_id(5)}"]])
    said = str(load(path, POP, constants=Y64, dry_run=True).to_json("th")) + str(inspect(path).to_json("en"))
    assert person_id(4) not in said
    assert person_id(5) not in said


def test_an_abbreviation_column_is_no_national_id(csv: Callable[..., Path]) -> None:
    assert not inspect(csv("p_id,name,population\nกจ,กาญจนบุรี,1\nกทม,กรุงเทพมหานคร,2\n")).problems


# ---- whole or not at all --------------------------------------------------------------------------------------------------------
def test_a_crash_between_two_tables_leaves_neither(csv: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    from data_access.store import engines

    insert = engines.bulk_insert

    def crash(connection: Any, table: Any, frame: pd.DataFrame) -> None:
        if table.name == "centre_semester":
            raise OSError("disk full")
        insert(connection, table, frame)

    monkeypatch.setattr(engines, "bulk_insert", crash)
    with pytest.raises(OSError, match="disk full"):
        load(csv("จังหวัด,ชื่อศูนย์,เทอม,จำนวนเด็ก\nเลย,ก,1/2565,10\nบุรีรัม,ข,1/2565,5\n"), "centre_semester", accept_guesses=True)
    draft = drafts.draft_in_progress()
    assert draft is not None
    assert (draft.count("centre"), draft.count("centre_semester")) == (0, 0)
    assert Matcher().known == {}, "nothing is remembered of a load that failed"


def test_places_that_an_indicator_does_not_know(csv: Callable[..., Path]) -> None:
    path = csv("อำเภอ,ประชากร\nเขาพนม,10\nเกาะลันตา,20\nคลองท่อม,1\n")
    assert refuses(path, POP, constants=Y64) == {("place_level", 1, "A", "district")}


# ---- files that would end the process ------------------------------------------------------------------------------------------
FAR = {
    "far cell": b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "row told by the cell alone": b'<row><c r="A1"><v>1</v></c></row><row><c r="XFD1048576"><v>1</v></c></row>',
    "other quotes": b"<row r='1'><c r='A1'><v>1</v></c></row><row r = '1048576'><c r = 'xfd1048576'><v>1</v></c></row>",
    "as an entity": b'<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="&#88;FD1048576"><v>1</v></c></row>',
}


def with_sheet(path: Path, rows: bytes, name: str = "xl/worksheets/sheet1.xml") -> Path:
    """A workbook whose one sheet holds these rows, written as a hostile program would."""
    book = openpyxl.Workbook()
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    del members["xl/worksheets/sheet1.xml"]
    members[name] = head + rows + b"</sheetData></worksheet>"
    links = members["xl/_rels/workbook.xml.rels"].replace(b"/xl/worksheets/sheet1.xml", b"/" + name.encode())
    members["xl/_rels/workbook.xml.rels"] = links
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


@pytest.mark.parametrize("rows", FAR.values(), ids=FAR)
@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/elsewhere/data.xml"])
def test_a_cell_far_away_is_refused_before_memory_is_taken(tmp_path: Path, rows: bytes, name: str) -> None:
    """The reader of values would ask for 512 GB, and its refusal ends the process with everybody on it."""
    with pytest.raises(ImportRefused):
        inspect(with_sheet(tmp_path / "far.xlsx", rows, name))


def test_an_archive_that_only_the_reader_of_values_can_open_is_refused(tmp_path: Path) -> None:
    path = with_sheet(tmp_path / "far.xlsx", FAR["far cell"])
    content = bytearray(path.read_bytes())
    at = content.index(b"xl/worksheets/sheet1.xml") + 40
    content[at] ^= 1
    path.write_bytes(content)
    with pytest.raises(ImportRefused):
        inspect(path)


def test_a_plain_sheet_made_by_that_program_is_read(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="str"><v>จังหวัด</v></c><c r="B1" t="str"><v>ประชากร</v></c></row>'
    rows += '<row r="2"><c r="A2" t="str"><v>เลย</v></c><c r="B2"><v>5</v></c></row>'
    assert by_place(loads(with_sheet(tmp_path / "plain.xlsx", rows.encode()), POP, constants=Y64)) == {"42": 5}


# ---- files that are small on the disk and large in memory ------------------------------------------------------------------------
@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits a thousandth of the real ones: `python -m tests.reliability` measures the memory of the real ones."""
    small = replace(LIMITS, cells=2_000, texts=200_000, separators=200, unzipped_ratio=10_000)
    monkeypatch.setattr(reading, "LIMITS", small)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (hostile.empty_cells(31, 1_000), "no filled cell"),
        (b"x" + b"," * 1_500, "1 rows and"),
        (b'"a\n' + b'",,,"\n' * 500, "1 rows and"),  # one row over many lines
        (b"a,b,c\n" + b"1,2,3\n" * 700, "667 rows and 3 columns"),
        (hostile.web_page(7_000), "rows and 20 columns"),
        (b"<html><table>" + b"<table><tr><td>1</table>" * 2_100 + b"</html>", "together"),
        (hostile.many_cells(290, 30), "290 rows and 30 columns"),
        (hostile.shared_text(60, 30_000), "more text than can be held"),
    ],
    ids=["empty", "one row", "row of many lines", "short", "page", "tables", "workbook", "shared text"],
)
def test_shape_is_known_before_cells_are_made(tmp_path: Path, narrow: None, content: bytes, words: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(ImportRefused, match=words) as refusal:
        reading.read_file(path, whole=True)
    assert re.search(r"[ก-๛]", refusal.value.message("th"))


def test_one_row_of_many_cells_that_say_no_place_is_as_wide_as_they_are(tmp_path: Path) -> None:
    """A reader would make the rectangle of both rows: 3,600 million cells."""
    path = tmp_path / "wide.xlsx"
    row = b'<row r="1">' + b"<c><v>1</v></c>" * 60_000 + b'</row><row r="60000"><c><v>1</v></c></row>'
    path.write_bytes(hostile.workbook(row))
    with pytest.raises(ImportRefused, match="60000 rows and 60000 columns"):
        reading.read_file(path)


def test_rows_and_cells_that_say_no_place_are_read(tmp_path: Path) -> None:
    path = tmp_path / "plain.xlsx"
    path.write_bytes(hostile.workbook(b"<row><c><v>1</v></c><c><v>2</v></c></row>" * 1_500))
    assert reading.read_file(path)[0].cells == [[1, 2]] * 1_500


def test_blank_cells_and_rows_beside_a_table_take_nothing(tmp_path: Path, narrow: None) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b" + "," * 150 + "\n1,0" + "," * 150 + "\n" + "\n" * 5_000, "utf-8")
    assert reading.read_file(path, whole=True)[0].cells == [["a", "b"], ["1", "0"]]


def test_of_tables_in_tables_the_innermost_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text(
        "<html><table><tr><td>out<table><thead><tr><th>a<th colspan=2>b <b>c</b></thead><tr><td rowspan=2>1<td>2<td>3<tr><td>4</table>x</table><table><tr><td>z</table>",
        "utf-8",
    )
    first, second = reading.read_file(path)
    assert first.cells == [["a", "b c", None], ["1", "2", "3"], [None, "4", None]]
    assert first.merged == [(0, 1, 0, 2), (1, 0, 2, 0)]
    assert second.cells == [["z"]]


# ---- files whose memory only their library knows, read by a process of their own -------------------------------------------------
@pytest.mark.parametrize(
    "content",
    [
        hostile.old_shared_text(4_000, 30_000),
        hostile.far_cells(8),
        hostile.open_document(100, 90, 30_000),
        hostile.dictionary(1_000, 1_000_000),
    ],
    ids=["text of an XLS", "corners of an XLS", "text of an ODS", "dictionary"],
)
def test_a_library_takes_no_more_memory_than_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(reading, "LIMITS", replace(LIMITS, memory=80 * 1024**2))
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(ImportRefused, match="more than 80 MB of memory") as refusal:
        reading.read_file(path)
    assert re.search(r"[ก-๛]", refusal.value.message("th"))


def test_texts_that_fit_one_by_one_are_too_many_together(tmp_path: Path, narrow: None) -> None:
    path = tmp_path / "file"
    for content in (hostile.old_shared_text(20, 30_000), hostile.open_document(10, 2, 30_000), hostile.dictionary(20, 30_000)):
        path.write_bytes(content)
        with pytest.raises(ImportRefused, match="more text than can be held"):
            reading.read_file(path)


def test_a_library_takes_no_more_time_than_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LIMITS", replace(LIMITS, seconds=1))
    path = tmp_path / "file.ods"
    path.write_bytes(hostile.open_document(1_900, 1_000, 20))
    with pytest.raises(ImportRefused, match="more than 1 seconds") as refusal:
        reading.read_file(path)
    assert re.search(r"[ก-๛]", refusal.value.message("th"))


def test_what_is_read_apart_is_what_is_read_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = openpyxl.Workbook()
    first, second = book.worksheets[0], book.create_sheet("ที่สอง")
    first["C4"], first["D5"], first["E6"] = "ก", dt.datetime(2021, 5, 1, 10, 30), dt.time(8, 5)
    first["D7"], first["D8"], first["E8"], first["D8"].number_format = True, 0.25, "=1+1", "0%"
    first.merge_cells("C4:D4")
    first.row_dimensions[5].hidden = True
    second.sheet_state = "hidden"
    second["A1"] = 1.5
    book.save(path := tmp_path / "a.xlsx")
    here = reading.read_file(path)
    monkeypatch.setattr(reading, "LIMITS", replace(LIMITS, own_bytes=0))
    assert reading.read_file(path) == here
    assert [len(sheet.cells) for sheet in here] == [8, 1]
    assert here[0].cells[3] == [None, None, "ก", None, None]


def test_a_process_that_reads_a_file_knows_no_secret_and_sends_only_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have been taken over by the file."""
    given: list[dict[str, str]] = []

    def started(command: list[str], env: dict[str, str], **more: object) -> None:
        given.append(env)
        raise FileNotFoundError(command[0])

    monkeypatch.setenv("SAMOEPHAK_ID_KEY", "a secret of the server")
    monkeypatch.setattr(apart.subprocess, "Popen", started)
    with pytest.raises(FileNotFoundError):
        next(apart.read("workbook", Path("a.xls"), "a.xls", LIMITS))
    assert not [name for name in given[0] if "SAMOEPHAK" in name]
    with pytest.raises(pickle.UnpicklingError):
        apart._Pieces(io.BytesIO(pickle.dumps(("", os.getcwd)))).load()


def test_a_process_that_ends_without_a_word_is_told_as_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "ENVIRONMENT", {"PYTHONPATH": str(tmp_path)})
    path = tmp_path / "a.ods"
    path.write_bytes(hostile.open_document(1, 1, 1))
    with pytest.raises(ImportRefused, match="damaged"):
        reading.read_file(path)


def test_a_cell_too_long_is_not_taken_for_an_open_quotation_mark(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("จังหวัด,จำนวน\nเลย,1\nตาก," + "9" * 1_000_001 + "\n", encoding="utf-8")
    with pytest.raises(ImportRefused, match=r"A cell in row 3 of long\.csv has more than 1000000 letters"):
        reading.read_file(path)


@pytest.mark.parametrize("rows", [3, LIMITS.held_rows + 1])
@pytest.mark.parametrize("kind", [pa.date32(), pa.date64(), pa.duration("s"), pa.timestamp("s"), pa.time64("us")], ids=str)
def test_days_beyond_the_calendar_end_in_words(tmp_path: Path, kind: pa.DataType, rows: int) -> None:
    path = tmp_path / "far.parquet"
    number = 2**40 if kind.bit_width == 64 else 2**24
    far = (
        pa.array([number - number % 86_400_000] * rows, pa.int64())
        .cast(pa.int32() if kind == pa.date32() else pa.int64())
        .view(kind)
    )
    parquet.write_table(pa.table({"จังหวัด": ["เลย"] * rows, "วัน": far, "จำนวน": [1] * rows}), path)
    with suppress(ImportRefused):
        inspect(path)
