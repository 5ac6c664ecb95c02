"""A page is drawn once a view, and a view is all that the page depends on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from charts.style import Style
from data_access.store import releases
from data_access.who.access import OPERATOR, Person, Scope
from tests.data_access import small
from tests.reading import blocks, captions, components, filter_value, tiles, words
from tests.ui.test_app import ROOT, open_app
from ui.across import attention
from ui.frame import drawing, page_cache, shell
from ui.kit import navigation
from ui.view import address as addresses
from ui.view import cache, events
from ui.view.events import Act
from ui.view.view import View

HEADLINES, SENT = "samoephak_headlines", "samoephak_blocks_sent"


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
    app.session_state[addresses.KEPT] = {"sources": "overview"}  # what the reader has opened
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
def test_a_page_of_streamlits_own_elements_is_run_and_not_kept() -> None:
    app = open_app(lang="en").run().switch_page("pages/help.py").run()
    assert words(app, "header")
    assert all(dict(view[5])["page"] != "help" for view in drawing._KEPT)  # type: ignore[index]


@pytest.fixture
def here(demo_home: None) -> View:
    """A view of the demonstration."""
    return View("overview", releases.require_release(), Style("en"), OPERATOR, {"lang": "en", "period": "2567-1"})


PAGES_OF_BLOCKS = sorted(set(navigation.PAGES) - set(navigation.OF_STREAMLIT))


MODES: list[tuple[str, dict[str, str]]] = [
    *((page, {}) for page in PAGES_OF_BLOCKS),
    *((page, {"map": mode}) for page in ("overview", "grants", "learning_loss") for mode in ("split", "play")),
    *(("policy", {"tab": tab}) for tab in ("lunch_steps", "simulator", "compare")),
    *(("pilot_areas", {"tab": tab}) for tab in ("lao", "centre", "subdistrict")),
    ("province", {"district": "4001"}),
    ("compare", {"places": "country~40~r-north"}),
]


@pytest.mark.parametrize(("page", "more"), MODES, ids=lambda v: v if isinstance(v, str) else " ".join(v.values()))
def test_a_page_is_a_function_of_its_view(here: View, page: str, more: dict[str, str]) -> None:
    """Drawn by a plain call, in a thread that knows nothing of Streamlit, it is the same twice, and all that it offers is JSON."""
    view = replace(here, page=page, parts={**here.parts, "province": "40", **more})
    with ThreadPoolExecutor(1) as worker:
        first, second = (worker.submit(drawing.draw, view).result().page for _time in range(2))
    assert first == second
    assert first.sent.acts == {k: Act(*json.loads(json.dumps(a.to_json()))) for k, a in first.sent.acts.items()}
    assert all(a.does in events._ACTS for a in first.sent.acts.values())


@pytest.mark.parametrize("change", [lambda: addresses.put(period="2567-2"), lambda: addresses.keep("sources", "overview")])
def test_a_page_that_changes_its_view_while_it_is_drawn_is_a_fault(
    here: View, change: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "put_blocks", lambda _page: change())
    with pytest.raises(RuntimeError, match="function of its view"):
        drawing.draw(here)


def test_what_somebody_saves_while_a_page_is_drawn_makes_it_another_view(here: View, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = ["before"]
    monkeypatch.setattr(drawing, "WRITTEN", {"overview": ("scenarios",)})
    monkeypatch.setattr(drawing, "Shelf", lambda _name: SimpleNamespace(stamp=saved[-1]))
    monkeypatch.setattr(drawing, "put_blocks", lambda _page: saved.append("after"))
    drawing._anew(here)
    assert drawing.known(here) is None


@pytest.mark.usefixtures("demo_home")
def test_in_development_every_page_is_drawn_anew(drawings: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_DEVELOPMENT", "1")
    visit()
    visit()
    assert len(drawings) == 4  # each twice, to see that it follows from its view
    assert not drawing._KEPT


@pytest.mark.usefixtures("demo_home")
def test_it_keeps_no_more_than_so_many_bytes(monkeypatch: pytest.MonkeyPatch, drawings: list[str]) -> None:
    visit(period="2567-1")
    (one,) = drawing._KEPT.values()
    assert one.size > 10_000
    monkeypatch.setattr(drawing, "KEPT", int(2.5 * one.size))
    for period in ("2567-2", "2566-1"):
        visit(period=period)
    assert len(drawing._KEPT) == 2
    visit(period="2567-1")
    assert len(drawings) == 3  # what has gone from memory is still on disk


@pytest.mark.usefixtures("demo_home")
def test_what_is_kept_is_forgotten_with_all_else(drawings: list[str]) -> None:
    visit()
    cache.forget()
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
    return lambda: monkeypatch.setattr(drawing, "_KEPT", OrderedDict())


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


@pytest.mark.usefixtures("demo_home")
def test_what_a_click_means_is_known_of_a_page_of_an_earlier_process(
    drawings: list[str], start_anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    visit()
    start_anew()
    (page,) = visit().session_state[SENT]
    heard: list[tuple[str, str]] = []
    monkeypatch.setattr(addresses, "put", lambda **changes: heard.extend(changes.items()))
    events.hear(["filters", "changed", {"key": "period", "value": "2566-1"}], page.body, page.acts, page.files)
    assert heard == [("period", "2566-1")]
    assert len(drawings) == 1


LIBRARIES = {"duckdb", "numpy", "pandas", "pyarrow", "sqlalchemy"}
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


WAIT_FOR_LIBRARIES = {"ui.simulator.form.sent", "ui.simulator.draft.open_saved"}
"""What works something out by itself."""


def test_a_click_on_a_page_that_is_kept_waits_for_no_library_that_draws(here: View) -> None:
    """After a restart the first click is as fast as any: what blocks offer is imported without them."""
    views = [replace(here, page=page, parts={**here.parts, **more}) for page, more in MODES]
    offered = {act.does for view in views for act in drawing.draw(view).page.sent.acts.values()} - WAIT_FOR_LIBRARIES
    modules = sorted({does.rpartition(".")[0] for does in offered} | {"ui.view.moves", "ui.frame.menus", "ui.kit.guide"})
    code = f"import {', '.join(modules)}, sys; print(sorted({LIBRARIES} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", modules


@pytest.mark.usefixtures("demo_home")
def test_what_is_written_is_not_sent_when_it_cannot_be_read_or_a_setting_changes(
    drawings: list[str], start_anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    visit()
    for written in page_cache.releases.drawn_folder("").rglob("*.zip"):
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
    monkeypatch.setattr(shell.person, "current", lambda: fewer)
    start_anew()
    visit()
    assert len(drawings) == 2


@pytest.mark.usefixtures("empty_home")
def test_what_was_written_of_a_release_goes_with_it_and_takes_only_so_much_room(monkeypatch: pytest.MonkeyPatch) -> None:
    old = small.publish(small.tables(0))
    visit(period="2565-2")
    folder = releases.drawn_folder(old.id)
    (one,) = folder.rglob("*.zip")
    monkeypatch.setattr(page_cache, "MOST", int(1.5 * one.stat().st_size))
    monkeypatch.setattr(page_cache, "LOOKED_AFTER", 1)
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

    monkeypatch.setattr(page_cache.os, "replace", full)
    assert tiles(visit())
    assert not list(releases.drawn_folder("").rglob(".*"))
