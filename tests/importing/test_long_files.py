"""Long text files are read a block at a time: the same answers as from a sheet held in memory, whole or not at all."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.contract.national_ids import valid_id
from data_access.importing import databases, long_tables, reading, streaming, streams, texts
from data_access.importing.identifiers import valid_ids
from data_access.importing.inspecting import inspect
from data_access.importing.limits import Limits
from data_access.importing.loading import load
from data_access.importing.problems import ImportRefused
from data_access.importing.report import LoadReport
from data_access.publishing import drafts
from tests.data_access import small
from tests.importing.conftest import person_id

HEAD = ["pupil_key", "semester", "school_code", "level", "grade", "sex", "tier", "stage", "paid_on", "basic_baht", "attendance"]
CODES = ("0000000001", "0000000002")


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make files long that are not: everything is read in blocks of a few rows."""

    def limit(**changes: int) -> None:
        limits = Limits(
            **{
                "held_bytes": 100,
                "beginning_bytes": 2_000,
                "block_bytes": 4_096,
                "held_rows": 30,
                "beginning_rows": 20,
                "block_rows": 70,
                **changes,
            }
        )
        for module in (reading, streaming, streams, databases, long_tables):
            monkeypatch.setattr(module, "LIMITS", limits)

    return limit


@pytest.fixture(autouse=True)
def schools(home: Path) -> None:
    two_schools()


def two_schools() -> None:
    draft = drafts.open_draft()
    draft.upsert("lao", small.laos(), "tests")
    draft.upsert("school", small.schools().head(2).assign(school_code=list(CODES)), "tests")


def rows(n: int) -> list[list[str]]:
    made = random.Random(5)
    return [
        [
            f"{i:016x}",
            made.choice(["1/2565", "2565-2"]),
            made.choice(CODES),
            made.choice(["ประถมศึกษา", "primary"]),
            made.choice(["ป.1", "P2", ""]),
            made.choice(["ชาย", "หญิง"]),
            made.choice(["ยากจน", "extra_poor"]),
            made.choice(["จ่ายแล้ว", "paid"]),
            made.choice(["1 ก.ค. 2565", "2022-07-01", ""]),
            made.choice(["500", "1,000", "-"]),
            made.choice(["0.9", "0.85", ""]),
        ]
        for i in range(n)
    ]


def write(path: Path, lines: list[list[str]], encoding: str = "utf-8", end: str = "\n") -> Path:
    quoted = [",".join(f'"{c}"' if "," in c or "\n" in c else c for c in line) for line in [HEAD, *lines]]
    path.write_bytes((end.join(quoted) + end).encode(encoding))
    return path


def content() -> pd.DataFrame:
    draft = drafts.draft_in_progress()
    assert draft is not None
    return draft.read("pupil_grant").sort_values(["pupil_key", "semester"], ignore_index=True)


def problems(report: LoadReport) -> list[tuple[str, int | None, str]]:
    return sorted((p.code, p.row, p.column) for p in report.problems if p.severity != "note")


@pytest.mark.parametrize(
    ("encoding", "end"), [("utf-8", "\n"), ("utf-8-sig", "\r\n"), ("cp874", "\r\n"), ("utf-16", "\n"), ("utf-16-le", "\r\n")]
)
def test_same_as_a_sheet_held_in_memory(tmp_path: Path, short: Callable[..., None], encoding: str, end: str) -> None:
    path = write(tmp_path / "g.csv", rows(700), encoding, end)
    held = load(path, "pupil_grant")
    assert held.ok, problems(held)
    expected = content()
    drafts.draft_in_progress().discard()  # type: ignore[union-attr]
    two_schools()
    short()
    told: list[tuple[int, int]] = []
    streamed = load(path, "pupil_grant", progress=lambda done, total: told.append((done, total)))
    assert streamed.ok, problems(streamed)
    assert len(told) > 3
    assert told[-1] == (701, 701)
    assert [d for d, _ in told] == sorted(d for d, _ in told)
    pd.testing.assert_frame_equal(content(), expected)
    said, before = streamed.to_json()["sheets"][0], held.to_json()["sheets"][0]
    assert said["computed_totals"]["basic_baht"] == before["computed_totals"]["basic_baht"]
    assert (said["rows_read"], said["rows_loaded"], said["excluded_counts"]) == (701, 700, before["excluded_counts"])


