"""The generator of spoilt tables, shortened: each right, asked or refused; and it notices when a guard of the importer is off."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data_access.importing import headers, loading, reading, records, rows, texts, validation
from tests.reliability import traps

NEVER = re.compile("(?!)")


def test_spoilt_tables_are_right_asked_or_refused(tmp_path: Path) -> None:
    out = traps.run(traps.sample(each=2, pairs=100), tmp_path)
    assert out.bad == []
    assert set(out.by_trap) == set(traps.NAMES)
    assert min(out.ended[how] for how in ("right", "asked", "refused")) >= 20, out.ended


def nothing(*_anything: Any) -> list[Any]:
    return []


def leniently(lines: Any, delimiter: str, _name: str, _done: Any = None) -> Any:
    return csv.reader(lines, delimiter=delimiter)


GUARDS: dict[str, tuple[Any, str, Any, str, str]] = {
    "formats that scale": (headers, "_apply_display", nothing, "displayed_in_thousands", "money_long xlsx"),
    "units of titles": (loading, "unfit_units", nothing, "unit_of_money_in_the_title", "people_long csv"),
    "rates as amounts": (loading, "unfit_units", nothing, "rates_for_amounts", "people_long csv"),
    "cells past the headings": (loading, "unheaded_numbers", nothing, "thousands_without_marks", "people_long csv"),
    "two headings alike": (loading, "ambiguous_columns", nothing, "two_columns_of_one_heading", "people_long csv"),
    "open quotation marks": (texts, "records", leniently, "quotation_mark_left_open", "people_years csv"),
    "superscripts": (reading, "SUPERSCRIPT", {}, "footnote_raised", "people_long html"),
    "hidden text": (reading, "_is_hidden", lambda _attributes: False, "hidden_in_a_cell", "people_long html"),
    "rows of means": (rows, "MEAN", NEVER, "row_of_means", "centres_in_provinces csv"),
    "total among names": (
        records.Builder,
        "_total_name",
        lambda *_row: None,
        "total_in_another_column",
        "centres_in_provinces csv",
    ),
    "names as rows of means": (rows, "MEAN", re.compile("^รวม"), "", "centres_by_name csv"),
    "fractions": (validation.Checker, "_fractions", nothing, "fraction_or_share_as_a_count", "people_long csv"),
    "rows alike": (records.Builder, "_alike", nothing, "same_place_twice", "money_by_plan csv"),
    "data above the headings": (headers, "_is_full", nothing, "no_headings", "rates csv"),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_that_is_off_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guard: str) -> None:
    owner, name, instead, spoilt, table = GUARDS[guard]
    tried = [traps.Case(*table.split(), (spoilt,) if spoilt else (), seed) for seed in range(1, 13)]
    with monkeypatch.context() as off:
        off.setattr(owner, name, instead)
        noticed = next((case for case in tried if case.make() and traps.judge(case, tmp_path)[0] == "wrong"), None)
    assert noticed
    assert traps.judge(noticed, tmp_path)[0] != "wrong"


def test_the_judge_knows_right_from_wrong() -> None:
    right: traps.Truth = {("42", "CY2564"): 640.0, ("63", "CY2564"): None}
    tell: Callable[[dict[traps.Key, float]], list[traps.Key]] = lambda found: traps.differs(right, found)  # noqa: E731
    assert tell({("42", "CY2564"): 640.0}) == []
    assert tell({("42", "CY2564"): 641.0}) == [("42", "CY2564")]
    assert tell({}) == [("42", "CY2564")]
    assert tell({("42", "CY2564"): 640.0, ("63", "CY2564"): 1.0}) == [("63", "CY2564")]
    assert tell({("42", "CY2564"): 640.0, ("43", "CY2564"): 1.0}) == [("43", "CY2564")]
