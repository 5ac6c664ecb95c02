"""Pilot sets as overlapping sets of provinces: counted by hand from the tables."""

from __future__ import annotations

import pandas as pd
import pytest

from data_access.analysis import pilots
from data_access.store.releases import require_release
from data_access.store.tables import read_table

pytestmark = pytest.mark.usefixtures("demo_home")


def test_membership_has_the_published_sizes() -> None:
    table = pilots.membership(require_release().id)
    assert table.shape[0] == 77
    sizes = {
        "tsqp_provinces": 19,
        "ecd_provinces": 15,
        "learning_city_provinces": 12,
        "reachup_provinces": 7,
        "reachup_tambons": 7,
    }
    assert {s: int(table[s].sum()) for s in sizes} == sizes


def test_a_school_brings_its_province_whatever_its_own_code_begins_with() -> None:
    release = require_release().id
    schools = read_table(release, "school").set_index("school_code")["subdistrict_code"].str[:2]
    named = {schools[c] for c in pilots.members(release, "tsqp_schools")}
    table = pilots.membership(release)
    assert set(table.index[table["tsqp_schools"]]) == named


def test_combinations_are_exact_and_hold_every_province_of_a_set_once() -> None:
    table = pd.DataFrame({"a": [True, True, False, False], "b": [True, False, True, False]}, index=["10", "11", "12", "13"])
    found = pilots.combinations(table)
    assert found.set_index(["a", "b"])["provinces"].to_dict() == {(True, True): 1, (True, False): 1, (False, True): 1}
    real = pilots.membership(require_release().id)
    codes = [c for row in pilots.combinations(real)["codes"] for c in row]
    assert sorted(codes) == sorted(real.index[real.any(axis=1)])


def test_parts_are_in_out_and_both() -> None:
    table = pd.DataFrame({"a": [True, True, False, False], "b": [True, False, True, False]}, index=["10", "11", "12", "13"])
    assert pilots.parts(table, "a", "b") == {"one": ("11",), "both": ("10",), "other": ("12",), "neither": ("13",)}


def test_sets_of_finer_places_beside_their_own_provinces_are_not_counted_twice() -> None:
    kept = list(pilots.distinct(require_release().id).columns)
    assert "tsqp_schools" not in kept
    assert "reachup_tambons" not in kept
    assert {"tsqp_provinces", "reachup_provinces", "ecd_provinces"} <= set(kept)


def test_no_sets_no_combinations() -> None:
    assert pilots.combinations(pd.DataFrame(index=["10"])).empty
