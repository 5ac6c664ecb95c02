"""What a question typed in free order asks: an indicator, a place and a period ("ความครอบคลุม ขอนแก่น 2566", "dropout Chiang Mai")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from data_access.questions import finding
from geo import match_province
from geo.names import province_index
from geo.text import clean, key

_PERIOD = re.compile(r"(?:([12])\s?/\s?)?(?<!\d)(2[05]\d\d)(?!\d)")
_FILLERS = re.compile(r"ปีการศึกษา|ภาคเรียนที่|ภาคเรียน|ปีงบประมาณ|\bacademic year\b|\bsemester\b|\b(?:in|of|for|the)\b")
_BE = 543
_MANY = 500
SURE = 0.79
"""As `finding.find` scores: every word of the name somewhere in it, or better; a misspelling is offered as a result and not answered."""
SHORTEST_PART = 4
"""Letters of a province's name that may be written together with others: "เลย" and "ตาก" are parts of ordinary words."""


@dataclass(frozen=True)
class Question:
    """An indicator, perhaps a province (its code) and a period as the address writes it; empty for the whole country and the latest."""

    indicator: str
    province: str = ""
    period: str = ""


def understood(text: str, lang: str = "th", release: str | None = None) -> Question | None:
    """The question that a text asks, in any order, Thai or English; None where it names no indicator for sure.

    Args:
        text: what was typed; a year is of the Buddhist or the common era, "1/2566" a semester.
    """
    plain = clean(text)
    period = ""
    if found := _PERIOD.search(plain):
        half, year = found[1], int(found[2]) + (_BE if found[2].startswith("20") else 0)
        period = f"{year}-{half}" if half else f"AY{year}"
        plain = f"{plain[: found.start()]} {plain[found.end() :]}"
    for words in (plain.split(), _FILLERS.sub(" ", plain).split()):  # "of" and its like are parts of some titles
        for province, rest in (("", words), _province(words)):
            named = _indicators(" ".join(rest), lang, release)
            if named and (named[0].score == 1.0 or ((province or period) and named[0].score >= SURE)):
                best = [f for f in named if f.score == named[0].score]
                return Question(min(best, key=lambda f: len(f.name)).code, province, period)
    return None


def _indicators(text: str, lang: str, release: str | None) -> list[finding.Found]:
    return finding.find(text, lang, _MANY, release, kinds=("indicator",)) if text else []


def _province(words: list[str]) -> tuple[str, list[str]]:
    """The province that some words running name, with the words that are left; or one written together with another word."""
    for size in range(len(words), 0, -1):
        for start in range(len(words) - size + 1):
            match = match_province(" ".join(words[start : start + size]))
            if match.certain and match.code:
                return match.code, words[:start] + words[start + size :]
    known = province_index()
    parts = sorted((n for n, codes in known.items() if len(n) >= SHORTEST_PART and len(codes) == 1), key=len, reverse=True)
    for at, word in enumerate(words):
        whole = key(word)
        for name in parts:
            if name != whole and (whole.startswith(name) or whole.endswith(name)):
                rest = whole.removeprefix(name) if whole.startswith(name) else whole.removesuffix(name)
                return next(iter(known[name])), [*words[:at], rest, *words[at + 1 :]]
    return "", words
