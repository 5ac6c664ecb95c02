"""From rows to a protected cube: sums over the place tree and over splits, with disclosure control applied.

The cube is what pages read: one row a place × period × cell, with a column a measure; a hidden value is missing (never a
number), a true zero is 0. Nothing hidden is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations, product

import numpy as np
import pandas as pd

from data_access.summaries.design import Clusters, Rate, effects
from data_access.summaries.disclosure import Level, Rival, Split, protect

ALL, UNSPECIFIED = "all", "unspecified"
NATION, NATION_LEVEL = "TH", "nation"
REGION_SCHEMES = ("region4", "region6", "nesdc")


@dataclass(frozen=True)
class CubeSpec:
    """How one family of measures is summed and protected.

    Attributes:
        path: place columns from the province down, for example ("province_code", "district_code").
        levels: the names of those place levels, same length.
        people: measures that count people, in priority order; protected.
        attached: other measures -> the people measure that hides them (baht -> recipients), or None when not about people.
        attributes: characteristic -> its categories.
        deep: whether splits are published at every place level; else for the nation and the provinces only, since margins of small
            places would give each other's cells away.
        priced: money -> the characteristic that sets its rate. With known rates a sum over known heads gives the heads of each
            category away, so the money of a split is hidden wherever the heads of that split and the characteristic are not shown.
        optional: measures that a sender may leave out -> the measure that counts the atoms that give it, beside `reports`, so that
            what nobody sent is not collected and what some left out is incomplete, never nought.
        untold: counts of heads that only divide (how many had both dates of a stage): not protected of their own, so never told.
        crossed: the characteristics that the nation publishes together as well; all of them when None. One that few people have stays
            out: its small cells would hide the whole cross.
        unasked: characteristics that a sender may leave out, each with a category `unspecified`: where a unit stated none, its split is
            no row at all, so that what nobody asked is not collected and never nought.
        each: a column of the atoms that tells apart what must never be added up (pairs of registers); a cube is built for each.
        followed: people of one closed group that is counted again in every period, of whom none comes back once gone.
    """

    path: tuple[str, ...]
    levels: tuple[str, ...]
    people: tuple[str, ...]
    attached: Mapping[str, str | None] = field(default_factory=dict)
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    priced: Mapping[str, str] = field(default_factory=dict)
    deep: bool = False
    crossed: tuple[str, ...] | None = None
    unasked: tuple[str, ...] = ()
    each: str = ""
    optional: Mapping[str, str] = field(default_factory=dict)
    untold: tuple[str, ...] = ()
    followed: tuple[str, ...] = ()

    @property
    def cross(self) -> Split:
        """The characteristics that are published together, in the order of all."""
        return tuple(a for a in self.attributes if self.crossed is None or a in self.crossed)

    def splits(self, level: str) -> list[Split]:
        """The splits published at a place level: none, each characteristic alone, and for the nation the cross of those crossed."""
        attributes = tuple(self.attributes)
        if not self.deep and level not in (NATION_LEVEL, "province", *REGION_SCHEMES):
            return [()]
        cross = [self.cross] if level == NATION_LEVEL and len(self.cross) > 1 else []
        return [(), *((a,) for a in attributes), *cross]

    def guards(self, measure: str, split: Split) -> list[tuple[str, Split]]:
        """The (people measure, split) pairs that all have to be shown for a measure of a split to be; none when not about people."""
        guard = self.attached.get(measure, measure)
        if guard is None:
            return []
        if measure not in self.priced or self.priced[measure] in split:
            return [(guard, split)]
        return [(guard, split), (guard, tuple(a for a in self.attributes if a in (*split, self.priced[measure])))]


def is_hidden(
    hidden: Mapping[str, Mapping[Split, np.ndarray]], guards: list[tuple[str, Split]], shape: tuple[int, ...]
) -> np.ndarray:
    """Where any guard is hidden, or is not published at all; an array of `shape`, that of the arrays in `hidden`."""
    out = np.zeros(shape, dtype=bool)
    for measure, split in guards:
        wider = [s for s in hidden[measure] if set(split) <= set(s)]
        out |= hidden[measure][min(wider, key=len)] if wider else True
    return out


def build_cube(
    atoms: pd.DataFrame, spec: CubeSpec, regions: pd.DataFrame, rates: Mapping[str, Rate] | None = None
) -> pd.DataFrame:
    """The protected cube of a family without years: `CubeInMaking` made, protected and written down."""
    made = CubeInMaking(atoms, spec, regions, rates=rates)
    made.protect()
    return made.rows()


class CubeInMaking:
    """The sums of a family at every place level, on the way to a protected cube."""

    def __init__(
        self,
        atoms: pd.DataFrame,
        spec: CubeSpec,
        regions: pd.DataFrame,
        year_atoms: pd.DataFrame | None = None,
        year_people: tuple[str, ...] = (),
        rates: Mapping[str, Rate] | None = None,
    ) -> None:
        """Add up.

        Args:
            atoms: one row a finest place × period × characteristics, columns = path, "period", attributes, measures.
            regions: indexed by province code, one column a region scheme, in the order in which schemes are preferred.
            year_atoms: the same for academic years (distinct people); its periods contain the semesters of `atoms`.
            year_people: the people measures that exist for years.
            rates: columns to add with the design effects of rates (`data_access.summaries.design`).
        """
        self.rates = rates or {}
        self.spec = replace(spec, attributes={a: _categories(v, atoms, a, year_atoms) for a, v in spec.attributes.items()})
        self.regions = regions
        self.levels = _levels(atoms, self.spec, regions, spec.people)
        there = year_atoms is not None and len(year_atoms) > 0
        self.year_levels = _levels(year_atoms, self.spec, regions, year_people) if year_atoms is not None and there else []
        self.year_people = year_people

    def protect(self) -> None:
        """Decide what is hidden: in the semesters, then in the years, which must not give semesters away."""
        protect([lv.protected for lv in self.levels], self.spec.people, self.spec.followed)
        if self.year_levels:
            for semesters, years in zip(self.levels, self.year_levels, strict=True):
                _hold_against_semesters(semesters, years, self.year_people)
            protect([lv.protected for lv in self.year_levels], self.year_people)

    def rows(self) -> pd.DataFrame:
        """The protected cube: place_level, place_code, the path, period, attributes (`all` if not split), measures, design effects."""
        for levels in (self.levels, self.year_levels):
            if levels:
                _add_designs(levels, self.spec, self.rates)
        frames = [rows for lv in (*self.levels, *self.year_levels) for rows in _rows(lv, self.spec, self.regions)]
        spec = self.spec
        columns = [*spec.path, "place_level", "place_code", "period", *spec.attributes, *spec.people, *spec.attached, *self.rates]
        return pd.concat(frames, ignore_index=True).reindex(columns=columns)


def guard_together(one: CubeInMaking, measure: str, other: CubeInMaking, same: str, dated: bool = True) -> None:
    """Protect two cubes of which `measure` and `same` count the same people by definition: what one hides the other does not tell.

    Totals of places and periods that both have are hidden in both or in neither, and where they differ by a few people the other
    cube's is hidden. Each pass may hide more in either, so it is repeated until nothing changes. Where they are not dated alike (a
    roster, and the periods of which it is the base), a place that is hidden in any period of one is hidden in the other.
    """
    one.protect()
    while True:
        for mine, its in _shared_levels(one, other):
            if dated:
                its.protected.rivals[same] = [_seen_from(its, mine, measure)]
            _force_hidden(its, mine, measure, same, dated)
        other.protect()
        news = [_force_hidden(mine, its, same, measure, dated) for mine, its in _shared_levels(one, other)]
        if not any(news):
            return
        one.protect()


def _shared_levels(one: CubeInMaking, other: CubeInMaking) -> list[tuple[_CubeLevel, _CubeLevel]]:
    names = {lv.name: lv for lv in other.levels}
    return [(lv, names[lv.name]) for lv in one.levels if lv.name in names]


def _seen_from(level: _CubeLevel, source: _CubeLevel, measure: str, period: Callable[[str], str] = str) -> Rival:
    """A measure of another level of places as a rival in this one's: aligned by place, and by period after `period` maps it.

    Where the source has no row there is nobody, which is known.
    """
    place = [c for c in level.units if c != "period"]
    mine = level.units.assign(period=level.units["period"].map(period))
    found = mine.merge(source.units.assign(row=np.arange(len(source.units))), on=[*place, "period"], how="left")["row"]
    there, row = found.notna().to_numpy(), found.fillna(0).to_numpy(int)
    splits = [s for s in level.splits if s in source.protected.counts[measure]]
    counts = {s: np.where(there[:, None], source.sums[measure][s][row], 0.0) for s in splits}
    hidden = {s: there & source.protected.hidden[measure][s][row] for s in splits}
    names = {p: n for n, p in enumerate(source.periods)}
    periods = [names.get(period(p), -1) for p in level.periods]
    schemes = {s: _rows_or(v, periods) for s, v in source.protected.scheme_hidden[measure].items() if s in splits}
    return Rival(counts, hidden, schemes)


def _rows_or(values: np.ndarray, rows: list[int]) -> np.ndarray:
    """Rows of an array of truths by position; a position of -1 gives a row of False."""
    found = np.asarray(rows, dtype=int)
    return values[found] & (found >= 0)[:, None]


def _force_hidden(level: _CubeLevel, source: _CubeLevel, measure: str, same: str, dated: bool) -> bool:
    """Hide totals of `same` in a level wherever those of `measure` are hidden in the source; whether that is news."""
    hidden, schemes = source.protected.hidden[measure][()], source.protected.scheme_hidden[measure].get(())
    if dated:
        seen = _seen_from(level, source, measure)
        units, regions = seen.hidden[()], seen.scheme_hidden.get(())
    else:
        place = [c for c in level.units if c != "period"]
        gone = pd.MultiIndex.from_frame(source.units.loc[hidden].assign(all=ALL)[["all", *place]])
        units = pd.MultiIndex.from_frame(level.units.assign(all=ALL)[["all", *place]]).isin(gone)
        regions = None if schemes is None else np.tile(schemes.any(axis=0), (len(level.periods), 1))
    news = _add_forced(level.protected.forced, same, units)
    return (regions is not None and _add_forced(level.protected.scheme_forced, same, regions)) or news


def _add_forced(forced: dict[str, dict[Split, np.ndarray]], measure: str, new: np.ndarray) -> bool:
    before = forced.setdefault(measure, {}).get((), np.zeros_like(new))
    forced[measure][()] = before | new
    return bool((new & ~before).any())


def _categories(known: tuple[str, ...], atoms: pd.DataFrame, attribute: str, years: pd.DataFrame | None) -> tuple[str, ...]:
    """The known categories, and after them any other that the rows hold: a row outside every category would be lost."""
    found = {*atoms[attribute].unique(), *(years[attribute].unique() if years is not None else ())}
    return (*known, *sorted(found - set(known)))


@dataclass
class _CubeLevel:
    name: str
    units: pd.DataFrame
    splits: list[Split]
    sums: dict[str, dict[Split, np.ndarray]]
    protected: Level
    periods: list[str]
    fine: Callable[[str, Split], np.ndarray]  # sums of any split over the finest places of all
    rates: dict[str, Rate] = field(default_factory=dict)
    clusters: dict[str, dict[Split, Clusters]] = field(default_factory=dict)


def _add_designs(levels: list[_CubeLevel], spec: CubeSpec, rates: Mapping[str, Rate]) -> None:
    """The clusters of each level's units, the finest places, for the rates whose measures there are; summed from below.

    Crossings are the nation's alone: their clusters are summed over the country at once.
    """
    finest, nation = levels[-1], levels[0]
    crossings = [spec.cross, *(combinations(spec.cross, 2) if len(spec.cross) > 2 else ())] if len(spec.cross) > 1 else []
    for name, rate in rates.items():
        if not set(rate.parts) <= set(finest.sums):
            continue
        for split in (*finest.sums[rate.below], *crossings):
            sums = {m: finest.fine(m, split) if split in crossings else finest.sums[m][split] for m in rate.parts}
            guards = [g for m in rate.parts for g in spec.guards(m, split)]
            hidden = is_hidden(finest.protected.hidden, guards, (len(finest.units),))
            own = Clusters.of(rate.above(sums), sums[rate.below], hidden[:, None])
            if split in crossings:
                add_up = partial(_add_up, parent=finest.protected.period, n_parents=len(nation.units))
                nation.clusters.setdefault(name, {})[split] = own.added(add_up)
                continue
            for level, above in zip(reversed(levels), [*reversed(levels[:-1]), None], strict=True):
                level.rates[name] = rate
                level.clusters.setdefault(name, {})[split] = own
                if above is not None:
                    own = own.added(partial(_add_up, parent=level.protected.parent, n_parents=len(above.units)))


def _levels(atoms: pd.DataFrame, spec: CubeSpec, regions: pd.DataFrame, people: tuple[str, ...]) -> list[_CubeLevel]:
    """The place levels, nation first, with the sums of `people` and of what hangs on them; summed from the finest level up."""
    codes = {a: pd.Categorical(atoms[a], categories=v).codes.astype(np.int64) for a, v in spec.attributes.items()}
    measures = [*people, *(m for m, guard in spec.attached.items() if guard is None or guard in people)]
    splits = spec.splits("province")
    unit_of_row, units = _units(atoms, [*spec.path, "period"])
    sums = {m: {s: _sums(atoms, m, s, codes, unit_of_row, len(units), spec) for s in splits} for m in measures}
    fine = partial(_sums, atoms, codes=codes, unit=unit_of_row, n_units=len(units), spec=spec)
    out: list[_CubeLevel] = []
    for depth in range(len(spec.path), -1, -1):
        name = spec.levels[depth - 1] if depth else NATION_LEVEL
        parent, above = _units(units, [*spec.path[: depth - 1], "period"]) if depth else (np.zeros(len(units), dtype=int), units)
        if not depth:
            unit_of_row, _ = _units(atoms, ["period"])
            for m in measures:
                own = {s: _sums(atoms, m, s, codes, unit_of_row, len(units), spec) for s in spec.splits(name) if s not in sums[m]}
                sums[m] = {**sums[m], **own}
        splits = spec.splits(name)
        published = {m: {s: sums[m][s] for s in splits} for m in people}
        period, periods = pd.factorize(units["period"], sort=True)
        place = (
            units.groupby([c for c in units if c != "period"]).ngroup().to_numpy() if depth else np.zeros(len(units), dtype=int)
        )
        protected = Level(name, published, parent, period, place=place)
        if name == "province":
            of_unit = regions.reindex(units["province_code"])
            protected.groups = np.column_stack([pd.factorize(of_unit[c], sort=True)[0] for c in regions.columns])
        out.insert(0, _CubeLevel(name, units, splits, sums, protected, list(periods), fine))
        sums = {m: {s: _add_up(values, parent, len(above)) for s, values in sums[m].items()} for m in measures}
        units = above
    return out


def _units(frame: pd.DataFrame, keys: list[str]) -> tuple[np.ndarray, pd.DataFrame]:
    """For each row the position of its combination of keys, and the combinations in order."""
    grouped = frame.groupby(keys, sort=True, observed=True)
    return grouped.ngroup().to_numpy(), grouped.size().index.to_frame(index=False)


def _cells(spec: CubeSpec, split: Split) -> list[tuple[str, ...]]:
    return list(product(*(spec.attributes[a] for a in split)))


def _sums(
    atoms: pd.DataFrame, measure: str, split: Split, codes: dict[str, np.ndarray], unit: np.ndarray, n_units: int, spec: CubeSpec
) -> np.ndarray:
    """Sums of a measure, an array (units, cells); `codes` are the positions of each row's categories."""
    cell = np.zeros(len(atoms), dtype=np.int64)
    for a in split:
        cell = cell * len(spec.attributes[a]) + codes[a]
    n_cells = len(_cells(spec, split))
    values = np.bincount(unit * n_cells + cell, atoms[measure].to_numpy(float), n_units * n_cells)
    return values.reshape(n_units, n_cells)


