"""Tables, kinds, columns, codes and problems in the reader's words."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import pandas as pd
import streamlit as st

import geo
from data_access import schema
from data_access.importing.problems import Problem, collapse
from data_access.importing.values import CODE_WORDS
from data_access.indicators import REGISTRY
from data_access.quality import Dataset
from i18n import N_, format_number
from ui.filters import CODES
from ui.tables import period_words
from ui.text import _, lang

SEVERITIES = {"error": N_("Error"), "warning": N_("Warning"), "note": N_("Note")}
MARKS = {"error": ":red[:material/block:]", "warning": ":orange[:material/warning:]", "note": ":material/info:"}
_ENGLISH = {"pao": "PAO", "sao": "SAO", "mou": "MOU", "all": N_("All")}


@contextmanager
def progress() -> Iterator[Callable[[int, int], None]]:
    """A bar that is told the lines done and in all, and tells the time left; it is gone when the block ends."""
    slot, started = st.empty(), time.monotonic()

    def report(done: int, total: int) -> None:
        left = math.ceil((time.monotonic() - started) * (total - done) / max(done, 1))
        numbers = {
            "done": format_number(done, lang()),
            "total": format_number(total, lang()),
            "left": format_number(left, lang()),
        }
        slot.progress(min(done / max(total, 1), 1.0), _("{done} of {total} rows read · about {left} seconds left", **numbers))

    try:
        yield report
    finally:
        slot.empty()


def table_name(name: str) -> str:
    """A table of the contract in words."""
    return schema.TABLES[name].info[lang()]


def dataset_name(item: Dataset) -> str:
    """A data set in words: its table, or the indicator that agencies report."""
    return REGISTRY[item.indicator].title(lang()) if item.indicator else table_name(item.table)


def kind_name(kind: str) -> str:
    """A kind of load in words: a table, or a reported indicator."""
    if kind.startswith("reported:"):
        return _("{title} (reported figures)", title=REGISTRY[kind.removeprefix("reported:")].title(lang()))
    return table_name(kind)


def column_name(info: schema.Info) -> str:
    """A column of the contract in words."""
    return info.th if lang() == "th" else info.en


def code_word(code: str) -> str:
    """A code of a closed list in words."""
    for words in CODES.values():
        if code in words:
            return _(words[code])
    if lang() == "th":
        return CODE_WORDS.get(code, (code,))[0]
    return _ENGLISH.get(code, code.replace("_", " ").capitalize())


def rows(count: float) -> str:
    """A count of rows; words where it is too small to be shown."""
    return _("fewer than 10") if pd.isna(count) else format_number(count, lang())


def problem_table(problems: Iterable[Problem]) -> pd.DataFrame:
    """Problems as a table, errors first: severity, sheet, row, column, found, expected, what is wrong, how to mend it."""
    order = list(SEVERITIES)
    found = sorted(collapse(problems), key=lambda p: (order.index(p.severity), p.sheet, p.row or 0))
    return pd.DataFrame(
        {
            _("Severity"): [_(SEVERITIES[p.severity]) for p in found],
            _("Row"): pd.array([p.row for p in found], dtype="Int64"),
            _("Column"): [" · ".join(x for x in (p.column, p.header) if x) for p in found],
            _("Found"): [p.found for p in found],
            _("Expected"): [p.expected_in(lang()) for p in found],
            _("What is wrong"): [p.message(lang()) for p in found],
            _("How to mend it"): [p.how_to_mend(lang()) for p in found],
            _("Sheet"): [p.sheet for p in found],
        }
    )


def places(codes: Iterable[str], most: int = 12) -> str:
    """Names of places, the rest counted."""
    every = list(codes)
    names = ", ".join(geo.name(c, lang()) for c in every[:most])
    return names + (" " + _("and {n} more", n=format_number(len(every) - most, lang())) if len(every) > most else "")


def period(code: str) -> str:
    """A period in words; a dash for none."""
    return period_words(code, lang()) if code else "–"
