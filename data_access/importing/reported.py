"""The reading of an aggregate table for one indicator: place, period, value, sexes, years, repeated totals."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import geo
from data_access.contract import schema
from data_access.contract.omissions import IS
from data_access.importing import places, totals, values, wide
from data_access.importing.conditions import Condition
from data_access.importing.context import Context, proposed_period
from data_access.importing.headers import Column
from data_access.importing.limits import LIMITS
from data_access.importing.mapping import Mapping, Source, similarity
from data_access.importing.rows import Table
from data_access.importing.values import squash
from data_access.programmes.base import Indicator

_PLACES = ("province", "district", "subdistrict")
_PERIOD_WORDS = ("year", "ปี", "ปีพ.ศ.", "ภาคเรียน", "semester", "เทอม")
_SPLITS = ("sex", "level")
_UNLIKE = re.compile(r"(ชื่อ)?(ตัวชี้วัด|ตัวแปร|มาตรวัด)|หน่วย(นับ|วัด)?|indicators?|variables?|measures?|units?(ofmeasure)?|metrics?", re.I)
"""Headings of columns that tell rows of different things apart, which have no sum: persons, baht and percentages under one ค่า."""
MANY_CODES = 20
"""So many different numbers that all are codes of places are taken as such without a heading that says so."""
INSTITUTIONS = ("school", "centre", "lao")


def propose_reported(table: Table, kind: str, indicator: Indicator, context: Context) -> Mapping:
    """The most likely reading of a table for `reported:INDICATOR_ID`; what is not found is left out and asked for."""
    mapping = Mapping(kind, constants={"indicator": indicator.id}, value="value")
    _place(table, mapping, indicator)
    _years(table, mapping, indicator)
    if not mapping.unpivot:
        _period(table, mapping, indicator, context)
        splits(table, mapping)
        _value(table, mapping, indicator)
    _category(table, mapping, indicator)
    mapping.constants.setdefault("sex", "all")
    mapping.constants.setdefault("level", "all")
    if "sex" in mapping.columns or (mapping.unpivot and mapping.unpivot[0] == "sex"):
        mapping.constants.pop("sex")
    if "level" in mapping.columns or (mapping.unpivot and mapping.unpivot[0] == "level"):
        mapping.constants.pop("level")
    return mapping


# ---- places and periods
def place_column(table: Table) -> tuple[Column, str, float] | None:
    """The column whose cells are places, its level, and how sure; provinces before districts, names before codes."""
    return _column_of_names(table) or _column_of_codes(table)


def _column_of_names(table: Table) -> tuple[Column, str, float] | None:
    found: list[tuple[float, Column, str]] = []
    for level in _PLACES:
        words = (*schema.contract(schema.TABLES[level].columns[f"{level}_code"]).synonyms, "name_th", "name")
        for column in table.columns:
            share = _share_of_places(table, column.index, level)
            if share >= 0.5:
                found.append((similarity(column, words)[0] + share, column, level))
        if found:
            score, column, level = max(found, key=lambda f: (f[0], -f[1].index))
            return column, level, score
    return None


def _share_of_places(table: Table, index: int, level: str) -> float:
    sample = [row.cells[index] for row in table.rows[: totals.SAMPLE]]
    words = (
        str(c) for c in sample if isinstance(c, str) and not (values.is_number(c) or values.is_missing(c) or values.is_ditto(c))
    )
    cells = list(dict.fromkeys(words))[:60]
    if len(cells) < max(1, min(2, len(table.rows))):
        return 0.0
    return sum(1 for cell in cells if _is_certain(level, cell)) / len(cells)


def _is_certain(level: str, cell: str) -> bool:
    match = _matcher(level)(cell)
    if match.code is not None and match.score >= 1:
        return True
    return level == "province" and places.province_inside(cell) is not None


def _matcher(level: str) -> Callable[[str], geo.Match]:
    found: Callable[[str], geo.Match] = getattr(geo, f"match_{level}")
    return found


def _column_of_codes(table: Table) -> tuple[Column, str, float] | None:
    """The first column that is headed as codes of places and holds nothing else, as what a database sums often does."""
    place = schema.contract(schema.reported_value.c.place_code)
    for level in _PLACES:
        table_info, own = schema.TABLES[level].info, schema.contract(schema.TABLES[level].columns[f"{level}_code"])
        words = (f"{level}_code", own.th, own.en, level, table_info["th"], "place_code", place.th, place.en)
        for column in (c for c in table.columns if table.sheet.headless or similarity(c, words)[0] >= 0.95):
            cells = {values.text(c) or "" for c in table.cells(column.index) if not values.is_missing(c)}
            enough = len(cells) >= MANY_CODES or not table.sheet.headless
            if cells and enough and all(_matcher(level)(c).how == "code" for c in cells):
                return column, level, 1.0
    return None


def _institutions(table: Table, indicator: Indicator) -> tuple[Column, str, float] | None:
    """The column of the codes of schools, centres or local authorities, or of the names of authorities, where an indicator is known by them."""
    for level in (name for name in INSTITUTIONS if name in indicator.places):
        own = schema.contract(schema.TABLES[level].columns[f"{level}_code"])
        for column in table.columns:
            cells = [values.text(c) or "" for c in table.cells(column.index)[: totals.SAMPLE] if not values.is_missing(c)]
            coded = bool(cells) and all(re.fullmatch(own.pattern or "", c) for c in cells) and len(set(cells)) > len(cells) / 2
            if coded and similarity(column, (f"{level}_code", own.th, own.en, *own.synonyms))[0] >= LIMITS.mapping_score:
                return column, level, 1.0
    if "lao" in indicator.places:
        for column in table.columns:
            cells = [squash(c) for c in table.cells(column.index)[: totals.SAMPLE] if isinstance(c, str)]
            named = cells and sum(bool(places.AUTHORITY.match(c)) for c in cells) >= 0.9 * len(cells)
            if named and not all(places.province_inside(c) for c in cells):
                return column, "lao", 1.0
    return None


def _place(table: Table, mapping: Mapping, indicator: Indicator) -> None:
    found = _institutions(table, indicator) or place_column(table)
    if found:
        column, level, _ = found
        mapping.columns["place_code"] = Source(column.index, column.heading, 1.0, "values")
        mapping.place_level = level
    mapping.constants["place_level"] = mapping.place_level


def _free(table: Table, mapping: Mapping) -> list[Column]:
    return [c for c in table.columns if c.index not in mapping.used()]


def _period(table: Table, mapping: Mapping, indicator: Indicator, context: Context) -> None:
    own = schema.contract(schema.reported_value.c.period)
    words = ("period", own.th, own.en, *own.synonyms, *_PERIOD_WORDS)
    for column in sorted(_free(table, mapping), key=lambda c: -similarity(c, words)[0]):
        score, how = similarity(column, words)
        cells = [c for c in table.cells(column.index) if not values.is_missing(c) and not values.is_ditto(c)][:200]
        named = score > 0 or (table.sheet.headless and all(values.is_year(c) for c in cells))
        if cells and named and all(_is_period(cell, indicator.periods) for cell in cells):
            mapping.columns["period"] = Source(column.index, column.heading, round(score, 3), how)
            return
    mapping.period_note = proposed_period(context, indicator.periods)
    if mapping.period_note:
        mapping.constants["period"] = mapping.period_note[0]


def _is_period(cell: Any, kinds: tuple[str, ...]) -> bool:
    try:
        return any(values.period(cell, kind) for kind in kinds)
    except values.BadValue:
        return False


def _years(table: Table, mapping: Mapping, indicator: Indicator) -> None:
    """A column per period becomes a row per period; a column per period and sex becomes a row per period and sex."""
    groups = wide.by_stem(wide.dated(_free(table, mapping), indicator.periods))
    if not groups:
        return
    blocks = wide.sexes(groups, schema.contract(schema.reported_value.c.sex).values or ()) if "sex" in indicator.dims else {}
    if blocks:
        mapping.blocks = blocks
        mapping.unpivot = ("sex", {i: sex for codes, _ in blocks.values() for i, sex in codes.items()})
        return
    stem = wide.best_stem(groups, lambda s: _value_score(Column(0, s, (), s), indicator)[0] if s else 0.0)
    mapping.unpivot = ("period", groups[stem])


# ---- value
def splits(table: Table, mapping: Mapping) -> None:
    """Long tables: one column that says the sex or the level of the row."""
    for name in _SPLITS:
        info = schema.contract(schema.reported_value.columns[name])
        words = schema.contract(schema.pupil_grant.columns[name]).synonyms
        for column in _free(table, mapping):
            cells = [c for c in table.cells(column.index) if c is not None][:200]
            if (
                similarity(column, words)[0] >= 0.9
                and len({squash(c) for c in cells}) > 1
                and all(_is_code(c, info.values or ()) for c in cells)
            ):
                mapping.columns[name] = Source(column.index, column.heading, 1.0, "values")


def _is_code(cell: Any, allowed: tuple[str, ...]) -> bool:
    try:
        return values.code(cell, allowed) is not None
    except values.BadValue:
        return False


def _value(table: Table, mapping: Mapping, indicator: Indicator) -> None:
    numeric = {c.index for c in totals.numeric_columns(table)}
    relations = {r.total: r for r in totals.relations(table)}
    scored = []
    for candidate in _free(table, mapping):
        if candidate.index in numeric:
            score, how = _value_score(candidate, indicator)
            bonus = 0.05 if candidate.index in relations and score < 1 else 0.0
            scored.append((score + bonus, -candidate.index, how))
    best, place, how = max(scored, default=(0.0, 0, ""))
    if best < LIMITS.mapping_score:
        best, place, how = _unreadable_value(table, mapping, indicator)
    if best < LIMITS.mapping_score:
        return
    column = table.header.columns[-place]
    mapping.value_score = round(min(best, 1.0), 3)
    relation = relations.get(column.index)
    if relation and _sum_of_parts(table, mapping, indicator, relation):
        return
    if _more_than_its_sexes(table, mapping, indicator, column):
        return
    if _under_one_heading(table, mapping, indicator, column):
        return
    mapping.columns["value"] = Source(column.index, column.heading, mapping.value_score, how)


def _more_than_its_sexes(table: Table, mapping: Mapping, indicator: Indicator, column: Column) -> bool:
    """A total beside columns of the sexes that never adds up to less than they, and often to more: some have no stated sex."""
    allowed = schema.contract(schema.reported_value.c.sex).values or ()
    beside = [c for c in _free(table, mapping) if c.parts[:-1] == column.parts[:-1] and c.index != column.index]
    codes = {c.index: code for c in beside if (code := code_of(c, allowed)) in ("male", "female")}
    if "sex" not in indicator.dims or code_of(column, allowed) != "all" or sorted(codes.values()) != ["female", "male"]:
        return False
    over = [
        (totals.amount(row.cells[column.index]) or 0) - sum(totals.amount(row.cells[i]) or 0 for i in codes) for row in table.rows
    ]
    if min(over, default=0.0) < 0 or not any(over):
        return False
    mapping.unpivot, mapping.total, mapping.rest = ("sex", codes), column.index, True
    return True


def _under_one_heading(table: Table, mapping: Mapping, indicator: Indicator, column: Column) -> bool:
    """Columns of each sex or level under the heading of the one found, without a total of them: all are loaded."""
    for name in _SPLITS:
        allowed = schema.contract(schema.reported_value.columns[name]).values or ()
        beside = [c for c in _free(table, mapping) if len(c.parts) > 1 and c.parts[:-1] == column.parts[:-1]]
        codes = {c.index: code for c in beside if (code := code_of(c, allowed))}
        if column.index in codes and len(codes) > 1 and len(set(codes.values())) == len(codes) and "all" not in codes.values():
            if name in indicator.dims:
                mapping.unpivot = (name, dict(codes))
            else:
                mapping.sum_parts = tuple(codes)
            return True
    return False


def _unreadable_value(table: Table, mapping: Mapping, indicator: Indicator) -> tuple[float, int, str]:
    """A column of the right heading whose cells are mostly no numbers: chosen, so that each bad cell is named."""
    scored = [(*_value_score(c, indicator), c) for c in _free(table, mapping) if c.heading]
    best, how, column = max(scored, key=lambda s: s[0], default=(0.0, "", None))
    return (best, -column.index, how) if column and best >= 0.95 else (0.0, 0, "")


def unfit(column: Column, indicator: Indicator) -> bool:
    """Whether a heading names another unit than an indicator has: money for what is counted, percentages for money, and so on."""
    percent = column.factor == 0.01
    if indicator.kind == "count":
        return column.is_money or percent
    if indicator.kind == "money":
        return column.is_count or percent
    return indicator.kind == "rate" and (column.is_money or column.is_count)


def score_of(column: Column, words: tuple[str, ...], indicator: Indicator) -> float:
    """How well a heading, or what it says beside a period, matches words."""
    stems = (one.stem for one in wide.dated([column], indicator.periods) if one.stem)
    return max([similarity(column, words)[0], *(similarity(Column(0, stem, (), stem), words)[0] for stem in stems)])


def _value_score(column: Column, indicator: Indicator) -> tuple[float, str]:
    if unfit(column, indicator):
        return 0.0, ""
    own = similarity(column, (*indicator.synonyms, indicator.id, indicator.title_th, indicator.title_en))
    if own[0] >= LIMITS.mapping_score:
        return own
    general = similarity(column, schema.contract(schema.reported_value.c.value).synonyms)
    return 0.85 * general[0], general[1]


def _sum_of_parts(table: Table, mapping: Mapping, indicator: Indicator, relation: totals.Relation) -> bool:
    """A stated total beside its parts: the parts are loaded (by sex or level where they are), the total checked."""
    for name in _SPLITS:
        allowed = schema.contract(schema.reported_value.columns[name]).values or ()
        codes = {i: code_of(table.header.columns[i], allowed) for i in relation.parts}
        if all(codes.values()) and len(set(codes.values())) == len(codes) and "all" not in codes.values():
            if name in indicator.dims:
                mapping.unpivot = (name, {i: str(c) for i, c in codes.items()})
            else:
                mapping.sum_parts = relation.parts
            mapping.total = relation.total
            return True
    mapping.sum_parts, mapping.total = relation.parts, relation.total
    return True


def code_of(column: Column, allowed: tuple[str, ...]) -> str | None:
    for text in (column.own, *reversed(column.parts)):
        try:
            return values.code(text, allowed)
        except values.BadValue:
            continue
    return None


# ---- several rows a place and period
def _category(table: Table, mapping: Mapping, indicator: Indicator) -> None:
    """Rows by plan or purpose: keep the category that the indicator names, else sum; find repeated totals."""
    if "place_code" not in mapping.columns:
        return
    group = [mapping.columns[k].index for k in ("place_code", "period", *_SPLITS) if k in mapping.columns]
    mapping.aggregate = _offices(table, mapping) and indicator.adds_up == "sum"
    if mapping.aggregate:
        return
    keys = Counter(zip(*(_carried(table, i) for i in group), strict=True))
    if max(keys.values(), default=0) < 2:
        return
    if "value" in mapping.columns:
        mapping.group_totals = tuple(totals.repeated_group_totals(table, group, mapping.columns["value"].index))
    for column in _free(table, mapping):
        cells = Counter(values.text(c) for c in table.cells(column.index) if isinstance(c, str) and not values.is_number(c))
        named = [text for text in cells if text and len(text) >= 4 and text in indicator.title_th]
        if 1 < len(cells) <= 60 and named:
            mapping.where[column.index] = Condition(IS, (max(named, key=len),))
            return
    mapping.categories = _categories(table, mapping, group)
    unlike = any(_UNLIKE.fullmatch(squash(table.header.columns[i].heading)) for i in mapping.categories)
    several = bool(mapping.categories) and sum(keys.values()) > 1.5 * len(keys)
    mapping.aggregate = several and not unlike and indicator.adds_up == "sum"


def _offices(table: Table, mapping: Mapping) -> bool:
    """Whether provinces have several offices, each on a row of its own: สพป.เชียงใหม่ เขต 1, เขต 2."""
    texts = {c for c in table.cells(mapping.columns["place_code"].index) if isinstance(c, str)}
    found = [code for text in texts if (code := places.province_inside(text))] if mapping.place_level == "province" else []
    return len(set(found)) < len(found)


def _categories(table: Table, mapping: Mapping, group: list[int]) -> tuple[int, ...]:
    """The free columns of words that tell the rows of one place and period apart; without one they are duplicates."""
    rows: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, key in enumerate(zip(*(_carried(table, i) for i in group), strict=True)):
        rows[key].append(at)
    several = [at for at in rows.values() if len(at) > 1]
    found = []
    for column in _free(table, mapping):
        cells = [c if isinstance(c, str) and not values.is_number(c) else None for c in table.cells(column.index)]
        apart = sum(len({squash(cells[i]) for i in at if cells[i] is not None}) > 1 for at in several)
        if apart > len(several) / 2:
            found.append(column.index)
    return tuple(found)


def _carried(table: Table, index: int) -> list[str]:
    """The words of a column with blank cells taken from above, as `rows.fill_down` will fill them."""
    words, last = [], ""
    for row in table.rows:
        cell = row.cells[index]
        last = last if values.is_missing(cell) or values.is_ditto(cell) else squash(cell)
        words.append(last)
    return words
