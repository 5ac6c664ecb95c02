"""Invented school-readiness survey, shaped like TSRS: rounds × provinces × sub-domains × groups; and children aged 2-4."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from scipy.special import ndtr

import geo
from data_access.demo.common import YEARS, generator
from data_access.demo.places import TSQP_PROVINCES, World

SUBDOMAINS = {
    "name_writing": (62, 24, 0.6),
    "alphabet_knowledge": (58, 23, 0.8),
    "reading": (31, 21, 0.8),
    "receptive_vocabulary": (70, 17, 0.7),
    "listening_comprehension": (55, 20, 0.7),
    "copying": (60, 21, 0.6),
    "mental_transformation": (48, 20, 1.0),
    "producing_set": (66, 22, 1.2),
    "number_comparison": (64, 20, 1.2),
    "simple_addition": (52, 24, 1.3),
    "number_identification": (60, 23, 1.3),
    "forward_digit_span": (45, 16, 1.2),
    "backward_digit_span": (28, 15, 1.3),
}
"""Sub-domain -> mean and standard deviation of the base round, and how hard the closures hit it; all invented."""
GROUPS: tuple[tuple[str, str, float, float, float], ...] = (
    ("all", "all", 1.0, 0.0, 1.0),
    ("sex", "male", 0.51, -0.08, 1.05),
    ("sex", "female", 0.49, 0.08, 0.95),
    ("wealth", "q1", 0.22, -0.30, 1.5),
    ("wealth", "q2", 0.21, -0.14, 1.2),
    ("wealth", "q3", 0.20, 0.0, 1.0),
    ("wealth", "q4", 0.19, 0.15, 0.8),
    ("wealth", "q5", 0.18, 0.38, 0.5),
    ("area", "rural", 0.62, -0.12, 1.15),
    ("area", "urban", 0.38, 0.20, 0.75),
)
"""Kind, code, share of children, distance from the mean in SD, and how hard the closures hit; invented."""
ROUND_SIZE = (25, 25, 28, 40, 52, 60, 64)
LOSS_PER_DAY = np.array([0.0, -0.0030, -0.0034, -0.0030, -0.0017, -0.0010, -0.0006])
"""SD per day closed so far, by round."""
CUT_SD = -1.0
AGE_MONTHS = np.array([68.0, 68.2, 70.1, 69.4, 68.3, 68.1, 68.0])
"""Mean age at the test; the rounds around the closures came later in the year."""
SD_PER_MONTH = 0.03
CLUSTER_EFFECT = 2.0


def readiness_result(world: World) -> pd.DataFrame:
    """The table: not every province in every round, some samples too small to show."""
    rng = generator("readiness")
    provinces = _Provinces(world, rng)
    y, p = (np.concatenate(a) for a in zip(*((np.full(len(c), i), c) for i, c in enumerate(provinces.rounds)), strict=True))
    return pd.concat([_subdomain(rng, provinces, y, p, name) for name in SUBDOMAINS], ignore_index=True)


class _Provinces:
    """What holds for a province throughout: level, closures, sample size, children, and the rounds that it was in."""

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        self.codes = world.weight.index.to_numpy(dtype=object)
        n = len(self.codes)
        self.level = rng.normal(0, 0.18, n)
        own = np.clip(rng.normal(1, 0.28, n), 0.35, 1.7)
        yearly = np.outer(own, [0.0, 42.0, 60.0, 14.0, 0.0, 0.0, 0.0]) * rng.lognormal(0, 0.1, (n, len(YEARS)))
        self.closed = np.cumsum(yearly, axis=1).round()
        self.age = (AGE_MONTHS + generator("ages").normal(0, 0.7, (n, len(YEARS)))).round(1)
        self.children = (world.weight.to_numpy() * 9_000 + 900).round()
        self.sample = np.clip((self.children / 45 * rng.lognormal(0, 0.35, n)).round(), 24, 620).astype(int)
        first = np.flatnonzero(np.isin(self.codes, TSQP_PROVINCES) | np.isin(self.codes, ("57", "63", "80", "94", "96", "75")))
        others = rng.permutation(np.setdiff1d(np.arange(n), first))
        self.rounds = [self._members(rng, first, others, size) for size in ROUND_SIZE]

    def _members(self, rng: np.random.Generator, first: np.ndarray, others: np.ndarray, size: int) -> np.ndarray:
        """The base provinces, but for one or two that missed the round, and as many others as the round had room for."""
        if size == len(first):
            return first if rng.random() < 0 else np.sort(first)
        kept = np.delete(first, rng.integers(0, len(first), 2))
        return np.sort(np.r_[kept, others[: size - len(kept)]])


def _subdomain(rng: np.random.Generator, provinces: _Provinces, y: np.ndarray, p: np.ndarray, name: str) -> pd.DataFrame:
    base, spread, hit = SUBDOMAINS[name]
    n = _counts(provinces, y, p)
    days = provinces.closed[p, y]
    drop = LOSS_PER_DAY[y] * days * hit * rng.lognormal(0, 0.15, len(p))
    common = provinces.level[p] + SD_PER_MONTH * (provinces.age[p, y] - AGE_MONTHS[0]) + 0.012 * y + rng.normal(0, 0.05, len(p))
    z = np.stack([common + drop * force + gap for _, _, _, gap, force in GROUPS], axis=1)
    sd = spread * np.clip(rng.normal(1.0, 0.03, z.shape), 0.9, 1.1)
    sd[:, 1:] *= 0.97
    mean = _consistent(base + spread * z + rng.normal(size=z.shape) * sd * np.sqrt(CLUSTER_EFFECT / np.maximum(n, 1)) * 0.5, n)
    mean = np.clip(mean, 1, 99)
    share = np.array([g[2] for g in GROUPS])
    return pd.DataFrame(
        {
            "academic_year": np.repeat(np.array(YEARS)[y], len(GROUPS)),
            "province_code": np.repeat(provinces.codes[p], len(GROUPS)),
            "subdomain": name,
            "group_kind": [g[0] for g in GROUPS] * len(p),
            "group_code": [g[1] for g in GROUPS] * len(p),
            "n": n.ravel(),
            "mean": mean.ravel().round(2),
            "sd": sd.ravel().round(2),
            "se": (sd * np.sqrt(CLUSTER_EFFECT / np.maximum(n, 1))).ravel().round(3),
            "below_cut": ndtr((base + CUT_SD * spread - mean) / sd).ravel().round(4),
            "weight": (provinces.children[p][:, None] * share).ravel().round(),
            "age_months": np.repeat(provinces.age[p, y], len(GROUPS)),
            "closure_days": np.repeat(days, len(GROUPS)),
        }
    )


def _counts(provinces: _Provinces, y: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Children assessed by group; the groups of a kind add up to all."""
    total = np.round(provinces.sample[p] * (1 - 0.12 * (y == 2)))
    out = np.round(total[:, None] * [g[2] for g in GROUPS]).astype(int)
    for kind in ("sex", "wealth", "area"):
        own = [i for i, g in enumerate(GROUPS) if g[0] == kind]
        out[:, own[0]] += out[:, 0] - out[:, own].sum(axis=1)
    return out


