"""Blocks: what pages are made of. Those that stand together go to the browser as one element (`static/board/blocks.js`).

What a reader waits for after a change of a filter is, above all, the number of elements that Streamlit places anew (ADR 18). So headings,
captions, cards, maps and tables are blocks, put one after another; a page of blocks is one element of Streamlit (`ui.frame.drawing`). On a page of
Streamlit's own elements each block is an element by itself, where it is put, unless some are put `together`.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit import runtime

from ui.blocks import static_files
from ui.view import events
from ui.view import view as views
from ui.view.events import Act, Block, act, offer

if TYPE_CHECKING:
    import pandas as pd

SENT = 40
"""Rows of a table that travel with every run; the browser gets more of them by URL, once."""
SENT_NOW = "samoephak_blocks_sent"
FAST = 6  # of gzip's levels
_PART = "samoephak part "
"""What stands in a block for the URL of one of its parts, until it is sent."""
_NAMED = re.compile(rb'"%s([^"\\]+)"' % _PART.encode())


@dataclass
class _Collected:
    """Blocks that are put together; `into` is where the next one goes: the page, or a column of it."""

    blocks: list[Block] = field(default_factory=list)
    acts: dict[str, Act] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    into: list[list[Block]] = field(default_factory=list)

    def done(self) -> Sent:
        return Sent(packed(self.blocks), self.acts, self.files)


@dataclass(frozen=True)
class Sent:
    """Blocks as they are sent: as JSON, what a reader may do in it (by key of the block and event), and the compressed files that it names."""

    body: bytes
    acts: Mapping[str, Act]
    files: Mapping[str, bytes]


_AT_HAND: ContextVar[_Collected | None] = ContextVar("blocks", default=None)
_COUNT: ContextVar[int] = ContextVar("blocks", default=0)


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
        kind: what draws it (`DRAW` in `static/board/blocks.js`).
        data: JSON; everything in it may be seen by the reader.
        key: distinguishes blocks of a kind on a page; it keeps what a reader opened or sorted in a block.
        acts: what a reader may do in it: event -> act (`ui.view.events`).
        files: parts of the data that the browser gets by URL, where they are long or stay as they are when a filter changes: name -> JSON.
    """
    put_so_far = _AT_HAND.get()
    if put_so_far is None:
        _COUNT.set(_COUNT.get() + 1)
        with together(f"block_{key or _COUNT.get()}"):
            put(kind, data, key=key, acts=acts, files=files)
        return
    parts = {name: f"{key}_{name}" for name in files or {}}
    put_so_far.files.update({parts[name]: gzip.compress(body, FAST, mtime=0) for name, body in (files or {}).items()})
    block: Block = {"kind": kind, "data": {**data, **{name: _PART + part for name, part in parts.items()}}}
    (put_so_far.into[-1] if put_so_far.into else put_so_far.blocks).append({**block, "key": key} if key else block)
    put_so_far.acts.update({f"{key} {event}": found for event, found in (acts or {}).items()})


def columns(widths: int | Sequence[float], turned: bool = False) -> list[_Column]:
    """Columns side by side, for blocks alone: `with` one of them, blocks go into it.

    Args:
        widths: how many alike, or how wide each is against the others.
        turned: the last one comes first on a phone, where they stand below each other.
    """
    more = {"turned": True} if turned else {}
    return _side_by_side({"widths": [1] * widths if isinstance(widths, int) else list(widths), **more})


def boxes(count: int, least: int) -> list[_Column]:
    """Boxes side by side, as many in a row as there is room for at `least` pixels; filled like columns."""
    return _side_by_side({"widths": [1] * count, "least": least})


def _side_by_side(shape: dict[str, Any]) -> list[_Column]:
    put_so_far = _at_hand()
    found = [_Column(put_so_far) for _share in shape["widths"]]
    put("columns", {**shape, "columns": [column.blocks for column in found]})
    return found


def _at_hand() -> _Collected:
    put_so_far = _AT_HAND.get()
    if put_so_far is None:
        raise RuntimeError("blocks that hold others are put together: with blocks.together(…)")
    return put_so_far


class _Column:
    """Where blocks go while it is open."""

    def __init__(self, put_so_far: _Collected) -> None:
        self.put_so_far = put_so_far
        self.blocks: list[Block] = []

    def __enter__(self) -> None:
        self.put_so_far.into.append(self.blocks)

    def __exit__(self, *_error: object) -> None:
        self.put_so_far.into.pop()


def collected() -> AbstractContextManager[_Collected]:
    """Collect the blocks that are put meanwhile, and send none of them."""
    return views.held(_AT_HAND, _Collected())


@contextmanager
def together(key: str) -> Iterator[None]:
    """Blocks that are put meanwhile go to the browser as one element, here, when all are there; `key` distinguishes it on the page."""
    with collected() as put_so_far:
        yield
    if put_so_far.blocks:
        send(put_so_far.done(), key)


