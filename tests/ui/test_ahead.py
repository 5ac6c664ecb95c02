"""The views next to the one on a screen are drawn while nobody waits: for the same eyes, and sent to nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from data_access import health
from tests.reading import blocks, captions, components, words
from tests.ui.test_app import open_app
from tests.ui.test_replaying import SENT, drawings, start_anew, visit
from ui import ahead, replaying, shell, state

__all__ = ["drawings", "start_anew"]  # fixtures


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Mapping[str, str]]]:
    """Draw ahead what a run asks for before the run ends, in a thread of its own as on a server; what was asked for."""
    asked: list[Mapping[str, str]] = []
    real = ahead.want

    def want(changes: Sequence[Mapping[str, str]], draw: Callable[[], None], after: float = 0.0) -> None:
        asked.extend(changes)
        real(changes, draw, after)
        while ahead._wanted:
            draw_apart(ahead._wanted.pop())

    monkeypatch.setattr(ahead, "_on_a_server", lambda: True)
    monkeypatch.setattr(ahead, "_begin", lambda: None)
    monkeypatch.setattr(ahead, "want", want)
    yield asked
    ahead._pages.clear()


def draw_apart(view: Any) -> None:
    worker = threading.Thread(target=ahead._draw, args=(view,))
    worker.start()
    worker.join()


@pytest.mark.usefixtures("demo_home")
def test_the_periods_before_and_after_are_in_memory_before_anybody_asks(
    drawings: list[str], at_once: list[Mapping[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    monkeypatch.setattr(health, "count", counted.append)
    here = visit()
    assert at_once == [{"period": "2566-2"}, {"period": "2567-2"}]
    assert counted.count("drawn_ahead") == 2
    assert len(drawings) == 3
    assert any("1/2567" in c for c in captions(here))  # what the reader sees is not touched
    stepped = visit(period="2567-2")
    assert len(drawings) == 4  # 1/2568, next to it; 2/2567 was there
    replaying.forget()
    at_once.clear()
    monkeypatch.setattr(ahead, "_on_a_server", lambda: False)
    assert blocks(visit(period="2567-2")) == blocks(stepped)


@pytest.mark.usefixtures("demo_home", "at_once")
def test_what_is_drawn_ahead_is_for_the_same_reader_and_view() -> None:
    visit(province="40")
    here, *others = replaying._DRAWN
    release, checksum, style, role, scope, address, *chosen = here  # type: ignore[misc]
    assert len(others) == 2
    for other in others:
        assert other[:5] == (release, checksum, style, role, scope)  # type: ignore[index]
        assert dict(other[5]) | {"period": "2567-1"} == dict(address)  # type: ignore[index]
        assert list(other[6:]) == chosen  # type: ignore[index]


@pytest.mark.usefixtures("demo_home", "at_once")
def test_what_a_reader_may_do_in_a_page_of_an_earlier_process_is_there_when_it_has_been_drawn_ahead(
    drawings: list[str], start_anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    visit()
    start_anew()
    before = len(drawings)
    bar = visit().session_state[SENT][0]
    assert len(drawings) > before
    monkeypatch.setattr(ahead, "apart", lambda _draw: pytest.fail("it is there"))
    heard: list[tuple[str, str]] = []
    monkeypatch.setattr(state, "put", lambda **changes: heard.extend(changes.items()))
    bar.acts.get(("filters", "changed"), pytest.fail)({"key": "period", "value": "2566-1"})
    assert heard == [("period", "2566-1")]


@pytest.mark.usefixtures("demo_home")
def test_a_page_without_filters_has_none_beside_it(at_once: list[Mapping[str, str]]) -> None:
    app = visit()
    at_once.clear()
    assert not app.switch_page("pages/policy.py").run().exception
    assert any(dict(view[5])["page"] == "policy" for view in replaying._DRAWN)  # type: ignore[index]
    assert at_once == []


@pytest.mark.usefixtures("demo_home")
def test_a_page_run_by_itself_draws_nothing_ahead(drawings: list[str]) -> None:
    visit()
    assert drawings == ["drawn"]
    assert not ahead._wanted


def test_nothing_is_drawn_while_somebody_waits_or_just_after(monkeypatch: pytest.MonkeyPatch) -> None:
    view: Any = SimpleNamespace(due=0.0)
    ahead._wanted.append(view)
    with ahead.reader():
        assert ahead._next() is None
    assert ahead._next() is None
    later = time.monotonic() + ahead.PAUSE
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert ahead._next() is view
    assert ahead._next() is None


def test_nothing_is_drawn_while_a_browser_opens_its_first_page(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic() + ahead.PAUSE
    view: Any = SimpleNamespace(due=now + 2.0)
    ahead._wanted.append(view)
    monkeypatch.setattr(time, "monotonic", lambda: now)
    assert ahead._next() is None
    monkeypatch.setattr(time, "monotonic", lambda: now + 2.0)
    assert ahead._next() is view


def test_the_first_period_has_one_neighbour() -> None:
    from ui.filters import Filters, _beside

    periods = ("2562-1", "2562-2", "2563-1")
    assert _beside(("period",), periods, Filters(period="2562-1")) == ({"period": "2562-2"},)
    assert _beside(("period", "region"), periods, Filters(period="2563-1")) == ({"period": "2562-2"},)
    assert _beside(("period",), (), Filters()) == ()


def test_where_there_are_no_periods_the_other_regions_are_next() -> None:
    from ui.filters import Filters, _beside

    places = ("region", "province")
    every = [{"region": code} for code in ("north", "northeast", "central", "south")]
    assert list(_beside(places, (), Filters())) == every
    assert list(_beside(places, (), Filters(region="northeast"))) == [*every[2:], every[0]]
    assert _beside(places, (), Filters(region="north", province="50")) == ()
    assert _beside(("province",), (), Filters()) == ()


@pytest.mark.usefixtures("demo_home")
def test_pages_wait_for_the_views_beside_and_until_nobody_has_done_anything_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    view, first, second = (SimpleNamespace(due=0.0) for _one in range(3))
    ahead._wanted.append(view)  # type: ignore[arg-type]
    ahead._pages.extend([first, second])  # type: ignore[list-item]
    now = time.monotonic() + ahead.PAUSE
    monkeypatch.setattr(time, "monotonic", lambda: now)
    assert ahead._next() is view
    assert ahead._next() is None
    now += ahead.IDLE
    with ahead.reader():
        assert ahead._next() is None
    assert ahead._next() is None  # somebody has just been served
    now += ahead.IDLE
    assert [ahead._next(), ahead._next(), ahead._next()] == [first, second, None]


@pytest.fixture
def pages_at_once(at_once: list[Mapping[str, str]], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Draw pages before the run ends that asks for them, as `at_once` does views; which ones were asked for."""
    asked: list[str] = []
    real = ahead.pages

    def pages(draws: Mapping[str, Callable[[], None]]) -> None:
        asked.extend(draws)
        real(draws)
        while ahead._pages:
            draw_apart(ahead._pages.popleft())

    monkeypatch.setattr(ahead, "pages", pages)
    return asked


