"""Rows left out with a reason, rows selected, and profiles on files that lack what they do not load."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import geo
from data_access import cli
from data_access.contract.errors import UsageError
from data_access.contract.omissions import CONTAINS, IS
from data_access.importing import mapping as maps
from data_access.importing.conditions import Condition, LeaveOut, condition_of, row_numbers, rule_of, spans
from data_access.importing.loading import load
from data_access.importing.report import LoadReport
from data_access.importing.words import report_text
from data_access.importing.workbook import write_report
from data_access.publishing import drafts
from data_access.store import releases
from data_access.who import audit

KIND = "reported:school.m6_completers"
OFFICES = 42
OUTSIDE = 18_116
ALL = 28_833
REASON = "สำนักบริหารงานการศึกษาพิเศษ ไม่อยู่ในจังหวัดใดจังหวัดหนึ่ง"
RULE = rule_of("สังกัด contains สศศ.", REASON)
Write = Callable[..., Path]


def by_office() -> str:
    """Pupils by office: one office a province, and 42 offices that belong to no single one, which hold most of them."""
    codes = sorted(str(c) for c in geo.provinces().index)
    inside, outside = ALL - OUTSIDE, OUTSIDE
    rows = [f"{geo.name(c, 'th')},{inside // 77 + (i < inside % 77)}" for i, c in enumerate(codes)]
    rows += [f"สศศ. แห่งที่ {i + 1},{outside // OFFICES + (i < outside % OFFICES)}" for i in range(OFFICES)]
    return "\n".join(["จำนวนผู้สำเร็จการศึกษา ม.6 ปีการศึกษา 2566,", "สังกัด,จำนวน", *rows, f"รวมทั้งสิ้น,{ALL}", ""])


def loaded(path: Path, **more: Any) -> LoadReport:
    return load(path, KIND, mapping={"place_code": "สังกัด", "value": "จำนวน"}, **more)


def codes_of(report: LoadReport, severity: str = "error") -> set[str]:
    return {p.code for p in report.problems if p.severity == severity}


def test_one_rule_leaves_out_what_belongs_to_no_place(text_file: Write, tmp_path: Path) -> None:
    path = text_file(by_office())
    assert "place_unknown" in codes_of(loaded(path))
    report = loaded(path, leave_out=[RULE])
    assert report.ok, [p.message("en") for p in report.problems if p.severity == "error"]
    sheet = report.sheets[0]
    assert (sheet.rows_loaded, [e.why for e in sheet.excluded if e.reason == "left_out"]) == (77, [REASON] * OFFICES)
    (omission,) = sheet.left_out
    assert (omission.rows, omission.sums, sheet.sums) == (OFFICES, {"AY2566": OUTSIDE}, {"AY2566": ALL - OUTSIDE})
    assert sheet.rows_read == sheet.rows_loaded + len(sheet.excluded)
    assert "stated_total" not in codes_of(report, "warning")  # the total that the file states is of all its rows
    assert "18,116 left out beside 10,717 loaded" in report_text(report, "en")
    assert report.to_json()["sheets"][0]["left_out"][0]["rows"] == OFFICES
    assert "กันออก 18,116" in report_text(report, "th")
    book = openpyxl.load_workbook(write_report(report, tmp_path / "report.xlsx", "en"))
    assert any("18,116 left out beside 10,717 loaded" in str(row[8].value) for row in book.worksheets[0].iter_rows(min_row=2))
    assert sum(row[4].value == REASON for row in book.worksheets[1].iter_rows(min_row=2)) == OFFICES
    assert f"42 left out (สังกัด contains “สศศ.”): {REASON}" in audit.entries()[-1].after
    draft = drafts.draft_in_progress()
    assert draft is not None
    release = drafts.publish(draft)
    assert release.loads[0].left_out == (omission,)
    assert releases.get_release(release.id).loads[0].sums == {"AY2566": ALL - OUTSIDE}


def test_a_profile_remembers_the_rule_and_its_reason(text_file: Write) -> None:
    first = loaded(text_file(by_office()), leave_out=[RULE, LeaveOut("twice", rows=(3,))], dry_run=True)
    maps.save_profile("offices", first.profile)
    assert maps.load_profile("offices")["left_out"] == [["สังกัด", [CONTAINS, "สศศ."], REASON]]  # numbers of rows are of one file
    again = load(text_file(by_office()), KIND, profile="offices")
    assert again.ok
    assert [o.reason for o in again.sheets[0].left_out] == [REASON]
    assert "place_unknown" in codes_of(load(text_file(by_office()), KIND, profile="offices", mapping={"left_out": None}))


def test_rows_are_left_out_by_their_numbers(text_file: Write) -> None:
    report = load(
        text_file("จังหวัด,ปีการศึกษา,จำนวน\nเชียงใหม่,2566,100\nเชียงใหม่,2566,120\nตรัง,2566,30\n"),
        KIND,
        leave_out=[LeaveOut("the older count", rows=(2,))],
    )
    assert report.ok
    assert [e.row for e in report.sheets[0].excluded if e.reason == "left_out"] == [2]
    assert report.sheets[0].left_out[0].sums == {"AY2566": 100}


def test_few_persons_left_out_are_not_told(text_file: Write) -> None:
    text = "จังหวัด,ปีการศึกษา,จำนวน\nเชียงใหม่,2566,100\nเขต ก.,2566,3\n"
    report = load(text_file(text), KIND, leave_out=[rule_of("จังหวัด is เขต ก.", "no province")])
    assert report.ok
    assert report.sheets[0].left_out[0].sums == {"AY2566": None}
    kept = (drafts.draft_in_progress() or pytest.fail("no draft")).log_path.read_text(encoding="utf-8")
    assert '"sums": {"AY2566": null}' in kept


def test_years_beside_each_other_are_not_added_up(text_file: Write) -> None:
    text = "สังกัด,2565,2566\nเชียงใหม่,100,200\nสศศ. 1,40,50\nสศศ. 2,1,1\n"
    report = load(text_file(text), KIND, mapping={"place_code": "A"}, leave_out=[RULE])
    assert report.ok, [p.message("en") for p in report.problems]
    assert report.sheets[0].left_out[0].sums == {"AY2565": 41, "AY2566": 51}
    assert report.sheets[0].sums == {"AY2565": 100, "AY2566": 200}


def test_a_rule_that_fits_no_row_is_said(text_file: Write) -> None:
    report = load(text_file("จังหวัด,ปีการศึกษา,จำนวน\nตรัง,2566,30\n"), KIND, leave_out=[rule_of("จังหวัด contains สศศ.", "why")])
    assert "left_out_none" in codes_of(report, "warning")


def test_all_rows_left_out_are_refused(text_file: Write) -> None:
    report = load(text_file("จังหวัด,ปีการศึกษา,จำนวน\nตรัง,2566,30\n"), KIND, leave_out=[rule_of("จังหวัด contains ร", "why")])
    assert not report.ok
    assert "nothing_left" in codes_of(report)


PLANS = "จังหวัด,แผนงาน,ปีงบประมาณ,งบประมาณ\nตรัง,แผนงานการศึกษา,2566,30\nตรัง,แผนงานเคหะ,2566,50\nเลย,แผนงานสาธารณสุข,2566,70\n"


@pytest.mark.parametrize(
    ("name", "text", "rows"),
    [
        ("where:แผนงาน", "แผนงานเคหะ", [3]),
        ("where:แผนงาน contains", "การศึกษา", [2]),
        ("where:แผนงาน contains", "การศึกษา|สาธารณสุข", [2, 4]),
        ("where:แผนงาน is one of", "แผนงานการศึกษา|แผนงานสาธารณสุข", [2, 4]),
        ("where:B contains", "สาธารณ", [4]),
    ],
)
def test_rows_are_selected_by_what_they_contain(text_file: Write, name: str, text: str, rows: list[int]) -> None:
    report = load(text_file(PLANS), "reported:pao.budget", mapping={"value": "งบประมาณ", "aggregate": None, name: text})
    assert report.ok, [p.message("en") for p in report.problems]
    outside = {e.row for e in report.sheets[0].excluded}
    assert [row.number for row in report.sheets[0].table.rows if row.number not in outside] == rows  # type: ignore[union-attr]


def test_a_selection_that_nothing_fits_is_refused_with_what_the_column_holds(text_file: Write) -> None:
    report = load(text_file(PLANS), "reported:pao.budget", mapping={"value": "งบประมาณ", "where:แผนงาน": "การกีฬา"})
    assert not report.ok
    (problem,) = [p for p in report.problems if p.code == "nothing_selected"]
    assert problem.message("en") == (
        "No row is selected: there is none where แผนงาน is “การกีฬา”; the column holds แผนงานการศึกษา, แผนงานเคหะ, แผนงานสาธารณสุข"
    )
    assert "การกีฬา" in problem.message("th")
    assert drafts.draft_in_progress() is None


def test_values_that_are_all_blank_are_refused(text_file: Write) -> None:
    text = "จังหวัด,ปีการศึกษา,จำนวน\nตรัง,2566,-\nเลย,2566,\n"
    report = load(text_file(text), KIND, mapping={"value": "จำนวน"})
    assert "no_values" in codes_of(report)
    some = load(text_file(text.replace("เลย,2566,", "เลย,2566,20")), KIND, mapping={"value": "จำนวน"})
    assert some.ok


def test_a_profile_works_without_a_column_that_it_does_not_load(text_file: Write) -> None:
    whole = "จังหวัด,ปีการศึกษา,ชาย,หญิง,รวม,หมายเหตุ\nตรัง,2566,30,40,70,x\nเลย,2566,20,30,50,y\nน่าน,2566,10,10,20,z\n"
    first = load(text_file(whole), KIND, dry_run=True)
    assert first.profile["total"] == "รวม"
    maps.save_profile("sexes", first.profile)
    less = "\n".join(",".join(line.split(",")[:4]) for line in whole.splitlines())
    report = load(text_file(less), KIND, profile="sexes")
    assert report.ok
    assert report.rows_written == {"reported_value": 6}
    with pytest.raises(UsageError, match="หญิง"):  # what it loads must be there
        load(text_file(less.replace("หญิง", "สตรี")), KIND, profile="sexes")


# ---- rules as they are written
def test_rules_are_read_as_they_are_written() -> None:
    assert rule_of("สังกัด contains สศศ.", "w") == LeaveOut("w", "สังกัด", Condition(CONTAINS, ("สศศ.",)))
    assert rule_of("A is one of x | y", " w ") == LeaveOut("w", "A", Condition(IS, ("x", "y")))
    assert rule_of("A is x | y", "w") == LeaveOut("w", "A", Condition(IS, ("x | y",)))
    assert rule_of("rows 12, 15-17", "w") == LeaveOut("w", rows=(12, 15, 16, 17))
    assert condition_of("แผนงาน contains", "a|b") == ("แผนงาน", Condition(CONTAINS, ("a", "b")))
    assert spans(row_numbers("๑๒, 15–17")) == "12, 15-17"


@pytest.mark.parametrize("text", ["สังกัด", "contains x", "A contains ", "rows", "rows x", "A contains  | "])
def test_what_is_no_rule_is_refused_in_words(text: str) -> None:
    with pytest.raises(UsageError):
        rule_of(text, "why")


def test_a_condition_is_kept_as_it_was() -> None:
    for condition in (
        Condition(IS, ("x",)),
        Condition(IS, ("x", "y")),
        Condition(CONTAINS, ("x",)),
        Condition(CONTAINS, ("x", "y")),
    ):
        assert Condition.from_profile(json.loads(json.dumps(condition.to_profile()))) == condition


def test_spaces_case_and_thai_digits_make_no_difference() -> None:
    assert Condition(CONTAINS, ("เขต ๑",)).fits("สพป. เชียงใหม่ เขต 1")
    assert Condition(IS, ("Trang",)).fits(" TRANG ")
    assert Condition(IS, ("12",)).fits(12.0)
    assert not Condition(CONTAINS, ("x",)).fits(None)


# ---- the command line
def test_the_command_line_leaves_rows_out(text_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(text_file(by_office()))
    base = ["load", path, "--kind", KIND, "--map", "place_code=สังกัด", "value=จำนวน", "--json"]
    assert cli.main([*base, "--leave-out", "สังกัด contains สศศ."]) == cli.USAGE  # no reason
    assert cli.main([*base, "--leave-out", "สังกัด has สศศ.", "--reason", "x"]) == cli.USAGE
    capsys.readouterr()
    assert cli.main([*base, "--leave-out", "สังกัด contains สศศ.", "--reason", REASON]) == cli.DONE
    said = json.loads(capsys.readouterr().out)["sheets"][0]
    assert said["excluded_counts"]["left_out"] == OFFICES
    assert said["left_out"][0]["sums"] == {"AY2566": OUTSIDE}
    assert said["loaded_sums"] == {"AY2566": ALL - OUTSIDE}
