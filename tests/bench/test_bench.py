"""The benchmarks that build sets of their own measure something, at a small size."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from data_access.publishing import drafts
from tests.bench import growth, loading, unseen

pytestmark = [pytest.mark.any_store, pytest.mark.duckdb_files]


def test_growth_times_the_build_and_the_publication_in_it(empty_home: Path) -> None:
    found = growth.one("450k")
    assert found["rows"] == 450_000
    assert found["build"] > found["publish"] > 0
    assert found["p95"] >= found["median"] > 0


@pytest.mark.parametrize("source", loading.SOURCES)
def test_loading_times_each_source(
    source: str, demo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    if source == "postgres":
        monkeypatch.setenv(loading.SERVER, request.getfixturevalue("postgres"))
    shutil.copytree(demo_folder, tmp_path / "home")
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path / "home"))
    found = loading.one(5_000, source, tmp_path)
    assert found["rows"] == 5_000
    assert found["seconds"] > 0
    assert found["floor"] > 0
    draft = drafts.draft_in_progress()
    assert draft is not None
    assert draft.count("pupil_grant") == 5_000


@pytest.mark.usefixtures("on_demo")
def test_views_that_nobody_opened_are_timed_for_every_way_to_change_them() -> None:
    found = unseen.measure(["targets"])
    assert found["targets"].keys() == {"first", *unseen.WAYS}
    assert all(value > 0 for value in found["targets"].values())
    assert "targets" in unseen.table(found)
