"""A template of every table, which the importer reads back with every column found."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from data_access import schema
from data_access.importing import write_template
from data_access.importing.headers import Column
from data_access.importing.mapping import fields, similarity, words_of


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
        str(rule.sqref).split("2:")[0]: rule.formula1
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }
    assert len(lists) == sum(bool(schema.contract(c).values) or str(c.type) == "BOOLEAN" for c in columns)


@pytest.mark.parametrize("table", schema.LOADABLE_TABLES)
def test_headings_of_templates_are_understood(table: str) -> None:
    for item in (f for f in fields(table) if f.table == table):
        heading = f"{item.info.th} / {item.info.en} {item.name}"
        assert similarity(Column(0, heading, (heading,), heading), words_of(item))[0] > 0.72