def spoilt() -> list[list[str]]:
    lines = rows(400)
    lines[50][5] = "ตัวผู้"  # no sex
    lines[120][0] = ""  # no key
    lines[121][2] = "9999999999"  # no such school
    lines[200][10] = "1.7"  # no share
    lines[250][9] = "-20"
    lines[300][0] = lines[299][0]
    lines[300][1] = lines[299][1]
    lines[399][8] = "31 ก.พ. 2565"
    return lines


def test_what_is_wrong_is_said_as_of_a_sheet(tmp_path: Path, short: Callable[..., None]) -> None:
    path = write(tmp_path / "g.csv", [line for i, line in enumerate(spoilt()) if i != 300])
    held = load(path, "pupil_grant")
    short()
    streamed = load(path, "pupil_grant")
    assert not streamed.ok
    assert not held.ok
    assert problems(streamed) == problems(held)
    assert [p.message("th") for p in streamed.problems if p.row == 52] == [p.message("th") for p in held.problems if p.row == 52]
    said = streamed.to_json()["sheets"][0]
    assert said["refused_count"] == 399
    assert {r["row"] for r in said["rows_refused"]} == {p.row for p in streamed.problems if p.severity == "error"}
    assert content().empty


def test_a_repeated_key_names_both_rows(tmp_path: Path, short: Callable[..., None]) -> None:
    lines = rows(400)
    lines[300][:2] = lines[2][:2]
    short()
    report = load(write(tmp_path / "g.csv", lines), "pupil_grant")
    (found,) = [p for p in report.problems if p.severity == "error"]
    assert (found.code, found.row, found.params["row"]) == ("duplicate_key", 302, 4)
    assert lines[2][0] not in found.message("en")
    assert content().empty


def test_blank_lines_totals_and_notes_are_left_out(tmp_path: Path, short: Callable[..., None]) -> None:
    path = write(tmp_path / "g.csv", rows(300))
    text = path.read_text("utf-8").splitlines()
    text[150:150] = [""]
    path.write_text("\n".join([*text, "รวมทั้งสิ้น,,,,,,,,,150000,", "หมายเหตุ: ข้อมูล ณ วันที่ 1 ก.ค. 65"]) + "\n", "utf-8")
    short()
    report = load(path, "pupil_grant")
    assert report.ok, problems(report)
    said = report.to_json()["sheets"][0]
    assert said["excluded_counts"] == {"header": 1, "blank": 1, "total": 1, "footnote": 1}
    assert said["rows_read"] == said["rows_loaded"] + len(said["rows_excluded"]) == 304
    assert len(content()) == 300


def test_rows_and_columns_that_a_spreadsheet_left_blank_do_not_count(tmp_path: Path, short: Callable[..., None]) -> None:
    path = write(tmp_path / "g.csv", rows(300))
    text = [f"{line},," for line in path.read_text("utf-8").splitlines()]
    text[100:100] = ["," * 12] * 3
    path.write_text("\n".join([*text, *["," * 12] * 500]) + "\n", "utf-8")
    short(odd_rows=20)
    report = load(path, "pupil_grant")
    assert report.ok, problems(report)
    said = report.to_json()["sheets"][0]
    assert said["excluded_counts"] == {"header": 1, "blank": 3}
    assert said["rows_read"] == said["rows_loaded"] + len(said["rows_excluded"]) == 304
    assert len(content()) == 300


