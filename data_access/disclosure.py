"""Disclosure control: which cells may be shown. One rule, computed once per release, the same everywhere.

The house rule (`docs/disclosure-control.md`; configured by `SAMOEPHAK_DISCLOSURE_THRESHOLD`, default 10):

1. *Primary*: a count of people from 1 to threshold-1 is hidden. A true zero is shown.
2. *Differencing across measures*: two shown counts of one cell never differ by 1 to threshold-1 people (recipients and
   eligible pupils would otherwise give the few who were missed). The measure that comes first in priority is kept.
3. *Splits drop whole, one at a time*: a characteristic (sex, level, tier) is shown for a province or region only when none of its
   categories is hidden there, so no margin can give a hidden category back; below the province it is not shown at all. Characteristics
   are not crossed below the nation: places with single characteristics form a star, a decomposable model, whose sharp (Fréchet) bounds
   never pin a cell that is neither zero nor >= threshold. The nation's cross of all characteristics is shown where every cell is at
   least ten times the threshold. Noughts that a wider measure shows can still pin a hidden cell between its margins; further provinces
   are hidden until none is (`pinned_groups`). School results, counts of sittings, keep their splits at every level.
4. *Complementary*: under one shown parent the hidden children hold together so many people that none can be worked out:
   (sum of hidden) - (number hidden - 1) >= threshold, and at least two are hidden; the next smallest is hidden until so.
5. *Drill-down*: what is hidden for a place is hidden for everything below it.
6. *Overlapping region schemes* are shown only where every hidden province stays safe in each intersection of the schemes.

7. *Money* is hidden with the heads that it was paid for, and wherever those heads are hidden by the characteristic that sets the
   rate (the level), alone or crossed with the split: with known rates, a sum over known heads gives each level's heads away.

Everything that is not in the published lattice (any selection of places, pilot sets) is added up from shown cells only, so
it cannot tell more than they do. Sources for the practice: OpenSAFELY output checking; NCES 2011-603; Wisconsin DPI.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from data_access.settings import settings

Split = tuple[str, ...]
CROSS_MARGIN = 10


@dataclass
class Level:
    """Counts of one place level.

    Attributes:
        name: place level.
        counts: measure -> split -> array (units, cells); units are place × period pairs.
        parent: index of each unit's parent unit in the level above (empty at the top).
        period: index of each unit's period.
        groups: for units with region schemes, array (units, schemes) of region indices; else None.
        forced: measure -> split -> bool array (units,) that the caller wants hidden from the start.
        hidden: measure -> split -> bool array (units,), filled by `protect`.
        scheme_hidden: measure -> split -> bool array (periods, schemes): region schemes not shown.
    """

    name: str
    counts: dict[str, dict[Split, np.ndarray]]
    parent: np.ndarray
    period: np.ndarray
    groups: np.ndarray | None = None
    forced: dict[str, dict[Split, np.ndarray]] = field(default_factory=dict)
    hidden: dict[str, dict[Split, np.ndarray]] = field(default_factory=dict)
    scheme_hidden: dict[str, dict[Split, np.ndarray]] = field(default_factory=dict)


def small(counts: np.ndarray, threshold: int) -> np.ndarray:
    """Which counts are from 1 to threshold-1."""
    return (counts > 0) & (counts < threshold)


def coarser(split: Split, splits: Sequence[Split]) -> list[Split]:
    """The proper sub-splits of a split."""
    return [other for other in splits if other != split and set(other) < set(split)]


def complement(counts: np.ndarray, hidden: np.ndarray, group: np.ndarray, threshold: int) -> np.ndarray:
    """Hide the next smallest siblings until no hidden one can be worked out from their shown parent.

    Args:
        counts: (units, cells) people.
        hidden: (units,) hidden so far.
        group: (units,) id of the parent whose total is shown; -1 for units without one.
    Returns:
        (units,) hidden, a superset of the input.
    """
    total = counts.sum(axis=1)
    concerned = (group >= 0) & (total > 0)
    touched = np.isin(group, np.unique(group[concerned & hidden])) & concerned
    rows = np.flatnonzero(touched)
    if rows.size == 0:
        return hidden
    order = rows[np.lexsort((total[rows], ~hidden[rows], group[rows]))]
    needed = _needed(counts[order], hidden[order], group[order], threshold)
    out = hidden.copy()
    out[order] |= needed
    return out


def _needed(counts: np.ndarray, hidden: np.ndarray, group: np.ndarray, threshold: int) -> np.ndarray:
    """For rows sorted by group, hidden first, then size: whether a row has to be hidden as well."""
    start = np.r_[True, group[1:] != group[:-1]]
    first = np.flatnonzero(start)[np.cumsum(start) - 1]
    before_sum = _exclusive_within(counts, first)
    before_k = _exclusive_within((counts > 0).astype(float), first)
    before_n = np.arange(len(group)) - first
    safe_cell = (before_sum == 0) | (before_sum - np.maximum(before_k - 1, 0) >= threshold)
    safe = safe_cell.all(axis=1) & (before_n != 1)
    return hidden | ~safe


def _exclusive_within(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Running sums before each row, restarting at each group."""
    running = np.cumsum(values, axis=0) - values
    return running - running[first]


