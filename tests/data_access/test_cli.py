"""The command line as scripts use it: exit codes, one JSON document on standard output, nothing changed by a refusal."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from data_access import cli
from data_access.importing import values
from data_access.publishing import drafts

ROOT = Path(__file__).parents[2]
BUDGET = "reported:pao.budget"
TABLE = "ปีงบประมาณ,จังหวัด,งบประมาณ(บาท)\n2565,เลย,1000\n2565,ตาก,2000\n"
Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("SAMOEPHAK_HOME", str(folder))
    monkeypatch.delenv("SAMOEPHAK_ID_KEY", raising=False)
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with --json: its exit code, its document, its standard error."""

    def call(*arguments: object) -> tuple[int, Any, str]:
        code = cli.main([*map(str, arguments), "--json"])
        out, err = capsys.readouterr()
        return code, json.loads(out), err

    return call


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str = TABLE, name: str = "budget.csv") -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def state_of(folder: Path) -> dict[str, str]:
    """Every file under a folder with its digest."""
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


def test_from_a_file_to_two_releases_and_back(run: Run, table: Callable[..., Path]) -> None:
    path = table()
    code, seen, _ = run("inspect", path)
    assert (code, seen["sheets"][0]["rows_read"], seen["sheets"][0]["computed_totals"]) == (0, 3, {"งบประมาณ(บาท)": 3000})
    assert BUDGET in [k["kind"] for k in seen["suggested_kinds"]]
    assert run("load", path, "--kind", BUDGET)[1]["rows_written"] == {"reported_value": 2}
    code, first, _ = run("publish", "--as-of", "2565-09-30", "--note", "ครั้งแรก")
    assert (code, first["as_of"], first["note"], first["demo"]) == (0, "2022-09-30", "ครั้งแรก", False)
    assert first["sources"] == ["budget.csv"]

    table(TABLE.replace("1000", "1500") + "2565,น่าน,5\n")
    assert run("load", path, "--kind", BUDGET)[0] == 0
    code, second, _ = run("publish")
    assert (code, second["parent"]) == (0, first["id"])
    assert [(r["id"], r["current"]) for r in run("releases")[1]] == [(second["id"], True), (first["id"], False)]

    changed = {r["table"]: r for r in run("diff", first["id"], second["id"])[1]["tables"]}
    assert {k: changed["reported_value"][k] for k in ("added", "removed", "changed")} == {"added": 1, "removed": 0, "changed": 1}
    assert changed["province"]["changed"] == 0

    by_province = {r["province"]: r["value"] for r in run("query", "pao.budget", "--by", "province")[1]}
    assert (len(by_province), by_province["42"], by_province["55"]) == (77, 1500, 5)
    code, back, _ = run("rollback", first["id"])
    assert (code, back["id"]) == (0, first["id"])
    assert run("query", "pao.budget", "--where", "fiscal_year=FY2565")[1][0]["value"] == 3000
    old_still_answers = run("query", "pao.budget", "--where", "province=42", "--release", second["id"])[1]
    assert old_still_answers[0]["value"] == 1500
    code, checked, _ = run("check")
    assert (code, checked["release"], checked["checksum"]) == (0, first["id"], "ok")
    incomplete = next(i for i in checked["incomplete"] if i["dataset"] == BUDGET)
    assert (incomplete["period"], incomplete["present"], incomplete["expected"]) == ("FY2565", 2, 76)


def test_a_dry_run_and_a_refusal_change_nothing(run: Run, table: Callable[..., Path], home: Path) -> None:
    assert run("load", table(), "--kind", BUDGET)[0] == 0
    before = state_of(home)
    code, report, _ = run("load", table(TABLE.replace("1000", "7")), "--kind", BUDGET, "--dry-run")
    assert (code, report["status"], report["rows_written"]) == (0, "would_load", {})
    code, report, _ = run("load", table(TABLE.replace("1000", "ห้า")), "--kind", BUDGET)
    assert (code, report["ok"], report["status"]) == (1, False, "refused")
    problem = next(p for p in report["problems"] if p["severity"] == "error")
    assert {k: problem[k] for k in ("file", "sheet", "row", "column", "header", "found", "expected")} == {
        "file": "budget.csv",
        "sheet": "budget",
        "row": 2,
        "column": "C",
        "header": "งบประมาณ(บาท)",
        "found": "ห้า",
        "expected": "ตัวเลข",
    }
    assert problem["remedy"]
    assert state_of(home) == before


