"""What a page says in components of our own, for tests that run a page without a browser."""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest


def components(app: AppTest, name: str) -> list[dict[str, Any]]:
    """The data of every component of a kind on the page: board, cards, bars, filters."""
    found = [c.proto for c in app.get("bidi_component")]
    return [json.loads(p.bytes) for p in found if p.component_name == f"samoephak_{name}"]


def parts(app: AppTest) -> list[dict[str, Any]]:
    """The parts of all cards in their order."""
    return [part for data in components(app, "cards") for card in data["cards"] for part in card]


def tiles(app: AppTest) -> dict[str, str]:
    """Label -> number of every headline."""
    return {p["label"]: p["number"] for p in parts(app) if p["part"] == "tile"} | {m.label: m.value for m in app.metric}


def sentences(app: AppTest) -> list[str]:
    """The sentences under the headlines and in cards, and the captions of the page."""
    return [str(p.get("sentence") or p.get("text") or "") for p in parts(app)] + [str(c.value) for c in app.caption]


def filter_value(app: AppTest, key: str) -> str | None:
    """What a field of the filter bar shows."""
    return next(f["value"] for bar in components(app, "filters") for f in bar["fields"] if f["key"] == key)


def table_of_board(app: AppTest) -> list[dict[str, Any]]:
    """The rows of the board's table by heading; the province by its code."""
    table = components(app, "board")[0]["table"]
    return [dict(zip(table["heads"], row, strict=True)) for row in table["rows"]]
