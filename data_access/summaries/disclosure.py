"""Disclosure control: which cells may be shown. One rule, computed once per release, the same everywhere.

The house rule (`docs/disclosure-control.md`; configured by `SAMOEPHAK_DISCLOSURE_THRESHOLD`, default 10):

1. *Primary*: a count of people from 1 to threshold-1 is hidden. A true zero is shown.
2. *Differences*: two shown counts of one cell never differ by 1 to threshold-1 people (recipients and eligible pupils would
   otherwise give the few who were missed). The measure that comes first in priority is kept. The same holds for a year and each of
   its semesters, for one closed group followed over periods, and for one count of two tables (`Rival`), in places and regions alike.
3. *Splits drop whole, one at a time*: a characteristic (sex, level, tier) is shown for a province or region only when none of its
   categories is hidden there, so no margin can give a hidden category back; below the province it is not shown at all. Characteristics
   are not crossed below the nation: places with single characteristics form a star, a decomposable model, whose sharp (Fréchet) bounds
   never pin a cell that is neither zero nor >= threshold. The nation's cross of all characteristics is shown where every cell is at
   least ten times the threshold. Noughts that a wider measure shows can still pin a hidden cell between its margins; further provinces
   are hidden until none is (`pinned_groups`). School results, counts of sittings, keep their splits at every level.
4. *Complementary*: under one shown parent the hidden children hold together so many people that none can be worked out:
   (sum of hidden) - (number hidden - 1) >= threshold, and at least two are hidden; the next smallest is hidden until so. Where two
   counts differ, what is known of all places but the hidden ones tells the sum of their differences: it obeys the same rule.
5. *Drill-down*: what is hidden for a place is hidden for everything below it.
6. *Overlapping region schemes* are shown only where every hidden province stays safe in each intersection of the schemes.

7. *Money* is hidden with the heads that it was paid for, and wherever those heads are hidden by the characteristic that sets the
   rate (the level), alone or crossed with the split: with known rates, a sum over known heads gives each level's heads away.

Everything that is not in the published lattice (any selection of places, pilot sets) is added up from shown cells only, so
it cannot tell more than they do. Sources for the practice: OpenSAFELY output checking; NCES 2011-603; Wisconsin DPI.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from data_access.contract.settings import settings

Split = tuple[str, ...]
CROSS_MARGIN = 10


@dataclass(frozen=True)
class Rival:
    """Another count of the same people, of more or of fewer of them: what it differs by is a count of people as well.

    Attributes:
        counts: split -> array (units, cells), in the order of the units of the level that it is a rival in.
        hidden: split -> bool array (units,): where it is not shown.
        scheme_hidden: split -> bool array (periods, schemes): region schemes in which it is not shown; empty where there are none.
        hidden_above: for each level above, the nation first: split -> bool array (its units,); empty counts as shown everywhere.
    """

    counts: Mapping[Split, np.ndarray]
    hidden: Mapping[Split, np.ndarray]
    scheme_hidden: Mapping[Split, np.ndarray]
    hidden_above: Sequence[Mapping[Split, np.ndarray]] = ()


@dataclass
class Level:
    """Counts of one place level.

    Attributes:
        name: place level.
        counts: measure -> split -> array (units, cells); units are place × period pairs.
        parent: index of each unit's parent unit in the level above (empty at the top).
        period: index of each unit's period.
        groups: for units with region schemes, array (units, schemes) of region indices; else None.
        place: index of each unit's place, whatever its period.
        forced: measure -> split -> bool array (units,) that the caller wants hidden from the start.
        scheme_forced: measure -> split -> bool array (periods, schemes) that the caller wants hidden from the start.
        rivals: measure -> counts of other tables and periods that it must not differ from by a few people.
        hidden: measure -> split -> bool array (units,), filled by `protect`.
        scheme_hidden: measure -> split -> bool array (periods, schemes): region schemes not shown.
    """

    name: str
    counts: dict[str, dict[Split, np.ndarray]]
    parent: np.ndarray
    period: np.ndarray
    groups: np.ndarray | None = None
    place: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=int))
    forced: dict[str, dict[Split, np.ndarray]] = field(default_factory=dict)
    scheme_forced: dict[str, dict[Split, np.ndarray]] = field(default_factory=dict)
    rivals: dict[str, list[Rival]] = field(default_factory=dict)
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


@dataclass(frozen=True)
class Gap:
    """What a count and a rival differ by: differences (units, cells), where the rival is hidden (units,), and for each unit the group
    of which the totals of both are shown; -1 for units without one."""

    people: np.ndarray
    unseen: np.ndarray
    group: np.ndarray


def separate(total: np.ndarray, hidden: np.ndarray, gaps: Sequence[Gap], threshold: int) -> np.ndarray:
    """Hide the next smallest siblings until the sum of differences over hidden ones tells of no few people.

    The totals of a group are shown in both counts, and so are all units but the hidden: what is left is the difference over the units
    that are hidden in either. A sibling that does not differ adds nothing to it; the next smallest that does is hidden.

    Args:
        total: (units,) people, by which the smallest is found.
        hidden: (units,) hidden so far.
    Returns:
        (units,) hidden, a superset of the input.
    """
    out = hidden.copy()
    waiting = [gap for gap in gaps if gap.people.any()]
    while waiting:
        chosen = np.zeros(len(out), dtype=bool)
        still = []
        for gap in waiting:
            sums, several = _hidden_sums(gap, out)
            unsafe = (sums > 0) & (sums - np.maximum(several - 1, 0) < threshold)
            if not unsafe.any():
                continue
            wanted = (gap.people > 0) & unsafe[gap.group] & (gap.group >= 0)[:, None]
            free = wanted.any(axis=1) & ~out & ~gap.unseen
            if free.any():
                still.append(gap)
                rows = np.flatnonzero(free)
                rows = rows[np.lexsort((total[rows], gap.group[rows]))]
                chosen[rows[np.r_[True, gap.group[rows][1:] != gap.group[rows][:-1]]]] = True
        out |= chosen
        waiting = still
    return out


def _hidden_sums(gap: Gap, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums of the differences over the units of each group that are hidden in either, and how many of those differ; (groups, cells)."""
    rows = np.flatnonzero((hidden | gap.unseen) & (gap.group >= 0))
    size, n_cells = int(gap.group.max(initial=-1)) + 1, gap.people.shape[1]
    index = (gap.group[rows][:, None] * n_cells + np.arange(n_cells)).ravel()
    sums = np.bincount(index, gap.people[rows].ravel(), size * n_cells)
    several = np.bincount(index, (gap.people[rows] > 0).ravel(), size * n_cells)
    return sums.reshape(size, n_cells), several.reshape(size, n_cells)


