"""The real files of Thai agencies, where their folder is present: the answers that must come out."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data_access import cli
from data_access.importing.inspecting import inspect
from data_access.importing.loading import load
from data_access.publishing import drafts

FOLDER = Path(os.environ.get("SAMOEPHAK_REAL_FILES") or Path(__file__).parents[2] / "../shared/real").resolve()
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder of real files is absent (set SAMOEPHAK_REAL_FILES)")
ASSIST, CENTRES, PAO = "individual_assistance_2556.xls", "krabi_centres_2555.xls", "pao_budget_by_plan.csv"
M6, PEOPLE = "obec_m6_completers_2566.csv", "dopa_population_2564-01.csv"


def values(indicator: str) -> pd.DataFrame:
    draft = drafts.draft_in_progress()
    assert draft is not None
    frame = draft.read("reported_value")
    return frame[frame["indicator"] == indicator]


def put(file: str, kind: str, **options: Any) -> Any:
    report = load(FOLDER / file, kind, **options)
    for sheet in report.sheets:
        said = sheet.to_json("th")
        assert said["rows_read"] == said["rows_loaded"] + len(said["rows_excluded"]) + len(said["rows_refused"])
    return report


def test_individual_assistance_contradicts_itself() -> None:
    report = inspect(FOLDER / ASSIST)
    first = report.sheets[0]
    found = {(p.code, p.row, p.found, p.expected) for p in first.problems}
    assert ("stated_total", 83, "1,984", "1,973") in found
    assert ("stated_total", 83, "12,059,420", "12,059,920") in found
    assert ("row_total", 58, "21", "32") in found
    assert (first.audit["present"], first.audit["expected"], first.audit["missing"]) == (77, 77, [])
    assert [s.rows_loaded for s in report.sheets][:2] == [77, 77]
    second = {e.reason for e in report.sheets[1].excluded}
    assert {"section", "subtotal", "total", "footnote"} <= second


def test_individual_assistance_loads() -> None:
    for kind in ("recipients", "education_baht", "baht"):
        assert put(ASSIST, f"reported:assist.{kind}").ok
    assert values("assist.education_baht")["value"].sum() == 2_008_000
    assert values("assist.baht")["value"].sum() == 12_059_420
    recipients = values("assist.recipients")
    assert recipients["value"].sum() == 1984
    assert recipients["place_code"].nunique() == 77
    assert set(recipients["period"]) == {"FY2556"}
    few = recipients.groupby("place_code")["value"].sum()
    assert few[(few >= 1) & (few <= 4)].size == 4


def test_centres_of_krabi() -> None:
    report = put(CENTRES, "centre_semester")
    assert report.ok
    draft = drafts.draft_in_progress()
    assert draft is not None
    centres = draft.read("centre")
    assert len(centres) == 143
    assert centres["district_code"].notna().all()
    rows = draft.read("centre_semester")
    assert (len(rows), rows["children"].sum(), set(rows["semester"])) == (143, 10_922, {"2555-1"})


def test_budgets_of_provincial_organisations() -> None:
    report = put(PAO, "reported:pao.budget")
    put(PAO, "reported:pao.education_budget")
    by_year = values("pao.budget").groupby("period")["value"].agg(["sum", "size"])
    assert by_year.loc["FY2565"].tolist() == [57_312_949_370, 76]
    assert by_year.loc["FY2566", "size"] == 62
    assert values("pao.education_budget").groupby("period")["value"].sum()["FY2565"] == 12_117_239_039
    incomplete = [p for p in report.problems if p.code == "incomplete"]
    assert [(p.found, p.expected, p.params["n"]) for p in incomplete] == [("62", "76", 14)]


def test_completers_under_english_names() -> None:
    asked = put(M6, "reported:school.m6_completers")
    assert not asked.ok
    assert {g.text for g in asked.sheets[0].guesses} == {"buogkan", "Loburi"}
    assert {g.code for g in asked.sheets[0].guesses} == {"38", "16"}
    assert put(M6, "reported:school.m6_completers", accept_guesses=True).ok
    assert put(M6, "reported:school.m6_completers").ok, "the answer is remembered"
    frame = values("school.m6_completers")
    assert (frame["value"].sum(), frame["place_code"].nunique(), set(frame["period"])) == (139_958, 77, {"AY2566"})


def test_registered_population() -> None:
    report = put(PEOPLE, "reported:population.registered")
    assert report.ok
    frame = values("population.registered")
    assert (frame["value"].sum(), frame["place_code"].nunique(), set(frame["period"])) == (66_182_715, 77, {"CY2564"})
    assert report.sheets[0].stated_totals()["รวม"] == report.sheets[0].computed_totals()["รวม"] == 66_182_715


def test_the_same_provinces_from_every_encoding() -> None:
    files = sorted((FOLDER / "encodings").iterdir())
    audits = {path.name: inspect(path).sheets[0].audit for path in files}
    assert len(audits) == 6
    assert all(audit["present"] == 77 for audit in audits.values()), audits
    sums = set()
    for path in (p for p in files if "opulation" in p.name):
        assert put(f"encodings/{path.name}", "reported:population.registered").ok
        sums.add(tuple(values("population.registered").groupby("period")["value"].sum()))
    assert len(sums) == 1


def test_through_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Load, publish and ask, as a script does; small provinces are suppressed, incomplete years stay visible as such."""

    def run(*arguments: str) -> tuple[int, Any]:
        code = cli.main([*arguments, "--json"])
        return code, json.loads(capsys.readouterr().out)

    for kind in ("assist.recipients", "assist.education_baht", "assist.baht"):
        assert run("load", str(FOLDER / ASSIST), "--kind", f"reported:{kind}", "--set", "period=2013")[0] == 0
    assert run("load", str(FOLDER / PAO), "--kind", "reported:pao.budget")[0] == 0
    assert run("load", str(FOLDER / M6), "--kind", "reported:school.m6_completers")[0] == 1
    assert run("load", str(FOLDER / M6), "--kind", "reported:school.m6_completers", "--accept-guesses")[0] == 0
    assert run("load", str(FOLDER / CENTRES), "--kind", "centre_semester", "--set", "semester=1/2555", "province=กระบี่")[0] == 0
    assert run("publish")[0] == 0
    recipients = {r["province"]: r for r in run("query", "assist.recipients", "--by", "province")[1]}
    assert len(recipients) == 77
    assert {recipients[code]["state"] for code in ("10", "38", "51", "19")} == {"suppressed"}
    sums = {
        i: run("query", i)[1][0]["value"]
        for i in ("assist.recipients", "assist.education_baht", "assist.baht", "school.m6_completers")
    }
    assert list(sums.values()) == [1984, 2_008_000, 12_059_420, 139_958]
    states = [r["state"] for r in run("query", "pao.budget", "--by", "province", "--where", "fiscal_year=FY2566")[1]]
    assert {s: states.count(s) for s in set(states)} == {"value": 62, "not_collected": 14, "not_applicable": 1}
    assert run("query", "pao.budget", "--where", "fiscal_year=FY2565")[1][0]["value"] == 57_312_949_370
    krabi = run("query", "ecd.children", "--where", "province=81")[1][0]
    assert (krabi["value"], run("query", "ecd.centres")[1][0]["value"]) == (10_922, 143)
    incomplete = [i for i in run("check")[1]["incomplete"] if i["dataset"] == "reported:pao.budget"]
    assert [(i["period"], i["present"], i["expected"]) for i in incomplete] == [("FY2566", 62, 76)]


