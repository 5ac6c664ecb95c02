"""Components of our own (`static/board`) on a page: cards and the board of the provinces.

Each is one element of the page, whatever it holds: what a reader waits for after a change of a filter is, above all, the number of
elements. Their scripts are loaded by URL, since what a component carries itself travels with every run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import streamlit as st
from streamlit import runtime

Part = dict[str, Any]


@cache
def _component(name: str) -> Any:
    script = f"""
const loaded = import(new URL("/app/static/board/{name}.js", location.origin).href);
export default async (component) => (await loaded).default(component);
"""
    return st.components.v2.component(f"samoephak_{name}", html="<div></div>", js=script, isolate_styles=False)


def packed(data: dict[str, Any]) -> bytes:
    """Data as the browser gets them: UTF-8, since escaped Thai is twice as long."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def served(key: str, body: bytes) -> str:
    """Where the browser gets JSON of this session: the address follows from the content, so that it is fetched once and kept."""
    return runtime.get_instance().media_file_mgr.add(body, "application/json", key)


def heard(key: str, name: str, act: Callable[[str], None]) -> Callable[[], None]:
    """A callback that passes on what a reader chose in a component; nothing when nothing was."""

    def hear() -> None:
        value = getattr(st.session_state[key], name)
        if value is not None:
            act(str(value))

    return hear


def board(key: str, data: dict[str, Any], choose: Callable[[str], None]) -> None:
    """Map, ranking and table (`charts.board.board`); `choose` gets the code of the province that a reader picks, what was typed to find
    one, or nothing when it is given up again."""
    _component("board")(key=key, data=packed(data), on_chosen_change=heard(key, "chosen", choose))


def maps(key: str, drawing: dict[str, Any], choose: Callable[[str], None], *, at: int = 0, selected: str | None = None) -> None:
    """Maps of several periods (`charts.board.maps`), which the browser gets by URL: they are long, and stay as they are when other filters change.

    Args:
        at: the period that a moving map starts with.
        choose, selected: as for `board`.
    """
    sent = {"drawing": served(f"{key}_drawing", packed(drawing)), "at": at, "selected": selected}
    _component("maps")(key=key, data=packed(sent), on_chosen_change=heard(key, "chosen", choose))


def bars(key: str, data: dict[str, Any]) -> None:
    """Bars with names, values and intervals (`charts.board.bar_list`, `stage_list`)."""
    _component("bars")(key=key, data=packed(data))


def lines(key: str, data: dict[str, Any]) -> None:
    """Lines over periods (`charts.lines.lines`)."""
    _component("lines")(key=key, data=packed(data))


def filter_bar(key: str, data: dict[str, Any], change: Callable[[str, str], None]) -> None:
    """The filter bar (`ui.filters.bar`); `change` gets the key of a field and its new value, empty for none."""

    def changed() -> None:
        found = st.session_state[key].changed
        if found is not None:
            change(str(found["key"]), str(found["value"]))

    _component("filters")(key=key, data=packed(data), on_changed_change=changed)


def cards(
    key: str,
    found: Sequence[Sequence[Part]],
    *,
    least: int,
    pick: Callable[[str], None] = lambda _code: None,
    go: Callable[[str], None] = lambda _page: None,
) -> None:
    """Cards side by side, each a list of parts (`head`, `tile`, `lines`, `text`, `pick`, `go`; see `static/board/cards.js`).

    Args:
        least: pixels below which a card does not get narrower: then they wrap.
        pick, go: get the code of a place, or the page, that a reader chooses.
    """
    data = {"least": least, "cards": [list(card) for card in found]}
    _component("cards")(
        key=key, data=packed(data), on_picked_change=heard(key, "picked", pick), on_gone_change=heard(key, "gone", go)
    )
