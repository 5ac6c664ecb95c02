"""What a page says in components of our own, for tests that run a page without a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from streamlit.testing.v1 import AppTest


def components(app: AppTest, name: str) -> list[dict[str, Any]]:
    """The data of every block of a kind on the page: board, cards, bars, filters, caption and so on."""
    return [block["data"] for block in blocks(app) if block["kind"] == name]


def blocks(app: AppTest) -> list[dict[str, Any]]:
    """The blocks of all sheets in the order of the page; those of columns after one another."""
    sheets = [json.loads(c.proto.bytes) for c in app.get("bidi_component") if c.proto.component_name == "samoephak_sheet"]
    return [found for sheet in sheets for block in sheet for found in _flat(block)]


def _flat(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if block["kind"] != "columns":
        yield block
        return
    for column in block["data"]["columns"]:
        for inner in column:
            yield from _flat(inner)


def words(app: AppTest, kind: str) -> list[str]:
    """What the headers, subheaders, captions or notes of a page say; notes of all tones."""
    return [data["text"] for data in components(app, kind)]


def parts(app: AppTest) -> list[dict[str, Any]]:
    """The parts of all cards in their order."""
    return [part for data in components(app, "cards") for card in data["cards"] for part in card]


def tiles(app: AppTest) -> dict[str, str]:
    """Label -> number of every headline."""
    return {p["label"]: p["number"] for p in parts(app) if p["part"] == "tile"} | {m.label: m.value for m in app.metric}


def sentences(app: AppTest) -> list[str]:
    """The sentences under the headlines and in cards, and the captions of the page."""
    return (
        [str(p.get("sentence") or p.get("text") or "") for p in parts(app)]
        + [str(c.value) for c in app.caption]
        + words(app, "caption")
    )


def filter_value(app: AppTest, key: str) -> str | None:
    """What a field of the filter bar shows."""
    return next(f["value"] for bar in components(app, "filters") for f in bar["fields"] if f["key"] == key)


def table_of_board(app: AppTest) -> list[dict[str, Any]]:
    """The rows of the board's table by heading; the province by its code."""
    table = components(app, "board")[0]["table"]
    return [dict(zip(table["heads"], row, strict=True)) for row in table["rows"]]


def everything_sent(app: AppTest) -> str:
    """All elements that a run of an app sends to the browser, with their data, as text; not what is served by address."""
    found = [node.proto.SerializeToString() for node in _nodes(app._tree) if getattr(node, "proto", None) is not None]
    text = b"\n".join(found).decode("utf-8", errors="replace")
    return re.sub(r"\\+u(0e[0-9a-f]{2})", lambda m: chr(int(m.group(1), 16)), text)  # Thai as JSON escapes it


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    for child in getattr(node, "children", {}).values():
        yield from _nodes(child)
