"""Every pair of keys of every kind of indicator is answered with cells or refused in words, also where a release lacks the tables."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

import geo
from data_access.contract.errors import UsageError
from data_access.programmes.indicators import FAMILIES, REGISTRY, Indicator
from data_access.questions import cells
from data_access.questions.query import CODES, KEYS, _validated, query
from data_access.store import releases
from tests.data_access import cut, small

PLACES = {"province": "40", "district": "4001", "subdistrict": "400101", "lao": "94001001", "school": "9940010001"}
PERIODS = {"semester": "2567-1", "academic_year": "AY2566", "fiscal_year": "FY2565", "calendar_year": "CY2565"}
REGIONS = dict.fromkeys(("region4", "region6", "nesdc"), "northeast")
SETS = {"pilot_set": "tsqp_schools", "rate": "lunch", "band": "30", "cohort": "2560", "subdomain": "language", "group_code": "q1"}
RELEASES = ("of everything", "of grants", "of one number")


def keys_of(indicator: Indicator) -> list[str]:
    """The keys that it can be broken down or filtered by, one at a time."""

    def taken(key: str) -> bool:
        try:
            _validated(indicator, (key,), ())
        except UsageError:
            return False
        return True

    return [k for k in KEYS if taken(k)]


def way_of(indicator: Indicator) -> tuple[object, ...]:
    """What decides how a question is put together: indicators alike in all of it differ in the columns that they read alone."""
    special = indicator.how or FAMILIES[indicator.family].how
    family = (indicator.family, (indicator.numerator, special) if special else indicator.denominator is None, indicator.each)
    return (*family, indicator.places, indicator.dims, indicator.periods)


WAYS = {way_of(i): i.id for i in reversed([*REGISTRY.values()])}
"""The first indicator of each way."""


@pytest.fixture(scope="module", params=RELEASES)
def release(request: pytest.FixtureRequest, demo_home: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    whole = cut.tables(releases.require_release().id) if request.param == RELEASES[0] else {}
    content = {RELEASES[0]: lambda: whole, RELEASES[1]: small.tables, RELEASES[2]: lambda: small.reported(5.0)}[request.param]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(tmp_path_factory.mktemp("every")))
        small.publish(content())
        yield request.param


def code_of(key: str) -> str:
    return (CODES.get(key) or (({**PLACES, **PERIODS, **REGIONS, **SETS}).get(key, "x"),))[0]


def answered(indicator: str, by: tuple[str, ...], where: dict[str, str]) -> pd.DataFrame | None:
    """The cells of a question, or None where it is refused; anything but words is a fault."""
    try:
        found = query(indicator, by, where)
    except UsageError:
        return None
    assert list(found.columns) == ["indicator", *by, *cells.COLUMNS]
    assert set(found["state"]) <= set(cells.STATES)
    assert not found.duplicated([*by, "period"]).any(), (indicator, by, where)
    return found


@pytest.mark.parametrize(("turn", "indicator"), enumerate(WAYS.values()), ids=WAYS.values())
def test_every_pair_of_keys_is_answered_or_refused_in_words(release: str, turn: int, indicator: str) -> None:
    """Every pair as a breakdown; as a filter of one by the other in every third way, so that each pair has its turn."""
    keys = keys_of(REGISTRY[indicator])
    for n, first in enumerate(keys):
        for m, other in enumerate(keys):
            where, in_turn = {other: code_of(other)}, release == RELEASES[0] and (n + m + turn) % 3 == 0
            narrow = answered(indicator, (first,) if first != other else (), where) if in_turn else None
            both = answered(indicator, (first, other), {}) if first < other else None
            if both is not None and narrow is not None:  # a filter picks out of a breakdown
                picked = both[both[other] == code_of(other)].merge(narrow, on=[first, "period"], suffixes=("", "_narrow"))
                pd.testing.assert_series_equal(picked["value"], picked["value_narrow"], check_names=False, check_dtype=False)


@pytest.mark.parametrize("indicator", [i for i, x in REGISTRY.items() if {"region", "province"} <= {*x.places}])
def test_a_province_beside_its_regions_is_the_province(release: str, indicator: str) -> None:
    each = tuple(k for k in (REGISTRY[indicator].each,) if k)
    beside = answered(indicator, (*REGIONS, "province", *each), {})
    if beside is None:  # a pair of registers is named, and the release has none
        assert each
        assert answered(indicator, ("province", *each), {}) is None
        return
    for scheme in REGIONS:
        assert list(beside[scheme]) == [geo.region_of(c, scheme) for c in beside["province"]]
    order = ["province", *each]
    alone = query(indicator, order).sort_values(order, kind="stable", ignore_index=True)
    found = beside.drop(columns=list(REGIONS)).sort_values(order, kind="stable", ignore_index=True)
    pd.testing.assert_frame_equal(found, alone)
