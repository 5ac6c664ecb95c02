"""Sheets: blocks that stand together go out as one element, in the order of the page, and hear nothing but what they offer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.reading import blocks, tables
from tests.ui.test_cost import sent
from ui import components, fields, sheet


def mixed() -> None:
    import streamlit as st

    from ui import sheet

    sheet.begin()
    sheet.header("One")
    sheet.caption("Two")
    st.text_input("Three")
    left, right = sheet.columns([2, 1])
    with right:
        sheet.caption("Five")
    with left:
        sheet.caption("Four")
    with sheet.fold("more", "Six", "list"):
        sheet.text("Seven")
    with st.container():
        sheet.note("Eight")
    sheet.flush()


def test_blocks_with_nothing_between_them_are_one_element_and_all_go_out_in_order() -> None:
    with sent() as messages:
        app = AppTest.from_function(mixed).run()
    assert not app.exception
    said = [b["data"].get("text") for b in blocks(app) if b["kind"] != "columns"]
    assert said == ["One", "Two", "Four", "Five", "Six", "Seven", "Eight"]
    assert len(app.get("bidi_component")) == 3
    paths = [tuple(m.metadata.delta_path) for m in messages]
    assert paths == sorted(paths)  # the browser takes them in no other order
    assert paths[:3] == [(0, 0), (0, 1), (0, 2)]


def test_an_element_of_streamlit_in_a_column_of_a_sheet_is_a_fault_that_says_so() -> None:
    def page() -> None:
        import streamlit as st

        from ui import sheet

        sheet.begin()
        (only,) = sheet.columns(1)
        try:
            with only:
                sheet.caption("before")
                st.text_input("lost")
        except RuntimeError as error:
            st.session_state["fault"] = str(error)

    assert "in a column of a sheet" in AppTest.from_function(page).run().session_state["fault"]


def test_a_page_that_ends_early_has_sent_what_stood_on_it() -> None:
    def page() -> None:
        from ui import sheet

        sheet.begin()
        sheet.note("Nothing here")
        sheet.stop()

    assert [b["data"]["text"] for b in blocks(AppTest.from_function(page).run())] == ["Nothing here"]


def acts_of(monkeypatch: pytest.MonkeyPatch, draw: Any) -> dict[str, Any]:
    """What a block hears, by the name of the event."""
    found: dict[str, Any] = {}
    monkeypatch.setattr(sheet, "put", lambda *_args, acts=None, **_more: found.update(acts or {}))
    draw()
    return found


@pytest.mark.parametrize("sent_value", ["elsewhere", None, 7, ["a"], {"a": 1}])
def test_what_was_not_offered_is_not_heard(monkeypatch: pytest.MonkeyPatch, sent_value: Any) -> None:
    """A browser may send anything."""
    heard: list[Any] = []
    offered = {"a": "A", "b": "B"}
    for draw in (
        lambda: fields.choice("x", offered, "X", "a", heard.append),
        lambda: fields.segments("x", offered, "X", "a", heard.append),
        lambda: fields.number("x", "X", 3, 1, 5, heard.append),
        lambda: fields.several("x", {"p": "P"}, "X", [], 1, heard.append),
        lambda: fields.picks("x", {"p": "P"}, "X", [], 1, heard.append, add="Add"),
    ):
        acts_of(monkeypatch, draw)["chosen"](sent_value)
    assert heard == []


def test_what_was_offered_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Any] = []
    acts_of(monkeypatch, lambda: fields.choice("x", {"a": "A"}, "X", None, heard.append, none="All"))["chosen"]("")
    acts_of(monkeypatch, lambda: fields.number("x", "X", 3, 1, 5, heard.append))["chosen"](5)
    acts_of(monkeypatch, lambda: fields.several("x", {"p": "P", "q": "Q"}, "X", [], 2, heard.append))["chosen"](["p", "q"])
    assert heard == ["", 5, ["p", "q"]]


def test_a_link_of_a_trail_that_is_not_there_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[str] = []
    links = [sheet.Link("Up", None, "./up", lambda: gone.append("up"))]
    go = acts_of(monkeypatch, lambda: sheet.links("trail", links))["gone"]
    for at in (0, 1, -1, "0", None):
        go(at)
    assert gone == ["up"]


@pytest.mark.parametrize("did", [None, 3, "x", [], ["x", "chosen"], [["x"], "chosen", "a"], ["x", {}, "a"], ["y", "chosen", "a"]])
def test_what_has_no_form_is_not_heard(monkeypatch: pytest.MonkeyPatch, did: Any) -> None:
    heard: list[Any] = []
    monkeypatch.setattr(sheet.st, "session_state", {"sheet": SimpleNamespace(did=did)})
    sheet._hear("sheet", {("x", "chosen"): heard.append})()
    assert heard == []


def test_what_a_block_offers_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Any] = []
    monkeypatch.setattr(sheet.st, "session_state", {"sheet": SimpleNamespace(did=["x", "chosen", "a"])})
    sheet._hear("sheet", {("x", "chosen"): heard.append})()
    assert heard == ["a"]


@pytest.mark.parametrize("value", [None, 7, ["40"], {"key": "period"}, {"key": 1, "value": 2}])
def test_no_drawing_hears_anything_but_text(monkeypatch: pytest.MonkeyPatch, value: Any) -> None:
    heard: list[Any] = []
    monkeypatch.setattr(components, "put", lambda _kind, _data, *, acts=None, key="", files=None: found.append(acts))
    found: list[dict[str, Any]] = []
    components.board("b", {"table": {}}, heard.append)
    components.maps("m", {"geometry": "", "names": ""}, heard.append)
    components.cards("c", [], least=1, pick=heard.append, go=heard.append)
    components.filter_bar("f", {"fields": []}, lambda *change: heard.append(change))
    for acts in found:
        for act in acts.values():
            act(value)
    assert heard == []
    found[-1]["changed"]({"key": "period", "value": "2567-1"})
    found[0]["chosen"]("40")
    assert heard == [("period", "2567-1"), "40"]


def test_what_is_typed_ticked_and_turned_is_kept_for_the_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet.st, "session_state", {})

    def do(draw: Any, *values: Any) -> Any:
        for value in values:
            acts_of(monkeypatch, draw)["chosen"](value)
        return draw()

    def name() -> str:
        return fields.typed("name", "Name", "Part")

    def only() -> bool:
        return fields.tick("only", "Only")

    def page() -> int:
        return fields.leaf("page", 3)

    assert (name(), only(), page()) == ("", False, 1)
    assert (do(name, "  Kranuan ", ["x"]), do(only, ""), do(page, 2, 4, 0, "3", None)) == ("Kranuan", True, 2)
    assert (do(name, "x" * 10_000), do(only, "")) == ("x" * fields.LONGEST, False)
    assert fields.leaf("page", 1) == 1  # the list has become short


def test_places_to_pick_are_those_offered_once_each_and_not_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[list[str]] = []
    offered = {"a": "A", "b": "B", "c": "C"}
    choose = acts_of(monkeypatch, lambda: fields.picks("x", offered, "X", ["a"], 2, heard.append, add="Add"))["chosen"]
    for codes in (["a", "b", "c"], ["z"], [1], "a", ["b", "b"], []):
        choose(codes)
    assert heard == [["b"], []]


def test_a_choice_that_is_given_up_is_kept_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet.st, "session_state", {})
    sheet.keep("row", "a")
    assert sheet.kept() == {"row": "a"}
    for _again in range(2):
        sheet.keep("row", "")
        assert sheet.kept() == {}


def long_table() -> None:
    import pandas as pd

    from ui import sheet

    sheet.begin()
    rows = pd.DataFrame({"Place": [f"P{n}" for n in range(300)], "Share": [n / 8 for n in range(300)], "Whole": range(300)})
    sheet.table("long", rows, "A long table", "en", "More")
    sheet.table("short", rows.assign(Share=[None] + [1.0] * 299).head(3), "A short table", "en", "More", codes=["a", "b", "c"])
    sheet.flush()


def test_long_tables_go_by_address_and_digits_fit_the_column() -> None:
    app = AppTest.from_function(long_table).run()
    long, short = (b["data"] for b in blocks(app))
    assert "rows" not in long
    assert long["digits"] == [None, 3, 0]
    assert short["rows"] == [["P0", None, 0, "a"], ["P1", 1.0, 1, "b"], ["P2", 1.0, 2, "c"]]
    assert short["digits"] == [None, 0, 0]
    assert [len(t) for t in tables(app)] == [300, 3]
    assert isinstance(tables(app)[1], pd.DataFrame)


def test_no_id_that_is_typed_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, str] = {}
    monkeypatch.setattr(sheet, "kept", lambda: kept)
    acts_of(monkeypatch, lambda: fields.typed("find", "Find", "a name"))["chosen"](" school 1000000000009 ")
    assert kept == {"find": "school •••••••••••09"}
