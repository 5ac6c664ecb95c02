"""Which column of a file is which column of the contract: proposals with scores, corrections, and named profiles."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import sqlalchemy as sa
from openpyxl.utils import column_index_from_string
from rapidfuzz import fuzz

from data_access.contract import schema
from data_access.contract.errors import ReleaseError, UsageError
from data_access.contract.national_ids import masked
from data_access.contract.settings import home
from data_access.importing import wide
from data_access.importing.conditions import Condition, LeaveOut, condition_of
from data_access.importing.headers import Column
from data_access.importing.limits import LIMITS
from data_access.importing.rows import Table
from data_access.importing.values import squash
from data_access.programmes.indicators import COUNTED, REGISTRY, Indicator
from data_access.store.releases import read_json, write_atomically
from i18n import N_

GENERATED = {"centre_code"}
_SAME_EVERYWHERE = ("semester", "academic_year", "school_code", "grade", "sex", "level")
Blocks = dict[str, tuple[dict[int, str], int | None]]
Correction = str | Condition | None
_Kept = str | list[str]
T = TypeVar("T")


@dataclass(frozen=True)
class Field:
    """A column of the contract as a target of the mapping; `table` is the contract table that it goes to."""

    name: str
    info: schema.Info
    type: Any
    required: bool
    key: bool
    ref: str | None
    table: str


@dataclass
class Source:
    """Where a field comes from: a column of the file (0-based), how sure, and how it was found."""

    index: int
    heading: str
    score: float
    how: str


@dataclass
class Mapping:
    """A full reading of a table for one kind. Column indexes are 0-based.

    Attributes:
        columns: field -> source column.
        constants: field -> the same text on every row.
        unpivot: (field, {column: code}): each of these columns becomes a row, for example sex or period.
        blocks: for a table wide by period and by sex, period -> ({column: sex}, column of their total); `unpivot` is then by sex.
        value: the field that unpivoted or summed cells fill.
        total: states the total of `unpivot` or `sum_parts`; checked, and loaded only where the parts are blank.
        sum_parts: columns whose sum is the value.
        where: column -> what a row must have there to be loaded.
        left_out: rows that somebody leaves out, and why.
        rest: what the stated total has beyond its parts by sex is loaded as of no stated sex.
        aggregate: rows of one key are summed (the report says so); `group_totals` are repeated totals, never summed;
            `categories` are the columns that tell the summed rows apart: a row that says "total" there is left out.
    """

    kind: str
    columns: dict[str, Source] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    unpivot: tuple[str, dict[int, str]] | None = None
    blocks: Blocks = field(default_factory=dict)
    value: str = ""
    total: int | None = None
    sum_parts: tuple[int, ...] = ()
    where: dict[int, Condition] = field(default_factory=dict)
    left_out: tuple[LeaveOut, ...] = ()
    aggregate: bool = False
    group_totals: tuple[int, ...] = ()
    categories: tuple[int, ...] = ()
    place_level: str = "province"
    period_note: tuple[str, int, str] | None = None
    value_score: float = 0.0
    rest: bool = False

    def used(self) -> set[int]:
        """Every column that the load reads or checks."""
        used = {s.index for s in self.columns.values()} | set(self.where) | set(self.sum_parts) | set(self.group_totals)
        used |= set(self.unpivot[1]) if self.unpivot else set()
        used |= {total for _, total in self.blocks.values() if total is not None}
        used |= {column_index_from_string(rule.column) - 1 for rule in self.left_out if rule.column}
        return used | ({self.total} if self.total is not None else set())

    def loaded(self) -> set[int]:
        """Every column whose cells would be stored."""
        return {s.index for s in self.columns.values()} | set(self.sum_parts) | (set(self.unpivot[1]) if self.unpivot else set())


# ---- kinds
def kind_names(kind: str) -> dict[str, str]:
    """The name of a kind for messages, in each language: of its table, or of the indicator that is reported."""
    indicator = REGISTRY.get(kind.removeprefix("reported:"))
    found = indicator.titles() if indicator else schema.names(kind) if kind in schema.TABLES else {"": kind}
    return {key.replace("title", "kind").replace("table", "kind") or "kind": words for key, words in found.items()}


def indicator_of(kind: str) -> Indicator | None:
    """The indicator of `reported:ID`, None for a table kind; UsageError when there is neither."""
    if kind.startswith("reported:"):
        found = REGISTRY.get(kind.removeprefix("reported:"))
        if found is None:
            raise UsageError(N_("There is no indicator {id}; `indicators` lists them"), id=kind.removeprefix("reported:"))
        if not found.takes_reports:
            raise UsageError(
                N_(
                    "“{title}” is computed from its own table, so reported values would never be shown; load the table “{table}” instead"
                ),
                **found.titles(),
                **schema.names(found.table),
            )
        if found.retired:
            raise UsageError(
                N_("“{title}” was retired on {day}; declare another measure for new values"), **found.titles(), day=found.retired
            )
        return found
    if kind not in schema.LOADABLE_TABLES:
        raise UsageError(
            N_("{kind} is not a table that can be loaded; use one of {tables} or reported:INDICATOR_ID"),
            kind=kind,
            tables=", ".join(schema.LOADABLE_TABLES),
        )
    return None


def table_of(kind: str) -> str:
    """The contract table that a kind loads into."""
    return "reported_value" if indicator_of(kind) else kind


def _fields_of(table: str, required: bool = True) -> list[Field]:
    return [
        Field(c.name, schema.contract(c), c.type, required and not c.nullable, bool(c.primary_key), c.info["ref"], table)
        for c in schema.TABLES[table].columns
    ]


def fields(kind: str) -> list[Field]:
    """The fields that a kind needs. `centre_semester` also takes the columns of `centre`, to create missing centres."""
    if indicator_of(kind):
        return _fields_of("reported_value")
    if kind != "centre_semester":
        return _fields_of(kind)
    own = _fields_of(kind)
    names = {f.name for f in own}
    return own + [f for f in _fields_of("centre", required=False) if f.name not in names]


# ---- scores
def similarity(column: Column, words: tuple[str, ...]) -> tuple[float, str]:
    """How well a heading matches any of the words (0 to 1), and how: name, contains or close."""
    names = {squash(text) for text in (column.heading, column.own, column.parts[-1] if column.parts else "") if text}
    names |= {re.sub(r"\(.*?\)", "", name) for name in names}
    best = (0.0, "")
    for word in {squash(w) for w in words if w}:
        for name in names:
            best = max(best, _score(name, word))
    return best


def _score(name: str, word: str) -> tuple[float, str]:
    if name == word:
        return 1.0, "name"
    if re.sub(r"\(.*?\)", "", name) == re.sub(r"\(.*?\)", "", word) != "":
        return 0.97, "name"
    if len(word) >= 3 and word in name:
        return 0.72 + 0.23 * len(word) / len(name), "contains"
    close = fuzz.ratio(name, word) / 100 if len(word) >= 4 else 0.0
    return (0.9 * close, "close") if close >= 0.8 else (0.0, "")


def words_of(item: Field) -> tuple[str, ...]:
    """Every heading accepted for a field; a reference field also answers to the headings of what it refers to."""
    referred: tuple[str, ...] = ()
    if item.ref and not item.ref.startswith(("centre.", "pilot_set.")):
        table, column = item.ref.split(".")
        referred = schema.contract(schema.TABLES[table].columns[column]).synonyms
    if item.name in _SAME_EVERYWHERE:
        same = (t.columns[item.name] for t in schema.TABLES.values() if item.name in t.columns)
        referred += tuple(word for column in same for word in schema.contract(column).synonyms)
    return (item.name, item.info.th, item.info.en, *item.info.synonyms, *referred)


def _field_score(item: Field, column: Column) -> tuple[float, str]:
    """The likeness of a heading; our own templates end each heading with the name of the field, which settles it.

    A heading of money is none of what is counted, however alike the words are (จำนวนเงิน, จำนวน), nor the reverse.
    """
    if column.heading.split()[-1] == item.name:
        return 1.01, "name"
    if (item.info.unit in COUNTED and column.is_money) or (item.info.unit == "baht" and column.is_count):
        return 0.0, ""
    return similarity(column, words_of(item))


def propose_table(table: Table, kind: str) -> Mapping:
    """The most likely reading of a table for a contract table: best pairs first, each column used once."""
    mapping = Mapping(kind)
    columns = [column for column in table.columns if column.heading]
    pairs = sorted(
        ((*_field_score(item, column), item.name, column) for item in fields(kind) for column in columns),
        key=lambda pair: -pair[0],
    )
    taken: set[int] = set()
    for score, how, name, column in pairs:
        if score >= LIMITS.mapping_score and name not in mapping.columns and column.index not in taken:
            mapping.columns[name] = Source(column.index, column.heading, round(min(score, 1.0), 3), how)
            taken.add(column.index)
    _prefer_totals(table, mapping)
    _propose_unpivot(table, mapping, taken)
    if not mapping.unpivot:
        _propose_periods(table, mapping)
    return mapping


def _prefer_totals(table: Table, mapping: Mapping) -> None:
    """A number of which the table has parts and their total under one heading is the total (ครู: ข้าราชการ, พนักงานจ้าง, รวม)."""
    known = {f.name: f for f in fields(mapping.kind)}
    used = {s.index for s in mapping.columns.values()}
    for name, source in list(mapping.columns.items()):
        column = table.header.columns[source.index]
        if not isinstance(known[name].type, sa.Integer | sa.Float) or len(column.parts) < 2 or _is_total(column):
            continue
        beside = [c for c in table.columns if c.parts[:-1] == column.parts[:-1] and _is_total(c)]
        if len(beside) == 1 and beside[0].index not in used:
            mapping.columns[name] = Source(beside[0].index, beside[0].heading, source.score, source.how)


def _is_total(column: Column) -> bool:
    return bool(re.match(r"รวม|ทั้งหมด|ทั้งสิ้น|ยอดรวม|total|all\b", squash(column.parts[-1] if column.parts else ""), re.I))


def _propose_unpivot(table: Table, mapping: Mapping, taken: set[int]) -> None:
    """Columns headed by the codes of a field (subjects, sexes, levels) that has no column of its own become rows."""
    from data_access.importing import values

    numeric = [
        f
        for f in fields(mapping.kind)
        if f.required and not f.key and isinstance(f.type, sa.Integer | sa.Float) and f.name not in mapping.columns
    ]
    for item in fields(mapping.kind):
        if not item.info.values or item.name in mapping.columns or not numeric:
            continue
        found: dict[int, str] = {}
        for column in table.columns:
            try:
                code = values.code(column.own, item.info.values) if column.index not in taken else None
            except values.BadValue:
                continue
            if code and code not in found.values():
                found[column.index] = code
        if len(found) >= 2:
            mapping.unpivot, mapping.value = (item.name, found), numeric[0].name
            return


def _propose_periods(table: Table, mapping: Mapping) -> None:
    """A column per semester or academic year of one number becomes a row per period."""
    known = {f.name: f for f in fields(mapping.kind)}
    name, kind = next(((n, k) for n, k in (("semester", "semester"), ("academic_year", "academic_year")) if n in known), ("", ""))
    if not name or name in mapping.columns:
        return
    numbers = [
        f
        for f in known.values()
        if f.table == mapping.kind and not f.key and isinstance(f.type, sa.Integer | sa.Float) and not f.name.endswith("year")
    ]
    groups = wide.by_stem(wide.dated(table.columns, (kind,)))
    if not groups or not numbers:
        return

    def scored(stem: str) -> list[tuple[float, str]]:
        return [(similarity(Column(0, stem), words_of(f))[0], f.name) for f in numbers] if stem else []

    stem = wide.best_stem(groups, lambda s: max(scored(s), default=(0.0, ""))[0])
    score, value = max(scored(stem), default=(0.0, ""))
    codes = groups[stem]
    mapping.columns = {k: s for k, s in mapping.columns.items() if s.index not in codes}
    mapping.value = value if score >= LIMITS.mapping_score else next(f.name for f in numbers)
    mapping.columns.pop(mapping.value, None)
    mapping.unpivot = (name, codes)


# ---- corrections and profiles
def find_column(table: Table, heading: str) -> Column:
    """A column by its heading, the lowest part of its heading, or its letter; UsageError when there is none, or several."""
    columns, wanted = table.header.columns, squash(heading)
    for found in ([c for c in columns if squash(c.heading) == wanted], [c for c in columns if squash(c.own) == wanted]):
        if len(found) > 1:
            letters = ", ".join(c.letter for c in found)
            raise UsageError(
                N_("Several columns are headed {name}; say which one by its letter: {letters}"), name=heading, letters=letters
            )
        if found:
            return found[0]
    for column in columns:
        if heading.upper() == column.letter:
            return column
    raise UsageError(N_("The file has no column {name}"), name=heading)


def correct(table: Table, mapping: Mapping, corrections: dict[str, Correction]) -> Mapping:
    """Apply corrections: field -> heading or letter, None to leave the field out; `where:HEADING` (also `HEADING contains`,
    `HEADING is one of`) -> text or condition, None for all rows; `left_out` -> None, for no rule of the profile."""
    for name, heading in corrections.items():
        if name.startswith("where:"):
            _select_rows(table, mapping, name.removeprefix("where:"), heading)
        elif name == "left_out":
            mapping.left_out = ()
        elif heading is None:
            mapping.columns.pop(name, None)
        elif isinstance(heading, Condition):
            raise UsageError(N_("{kind} has no column {name}"), kind=mapping.kind, name=name)
        elif name == "aggregate":
            mapping.aggregate = str(heading).lower() in ("1", "true", "yes", "sum")
        elif name not in {f.name for f in fields(mapping.kind)}:
            raise UsageError(N_("{kind} has no column {name}"), kind=mapping.kind, name=name)
        else:
            _place(table, mapping, name, heading)
    return mapping


def _select_rows(table: Table, mapping: Mapping, name: str, wanted: Correction) -> None:
    heading, condition = condition_of(name, wanted) if isinstance(wanted, str) else (name, wanted)
    index = find_column(table, heading).index
    if condition is None:
        mapping.where.pop(index, None)
    else:
        mapping.where[index] = condition


def leave_out(table: Table, mapping: Mapping, rules: Iterable[LeaveOut]) -> None:
    """Add rules of rows that are left out; UsageError names a heading that the file does not have."""
    found = (replace(rule, column=find_column(table, rule.column).letter) if rule.condition else rule for rule in rules)
    mapping.left_out = tuple(dict.fromkeys([*mapping.left_out, *found]))


def _place(table: Table, mapping: Mapping, name: str, heading: str) -> None:
    column = find_column(table, heading)
    mapping.columns = {k: s for k, s in mapping.columns.items() if s.index != column.index or k == name}
    mapping.columns[name] = Source(column.index, column.heading, 1.0, "chosen")
    if name == mapping.value:
        mapping.unpivot, mapping.sum_parts, mapping.total, mapping.blocks = None, (), None, {}
    if mapping.unpivot and mapping.unpivot[0] == name:
        mapping.unpivot, mapping.blocks = None, {}


def to_profile(table: Table, mapping: Mapping) -> dict[str, Any]:
    """A mapping as JSON by headings, so that it fits next semester's file even when its columns move."""

    headings = Counter(squash(c.heading) for c in table.header.columns)

    def name(index: int) -> str:
        column = table.header.columns[index]
        return column.heading if headings[squash(column.heading)] == 1 else column.letter

    return {
        "kind": mapping.kind,
        "columns": {k: name(s.index) for k, s in mapping.columns.items()},
        "constants": mapping.constants,
        "unpivot": [mapping.unpivot[0], {name(i): c for i, c in mapping.unpivot[1].items()}] if mapping.unpivot else None,
        "blocks": {
            period: [{name(i): sex for i, sex in codes.items()}, None if total is None else name(total)]
            for period, (codes, total) in mapping.blocks.items()
        },
        "value": mapping.value,
        "total": None if mapping.total is None else name(mapping.total),
        "sum_parts": [name(i) for i in mapping.sum_parts],
        "where": {name(i): condition.to_profile() for i, condition in mapping.where.items()},
        "left_out": [
            [name(column_index_from_string(rule.column) - 1), rule.condition.to_profile(), rule.reason]
            for rule in mapping.left_out
            if rule.condition
        ],
        "aggregate": mapping.aggregate,
        "rest": mapping.rest,
        "group_totals": [name(i) for i in mapping.group_totals],
        "categories": [name(i) for i in mapping.categories],
        "place_level": mapping.place_level,
    }


