"""What an unknown table could be declared as: one measure for each thing that its columns count, filled in from its words.

Nothing is declared here: a steward reads each proposal, puts it right and declares it (`data_access.programmes.measures`). What the words do not
say is left empty and asked for; where they leave a doubt the proposal is the careful one (persons, which are protected; never added up).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from data_access.contract import schema
from data_access.contract.periods import PERIOD_KEYS
from data_access.importing import reported, totals, values, wide
from data_access.importing.context import Context, of_one_period, read_context
from data_access.importing.guards import PERCENT
from data_access.importing.headers import Column
from data_access.importing.mapping import Mapping
from data_access.importing.rows import Table
from data_access.importing.values import squash
from data_access.programmes import measures
from data_access.programmes.indicators import OWN
from data_access.programmes.measures import UNIT_WORDS, Measure
from data_access.publishing import declarations

_MEAN = re.compile(
    r"อัตรา(?!จ้าง|กำลัง)|เฉลี่ย|คะแนน|ดัชนี|สัดส่วน|ต่อ(หัว|คน|แสน|พัน|ล้าน|หมื่น|ประชากร|ครัวเรือน|ครู|ไร่|\d|[ก-๙]+\d)"
    r"|mean|average|rate|ratio|score|index|per\b",
    re.I,
)
_OVER = re.compile(
    r"(?:บาท|baht|กก\.?|กิโลกรัม|ลิตร|ตัน)\s*/\s*[^()\d/]+(?:/[^()\d/]+)?|(?:คน|ราย)\s*/\s*(?:ตร|แสน|พัน|หมื่น|ประชากร|sq)[^()]*", re.I
)
"""A unit over another: บาท/คน/เดือน."""
_OF_TIMES = re.compile(r"ไตรมาส|เดือน|quarter|month", re.I)
_NO_NAME = re.compile(r"(sheet|แผ่น(งาน)?|data|ข้อมูล|ตาราง|table|book|.)?\d*", re.I)
"""Headings and names of sheets that name nothing."""
_MONEY = re.compile(r"^ค่า(?!นิยม)|เงิน|^งบ|รายได้|รายจ่าย|ราคา|มูลค่า|ผลิตภัณฑ์มวลรวม|gdp|gpp|budget|income|expenditure")
_PER = re.compile(r"(?:บาท)?(ต่อ\s*[ก-๙]*\s*[\d,]*\s*[ก-๙]*(?:ต่อ[ก-๙]+)?)")
_THINGS = (
    "แห่ง",
    "โรงเรียน",
    "โรง",
    "ครั้ง",
    "คดี",
    "เรื่อง",
    "คัน",
    "หลังคาเรือน",
    "ครัวเรือน",
    "หลัง",
    "ไร่",
    "ตัน",
    "แปลง",
    "วัน",
    "ห้อง",
    "หมู่บ้าน",
    "กองทุน",
)
_PERSONS = re.compile(r"คน|ราย|ผู้|นักเรียน|ลูกจ้าง|เด็ก|ประชากร|แรงงาน|ตาย|เสียชีวิต|ทุพพลภาพ|ครู|persons|people|pupils|children", re.I)
_TITLE_NOISE = re.compile(r"\(?\s*หน่วย\s*:?.*$|\(?ข้อมูล\s*ณ.*$")
_SOURCE = re.compile(r"ที่มา\s*(?:ของข้อมูล)?\s*[:：]?\s*(.+)")
_GENERIC = {
    squash(w)
    for w in ("รวม", "จำนวน", "ทั้งหมด", "รวมทั้งสิ้น", "ค่า", "value", "total", "number", "amount", "คน", "บาท", "แห่ง", "ร้อยละ")
}
_SAYS_NOTHING = {squash(w) for w in ("", "รวม", "ทั้งหมด", "รวมทั้งสิ้น", "ค่า", "value", "total")}
_COUNTED = ("persons", "things")
SHARE_OF_FRACTIONS = 0.05


@dataclass(frozen=True)
class Candidate:
    """One measure that sheets could be declared as: the sheets, the letters of its columns, and the declaration as far as words say."""

    sheets: tuple[str, ...]
    columns: tuple[str, ...]
    measure: Measure

    def is_again(self, declared: Measure) -> bool:
        """Whether a declared measure has the words that this one would be declared with, and they say what it is."""
        words = [(squash(m.headings), squash(m.title_th), m.period_type) for m in (self.measure, declared)]
        return bool(self.measure.title_th) and words[0] == words[1]


def candidates(tables: Sequence[Table], file: str) -> list[Candidate]:
    """Every measure that the sheets of a file could be declared as, in the order of their columns; none of a sheet without places.

    Args:
        tables: one a sheet.
        file: its name, the source where no footnote names one.
    """
    measures.learn(declarations.of_draft())
    ids = _ids(declarations.taken())
    placed = [t for t in tables if t.rows and reported.place_column(t)]
    years = len(placed) > 1 and all(of_one_period(t.sheet.name) for t in placed)
    found: list[Candidate] = []
    for table in placed:
        for candidate in _of_table(table, file, ids, several=len(placed) > 1 and not years):
            known = next((n for n, c in enumerate(found) if years and c.measure.headings == candidate.measure.headings), None)
            if known is None:
                found.append(candidate)
            else:  # the same of another year
                found[known] = replace(found[known], sheets=(*found[known].sheets, table.sheet.name))
    return found


def _ids(taken: set[str]) -> Iterable[str]:
    return (i for n in range(1, 100_000) if (i := f"{OWN}measure_{n}") not in taken)


@dataclass(frozen=True)
class _Group:
    """Columns that make one measure: the heading by which it is known, its columns, and the splits that they make."""

    heading: str
    columns: tuple[Column, ...]
    splits: str = ""


def _of_table(table: Table, file: str, ids: Iterable[str], several: bool) -> list[Candidate]:
    context = read_context(table.header, table.sheet.name)
    period_type = _period_type(table, context)
    groups = _groups(table, period_type)
    title = _title(table)
    made = []
    for group in groups:
        measure = _measure(table, group, title, period_type, several and bool(table.sheet.name))
        source = _source(table) or file
        made.append((group, replace(measure, measure_id=next(iter(ids)), source=source)))
    weighed = _weighed(table, made)
    return [Candidate((table.sheet.name,), tuple(c.letter for c in g.columns), m) for g, m in weighed]


# ---- columns -------------------------------------------------------------------------------------------------------------
def _period_type(table: Table, context: Context) -> str:
    if len(wide.dated(table.columns, ("semester",))) >= 2:
        return "semester"
    words = squash(" ".join([*(c.heading for c in table.columns), *(t for _, t in table.header.titles)]))
    for kind, word in (
        ("fiscal_year", "งบประมาณ"),
        ("academic_year", "ปีการศึกษา"),
        ("fiscal_year", "fiscalyear"),
        ("academic_year", "academicyear"),
    ):
        if word in words and (kind in context.periods or f"ปี{word}".replace("ปีปี", "ปี") in words or word.isascii()):
            return kind
    return next((k for k in PERIOD_KEYS if k in context.periods and k != "semester"), "calendar_year")


def _groups(table: Table, period_type: str) -> list[_Group]:
    free = _quantities(table)
    dated = wide.dated(free, (period_type,))
    if stems := wide.by_stem(dated):
        by_index = {c.index: c for c in free}
        if wide.sexes(stems, schema.contract(schema.reported_value.c.sex).values or ()):
            return [_Group("", tuple(by_index[i] for codes in stems.values() for i in codes), "sex")]
        words = {one.stem: one.words for one in dated}
        return [_Group(words[stem], tuple(by_index[i] for i in codes)) for stem, codes in stems.items()]
    found: list[_Group] = []
    split = _split_groups(free)
    in_split = {c.index for group in split for c in group.columns}
    for column in free:
        if column.index not in in_split:
            found.append(_Group(column.heading, (column,)))
        elif group := next((g for g in split if g.columns[0] == column), None):
            found.append(group)
    return found


def _quantities(table: Table) -> list[Column]:
    """The columns of numbers but those of places, periods and codes."""
    place = reported.place_column(table)
    used = {place[0].index} if place else set()
    numeric = [c for c in totals.numeric_columns(table) if c.index not in used and c.heading]
    return [c for c in numeric if not _is_time(c, [v for v in table.cells(c.index) if not values.is_missing(v)])]


def _is_time(column: Column, cells: list[Any]) -> bool:
    """Whether a column holds years, months or quarters."""
    if _OF_TIMES.match(squash(column.heading)):
        return all((values.number(v) or 0) in range(1, 13) for v in cells if values.is_number(v))
    return all(values.is_year(v) for v in cells)


def _split_groups(columns: list[Column]) -> list[_Group]:
    """Columns of sexes or levels under one heading, with their total where there is one: each such set is one measure."""
    under: dict[tuple[str, ...], list[Column]] = defaultdict(list)
    for column in columns:
        under[column.parts[:-1]].append(column)
    found = []
    for parent, beside in under.items():
        for split in schema.SPLIT:
            allowed = schema.contract(schema.reported_value.columns[split]).values or ()
            codes = {c.index: code for c in beside if (code := reported.code_of(c, allowed))}
            named = [code for code in codes.values() if code != "all"]
            if len(named) >= 2 and len(set(named)) == len(named):
                total = next((c for c in beside if codes.get(c.index) == "all"), None)
                members = tuple(c for c in beside if c.index in codes)
                found.append(_Group(total.heading if total else " ".join(parent), members, split))
                break
    return found


# ---- words ---------------------------------------------------------------------------------------------------------------
def _title(table: Table) -> str:
    """The longest line over the table, without its unit, date and year."""
    lines = [_TITLE_NOISE.sub("", text) for _, text in table.header.titles]
    lines = [
        re.sub(r"\s*(ปี|พ\.ศ\.|ประจำ|ปีงบประมาณ|ปีการศึกษา|\s)*(2[456]|19|20)\d\d(\.0)?\s*$", "", t).strip(" :-–") for t in lines
    ]
    lines = [t for t in lines if not t.startswith("ข้อมูลเดือน")]
    return " ".join(max(lines, key=len, default="").split())[:160]


def _source(table: Table) -> str:
    for row in table.excluded:
        if row.reason in ("footnote", "signature") and (match := _SOURCE.search(row.text)):
            return match[1].strip()[:160]
    return ""


def _plain(heading: str) -> str:
    """A heading without its unit in brackets."""
    return " ".join(re.sub(r"\([^)]{0,30}\)", " ", heading).split())


def _measure(table: Table, group: _Group, title: str, period_type: str, several: bool) -> Measure:
    first = group.columns[0]
    plain = _plain(group.heading)
    parent = " ".join(first.parts[:-1]) if len(first.parts) > 1 and group.splits else ""
    named = "" if table.sheet.headless else plain
    words = (named, _plain(parent), title, table.sheet.name)
    short = next((w for w in words if not (squash(w) in _GENERIC or of_one_period(w) or _NO_NAME.fullmatch(squash(w)))), title)
    if squash(short).endswith("รวม") and parent:
        short = _plain(parent)
    if several and short:
        short = f"{short} · {table.sheet.name}"
    kind, unit = _kind(table, group, f"{group.heading} {parent}", title or table.sheet.name)
    adds_up = "sum" if kind in (*_COUNTED, "money") else "never"
    full = f"{short} · {title}" if title and squash(title) not in squash(short) else short
    return Measure(
        measure_id="",
        title_th=full[:200],
        title_en="",
        short_th=short[:80],
        short_en="",
        unit_th=unit,
        unit_en=UNIT_WORDS.get(unit, ""),
        kind=kind,
        adds_up=adds_up,
        period_type=period_type,
        source="",
        splits=",".join(dict.fromkeys([*filter(None, [group.splits]), *_splits_of_rows(table)])),
        headings=f"{table.sheet.name}!{group.heading}" if several else group.heading,
    )


def _splits_of_rows(table: Table) -> list[str]:
    """The splits that columns of a long table give: a row for each sex or level."""
    mapping = Mapping("")
    reported.splits(table, mapping)
    return [name for name in schema.SPLIT if name in mapping.columns]


def _kind(table: Table, group: _Group, heading: str, title: str) -> tuple[str, str]:
    """The kind and the Thai unit that words and numbers speak for; the unit is empty where none does.

    Where the heading says nothing but a period or that it is a total, the title says what the numbers are.
    """
    column, said = group.columns[0], squash(heading)
    if squash(_plain(heading)) in _SAYS_NOTHING or of_one_period(heading):
        said = "" if re.search(r"จำนวน.*และ", title) else squash(title)
    shown = table.sheet.marks.scales.get(column.index, {})
    if column.unit in PERCENT or 100.0 in shown or said.startswith("ร้อยละ") or "(%)" in said:
        return "rate", "ร้อยละ"
    if over := _OVER.search(heading):
        return "mean", " ".join(over[0].split())
    if _MEAN.search(said):
        per = _PER.search(heading)
        money = "บาท" if column.is_money else ""
        return "mean", f"{money}{' '.join(per[1].split())}".strip() if per else money or ("คะแนน" if "คะแนน" in said else "")
    if column.is_money or column.unit.endswith("บาท") or _MONEY.search(said):
        return "money", "บาท"
    numbers = [v for c in table.cells(column.index) if values.is_number(c) and (v := values.number(c)) is not None]
    if sum(abs(v * column.factor - round(v * column.factor)) > 1e-6 for v in numbers) > SHARE_OF_FRACTIONS * len(numbers):
        return "mean", ""
    for text in (said, squash(title)):
        thing = next((w for w in _THINGS if f"({w})" in text or f"จำนวน{w}" in text or f"หน่วย:{w}" in text), None)
        thing = thing or next((w for w in ("คดี", "ครั้ง") if w in text), None)
        if thing:
            return "things", "แห่ง" if thing in ("โรงเรียน", "โรง") else thing
        if _PERSONS.search(text):
            return "persons", "คน"
    return "persons", ""


# ---- weights -------------------------------------------------------------------------------------------------------------
def _weighed(table: Table, made: list[tuple[_Group, Measure]]) -> list[tuple[_Group, Measure]]:
    """Means and rates of which the total row states just the mean weighted by a count of the same table are weighted by that."""
    stated = {i: value for i, (_row, value) in totals.stated_totals(table).items()}
    counts = [(g.columns[0].index, m) for g, m in made if m.kind in _COUNTED and len(g.columns) == 1]
    out = []
    for group, measure in made:
        index = group.columns[0].index
        if measure.adds_up == "never" and len(group.columns) == 1 and index in stated:
            weight = next((m for i, m in counts if _is_weighted_mean(table, index, i, stated[index])), None)
            if weight is not None:
                measure = replace(measure, adds_up="weighted", weight=weight.measure_id)
        out.append((group, measure))
    return out


def _is_weighted_mean(table: Table, mean: int, weight: int, stated: float) -> bool:
    pairs = [
        (a, b)
        for row in table.rows
        if (a := totals.amount(row.cells[mean])) is not None and (b := totals.amount(row.cells[weight]))
    ]
    if len(pairs) < 3 or sum(w for _, w in pairs) <= 0:
        return False
    found, weights = (list(side) for side in zip(*pairs, strict=True))
    return abs(totals.weighted_mean(found, weights) - stated) <= 10.0 ** -totals.decimals(stated)
