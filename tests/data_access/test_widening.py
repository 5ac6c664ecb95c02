"""A narrow answer that is read out of a wide one equals the answer to a question of its own."""

from __future__ import annotations

import random
from itertools import product

import pandas as pd
import pytest

from data_access.contract.errors import UsageError
from data_access.programmes.indicators import REGISTRY
from data_access.questions import changes
from data_access.questions import query as querying
from data_access.store.releases import require_release
from data_access.who.access import EVERYWHERE

PLACES = (
    *(
        {},
        {"province": "50"},
        {"province": "10"},
        {"region4": "north"},
        {"region4": "north", "province": "50"},
        {"region6": "south"},
    ),
    {"pilot_set": "learning_city_provinces"},
)
BYS = ((), ("province",), ("sex",), ("region4",), ("poverty",), ("semester",), ("academic_year",), ("academic_year", "sex"))
NEVER = {"semester": "2590-1", "academic_year": "AY2590", "fiscal_year": "FY2590", "calendar_year": "CY2590"}
QUESTIONS = 400


def questions() -> list[tuple]:
    """Some hundred questions over all indicators, their first, latest and one future period; the same ones in every run."""
    out = []
    for found, by, place, extra in product(REGISTRY.values(), BYS, PLACES, ({}, {"sex": "male"})):
        for key in (*found.periods[:2], None):
            for which in (0, -1, None) if key else (None,):
                out.append((found.id, by, place, extra, key, which))
    return random.Random(7).sample(out, QUESTIONS)


@pytest.mark.any_store
@pytest.mark.usefixtures("on_demo")
def test_narrow_answers_out_of_wide_ones_are_the_same() -> None:
    release, asked = require_release(), 0
    for indicator_id, by, place, extra, key, which in questions():
        found = REGISTRY[indicator_id]
        try:
            known = querying.periods_of(indicator_id, key) if key and which is not None else []
            period = {key: known[which] if known else NEVER[key]} if key else {}
            where = tuple(sorted((k, (v,)) for k, v in {**place, **extra, **period}.items()))
            querying._validated(found, by, where)
            own = querying._answer.__wrapped__(release.id, release.checksum, found, by, where)
        except UsageError:
            continue
        if querying.widen(found, by, where, querying._reported(release.id, release.checksum)) is None:
            continue
        try:
            read = querying.query(indicator_id, by=by, where=dict(where))
        except UsageError:  # a split that nobody published is refused in words
            assert own["value"].isna().all()
            continue
        asked += 1
        order = list(by) or ["period"]
        pd.testing.assert_frame_equal(
            own.sort_values(order, ignore_index=True), read.sort_values(order, ignore_index=True), check_dtype=False
        )
    assert asked > QUESTIONS / 10


@pytest.mark.usefixtures("on_demo")
def test_a_reader_cannot_spoil_what_is_remembered() -> None:
    where = {"semester": querying.periods_of("grant.basic_recipients", "semester")[-1]}
    first = querying.query("grant.basic_recipients", by=("province",), where=where)
    kept = first.copy()
    first["value"] = -1.0
    first.loc[:, "state"] = "spoilt"
    pd.testing.assert_frame_equal(querying.query("grant.basic_recipients", by=("province",), where=where), kept)


@pytest.mark.usefixtures("on_demo")
def test_a_change_of_period_or_province_reads_no_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    periods = querying.periods_of("grant.coverage", "semester")
    querying.forget()
    querying.query("grant.coverage", where={"semester": periods[-1], "province": "50"})
    monkeypatch.setattr(querying, "reader", lambda _release: pytest.fail("the release was read again"))
    for period, province in product(periods[-3:], ("50", "90", "31")):
        querying.query("grant.coverage", where={"semester": period, "province": province})


def changed() -> list[tuple[str, dict[str, str]]]:
    """Some hundred changes of one place: every indicator that has provinces, its last and one earlier period."""
    places = ({"province": "50"}, {"province": "10"}, {"region4": "north"}, {"region6": "south", "sex": "male"})
    out = []
    for found, place in product(REGISTRY.values(), places):
        for key in found.periods[:2]:
            out += [(found.id, {**place, key: p}) for p in querying.periods_of(found.id, key)[-1:-4:-2] if not found.each]
    return random.Random(7).sample(out, 100)


@pytest.mark.usefixtures("on_demo")
def test_the_change_of_one_place_out_of_those_of_all_is_the_same() -> None:
    release, asked = require_release(), 0
    for indicator_id, where in changed():
        try:
            own = changes._changes(release, indicator_id, (), dict(querying.canonical(where)), None, EVERYWHERE)
        except UsageError:
            with pytest.raises(UsageError):
                changes.change(indicator_id, where)
            continue
        read = changes.changes(indicator_id, (), where)
        if own.empty:  # a gap of a province that has neither of its sides
            assert read["reason"].isin([changes.NOT_COLLECTED]).all()
            continue
        asked += changes._of_one_place(release, indicator_id, querying.canonical(where), None) is not None
        pd.testing.assert_frame_equal(own, read, check_dtype=False)
        one = pd.DataFrame([changes.change(indicator_id, where)])
        pd.testing.assert_frame_equal(own, one, check_dtype=False)
    assert asked > 50


@pytest.mark.usefixtures("on_demo")
def test_one_cell_is_what_a_question_answers() -> None:
    for indicator_id, by, place, extra, key, which in questions():
        if by or key is None or which is None:
            continue
        known = querying.periods_of(indicator_id, key)
        where = {**place, **extra, key: known[which] if known else NEVER[key]}
        try:
            frame = querying.query(indicator_id, where=where)
        except UsageError:
            with pytest.raises(UsageError):
                querying.query_cell(indicator_id, where)
            continue
        pd.testing.assert_frame_equal(frame, pd.DataFrame([querying.query_cell(indicator_id, where)]), check_dtype=False)