def unsafe_groups(counts: np.ndarray, hidden: np.ndarray, group: np.ndarray, threshold: int) -> np.ndarray:
    """Ids of groups in which a hidden unit could still be worked out though all that can be hidden is."""
    concerned = hidden & (counts.sum(axis=1) > 0)
    size = int(group.max(initial=-1)) + 1
    sums = np.stack([np.bincount(group[concerned], counts[concerned, c], size) for c in range(counts.shape[1])], axis=1)
    ks = np.stack([np.bincount(group[concerned], counts[concerned, c] > 0, size) for c in range(counts.shape[1])], axis=1)
    n = np.bincount(group[concerned], minlength=size)
    bad_cell = (sums > 0) & (sums - np.maximum(ks - 1, 0) < threshold)
    return np.flatnonzero((n > 0) & (bad_cell.any(axis=1) | (n == 1)))


GROUND = -1  # stands for every total that is not shown


def pinned_groups(counts: np.ndarray, hidden: np.ndarray, free: np.ndarray, group: np.ndarray, threshold: int) -> np.ndarray:
    """Ids of groups in which the margins of a split give a small hidden cell away.

    Hidden cells are the edges of a graph between units and categories; a nought is taken as known, since a wider measure may show it.
    With all margins known a cell is determined exactly when its edge is a bridge: on no cycle, nothing can be moved around it.

    Args:
        counts: (units, cells) people of a split.
        hidden: (units,) whose split is hidden; free: (units,) whose own total is not shown either.
        group: (units,) id of the group whose category totals are shown; -1 for units without one.
    """
    rows = np.flatnonzero(hidden & (group >= 0) & (counts.sum(axis=1) > 0))
    suspects = np.unique(group[rows[small(counts[rows], threshold).any(axis=1)]])
    found = []
    for name in suspects:
        units = rows[group[rows] == name]
        if _all_on_cycles(counts[units] > 0, free[units]):
            continue
        row, category = np.nonzero(counts[units])
        ends = np.where(free[units], GROUND, units + counts.shape[1])[row]
        sizes = counts[units][row, category]
        if any(sizes[e] < threshold for e in bridges(list(zip(ends.tolist(), category.tolist(), strict=True)))):
            found.append(name)
    return np.array(found, dtype=int)


def _all_on_cycles(there: np.ndarray, free: np.ndarray) -> bool:
    """Whether no edge can be a bridge, seen without a search.

    Two units with every category close a cycle over any two categories, so every unit with two categories lies on one; edges of free
    units meet in one node, and two of them close a cycle in the same way.

    Args:
        there: (units, cells) which edges there are; free: (units,) whose own total is not shown.
    """
    full = there[:, there.any(axis=0)].all(axis=1) & ~free
    loose = there[free].sum()
    return bool(full.sum() >= 2 and (there[~free].sum(axis=1) >= 2).all() and loose != 1)


