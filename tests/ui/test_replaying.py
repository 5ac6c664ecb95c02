"""A page is drawn once a view, and a view is all that the page depends on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data_access import releases
from data_access.access import OPERATOR, Person, Scope
from tests.data_access import small
from tests.reading import blocks, captions, components, filter_value, tiles, words
from tests.ui.test_app import ROOT, open_app
from ui import attention, drawn, remembering, replaying, sheet, shell

HEADLINES, SENT = "samoephak_headlines", "samoephak_sheets_sent"


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry a time that Overview is really drawn."""
    found: list[str] = []
    real: Callable[..., Any] = attention.show

    def show(*args: Any) -> None:
        found.append("drawn")
        real(*args)

    monkeypatch.setattr(attention, "show", show)
    return found


def visit(**address: str) -> AppTest:
    app = open_app(**{"lang": "en", "period": "2567-1", **address}).run()
    assert not app.exception
    return app


@pytest.mark.usefixtures("demo_home")
def test_the_same_view_is_drawn_once_and_then_sent_whole(drawings: list[str]) -> None:
    first, second = visit(), visit()
    assert drawings == ["drawn"]
    assert blocks(first) == blocks(second)
    assert first.session_state[HEADLINES] == second.session_state[HEADLINES] != []


@pytest.mark.usefixtures("demo_home")
def test_another_view_is_drawn_for_itself(drawings: list[str]) -> None:
    visit()
    assert any("2/2567" in c for c in captions(visit(period="2567-2")))
    assert any("Khon Kaen" in c for c in captions(visit(province="40")))
    assert not any("Showing" in c for c in captions(visit(lang="th")))
    assert len(drawings) == 4
    app = visit()
    assert len(drawings) == 4
    app.session_state[sheet.KEPT] = {"sources": "overview"}  # what the reader has opened
    assert components(app.run(), "definition")
    assert len(drawings) == 5


@pytest.mark.usefixtures("empty_home")
def test_a_new_release_is_drawn_for_itself_and_an_earlier_one_from_memory(drawings: list[str]) -> None:
    old = small.publish(small.tables(0))
    first = tiles(visit(period="2565-2"))
    small.publish(small.tables(1))
    second = tiles(visit(period="2565-2"))
    assert first != second
    releases.rollback(old.id)
    assert tiles(visit(period="2565-2")) == first
    assert len(drawings) == 2


@pytest.mark.usefixtures("demo_home")
def test_what_streamlit_draws_itself_is_not_kept() -> None:
    app = open_app(lang="en").run().switch_page("pages/help.py").run()
    assert words(app, "header")
    assert all(dict(view[5])["page"] != "help" for view in replaying._DRAWN)  # type: ignore[index]


@pytest.mark.usefixtures("demo_home")
def test_what_stands_in_a_container_of_streamlit_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be sent again without the container."""
    real = shell._run

    def inside(page: Any) -> None:
        with st.container(border=True):
            real(page)

    monkeypatch.setattr(shell, "_run", inside)
    visit()
    assert not replaying._DRAWN


@pytest.mark.usefixtures("demo_home")
def test_it_keeps_no_more_than_so_many_bytes(monkeypatch: pytest.MonkeyPatch, drawings: list[str]) -> None:
    visit(period="2567-1")
    (one,) = replaying._DRAWN.values()
    assert one.size > 10_000
    monkeypatch.setattr(replaying, "KEPT", int(2.5 * one.size))
    for period in ("2567-2", "2566-1"):
        visit(period=period)
    assert len(replaying._DRAWN) == 2
    visit(period="2567-1")
    assert len(drawings) == 3  # what has gone from memory is still on disk


@pytest.mark.usefixtures("demo_home")
def test_what_is_kept_is_forgotten_with_all_else(drawings: list[str]) -> None:
    visit()
    remembering.forget()
    visit()
    assert len(drawings) == 2


@pytest.mark.usefixtures("demo_home")
def test_a_view_without_a_period_is_kept_without_one_and_apart_from_that_period_chosen(drawings: list[str]) -> None:
    first, second = (open_app(lang="en").run() for _visitor in range(2))
    assert len(drawings) == 1
    assert "period" not in first.query_params
    assert "period" not in second.query_params
    assert filter_value(first, "period") == filter_value(second, "period") != ""
    assert blocks(first) == blocks(second)
    chosen = open_app(lang="en", period=filter_value(first, "period")).run()
    assert len(drawings) == 2
    assert filter_value(chosen, "period") in chosen.query_params["period"]
    assert tiles(chosen) == tiles(first)


@pytest.fixture
def start_anew(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Forget what a process keeps in memory, and nothing else."""
    return lambda: monkeypatch.setattr(replaying, "_DRAWN", OrderedDict())


