"""Our formulas against independent implementations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from data_access.summaries.statistics import clustered_mean_se, pooled_sd, weighted_slope, wilson

pytestmark = pytest.mark.any_store


@given(st.integers(1, 100_000), st.floats(0, 1))
def test_wilson_as_in_statsmodels(trials: int, share: float) -> None:
    successes = round(trials * share)
    low, high = wilson(np.array([successes]), np.array([trials]))
    expected = proportion_confint(successes, trials, alpha=0.05, method="wilson")
    assert (low[0], high[0]) == pytest.approx(expected, abs=1e-12)
    assert 0 <= low[0] <= successes / trials <= high[0] <= 1


def test_no_trials_no_interval() -> None:
    low, high = wilson(np.array([0.0, np.nan]), np.array([0.0, np.nan]))
    assert np.isnan([*low, *high]).all()


def test_pooled_sd_is_that_of_the_raw_scores() -> None:
    rng = np.random.default_rng(1)
    groups = [rng.normal(50 + 4 * i, 5 + i, size) for i, size in enumerate((2, 17, 40, 300))]
    n, mean, sd = (np.array([f(g) for g in groups]) for f in (len, np.mean, lambda g: np.std(g, ddof=1)))
    got = pooled_sd(np.sum((n - 1) * sd**2 + n * mean**2), np.sum(n * mean), np.sum(n))
    assert got == pytest.approx(np.std(np.concatenate(groups), ddof=1), rel=1e-12)


def test_one_score_has_no_spread() -> None:
    assert np.isnan(pooled_sd(np.array([2500.0]), np.array([50.0]), np.array([1.0])))[0]


def clusters(seed: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(3, 60, k).astype(float), rng.normal(50, 6, k)


@pytest.mark.parametrize("k", [2, 5, 60])
def test_clustered_se_of_a_mean_as_in_statsmodels(k: int) -> None:
    """Cluster-robust least squares on one row a pupil, without statsmodels' own small-sample factor, is the same sandwich."""
    n, mean = clusters(k, k)
    pupils = pd.DataFrame({"school": np.repeat(np.arange(k), n.astype(int)), "score": np.repeat(mean, n.astype(int))})
    fit = sm.OLS(pupils["score"], np.ones(len(pupils))).fit(
        cov_type="cluster", cov_kwds={"groups": pupils["school"], "use_correction": False}
    )
    m = np.sum(n * mean) / n.sum()
    got = clustered_mean_se(n.sum(), m, np.array(k), np.sum(n**2), np.sum(n**2 * mean), np.sum(n**2 * mean**2))
    assert got == pytest.approx(float(fit.bse.iloc[0]) * np.sqrt(k / (k - 1)), rel=1e-9)


def test_one_cluster_has_no_standard_error() -> None:
    n, mean = clusters(1, 1)
    got = clustered_mean_se(n.sum(), mean[0], np.array(1), np.sum(n**2), np.sum(n**2 * mean), np.sum(n**2 * mean**2))
    assert np.isnan(got)


@pytest.mark.parametrize("seed", range(4))
def test_weighted_slope_as_in_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, w = rng.uniform(40, 200, 25), rng.uniform(500, 30_000, 25)
    y = -0.002 * x + rng.normal(0, 0.1 + x / 1000)
    fit = sm.WLS(y, sm.add_constant(x), weights=w).fit(cov_type="HC1")
    assert weighted_slope(x, y, w) == pytest.approx((fit.params[1], fit.bse[1]), rel=1e-9)


def test_points_without_a_value_or_weight_do_not_count() -> None:
    x, y, w = np.array([1.0, 2, 3, 4, 9]), np.array([2.0, 4, 5, np.nan, 100]), np.array([1.0, 1, 1, 1, 0])
    assert weighted_slope(x, y, w) == pytest.approx(weighted_slope(x[:3], y[:3], w[:3]))


@pytest.mark.parametrize("x", [[1.0, 2.0], [3.0, 3.0, 3.0]])
def test_too_few_points_or_no_spread_give_no_slope(x: list[float]) -> None:
    assert np.isnan(weighted_slope(np.array(x), np.arange(len(x), dtype=float), np.ones(len(x)))).all()
