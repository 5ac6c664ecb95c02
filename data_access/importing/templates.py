"""An XLSX template per table of the contract: Thai and English headings, notes as comments, drop-down lists."""

from __future__ import annotations

import io
from pathlib import Path

import sqlalchemy as sa
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from data_access.contract import schema
from data_access.contract.errors import UsageError
from data_access.importing.values import CODE_WORDS
from data_access.importing.workbook import put
from i18n import N_, gettext

_NEEDED, _OPTIONAL = PatternFill("solid", start_color="CFE3FA"), PatternFill("solid", start_color="EEF2F6")
_ROWS = 5000


def template_bytes(table: str) -> bytes:
    """The template of a contract table; UsageError when there is no such table."""
    if table not in schema.TABLES:
        raise UsageError(N_("There is no table {name}"), name=table)
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = table[:31]
    for i, column in enumerate(schema.TABLES[table].columns, 1):
        _heading(sheet, i, column)
    sheet.freeze_panes, sheet.row_dimensions[1].height = "A2", 34
    _explain(book.create_sheet("คำอธิบาย Notes"), schema.TABLES[table])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def write_template(table: str, path: str | Path) -> Path:
    """Save the template of a contract table; returns its path."""
    path = Path(path)
    path.write_bytes(template_bytes(table))
    return path


def _heading(sheet: Worksheet, i: int, column: sa.Column) -> None:
    info = schema.contract(column)
    cell = put(sheet, 1, i, f"{info.th} / {info.en}\n{column.name}")
    cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    cell.fill = _OPTIONAL if column.nullable else _NEEDED
    cell.comment = Comment(_note(column), "Samoephak", height=160, width=320)
    letter = get_column_letter(i)
    sheet.column_dimensions[letter].width = max(14, min(36, len(info.th) + 6))
    if isinstance(column.type, sa.String):
        for row in range(2, 52):
            sheet.cell(row, i).number_format = "@"
    rule = _rule(column)
    if rule:
        rule.add(f"{letter}2:{letter}{_ROWS}")
        sheet.add_data_validation(rule)


def _rule(column: sa.Column) -> DataValidation | None:
    info = schema.contract(column)
    if info.values:
        return _checked(DataValidation("list", formula1=f'"{",".join(info.values)}"', allow_blank=bool(column.nullable)))
    if isinstance(column.type, sa.Boolean):
        return _checked(DataValidation("list", formula1='"ใช่,ไม่ใช่"', allow_blank=bool(column.nullable)))
    if isinstance(column.type, sa.Integer | sa.Float) and info.low is not None and info.high is not None:
        kind = "whole" if isinstance(column.type, sa.Integer) else "decimal"
        return _checked(
            DataValidation(kind, operator="between", formula1=str(info.low), formula2=str(info.high), allow_blank=True)
        )
    return None


def _checked(rule: DataValidation) -> DataValidation:
    rule.showErrorMessage, rule.errorTitle, rule.error = (
        True,
        "Samoephak",
        "ค่านี้อยู่นอกรายการหรือช่วงที่กำหนด / outside the list or range",
    )
    return rule


def _note(column: sa.Column) -> str:
    return "\n".join(f"{k}: {v}" for k, v in _facts(column, "th") if v)


def _facts(column: sa.Column, lang: str) -> list[tuple[str, str]]:
    info = schema.contract(column)
    codes = "; ".join(f"{code} = {gettext(CODE_WORDS.get(code, ('',))[0], lang)}" for code in info.values or ())
    bounds = f"{info.low:g} – {info.high:g}" if info.low is not None and info.high is not None else ""
    given = gettext(N_("optional"), lang) if column.nullable else gettext(N_("must be given"), lang)
    person = gettext(N_("a national ID in this column is turned into a pseudonym and never stored"), lang) if info.person else ""
    return [
        (gettext(N_("Given"), lang), given),
        (gettext(N_("Unit"), lang), info.unit),
        (gettext(N_("Codes"), lang), codes),
        (gettext(N_("Range"), lang), bounds),
        (gettext(N_("Form"), lang), info.pattern or ""),
        (gettext(N_("Refers to"), lang), column.info["ref"] or ""),
        (gettext(N_("Note"), lang), " ".join(x for x in (info.note, person) if x)),
    ]


def _explain(sheet: Worksheet, table: sa.Table) -> None:
    head = ["column", "ไทย", "English", *(k for k, _ in _facts(next(iter(table.columns)), "th"))]
    for j, word in enumerate(head, 1):
        put(sheet, 1, j, word).font = Font(bold=True)
    for i, column in enumerate(table.columns, 2):
        info = schema.contract(column)
        for j, value in enumerate([column.name, info.th, info.en, *(v for _, v in _facts(column, "th"))], 1):
            put(sheet, i, j, value)
    sheet.freeze_panes = "A2"
