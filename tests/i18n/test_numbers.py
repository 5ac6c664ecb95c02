"""Number words, money, shares and dates in both languages."""

from __future__ import annotations

import datetime as dt

import pytest

from i18n import (
    format_date,
    format_money,
    format_number,
    format_percent,
    format_short,
    format_value,
    gettext,
    ngettext,
    translator,
)


@pytest.mark.parametrize(
    ("baht", "lang", "text"),
    [
        (28_000_000, "th", "28.0 ล้านบาท"),
        (28_000_000, "en", "28.0 million baht"),
        (1559, "th", "1,559 บาท"),
        (1_234_500_000, "th", "1,234.5 ล้านบาท"),
        (0, "en", "0 baht"),
        (float("nan"), "th", "–"),
    ],
)
def test_money(baht: float, lang: str, text: str) -> None:
    assert format_money(baht, lang) == text


def test_numbers_and_shares() -> None:
    assert format_number(26376, "th") == "26,376"
    assert format_number(-0.254, "en", 2) == "−0.25"
    assert format_percent(0.681, "th") == "68.1%"
    assert format_value(0.5, "sd", "en", "SD", with_unit=True) == "0.50 SD"
    assert format_short(0.25, "rate", "th") == "25%"


def test_dates_are_buddhist_era_unless_asked() -> None:
    day = dt.date(2022, 10, 31)
    assert format_date(day, "th") == "31 ต.ค. 2565"
    assert format_date("2022-10-31", "en") == "31 Oct 2565 BE"
    assert format_date(day, "en", era="CE") == "31 Oct 2022 CE"


def test_plurals_and_fallback() -> None:
    assert ngettext("{n} pupil", "{n} pupils", 1, "en", n=1) == "1 pupil"
    assert ngettext("{n} pupil", "{n} pupils", 2, "en", n=2) == "2 pupils"
    assert gettext("an unknown {thing}", "th", thing=1) == "an unknown 1"
    assert translator("en")("pupils") == "pupils"
