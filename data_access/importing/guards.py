"""National IDs and names of persons: what may be hashed, and what refuses the load before any cell is converted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.utils import column_index_from_string

from data_access.contract import schema
from data_access.importing import identifiers, values
from data_access.importing.headers import MONEY, Column
from data_access.importing.mapping import Mapping, fields, indicator_of, table_of
from data_access.importing.problems import Problem, Severity, mask
from data_access.importing.rows import Table
from data_access.importing.totals import RATE
from data_access.importing.values import squash
from data_access.programmes.indicators import COUNTED
from data_access.store import releases
from data_access.who.keys import fingerprint, keys
from i18n import LANGUAGES, N_, gettext

if TYPE_CHECKING:
    from data_access.importing.records import Built

SHOWN_VALUES = 8
PERCENT = ("%", "percent", "ร้อยละ")
MOST_PERCENT = 1000.0  # coverage can be above 100 %; ten times as many is no coverage
_WIDE_LEVELS = {"nation": N_("Nation"), "region": N_("Region")}


def guard(table: Table, mapping: Mapping | None, file: str) -> list[Problem]:
    """Problems of columns with national IDs or names of persons: errors when stored, or hashed without a key.

    Without a mapping (a file only looked at) they are warnings.
    """
    person = {f.name for f in fields(mapping.kind) if f.info.person} if mapping else set()
    of_persons = bool(mapping) and bool(schema.TABLES[table_of(mapping.kind)].info["person"]) if mapping else False
    keys = {s.index for n, s in mapping.columns.items() if n in person} if mapping else set()
    stored = mapping.loaded() - keys if mapping else set()
    problems = []
    for column in table.columns:
        cells = table.cells(column.index)
        has_ids = identifiers.holds_ids(column.heading, cells)
        if column.index in keys:
            if not identifiers.has_key() and not all(cell is None or identifiers.is_key(cell) for cell in cells):
                problems.append(_of_keys(_NO_KEY, table, column, file))
            elif not _keys_fit():
                problems.append(_of_keys(_OTHER_KEY, table, column, file))
        elif has_ids or (column.index in stored and any(identifiers.contains_id(cell) for cell in cells)):
            problems.append(_ids(table, column, file, column.index in stored, mapping is not None))
        elif identifiers.name_heading(column.heading, of_persons):
            problems.append(_names(table, column, file, column.index in stored, mapping is not None))
    return problems


def _keys_fit() -> bool:
    """Whether the keys at hand are those of the pseudonyms that readers have; under others no semester would join another."""
    now, _damaged = releases.served_release()
    return now is None or now.demo or not now.key or now.key == fingerprint(keys())


def ambiguous_columns(table: Table, mapping: Mapping, file: str) -> list[Problem]:
    """Errors for fields that two columns of one heading could feed, when their cells differ and nobody has chosen."""
    problems = []
    for name, source in mapping.columns.items():
        if source.how in ("chosen", "profile"):
            continue
        same = [c for c in table.columns if c.heading and squash(c.heading) == squash(source.heading)]
        if len(same) > 1 and any(table.cells(c.index) != table.cells(source.index) for c in same):
            letters = ", ".join(c.letter for c in same)
            problems.append(
                Problem(
                    "error",
                    "ambiguous_column",
                    N_("Several columns are headed {name}; say which one by its letter: {letters}"),
                    N_("Choose the column by its letter in the mapping (command line: --map {field}={letter})"),
                    {"name": source.heading, "letters": letters, "field": name, "letter": same[0].letter},
                    **_where(table, table.header.columns[source.index], file),
                    found=letters,
                )
            )
    return problems


def unanswerable_place(table: Table, mapping: Mapping, file: str) -> list[Problem]:
    """An error when an indicator is not known by the kind of place that the table has: its values would never be shown."""
    indicator = indicator_of(mapping.kind)
    if indicator is None or "place_code" not in mapping.columns or mapping.place_level in indicator.places:
        return []
    column = table.header.columns[mapping.columns["place_code"].index]
    return [
        Problem(
            "error",
            "place_level",
            N_("The places in the file are of the kind {level}; “{title}” is known by {levels} only"),
            N_("Choose the column with provinces in the mapping, or another indicator"),
            {
                **{f"level_{lang}": _level_name(mapping.place_level, lang) for lang in ("th", "en")},
                "title_th": indicator.title_th,
                "title_en": indicator.title_en,
                **{f"levels_{lang}": ", ".join(_level_name(p, lang) for p in indicator.places) for lang in ("th", "en")},
            },
            **_where(table, column, file),
            found=mapping.place_level,
            expected=", ".join(indicator.places),
        )
    ]


def unfit_units(table: Table, mapping: Mapping, file: str) -> list[Problem]:
    """Errors for units that do not fit what a column is loaded as: money as a count, shares and rates as either, and numbers
    displayed by several scales.

    A unit in a title (หน่วย: ล้านบาท) is said of the columns of its sort: others lose it.
    """
    problems = []
    for column in table.columns:
        if column.index not in mapping.loaded():
            continue
        if column.mixed:
            problems.append(
                _of_column(
                    "unit_unclear",
                    N_("The heading says {unit}, but cells of the column are displayed by another scale, or by several"),
                    N_("Give all cells of the column one number format in the spreadsheet, or take the unit out of the heading"),
                    {"unit": column.unit},
                    table,
                    column,
                    file,
                )
            )
        wanted = _sort_loaded(column, mapping)
        if column.titled:
            fitting = list(dict.fromkeys(u for u in column.titled if _sort_of_unit(*u) == wanted))
            column.factor, column.unit = fitting[0] if fitting else (1.0, "")
            if len(fitting) > 1:
                problems.append(
                    _of_column(
                        "unit_unclear",
                        N_("Titles state several units: {units}"),
                        N_("Write the unit of each column into its heading"),
                        {"units": ", ".join(unit for _, unit in fitting)},
                        table,
                        column,
                        file,
                    )
                )
        problems += _unfit_rate(table, column, mapping, file)
        if wanted == "count" and column.is_money:
            problems.append(
                _of_column(
                    "money_as_count",
                    N_("The column {name} is money, and what it would be loaded as is counted"),
                    N_("Choose the column with the count in the mapping, or load the money as an amount"),
                    {"name": column.heading},
                    table,
                    column,
                    file,
                )
            )
        elif wanted in ("count", "money") and (
            _is_rate(column, mapping) or (100.0 in _shown(table, column) and not column.mixed)
        ):
            problems.append(
                _of_column(
                    "rate_as_amount",
                    N_(
                        "The column {name} is a share, a mean or a rate, and what it would be loaded as is a number of things or money"
                    ),
                    N_("Choose the column with the numbers themselves in the mapping"),
                    {"name": column.heading},
                    table,
                    column,
                    file,
                )
            )
    return problems


def _unfit_rate(table: Table, column: Column, mapping: Mapping, file: str) -> list[Problem]:
    """Of a column loaded as a rate: counts are refused, percentages made shares; what may be either is asked."""
    indicator = indicator_of(mapping.kind)
    if indicator is None or indicator.kind != "rate" or column.index not in _values_of(mapping):
        return []
    if column.unit in PERCENT or 100.0 in _shown(table, column) or column.mixed:
        return []
    numbers = [abs(v) for c in table.cells(column.index) if values.is_number(c) and (v := values.number(c)) is not None]
    if column.is_count or column.is_money or max(numbers, default=0.0) > MOST_PERCENT:
        return [
            Problem(
                "error",
                "count_as_rate",
                N_("The column {name} does not hold percentages, and what it would be loaded as is a rate"),
                N_("Choose the column with the percentages in the mapping, or load the numbers as a count"),
                {"name": column.heading},
                **_where(table, column, file),
            )
        ]
    if max(numbers, default=0.0) > 1:
        column.factor, column.unit = 0.01, "%"
        return []
    return [
        Problem(
            "error",
            "unit_unclear",
            N_("All numbers of {name} lie between 0 and 1: they may be shares or very small percentages"),
            N_("Write ร้อยละ or % in the heading if they are percentages, or display the cells as percentages if they are shares"),
            {"name": column.heading},
            **_where(table, column, file),
        )
    ]


def _shown(table: Table, column: Column) -> list[float]:
    """By what the numbers of a column are multiplied where they are displayed."""
    return [scale for scale, row in table.sheet.marks.scales.get(column.index, {}).items() if row > table.header.last]


def _of_column(code: str, msgid: str, remedy: str, params: dict[str, Any], table: Table, column: Column, file: str) -> Problem:
    return Problem("error", code, msgid, remedy, params, **_where(table, column, file))


def _sort_loaded(column: Column, mapping: Mapping) -> str:
    """What a column is loaded as: "count" (persons or things), "money", "share" (anything else that is measured), or "" for no number."""
    indicator = indicator_of(mapping.kind)
    if indicator:
        kind = "money" if MONEY.search(indicator.unit) else {"count": "count", "money": "money"}.get(indicator.kind, "share")
        return kind if column.index in _values_of(mapping) else ""
    units = {f.name: f.info.unit for f in fields(mapping.kind)}
    named = [n for n, s in mapping.columns.items() if s.index == column.index]
    named += [mapping.value] if mapping.unpivot and column.index in mapping.unpivot[1] else []
    unit = next((units[n] for n in named if units.get(n)), "")
    return "count" if unit in COUNTED else "money" if unit == "baht" else "share" if unit else ""


def _sort_of_unit(factor: float, unit: str) -> str:
    return "money" if MONEY.search(unit) else "share" if factor < 1 else "count"


def _is_rate(column: Column, mapping: Mapping) -> bool:
    """Whether a heading says a share, a mean or a rate; somebody who has chosen the column may know better, but not of its unit."""
    indicator = indicator_of(mapping.kind)
    if indicator and (indicator.kind not in ("count", "money") or RATE.search(f"{indicator.title_th} {indicator.title_en}")):
        return False
    chosen = any(s.index == column.index and s.how in ("chosen", "profile") for s in mapping.columns.values())
    return column.factor < 1 or (bool(RATE.search(column.heading)) and not chosen)


def _values_of(mapping: Mapping) -> set[int]:
    """The columns that hold the values of a reported indicator."""
    own = {mapping.columns["value"].index} if "value" in mapping.columns else set()
    return own | set(mapping.sum_parts) | (set(mapping.unpivot[1]) if mapping.unpivot else set())


def unheaded_numbers(table: Table, file: str) -> list[Problem]:
    """An error where rows of a text file have numbers after the last heading: a thousands separator has cut a number, most likely."""
    headed = [c.index for c in table.header.columns if c.heading]
    if not table.sheet.encoding or not headed:
        return []
    for row in table.rows:
        wider = [i for i in range(headed[-1] + 1, len(row.cells)) if values.is_number(row.cells[i])]
        if wider:
            column = table.header.columns[wider[0]]
            return [
                Problem(
                    "error",
                    "wider_than_headings",
                    N_("Row {row} has more cells than there are headings: {found}"),
                    N_("Put numbers with thousands separators between quotation marks, or give the column a heading"),
                    {"row": row.number, "found": mask(row.cells[wider[0]])},
                    **{**_where(table, column, file), "row": row.number},
                    found=mask(row.cells[wider[0]]),
                )
            ]
    return []


def _level_name(level: str, lang: str) -> str:
    return gettext(_WIDE_LEVELS[level], lang) if level in _WIDE_LEVELS else str(schema.TABLES[level].info[lang])


def _severity(stored: bool, mapped: bool) -> Severity:
    if stored:
        return "error"
    return "note" if mapped else "warning"


def _where(table: Table, column: Column, file: str) -> dict[str, Any]:
    return {
        "file": file,
        "sheet": table.sheet.name,
        "row": table.header.first + 1,
        "column": column.letter,
        "header": column.heading,
    }


_NO_KEY = (
    "id_key_missing",
    N_("The column holds national IDs, and there is no key to turn them into pseudonyms"),
    N_("Ask the administrator to set SAMOEPHAK_ID_KEY (16 characters or more); without it no file with IDs is read"),
)
_OTHER_KEY = (
    "id_key_differs",
    N_("The key at hand is not the one that the pseudonyms of the current release are under; no semester would join another"),
    N_("Ask the administrator to set SAMOEPHAK_ID_KEY as it was; python -m data_access change-key changes a key"),
)


def _of_keys(what: tuple[str, str, str], table: Table, column: Column, file: str) -> Problem:
    return Problem("error", *what, {}, **_where(table, column, file))


def _ids(table: Table, column: Column, file: str, stored: bool, mapped: bool) -> Problem:
    msgid = (
        N_("The column holds national IDs and would be stored as it is")
        if stored
        else N_("The column holds national IDs; it is never stored")
    )
    return Problem(
        _severity(stored, mapped),
        "id_column",
        msgid,
        N_("Delete the column from the file, or map it to the pupil key, where it is turned into a pseudonym"),
        {},
        **_where(table, column, file),
    )


def _names(table: Table, column: Column, file: str, stored: bool, mapped: bool) -> Problem:
    msgid = (
        N_("The column holds names of persons and would be stored")
        if stored
        else N_("The column holds names of persons; it is never stored")
    )
    return Problem(
        _severity(stored, mapped),
        "person_name_column",
        msgid,
        N_("Delete the column from the file"),
        {},
        **_where(table, column, file),
    )


def selection_problems(table: Table, mapping: Mapping, built: Built, file: str) -> list[Problem]:
    """Errors where the rows selected, or those not left out, are none, or all of their values blank; a warning for a rule that leaves out
    none."""
    records = built.records[table_of(mapping.kind)].items
    reasons = {e.row: e.reason for e in built.excluded}
    left = [row for row in table.rows if row.number not in reasons]
    problems = []
    if table.rows and not left:
        unselected = [i for i in mapping.where if not any(mapping.where[i].fits(row.cells[i]) for row in table.rows)]
        problems = [_nothing_selected(table, mapping, index, file) for index in unselected] or [_nothing_left(table, file)]
    elif (
        records
        and mapping.value == "value"
        and "value" not in built.missing
        and not built.bad_rows
        and all(item.get("value") is None for item in records)
    ):
        problems.append(
            Problem(
                "error",
                "no_values",
                N_("All {n} values that would be loaded are blank"),
                N_("Choose the column with the values in the mapping, or select other rows"),
                {"n": len(records)},
                file,
                table.sheet.name,
            )
        )
    for rule, found in built.left_out.items():
        if not found.rows:
            heading = table.header.columns[column_index_from_string(rule.column) - 1].heading if rule.column else ""
            problems.append(
                Problem(
                    "warning",
                    "left_out_none",
                    N_("No row fits the rule of rows left out: {rule}"),
                    N_("Correct the rule, or take it out of the mapping"),
                    {f"rule_{lang}": rule.words(heading or rule.column, lang) for lang in LANGUAGES},
                    file,
                    table.sheet.name,
                    column=rule.column,
                    header=heading,
                )
            )
    return problems


def _nothing_left(table: Table, file: str) -> Problem:
    return Problem(
        "error",
        "nothing_left",
        N_("No row is left to be loaded: all {n} are left out or not selected"),
        N_("Narrow the rules of rows left out, or select other rows"),
        {"n": len(table.rows)},
        file,
        table.sheet.name,
    )


def _nothing_selected(table: Table, mapping: Mapping, index: int, file: str) -> Problem:
    """An error of a selection that no row fits, with what the column holds; of tables of persons without."""
    column, condition = table.header.columns[index], mapping.where[index]
    there = dict.fromkeys(mask(c) for c in table.cells(index) if not values.is_missing(c))
    person = schema.TABLES[table_of(mapping.kind)].info["person"] or identifiers.name_heading(column.heading)
    shown = "•••" if person else ", ".join(list(there)[:SHOWN_VALUES]) + (" …" if len(there) > SHOWN_VALUES else "")
    return Problem(
        "error",
        "nothing_selected",
        N_("No row is selected: there is none where {rule}; the column holds {found}"),
        N_("Select rows by what the column holds, or take the selection out of the mapping"),
        {**{f"rule_{lang}": condition.words(column.heading or column.letter, lang) for lang in LANGUAGES}, "found": shown or "–"},
        **{**_where(table, column, file), "row": None},
        found=shown,
    )
