"""Wide tables: headings that carry a period, and perhaps a sex, become rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from data_access.importing import values
from data_access.importing.headers import Column
from data_access.importing.values import squash

_ERA = r"(?:พ\.?\s?ศ\.?|ค\.?\s?ศ\.?)?"
_SEMESTER = re.compile(
    rf"(?:ภาคเรียน|ภาคการศึกษา|เทอม|semester)?(?:\s*ที่)?\s*(?<!\d)(?:[12]\s*(?:/|\s*ปี(?:การศึกษา)?\s*{_ERA})\s*\d{{4}}|\d{{4}}\s*[/-]\s*[12])(?!\d)",
    re.I,
)
_YEAR = re.compile(
    rf"(?:ปีงบประมาณ|ปีการศึกษา|ปี|fy|ay|cy|year)?\s*{_ERA}\s*(?<!\d)(?:2[456]|19|20)\d\d(?!\d)|(?:ปีงบประมาณ|ปีการศึกษา|ประจำปี|ปี)$",
    re.I,
)


@dataclass(frozen=True)
class Dated:
    """A column whose heading names one period; `words` are the rest of the heading, `stem` the same in comparable form."""

    column: Column
    period: str
    words: str

    @property
    def stem(self) -> str:
        return squash(self.words)


def dated(columns: Iterable[Column], kinds: tuple[str, ...]) -> list[Dated]:
    """The columns whose headings name exactly one period of the wanted types."""
    found = (_dated(column, kinds) for column in columns)
    return [one for one in found if one]


def _dated(column: Column, kinds: tuple[str, ...]) -> Dated | None:
    for text in (column.heading, column.own):
        plain = text.translate(values.THAI_DIGITS)
        for pattern, wanted in ((_SEMESTER, "semester"), (_YEAR, next((k for k in kinds if k != "semester"), ""))):
            if wanted not in kinds:
                continue
            codes = {code for hit in pattern.findall(plain) if any(c.isdigit() for c in hit) and (code := _code(hit, wanted))}
            if len(codes) == 1:
                return Dated(column, codes.pop(), " ".join(pattern.sub(" ", plain).split()))
    return None


def _code(text: str, kind: str) -> str | None:
    try:
        return (
            values.semester(text)
            if kind == "semester"
            else values.period(re.sub(r"^(fy|ay|cy)", "", text.strip(), flags=re.I), kind)
        )
    except values.BadValue:
        return None


def by_stem(found: list[Dated]) -> dict[str, dict[int, str]]:
    """stem -> {column: period}, of stems that name at least two periods, each once."""
    groups: dict[str, dict[int, str]] = defaultdict(dict)
    for one in found:
        groups[one.stem][one.column.index] = one.period
    return {stem: codes for stem, codes in groups.items() if len(codes) >= 2 and len(set(codes.values())) == len(codes)}


def sexes(groups: dict[str, dict[int, str]], allowed: tuple[str, ...]) -> dict[str, tuple[dict[int, str], int | None]]:
    """period -> ({column: sex}, column of the total) where the stems are sexes and their total; empty otherwise."""
    codes = {stem: _sex(stem, allowed) for stem in groups}
    named = [code for code in codes.values() if code and code != "all"]
    if len(set(named)) < 2 or len(set(named)) < len(named) or list(codes.values()).count("all") > 1:
        return {}
    blocks: dict[str, tuple[dict[int, str], int | None]] = {}
    for period in sorted({p for group in groups.values() for p in group.values()}):
        column_of = {codes[stem]: i for stem, group in groups.items() for i, p in group.items() if p == period and codes[stem]}
        parts = {i: str(code) for code, i in column_of.items() if code != "all"}
        if parts:
            blocks[period] = (parts, column_of.get("all"))
    return blocks


def _sex(stem: str, allowed: tuple[str, ...]) -> str | None:
    try:
        return values.code(re.sub(r"^(จำนวน|ประชากร)", "", stem) or stem, allowed)
    except values.BadValue:
        return None


def best_stem(groups: dict[str, dict[int, str]], score: Callable[[str], float]) -> str:
    """The stem that fits best; the bare one (nothing but a period) when none fits."""
    return max(groups, key=lambda stem: (score(stem), not stem, len(groups[stem])))
