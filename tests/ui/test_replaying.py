"""A page is drawn once a view, and a view is all that the page depends on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data_access import releases
from tests.data_access import small
from tests.reading import blocks, captions, components, tiles
from tests.ui.test_app import open_app
from ui import attention, data, replaying, sheet

HEADLINES = "samoephak_headlines"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
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
def test_the_same_view_is_drawn_once_and_then_sent_whole(drawn: list[str]) -> None:
    first, second = visit(), visit()
    assert drawn == ["drawn"]
    assert blocks(first) == blocks(second)
    assert first.session_state[HEADLINES] == second.session_state[HEADLINES] != []


@pytest.mark.usefixtures("demo_home")
def test_another_view_is_drawn_for_itself(drawn: list[str]) -> None:
    visit()
    assert any("2/2567" in c for c in captions(visit(period="2567-2")))
    assert any("Khon Kaen" in c for c in captions(visit(province="40")))
    assert not any("Showing" in c for c in captions(visit(lang="th")))
    assert len(drawn) == 4
    app = visit()
    assert len(drawn) == 4
    app.session_state[sheet.KEPT] = {"sources": "overview"}  # what the reader has opened
    assert components(app.run(), "definition")
    assert len(drawn) == 5


@pytest.mark.usefixtures("empty_home")
def test_a_new_release_is_drawn_for_itself_and_an_earlier_one_from_memory(drawn: list[str]) -> None:
    old = small.publish(small.tables(0))
    first = tiles(visit(period="2565-2"))
    small.publish(small.tables(1))
    second = tiles(visit(period="2565-2"))
    assert first != second
    releases.rollback(old.id)
    assert tiles(visit(period="2565-2")) == first
    assert len(drawn) == 2


@pytest.mark.usefixtures("demo_home")
def test_what_streamlit_draws_itself_is_not_kept() -> None:
    app = open_app(lang="en").run().switch_page("pages/claims.py").run()
    assert app.markdown
    assert all(dict(view[5])["page"] != "claims" for view in replaying._DRAWN)  # type: ignore[index]


@pytest.mark.usefixtures("demo_home")
def test_it_keeps_no_more_than_so_many_bytes(monkeypatch: pytest.MonkeyPatch, drawn: list[str]) -> None:
    visit(period="2567-1")
    (one,) = replaying._DRAWN.values()
    assert one.size > 10_000
    monkeypatch.setattr(replaying, "KEPT", int(2.5 * one.size))
    for period in ("2567-2", "2566-1"):
        visit(period=period)
    assert len(replaying._DRAWN) == 2
    visit(period="2567-1")
    assert len(drawn) == 4


@pytest.mark.usefixtures("demo_home")
def test_what_is_kept_is_forgotten_with_all_else(drawn: list[str]) -> None:
    visit()
    data.forget()
    visit()
    assert len(drawn) == 2
