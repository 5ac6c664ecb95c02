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
