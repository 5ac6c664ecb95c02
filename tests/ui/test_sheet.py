"""Blocks: those of a page go out as one element, and hear nothing but what they offer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.doing import HEARD, does, noting, sends
from tests.reading import blocks, tables
from ui.blocks import blocks as page_blocks
from ui.blocks import components, fields
from ui.view import address, events, moves
from ui.view.filter_table import FILTERS


def mixed() -> None:
    import streamlit as st

    from ui.blocks import blocks as page_blocks

    page_blocks.begin()
    with page_blocks.together("first"):
        page_blocks.header("One")
        page_blocks.caption("Two")
        left, right = page_blocks.columns([2, 1])
        with right:
            page_blocks.caption("Four")
        with left:
            page_blocks.caption("Three")
        with page_blocks.fold("more", "Five", "list"):
            page_blocks.text("Six")
    st.text_input("Seven")
    page_blocks.caption("Eight")
    page_blocks.caption("Eight")


def test_blocks_put_together_are_one_element_and_others_one_each() -> None:
    app = AppTest.from_function(mixed).run()
    assert not app.exception
    said = [b["data"].get("text") for b in blocks(app) if b["kind"] != "columns"]
    assert said == ["One", "Two", "Three", "Four", "Five", "Six", "Eight", "Eight"]
    assert len(app.get("bidi_component")) == 3


@pytest.mark.parametrize(
    "put", [lambda: page_blocks.columns(2), lambda: page_blocks.boxes(2, 100), lambda: page_blocks.fold("f", "F", "list")]
)
def test_blocks_that_hold_others_are_put_together_with_them(put: Callable[[], Any]) -> None:
    with pytest.raises(RuntimeError, match="together"):
        put()


def test_parts_of_a_block_get_their_address_when_they_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is that of the server that sends them; words that look like one stay words."""
    with page_blocks.collected() as found:
        page_blocks.put("lines", {"title": "samoephak part other"}, key="a", files={"drawing": b"{}"})
    sent, out = found.done(), []
    monkeypatch.setattr(page_blocks, "served", lambda key, _body: f"/media/{key}.gz")
    monkeypatch.setattr(page_blocks, "_component", lambda: lambda **given: out.append(given["data"]))
    monkeypatch.setattr(page_blocks.st, "session_state", {})
    page_blocks.send(sent, "x")
    (block,) = json.loads(out[0])
    assert block["data"] == {"title": "samoephak part other", "drawing": "/media/a_drawing.gz"}


OFFERED = {"a": "A", "b": "B"}
DRAWN: dict[str, Callable[[], Any]] = {
    "choice": lambda: fields.choice("x", OFFERED, "X", "a", noting()),
    "segments": lambda: fields.segments("x", OFFERED, "X", "a", noting()),
    "rail": lambda: fields.rail("x", [("a", "/a.png", "A")], "X", "a", noting(), noting(), movable=True),
    "number": lambda: fields.number("x", "X", 3, 1, 5, noting()),
    "several": lambda: fields.several("x", {"p": "P"}, "X", [], 1, noting()),
    "picks": lambda: fields.picks("x", {"p": "P"}, "X", [], 1, noting(), add="Add"),
}


@pytest.mark.parametrize("kind", DRAWN)
@pytest.mark.parametrize("value", ["elsewhere", None, 7, True, ["a"], ["p", "p"], {"a": 1}, ""])
def test_what_was_not_offered_is_not_heard(kind: str, value: Any) -> None:
    """A browser may send anything."""
    sends(DRAWN[kind], "chosen")(value)
    assert HEARD == []


def test_what_was_offered_is_heard() -> None:
    heard = []
    for draw, value in (
        (lambda: fields.choice("x", {"a": "A"}, "X", None, noting(), none="All"), ""),
        (lambda: fields.number("x", "X", 3, 1, 5, noting()), 5),
        (lambda: fields.several("x", {"p": "P", "q": "Q"}, "X", [], 2, noting()), ["p", "q"]),
    ):
        sends(draw, "chosen")(value)
        heard += HEARD
    assert heard == ["", 5, ["p", "q"]]


def test_a_link_of_a_trail_that_is_not_there_leads_nowhere() -> None:
    go = sends(lambda: page_blocks.links("trail", [page_blocks.Link("Up", None, "./up", noting())]), "gone")
    for at in (0, 1, -1, "0", None, True):
        go(at)
    assert HEARD == [None]


@pytest.mark.parametrize("did", [None, 3, "x", [], ["x", "chosen"], [["x"], "chosen", "a"], ["x", {}, "a"], ["y", "chosen", "a"]])
def test_what_has_no_form_is_not_heard(did: Any) -> None:
    does(DRAWN["choice"])(did)
    assert HEARD == []


def test_what_a_block_inside_others_offers_is_heard() -> None:
    def inside() -> None:
        (only,) = page_blocks.columns(1)
        with only, page_blocks.fold("more", "More", "list"):
            fields.choice("x", OFFERED, "X", "a", noting())

    does(inside)(["x", "chosen", "b"])
    assert HEARD == ["b"]


