"""What a reader chooses, types or turns on a page, as blocks of its sheets (`static/board/fields.js`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from data_access import national_ids
from i18n import format_number
from ui import sheet
from ui.text import _, lang

LONGEST = 200  # letters of a text that is typed


def choice(
    key: str, options: Mapping[str, str], label: str, value: str | None, choose: Callable[[str], None], *, none: str = ""
) -> None:
    """One of many: a list that opens, or a field that finds the words where they are many.

    Args:
        options: code -> words, no words twice.
        none: words for no choice, where that may be; `choose` gets an empty text then.
    """
    _of("choice", key, options, label, value or "", choose, none=none)


def kept_choice(key: str, options: Mapping[str, str], label: str) -> str:
    """One of many, kept for as long as the reader stays and in no address; the first one until they choose."""
    found = sheet.kept().get(key)
    chosen = found if found in options else next(iter(options))
    choice(key, options, label, chosen, lambda code: sheet.keep(key, code))
    return str(chosen)


def segments(
    key: str,
    options: Mapping[str, str],
    label: str,
    value: str,
    choose: Callable[[str], None],
    *,
    named: bool = False,
    tall: bool = False,
) -> None:
    """One of a few, all in sight, under one another where they are `tall`; `named` shows the label too."""
    _of("segments", key, options, label, value, choose, named=named, tall=tall)


def several(
    key: str, options: Mapping[str, str], label: str, values: Sequence[str], most: int, choose: Callable[[list[str]], None]
) -> None:
    """Some of several, all of them in sight, `most` at once."""
    _some("several", key, options, label, values, most, choose)


def number(key: str, label: str, value: int, low: int, high: int, choose: Callable[[int], None]) -> None:
    """A whole number between two others."""

    def chosen(found: Any) -> None:
        if isinstance(found, int) and low <= found <= high:
            choose(found)

    sheet.put("number", {"name": key, "label": label, "value": value, "low": low, "high": high}, key=key, acts={"chosen": chosen})


def _of(
    kind: str, key: str, options: Mapping[str, str], label: str, value: str, choose: Callable[[str], None], **more: Any
) -> None:
    def chosen(code: Any) -> None:
        if isinstance(code, str) and (code in options or (more.get("none") and code == "")):
            choose(code)

    shown = {"name": key, "options": list(options.items()), "label": label, "value": value, **more}
    sheet.put(kind, shown, key=key, acts={"chosen": chosen})


def picks(
    key: str,
    options: Mapping[str, str],
    label: str,
    values: Sequence[str],
    most: int,
    choose: Callable[[list[str]], None],
    *,
    add: str,
) -> None:
    """Some of many: those chosen are in sight, each to be taken away, and a field that says `add` finds others until there are `most`."""
    away = [_("Take {name} away", name=options[v]) for v in values]
    _some("picks", key, options, label, values, most, choose, name=key, none=add, away=away)


def _some(
    kind: str,
    key: str,
    options: Mapping[str, str],
    label: str,
    values: Sequence[str],
    most: int,
    choose: Callable[[list[str]], None],
    **more: Any,
) -> None:
    def chosen(codes: Any) -> None:
        if isinstance(codes, list) and len(codes) <= most and all(isinstance(c, str) and c in options for c in codes):
            choose(list(dict.fromkeys(codes)))

    shown = {"options": list(options.items()), "label": label, "values": list(values), "most": most, **more}
    sheet.put(kind, shown, key=key, acts={"chosen": chosen})


def typed(key: str, label: str, example: str) -> str:
    """A text that a reader types, kept for as long as they stay, without national IDs; `example` stands in the field while it is empty."""
    text = sheet.kept().get(key, "")

    def chosen(found: str) -> None:
        sheet.keep(key, national_ids.typed(found, LONGEST))

    shown = {"name": key, "label": label, "value": text, "example": example, "longest": LONGEST}
    sheet.put("typed", shown, key=key, acts={"chosen": sheet.for_text(chosen)})
    return text


def tick(key: str, label: str) -> bool:
    """Something that is on or off, off at first, kept for as long as the reader stays."""
    on = key in sheet.kept()
    sheet.put(
        "tick", {"name": key, "label": label, "on": on}, key=key, acts={"chosen": lambda _v: sheet.keep(key, "" if on else "on")}
    )
    return on


def leaf(key: str, pages: int) -> int:
    """Which page of a long list is shown, from 1, kept for as long as the reader stays; nothing to choose where there is one page."""
    known = sheet.kept().get(key, "1")
    page = min(int(known), pages) if known.isdigit() else 1
    if pages < 2:
        return 1

    def chosen(found: Any) -> None:
        if isinstance(found, int) and 1 <= found <= pages:
            sheet.keep(key, str(found))

    words = {"label": _("Page of the list"), "of": _("of {n}", n=format_number(pages, lang()))}
    words |= {"before": _("Page before"), "after": _("Page after")}
    sheet.put("leaf", {"name": key, "value": page, "pages": pages, **words}, key=key, acts={"chosen": chosen})
    return page
