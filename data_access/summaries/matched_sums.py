"""What the senders (schools, centres, provinces) that sent in two years running sent then and now, summed for the country.

`data_access.questions.changes` works matched numbers out of shown cells, so those of the country lack the small places, which are hidden: all of
them rose, and it tells of the large ones. For the country as a whole the two sums are worked out from the senders themselves, when a
release is published, and kept where they tell of nobody:

Whoever reads them knows, beside what is shown, how many people the hidden senders that sent but once have together. Hidden senders under
one smallest shown place form a lump, of which only the sum is known. A new sum that holds all of a lump or nothing of it tells nothing
new; one that cuts two lumps or more fixes no place: a place that it fixed would have to cut both, and no place lies in two. One that cuts
a single lump could. What it holds of the lumps that it cuts, and what it leaves, obey the rule of complementary hiding: (people) - (places
- 1) >= threshold, two places at least. A period has two such sums (who had not sent the year before, and who has not sent the year
after), so the sums and differences of the two are held to the same, and so is what two measures differ by. Money paid by known rates is told of
no senders: beside their heads it says how many were paid each rate, which is a split, and splits of single senders are shown nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_access.contract.periods import year_before
from data_access.contract.settings import settings
from data_access.summaries.cube import CubeInMaking

TABLE = "summary_matched"
COLUMNS = ("family", "measure", "period", "before_period", "senders", "before", "now")


@dataclass(frozen=True)
class _Sent:
    """A count of people that every sender sent in one period.

    Attributes:
        people: how many, 0 where nothing was sent; unseen: whether that is hidden; lump: of which hidden senders the sum is known;
        part: the same, and the regions of those of which only the country's sum is: what regions tell of them stays within these.
    """

    people: np.ndarray
    unseen: np.ndarray
    lump: np.ndarray
    part: np.ndarray


def matched_sums(family: str, made: CubeInMaking, measures: Iterable[str]) -> pd.DataFrame:
    """The sums of a protected family, one row a measure and period of which all senders of both years may be told together.

    Args:
        made: the family after `protect`; the rows of its academic years beside semesters are not matched (distinct people do not add up).
        measures: what to sum: measures of `CubeSpec.people`, and others that hang on one of them.
    Returns:
        `COLUMNS`: senders is how many sent in both, before and now what they sent; the newest period first.
    """
    senders, periods = _Senders(made), made.levels[-1].periods
    pairs = [(year_before(p), p) for p in reversed(periods) if len(periods) > 1 and year_before(p) in periods]
    out: list[tuple[object, ...]] = []
    told: dict[tuple[str, str], list[np.ndarray]] = {}  # (people, period): the senders of each sum that is told
    for measure in dict.fromkeys(measures):
        people = made.spec.attached.get(measure, measure)
        if people not in made.spec.people or measure not in made.levels[-1].sums or measure in made.spec.priced:
            continue
        for pair in pairs:
            there = [senders.there(measure, p) for p in pair]
            both = there[0] & there[1]
            once = {p: was & ~both for p, was in zip(pair, there, strict=True)}
            if not all(_may_be_told(senders, people, p, mask, told) for p, mask in once.items()):
                continue
            for p, mask in once.items():
                told.setdefault((people, p), []).append(mask)
            sums = [senders.values(measure, p)[both].sum() for p in pair]
            out.append((family, measure, pair[1], pair[0], both.sum(), *sums))
    return pd.DataFrame(out, columns=list(COLUMNS)).astype(dict.fromkeys(COLUMNS[4:], float))


def _may_be_told(
    senders: _Senders, people: str, period: str, mask: np.ndarray, told: Mapping[tuple[str, str], Sequence[np.ndarray]]
) -> bool:
    """Whether the sum of these senders in a period tells of nobody beside what is shown and told already."""
    before = told.get((people, period), [])
    if not any((mask == other).all() for other in before) and not _is_safe(senders.sent(people, period), [*before, mask]):
        return False
    return all(
        _differ_safely(senders.sent(people, period), mask, senders.sent(other, period), its)
        for (other, when), masks in told.items()
        if when == period and other != people
        for its in masks
    )


class _Senders:
    """The finest places of a protected family, each in every period: arrays over all places."""

    def __init__(self, made: CubeInMaking) -> None:
        self.made = made
        units = made.levels[-1].units
        grouped = units.groupby([c for c in units if c != "period"], sort=True)
        self.place, self.size = grouped.ngroup().to_numpy(), grouped.ngroups
        period = made.levels[-1].protected.period
        self.rows = {p: np.flatnonzero(period == n) for n, p in enumerate(made.levels[-1].periods)}
        regions = made.regions.reindex(units["province_code"])
        self.regions = -2 - pd.MultiIndex.from_frame(regions).factorize()[0]  # below any place's number
        self.known: dict[tuple[str, str], _Sent] = {}

    def values(self, measure: str, period: str) -> np.ndarray:
        """What each sent, 0 where it sent nothing."""
        return self._placed(self.made.levels[-1].sums[measure][()][:, 0], period, 0.0)

    def there(self, measure: str, period: str) -> np.ndarray:
        """Who sent; who could leave the measure out and did has not sent it."""
        given = self.made.spec.optional.get(measure)
        if given:
            return self.values(given, period) > 0
        return self._placed(np.ones(len(self.place), dtype=bool), period, False)

    def sent(self, people: str, period: str) -> _Sent:
        """What is hidden of a count of people."""
        if (people, period) not in self.known:
            unseen = self._placed(self.made.levels[-1].protected.hidden[people][()], period, False)
            values = self.values(people, period)
            self.known[people, period] = _Sent(values, unseen & (values > 0), *self._lumps(people, period))
        return self.known[people, period]

    def _lumps(self, people: str, period: str) -> tuple[np.ndarray, np.ndarray]:
        """A number of the smallest place around each that is shown, -1 of the country; and again with the country's regions apart."""
        levels, at = self.made.levels, self.rows[period]
        found = np.full(len(at), -1, dtype=np.int64)
        for depth in range(len(levels) - 1, 1, -1):
            at = levels[depth].protected.parent[at]
            shown = ~levels[depth - 1].protected.hidden[people][()][at]
            found = np.where((found < 0) & shown, at * len(levels) + depth, found)
        lump, part = np.full(self.size, -1, dtype=np.int64), np.full(self.size, -1, dtype=np.int64)
        lump[self.place[self.rows[period]]] = found
        part[self.place[self.rows[period]]] = np.where(found < 0, self.regions[self.rows[period]], found)
        return lump, part

    def _placed(self, of_units: np.ndarray, period: str, nothing: float | bool) -> np.ndarray:
        out = np.full(self.size, nothing, dtype=of_units.dtype)
        out[self.place[self.rows[period]]] = of_units[self.rows[period]]
        return out


