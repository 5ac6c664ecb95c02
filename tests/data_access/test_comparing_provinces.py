"""Ranks, funnel, adjusted change and the guard of units: against known cases, scipy and statsmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from charts.funnel_plot import funnel_plot
from charts.style import Style
from charts.theme import Measure
from data_access.contract.errors import UsageError
from data_access.contract.units import Quantity, Yardstick, convert
from data_access.questions.query import query
from data_access.summaries.adjustment import adjusted_change
from data_access.summaries.statistics import overdispersion, rank_intervals
from tests.reading import notes
from tests.ui.test_targets_page import open_page
from ui.kit import data


def test_places_far_apart_have_one_rank_and_equal_ones_have_any() -> None:
    low, high = rank_intervals(np.array([3.0, 2.0, 1.0]), np.full(3, 1e-6))
    assert (low.tolist(), high.tolist()) == ([1, 2, 3], [1, 2, 3])
    low, high = rank_intervals(np.zeros(20), np.ones(20))
    assert (low <= 2).all()
    assert (high >= 19).all()
    again = rank_intervals(np.zeros(20), np.ones(20))
    assert (low == again[0]).all()  # the same data, the same ranks


def test_two_places_change_order_as_often_as_the_normal_distribution_says() -> None:
    """P(B above A) for means 1 apart and standard errors of 1 is Φ(−1/√2) = 24 %: both ranks are possible for both."""
    assert stats.norm.cdf(-1 / np.sqrt(2)) > 0.025
    low, high = rank_intervals(np.array([1.0, 0.0]), np.ones(2))
    assert (low.tolist(), high.tolist()) == ([1, 1], [2, 2])
    far = 4 * np.sqrt(2)
    low, high = rank_intervals(np.array([far, 0.0]), np.ones(2))
    assert (low.tolist(), high.tolist()) == ([1, 2], [1, 2])


def test_overdispersion_is_one_for_sampling_alone_and_finds_what_is_there() -> None:
    z = stats.norm.ppf((np.arange(1, 2001) - 0.5) / 2000)
    assert overdispersion(z) == 1.0  # winsorised squares of a normal are below one
    trimmed = stats.mstats.winsorize(3 * z, limits=(0.1, 0.1))
    assert overdispersion(3 * z) == pytest.approx(float(np.mean(np.asarray(trimmed) ** 2)), rel=0.01)
    assert overdispersion(np.array([])) == 1.0


def cross_section(shift: float, *, by_age: float = 0.0) -> pd.DataFrame:
    """Two rounds; the second assesses more of the richest, who score a full SD higher, and older children."""
    rng = np.random.default_rng(1)
    rows = []
    for p in range(30):
        level = rng.normal(0, 0.3)
        for year in (2562, 2564):
            for group, effect in (("q1", 0.0), ("q5", 1.0)):
                weight = 100.0 if year == 2562 else (40.0 if group == "q1" else 160.0)
                age = 68 + (2 if year == 2564 else 0) + rng.normal(0, 1)
                z = level + effect + (shift if year == 2564 else 0) + by_age * (age - 68) + rng.normal(0, 0.02)
                rows.append((str(p), group, year, z, weight, age))
    return pd.DataFrame(rows, columns=["province", "group", "academic_year", "z", "weight", "age"])


def test_adjustment_takes_out_who_was_assessed_and_how_old_they_were() -> None:
    rows = cross_section(-0.3, by_age=0.05)
    means = rows.groupby("academic_year")[["z", "weight"]].apply(lambda d: np.average(d["z"], weights=d["weight"]))
    assert means[2564] - means[2562] > 0  # as it is, the change even has the wrong sign
    found = adjusted_change(rows).set_index("academic_year")
    assert found.loc[2564, "value"] == pytest.approx(-0.3, abs=0.02)
    assert found.loc[2564, "low"] < -0.3 < found.loc[2564, "high"]
    assert found.loc[2562, "value"] == 0
    without = adjusted_change(rows.assign(age=np.nan)).set_index("academic_year")
    assert without.loc[2564, "value"] == pytest.approx(-0.2, abs=0.03)  # two months of age are left in


def test_an_age_that_only_differs_between_rounds_is_left_out() -> None:
    rows = cross_section(-0.3).assign(age=lambda d: d["academic_year"] - 2500.0)
    assert adjusted_change(rows).set_index("academic_year").loc[2564, "value"] == pytest.approx(-0.3, abs=0.02)
    assert adjusted_change(rows[rows["academic_year"] == 2562]).empty


@pytest.mark.usefixtures("on_demo")
def test_the_indicator_starts_from_nought_and_has_an_interval() -> None:
    frame = query("readiness.change_adjusted", by=("academic_year",)).set_index("academic_year")
    assert frame["value"].iloc[0] == 0
    assert (frame["low"].iloc[1:] < frame["high"].iloc[1:]).all()
    assert frame.loc["AY2564", "high"] < 0


STICK = Yardstick("own", "sd", "months", "kindergarten_3", 10.0, 8.0, 12.0, "ที่มา")


def test_the_guard_of_units() -> None:
    turned = convert(Quantity(-0.3, -0.4, -0.2, "sd", "kindergarten_3"), STICK)
    assert (turned.value, turned.low, turned.high, turned.unit) == pytest.approx((-3.0, -4.8, -1.6, "months"))
    with pytest.raises(UsageError, match="was measured on kindergarten_3, not on adult"):
        convert(Quantity(0.5, 0.4, 0.6, "sd", "adult"), STICK)
    with pytest.raises(UsageError, match="cannot measure months"):
        convert(Quantity(3.0, 2.0, 4.0, "months", "kindergarten_3"), STICK)


def test_the_funnel_says_how_many_lie_outside() -> None:
    rows = pd.DataFrame({"province": ["40", "50", "90"], "value": [0.0, 0.05, 2.0], "se": [0.1, 0.2, 0.1]})
    chart = funnel_plot(rows, Measure("z", "z", "SD", "sd"), Style("en"), centre=0.0, spread=1.0, title="Readiness")
    assert "1 of 3 provinces lie outside the 95% limits" in chart.alt
    wide = funnel_plot(rows, Measure("z", "z", "SD", "sd"), Style("en"), centre=0.0, spread=20.0, title="Readiness")
    assert "0 of 3" in wide.alt


@pytest.mark.usefixtures("on_demo")
def test_a_yardstick_of_adults_is_refused_for_children() -> None:
    app = open_page("learning_loss", period="AY2564")
    assert not app.exception
    assert any("measured on adults, and the number is about kindergarten 3" in w for w in notes(app))
    schools = open_page("schools")
    assert any("the number is about primary 6" in w for w in notes(schools))


@pytest.mark.usefixtures("on_demo")
def test_without_a_yardstick_nothing_is_converted(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = data.table
    monkeypatch.setattr(data, "table", lambda name: whole(name).iloc[:0] if name == "yardstick" else whole(name))
    app = open_page("schools")
    assert not app.exception
    assert any("No yardstick has been supplied" in i for i in notes(app))
