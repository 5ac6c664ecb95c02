"""`load`: a file into the draft release, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from data_access import audit, drafts, releases, schema
from data_access.access import OPERATOR, STEWARD, Person
from data_access.errors import UsageError
from data_access.importing import mapping as maps
from data_access.importing import places, totals, validation
from data_access.importing.context import Context, read_context
from data_access.importing.guards import ambiguous_columns, guard, unanswerable_place, unfit_units, unheaded_numbers
from data_access.importing.inspecting import structure_problems
from data_access.importing.long_tables import LongTable, is_plain
from data_access.importing.mapping import Mapping, indicator_of, table_of
from data_access.importing.notes import sheet_notes
from data_access.importing.problems import ImportRefused, Problem
from data_access.importing.proposing import final_mapping, fit, propose
from data_access.importing.reading import Sheet, read_source
from data_access.importing.records import Builder, Built, Records, category_totals
from data_access.importing.report import Length, LoadReport, SheetReport
from data_access.importing.rows import Table, fill_dittos, fill_down, take_apart
from data_access.importing.streaming import Progress
from data_access.quality import rows_shown
from data_access.reference import reference_tables
from data_access.staging import staged
from data_access.tables import read_table
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
    draft: drafts.Draft | None = None,
    query: str | None = None,
    progress: Progress | None = None,
    by: Person = OPERATOR,
) -> LoadReport:
    """Load one sheet into the draft release, whole or not at all.

    A long table (a text file above `LIMITS.held_bytes`; a Parquet file or a table of a database above `LIMITS.held_rows`) whose rows
    are records as they stand is read a block at a time, of any length; any other is held in memory.

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
        progress: of a table read a block at a time, told the lines done and the lines in all.
        by: who loads, for the audit log.

    Returns:
        LoadReport; `ok` is False when the input was refused (errors, warnings not accepted); nothing is then written.

    Raises:
        ImportRefused: the input cannot be read at all. UsageError: an unknown kind, sheet, profile, field or column.
        RoleError: `by` is no data steward.
    """
    by.require(STEWARD)
    table_of(kind)
    sheets, name = read_source(path, query)
    wishes = _Wishes(kind, name, profile, dict(constants or {}), dict(mapping or {}), accept_guesses, _reader(draft))
    chosen, table = _choose(sheets, kind, sheet, profile)
    opened = _open(chosen, table, wishes)
    if chosen.stream and not is_plain(opened.mapping):
        sheets, _name = read_source(path, query, whole=True)
        chosen, table = _choose(sheets, kind, sheet, profile)
        opened = _open(chosen, table, wishes)
    others = [{"sheet": s.name, "rows": s.rows, "hidden": s.hidden} for s in sheets if s is not chosen]
    result = LoadReport(name, kind, table_of(kind), True, dry_run, [opened.report], others)
    result.accepted_warnings = dict(accepted_warnings or {})
    with ExitStack() as until_written:
        write = _check_streamed(opened, wishes, until_written, progress) if chosen.stream else _check_held(opened, wishes)
        _refuse_unaccepted(opened.report, name, accepted_warnings)
        result.ok = not any(p.severity == "error" for p in opened.report.problems)
        opened.report.account(result.ok)
        if result.ok and not dry_run:
            target = draft or drafts.open_draft()
            result.rows_written = write(target, f"{name} ({chosen.name})" if len(sheets) > 1 else name)
            places.accept(opened.report.guesses, by)
            target.remark(result.accepted_warnings, wishes.typed + len(result.accepted_warnings))
            audit.record(by, "loaded", target.id, after=f"{name}: {_row_words(result.rows_written)}")
    return result


def _row_words(written: dict[str, int]) -> str:
    """How many rows went where, as far as it may be said of tables of persons."""
    return ", ".join(f"{table} {rows_shown(table, rows):.0f}" for table, rows in written.items())


@dataclass
class _Wishes:
    """What `load` was told of how to read a sheet, and how it reads what is there already."""

    kind: str
    file: str
    profile: str | None
    constants: dict[str, str]
    corrections: dict[str, str | None]
    accept_guesses: bool
    read: Callable[[str], pd.DataFrame]

    @property
    def typed(self) -> int:
        """How many fields somebody filled in by hand for this file: values for all its rows, and columns corrected."""
        return len(self.constants) + len(self.corrections)


@dataclass
class _Opened:
    """A sheet with its mapping and what was found before any cell was converted."""

    report: SheetReport
    table: Table
    context: Context
    mapping: Mapping

    @property
    def refused(self) -> bool:
        return any(p.severity == "error" for p in self.report.problems)

    def builder(self, wishes: _Wishes) -> Builder:
        return Builder(self.table, self.mapping, self.context, places.Matcher(), wishes.read, wishes.file)


Write = Callable[[drafts.Draft, str], dict[str, int]]


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


def _reader(draft: drafts.Draft | None) -> Callable[[str], pd.DataFrame]:
    """Reads tables as a new draft would hold them; no draft is opened before something is written."""
    cache: dict[str, pd.DataFrame] = {}
    source = draft or drafts.draft_in_progress()
    current = None if source else releases.served_release()[0]

    def read(name: str) -> pd.DataFrame:
        if name not in cache:
            if source:
                cache[name] = source.read(name)
            elif current and not current.demo:
                cache[name] = read_table(current.id, name)
            else:
                empty = pd.DataFrame(columns=[c.name for c in schema.TABLES[name].columns])
                cache[name] = reference_tables().get(name, empty)
        return cache[name]

    return read


def _open(sheet: Sheet, table: Table, wishes: _Wishes) -> _Opened:
    context = read_context(table.header)
    mapping = final_mapping(table, wishes.kind, context, wishes.profile, wishes.constants, wishes.corrections)
    report = SheetReport(sheet, table, mapping=mapping, excluded=list(table.excluded))
    file = wishes.file
    if not sheet.stream:
        report.problems = [*structure_problems(table, file), *_block_totals(table, mapping, file)]
    report.problems += [*guard(table, mapping, file), *ambiguous_columns(table, mapping, file)]
    report.problems += [
        *unanswerable_place(table, mapping, file),
        *unfit_units(table, mapping, file),
        *unheaded_numbers(table, file),
    ]
    return _Opened(report, table, context, mapping)


def _check_held(opened: _Opened, wishes: _Wishes) -> Write:
    """Convert and check the rows of a sheet that is held in memory."""
    report, mapping, file = opened.report, opened.mapping, wishes.file
    if opened.refused:
        return lambda draft, source: {}
    _fill(opened.table, mapping)
    builder = opened.builder(wishes)
    built = builder.build()
    report.excluded += built.excluded
    report.guesses = list(builder.matcher.guesses.values())
    report.problems += [p.accepted() if wishes.accept_guesses and p.code == "place_guess" else p for p in built.problems]
    report.problems += _checked(report, built, mapping, file, wishes.read)
    if not opened.refused:
        built.replaced = _replaced(built, table_of(wishes.kind), wishes.read)
    report.problems += sheet_notes(opened.table, opened.context, file, mapping, built, builder.matcher.remembered)
    return lambda draft, source: _write(draft, built, source)


def _check_streamed(opened: _Opened, wishes: _Wishes, until_written: ExitStack, progress: Progress | None) -> Write:
    """Convert and check the rows of a long table into a staging table, which lasts until they are written."""
    report, name = opened.report, table_of(wishes.kind)
    report.length = Length()
    if opened.refused:
        return lambda draft, source: {}
    builder = opened.builder(wishes)
    rows = until_written.enter_context(staged(schema.TABLES[name]))
    report.problems += LongTable(builder, rows, report, progress).stage(wishes.accept_guesses)
    report.guesses = list(builder.matcher.guesses.values())
    report.problems += sheet_notes(
        opened.table, opened.context, wishes.file, opened.mapping, builder.built, builder.matcher.remembered
    )
    return lambda draft, source: {name: draft.replace_staged(rows, source)}


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


def _write(draft: drafts.Draft, built: Built, source: str) -> dict[str, int]:
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
