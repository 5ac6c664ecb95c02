"""Scenarios of rates, worked by hand: lunch by size, grants by level, indexation, growth, who gains and who loses."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from data_access import scenarios
from data_access.errors import UsageError
from data_access.policy import BASIC, EQUITY, LUNCH
from data_access.scenarios import EVERY_SCHOOL, SHARED, Scenario

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
    scenarios.delete(kept)
    assert scenarios.saved() == {}
    with pytest.raises(UsageError):
        scenarios.load(kept)
    with pytest.raises(UsageError):
        scenarios.load("../../etc/passwd")