@pytest.mark.parametrize("value", [None, 7, ["40"], {"key": "period"}, {"key": 1, "value": 2}])
def test_no_drawing_hears_anything_but_text(value: Any) -> None:
    for draw, event in (
        (lambda: components.board("b", {"table": {}}, noting()), "chosen"),
        (lambda: components.maps("m", {"geometry": "", "names": ""}, noting()), "chosen"),
        (lambda: components.cards("c", [], least=1, pick=noting()), "picked"),
        (lambda: components.filter_bar("f", {"fields": []}, noting()), "changed"),
    ):
        sends(draw, event)(value)
        assert HEARD == []


@pytest.mark.parametrize(("code", "heard"), [("a", ["a"]), ("", [""]), ("z", []), (1, []), (None, [])])
@pytest.mark.parametrize("rows", [3, 300])
def test_rows_of_a_table_are_those_it_has_however_long_it_is(rows: int, code: Any, heard: list[str]) -> None:
    frame = pd.DataFrame({"Place": range(rows)})
    codes = ["a", *(f"r{n}" for n in range(rows - 1))]
    sends(lambda: page_blocks.table("t", frame, "A table", "en", "More", codes=codes, pick=noting()), "picked")(code)
    assert heard == HEARD


def test_an_act_that_the_house_does_not_know_does_nothing() -> None:
    for name in ("ui.no_such.act", "os.system", "ui.view.address.put", "nothing"):
        events.Act(name).do("x")
        assert name not in events._ACTS


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session that is empty."""
    found: dict[str, Any] = {}
    monkeypatch.setattr(address.st, "session_state", found)
    return found


@pytest.mark.usefixtures("session")
def test_what_is_typed_ticked_and_turned_is_kept_for_the_visit() -> None:
    def do(draw: Any, *values: Any) -> Any:
        for value in values:
            sends(draw, "chosen")(value)
        with page_blocks.collected():
            return draw()

    def name() -> str:
        return fields.typed("name", "Name", "Part")

    def only() -> bool:
        return fields.tick("only", "Only")

    def page() -> int:
        return fields.leaf("page", 3)

    assert (do(name), do(only), do(page)) == ("", False, 1)
    assert (do(name, "  Kranuan ", ["x"]), do(only, ""), do(page, 2, 4, 0, "3", None)) == ("Kranuan", True, 2)
    assert (do(name, "x" * 10_000), do(only, "")) == ("x" * fields.LONGEST, False)
    assert fields.leaf("page", 1) == 1  # the list has become short


def test_places_to_pick_are_those_offered_once_each_and_not_too_many(
    session: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    put: list[dict[str, Any]] = []
    monkeypatch.setattr(address, "put", lambda **changes: put.append(changes))
    offered = {"a": "A", "b": "B", "c": "C"}
    act = events.offer(address.choose_several, part="places")
    choose = sends(lambda: fields.picks("x", offered, "X", ["a"], 2, act, add="Add"), "chosen")
    for codes in (["a", "b", "c"], ["z"], [1], "a", ["b", "b"], []):
        choose(codes)
    assert put == [{"places": "b"}, {"places": None}]


@pytest.mark.usefixtures("session")
def test_a_choice_that_is_given_up_is_kept_no_longer() -> None:
    address.keep("row", "a")
    assert address.kept() == {"row": "a"}
    for _again in range(2):
        address.keep("row", "")
        assert address.kept() == {}


@pytest.mark.parametrize("key", ["period", "clear", "nothing", "lang"])
def test_a_filter_is_changed_by_its_key(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put: list[dict[str, Any]] = []
    monkeypatch.setattr(address, "put", lambda **changes: put.append(changes))
    monkeypatch.setattr(address, "get", lambda _key: None)
    sends(lambda: components.filter_bar("f", {"fields": []}, events.offer(moves.change_filter)), "changed")(
        {"key": key, "value": "2567-1"}
    )
    expected = {"period": [{"period": "2567-1"}], "clear": [dict.fromkeys(f.key for f in FILTERS if f.key != "period")]}
    assert put == expected.get(key, [])


def long_table() -> None:
    import pandas as pd

    from ui.blocks import blocks as page_blocks

    rows = pd.DataFrame({"Place": [f"P{n}" for n in range(300)], "Share": [n / 8 for n in range(300)], "Whole": range(300)})
    page_blocks.table("long", rows, "A long table", "en", "More")
    page_blocks.table(
        "short", rows.assign(Share=[None] + [1.0] * 299).head(3), "A short table", "en", "More", codes=["a", "b", "c"]
    )


def test_long_tables_go_by_address_and_digits_fit_the_column() -> None:
    app = AppTest.from_function(long_table).run()
    long, short = (b["data"] for b in blocks(app))
    assert "rows" not in long
    assert long["digits"] == [None, 3, 0]
    assert short["rows"] == [["P0", None, 0, "a"], ["P1", 1.0, 1, "b"], ["P2", 1.0, 2, "c"]]
    assert short["digits"] == [None, 0, 0]
    assert [len(t) for t in tables(app)] == [300, 3]
    assert isinstance(tables(app)[1], pd.DataFrame)


@pytest.mark.usefixtures("session")
def test_no_id_that_is_typed_is_kept() -> None:
    sends(lambda: fields.typed("find", "Find", "a name"), "chosen")(" school 1000000000009 ")
    assert address.kept() == {"find": "school •••••••••••09"}
