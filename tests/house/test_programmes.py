"""Programmes are told by their records alone: what these name exists, and no list of the house names families by hand."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data_access.contract import schema
from data_access.contract.errors import UsageError
from data_access.programmes.base import RESULTS, Family, Programme
from data_access.programmes.checking import checked
from data_access.programmes.indicators import FAMILIES, PROGRAMMES, REGISTRY
from data_access.questions.query import SPLIT_KEYS
from ui.kit.navigation import PAGES

ROOT = Path(__file__).parents[2]
ROOMS = ("data_access", "ui", "pages", "charts", "handouts")
FILES = [p for room in ROOMS for p in sorted((ROOT / room).rglob("*.py")) if "programmes" not in p.parts]
NAMES = set(FAMILIES) - set(PAGES) - set(schema.TABLES)
"""Names of families that are nothing else."""
each = pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda p: p.title)


@each
def test_a_record_names_what_exists(programme: Programme) -> None:
    shown = [x.id for x in (*programme.overview, *programme.province)]
    named = [*shown, *programme.maps, *programme.watched, *programme.province_headlines, *programme.districts]
    assert [i for i in (*named, *([programme.leading] if programme.leading else [])) if i not in REGISTRY] == []
    assert [f for f in programme.also if f not in FAMILIES] == []
    assert [
        t for t in (*programme.tables, *programme.beside, *(f.table for f in programme.families)) if t not in schema.TABLES
    ] == []
    assert set(programme.codes) <= set(SPLIT_KEYS)
    assert not programme.page or programme.page in PAGES
    assert 0 <= programme.result <= len(RESULTS)


@each
def test_what_is_shown_by_place_is_known_by_place(programme: Programme) -> None:
    for i in (*programme.maps, *(x.id for x in programme.province)):
        assert "province" in REGISTRY[i].places, i
    for i in programme.districts:
        assert "district" in REGISTRY[i].places, i
    assert set(programme.province_headlines) <= {x.id for x in programme.province}


@pytest.mark.parametrize("family", FAMILIES.values(), ids=list(FAMILIES))
def test_a_family_can_be_worked_out(family: Family) -> None:
    cube = family.spec is not None and family.atoms is not None
    assert family.name == "reported" or cube or all(i.how or family.how for i in family.indicators)
    for same in (s for p in PROGRAMMES for s in p.same_people):
        assert {same.family, same.other} <= set(FAMILIES)
    if family.spec:
        known = {*family.spec.people, *family.spec.attached}
        assert [i.id for i in family.indicators if not i.how and not set(i.parts) <= known] == []
        assert family.paid <= known
    assert set(family.roster) <= set(FAMILIES)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_list_of_families_is_written_by_hand(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        parts = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
        words = {p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)}
        assert len(words & NAMES) < 2, f"line {node.lineno}: derive it from the records"  # type: ignore[attr-defined]


@pytest.mark.parametrize("slip", ["a measure", "a split", "an id", "a list"])
def test_a_record_that_does_not_fit_is_refused_in_words(slip: str) -> None:
    grants = next(p for p in PROGRAMMES if p.page == "grants")
    family = next(f for f in grants.families if f.spec and any(i.how is None for i in f.indicators))
    one = next(i for i in family.indicators if i.how is None)

    def changed(**what: Any) -> Programme:
        own = tuple(replace(i, **what) if i is one else i for i in family.indicators)
        return replace(grants, families=tuple(replace(f, indicators=own) if f is family else f for f in grants.families))

    wrong, named = {
        "a measure": (lambda: changed(numerator="mealz"), f"{one.id}: mealz"),
        "a split": (lambda: changed(dims=("flavour",)), f"{one.id}: flavour"),
        "an id": (lambda: replace(grants, families=(*grants.families, family)), f"fit: {one.id};"),
        "a list": (lambda: replace(grants, maps=("no.such",)), "fit: no.such"),
    }[slip]
    assert checked(PROGRAMMES) == PROGRAMMES
    with pytest.raises(UsageError, match=re.escape(named)):
        checked(tuple(wrong() if p is grants else p for p in PROGRAMMES))
