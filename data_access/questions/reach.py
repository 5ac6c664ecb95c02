"""Whose eyes a table in words is for: the provinces whose smaller places it names, judged by its columns (`data_access.who.access`).

Exports and slides come from tables whose headings are words. A column of text is known to say nothing of a place below the province,
or names such places, or is unknown; what is unknown is for people alone who see everything. Nobody declares it, so nobody forgets to.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

import geo
from data_access.contract.errors import SamoephakError
from data_access.programmes import splits
from data_access.programmes.indicators import REGISTRY
from data_access.questions.detail import homes, province_of
from data_access.questions.recorded import Ask
from data_access.questions.widening import FINE_PLACES
from data_access.store.tables import read_table
from i18n import LANGUAGES, gettext

ALL = "*"
"""Stands for places of the whole country, and for those of nobody knows where."""
PROVINCE = "Province"
FINE = (
    "School; Schools; School code; Centre; Child-development centres; Centre code; Local authority; Local authorities; "
    "Sub-district; Reach Up sub-districts; District; Belongs to; Name; Side"
)
"""Headings (message ids) of columns that name places below the province, or tell few of them apart (who gains by a step that somebody chose)."""
WIDE = (
    "+ lost again; + new; 95% interval; A year before; Added; After; Age group; Area of focus; Arm; As of; Band; Before; "
    "Began from; Caveat; Change; Changed; Claim; Code; Codes; Codes that are no province; Cohort; Column; Data as of; "
    "Definition; Difference; Disability; Expected by then; Filters; Final target; First day of the fortnight; Fiscal year; Flag; Formula; "
    "Found in the table; Given; Grade; Group; Group kind; Id; In force since; Indicator; Joined in; Kind of data; "
    "Kind of authority; Last sent; Level; Level in words; Line; Measure; Member since; Name in files; Note; Number; "
    "Of each; Of what; Other language; Outcome; Pair of registers; Per; Period; Period of the value; Periods; Pilot; "
    "Pilot set; Place; Population; Poverty tier; Programme; Province; Provinces found; Provinces not found; Published on; "
    "Quality standard; Question put to the tables; Range or form; Rank, interval; Reached; Reason; Refers to; Region; Release; "
    "Removed; Result; Rows; Rows after; Rows before; Score; Semester; Sentence; Series; Sex; Shown; Similar, median; "
    "Since the first score; Size; Size or level; Source; Sources; Stage; Stage the next year; State; Stated by the release; "
    "Status; Stock after; Stock before; Sub-domain; Subject; Table; Target period; Tier; TSQP since; Unexplained; Unit; "
    "Upgraded from; Usual (median); Value; What; What it compares with; Where it stands; Whole country; Worded as; − back in learning"
)
"""Headings of columns whose text says nothing of a place below the province. A new one is added by whoever has looked at its cells."""
_CODE = re.compile(r"\b[A-Z]?\d{8,10}\b")
_MARKS = {"", "✓", "–"}
Row = Sequence[Any]


def of_table(
    columns: Sequence[str], rows: Iterable[Row], release_id: str, asks: Sequence[Ask] = (), address: str = ""
) -> tuple[str, ...]:
    """The provinces (codes) whose smaller places a table shows; `ALL` for those of the whole country, or of nobody knows where.

    A row lies where the codes in it do, else in its column of the province, else where places of its names do, else in the province
    that the view was narrowed to.

    Args:
        columns, rows: the table in words, in Thai or English.
        release_id: the release that its codes belong to.
        asks: the questions that it answers.
        address: page and parameters of the view.
    """
    rows = [tuple(r) for r in rows]
    view = {k: v[-1] for k, v in parse_qs(address.partition("?")[2]).items()}
    asked = {home for ask in asks for home in _of_places(release_id, dict(ask.where), ask.by)}
    asked |= _of_places(release_id, {k: (v,) for k, v in view.items() if k in FINE_PLACES}, ())
    texts = {n: {r[n] for r in rows if isinstance(r[n], str)} for n in range(len(columns))}
    kinds = {n: _kind(columns[n], texts[n]) for n, found in texts.items() if found}
    if "unknown" in kinds.values():
        return (ALL,)
    places = _places(release_id)
    if "fine" not in kinds.values():  # a code that stands where none is expected counts all the same
        return tuple(sorted(asked | {places.get(c, ALL) for text in set().union(*texts.values()) for c in _codes(text, places)}))
    fine = [n for n, kind in kinds.items() if kind == "fine"]
    at = next((n for n, c in enumerate(columns) if c in _headings(PROVINCE)), None)
    reach = asked - {ALL}  # a breakdown by place is answered row by row
    narrowed = {view["province"]} if "province" in view else reach or {ALL}
    for row in rows:
        codes = {places[c] for text in row if isinstance(text, str) for c in _codes(text, places)}
        reach |= codes or ({_provinces().get(str(row[at]), ALL)} if at is not None else _by_name(row, fine, release_id, narrowed))
    return (ALL,) if ALL in reach else tuple(sorted(reach))


def _kind(heading: str, texts: Collection[str]) -> str:
    """Whether a column of text is `wide`, `fine` or `unknown`."""
    if heading in _headings(FINE):
        return "fine"
    known = heading in _headings(WIDE) or heading in _titles() or heading.isdecimal()
    return "wide" if known or set(texts) <= _MARKS else "unknown"


@lru_cache
def _headings(msgids: str) -> frozenset[str]:
    return frozenset(gettext(m, lang) for m in msgids.split("; ") for lang in LANGUAGES)


@lru_cache(maxsize=1)
def _titles() -> frozenset[str]:
    """Titles of indicators and names of provinces, under which a column holds values in words, and splits, of which it holds codes in words."""
    titles = {x.title(lang) for x in REGISTRY.values() for lang in LANGUAGES}
    return frozenset(titles | set(_provinces()) | {gettext(s.label, lang) for s in splits().values() for lang in LANGUAGES})


@lru_cache(maxsize=1)
def _provinces() -> Mapping[str, str]:
    return {geo.name(str(c), lang): str(c) for c in geo.provinces().index for lang in LANGUAGES}


@lru_cache(maxsize=4)
def _places(release_id: str) -> Mapping[str, str]:
    """Code of a school, centre or authority -> province; empty for a release that is no longer there."""
    try:
        return {code: home for kind in homes(release_id).values() for code, home in kind.items()}
    except SamoephakError:
        return {}


def _codes(text: str, places: Mapping[str, str]) -> set[str]:
    return {text} if text in places else {c for c in _CODE.findall(text) if c in places}


@lru_cache(maxsize=4)
def _names(release_id: str) -> Mapping[str, frozenset[str]]:
    """Name of a school, centre or authority -> the provinces that have one of this name."""
    found: dict[str, set[str]] = {}
    for kind, home in homes(release_id).items():
        frame = read_table(release_id, kind)
        for column in ("name_th", "name_en"):
            for code, name in zip(frame[f"{kind}_code"], frame.get(column, ()), strict=False):
                if isinstance(name, str) and name and code in home:
                    found.setdefault(name, set()).add(home[code])
    return {name: frozenset(where) for name, where in found.items()}


def _by_name(row: Row, fine: Sequence[int], release_id: str, narrowed: set[str]) -> set[str]:
    """The provinces of a row by the names in its columns of places, of which the same may stand in many provinces."""
    names = _names(release_id) if _places(release_id) else {}
    found = {home for n in fine for home in names.get(str(row[n]), ())}
    return found & narrowed or found or narrowed


def _of_places(release_id: str, where: Mapping[str, Sequence[str]], by: Sequence[str]) -> set[str]:
    """The provinces whose smaller places a question, or an address, is about."""
    kinds = {*by, *where}
    if not kinds & set(FINE_PLACES):  # the part of a pilot set that lies in one province may be a single school
        return set(where.get("province", (ALL,))) if {"pilot_set", "province"} <= kinds else set()
    try:
        named = [province_of(release_id, k, code) or ALL for k in FINE_PLACES for code in where.get(k, ())]
    except SamoephakError:
        named = [ALL]
    return set(named) or set(where.get("province", (ALL,)))
