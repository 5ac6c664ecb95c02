"""From written names to codes. Only codes, official names and listed aliases are certain; the rest is a guess.

Close spellings are ranked by rapidfuzz's ratio of edit distance. Nothing here ever decides between two places: a
name that fits several gives no code, only candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from geo import tables
from geo.text import clean, key, keys

Index = dict[str, dict[str, str]]
"""Key of a name -> {code: "name" or "alias"}."""

CLOSE = 0.75
"""Ratio from which a spelling is offered as the guess; found by hand on misspellings in programme files."""
CANDIDATE = 0.6
MOST_CANDIDATES = 5
SHORTEST_CLOSE = 4
"""Keys of fewer letters are equal or different: one slip in "กจ" makes another province."""
NEVER_CERTAIN = 0.99


@dataclass(frozen=True)
class Match:
    """What a text may mean.

    Attributes:
        code: DOPA code; None when nothing is near enough or several places fit equally well.
        score: 1.0 only when certain; otherwise a likeness from 0 to 0.99 that a person must confirm.
        how: "code", "name" or "alias" (certain), "close" (confirm), "ambiguous" or "none" (no code).
        candidates: (code, score) pairs, best first, at most five unless the name is ambiguous.
    """

    code: str | None
    score: float
    how: str
    candidates: tuple[tuple[str, float], ...] = ()

    @property
    def certain(self) -> bool:
        """Whether the match may be used without asking."""
        return self.code is not None and self.score >= 1.0


NOTHING = Match(None, 0.0, "none")


@lru_cache(maxsize=4_096)
def match_province(text: str) -> Match:
    """The province a text names: code ("38", "TH-38", "๓๘"), Thai or English name, alias, or close spelling.

    "จังหวัด", "จ.", "Province", "Changwat", spaces, punctuation, case and zero-width characters do not matter.
    """
    return _match(text, "province", None)


def names_province(text: str) -> bool:
    """Whether a text is certainly the name of a province, in whatever writing; a code is not."""
    return match_province(text).how in ("name", "alias")


@lru_cache(maxsize=4_096)
def match_district(text: str, province: str | None = None) -> Match:
    """The district a text names, with or without "อำเภอ", "อ.", "เขต", "Amphoe", "Khet".

    Args:
        text: four-digit code or name; "เมือง" or "Mueang" alone means the capital district of `province`.
        province: two-digit code; only its districts are considered.

    Returns:
        A certain match only when one district fits; several districts of one name give "ambiguous".
    """
    return _match(text, "district", province)


@lru_cache(maxsize=16_384)
def match_subdistrict(text: str, district: str | None = None, province: str | None = None) -> Match:
    """The sub-district a text names, with or without "ตำบล", "ต.", "แขวง", "Tambon", "Khwaeng".

    Args:
        text: six-digit code or name.
        district: four-digit code; only its sub-districts are considered.
        province: two-digit code, used when `district` is not given.
    """
    if district and province and not district.startswith(province):
        return NOTHING
    return _match(text, "subdistrict", district or province)


_TABLES = {"province": "provinces", "district": "districts", "subdistrict": "subdistricts"}


def _match(text: str, level: str, within: str | None) -> Match:
    code = _code(text, level)
    if code is not None:
        known = code in tables.by_code(_TABLES[level]) and code.startswith(within or "")
        return Match(code, 1.0, "code", ((code, 1.0),)) if known else NOTHING
    index = _index(level, within or "")
    written = keys(text, level)
    for one in written:
        if one in index:
            return _settled(index[one])
    return _close(written, index)


def _code(text: str, level: str) -> str | None:
    """Digits of the right length, also as spreadsheets ("38.0") and OCHA ("TH38") write them."""
    length = {"province": 2, "district": 4, "subdistrict": 6}[level]
    found = re.fullmatch(rf"(?:th-?)?(\d{{{length}}})(?:\.0)?", clean(text))
    return found[1] if found else None


def _settled(found: dict[str, str]) -> Match:
    if len(found) == 1:
        ((code, how),) = found.items()
        return Match(code, 1.0, how, ((code, 1.0),))
    return Match(None, 0.0, "ambiguous", tuple((code, NEVER_CERTAIN) for code in sorted(found)))


def _close(written: Iterable[str], index: Index) -> Match:
    ranked = ranking(written, index)
    if not ranked or ranked[0][1] < CLOSE:
        return Match(None, 0.0, "none", ranked)
    if len(ranked) > 1 and ranked[1][1] == ranked[0][1]:
        return Match(None, 0.0, "ambiguous", ranked)
    return Match(*ranked[0], "close", ranked)


def ranking(written: Iterable[str], index: Index) -> tuple[tuple[str, float], ...]:
    """(code, likeness 0..0.99) of the nearest places to any of the keys in `written`, best first."""
    from rapidfuzz import fuzz, process

    best: dict[str, float] = {}
    choices = [k for k in index if len(k) >= SHORTEST_CLOSE]
    for one in written:
        if len(one) < SHORTEST_CLOSE:
            continue
        near = process.extract(one, choices, scorer=fuzz.ratio, limit=4 * MOST_CANDIDATES, score_cutoff=100 * CANDIDATE)
        for found, ratio, _ in near:
            for code in index[found]:
                best[code] = max(best.get(code, 0.0), min(round(ratio / 100, 3), NEVER_CERTAIN))
    return tuple(sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_CANDIDATES])


@lru_cache(maxsize=1_024)
def _index(level: str, within: str) -> Index:
    """Every key of the places whose code begins with `within`; a name outranks an alias of the same place."""
    index: Index = {}
    for code, written, how in _written(level):
        if code.startswith(within):
            for one in keys(written, level) if how == "name" else (key(written),):
                index.setdefault(one, {}).setdefault(code, how)
    return index


def province_index() -> Index:
    """Keys of all provinces; do not change it."""
    return _index("province", "")


def district_index() -> Index:
    """Keys of all districts; do not change it."""
    return _index("district", "")


@lru_cache(maxsize=3)
def _written(level: str) -> tuple[tuple[str, str, str], ...]:
    """(code, spelling, "name" or "alias") of a level, names first."""
    rows = tables.by_code(_TABLES[level])
    names = [(code, row[f"name_{lang}"], "name") for code, row in rows.items() for lang in ("th", "en")]
    if level == "province":
        return (*names, *((row["dopa"], row["alias"], "alias") for row in tables.rows("aliases")))
    variants = [(code, again, "alias") for code, written, _ in names for again in _variants(written)]
    capitals = [pair for code in rows for pair in _capital(code)] if level == "district" else []
    return (*names, *variants, *capitals)


def _variants(written: str) -> list[str]:
    """The older romanisation of เมือง."""
    return [written.replace("Mueang", "Muang")] if "Mueang" in written else []


def _capital(code: str) -> list[tuple[str, str, str]]:
    """Capital districts go by "เมือง" alone: clear inside one province, ambiguous across provinces."""
    capital = tables.by_code("districts")[code]["name_th"] == "เมือง" + tables.by_code("provinces")[code[:2]]["name_th"]
    return [(code, word, "alias") for word in ("เมือง", "Mueang", "Muang")] if capital else []