def begin() -> None:
    """A run of the page begins: nothing has been sent yet."""
    _COUNT.set(0)
    st.session_state[SENT_NOW] = []


def send(sent: Sent, key: str) -> None:
    """Send blocks to the next place of the page."""
    urls = {name: served(name, body) for name, body in sent.files.items()}

    def url(found: re.Match[bytes]) -> bytes:
        name = found[1].decode()
        return packed(urls[name]) if name in urls else found[0]

    st.session_state.setdefault(SENT_NOW, []).append(sent)
    name = f"blocks_{key}"
    _component()(key=name, data=_NAMED.sub(url, sent.body), on_did_change=partial(_hear, name, sent))


@cache
def _component() -> Any:
    script = """
const loaded = import(new URL("/app/static/board/blocks.js", location.origin).href);
export default async (component) => (await loaded).default(component);
"""  # by URL: what a component carries itself travels with every run
    return st.components.v2.component("samoephak_blocks", html="<div></div>", js=script, isolate_styles=False)


def _hear(name: str, sent: Sent) -> None:
    events.hear(st.session_state[name].did, sent.body, sent.acts, sent.files)


def served(key: str, body: bytes) -> str:
    """Where the browser gets compressed JSON of this session: the address follows from the content, so that it is fetched once and kept.

    Compressed here, since Streamlit sends such files as they are; `ui.web.server` tells the browser.
    """
    return runtime.get_instance().media_file_mgr.add(body, static_files.PART, key)


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
    """A notice in a box, as it stands; `tone` is info, good, warning or error, `icon` the name of a symbol."""
    put("note", {"text": text, "icon": symbol(icon), "tone": tone}, key=key)


@dataclass(frozen=True)
class Link:
    """A way to another view: its words, its address, and what brings the reader there in this window."""

    text: str
    icon: str | None
    href: str
    go: Act


def links(key: str, found: Sequence[Link], here: str = "") -> None:
    """Links side by side; `here` is where the reader is, at the end of a trail."""
    shown = [{"text": link.text, "icon": symbol(link.icon), "href": link.href} for link in found]
    put(
        "links", {"links": shown, "here": here}, key=key, acts={"gone": offer(follow, ways=[link.go.to_json() for link in found])}
    )


@act
def follow(at: int, ways: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Go where one of several links leads."""
    does, args = ways[at]
    Act(does, args).do(None)


Standing = tuple[str, str, str, str]
"""A badge and what is said beside it: tone (good, late, info, neither), symbol, words of the badge, the words beside it."""


def finding(text: str, more: str = "") -> None:
    """What was found, in a sentence, before anything else; `more` stands small beneath it."""
    put("finding", {"text": text, "more": more})


def standings(lines: Sequence[Standing]) -> None:
    """What stands where, a line each."""
    put("standings", {"lines": [badge(line) for line in lines]})


def badge(found: Standing) -> list[str]:
    """A standing as the browser gets it."""
    tone, icon, words, beside = found
    return [tone, symbol(icon), words, beside]


def scoreboard(heads: Sequence[str], groups: Mapping[str, Sequence[tuple[str, Sequence[Standing | None]]]], title: str) -> None:
    """A table of standings: rows under the titles of their groups, each a name and a standing a column, or none.

    Args:
        heads: of the names, then of the columns.
        title: says what it is to those who do not see it.
    """
    rows = [[group, [[name, [c and badge(c) for c in cells]] for name, cells in found]] for group, found in groups.items()]
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
    pick: Act | None = None,
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
    put("table", {**shown, **few, "picks": bool(codes)}, key=key, acts={"picked": pick} if pick else None, files=files)


def _digits(numbers: pd.Series) -> int:
    """How many digits behind the point tell the numbers of a column, three at most."""
    known = numbers.dropna().tolist()
    return next((d for d in range(3) if all(round(value, d) == value for value in known)), 3)


def button(
    key: str, text: str, icon: str, press: Act, *, label: str | None = None, beside: tuple[str, str, Act] | None = None
) -> None:
    """A button; `label` says to a screen reader what the words alone leave open.

    Args:
        beside: symbol, words and act of a second one next to it that shows its symbol alone.
    """
    acts = {"pressed": press} | ({"beside": beside[2]} if beside else {})
    put(
        "button", {"text": text, "icon": icon, "label": label, "beside": list(beside[:2]) if beside else None}, key=key, acts=acts
    )


def fold(key: str, text: str, icon: str, opened: Act | None = None) -> _Column:
    """Blocks that stay closed until a reader opens them; `opened` hears it, so that what it holds need not be sent before."""
    inside = _Column(_at_hand())
    acts = {"opened": opened} if opened else None
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