@pytest.mark.usefixtures("demo_home")
def test_a_process_that_starts_anew_sends_what_an_earlier_one_drew(drawings: list[str], start_anew: Callable[[], None]) -> None:
    first = open_app(lang="en").run()
    start_anew()
    second = open_app(lang="en").run()
    assert len(drawings) == 1
    assert blocks(first) == blocks(second)
    assert first.query_params == second.query_params
    assert first.session_state[HEADLINES] == second.session_state[HEADLINES] != []
    assert [s.files for s in first.session_state[SENT]] == [s.files for s in second.session_state[SENT]]


OPENS_THE_APP = """
import json, sys
import pytest
from streamlit.testing.v1 import AppTest
from data_access import health
from tests import opened

opened.follow(pytest.MonkeyPatch())
app = AppTest.from_file(sys.argv[1], default_timeout=90).run()
assert not app.exception
sent = health._COUNTS["sent_as_drawn_before"]
print(json.dumps([sent, sorted({"duckdb", "numpy", "pandas", "pyarrow", "sqlalchemy"} & set(sys.modules))]))
"""


def test_a_page_that_is_kept_is_sent_before_the_libraries_that_draw_are_imported(demo_folder: Path) -> None:
    def start() -> Any:
        run = [sys.executable, "-c", OPENS_THE_APP, str(ROOT / "app.py")]
        done = subprocess.run(
            run, cwd=ROOT, env={**os.environ, "SAMOEPHAK_HOME": str(demo_folder)}, capture_output=True, check=True
        )
        return json.loads(done.stdout)

    start()
    assert start() == [1, []]


@pytest.mark.usefixtures("demo_home")
def test_what_is_written_is_not_sent_when_it_cannot_be_read_or_a_setting_changes(
    drawings: list[str], start_anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    visit()
    for written in drawn.releases.drawn_folder("").rglob("*.zip"):
        written.write_bytes(b"PK of no use")
    start_anew()
    visit()
    assert len(drawings) == 2
    start_anew()
    visit()
    assert len(drawings) == 2
    monkeypatch.setenv("SAMOEPHAK_DISCLOSURE_THRESHOLD", "20")
    start_anew()
    visit()
    assert len(drawings) == 3


@pytest.mark.usefixtures("demo_home")
def test_what_was_written_for_one_reader_is_not_sent_to_another_with_other_places(
    drawings: list[str], start_anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    visit()
    fewer = Person("a@b.co", OPERATOR.role, Scope.of(["40"]))
    monkeypatch.setattr(replaying.person, "current", lambda: fewer)
    start_anew()
    visit()
    assert len(drawings) == 2


@pytest.mark.usefixtures("empty_home")
def test_what_was_written_of_a_release_goes_with_it_and_takes_only_so_much_room(monkeypatch: pytest.MonkeyPatch) -> None:
    old = small.publish(small.tables(0))
    visit(period="2565-2")
    folder = releases.drawn_folder(old.id)
    (one,) = folder.rglob("*.zip")
    monkeypatch.setattr(drawn, "MOST", int(1.5 * one.stat().st_size))
    monkeypatch.setattr(drawn, "LOOKED_AFTER", 1)
    visit(period="2565-1")
    (left,) = folder.rglob("*.zip")
    assert left != one
    small.publish(small.tables(1))
    releases.delete(old.id)
    assert not folder.exists()


@pytest.mark.usefixtures("demo_home")
def test_a_page_is_shown_where_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(drawn.os, "replace", full)
    assert tiles(visit())
    assert not list(releases.drawn_folder("").rglob(".*"))
