"""Thai time as types: semester, academic year, fiscal year and calendar year, in the Buddhist Era.

Buddhist Era = Common Era + 543. Semester 1 runs from May, semester 2 from November; the fiscal year from October of the
year before to September. Two periods of different types never compare or add: that is an error, not a guess.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from data_access.contract.errors import UsageError
from i18n import N_

BE_OFFSET = 543


@dataclass(frozen=True)
class Period:
    """One period of Thai time. `year` is a Buddhist-Era year; `code` is how it is stored, for example `AY2565`."""

    year: int
    prefix: ClassVar[str] = ""
    thai: ClassVar[str] = ""
    english: ClassVar[str] = ""

    @property
    def code(self) -> str:
        return f"{self.prefix}{self.year}"

    def label(self, lang: str = "th", era: str = "BE") -> str:
        """The period in words, Thai or English, in Buddhist or Common Era."""
        return f"{self.thai if lang == 'th' else self.english} {self._year(era)}"

    def _year(self, era: str) -> int:
        return self.year if era == "BE" else self.year - BE_OFFSET

    def previous(self) -> Period:
        """The period just before, of the same type."""
        return type(self)(self.year - 1)

    def _same_type(self, other: Period) -> None:
        if type(other) is not type(self):
            raise UsageError(
                N_("{a} and {b} are different kinds of period and cannot be compared or added"),
                a=self.code,
                b=getattr(other, "code", other),
            )

    def __lt__(self, other: Period) -> bool:
        self._same_type(other)
        return self.code < other.code

    def __sub__(self, other: Period) -> int:
        """Steps from `other` to this period, of one type."""
        self._same_type(other)
        return self.year - other.year


class AcademicYear(Period):
    """ปีการศึกษา: semester 1 (from May) and semester 2."""

    prefix, thai, english = "AY", "ปีการศึกษา", "Academic year"


class FiscalYear(Period):
    """ปีงบประมาณ: 1 October of the year before to 30 September."""

    prefix, thai, english = "FY", "ปีงบประมาณ", "Fiscal year"


class CalendarYear(Period):
    """ปีปฏิทิน: January to December."""

    prefix, thai, english = "CY", "พ.ศ.", "Year"


@dataclass(frozen=True)
class Semester(Period):
    """ภาคเรียน: `2565-1` is semester 1 of academic year 2565, written 1/2565."""

    half: int = 1
    thai, english = "ภาคเรียนที่", "Semester"

    @property
    def code(self) -> str:
        return f"{self.year}-{self.half}"

    def label(self, lang: str = "th", era: str = "BE") -> str:
        return f"{self.thai if lang == 'th' else self.english} {self.half}/{self._year(era)}"

    @classmethod
    def parse(cls, code: str) -> Semester:
        """`2565-1` to a Semester; raises UsageError on anything else."""
        period = parse_period(code)
        if not isinstance(period, Semester):
            raise UsageError(N_("{code} is not a semester; write it like 2565-1"), code=code)
        return period

    def previous(self) -> Semester:
        return Semester(self.year, 1) if self.half == 2 else Semester(self.year - 1, 2)

    @property
    def academic_year(self) -> AcademicYear:
        return AcademicYear(self.year)

    def __sub__(self, other: Period) -> int:
        self._same_type(other)
        assert isinstance(other, Semester)
        return (self.year - other.year) * 2 + self.half - other.half


_YEAR_TYPES: dict[str, type[Period]] = {c.prefix: c for c in (AcademicYear, FiscalYear, CalendarYear)}


def parse_period(code: str) -> Period:
    """A stored code (`2565-1`, `AY2565`, `FY2565`, `CY2565`) to its period; raises UsageError."""
    text = str(code).strip()
    if match := re.fullmatch(r"(2[4-6]\d\d)-([12])", text):
        return Semester(int(match[1]), int(match[2]))
    if match := re.fullmatch(r"(AY|FY|CY)(2[4-6]\d\d)", text):
        return _YEAR_TYPES[match[1]](int(match[2]))
    raise UsageError(N_("{code} is not a period; write 2565-1, AY2565, FY2565 or CY2565 (Buddhist Era)"), code=text)


PERIOD_KEYS = ("semester", "academic_year", "fiscal_year", "calendar_year")


def period_type(code: str) -> str:
    """Which `by`/`where` key a stored code belongs to: semester, academic_year, fiscal_year or calendar_year."""
    names = {Semester: "semester", AcademicYear: "academic_year", FiscalYear: "fiscal_year", CalendarYear: "calendar_year"}
    return names[type(parse_period(code))]


def fiscal_year_of(day: dt.date) -> FiscalYear:
    """The fiscal year that a day falls in."""
    return FiscalYear(day.year + BE_OFFSET + (day.month >= 10))


def semester_of(day: dt.date) -> Semester:
    """The semester that a day falls in, by the nominal starts of 1 May and 1 November."""
    be = day.year + BE_OFFSET
    if day.month >= 11:
        return Semester(be, 2)
    return Semester(be, 1) if day.month >= 5 else Semester(be - 1, 2)


def last_day(code: str) -> dt.date:
    """The last day of a period, by the nominal starts of 1 May, 1 November (semesters) and 1 October (fiscal year)."""
    period = parse_period(code)
    year = period.year - BE_OFFSET
    if isinstance(period, Semester):
        return dt.date(year, 10, 31) if period.half == 1 else dt.date(year + 1, 4, 30)
    ends = {AcademicYear: dt.date(year + 1, 4, 30), FiscalYear: dt.date(year, 9, 30), CalendarYear: dt.date(year, 12, 31)}
    return ends[type(period)]


def first_day(code: str) -> dt.date:
    """The day after the last one of the period before."""
    return last_day(parse_period(code).previous().code) + dt.timedelta(days=1)


def following(code: str) -> str:
    """The period just after, of the same type."""
    period = parse_period(code)
    if isinstance(period, Semester):
        return f"{period.year}-2" if period.half == 1 else f"{period.year + 1}-1"
    return type(period)(period.year + 1).code


def without_gaps(codes: Iterable[str]) -> list[str]:
    """All periods of one type from the first to the last of these, the oldest first, with those that are missing between them."""
    known = sorted(codes)
    out = known[:1]
    while out and out[-1] < known[-1]:
        out.append(following(out[-1]))
    return out


def year_before(code: str) -> str:
    """The same period one year earlier: semester 1 against semester 1."""
    period = parse_period(code)
    return f"{period.year - 1}-{period.half}" if isinstance(period, Semester) else period.previous().code
