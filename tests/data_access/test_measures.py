"""Measures that stewards declare: what is settled, what may be put better, and what pages are then answered."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import geo
from data_access.contract.errors import UsageError
from data_access.programmes import measures
from data_access.programmes.indicators import REGISTRY
from data_access.programmes.measures import Measure
from data_access.publishing import declarations, drafts
from data_access.questions import query
from data_access.store.releases import current_release, rollback
from data_access.who.access import Person, RoleError
from tests.data_access import small

PROVINCES = [str(c) for c in geo.provinces().index]
PEOPLE = Measure("own.people", "จำนวนคน", "People", "", "", "คน", "persons", "persons", "sum", "calendar_year", "ทดสอบ")
POOR = Measure(
    "own.poor", "สัดส่วนคนจน", "Poverty rate", "", "", "", "", "rate", "weighted", "calendar_year", "ทดสอบ", weight="own.people"
)
INCOME = Measure(
    "own.income", "รายได้เฉลี่ย", "Mean income", "", "", "บาทต่อเดือน", "baht a month", "mean", "never", "calendar_year", "ทดสอบ"
)


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    query.forget()
    yield
    query.forget()


def put(indicator: str, values: dict[str, float], level: str = "province", **key: str) -> None:
    rows = [
        {
            "indicator": indicator,
            "place_level": level,
            "place_code": c,
            "period": "CY2566",
            "sex": "all",
            "level": "all",
            **key,
            "value": v,
        }
        for c, v in values.items()
    ]
    drafts.open_draft().upsert("reported_value", pd.DataFrame(rows), "test")


def published() -> str:
    draft = drafts.draft_in_progress()
    assert draft is not None
    return drafts.publish(draft).id


def nation(indicator: str, **options: str) -> pd.Series:
    return query.query(indicator, by=("calendar_year",), **options).iloc[0]


def test_a_weighted_mean_is_that_of_its_weights() -> None:
    declarations.declare_all([POOR, PEOPLE])
    people = {c: 1000.0 + 37 * n for n, c in enumerate(PROVINCES)}
    poor = {c: (n % 13) / 100 for n, c in enumerate(PROVINCES)}
    put("own.people", people)
    put("own.poor", poor)
    published()
    expected = sum(people[c] * poor[c] for c in PROVINCES) / sum(people.values())
    assert nation("own.poor")["value"] == pytest.approx(expected)
    regions = geo.provinces()["region4"]
    for row in query.query("own.poor", by=("region4",)).itertuples():
        mine = [c for c in PROVINCES if regions[c] == row.region4]
        assert row.value == pytest.approx(sum(people[c] * poor[c] for c in mine) / sum(people[c] for c in mine))
    each = query.query("own.poor", by=("province",)).set_index("province")["value"]
    assert each.to_dict() == pytest.approx(poor)
    assert query.query("own.poor")[["low", "high", "n"]].isna().all(axis=None)  # what was reported is no sample


def test_what_lacks_one_weight_has_no_mean() -> None:
    declarations.declare_all([PEOPLE, POOR])
    put("own.people", dict.fromkeys(PROVINCES[1:], 1000.0))
    put("own.poor", dict.fromkeys(PROVINCES, 0.1))
    published()
    assert nation("own.poor")["state"] == "not_collected"
    assert query.query("own.poor", by=("province",))["value"].tolist() == pytest.approx([0.1] * len(PROVINCES))


def test_what_never_adds_up_is_told_of_single_places_alone() -> None:
    declarations.declare(INCOME)
    put("own.income", {c: 10_000.0 + n for n, c in enumerate(PROVINCES)})
    published()
    assert nation("own.income")["state"] == "not_applicable"
    assert set(query.query("own.income", by=("region4",))["state"]) == {"not_applicable"}
    assert query.query("own.income", where={"province": "10"})["value"].tolist() == [10_000.0]
    two = query.query("own.income", where={"province": ["10", "11"]}).iloc[0]
    assert math.isnan(two["value"])
    assert query.periods_of("own.income") == ["CY2566"]


def test_few_persons_are_hidden_and_what_would_give_them_away() -> None:
    declarations.declare_all([PEOPLE])
    put("own.people", {c: 4.0 if n == 5 else 500.0 for n, c in enumerate(PROVINCES)})
    published()
    states = query.query("own.people", by=("province",)).set_index("province")["state"]
    assert states[PROVINCES[5]] == "suppressed"
    assert (states == "suppressed").sum() >= 2
    assert nation("own.people")["value"] == 500.0 * (len(PROVINCES) - 1) + 4


def schools(n: int) -> list[str]:
    """Codes of schools of the small country, all of one province."""
    drafts.open_draft().upsert("lao", small.laos(), "test")
    drafts.open_draft().upsert("school", small.schools(), "test")
    return small.schools()["school_code"].tolist()[:n]


def test_a_mean_of_few_pupils_of_a_school_is_hidden() -> None:
    pupils = replace(PEOPLE, measure_id="own.examined")
    score = replace(POOR, measure_id="own.score", kind="mean", unit_th="คะแนน", unit_en="points", weight="own.examined")
    declarations.declare_all([pupils, score])
    codes = schools(4)
    put("own.examined", {c: 3.0 if n == 0 else 40.0 for n, c in enumerate(codes)}, level="school")
    put("own.score", {c: 50.0 + n for n, c in enumerate(codes)}, level="school")
    published()
    found = query.query("own.score", by=("school",), where={"province": codes[0][2:4]}).set_index("school")
    assert found.loc[codes[0], "state"] == "suppressed"
    assert (found["state"] == "suppressed").sum() >= 2  # else the mean of the province would tell
    expected = (3 * 50.0 + sum(40 * (50.0 + n) for n in range(1, 4))) / (3 + 40 * 3)
    province = query.query("own.score", by=("province",)).set_index("province").loc[codes[0][2:4], "value"]
    assert province == pytest.approx(expected)


DISTRICTS = ["4001", "4002", "4003", "4004", "4005"]
PUPILS = dict(zip(DISTRICTS, (50.0, 500.0, 600.0, 700.0, 800.0), strict=True))


def told(indicator: str) -> dict[str, float]:
    """What is shown of the districts of one province."""
    found = query.query(indicator, by=("district",), where={"province": "40"})
    return found.dropna(subset="value").set_index("district")["value"].to_dict()


def test_a_rate_times_its_weight_tells_no_few_people() -> None:
    """Two of fifty pupils left: the count was hidden, and the rate of 4 % beside the fifty gave it back; so did 96 % who stayed."""
    gone = replace(PEOPLE, measure_id="own.gone")
    declarations.declare_all([PEOPLE, gone, POOR, replace(POOR, measure_id="own.stayed")])
    left = {c: 2.0 if c == "4001" else p / 10 for c, p in PUPILS.items()}
    put("own.people", PUPILS, level="district")
    put("own.gone", left, level="district")
    put("own.poor", {c: round(left[c] / p, 4) for c, p in PUPILS.items()}, level="district")
    put("own.stayed", {c: round(1 - left[c] / p, 4) for c, p in PUPILS.items()}, level="district")
    published()
    assert set(told("own.people")) == set(DISTRICTS)
    shown = set(told("own.gone"))
    assert shown == {"4003", "4004", "4005"}
    assert set(told("own.poor")) == set(told("own.stayed")) == shown
    province = query.query("own.poor", by=("province",)).set_index("province").loc["40", "value"]
    assert province == pytest.approx(sum(left.values()) / sum(PUPILS.values()))


def test_a_rate_of_few_stays_hidden_where_another_place_has_no_weight() -> None:
    declarations.declare_all([PEOPLE, POOR])
    put("own.people", {**PUPILS, "4001": 3.0}, level="district")
    put("own.poor", {**dict.fromkeys(DISTRICTS, 0.2), "4001": 1 / 3, "4004": 0.0029, "4010": 0.3}, level="district")
    published()
    assert told("own.poor") == pytest.approx({"4002": 0.2, "4003": 0.2, "4005": 0.2, "4010": 0.3})
    states = query.query("own.poor", by=("district",), where={"province": "40"}).set_index("district")["state"]
    assert set(states[["4001", "4004"]]) == {"suppressed"}
    assert nation("own.poor")["state"] == "not_collected"


def test_the_weight_of_both_sexes_is_the_sum_of_theirs() -> None:
    """Told by sex alone it was none, and a rate of four children was shown as one that has no weight."""
    declarations.declare_all([PEOPLE, POOR])
    for sex in ("male", "female"):
        put("own.people", {**PUPILS, "4001": 2.0}, level="district", sex=sex)
    put("own.poor", {**dict.fromkeys(DISTRICTS, 0.1), "4001": 0.25}, level="district")
    published()
    assert "4001" not in told("own.poor")
    assert query.query("own.poor", by=("province",)).set_index("province").loc["40", "value"] > 0


def test_a_mean_of_a_school_without_a_weight_is_not_told() -> None:
    declarations.declare(replace(INCOME, measure_id="own.grade"))
    put("own.grade", dict.fromkeys(schools(3), 3.1), level="school")
    published()
    assert query.query("own.grade", by=("school",), where={"province": "30"})["value"].notna().sum() == 0


def test_words_may_be_put_better_and_what_values_are_is_settled() -> None:
    declarations.declare(PEOPLE)
    declarations.change("own.people", unit_th="ราย")  # no values yet
    put("own.people", dict.fromkeys(PROVINCES, 100.0))
    first = published()
    better = declarations.change("own.people", title_th="จำนวนผู้อยู่อาศัย", direction="down")
    assert better.version == 3
    with pytest.raises(UsageError, match="kind"):
        declarations.change("own.people", kind="things")
    second = published()
    assert [m.title_th for m in measures.of_release(second)] == ["จำนวนผู้อยู่อาศัย"]
    assert [m.title_th for m in measures.of_release(first)] == ["จำนวนคน"]
    assert REGISTRY["own.people"].direction == "down"
    rollback(first)
    assert nation("own.people")["value"] == 7700


def test_retired_measures_take_no_more_values_and_keep_those_they_have() -> None:
    from data_access.importing.mapping import indicator_of

    declarations.declare(PEOPLE)
    put("own.people", dict.fromkeys(PROVINCES, 100.0))
    declarations.retire("own.people")
    published()
    assert REGISTRY["own.people"].retired == dt.date.today().isoformat()
    assert "own.people" in query.available()
    with pytest.raises(UsageError, match="retired"):
        indicator_of("reported:own.people")


def test_only_what_has_no_values_and_was_never_published_is_withdrawn() -> None:
    declarations.declare_all([PEOPLE, INCOME])
    declarations.withdraw("own.income")
    assert [m.measure_id for m in declarations.of_draft()] == ["own.people"]
    put("own.people", {"10": 100.0})
    with pytest.raises(UsageError, match="retired"):
        declarations.withdraw("own.people")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"title_th": " "}, "title_th"),
        ({"unit_th": ""}, "unit_th"),
        ({"source": ""}, "source"),
        ({"kind": "mean"}, "never a sum"),
        ({"adds_up": "never"}, "as a sum"),
        ({"weight": "own.people"}, "weigh"),
        ({"period_type": "month"}, "month"),
        ({"splits": "age"}, "age"),
        ({"outside": "Bangkok"}, "Bangkok"),
        ({"measure_id": "own.Big Name"}, "Big Name"),
        ({"measure_id": "pao.budget"}, "pao.budget"),
        ({"kind": "mean", "adds_up": "weighted", "weight": "pao.budget"}, "pao.budget"),
        ({"kind": "mean", "adds_up": "weighted", "weight": "assist.recipients"}, "assist.recipients"),
    ],
)
def test_what_does_not_fit_together_is_refused_by_name(wrong: dict[str, str], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        declarations.declare(replace(PEOPLE, **wrong))
    assert drafts.draft_in_progress() is None


def test_an_id_stands_for_one_thing() -> None:
    declarations.declare(PEOPLE)
    with pytest.raises(UsageError, match=r"own\.people"):
        declarations.declare(replace(PEOPLE, title_th="อย่างอื่น"))
    assert declarations.proposed_id("People") == "own.people_2"
    assert declarations.proposed_id("ไทยล้วน") == "own.measure"


def test_an_id_stays_that_of_one_thing_when_an_older_release_is_brought_back() -> None:
    declarations.declare(INCOME)
    put("own.income", {"10": 100.0})
    first = published()
    declarations.declare(PEOPLE)
    put("own.people", dict.fromkeys(PROVINCES, 100.0))
    second = published()
    declarations.change("own.people", caveat_th="นับใหม่")
    published()
    rollback(first)
    with pytest.raises(UsageError, match=r"own\.people"):
        declarations.declare(replace(PEOPLE, title_th="รถยนต์", kind="things"))
    assert declarations.proposed_id("People") == "own.people_2"
    rollback(second)
    assert declarations.change("own.people", caveat_th="อีกคำ").version == 3
    with pytest.raises(UsageError, match="has values"):
        declarations.change("own.people", kind="things")


def test_what_was_published_before_stays_settled_when_the_release_brought_back_has_no_values() -> None:
    declarations.declare(PEOPLE)
    declarations.declare(INCOME)
    put("own.income", {"10": 100.0})
    first = published()
    put("own.people", dict.fromkeys(PROVINCES, 3.0))
    published()
    rollback(first)
    with pytest.raises(UsageError, match="has values"):
        declarations.change("own.people", kind="things")


def test_a_weight_stays_one_while_something_is_weighed_by_it() -> None:
    declarations.declare_all([PEOPLE, POOR])
    for wrong in ({"kind": "rate", "adds_up": "never"}, {"period_type": "semester"}):
        with pytest.raises(UsageError, match="cannot weigh"):
            declarations.change("own.people", **wrong)
    with pytest.raises(UsageError, match=r"own\.poor"):
        declarations.withdraw("own.people")
    declarations.withdraw("own.poor")
    assert declarations.withdraw("own.people").measure_id == "own.people"


def test_names_are_one_line_that_a_database_and_a_button_can_hold() -> None:
    made = declarations.declare(replace(PEOPLE, title_th=" ก\n\n# ข\x00\u202e ", headings="ก\x00\n ข  ค \n\n"))
    assert (made.title_th, made.short_th, made.headings) == ("ก # ข", "ก # ข", "ก\nข  ค")
    assert len(declarations.declare(replace(INCOME, title_th="ย" * 200)).short_th) == 80
    with pytest.raises(UsageError, match="longer than 40"):
        declarations.change("own.people", unit_th="ย" * 41)


def test_readers_declare_nothing() -> None:
    with pytest.raises(RoleError):
        declarations.declare(PEOPLE, Person("somebody", "viewer"))


def test_a_national_id_is_masked_where_it_is_typed() -> None:
    declarations.declare(replace(PEOPLE, caveat_th="ถามจาก 1101700230708"))
    assert "1101700230708" not in declarations.of_draft()[0].caveat_th


def test_a_draft_knows_its_own_and_readers_the_published_ones() -> None:
    declarations.declare(PEOPLE)
    put("own.people", dict.fromkeys(PROVINCES, 100.0))
    assert current_release() is None
    published()
    declarations.declare(INCOME)
    assert [m.measure_id for m in measures.of_release()] == ["own.people"]
    assert [m.measure_id for m in declarations.of_draft()] == ["own.income", "own.people"]
    assert "own.income" not in query.available()


def test_parts_and_their_total_do_not_tell_a_hidden_part() -> None:
    groups = [replace(PEOPLE, measure_id=f"own.age_{n}") for n in range(3)]
    declarations.declare_all([*groups, replace(PEOPLE, measure_id="own.all_ages"), replace(PEOPLE, measure_id="own.other")])
    ages = [{c: float((n * 7 + k * 31) % 90 + (3 if (n + k) % 9 else 40)) for n, c in enumerate(PROVINCES)} for k in range(3)]
    for group, values in zip(groups, ages, strict=True):
        put(group.measure_id, values)
    put("own.all_ages", {c: sum(values[c] for values in ages) for c in PROVINCES})
    put("own.other", {c: 1000.0 + n * n % 97 for n, c in enumerate(PROVINCES)})
    published()
    shown = {
        i: query.query(i, by=("province",)).set_index("province")["value"]
        for i in ("own.age_0", "own.age_1", "own.age_2", "own.all_ages")
    }
    missing = pd.DataFrame(shown).isna()
    assert missing.any(axis=None)
    assert (missing.sum(axis=1) != 1).all()  # one hidden number is the difference of those shown
    assert query.query("own.other", by=("province",))["value"].notna().all()  # it depends on none of them
    assert nation("own.all_ages")["value"] == sum(sum(values.values()) for values in ages)