def bridges(edges: list[tuple[int, int]]) -> list[int]:
    """Positions of the edges that are on no cycle. Source: Tarjan (1974), Information Processing Letters 2, 160-161."""
    near: dict[int, list[tuple[int, int]]] = {}
    for e, (a, b) in enumerate(edges):
        near.setdefault(a, []).append((b, e))
        near.setdefault(b, []).append((a, e))
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    out = []
    for root in near:
        if root in order:
            continue
        order[root] = low[root] = len(order)
        stack = [(root, -1, iter(near[root]))]
        while stack:
            node, came_by, rest = stack[-1]
            for other, e in rest:
                if other not in order:
                    order[other] = low[other] = len(order)
                    stack.append((other, e, iter(near[other])))
                    break
                if e != came_by:
                    low[node] = min(low[node], order[other])
            else:
                stack.pop()
                if stack:
                    before = stack[-1][0]
                    low[before] = min(low[before], low[node])
                    if low[node] > order[before]:
                        out.append(came_by)
    return out


def unpin(counts: np.ndarray, hidden: np.ndarray, free: np.ndarray, group: np.ndarray, threshold: int) -> np.ndarray:
    """Hide the next smallest units until the margins of no group give a small cell away, or all of the group is hidden."""
    out = hidden.copy()
    total = counts.sum(axis=1)
    for name in pinned_groups(counts, out, free, group, threshold):
        mine = group == name
        while pinned_groups(counts[mine], out[mine], free[mine], group[mine], threshold).size:
            shown = np.flatnonzero(mine & ~out & (total > 0))
            if not shown.size:
                break
            out[shown[np.argmin(total[shown])]] = True
    return out


def protect(levels: list[Level], measures: Sequence[str]) -> None:
    """Decide, in place, what is hidden in each level (top level first).

    Args:
        levels: from the nation down; each level's units point to their parents in the level above.
        measures: in order of priority: of two that would disclose by difference the earlier stays.
    """
    threshold = settings().disclosure_threshold
    for depth, level in enumerate(levels):
        above = levels[depth - 1] if depth else None
        for position, measure in enumerate(measures):
            level.hidden[measure], level.scheme_hidden[measure] = {}, {}
            for split in sorted(level.counts[measure], key=len):
                hidden = _primary(level, measure, split, measures[:position], threshold)
                level.hidden[measure][split] = _complementary(level, above, measure, split, hidden, threshold)


def _primary(level: Level, measure: str, split: Split, earlier: Sequence[str], threshold: int) -> np.ndarray:
    counts = level.counts[measure][split]
    hidden = small(counts, threshold).any(axis=1)
    if len(split) > 1:
        hidden = _thin_cross(level.counts[measure], split, CROSS_MARGIN * threshold)
    if measure in level.forced:
        hidden |= level.forced[measure][split]
    for gap, shown in _gaps(level, measure, split, earlier):
        hidden |= small(gap, threshold).any(axis=1) & shown
    for sub in coarser(split, list(level.counts[measure])):
        hidden |= level.hidden[measure][sub]
    return hidden & (counts.sum(axis=1) > 0)


def _thin_cross(counts: dict[Split, np.ndarray], split: Split, least: int) -> np.ndarray:
    """Units in which a cell of a cross is below `least`, unless it is empty because a whole category is."""
    possible = np.ones((len(counts[split]), 1), dtype=bool)
    for characteristic in split:
        category = counts[(characteristic,)] > 0
        possible = (possible[:, :, None] & category[:, None, :]).reshape(len(possible), -1)
    return np.any(possible & (counts[split] < least), axis=1)