CAN_BE_KEPT = sorted(set(shell.PAGES) - {"overview", *replaying.NOT_KEPT})


@pytest.mark.usefixtures("demo_home")
def test_who_opens_the_app_has_every_page_drawn_that_can_be_kept(
    pages_at_once: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app(lang="en").run()
    assert sorted(pages_at_once) == CAN_BE_KEPT
    assert "period" not in app.query_params
    views: list[Any] = list(replaying._DRAWN)
    assert {view[:5] for view in views} == {views[0][:5]}  # for the same eyes
    there = [dict(view[5]) for view in views]
    for page in CAN_BE_KEPT:
        assert any((at["page"], at.get("period")) == (page, None) for at in there), page
    monkeypatch.setattr(replaying, "_anew", lambda _run: pytest.fail("it has been drawn"))
    assert not app.switch_page("pages/targets.py").run().exception
    assert "Targets" in words(app, "header")[0] or components(app, "scoreboard")


@pytest.mark.usefixtures("demo_home")
def test_pages_are_drawn_once_for_readers_of_a_kind_and_for_nobody_who_has_chosen_something(
    pages_at_once: list[str], start_anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell, "PAGES", {name: shell.PAGES[name] for name in ("overview", "claims", "help")})
    visit(period="2567-1")
    assert pages_at_once == []
    for language in ("en", "en", "th"):
        open_app(lang=language).run()
    assert pages_at_once == ["claims", "claims"]
    start_anew()
    monkeypatch.setattr(replaying, "_OFFERED", set())
    anew: list[str] = []
    real = replaying._anew

    def drawing(run: Callable[[], None]) -> Any:
        anew.append(state.page())
        return real(run)

    monkeypatch.setattr(replaying, "_anew", drawing)
    open_app(lang="th").run()
    assert pages_at_once == ["claims"] * 3
    assert set(anew) == {"overview"}  # for what may be done in it; the other page is on disk
