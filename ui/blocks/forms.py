"""A form: what a reader fills in together and sends with one of its buttons, as a block (`static/board/form.js`).

What is typed stays in the browser until a button is pressed; then it is heard only if every field holds what it may hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ui.blocks import blocks
from ui.view.events import Act

MOST_ROWS = 40
Values = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """Something to fill in: how the browser draws it, which says what it may hold too (`ui.view.events`)."""

    key: str
    shape: Mapping[str, Any]


@dataclass(frozen=True)
class Group:
    """Fields under one title, if it has one: under one another in a column, or over the whole width, `beside` one another or a `line` each."""

    title: str
    fields: Sequence[Field]
    layout: Literal["column", "beside", "line"] = "column"


@dataclass(frozen=True)
class Button:
    """What sends a form: its name, its words, a symbol, and whether it stands out."""

    name: str
    text: str
    icon: str
    strong: bool = False


def number(
    key: str, label: str, value: float | None, low: float, high: float, *, whole: bool = False, none: str = "", note: str = ""
) -> Field:
    """A number between two others; `none` are the words for no number, where there may be none."""
    shape = {
        "kind": "number",
        "label": label,
        "value": value,
        "low": low,
        "high": high,
        "whole": whole,
        "none": none,
        "note": note,
    }
    return Field(key, shape)


def choice(key: str, label: str, options: Mapping[str, str], value: str | None, *, none: str = "", note: str = "") -> Field:
    """One of many (code -> words); `none` are the words for no choice, where there may be none."""
    shape = {"kind": "choice", "label": label, "value": value or "", "options": list(options.items()), "none": none, "note": note}
    return Field(key, shape)


def text(key: str, label: str, value: str, longest: int) -> Field:
    """A line of text."""
    shape = {"kind": "text", "label": label, "value": value, "longest": longest}
    return Field(key, shape)


@dataclass(frozen=True)
class Column:
    """A column of numbers in a field of rows."""

    label: str
    low: float
    high: float
    whole: bool = False


def rows(key: str, columns: Sequence[Column], value: Sequence[Sequence[float]], *, add: str, away: str) -> Field:
    """Rows of numbers, to which a reader adds and from which they take; `away` names what takes a row away, with its number as {n}."""
    heads = [[c.label, c.low, c.high, c.whole] for c in columns]
    shape = {"kind": "rows", "heads": heads, "value": [list(row) for row in value], "add": add, "away": away, "most": MOST_ROWS}
    return Field(key, shape)


def form(key: str, groups: Sequence[Group], buttons: Sequence[Button], press: Act) -> None:
    """Draw a form.

    Args:
        press: gets the name of the button and what every field holds, as a pair: a number or None, a code or an empty text, a text, or
            rows of numbers and None.
    """
    shown = {
        "groups": [[g.title, g.layout, [{"name": f.key, **f.shape} for f in g.fields]] for g in groups],
        "buttons": [[b.name, b.text, blocks.symbol(b.icon), b.strong] for b in buttons],
    }
    blocks.put("form", shown, key=key, acts={"pressed": press})
