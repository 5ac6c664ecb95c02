"""Money per head beside the rates in force: the report's own sums, nothing corrected."""

from __future__ import annotations

import pytest

from data_access.claims import rate_fits

pytestmark = pytest.mark.usefixtures("demo_home")


def test_the_basic_needs_sum_fits_one_semester_at_the_top_rate_and_nothing_else() -> None:
    found = rate_fits().query("claim_id == 'grant.basic.budget'")
    assert found["per_head"].round().unique().tolist() == [1517]
    assert found[["low", "high"]].round().drop_duplicates().values.tolist() == [[1498, 1535]]
    fitting = found[found["fits"] != ""]
    assert fitting[["band", "semester_baht", "fits"]].values.tolist() == [["lower_secondary", 1500, "semester"]]


def test_the_equity_sum_a_year_fits_no_rate_in_force() -> None:
    found = rate_fits().query("claim_id == 'grant.equity.budget'")
    assert found["per_head"].round().unique().tolist() == [1559]
    assert set(found["fits"]) == {""}
    assert 1600 in found["year_baht"].tolist()  # two semesters of 800: near, but outside what the rounding leaves


def test_only_rates_that_had_begun_are_beside_it() -> None:
    found = rate_fits()
    assert found["effective_from"].max().year == 2022
    assert not found.duplicated(["claim_id", "band", "status"]).any()
