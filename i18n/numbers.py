"""Numbers, money, shares and dates as Thai and English readers write them. Digits are Arabic, years Buddhist Era."""

from __future__ import annotations

import datetime as dt
import math

from babel.dates import get_month_names
from babel.numbers import format_decimal

from i18n.messages import N_, gettext

BE_OFFSET = 543
MILLION = 1_000_000
NOTHING = "–"

UNITS = {
    "": "",
    "%": "%",
    "pupils": N_("pupils"),
    "schools": N_("schools"),
    "provinces": N_("provinces"),
    "teachers": N_("teachers"),
    "centres": N_("centres"),
    "children": N_("children"),
    "families": N_("families"),
    "areas": N_("areas"),
    "subdistricts": N_("sub-districts"),
    "sub-districts": N_("sub-districts"),
    "places": N_("places"),
    "baht": N_("baht"),
    "baht per pupil": N_("baht per pupil"),
    "million baht": N_("million baht"),
    "days": N_("days"),
    "years": N_("years"),
    "school years": N_("school years"),
    "points": N_("points"),
    "SD": N_("SD"),
    "sd": N_("SD"),
    "share": "%",
    "members": N_("members"),
    "rate": "",
    "baht per day": N_("baht per day"),
    "baht per school day": N_("baht per school day"),
    "percentage points": N_("percentage points"),
    "sets": N_("sets"),
    "persons": N_("persons"),
    "records": N_("records"),
    "levels": N_("levels"),
    "levels a year": N_("levels a year"),
    "visits": N_("visits"),
    "sample groups": N_("sample groups"),
    "pupils per teacher": N_("pupils per teacher"),
    "children per teacher": N_("children per teacher"),
    "SD per day": N_("SD per day"),
}


SINGULAR = {  # English alone has these forms
    "pupils": "pupil",
    "schools": "school",
    "provinces": "province",
    "teachers": "teacher",
    "centres": "centre",
    "children": "child",
    "families": "family",
    "areas": "area",
    "subdistricts": "sub-district",
    "sub-districts": "sub-district",
    "places": "place",
    "days": "day",
    "years": "year",
    "school years": "school year",
    "points": "point",
    "members": "member",
    "sets": "set",
    "persons": "person",
    "records": "record",
    "levels": "level",
    "levels a year": "level a year",
    "visits": "visit",
    "sample groups": "sample group",
}


def _missing(value: float | None) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def format_number(value: float | None, lang: str = "th", digits: int | None = None) -> str:
    """With thousands separators; `digits` decimals, or none for whole numbers and up to one otherwise."""
    if _missing(value):
        return NOTHING
    number = float(value)  # type: ignore[arg-type]
    pattern = "#,##0" + (f".{'0' * digits}" if digits else "") if digits is not None else "#,##0.#"
    return format_decimal(number, format=pattern, locale=lang).replace("-", "−")


def format_money(baht: float | None, lang: str = "th", digits: int = 1) -> str:
    """ "28.0 ล้านบาท" / "28.0 million baht" from a million baht on, else whole baht."""
    if _missing(baht):
        return NOTHING
    if abs(float(baht)) >= MILLION:  # type: ignore[arg-type]
        return gettext(N_("{x} million baht"), lang, x=format_number(float(baht) / MILLION, lang, digits))  # type: ignore[arg-type]
    return gettext(N_("{x} baht"), lang, x=format_number(baht, lang, 0))


def format_percent(share: float | None, lang: str = "th", digits: int = 1) -> str:
    """A share (0–1) as "68.1%"."""
    return NOTHING if _missing(share) else format_number(float(share) * 100, lang, digits) + "%"  # type: ignore[arg-type]


def format_date(day: dt.date | str, lang: str = "th", era: str = "BE") -> str:
    """ "31 ต.ค. 2565" / "31 Oct 2565 BE"; with era "CE", "31 ต.ค. ค.ศ. 2022" / "31 Oct 2022"."""
    date = dt.date.fromisoformat(day[:10]) if isinstance(day, str) else day
    month = get_month_names("abbreviated", locale=lang)[date.month]
    year = date.year + BE_OFFSET if era == "BE" else date.year
    pattern = N_("{day} {month} {year} BE") if era == "BE" else N_("{day} {month} {year} CE")
    return gettext(pattern, lang, day=date.day, month=month, year=year)


def format_period(code: str) -> str:
    """A stored period in its shortest form: "1/2565" for a semester, "2565" for a year."""
    return f"{code[5:]}/{code[:4]}" if "-" in code else code[2:]


def unit_name(unit: str, lang: str = "th", n: float | None = None) -> str:
    """A unit of the indicator registry in words; singular in English for exactly one."""
    if lang == "en" and n == 1 and unit in SINGULAR:
        return SINGULAR[unit]
    return gettext(UNITS.get(unit, unit), lang)


def format_value(value: float | None, kind: str, lang: str = "th", unit: str = "", with_unit: bool = False) -> str:
    """A value as its indicator's kind asks: money in million baht, rates in per cent, SD and points with decimals."""
    if _missing(value):
        return NOTHING
    if kind == "money":
        return format_money(value, lang)
    if kind == "rate":
        return format_percent(value, lang)
    digits = {"count": 0, "per_head": 0, "sd": 2, "years": 0}.get(kind, 1)
    text = format_number(value, lang, digits)
    name = unit_name(unit, lang, value) if with_unit and unit not in ("", "%", "share") else ""
    return f"{text} {name}" if name else text


def format_short(value: float | None, kind: str, lang: str = "th") -> str:
    """A value for class boundaries, ticks and labels: as `format_value`, without trailing decimals that say nothing."""
    if _missing(value):
        return NOTHING
    number = float(value)  # type: ignore[arg-type]
    if kind == "rate":
        return format_decimal(number * 100, format="#,##0.#", locale=lang).replace("-", "−") + "%"
    if kind == "money" and abs(number) >= MILLION:
        return gettext(N_("{x} M"), lang, x=format_decimal(number / MILLION, format="#,##0.#", locale=lang))
    return format_decimal(
        number, format="#,##0.##" if kind == "sd" else "#,##0.#" if kind in ("mean",) else "#,##0", locale=lang
    ).replace("-", "−")
