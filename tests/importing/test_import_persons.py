"""National IDs and names never come in; IDs become keyed hashes or the file is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from data_access.contract.national_ids import valid_id
from data_access.importing import identifiers
from data_access.importing.inspecting import inspect
from data_access.importing.loading import load
from data_access.importing.workbook import report_bytes, write_report
from data_access.publishing import drafts
from tests.importing.conftest import person_id

HEAD = ["เลขประจำตัวประชาชน", "ภาคเรียนที่", "รหัสโรงเรียน", "ระดับ", "เพศ", "สถานะความยากจน", "ขั้นตอน"]
REST = ["1/2565", "1010720001", "ประถมศึกษา", "ชาย", "ยากจน", "จ่ายแล้ว"]
KEY = "a key for tests only"


def test_check_digit() -> None:
    assert valid_id(person_id(7))
    wrong = person_id(7)[:-1] + str((int(person_id(7)[-1]) + 1) % 10)
    assert not valid_id(wrong)
    assert identifiers.contains_id(f"นักเรียน {person_id(7)}")
    spaced = person_id(7)
    assert identifiers.contains_id(f"{spaced[0]}-{spaced[1:5]}-{spaced[5:10]}-{spaced[10:12]}-{spaced[12]}")
    assert identifiers.contains_id(float(spaced))


def test_no_key_no_ids(workbook: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook([HEAD, [person_id(1), *REST], [person_id(2), *REST]])
    report = load(path, "pupil_grant")
    assert not report.ok
    assert {p.code for p in report.problems if p.severity == "error"} == {"id_key_missing"}
    monkeypatch.setenv("SAMOEPHAK_ID_KEY", "short")
    assert not load(path, "pupil_grant").ok


def test_ids_are_hashed_and_never_shown(workbook: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SAMOEPHAK_ID_KEY", KEY)
    wrong = person_id(3)[:-1] + str((int(person_id(3)[-1]) + 1) % 10)
    path = workbook([HEAD, [person_id(1), *REST], [person_id(2), *REST], [wrong, *REST]])
    report = load(path, "pupil_grant", dry_run=True)
    said = json.dumps(report.to_json("th"), ensure_ascii=False) + json.dumps(inspect(path).to_json("en"), ensure_ascii=False)
    book = openpyxl.load_workbook(write_report(report, tmp_path / "r.xlsx"))
    said += " ".join(str(c.value) + str(c.comment.text if c.comment else "") for s in book.worksheets for row in s for c in row)
    for secret in (person_id(1), person_id(2), wrong):
        assert secret not in said
    assert [p.row for p in report.problems if p.code == "bad_value"] == [4]


def test_the_hash_is_stored(workbook: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_ID_KEY", KEY)
    draft = drafts.open_draft()
    school = {
        "school_code": "1010720001",
        "lao_code": "1010101",
        "subdistrict_code": "100101",
        "name_th": "ก",
        "level": "primary",
    }
    draft.upsert("school", pd.DataFrame([school]), "test")
    report = load(workbook([HEAD, [person_id(1), *REST], [float(person_id(2)), *REST]]), "pupil_grant")
    assert report.ok
    assert set(draft.read("pupil_grant")["pupil_key"]) == {identifiers.keyed_hash(person_id(n)) for n in (1, 2)}
    before = identifiers.keyed_hash(person_id(1))
    monkeypatch.setenv("SAMOEPHAK_ID_KEY", KEY + "2")
    assert identifiers.keyed_hash(person_id(1)) != before


def test_ids_and_names_outside_the_key_refuse(workbook: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_ID_KEY", KEY)
    centres = [["จังหวัด", "ชื่อศูนย์พัฒนาเด็กเล็ก"], ["เลย", person_id(5)], ["ตาก", person_id(6)]]
    report = load(workbook(centres), "centre")
    assert not report.ok
    assert "id_column" in {p.code for p in report.problems if p.severity == "error"}
    names = [["จังหวัด", "ชื่อ-นามสกุล"], ["เลย", "ก ข"], ["ตาก", "ค ง"]]
    report = load(workbook(names), "centre", mapping={"name_th": "ชื่อ-นามสกุล"})
    assert not report.ok
    assert "person_name_column" in {p.code for p in report.problems if p.severity == "error"}


def test_columns_of_ids_and_names_are_left_out_and_said(workbook: Callable[..., Path]) -> None:
    grid = [
        ["จังหวัด", "ประชากร", "เลขบัตรประชาชนผู้รายงาน", "ชื่อ-สกุลผู้รายงาน"],
        ["เลย", 5, person_id(5), "ก ข"],
        ["ตาก", 6, person_id(6), "ค ง"],
    ]
    report = load(workbook(grid), "reported:population.registered", constants={"period": "CY2564"}, dry_run=True)
    assert report.ok
    assert {"id_column", "person_name_column"} <= {p.code for p in report.problems if p.severity == "note"}
    assert person_id(5) not in json.dumps(report.to_json("th"), ensure_ascii=False)


def test_reports_run_no_formulas(workbook: Callable[..., Path], tmp_path: Path) -> None:
    evil = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1"]
    path = workbook(
        [["ชื่อ", "จังหวัด", "ประชากร"], *[[f"x{e}"[1:], "เลย", i] for i, e in enumerate(evil)], ["ก", "=HYPERLINK()", 5]],
        name="=evil.xlsx",
    )
    (tmp_path / "r.xlsx").write_bytes(report_bytes(inspect(path)))
    for sheet in openpyxl.load_workbook(tmp_path / "r.xlsx").worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not (isinstance(cell.value, str) and cell.value[:1] in "=+-@\t" and cell.value)


def test_offending_cells_are_marked(workbook: Callable[..., Path], tmp_path: Path) -> None:
    path = workbook([["จังหวัด", "ชาย", "หญิง", "รวม"], ["เลย", 1, 2, 3], ["ตาก", 1, 1, 5], ["ตรัง", 2, 2, 4], ["น่าน", 2, 2, 4]])
    book = openpyxl.load_workbook(write_report(inspect(path), tmp_path / "r.xlsx", "en"))
    cell = book.worksheets[2]["D3"]
    assert cell.comment is not None
    assert "add to 2" in cell.comment.text
    assert cell.fill.start_color.rgb == "00FCE29A"
