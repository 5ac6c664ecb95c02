"""Sheets: what stands together on a page goes to the browser as one element (`static/board/sheet.js`).

What a reader waits for after a change of a filter is, above all, the number of elements that Streamlit places anew (ADR 18). So headings,
captions, cards, maps and tables are blocks, put one after another; blocks with no element of Streamlit between them make one sheet. Which
those are nobody has to say: a sheet ends where something else was drawn. The last one is sent by `flush`, which the frame of the pages calls.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.delta_generator_singletons import get_dg_singleton_instance

OPEN = "samoephak_sheet"
Block = dict[str, Any]
Act = Callable[[Any], None]


@dataclass
class _Sheet:
    """Blocks that wait to be sent to their place; `into` is where the next one goes: the sheet, or a column of it."""

    slot: DeltaGenerator
    place: tuple[Any, ...]
    blocks: list[Block] = field(default_factory=list)
    acts: dict[tuple[str, str], Act] = field(default_factory=dict)
    into: list[list[Block]] = field(default_factory=list)


def put(kind: str, data: Mapping[str, Any], *, key: str = "", acts: Mapping[str, Act] | None = None) -> None:
    """Put a block on the page.

    Args:
        kind: what draws it (`DRAW` in `static/board/sheet.js`).
        data: JSON; everything in it may be seen by the reader.
        key: distinguishes blocks of a kind on a page; it keeps what a reader opened or sorted in a block.
        acts: what a reader may do in it -> what is called with the value that the browser sends.
    """
    sheet = _at_hand()
    block: Block = {"kind": kind, "data": data}
    (sheet.into[-1] if sheet.into else sheet.blocks).append({**block, "key": key} if key else block)
    sheet.acts.update({(key, name): act for name, act in (acts or {}).items()})


@contextmanager
def columns(*widths: float) -> Iterator[Sequence[Callable[[], Any]]]:
    """Columns of blocks side by side; yields what opens each of them (`with first(): …`). Nothing of Streamlit's may be drawn in them.

    Raises:
        RuntimeError: an element of Streamlit was drawn in a column.
    """
    sheet, found = _at_hand(), [list[Block]() for _width in widths]

    @contextmanager
    def column(blocks: list[Block]) -> Iterator[None]:
        sheet.into.append(blocks)
        try:
            yield
        finally:
            sheet.into.pop()
        if _place() != sheet.place:
            raise RuntimeError("an element of Streamlit was drawn in a column of a sheet")

    yield [lambda blocks=blocks: column(blocks) for blocks in found]  # type: ignore[misc]
    put("columns", {"widths": widths, "columns": found})


def begin() -> None:
    """Forget what an earlier run left unsent."""
    st.session_state.pop(OPEN, None)


def flush() -> None:
    """Send the sheet at hand, if there is one; called where a run ends."""
    sheet: _Sheet | None = st.session_state.pop(OPEN, None)
    if sheet is None or not sheet.blocks:
        return
    key = f"sheet_{'_'.join(map(str, sheet.place))}"
    with sheet.slot:
        _component()(key=key, data=packed(sheet.blocks), on_did_change=_hear(key, sheet.acts))


def _at_hand() -> _Sheet:
    """The sheet that the next block goes to: the last one, unless something else was drawn or another container entered since."""
    sheet: _Sheet | None = st.session_state.get(OPEN)
    if sheet is None or sheet.place != _place():
        flush()
        slot = st.empty()
        sheet = st.session_state[OPEN] = _Sheet(slot, _place())
    return sheet


def _place() -> tuple[Any, ...]:
    """Where the next element of Streamlit would be drawn. Streamlit tells it nowhere in public; a test holds this."""
    cursor = get_dg_singleton_instance().main_dg._active_dg._cursor
    return () if cursor is None else (cursor.root_container, *cursor.parent_path, cursor.index)


@cache
def _component() -> Any:
    script = """