def _add_up(values: np.ndarray, parent: np.ndarray, n_parents: int) -> np.ndarray:
    """Sums of the rows of an array (units, cells) over their parents."""
    n_cells = values.shape[1]
    index = parent[:, None] * n_cells + np.arange(n_cells)
    return np.bincount(index.ravel(), values.ravel(), n_parents * n_cells).reshape(n_parents, n_cells)


def _hold_against_semesters(semesters: _CubeLevel, years: _CubeLevel, people: tuple[str, ...]) -> None:
    """Hide a year where a semester of it is hidden, and make each of its semesters a rival of the year."""
    for measure in people:
        halves = [_seen_from(years, semesters, measure, half) for half in (_first_semester, _second_semester)]
        years.protected.rivals[measure] = halves
        years.protected.forced[measure] = {s: halves[0].hidden[s] | halves[1].hidden[s] for s in years.splits}


def _first_semester(year: str) -> str:
    return f"{year[2:]}-1"


def _second_semester(year: str) -> str:
    return f"{year[2:]}-2"


def _rows(level: _CubeLevel, spec: CubeSpec, regions: pd.DataFrame) -> list[pd.DataFrame]:
    frames = []
    for split in level.splits:
        frames.append(_split_rows(level, spec, split, split))
        if level.name == "province":
            frames += [_region_rows(level, spec, split, regions, i) for i in range(len(regions.columns))]
    cross = spec.cross
    if cross in level.splits and len(cross) > 2:
        frames += [_split_rows(level, spec, pair, cross) for pair in combinations(cross, 2)]
    return frames


