"""Notes of a report: what the importer took from titles, filled, summed, left out or inferred."""

from __future__ import annotations

import re
from collections.abc import Mapping as Mapping_
from typing import TYPE_CHECKING

import geo
from data_access.contract.omissions import Omission
from data_access.importing.context import Context
from data_access.importing.mapping import Mapping
from data_access.importing.problems import Problem
from data_access.importing.rows import Table
from data_access.importing.totals import plain
from data_access.importing.values import squash
from i18n import LANGUAGES, N_

if TYPE_CHECKING:
    from data_access.importing.places import Matcher
    from data_access.importing.records import Built

_TIMES = re.compile(r"เดือน|ไตรมาส|^(month|quarter)", re.I)
_CHECK = N_("Nothing to do if it is right; otherwise correct it in the mapping")


def sheet_notes(
    table: Table,
    context: Context,
    file: str,
    mapping: Mapping | None = None,
    built: Built | None = None,
    matcher: Matcher | None = None,
) -> list[Problem]:
    """Every note of a sheet; without a mapping only those on its titles."""
    notes = _titles(table, context, file) if mapping is None else _period(table, mapping, file)
    if mapping and context.province and mapping.constants.get("province_code") == context.province[0]:
        notes.append(
            _note(
                table,
                file,
                "province_from_title",
                N_("The province is {found}, from the title"),
                row=context.province[1],
                found=geo.name(context.province[0], "th"),
                found_en=geo.name(context.province[0], "en"),
            )
        )
    if table.sheet.hidden:
        notes.append(_note(table, file, "hidden_sheet", N_("The sheet is hidden in the file")))
    unseen = sorted({row.number for row in table.rows} & set(table.sheet.marks.hidden))
    if unseen:
        shown = ", ".join(map(str, unseen[:20])) + (" …" if len(unseen) > 20 else "")
        notes.append(
            Problem(
                "warning",
                "hidden_rows",
                N_("{n} rows are not displayed in the file (filtered or hidden), and are loaded like the others: {rows}"),
                N_("Nothing to do if they belong to the table; otherwise delete them from the file"),
                {"n": len(unseen), "rows": shown},
                file,
                table.sheet.name,
                unseen[0],
            )
        )
    for letter, count in table.filled_cells.items():
        notes.append(
            _note(
                table, file, "filled_down", N_("{n} blank cells repeat the place above and were filled"), column=letter, n=count
            )
        )
    for column in table.header.columns:
        if column.factor != 1 and column.heading:
            notes.append(
                _note(
                    table,
                    file,
                    "unit_applied",
                    N_("Numbers are multiplied by {factor} (the heading says {unit})"),
                    column=column.letter,
                    factor=plain(column.factor),
                    unit=column.unit,
                )
            )
    if mapping:
        notes += _mapping_notes(table, mapping, file, built)
    for text, code in (matcher.remembered if matcher else {}).items():
        notes.append(
            _note(
                table,
                file,
                "remembered_name",
                N_("{found} was taken as {place}, accepted earlier"),
                found=text,
                place_th=geo.name(code, "th"),
                place_en=geo.name(code, "en"),
            )
        )
    if matcher and matcher.inside:
        text, code = next(iter(matcher.inside.items()))
        notes.append(
            _note(
                table,
                file,
                "place_inside",
                N_("{n} names are offices or hold a code; each was taken as the province inside it, {found} as {place}"),
                n=len(matcher.inside),
                found=text,
                place_th=geo.name(code, "th"),
                place_en=geo.name(code, "en"),
            )
        )
    return notes


def _note(table: Table, file: str, code: str, msgid: str, row: int | None = None, column: str = "", **params: object) -> Problem:
    header = next((c.heading for c in table.header.columns if c.letter == column), "")
    return Problem(
        "note", code, msgid, _CHECK, dict(params), file, table.sheet.name, row, column, header, str(params.get("found", ""))
    )


def _titles(table: Table, context: Context, file: str) -> list[Problem]:
    notes = [
        _note(table, file, "period_in_title", N_("The title states the period {period}"), row=row, found=code, period=code)
        for code, row, _ in context.periods.values()
    ]
    if context.date:
        notes.append(
            _note(
                table,
                file,
                "date_in_title",
                N_("The title states the date {found}"),
                row=context.date[1],
                found=context.date[0].isoformat(),
            )
        )
    return notes