def from_profile(table: Table, profile: dict[str, Any]) -> Mapping:
    """A saved mapping laid on a table; UsageError names a heading that the file no longer has and that decides what is loaded.

    Columns that are only checked (totals, categories) may be gone.
    """

    def index(heading: str) -> int:
        return find_column(table, heading).index

    def there(headings: Iterable[str]) -> tuple[int, ...]:
        return tuple(index(h) for h in headings if has_column(table, h))

    mapping = Mapping(
        profile["kind"],
        constants=dict(profile["constants"]),
        value=profile["value"],
        aggregate=profile["aggregate"],
        rest=profile.get("rest", False),
        place_level=profile["place_level"],
    )
    mapping.columns = {k: Source(index(h), h, 1.0, "profile") for k, h in profile["columns"].items()}
    if profile["unpivot"]:
        mapping.unpivot = (profile["unpivot"][0], {index(h): c for h, c in profile["unpivot"][1].items()})
    for period, (codes, total) in profile.get("blocks", {}).items():
        mapping.blocks[period] = ({index(h): sex for h, sex in codes.items()}, _first(there([total] if total else [])))
    mapping.categories = there(profile.get("categories", ()))
    mapping.total = _first(there([profile["total"]] if profile["total"] else []))
    mapping.sum_parts = tuple(index(h) for h in profile["sum_parts"])
    mapping.where = {index(h): Condition.from_profile(kept) for h, kept in profile["where"].items()}
    mapping.group_totals = there(profile["group_totals"])
    leave_out(table, mapping, (LeaveOut(why, h, Condition.from_profile(kept)) for h, kept, why in profile.get("left_out", ())))
    return mapping