def test_a_name_of_a_place_that_is_only_guessed_at_is_said_with_its_row(tmp_path: Path, short: Callable[..., None]) -> None:
    lines = [["lao_code", "district_code", "kind", "name_th"]]
    lines += [[f"5{n:07}", ("เมืองเชียงใหม่", "เมืองลำปาง", "เมืองเลย")[n % 3], "town", f"เทศบาล {n}"] for n in range(300)]
    lines[201][1] = "เมืองลำปงา"
    path = tmp_path / "lao.csv"
    path.write_text("".join(",".join(line) + "\n" for line in lines), "utf-8")
    held = load(path, "lao", dry_run=True)
    short()
    streamed = load(path, "lao", dry_run=True)
    assert streamed.sheets[0].length is not None
    assert [(p.code, p.row) for p in streamed.problems if p.severity == "error"] == [("place_guess", 202)]
    assert problems(streamed) == problems(held)
    assert load(path, "lao", dry_run=True, accept_guesses=True).ok


def test_rows_of_another_width_are_named(tmp_path: Path, short: Callable[..., None]) -> None:
    lines = rows(300)
    path = write(tmp_path / "g.csv", lines)
    text = path.read_text("utf-8").splitlines()
    text[100] += ",1,2"
    text[200] = text[200].rsplit(",", 1)[0]
    path.write_text("\n".join(text) + "\n", "utf-8")
    short()
    report = load(path, "pupil_grant")
    assert [(p.code, p.row, p.params["n"]) for p in report.problems if p.severity == "error"] == [("row_width", 101, 2)]


def test_too_many_odd_rows_stop_it(tmp_path: Path, short: Callable[..., None]) -> None:
    lines = rows(600)
    for line in lines:
        line[5] = "?"
    short(odd_rows=40)
    report = load(write(tmp_path / "g.csv", lines), "pupil_grant")
    assert not report.ok
    assert [p.code for p in report.problems if p.code == "too_many_odd_rows"] == ["too_many_odd_rows"]
    assert report.sheets[0].rows_read < 600
    assert content().empty


