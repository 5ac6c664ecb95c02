"""Invented paths of children through the registers, and how well invented registers could be linked."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.contract.schema import CHAIN_STAGE, LINK, LINK_OUTCOME, SEX, TIER
from data_access.demo.careers import DROPOUT_YEAR, TIER_SHARES
from data_access.demo.common import YEARS, generator, keys, pick
from data_access.demo.places import World

GRADE_STAGES = np.repeat(np.arange(5), (2, 3, 6, 3, 3))
"""Stage of each grade from the first year in a centre to the last of upper secondary; higher education lasts four more."""
HIGHER_FROM, LAST = 17, 20
ENTRY_GRADES, ENTRANTS, ENTRY_YEARS = (0, 2, 5, 11, 14), 2_800, 3
LEARNING, VOCATIONAL, OUT, WORKING, NOWHERE = range(5)
LEAVING = np.array([0.004, 0.004, 0.005, 0.005, 0.005, *[0.006] * 5, 0.02, 0.016, 0.02, 0.09, 0.035, 0.03, 0.03, *[0.03] * 4])
"""Chance of leaving after each grade in an ordinary year, twice as high for the extra-poor."""
TIER_RISK = np.array([1.45, 0.9, 0.35])
LINKED = {"civil_centres": 0.955, "civil_pupils": 0.975, "pupils_grants": 0.985, "pupils_higher": 0.93, "teachers_schools": 0.99}
REASONS = {"no_id": 0.42, "not_found": 0.33, "differs": 0.18, "duplicate": 0.07}
LINK_YEARS = YEARS[-4:]


def build(world: World) -> dict[str, pd.DataFrame]:
    """The tables `chain_record` and `register_link`."""
    return {"chain_record": chain_record(), "register_link": register_link(world)}


def chain_record() -> pd.DataFrame:
    """One row a child and year from entry on, but for the years in which no register has the child."""
    rng = generator("chain")
    n = len(ENTRY_GRADES) * ENTRANTS * ENTRY_YEARS
    entered, grade = np.divmod(rng.permutation(n), len(ENTRY_GRADES) * ENTRANTS)
    grade = np.array(ENTRY_GRADES)[grade // ENTRANTS]
    sex, tier = (rng.random(n) < 0.488).astype(int), rng.choice(3, size=n, p=TIER_SHARES)
    state = np.where((grade == 14) & (rng.random(n) < 0.42), VOCATIONAL, LEARNING)
    child, year, stage = [], [], []
    for y in range(len(YEARS)):
        here = np.flatnonzero((entered <= y) & (state != NOWHERE))
        child.append(here)
        year.append(np.full(len(here), y))
        stage.append(_stage(grade[here], state[here]))
        going = np.flatnonzero(entered <= y)
        grade[going], state[going] = _next_year(grade[going], state[going], tier[going], y, rng)
    who = np.concatenate(child)
    return pd.DataFrame(
        {
            "child_key": keys(generator("chain keys"), n)[who],
            "academic_year": np.array(YEARS)[np.concatenate(year)],
            "stage": pick(CHAIN_STAGE, np.concatenate(stage)),
            "sex": pick(SEX[:2], sex[who]),
            "tier": pick(TIER, tier[who]),
        }
    )


def _stage(grade: np.ndarray, state: np.ndarray) -> np.ndarray:
    """Positions in `schema.CHAIN_STAGE`."""
    learning = np.where(grade >= HIGHER_FROM, CHAIN_STAGE.index("higher"), GRADE_STAGES[np.minimum(grade, HIGHER_FROM - 1)])
    names = {VOCATIONAL: "vocational", OUT: "out_of_school", WORKING: "working"}
    return np.select([state == code for code in names], [CHAIN_STAGE.index(name) for name in names.values()], learning)


def _next_year(
    grade: np.ndarray, state: np.ndarray, tier: np.ndarray, year: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Who goes on, repeats, leaves, comes back or drops from sight between two years."""
    chance = rng.random(len(grade))
    in_class = state <= VOCATIONAL
    leaves = in_class & (chance < LEAVING[np.minimum(grade, LAST)] * TIER_RISK[tier] * DROPOUT_YEAR[year])
    done = (
        in_class
        & ~leaves
        & ((grade == LAST) | ((grade == HIGHER_FROM - 1) & (rng.random(len(grade)) < 0.5 + 0.12 * (tier == 0))))
    )
    repeats = rng.random(len(grade)) < 0.008
    new_grade = np.where(in_class & ~leaves & ~done & ~repeats, grade + 1, grade)
    older = new_grade >= 12
    out = np.where(leaves, np.where(older & (rng.random(len(grade)) < 0.45), WORKING, OUT), np.where(done, WORKING, state))
    entering = in_class & ~leaves & (grade == 13) & (new_grade == 14) & (rng.random(len(grade)) < 0.4)
    out = np.where(entering, VOCATIONAL, np.where((out == VOCATIONAL) & (new_grade >= HIGHER_FROM), LEARNING, out))
    back = (state == OUT) & (rng.random(len(grade)) < 0.24)
    working = (state == OUT) & ~back & older & (rng.random(len(grade)) < 0.2)
    found = (state == NOWHERE) & (rng.random(len(grade)) < 0.45)
    lost = (out != NOWHERE) & (rng.random(len(grade)) < 0.012)
    out = np.select([lost, back, working, found], [NOWHERE, LEARNING, WORKING, LEARNING], out)
    return new_grade, out


def register_link(world: World) -> pd.DataFrame:
    """Records of each pair of registers by province, year and outcome."""
    rng = generator("register links")
    codes = world.weight.index.to_numpy(dtype=object)
    share = world.weight.to_numpy() / world.weight.sum()
    sizes = {"civil_centres": 520_000, "civil_pupils": 610_000, "pupils_grants": 42_000, "pupils_higher": 9_500}
    rows = []
    for link in LINK:
        size = sizes.get(link, 36_000 if link == "teachers_schools" else len(world.schools))
        for number, year in enumerate(LINK_YEARS):
            records = rng.poisson(share * size)
            miss = (1 - LINKED.get(link, 0.995)) * rng.gamma(6, 1 / 6, len(codes)) * (1.25 - 0.12 * number)
            unmatched = rng.binomial(records, np.clip(miss, 0, 0.5))
            parts = {"matched": records - unmatched}
            split = np.array([rng.multinomial(u, list(REASONS.values())) for u in unmatched])
            parts |= {reason: split[:, i] for i, reason in enumerate(REASONS)}
            rows += [
                pd.DataFrame({"link": link, "academic_year": year, "province_code": codes, "outcome": o, "records": parts[o]})
                for o in LINK_OUTCOME
            ]
    frame = pd.concat(rows, ignore_index=True)
    return frame[frame.groupby(["link", "academic_year", "province_code"])["records"].transform("sum") > 0].reset_index(drop=True)
