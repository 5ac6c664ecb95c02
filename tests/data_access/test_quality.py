"""Quality of a release: expected against sent, late senders, outliers, joins and counts, on a small country of our own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data_access.analysis import quality
from data_access.programmes import measures
from data_access.publishing import declarations, drafts
from data_access.store import releases
from data_access.store.releases import Release
from tests.data_access import small

EVERY = [str(c) for c in quality._codes()]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """Schools send twice, but one of them only in the first semester; a reported indicator lacks two provinces."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(tmp_path_factory.mktemp("quality")))
        draft = drafts.new_draft(None)
        draft.upsert("lao", small.laos(), "lao.csv")
        schools = small.schools()
        draft.upsert("school", schools, "school.csv")
        grants = small.grants()
        stopped = schools["school_code"].iloc[0]
        draft.upsert(
            "pupil_grant", grants[~((grants["school_code"] == stopped) & (grants["semester"] == "2565-2"))], "grants.csv"
        )
        draft.upsert("reported_value", _reported(), "pao.csv")
        draft.upsert("centre", _centres(), "centres.csv")
        yield drafts.publish(draft)


def _reported() -> pd.DataFrame:
    rows = []
    for year, skipped in ((2565, ()), (2566, ("30", "40"))):
        rows += [
            {
                "indicator": "pao.budget",
                "place_level": "province",
                "place_code": code,
                "period": f"FY{year}",
                "sex": "all",
                "level": "all",
                "value": 1e8 * (5 if code == "50" and year == 2566 else 1 + i / 1000) * (1 + i % 7 / 50 if year == 2566 else 1),
            }
            for i, code in enumerate(EVERY)
            if code != "10" and code not in skipped
        ]
    return pd.DataFrame(rows)


def _centres() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"centre_code": "81-AAAA", "province_code": "81", "name_th": "ศูนย์หนึ่ง", "district_code": "8101"},
            {"centre_code": "81-BBBB", "province_code": "81", "name_th": "ศูนย์สอง", "district_code": "8199"},
        ]
    )


def found(release: Release, dataset_id: str) -> quality.Dataset:
    data = quality.dataset(release.id, dataset_id)
    assert data is not None
    return data


def test_only_what_has_rows_is_a_data_set(release: Release) -> None:
    assert [d.id for d in quality.datasets(release.id)] == ["pupil_grant", "reported:pao.budget"]
    assert quality.dataset(release.id, "centre_semester") is None


def test_a_school_that_stopped_makes_its_province_partial_and_is_late(release: Release) -> None:
    data = found(release, "pupil_grant")
    cells = quality.completeness(release.id, data).set_index(["province", "period"])
    first = small.schools().iloc[0]
    province = first["lao_code"][1:3]
    assert tuple(cells.loc[(province, "2565-1"), ["sent", "expected", "state"]]) == (4, 4, "complete")
    assert tuple(cells.loc[(province, "2565-2"), ["sent", "expected", "state"]]) == (3, 4, "partial")
    assert cells.loc[(province, "2565-2"), "share"] == 0.75
    assert cells.loc[("10", "2565-1"), "state"] == "not_expected"
    assert np.isnan(cells.loc[("10", "2565-1"), "share"])
    late = quality.late(release.id, data)
    assert late[["sender", "last_period", "missed"]].to_numpy().tolist() == [[first["school_code"], "2565-1", 1]]
    assert late["name"].iloc[0] == first["name_th"]


def test_a_reported_indicator_is_expected_of_every_province_but_those_outside_by_law(release: Release) -> None:
    data = found(release, "reported:pao.budget")
    latest = quality.completeness(release.id, data).query("period == 'FY2566'").set_index("province")
    assert latest["expected"].sum() == 76
    assert latest.loc["10", "state"] == "not_expected"
    assert set(latest.index[latest["state"] == "none"]) == {"30", "40"}
    assert set(quality.late(release.id, data)["province"]) == {"30", "40"}


def test_a_jump_in_money_stands_out_and_the_rest_does_not(release: Release) -> None:
    out = quality.outliers(release.id, ["pao.budget"])
    assert out["province"].tolist() == ["50"]
    assert out["basis"].tolist() == ["change"]
    assert out["before_period"].iloc[0] == "FY2565"
    assert out["middle"].iloc[0] == pytest.approx(1.06)
    assert out["z"].iloc[0] > quality.ROBUST_LIMIT
    assert not out["mixed"].iloc[0]


def test_each_data_set_has_the_indicators_computed_from_it(release: Release) -> None:
    assert quality.indicators_of(found(release, "reported:pao.budget")) == ["pao.budget"]
    grants = quality.indicators_of(found(release, "pupil_grant"))
    assert "grant.basic_recipients" in grants
    assert all(i.startswith("grant.") for i in grants)