def _marginal(spec: CubeSpec, values: np.ndarray, split: Split, hidden_by: Split) -> np.ndarray:
    """Sum an array over the characteristics of `hidden_by` that are not in `split`."""
    shape = [len(spec.attributes[a]) for a in hidden_by]
    summed = tuple(i + 1 for i, a in enumerate(hidden_by) if a not in split)
    return values.reshape(len(values), *shape).sum(axis=summed).reshape(len(values), -1)


def _split_rows(level: _CubeLevel, spec: CubeSpec, split: Split, hidden_by: Split) -> pd.DataFrame:
    values = {}
    for measure, sums in level.sums.items():
        numbers = _marginal(spec, sums[hidden_by], split, hidden_by)
        hidden = is_hidden(level.protected.hidden, spec.guards(measure, hidden_by), (len(level.units),))
        values[measure] = np.where(hidden[:, None], np.nan, numbers)
    for name, rate in level.rates.items():
        guards = [g for m in rate.parts for g in spec.guards(m, hidden_by)]
        hidden = is_hidden(level.protected.hidden, guards, (len(level.units),))
        parts = {m: _marginal(spec, level.sums[m][hidden_by], split, hidden_by) for m in rate.parts}
        numbers = effects(rate, parts, level.clusters[name][split], level.protected.period)
        values[name] = np.where(hidden[:, None], np.nan, numbers)
    place = level.units.drop(columns="period")
    code = place.iloc[:, -1].to_numpy() if place.shape[1] else np.full(len(level.units), NATION)
    keys = place.assign(place_level=level.name, place_code=code, period=level.units["period"])
    return _melt(keys, spec, split, values, _stated(level, spec, split, hidden_by))


