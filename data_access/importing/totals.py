"""What a table says of its own sums: total columns against their parts, total rows against their columns."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Literal

from data_access.importing import identifiers, values
from data_access.importing.headers import Column
from data_access.importing.limits import LIMITS
from data_access.importing.problems import Problem
from data_access.importing.rows import EDGES, Row, Table
from data_access.importing.values import squash
from i18n import N_

TOTAL_HEADING = re.compile(r"รวม|ทั้งหมด|ทั้งสิ้น|total|sum|ยอด", re.I)
RATE = re.compile(
    r"ร้อยละ|เฉลี่ย|อัตรา|สัดส่วน|ดัชนี|คะแนน|หนาแน่น|มัธยฐาน|(?<!เรียน)(?<!ส่ง)ต่อ(?!เนื่อง|ไป|ปี|เดือน|ภาค|ยอด|เติม|[\s)/]|$)|%|percent|average|mean|median|"
    r"\b(rate|ratio|share|index|score|density|per)\b",
    re.I,
)
"""Headings of numbers that are no parts of a sum."""
ROUNDED = 4  # decimals at most of numbers that were rounded for people
SAMPLE = 2000  # rows looked at to tell what a column is
_SEQUENCE = re.compile(r"^(ลำดับ(ที่)?|ที่|no\.?|#|ข้อ)$", re.I)


@dataclass(frozen=True)
class Relation:
    """Column `total` is meant to be the sum of columns `parts` (0-based indexes)."""

    total: int
    parts: tuple[int, ...]


def amount(cell: Any) -> float | None:
    """A cell as a number, None when blank or not a number."""
    return values.number(cell) if values.is_number(cell) else None


def numeric_columns(table: Table) -> list[Column]:
    """Columns that hold quantities: not sequence numbers, years, codes or national IDs (the sum of one row would show the ID)."""
    return [column for column in table.columns if _is_quantity(column, [row.cells[column.index] for row in table.rows[:SAMPLE]])]


def _is_quantity(column: Column, cells: list[Any]) -> bool:
    here = [c for c in cells if not values.is_missing(c)]
    if not here or _SEQUENCE.match(squash(column.heading)):
        return False
    if identifiers.id_heading(column.heading) or any(identifiers.digits_of(c) for c in here):
        return False
    if sum(values.is_number(c) for c in here) < 0.8 * len(here) or re.search(
        r"รหัส|code|โทร|_id$|^(ตำบล|อำเภอ|จังหวัด)$", column.heading, re.I
    ):
        return False
    if all(values.is_year(c) for c in here) and re.search(r"ปี|พ\.ศ|year", column.heading, re.I):
        return False
    return not (len(here) >= 3 and [amount(c) for c in here] == [float(i) for i in range(1, len(here) + 1)])


def relations(table: Table) -> list[Relation]:
    """Total columns with the run of columns just before (or else just after) them that adds up to them in most rows."""
    numeric = {c.index for c in numeric_columns(table)}
    found: list[Relation] = []
    for column in table.columns:
        if column.index in numeric and TOTAL_HEADING.search(column.heading):
            before, after = (_run(table, column.index, numeric, step) for step in (-1, 1))
            parts = _parts_of(table, column.index, before) or _parts_of(table, column.index, after)
            if parts:
                found.append(Relation(column.index, parts))
    return found


def _run(table: Table, total: int, numeric: set[int], step: int) -> list[int]:
    """The quantities next to a total column, nearest first, up to the first column of another sort."""
    run = []
    index = total + step
    while 0 <= index < len(table.header.columns):
        if index in numeric:
            run.append(index)
        elif any(cell is not None for cell in table.cells(index)):
            break
        index += step
    return run


def _parts_of(table: Table, total: int, run: list[int]) -> tuple[int, ...]:
    """The longest piece of a run, from its near end, that adds up to the total in most rows."""
    rows = [row for row in table.rows[:SAMPLE] if amount(row.cells[total])]
    if len(rows) < 2:
        return ()
    for size in range(len(run), 1, -1):
        parts = tuple(sorted(run[:size]))
        known = [r for r in rows if any(amount(r.cells[i]) is not None for i in parts)]
        agree = sum(_agrees(amount(r.cells[total]) or 0, _sum(r.cells, parts)) for r in known)
        if len(known) >= 2 and agree >= LIMITS.relation_share * len(known) and _more_than_one(table, parts):
            return parts
    return ()


def _more_than_one(table: Table, parts: tuple[int, ...]) -> bool:
    return sum(any(amount(c) for c in table.cells(i)) for i in parts) >= 2


def _sum(cells: list[Any], parts: tuple[int, ...]) -> float:
    return sum(amount(cells[i]) or 0 for i in parts)


def _agrees(a: float, b: float, rounding: float = 0.0) -> bool:
    return abs(a - b) <= max(LIMITS.money_tolerance * (abs(a) > 1000), rounding) + 1e-6


def _rounding(cells: list[Any]) -> float:
    """By how much a sum of numbers that were rounded to some decimals may miss the rounded sum."""
    most = max((decimals(c) for c in cells if c is not None), default=0)
    return 10.0**-most * math.sqrt(len(cells) + 1) if 0 < most <= ROUNDED else 0.0


def decimals(cell: Any) -> int:
    """The digits after the point of a number as it was written."""
    text = (f"{cell:.10f}".rstrip("0") if isinstance(cell, float) else str(cell)).translate(values.THAI_DIGITS)
    return len(re.sub(r"\D", "", text.partition(".")[2]))


@dataclass(frozen=True)
class Stated:
    """A number that a total row states of a column: the sum of its rows, their mean, neither of both (`free`: a rate), or wrong."""

    is_: Literal["sum", "mean", "free", "wrong"]
    weights: Column | None = None


def judge(table: Table, column: Column, rows: list[Row], cell: Any) -> Stated:
    """What a stated total of a column is of some rows. A mean, plain or weighted with another column, is never a sum."""
    stated, cells = amount(cell) or 0.0, [row.cells[column.index] for row in rows]
    known = [(row, v) for row, c in zip(rows, cells, strict=True) if (v := amount(c)) is not None]
    found = [v for _, v in known]
    if _agrees(stated, sum(found), _rounding([*cells, cell])):
        return Stated("sum")
    if len(set(found)) > 1 and min(found) < stated < max(found):
        within = 0.5 * 10.0 ** -decimals(cell) + 1e-6
        if abs(stated - sum(found) / len(found)) <= within:
            return Stated("mean")
        for other in numeric_columns(table):
            weights = [amount(row.cells[other.index]) or 0.0 for row, _ in known]
            can_weigh = other.index != column.index and min(weights) >= 0 and len(set(weights)) > 1
            if can_weigh and abs(stated - weighted_mean(found, weights)) <= within:
                return Stated("mean", other)
    years = values.is_year(cell) and all(values.is_year(c) for c in cells if c is not None)
    if found and (RATE.search(column.heading) or years) and min(found) <= stated <= max(found):
        return Stated("free")
    return Stated("wrong")


def weighted_mean(found: list[float], weights: list[float]) -> float:
    """The mean of some numbers, each with its weight."""
    return sum(w * v for w, v in zip(weights, found, strict=True)) / sum(weights)


def _mean_note(table: Table, file: str, column: Column, row: int, stated: float, weights: Column | None) -> Problem:
    weighted = N_("The total row states {stated}, which is the mean of the column weighted with {weights}, not its sum")
    return Problem(
        "note",
        "total_is_mean",
        weighted if weights else N_("The total row states {stated}, which is the mean of the column, not its sum"),
        N_("Nothing to do: such a number is never loaded as a total"),
        {"stated": plain(stated), "weights": weights.heading if weights else ""},
        file,
        table.sheet.name,
        row,
        column.letter,
        column.heading,
        plain(stated),
    )


def row_problems(table: Table, file: str, found: list[Relation]) -> list[Problem]:
    """Rows whose stated total is not the sum across, one warning each."""
    problems = []
    for relation in found:
        column = table.header.columns[relation.total]
        for row in table.rows:
            stated = amount(row.cells[relation.total])
            parts = [amount(row.cells[i]) for i in relation.parts]
            if stated is None or all(p is None for p in parts) or _adds(row.cells, relation):
                continue
            computed = _sum(row.cells, relation.parts)
            shown = " + ".join(plain(p) for p in parts if p)
            problems.append(
                Problem(
                    "warning",
                    "row_total",
                    N_("The row total says {stated} but its parts {parts} add to {computed}"),
                    N_("Ask the agency which is right; the parts are loaded, not the stated total"),
                    {"stated": plain(stated), "computed": plain(computed), "parts": shown},
                    file,
                    table.sheet.name,
                    row.number,
                    column.letter,
                    column.heading,
                    plain(stated),
                    plain(computed),
                )
            )
    return problems


def _adds(cells: list[Any], relation: Relation) -> bool:
    rounding = _rounding([cells[i] for i in (relation.total, *relation.parts)])
    return _agrees(amount(cells[relation.total]) or 0, _sum(cells, relation.parts), rounding)


def is_mean(table: Table, relation: Relation) -> bool:
    """Whether a column beside its parts lies between them in most rows and is not their sum: a mean, never a total of them."""
    seen = between = 0
    for row in table.rows[:SAMPLE]:
        stated, parts = amount(row.cells[relation.total]), [amount(row.cells[i]) for i in relation.parts]
        known = [p for p in parts if p is not None]
        if stated is None or len(known) < 2 or not any(known):
            continue
        seen += 1
        between += not _adds(row.cells, relation) and min(known) <= stated <= max(known)
    return seen > 0 and between >= LIMITS.relation_share * seen


def mean_columns(table: Table, file: str, declared: list[Relation]) -> list[Problem]:
    """One note a column that is headed as a total and is the mean of its parts: of those `declared`, and of those beside quantities."""
    numeric = {c.index for c in numeric_columns(table)}
    sums = {relation.total for relation in relations(table)}
    found = {relation.total for relation in declared if is_mean(table, relation)}
    for column in table.columns:
        if column.index in numeric - sums - found and TOTAL_HEADING.search(column.heading):
            runs = (_run(table, column.index, numeric, step) for step in (-1, 1))
            pieces = (Relation(column.index, tuple(run[:size])) for run in runs for size in range(len(run), 1, -1))
            if any(_is_plain_mean(table, piece) for piece in pieces):
                found.add(column.index)
    return [
        Problem(
            "note",
            "total_is_mean",
            N_("The column {heading} is the mean of its parts, not their sum"),
            N_("Nothing to do: such a number is never loaded as a total"),
            {"heading": column.heading},
            file,
            table.sheet.name,
            table.header.first + 1,
            column.letter,
            column.heading,
        )
        for column in table.columns
        if column.index in found
    ]


def _is_plain_mean(table: Table, relation: Relation) -> bool:
    rows = [row.cells for row in table.rows[:SAMPLE] if amount(row.cells[relation.total])]
    agree = 0
    for cells in rows:
        known = [p for i in relation.parts if (p := amount(cells[i])) is not None]
        within = 0.5 * 10.0 ** -decimals(cells[relation.total]) + 1e-6
        agree += len(set(known)) > 1 and abs(sum(known) / len(known) - (amount(cells[relation.total]) or 0)) <= within
    return len(rows) > 1 and agree >= LIMITS.relation_share * len(rows)


def stated_totals(table: Table) -> dict[int, tuple[int, float]]:
    """Column index -> (row number, stated total), from the first total row that states one."""
    stated: dict[int, tuple[int, float]] = {}
    numeric = [c.index for c in numeric_columns(table)]
    for row in table.totals:
        for index in numeric:
            value = amount(row.cells[index])
            if value is not None:
                stated.setdefault(index, (row.number, value))
    return stated


def computed_totals(table: Table) -> dict[int, float]:
    """Column index -> sum of its data rows."""
    return {c.index: sum(amount(cell) or 0 for cell in table.cells(c.index)) for c in numeric_columns(table)}


def means_stated(table: Table) -> set[int]:
    """The columns of which the total row states no sum but a mean or a rate."""
    cells = {row.number: row.cells for row in table.totals}
    stated = {i: cells[row][i] for i, (row, _) in stated_totals(table).items()}
    return {i for i, cell in stated.items() if judge(table, table.header.columns[i], table.rows, cell).is_ in ("mean", "free")}


def column_problems(table: Table, file: str) -> list[Problem]:
    """Stated column totals that are not the sum of the column, one warning each."""
    computed = computed_totals(table)
    cells = {row.number: row.cells for row in table.totals}
    problems = []
    for index, (row, stated) in stated_totals(table).items():
        column = table.header.columns[index]
        found = judge(table, column, table.rows, cells[row][index])
        if found.is_ == "mean":
            problems.append(_mean_note(table, file, column, row, stated, found.weights))
        if found.is_ != "wrong":
            continue
        problems.append(
            Problem(
                "warning",
                "stated_total",
                N_("The total row states {stated} but the column adds to {computed}"),
                N_("Find the row that was changed, or ask the agency; the rows are loaded, never the stated total"),
                {"stated": plain(stated), "computed": plain(computed[index])},
                file,
                table.sheet.name,
                row,
                column.letter,
                column.heading,
                plain(stated),
                plain(computed[index]),
            )
        )
    return problems


def subtotal_problems(table: Table, file: str) -> list[Problem]:
    """Subtotals that are not the sum of the rows above them (or below them) up to a section, subtotal or the edge."""
    edges = {e.row for e in table.excluded if e.reason in EDGES}
    stops = sorted({table.header.last + 1, *edges, len(table.sheet.cells) + 1})
    problems = []
    for column in numeric_columns(table) if table.subtotals else ():
        for row in table.subtotals:
            cell = row.cells[column.index]
            stated, possible = amount(cell), _blocks(table, row.number, stops) if amount(cell) is not None else []
            judged = [judge(table, column, block, cell) for block in possible]
            if stated is None or not judged or any(found.is_ in ("sum", "free") for found in judged):
                continue
            mean = next((found for found in judged if found.is_ == "mean"), None)
            if mean:
                problems.append(_mean_note(table, file, column, row.number, stated, mean.weights))
            else:
                near = sum(amount(r.cells[column.index]) or 0 for r in possible[0])
                problems.append(_subtotal(table, file, row, column, stated, near))
    return problems


def _blocks(table: Table, at: int, stops: list[int]) -> list[list[Row]]:
    """The rows from each stop above down to a row, nearest first, then those below it up to the next stop."""
    numbers = [row.number for row in table.rows]

    def between(a: int, b: int) -> list[Row]:
        return table.rows[bisect_right(numbers, a) : bisect_left(numbers, b)]

    pairs = [between(stop, at) for stop in reversed(stops) if stop < at]
    pairs += [between(at, stop) for stop in stops if stop > at][:1]
    return [block for block in pairs if block]


def _subtotal(table: Table, file: str, row: Row, column: Column, stated: float, computed: float) -> Problem:
    return Problem(
        "warning",
        "subtotal",
        N_("The subtotal states {stated} but its rows add to {computed}"),
        N_("Find the row that was changed, or ask the agency; the rows are loaded, never the stated total"),
        {"stated": plain(stated), "computed": plain(computed)},
        file,
        table.sheet.name,
        row.number,
        column.letter,
        column.heading,
        plain(stated),
        plain(computed),
    )


def repeated_group_totals(table: Table, group: list[int], value: int) -> list[int]:
    """Columns that repeat the total of `value` on each row of a group (งบรวมทั้ง อบจ.): never to be summed."""
    groups: dict[tuple[str, ...], list[list[Any]]] = defaultdict(list)
    for row in table.rows:
        groups[tuple(squash(row.cells[i]) for i in group)].append(row.cells)
    if len(groups) == len(table.rows):
        return []
    candidates = [c.index for c in numeric_columns(table) if c.index not in (value, *group)]
    return [i for i in candidates if _repeats(groups, i) and _matches(groups, i, value) >= LIMITS.relation_share]


def _repeats(groups: dict[tuple[str, ...], list[list[Any]]], index: int) -> bool:
    return all(len({amount(cells[index]) for cells in rows}) == 1 for rows in groups.values())


def _matches(groups: dict[tuple[str, ...], list[list[Any]]], index: int, value: int) -> float:
    agree = sum(_agrees(amount(rows[0][index]) or 0, sum(amount(c[value]) or 0 for c in rows)) for rows in groups.values())
    return agree / len(groups)


def group_problems(table: Table, file: str, group: list[int], value: int, total: int) -> list[Problem]:
    """Groups whose repeated total is not the sum of their rows, one warning each."""
    sums: dict[tuple[str, ...], float] = defaultdict(float)
    first: dict[tuple[str, ...], tuple[int, float]] = {}
    for row in table.rows:
        key = _key(row, group)
        sums[key] += amount(row.cells[value]) or 0
        first.setdefault(key, (row.number, amount(row.cells[total]) or 0))
    return _group_problems(table, file, table.header.columns[total], first, sums)


def category_problems(table: Table, file: str, group: list[int], value: int, whole: set[int]) -> list[Problem]:
    """Rows (by number) that state the total of their group but are not the sum of its other rows, one warning each."""
    sums: dict[tuple[str, ...], float] = defaultdict(float)
    stated: dict[tuple[str, ...], tuple[int, float]] = {}
    for row in table.rows:
        key, found = _key(row, group), amount(row.cells[value]) or 0
        if row.number in whole:
            stated[key] = (row.number, found)
        else:
            sums[key] += found
    return _group_problems(table, file, table.header.columns[value], stated, sums)


def _key(row: Row, group: list[int]) -> tuple[str, ...]:
    return tuple(values.text(row.cells[i]) or "" for i in group)


def _group_problems(
    table: Table, file: str, column: Column, first: dict[tuple[str, ...], tuple[int, float]], sums: dict[tuple[str, ...], float]
) -> list[Problem]:
    return [
        Problem(
            "warning",
            "group_total",
            N_("The total given for {place} says {stated} but its rows add to {computed}"),
            N_("Ask the agency which is right; the rows are loaded, not the stated total"),
            {"place": " ".join(key), "stated": plain(stated), "computed": plain(sums[key])},
            file,
            table.sheet.name,
            row,
            column.letter,
            column.heading,
            plain(stated),
            plain(sums[key]),
        )
        for key, (row, stated) in first.items()
        if not _agrees(stated, sums[key])
    ]


def plain(value: float) -> str:
    """A number as people write it: thousands separators, no needless decimals."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
