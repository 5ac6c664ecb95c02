"""PostgreSQL beside DuckDB: the same answers from the same tables, and what only a server can do.

`pytest tests/data_access --store postgres` runs all the other tests of data access on a server too.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from data_access.analysis.claims import REPRODUCED, ledger
from data_access.contract import schema
from data_access.contract.errors import ReleaseError, UsageError
from data_access.programmes.indicators import REGISTRY
from data_access.publishing import drafts
from data_access.questions.query import query
from data_access.store import releases
from data_access.store.releases import Release
from data_access.store.tables import read_table
from tests.data_access import small

pytestmark = [pytest.mark.postgres, pytest.mark.any_store]


@pytest.fixture
def on_postgres(postgres: str, empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAMOEPHAK_DATABASE_URL", postgres)
    return empty_home


def everything() -> dict[str, pd.DataFrame]:
    """Small tables of every family."""
    codes = small.schools()["school_code"]
    rng = np.random.default_rng(3)
    results = pd.DataFrame(
        [(c, y, g, s) for c in codes for y in (2564, 2565) for g in ("P6", "M3") for s in ("thai", "maths")],
        columns=["school_code", "academic_year", "grade", "subject"],
    )
    results = results.assign(n=rng.integers(5, 60, len(results)), mean=rng.normal(50, 5, len(results)).round(2), sd=12.5)
    places = pd.DataFrame({"place_code": small.PROVINCES, "place_level": "province", "level": "all"})
    reported = [places.assign(indicator="pao.budget", period="FY2565", sex="all", value=1e6)]
    reported += [
        places.assign(indicator="school.m6_completers", period="AY2565", sex=s, value=v) for s, v in (("male", 7), ("female", 80))
    ]
    centres = pd.DataFrame({"centre_code": [f"C{p}{n:03}" for p in small.PROVINCES for n in range(6)]})
    centres = centres.assign(province_code=centres["centre_code"].str[1:3], name_th="ศพด.", upgrade_from="2564-1")
    semesters = centres[["centre_code"]].assign(
        semester="2565-1", children=rng.integers(5, 60, len(centres)), poor_reached=5, quality="good"
    )
    readiness = pd.DataFrame(
        [(y, p, d, "all", "all") for y in (2563, 2565) for p in small.PROVINCES for d in ("reading", "copying")],
        columns=["academic_year", "province_code", "subdomain", "group_kind", "group_code"],
    )
    readiness = readiness.assign(n=rng.integers(20, 200, len(readiness)), mean=rng.normal(50, 5, len(readiness)), sd=20.0, se=1.5)
    readiness = readiness.assign(below_cut=0.2, weight=1000.0, closure_days=rng.integers(10, 90, len(readiness)).astype(float))
    families = pd.DataFrame(
        {"family_key": [f"{n:016x}" for n in range(60)], "semester": "2565-2", "area": 1, "subdistrict_code": "300101"}
    )
    dated = small.grants(7, size=60)
    dated["found_on"], dated["paid_on"] = pd.Timestamp("2022-05-16"), pd.Timestamp("2022-07-01")
    return {
        **small.tables(),
        "pupil_grant": dated,
        "tsqp_school": pd.DataFrame({"school_code": codes.iloc[:5], "joined_year": 2562, "teachers": 20, "pupils": 200}),
        "school_result": results,
        "reported_value": pd.concat(reported),
        "centre": centres,
        "centre_semester": semesters,
        "readiness_result": readiness,
        "trial_family": families,
        "pilot_set": pd.DataFrame({"set_id": ["some"], "name_th": ["ก"], "name_en": ["A"], "place_level": ["province"]}),
        "pilot_member": pd.DataFrame({"set_id": "some", "place_code": ["30", "90"]}),
        "published_figure": pd.DataFrame(
            [
                {
                    "claim_id": "c",
                    "sentence_th": 'ข้อความ "อ้าง", จุลภาค',
                    "sentence_en": "line\nbreak \\N",
                    "value": 2e6,
                    "unit": "baht",
                }
            ]
        ).assign(comparator="exact", tolerance=0, source="tests", indicator="pao.budget", where_json='{"pilot_set": "some"}'),
    }


IN_DETAIL = (
    "grant.equity_recipients",
    "grant.coverage",
    "grant.days_to_pay",
    "school.rural_urban_gap",
    "ecd.children",
    "readiness.z",
)


def answers() -> pd.DataFrame:
    """Every indicator by province, and some of each kind in every other way."""
    frames = []
    for indicator in REGISTRY.values():
        ways = [("province",)] if "province" in indicator.places else [()]
        if indicator.id in IN_DETAIL:
            ways += [("region4",), ("pilot_set",), *((key,) for key in (*indicator.periods, *indicator.dims))]
        for by in [] if indicator.each else ways:
            try:
                frame = query(indicator.id, by=by)
            except UsageError:  # a characteristic that nobody stated in these tables
                assert by == ("disability",)
                continue
            keys = frame[list(by)].astype(str).agg("|".join, axis=1) if by else ""
            frames.append(frame.drop(columns=list(by)).assign(question="+".join(by), keys=keys))
    return pd.concat(frames, ignore_index=True).sort_values(["indicator", "question", "keys", "period"], ignore_index=True)


def test_both_engines_answer_alike(on_postgres: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = small.publish(everything())
    releases.verify(release)
    on_server, claims, rows = answers(), ledger(), read_table(release.id, "published_figure")
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path / "duckdb"))
    monkeypatch.delenv("SAMOEPHAK_DATABASE_URL")
    embedded = small.publish(everything())
    pd.testing.assert_frame_equal(on_server, answers(), check_dtype=False, rtol=1e-9)
    assert (on_server["state"] == "suppressed").any()
    assert on_server["value"].notna().sum() > 100
    assert claims["status"].tolist() == ledger()["status"].tolist() == [REPRODUCED]
    expected = read_table(embedded.id, "published_figure")
    assert (
        rows[["sentence_th", "sentence_en"]].to_numpy().tolist() == expected[["sentence_th", "sentence_en"]].to_numpy().tolist()
    )
    assert release.row_counts == embedded.row_counts


def reported(value: float) -> dict[str, pd.DataFrame]:
    rows = pd.DataFrame({"place_code": small.PROVINCES, "value": value})
    return {
        "reported_value": rows.assign(indicator="pao.budget", place_level="province", period="FY2565", sex="all", level="all")
    }


def seen() -> float:
    return query("pao.budget").iloc[0]["value"] / len(small.PROVINCES)


@pytest.fixture
def first(on_postgres: Path) -> Release:
    return small.publish(reported(1.0))


def test_readers_cannot_write(first: Release) -> None:
    with releases.reader(first.id).connect() as connection, pytest.raises(sa.exc.DBAPIError, match="read-only"):
        connection.exec_driver_sql("DELETE FROM reported_value")


@pytest.mark.parametrize("table", ["reported_value", "summary_reported"])
def test_a_changed_row_is_noticed(first: Release, table: str) -> None:
    second = small.publish(reported(2.0))
    with releases.store().root.begin() as connection:
        connection.exec_driver_sql(f'UPDATE "{first.id.replace("-", "_")}"."{table}" SET value = value + 1')
    with pytest.raises(ReleaseError, match="damaged"):
        releases.rollback(first.id)
    assert releases.current_release() == second


def test_a_dropped_release_is_named(first: Release) -> None:
    with releases.store().root.begin() as connection:
        connection.exec_driver_sql(f'DROP SCHEMA "{first.id.replace("-", "_")}" CASCADE')
    with pytest.raises(ReleaseError, match="missing"):
        releases.verify(first)
    assert releases.list_releases() == []


CITUS = """
CREATE TABLE public.told (name text, by text);
CREATE FUNCTION pg_catalog.create_distributed_table(text, text) RETURNS void LANGUAGE sql AS 'INSERT INTO public.told VALUES ($1, $2)';
CREATE FUNCTION pg_catalog.create_reference_table(text) RETURNS void LANGUAGE sql AS 'INSERT INTO public.told VALUES ($1, NULL)'
"""


def test_on_citus_persons_are_spread_and_the_rest_is_copied(on_postgres: Path) -> None:
    """Citus itself cannot be installed here: stand-ins of its two functions note what they are told."""
    root = releases.store().root  # type: ignore[attr-defined]
    with root.begin() as connection:
        connection.exec_driver_sql(CITUS)
    try:
        drafts.new_draft(None).discard()
        with root.connect() as connection:
            told = dict(connection.exec_driver_sql("SELECT name, by FROM public.told").all())
    finally:
        with root.begin() as connection:
            connection.exec_driver_sql("DROP FUNCTION pg_catalog.create_distributed_table, pg_catalog.create_reference_table")
            connection.exec_driver_sql("DROP TABLE public.told")
    assert set(told) == set(schema.TABLES)
    spread = {name: by for name, by in told.items() if by}
    assert spread == {"pupil_grant": "pupil_key", "chain_record": "child_key", "trial_family": "family_key"}