def test_loading_twice_is_loading_once(run: Run, table: Callable[..., Path]) -> None:
    for _ in range(2):
        code, report, _ = run("load", table(), "--kind", BUDGET)
        assert code == 0
    draft = drafts.draft_in_progress()
    assert draft is not None
    assert draft.count("reported_value") == 2
    assert [p["code"] for p in report["problems"] if p["code"] == "rows_replaced"] == ["rows_replaced"]


def test_guesses_are_a_question_until_they_are_accepted(run: Run, table: Callable[..., Path]) -> None:
    path = table("จังหวัด,ประชากร\nบุรีรัม,5\nเลย,6\n")
    arguments = ("load", path, "--kind", "reported:population.registered", "--set", "period=2021")
    code, report, _ = run(*arguments)
    assert code == 1
    assert [(g["text"], g["code"], g["name_th"]) for g in report["sheets"][0]["guesses"]] == [("บุรีรัม", "31", "บุรีรัมย์")]
    assert run(*arguments, "--accept-guesses", "--dry-run")[0] == 0
    assert run(*arguments)[0] == 1, "a dry run remembers nothing"
    assert run(*arguments, "--accept-guesses")[0] == 0
    assert run(*arguments)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "status"),
    [
        (("load", "absent.csv", "--kind", BUDGET), 1, "refused"),
        (("inspect", "absent.csv"), 1, "refused"),
        (("load", "{file}", "--kind", "no_table"), 2, "wrong_usage"),
        (("load", "{file}", "--kind", "province"), 2, "wrong_usage"),
        (("load", "{file}", "--kind", "reported:no.such"), 2, "wrong_usage"),
        (("load", "{file}", "--kind", BUDGET, "--sheet", "x"), 2, "wrong_usage"),
        (("load", "{file}", "--kind", BUDGET, "--profile", "x"), 2, "wrong_usage"),
        (("load", "{file}", "--kind", BUDGET, "--set", "period"), 2, "wrong_usage"),
        (("load", "{file}", "--kind", BUDGET, "--set", "nothing=1"), 2, "wrong_usage"),
        (("load", "{file}", "--kind", BUDGET, "--map", "value=Z"), 2, "wrong_usage"),
        (("load", "sqlite:///x.db", "--kind", BUDGET), 2, "wrong_usage"),
        (("publish",), 2, "wrong_usage"),
        (("claims",), 1, "refused"),
        (("check",), 1, "refused"),
        (("rollback", "r1"), 1, "refused"),
        (("diff", "r1", "r2"), 1, "refused"),
        (("query", "pao.budget", "--release", "r1"), 1, "refused"),
    ],
)
def test_refusals_are_documents_too(
    run: Run, table: Callable[..., Path], home: Path, arguments: tuple[str, ...], code: int, status: str
) -> None:
    path = table()
    found, document, err = run(*(a.replace("{file}", str(path)) for a in arguments))
    assert (found, document["ok"], document["status"]) == (code, False, status)
    assert document["message_th"] != document["message_en"]
    assert document["message"].strip() == err.strip()
    assert not list(home.glob("releases/*.json"))


def test_wrong_questions(run: Run, table: Callable[..., Path]) -> None:
    run("load", table(), "--kind", BUDGET)
    run("publish")
    for arguments in (
        ("query", "no.such"),
        ("query", "pao.budget", "--by", "colour"),
        ("query", "pao.budget", "--by", "fiscal_year,academic_year"),
        ("query", "pao.budget", "--where", "fiscal_year=2565-1"),
    ):
        assert run(*arguments)[0] == 2, arguments
    assert run("query", "pao.budget", "--release", "r0")[0] == 1


