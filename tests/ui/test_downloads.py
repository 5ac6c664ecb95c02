"""Exports carry their context and never run as formulas."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd

from handouts.common import inert
from ui.kit.downloads import to_csv, to_xlsx
from ui.kit.provenance import Context

FACTS = Context("ชื่อ", "ภาคเรียนที่ 1/2565 · ทั้งประเทศ", "30 ก.ย. 2568", "r1", "ที่มา", "ปกปิด", "ข้อมูลสาธิต")
TABLE = pd.DataFrame({"จังหวัด": ["เชียงใหม่", "=HYPERLINK(1)"], "ค่า": [1.5, None]})


def test_formulas_are_inert() -> None:
    assert [inert(v) for v in ("=1+1", "+1", "-1", "@x", "\tx", "ปกติ", -1.5)] == [
        "'=1+1",
        "'+1",
        "'-1",
        "'@x",
        "'\tx",
        "ปกติ",
        -1.5,
    ]


def test_csv_has_bom_and_context_on_every_row() -> None:
    raw = to_csv(TABLE, FACTS, "th")
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = raw.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert all("r1" in line and "ภาคเรียนที่ 1/2565" in line and "ข้อมูลสาธิต" in line for line in lines[1:])
    assert "'=HYPERLINK(1)" in lines[2]


def test_xlsx_has_metadata_and_text_cells() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(TABLE, FACTS, "en")))
    assert book.sheetnames == ["Numbers", "About these numbers"]
    sheet = book["Numbers"]
    assert sheet["A3"].data_type == "s"
    assert sheet["A3"].value == "'=HYPERLINK(1)"
    about = {row[0].value: row[1].value for row in book["About these numbers"].iter_rows()}
    assert about["Release"] == "r1"
    assert about["Notice"] == "ข้อมูลสาธิต"
