"""Design effects: how many pupils tell as much as one drawn alone, because pupils of a school share its fate.

Pupils of one school are paid, screened and lost together, so that the share of a place varies as if far fewer pupils had been asked:
as if `n / deff`. The cluster is the finest sender of the family (school, centre, sub-district of a trial; a province where
provinces send totals).

Method. In every place of a level (all provinces, say) the clustered standard error of the rate (`statistics.clustered_mean_se`, a ratio
estimator with k/(k-1)) is set against that of as many independent pupils. Both are pooled over the places of the level, so that a
place of three schools does not answer from three alone. The pooled excess is brought to the cluster size of each place:
deff = 1 + (m - 1) rho, m the mean cluster size weighted by pupils. It is never below 1. For the country, one place, this is the
plain clustered estimate. Where the pool has few clusters the deff is widened by the square of Student's t over the normal quantile.

Sources: Kish (1965), Survey Sampling, 5.4 and 8.2; Eldridge, Ashby and Kerry (2006), Int. J. Epidemiology 35, 1292-1300 (unequal sizes);
Wolter (2007), Introduction to Variance Estimation, ch. 7 (pooling); Cochran, Sampling Techniques (3rd ed.), 9A.

Disclosure. Sums of squares by cluster are never stored: with the sums of two schools they give both. Nor is a place's own clustered
error, which does the same where all schools but two are shown. What is stored is the deff alone, of two significant digits: a
function of numbers of the whole level, of what is shown of the place, and of its number of schools. There is none from a pool of fewer
than `FEWEST` degrees of freedom, nor from one in which fewer clusters than the disclosure threshold are hidden, but some.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from data_access.contract.settings import settings
from data_access.summaries.statistics import Z95, clustered_mean_se

NO_TRIALS = ("attendance_sum", "done", "scored", "reached")  # days, visits, areas of a place: no independent trials to begin with
DIGITS, FEWEST = 2, 20
PREFIX = "deff_"  # of the columns that hold design effects


@dataclass(frozen=True)
class Rate:
    """A rate or a mean of a cube: the measures that it divides; `spread` those of its variance, of a share none is needed."""

    plus: str
    minus: tuple[str, ...]
    below: str
    spread: tuple[str, str, str] | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """All measures that it is made of."""
        return (self.plus, *self.minus, self.below, *(self.spread or ()))

    def above(self, sums: Mapping[str, np.ndarray]) -> np.ndarray:
        """The numerator."""
        return sums[self.plus] - sum((sums[m] for m in self.minus), np.zeros(1))

    def variance(self, sums: Mapping[str, np.ndarray]) -> np.ndarray:
        """The variance between pupils: p(1-p) of a share, the pooled variance of scores."""
        with np.errstate(invalid="ignore", divide="ignore"):
            if self.spread is None:
                share = self.above(sums) / sums[self.below]
                return share * (1 - share)
            squares, total, n = (sums[m] for m in self.spread)
            return np.maximum(squares - total**2 / n, 0) / (n - 1)


def column(indicator_id: str) -> str:
    """The column of a cube that holds the design effect of an indicator."""
    return f"{PREFIX}{indicator_id.replace('.', '_')}"


@dataclass(frozen=True)
class Clusters:
    """Sums over the clusters of each unit (units, cells): x of pupils, y of the numerator; k how many have pupils, and are hidden."""

    yy: np.ndarray
    xy: np.ndarray
    xx: np.ndarray
    k: np.ndarray
    hidden: np.ndarray

    @classmethod
    def of(cls, y: np.ndarray, x: np.ndarray, hidden: np.ndarray) -> Clusters:
        """Every unit its own cluster."""
        there = x > 0
        return cls(y * y, x * y, x * x, there.astype(float), (there & hidden).astype(float))

    def added(self, add_up: Callable[[np.ndarray], np.ndarray]) -> Clusters:
        """The sums over larger places."""
        return Clusters(*(add_up(getattr(self, f.name)) for f in fields(self)))

    def squares(self, x: np.ndarray, share: np.ndarray) -> np.ndarray:
        """k/(k-1) sum (y - share x)^2: the square of the clustered standard error times the pupils squared."""
        return (clustered_mean_se(x, share, self.k, self.xx, self.xy, self.yy) * x) ** 2


def effects(rate: Rate, sums: Mapping[str, np.ndarray], own: Clusters, pool: np.ndarray) -> np.ndarray:
    """Design effects (units, cells), missing where a unit has one cluster.

    Args:
        sums: measure -> (units, cells); own: the clusters of the units; pool: (units,) whose estimates are pooled, the period.
    """
    x = sums[rate.below]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = rate.above(sums) / x
    counted = (own.k > 1) & (x > 0)
    size = int(pool.max(initial=-1)) + 1

    def pooled(values: np.ndarray) -> np.ndarray:
        kept = np.where(counted, np.nan_to_num(values), 0.0)
        return np.stack([np.bincount(pool, kept[:, c], size) for c in range(kept.shape[1])], axis=1)

    with np.errstate(invalid="ignore", divide="ignore"):
        squares, alone, n = pooled(own.squares(x, share)), pooled(x * rate.variance(sums)), pooled(x)
        weighted = pooled(own.xx) / n  # the mean cluster size, weighted by pupils
        uneven = weighted * n / pooled(x * x / own.k)  # how much larger than the plain mean, cv^2 + 1
        seen = np.where(alone > 0, squares / alone, weighted)  # nothing varies: no more is known than of so many schools
        excess = np.maximum(seen - 1, 0) / (weighted - 1)
        m = uneven[pool] * x / own.k
        deff = np.where((weighted > 1)[pool], 1 + np.maximum(m - 1, 0) * excess[pool], np.maximum(seen, 1)[pool])
    degrees, hidden = pooled(own.k - 1), pooled(own.hidden)
    told = (degrees >= FEWEST) & ((hidden == 0) | (hidden >= settings().disclosure_threshold))
    return rounded(np.where(counted & told[pool], deff * of_few(degrees)[pool], np.nan))


def of_few(degrees: np.ndarray) -> np.ndarray:
    """(t/z)^2 at 95 %: what a variance estimated with few degrees of freedom is widened by."""
    from scipy.special import stdtrit

    return (stdtrit(np.maximum(degrees, 1), 0.975) / Z95) ** 2


def rounded(values: np.ndarray) -> np.ndarray:
    """Two significant digits."""
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = 10.0 ** (DIGITS - 1 - np.floor(np.log10(values)))
        return np.round(values * scale) / scale


def of_sums(rows: pd.DataFrame, keys: list[str], rate: Rate, deff: str) -> pd.Series:
    """Design effects of sums of shown places that are no place of the lattice (pilot sets, pairs), indexed by `keys`.

    The mean of the places' own, weighted by pupils, as of independent strata. Places of one cluster have none: the shown places
    are then the clusters, and the plain estimator answers with Student's t.
    """
    x = rows[rate.below].to_numpy(float)
    own = rows[deff].to_numpy(float)
    y = rate.above({m: rows[m].to_numpy(float) for m in (rate.plus, *rate.minus)})
    parts = {m: rows[m].to_numpy(float) for m in dict.fromkeys(rate.parts)}
    told = ~np.isnan(own)
    wide = rows[keys].assign(**parts, _y=y, _n=np.where(told, x, 0), _deff=np.where(told, x * own, 0), _yy=y * y, _xy=x * y)
    wide = wide.assign(_xx=x * x, _k=(x > 0).astype(float))
    sums = wide.groupby(keys, sort=False, dropna=False).sum()
    of = {str(c): sums[c].to_numpy(float)[:, None] for c in sums.columns}
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (of["_deff"] / of["_n"])[:, 0]
        squares = Clusters(of["_yy"], of["_xy"], of["_xx"], of["_k"], of["_k"]).squares(of[rate.below], of["_y"] / of[rate.below])
        direct = (squares / (of[rate.below] * rate.variance(of)))[:, 0]
        weighted = (of["_xx"] / of[rate.below])[:, 0]
    k = of["_k"][:, 0]
    direct = np.where(np.isfinite(direct), np.maximum(direct, 1), weighted) * of_few(k - 1)
    return pd.Series(np.where(of["_n"][:, 0] > 0, mean, np.where(k > 1, direct, np.nan)), index=sums.index)
