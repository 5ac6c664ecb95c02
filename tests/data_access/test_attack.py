"""Attack what `query` itself answers: ask everything, then try to solve for what it hides."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from data_access.publishing import drafts
from data_access.questions.query import query
from data_access.summaries import disclosure
from tests.data_access import small

pytestmark = pytest.mark.any_store

THRESHOLD = 10
MOST = 15  # targets of one attack, for the sake of time
MEASURES = ("found", "eligible", "basic", "equity")
ASKED = (("eligible", "2565-1"), *product(("basic", "equity"), ("2565-1", "2565-2", "AY2565")))
INDICATORS = {"eligible": "grant.eligible", "basic": "grant.basic_recipients", "equity": "grant.equity_recipients"}
RATIOS = {"grant.coverage": ("basic", "eligible"), "grant.equity_share": ("equity", "basic")}
SPLITS = {
    "sex": ("male", "female"),
    "level": ("kindergarten", "primary", "lower_secondary"),
    "tier": ("poor", "extra_poor", "not_poor"),
}
PLACES = ("region4", "region6", "nesdc", "province", "district", "lao", "school")


class Country:
    """One unknown a kind of pupil: school × sex × level × tier × how far each came in each semester."""

    def __init__(self, rows: pd.DataFrame, places: pd.DataFrame) -> None:
        reach = np.select([rows["equity_baht"] > 0, rows["basic_baht"] > 0, rows["tier"] != "not_poor"], [4, 3, 2], 1)
        wide = rows.assign(reach=reach).pivot_table(
            index=["pupil_key", "school_code", *SPLITS], columns="semester", values="reach", fill_value=0
        )
        counts = wide.reset_index().groupby(["school_code", *SPLITS, *small.SEMESTERS]).size()
        grid = pd.MultiIndex.from_product([places["school_code"], *SPLITS.values(), range(5), range(5)])
        self.people = counts.reindex(grid, fill_value=0).to_numpy(float)
        self.kinds = grid.to_frame(index=False, name=["school_code", *SPLITS, *small.SEMESTERS]).merge(places, on="school_code")
        not_poor_paid = (self.kinds["tier"] == "not_poor") & (self.kinds[list(small.SEMESTERS)].max(axis=1) > 1)
        poor_found = (self.kinds["tier"] != "not_poor") & self.kinds[list(small.SEMESTERS)].isin([1]).any(axis=1)
        equity_poor = (self.kinds["tier"] == "poor") & (self.kinds[list(small.SEMESTERS)].max(axis=1) > 3)
        possible = ~(not_poor_paid | poor_found | equity_poor)  # the definitions are known to everybody
        self.people, self.kinds = self.people[possible], self.kinds[possible].reset_index(drop=True)

    def vector(self, measure: str, period: str, cell: dict[str, str]) -> np.ndarray:
        """Which kinds of pupil a cell counts."""
        least = MEASURES.index(measure) + 1
        semesters = [period] if period in small.SEMESTERS else list(small.SEMESTERS)
        inside = (self.kinds[semesters].max(axis=1) >= least).to_numpy()
        for key, code in cell.items():
            inside = inside & (self.kinds[key] == code).to_numpy()
        return inside


def ask_everything() -> list[tuple[str, str, dict[str, str], float]]:
    """(measure, period, cell, number) of every shown number; hidden ones are NaN."""
    shown = []
    for measure, period in ASKED:
        key = "academic_year" if period.startswith("AY") else "semester"
        bys = [
            (),
            *((k,) for k in (*PLACES, *SPLITS)),
            *product(("region6", "province", "district", "school"), SPLITS),
            tuple(SPLITS),
        ]
        for by in bys:
            frame = query(INDICATORS[measure], by=by, where={key: period})
            shown += [(measure, period, {k: row[k] for k in by}, row["value"]) for row in frame.to_dict("records")]
    return shown + ask_in_other_ways()


def ask_in_other_ways() -> list[tuple[str, str, dict[str, str], float]]:
    """Parts of rates, filters instead of breakdowns, pairs of provinces."""
    shown = []
    for indicator, (top, bottom) in RATIOS.items():
        for by in ((), ("province",), ("province", "sex"), ("district",), ("school",)):
            for row in query(indicator, by=by, where={"semester": "2565-1"}).to_dict("records"):
                cell = {k: row[k] for k in by}
                shown += [(top, "2565-1", cell, row["numerator"]), (bottom, "2565-1", cell, row["denominator"])]
    for province, sex in product(small.PROVINCES, SPLITS["sex"]):
        cell = {"province": province, "sex": sex}
        row = query(INDICATORS["basic"], where={"semester": "2565-2", **cell}).iloc[0]
        shown.append(("basic", "2565-2", cell, row["value"]))
    return shown


def attack(country: Country, shown: list[tuple[str, str, dict[str, str], float]]) -> Iterator[str]:
    """Hidden cells of 1 to 9 people, and small differences between measures, that the shown ones pin to one number."""
    facts = {(country.vector(m, p, c).tobytes()): v for m, p, c, v in shown if not np.isnan(v)}
    known = csr_matrix(np.array([np.frombuffer(k, dtype=bool) for k in facts], dtype=float))
    numbers = np.array(list(facts.values()))
    assert np.allclose(known @ country.people, numbers), "a shown number is wrong"
    targets = {}
    for measure, period, cell, value in shown:
        one = country.vector(measure, period, cell)
        if np.isnan(value):
            targets[one.tobytes()] = f"{measure} {period} {cell}"
        for other in MEASURES[1 : MEASURES.index(measure)]:
            gap = country.vector(other, period, cell) & ~one
            targets.setdefault(gap.tobytes(), f"{other} without {measure} {period} {cell}")
    small_ones = {}
    for key, name in targets.items():
        target = np.frombuffer(key, dtype=bool).astype(float)
        if 0 < target @ country.people < THRESHOLD and "AY" not in name:
            small_ones[name] = target
    chosen = np.random.default_rng(0).permutation(list(small_ones))[:MOST]
    yield from (name for name in chosen if _width(small_ones[name], known, numbers) < 1e-6)


SOLVED, UNBOUNDED = 0, 3


def _width(target: np.ndarray, known: csr_matrix, numbers: np.ndarray) -> float:
    """How far apart the lowest and the highest value are that agree with everything shown."""
    low, high = (linprog(sign * target, A_eq=known, b_eq=numbers, bounds=(0, None), method="highs") for sign in (1, -1))
    if UNBOUNDED in (low.status, high.status):
        return np.inf
    assert low.status == high.status == SOLVED
    return -high.fun - low.fun


def one_kind(country: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Pupils who keep their characteristics over the year, few in some places."""
    keep = np.random.default_rng(seed).random(len(country)) < 0.9
    return country[keep]