def _promised() -> dict[str, set[str]]:
    """The keys that `docs/importing.md` promises of `inspect`: those of a sheet under an empty name, those of the objects in a list under its key."""
    text = (Path(__file__).parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")
    part = text.partition("### JSON of `inspect`")[2].partition("###")[0]
    found: dict[str, set[str]] = {"": set()}
    for keys, meaning in re.findall(r"^\| (`.+?) \| (.+) \|$", part, re.MULTILINE):
        names = re.findall(r"`(\w+)`", keys)
        found[""] |= {*names, *re.findall(r"and `(\w+)` \{", meaning)}
        inner = re.match(r"(?:how many; )?\[(.+?)[\];]", meaning)
        if inner and names[0] not in ("left_out", "loaded_sums"):  # of a load
            found[names[-1]] = set(re.findall(r"`(\w+)`", inner[1]))
    found["places"] = {"level", "present", "expected", "missing", "codes"}
    return found


@pytest.mark.parametrize("path", sorted(p for p in FOLDER.glob("*.*") if p.suffix in (".xls", ".csv")), ids=lambda p: p.name)
def test_inspect_fills_what_the_documentation_promises(path: Path) -> None:
    promised, report = _promised(), inspect(path).to_json("en")
    assert set(report) == {"file", "suggested_kinds", "sheets"}
    assert {key for kind in report["suggested_kinds"] for key in kind} <= {"kind", "score", "certain"}
    for sheet in report["sheets"]:
        assert set(sheet) == promised[""]
        for key, inner in promised.items():
            values = sheet[key] if key and isinstance(sheet[key], list) else [sheet[key]] if key and sheet[key] else []
            assert all(set(found) == inner for found in values), key
    if report["suggested_kinds"]:  # the columns that the likeliest kind takes are named
        taken = [column for column in report["sheets"][0]["columns"] if column["field"]]
        assert taken
        assert all(column["use"] for column in taken)