def protect(levels: list[Level], measures: Sequence[str], followed: Sequence[str] = ()) -> None:
    """Decide, in place, what is hidden in each level (top level first).

    Args:
        levels: from the nation down; each level's units point to their parents in the level above.
        measures: in order of priority: of two that would disclose by difference the earlier stays.
        followed: measures that count what is left of one closed group from period to period: each period is a rival of those after.
    """
    for depth, level in enumerate(levels):
        above = levels[:depth]
        for position, measure in enumerate(measures):
            level.hidden[measure], level.scheme_hidden[measure] = {}, {}
            rivals = [
                Rival(
                    level.counts[m],
                    level.hidden[m],
                    level.scheme_hidden[m] or _schemes_of(above, m),
                    [lv.hidden[m] for lv in above],
                )
                for m in measures[:position]
            ]
            rivals += level.rivals.get(measure, [])
            for split in sorted(level.counts[measure], key=len):
                known = [r for r in rivals if split in r.counts]
                if measure in followed:
                    _protect_followed(level, above, measure, split, known)
                else:
                    _protect_split(level, above, measure, split, known)


def _schemes_of(above: Sequence[Level], measure: str) -> Mapping[Split, np.ndarray]:
    """The region schemes in which a measure is not shown, for the levels below the one that has regions."""
    return next((lv.scheme_hidden[measure] for lv in above if lv.groups is not None), {})


