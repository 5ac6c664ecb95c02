"""Invented school careers: pupils enter, move up each year, change school, leave early or finish lower secondary."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from data_access.demo.common import SEMESTERS, YEARS
from data_access.demo.places import World

EXTRA, POOR, NOT_POOR = range(3)
TIER_SHARES = (0.565, 0.265, 0.17)
STAYED, MOVED_UP, MOVED, DROPPED_OUT, UNKNOWN = range(5)
PUPILS = (24_500, 28_200, 33_000, 36_900, 39_200, 41_400, 42_600)
GRADE_SHARES = np.array([6.5, 7.5, 8.0, 8.6, 8.6, 8.6, 8.6, 8.6, 8.5, 9.2, 8.9, 8.4])
LAST_GRADE, FIRST_SECONDARY = 11, 9
DROPOUT_YEAR = np.array([1.0, 1.35, 1.9, 1.3, 1.0, 0.9, 0.85])
DROPOUT_GRADE = np.array([0.5] * 3 + [0.8] * 6 + [2.2] * 3)


@dataclass
class Careers:
    """One row a pupil and semester, as arrays of codes.

    Attributes:
        following: status in the next semester.
    """

    pupil: np.ndarray
    semester: np.ndarray
    school: np.ndarray
    grade: np.ndarray
    sex: np.ndarray
    tier: np.ndarray
    following: np.ndarray

    @property
    def n_pupils(self) -> int:
        """How many pupil numbers there are, whether or not all have rows."""
        return int(self.pupil.max()) + 1

    def take(self, index: np.ndarray) -> Careers:
        """The rows at `index`."""
        return Careers(**{f.name: getattr(self, f.name)[index] for f in fields(self)})


class _Schools:
    """Where pupils may go: by grade and province."""

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        schools = world.schools
        self.province = world.weight.index.get_indexer(pd.Index(schools["school_code"].str[2:4]))
        self.secondary = (schools["level"] != "primary").to_numpy()
        pull = rng.lognormal(0, 0.55, len(schools)) * np.sqrt(schools["pupils"].fillna(150).to_numpy(dtype=float))
        per_province = np.bincount(self.province, pull)
        self.pull = pull / per_province[self.province] * world.weight.to_numpy()[self.province]
        self.by_province = [np.flatnonzero((self.province == p) & self.secondary) for p in range(len(world.weight))]

    def enter(self, rng: np.random.Generator, grade: np.ndarray) -> np.ndarray:
        """A school for each newcomer."""
        upper = grade >= FIRST_SECONDARY
        out = np.empty(len(grade), dtype=int)
        for mask, pull in ((~upper, self.pull), (upper, self.pull * self.secondary)):
            out[mask] = rng.choice(len(pull), size=int(mask.sum()), p=pull / pull.sum())
        return out

    def secondary_near(self, rng: np.random.Generator, school: np.ndarray) -> np.ndarray:
        """A lower-secondary school in the same province for each; the same school where there is none."""
        near = [self.by_province[p] for p in self.province[school]]
        draw = rng.random(len(school))
        return np.array([s[int(d * len(s))] if len(s) else old for s, d, old in zip(near, draw, school, strict=True)], dtype=int)


def careers(world: World, rng: np.random.Generator) -> Careers:
    """Every pupil in every semester that they were in a local school."""
    schools = _Schools(world, rng)
    dropout = 0.014 * rng.gamma(5, 0.2, len(world.weight))
    troubled = np.argsort(-dropout * np.sqrt(world.weight.to_numpy()))[:10]
    state = Careers(*(np.empty(0, dtype=int) for _ in range(7)))
    used, parts = 0, []
    for year in range(len(YEARS)):
        newcomers = _newcomers(state, schools, rng, year, used)
        used += len(newcomers.pupil)
        state = _together([state, newcomers])
        state.semester = np.full(len(state.pupil), 2 * year)
        leaving = np.isin(schools.province[state.school], troubled) & (rng.random(len(state.pupil)) < 0.012)
        state.following = np.where(leaving, DROPPED_OUT, STAYED)
        parts.append(state)
        if 2 * year + 1 < len(SEMESTERS):
            second = state.take(np.flatnonzero(~leaving))
            second.semester = second.semester + 1
            state, second.following = _next_year(second, schools, dropout, rng, year)
            parts.append(second)
    rows = _together(parts)
    vague = rng.random((len(world.schools), len(SEMESTERS))) < 0.02
    rows.following[vague[rows.school, rows.semester]] = UNKNOWN
    return rows


def _together(parts: list[Careers]) -> Careers:
    return Careers(**{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Careers)})


def _newcomers(state: Careers, schools: _Schools, rng: np.random.Generator, year: int, used: int) -> Careers:
    """As many new pupils of each grade as the year's size asks for."""
    wanted = (PUPILS[year] * GRADE_SHARES / GRADE_SHARES.sum()).round().astype(int)
    missing = np.maximum(wanted - np.bincount(state.grade, minlength=len(wanted)), 0)
    grade = np.repeat(np.arange(len(wanted)), missing)
    n = len(grade)
    return Careers(
        pupil=np.arange(used, used + n),
        semester=np.zeros(n, dtype=int),
        school=schools.enter(rng, grade),
        grade=grade,
        sex=(rng.random(n) < 0.488).astype(int),
        tier=rng.choice(3, size=n, p=TIER_SHARES),
        following=np.zeros(n, dtype=int),
    )


def _next_year(
    rows: Careers, schools: _Schools, dropout: np.ndarray, rng: np.random.Generator, year: int
) -> tuple[Careers, np.ndarray]:
    """Who goes on to the next year, and what each row says of it."""
    n = len(rows.pupil)
    chance = dropout[schools.province[rows.school]] * DROPOUT_YEAR[year] * DROPOUT_GRADE[rows.grade]
    dropped = rng.random(n) < chance
    done = rows.grade == LAST_GRADE
    repeats = ~done & (rng.random(n) < 0.006)
    grade = rows.grade + ~repeats
    elsewhere = ~done & (rng.random(n) < 0.03)
    must_move = ~done & (grade == FIRST_SECONDARY) & ~schools.secondary[rows.school]
    moves = elsewhere | must_move
    away = done | (moves & (rng.random(n) < np.where(must_move, 0.3, 0.6)))
    following = np.where(dropped, DROPPED_OUT, np.where(moves | done, MOVED, np.where(repeats, STAYED, MOVED_UP)))
    following[done & ~dropped & (rng.random(n) < 0.2)] = UNKNOWN
    going = np.flatnonzero(~dropped & ~away)
    new = rows.take(going)
    new.grade = grade[going]
    changing = np.flatnonzero(moves[going])
    new.school = new.school.copy()
    new.school[changing] = schools.secondary_near(rng, new.school[changing])
    stranded = (new.grade >= FIRST_SECONDARY) & ~schools.secondary[new.school]
    following[going[stranded]] = MOVED
    new = new.take(np.flatnonzero(~stranded))
    redraw = rng.random(len(new.pupil)) < 0.05
    new.tier = np.where(redraw, rng.choice(3, size=len(redraw), p=TIER_SHARES), new.tier)
    return new, following
