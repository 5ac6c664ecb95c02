"""Every system of the MOU report has a page, indicators, tables and tests, and what its row of `docs/coverage.md` names exists."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_access.contract.schema import TABLES
from data_access.documents import systems
from data_access.programmes.base import Coverage
from data_access.programmes.indicators import REGISTRY
from ui.kit.navigation import PAGES

ROOT = Path(__file__).parents[2]
each = pytest.mark.parametrize("row", systems(), ids=lambda row: str(row.number))


def test_the_systems_are_numbered_without_a_gap() -> None:
    assert [row.number for row in systems()] == list(range(1, len(systems()) + 1))


@each
def test_a_row_names_a_page_indicators_tables_and_tests_that_exist(row: Coverage) -> None:
    assert all((row.system, row.pages, row.indicators, row.tables, row.tests))
    assert [p for p in row.pages if p not in PAGES or not (ROOT / "pages" / f"{p}.py").is_file()] == []
    assert [i for i in row.indicators if i not in REGISTRY] == []
    assert [t for t in row.tables if t not in TABLES] == []
    assert [t for t in row.tests if not (ROOT / t).is_file()] == []


@each
def test_the_tests_of_a_row_speak_of_it(row: Coverage) -> None:
    said = "\n".join((ROOT / t).read_text(encoding="utf-8") for t in row.tests)
    assert any(word in said for word in (*row.indicators, *row.tables, *row.pages))


OF_ALL_SYSTEMS = {"indicators", "mou_review", "kept_views", "province", "compare", "pilot_areas", "help"}


def test_no_page_of_a_programme_is_left_out() -> None:
    named = {page for row in systems() for page in row.pages}
    assert set(PAGES) - named <= OF_ALL_SYSTEMS
