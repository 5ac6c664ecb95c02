"""Natural breaks against an independent implementation, and against every other partition of small sets."""

from __future__ import annotations

import warnings
from itertools import combinations

import mapclassify
import numpy as np
import pytest

from charts.natural_breaks import natural_breaks


def spread(values: np.ndarray, uppers: np.ndarray) -> float:
    """Squared distance of the values from the means of their classes."""
    member = np.searchsorted(uppers, values, side="left")
    return sum(((part - part.mean()) ** 2).sum() for k in set(member) if len(part := values[member == k]))


@pytest.mark.parametrize("seed", range(12))
def test_classes_fit_as_well_as_those_of_mapclassify(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = np.round(rng.lognormal(3, 1, 77) if seed % 2 else rng.normal(0.9, 0.05, 77), 4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = mapclassify.FisherJenks(values, k=5).bins
    ours = natural_breaks(values, 5)
    assert len(ours) == 5
    assert ours[-1] == values.max()
    assert set(ours) <= set(values)
    assert spread(values, ours) <= spread(values, np.asarray(theirs)) * (1 + 1e-9)


def test_no_other_partition_is_better() -> None:
    values = np.array([1.0, 2.0, 4.0, 7.0, 8.0, 15.0, 16.0, 30.0])
    best = min(spread(values, np.array([*values[list(cuts)], values[-1]])) for cuts in combinations(range(len(values) - 1), 2))
    assert spread(values, natural_breaks(values, 3)) == pytest.approx(best)


def test_large_numbers_keep_their_differences() -> None:
    assert natural_breaks(np.array([1e9, 1e9 + 1, 1e9 + 2, 1e9 + 100, 1e9 + 101]), 2).tolist() == [1e9 + 2, 1e9 + 101]