@pytest.fixture
def places(empty_home: object) -> pd.DataFrame:
    codes = small.schools()[["school_code", "lao_code"]].merge(small.laos()[["lao_code", "district_code"]], on="lao_code")
    provinces = drafts.new_draft(None).read("province").set_index("province_code")
    frame = codes.assign(province=codes["district_code"].str[:2], district=codes["district_code"], lao=codes["lao_code"])
    for scheme in ("region4", "region6", "nesdc"):
        frame[scheme] = frame["province"].map(provinces[scheme])
    return frame.assign(school=frame["school_code"]).drop(columns=["lao_code", "district_code"])


def publish(seed: int) -> pd.DataFrame:
    rows = one_kind(small.grants(seed, size=40), seed)
    small.publish({"lao": small.laos(), "school": small.schools(), "pupil_grant": rows})
    return rows


@pytest.mark.parametrize("seed", [1])
def test_nothing_hidden_can_be_solved_for(seed: int, places: pd.DataFrame) -> None:
    country = Country(publish(seed), places)
    shown = ask_everything()
    assert sum(np.isnan(value) for *_, value in shown) > 100
    assert sum(not np.isnan(value) for *_, value in shown) > 100
    assert list(attack(country, shown)) == []


@pytest.mark.parametrize("part", ["complement", "_differs_by_few"])
def test_without_a_part_of_the_rule_the_attack_succeeds(part: str, places: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    """The attack is strong enough to notice: unprotected releases are broken."""
    without = {
        "complement": lambda counts, hidden, group, threshold: hidden,
        "_differs_by_few": lambda counts, split, rivals, threshold: np.zeros(len(counts), dtype=bool),
    }
    monkeypatch.setattr(disclosure, part, without[part])
    if part == "complement":
        monkeypatch.setattr(disclosure, "unsafe_groups", lambda *_: np.array([], dtype=int))
    country = Country(publish(1), places)
    assert any(attack(country, ask_everything()))
