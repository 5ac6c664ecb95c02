"""Finding any place, school, centre, authority or indicator from a few typed letters, in Thai or English, spelling forgiven."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd
from rapidfuzz import fuzz, process

import geo
from data_access.programmes.indicators import REGISTRY
from data_access.questions.query import available
from data_access.store.releases import require_release
from data_access.store.tables import read_table
from data_access.who.access import EVERYWHERE, Scope
from geo.text import key

KINDS = ("indicator", "province", "town", "district", "school", "centre", "lao")
PLACES = {"province", "town", "district"}
LIKE = 82.0  # of 100: what rapidfuzz must find alike for a misspelt name to count
SHORTEST = 2


@dataclass(frozen=True)
class Found:
    """One result: what it is, its code, its name, what it belongs to, its province (empty for an indicator), and 0–1 how alike."""

    kind: str
    code: str
    name: str
    detail: str
    province: str
    score: float


@dataclass(frozen=True)
class _Name:
    kind: str
    code: str
    names: dict[str, str]
    detail: dict[str, str]
    province: str


def find(
    text: str,
    lang: str = "th",
    limit: int = 12,
    release: str | None = None,
    scope: Scope = EVERYWHERE,
    kinds: Collection[str] = KINDS,
) -> list[Found]:
    """Everything that a text may mean, best first.

    Args:
        text: what was typed; fewer than two letters find nothing.
        lang: "th" or "en", the language of names.
        scope: authorities, schools and centres elsewhere are not found; provinces and districts are geography, for everybody.
        kinds: what to look for, of `KINDS`.
    """
    wanted = key(text)
    if len(wanted) < SHORTEST:
        return []
    places = (
        [Found(p.level, p.code, p.label, "", p.code[:2], p.score) for p in geo.search(text, limit, lang) if p.level in kinds]
        if PLACES & {*kinds}
        else []
    )
    named = [(spelt, name) for spelt, name in _names(require_release(release).id) if name.kind in kinds]
    words = tuple(k for k in map(key, text.split()) if k)
    scores = _scores(wanted, words, tuple(spelt for spelt, _name in named))
    best: dict[tuple[str, str], Found] = {}
    for position, score in scores.items():
        name = named[position][1]
        if name.province and not scope.covers(name.province):
            continue
        found = Found(name.kind, name.code, name.names[lang], name.detail[lang], name.province, score)
        if found.score > getattr(best.get((name.kind, name.code)), "score", 0.0):
            best[name.kind, name.code] = found
    return sorted([*places, *best.values()], key=lambda f: (-round(f.score, 2), KINDS.index(f.kind), f.name))[:limit]


def _scores(wanted: str, words: tuple[str, ...], spelt: tuple[str, ...]) -> dict[int, float]:
    """Position of a name -> how alike: whole 1, beginning 0.9, inside 0.8, every word somewhere 0.79, misspelt below."""
    out: dict[int, float] = {}
    for position, name in enumerate(spelt):
        if wanted in name:
            out[position] = 1.0 if name == wanted else 0.9 if name.startswith(wanted) else 0.8
        elif len(words) > 1 and all(word in name for word in words):
            out[position] = 0.79
    if len(wanted) >= 4:
        near = process.extract(wanted, spelt, scorer=fuzz.partial_ratio, score_cutoff=LIKE, limit=50)
        for name, ratio, position in near:
            if len(name) >= len(wanted) - 2:  # a short name inside the text typed says little
                out.setdefault(position, 0.78 * ratio / 100)
    return out


@lru_cache(maxsize=4)
def _names(release: str) -> tuple[tuple[str, _Name], ...]:
    """(key of a spelling, what it names) for everything but provinces and districts, which `geo.search` knows."""
    found = [*_indicators(release), *_schools(release), *_centres(release)]
    return tuple((spelt, name) for name, spellings in found for spelt in dict.fromkeys(map(key, spellings)) if spelt)


def _indicators(release: str) -> Iterable[tuple[_Name, tuple[str, ...]]]:
    for indicator_id in available(release):
        one = REGISTRY[indicator_id]
        titles = {lang: one.title(lang) for lang in ("th", "en")}
        detail = {lang: one.definition(lang) for lang in ("th", "en")}
        yield _Name("indicator", indicator_id, titles, detail, ""), (*titles.values(), *one.synonyms)


def _schools(release: str) -> Iterable[tuple[_Name, tuple[str, ...]]]:
    laos, schools = read_table(release, "lao"), read_table(release, "school")
    authorities = {}
    for row in _rows(laos, "lao_code", "district_code", "name_th", "name_en"):
        names = {"th": row["name_th"], "en": row["name_en"] or row["name_th"]}
        authorities[row["lao_code"]] = names
        above = {lang: geo.name(row["district_code"], lang) for lang in ("th", "en")}
        yield _Name("lao", row["lao_code"], names, above, row["district_code"][:2]), (*names.values(), row["lao_code"])
    for row in _rows(schools, "school_code", "lao_code", "subdistrict_code", "name_th", "name_en"):
        names = {"th": row["name_th"], "en": row["name_en"] or row["name_th"]}
        above = authorities.get(row["lao_code"], {"th": "", "en": ""})
        yield (
            _Name("school", row["school_code"], names, above, row["subdistrict_code"][:2]),
            (*names.values(), row["school_code"]),
        )


def _centres(release: str) -> Iterable[tuple[_Name, tuple[str, ...]]]:
    for row in _rows(read_table(release, "centre"), "centre_code", "province_code", "lao_name", "name_th"):
        names = dict.fromkeys(("th", "en"), row["name_th"])
        above = dict.fromkeys(("th", "en"), row["lao_name"])
        yield _Name("centre", row["centre_code"], names, above, row["province_code"]), (row["name_th"], row["centre_code"])


def _rows(table: pd.DataFrame, *columns: str) -> list[dict[str, str]]:
    filled = table[list(columns)].astype(object).fillna("")
    return [dict(zip(columns, row, strict=True)) for row in filled.itertuples(index=False, name=None)]