def _first(found: tuple[T, ...]) -> T | None:
    return next(iter(found), None)


def has_column(table: Table, heading: str) -> bool:
    """Whether a file has one column of a heading or letter."""
    try:
        find_column(table, heading)
    except UsageError:
        return False
    return True


def save_profile(name: str, profile: dict[str, Any]) -> None:
    """Keep a profile under a name (letters of any language, digits, space, dash, underscore); UsageError on others, and on one with a national ID."""
    if not re.fullmatch(r"[\w\u0E00-\u0E7F][\w\u0E00-\u0E7F \-]{0,60}", masked(name)):
        raise UsageError(N_("{name} cannot be the name of a profile; use letters, digits, spaces and dashes"), name=name)
    write_atomically(home() / "profiles" / f"{name}.json", json.dumps(profile, ensure_ascii=False, indent=1))


@dataclass
class _Profile:
    """What a profile holds (`to_profile`); fields with a default came later than the first profiles."""

    kind: str
    columns: dict[str, str]
    constants: dict[str, str]
    unpivot: tuple[str, dict[str, str]] | None
    value: str
    total: str | None
    sum_parts: list[str]
    where: dict[str, _Kept]
    aggregate: bool
    group_totals: list[str]
    place_level: str
    blocks: dict[str, tuple[dict[str, str], str | None]] = field(default_factory=dict)
    left_out: list[tuple[str, _Kept, str]] = field(default_factory=list)
    rest: bool = False
    categories: list[str] = field(default_factory=list)


def load_profile(name: str) -> dict[str, Any]:
    """A profile by name; UsageError when there is none, ReleaseError when its file is damaged."""
    if name not in list_profiles():
        raise UsageError(N_("There is no profile {name}"), name=name)
    return read_json(home() / "profiles" / f"{name}.json", _Profile)


def profiles_of(kind: str) -> list[str]:
    """The names of the saved profiles of a kind; a damaged one is told when it is asked for by name and hides no other here."""
    found = []
    for name in list_profiles():
        with suppress(ReleaseError):
            found += [name] if load_profile(name)["kind"] == kind else []
    return found


def list_profiles() -> list[str]:
    """The names of the saved profiles."""
    return sorted(path.stem for path in (home() / "profiles").glob("*.json"))
