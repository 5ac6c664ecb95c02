"""What a reader does on a page, as data: `[block, event, value]` from the browser, heard only as far as the page offered it.

A block offers acts: a function of the house by its name, with arguments that are JSON. So what a page offers can be kept beside what it shows,
and a process that starts anew knows what a click means. Moves change the view (`ui.view.address`); deeds need a role, which they check.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

Block = dict[str, Any]
OF_THE_HOUSE = "ui."
_ACTS: dict[str, Callable[..., None]] = {}


@dataclass(frozen=True)
class Act:
    """What an event of a block does: the name of a function marked with `act`, and its arguments."""

    does: str
    args: Mapping[str, Any] = field(default_factory=dict)

    def do(self, value: Any) -> None:
        """Do it; nothing where the house knows no such act (any longer)."""
        if self.does not in _ACTS and self.does.startswith(OF_THE_HOUSE):
            with suppress(ModuleNotFoundError):
                import_module(self.does.rpartition(".")[0])
        if known := _ACTS.get(self.does):
            known(value, **self.args)

    def to_json(self) -> list[Any]:
        """Name and arguments."""
        return [self.does, dict(self.args)]


def act(function: Callable[..., None]) -> Callable[..., None]:
    """Mark a function as something that a block may offer: it gets what the browser sent, then the arguments of the offer."""
    _ACTS[_name(function)] = function
    return function


def offer(function: Callable[..., None], **args: Any) -> Act:
    """An act, for a block; its arguments are JSON."""
    return Act(_name(function), args)


def _name(function: Callable[..., None]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def hear(did: Any, body: bytes, acts: Mapping[str, Act], files: Mapping[str, bytes]) -> None:
    """Do what a reader asks for, if a block of the page offers it. A browser may send anything.

    Args:
        did: `[key of a block, event, value]`.
        body: the blocks as they were sent; acts: by key and event; files: parts of blocks that the browser gets by URL, compressed.
    """
    match did:
        case [None | str() as key, str() as event, value] if found := acts.get(f"{key or ''} {event}"):
            block = next((b for b in every(json.loads(body)) if b.get("key", "") == (key or "")), None)
            if block and _OFFERED.get(block["kind"], _is_text)(block, value, files):
                found.do(value)


def every(blocks: list[Block]) -> Iterator[Block]:
    """The blocks with all that stand in columns and folds, in the order of the page."""
    for block in blocks:
        yield block
        data = block["data"]
        for inner in (
            [data["blocks"]] if block["kind"] == "fold" else data.get("columns", []) if block["kind"] == "columns" else []
        ):
            yield from every(inner)


# ---- what each kind of block offers -----------------------------------------------------------------------------------------
Files = Mapping[str, bytes]


def _is_text(_block: Block, value: Any, _files: Files) -> bool:
    return isinstance(value, str)


def _anything(_block: Block, _value: Any, _files: Files) -> bool:
    return True


def _one_of(block: Block, value: Any, _files: Files) -> bool:
    data = block["data"]
    return isinstance(value, str) and (value in dict(data["options"]) or (value == "" and bool(data.get("none"))))


def _some_of(block: Block, value: Any, _files: Files) -> bool:
    options = dict(block["data"]["options"])
    return (
        isinstance(value, list)
        and len(value) <= block["data"]["most"]
        and all(isinstance(c, str) and c in options for c in value)
    )


def _between(block: Block, value: Any, _files: Files) -> bool:
    return type(value) is int and block["data"]["low"] <= value <= block["data"]["high"]


def _a_page(block: Block, value: Any, _files: Files) -> bool:
    return type(value) is int and 1 <= value <= block["data"]["pages"]


def _a_link(block: Block, value: Any, _files: Files) -> bool:
    return type(value) is int and 0 <= value < len(block["data"]["links"])


def _a_way(block: Block, value: Any, _files: Files) -> bool:
    return isinstance(value, str) and value in {leads for leads, *_words in block["data"]["buttons"]}


def _a_row(block: Block, value: Any, files: Files) -> bool:
    data = block["data"]
    if not (isinstance(value, str) and data["picks"]):
        return False
    rows = data["rows"] if "rows" in data else json.loads(gzip.decompress(files[f"{block['key']}_from"]))
    return not value or value in {row[-1] for row in rows}


def _a_result(block: Block, value: Any, _files: Files) -> bool:
    return isinstance(value, str) and value in {row["picks"] for row in block["data"]["rows"]} - {""}


def _a_slide(block: Block, value: Any, _files: Files) -> bool:
    """A slide that is chosen, or one and the place where it is to stand."""
    slides = [slide for slide, *_shown in block["data"]["slides"]]
    match value:
        case str():
            return value in slides
        case [str() as slide, int() as place]:
            return slide in slides and type(place) is int and 0 <= place < len(slides)
    return False


def _a_filter(_block: Block, value: Any, _files: Files) -> bool:
    match value:
        case {"key": str(), "value": str()}:
            return True
    return False


def _a_form(block: Block, value: Any, _files: Files) -> bool:
    fields = {f["name"]: f for _title, _layout, found in block["data"]["groups"] for f in found}
    match value:
        case [str() as button, dict() as values] if button in {b[0] for b in block["data"]["buttons"]}:
            return values.keys() == fields.keys() and all(_fills(fields[k], v) for k, v in values.items())
    return False


def _fills(field: Mapping[str, Any], found: Any) -> bool:
    """Whether a field of a form may hold something."""
    match field["kind"]:
        case "number":
            return (found is None and bool(field["none"])) or _is_number(found, field["low"], field["high"], field["whole"])
        case "choice":
            return found in dict(field["options"]) if isinstance(found, str) and found else found == "" and bool(field["none"])
        case "text":
            return isinstance(found, str) and len(found) <= field["longest"]
        case "rows":
            return isinstance(found, list) and len(found) <= field["most"] and all(_is_row(row, field["heads"]) for row in found)
    return False


def _is_row(row: Any, heads: list[list[Any]]) -> bool:
    return (
        isinstance(row, list)
        and len(row) == len(heads)
        and all(v is None or _is_number(v, low, high, whole) for v, (_label, low, high, whole) in zip(row, heads, strict=True))
    )


def _is_number(found: Any, low: float, high: float, whole: bool) -> bool:
    """Whether something is a number between two others."""
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not math.isfinite(found):
        return False
    return low <= found <= high and (not whole or found == int(found))


_OFFERED: dict[str, Callable[[Block, Any, Files], bool]] = {
    "choice": _one_of,
    "segments": _one_of,
    "several": _some_of,
    "picks": _some_of,
    "rail": _a_slide,
    "bullets": _a_result,
    "number": _between,
    "leaf": _a_page,
    "links": _a_link,
    "tour": _a_way,
    "table": _a_row,
    "filters": _a_filter,
    "form": _a_form,
    "tick": _anything,
    "button": _anything,
    "fold": _anything,
}
"""Kind of block -> whether it offers a value; of the others any text is heard, which the act itself looks at."""
