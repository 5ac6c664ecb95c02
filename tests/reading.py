"""What a page says in components of our own, for tests that run a page without a browser."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pandas as pd
from streamlit.testing.v1 import AppTest

from charts.style import Style
from data_access.store.releases import require_release
from data_access.who.access import OPERATOR, Person
from ui.blocks import blocks as page_blocks
from ui.frame import drawing
from ui.view.view import View


def components(app: AppTest | Drawn, name: str) -> list[dict[str, Any]]:
    """The data of every block of a kind on the page: board, cards, bars, filters, caption and so on."""
    return [block["data"] for block in blocks(app) if block["kind"] == name]


def blocks(app: AppTest | Drawn) -> list[dict[str, Any]]:
    """All blocks in the order of the page; those of columns after one another, and those that are folded away."""
    sent = [json.loads(c.proto.bytes) for c in app.get("bidi_component") if c.proto.component_name == "samoephak_blocks"]
    return [found for page_blocks in sent for block in page_blocks for found in _flat(block)]


class Drawn:
    """A page as `ui.frame.drawing` draws it, to be read like one that a run has sent: no Streamlit, no frame around it."""

    def __init__(self, page: str, lang: str = "th", who: Person = OPERATOR, **parts: str) -> None:
        parts = parts if lang == "th" else {**parts, "lang": lang}
        self.page = drawing.draw(View(page, require_release(), Style(lang), who, parts)).page
        self.session_state = {page_blocks.SENT_NOW: [self.page.sent]}
        self.error = self.exception = self.caption = self.dataframe = self.metric = ()

    def get(self, kind: str) -> list[Any]:
        """Elements of a kind, as of an `AppTest`."""
        proto = SimpleNamespace(bytes=self.page.sent.body, component_name="samoephak_blocks")
        return [SimpleNamespace(proto=proto)] if kind == "bidi_component" else []


def title(app: AppTest) -> str:
    """The title of the page."""
    return components(app, "top")[0]["title"]


def _flat(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield block
    for column in [block["data"]["blocks"]] if block["kind"] == "fold" else block["data"].get("columns", []):
        for inner in column:
            yield from _flat(inner)


def words(app: AppTest | Drawn, kind: str) -> list[str]:
    """What the headers, subheaders, captions or texts of a page say."""
    return [f"{data.get('strong', '')} {data['text']}".strip() for data in components(app, kind)]


def captions(app: AppTest | Drawn) -> list[str]:
    """The small letters of a page, with its finding and what stands beneath that."""
    found = [f"{data['text']} {data['more']}" for data in components(app, "finding")]
    return found + words(app, "caption") + [str(c.value) for c in app.caption]


def notes(app: AppTest | Drawn) -> list[str]:
    """The notices of a page, of all tones."""
    return words(app, "note") + [str(n.value) for kind in ("info", "warning", "success") for n in app.get(kind)]


def segments(app: AppTest | Drawn, key: str) -> dict[str, Any]:
    """One of a few to choose from: its options (code -> words) and the one that is chosen."""
    (found,) = (data for data in components(app, "segments") if data["name"] == key)
    return {"options": dict(found["options"]), "value": found["value"]}


def standings(app: AppTest | Drawn) -> list[str]:
    """The words of the badges that say where things stand."""
    return [badge for data in components(app, "standings") for _tone, _icon, badge, _names in data["lines"]]


def by_address(app: AppTest | Drawn) -> dict[str, Any]:
    """What the browser gets of a page by URL: key of the block and name of the part -> its data."""
    sent = app.session_state[page_blocks.SENT_NOW]
    return {key: json.loads(gzip.decompress(body)) for page_blocks in sent for key, body in page_blocks.files.items()}


def tables(app: AppTest | Drawn) -> list[pd.DataFrame]:
    """The tables of a page, those that the browser gets by URL too; of blocks first."""
    files = by_address(app)
    found = [(b["key"], b["data"]) for b in blocks(app) if b["kind"] == "table"]
    rows = [d["rows"] if "rows" in d else files[f"{key}_from"] for key, d in found]
    shown = [
        pd.DataFrame([r[: len(d["heads"])] for r in part], columns=d["heads"]) for (_k, d), part in zip(found, rows, strict=True)
    ]
    return shown + [d.value for d in app.dataframe]


def chosen(app: AppTest | Drawn, key: str) -> str | None:
    """The code that a list or field stands at; nothing for none."""
    return next(b["data"]["value"] or None for b in blocks(app) if b.get("key") == key)


def parts(app: AppTest | Drawn) -> list[dict[str, Any]]:
    """The parts of all cards in their order."""
    return [part for data in components(app, "cards") for card in data["cards"] for part in card]


def tiles(app: AppTest | Drawn) -> dict[str, str]:
    """Label -> number of every headline."""
    return {p["label"]: p["number"] for p in parts(app) if p["part"] == "tile"} | {m.label: m.value for m in app.metric}


def sentences(app: AppTest | Drawn) -> list[str]:
    """The sentences under the headlines and in cards, and the captions of the page."""
    return [str(p.get("sentence") or p.get("text") or "") for p in parts(app)] + captions(app)


def filter_value(app: AppTest | Drawn, key: str) -> str | None:
    """What a field of the filter bar shows."""
    return next(bar["values"][key] for bar in components(app, "filters") if key in bar["values"])


def table_of_board(app: AppTest | Drawn) -> list[dict[str, Any]]:
    """The rows of the board's table by heading; the province by its code."""
    (key,) = [b["key"] for b in blocks(app) if b["kind"] == "board"][:1]
    table = by_address(app)[f"{key}_table"]
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


def well_formed(text: str) -> None:
    """No doubled space, empty amount, placeholder, missing number or code."""
    assert text == text.strip()
    assert "  " not in text, text
    assert not re.search(r"\(\s*\)|[{}]|\bnan\b|\bNone\b| [.,;:!](?:\s|$)|,\s*\.", text), text
    assert not re.search(r"\b[a-z]+_[a-z_]+\b", text), text
    assert not re.search(r"\b25\d\d-[12]\b|\bAY25\d\d\b", text), text