def _region_rows(level: _CubeLevel, spec: CubeSpec, split: Split, regions: pd.DataFrame, scheme: int) -> pd.DataFrame:
    units = level.units.assign(region=regions.iloc[:, scheme].reindex(level.units["province_code"]).to_numpy())
    group, keys = _units(units, ["region", "period"])
    period_of_key = np.zeros(len(keys), dtype=int)
    period_of_key[group] = level.protected.period
    values = {}
    for measure, sums in level.sums.items():
        numbers = _add_up(sums[split], group, len(keys))
        shape = (period_of_key.max() + 1, len(regions.columns))
        hidden = is_hidden(level.protected.scheme_hidden, spec.guards(measure, split), shape)
        values[measure] = np.where(hidden[period_of_key, scheme][:, None], np.nan, numbers)
    for name, rate in level.rates.items():
        guards = [g for m in rate.parts for g in spec.guards(m, split)]
        hidden = is_hidden(level.protected.scheme_hidden, guards, (period_of_key.max() + 1, len(regions.columns)))
        parts = {m: _add_up(level.sums[m][split], group, len(keys)) for m in rate.parts}
        own = level.clusters[name][split].added(partial(_add_up, parent=group, n_parents=len(keys)))
        numbers = effects(rate, parts, own, period_of_key)
        values[name] = np.where(hidden[period_of_key, scheme][:, None], np.nan, numbers)
    frame = keys.rename(columns={"region": "place_code"}).assign(place_level=regions.columns[scheme])
    stated = np.bincount(group, _stated(level, spec, split, split), len(keys)) > 0
    return _melt(frame, spec, split, values, stated)


