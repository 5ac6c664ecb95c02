"""Tables, kinds, columns, codes and problems in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

import geo
from data_access.analysis.quality import Dataset
from data_access.contract import schema
from data_access.contract.settings import settings
from data_access.importing.problems import Problem, grouped
from data_access.importing.values import CODE_WORDS
from data_access.programmes.indicators import REGISTRY
from i18n import N_, format_number
from ui.kit.filters import CODES
from ui.kit.tables import period_words
from ui.kit.tables import table_name as table_name
from ui.view.text import _, lang

SEVERITIES = {"error": N_("Error"), "warning": N_("Warning"), "note": N_("Note")}
MARKS = {"error": ":red[:material/block:]", "warning": ":orange[:material/warning:]", "note": ":material/info:"}
PERIOD_TYPES = {
    "semester": N_("Semester"),
    "academic_year": N_("Academic year"),
    "fiscal_year": N_("Fiscal year"),
    "calendar_year": N_("Calendar year"),
}
WARNINGS = {
    "stated_total": N_("A total that the sheet states is not the sum of its rows"),
    "subtotal": N_("A subtotal is not the sum of its rows"),
    "rows_alike": N_("Rows that are alike were added up"),
    "times_summed": N_("Months or quarters of one year were added up"),
    "total_by_sum": N_("A row was taken as a total for its numbers"),
    "row_total": N_("The total of a row is not the sum of its parts"),
    "group_total": N_("The repeated total of a place is not the sum of its rows"),
    "formula_lost": N_("Formulas without a result"),
    "hidden_rows": N_("Rows that the file does not display"),
    "incomplete": N_("Provinces are missing"),
    "unexpected_place": N_("A place that is not expected"),
    "jump": N_("More than double or less than half of before"),
    "over_rate": N_("Money above the rate in force"),
    "name_missing": N_("A name is blank"),
    "left_out_none": N_("A rule of rows left out fits none"),
    "place_guess_accepted": N_("A name of a place that was guessed"),
}
"""The kinds of warnings that are accepted with a reason."""
_ENGLISH = {"pao": "PAO", "sao": "SAO", "mou": "MOU", "all": N_("All")}


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


def field_name(table: str, field: str) -> str:
    """A field of a contract table in words."""
    column = schema.TABLES[table].c.get(field)
    return field if column is None else column_name(schema.contract(column))


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
    if pd.isna(count):
        return _("fewer than {n}", n=format_number(settings().disclosure_threshold, lang()))
    return format_number(count, lang())


def problem_table(problems: Iterable[Problem]) -> pd.DataFrame:
    """Problems as a table, errors first: severity, sheet, row, column, found, expected, what is wrong, how to mend it."""
    order = list(SEVERITIES)
    found = sorted(grouped(problems), key=lambda p: (order.index(p.severity), p.sheet, p.row or 0))
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
