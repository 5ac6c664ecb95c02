"""Money per head beside the rates in force: the report's own sums, nothing corrected; a rate is tested as any mix of its levels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.analysis.claims import _mix, ledger, rate_fits
from data_access.questions.query import query
from data_access.store.releases import require_release
from data_access.store.tables import read_table

demo = pytest.mark.usefixtures("demo_home")


def fits(claim: str, status: str) -> dict[str, dict]:
    """Reading -> what one card of rates says of a claim."""
    found = rate_fits().query("claim_id == @claim and status == @status")
    return {str(r["reading"]): r for r in found.to_dict("records")}


@demo
def test_the_basic_needs_sum_is_a_semester_only_if_everybody_is_in_lower_secondary_and_a_year_with_a_quarter_there() -> None:
    found = fits("grant.basic.budget", "paid")
    semester, year = found["semester"], found["year"]
    assert round(semester["per_head"]) == 1517
    assert [round(semester[k]) for k in ("low", "high")] == [1498, 1535]
    assert [(semester[k], year[k]) for k in ("lowest", "highest")] == [(500, 1000), (1500, 3000)]
    assert semester["bands"] == year["bands"] == ["primary", "lower_secondary"]
    assert (semester["fits"], semester["share_low"], semester["share_high"]) == (True, pytest.approx(0.9976, abs=1e-4), 1.0)
    assert (year["fits"], year["share_low"], year["share_high"]) == (
        True,
        pytest.approx(0.249, abs=1e-3),
        pytest.approx(0.268, abs=1e-3),
    )
    assert not semester["since_known"]


@demo
def test_the_equity_sum_a_year_fits_no_rate_in_force() -> None:
    found = rate_fits().query("claim_id == 'grant.equity.budget'")
    assert found["per_head"].round().unique().tolist() == [1559]
    assert not found["fits"].any()
    assert 1600 in found["highest"].tolist()  # two semesters of 800: near, but outside what the rounding leaves


@demo
def test_only_rates_that_had_begun_and_levels_of_the_agreement_are_beside_it() -> None:
    found = rate_fits()
    assert found["effective_from"].max().year == 2022
    assert not found.duplicated(["claim_id", "status", "reading"]).any()
    assert not found["bands"].explode().isin(["upper_secondary", "lowest", "highest"]).any()


@given(
    heads=st.lists(st.integers(0, 30_000), min_size=1, max_size=4).filter(any),
    amounts=st.lists(st.sampled_from([500, 800, 1000, 1500, 4500, 5100]), min_size=4, max_size=4),
    rounding=st.floats(0, 5e5),
)
def test_a_sum_paid_at_some_mix_of_the_rates_fits_them(heads: list[int], amounts: list[int], rounding: float) -> None:
    paid = np.array(amounts[: len(heads)], dtype=float)
    a_head = float(np.dot(heads, paid)) / sum(heads)
    found = _mix(a_head - rounding / sum(heads) - 1e-6, a_head + rounding / sum(heads) + 1e-6, paid)
    assert found["fits"]
    if not np.isnan(found["share_low"]):
        at_highest = sum(h for h, p in zip(heads, paid, strict=True) if p == paid.max()) / sum(heads)
        assert found["share_low"] <= at_highest <= found["share_high"]


@given(below=st.floats(1, 400), amounts=st.lists(st.integers(500, 5000), min_size=1, max_size=4))
def test_a_sum_outside_every_mix_fits_none(below: float, amounts: list[int]) -> None:
    paid = np.array(amounts, dtype=float)
    for low, high in ((paid.min() - below, paid.min() - 0.5), (paid.max() + 0.5, paid.max() + below)):
        assert not _mix(low, high, paid)["fits"]


# ---- money per head --------------------------------------------------------------------------------------------------------------
@demo
@pytest.mark.parametrize(
    ("indicator", "baht"), [("grant.basic_per_head", "basic_baht"), ("grant.equity_per_head", "equity_baht")]
)
@pytest.mark.parametrize("period", ["2565-1", "AY2565", "AY2566"])
def test_money_per_head_is_the_money_of_a_period_over_the_distinct_heads_of_that_period(
    indicator: str, baht: str, period: str
) -> None:
    rows = read_table(require_release().id, "pupil_grant")
    inside = rows[rows["semester"].eq(period) | ("AY" + rows["semester"].str[:4]).eq(period)]
    paid = inside[inside[baht] > 0]
    key = "academic_year" if period.startswith("AY") else "semester"
    cell = query(indicator, where={key: period}).iloc[0]
    assert cell["value"] == pytest.approx(paid[baht].sum() / paid["pupil_key"].nunique())


@demo
def test_the_ledger_says_when_published_money_and_heads_are_of_different_periods() -> None:
    figures = ledger().set_index("claim_id")
    assert figures["same_heads"].to_dict() == {i: i != "grant.equity.budget" for i in figures.index}
    year = query("grant.equity_recipients", where={"academic_year": "AY2565"})["value"].iloc[0]
    assert year > 17_965
    assert figures.loc["grant.equity.budget", "computed_per_head"] == pytest.approx(28e6 / year)
    assert figures.loc["grant.equity.budget", "published_per_head"] == pytest.approx(28e6 / 17_965)


# ---- years since a rate last moved ------------------------------------------------------------------------------------------------
@demo
def test_years_since_a_rate_moved_are_told_rate_by_rate_and_only_where_its_start_is_known() -> None:
    found = query("policy.years_unchanged", by=("rate",)).set_index("rate")
    assert (found.loc["lunch", "value"], found.loc["lunch", "state"]) == (0, "value")
    assert found.loc["basic_needs", "state"] == "not_collected"
    assert found.loc["equity_grant", "value"] == 0


@demo
def test_no_date_of_a_rate_is_invented_and_one_that_is_no_start_says_so() -> None:
    """Every row names where its day is from; the claim of "more than 12 years" has no day set to agree with it."""
    rates = read_table(require_release().id, "rate")
    assert not rates["source"].str.contains("สมมติ").any()
    unknown = rates[~rates["since_known"].astype(bool)]
    assert unknown["source"].str.contains("ไม่พบวันเริ่ม").all()
    assert not rates.loc[rates["since_known"].astype(bool), "source"].str.contains("ไม่พบวันเริ่ม").any()
    assert pd.to_datetime(rates["effective_from"]).min() >= pd.Timestamp("2018-11-01")


@demo
def test_the_claim_of_frozen_rates_fails_of_lunch_and_cannot_be_told_of_basic_needs() -> None:
    claim = ledger().set_index("claim_id").loc["policy.frozen"]
    said = {p["code"]: (p["computed"], p["status"]) for p in claim["parts"]}
    assert said == {"lunch": (0.0, "differs"), "basic_needs": (None, "cannot_be_computed")}
    assert (claim["status"], claim["computed"]) == ("differs", 0)
    assert "--by rate" in claim["query"]
