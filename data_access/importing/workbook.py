"""The report as XLSX: problems, rows left out, and each sheet again with the offending cells marked."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from data_access.contract import schema
from data_access.importing import identifiers
from data_access.importing.problems import Problem, collapse, mask
from data_access.importing.report import FileReport, LoadReport, SheetReport
from i18n import N_, gettext

FILLS = {
    "error": PatternFill("solid", start_color="F8B4B4"),
    "warning": PatternFill("solid", start_color="FCE29A"),
    "note": PatternFill("solid", start_color="CFE3FA"),
}
_GREY = PatternFill("solid", start_color="E6E6E6")
_COPIED_ROWS = 20_000


def safe(value: Any) -> Any:
    """A cell that no spreadsheet runs as a formula: an apostrophe goes before = + - @ tab and return."""
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)[:32_000]
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def put(sheet: Worksheet, row: int, column: int, value: Any) -> Cell:
    """Write one safe cell; text is stored as text, never as a formula."""
    cell = sheet.cell(row, column, safe(value))
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def report_bytes(report: FileReport | LoadReport, lang: str = "th") -> bytes:
    """The workbook of a report."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    _problems(first, report, lang)
    _excluded(book.create_sheet(gettext(N_("Rows not loaded"), lang)[:31]), report, lang)
    person = isinstance(report, LoadReport) and schema.TABLES[report.table].info["person"]
    for i, sheet in enumerate(report.sheets, 1):
        _marked(book.create_sheet(f"{i}"), sheet, lang, person)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def write_report(report: FileReport | LoadReport, path: str | Path, lang: str = "th") -> Path:
    """Save the workbook of a report; returns its path."""
    path = Path(path)
    path.write_bytes(report_bytes(report, lang))
    return path


def _head(sheet: Worksheet, words: list[str]) -> None:
    for i, word in enumerate(words, 1):
        put(sheet, 1, i, word).font = Font(bold=True)
    sheet.freeze_panes = "A2"


def _problems(sheet: Worksheet, report: FileReport | LoadReport, lang: str) -> None:
    sheet.title = gettext(N_("Problems"), lang)[:31]
    _head(
        sheet,
        [
            gettext(w, lang)
            for w in (
                N_("Severity"),
                N_("File"),
                N_("Sheet"),
                N_("Row"),
                N_("Column"),
                N_("Heading"),
                N_("Found"),
                N_("Expected"),
                N_("What is wrong"),
                N_("How to mend it"),
            )
        ],
    )
    words = {"error": N_("Error"), "warning": N_("Warning"), "note": N_("Note")}
    for i, p in enumerate(collapse(report.problems), 2):
        cells = [
            gettext(words[p.severity], lang),
            p.file,
            p.sheet,
            p.row,
            p.column,
            p.header,
            p.found,
            p.expected_in(lang),
            p.message(lang),
            p.how_to_mend(lang),
        ]
        for j, value in enumerate(cells, 1):
            put(sheet, i, j, value)
        sheet.cell(i, 1).fill = FILLS[p.severity]
    for column, width in zip("ABCDEFGHIJ", (10, 24, 18, 7, 8, 28, 20, 20, 60, 60), strict=True):
        sheet.column_dimensions[column].width = width


def _excluded(sheet: Worksheet, report: FileReport | LoadReport, lang: str) -> None:
    _head(sheet, [gettext(w, lang) for w in (N_("Sheet"), N_("Row"), N_("Reason"), N_("Begins with"), N_("Why left out"))])
    at = 2
    for part in report.sheets:
        rows = [(e.row, e.reason, e.text, e.why) for e in part.excluded]
        rows += [(row, reason, "", "") for row, reason in part.refused.items()]
        for row, reason, text, why in sorted(rows):
            for j, value in enumerate((part.sheet.name, row, gettext(REASONS.get(reason, reason), lang), text, why), 1):
                put(sheet, at, j, value)
            at += 1


REASONS = {
    "title": N_("title row"),
    "header": N_("heading row"),
    "blank": N_("blank row"),
    "total": N_("total"),
    "subtotal": N_("subtotal"),
    "total_unlabelled": N_("total without a label"),
    "mean": N_("mean or share of other rows"),
    "section": N_("section heading"),
    "footnote": N_("footnote"),
    "signature": N_("signature line"),
    "repeated_header": N_("repeated heading"),
    "left_out": N_("left out by hand"),
    "not_selected": N_("not selected by the mapping"),
    "no_table": N_("no table found in the sheet"),
    "load_refused": N_("refused with the whole file"),
}


def _marked(sheet: Worksheet, report: SheetReport, lang: str, person: bool) -> None:
    """The cells as they came: problems coloured and commented, rows not loaded grey, IDs and names hidden."""
    sheet.title = "".join("_" if c in "[]:*?/\\" else c for c in f"{sheet.title} {report.sheet.name}")[:31]
    hidden = _hidden_columns(report, person)
    grey = {e.row for e in report.excluded}
    for r, row in enumerate(report.sheet.cells[:_COPIED_ROWS], 1):
        for c, value in enumerate(row):
            if value is None:
                continue
            shown = (
                "•••"
                if c in hidden and r not in grey
                else mask(value)
                if isinstance(value, str) or identifiers.digits_of(value)
                else value
            )
            cell = put(sheet, r, c + 1, shown)
            if r in grey:
                cell.fill = _GREY
    for letter, row_number, problems in _by_cell(collapse(report.problems)):
        cell = sheet[f"{letter}{row_number}"]
        cell.fill = FILLS[min((p.severity for p in problems), key=["error", "warning", "note"].index)]
        cell.comment = Comment("\n".join(f"{p.message(lang)}\n→ {p.how_to_mend(lang)}" for p in problems)[:2000], "Samoephak")
    for i in range(1, len(report.sheet.cells[0]) + 1 if report.sheet.cells else 1):
        sheet.column_dimensions[get_column_letter(i)].width = 16


def _hidden_columns(report: SheetReport, person: bool) -> set[int]:
    columns = report.table.columns if report.table else []
    hidden = {c.index for c in columns if identifiers.name_heading(c.heading) or identifiers.id_heading(c.heading)}
    if person and report.mapping:
        hidden |= {c.index for c in columns if c.index not in report.mapping.used()}
    return hidden


def _by_cell(problems: list[Problem]) -> list[tuple[str, int, list[Problem]]]:
    cells: dict[tuple[str, int], list[Problem]] = {}
    for p in problems:
        if p.row and p.row <= _COPIED_ROWS:
            cells.setdefault((p.column or "A", p.row), []).append(p)
    return [(letter, row, found) for (letter, row), found in cells.items()]