def _stated(level: _CubeLevel, spec: CubeSpec, split: Split, hidden_by: Split) -> np.ndarray:
    """The units that have anybody in a category of every characteristic that may be left out (`CubeSpec.unasked`)."""
    stated = np.ones(len(level.units), dtype=bool)
    for attribute in (a for a in split if a in spec.unasked):
        told = np.array([category != UNSPECIFIED for category in spec.attributes[attribute]])
        people = [_marginal(spec, level.sums[m][hidden_by], (attribute,), hidden_by) for m in spec.people if m in level.sums]
        stated &= sum(counts[:, told].sum(axis=1) for counts in people) > 0
    return stated


def _melt(keys: pd.DataFrame, spec: CubeSpec, split: Split, values: dict[str, np.ndarray], stated: np.ndarray) -> pd.DataFrame:
    keys, values = keys[stated], {m: v[stated] for m, v in values.items()}
    cells = _cells(spec, split)
    out = keys.loc[keys.index.repeat(len(cells))].reset_index(drop=True)
    for attribute, categories in spec.attributes.items():
        labels = [cell[split.index(attribute)] if attribute in split else ALL for cell in cells]
        out[attribute] = pd.Categorical(labels * len(keys), categories=[ALL, *categories])
    return out.assign(**{m: v.reshape(-1) for m, v in values.items()})
