"""`load`: a file into the draft release, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from data_access import releases, schema
from data_access.errors import UsageError
from data_access.importing import mapping as maps
from data_access.importing import places, totals, validation
from data_access.importing.context import read_context
from data_access.importing.guards import ambiguous_columns, guard, unanswerable_place
from data_access.importing.inspecting import structure_problems
from data_access.importing.mapping import Mapping, indicator_of, table_of
from data_access.importing.notes import sheet_notes
from data_access.importing.problems import ImportRefused, Problem
from data_access.importing.proposing import final_mapping, fit, propose
from data_access.importing.reading import Sheet, read_source
from data_access.importing.records import Builder, Built, Records, category_totals
from data_access.importing.report import LoadReport, SheetReport
from data_access.importing.rows import Table, fill_dittos, fill_down, take_apart
from data_access.reference import reference_tables
from i18n import N_

_FILLED = ("province_code", "district_code", "lao_name", "lao_code", "subdistrict_code", "place_code")
_PERIODS = ("period", "semester", "academic_year")


def load(
    path: str | Path,
    kind: str,
    *,
    sheet: str | None = None,
    profile: str | None = None,
    constants: dict[str, str] | None = None,
    mapping: dict[str, str | None] | None = None,
    accept_guesses: bool = False,
    accepted_warnings: dict[str, str] | None = None,
    dry_run: bool = False,
    draft: releases.Draft | None = None,
    query: str | None = None,
) -> LoadReport:
    """Load one sheet into the draft release, whole or not at all.

    Args:
        path: a file, or with `query` the SQLAlchemy URL of another database.
        kind: a table of the contract, or `reported:INDICATOR_ID`.
        sheet: its name; without it the sheet that fits best, the first among equals.
        profile: the name of a saved mapping.
        constants: field -> one value for every row, for example {"period": "FY2556"}.
        mapping: corrections, field -> heading or column letter (None leaves it out);
            `where:HEADING` -> text; `aggregate` -> sum.
        accept_guesses: take the guessed place names as right and remember them.
        accepted_warnings: None lists warnings and goes on; else code -> reason, and a warning of another code refuses.
        dry_run: check everything and write nothing.
        draft: where to; without it the draft in progress, or a new one.

    Returns:
        LoadReport; `ok` is False when the input was refused (errors, warnings not accepted); nothing is then written.

    Raises:
        ImportRefused: the input cannot be read at all. UsageError: an unknown kind, sheet, profile, field or column.
    """
    table_of(kind)
    sheets, name = read_source(path, query)
    chosen, table = _choose(sheets, kind, sheet, profile)
    read = _reader(draft)
    report = _prepare(chosen, table, kind, name, profile, dict(constants or {}), dict(mapping or {}), accept_guesses, read)
    sheet_report, built = report
    result = LoadReport(
        name,
        kind,
        table_of(kind),
        True,
        dry_run,
        [sheet_report],
        accepted_warnings=dict(accepted_warnings or {}),
        other_sheets=[{"sheet": s.name, "rows": len(s.cells), "hidden": s.hidden} for s in sheets if s is not chosen],
    )
    _refuse_unaccepted(sheet_report, name, accepted_warnings)
    result.ok = not any(p.severity == "error" for p in sheet_report.problems)
    _account(sheet_report, built, result.ok)
    if result.ok and not dry_run:
        target = draft or releases.open_draft()
        result.rows_written = _write(target, built, f"{name} ({chosen.name})" if len(sheets) > 1 else name)
        places.accept(sheet_report.guesses)
        target.remark(result.accepted_warnings)
    return result


def _choose(sheets: list[Sheet], kind: str, wanted: str | None, profile: str | None) -> tuple[Sheet, Table]:
    if wanted is not None and wanted not in {s.name for s in sheets}:
        raise UsageError(
            N_("There is no sheet {name}; the file has {names}"), name=wanted, names=", ".join(s.name for s in sheets)
        )
    found = [(s, t) for s in sheets if wanted in (None, s.name) and (t := take_apart(s)) is not None and t.rows]
    if not found:
        raise ImportRefused(N_("No table was found: no row of headings with rows of data under it"))
    if profile:
        saved = maps.load_profile(profile)
        return next((pair for pair in found if _profile_fits(pair[1], saved)), found[0])
    shown = [pair for pair in found if not pair[0].hidden] or found
    scores = [_sheet_score(table, kind) for _, table in shown]
    return shown[scores.index(max(scores))]


def _profile_fits(table: Table, profile: dict[str, Any]) -> bool:
    try:
        maps.from_profile(table, profile)
    except UsageError:
        return False
    return True


def _sheet_score(table: Table, kind: str) -> float:
    return round(fit(propose(table, kind)), 1)


def _reader(draft: releases.Draft | None) -> Callable[[str], pd.DataFrame]:
    """Reads tables as a new draft would hold them; no draft is opened before something is written."""
    cache: dict[str, pd.DataFrame] = {}
    source = draft or releases.draft_in_progress()
    current = None if source else releases.current_release()

    def read(name: str) -> pd.DataFrame:
        if name not in cache:
            if source:
                cache[name] = source.read(name)
            elif current and not current.demo:
                cache[name] = releases.read_table(current.id, name)
            else:
                empty = pd.DataFrame(columns=[c.name for c in schema.TABLES[name].columns])
                cache[name] = reference_tables().get(name, empty)
        return cache[name]

    return read


def _prepare(
    sheet: Sheet,
    table: Table,
    kind: str,
    file: str,
    profile: str | None,
    constants: dict[str, str],
    corrections: dict[str, str | None],
    accept_guesses: bool,
    read: Callable[[str], pd.DataFrame],
) -> tuple[SheetReport, Built]:
    context = read_context(table.header)
    mapping = final_mapping(table, kind, context, profile, constants, corrections)
    report = SheetReport(sheet, table, mapping=mapping, excluded=list(table.excluded))
    report.problems = [*structure_problems(table, file), *_block_totals(table, mapping, file), *guard(table, mapping, file)]
    report.problems += [*ambiguous_columns(table, mapping, file), *unanswerable_place(table, mapping, file)]
    if any(p.severity == "error" for p in report.problems):
        return report, Built({})
    _fill(table, mapping)
    matcher = places.Matcher()
    built = Builder(table, mapping, context, matcher, read, file).build()
    report.guesses = list(matcher.guesses.values())
    report.problems += [_accepted(p) if accept_guesses and p.code == "place_guess" else p for p in built.problems]
    report.problems += _checked(report, built, mapping, file, read)
    if not any(p.severity == "error" for p in report.problems):
        built.replaced = _replaced(built, table_of(kind), read)
    report.problems += sheet_notes(table, context, file, mapping, built, matcher.remembered)
    return report, built


def _block_totals(table: Table, mapping: Mapping, file: str) -> list[Problem]:
    """Row totals of a table wide by period and sex, which its headings declare, where the rows alone did not show them."""
    known = {relation.total for relation in totals.relations(table)}
    declared = [totals.Relation(t, tuple(codes)) for codes, t in mapping.blocks.values() if t is not None and t not in known]
    return totals.row_problems(table, file, declared)


def _fill(table: Table, mapping: Mapping) -> None:
    """Fill "same as above" cells: of place columns when another column names the row; of periods; ditto marks anywhere."""
    place = [mapping.columns[n].index for n in _FILLED if n in mapping.columns]
    named = [s.index for n, s in mapping.columns.items() if n not in _FILLED] + list(mapping.where)
    others = [i for i in named if any(isinstance(c, str) for c in table.cells(i))] or (named if len(place) > 1 else [])
    if others or mapping.aggregate:
        fill_down(table, sorted(place))
    for name in _PERIODS:
        if name in mapping.columns:
            fill_down(table, [mapping.columns[name].index])
    fill_dittos(
        table, [s.index for n, s in mapping.columns.items() if n != "value"] + list(mapping.where) + list(mapping.categories)
    )


def _accepted(problem: Problem) -> Problem:
    return Problem(**{**problem.__dict__, "severity": "warning", "code": "place_guess_accepted"})


def _checked(
    report: SheetReport, built: Built, mapping: Mapping, file: str, read: Callable[[str], pd.DataFrame]
) -> list[Problem]:
    assert report.table is not None
    problems: list[Problem] = []
    for records in built.records.values():
        reader = _with_new(read, built)
        problems += validation.Checker(records, report.table, file, reader, built.missing).check()
    indicator = indicator_of(mapping.kind)
    if indicator and mapping.place_level == "province":
        report.audit, incomplete = validation.province_audit(built.records["reported_value"].frame(), indicator.id)
        problems += validation.audit_problems(report.audit, incomplete, file, report.sheet.name)
    group = [mapping.columns[k].index for k in ("place_code", "period") if k in mapping.columns]
    if "value" in mapping.columns:
        for total in mapping.group_totals:
            problems += totals.group_problems(report.table, file, group, mapping.columns["value"].index, total)
        whole = set(category_totals(report.table, mapping))
        problems += totals.category_problems(report.table, file, group, mapping.columns["value"].index, whole) if whole else []
    return problems


def _replaced(built: Built, table: str, read: Callable[[str], pd.DataFrame]) -> int:
    """How many records have the key of a row that is already there."""
    keys = key_of(table)
    there = set(read(table)[keys].astype(str).itertuples(index=False, name=None))
    new = built.records[table].frame()[keys].astype(str).itertuples(index=False, name=None)
    return sum(key in there for key in new) if there else 0


def _with_new(read: Callable[[str], pd.DataFrame], built: Built) -> Callable[[str], pd.DataFrame]:
    """Reads what is there together with what this load adds to other tables (new centres)."""

    def reader(name: str) -> pd.DataFrame:
        new: Records | None = built.records.get(name)
        return pd.concat([read(name).astype(object), new.frame()], ignore_index=True) if new and name == "centre" else read(name)

    return reader


def _refuse_unaccepted(report: SheetReport, file: str, accepted: dict[str, str] | None) -> None:
    if accepted is None:
        return
    open_codes = sorted(
        {p.code for p in report.problems if p.severity == "warning"} - {c for c, reason in accepted.items() if reason.strip()}
    )
    for code in open_codes:
        report.problems.append(
            Problem(
                "error",
                "warning_not_accepted",
                N_("Warnings of the kind {code} have not been accepted with a reason"),
                N_("Read them, then accept them with a reason, or correct the file"),
                {"code": code},
                file,
                report.sheet.name,
            )
        )


def _account(report: SheetReport, built: Built, ok: bool) -> None:
    """Put every row where it ended: loaded, excluded or refused."""
    assert report.table is not None
    report.excluded += built.excluded
    outside = {e.row for e in report.excluded}
    bad = {p.row: p.code for p in report.problems if p.severity == "error" and p.row}
    rows = [row.number for row in report.table.rows if row.number not in outside]
    report.rows_loaded = len(rows) if ok else 0
    report.refused = {} if ok else {row: bad.get(row, "load_refused") for row in rows}


def _write(draft: releases.Draft, built: Built, source: str) -> dict[str, int]:
    """Write every table of a load in one transaction; reported values replace all sexes and levels of their place and period."""
    frames = {name: built.records[name].frame() for name in sorted(built.records, key=lambda n: n != "centre")}
    parts = [
        (name, frame, ["indicator", "place_level", "place_code", "period"] if name == "reported_value" else key_of(name))
        for name, frame in frames.items()
        if not frame.empty
    ]
    draft.replace_together(parts, source)
    return {name: len(frame) for name, frame, _ in parts}


def key_of(table: str) -> list[str]:
    """The columns of the primary key of a contract table."""
    return [c.name for c in schema.TABLES[table].primary_key.columns]
