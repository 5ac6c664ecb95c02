"""What `query` answers: every indicator, nationally and by province, with states that never contradict the numbers."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from data_access.contract.errors import ReleaseError, UsageError
from data_access.programmes.indicators import REGISTRY
from data_access.questions import cells
from data_access.questions.query import KEYS, PERIOD_KEYS, PLACE_KEYS, periods_of, query, to_records
from data_access.store.releases import require_release
from data_access.store.tables import read_table

pytestmark = pytest.mark.usefixtures("on_demo")

NUMBERS = ["value", "numerator", "denominator", "n", "low", "high"]
NATIONAL = [i for i, x in REGISTRY.items() if not x.each]  # the others need one named: a pilot set, a cohort
BY_PROVINCE = [i for i in NATIONAL if "province" in REGISTRY[i].places]
REGION_KEYS = ("region4", "region6", "nesdc")


def consistent(frame: pd.DataFrame, indicator_id: str) -> None:
    """The rules that hold for every cell, whatever was asked."""
    indicator = REGISTRY[indicator_id]
    assert set(frame["state"]) <= set(cells.STATES)
    present = frame["state"].isin([*cells.TOLD, cells.OLDER])
    assert (frame["value"].notna() == present).all()
    assert frame.loc[~present, NUMBERS].isna().all().all()
    assert (frame.loc[frame["state"] == cells.ZERO, "value"] == 0).all()
    if indicator.kind in ("count", "money"):
        assert frame.loc[frame["value"] == 0, "state"].isin([cells.ZERO, cells.PROVISIONAL]).all()
        assert (frame["value"].dropna() >= 0).all()
    if indicator.kind == "rate":
        assert frame["value"].dropna().between(0, 1).all()
        assert frame[["low", "high"]].stack().dropna().between(0, 1).all()
    bounded = frame.dropna(subset=["value", "low", "high"])
    assert (bounded["low"] <= bounded["value"]).all()
    assert (bounded["value"] <= bounded["high"]).all()
    ratios = frame.dropna(subset=["numerator", "denominator", "value"])
    np.testing.assert_allclose(ratios["numerator"] / ratios["denominator"], ratios["value"], rtol=1e-9)


@pytest.mark.parametrize("indicator_id", NATIONAL)
def test_one_national_cell(indicator_id: str) -> None:
    frame = query(indicator_id)
    assert len(frame) == 1
    assert list(frame.columns) == ["indicator", *cells.COLUMNS]
    assert frame["table"].iloc[0]
    assert frame["state"].iloc[0] != cells.SUPPRESSED
    consistent(frame, indicator_id)


@pytest.mark.usefixtures("demo_home")
def test_a_count_about_which_nothing_is_known_yet_was_not_collected() -> None:
    """Where pupils will be next semester is known of no pupil of the latest one: that is no nought."""
    cells = query("grant.still_in_school", by=("semester",)).set_index("period")
    known = query("grant.retention", by=("semester",)).set_index("period")
    assert cells.loc["2568-1", "state"] == known.loc["2568-1", "state"] == "not_collected"
    assert cells.loc["2567-2", "value"] == known.loc["2567-2", "numerator"]
    assert not (cells["state"] == "zero").any()


@pytest.mark.parametrize("indicator_id", BY_PROVINCE)
def test_all_77_provinces_answer(indicator_id: str) -> None:
    frame = query(indicator_id, by=("province",))
    assert len(frame) == 77
    assert set(frame["province"]) == set(read_table(require_release().id, "province")["province_code"])
    consistent(frame, indicator_id)


@pytest.mark.parametrize("indicator_id", NATIONAL)
def test_over_time_and_over_splits(indicator_id: str) -> None:
    indicator = REGISTRY[indicator_id]
    for key in (*indicator.periods, *indicator.dims):
        frame = query(indicator_id, by=(key,))
        assert not frame.duplicated([key]).any()
        assert frame[key].notna().all()
        consistent(frame, indicator_id)


@pytest.mark.parametrize("indicator_id", ["grant.basic_recipients", "grant.coverage", "ecd.children", "readiness.z"])
@pytest.mark.parametrize("scheme", REGION_KEYS)
def test_every_region_of_every_scheme(indicator_id: str, scheme: str) -> None:
    frame = query(indicator_id, by=(scheme,))
    provinces = read_table(require_release().id, "province")
    assert set(frame[scheme]) <= set(provinces[scheme])
    consistent(frame, indicator_id)
    inside = query(indicator_id, by=("province",), where={scheme: provinces[scheme].iloc[-1]})
    assert set(inside["province"]) == set(provinces.loc[provinces[scheme] == provinces[scheme].iloc[-1], "province_code"])


@pytest.mark.parametrize("indicator_id", list(REGISTRY))
def test_a_key_is_answered_or_refused_never_ignored(indicator_id: str) -> None:
    indicator = REGISTRY[indicator_id]
    regions = REGION_KEYS if "region" in indicator.places else ()
    known = {"pilot_set", *regions, *indicator.places, *indicator.dims, *indicator.periods}
    for key in set(KEYS) - known:
        for question in ({"by": (key,)}, {"where": {key: "2565-1"}}):
            with pytest.raises(UsageError):
                query(indicator_id, **question)


@pytest.mark.parametrize("kinds", list(combinations(PERIOD_KEYS, 2)), ids="+".join)
def test_kinds_of_period_are_not_mixed(kinds: tuple[str, str]) -> None:
    with pytest.raises(UsageError, match="cannot be mixed"):
        query("grant.basic_recipients", by=kinds)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"indicators": "grant.nothing"}, "There is no indicator"),
        ({"indicators": "grant.found", "by": ("weather",)}, "not something to break down"),
        ({"indicators": "grant.found", "where": {"weather": "wet"}}, "not something to break down"),
        ({"indicators": "grant.found", "where": {"semester": "AY2565"}}, "is not a value of semester"),
        ({"indicators": "grant.found", "where": {"semester": "next"}}, "is not a period"),
        ({"indicators": "grant.found", "where": {"sex": "women"}}, "is not a value of sex"),
        ({"indicators": "grant.found", "where": {"province": "99"}}, "is not a value of province"),
        ({"indicators": "grant.found", "where": {"province": "เชียงใหม่"}}, "is not a value of province"),
        ({"indicators": "grant.found", "where": {"region4": "middle-earth"}}, "is not a value of region4"),
        ({"indicators": "grant.found", "where": {"school": "0000000000"}}, "is not a value of school"),
        ({"indicators": "grant.found", "where": {"pilot_set": "nowhere"}}, "There is no pilot set"),
        ({"indicators": "grant.found", "where": {"semester": ["2565-1", "2565-2"]}}, "periods are not added up"),
        ({"indicators": "readiness.mean", "where": {"academic_year": ["AY2565", "AY2566"]}}, "periods are not added up"),
        ({"indicators": "pilot.size"}, "Name a pilot set"),
    ],
    ids=lambda v: str(v)[:40],
)
def test_a_wrong_question_is_refused_in_words(question: dict, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        query(**question)


def test_a_release_that_is_not_there() -> None:
    with pytest.raises(ReleaseError, match="There is no release"):
        query("grant.found", release="r1")


def test_outside_the_law_and_not_collected_are_told_apart() -> None:
    states = query("grant.found", by=("province",), where={"semester": "2566-2"}).set_index("province")["state"]
    assert states["10"] == cells.NOT_APPLICABLE
    assert states["86"] == cells.NOT_COLLECTED
    assert query("tsqp.schools", by=("province",)).set_index("province")["state"]["10"] == cells.NOT_APPLICABLE
    assert query("pao.budget", by=("province",), where={"fiscal_year": "FY2560"}).set_index("province")["state"]["50"] == (
        cells.NOT_COLLECTED
    )


def test_a_question_of_nobody_is_not_collected_rather_than_nought() -> None:
    last = periods_of("grant.retention")[-1]
    cell = query("grant.retention", where={"semester": last}).iloc[0]
    assert (cell["state"], np.isnan(cell["value"])) == (cells.NOT_COLLECTED, True)


def test_too_fine_a_split_is_hidden_and_says_so() -> None:
    frame = query("grant.found", by=("province",), where={"sex": "male", "tier": "poor"})
    asked = frame[frame["state"] != cells.NOT_APPLICABLE]
    assert set(asked["state"]) == {cells.SUPPRESSED}
    assert set(asked["flag"]) == {"too_fine"}
    assert query("grant.found", where={"sex": "male", "tier": "poor"}).iloc[0]["state"] in cells.TOLD


def test_a_sum_of_some_places_says_that_it_leaves_hidden_ones_out() -> None:
    where = {"semester": "2565-1"}
    provinces = query("grant.equity_recipients", by=("province",), where=where)
    hidden = provinces[provinces["state"] == cells.SUPPRESSED]["province"].tolist()
    shown = provinces[provinces["state"].isin(cells.TOLD)]["province"].tolist()
    assert hidden
    mixed = query("grant.equity_recipients", where={**where, "province": [hidden[0], shown[0]]}).iloc[0]
    assert mixed["flag"] == "partial"
    assert mixed["value"] == provinces.set_index("province")["value"][shown[0]]
    only = query("grant.equity_recipients", where={**where, "province": hidden}).iloc[0]
    assert only["state"] == cells.SUPPRESSED


def test_people_agree_with_the_rows_of_the_table() -> None:
    """A second way to the same numbers, straight from the rows."""
    rows = read_table(require_release().id, "pupil_grant")
    rows = rows[rows["semester"] == "2565-1"]
    for sex in ("male", "female"):
        got = query("grant.basic_recipients", where={"semester": "2565-1", "sex": sex}).iloc[0]["value"]
        assert got == ((rows["sex"] == sex) & (rows["basic_baht"] > 0)).sum()
    year = read_table(require_release().id, "pupil_grant")
    year = year[year["semester"].str.startswith("2565") & (year["equity_baht"] > 0)]
    got = query("grant.equity_recipients", where={"academic_year": "AY2565"}).iloc[0]["value"]
    assert got == year["pupil_key"].nunique()
    known = rows[rows["next_status"].isin(["stayed", "moved_up", "moved", "dropped_out"])]
    cell = query("grant.dropout", where={"semester": "2565-1"}).iloc[0]
    assert (cell["numerator"], cell["denominator"]) == ((known["next_status"] == "dropped_out").sum(), len(known))
    days = (pd.to_datetime(rows["paid_on"]) - pd.to_datetime(rows["found_on"])).dt.days.dropna()
    assert query("grant.days_to_pay", where={"semester": "2565-1"}).iloc[0]["value"] == pytest.approx(days.mean())


def test_scores_agree_with_the_rows_of_the_table() -> None:
    tables = {name: read_table(require_release().id, name) for name in ("school_result", "school")}
    rows = tables["school_result"].merge(tables["school"], on="school_code")
    rows = rows[(rows["academic_year"] == 2566) & (rows["subject"] == "maths") & (rows["grade"] == "P6")].dropna(subset=["mean"])
    where = {"academic_year": "AY2566", "subject": "maths", "grade": "P6"}
    mean = np.average(rows["mean"], weights=rows["n"])
    assert query("school.mean_score", where=where).iloc[0]["value"] == pytest.approx(mean)
    known = rows.dropna(subset=["sd"])
    square = ((known["n"] - 1) * known["sd"] ** 2 + known["n"] * known["mean"] ** 2).sum()
    total, n = (known["n"] * known["mean"]).sum(), known["n"].sum()
    spread = np.sqrt((square - total**2 / n) / (n - 1))
    assert query("school.sd_score", where=where).iloc[0]["value"] == pytest.approx(spread)
    area = rows.groupby("rural")[["mean", "n"]].apply(lambda d: np.average(d["mean"], weights=d["n"]))
    assert query("school.rural_urban_gap", where=where).iloc[0]["value"] == pytest.approx((area[False] - area[True]) / spread)


def test_readiness_agrees_with_the_rows_of_the_table() -> None:
    rows = read_table(require_release().id, "readiness_result")
    rows = rows[(rows["group_kind"] == "all") & (rows["subdomain"] == "number_comparison")].dropna(subset=["mean"])
    base = rows[rows["academic_year"] == rows["academic_year"].min()]
    mu = np.average(base["mean"], weights=base["weight"])
    sigma = np.sqrt(np.average(base["sd"] ** 2 + base["mean"] ** 2, weights=base["weight"]) - mu**2)
    now = rows[rows["academic_year"] == 2565]
    where = {"academic_year": "AY2565", "subdomain": "number_comparison"}
    z = (np.average(now["mean"], weights=now["weight"]) - mu) / sigma
    assert query("readiness.z", where=where).iloc[0]["value"] == pytest.approx(z)
    both = now.merge(base, on="province_code", suffixes=("", "_0"))
    change = np.average((both["mean"] - both["mean_0"]) / sigma, weights=both["weight"])
    assert query("readiness.change", where=where).iloc[0]["value"] == pytest.approx(change)


def test_small_samples_are_hidden_with_their_whole_kind_of_group() -> None:
    """Were only one group of a kind hidden, all less the others would give it back."""
    for kind in ("sex", "wealth", "area"):
        frame = query("readiness.mean", by=("province", "group_code"), where={"group_kind": kind, "subdomain": "reading"})
        took_part = frame[frame["state"].isin([*cells.TOLD, cells.SUPPRESSED])]
        assert (took_part.groupby("province")["state"].nunique() == 1).all()
        assert cells.SUPPRESSED in set(took_part["state"])


def test_several_indicators_in_one_question() -> None:
    ids = ("grant.found", "tsqp.schools")
    frame = query(ids, by=("province",))
    assert frame.groupby("indicator", sort=False).size().to_dict() == dict.fromkeys(ids, 77)


def test_an_answer_can_be_changed_without_changing_the_next_one() -> None:
    first = query("grant.found")
    first["value"] = -1
    assert query("grant.found").iloc[0]["value"] > 0


def test_records_are_json_ready() -> None:
    record = to_records(query("grant.found", by=("province",)))[0]
    assert list(record)[:2] == ["indicator", "province"]
    assert all(v is None or isinstance(v, (str, int, float)) for v in record.values())


def test_places_below_the_province_say_what_they_are() -> None:
    frame = query("ecd.children", by=("centre",), where={"province": "30", "semester": "2565-1"})
    assert len(frame) > 100
    consistent(frame, "ecd.children")
    assert set(PLACE_KEYS) >= {"centre", "school", "lao", "subdistrict"}


def test_a_set_of_schools_is_broken_down_by_the_provinces_that_they_lie_in() -> None:
    release = require_release().id
    members = set(read_table(release, "pilot_member").query("set_id == 'tsqp_schools'")["place_code"])
    schools = read_table(release, "school")
    inside = schools[schools["school_code"].isin(members)]
    pupils = inside.groupby(inside["subdistrict_code"].str[:2])["pupils"].sum()
    found = query("school.pupils", by=("province",), where={"pilot_set": "tsqp_schools"}).set_index("province")["value"]
    assert found.to_dict() == pupils.to_dict()
