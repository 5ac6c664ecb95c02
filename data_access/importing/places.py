"""Names of places to codes. Only certainty is silent: a guess is asked once, accepted once, and remembered."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import geo
from data_access import audit
from data_access.access import OPERATOR, STEWARD, Person
from data_access.importing import values
from data_access.importing.values import squash
from data_access.releases import write_atomically
from data_access.settings import home
from i18n import N_

_CODE_LENGTH = {"province": 2, "district": 4, "subdistrict": 6}


@dataclass(frozen=True)
class Guess:
    """A name that is not certain: the place it may be, how like it is (0 to 1), and the other candidates."""

    level: str
    text: str
    within: str
    code: str
    score: float
    candidates: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.within}/{squash(self.text)}"

    def to_json(self) -> dict[str, Any]:
        return {
            "level": self.level,
            "text": self.text,
            "within": self.within,
            "code": self.code,
            "score": round(self.score, 3),
            "name_th": geo.name(self.code, "th"),
            "name_en": geo.name(self.code, "en"),
            "candidates": list(self.candidates),
        }


def accepted() -> dict[str, dict[str, str]]:
    """The names that people have accepted: level -> {"within/name": code}."""
    path = home() / "accepted_names.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def accept(guesses: list[Guess], by: Person = OPERATOR) -> None:
    """Remember guesses as right, for every later file; the audit log tells who did."""
    if not guesses:
        return
    known = accepted()
    for guess in guesses:
        known.setdefault(guess.level, {})[guess.key] = guess.code
    write_atomically(home() / "accepted_names.json", json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True))
    audit.record(by, "names_accepted", after=", ".join(f"{g.text} = {g.code}" for g in guesses))


def forget(level: str, key: str, by: Person = OPERATOR) -> None:
    """Take back an accepted name; nothing happens when it is not there. Raises RoleError when `by` is no data steward."""
    by.require(STEWARD)
    known = accepted()
    if code := known.get(level, {}).pop(key, None):
        write_atomically(home() / "accepted_names.json", json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True))
        audit.record(by, "name_forgotten", before=f"{key.partition('/')[2]} = {code}")


class Matcher:
    """Matches names of one load; keeps its guesses and unknown names.

    `places` maps a text to a code, or None when it is unknown; a guess gives its code too and is listed in `guesses`.
    """

    def __init__(self) -> None:
        self.known = accepted()
        self.guesses: dict[str, Guess] = {}
        self.remembered: dict[str, str] = {}

    def match(self, level: str, cell: Any, within: str = "") -> tuple[str | None, Guess | None]:
        """The code of a place inside `within` (a code of the level above), and the guess when it is not certain."""
        text = values.text(cell)
        if text is None:
            return None, None
        saved = self.known.get(level, {}).get(f"{within}/{squash(text)}")
        if saved:
            self.remembered[text] = saved
            return saved, None
        code, score, candidates = _lookup(level, text, within)
        if code is None or score >= 1.0:
            return code, None
        guess = Guess(level, text, within, code, score, candidates)
        self.guesses[f"{level}:{guess.key}"] = guess
        return code, guess

    def why_not(self, level: str, cell: Any, within: str = "") -> values.BadValue:
        """Why a name has no code: unknown, or the name of several places, which are then listed."""
        candidates = _lookup(level, values.text(cell) or "", within)[2]
        if len(candidates) < 2:
            return values.BadValue(N_("the name or code of a place"))
        named = {lang: ", ".join(_full_name(code, lang) for code in candidates[:8]) for lang in ("th", "en")}
        return values.BadValue(
            N_("one place; the name may mean {places}, so add the wider place or write the code"), **_both(named)
        )


def _full_name(code: str, lang: str) -> str:
    wider = f" ({geo.name(code[:2], lang)})" if len(code) > 2 else ""
    return f"{code} {geo.name(code, lang)}{wider}"


def _both(named: dict[str, str]) -> dict[str, str]:
    return {"places": named["en"], "places_th": named["th"], "places_en": named["en"]}


@lru_cache(maxsize=20_000)
def _lookup(level: str, text: str, within: str) -> tuple[str | None, float, tuple[str, ...]]:
    plain = text.translate(values.THAI_DIGITS)
    if re.fullmatch(r"\d+", plain):
        text = plain.zfill(_CODE_LENGTH[level])
    if level == "province":
        match = geo.match_province(text)
    elif level == "district":
        match = geo.match_district(text, province=within[:2] or None)
    else:
        match = geo.match_subdistrict(text, district=within if len(within) == 4 else None, province=within[:2] or None)
    return match.code, match.score, tuple(_candidate_code(c) for c in match.candidates or ())


def _candidate_code(candidate: Any) -> str:
    if isinstance(candidate, str):
        return candidate
    return str(getattr(candidate, "code", candidate[0] if isinstance(candidate, tuple | list) else candidate))
