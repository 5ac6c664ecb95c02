"""Attacks by differences: what two shown counts differ by, over places of which one or the other is hidden.

Recipients are some of the eligible, a semester's pupils some of its year's, a fortnight's families some of those enrolled; two tables
may count the same people. Each such pair is subtracted in every place of every scheme and period, and what the shown places below
account for is taken away: what is left is told of the hidden ones. A few people left over are found out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data_access.contract.settings import settings
from data_access.programmes.indicators import FAMILIES
from data_access.publishing.summaries import SAME_PEOPLE, region_table
from data_access.store.engines import columns_of, read_frame
from data_access.store.releases import reader, require_release
from data_access.summaries import matched_sums
from data_access.summaries.cube import ALL, NATION_LEVEL, REGION_SCHEMES, CubeSpec

EPSILON = 0.5


@dataclass(frozen=True)
class Found:
    """Something found out: of which two counts, where, when, and how many people."""

    what: str
    place: str
    period: str
    people: float


def few(values: np.ndarray) -> np.ndarray:
    """Which numbers are of one to nine people."""
    size = np.abs(values)
    return (size > EPSILON) & (size < settings().disclosure_threshold - EPSILON)


@dataclass
class Cube:
    """A protected cube as everybody may read it, with the regions of its provinces."""

    name: str
    rows: pd.DataFrame
    spec: CubeSpec
    regions: pd.DataFrame

    @property
    def keys(self) -> list[str]:
        return ["period", *([self.spec.each] if self.spec.each else []), *self.spec.attributes]

    def level(self, name: str) -> pd.DataFrame:
        return self.rows[self.rows["place_level"] == name].reset_index(drop=True)

    def families(self) -> Iterator[tuple[str, str, pd.Series]]:
        """(level above, level below, code above of each row below) of every two levels of which one is inside the other."""
        levels = self.spec.levels
        for depth, below in enumerate(levels):
            rows = self.level(below)
            yield NATION_LEVEL, below, pd.Series("TH", index=rows.index)
            for above in levels[:depth]:
                yield above, below, rows[self.spec.path[levels.index(above)]]
            for scheme in REGION_SCHEMES:
                yield scheme, below, rows["province_code"].map(self.regions[scheme])


def cubes() -> list[Cube]:
    """The cubes of the release at hand."""
    out = []
    with reader(require_release().id).connect() as connection:
        regions = region_table(connection)
        for family in FAMILIES.values():
            if family.spec and family.spec.people and columns_of(connection, family.summary):
                rows = read_frame(connection, sa.select(sa.text("*")).select_from(sa.table(family.summary)))
                out.append(Cube(family.name, rows, family.spec, regions))
    return out


def inside_one_another(rows: pd.DataFrame, measures: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of measures of which the first is never smaller, as far as is shown: what they differ by is a count of people."""
    out = []
    for one, other in combinations([m for m in measures if m in rows], 2):
        gap = (rows[one] - rows[other]).dropna()
        if len(gap) and gap.any():
            out += [(one, other)] if (gap >= -EPSILON).all() else [(other, one)] if (gap <= EPSILON).all() else []
    return out


def between_measures(cube: Cube) -> list[Found]:
    """Every two measures of a cube that contain one another."""
    pairs = [(f"{a} less {b}", a, b) for a, b in inside_one_another(cube.rows, cube.spec.people)]
    return _attack(cube, cube.rows, pairs)


def between_year_and_semester(cube: Cube) -> list[Found]:
    """Every year less each of its semesters."""
    found = []
    people = list(cube.spec.people)
    years = cube.rows[cube.rows["period"].str.startswith("AY")]
    for half in ("1", "2"):
        semesters = cube.rows.assign(period="AY" + cube.rows["period"].str[:4]).loc[cube.rows["period"].str.endswith(f"-{half}")]
        keys = ["place_level", "place_code", *cube.keys]
        both = years.merge(semesters[[*keys, *people]], on=keys, how="left", suffixes=("", "_half"), indicator=True)
        nobody = both["_merge"] == "left_only"
        for m in people:
            both[f"{m}_half"] = both[f"{m}_half"].mask(nobody, 0.0)
        pairs = [(f"{m}: year less semester {half}", m, f"{m}_half") for m in people if both[m].notna().any()]
        found += _attack(cube, both, pairs)
    return found


