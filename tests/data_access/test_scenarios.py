"""Scenarios of rates, worked by hand: lunch by size, grants by level, indexation, growth, who gains and who loses."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data_access.contract.errors import UsageError
from data_access.programmes.policy.rates import BASIC, EQUITY, LUNCH
from data_access.saved import scenarios
from data_access.saved.scenarios import EVERY_SCHOOL, SHARED, Scenario
from data_access.who.access import NOWHERE, OPERATOR, Scope

SCHOOLS = pd.DataFrame(
    {
        "school_code": ["1", "2", "3", "4", "5"],
        "province": ["40", "40", "50", "50", "50"],
        "kind": ["town", "sao", "town", "town", "town"],
        "level": ["primary", "primary", "primary", "lower_secondary", "primary"],
        "pupils": [40, 41, 130, 300, None],
    }
)
RECIPIENTS = pd.DataFrame(
    {
        "rate_id": [BASIC, BASIC, BASIC, EQUITY, EQUITY],
        "province": ["40", "50", SHARED, "40", "50"],
        "level": ["primary", "primary", "primary", "primary", "kindergarten"],
        "pupil_semesters": [100.0, 200.0, 15.0, 60.0, 30.0],
        "hidden": [0, 0, 0, 1, 0],
        "academic_year": 2567,
    }
)
STEPS = (("1-40", 36.0), ("41-100", 27.0), ("101+", 22.0))
NOW = Scenario(
    "ทดลอง", lunch=STEPS, basic=(("primary", 600.0),), equity=(("primary", 800.0),), days=200, years=2, start_year=2569
)


def test_lunch_is_pupils_by_the_rate_of_the_schools_size_by_days() -> None:
    cost = scenarios.costs(NOW, SCHOOLS, RECIPIENTS)
    first = cost[(cost["programme"] == LUNCH) & (cost["year"] == 2569)]
    assert first.groupby("province")["baht"].sum().to_dict() == {
        "40": (40 * 36 + 41 * 27) * 200,  # one pupil more costs this school 333 baht a day: a cliff
        "50": 130 * 22 * 200,  # the school beyond primary and the one without a size are not costed
    }
    assert first.set_index("group")["pupils"].to_dict() == {"1-40": 40, "41-100": 41, "121+": 130}
    everyone = Scenario("ทุกโรงเรียน", lunch=STEPS, days=200, years=1, covers=EVERY_SCHOOL)
    assert scenarios.costs(everyone, SCHOOLS, RECIPIENTS)["baht"].sum() == (40 * 36 + 41 * 27 + 430 * 22) * 200


def test_grants_are_recipients_of_both_semesters_by_the_rate_of_their_level() -> None:
    cost = scenarios.costs(NOW, SCHOOLS, RECIPIENTS)
    first = cost[cost["year"] == 2569].groupby("programme")["baht"].sum()
    assert first[BASIC] == (100 + 200 + 15) * 600
    assert first[EQUITY] == 60 * 800  # kindergarten has no rate
    out = scenarios.left_out(NOW, SCHOOLS, RECIPIENTS)
    assert out == {"schools_total": 5, "without_size": 1, "beyond_primary": 1, "no_rate": 30, "hidden": 1}


def test_indexation_raises_rates_and_growth_pupils_from_the_second_year() -> None:
    grown = Scenario("โต", lunch=(("1+", 20.0),), days=100, years=2, start_year=2569, indexation=0.05, growth=0.10)
    cost = scenarios.costs(grown, SCHOOLS, RECIPIENTS).groupby("year")["baht"].sum()
    assert cost[2569] == (40 + 41 + 130) * 20 * 100
    assert cost[2570] == pytest.approx((44 + 45 + 143) * 20 * 1.05 * 100)  # whole pupils: 44.0, 45.1, 143.0


def test_who_gains_and_who_loses() -> None:
    base = Scenario("ฐาน", lunch=(("1+", 25.0),), basic=(("primary", 500.0),), days=200)
    sides = scenarios.winners(NOW, base, SCHOOLS).set_index(["group", "side"])
    assert sides["schools"].to_dict() == {("1-40", "gain"): 1, ("41-100", "gain"): 1, ("121+", "lose"): 1}
    assert sides["baht"].to_dict() == {
        ("1-40", "gain"): 40 * 11 * 200,
        ("41-100", "gain"): 41 * 2 * 200,
        ("121+", "lose"): -130 * 3 * 200,
    }
    grants = scenarios.grant_winners(NOW, base, RECIPIENTS).set_index(["programme", "level"])
    assert tuple(grants.loc[(BASIC, "primary"), ["base", "scenario"]]) == (500, 600)
    assert grants.loc[(EQUITY, "kindergarten"), ["base", "scenario"]].isna().all()  # not paid, which is not nought
    assert scenarios.winners(Scenario("ไม่มีอาหาร"), base, SCHOOLS).empty


# ---- whose size is told to whom ---------------------------------------------------------------------------------------------------
FEWEST = 10


def country(seed: int) -> pd.DataFrame:
    """Schools of five provinces: many, two of some, few of either level, and few at all."""
    rng = np.random.default_rng(seed)
    numbers = {"40": 45, "41": 30, "50": 22, "60": 12, "70": 3}
    rows = [(p, k, x) for p, n in numbers.items() for k, x in zip(rng.choice(KINDS, n), rng.choice(TAUGHT, n), strict=True)]
    frame = pd.DataFrame(rows, columns=["province", "kind", "level"])
    sizes = np.round(rng.lognormal(5, 0.7, len(frame)))
    return frame.assign(
        school_code=[f"{n:04}" for n in range(len(frame))], pupils=np.where(rng.random(len(frame)) < 0.03, np.nan, sizes)
    )


KINDS, TAUGHT = ("town", "sao", "city", "special"), ("primary", "lower_secondary", "kindergarten")
FLAT = Scenario("ฐาน", lunch=(("all", 1.0),), days=1, years=1)


def schools_up_to(schools: pd.DataFrame, n: int, covers: str) -> int:
    """How many schools have at most `n` pupils, as a scenario tells anybody who sets a step there."""
    stepped = Scenario("ขั้น", lunch=((f"1-{n}", 2.0), (f"{n + 1}+", 1.0)), days=1, years=1, covers=covers)
    sides = scenarios.winners(stepped, FLAT, schools, ["province"])
    return int(sides.loc[sides["side"] == "gain", "schools"].sum())


def found_by_halving(schools: pd.DataFrame) -> list[int]:
    """The sizes of the schools of a province, each found by setting steps; a step that was tried is remembered."""
    counts: dict[int, int] = {}

    def count(n: int) -> int:
        if n not in counts:
            counts[n] = schools_up_to(schools, n, EVERY_SCHOOL)
        return counts[n]

    out: list[int] = []
    for place in range(1, int(schools["pupils"].notna().sum()) + 1):
        low, high = 0, 2048
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if count(middle) >= place else (middle, high)
        out.append(high)
    return out


@pytest.mark.parametrize(("scope", "may"), [(Scope.of(["41"]), True), (Scope.of(["40"]), False), (NOWHERE, False)])
def test_halving_steps_finds_the_schools_of_the_scope_and_no_other(scope: Scope, may: bool) -> None:
    """Of 30 schools 29 were found so by somebody who sees none."""
    every = country(1)
    own = sorted(every.loc[(every["province"] == "41") & every["pupils"].notna(), "pupils"].astype(int))
    known = scenarios.told(every, scope, FEWEST)
    found = found_by_halving(known[known["province"] == "41"])
    assert len(found) == len(own) > 25
    if may:
        assert found == own
    else:
        assert min(Counter(found).values()) >= FEWEST or len(set(found)) < 3
        assert sum(a == b for a, b in zip(found, own, strict=True)) <= 1  # a size that is its mean by chance


def test_countries_that_differ_in_sizes_but_not_in_their_means_are_costed_alike() -> None:
    """Whatever is chosen (steps, growth, years, schools, splits): nothing but the means goes in, so nothing else comes out."""
    for seed in range(5):
        rng = np.random.default_rng(seed)
        one = country(seed)
        known = scenarios.told(one, NOWHERE, FEWEST)
        two = one.copy()
        sized = one[one["pupils"].notna()]
        beyond = ~sized["level"].isin(("kindergarten", "primary"))
        for (_province, _beyond, _mean), part in sized.groupby([sized["province"], beyond, known["pupils"]]):
            if len(part) >= FEWEST:  # the two in the middle move together, and stay where they are in the order
                small, large = part.sort_values("pupils").index[[len(part) // 2 - 1, len(part) // 2]]
                apart = (two.loc[large, "pupils"] - two.loc[small, "pupils"]) // 2
                two.loc[[small, large], "pupils"] += [apart, -apart]
        assert not one["pupils"].equals(two["pupils"])
        again = scenarios.told(two, NOWHERE, FEWEST)
        edge = int(rng.integers(2, 400))
        scenario = Scenario(
            "ก",
            lunch=((f"1-{edge}", 2.0), (f"{edge + 1}+", 1.0)),
            years=10,
            growth=float(rng.uniform(-0.2, 0.2)),
            covers=str(rng.choice(scenarios.COVERS)),
        )
        for frame in (known, again):
            assert set(frame["kind"]) == {""}
        pd.testing.assert_frame_equal(*(scenarios.costs(scenario, f, RECIPIENTS) for f in (known, again)))
        by = ["province", "kind", "group"]
        pd.testing.assert_frame_equal(*(scenarios.winners(scenario, FLAT, f, by) for f in (known, again)))


def test_every_mean_is_of_enough_schools_whoever_asks_and_keeps_the_pupils_of_a_province() -> None:
    for seed in range(5):
        every = country(seed)
        for scope in (NOWHERE, Scope.of(["40"]), Scope.of(["50", "70"])):
            known = scenarios.told(every, scope, FEWEST)
            inside = every["province"].map(scope.covers)
            pd.testing.assert_frame_equal(known[inside], every[inside])
            assert known[~inside].equals(scenarios.told(every, NOWHERE, FEWEST)[~inside])  # two scopes have no difference to tell
            assert known["pupils"].isna().equals(every["pupils"].isna())
            hidden = known[~inside & known["pupils"].notna()]
            for _cell, part in hidden.groupby(["province", hidden["level"] == "lower_secondary"]):
                own = every.loc[part.index, "pupils"]
                assert part["pupils"].value_counts().min() >= FEWEST or part["pupils"].nunique() == 1
                if len(part) >= FEWEST:
                    assert part["pupils"].sum() == pytest.approx(own.sum())
                else:
                    assert part["pupils"].iloc[0] != pytest.approx(own.mean())


def test_a_step_has_one_spelling() -> None:
    assert Scenario("ก", lunch=(("1+", 25.0),)).lunch == Scenario("ก", lunch=(("all", 25.0),)).lunch == (("all", 25.0),)


def test_difference_names_what_the_base_has_not() -> None:
    base = Scenario("ฐาน", basic=(("primary", 500.0),), years=1, start_year=2569)
    new, old = (scenarios.costs(s, SCHOOLS, RECIPIENTS) for s in (NOW, base))
    by = scenarios.difference(new[new["year"] == 2569], old, ["programme"]).set_index("programme")
    assert by.loc[BASIC, "difference"] == 315 * 100
    assert by.loc[BASIC, "share"] == pytest.approx(0.2)
    assert pd.isna(by.loc[LUNCH, "share"])  # no share of nothing


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"days": 0},
        {"days": 367},
        {"years": 11},
        {"indexation": 0.6},
        {"lunch": (("1-40", -1.0),)},
        {"lunch": (("1-40", 36.0), ("60+", 20.0))},  # a gap between 41 and 59
        {"covers": "some"},
    ],
)
def test_what_breaks_a_rule_is_refused(wrong: dict) -> None:
    with pytest.raises(UsageError):
        Scenario(**{"name": "ชื่อ", **wrong})


def test_saved_scenarios_come_back_whole_and_are_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    kept = scenarios.save(NOW)
    assert scenarios.load(kept) == NOW
    assert scenarios.saved() == {kept: NOW}
    with pytest.raises(UsageError):
        scenarios.save(Scenario("ทดลอง", days=100))
    scenarios.save(Scenario("ทดลอง", days=100), replace_old=True)
    assert scenarios.load(kept).days == 100
    scenarios.delete(kept, OPERATOR)
    assert scenarios.saved() == {}
    with pytest.raises(UsageError):
        scenarios.load(kept)
    with pytest.raises(UsageError):
        scenarios.load("../../etc/passwd")