def _period(table: Table, mapping: Mapping, file: str) -> list[Problem]:
    if not mapping.period_note:
        return []
    code, row, text = mapping.period_note
    return [
        _note(
            table,
            file,
            "period_from_title",
            N_("The period is {period}, from “{text}”"),
            row=row,
            found=code,
            period=code,
            text=text,
        )
    ]


def _mapping_notes(table: Table, mapping: Mapping, file: str, built: Built | None) -> list[Problem]:
    notes = []
    unused = [c.letter for c in table.columns if c.index not in mapping.used()]
    if unused:
        notes.append(_note(table, file, "columns_not_loaded", N_("Columns not loaded: {columns}"), columns=", ".join(unused)))
    for index, condition in mapping.where.items():
        column = table.header.columns[index]
        notes.append(
            _note(
                table,
                file,
                "rows_selected",
                N_("Only rows are loaded where {rule}"),
                column=column.letter,
                rule_th=condition.words(column.heading, "th"),
                rule_en=condition.words(column.heading, "en"),
            )
        )
    for index in mapping.group_totals:
        column = table.header.columns[index]
        notes.append(
            _note(
                table,
                file,
                "repeated_total",
                N_("{heading} repeats the total of each place; it is checked, never summed"),
                column=column.letter,
                heading=column.heading,
            )
        )
    if mapping.total is not None:
        column = table.header.columns[mapping.total]
        notes.append(
            _note(
                table,
                file,
                "parts_loaded",
                N_("The parts are loaded; the stated total {heading} is only checked"),
                column=column.letter,
                heading=column.heading,
            )
        )
    if built and built.replaced:
        notes.append(
            _note(
                table,
                file,
                "rows_replaced",
                N_("{n} rows replace rows with the same key that were loaded before"),
                n=built.replaced,
            )
        )
    blank = (
        sum(item.get("value") is None for item in built.records["reported_value"].items)
        if built and "reported_value" in built.records
        else 0
    )
    if blank:
        notes.append(
            _note(
                table, file, "blank_values", N_("{n} values are blank; they are loaded as not collected, never as zero"), n=blank
            )
        )
    if built and mapping.aggregate:
        notes.append(
            _note(
                table,
                file,
                "rows_summed",
                N_("Rows of one place and period were summed: {n} rows joined others"),
                n=built.summed_rows,
            )
        )
        notes += _times_summed(table, file, mapping)
    if built and built.unstated:
        notes.append(
            _note(
                table,
                file,
                "sex_unstated",
                N_("Totals are {n} more than their parts by sex; those are loaded as of no stated sex"),
                n=plain(built.unstated),
            )
        )
    if built and built.implied_zeros:
        notes.append(
            _note(
                table,
                file,
                "implied_zeros",
                N_("{n} blank parts are 0, because the stated total leaves no room for them"),
                n=built.implied_zeros,
            )
        )
    return notes


def _times_summed(table: Table, file: str, mapping: Mapping) -> list[Problem]:
    """A warning where rows of months or quarters are added up to one of their year: right of what happens, wrong of what there is."""
    named = [c for i in mapping.categories if _TIMES.search(squash((c := table.header.columns[i]).heading))]
    return [
        Problem(
            "warning",
            "times_summed",
            N_("Rows of several months or quarters ({name}) are added up to one number of the year"),
            N_(
                "Right for what happens (cases, visits); of what there is at a time (persons employed) select one month or quarter"
            ),
            {"name": column.heading},
            file,
            table.sheet.name,
            column=column.letter,
            header=column.heading,
        )
        for column in named
    ]


def left_out_note(omission: Omission, loaded: Mapping_[str, float | None], file: str, sheet: str) -> Problem:
    """A note of rows that somebody left out, why, and their sum beside what is loaded."""
    told = {f"told_{lang}": " · ".join([omission.told(lang), *omission.told_sums(lang, loaded)]) for lang in LANGUAGES}
    return Problem("note", "rows_left_out", N_("{told}"), _CHECK, told, file, sheet)
