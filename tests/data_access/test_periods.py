"""Thai time as types."""

from __future__ import annotations

import datetime as dt

import pytest

from data_access.contract.errors import UsageError
from data_access.contract.periods import (
    AcademicYear,
    CalendarYear,
    FiscalYear,
    Period,
    Semester,
    fiscal_year_of,
    parse_period,
    period_type,
    semester_of,
    without_gaps,
)

pytestmark = pytest.mark.any_store

KINDS: tuple[Period, ...] = (Semester(2565, 1), AcademicYear(2565), FiscalYear(2565), CalendarYear(2565))


@pytest.mark.parametrize("period", KINDS, ids=lambda p: p.code)
def test_a_code_reads_back_as_the_same_period(period: Period) -> None:
    assert parse_period(period.code) == period
    assert parse_period(f" {period.code} ") == period


@pytest.mark.parametrize("code", ["", "2565", "2022-1", "2565-3", "AY2022", "XY2565", "1/2565", "AY 2565"])
def test_what_is_no_period_is_refused(code: str) -> None:
    with pytest.raises(UsageError, match="is not a period"):
        parse_period(code)


def test_semesters_only_read_semesters() -> None:
    assert Semester.parse("2565-2") == Semester(2565, 2)
    with pytest.raises(UsageError, match="is not a semester"):
        Semester.parse("AY2565")


@pytest.mark.parametrize("left", KINDS, ids=lambda p: p.code)
@pytest.mark.parametrize("right", KINDS, ids=lambda p: p.code)
def test_kinds_never_mix(left: Period, right: Period) -> None:
    if type(left) is type(right):
        assert left - right == 0
        assert not left < right
        return
    for mixed in (lambda: left - right, lambda: left < right):
        with pytest.raises(UsageError, match="different kinds"):
            mixed()


def test_order_and_steps_within_a_kind() -> None:
    assert sorted([Semester(2566, 1), Semester(2565, 2), Semester(2565, 1)])[0] == Semester(2565, 1)
    assert Semester(2566, 1) - Semester(2565, 2) == 1
    assert FiscalYear(2568) - FiscalYear(2566) == 2
    assert Semester(2565, 1).previous() == Semester(2564, 2)
    assert Semester(2565, 2).previous() == Semester(2565, 1)
    assert CalendarYear(2565).previous() == CalendarYear(2564)
    assert Semester(2565, 2).academic_year == AcademicYear(2565)


def test_labels_in_both_languages_and_eras() -> None:
    assert Semester(2565, 1).label() == "ภาคเรียนที่ 1/2565"
    assert Semester(2565, 1).label("en") == "Semester 1/2565"
    assert Semester(2565, 1).label("en", "CE") == "Semester 1/2022"
    assert FiscalYear(2566).label() == "ปีงบประมาณ 2566"
    assert AcademicYear(2565).label("th", "CE") == "ปีการศึกษา 2022"
    assert CalendarYear(2565).label("en", "CE") == "Year 2022"


@pytest.mark.parametrize(("code", "kind"), [("2565-1", "semester"), ("AY2565", "academic_year"), ("FY2565", "fiscal_year")])
def test_the_key_that_a_code_belongs_to(code: str, kind: str) -> None:
    assert period_type(code) == kind


@pytest.mark.parametrize(
    ("day", "fiscal", "semester"),
    [
        (dt.date(2022, 9, 30), 2565, "2565-1"),
        (dt.date(2022, 10, 1), 2566, "2565-1"),
        (dt.date(2022, 10, 31), 2566, "2565-1"),
        (dt.date(2022, 11, 1), 2566, "2565-2"),
        (dt.date(2022, 12, 31), 2566, "2565-2"),
        (dt.date(2023, 1, 1), 2566, "2565-2"),
        (dt.date(2023, 4, 30), 2566, "2565-2"),
        (dt.date(2023, 5, 1), 2566, "2566-1"),
    ],
)
def test_edges_of_fiscal_years_and_semesters(day: dt.date, fiscal: int, semester: str) -> None:
    assert fiscal_year_of(day) == FiscalYear(fiscal)
    assert semester_of(day).code == semester


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (["FY2561", "FY2562", "FY2565"], ["FY2561", "FY2562", "FY2563", "FY2564", "FY2565"]),
        (["2566-1", "2565-1"], ["2565-1", "2565-2", "2566-1"]),
        (["AY2565"], ["AY2565"]),
        ([], []),
    ],
)
def test_an_axis_keeps_a_place_for_a_period_without_data(codes: list[str], found: list[str]) -> None:
    assert without_gaps(codes) == found
