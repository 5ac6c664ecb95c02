"""Whatever the tables hold ends up in the sums: no category, period or place is lost or put somewhere else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data_access.questions import cells
from data_access.questions.query import query
from data_access.store.tables import read_table
from tests.data_access import small

pytestmark = pytest.mark.usefixtures("empty_home")


def reported(rows: list[tuple[str, str, str, str, float]], indicator: str = "school.m6_completers") -> pd.DataFrame:
    columns = ["place_code", "period", "sex", "level", "value"]
    return pd.DataFrame(rows, columns=columns).assign(indicator=indicator, place_level="province")


def test_sexes_and_levels_beyond_the_usual_count_where_they_are() -> None:
    """Rows of unspecified sex or of upper secondary once fell into the cells of the place before."""
    grants = small.grants(size=60)
    odd = grants.sample(frac=0.4, random_state=1).index
    grants.loc[odd, "sex"], grants.loc[odd, "level"] = "unspecified", "upper_secondary"
    release = small.publish({**small.tables(), "pupil_grant": grants})
    stored = read_table(release.id, "pupil_grant")
    where = {"semester": "2565-1"}
    now = stored[(stored["semester"] == "2565-1") & (stored["basic_baht"] > 0)]
    assert query("grant.basic_recipients", where=where).iloc[0]["value"] == len(now)
    for key in ("sex", "level"):
        got = query("grant.basic_recipients", by=(key,), where=where).set_index(key)["value"]
        assert got[got > 0].to_dict() == now.groupby(key).size().to_dict()
    province = query("grant.basic_recipients", by=("province", "sex"), where=where).dropna(subset=["value"])
    expected = now.groupby([now["school_code"].str[2:4], "sex"]).size()
    assert len(province)
    assert all(row.value == expected.get((row.province, row.sex), 0) for row in province.itertuples())


def test_a_grade_beyond_the_usual_counts_where_it_is() -> None:
    results = pd.DataFrame(
        [(c, 2565, g, "thai", 40, 50.0 + i, 10.0) for c in small.schools()["school_code"] for i, g in enumerate(("P3", "P6"))],
        columns=["school_code", "academic_year", "grade", "subject", "n", "mean", "sd"],
    )
    small.publish({"lao": small.laos(), "school": small.schools(), "school_result": results})
    got = query("school.mean_score", by=("grade",)).set_index("grade")["value"]
    assert got.dropna().to_dict() == {"P3": 50.0, "P6": 51.0}


def test_schools_without_an_sd_do_not_narrow_the_spread() -> None:
    codes = small.schools()["school_code"]
    results = pd.DataFrame({"school_code": codes, "academic_year": 2565, "grade": "P6", "subject": "thai", "n": 40, "mean": 50.0})
    results["sd"] = np.where(np.arange(len(codes)) % 2, 10.0, np.nan)
    small.publish({"lao": small.laos(), "school": small.schools(), "school_result": results})
    assert query("school.sd_score").iloc[0]["value"] == pytest.approx(10 * np.sqrt(12 * 39 / (12 * 40 - 1)))
    assert query("school.mean_score").iloc[0]["value"] == 50


def test_no_school_with_an_sd_means_no_spread_rather_than_none_within() -> None:
    codes = small.schools()["school_code"]
    results = pd.DataFrame({"school_code": codes, "academic_year": 2565, "grade": "P6", "subject": "thai", "n": 40})
    small.publish({"lao": small.laos(), "school": small.schools(), "school_result": results.assign(mean=np.arange(24) + 40.0)})
    cell = query("school.sd_score").iloc[0]
    assert np.isnan(cell["value"])
    assert cell["state"] == cells.NOT_COLLECTED
    assert query("school.rural_urban_gap").iloc[0]["state"] == cells.NOT_COLLECTED


def test_a_year_with_totals_only_is_kept_beside_a_year_with_sexes() -> None:
    rows = [(p, "AY2565", sex, "all", 60.0) for p in small.PROVINCES for sex in ("male", "female")]
    rows += [(p, "AY2566", "all", "all", 130.0) for p in small.PROVINCES]
    small.publish({"reported_value": reported(rows)})
    got = query("school.m6_completers", by=("academic_year",)).set_index("academic_year")["value"]
    assert got.to_dict() == {"AY2565": 720, "AY2566": 780}
    by_sex = query("school.m6_completers", by=("academic_year", "sex")).set_index(["academic_year", "sex"])["value"]
    assert by_sex["AY2565", "male"] == 360


def test_places_that_state_levels_are_added_to_places_that_state_totals() -> None:
    rows = [(p, "AY2565", "all", "all", 100.0) for p in small.PROVINCES[:3]]
    rows += [(p, "AY2565", "all", level, 40.0) for p in small.PROVINCES[3:] for level in ("primary", "lower_secondary")]
    small.publish({"reported_value": reported(rows)})
    assert query("school.m6_completers").iloc[0]["value"] == 3 * 100 + 3 * 80


def test_reported_people_are_protected_and_money_is_not() -> None:
    people = reported([(p, "FY2565", "all", "all", v) for p, v in zip(small.PROVINCES, (3, 50, 60, 70, 80, 90), strict=True)])
    money = reported([(p, "FY2565", "all", "all", 3.0) for p in small.PROVINCES], "assist.baht")
    small.publish({"reported_value": pd.concat([people.assign(indicator="assist.recipients"), money])})
    heads = query("assist.recipients", by=("province",)).set_index("province")
    assert heads.loc["30", "state"] == cells.SUPPRESSED
    assert (heads["state"] == cells.SUPPRESSED).sum() >= 2
    assert query("assist.baht", where={"province": "30"}).iloc[0]["value"] == 3
