"""Self-developing schools (TSQP) and invented school results."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.demo.common import YEARS, apportion, generator, pick
from data_access.demo.places import TSQP_PROVINCES, World

N_SCHOOLS, N_TEACHERS, N_PUPILS = 35, 818, 12_967
"""As published."""
SUBJECTS = ("thai", "maths", "science", "english")
GRADES = ("P6", "M3")
LEVEL_OF_MEAN = np.array([[54.0, 35.0, 38.0, 37.0], [52.0, 28.0, 31.0, 33.0]])
"""Rough levels by grade and subject; not those of any real test."""
DIP = np.array([0.0, -1.0, -2.6, -2.2, -1.2, -0.5, 0.2])
TAKING_PART = np.array([0.96, 0.93, 0.70, 0.68, 0.72, 0.75, 0.78])


def build(world: World) -> dict[str, pd.DataFrame]:
    """The tables `tsqp_school` and `school_result`; the sizes of TSQP schools are made to fit."""
    members = tsqp_school(world)
    size = pd.Series(members["pupils"].to_numpy(), index=members["school_code"])
    found = world.schools["school_code"].map(size)
    world.schools["pupils"] = world.schools["pupils"].where(found.isna(), found.astype("Int64"))
    return {"tsqp_school": members, "school_result": school_result(world, set(members["school_code"]))}


def tsqp_school(world: World) -> pd.DataFrame:
    """35 schools in 19 provinces, with the published sums of teachers and pupils."""
    rng = generator("tsqp")
    province = world.schools["school_code"].str[2:4]
    wanted = apportion(np.ones(len(TSQP_PROVINCES)), N_SCHOOLS, 1)
    chosen = [rng.choice(np.flatnonzero(province == p), n, replace=False) for p, n in zip(TSQP_PROVINCES, wanted, strict=True)]
    codes = world.schools["school_code"].to_numpy(dtype=object)[np.sort(np.concatenate(chosen))]
    pull = rng.lognormal(0, 0.45, N_SCHOOLS)
    joined = rng.choice([2562, 2563, 2564, 2565], p=[0.45, 0.25, 0.15, 0.15], size=N_SCHOOLS)
    return pd.DataFrame(
        {
            "school_code": codes,
            "joined_year": joined,
            "left_year": pd.array([pd.NA] * N_SCHOOLS, dtype="Int64"),
            "teachers": apportion(pull, N_TEACHERS, 11),
            "pupils": apportion(pull * rng.lognormal(0, 0.1, N_SCHOOLS), N_PUPILS, 120),
        }
    )


def school_result(world: World, members: set[str]) -> pd.DataFrame:
    """School × year × grade × subject: urban schools ahead, a dip around the closures, small schools noisy, some missing."""
    rng = generator("results")
    schools = world.schools
    s, y, g = (a.ravel() for a in np.meshgrid(np.arange(len(schools)), np.arange(len(YEARS)), np.arange(2), indexing="ij"))
    teaches = (g == 0) | (schools["level"] != "primary").to_numpy()[s]
    kept = np.flatnonzero(teaches & (rng.random(len(s)) < TAKING_PART[y]))
    s, y, g = (a[kept] for a in (s, y, g))
    pupils = schools["pupils"].fillna(150).to_numpy(dtype=float)
    n = np.maximum((pupils[s] / 10 * rng.lognormal(0, 0.2, len(s))).astype(int), 2)
    mean, sd = _scores(schools, members, rng, (s, y, g), n)
    lost = rng.random(len(s)) < 0.01
    mean[lost], sd[lost | (n < 3)] = np.nan, np.nan
    rows = np.repeat(np.arange(len(s)), len(SUBJECTS))
    return pd.DataFrame(
        {
            "school_code": schools["school_code"].to_numpy(dtype=object)[s][rows],
            "academic_year": np.array(YEARS)[y][rows],
            "grade": pick(GRADES, g)[rows],
            "subject": pick(SUBJECTS, np.tile(np.arange(len(SUBJECTS)), len(s))),
            "n": n[rows],
            "mean": mean.ravel(),
            "sd": sd.ravel(),
        }
    )


def _scores(
    schools: pd.DataFrame, members: set[str], rng: np.random.Generator, at: tuple[np.ndarray, ...], n: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of each sitting, one column a subject."""
    s, y, g = at
    rural = schools["rural"].to_numpy(dtype=bool)[s]
    tsqp = schools["school_code"].isin(members).to_numpy()[s]
    gap = np.where(rural, -1.0, 1.0)[:, None] * np.array([2.0, 2.6, 2.1, 3.4])
    school = rng.normal(0, 3.0, len(schools))[s][:, None]
    growth = (0.4 * np.maximum(y - 1, 0) * tsqp)[:, None]
    dip = (DIP[y] * np.where(rural, 1.2, 0.8))[:, None] * np.array([0.7, 1.5, 1.0, 0.9])
    sd = np.clip(rng.normal(12.5, 1.6, (len(s), len(SUBJECTS))), 5, 22)
    chance = rng.normal(size=sd.shape) * sd / np.sqrt(n)[:, None]
    return np.clip(LEVEL_OF_MEAN[g] + gap + school + growth + dip + chance, 8, 95).round(2), sd.round(2)