const loaded = import(new URL("/app/static/board/sheet.js", location.origin).href);
export default async (component) => (await loaded).default(component);
"""  # by URL: what a component carries itself travels with every run
    return st.components.v2.component("samoephak_sheet", html="<div></div>", js=script, isolate_styles=False)


def _hear(key: str, acts: Mapping[tuple[str, str], Act]) -> Callable[[], None]:
    """A callback that calls what belongs to what a reader did; nothing when that is on the page no longer."""

    def hear() -> None:
        did = st.session_state[key].did
        if did and (act := acts.get((did[0] or "", did[1]))):
            act(did[2])

    return hear


def packed(data: Any) -> bytes:
    """Data as the browser gets them: UTF-8, since escaped Thai is twice as long."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def symbol(icon: str | None) -> str:
    """The bare name of a symbol that Streamlit calls `:material/name:`."""
    return (icon or "").removeprefix(":material/").removesuffix(":")


def header(text: str) -> None:
    """A heading of the page."""
    put("header", {"text": text})


def subheader(text: str) -> None:
    """A heading under a heading."""
    put("subheader", {"text": text})


def caption(text: str, key: str = "") -> None:
    """A remark in small letters, as it stands: no Markdown."""
    put("caption", {"text": text}, key=key)


def note(text: str, icon: str = "", tone: str = "info") -> None:
    """A notice in a box, as it stands; `tone` is info, good or warning, `icon` the name of a symbol."""
    put("note", {"text": text, "icon": symbol(icon), "tone": tone})


def standings(lines: Sequence[tuple[str, str, str, str]]) -> None:
    """What stands where, a line each: tone of a badge (good, late), symbol, words of the badge, and what is meant."""
    put("standings", {"lines": [[tone, symbol(icon), words, names] for tone, icon, words, names in lines]})


def table(key: str, rows: pd.DataFrame, title: str, lang: str) -> None:
    """A table to read, which its columns sort; `title` says what it is to those who do not see it."""
    numbers = set(rows.select_dtypes("number"))
    shown = rows.astype(object).where(rows.notna(), None)
    digits = [_digits(rows[c]) if c in numbers else 0 for c in rows.columns]
    put(
        "table",
        {"heads": list(rows.columns), "digits": digits, "rows": shown.values.tolist(), "caption": title, "lang": lang},
        key=key,
    )


def _digits(numbers: pd.Series) -> int:
    """How many digits behind the point tell the numbers of a column, three at most."""
    known = numbers.dropna()
    return next((d for d in range(3) if (known.round(d) == known).all()), 3)


def button(key: str, text: str, icon: str, press: Callable[[], None], *, label: str | None = None) -> None:
    """A button; `label` says to a screen reader what the words alone leave open."""
    put("button", {"text": text, "icon": icon, "label": label}, key=key, acts={"pressed": lambda _value: press()})


def details(
    key: str,
    text: str,
    icon: str,
    opened: Callable[[], None],
    paragraphs: Sequence[tuple[str, str]],
    entries: Sequence[tuple[str, str, str, str]],
) -> None:
    """Closed until a reader opens it, which `opened` hears, so that what it holds need not be sent before.

    Args:
        paragraphs: label and words.
        entries: title, words, formula and source.
    """
    shown = {"text": text, "icon": icon, "paragraphs": list(paragraphs), "entries": list(entries)}
    put("details", shown, key=key, acts={"opened": lambda _value: opened()})


def choice(key: str, options: Mapping[str, str], label: str, value: str, choose: Callable[[str], None]) -> None:
    """One of many, in a list that opens; `options` is code -> words."""
    _of("choice", key, options, label, value, choose)


def segments(key: str, options: Mapping[str, str], label: str, value: str, choose: Callable[[str], None]) -> None:
    """One of a few, all in sight."""
    _of("segments", key, options, label, value, choose)


def _of(kind: str, key: str, options: Mapping[str, str], label: str, value: str, choose: Callable[[str], None]) -> None:
    def chosen(code: Any) -> None:
        if code in options:
            choose(code)

    put(kind, {"name": key, "options": list(options.items()), "label": label, "value": value}, key=key, acts={"chosen": chosen})