def _protect_split(level: Level, above: Sequence[Level], measure: str, split: Split, rivals: Sequence[Rival]) -> None:
    threshold = settings().disclosure_threshold
    hidden = _primary(level, measure, split, rivals, threshold)
    level.hidden[measure][split] = _complementary(level, above, measure, split, rivals, hidden, threshold)


def _protect_followed(level: Level, above: Sequence[Level], measure: str, split: Split, rivals: Sequence[Rival]) -> None:
    """Decide period by period, the earliest first: what is shown of the ones before is known to whoever reads the next."""
    hidden = np.zeros(len(level.period), dtype=bool)
    schemes = 0 if level.groups is None else level.groups.shape[1]
    periods = int(level.period.max(initial=-1)) + 1
    scheme_hidden = np.ones((periods, schemes), dtype=bool)
    for now in range(periods):
        before = [_earlier(level, measure, split, hidden, scheme_hidden, now, then) for then in range(now)]
        _protect_split(level, above, measure, split, [*rivals, *before])
        own = level.period == now
        hidden[own] = level.hidden[measure][split][own]
        if schemes:
            scheme_hidden[now] = level.scheme_hidden[measure][split][now]
    level.hidden[measure][split] = hidden
    if schemes:
        level.scheme_hidden[measure][split] = scheme_hidden


def _earlier(
    level: Level, measure: str, split: Split, hidden: np.ndarray, scheme_hidden: np.ndarray, now: int, then: int
) -> Rival:
    """The counts of an earlier period as a rival of those of a later one; units of other periods are their own rivals."""
    counts = level.counts[measure][split]
    of_place = np.full(int(level.place.max(initial=-1)) + 1, -1)
    of_place[level.place[level.period == then]] = np.flatnonzero(level.period == then)
    source = np.where(level.period == now, of_place[level.place], np.arange(len(counts)))
    there = source >= 0
    other = np.where(there[:, None], counts[source], 0.0)
    schemes = np.ones_like(scheme_hidden)
    schemes[now] = scheme_hidden[then]
    seen = {split: schemes} if level.groups is not None else {}
    return Rival({split: other}, {split: hidden[source] & there & (level.period == now)}, seen)


def _primary(level: Level, measure: str, split: Split, rivals: Sequence[Rival], threshold: int) -> np.ndarray:
    counts = level.counts[measure][split]
    hidden = small(counts, threshold).any(axis=1)
    if len(split) > 1:
        hidden = _thin_cross(level.counts[measure], split, CROSS_MARGIN * threshold)
    if split in level.forced.get(measure, {}):
        hidden |= level.forced[measure][split]
    hidden |= _differs_by_few(counts, split, rivals, threshold)
    for sub in coarser(split, list(level.counts[measure])):
        hidden |= level.hidden[measure][sub]
    return hidden & (counts.sum(axis=1) > 0)


def _differs_by_few(counts: np.ndarray, split: Split, rivals: Sequence[Rival], threshold: int) -> np.ndarray:
    """Units in which a rival that is shown differs by a few people."""
    out = np.zeros(len(counts), dtype=bool)
    for rival in rivals:
        out |= small(np.abs(counts - rival.counts[split]), threshold).any(axis=1) & ~rival.hidden[split]
    return out


def _thin_cross(counts: dict[Split, np.ndarray], split: Split, least: int) -> np.ndarray:
    """Units in which a cell of a cross is below `least`, unless it is empty because a whole category is."""
    possible = np.ones((len(counts[split]), 1), dtype=bool)
    for characteristic in split:
        category = counts[(characteristic,)] > 0
        possible = (possible[:, :, None] & category[:, None, :]).reshape(len(possible), -1)
    return np.any(possible & (counts[split] < least), axis=1)


