"""A template of every table, which the importer reads back with every column found."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from data_access.contract import schema
from data_access.importing.mapping import propose_table
from data_access.importing.reading import read_file
from data_access.importing.rows import take_apart
from data_access.importing.templates import write_template


@pytest.mark.parametrize("table", schema.LOADABLE_TABLES)
def test_templates(table: str, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_template(table, tmp_path / "t.xlsx")).worksheets[0]
    columns = list(schema.TABLES[table].columns)
    headings = [cell.value for cell in sheet[1]]
    assert len(headings) == len(columns)
    for column, cell in zip(columns, sheet[1], strict=True):
        info = schema.contract(column)
        assert info.th in cell.value
        assert info.en in cell.value
        assert cell.comment is not None
    lists = {
        str(rule.sqref).split("2:")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"
    }
    assert len(lists) == sum(bool(schema.contract(c).values) or str(c.type) == "BOOLEAN" for c in columns)


@pytest.mark.parametrize("table", schema.LOADABLE_TABLES)
def test_a_filled_template_is_understood(table: str, tmp_path: Path) -> None:
    path = write_template(table, tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(path)
    columns = list(schema.TABLES[table].columns)
    for row in (2, 3):
        for i in range(1, len(columns) + 1):
            book.worksheets[0].cell(row, i, row)
    book.save(path)
    taken = take_apart(read_file(path)[0])
    assert taken is not None
    found = {name: source.index for name, source in propose_table(taken, table).columns.items()}
    assert {c.name: i for i, c in enumerate(columns)}.items() <= found.items()