def _gaps(level: Level, measure: str, split: Split, earlier: Sequence[str]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Absolute differences from the earlier measures, and where those are shown."""
    counts = level.counts[measure][split]
    return [
        (np.abs(counts - level.counts[other][split]), ~level.hidden[other][split])
        for other in earlier
        if split in level.counts[other]
    ]


def _complementary(
    level: Level, above: Level | None, measure: str, split: Split, hidden: np.ndarray, threshold: int
) -> np.ndarray:
    if above is None:
        return hidden
    counts = level.counts[measure][split]
    parents_hidden = above.hidden[measure][split if split in above.hidden[measure] else ()][level.parent]
    hidden = hidden | (parents_hidden & (counts.sum(axis=1) > 0))
    if level.groups is not None:
        return _with_schemes(level, above, measure, split, hidden, threshold)
    return complement(counts, hidden, np.where(parents_hidden, -1, level.parent), threshold)


def _hide_split(level: Level, measure: str, split: Split, units: np.ndarray) -> None:
    """Hide a split of some units after all, and every split that contains it."""
    for other in level.hidden[measure]:
        if set(split) <= set(other):
            level.hidden[measure][other][units] = True


def _with_schemes(level: Level, above: Level, measure: str, split: Split, hidden: np.ndarray, threshold: int) -> np.ndarray:
    """Choose, period by period, the most region schemes that can be shown without giving a hidden province away."""
    counts, groups = level.counts[measure][split], level.groups
    assert groups is not None
    periods = int(level.period.max(initial=0)) + 1
    chosen, pending = hidden.copy(), np.ones(periods, dtype=bool)
    free = level.hidden[measure][()] if split else hidden
    scheme_hidden = np.ones((periods, groups.shape[1]), dtype=bool)
    gaps = [counts] + [np.abs(counts - level.counts[m][split]) for m in level.hidden if m != measure and split in level.counts[m]]
    limit = np.full(periods, groups.shape[1])
    for sub in coarser(split, list(level.counts[measure])):
        limit = np.minimum(limit, (~level.scheme_hidden[measure][sub]).sum(axis=1))
    for shown in range(groups.shape[1], -1, -1):
        usable = (limit >= shown) & _schemes_clean(gaps, level.period, groups[:, :shown], periods, threshold)
        atoms = _atom_ids(level.period, groups[:, :shown])
        trial = complement(counts, hidden, atoms, threshold)
        bad: np.ndarray = unsafe_groups(counts, trial, atoms, threshold) if shown else np.empty(0, dtype=int)
        if split:
            trial = unpin(counts, trial, free, atoms, threshold)
            bad = np.union1d(bad, pinned_groups(counts, trial, free, atoms, threshold))
        unsafe = np.zeros(periods, dtype=bool)
        unsafe[level.period[np.isin(atoms, bad)]] = True
        unsafe &= pending
        if not shown and unsafe.any():  # nothing below is left to hide: the nation's own split goes
            _hide_split(above, measure, split, np.unique(level.parent[unsafe[level.period]]))
        accept = pending & usable & (~unsafe | (shown == 0))
        chosen[accept[level.period]] = trial[accept[level.period]]
        scheme_hidden[accept, :shown] = False
        pending &= ~accept
    level.scheme_hidden[measure][split] = scheme_hidden
    return chosen


def _schemes_clean(
    people: Sequence[np.ndarray], period: np.ndarray, groups: np.ndarray, periods: int, threshold: int
) -> np.ndarray:
    """Periods in which no region of the given schemes has a small count, or a small difference between measures."""
    clean = np.ones(periods, dtype=bool)
    for scheme in range(groups.shape[1]):
        names, inverse = np.unique(period * 1000 + groups[:, scheme], return_inverse=True)
        for counts in people:
            sums = np.zeros((len(names), counts.shape[1]))
            np.add.at(sums, inverse.reshape(-1), counts)
            clean[(names[small(sums, threshold).any(axis=1)] // 1000).astype(int)] = False
    return clean


def _atom_ids(period: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Ids of the intersections of all given region schemes, within each period."""
    stacked = np.column_stack([period, groups])
    return np.unique(stacked, axis=0, return_inverse=True)[1].reshape(-1)
