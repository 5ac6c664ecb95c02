"""The registry: every number that reaches a screen has a complete definition in both languages."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from data_access.programmes.indicators import PROGRAMMES, REGISTRY, Indicator
from data_access.questions.query import PERIOD_KEYS, PLACE_KEYS, SPLIT_KEYS

THAI = re.compile(r"[\u0e00-\u0e7f]")
UNITS_THAT_ARE_WORDS = re.compile(r"[a-zA-Z%]")
each = pytest.mark.parametrize("indicator", REGISTRY.values(), ids=list(REGISTRY))


def test_there_are_at_least_forty_over_all_programmes() -> None:
    assert len(REGISTRY) >= 40
    for programme in ("grant.", "tsqp.", "school.", "ecd.", "reachup.", "readiness."):
        assert sum(i.startswith(programme) for i in REGISTRY) >= 4


def test_ids_are_unique_and_readable() -> None:
    listed = [i.id for programme in PROGRAMMES for family in programme.families for i in family.indicators]
    assert len(listed) == len(set(listed)) == len(REGISTRY)
    assert all(re.fullmatch(r"[a-z0-9]+\.[a-z0-9_]+", i) for i in REGISTRY)


@each
def test_a_definition_is_complete_in_both_languages(indicator: Indicator) -> None:
    for field in ("title_th", "title_en", "definition_th", "definition_en", "formula", "unit", "source", "numerator"):
        assert getattr(indicator, field).strip(), field
    assert THAI.search(indicator.title("th"))
    assert THAI.search(indicator.definition("th"))
    assert not THAI.search(indicator.title("en") + indicator.definition("en"))
    assert bool(indicator.caveat_th) == bool(indicator.caveat_en)
    assert all(
        isinstance(getattr(indicator, f.name), (str, tuple, bool, type(None))) for f in fields(indicator) if f.name != "how"
    )


@each
def test_periods_places_and_splits_are_ones_that_query_knows(indicator: Indicator) -> None:
    assert set(indicator.periods) <= set(PERIOD_KEYS)
    assert set(indicator.places) <= {"nation", "region", *PLACE_KEYS}
    assert "nation" in indicator.places
    assert set(indicator.dims) <= set(SPLIT_KEYS)


@each
def test_a_share_or_mean_names_its_denominator(indicator: Indicator) -> None:
    if indicator.kind in ("rate", "mean", "per_head") and indicator.family != "readiness":
        assert indicator.denominator or indicator.how
    if indicator.kind == "rate":
        assert indicator.unit == "%"
    if indicator.kind in ("money", "per_head"):
        assert indicator.unit.startswith("baht")


@each
def test_what_is_easily_misread_carries_a_caveat(indicator: Indicator) -> None:
    """Money of more than one kind of period, scores, repeated surveys, and gaps."""
    several = indicator.kind == "money" and len(indicator.periods) > 1
    if several or indicator.family in ("results", "readiness"):
        assert indicator.caveat_en


def test_what_counts_people_is_marked_so() -> None:
    """The disclosure rule applies to it; institutions, places, years and money are not people."""
    people = {"pupils", "teachers", "children", "families", "persons", "records", "sample groups"}
    for indicator in REGISTRY.values():
        if indicator.kind == "count":
            assert indicator.person == (indicator.unit in people), indicator.id
