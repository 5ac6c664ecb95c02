"""What shown counts differ by tells nobody's number: all of `tests.reliability.differences` on small countries and on the demonstration."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_access.programmes.indicators import FAMILIES
from data_access.publishing.summaries import SAME_PEOPLE
from data_access.questions.query import query
from data_access.summaries import cube as cubes
from data_access.summaries import disclosure, matched_sums
from data_access.summaries.cube import ALL, CubeInMaking, CubeSpec, guard_together
from tests.reliability import differences
from tests.reliability.differences import Cube, Found

pytestmark = pytest.mark.any_store

SCHEMES = ("region4", "region6", "nesdc")
SPEC = CubeSpec(
    path=("province_code", "district_code", "school_code"),
    levels=("province", "district", "school"),
    people=("basic", "equity", "eligible"),
    attached={},
    attributes={"sex": ("male", "female")},
)
SURVEY = CubeSpec(
    path=("province_code",), levels=("province",), people=("assessed",), attached={}, attributes={"band": ("low", "high")}
)
COHORT = CubeSpec(
    path=("province_code", "district_code"),
    levels=("province", "district"),
    people=("active",),
    attached={},
    attributes={"arm": ("visits", "none")},
    followed=("active",),
)
REGIONS = pd.DataFrame(
    {"region4": list("aaabbb"), "region6": list("aabbcc"), "nesdc": list("abcabc")}, index=[f"{p}0" for p in range(6)]
)


def country(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pupils of 6 provinces with two districts and up to three schools each: of semesters, and of their year."""
    rng = np.random.default_rng(seed)
    rows = []
    for province in REGIONS.index:
        for district in (1, 2):
            for school in range(rng.integers(1, 4)):
                for sex in ("male", "female"):
                    size = int(rng.choice([0, 4, 12, 30, 60]))
                    eligible = rng.random(size) < 1
                    basic = eligible & (rng.random(size) < rng.choice([0.75, 0.9, 0.97, 1]))
                    equity = basic & (rng.random(size) < rng.choice([0.6, 0.9, 1]))
                    halves = rng.random((size, 2)) < rng.choice([0.9, 0.97, 1])
                    place = {
                        "province_code": province,
                        "district_code": f"{province}0{district}",
                        "school_code": f"{province}0{district}{school}",
                    }
                    flags = {"basic": basic, "equity": equity, "eligible": eligible}
                    for half in (0, 1):
                        counts = {m: float((f & halves[:, half]).sum()) for m, f in flags.items()}
                        rows.append({**place, "sex": sex, "period": f"2565-{half + 1}", **counts})
                    there = halves.any(axis=1)
                    rows.append(
                        {**place, "sex": sex, "period": "AY2565", **{m: float((f & there).sum()) for m, f in flags.items()}}
                    )
    frame = pd.DataFrame(rows)
    return frame[frame["period"] != "AY2565"].reset_index(drop=True), frame[frame["period"] == "AY2565"].reset_index(drop=True)


def survey(semesters: pd.DataFrame) -> pd.DataFrame:
    """The eligible once more, in another table with characteristics of its own."""
    sums = semesters.groupby(["province_code", "period", "sex"], as_index=False)["eligible"].sum()
    return sums.assign(band=sums["sex"].map({"male": "low", "female": "high"}), assessed=sums["eligible"])


def cohort(seed: int) -> pd.DataFrame:
    """Families of the same districts over four periods, of whom some leave."""
    rng = np.random.default_rng(seed)
    rows = []
    for province in REGIONS.index:
        for district in (1, 2):
            for arm in ("visits", "none"):
                left = float(rng.integers(12, 40))
                for period in ("2565-2", "2566-1", "2566-2", "2567-1"):
                    rows.append(
                        {
                            "province_code": province,
                            "district_code": f"{province}0{district}",
                            "arm": arm,
                            "period": period,
                            "active": left,
                        }
                    )
                    left = max(left - float(rng.choice([0, 0, 1, 2, 5, 12])), 0)
    return pd.DataFrame(rows)


def grants(seed: int) -> CubeInMaking:
    semesters, years = country(seed)
    return CubeInMaking(semesters, SPEC, REGIONS, years, ("basic", "equity"))


def written(name: str, made: CubeInMaking) -> Cube:
    return Cube(name, made.rows(), made.spec, REGIONS)


def found_in_grants(seed: int) -> list[Found]:
    made = grants(seed)
    made.protect()
    cube = written("grants", made)
    return differences.between_measures(cube) + differences.between_year_and_semester(cube)