def _gaps(
    level: Level, above: Sequence[Level], measure: str, split: Split, rivals: Sequence[Rival], shown: Sequence[int] = ()
) -> list[Gap]:
    """What a measure and each of its rivals differ by, once for each place and region above of which both totals are shown.

    Not for the place right above alone: where that is hidden, a nought below it is shown all the same.

    Args:
        shown: the region schemes that the measure is to be shown in, where `level` is the one with regions.
    """
    out = []
    for rival in rivals:
        people = np.abs(level.counts[measure][split] - rival.counts[split])
        if people.any():
            groups = _groups_above(level, above, measure, split, rival, shown)
            out += [Gap(people, rival.hidden[split], group) for group in groups]
    return out


def _groups_above(
    level: Level, above: Sequence[Level], measure: str, split: Split, rival: Rival, shown: Sequence[int]
) -> list[np.ndarray]:
    """For each level above the index of the place that each unit is in, -1 where the measure or its rival is not shown for it."""
    if level.groups is not None:
        return [_regions_told(level.groups[:, shown], rival.scheme_hidden[split][:, shown], level.period)]
    groups, index = [], level.parent
    for depth in range(len(above) - 1, -1, -1):
        place = above[depth]
        unseen = place.hidden[measure][split].copy()
        if rival.hidden_above:
            unseen |= rival.hidden_above[depth][split]
        groups.append(np.where(unseen[index], -1, index))
        if place.groups is not None:
            gone = place.scheme_hidden[measure][split] | rival.scheme_hidden.get(
                split, np.zeros_like(place.scheme_hidden[measure][split])
            )
            groups.append(_regions_told(place.groups[index], gone, level.period))
        index = place.parent[index]
    return groups


def _regions_told(groups: np.ndarray, gone: np.ndarray, period: np.ndarray) -> np.ndarray:
    """Ids of the intersections of the region schemes that are not gone in each unit's period; of the nation where all are."""
    own = groups.copy()
    own[gone[period]] = -1
    return _atom_ids(period, own)


def _complementary(
    level: Level, above: Sequence[Level], measure: str, split: Split, rivals: Sequence[Rival], hidden: np.ndarray, threshold: int
) -> np.ndarray:
    if not above:
        return hidden
    counts, parents = level.counts[measure][split], above[-1].hidden[measure]
    parents_hidden = parents[split if split in parents else ()][level.parent]
    hidden = hidden | (parents_hidden & (counts.sum(axis=1) > 0))
    if level.groups is not None:
        return _with_schemes(level, above, measure, split, rivals, hidden, threshold)
    group = np.where(parents_hidden, -1, level.parent)
    return _hide_siblings(counts, hidden, group, _gaps(level, above, measure, split, rivals), threshold)


def _hide_siblings(counts: np.ndarray, hidden: np.ndarray, group: np.ndarray, gaps: Sequence[Gap], threshold: int) -> np.ndarray:
    """Both kinds of complementary hiding, until neither asks for more."""
    total = counts.sum(axis=1)
    while True:
        out = separate(total, complement(counts, hidden, group, threshold), gaps, threshold)
        if (out == hidden).all():
            return out
        hidden = out


def _hide_split(level: Level, measure: str, split: Split, units: np.ndarray) -> None:
    """Hide a split of some units after all, and every split that contains it."""
    for other in level.hidden[measure]:
        if set(split) <= set(other):
            level.hidden[measure][other][units] = True


