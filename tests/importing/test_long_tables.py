"""Long Parquet files and tables of databases: the same answers as from a sheet held in memory, whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import sqlalchemy as sa

from data_access.importing.inspecting import inspect
from data_access.importing.loading import load
from data_access.importing.problems import ImportRefused
from data_access.importing.streams import as_texts
from data_access.publishing import drafts
from data_access.store import engines
from tests.importing.conftest import person_id
from tests.importing.test_long_files import CODES, HEAD, content, problems, rows, schools, short, two_schools

__all__ = ["schools", "short"]  # fixtures

SOURCES = ("parquet", "sqlite", "duckdb", "postgres")
Source = Callable[[pd.DataFrame], dict[str, Any]]


def typed(n: int = 700) -> pd.DataFrame:
    """Grants with the types that a database has."""
    numbers = range(n)
    frame = pd.DataFrame(
        {
            "pupil_key": [f"{i:016x}" for i in numbers],
            "semester": [("2565-1", "1/2565")[i % 2] for i in numbers],
            "school_code": [CODES[i % 2] for i in numbers],
            "level": "primary",
            "grade": [("P1", None, "")[i % 3] for i in numbers],
            "sex": [("ชาย", "female")[i % 2] for i in numbers],
            "tier": "poor",
            "stage": "paid",
            "paid_on": [dt.date(2022, 7, 1 + i % 20) for i in numbers],
            "basic_baht": [500 + i % 3 for i in numbers],
            "attendance": [(0.9, 1.0, None)[i % 3] for i in numbers],
            "condition_met": [(True, False, None)[i % 3] for i in numbers],
        }
    )
    return frame.astype({"condition_met": "boolean", "basic_baht": "Int64"})


@pytest.fixture(params=SOURCES)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    """Puts a frame into a store of one kind; what `load` is then called with."""
    return source_of(request.param, tmp_path, request)


def source_of(kind: str, folder: Path, request: pytest.FixtureRequest) -> Source:
    def put(frame: pd.DataFrame) -> dict[str, Any]:
        if kind == "parquet":
            path = folder / "grants.parquet"
            frame.to_parquet(path, index=False, row_group_size=90)
            return {"path": path}
        url = {"postgres": lambda: request.getfixturevalue("postgres")}.get(kind, lambda: f"{kind}:///{folder / 'other.db'}")()
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE IF EXISTS grants_from"))
            types = {"paid_on": sa.Date, "basic_baht": sa.BigInteger, "attendance": sa.Double, "condition_met": sa.Boolean}
            numbers = dict.fromkeys(frame.select_dtypes("int64").columns, sa.BigInteger)
            columns = [sa.Column(name, {**types, **numbers}.get(name, sa.Text)) for name in frame.columns]
            table = sa.Table("grants_from", sa.MetaData(), *columns)
            table.create(connection)
            values = frame.astype(object).where(frame.notna(), None).to_dict("records")
            connection.execute(table.insert(), values)
        engine.dispose()
        return {"path": url, "query": "grants_from"}

    return put


def loaded(found: dict[str, Any], **more: Any) -> Any:
    return load(found["path"], "pupil_grant", query=found.get("query"), **more)


def test_same_as_held_in_memory(source: Source, short: Callable[..., None]) -> None:
    found = source(typed())
    held = loaded(found)
    assert held.ok, problems(held)
    assert held.sheets[0].sheet.stream is None
    expected = content()
    drafts.draft_in_progress().discard()  # type: ignore[union-attr]
    two_schools()
    short()
    told: list[tuple[int, int]] = []
    streamed = loaded(found, progress=lambda done, total: told.append((done, total)))
    assert streamed.ok, problems(streamed)
    assert len(told) == 10
    assert told[-1] == (701, 701)
    pd.testing.assert_frame_equal(content(), expected)
    assert set(expected["condition_met"].dropna()) == {True, False}
    said, before = streamed.to_json()["sheets"][0], held.to_json()["sheets"][0]
    assert said["computed_totals"]["basic_baht"] == before["computed_totals"]["basic_baht"]
    for key in ("sheet", "rows_read", "rows_loaded", "excluded_counts", "titles"):
        assert said[key] == before[key], key
    assert [(c["header"], c["field"]) for c in said["columns"]] == [(c["header"], c["field"]) for c in before["columns"]]


def test_what_is_wrong_is_said_with_its_row(source: Source, short: Callable[..., None]) -> None:
    frame = typed()
    frame.loc[300, "sex"] = "ตัวผู้"
    frame.loc[301, "pupil_key"] = None
    frame.loc[302, "basic_baht"] = -20
    frame.loc[303, "school_code"] = "9999999999"
    found = source(frame)
    held = loaded(found)
    short()
    streamed = loaded(found)
    assert not held.ok
    assert not streamed.ok
    assert problems(streamed) == problems(held)
    assert {p.row for p in streamed.problems if p.severity == "error"} >= {302, 303, 304, 305}
    assert content().empty


def test_a_repeated_key_names_both_rows(source: Source, short: Callable[..., None]) -> None:
    frame = typed()
    frame.loc[304, ["pupil_key", "semester"]] = frame.loc[302, ["pupil_key", "semester"]]
    found = source(frame)
    short()
    (problem,) = [p for p in loaded(found).problems if p.severity == "error"]
    assert (problem.code, problem.row) == ("duplicate_key", 306)
    assert "304" in problem.message("en")


def test_national_ids_are_hashed_whether_text_or_number(
    source: Source, short: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMOEPHAK_ID_KEY", "a key for tests only")
    frame = typed(200).assign(pupil_key=[person_id(i) for i in range(200)])
    found = source(frame)
    short()
    assert loaded(found).ok
    expected = content()
    assert expected["pupil_key"].str.fullmatch("[0-9a-f]{32}").all()
    drafts.draft_in_progress().discard()  # type: ignore[union-attr]
    two_schools()
    assert loaded(source(frame.assign(pupil_key=frame["pupil_key"].astype("int64")))).ok
    pd.testing.assert_frame_equal(content(), expected)


@pytest.mark.parametrize("kind", SOURCES)
def test_looking_at_it_reads_the_beginning_only(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, short: Callable[..., None]
) -> None:
    found = source_of(kind, tmp_path, request)(typed())
    short()
    report = inspect(found["path"], found.get("query"))
    assert report.sheets[0].sheet.stream is not None
    assert len(report.sheets[0].sheet.cells) == 21
    assert report.sheets[0].rows_read == 701
    assert report.suggested_kinds[0]["kind"] == "pupil_grant"


def test_a_select_is_a_source(tmp_path: Path, request: pytest.FixtureRequest, short: Callable[..., None]) -> None:
    found = source_of("sqlite", tmp_path, request)(typed())
    short()
    select = f"SELECT\n*, 'a:b' AS remark FROM grants_from WHERE school_code = '0000000001' AND pupil_key <> '{person_id(3)}';"
    report = load(found["path"], "pupil_grant", query=select)
    assert report.ok, problems(report)
    assert report.rows_written == {"pupil_grant": 350}
    source = drafts.draft_in_progress().log[-1]["source"]  # type: ignore[union-attr]
    assert "WHERE school_code = '0000000001'" in source
    assert person_id(3) not in source


def test_a_national_id_in_the_name_of_a_file_is_not_told(tmp_path: Path) -> None:
    path = tmp_path / f"{person_id(3)}.parquet"
    typed(5).to_parquet(path, index=False)
    report = load(path, "pupil_grant")
    assert report.ok
    assert person_id(3) not in str(report.to_json("en"))
    assert person_id(3) not in str(drafts.draft_in_progress().log)  # type: ignore[union-attr]


@pytest.mark.postgres
def test_a_query_that_fails_half_way_leaves_nothing(
    tmp_path: Path, request: pytest.FixtureRequest, short: Callable[..., None], home: Path
) -> None:
    found = source_of("postgres", tmp_path, request)(typed())
    short()
    select = "SELECT *, 1 / (CASE pupil_key WHEN '0000000000000258' THEN 0 ELSE 1 END) AS one FROM grants_from"
    with pytest.raises(ImportRefused) as refusal:
        load(found["path"], "pupil_grant", query=select)
    assert refusal.value.params == {"reason": "DataError"}
    assert content().empty
    assert not list((home / "drafts").glob("staging-*"))


def test_a_database_that_goes_away_is_told_without_its_password(
    tmp_path: Path, request: pytest.FixtureRequest, short: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception of the driver's own, which SQLAlchemy does not know, is told like any other."""

    class Gone(Exception):
        pass

    def gone(*_: object) -> None:
        raise Gone("user:secret@host")

    found = source_of("sqlite", tmp_path, request)(typed())
    short()
    monkeypatch.setattr("data_access.importing.databases._array", gone)
    with pytest.raises(ImportRefused) as refusal:
        loaded(found)
    assert "Gone" in refusal.value.message("en")
    assert "secret" not in refusal.value.message("en")
    assert content().empty


