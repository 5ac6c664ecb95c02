"""Rows of before that a corrected file lacks: asked about, kept or taken away, and listed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from data_access import cli
from data_access.contract import schema
from data_access.importing import limits, long_tables, missing_rows, reading, streaming, streams
from data_access.importing.loading import load
from data_access.importing.missing_rows import MEASURES, slice_of
from data_access.importing.report import LoadReport
from data_access.publishing import drafts
from data_access.who import audit
from tests.data_access import small

KIND = "reported:school.m6_completers"
FIRST = "จังหวัด,2565,2566\nเชียงใหม่,100,110\nลำปาง,200,210\nตรัง,300,310\n"
CORRECTED = "จังหวัด,ปีการศึกษา,จำนวน\nเชียงใหม่,2566,111\nตรัง,2566,311\n"
Write = Callable[..., Path]


def values() -> dict[tuple[str, str], float]:
    """(province, period) -> value of the draft."""
    draft = drafts.draft_in_progress()
    assert draft is not None
    frame = draft.read("reported_value")
    return {(r.place_code, r.period): r.value for r in frame.itertuples()}


def codes(report: LoadReport) -> list[str]:
    return [p.code for p in report.problems if p.severity == "error"]


@pytest.fixture
def first(text_file: Write) -> None:
    assert load(text_file(FIRST), KIND).ok


@pytest.mark.usefixtures("first")
def test_a_file_that_lacks_rows_asks_and_lists_them(text_file: Write) -> None:
    before = values()
    report = load(text_file(CORRECTED), KIND, mapping={"value": "จำนวน"})
    assert not report.ok
    assert codes(report) == ["rows_missing"]
    (problem,) = [p for p in report.problems if p.code == "rows_missing"]
    assert problem.message("en") == "1 rows of Academic year 2566 that are there already are not in this file: Lampang"
    assert "ลำปาง" in problem.message("th")
    assert report.sheets[0].to_json()["missing_rows"] == {"rows": 1.0, "places": ["52"], "periods": ["AY2566"]}
    assert values() == before


@pytest.mark.usefixtures("first")
def test_what_is_missing_can_stay(text_file: Write) -> None:
    report = load(text_file(CORRECTED), KIND, mapping={"value": "จำนวน"}, missing="keep")
    assert report.ok
    assert values()["50", "AY2566"] == 111
    assert values()["52", "AY2566"] == 210
    assert "rows_kept" in [p.code for p in report.problems]


@pytest.mark.usefixtures("first")
def test_a_period_is_replaced_and_only_that(text_file: Write) -> None:
    report = load(text_file(CORRECTED), KIND, mapping={"value": "จำนวน"}, missing="replace")
    assert report.ok
    assert values() == {
        ("50", "AY2565"): 100,
        ("52", "AY2565"): 200,
        ("92", "AY2565"): 300,
        ("50", "AY2566"): 111,
        ("92", "AY2566"): 311,
    }
    assert "go: Lampang" in audit.entries()[-1].after
    draft = drafts.draft_in_progress()
    assert draft is not None
    assert draft.log[-1]["missing"] == {"choice": "replace", "rows": 1.0, "places": ["52"], "periods": ["AY2566"]}


@pytest.mark.usefixtures("first")
def test_another_measure_is_not_asked_about(text_file: Write) -> None:
    report = load(text_file("จังหวัด,ปี,จำนวน\nตรัง,2566,9000\n"), "reported:population.registered", mapping={"value": "จำนวน"})
    assert codes(report) == []
    assert len(values()) == 7


@pytest.mark.usefixtures("first")
def test_the_same_places_again_ask_nothing(text_file: Write) -> None:
    again = load(text_file(FIRST.replace("110", "115")), KIND)
    assert again.ok
    assert again.sheets[0].missing_rows is None


def test_what_readers_have_now_is_asked_about_without_a_draft(text_file: Write) -> None:
    load(text_file(FIRST), KIND)
    draft = drafts.draft_in_progress()
    assert draft is not None
    drafts.publish(draft)
    assert codes(load(text_file(CORRECTED), KIND, mapping={"value": "จำนวน"})) == ["rows_missing"]
    assert drafts.draft_in_progress() is None


@pytest.mark.parametrize("held", [True, False])
def test_rows_of_persons_are_told_rounded_and_by_province(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: bool) -> None:
    draft = drafts.open_draft()
    for name, frame in small.tables().items():
        draft.upsert(name, frame, "tests")
    grants = draft.read("pupil_grant")
    semester = max(grants["semester"])
    mine = grants[grants["semester"] == semester]
    gone = 23
    path = tmp_path / "grants.csv"
    mine.iloc[gone:].to_csv(path, index=False)
    if not held:
        short = limits.Limits(held_bytes=100, beginning_bytes=2_000, block_bytes=4_096)
        for module in (reading, streaming, streams, long_tables):
            monkeypatch.setattr(module, "LIMITS", short)
    report = load(path, "pupil_grant", dry_run=True)
    assert (report.sheets[0].length is None) == held
    found = report.sheets[0].missing_rows
    assert found is not None
    assert (found.rows, found.periods) == (20, (semester,))  # 23, as counts of persons are told
    assert codes(report) == ["rows_missing"]
    assert load(path, "pupil_grant", missing="keep").ok
    assert drafts.Draft.count(draft, "pupil_grant") == len(grants)
    assert load(path, "pupil_grant", missing="replace").ok
    after = draft.read("pupil_grant")
    assert len(after) == len(grants) - gone
    assert set(after.loc[after["semester"] != semester, "pupil_key"]) == set(
        grants.loc[grants["semester"] != semester, "pupil_key"]
    )


def test_few_rows_of_persons_are_not_counted(tmp_path: Path) -> None:
    draft = drafts.open_draft()
    for name, frame in small.tables().items():
        draft.upsert(name, frame, "tests")
    grants = draft.read("pupil_grant")
    mine = grants[grants["semester"] == max(grants["semester"])]
    mine.iloc[3:].to_csv(tmp_path / "grants.csv", index=False)
    report = load(tmp_path / "grants.csv", "pupil_grant", dry_run=True)
    assert report.sheets[0].to_json()["missing_rows"]["rows"] is None
    (problem,) = [p for p in report.problems if p.code == "rows_missing"]
    assert problem.message("en").startswith("few rows of")


def test_every_table_with_periods_has_a_slice_and_no_other() -> None:
    for name, table in schema.TABLES.items():
        keys = {c.name for c in table.primary_key.columns}
        dated = keys & set(schema.PERIOD_COLUMNS)
        assert set(slice_of(name)) == ((dated | (keys & set(MEASURES))) if dated else set()), name


@pytest.mark.usefixtures("first")
def test_the_command_line_says_how(text_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    base = ["load", str(text_file(CORRECTED)), "--kind", KIND, "--map", "value=จำนวน", "--lang", "en"]
    assert cli.main(base) == cli.REFUSED
    told = capsys.readouterr().out
    assert "--replace period" in told
    assert "--keep missing" in told
    assert cli.main([*base, "--replace", "period", "--keep", "missing"]) == cli.USAGE
    capsys.readouterr()
    assert cli.main([*base, "--replace", "period", "--json"]) == cli.DONE
    assert json.loads(capsys.readouterr().out)["sheets"][0]["missing_rows"]["places"] == ["52"]
    assert ("52", "AY2566") not in values()


def test_a_key_that_a_release_of_an_older_contract_has_not_is_null_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    table = schema.TABLES["centre_semester"]
    keys = [c.name for c in table.primary_key.columns]
    wanted = pd.DataFrame([dict.fromkeys(keys, "2565-1")])
    monkeypatch.setattr(missing_rows, "columns_of", lambda _connection, _name: frozenset(keys[:1]))
    statement = str(missing_rows._in_slices(None, table, wanted))  # type: ignore[arg-type]
    assert "CAST(NULL" in statement
    assert f"{table.name}.{keys[1]} =" not in statement