def between_periods(cube: Cube) -> list[Found]:
    """Every two periods of a group that is followed: whoever is missing in the later one has left."""
    found = []
    periods = sorted(cube.rows["period"].unique())
    keys = ["place_level", "place_code", *cube.keys]
    for then, now in combinations(periods, 2):
        before = cube.rows[cube.rows["period"] == then].assign(period=now)
        both = cube.rows[cube.rows["period"] == now].merge(before[[*keys, *cube.spec.followed]], on=keys, suffixes=("", "_then"))
        found += _attack(cube, both, [(f"{m}: {then} less {now}", f"{m}_then", m) for m in cube.spec.followed])
    return found


def between_tables(one: Cube, measure: str, other: Cube, same: str, dated: bool) -> list[Found]:
    """Places where one table shows what the other hides, and where they differ by a few people."""
    keys = ["place_level", "place_code", *(["period"] if dated else [])]
    mine, its = (c.rows[(c.rows[list(c.spec.attributes)] == ALL).all(axis=1)] for c in (one, other))
    both = mine[[*keys, measure]].merge(its[[*keys, same]], on=keys)
    betrayed = both[measure].isna() != both[same].isna()
    near = pd.Series(few((both[measure] - both[same]).to_numpy(float)), index=both.index) & dated
    return [
        Found(f"{measure} and {same}", f"{row['place_level']} {row['place_code']}", str(row.get("period", "")), np.nan)
        for _i, row in both[betrayed | near].iterrows()
    ]


def _attack(cube: Cube, rows: pd.DataFrame, pairs: list[tuple[str, str, str]]) -> list[Found]:
    """Subtract two columns of rows in each place, and over the hidden places inside each place."""
    whole = Cube(cube.name, rows, cube.spec, cube.regions)
    found = [
        Found(f"{cube.name}: {what}", f"{level} {code}", str(period), float(gap))
        for what, a, b in pairs
        for gaps in [(rows[a] - rows[b]).to_numpy(float)]
        for level, code, period, gap in rows[["place_level", "place_code", "period"]].assign(gap=gaps)[few(gaps)].to_numpy()
    ]
    told: dict[tuple[str, str], list[pd.DataFrame]] = {}
    for above, below, home in whole.families():
        children, parents = whole.level(below), whole.level(above)
        if children.empty or parents.empty:
            continue
        keys = ["place_code", *cube.keys]
        joined = children.assign(place_code=home)[keys].astype(str)
        order = pd.MultiIndex.from_frame(parents[keys].astype(str))
        position = order.get_indexer(pd.MultiIndex.from_frame(joined))
        for what, a, b in pairs:
            left, hidden = _left_over(parents, children, position, a, b)
            bad = few(left) & (hidden > 0)
            found += [
                Found(
                    f"{cube.name}: {what}, {hidden[i]:.0f} hidden {below}s",
                    f"{above} {row['place_code']}",
                    row["period"],
                    left[i],
                )
                for i, row in zip(np.flatnonzero(bad), parents[bad].to_dict("records"), strict=True)
            ]
            if below == "province":
                told.setdefault((a, b), []).append(parents.assign(left=left, scheme=above)[[*keys, "scheme", "left"]])
    for (a, b), parts in told.items():
        found += _across_schemes(whole, pd.concat(parts, ignore_index=True), a, b)
    return found


def _left_over(
    parents: pd.DataFrame, children: pd.DataFrame, position: np.ndarray, a: str, b: str
) -> tuple[np.ndarray, np.ndarray]:
    """Of each parent its difference less those of its shown children, and how many children are hidden in either column."""
    gap = (children[a] - children[b]).to_numpy(float)
    inside = position >= 0
    shown = np.bincount(position[inside], np.nan_to_num(gap[inside]), len(parents))
    hidden = np.bincount(position[inside], np.isnan(gap[inside]), len(parents))
    return (parents[a] - parents[b]).to_numpy(float) - shown, hidden