def test_a_parquet_file_cut_short_is_refused(tmp_path: Path, short: Callable[..., None]) -> None:
    path = tmp_path / "grants.parquet"
    typed().to_parquet(path, index=False, row_group_size=90)
    whole = path.read_bytes()
    short()
    path.write_bytes(whole[:-400])
    with pytest.raises(ImportRefused, match=r"grants\.parquet is damaged"):
        load(path, "pupil_grant")
    path.write_bytes(whole[:9000] + bytes(400) + whole[9400:])
    with pytest.raises(ImportRefused, match=r"grants\.parquet is damaged"):
        load(path, "pupil_grant")
    assert content().empty


def test_too_many_odd_rows_stop_it(source: Source, short: Callable[..., None]) -> None:
    found = source(typed().assign(sex="?"))
    short(odd_rows=40)
    report = loaded(found)
    assert [p.code for p in report.problems if p.code == "too_many_odd_rows"] == ["too_many_odd_rows"]
    assert report.sheets[0].rows_read < 600
    assert content().empty


def test_a_table_that_must_be_held_is_held(tmp_path: Path, short: Callable[..., None]) -> None:
    path = tmp_path / "r.parquet"
    pd.DataFrame({"จังหวัด": ["เชียงใหม่", "ลำปาง", "เลย"] * 20, "ชาย": 1, "หญิง": 2}).to_parquet(path, index=False)
    short()
    assert inspect(path).sheets[0].sheet.stream is not None
    report = load(path, "reported:pao.budget", constants={"period": "FY2565"}, dry_run=True)
    assert report.sheets[0].sheet.stream is None


