"""Differencing: every sum that a reader can write down from what `query` answers, and what can be solved from all of them together.

A reader asks for totals and for their parts: places inside places, both sexes, all levels, all tiers, semesters inside years, rates
beside their denominators. Each total with its parts is one equation, and one attack: where a single part is hidden it is found by
subtraction, and what is found makes the next equation solvable. A hidden count of one to nine people that comes out is a failure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd

import geo
from data_access.contract.errors import UsageError
from data_access.contract.settings import settings
from data_access.programmes.indicators import REGISTRY
from data_access.questions import detail
from data_access.questions.query import query
from data_access.store.releases import require_release
from data_access.store.tables import read_table

SPLITS = ("sex", "level", "tier", "disability")
SCHEMES = ("region4", "region6", "nesdc")
COUNTS = {
    "grant.basic_recipients": ("semester", ("school", "lao", "district", "province")),
    "grant.equity_recipients": ("semester", ("school", "lao", "district", "province")),
    "grant.eligible": ("semester", ("school", "lao", "district", "province")),
    "ecd.children": ("semester", ("centre", "district", "province")),
    "readiness.assessed": ("academic_year", ("province",)),
    "reachup.families": ("semester", ("subdistrict", "province")),
}
Cell = tuple[str, str, str, str, tuple[tuple[str, str], ...]]
"""Measure, period, kind of place, its code, and the splits as (key, code)."""


@dataclass
class Outcome:
    """What an attack came to: equations tried, hidden cells in them, and those found though small."""

    equations: int = 0
    hidden: int = 0
    recovered: list[tuple[Cell, float]] = field(default_factory=list)


class Answers:
    """All that `query` answers about some measures: the shown numbers, and the cells that it says are there but hidden."""

    def __init__(self, measures: Iterable[str], periods: int) -> None:
        self.shown: dict[Cell, float] = {}
        self.hidden: set[Cell] = set()
        self.parents = _parents()
        self.splits: set[tuple[str, ...]] = {()}
        for measure in measures:
            key, levels = COUNTS[measure]
            codes = sorted(set(query(measure, by=(key,))["period"]) - {""})[-periods:]
            for period in codes:
                self._ask(measure, key, period, levels)

    def _ask(self, measure: str, key: str, period: str, levels: tuple[str, ...]) -> None:
        known = [s for s in SPLITS if s in REGISTRY[measure].dims]
        for size in range(len(known) + 1):
            for splits in combinations(known, size):
                for place in ("nation", *SCHEMES, *levels):
                    by = (*(() if place == "nation" else (place,)), *splits)
                    try:
                        frame = query(measure, by=by, where={key: period})
                    except UsageError:
                        continue
                    self.splits.add(splits)
                    self._take(measure, period, place, splits, frame)

    def _take(self, measure: str, period: str, place: str, splits: tuple[str, ...], frame: pd.DataFrame) -> None:
        for row in frame.to_dict("records"):
            code = str(row[place]) if place != "nation" else ""
            cell = (measure, period, place, code, tuple((s, str(row[s])) for s in splits))
            if row["flag"] in ("partial", "incomplete"):
                continue  # a sum that says itself that it is not whole
            if np.isfinite(row["value"]):
                self.shown[cell] = float(row["value"])
            elif row["state"] == "suppressed":
                self.hidden.add(cell)

    def there(self) -> set[Cell]:
        return self.hidden | set(self.shown)


def _parents() -> dict[tuple[str, str], dict[str, str]]:
    """(kind of place, kind of place above) -> code -> code above."""
    release = require_release().id
    provinces = [str(c) for c in geo.provinces().index]
    above: dict[tuple[str, str], dict[str, str]] = {("province", s): {p: geo.region_of(p, s) for p in provinces} for s in SCHEMES}
    above |= {(kind, "nation"): defaultdict(str) for kind in (*SCHEMES, "province")}
    schools, centres, laos = (read_table(release, t) for t in ("school", "centre", "lao"))
    homes = detail.homes(release)
    above["district", "province"] = {str(c): str(c)[:2] for c in geo.districts().index}
    above["subdistrict", "province"] = {str(c): str(c)[:2] for c in geo.subdistricts().index}
    above["school", "lao"] = dict(zip(schools["school_code"], schools["lao_code"], strict=True))
    above["school", "district"] = dict(zip(schools["school_code"], schools["subdistrict_code"].str[:4], strict=True))
    above["lao", "district"] = dict(zip(laos["lao_code"], laos["district_code"], strict=True))
    above["centre", "province"] = dict(homes["centre"])
    above["centre", "district"] = {c: str(d) for c, d in zip(centres["centre_code"], centres["district_code"], strict=True) if d}
    return above


Equation = tuple[Cell, tuple[Cell, ...]]


def equations(found: Answers) -> Iterator[tuple[str, list[Equation]]]:
    """Sums of places and sums of splits, by kind: a total and the parts that `query` says there are."""
    cells = found.there()
    for (kind, upper), home in found.parents.items():
        parts: dict[Cell, list[Cell]] = defaultdict(list)
        for cell in cells:
            if cell[2] == kind and (upper == "nation" or cell[3] in home):
                code = "" if upper == "nation" else home[cell[3]]
                parts[cell[0], cell[1], upper, code, cell[4]].append(cell)
        yield f"{kind} in {upper}", [(total, tuple(p)) for total, p in parts.items() if total in cells]
    for key in SPLITS:
        parts = defaultdict(list)
        for cell in cells:
            if key in dict(cell[4]):
                rest = tuple(pair for pair in cell[4] if pair[0] != key)
                parts[cell[0], cell[1], cell[2], cell[3], rest].append(cell)
        yield f"by {key}", [(total, tuple(p)) for total, p in parts.items() if total in cells]


def attack(found: Answers) -> Outcome:
    """Solve what can be solved by subtraction, again and again, until nothing more comes out."""
    known, outcome, sums = dict(found.shown), Outcome(), []
    for _kind, part in equations(found):
        whole = [e for e in part if all(c in known for c in (e[0], *e[1]))]
        if all(abs(known[t] - sum(known[c] for c in p)) < 0.5 for t, p in whole):  # else these are no parts of a whole
            sums += part
    outcome.equations = len(sums)
    outcome.hidden = len(found.hidden)
    waiting, moved = sums, True
    while moved:
        moved, rest = False, []
        for total, parts in waiting:
            open_cells = [c for c in (total, *parts) if c not in known]
            if len(open_cells) > 1:
                rest.append((total, parts))
            elif open_cells:
                (cell,) = open_cells
                others = sum(known[c] for c in parts if c != cell)
                known[cell] = others if cell == total else known[total] - others
                moved = True
        waiting = rest
    threshold = settings().disclosure_threshold
    outcome.recovered = [(c, known[c]) for c in found.hidden if c in known and 0 < round(known[c]) < threshold]
    return outcome


def run(measures: Iterable[str] = tuple(COUNTS), periods: int = 2) -> Outcome:
    """Attack the release of the data directory at hand with everything that can be asked about some counts of people."""
    total = Outcome()
    for measure in measures:
        if measure not in REGISTRY:
            continue
        one = attack(Answers((measure,), periods))
        total.equations += one.equations
        total.hidden += one.hidden
        total.recovered += one.recovered
    return total