def found_in_cohort(seed: int) -> list[Found]:
    made = CubeInMaking(cohort(seed), COHORT, REGIONS)
    made.protect()
    return differences.between_periods(written("cohort", made))


def found_in_tables(seed: int) -> list[Found]:
    one, other = grants(seed), CubeInMaking(survey(country(seed)[0]), SURVEY, REGIONS)
    other.protect()
    guard_together(one, "eligible", other, "assessed")
    return differences.between_tables(written("grants", one), "eligible", written("survey", other), "assessed", dated=True)


def found_in_senders(seed: int) -> list[Found]:
    """Schools of which some do not send in each of three years; poor pupils some of all."""
    rng = np.random.default_rng(seed)
    schools = country(seed)[0].query("period == '2565-1'").reset_index(drop=True)
    years = [schools.assign(period=f"{year}-1") for year in (2564, 2565, 2566)]
    for rows in years:
        rows["basic"] = rng.binomial(rows["basic"].astype(int), 0.9).astype(float)
        rows["equity"] = rng.binomial(rows["basic"].astype(int), rng.choice([0.7, 0.99, 1])).astype(float)
    codes = schools["school_code"].unique()
    sent = [rows[rows["school_code"].isin(codes[rng.random(len(codes)) < 0.75])] for rows in years]
    made = CubeInMaking(pd.concat(sent, ignore_index=True), SPEC, REGIONS)
    made.protect()
    return differences.between_senders(
        written("grants", made), matched_sums.matched_sums("grants", made, ("basic", "equity", "eligible"))
    )


ATTACKS: tuple[Callable[[int], list[Found]], ...] = (found_in_grants, found_in_cohort, found_in_tables, found_in_senders)


@pytest.mark.parametrize("attack", ATTACKS)
@given(seed=st.integers(0, 10**6))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_nobody_is_found_out_by_subtraction(attack: Callable[[int], list[Found]], seed: int) -> None:
    assert attack(seed) == []


def test_money_of_the_senders_of_two_years_tells_no_split() -> None:
    """A school of 18, 7 of them paid at the higher rate, sends once: the country less the sum of the others was 32,000 baht."""
    rates = {"primary": 1000.0, "lower_secondary": 3000.0}
    spec = CubeSpec(
        path=SPEC.path,
        levels=SPEC.levels,
        people=("basic",),
        attached={"baht": "basic"},
        attributes={"level": tuple(rates)},
        priced={"baht": "level"},
    )
    rows = [
        {
            "province_code": province,
            "district_code": f"{province}01",
            "school_code": f"{province}01{school}",
            "period": period,
            "level": level,
            "basic": float(heads),
            "baht": heads * rates[level],
        }
        for province in REGIONS.index
        for school in range(3)
        for period in ("2565-1", "2566-1")
        if (province, school, period) != ("10", 0, "2566-1")
        for level, heads in (("primary", 11 + school), ("lower_secondary", 7))
    ]
    made = CubeInMaking(pd.DataFrame(rows), spec, REGIONS)
    made.protect()
    told = matched_sums.matched_sums("grants", made, ("basic", "baht"))
    assert set(told["measure"]) == {"basic"}


def nothing_between_siblings(total: object, hidden: np.ndarray, gaps: object, threshold: int) -> np.ndarray:
    return hidden


def nobody_near(counts: np.ndarray, *_rest: object) -> np.ndarray:
    return np.zeros(len(counts), dtype=bool)


def regions_by_counts_alone(counts: np.ndarray, split: object, rivals: object, *rest: object) -> np.ndarray:
    return disclosure_schemes_clean(counts, split, [], *rest)


disclosure_schemes_clean: Callable[..., np.ndarray] = disclosure._schemes_clean
WITHOUT = {
    "sums of differences over hidden places": (disclosure, "separate", nothing_between_siblings, found_in_grants),
    "differences in one place": (disclosure, "_differs_by_few", nobody_near, found_in_grants),
    "differences of regions": (disclosure, "_schemes_clean", regions_by_counts_alone, found_in_grants),
    "semesters of a year": (cubes, "_hold_against_semesters", lambda *_: None, found_in_grants),
    "earlier periods": (disclosure, "_earlier", lambda *_: disclosure.Rival({}, {}, {}), found_in_cohort),
    "lumps of senders": (matched_sums, "_is_safe", lambda *_: True, found_in_senders),
    "two lumps at least": (matched_sums, "_enough", lambda *_: True, found_in_senders),
    "measures of the same senders": (matched_sums, "_differ_safely", lambda *_: True, found_in_senders),
    "the other table": (cubes, "_force_hidden", lambda *_: False, found_in_tables),
}