def _is_safe(sent: _Sent, sums: Sequence[np.ndarray]) -> bool:
    """Whether the sums over these senders tell of no place, each alone and any two added or subtracted."""
    numbers = [m.astype(float) for m in sums]
    combined = [*numbers, *(a + sign * b for i, a in enumerate(numbers) for b in numbers[i + 1 :] for sign in (1, -1))]
    return all(_tells_nothing(sent, weights) for weights in combined)


def _tells_nothing(sent: _Sent, weights: np.ndarray) -> bool:
    """Whether a weighted sum over hidden senders leaves every place open, and speaks of enough people where it cuts lumps."""
    whole, parts = (_cut(sent, lump, weights) for lump in (sent.lump, sent.part))
    if not len(whole):
        return True
    return parts["lump"].nunique() > 1 and all(
        _enough(cut.loc[inside, "people"].to_numpy())
        for cut in (whole, parts)
        for inside in (cut["weight"] > cut["low"], cut["weight"] < cut["high"])
    )


def _cut(sent: _Sent, lump: np.ndarray, weights: np.ndarray) -> pd.DataFrame:
    """The hidden senders of the lumps that the sum holds in part."""
    rows = pd.DataFrame({"lump": lump, "weight": weights, "people": sent.people})[sent.unseen]
    of_lump = rows.groupby("lump")["weight"]
    rows = rows.assign(low=of_lump.transform("min"), high=of_lump.transform("max"))
    return rows[rows["low"] < rows["high"]]


def _enough(people: np.ndarray) -> bool:
    """The rule of complementary hiding (`data_access.summaries.disclosure`)."""
    return len(people) > 1 and people.sum() - (len(people) - 1) >= settings().disclosure_threshold


def _differ_safely(one: _Sent, mask: np.ndarray, other: _Sent, its: np.ndarray) -> bool:
    """Whether what two measures differ by over the hidden senders of both sums, or over those left, is nobody or enough people."""
    unseen = one.unseen | other.unseen
    left = unseen & ~mask & ~its
    near = left & np.isin(one.lump, one.lump[unseen & mask])
    gaps = [one.people[a].sum() - other.people[b].sum() for a, b in ((unseen & mask, unseen & its), (left, left), (near, near))]
    return not any(0 < abs(gap) < settings().disclosure_threshold for gap in gaps)
