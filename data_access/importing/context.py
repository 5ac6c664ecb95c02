"""What the title rows say about the whole table: its period, its date, its province."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

import geo
from data_access.contract import periods
from data_access.importing import values
from data_access.importing.headers import Header

_YEAR = r"(?:พ\.?\s?ศ\.?\s*)?(\d{4})"
_PERIODS = (
    (
        "semester",
        re.compile(
            r"(?:ภาคเรียน|ภาคการศึกษา|เทอม|semester)(?:ที่)?\s*([12]\s*/\s*\d{4}|[12]\s*ปีการศึกษา\s*(?:พ\.ศ\.)?\s*\d{4})", re.I
        ),
    ),
    ("fiscal_year", re.compile(rf"(?:ปีงบประมาณ|งบประมาณปี|fiscal year|FY)\s*{_YEAR}", re.I)),
    ("academic_year", re.compile(rf"(?:ปีการศึกษา|academic year|AY)\s*{_YEAR}", re.I)),
    ("calendar_year", re.compile(rf"(?:ประจำปี|ปี\s*พ\.ศ\.|ปี|year)\s*{_YEAR}", re.I)),
)


_YEARS_NAMED = {"ปีงบประมาณ": "fiscal_year", "fy": "fiscal_year", "ปีการศึกษา": "academic_year", "ay": "academic_year"}
_SHEET = re.compile(r"(ปีงบประมาณ|ปีการศึกษา|ปี|พ\.?\s?ศ\.?|ค\.?\s?ศ\.?|fy|ay|year)?\s*((?:2[456]|19|20)\d\d)", re.I)


@dataclass
class Context:
    """Findings in title rows: `periods` maps a period type to (code, row, text); rows are 1-based."""

    periods: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    date: tuple[dt.date, int, str] | None = None
    province: tuple[str, int, str] | None = None


def read_context(header: Header, sheet: str = "") -> Context:
    """Period, date and province from the titles, then (for the period) from the headings, then from the name of the sheet."""
    context = Context()
    texts = [(row + 1, text) for row, text in header.titles]
    for row, text in texts:
        _take_period(context, row, text)
        if "calendar_year" not in context.periods and (year := re.search(r"\s((?:2[456]|19|20)\d\d)(?:\.0)?$", text)):
            _take_period(context, row, f"ปี {year[1]}", text)
        _take_date(context, row, text)
        _take_province(context, row, text)
    for column in header.columns:
        _take_period(context, header.first + 1, column.heading)
    if year := _SHEET.fullmatch(sheet.translate(values.THAI_DIGITS).strip()):
        named = _YEARS_NAMED.get((year[1] or "").strip().lower())
        for kind in (named,) if named else ("calendar_year", "academic_year", "fiscal_year"):
            _take_period_of_sheet(context, kind, year[2], sheet)
    return context


def of_one_period(sheet: str) -> bool:
    """Whether the name of a sheet is nothing but a year."""
    return bool(_SHEET.fullmatch(sheet.translate(values.THAI_DIGITS).strip()))


def _take_period_of_sheet(context: Context, kind: str, year: str, sheet: str) -> None:
    try:
        code = values.period(year, kind)
    except values.BadValue:
        return
    if code:
        context.periods.setdefault(kind, (code, 1, sheet))


def _take_period(context: Context, row: int, text: str, whole: str = "") -> None:
    plain = text.translate(values.THAI_DIGITS)
    for kind, pattern in _PERIODS:
        if match := pattern.search(plain):
            try:
                code = values.period(match[1], kind)
            except values.BadValue:
                continue
            if code:
                context.periods.setdefault(kind, (code, row, " ".join((whole or text).split())[:80]))
                return


def _take_date(context: Context, row: int, text: str) -> None:
    if context.date is not None:
        return
    try:
        found = values.find_date(text)
    except values.BadValue:
        return
    if found:
        context.date = (found, row, " ".join(text.split())[:80])


def _take_province(context: Context, row: int, text: str) -> None:
    match = re.search(r"(?:จังหวัด|จ\.)\s*([ก-๙]+)", text)
    if not match or context.province:
        return
    found = geo.match_province(match[1])
    if found.code and found.score >= 1:
        context.province = (found.code, row, " ".join(text.split())[:80])


def proposed_period(context: Context, kinds: tuple[str, ...]) -> tuple[str, int, str] | None:
    """The period (code, row, text) of the wanted types that the titles state, or that their date falls in."""
    for kind in kinds:
        if kind in context.periods:
            return context.periods[kind]
    if context.date is None:
        return None
    day, row, text = context.date
    for kind in kinds:
        return _of_date(day, kind), row, text
    return None


def _of_date(day: dt.date, kind: str) -> str:
    semester = periods.semester_of(day)
    by_kind = {
        "semester": semester.code,
        "academic_year": semester.academic_year.code,
        "fiscal_year": periods.fiscal_year_of(day).code,
        "calendar_year": f"CY{day.year + periods.BE_OFFSET}",
    }
    return by_kind[kind]
