"""The views next to the one on a screen are drawn while nobody waits: for the same eyes, and sent to nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from data_access import health
from tests.reading import blocks, captions, components, words
from tests.ui.test_app import open_app
from tests.ui.test_drawing import drawings, start_anew, visit
from ui.frame import drawing, drawing_ahead
from ui.kit import navigation
from ui.view.view import View

__all__ = ["drawings", "start_anew"]  # fixtures


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[View]]:
    """Draw ahead what a run asks for before the run ends, in a thread of its own as on a server; what was asked for."""
    asked: list[View] = []
    real = drawing_ahead.want

    def want(views: Sequence[View], draw: Callable[[View], None]) -> None:
        asked.extend(views)
        real(views, draw)
        while drawing_ahead._wanted:
            draw_apart(drawing_ahead._wanted.pop())

    monkeypatch.setattr(drawing_ahead, "_on_a_server", lambda: True)
    monkeypatch.setattr(drawing_ahead, "_begin", lambda: None)
    monkeypatch.setattr(drawing_ahead, "want", want)
    yield asked
    drawing_ahead._pages.clear()


def draw_apart(draw: Callable[[], None]) -> None:
    worker = threading.Thread(target=draw)
    worker.start()
    worker.join()


@pytest.mark.usefixtures("demo_home")
def test_the_periods_before_and_after_are_in_memory_before_anybody_asks(
    drawings: list[str], at_once: list[View], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    monkeypatch.setattr(health, "count", counted.append)
    here = visit()
    assert [view.parts["period"] for view in at_once] == ["2566-2", "2567-2"]
    assert counted.count("drawn_ahead") == 2
    assert len(drawings) == 3
    assert any("1/2567" in c for c in captions(here))  # what the reader sees is not touched
    stepped = visit(period="2567-2")
    assert len(drawings) == 4  # 1/2568, next to it; 2/2567 was there
    drawing.forget()
    monkeypatch.setattr(drawing_ahead, "_on_a_server", lambda: False)
    assert blocks(visit(period="2567-2")) == blocks(stepped)


@pytest.mark.usefixtures("demo_home", "at_once")
def test_what_is_drawn_ahead_is_for_the_same_reader_and_view() -> None:
    visit(province="40")
    here, *others = drawing._KEPT
    release, checksum, style, role, scope, address, *chosen = here  # type: ignore[misc]
    assert len(others) == 2
    for other in others:
        assert other[:5] == (release, checksum, style, role, scope)  # type: ignore[index]
        assert dict(other[5]) | {"period": "2567-1"} == dict(address)  # type: ignore[index]
        assert list(other[6:]) == chosen  # type: ignore[index]


@pytest.mark.usefixtures("demo_home")
def test_a_page_without_filters_has_none_beside_it(at_once: list[View]) -> None:
    app = visit()
    at_once.clear()
    assert not app.switch_page("pages/policy.py").run().exception
    assert any(dict(view[5])["page"] == "policy" for view in drawing._KEPT)  # type: ignore[index]
    assert at_once == []


@pytest.mark.usefixtures("demo_home")
def test_a_page_run_by_itself_draws_nothing_ahead(drawings: list[str]) -> None:
    visit()
    assert drawings == ["drawn"]
    assert not drawing_ahead._wanted


def nothing() -> None:
    """What draws nothing."""


def test_nothing_is_drawn_while_somebody_waits_or_just_after(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing_ahead._wanted.append(nothing)
    with drawing_ahead.reader():
        assert drawing_ahead._next() is None
    assert drawing_ahead._next() is None
    later = time.monotonic() + drawing_ahead.PAUSE
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert drawing_ahead._next() is nothing
    assert drawing_ahead._next() is None


def test_the_first_period_has_one_neighbour() -> None:
    from ui.kit.filters import Filters, _beside

    periods = ("2562-1", "2562-2", "2563-1")
    assert _beside(("period",), periods, Filters(period="2562-1")) == ({"period": "2562-2"},)
    assert _beside(("period", "region"), periods, Filters(period="2563-1")) == ({"period": "2562-2"},)
    assert _beside(("period",), (), Filters()) == ()


def test_where_there_are_no_periods_the_other_regions_are_next() -> None:
    from ui.kit.filters import Filters, _beside

    places = ("region", "province")
    every = [{"region": code} for code in ("north", "northeast", "central", "south")]
    assert list(_beside(places, (), Filters())) == every
    assert list(_beside(places, (), Filters(region="northeast"))) == [*every[2:], every[0]]
    assert _beside(places, (), Filters(region="north", province="50")) == ()
    assert _beside(("province",), (), Filters()) == ()


@pytest.mark.usefixtures("demo_home")
def test_pages_wait_for_the_views_beside_and_until_nobody_has_done_anything_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    view, first, second = (lambda: None), (lambda: None), (lambda: None)
    drawing_ahead._wanted.append(view)
    drawing_ahead._pages.extend([first, second])
    now = time.monotonic() + drawing_ahead.PAUSE
    monkeypatch.setattr(time, "monotonic", lambda: now)
    assert drawing_ahead._next() is view
    assert drawing_ahead._next() is None
    now += drawing_ahead.IDLE
    with drawing_ahead.reader():
        assert drawing_ahead._next() is None
    assert drawing_ahead._next() is None  # somebody has just been served
    now += drawing_ahead.IDLE
    assert [drawing_ahead._next(), drawing_ahead._next(), drawing_ahead._next()] == [first, second, None]


@pytest.fixture
def pages_at_once(at_once: list[View], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Draw pages before the run ends that asks for them, as `at_once` does views; which ones were asked for."""
    asked: list[str] = []
    real = drawing_ahead.pages

    def pages(views: Sequence[View], draw: Callable[[View], None]) -> None:
        asked.extend(view.page for view in views)
        real(views, draw)
        while drawing_ahead._pages:
            draw_apart(drawing_ahead._pages.popleft())

    monkeypatch.setattr(drawing_ahead, "pages", pages)
    return asked


