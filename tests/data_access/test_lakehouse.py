"""A lakehouse: tables as Parquet files behind an engine of several workers, reached by SQLAlchemy (Spark, as Trino would be).

What publishing computes is the same there as here, and a table of it is loaded like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow.parquet as parquet
import pytest
import sqlalchemy as sa

from data_access.contract import schema
from data_access.importing.loading import load
from data_access.importing.problems import ImportRefused
from data_access.publishing import drafts
from data_access.publishing.summaries import summaries
from data_access.store.engines import read_frame, write_file
from data_access.store.releases import served_release, store
from tests.beside import Missing, skip_without
from tests.spark import Cluster, cluster

pytestmark = [pytest.mark.spark, pytest.mark.any_store]
PARTS = 6


@pytest.fixture(scope="module")
def lake(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster that holds every table of the demonstration."""
    try:
        with cluster() as running, pytest.MonkeyPatch.context() as patch:
            patch.setenv("SAMOEPHAK_HOME", str(demo_folder))
            folder = tmp_path_factory.mktemp("lake")
            with _demo().connect() as connection:
                for name, table in schema.TABLES.items():
                    running.hold(name, _written(connection, table, folder / name))
            yield running
    except Missing as error:
        skip_without(error)


def _demo() -> sa.Engine:
    release, _ = served_release()
    assert release is not None
    return store().reader(release.id)


def _written(connection: sa.Connection, table: sa.Table, folder: Path) -> Path:
    """A table as several Parquet files, so that the workers share it."""
    folder.mkdir()
    whole = folder.with_suffix(".parquet")
    assert write_file(connection, table, whole)
    rows = parquet.read_table(whole)
    size = -(-rows.num_rows // PARTS) or 1
    for part in range(PARTS):
        parquet.write_table(rows.slice(part * size, size), folder / f"part-{part}.parquet")
    return folder


def _of_demo(folder: Path, table: str) -> pd.DataFrame:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(folder))
        with _demo().connect() as connection:
            return read_frame(connection, sa.select(schema.TABLES[table]))


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows by their texts, which tell them apart; categories as texts."""
    texts = [c for c in frame.columns if not pd.api.types.is_numeric_dtype(frame[c])]
    return frame.astype(dict.fromkeys(texts, str)).sort_values(texts, ignore_index=True)


def test_two_workers_sum_what_publishing_sums(lake: Cluster, on_demo: Path) -> None:
    """The very functions of a publication, asked of another engine, and every summary of the release that they made here."""
    far = sa.create_engine(lake.url)
    before = lake.tasks_done()
    with far.connect() as connection:
        there = dict(summaries(connection))
    assert len(there) > 10
    with _demo().connect() as connection:
        published = {n for n in sa.inspect(connection).get_table_names() if n.startswith("summary_")}
        assert {name for name, cube in there.items() if not cube.empty} == published
        for name in published:
            columns = [sa.column(c) for c in there[name].columns]
            here = read_frame(connection, sa.select(*columns).select_from(sa.table(name)))
            pd.testing.assert_frame_equal(in_order(there[name]), in_order(here), check_dtype=False, rtol=1e-9, obj=name)
    done = lake.tasks_done()
    assert len(done) == 2
    assert all(done[worker] > before[worker] for worker in done), "a worker did nothing"


def test_a_table_of_any_length_is_loaded_from_it(lake: Cluster, demo_folder: Path, empty_home: Path) -> None:
    """Every grant of the demonstration, block by block, is what it was."""
    expected = {name: _of_demo(demo_folder, name) for name in ("lao", "school", "rate", "pupil_grant")}
    draft = drafts.open_draft()
    for name in ("lao", "school", "rate"):
        draft.upsert(name, expected[name], "tests")
    told: list[tuple[int, int]] = []
    report = load(lake.url, "pupil_grant", query="pupil_grant", progress=lambda done, total: told.append((done, total)))
    rows = len(expected["pupil_grant"])
    assert report.ok, [p.message("en") for p in report.problems if p.severity == "error"][:5]
    assert report.rows_written == {"pupil_grant": rows}
    assert len(told) > 3
    assert told[-1] == (rows + 1, rows + 1)
    keys = ["pupil_key", "semester"]
    found = draft.read("pupil_grant").sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(found, expected["pupil_grant"].sort_values(keys, ignore_index=True), check_dtype=False)


def test_one_select_is_summed_there(lake: Cluster, demo_folder: Path, empty_home: Path) -> None:
    """Only what the workers have summed comes over, and is checked like any other table of an agency."""
    select = (
        "SELECT d.province_code, '2565' AS fiscal_year, count(DISTINCT g.pupil_key) AS value FROM pupil_grant g"
        " JOIN school s ON g.school_code = s.school_code JOIN lao l ON s.lao_code = l.lao_code"
        " JOIN district d ON l.district_code = d.district_code WHERE g.semester = '2565-1' GROUP BY d.province_code"
    )
    report = load(lake.url, "reported:assist.recipients", query=select)
    assert report.ok, [p.message("en") for p in report.problems if p.severity == "error"][:5]
    draft = drafts.draft_in_progress()
    assert draft is not None
    found = draft.read("reported_value").set_index("place_code")["value"]
    grants = _of_demo(demo_folder, "pupil_grant").query("semester == '2565-1'")
    places = _of_demo(demo_folder, "school").merge(_of_demo(demo_folder, "lao"), on="lao_code")
    place = grants["school_code"].map(places.set_index("school_code")["district_code"]).str[:2]
    expected = grants.groupby(place)["pupil_key"].nunique()
    assert found.astype(int).to_dict() == expected.to_dict()


@pytest.mark.parametrize("query", ["no_such_table", "SELECT no_such_column FROM pupil_grant"])
def test_what_it_does_not_hold_is_refused(lake: Cluster, empty_home: Path, query: str) -> None:
    with pytest.raises(ImportRefused):
        load(lake.url, "pupil_grant", query=query)
    assert drafts.draft_in_progress() is None
