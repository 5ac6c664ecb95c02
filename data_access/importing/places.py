"""Names of places to codes. Only certainty is silent: a guess is asked once, accepted once, and remembered."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import geo
from data_access.contract.settings import home
from data_access.importing import values
from data_access.importing.values import squash
from data_access.store.releases import read_json, write_atomically
from data_access.who import audit
from data_access.who.access import OPERATOR, STEWARD, Person
from i18n import N_

_CODE_LENGTH = {"province": 2, "district": 4, "subdistrict": 6}


AUTHORITY = re.compile(r"องค์การบริหารส่วน|อบจ|อบต|เทศบาล|ท[นมต]\.|เมืองพัทยา|กรุงเทพมหานคร")
"""What the squashed name of a local authority begins with."""
_OFFICE = re.compile(
    r"องค์การบริหารส่วนจังหวัด|อบจ\.?|สำนักงานเขตพื้นที่การศึกษา(ประถม|มัธยม)ศึกษา|สพ[ปม]\.?|สำนักงาน[ก-๙]{0,40}?จังหวัด|สนง\.[ก-๙]{0,40}?จังหวัด"
    r"|ศธจ\.?|สสจ\.?|พมจ\.?|สกร\.?(ประจำ)?จังหวัด|ศาลากลางจังหวัด|ที่ทำการปกครองจังหวัด"
)
_KINDS = (  # long and short names of kinds of authorities, as compared
    (r"^องค์การบริหารส่วนจังหวัด|^อบจ\.?", "pao:"),
    (r"^เทศบาลนคร|^ทน\.?", "city:"),
    (r"^เทศบาลเมือง|^ทม\.?", "town:"),
    (r"^เทศบาลตำบล|^ทต\.?", "subdistrict_municipality:"),
    (r"^องค์การบริหารส่วนตำบล|^อบต\.?", "sao:"),
)


@lru_cache(maxsize=20_000)
def province_inside(text: str) -> str | None:
    """The one province that the name of an office or a code with a name holds, None where it is no such or holds several.

    อบจ.กระบี่, สพป.เชียงใหม่ เขต 1, 2100 - ระยอง. A number alone is none of them.
    """
    plain = squash(text)
    if numbered := re.fullmatch(r"(\d{2}|\d{2}00)[-–:.]?(\D+)", plain):
        code, named = _certain(numbered[1][:2]), _certain(numbered[2])
        return named if code in (None, named) or not numbered[1].startswith(str(code)) else None
    office = _OFFICE.match(plain)
    return _certain(re.sub(r"เขต\d+$", "", plain[office.end() :])) if office else None


def _certain(text: str) -> str | None:
    match = geo.match_province(text)
    return match.code if match.score >= 1 else None


def authority_key(name: str) -> str:
    """The name of a local authority in comparable form: เทศบาลเมืองกระบี่ and ทม.กระบี่ are one."""
    plain = squash(name)
    for pattern, kind in _KINDS:
        if re.match(pattern, plain):
            return kind + re.sub(pattern, "", plain)
    return plain


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
    return read_json(path, dict[str, dict[str, str]]) if path.exists() else {}


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

    A guess gives its code too and is listed in `guesses`; `inside` are names of offices that were taken as their province.
    """

    def __init__(self) -> None:
        self.known = accepted()
        self.guesses: dict[str, Guess] = {}
        self.remembered: dict[str, str] = {}
        self.inside: dict[str, str] = {}

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
        if (code is None or score < 1.0) and level == "province" and (inside := province_inside(text)):
            self.inside[text] = inside
            return inside, None
        if code is None or score >= 1.0:
            return code, None
        guess = Guess(level, text, within, code, score, candidates)
        self.guesses[f"{level}:{guess.key}"] = guess
        return code, guess

    def why_not(self, level: str, cell: Any, within: str = "") -> values.BadValue:
        """Why a name has no code: unknown, or the name of several places, which are then listed."""
        candidates = _lookup(level, values.text(cell) or "", within)[2] if level in _CODE_LENGTH else ()
        if len(candidates) < 2:
            return values.BadValue(N_("the name or code of a place"))
        named = {lang: ", ".join(_full_name(code, lang) for code in candidates[:8]) for lang in ("th", "en")}
        return values.BadValue(
            N_("one place (the name may mean {places}: add the wider place, or write the code)"), **_both(named)
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
