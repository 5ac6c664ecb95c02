"""National IDs and names of persons: what may be hashed, and what refuses the load before any cell is converted."""

from __future__ import annotations

from typing import Any

from data_access import releases, schema
from data_access.importing import identifiers, values
from data_access.importing.headers import MONEY, Column
from data_access.importing.mapping import Mapping, fields, indicator_of, table_of
from data_access.importing.problems import Problem, Severity, mask
from data_access.importing.rows import Table
from data_access.importing.values import squash
from data_access.keys import fingerprint, keys
from i18n import N_, gettext

COUNTED = ("children", "families", "persons", "pupils", "records", "teachers", "visits")  # units of what is counted
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
                    N_("Choose the column in the mapping, for example {field}={letter}"),
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
            N_("The places are of the kind {level}, and {id} is known by {levels} only"),
            N_("Choose the column with provinces in the mapping, or another indicator"),
            {
                **{f"level_{lang}": _level_name(mapping.place_level, lang) for lang in ("th", "en")},
                "id": indicator.id,
                **{f"levels_{lang}": ", ".join(_level_name(p, lang) for p in indicator.places) for lang in ("th", "en")},
            },
            **_where(table, column, file),
            found=mapping.place_level,
            expected=", ".join(indicator.places),
        )
    ]


def unfit_units(table: Table, mapping: Mapping, file: str) -> list[Problem]:
    """Errors for units that do not fit what a column is loaded as: money as a count, and numbers displayed by several scales.

    A unit of money in a title (หน่วย: ล้านบาท) is said of the columns of money: others lose it.
    """
    problems = []
    for column in table.columns:
        if column.index not in mapping.loaded():
            continue
        if column.mixed:
            problems.append(
                Problem(
                    "error",
                    "unit_unclear",
                    N_("The heading says {unit}, but cells of the column are displayed by another scale, or by several"),
                    N_("Give all cells of the column one number format in the spreadsheet, or take the unit out of the heading"),
                    {"unit": column.unit},
                    **_where(table, column, file),
                )
            )
        if not _counts(column, mapping):
            continue
        if column.titled and MONEY.search(column.unit):
            column.factor, column.unit = 1.0, ""
        elif column.is_money:
            problems.append(
                Problem(
                    "error",
                    "money_as_count",
                    N_("The column {name} is money, and what it would be loaded as is counted"),
                    N_("Choose the column with the count in the mapping, or load the money as an amount"),
                    {"name": column.heading},
                    **_where(table, column, file),
                )
            )
    return problems


def _counts(column: Column, mapping: Mapping) -> bool:
    """Whether a column is loaded as something that is counted: persons or things, never money."""
    indicator = indicator_of(mapping.kind)
    if indicator:
        return indicator.kind == "count" and column.index in _values_of(mapping)
    units = {f.name: f.info.unit for f in fields(mapping.kind)}
    return any(s.index == column.index and units.get(n) in COUNTED for n, s in mapping.columns.items())


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
