"""An indicator is computed from the finest table present, else from what agencies reported, and says which."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from data_access.publishing import drafts
from data_access.questions.query import available, query

COLUMNS = ["indicator", "place_level", "place_code", "period", "sex", "level", "value"]
ROWS = [
    ("grant.basic_recipients", "province", "40", "2566-1", "all", "all", 500),
    ("grant.basic_recipients", "province", "41", "2566-1", "all", "all", 7),
    ("grant.basic_recipients", "province", "42", "2566-1", "all", "all", 30),
    ("grant.basic_recipients", "province", "50", "2566-1", "all", "all", 800),
    ("grant.basic_recipients", "province", "40", "2566-2", "all", "all", 510),
    ("ecd.children", "district", "4001", "2566-1", "all", "all", 120),
    ("ecd.children", "district", "4002", "2566-1", "all", "all", 5),
    ("ecd.children", "district", "4003", "2566-1", "all", "all", 25),
]
CENTRE = pd.DataFrame([{"centre_code": "D40010001", "province_code": "40", "name_th": "ศูนย์สมมติ"}])
SEMESTERS = pd.DataFrame([{"centre_code": "D40010001", "semester": "2566-2", "children": 33}])


@pytest.fixture
def release(tmp_path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    draft = drafts.new_draft(None)
    draft.replace_slice("reported_value", pd.DataFrame(ROWS, columns=COLUMNS), [], "reports")
    draft.replace_slice("centre", CENTRE, [], "centres")
    draft.replace_slice("centre_semester", SEMESTERS, [], "centres")
    return drafts.publish(draft, as_of=dt.date(2024, 1, 1)).id


def test_counts_come_from_reports_where_there_is_no_finer_table(release: str) -> None:
    cells = query("grant.basic_recipients", by=("semester",))
    assert cells[["semester", "value", "table"]].values.tolist() == [
        ["2566-1", 1337, "reported_value"],
        ["2566-2", 510, "reported_value"],
    ]


def test_reported_counts_are_protected_like_any_other(release: str) -> None:
    cells = query("grant.basic_recipients", by=("province",), where={"semester": "2566-1"}).set_index("province")
    assert cells.loc[["41", "42"], "state"].tolist() == ["suppressed", "suppressed"]
    assert cells.loc[["41", "42"], ["value", "n", "numerator"]].isna().all(axis=None)
    assert cells.loc["50", "value"] == 800


def test_the_finer_table_wins_for_its_periods_and_reports_fill_the_others(release: str) -> None:
    cells = query("ecd.children", by=("semester",)).set_index("semester")
    assert cells["table"].to_dict() == {"2566-1": "reported_value", "2566-2": "centre_semester"}
    assert cells["value"].to_dict() == {"2566-1": 150, "2566-2": 33}


def test_reports_by_district_are_answered_by_district(release: str) -> None:
    cells = query("ecd.children", by=("district",), where={"semester": "2566-1"}).set_index("district")
    assert cells["state"].to_dict() == {"4001": "value", "4002": "suppressed", "4003": "suppressed"}


def test_a_share_is_never_made_of_reports(release: str) -> None:
    assert query("grant.coverage").iloc[0]["state"] == "not_collected"


def test_a_sum_of_places_of_which_some_sent_nothing_is_no_total(release: str) -> None:
    assert query("grant.basic_recipients", where={"semester": "2566-1"}).iloc[0]["flag"] == "incomplete"
    by_region = query("grant.basic_recipients", by=("region4",), where={"semester": "2566-1"})
    assert set(by_region["flag"]) == {"incomplete"}
    assert query("grant.basic_recipients", where={"semester": "2566-1", "province": "40"}).iloc[0]["flag"] == ""


def test_the_sum_of_all_places_is_complete(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    draft = drafts.new_draft(None)
    places = draft.read("province").query("province_code != '10'")["province_code"]
    rows = [("pao.budget", "province", p, year, "all", "all", 1000) for p in places for year in ("FY2565", "FY2566")]
    draft.replace_slice("reported_value", pd.DataFrame(rows[:-1], columns=COLUMNS), [], "reports")
    release = drafts.publish(draft, as_of=dt.date(2024, 1, 1)).id
    cells = query("pao.budget", by=("fiscal_year",), release=release).set_index("fiscal_year")
    assert cells["flag"].to_dict() == {"FY2565": "", "FY2566": "incomplete"}
    assert available(release) == ("pao.budget",)