@pytest.mark.parametrize("part", WITHOUT)
def test_without_a_part_of_the_rule_somebody_is_found_out(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The attacks are strong enough to notice."""
    module, name, instead, attack = WITHOUT[part]
    if part == "differences of regions":
        monkeypatch.setattr(disclosure, "_betrayed", lambda level, *_: np.zeros(int(level.period.max()) + 1, dtype=bool))
    if part == "earlier periods":
        monkeypatch.setattr(disclosure, "_protect_followed", disclosure._protect_split)
    else:
        monkeypatch.setattr(module, name, instead)
    assert any(attack(seed) for seed in range(24))


# ---- the demonstration release ---------------------------------------------------------------------------------------------
RECENT = ("2566-1", "2566-2", "AY2566")


@pytest.fixture(scope="module")
def demo(demo_home: None) -> list[Cube]:
    found = differences.cubes()
    for cube in found:
        if cube.name == "grants":  # all of its periods take minutes: `python -m tests.reliability`
            cube.rows = cube.rows[cube.rows["period"].isin(RECENT)].reset_index(drop=True)
    return found


@pytest.mark.parametrize("kind", differences.ATTACKS)
def test_the_demonstration_gives_nobody_away(kind: str, demo: list[Cube]) -> None:
    assert {c.name for c in demo} >= {"grants", "centres", "visits", "screening", "outside", "trial"}
    assert differences.ATTACKS[kind](demo) == []


def test_no_sum_beside_heads_is_a_count_of_heads(demo: list[Cube]) -> None:
    """What is shown wherever a count of people is must not count people itself: it would be told where it is too small."""
    for cube in demo:
        for measure, guard in cube.spec.attached.items():
            rows = cube.rows[[measure, guard]].dropna() if guard else cube.rows.iloc[:0]
            heads = len(rows) > 0 and (rows[measure] % 1 == 0).all() and (rows[measure] <= rows[guard]).all()
            assert not heads or measure in (*cube.spec.untold, "schools"), (cube.name, measure)


def test_what_a_set_of_places_answers_is_the_sum_of_what_its_members_answer(demo: list[Cube]) -> None:
    """So no set tells more than its members do, in whatever period or measure they are subtracted."""
    for indicator in ("grant.basic_recipients", "grant.equity_recipients"):
        for key, period in (("academic_year", "AY2566"), ("semester", "2566-2")):
            sets = query(indicator, by=("pilot_set",), where={key: period}).set_index("pilot_set")["value"]
            parts = query(indicator, by=("pilot_set", "province"), where={key: period})
            provincial = [s for s in sets.index if s.endswith("provinces")]
            assert provincial
            for name in provincial:
                assert sets[name] == parts.loc[parts["pilot_set"] == name, "value"].sum(), (indicator, period, name)


def test_visits_do_not_tell_who_has_left(demo: list[Cube]) -> None:
    """The plan is that of the families enrolled, so it is the same whether or not the number of those who left may be told."""
    visits = next(c for c in demo if c.name == "visits")
    rows = visits.rows[(visits.rows[["arm"]] != ALL).all(axis=1) & (visits.rows["fortnight"] == ALL)]
    rows = rows[(rows["planned"] > 0) & rows["enrolled"].notna()]
    assert len(rows) > 20
    assert (rows["planned"] % rows["enrolled"] == 0).all()
    hidden = visits.rows[visits.rows["active"].isna() & (visits.rows["fortnight"] == ALL) & visits.rows["planned"].notna()]
    assert len(hidden) > 5, "attrition is hidden in some places where the plan is shown"


def test_identities_name_what_is_there() -> None:
    for same in SAME_PEOPLE:
        assert same.measure in FAMILIES[same.family].spec.people
        assert same.same in FAMILIES[same.other].spec.people


@pytest.mark.parametrize(
    ("indicator", "other", "where", "there"),
    [
        (
            "grant.basic_recipients",
            "grant.basic_recipients",
            ({"academic_year": "AY2562"}, {"semester": "2562-2"}),
            {"region6": "east"},
        ),
        (
            "grant.basic_recipients",
            "grant.basic_recipients",
            ({"academic_year": "AY2562"}, {"semester": "2562-2"}),
            {"nesdc": "east"},
        ),
    ],
)
def test_regions_do_not_tell_the_few_of_one_semester(
    indicator: str, other: str, where: tuple[dict[str, str], dict[str, str]], there: dict[str, str], demo: list[Cube]
) -> None:
    values = [query(i, where={**w, **there})["value"].iloc[0] for i, w in zip((indicator, other), where, strict=True)]
    assert np.isnan(values).any() or not differences.few(np.array([values[0] - values[1]]))[0]