@pytest.mark.parametrize("indicator", ["grant.basic_recipients", "assist.recipients", "population.registered"])
def test_a_split_that_nobody_published_is_told_in_words(run: Run, table: Callable[..., Path], indicator: str) -> None:
    run("load", table(), "--kind", BUDGET)
    run("publish")
    for by in ("sex", "province,sex"):
        code, document, err = run("query", indicator, "--by", by)
        assert (code, document["status"]) == (2, "wrong_usage")
        assert f"no values of {indicator} by sex" in document["message_en"]
        assert document["message"].strip() == err.strip()


@pytest.mark.parametrize(
    "arguments",
    [[], ["bogus"], ["load", "x.csv"], ["publish", "--as-of", "2565-13-01"], ["query"], ["diff", "a"], ["inspect", "x", "--no"]],
)
def test_argparse_refuses_with_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        cli.main(arguments)
    assert refusal.value.code == 2


def test_real_data_never_join_the_demonstration(run: Run, table: Callable[..., Path]) -> None:
    demo = drafts.new_draft(None)
    row = {
        "indicator": "pao.budget",
        "place_level": "province",
        "place_code": "50",
        "period": "FY2564",
        "sex": "all",
        "level": "all",
    }
    demo.upsert("reported_value", pd.DataFrame([{**row, "value": 9.0}]), "demo")
    drafts.publish(demo, as_of=dt.date(2025, 9, 30), demo=True)
    assert run("load", table(), "--kind", BUDGET)[0] == 0
    code, release, _ = run("publish")
    assert (code, release["demo"], release["row_counts"]["reported_value"]) == (0, False, 2)
    assert release["sources"] == ["budget.csv"]


