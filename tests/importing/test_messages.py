"""The words of the importer, as somebody reads them who has never seen the app."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from data_access.contract import schema
from data_access.importing.mapping import fields, kind_names
from data_access.importing.problems import EXAMPLES, Problem, grouped
from data_access.importing.proposing import kinds
from data_access.programmes.indicators import REGISTRY
from i18n import LANGUAGES, gettext

ROOT = Path(__file__).parents[2] / "data_access" / "importing"
CODES = {
    *REGISTRY,
    *(t for t in schema.TABLES if "_" in t),
    *(f.name for t in schema.LOADABLE_TABLES for f in fields(t) if "_" in f.name),
}


def _wanted() -> Iterator[str]:
    """What a cell should have been, as messages end with it: the texts of `BadValue`."""
    for path in sorted(ROOT.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (getattr(node.func, "id", "") or getattr(node.func, "attr", "")) == "BadValue":
                yield from (n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant) and isinstance(n.value, str))


@pytest.mark.parametrize("msgid", sorted(set(_wanted())))
def test_what_is_wanted_ends_a_sentence(msgid: str) -> None:
    """It is a thing, not an order: what to do about it stands in brackets."""
    for words in (msgid, gettext(msgid, "th")):
        thing = re.sub(r"\(.*?\)", "", words)
        assert not re.search(r";|โปรด|ให้ส่ง|ให้เปิด|\b(export|load|open|save|add|choose)\b", thing), words


def _warning(n: int, **more: str) -> Problem:
    return Problem("warning", "jump", "{place} goes up", "Look", {"place": f"P{n}"}, "f.csv", "s", n, "B", **more)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_warnings_of_one_cause_are_one(lang: str) -> None:
    found = grouped([_warning(n) for n in range(2, 16)])
    assert len(found) == 1
    said = found[0].message(lang)
    assert "P2" in said
    assert "13" in said
    assert len(re.findall(r"\d+", said.partition(":")[2])) == EXAMPLES


def test_errors_and_other_causes_stand_for_themselves() -> None:
    errors = [Problem("error", "bad_value", "{found}", "Look", {"found": str(n)}, "f.csv", "s", n) for n in range(3)]
    other = Problem("warning", "incomplete", "Incomplete", "Ask", {}, "f.csv", "s")
    assert grouped([*errors, _warning(1), other, _warning(2)])[:3] == errors
    assert [len(p.others) for p in grouped([_warning(1), other, _warning(2)])] == [1, 0]


@pytest.mark.parametrize("period", ["FY2565", "2565-1", "AY2566"])
def test_periods_are_said_in_words(period: str) -> None:
    problem = Problem("warning", "incomplete", "{period} is incomplete", "Ask", {"period": period})
    assert not any(period in problem.message(lang) for lang in LANGUAGES)


@pytest.mark.parametrize("kind", kinds())
def test_kinds_are_said_in_words(kind: str) -> None:
    names = kind_names(kind)
    assert set(names) == {"kind", "kind_th", "kind_en"}
    assert not set(names.values()) & CODES
