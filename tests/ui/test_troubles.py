"""What readers see while something is broken: the figures that there are, with a notice, and everything again when it is mended."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_access import health
from data_access.contract.settings import home
from data_access.saved import people
from data_access.store import releases
from data_access.who.access import EVERYWHERE, Person
from tests.data_access import small
from tests.data_access.test_damaged_descriptions import damage
from tests.reading import blocks, captions, notes, tiles
from ui.view import cache

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.duckdb_files


@pytest.fixture
def two(empty_home: Path) -> tuple[releases.Release, releases.Release]:
    """Two releases of real data; readers see the second."""
    return small.publish(small.tables(0), note="first"), small.publish(small.tables(1), note="second")


def file_of(release: releases.Release) -> Path:
    return home() / "releases" / f"{release.id}.duckdb"


def page() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["lang"] = "en"
    return app.run()


@pytest.mark.parametrize(("role", "told"), [("viewer", False), ("steward", True)])
def test_a_damaged_release_is_told_and_stewards_are_told_what_to_do(
    two: tuple[releases.Release, releases.Release], monkeypatch: pytest.MonkeyPatch, role: str, told: bool
) -> None:
    file_of(two[1]).chmod(0o644)
    file_of(two[1]).write_bytes(file_of(two[1]).read_bytes()[:-5000])
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    monkeypatch.setattr(people, "find", lambda _address: Person("a@b.co", role, EVERYWHERE))
    app.secrets["auth"], app.query_params["lang"] = {"client_id": "test"}, "en"
    app.user = {"is_logged_in": True, "email": "a@b.co", "iat": time.time()}
    app.run()
    assert not app.exception
    said = " ".join(notes(app))
    assert f"Release {two[1].id} is damaged" in said
    assert ("Restore it from a backup" in said) is told
    assert any(f"release {two[0].id}" in c for c in captions(app))


def test_a_database_that_is_gone_is_told_on_the_page_which_still_shows_what_it_showed(
    two: tuple[releases.Release, releases.Release], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "ASK_AGAIN", 0.0)
    cache.forget()
    app = page()
    before = tiles(app)
    assert before
    releases.reader(two[1].id).dispose()
    away = file_of(two[1]).with_suffix(".away")
    monkeypatch.setattr(releases, "_is_whole", lambda *_what: True)  # the file is on a server that is gone, not damaged
    os.replace(file_of(two[1]), away)
    app.run()
    assert not app.exception
    assert any("does not answer" in w for w in notes(app))
    assert tiles(app) == before
    os.replace(away, file_of(two[1]))
    app.run()
    assert not any("does not answer" in w for w in notes(app))
    assert tiles(app) == before


@pytest.mark.parametrize("how", ["empty", "no as_of", "a directory"])
def test_a_damaged_description_of_the_only_release_is_a_page_in_words_with_the_way_back(empty_home: Path, how: str) -> None:
    release = small.publish(small.reported(1.0))
    damage(release, how)
    app = page()
    assert not app.exception
    assert any(release.id in e.value and "is damaged" in e.value for e in app.error)
    assert any("restore" in c.value for c in app.code)


def test_only_a_missing_release_is_a_page_in_words(empty_home: Path) -> None:
    release = small.publish(small.reported(1.0))
    file_of(release).unlink()
    app = page()
    assert not app.exception
    assert any(release.id in e.value for e in app.error)
    assert any("restore" in c.value for c in app.code)


@pytest.mark.parametrize("old", [True, False])
def test_pages_go_on_beside_a_damaged_description(empty_home: Path, old: bool) -> None:
    two = small.publish(small.reported(1.0)), small.publish(small.reported(2.0))
    hurt = two[0 if old else 1]
    damage(hurt, "no as_of")
    for where in ({"goto": "overview"}, {"goto": "data", "tab": "releases"}, {"goto": "data", "tab": "quality"}, {"at": hurt.id}):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        app.query_params["lang"] = "en"
        for name, value in where.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception, where
        said = " ".join([*notes(app), *(e.value for e in app.error)])
        assert (f"Release {hurt.id} is damaged" in said) is not old, where
        assert "could not be drawn" not in said
        if where.get("tab") == "releases":
            assert any(f"description of release {hurt.id}" in str(b) for b in blocks(app))