def test_a_database_without_types_may_mix_them(tmp_path: Path, short: Callable[..., None]) -> None:
    frame = pd.DataFrame(rows(300), columns=HEAD)
    url = f"sqlite:///{tmp_path / 'other.db'}"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text(f"CREATE TABLE grants_from ({', '.join(HEAD)})"))
        names = ", ".join(f":{name}" for name in HEAD)
        values = [{**row, "basic_baht": (500, "1,000", None, 500.0)[i % 4]} for i, row in enumerate(frame.to_dict("records"))]
        connection.execute(sa.text(f"INSERT INTO grants_from VALUES ({names})"), values)
    engine.dispose()
    short()
    report = load(url, "pupil_grant", query="grants_from")
    assert report.ok, problems(report)
    assert content()["basic_baht"].dropna().unique().tolist() == [500.0, 1000.0]


def test_cells_of_every_type_become_the_texts_of_a_text_file() -> None:
    day, time = dt.datetime(2022, 5, 16), dt.datetime(2022, 5, 16, 1, 2, 3)
    cells: dict[str, tuple[pa.Array, list[str | None]]] = {
        "whole": (pa.array([5, None], pa.int32()), ["5", None]),
        "float": (pa.array([5.0, float("nan")]), ["5", None]),
        "share": (pa.array([0.85, 1e-7]), ["0.85", "1e-7"]),
        "money": (pa.array([Decimal("500.00"), None]), ["500.00", None]),
        "yes": (pa.array([True, False]), ["true", "false"]),
        "day": (pa.array([day.date(), None]), ["2022-05-16", None]),
        "moment": (pa.array([day, time]), ["2022-05-16", "2022-05-16 01:02:03.000000"]),
        "zone": (pa.array([day, None], pa.timestamp("s", "UTC")), ["2022-05-16", None]),
        "text": (pa.array(["", "ก"]), [None, "ก"]),
        "large": (pa.array(["nan", ""], pa.large_string()), ["nan", None]),
        "coded": (pa.array(["ก", "ก"]).dictionary_encode(), ["ก", "ก"]),
        "coded_number": (pa.array([7, None]).dictionary_encode(), ["7", None]),
        "empty": (pa.nulls(2), [None, None]),
        "length": (pa.array([dt.timedelta(hours=1), None]), ["1:00:00", None]),
        "clock": (pa.array([dt.time(1, 2), None]), ["01:02:00", None]),
        "uuid": (pa.array([UUID(int=7), None]), ["00000000-0000-0000-0000-000000000007", None]),
        "interval": (pa.array([pa.MonthDayNano([1, 2, 3]), None]), ["MonthDayNano(months=1, days=2, nanoseconds=3)", None]),
        "list": (pa.array([[1, 2], None]), ["[1, 2]", None]),
        "bytes": (pa.array([b"a", None]), ["b'a'", None]),
    }
    block = pa.record_batch([array for array, _ in cells.values()], list(cells))
    (made,) = as_texts([block], 1, {0})
    assert made.schema.types[0] == pa.string()
    assert [column.to_pylist() for column in made.columns] == [texts for _, texts in cells.values()]
    assert [len(b) for b in as_texts([block, block, block], 4, set())] == [0, 1, 2]


def test_rows_are_read_as_they_are_needed(tmp_path: Path, short: Callable[..., None]) -> None:
    """Of a long table no more is in memory than a few blocks."""
    short(block_rows=50)
    path = tmp_path / "long.duckdb"
    engine = engines.duckdb_engine(path, writable=True)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE long_one AS SELECT range AS n FROM range(1000)")
    engine.dispose()
    stream = inspect(f"duckdb:///{path}", "long_one").sheets[0].sheet.stream
    assert stream is not None
    blocks = stream.texts(1, set(), [])
    assert [len(next(blocks)), len(next(blocks))] == [50, 50]
    blocks.close()


def test_row_groups_are_read_one_after_another(tmp_path: Path, short: Callable[..., None]) -> None:
    path = tmp_path / "grants.parquet"
    typed(300).to_parquet(path, index=False, row_group_size=40)
    assert parquet.ParquetFile(path).num_row_groups == 8
    short()
    assert load(path, "pupil_grant").rows_written == {"pupil_grant": 300}