def test_from_another_database(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    engine = sa.create_engine(url)
    pd.DataFrame({"จังหวัด": ["เลย", "ตาก"], "งบประมาณ": [10, 20], "ปีงบประมาณ": [2565, 2565]}).to_sql("money", engine, index=False)
    engine.dispose()
    assert run("inspect", url, "--query", "money")[1]["sheets"][0]["rows_loaded"] == 2
    code, report, _ = run("load", url, "--kind", BUDGET, "--query", "SELECT * FROM money WHERE งบประมาณ > 15")
    assert (code, report["rows_written"]) == (0, {"reported_value": 1})
    assert "money" in run("publish")[1]["sources"][0]
    code, _, _ = run("load", f"sqlite:///{tmp_path / 'absent.db'}", "--kind", BUDGET, "--query", "money")
    assert code == 1
    assert not (tmp_path / "absent.db").exists()


def test_passwords_are_never_said(run: Run, home: Path) -> None:
    for url in ("postgresql+psycopg://me:s3cret@127.0.0.1:1/x", "oracle+oracledb://me:s3cret@h/x", "no such://me:s3cret@h"):
        code, document, err = run("load", url, "--kind", BUDGET, "--query", "t")
        assert code == 1
        assert "s3cret" not in json.dumps(document) + err
    assert "oracledb" in run("load", "oracle+oracledb://me:s3cret@h/x", "--kind", BUDGET, "--query", "t")[1]["message"]
    assert not any(b"s3cret" in p.read_bytes() for p in home.rglob("*") if p.is_file())


@pytest.mark.parametrize(
    "asked",
    [("load", "x.csv", "--kind", "1101700203450"), ("inspect", "/tmp/1 1017 00203 45 0.csv"), ("rollback", "1101700203450")],
)
def test_a_national_id_that_was_typed_is_not_repeated(run: Run, asked: tuple[str, ...]) -> None:
    code, document, err = run(*asked)
    said = json.dumps(document, ensure_ascii=False) + err
    assert code != 0
    assert "50" in said
    assert "110170020" not in said.replace(" ", "")


def test_profiles_and_reports(run: Run, table: Callable[..., Path], tmp_path: Path) -> None:
    path = table("พื้นที่ ก,ยอด ข,ปี\nเลย,1,2564\nตาก,2,2564\n")
    code, _, _ = run(
        "load",
        path,
        "--kind",
        BUDGET,
        "--map",
        "value=ยอด ข",
        "--save-profile",
        "อบจ",
        "--report",
        tmp_path / "report.xlsx",
        "--dry-run",
    )
    assert code == 0
    assert (tmp_path / "report.xlsx").stat().st_size > 1000
    moved = table("ปี,อื่น,ยอด ข,พื้นที่ ก\n2565,0,3,เลย\n2565,0,4,ตาก\n", "next.csv")
    assert run("load", moved, "--kind", BUDGET, "--profile", "อบจ")[1]["rows_written"] == {"reported_value": 2}


def test_indicators_and_templates(run: Run, tmp_path: Path) -> None:
    code, indicators, _ = run("indicators")
    assert code == 0
    assert len(indicators) >= 40
    assert {"id", "title_th", "title_en", "definition_th", "formula", "unit", "source"} <= set(indicators[0])
    code, files, _ = run("templates", "--out", tmp_path / "t")
    assert code == 0
    assert all(Path(f).is_file() for f in files)


def test_as_a_program(table: Callable[..., Path], tmp_path: Path) -> None:
    def program(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "data_access", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=120)

    done = program("load", str(table()), "--kind", BUDGET, "--json")
    assert (done.returncode, json.loads(done.stdout)["ok"], done.stderr) == (0, True, b"")
    refused = program("load", str(table("\n")), "--kind", BUDGET, "--json")
    assert (refused.returncode, json.loads(refused.stdout)["status"]) == (1, "refused")
    assert b"Traceback" not in refused.stderr


def test_who_starts_it_hears_when_readers_are_served_another_release(table: Callable[..., Path]) -> None:
    heard: list[str] = []
    refused = ["publish", "--lang", "en"]  # there is no draft
    load = ["load", str(table()), "--kind", BUDGET]
    for command in (refused, load, ["releases"], ["publish", "--lang", "en"], ["releases"]):
        cli.main(command, heard.append)
    assert heard == ["en"]


def test_text_for_people(table: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["load", str(table(TABLE.replace("เลย", "ดาวอังคาร"))), "--kind", BUDGET, "--lang", "en"]) == 1
    out = capsys.readouterr().out
    assert "refused; nothing was loaded" in out
    assert re.search(r"\[Error\] budget B2: ดาวอังคาร", out)
    assert cli.main(["inspect", str(table())]) == 0
    assert "อ่าน 3 แถว" in capsys.readouterr().out


def test_json_holds_only_what_json_knows() -> None:
    found = cli._plain({"a": float("nan"), "b": (1, dt.date(2022, 1, 1)), 3: float("inf"), "c": values.BadValue("x")})
    assert json.dumps(found, allow_nan=False) == '{"a": null, "b": [1, "2022-01-01"], "3": null, "c": "x"}'


def test_every_command_and_option_is_documented() -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    commands = next(a for a in cli._parser()._actions if a.dest == "command").choices
    assert isinstance(commands, dict)
    for name, parser in commands.items():
        assert f"`{name}" in page, name
        for option in (o for action in parser._actions for o in action.option_strings if o.startswith("--")):
            assert option == "--help" or f"`{option}" in page, (name, option)


@pytest.mark.parametrize("command", ["verify", "backup"])
def test_nightly_jobs_do_not_succeed_in_an_empty_directory(run: Run, home: Path, tmp_path: Path, command: str) -> None:
    code, answer, _said = run(command, *[tmp_path / "b.zip"] * (command == "backup"))
    assert code == cli.REFUSED
    assert str(home) in answer["message_en"]
    assert not list(tmp_path.glob("*b.zip*"))
