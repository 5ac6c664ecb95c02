"""The few statistical formulas that indicators need, each with its source; checked against statsmodels in the tests."""

from __future__ import annotations

import numpy as np

Z95 = 1.959963984540054
MIN_SAMPLE = 30


def wilson(successes: np.ndarray, trials: np.ndarray, z: float = Z95) -> tuple[np.ndarray, np.ndarray]:
    """Wilson score interval of a share; NaN where there are no trials.

    Source: Wilson, E. B. (1927), JASA 22, 209-212. `successes` need not be whole (an effective sample).
    """
    s, n = np.asarray(successes, float), np.asarray(trials, float)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = s / n
        centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    low, high = np.clip(centre - half, 0, p), np.clip(centre + half, p, 1)  # rounding must not push a bound past the share
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def pooled_sd(square_sum: np.ndarray, score_sum: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Standard deviation of pooled groups from Σ((n−1)sd²+n·mean²), Σ n·mean and Σ n."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt(np.maximum(square_sum - score_sum**2 / n, 0) / (n - 1))


def clustered_mean_se(
    n: np.ndarray, mean: np.ndarray, clusters: np.ndarray, n2: np.ndarray, n2_mean: np.ndarray, n2_mean2: np.ndarray
) -> np.ndarray:
    """Standard error of a weighted mean of clusters (ratio estimator with the k/(k−1) correction).

    Source: Cochran, Sampling Techniques (3rd ed.), §9A. Inputs are Σ n, the mean, the number of clusters, Σ n², Σ n²m, Σ n²m².
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = n2_mean2 - 2 * mean * n2_mean + mean**2 * n2
        return np.where(clusters > 1, np.sqrt(np.maximum(spread, 0) * clusters / (clusters - 1)) / n, np.nan)


def weighted_slope(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Slope of y on x by weighted least squares, and its HC1 standard error; NaN with fewer than three points."""
    ok = np.isfinite(x) & np.isfinite(y) & (weights > 0)
    x, y, w = x[ok], y[ok], weights[ok]
    if len(x) < 3 or np.ptp(x) == 0:
        return float("nan"), float("nan")
    design = np.column_stack([np.ones_like(x), x])
    bread = np.linalg.inv((design * w[:, None]).T @ design)
    beta = bread @ (design * w[:, None]).T @ y
    scores = design * (w * (y - design @ beta))[:, None]
    covariance = bread @ (scores.T @ scores) @ bread * len(x) / (len(x) - 2)
    return float(beta[1]), float(np.sqrt(covariance[1, 1]))


def overdispersion(z: np.ndarray, trim: float = 0.1) -> float:
    """How much more scores vary than sampling alone explains: mean of squared z-scores, the outer ones pulled in; at least 1.

    Source: Spiegelhalter (2005), Statistics in Medicine 24, 1185–1202, §4 (winsorised, multiplicative).
    """
    known = np.asarray(z, float)
    known = known[np.isfinite(known)]
    if not len(known):
        return 1.0
    low, high = np.quantile(known, [trim, 1 - trim])
    return float(max(1.0, np.mean(np.clip(known, low, high) ** 2)))


def rank_intervals(value: np.ndarray, se: np.ndarray, draws: int = 4000, seed: int = 2565) -> tuple[np.ndarray, np.ndarray]:
    """95 % intervals of ranks (1 is the highest) when every value is drawn anew from its sampling distribution.

    Source: Goldstein and Spiegelhalter (1996), JRSS A 159, 385–443; the seed is fixed, so the same data give the same ranks.
    """
    v, s = np.asarray(value, float), np.nan_to_num(np.asarray(se, float))
    drawn = np.random.default_rng(seed).normal(v, s, (draws, len(v)))
    ranks = (-drawn).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable") + 1
    low, high = np.quantile(ranks, [0.025, 0.975], axis=0, method="closest_observation")
    return low.astype(int), high.astype(int)