def _across_schemes(cube: Cube, told: pd.DataFrame, a: str, b: str) -> list[Found]:
    """What the regions of all schemes tell together of the hidden provinces: their sums are solved as linear equations.

    Only cells in which some scheme left something over are worth it.
    """
    found = []
    provinces = cube.level("province")
    gap = (provinces[a] - provinces[b]).to_numpy(float)
    hidden = provinces[np.isnan(gap)]
    of_cell = dict(list(hidden.groupby([hidden[k].astype(str) for k in cube.keys])["province_code"]))
    for cell, part in told[told["left"].notna()].groupby([told[k].astype(str) for k in cube.keys]):
        unknown = list(of_cell.get(cell, ()))
        if len(unknown) < 2 or len(part) < 2:
            continue
        homes = cube.regions.reindex(unknown)
        matrix = np.array(
            [
                np.ones(len(unknown)) if scheme == NATION_LEVEL else (homes[scheme] == code).to_numpy(float)
                for scheme, code in zip(part["scheme"], part["place_code"], strict=True)
            ]
        )
        for row, value in _solved(matrix, part["left"].to_numpy(float)):
            if (row >= -1e-9).all() and row.any() and few(np.array([value])).all():
                names = " ".join(p for p, w in zip(unknown, row, strict=True) if w > 1e-9)
                found.append(Found(f"{cube.name}: {a} less {b}, regions together", names, str(cell), float(value)))
    return found


def between_senders(cube: Cube, sums: pd.DataFrame) -> list[Found]:
    """What the country's sums of senders of two years tell of the hidden ones that sent once, beside all that is shown.

    Args:
        sums: `data_access.summaries.matched_sums`, those of this cube.
    """
    found, finest = [], cube.level(cube.spec.levels[-1])
    for period in sorted({*sums["period"], *sums["before_period"]}):
        here = finest[(finest["period"] == period) & (finest[list(cube.spec.attributes)] == ALL).all(axis=1)]
        left: dict[tuple[str, str], tuple[float, pd.Series]] = {}
        for people in cube.spec.people:
            hidden = here[here[people].isna()].reset_index(drop=True)
            equations = [e for e in _shown_around(cube, hidden, people, period) if e[0].any()]
            told = []
            for row in sums.to_dict("records"):
                other = row["before_period"] if row["period"] == period else row["period"]
                if period in (row["period"], row["before_period"]) and people == cube.spec.attached.get(
                    row["measure"], row["measure"]
                ):
                    both = _sent(finest, cube.spec, row["measure"], other)
                    mask = hidden["place_code"].isin(both).to_numpy(float)
                    shown = here.loc[here["place_code"].isin(both)].set_index("place_code")[people]
                    value = row["now" if row["period"] == period else "before"] if row["measure"] == people else np.nan
                    told.append((mask, value - shown.sum()))
                    left[people, other] = (value, shown)
            if told and len(hidden):
                known = _in_the_span(cube, hidden, equations, people, period)  # a place that is all of one that is shown
                found += [f for f in _in_the_span(cube, hidden, [*equations, *told], people, period) if f not in known]
        for (a, when), (b, its) in combinations(left, 2):
            (one, shown), (other, seen) = left[a, when], left[b, its]
            gap = one - other - (shown - seen).sum()
            if when == its and few(np.array([gap]))[0] and (shown.isna() | seen.isna()).any():
                found.append(
                    Found(f"{cube.name}: {a} less {b}, hidden senders that sent in {when} too", "nation TH", period, gap)
                )
    return found


def _sent(finest: pd.DataFrame, spec: CubeSpec, measure: str, period: str) -> set[str]:
    """Who sent a measure in a period: it has a row, and did not leave the measure out."""
    rows = finest[(finest["period"] == period) & (finest[list(spec.attributes)] == ALL).all(axis=1)]
    return set(rows.loc[rows[spec.optional[measure]] != 0, "place_code"] if measure in spec.optional else rows["place_code"])


def _shown_around(cube: Cube, hidden: pd.DataFrame, people: str, period: str) -> Iterator[tuple[np.ndarray, float]]:
    """Of every shown place with hidden senders which they are, and what it leaves over for them."""
    finest, homes = cube.spec.levels[-1], cube.regions.reindex(hidden["province_code"])
    inside = {NATION_LEVEL: np.full(len(hidden), "TH"), **{s: homes[s].to_numpy() for s in REGION_SCHEMES}}
    inside |= {level: hidden[code].to_numpy() for level, code in zip(cube.spec.levels[:-1], cube.spec.path, strict=False)}
    rows = cube.rows[(cube.rows["period"] == period) & (cube.rows[list(cube.spec.attributes)] == ALL).all(axis=1)]
    known = rows[rows["place_level"] == finest]
    of_known = {
        NATION_LEVEL: pd.Series("TH", known.index),
        **{s: known["province_code"].map(cube.regions[s]) for s in REGION_SCHEMES},
    }
    of_known |= {level: known[code] for level, code in zip(cube.spec.levels[:-1], cube.spec.path, strict=False)}
    for level, home in inside.items():
        shown = known[people].groupby(of_known[level]).sum()
        for code, value in rows.loc[(rows["place_level"] == level) & rows[people].notna(), ["place_code", people]].to_numpy():
            yield (home == code).astype(float), value - shown.get(code, 0.0)


