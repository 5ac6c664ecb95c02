"""What a reader chooses, types or turns on a page, as blocks (`static/board/fields.js`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from data_access.contract import national_ids
from i18n import format_number
from ui.blocks import blocks
from ui.view import address
from ui.view.events import Act, act, offer
from ui.view.text import _, lang

LONGEST = 200  # letters of a text that is typed


def choice(key: str, options: Mapping[str, str], label: str, value: str | None, choose: Act, *, none: str = "") -> None:
    """One of many: a list that opens, or a field that finds the words where they are many.

    Args:
        options: code -> words, no words twice.
        choose: gets the code.
        none: words for no choice, where that may be; `choose` gets an empty text then.
    """
    _of("choice", key, options, label, value or "", choose, none=none)


def kept_choice(key: str, options: Mapping[str, str], label: str) -> str:
    """One of many, kept for as long as the reader stays and in no address; the first one until they choose."""
    found = address.kept().get(key)
    chosen = found if found in options else next(iter(options))
    choice(key, options, label, chosen, offer(address.keep_chosen, key=key))
    return str(chosen)


def segments(key: str, options: Mapping[str, str], label: str, value: str, choose: Act, *, named: bool = False) -> None:
    """One of a few, all in sight; `named` shows the label too."""
    _of("segments", key, options, label, value, choose, named=named)


def rail(
    key: str,
    slides: Sequence[tuple[str, str, str]],
    label: str,
    value: str,
    choose: Act,
    move: Act,
    *,
    movable: bool,
    help: str = "",
) -> None:
    """Slides in their order: id, address of the picture, words; `choose` gets an id, `move` an id and the place where it is to stand."""
    shown = {"name": key, "slides": [list(s) for s in slides], "label": label, "value": value, "movable": movable, "help": help}
    blocks.put("rail", shown, key=key, acts={"chosen": choose, **({"moved": move} if movable else {})})


def several(key: str, options: Mapping[str, str], label: str, values: Sequence[str], most: int, choose: Act) -> None:
    """Some of several, all of them in sight, `most` at once; `choose` gets their codes."""
    _some("several", key, options, label, values, most, choose)


def number(key: str, label: str, value: int, low: int, high: int, choose: Act) -> None:
    """A whole number between two others."""
    shown = {"name": key, "label": label, "value": value, "low": low, "high": high}
    blocks.put("number", shown, key=key, acts={"chosen": choose})


def _of(kind: str, key: str, options: Mapping[str, str], label: str, value: str, choose: Act, **more: Any) -> None:
    shown = {"name": key, "options": list(options.items()), "label": label, "value": value, **more}
    blocks.put(kind, shown, key=key, acts={"chosen": choose})


def picks(key: str, options: Mapping[str, str], label: str, values: Sequence[str], most: int, choose: Act, *, add: str) -> None:
    """Some of many: those chosen are in sight, each to be taken away, and a field that says `add` finds others until there are `most`."""
    away = [_("Take {name} away", name=options[v]) for v in values]
    _some("picks", key, options, label, values, most, choose, name=key, none=add, away=away)


def _some(
    kind: str, key: str, options: Mapping[str, str], label: str, values: Sequence[str], most: int, choose: Act, **more: Any
) -> None:
    shown = {"options": list(options.items()), "label": label, "values": list(values), "most": most, **more}
    blocks.put(kind, shown, key=key, acts={"chosen": choose})


def typed(key: str, label: str, example: str) -> str:
    """A text that a reader types, kept for as long as they stay, without national IDs; `example` stands in the field while it is empty."""
    text = address.kept().get(key, "")
    shown = {"name": key, "label": label, "value": text, "example": example, "longest": LONGEST}
    blocks.put("typed", shown, key=key, acts={"chosen": offer(keep_typed, key=key)})
    return text


@act
def keep_typed(value: str, key: str) -> None:
    """Keep what was typed, without national IDs."""
    address.keep(key, national_ids.typed(value, LONGEST))


def tick(key: str, label: str) -> bool:
    """Something that is on or off, off at first, kept for as long as the reader stays."""
    on = key in address.kept()
    press = offer(address.keep_this, key=key, value="" if on else "on")
    blocks.put("tick", {"name": key, "label": label, "on": on}, key=key, acts={"chosen": press})
    return on


def leaf(key: str, pages: int) -> int:
    """Which page of a long list is shown, from 1, kept for as long as the reader stays; nothing to choose where there is one page."""
    known = address.kept().get(key, "1")
    page = min(int(known), pages) if known.isdigit() else 1
    if pages < 2:
        return 1
    words = {"label": _("Page of the list"), "of": _("of {n}", n=format_number(pages, lang()))}
    words |= {"before": _("Page before"), "after": _("Page after")}
    shown = {"name": key, "value": page, "pages": pages, **words}
    blocks.put("leaf", shown, key=key, acts={"chosen": offer(address.keep_chosen, key=key)})
    return page