CAN_BE_KEPT = sorted(set(navigation.PAGES) - {"overview", *navigation.OF_STREAMLIT})


@pytest.mark.usefixtures("demo_home")
def test_who_opens_the_app_has_every_page_drawn_that_can_be_kept(
    pages_at_once: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app(lang="en").run()
    assert sorted(pages_at_once) == CAN_BE_KEPT
    assert "period" not in app.query_params
    views: list[Any] = list(drawing._KEPT)
    assert {view[:5] for view in views} == {views[0][:5]}  # for the same eyes
    there = [dict(view[5]) for view in views]
    for page in CAN_BE_KEPT:
        assert any((at["page"], at.get("period")) == (page, None) for at in there), page
    monkeypatch.setattr(drawing, "_anew", lambda _view: pytest.fail("it has been drawn"))
    assert not app.switch_page("pages/targets.py").run().exception
    assert "Targets" in words(app, "header")[0] or components(app, "scoreboard")


@pytest.mark.usefixtures("demo_home")
def test_pages_are_drawn_once_for_readers_of_a_kind_and_for_nobody_who_has_chosen_something(
    pages_at_once: list[str], start_anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(navigation, "PAGES", {name: navigation.PAGES[name] for name in ("overview", "claims", "help")})
    visit(period="2567-1")
    assert pages_at_once == []
    for language in ("en", "en", "th"):
        open_app(lang=language).run()
    assert pages_at_once == ["claims", "claims"]
    start_anew()
    monkeypatch.setattr(drawing, "_OFFERED", set())
    monkeypatch.setattr(drawing, "_anew", lambda _view: pytest.fail("all of it is on disk"))
    open_app(lang="th").run()
    assert pages_at_once == ["claims"] * 3