def _consistent(mean: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Shift the groups of a kind so that their mean, by children, is the mean of all."""
    for kind in ("sex", "wealth", "area"):
        own = [i for i, g in enumerate(GROUPS) if g[0] == kind]
        average = (mean[:, own] * n[:, own]).sum(axis=1) / n[:, own].sum(axis=1)
        mean[:, own] += (mean[:, 0] - average)[:, None]
    return mean


def reported_value(world: World) -> pd.DataFrame:
    """Invented children aged 2-4 by province and academic year, a denominator for children in centres."""
    rng = generator("population")
    codes = geo.provinces().index
    weight = world.weight.reindex(codes).fillna(world.weight.max()).to_numpy()
    start = weight * 21_000 + 4_000
    rows = [(code, year) for code, year in product(range(len(codes)), range(len(YEARS)))]
    at, year = (np.array(a) for a in zip(*rows, strict=True))
    value = (start[at] * 0.965**year * rng.lognormal(0, 0.01, len(at))).round()
    return pd.DataFrame(
        {
            "indicator": "population.children_2_4",
            "place_level": "province",
            "place_code": codes.to_numpy(dtype=object)[at],
            "period": [f"AY{YEARS[y]}" for y in year],
            "sex": "all",
            "level": "all",
            "value": value,
        }
    )