def test_robust_z_is_the_published_formula_and_refuses_too_little() -> None:
    values = pd.Series([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 100])
    z = quality.robust_z(values)
    assert z.iloc[-1] == pytest.approx(0.6745 * (100 - 5.5) / 2.5)
    assert quality.robust_z(values.iloc[:9]).isna().all()
    assert quality.robust_z(pd.Series([1.0] * 12 + [50.0])).iloc[-1] == pytest.approx(49 / (1.253314 * 49 / 13))
    assert quality.robust_z(pd.Series([1.0] * 12)).isna().all()
    assert np.isnan(quality.robust_z(pd.concat([values, pd.Series([np.nan])], ignore_index=True)).iloc[-1])


def test_where_no_indicator_has_outliers_there_is_a_table_without_rows(release: Release) -> None:
    out = quality.outliers(release.id, ["population.children_2_4"])
    assert out[~out["mixed"]]["province"].tolist() == []


def test_hidden_cells_take_no_part_in_outliers(release: Release) -> None:
    from data_access.questions.query import query

    cells = query("grant.basic_recipients", by=("province",), release=release.id)
    shown = set(cells.loc[cells["state"].isin(["value", "zero"]), "province"])
    assert set(quality.outliers(release.id, ["grant.basic_recipients"])["province"]) <= shown


def test_the_join_names_what_is_missing_and_what_is_unknown(release: Release) -> None:
    audit = quality.join_audit(release.id).set_index("table")
    assert set(audit.index) == {"lao", "school", "centre", "pupil_grant", "reported_value"}
    assert audit.loc["school", "present"] == len(small.PROVINCES)
    assert audit.loc["reported_value", "missing"] == ("10",)
    assert audit.loc["centre", "present"] == 1
    lost = quality.unknown_codes(release.id)
    centre = lost[lost["table"] == "centre"]
    assert centre[["column", "refers_to", "codes", "examples"]].to_numpy().tolist() == [
        ["district_code", "district.district_code", 1, "8199"]
    ]


def test_every_province_and_district_has_a_boundary() -> None:
    places = quality.without_polygon().set_index("level")
    assert places.loc["province", ["places", "drawn"]].tolist() == [77, 77]
    assert places.loc["district", "missing"] == ()
    assert places.loc["subdistrict", "drawn"] == 0


def test_rows_of_persons_are_rounded_and_small_counts_are_not_shown() -> None:
    assert quality.rows_shown("centre", 7) == 7
    assert quality.rows_shown("pupil_grant", 1234) == 1230
    assert quality.rows_shown("pupil_grant", 0) == 0
    assert np.isnan(quality.rows_shown("pupil_grant", 9))


def test_one_more_pupil_does_not_show_in_a_comparison() -> None:
    changes = pd.DataFrame(
        [("pupil_grant", 1000, 1001, 1, 0, 0), ("centre", 5, 6, 1, 0, 0), ("target", 0, 0, 0, 0, 0)],
        columns=["table", "rows_before", "rows_after", "added", "removed", "changed"],
    )
    shown = quality.changes_shown(changes).set_index("table")
    assert list(shown.index) == ["pupil_grant", "centre"]
    assert shown.loc["pupil_grant", "rows_before"] == shown.loc["pupil_grant", "rows_after"] == 1000
    assert np.isnan(shown.loc["pupil_grant", "added"])
    assert shown.loc["centre", "added"] == 1


def test_stated_counts_agree_with_the_tables(release: Release) -> None:
    counts = quality.stated_counts(release.id).set_index("table")
    assert counts["agrees"].all()
    assert counts.loc["centre", "found"] == 2


def test_a_count_that_a_release_states_wrongly_is_found(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Release(**{**release.__dict__, "row_counts": {**release.row_counts, "centre": 3}})
    monkeypatch.setattr(releases, "get_release", lambda _id: wrong)
    counts = quality.stated_counts(release.id).set_index("table")
    assert not counts.loc["centre", "agrees"]
    assert counts.drop("centre")["agrees"].all()


def test_a_measure_of_schools_is_sent_by_their_provinces_and_one_of_the_country_by_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    own = measures.Measure("own.rooms", "ห้อง", "Rooms", "", "", "ห้อง", "rooms", "things", "sum", "calendar_year", "ทดสอบ")
    declarations.declare_all([own, replace(own, measure_id="own.halls", title_th="หอ", title_en="Halls")])
    draft = drafts.open_draft()
    draft.upsert("lao", small.laos(), "test")
    draft.upsert("school", small.schools(), "test")
    row = {"period": "CY2566", "sex": "all", "level": "all", "value": 7.0}
    codes = small.schools()["school_code"]
    sent = pd.DataFrame([{**row, "indicator": "own.rooms", "place_level": "school", "place_code": c} for c in codes])
    whole = pd.DataFrame([{**row, "indicator": "own.halls", "place_level": "nation", "place_code": "TH"}])
    draft.upsert("reported_value", pd.concat([sent, whole]), "test")
    made = drafts.publish(draft)
    assert [d.id for d in quality.datasets(made.id)] == ["reported:own.rooms"]
    frame = quality.completeness(made.id, found(made, "reported:own.rooms"))
    assert set(frame.loc[frame["sent"] > 0, "province"]) == set(codes.str[2:4])
