"""`inspect`: a file explained without loading it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

import geo
from data_access.importing import places, reported, totals
from data_access.importing.context import read_context
from data_access.importing.guards import guard
from data_access.importing.mapping import Mapping
from data_access.importing.notes import sheet_notes
from data_access.importing.problems import Problem, mask
from data_access.importing.proposing import LIKELY, fit, propose, suggest
from data_access.importing.reading import Sheet, read_source
from data_access.importing.report import FileReport, SheetReport
from data_access.importing.rows import Excluded, Row, Table, take_apart
from i18n import N_


def inspect(path: str | Path, query: str | None = None, headless: bool = False) -> FileReport:
    """Every sheet of a file taken apart, without loading: rows, columns, totals, places, problems.

    Args:
        path: a file, or with `query` the SQLAlchemy URL of another database.
        headless: the first row is data: columns go by their letters.

    Raises:
        ImportRefused: the file cannot be read at all.
    """
    sheets, name = read_source(path, query, headless=headless)
    return _inspect(sheets, name)


def _inspect(sheets: list[Sheet], name: str) -> FileReport:
    report = FileReport(name, [_inspect_sheet(sheet, name) for sheet in sheets])
    best = next((s for s in report.sheets if s.table and s.table.rows), None)
    report.suggested_kinds = suggest(best.table) if best and best.table else []
    for sheet in report.sheets:
        for likely in report.suggested_kinds[:1]:
            sheet.mapping = _proposed(sheet.table, str(likely["kind"]))
    return report


def _proposed(table: Table | None, kind: str) -> Mapping | None:
    """The mapping that a load as the likeliest kind would begin with; None of a sheet that it does not fit."""
    mapping = propose(table, kind) if table and table.rows else None
    return mapping if table and mapping and fit(table, mapping) >= LIKELY else None


def _inspect_sheet(sheet: Sheet, file: str) -> SheetReport:
    table = take_apart(sheet)
    if table is None:
        return SheetReport(sheet, None, excluded=_no_table(sheet))
    report = SheetReport(
        sheet, table, sheet.rows - len(table.excluded) if sheet.stream else len(table.rows), list(table.excluded)
    )
    report.problems = [*structure_problems(table, file), *guard(table, None, file)]
    matcher = places.Matcher()
    found = reported.place_column(table)
    if found:
        column, level, _ = found
        codes = [_inspect_place(report, row, column.index, level, matcher, file) for row in table.rows]
        report.audit = _inspect_audit(level, [c for c in codes if c])
        report.guesses = list(matcher.guesses.values())
    report.problems += sheet_notes(table, read_context(table.header, table.sheet.name), file)
    return report


def _no_table(sheet: Sheet) -> list[Excluded]:
    return [Excluded(i + 1, "no_table", "") for i in range(len(sheet.cells))]


def structure_problems(table: Table, file: str) -> list[Problem]:
    """Totals, subtotals and row totals that contradict their parts; cells whose value the file does not hold."""
    return [
        *totals.column_problems(table, file),
        *totals.subtotal_problems(table, file),
        *totals.row_problems(table, file, totals.relations(table)),
        *_by_sum(table, file),
        *_lost_cells(table, file),
    ]


def _by_sum(table: Table, file: str) -> list[Problem]:
    """One warning a row that was taken as a subtotal for its numbers: its words may be a name."""
    words = {e.row: e.text for e in table.excluded}
    return [
        Problem(
            "warning",
            "total_by_sum",
            N_("{found} was taken as a total and left out: its numbers are the sum of the rows above"),
            N_("Nothing to do if it is one; if it is the name of a place, write the province beside it"),
            {"found": words[row]},
            file,
            table.sheet.name,
            row,
            found=words[row],
        )
        for row in table.by_sum
    ]


def _lost_cells(table: Table, file: str) -> list[Problem]:
    """One warning a column with formula errors or formulas without a stored result."""
    rows: dict[int, list[int]] = {}
    for row, index in table.sheet.marks.lost:
        rows.setdefault(index, []).append(row + 1)
    return [
        Problem(
            "warning",
            "formula_lost",
            N_("{n} cells hold a formula without a result, or the error of one; the first is {found}"),
            N_("Open the file in a spreadsheet, mend the formula, save it and load it again"),
            {"n": len(numbers), "found": table.sheet.marks.lost[min(numbers) - 1, index]},
            file,
            table.sheet.name,
            min(numbers),
            get_column_letter(index + 1),
            table.header.columns[index].heading if index < len(table.header.columns) else "",
            table.sheet.marks.lost[min(numbers) - 1, index],
        )
        for index, numbers in sorted(rows.items())
    ]


def _inspect_place(report: SheetReport, row: Row, index: int, level: str, matcher: places.Matcher, file: str) -> str | None:
    code, guess = matcher.match(level, row.cells[index])
    assert report.table is not None
    column = report.table.header.columns[index]
    where: dict[str, Any] = {
        "file": file,
        "sheet": report.sheet.name,
        "row": row.number,
        "column": column.letter,
        "header": column.heading,
        "found": mask(row.cells[index]),
    }
    if guess:
        report.problems.append(
            Problem(
                "warning",
                "place_guess",
                N_("{found} is not a place name that is known for certain; it may be {place} ({score})"),
                N_("Accept the guess once (it is then remembered) or correct the name in the file"),
                {
                    "found": mask(guess.text),
                    "place_th": geo.name(guess.code, "th"),
                    "place_en": geo.name(guess.code, "en"),
                    "score": f"{guess.score:.2f}",
                },
                expected=geo.name(guess.code, "th"),
                **where,
            )
        )
    elif code is None and row.cells[index] is not None:
        wanted = matcher.why_not(level, row.cells[index])
        report.problems.append(
            Problem(
                "warning",
                "place_unknown",
                N_("{found} is not the name of a place that is known"),
                N_("Correct the name in the file"),
                {"found": mask(row.cells[index])},
                expected=wanted.message("en"),
                wanted=wanted,
                **where,
            )
        )
    return code


def _inspect_audit(level: str, codes: list[str]) -> dict[str, Any]:
    if level != "province":
        return {"level": level, "present": len(set(codes)), "expected": None, "missing": [], "codes": sorted(set(codes))}
    every = [str(code) for code in geo.provinces().index]
    return {
        "level": level,
        "present": len(set(codes)),
        "expected": len(every),
        "missing": [c for c in every if c not in set(codes)],
        "codes": sorted(set(codes)),
    }