def test_ids_become_keyed_hashes_and_others_refuse(
    tmp_path: Path, short: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMOEPHAK_ID_KEY", "a key for tests only")
    lines = rows(300)
    for i, line in enumerate(lines):
        line[0] = person_id(i)
    short()
    assert load(write(tmp_path / "g.csv", lines), "pupil_grant").ok
    assert content()["pupil_key"].str.fullmatch("[0-9a-f]{32}").all()
    lines[222][0] = lines[222][0][:-1] + str((int(lines[222][0][-1]) + 1) % 10)
    report = load(write(tmp_path / "h.csv", lines), "pupil_grant")
    assert [(p.code, p.row) for p in report.problems if p.severity == "error"] == [("bad_value", 224)]
    assert lines[222][0] not in str(report.to_json("en"))


def test_an_id_in_another_column_refuses(tmp_path: Path, short: Callable[..., None]) -> None:
    lines = rows(300)
    lines[280][4] = person_id(9)
    short()
    report = load(write(tmp_path / "g.csv", lines), "pupil_grant")
    assert not report.ok
    assert person_id(9) not in str(report.to_json("en"))


def test_rows_of_known_keys_are_replaced_in_one_go(tmp_path: Path, short: Callable[..., None]) -> None:
    short()
    first = rows(300)
    assert load(write(tmp_path / "g.csv", first), "pupil_grant").ok
    second = [[*line[:9], "700", line[10]] for line in first[:200]] + [[f"{i:016x}", *first[0][1:]] for i in range(900, 950)]
    assert load(write(tmp_path / "h.csv", second), "pupil_grant", missing="keep").ok
    found = content()
    assert len(found) == 350
    assert (found["basic_baht"] == 700).sum() == 200


def test_a_dry_run_writes_nothing_and_leaves_nothing(tmp_path: Path, short: Callable[..., None], home: Path) -> None:
    short()
    report = load(write(tmp_path / "g.csv", rows(300)), "pupil_grant", dry_run=True)
    assert report.ok
    assert report.sheets[0].rows_loaded == 300
    assert content().empty
    assert not list((home / "drafts").glob("staging-*"))


def test_a_constant_outside_the_contract_is_said_once(tmp_path: Path, short: Callable[..., None]) -> None:
    short()
    report = load(
        write(tmp_path / "g.csv", rows(300)),
        "pupil_grant",
        mapping={"school_code": None},
        constants={"school_code": "9999999999"},
    )
    assert [(p.code, p.header) for p in report.problems if p.severity == "error"] == [("unknown_reference", "school_code")]


def test_an_amount_above_the_rate_is_warned_of_once_a_semester(tmp_path: Path, short: Callable[..., None]) -> None:
    draft = drafts.draft_in_progress()
    assert draft is not None
    rate = {
        "rate_id": "basic_needs",
        "band": "primary",
        "effective_from": "2020-01-01",
        "per": "semester",
        "baht": 500.0,
        "status": "approved",
    }
    draft.upsert("rate", pd.DataFrame([{**rate, "source": "tests"}]).reindex(columns=draft.read("rate").columns), "tests")
    short()
    report = load(write(tmp_path / "g.csv", rows(300)), "pupil_grant")
    warned = [p for p in report.problems if p.code == "over_rate"]
    assert {p.params["semester"] for p in warned} == {"2565-1", "2565-2"}
    assert len(warned) == 2


def test_a_file_that_must_be_held_is_held(tmp_path: Path, short: Callable[..., None]) -> None:
    path = tmp_path / "r.csv"
    path.write_text("จังหวัด,ชาย,หญิง\n" + "".join(f"{p},1,2\n" for p in ("เชียงใหม่", "ลำปาง", "เลย") * 20), "utf-8")
    short(beginning_bytes=200)
    assert inspect(path).sheets[0].sheet.stream is not None
    report = load(path, "reported:pao.budget", constants={"period": "FY2565"}, dry_run=True)
    assert report.sheets[0].sheet.stream is None


def test_broken_text_late_in_the_file_refuses_it(tmp_path: Path, short: Callable[..., None]) -> None:
    path = write(tmp_path / "g.csv", rows(500))
    path.write_bytes(path.read_bytes()[:-40] + b"\xe0\xb8\n")
    short()
    with pytest.raises(ImportRefused, match="UTF-8"):
        load(path, "pupil_grant")
    assert content().empty


@pytest.mark.parametrize("encoding", ["utf-8", "cp874", "utf-16"])
@pytest.mark.parametrize("spoilt", ['{},"open', '"{}', '"{},"half'])
@pytest.mark.parametrize("quoted", [False, True])
def test_a_quotation_mark_that_is_not_closed_is_named(
    tmp_path: Path, short: Callable[..., None], spoilt: str, encoding: str, quoted: bool
) -> None:
    """Wherever it stands, as in a file that is held: the lines after it would be one cell."""
    short()
    lines = [",".join(f'"{c}"' for c in row) if quoted else ",".join(row).replace("1,000", "1000") for row in [HEAD, *rows(90)]]
    lines[70] = spoilt.format(lines[70].replace('"', ""))
    path = tmp_path / "grants.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    with pytest.raises(ImportRefused, match="is not closed") as refused:
        reading.read_file(path)
    assert refused.value.params["row"] == 71


@given(st.lists(st.lists(st.text(st.sampled_from('aก1," \n5'), max_size=5), min_size=2, max_size=4), min_size=1, max_size=8))
def test_what_is_quoted_as_it_should_be_is_never_refused(made: list[list[str]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([c.replace(",", " ") if "\n" in c else c for c in row] for row in made)
    text = buffer.getvalue()
    data = text.encode()
    cuts = [i + 1 for i, letter in enumerate(data) if letter == 10]
    blocks = [data[a:b] for a, b in pairwise([0, *cuts])]
    assert texts.count_lines(iter(blocks), "utf-8", ",", "x.csv") == text.count("\n")
    assert texts.count_lines(iter([data]), "utf-8", ",", "x.csv") == text.count("\n")


def test_check_digits_of_many() -> None:
    made = random.Random(1)
    digits = [person_id(made.randrange(10**10)) for _ in range(50)] + [f"{made.randrange(10**13):013}" for _ in range(500)]
    assert valid_ids(digits).tolist() == [valid_id(d) for d in digits]
    assert valid_ids([]).tolist() == []
