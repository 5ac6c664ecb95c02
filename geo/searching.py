"""Finding a province, a district, or a town that is neither, from a few typed letters."""

from __future__ import annotations

from dataclasses import dataclass

from geo import names, tables
from geo.collation import thai_sort_key
from geo.places import name
from geo.text import key, keys

BEGINS, CONTAINS = 0.9, 0.8
"""Scores of a name that begins with, or contains, the typed text; misspellings rank below both."""
MISSPELT = 0.78


@dataclass(frozen=True)
class Place:
    """One search result.

    Attributes:
        code: DOPA code of two or four digits; of a town, its province's.
        level: "province", "district" or "town".
        name_th, name_en: its names.
        label: its name in the reader's language; for a district or town followed by its province.
        score: 1.0 for a whole name, alias or code; lower is less like.
    """

    code: str
    level: str
    name_th: str
    name_en: str
    label: str
    score: float


def search(text: str, limit: int = 8, lang: str = "th") -> list[Place]:
    """Provinces and districts that a text may mean, in Thai or English, by alias, part or misspelling.

    Args:
        text: what was typed; nothing typed finds nothing.
        limit: most results, at least 0.
        lang: "th" or "en", the language of labels and of the order among equals.

    Returns:
        Best first; a province before a district of the same score.
    """
    scores: dict[str, float] = {}
    for level, index in (("province", names.province_index()), ("district", names.district_index())):
        for one in keys(text, level):
            _score(one, index, scores)
    code = key(text)
    if code in tables.by_code("provinces") or code in tables.by_code("districts"):
        scores[code] = 1.0
    places = [_place(code, score, lang) for code, score in scores.items()] + _towns(key(text), lang)
    return sorted(places, key=lambda p: (-p.score, len(p.code), thai_sort_key(p.label)))[: max(limit, 0)]


def certain(found: list[Place]) -> str | None:
    """The province that a search means, of what it found (best first); None where that would be a guess.

    Certain are the whole name of a province, and a whole name, or else the beginning of one, that leads to one province alone.
    """
    if not found or found[0].score < BEGINS:
        return None
    if found[0].level == "province" and found[0].score == 1.0:
        return found[0].code
    alike = {p.code[:2] for p in found if p.score >= (1.0 if found[0].score == 1.0 else BEGINS)}
    return alike.pop() if len(alike) == 1 else None


def _towns(written: str, lang: str) -> list[Place]:
    """Towns that people know by a name which is no district's."""
    found = []
    for row in tables.rows("towns"):
        if likeness := max(_likeness(written, key(row[f"name_{one}"])) for one in ("th", "en")) if written else 0.0:
            label = f"{row[f'name_{lang}']}{', ' if lang == 'en' else ' '}{name(row['dopa'], lang)}"
            found.append(Place(row["dopa"], "town", row["name_th"], row["name_en"], label, likeness))
    return found


def _score(written: str, index: names.Index, scores: dict[str, float]) -> None:
    for known, codes in index.items():
        found = _likeness(written, known)
        for code in codes if found else ():
            scores[code] = max(scores.get(code, 0.0), found)
    for code, ratio in names.ranking([written], index):
        scores[code] = max(scores.get(code, 0.0), round(ratio * MISSPELT, 3))


def _likeness(written: str, known: str) -> float:
    if written == known:
        return 1.0
    if known.startswith(written):
        return BEGINS
    return CONTAINS if len(written) > 1 and written in known else 0.0


def _place(code: str, score: float, lang: str) -> Place:
    label = name(code, lang)
    if len(code) == 4:
        label += f", {name(code[:2], lang)}" if lang == "en" else f" {name(code[:2], lang)}"
    level = "province" if len(code) == 2 else "district"
    return Place(code, level, name(code, "th"), name(code, "en"), label, score)
