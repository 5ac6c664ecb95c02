"""Every system of the MOU report has a page, indicators, tables and tests, and what `docs/coverage.md` names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data_access.indicators import REGISTRY
from data_access.schema import TABLES
from ui.shell import PAGES

ROOT = Path(__file__).parents[2]
SYSTEMS = 14
CODE = re.compile(r"`([^`]+)`")


def rows() -> list[list[str]]:
    """The cells of each line of the first table."""
    text = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8").split("\n## ")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if re.match(r"\| \d+ \|", line)]


def test_every_system_has_a_row() -> None:
    assert [int(r[0]) for r in rows()] == list(range(1, SYSTEMS + 1))


@pytest.mark.parametrize("row", rows(), ids=lambda r: r[0])
def test_a_row_names_a_page_indicators_tables_and_tests_that_exist(row: list[str]) -> None:
    _number, system, *columns = row
    pages, indicators, tables, tests = (CODE.findall(cell) for cell in columns)
    assert all((system, pages, indicators, tables, tests))
    assert [p for p in pages if p not in PAGES or not (ROOT / "pages" / f"{p}.py").is_file()] == []
    assert [i for i in indicators if i not in REGISTRY] == []
    assert [t for t in tables if t not in TABLES] == []
    assert [t for t in tests if not (ROOT / t).is_file()] == []


@pytest.mark.parametrize("row", rows(), ids=lambda r: r[0])
def test_the_tests_of_a_row_speak_of_it(row: list[str]) -> None:
    pages, indicators, tables, tests = (CODE.findall(cell) for cell in row[2:])
    said = "\n".join((ROOT / t).read_text(encoding="utf-8") for t in tests)
    assert any(word in said for word in (*indicators, *tables, *pages))


OF_ALL_SYSTEMS = {"indicators", "mou_review", "kept_views", "province", "compare", "pilot_areas", "help"}


def test_no_page_of_a_programme_is_left_out() -> None:
    named = {page for row in rows() for page in CODE.findall(row[2])}
    assert set(PAGES) - named <= OF_ALL_SYSTEMS
