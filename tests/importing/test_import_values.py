"""Cells to values."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from data_access.contract import schema
from data_access.importing import values


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("๑,๒๓๔.๕", 1234.5),
        ("1,234", 1234),
        ("(1,200)", -1200),
        ("-5", -5),
        ("−5", -5),
        ("12%", 0.12),
        (" 7 ", 7),
        (3, 3),
        ("1,000 บาท", 1000),
        ("-", None),
        ("–", None),
        ("", None),
        (None, None),
        ("ไม่มีข้อมูล", None),
        ("1.5e3", 1500),
        (".5", 0.5),
    ],
)
def test_numbers(cell: Any, expected: float | None) -> None:
    assert values.number(cell) == expected


@pytest.mark.parametrize("cell", ["สิบ", "1/2565", "12 34", True, dt.date(2022, 1, 1), "1,2,3", "ป.1"])
def test_not_numbers(cell: Any) -> None:
    with pytest.raises(values.BadValue):
        values.number(cell)


def test_nan_is_a_province_not_a_gap() -> None:
    assert values.text("Nan") == "Nan"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("2565", 2565), (2022, 2565), ("๒๕๖๕", 2565), ("พ.ศ. 2565", 2565), (2565.0, 2565), ("65", 2565), ("ค.ศ. 2022", 2565)],
)
def test_years(cell: Any, expected: int) -> None:
    assert values.buddhist_year(cell) == expected


@pytest.mark.parametrize(
    "cell", ["1/2565", "2565-1", "๑/๒๕๖๕", "ภาคเรียนที่ 1/2565", "ภาคเรียนที่ ๑ ปีการศึกษา ๒๕๖๕", "2565/1", "1/65", "1/2022"]
)
def test_semesters(cell: str) -> None:
    assert values.semester(cell) == "2565-1"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("๑๖ พ.ค. ๕๓", dt.date(2010, 5, 16)),
        (" ๑๖ พ.ค.๕๕", dt.date(2012, 5, 16)),
        ("10 มิถุนายน 2555", dt.date(2012, 6, 10)),
        ("16/5/2553", dt.date(2010, 5, 16)),
        ("2010-05-16", dt.date(2010, 5, 16)),
        (dt.datetime(2553, 5, 16), dt.date(2010, 5, 16)),
        (dt.date(2010, 5, 16), dt.date(2010, 5, 16)),
        ("4/6/2556", dt.date(2013, 6, 4)),
        ("1 Jan 2020", dt.date(2020, 1, 1)),
        ("-", None),
    ],
)
def test_dates(cell: Any, expected: dt.date | None) -> None:
    assert values.date(cell) == expected


@pytest.mark.parametrize("cell", ["31 ก.พ. 2565", "32/1/2565", "เมื่อวาน"])
def test_bad_dates(cell: str) -> None:
    with pytest.raises(values.BadValue):
        values.date(cell)


def test_dates_inside_titles() -> None:
    assert values.find_date("ณ  วันที่  ๑๐  มิถุนายน  ๒๕๕๕") == dt.date(2012, 6, 10)
    assert values.find_date("ข้อมูลเดือน มกราคม 2564") == dt.date(2021, 1, 1)
    assert values.find_date("ไม่มีวันที่") is None


def test_codes_booleans_and_grades() -> None:
    assert [values.code(c, schema.SEX) for c in ("ชาย", "เด็กหญิง", "female", "-")] == ["male", "female", "female", None]
    assert [values.code(c, schema.TIER) for c in ("ยากจนพิเศษ", "ยากจน")] == ["extra_poor", "poor"]
    assert [values.boolean(c) for c in ("ใช่", " /", 0, "ไม่ผ่าน", None)] == [True, True, False, False, None]
    assert [values.grade(c) for c in ("ป.1", "ประถมศึกษาปีที่ ๖", "อ.2", "M3")] == ["P1", "P6", "K2", "M3"]
    with pytest.raises(values.BadValue):
        values.code("เขียว", schema.SEX)
    with pytest.raises(values.BadValue):
        values.grade("ป.7")