def _with_schemes(
    level: Level, above: Sequence[Level], measure: str, split: Split, rivals: Sequence[Rival], hidden: np.ndarray, threshold: int
) -> np.ndarray:
    """Choose, period by period, the most region schemes that can be shown without giving a hidden province away."""
    counts, groups = level.counts[measure][split], level.groups
    assert groups is not None
    periods = int(level.period.max(initial=0)) + 1
    chosen, pending = hidden.copy(), np.ones(periods, dtype=bool)
    free = level.hidden[measure][()] if split else hidden
    scheme_hidden = np.ones((periods, groups.shape[1]), dtype=bool)
    fit = _schemes_clean(counts, split, rivals, level.period, groups, periods, threshold)
    fit &= ~level.scheme_forced.get(measure, {}).get(split, np.zeros_like(fit))
    for sub in coarser(split, list(level.counts[measure])):
        fit &= ~level.scheme_hidden[measure][sub]
    for shown in _subsets(groups.shape[1]):
        atoms = _atom_ids(level.period, groups[:, shown])
        gaps = _gaps(level, above, measure, split, rivals, shown)
        trial = _hide_siblings(counts, hidden, atoms, gaps, threshold)
        bad: np.ndarray = unsafe_groups(counts, trial, atoms, threshold) if shown else np.empty(0, dtype=int)
        betrayed = _betrayed(level, gaps, trial, threshold) if shown else np.zeros(periods, dtype=bool)
        if split:
            trial = unpin(counts, trial, free, atoms, threshold)
            bad = np.union1d(bad, pinned_groups(counts, trial, free, atoms, threshold))
        unsafe = betrayed
        unsafe[level.period[np.isin(atoms, bad)]] = True
        unsafe &= pending
        if not shown and unsafe.any():  # nothing below is left to hide: the nation's own split goes
            _hide_split(above[-1], measure, split, np.unique(level.parent[unsafe[level.period]]))
        accept = pending & fit[:, shown].all(axis=1) & (~unsafe | (not shown))
        chosen[accept[level.period]] = trial[accept[level.period]]
        scheme_hidden[accept[:, None] & np.isin(np.arange(groups.shape[1]), shown)] = False
        pending &= ~accept
        if not pending.any():
            break
    level.scheme_hidden[measure][split] = scheme_hidden
    return chosen


def _betrayed(level: Level, gaps: Sequence[Gap], hidden: np.ndarray, threshold: int) -> np.ndarray:
    """Periods (bool array) in which a difference over hidden units is a few people though all that differ are hidden."""
    out = np.zeros(int(level.period.max(initial=0)) + 1, dtype=bool)
    for gap in gaps:
        sums, _several = _hidden_sums(gap, hidden)
        few = np.flatnonzero(small(sums, threshold).any(axis=1))
        out[level.period[np.isin(gap.group, few)]] = True
    return out


def _subsets(schemes: int) -> list[list[int]]:
    """All choices of schemes, the best first: each scheme is worth more than all those after it, which are less preferred."""
    choices = [[s for s in range(schemes) if chosen & (1 << (schemes - 1 - s))] for chosen in range(2**schemes)]
    return choices[::-1]


def _schemes_clean(
    counts: np.ndarray,
    split: Split,
    rivals: Sequence[Rival],
    period: np.ndarray,
    groups: np.ndarray,
    periods: int,
    threshold: int,
) -> np.ndarray:
    """Array (periods, schemes): where no region has a small count, nor a small difference from a rival that its scheme shows."""
    clean = np.ones((periods, groups.shape[1]), dtype=bool)
    for scheme in range(groups.shape[1]):
        region = period * (int(groups.max(initial=0)) + 1) + groups[:, scheme]
        names, inverse = np.unique(region, return_inverse=True)
        period_of = np.zeros(len(names), dtype=int)
        period_of[inverse] = period
        for people, unseen in [(counts, None), *((counts - r.counts[split], r.scheme_hidden[split][:, scheme]) for r in rivals)]:
            sums = np.zeros((len(names), people.shape[1]))
            np.add.at(sums, inverse.reshape(-1), people)
            few = small(np.abs(sums), threshold).any(axis=1)
            clean[period_of[few if unseen is None else few & ~unseen[period_of]], scheme] = False
    return clean


def _atom_ids(period: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Ids of the intersections of all given region schemes, within each period; a group of -1 stands for no region."""
    ids = period.astype(np.int64)
    for scheme in groups.T:
        ids = ids * (int(scheme.max(initial=-1)) + 2) + scheme + 1
    return ids
