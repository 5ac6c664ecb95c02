"""Loads: mapping, places, checks, releases; whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from data_access.contract.errors import UsageError
from data_access.importing import mapping as maps
from data_access.importing.loading import load
from data_access.publishing import drafts
from tests.importing.conftest import MERGED, TITLED

KIND = "reported:assist.recipients"
POPULATION = "reported:population.registered"


def codes(report: object, severity: str) -> set[str]:
    return {p.code for p in report.problems if p.severity == severity}  # type: ignore[attr-defined]


def loaded(table: str = "reported_value") -> pd.DataFrame:
    draft = drafts.draft_in_progress()
    assert draft is not None
    return draft.read(table)


def test_sexes_become_rows_and_the_total_is_only_checked(workbook: Callable[..., Path]) -> None:
    report = load(workbook(TITLED, merged=MERGED), KIND)
    assert report.ok
    frame = loaded()
    assert set(frame["period"]) == {"FY2565"}
    by_place = frame.groupby("place_code")["value"].sum()
    assert by_place["50"] == 31
    assert by_place["21"] == 32, "the parts count, not the total that contradicts them"
    lampang = frame[frame["place_code"] == "52"]
    assert lampang[["sex", "value"]].values.tolist() == [["all", 7.0]], "parts blank, total given"
    songkhla = frame[frame["place_code"] == "90"].set_index("sex")["value"]
    assert songkhla.to_dict() == {"male": 1000, "female": 5, "unspecified": 0}
    assert {"row_total", "stated_total", "incomplete"} <= codes(report, "warning")
    sheet = report.to_json("en")["sheets"][0]
    assert sheet["rows_read"] == sheet["rows_loaded"] + len(sheet["rows_excluded"]) == 17


def test_a_guess_is_asked_once_and_remembered(text_file: Callable[..., Path]) -> None:
    path = text_file("จังหวัด,ประชากร\nเชียงใหม่,10\nเชียงราย,5\nบุรีรัม,20\n")
    first = load(path, POPULATION, constants={"period": "CY2564"})
    assert not first.ok
    assert codes(first, "error") == {"place_guess"}
    assert drafts.draft_in_progress() is None, "a refused file opens no draft"
    assert first.sheets[0].guesses[0].code == "31"
    assert load(path, POPULATION, constants={"period": "CY2564"}, accept_guesses=True).ok
    assert load(path, POPULATION, constants={"period": "CY2564"}).ok, "remembered"


def test_an_unknown_place_refuses_the_whole_file(text_file: Callable[..., Path]) -> None:
    report = load(
        text_file("จังหวัด,ประชากร\nเชียงใหม่,10\nเลย,1\nกขคฆงจ,20\n"),
        POPULATION,
        constants={"period": "CY2564"},
        accept_guesses=True,
    )
    assert not report.ok
    assert report.rows_written == {}
    sheet = report.to_json("en")["sheets"][0]
    assert sheet["rows_loaded"] == 0
    assert [r["row"] for r in sheet["rows_refused"]] == [2, 3, 4]


def test_years_are_unpivoted(text_file: Callable[..., Path]) -> None:
    assert load(text_file("Province,2564,2565,ปี 2566\nLoei,1,2,3\nTak,4,5,\n"), POPULATION).ok
    frame = loaded().pivot_table(index="place_code", columns="period", values="value", dropna=False)
    assert frame.loc["42"].to_dict() == {"CY2564": 1, "CY2565": 2, "CY2566": 3}


@pytest.mark.parametrize(
    "head", ["place_code,period,value", "รหัสจังหวัด,ปีงบประมาณ,จำนวน", "province_code,fiscal_year,value", "จังหวัด,ปี,จำนวน"]
)
def test_places_by_code_alone(text_file: Callable[..., Path], head: str) -> None:
    """What a database sums has codes and no names."""
    report = load(text_file(f"{head}\n10,2565,5\n50,2565,7\n95,2565,9\n"), "reported:assist.recipients")
    assert report.ok, [p.message("en") for p in report.problems]
    assert loaded()[["place_code", "period", "value"]].to_numpy().tolist() == [
        ["10", "FY2565", 5],
        ["50", "FY2565", 7],
        ["95", "FY2565", 9],
    ]


def test_numbers_are_no_places_by_their_heading_alone(text_file: Callable[..., Path]) -> None:
    report = load(text_file("รหัสจังหวัด,ปีงบประมาณ,จำนวน\n10,2565,5\n99,2565,7\n"), "reported:assist.recipients")
    assert [p.code for p in report.problems if p.severity == "error"] == ["missing_column"]


def test_units_in_headings(text_file: Callable[..., Path]) -> None:
    assert load(text_file("ปีงบประมาณ,จังหวัด,งบประมาณ (ล้านบาท)\n2565,เลย,1.5\n2565,ตาก,2\n"), "reported:pao.budget").ok
    assert loaded()["value"].sum() == 3_500_000


def test_rows_by_plan_are_selected_or_summed_and_said(text_file: Callable[..., Path]) -> None:
    rows = "".join(
        f"2565,{p},{plan},{n},{t}\n" for p, t in (("เลย", 30), ("ตาก", 70)) for plan, n in (("การศึกษา", 10), ("สาธารณสุข", t - 10))
    )
    path = text_file("ปีงบประมาณ,จังหวัด,แผนงาน,งบประมาณ(บาท),งบรวมทั้ง อบจ.\n" + rows)
    every = load(path, "reported:pao.budget")
    assert every.ok
    assert {"rows_summed", "repeated_total"} <= codes(every, "note")
    assert loaded()["value"].sum() == 100
    education = load(path, "reported:pao.education_budget")
    assert "rows_selected" in codes(education, "note")
    assert education.sheets[0].to_json()["excluded_counts"]["not_selected"] == 2
    assert loaded().query("indicator == 'pao.education_budget'")["value"].sum() == 20


def test_merged_places_over_plans(workbook: Callable[..., Path]) -> None:
    head = [["งบ อบจ. ปีงบประมาณ พ.ศ. ๒๕๖๕", None, None], ["จังหวัด", "แผนงาน", "งบประมาณ (ล้านบาท)"]]
    body = [["เลย", "การศึกษา", 1.5], [None, "สาธารณสุข", 2], ["ตาก", "การศึกษา", 1], [None, "สาธารณสุข", "-"], ["รวม", None, 4.5]]
    path = workbook(head + body, merged=["A3:A4", "A5:A6"])
    assert load(path, "reported:pao.budget").ok
    assert loaded().set_index("place_code")["value"].to_dict() == {"42": 3_500_000, "63": 1_000_000}
    assert load(path, "reported:pao.education_budget").ok
    assert loaded().query("indicator == 'pao.education_budget'")["value"].sum() == 2_500_000


def test_a_total_before_its_parts(text_file: Callable[..., Path]) -> None:
    report = load(
        text_file("ลำดับ,จังหวัด,รวม,ชาย,หญิง\n1,เลย,3,1,2\n2,ตาก,5,2,3\n3,น่าน,4,2,2\n4,ตรัง,9,2,2\n"),
        POPULATION,
        constants={"period": "CY2564"},
    )
    assert report.ok
    assert [(p.row, p.found, p.expected) for p in report.problems if p.code == "row_total"] == [(5, "9", "4")]
    assert loaded().groupby("sex")["value"].sum().to_dict() == {"male": 7, "female": 9}


def test_contradicted_group_totals(text_file: Callable[..., Path]) -> None:
    rows = [
        ("เลย", 10, 30),
        ("เลย", 20, 30),
        ("ตาก", 5, 11),
        ("ตาก", 6, 11),
        ("ตรัง", 1, 4),
        ("ตรัง", 3, 4),
        ("น่าน", 1, 99),
        ("น่าน", 1, 99),
    ]
    text = "".join(f"2565,{p},{'กข'[i % 2]},{n},{t}\n" for i, (p, n, t) in enumerate(rows))
    report = load(text_file("ปีงบประมาณ,จังหวัด,แผนงาน,งบประมาณ(บาท),งบรวม\n" + text), "reported:pao.budget")
    assert [(p.found, p.expected) for p in report.problems if p.code == "group_total"] == [("99", "2")]


def test_bangkok_has_no_provincial_organisation(text_file: Callable[..., Path]) -> None:
    import geo

    text = "".join(f"2565,{geo.name(code, 'th')},1\n" for code in geo.provinces().index if code != "10")
    report = load(text_file("ปีงบประมาณ,จังหวัด,งบประมาณ(บาท)\n" + text), "reported:pao.budget")
    assert "incomplete" not in codes(report, "warning")
    assert report.sheets[0].audit["FY2565"]["expected_absent"] == ["10"]


def test_errors_load_nothing(text_file: Callable[..., Path]) -> None:
    path = text_file("ปีงบประมาณ,จังหวัด,งบประมาณ(บาท)\n2565,เลย,1\n2565,เลย,2\n2565,ตาก,3\n2565,ตรัง,ห้า\n2565,น่าน,1\n2565,ระยอง,1\n")
    report = load(path, "reported:pao.budget")
    assert not report.ok
    assert {"duplicate_key", "bad_value"} <= codes(report, "error")
    assert drafts.draft_in_progress() is None
    bad = next(p for p in report.problems if p.code == "bad_value")
    assert (bad.row, bad.column, bad.found) == (5, "C", "ห้า")


def test_a_jump_is_a_warning(text_file: Callable[..., Path]) -> None:
    head = "ปีงบประมาณ,จังหวัด,งบประมาณ(บาท)\n"
    assert load(text_file(head + "2564,เลย,1000\n2564,ตาก,1000\n"), "reported:pao.budget").ok
    report = load(text_file(head + "2565,เลย,9000\n2565,ตาก,1100\n"), "reported:pao.budget")
    assert [(p.row, p.found, p.expected) for p in report.problems if p.code == "jump"] == [(2, "9,000", "1,000")]


def test_reloading_replaces_the_sexes_of_the_period(text_file: Callable[..., Path]) -> None:
    assert load(text_file("จังหวัด,ชาย,หญิง,รวม\nเลย,1,2,3\nตาก,1,1,2\n"), POPULATION, constants={"period": "CY2564"}).ok
    assert load(text_file("จังหวัด,ประชากร\nเลย,3\nตาก,2\n"), POPULATION, constants={"period": "CY2564"}).ok
    assert loaded()["value"].sum() == 5


def test_warnings_need_a_reason_on_the_page(workbook: Callable[..., Path]) -> None:
    path = workbook(TITLED, merged=MERGED)
    refused = load(path, KIND, accepted_warnings={"row_total": "ถามหน่วยงานแล้ว"})
    assert not refused.ok
    assert "warning_not_accepted" in codes(refused, "error")
    reasons = dict.fromkeys(codes(refused, "warning"), "ตรวจแล้ว")
    accepted = load(path, KIND, accepted_warnings=reasons)
    assert accepted.ok
    assert accepted.to_json()["accepted_warnings"] == reasons


def test_dry_run_writes_nothing(workbook: Callable[..., Path], home: Path) -> None:
    report = load(workbook(TITLED, merged=MERGED), KIND, dry_run=True)
    assert report.ok
    assert report.to_json()["status"] == "would_load"
    assert drafts.draft_in_progress() is None


def test_profiles_survive_moved_columns(text_file: Callable[..., Path]) -> None:
    first = load(text_file("พื้นที่ ก,ยอด ข,ปี\nเลย,1,2564\nตาก,2,2564\n"), POPULATION, mapping={"value": "ยอด ข"}, dry_run=True)
    assert first.ok
    maps.save_profile("ประชากร-dopa", first.profile)
    assert maps.list_profiles() == ["ประชากร-dopa"]
    again = load(text_file("ปี,ยอด ข,อื่น,พื้นที่ ก\n2565,7,0,เลย\n2565,8,0,ตาก\n"), POPULATION, profile="ประชากร-dopa")
    assert again.ok
    assert loaded()["value"].sum() == 15
    with pytest.raises(UsageError):
        load(text_file("ปี,อื่น\n2565,7\n2565,8\n"), POPULATION, profile="ประชากร-dopa")
    with pytest.raises(UsageError):
        maps.save_profile("../x", first.profile)


def test_usage_errors(text_file: Callable[..., Path]) -> None:
    path = text_file("จังหวัด,ประชากร\nเลย,3\nตาก,2\n")
    for wrong in ({"kind": "reported:no.such"}, {"kind": "no_table"}, {"kind": "province"}):
        with pytest.raises(UsageError):
            load(path, **wrong)
    for more in (
        {"sheet": "x"},
        {"profile": "x"},
        {"constants": {"x": "1"}},
        {"mapping": {"value": "ไม่มี"}},
        {"mapping": {"x": "A"}},
    ):
        with pytest.raises(UsageError):
            load(path, POPULATION, **more)  # type: ignore[arg-type]


def test_what_is_missing_is_asked_for(text_file: Callable[..., Path]) -> None:
    report = load(text_file("จังหวัด,ประชากร\nเลย,3\nตาก,2\n"), POPULATION)
    assert [p.params["name"] for p in report.problems if p.code == "missing_column"] == ["period"]


def test_centres_are_made_with_steady_codes(workbook: Callable[..., Path]) -> None:
    grid = [
        ["แบบสำรวจ", None, None, None],
        ["ณ วันที่ ๑๐ มิถุนายน ๒๕๕๕", None, None, None],
        ["จังหวัดกระบี่", None, None, None],
        ["อำเภอ", "อปท.", "ชื่อศูนย์พัฒนาเด็กเล็ก", "จำนวน เด็ก (คน)"],
        ["เกาะลันตา", "อบต.เกาะกลาง", "ร่าปู", 181],
        [None, None, "ท่าคลอง", 50],
        ["เขาพนม", "อบต.ห้วยยูง", None, 130],
        [None, None, None, None],
        ["รวม", None, None, 361],
    ]
    path = workbook(grid)
    report = load(path, "centre_semester")
    assert report.ok
    assert report.rows_written == {"centre": 3, "centre_semester": 3}
    assert "name_missing" in codes(report, "warning")
    centres = loaded("centre")
    assert set(centres["province_code"]) == {"81"}
    assert loaded("centre_semester")[["semester", "children"]].values.tolist() == [
        ["2555-1", 181],
        ["2555-1", 50],
        ["2555-1", 130],
    ]
    again = load(path, "centre_semester")
    assert again.rows_written == {"centre_semester": 3}, "the same centres are found again"
    assert "rows_replaced" in codes(again, "note")


def test_foreign_keys_codes_and_ranges(workbook: Callable[..., Path]) -> None:
    grid = [
        ["รหัสโรงเรียน", "ปีการศึกษา", "ชั้น", "ภาษาไทย", "คณิตศาสตร์"],
        ["1010720001", 2565, "ป.6", 30, 31],
        ["1010720002", 2565, "ป.9", 5, 6],
    ]
    report = load(workbook(grid), "school_result")
    assert report.sheets[0].mapping is not None
    assert report.sheets[0].mapping.unpivot == ("subject", {3: "thai", 4: "maths"})
    assert {"unknown_reference", "bad_value"} <= codes(report, "error")
    assert not report.ok


def test_money_over_the_rate(workbook: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    draft = drafts.open_draft()
    draft.upsert(
        "rate",
        pd.DataFrame(
            [
                {
                    "rate_id": "basic_needs",
                    "band": "primary",
                    "effective_from": "2018-05-01",
                    "baht": 500,
                    "per": "semester",
                    "status": "approved",
                    "source": "test",
                }
            ]
        ),
        "test",
    )
    grid = [
        ["pupil_key", "semester", "school_code", "level", "sex", "tier", "stage", "basic_baht"],
        ["a" * 32, "1/2565", "1010720001", "ประถม", "ชาย", "ยากจน", "จ่ายแล้ว", 500],
        ["b" * 32, "1/2565", "1010720001", "ประถม", "หญิง", "ยากจน", "จ่ายแล้ว", 5000],
    ]
    report = load(workbook(grid), "pupil_grant", dry_run=True)
    assert [(p.row, p.found, p.expected) for p in report.problems if p.code == "over_rate"] == [(3, "5,000", "500")]


def test_json_is_json(workbook: Callable[..., Path]) -> None:
    for lang in ("th", "en"):
        report = load(workbook(TITLED, merged=MERGED), KIND, dry_run=True).to_json(lang)
        assert json.loads(json.dumps(report, ensure_ascii=False)) == report
