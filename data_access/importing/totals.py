"""What a table says of its own sums: total columns against their parts, total rows against their columns."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from data_access.importing import identifiers, values
from data_access.importing.headers import Column
from data_access.importing.limits import LIMITS
from data_access.importing.problems import Problem
from data_access.importing.rows import Row, Table
from data_access.importing.values import squash
from i18n import N_

_TOTAL_HEADING = re.compile(r"รวม|ทั้งหมด|ทั้งสิ้น|total|sum|ยอด", re.I)
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
        if column.index in numeric and _TOTAL_HEADING.search(column.heading):
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


def _agrees(a: float, b: float) -> bool:
    return abs(a - b) <= LIMITS.money_tolerance * (abs(a) > 1000) + 1e-6


def row_problems(table: Table, file: str, found: list[Relation]) -> list[Problem]:
    """Rows whose stated total is not the sum across, one warning each."""
    problems = []
    for relation in found:
        column = table.header.columns[relation.total]
        for row in table.rows:
            stated = amount(row.cells[relation.total])
            parts = [amount(row.cells[i]) for i in relation.parts]
            if stated is None or all(p is None for p in parts) or _agrees(stated, _sum(row.cells, relation.parts)):
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


def column_problems(table: Table, file: str) -> list[Problem]:
    """Stated column totals that are not the sum of the column, one warning each."""
    computed = computed_totals(table)
    problems = []
    for index, (row, stated) in stated_totals(table).items():
        if _agrees(stated, computed[index]):
            continue
        column = table.header.columns[index]
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
    edges = {e.row for e in table.excluded if e.reason in ("section", "subtotal", "total", "total_unlabelled", "repeated_header")}
    stops = sorted({table.header.last + 1, *edges, len(table.sheet.cells) + 1})
    problems = []
    for index in (c.index for c in numeric_columns(table)) if table.subtotals else ():
        numbers = [row.number for row in table.rows]
        sums = [0.0, *accumulate(amount(row.cells[index]) or 0 for row in table.rows)]
        for row in table.subtotals:
            stated = amount(row.cells[index])
            possible = _blocks(row.number, stops, numbers, sums)
            if stated is not None and possible and not any(_agrees(stated, p) for p in possible):
                problems.append(_subtotal(table, file, row, table.header.columns[index], stated, possible[0]))
    return problems


def _blocks(at: int, stops: list[int], numbers: list[int], sums: list[float]) -> list[float]:
    """Sums of the rows from each stop above down to a row, nearest first, then of those below it up to the next stop."""

    def between(a: int, b: int) -> tuple[int, int]:
        return bisect_right(numbers, a), bisect_left(numbers, b)

    pairs = [between(stop, at) for stop in reversed(stops) if stop < at]
    pairs += [between(at, stop) for stop in stops if stop > at][:1]
    return [sums[b] - sums[a] for a, b in pairs if b > a]


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