def _in_the_span(
    cube: Cube, hidden: pd.DataFrame, equations: list[tuple[np.ndarray, float]], people: str, period: str
) -> list[Found]:
    """Hidden places whose number follows from the equations, and solved sums of a few people."""
    if not equations:
        return []
    matrix = np.array([e[0] for e in equations])
    _u, size, rows = np.linalg.svd(matrix, full_matrices=False)
    span = rows[size > 1e-8 * size.max(initial=1)]
    found = []
    for level, code in zip(cube.spec.levels, cube.spec.path, strict=True):
        lost = cube.rows[(cube.rows["place_level"] == level) & (cube.rows["period"] == period)]
        lost = lost[(lost[list(cube.spec.attributes)] == ALL).all(axis=1) & lost[people].isna()]
        places = hidden[code].drop_duplicates()
        places = places[places.isin(lost["place_code"])].to_numpy()
        each = (hidden[code].to_numpy()[None, :] == places[:, None]).astype(float)
        apart = np.linalg.norm(each - each @ span.T @ span, axis=1) < 1e-6
        found += [Found(f"{cube.name}: {people} of a hidden place", f"{level} {p}", period, 0.0) for p in places[apart]]
    values = np.array([e[1] for e in equations])
    for row, value in _solved(matrix[~np.isnan(values)], values[~np.isnan(values)]):
        if (row >= -1e-9).all() and row.any() and few(np.array([value])).all():
            found.append(Found(f"{cube.name}: {people} of {(row > 1e-9).sum()} hidden senders", "nation TH", period, value))
    return found


def _solved(matrix: np.ndarray, values: np.ndarray) -> Iterator[tuple[np.ndarray, float]]:
    """The rows of the reduced echelon form of a system of equations."""
    system = np.column_stack([matrix, values])
    pivot = 0
    for column in range(matrix.shape[1]):
        if pivot >= len(system):
            break
        best = pivot + int(np.argmax(np.abs(system[pivot:, column])))
        if abs(system[best, column]) < 1e-9:
            continue
        system[[pivot, best]] = system[[best, pivot]]
        system[pivot] /= system[pivot, column]
        others = np.arange(len(system)) != pivot
        system[others] -= np.outer(system[others, column], system[pivot])
        pivot += 1
    return ((row[:-1], float(row[-1])) for row in system[:pivot])


def in_measures(found: list[Cube]) -> list[Found]:
    """Every two measures that contain one another, in all cubes."""
    return [f for cube in found for f in between_measures(cube)]


def in_years(found: list[Cube]) -> list[Found]:
    """Years and their semesters, in the cubes that have both."""
    return [f for cube in found if FAMILIES[cube.name].year_people for f in between_year_and_semester(cube)]


def in_periods(found: list[Cube]) -> list[Found]:
    """The periods of closed groups."""
    return [f for cube in found if cube.spec.followed for f in between_periods(cube)]


def in_tables(found: list[Cube]) -> list[Found]:
    """Tables that count the same people (`SAME_PEOPLE`)."""
    cubes_by_name = {c.name: c for c in found}
    return [
        f
        for same in SAME_PEOPLE
        if same.family in cubes_by_name and same.other in cubes_by_name
        for f in between_tables(cubes_by_name[same.family], same.measure, cubes_by_name[same.other], same.same, same.dated)
    ]


def in_senders(found: list[Cube]) -> list[Found]:
    """The sums of senders that sent in two years running."""
    with reader(require_release().id).connect() as connection:
        sums = read_frame(connection, sa.select(sa.text("*")).select_from(sa.table(matched_sums.TABLE)))
    sums = sums[sums["period"].isin(sorted(set(sums["period"]))[-3:])]
    return [f for cube in found for f in between_senders(cube, sums[sums["family"] == cube.name])]


ATTACKS = {"measures": in_measures, "years": in_years, "periods": in_periods, "tables": in_tables, "senders": in_senders}


def run() -> dict[str, list[Found]]:
    """All attacks on the cubes of the release at hand, by kind."""
    found = cubes()
    return {kind: attack(found) for kind, attack in ATTACKS.items()}
