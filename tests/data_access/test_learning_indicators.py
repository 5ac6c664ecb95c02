"""Standards, enrolment, participation and gaps, asked of the demonstration data and checked against its tables."""

from __future__ import annotations

import pytest

from data_access.questions.query import query
from data_access.store.releases import require_release
from data_access.store.tables import read_table

pytestmark = pytest.mark.usefixtures("on_demo")


def table(name: str):
    return read_table(require_release().id, name)


def test_standards_add_up_to_the_centres_that_reported() -> None:
    ids = [f"ecd.quality_{q}" for q in ("not_assessed", "below", "basic", "good", "excellent")]
    where = {"semester": "2565-1", "province": "40"}
    assert query(ids, (), where)["value"].sum() == query("ecd.centres", (), where)["value"].iloc[0]
    rows = table("centre_semester").merge(table("centre")[["centre_code", "province_code"]], on="centre_code")
    mine = rows[(rows["semester"] == "2565-1") & (rows["province_code"] == "40")]
    assert query("ecd.quality_good", (), where)["value"].iloc[0] == (mine["quality"] == "good").sum()


def test_participation_is_children_in_centres_over_children_who_live_there() -> None:
    asked = {"academic_year": "AY2565", "province": "40"}
    cell = query("ecd.participation", (), asked).iloc[0]
    children = query("ecd.children", (), {"semester": "2565-1", "province": "40"})["value"].iloc[0]
    residents = query("population.children_2_4", (), asked)["value"].iloc[0]
    assert cell["value"] == pytest.approx(children / residents)
    assert (cell["numerator"], cell["denominator"]) == (children, residents)


def test_participation_by_province_and_year_has_a_cell_for_each() -> None:
    frame = query("ecd.participation", ("academic_year", "province"))
    assert not frame.duplicated(["academic_year", "province"]).any()
    assert frame["province"].nunique() == 77
    bangkok = frame[frame["province"] == "10"]
    assert set(bangkok["state"]) == {"not_applicable"}


def test_enrolment_is_that_of_the_register() -> None:
    schools = table("school")
    assert query("school.pupils")["value"].iloc[0] == schools["pupils"].sum()
    mine = query("school.pupils", ("school",), {"province": "58"}).set_index("school")["value"].dropna()
    register = schools.set_index("school_code")["pupils"]
    assert (mine == register[mine.index].astype(float)).all()


def test_the_urban_rural_gap_has_one_cell_a_year() -> None:
    frame = query("school.rural_urban_gap", ("academic_year",))
    assert frame["academic_year"].tolist() == frame["period"].tolist()
    assert frame["academic_year"].is_unique
    assert (frame["low"] < frame["value"]).all()


def test_the_gap_between_girls_and_boys_is_the_difference_of_their_levels() -> None:
    asked = {"academic_year": "AY2564"}
    levels = query("readiness.z", ("group_code",), {**asked, "group_kind": "sex"}).set_index("group_code")["value"]
    gap = query("readiness.gap_sex", (), asked)["value"].iloc[0]
    assert gap == pytest.approx(levels["female"] - levels["male"])


def test_one_province_and_all_provinces_agree_about_what_is_not_there() -> None:
    there = (("tsqp.schools", "not_applicable"), ("ecd.centres_upgraded", "zero"), ("ecd.children", "provisional"))
    for indicator, state in there:  # the last semester has not ended
        alone = query(indicator, (), {"province": "11"}).iloc[0]
        among = query(indicator, ("province",)).set_index("province").loc["11"]
        assert (alone["state"], among["state"]) == (state, state)
    assert query("ecd.children", (), {"province": "10"})["state"].iloc[0] == "not_applicable"
