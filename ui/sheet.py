"""Sheets: what stands together on a page goes to the browser as one element (`static/board/sheet.js`).

What a reader waits for after a change of a filter is, above all, the number of elements that Streamlit places anew (ADR 18). So headings,
captions, cards, maps and tables are blocks, put one after another; blocks with no element of Streamlit between them make one sheet. Which
those are nobody has to say: a sheet ends where something else is drawn. The last one is sent by `flush`, which the frame of the pages calls.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

import streamlit as st
from streamlit import runtime
from streamlit.delta_generator import DeltaGenerator
from streamlit.delta_generator_singletons import get_dg_singleton_instance
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui import server

if TYPE_CHECKING:
    import pandas as pd

SENT = 40
"""Rows of a table that travel with every run; the browser gets more of them by URL, once."""
OPEN, SENT_NOW, KEPT, FLEETING = "samoephak_sheet", "samoephak_sheets_sent", "samoephak_kept", "samoephak_fleeting"
FAST = 6  # of gzip's levels
Block = dict[str, Any]
Act = Callable[[Any], None]


class Acts(Protocol):
    """What a reader may do in a sheet, by the key of the block and the name of the event: a mapping, or what makes one when it is asked."""

    def get(self, did: tuple[str, str], otherwise: Act, /) -> Act: ...


@dataclass
class _Sheet:
    """Blocks that wait to be sent to their place; `into` is where the next one goes: the sheet, or a column of it."""

    slot: DeltaGenerator
    place: tuple[Any, ...]
    blocks: list[Block] = field(default_factory=list)
    acts: dict[tuple[str, str], Act] = field(default_factory=dict)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    into: list[list[Block]] = field(default_factory=list)


@dataclass(frozen=True)
class Sent:
    """A sheet as it went to the browser: its blocks as JSON, what a reader may do in it, and the compressed files that it names."""

    body: bytes
    acts: Acts
    files: tuple[tuple[str, bytes], ...]
    before: tuple[Any, ...] = ()
    """The place on the page that it stood before (`place`); unknown for one that was kept."""


def put(
    kind: str,
    data: Mapping[str, Any],
    *,
    key: str = "",
    acts: Mapping[str, Act] | None = None,
    files: Mapping[str, bytes] | None = None,
) -> None:
    """Put a block on the page.

    Args:
        kind: what draws it (`DRAW` in `static/board/sheet.js`).
        data: JSON; everything in it may be seen by the reader.
        key: distinguishes blocks of a kind on a page; it keeps what a reader opened or sorted in a block.
        acts: what a reader may do in it -> what is called with the value that the browser sends. They may be kept and called for other
            readers of the same view, so they hold nothing of a session.
        files: parts of the data that the browser gets by URL, where they are long or stay as they are when a filter changes: name -> JSON.
    """
    sheet = _at_hand()
    parts = {name: (f"{key}_{name}", gzip.compress(body, FAST, mtime=0)) for name, body in (files or {}).items()}
    sheet.files.extend(parts.values())
    urls = {name: served(*part) for name, part in parts.items()}
    block: Block = {"kind": kind, "data": {**data, **urls}}
    (sheet.into[-1] if sheet.into else sheet.blocks).append({**block, "key": key} if key else block)
    sheet.acts.update({(key, name): act for name, act in (acts or {}).items()})


def columns(widths: int | Sequence[float]) -> list[_Column]:
    """Columns side by side, for blocks alone: `with` one of them, blocks go into it.

    Args:
        widths: how many alike, or how wide each is against the others.
    """
    return _side_by_side({"widths": [1] * widths if isinstance(widths, int) else list(widths)})


def boxes(count: int, least: int) -> list[_Column]:
    """Boxes side by side, as many in a row as there is room for at `least` pixels; filled like columns."""
    return _side_by_side({"widths": [1] * count, "least": least})


def _side_by_side(shape: dict[str, Any]) -> list[_Column]:
    sheet = _at_hand()
    found = [_Column(sheet) for _share in shape["widths"]]
    put("columns", {**shape, "columns": [column.blocks for column in found]})
    return found


class _Column:
    """Where blocks go while it is open.

    Raises:
        RuntimeError: when it is left, if an element of Streamlit was drawn meanwhile: that stands after all columns, not in this one.
    """

    def __init__(self, sheet: _Sheet) -> None:
        self.sheet = sheet
        self.blocks: list[Block] = []

    def __enter__(self) -> None:
        self.sheet.into.append(self.blocks)

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        self.sheet.into.pop()
        if kind is None and self.sheet.place != place():
            raise RuntimeError("an element of Streamlit was drawn in a column of a sheet")


def begin() -> None:
    """Forget what an earlier run left unsent, and what it sent; from now on a sheet is sent before what Streamlit draws after it."""
    st.session_state.pop(OPEN, None)
    st.session_state.pop(FLEETING, None)
    st.session_state[SENT_NOW] = []
    run = get_script_run_ctx()
    if run is not None:  # the browser takes elements only in their order
        run._enqueue = _in_order(getattr(run._enqueue, "inner", run._enqueue))


def _in_order(send: Callable[[ForwardMsg], None]) -> Callable[[ForwardMsg], None]:
    def ordered(message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "delta":
            flush()
        send(message)

    ordered.inner = send  # type: ignore[attr-defined]
    return ordered


def fleeting() -> None:
    """Say that what this page shows may change at any time, whatever the view: it is not kept as it was drawn."""
    st.session_state[FLEETING] = True


def may_be_kept() -> bool:
    """Whether nothing on the page at hand has said that it is fleeting."""
    return FLEETING not in st.session_state


def sent_now() -> list[Sent]:
    """The sheets of the run at hand, as they were sent."""
    return list(st.session_state.get(SENT_NOW, ()))


def flush() -> None:
    """Send the sheet at hand, if there is one; called where a run ends."""
    sheet: _Sheet | None = st.session_state.pop(OPEN, None)
    if sheet is None:
        return
    sent = Sent(packed(sheet.blocks), sheet.acts, tuple(sheet.files), sheet.place)
    st.session_state.setdefault(SENT_NOW, []).append(sent)
    with sheet.slot:
        _draw(sent)


def stop() -> NoReturn:
    """End the run here with what is on the page. Not `st.stop` by itself, after which nothing more can be sent."""
    flush()
    st.stop()


def send_again(sent: Sent) -> None:
    """Send a sheet of another run to the next place of the page."""
    for key, body in sent.files:
        served(key, body)
    st.session_state[SENT_NOW].append(sent)
    _draw(sent)


def _draw(sent: Sent) -> None:
    key = f"sheet_{'_'.join(map(str, place()))}"
    _component()(key=key, data=sent.body, on_did_change=_hear(key, sent.acts))


def _at_hand() -> _Sheet:
    """The sheet that the next block goes to: the last one, unless something else was drawn or another container entered since."""
    sheet: _Sheet | None = st.session_state.get(OPEN)
    if sheet is None or sheet.place != place():
        flush()
        sheet = st.session_state[OPEN] = _Sheet(_reserved(), place())
    return sheet


def _reserved() -> DeltaGenerator:
    """The next place of the page, kept for a sheet that is sent later. Not `st.empty`, which would take the sheet of the run before away."""
    inside = get_dg_singleton_instance().main_dg._active_dg
    cursor = inside._cursor
    return DeltaGenerator(inside._root_container, None if cursor is None else cursor.lock_element(), inside)


def place() -> tuple[Any, ...]:
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


def _hear(key: str, acts: Acts) -> Callable[[], None]:
    """A callback that calls what belongs to what a reader did; nothing when that is on the page no longer."""

    def hear() -> None:
        match st.session_state[key].did:  # a browser may send anything
            case [None | str() as block, str() as event, value]:
                acts.get((block or "", event), _nothing)(value)

    return hear


def _nothing(_value: Any) -> None:
    """What is not offered on the page at hand."""


def for_text(act: Callable[[str], None]) -> Act:
    """What a block hears of text: anything else is not heard."""
    return lambda value: act(value) if isinstance(value, str) else None


def served(key: str, body: bytes) -> str:
    """Where the browser gets compressed JSON of this session: the address follows from the content, so that it is fetched once and kept.

    Compressed here, since Streamlit sends such files as they are; `ui.server` tells the browser.
    """
    return runtime.get_instance().media_file_mgr.add(body, server.PART, key)


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


def note(text: str, icon: str = "", tone: str = "info", key: str = "") -> None:
    """A notice in a box, as it stands; `tone` is info, good or warning, `icon` the name of a symbol."""
    put("note", {"text": text, "icon": symbol(icon), "tone": tone}, key=key)


@dataclass(frozen=True)
class Link:
    """A way to another view: its words, its address, and what brings the reader there in this window."""

    text: str
    icon: str | None
    href: str
    go: Callable[[], None]


def links(key: str, found: Sequence[Link], here: str = "") -> None:
    """Links side by side; `here` is where the reader is, at the end of a trail."""
    shown = [{"text": link.text, "icon": symbol(link.icon), "href": link.href} for link in found]

    def go(at: Any) -> None:
        if isinstance(at, int) and 0 <= at < len(found):
            found[at].go()

    put("links", {"links": shown, "here": here}, key=key, acts={"gone": go})


Standing = tuple[str, str, str, str]
"""A badge and what is said beside it: tone (good, late, info, neither), symbol, words of the badge, the words beside it."""


def standings(lines: Sequence[Standing]) -> None:
    """What stands where, a line each."""
    put("standings", {"lines": [_standing(line) for line in lines]})


def _standing(found: Standing) -> list[str]:
    tone, icon, words, beside = found
    return [tone, symbol(icon), words, beside]


def scoreboard(heads: Sequence[str], groups: Mapping[str, Sequence[tuple[str, Sequence[Standing | None]]]], title: str) -> None:
    """A table of standings: rows under the titles of their groups, each a name and a standing a column, or none.

    Args:
        heads: of the names, then of the columns.
        title: says what it is to those who do not see it.
    """
    rows = [[group, [[name, [c and _standing(c) for c in cells]] for name, cells in found]] for group, found in groups.items()]
    put("scoreboard", {"heads": list(heads), "groups": rows, "title": title})


def table(
    key: str,
    rows: pd.DataFrame,
    title: str,
    lang: str,
    more: str,
    *,
    codes: Sequence[str] = (),
    chosen: str | None = None,
    pick: Callable[[str], None] | None = None,
) -> None:
    """A table to read, which its columns sort; a list of numbers in it is drawn as a small line.

    Args:
        title: says what it is to those who do not see it.
        more: words of the button that draws the rows after the first ones.
        codes: what each row stands for; `pick` gets that of the row that a reader chooses, nothing when it is given up again.
        chosen: the code of the row chosen.
    """
    numbers = set(rows.select_dtypes("number"))
    digits = [_digits(rows[c]) if c in numbers else None for c in rows.columns]
    values = rows.to_numpy(object, copy=True)
    values[rows.isna().to_numpy(bool)] = None
    cells = values.tolist()
    cells = [[*row, code] for row, code in zip(cells, codes, strict=True)] if codes else cells
    shown = {"heads": list(rows.columns), "digits": digits, "caption": title, "lang": lang, "more": more, "chosen": chosen}
    few = {"rows": cells} if len(cells) <= SENT else {}
    files = {} if few else {"from": packed(cells)}

    def picked(code: Any) -> None:
        if pick and isinstance(code, str) and (not code or code in codes):
            pick(code)

    put("table", {**shown, **few, "picks": bool(codes)}, key=key, acts={"picked": picked}, files=files)


def _digits(numbers: pd.Series) -> int:
    """How many digits behind the point tell the numbers of a column, three at most."""
    known = numbers.dropna().tolist()
    return next((d for d in range(3) if all(round(value, d) == value for value in known)), 3)


def button(key: str, text: str, icon: str, press: Callable[[], None], *, label: str | None = None) -> None:
    """A button; `label` says to a screen reader what the words alone leave open."""
    put("button", {"text": text, "icon": icon, "label": label}, key=key, acts={"pressed": lambda _value: press()})


def fold(key: str, text: str, icon: str, opened: Callable[[], None] | None = None) -> _Column:
    """Blocks that stay closed until a reader opens them; `opened` hears it, so that what it holds need not be sent before."""
    sheet = _at_hand()
    inside = _Column(sheet)
    acts = {"opened": lambda _value: opened()} if opened else None
    put("fold", {"text": text, "icon": symbol(icon), "asks": opened is not None, "blocks": inside.blocks}, key=key, acts=acts)
    return inside


def text(words: str, strong: str = "", code: str = "") -> None:
    """A paragraph as it stands, no Markdown; `strong` stands before it in bold, `code` behind it in the letters of a program."""
    put("text", {"text": words, "strong": strong, "code": code})


def picture(address: str, words: str) -> None:
    """A picture over the whole width, with its words for those who do not see it."""
    put("picture", {"src": address, "alt": words})


def points(items: Sequence[str]) -> None:
    """A list of sentences."""
    put("points", {"items": list(items)})


def definition(title: str, words: str, formula: str, source: str) -> None:
    """What a number is, and where it is from."""
    put("definition", {"title": title, "text": words, "formula": formula, "source": source})


def kept() -> dict[str, str]:
    """What the reader has chosen or opened that is in no address, by the key of its block."""
    found: dict[str, str] = st.session_state.setdefault(KEPT, {})
    return found


def keep(key: str, value: str) -> None:
    """Keep a choice for as long as the reader stays; an empty one is given up."""
    if value:
        kept()[key] = value
    else:
        kept().pop(key, None)
