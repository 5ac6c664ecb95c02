"""Numbers, money, shares and dates as Thai and English readers write them. Digits are Arabic, years Buddhist Era."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from babel.dates import get_month_names
from babel.numbers import format_decimal

from i18n.messages import N_, gettext, teach

BE_OFFSET = 543
MILLION = 1_000_000
NOTHING = "–"

UNITS: dict[str, str] = {  # those that no programme brings along (`learn`)
    "": "",
    "%": "%",
    "provinces": N_("provinces"),
    "subdistricts": N_("sub-districts"),
    "baht": N_("baht"),
    "million baht": N_("million baht"),
    "days": N_("days"),
    "years": N_("years"),
    "school years": N_("school years"),
    "points": N_("points"),
    "SD": N_("SD"),
    "sd": N_("SD"),
    "share": "%",
    "rate": "",
    "baht per day": N_("baht per day"),
    "baht per school day": N_("baht per school day"),
    "percentage points": N_("percentage points"),
}


SINGULAR = {  # English alone has these forms
    "provinces": "province",
    "subdistricts": "sub-district",
    "days": "day",
    "years": "year",
    "school years": "school year",
    "points": "point",
}


def learn(thai: Mapping[str, str], singular: Mapping[str, str]) -> None:
    """Take in the words that a programme brings along: English -> Thai, and units -> one of it in English, empty where that is no word."""
    teach(thai)
    UNITS.update({unit: unit for unit in singular})
    SINGULAR.update({unit: one for unit, one in singular.items() if one})


def _missing(value: float | None) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def format_number(value: float | None, lang: str = "th", digits: int | None = None) -> str:
    """With thousands separators; `digits` decimals, or none for whole numbers and up to one otherwise."""
    if _missing(value):
        return NOTHING
    number = float(value)  # type: ignore[arg-type]
    pattern = "#,##0" + (f".{'0' * digits}" if digits else "") if digits is not None else "#,##0.#"
    return _decimal(number, pattern, lang)


@lru_cache(maxsize=50_000)
def _decimal(number: float, pattern: str, lang: str) -> str:
    """A number by a pattern of Babel's, nought without a sign; the same few thousand stand on every page."""
    words = format_decimal(number, format=pattern, locale=lang)
    return words.replace("-", "−") if any(c in "123456789" for c in words) else words.replace("-", "")


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


def format_time(stamp: str, lang: str = "th") -> str:
    """A moment of the server's own time zone: "28 พ.ย. 2569 เวลา 18.33 น." / "28 Nov 2569 BE, 18:33"."""
    moment = dt.datetime.fromisoformat(stamp)
    clock = f"{moment:%H.%M}" if lang == "th" else f"{moment:%H:%M}"
    return gettext(N_("{day}, {clock}"), lang, day=format_date(stamp, lang), clock=clock)


def format_period(code: str) -> str:
    """A stored period in its shortest form: "1/2565" for a semester, "2565" for a year."""
    return f"{code[5:]}/{code[:4]}" if "-" in code else code[2:]


def unit_name(unit: str, lang: str = "th", n: float | None = None) -> str:
    """A unit of the indicator registry in words; singular in English for exactly one.

    That of a declared measure is `thai|english`: nobody but its steward knows it.
    """
    if "|" in unit:
        thai, english = unit.split("|")
        if english not in UNITS:
            return thai if lang == "th" else english
        unit = english
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
        return _decimal(number * 100, "#,##0.#", lang) + "%"
    if kind == "money" and abs(number) >= MILLION:
        return gettext(N_("{x} M"), lang, x=_decimal(number / MILLION, "#,##0.#", lang))
    return _decimal(number, "#,##0.##" if kind == "sd" else "#,##0.#" if kind in ("mean",) else "#,##0", lang)


def letters(text: str) -> int:
    """The letters of a text that take room: Thai vowels above and below the line and tone marks take none."""
    return sum(unicodedata.category(c) != "Mn" for c in text)
