"""Natural breaks of a map's values: the classes with the least squared distance from their own means.

Exact dynamic programming over the sorted values. Source: Fisher (1958), Journal of the American Statistical Association 53, 789-798;
for maps Jenks (1967), International Yearbook of Cartography 7, 186-190. The tests compare it with mapclassify, whose import alone
(scikit-learn, SciPy, Matplotlib) would take longer than an empty page.
"""

from __future__ import annotations

import numpy as np


def natural_breaks(values: np.ndarray, k: int) -> np.ndarray:
    """The largest value of each class, ascending.

    Args:
        values: (n,) finite numbers with at least `k` different ones.
        k: how many classes.
    """
    x = np.sort(np.asarray(values, dtype=float))
    n = len(x)
    centred = x - x.mean()  # keeps the differences of large sums exact enough
    sums, squares = (np.r_[0.0, np.cumsum(v)] for v in (centred, centred**2))
    start, end = np.arange(n)[:, None], np.arange(1, n + 1)[None, :]
    size = np.maximum(end - start, 1)
    spread = squares[end] - squares[start] - (sums[end] - sums[start]) ** 2 / size
    spread = np.where(end > start, spread, np.inf)  # spread[i, j]: of the values from i up to and with j
    best, cuts = spread[0], []
    for _class in range(1, k):
        total = best[:-1, None] + spread[1:]
        cut = np.argmin(total, axis=0)
        best = total[cut, np.arange(n)]
        cuts.append(cut)
    ends = [n - 1]
    for cut in reversed(cuts):
        ends.append(int(cut[ends[-1]]))
    return x[ends[::-1]]
