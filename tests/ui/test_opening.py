"""The page that opens first is drawn and kept by a visit without a browser, in every language, light and dark."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from data_access import __main__ as program
from data_access.store.releases import DRAWN
from i18n import LANGUAGES, gettext
from tests.data_access import small
from tests.ui.test_app import ROOT
from tests.ui.test_server import COMPLETE
from ui.frame import page_cache
from ui.web import first_page


@pytest.fixture
def small_home(empty_home: Path) -> Path:
    """A data directory with a small release and no page kept."""
    small.publish(small.tables(0))
    return empty_home


def kept(home: Path) -> dict[str, str]:
    """Pages that are kept in a data directory, by the name of their file: what they send."""
    return {path.name: zipfile.ZipFile(path).read(page_cache.BODY).decode() for path in (home / DRAWN).rglob("*.zip")}


def visit(**settings: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        program.OPENING, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, check=False, timeout=120
    )


def test_it_is_kept_in_every_language_light_and_dark_whatever_server_sends_it(small_home: Path) -> None:
    assert visit().returncode == 0
    pages = kept(small_home)
    bodies = set(pages.values())
    for language in LANGUAGES:
        assert sum(gettext("Targets, year by year", language) in body for body in bodies) == len(first_page.DARK)
    assert not any("/media/" in body for body in bodies)  # addresses of files are those of the server that sends them
    assert visit().returncode == 0
    assert kept(small_home) == pages  # it was found, not drawn again


def test_nothing_is_drawn_where_people_sign_in(small_home: Path) -> None:
    assert visit(**COMPLETE).returncode == 0
    assert kept(small_home) == {}


def test_a_command_that_publishes_has_it_drawn(small_home: Path) -> None:
    run = [sys.executable, "-m", "data_access", "rollback", "--lang", "en", "--json"]
    (release,) = (path.stem for path in (small_home / "releases").glob("*.duckdb"))
    done = subprocess.run([*run, release], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "Drawing the page that opens first\n"), done.stdout
    assert kept(small_home)


def test_a_page_that_cannot_be_drawn_is_told_and_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program, "OPENING", (sys.executable, "-m", "ui.no_such_module"))
    program.draw_opening("en")
    assert "its first reader waits for it" in capsys.readouterr().err
