"""Invented register of out-of-school children and youth and of informal workers: a stock and flows that almost balance."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from data_access.contract.schema import SEX
from data_access.demo.common import SEMESTERS, generator
from data_access.demo.places import World
from data_access.programmes.out_of_school.cubes import OUTSIDE_AGES, OUTSIDE_MEASURES

PERIODS = SEMESTERS[-5:]
"""2566-1 to 2568-1; the register is drawn up twice a year."""
REGISTER_DAYS = {1: (9, 30), 2: (3, 31)}
SIZE = {"child_youth": 5_400, "informal_worker": 2_600}
AGE_SHARES = {"child_youth": (0.17, 0.29, 0.31, 0.23), "informal_worker": (0.12, 0.22, 0.5, 0.16)}
NOT_TRAINING = "58"
"""A province that never reports training."""


def out_of_school_count(world: World) -> pd.DataFrame:
    """The table: provinces × semesters × age groups × sexes, for both populations."""
    rng = generator("outside")
    return pd.concat([_population(world, rng, name) for name in SIZE], ignore_index=True)


def _population(world: World, rng: np.random.Generator, population: str) -> pd.DataFrame:
    ages = OUTSIDE_AGES[population]
    codes = world.weight.index.to_numpy(dtype=object)
    share = np.einsum("p,a,s->pas", world.weight.to_numpy() + 0.15, np.array(AGE_SHARES[population]), np.array([0.54, 0.46]))
    stock = rng.poisson(share * SIZE[population]).astype(float)
    effort = rng.beta(4, 6, len(codes))[:, None, None]
    rows = []
    for number, semester in enumerate(PERIODS):
        flows = _semester(rng, stock, effort, number)
        stock = flows["stock"]
        rows.append(_frame(population, codes, ages, semester, flows))
    return pd.concat(rows, ignore_index=True)


def _semester(rng: np.random.Generator, before: np.ndarray, effort: np.ndarray, number: int) -> dict[str, np.ndarray]:
    """The flows of a semester and the stock at its end; some leave the register for reasons that nobody records."""
    found = rng.binomial(before.astype(int), np.clip(effort * (0.75 + 0.08 * number), 0, 0.9))
    helped = rng.binomial(found, 0.62)
    back = rng.binomial(helped, 0.44)
    lost_again = rng.binomial(back, 0.08)
    new = rng.poisson(before * 0.16 + 1)
    unrecorded = rng.binomial(before.astype(int) - found, 0.05)
    return {
        "stock": np.maximum(before + new + lost_again - back - unrecorded, 0),
        "found": found,
        "new": new,
        "helped": helped,
        "back": back,
        "trained": rng.binomial(helped, 0.2),
        "in_work": rng.binomial(helped, 0.12),
        "lost_again": lost_again,
    }


def _frame(
    population: str, codes: np.ndarray, ages: tuple[str, ...], semester: str, flows: dict[str, np.ndarray]
) -> pd.DataFrame:
    index = pd.MultiIndex.from_product([codes, ages, SEX[:2]], names=["province_code", "age_group", "sex"])
    year, half = (int(part) for part in semester.split("-"))
    month, day = REGISTER_DAYS[half]
    frame = pd.DataFrame({m: flows[m].ravel() for m in OUTSIDE_MEASURES}, index=index).reset_index().astype({"trained": float})
    frame.loc[frame["province_code"] == NOT_TRAINING, "trained"] = np.nan
    register_on = dt.date(year - 543 + (half == 2), month, day)
    return frame.assign(population=population, semester=semester, register_on=pd.Timestamp(register_on))
