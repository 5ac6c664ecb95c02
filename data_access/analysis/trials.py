"""Statistics of a cluster-randomised trial: design, balance, attrition and, once an endline is there, effects.

Everything works on sums of clusters (n, mean, standard deviation), so no row of a child is needed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from data_access.contract.settings import settings
from data_access.store.tables import read_table

MIN_CLUSTERS = 4  # two an arm: below that no variance between clusters can be estimated


def design_effect(cluster_size: float, icc: float) -> float:
    """How much larger the variance is than with children drawn one by one: 1 + (m − 1)·ρ.

    Source: Kish (1965), Survey Sampling, §5.4.
    """
    return 1 + (cluster_size - 1) * icc


def minimum_detectable_effect(
    treated: int, control: int, cluster_size: float, icc: float, *, power: float = 0.8, alpha: float = 0.05
) -> float:
    """The smallest effect, in SD, that a comparison of two arms finds with the given power; NaN without clusters in both.

    (z₁₋α⁄₂ + z_power) · √((1/k₁ + 1/k₀) · (1 + (m − 1)ρ) / m): two-sided, normal quantiles, no covariates.

    Args:
        treated, control: clusters in each arm; cluster_size: children measured in each.
    Source: Bloom (1995), Evaluation Review 19, 547–556, with the design effect of Kish.
    """
    if min(treated, control) < 1 or cluster_size <= 0:
        return float("nan")
    multiplier = stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(power)
    return float(multiplier * np.sqrt((1 / treated + 1 / control) * design_effect(cluster_size, icc) / cluster_size))


def clusters(release_id: str) -> pd.DataFrame:
    """The design: sub-district, area, arm and families planned of every cluster, before anybody took part."""
    return read_table(release_id, "trial_cluster")


def measures(release_id: str) -> pd.DataFrame:
    """Measurements of clusters with their arm, for the statistics of this module: counts of a cluster are not for a screen."""
    return read_table(release_id, "trial_measure").merge(clusters(release_id)[["subdistrict_code", "arm"]], on="subdistrict_code")


@dataclass(frozen=True)
class Pooled:
    """One arm's children: how many, their mean and their standard deviation across and within clusters."""

    n: float
    mean: float
    sd: float


def pooled(rows: pd.DataFrame) -> Pooled:
    """Children of several clusters as one group; `rows` has n, mean, sd (a missing sd counts as no spread within)."""
    n, mean = rows["n"].to_numpy(float), rows["mean"].to_numpy(float)
    sd = rows["sd"].fillna(0).to_numpy(float)
    total = n.sum()
    if total < 2:
        return Pooled(float(total), float("nan"), float("nan"))
    centre = float((n * mean).sum() / total)
    squares = ((n - 1).clip(min=0) * sd**2 + n * (mean - centre) ** 2).sum()
    return Pooled(float(total), centre, float(np.sqrt(squares / (total - 1))))


def balance(measures: pd.DataFrame) -> pd.DataFrame:
    """Standardised differences at baseline, every arm against the comparison arm.

    (mean − mean of comparison) / √((s² + s₀²) / 2), without a test of significance: chance alone makes differences after drawing lots.

    Args:
        measures: rows of `trial_measure` with a column `arm`.
    Returns:
        measure, arm, n, n_comparison, value (SD).
    Source: Austin (2009), Statistics in Medicine 28, 3083–3107.
    """
    rows = []
    for (measure, arm), group in measures[measures["wave"] == "baseline"].groupby(["measure", "arm"], sort=False):
        other = measures[(measures["wave"] == "baseline") & (measures["measure"] == measure) & (measures["arm"] == "comparison")]
        if arm == "comparison" or other.empty:
            continue
        one, two = pooled(group), pooled(other)
        spread = np.sqrt((one.sd**2 + two.sd**2) / 2)
        value = (one.mean - two.mean) / spread if spread > 0 else np.nan
        rows.append({"measure": measure, "arm": arm, "n": one.n, "n_comparison": two.n, "value": value})
    return pd.DataFrame(rows, columns=["measure", "arm", "n", "n_comparison", "value"])


def _told(children: float, measures: pd.DataFrame, measure: str, arms: tuple[str, str]) -> float:
    """Children measured at the end; NaN where they are a few fewer or more than those measured first, which would tell who left."""
    first = (measures["wave"] == "baseline") & (measures["measure"] == measure) & measures["arm"].isin(arms)
    gone = abs(float(measures.loc[first, "n"].sum()) - children)
    return np.nan if 0 < gone < settings().disclosure_threshold else children


def effects(measures: pd.DataFrame) -> pd.DataFrame:
    """Effects at endline in SD of the comparison arm, every arm against it, with cluster-robust 95 % intervals.

    Difference of means of children over the comparison arm's SD (Glass). The variance is that of least squares on children with an
    arm dummy, clustered by sub-district with the factor G/(G−1)·(N−1)/(N−2) (CR1), t with G − 2 degrees of freedom. Since arm is
    the only regressor, the sums of clusters give it exactly.

    Args:
        measures: rows of `trial_measure` with a column `arm`.
    Returns:
        measure, arm, n (NaN where it must not be told), clusters, value, low, high; empty before an endline.
    """
    end = measures[(measures["wave"] == "endline") & (measures["n"] > 0)]
    rows = []
    for (measure, arm), group in end.groupby(["measure", "arm"], sort=False):
        other = end[(end["measure"] == measure) & (end["arm"] == "comparison")]
        clusters = len(group) + len(other)
        if arm == "comparison" or other.empty or clusters < MIN_CLUSTERS or min(len(group), len(other)) < 2:
            continue
        one, two = pooled(group), pooled(other)
        variance = _mean_variance(group, one.mean) + _mean_variance(other, two.mean)
        children = one.n + two.n
        se = np.sqrt(variance * clusters / (clusters - 1) * (children - 1) / (children - 2)) / two.sd
        value, spread = (one.mean - two.mean) / two.sd, float(stats.t.ppf(0.975, clusters - 2)) * se
        rows.append(
            {
                "measure": measure,
                "arm": arm,
                "n": _told(children, measures, str(measure), (str(arm), "comparison")),
                "clusters": clusters,
                "value": value,
                "low": value - spread,
                "high": value + spread,
            }
        )
    return pd.DataFrame(rows, columns=["measure", "arm", "n", "clusters", "value", "low", "high"])


def _mean_variance(rows: pd.DataFrame, centre: float) -> float:
    n, mean = rows["n"].to_numpy(float), rows["mean"].to_numpy(float)
    return float(((n * (mean - centre)) ** 2).sum() / n.sum() ** 2)
