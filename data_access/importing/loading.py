"""`load`: a file into the draft release, whole or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Mapping_
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa
from openpyxl.utils import column_index_from_string

from data_access.analysis.quality import rows_shown
from data_access.contract import schema
from data_access.contract.errors import UsageError
from data_access.contract.national_ids import masked
from data_access.contract.omissions import Omission
from data_access.contract.settings import settings
from data_access.importing import mapping as maps
from data_access.importing import places, reported, totals, validation
from data_access.importing.conditions import LeaveOut
from data_access.importing.context import Context, read_context
from data_access.importing.declaring import candidates
from data_access.importing.guards import (
    ambiguous_columns,
    guard,
    selection_problems,
    unanswerable_place,
    unfit_units,
    unheaded_numbers,
)
from data_access.importing.headers import begins_with_data
from data_access.importing.inspecting import structure_problems
from data_access.importing.long_tables import LongTable, is_plain
from data_access.importing.mapping import Correction, Mapping, indicator_of, table_of
from data_access.importing.missing_rows import ASK, REPLACE, Missing, MissingRows, lacking, lacking_of_staged, slice_of, together
from data_access.importing.missing_rows import problem as missing_problem
from data_access.importing.notes import left_out_note, sheet_notes
from data_access.importing.problems import ImportRefused, Problem
from data_access.importing.proposing import CERTAIN, final_mapping, fit, propose
from data_access.importing.reading import Sheet, read_source
from data_access.importing.records import Builder, Built, Records, category_totals
from data_access.importing.report import Length, LoadReport, SheetReport
from data_access.importing.rows import Table, fill_dittos, fill_down, take_apart
from data_access.importing.streaming import Progress
from data_access.programmes import measures
from data_access.publishing import declarations, drafts
from data_access.publishing.drafts import Answers
from data_access.publishing.reference import reference_tables
from data_access.publishing.staging import staged
from data_access.store import releases
from data_access.store.tables import read_table
from data_access.who import audit
from data_access.who.access import OPERATOR, STEWARD, Person
from i18n import N_

_FILLED = ("province_code", "district_code", "lao_name", "lao_code", "subdistrict_code", "place_code")
BY_PERIOD = ["indicator", "place_level", "place_code", "period"]
"""What a load of reported values replaces: all sexes and levels of a measure, place and period."""


def load(
    path: str | Path,
    kind: str,
    *,
    sheet: str | None = None,
    profile: str | None = None,
    constants: dict[str, str] | None = None,
    mapping: dict[str, Correction] | None = None,
    leave_out: Sequence[LeaveOut] = (),
    missing: Missing = ASK,
    accept_guesses: bool = False,
    accepted_warnings: dict[str, str] | None = None,
    dry_run: bool = False,
    draft: drafts.Draft | None = None,
    query: str | None = None,
    headless: bool = False,
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
            `where:HEADING` (or `where:HEADING contains`, `where:HEADING is one of`) -> text; `aggregate` -> sum; `left_out` -> None,
            for no rule of the profile.
        leave_out: rules of rows that are left out, each with its reason, beside those of the profile.
        missing: what becomes of rows of the same measure (or table) and period that are there already and not in the file: `ask` refuses
            when there are any, `keep` leaves them, `replace` takes them away.
        accept_guesses: take the guessed place names as right and remember them.
        accepted_warnings: None lists warnings and goes on; else code -> reason, and a warning of another code refuses.
        dry_run: check everything and write nothing.
        draft: where to; without it the draft in progress, or a new one.
        headless: the first row is data: columns go by their letters.
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
    sheets, name = read_source(path, query, headless=headless)
    wishes = _Wishes(
        kind,
        name,
        profile,
        dict(constants or {}),
        dict(mapping or {}),
        tuple(leave_out),
        missing,
        accept_guesses,
        _reader(draft),
        drafts.source_of(draft),
    )
    chosen, table = _choose(sheets, kind, sheet, profile)
    opened = _open(chosen, table, wishes)
    if chosen.stream and not is_plain(opened.mapping):
        sheets, _name = read_source(path, query, whole=True, headless=headless)
        chosen, table = _choose(sheets, kind, sheet, profile)
        opened = _open(chosen, table, wishes)
    others = [{"sheet": s.name, "rows": s.rows, "hidden": s.hidden} for s in sheets if s is not chosen]
    result = LoadReport(name, kind, table_of(kind), True, dry_run, [opened.report], others)
    result.accepted_warnings = dict(accepted_warnings or {})
    with ExitStack() as until_written:
        write = _check_streamed(opened, wishes, until_written, progress) if chosen.stream else _check_held(opened, wishes)
        _settle(result, accepted_warnings)
        if result.ok and not dry_run:
            target = draft or drafts.open_draft()
            source = f"{name} ({chosen.name})" if len(sheets) > 1 else name
            result.rows_written = write(target, source, _answers([result], wishes))
            places.accept(opened.report.guesses, by)
            said = [_row_words(result.rows_written), *_decided(opened.report)]
            audit.record(by, "loaded", target.id, after=f"{name}: {'; '.join(said)}")
    return result


def _answers(done: list[LoadReport], wishes: _Wishes) -> Answers:
    """What somebody answered for a load, for the log of the draft; of several measures there are no sums, which are of one."""
    sheets, accepted = [result.sheets[0] for result in done], done[0].accepted_warnings
    names = {text: code for sheet in sheets for text, code in sheet.names.items()}
    one = len(done) == 1
    return {
        "kinds": {result.kind: result.sheets[0].periods for result in done},
        "accepted": accepted,
        "typed": wishes.typed + len(accepted),
        "values": {name: masked(text) for name, text in wishes.constants.items()},
        "names": {masked(text): code for text, code in names.items()},
        "left_out": [asdict(omission if one else replace(omission, sums={})) for omission in sheets[0].left_out],
        "sums": sheets[0].sums if one else {},
        "missing": _missing_answer(sheets, wishes.missing),
    }


def _missing_answer(reports: Sequence[SheetReport], choice: Missing) -> dict[str, Any]:
    """What became of the rows of before that a file lacks; nothing where it lacks none."""
    found = [report.missing_rows for report in reports if report.missing_rows]
    return {"choice": choice, **together(found).to_json()} if found else {}


def _decided(report: SheetReport) -> list[str]:
    """What somebody decided about rows of a load, for the audit log."""
    kept = [p.message("en") for p in report.problems if p.code in ("rows_kept", "rows_removed")]
    return [*map(_omission_words, report.left_out), *kept]


def _omission_words(omission: Omission) -> str:
    """How many rows a rule left out and why, for the audit log."""
    rows = f"< {settings().disclosure_threshold}" if omission.rows is None else f"{omission.rows:.0f}"
    return f"{rows} left out ({omission.words('en')}): {omission.reason}"


def load_measures(
    path: str | Path,
    wanted: Sequence[tuple[str, str]] = (),
    *,
    constants: dict[str, str] | None = None,
    leave_out: Sequence[LeaveOut] = (),
    missing: Missing = ASK,
    headless: bool = False,
    accept_guesses: bool = False,
    accepted_warnings: dict[str, str] | None = None,
    dry_run: bool = False,
    by: Person = OPERATOR,
) -> list[LoadReport]:
    """Load several measures of one file into the draft: every one of them, or nothing.

    Args:
        path: a file that is held in memory.
        wanted: pairs of a sheet and an indicator; without them every declared measure that the headings of a sheet name for certain.
        constants, leave_out, headless, missing, accept_guesses, accepted_warnings, dry_run, by: as of `load`, for all of them.

    Returns:
        One report a measure; their `ok` is the same for all: one that is refused refuses the others.

    Raises:
        ImportRefused: the input cannot be read at all. UsageError: an unknown sheet or indicator; no measure in the file.
        RoleError: `by` is no data steward.
    """
    by.require(STEWARD)
    sheets, name = read_source(path, None, whole=True, headless=headless)
    pairs = list(wanted) or named([t for s in sheets if (t := take_apart(s)) is not None])
    if not pairs:
        raise UsageError(N_("No declared measure was found in the file; declare what is new in it first (measure propose)"))
    read, there = _reader(None), drafts.source_of()
    done: list[tuple[LoadReport, Built | None]] = []
    for sheet, indicator in pairs:
        kind = f"reported:{indicator}"
        wishes = _Wishes(kind, name, None, dict(constants or {}), {}, tuple(leave_out), missing, accept_guesses, read, there)
        opened = _open(*_choose(sheets, kind, sheet, None), wishes)
        result = LoadReport(name, kind, table_of(kind), True, dry_run, [opened.report], [])
        result.accepted_warnings = dict(accepted_warnings or {})
        built = _check_built(opened, wishes)
        _settle(result, accepted_warnings)
        done.append((result, built))
    results = [result for result, _ in done]
    whole = all(r.ok for r in results)
    with_rows = [(result, built) for result, built in done if built]
    _refuse_twice(with_rows)
    if whole and not dry_run:
        _write_together(with_rows, by, _answers(results, wishes), missing)
    for result in results:
        result.ok = whole
    return results


def _refuse_twice(done: list[tuple[LoadReport, Built]]) -> None:
    """UsageError where two sheets give the same measure, place and period."""
    seen: dict[tuple[Any, ...], str] = {}
    for result, built in done:
        sheet = result.sheets[0].sheet.name
        frame = built.records["reported_value"].frame()
        for key in set(frame[BY_PERIOD].astype(str).itertuples(index=False, name=None)):
            if seen.setdefault(key, sheet) != sheet:
                raise UsageError(
                    N_("The sheets {one} and {other} both give values of {id} for the same place and period"),
                    one=seen[key],
                    other=sheet,
                    id=key[0],
                )


def named(tables: Sequence[Table]) -> list[tuple[str, str]]:
    """Sheet and id of every declared measure whose headings a table has, or that its words would be declared as again; nothing of
    tables without places."""
    declared = [m for m in declarations.of_draft() if m.retired is None]
    if not declared:
        return []
    measures.learn(declared)
    placed = [t for t in tables if t.rows and reported.place_column(t)]
    found = [(s, m.measure_id) for c in candidates(tables, "") for m in declared if c.is_again(m) for s in c.sheets]
    for table in placed:
        sheet = table.sheet
        for measure in declared:
            if any(s in ("", sheet.name) for s, _ in measure.known_by or (("", ""),)):
                mapping = propose(table, f"reported:{measure.measure_id}")
                if fit(table, mapping) >= CERTAIN:
                    found.append((sheet.name, measure.measure_id))
    return list(dict.fromkeys(found))


def _write_together(done: list[tuple[LoadReport, Built]], by: Person, answers: Answers, missing: Missing) -> None:
    """Write the records of several measures in one transaction."""
    target, file = drafts.open_draft(), done[0][0].file
    frames = [built.records["reported_value"].frame() for _, built in done]
    frame = pd.concat(frames, ignore_index=True)
    keys = slice_of("reported_value") if missing == REPLACE else BY_PERIOD
    target.replace_together([("reported_value", frame, keys)], file, answers)
    for (result, _), one in zip(done, frames, strict=True):
        result.rows_written = {"reported_value": len(one)}
        places.accept(result.sheets[0].guesses, by)
    words = [_row_words({"reported_value": len(frame)}), *(w for result, _ in done for w in _decided(result.sheets[0]))]
    audit.record(by, "loaded", target.id, after=f"{file}: {len(done)} measures, {'; '.join(dict.fromkeys(words))}")


def _settle(result: LoadReport, accepted: dict[str, str] | None) -> None:
    """Whether a checked sheet may be written, and what became of its rows."""
    report = result.sheets[0]
    _refuse_unaccepted(report, result.file, accepted)
    result.ok = not any(p.severity == "error" for p in report.problems)
    report.account(result.ok)


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
    corrections: dict[str, Correction]
    left_out: tuple[LeaveOut, ...]
    missing: Missing
    accept_guesses: bool
    read: Callable[[str], pd.DataFrame]
    there: sa.Engine | None

    @property
    def typed(self) -> int:
        """How many fields somebody filled in by hand for this file: values for all its rows, columns corrected, rows left out."""
        return len(self.constants) + len(self.corrections) + len(self.left_out)


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


Write = Callable[[drafts.Draft, str, Answers], dict[str, int]]


def _choose(sheets: list[Sheet], kind: str, wanted: str | None, profile: str | None) -> tuple[Sheet, Table]:
    if wanted is not None and wanted not in {s.name for s in sheets}:
        raise UsageError(
            N_("There is no sheet {name}; the file has {names}"), name=wanted, names=", ".join(s.name for s in sheets)
        )
    found = [(s, t) for s in sheets if wanted in (None, s.name) and (t := take_apart(s)) is not None and t.rows]
    if not found and any(begins_with_data(s) for s in sheets):
        raise ImportRefused(
            N_(
                "No headings were found: the first row is data already. Say that it has none (--no-headings), or add a row of headings"
            )
        )
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
    return round(fit(table, propose(table, kind)), 1)


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
    context = read_context(table.header, table.sheet.name)
    mapping = final_mapping(table, wishes.kind, context, wishes.profile, wishes.constants, wishes.corrections, wishes.left_out)
    report = SheetReport(sheet, table, mapping=mapping, excluded=list(table.excluded))
    file = wishes.file
    if not sheet.stream:
        report.problems = [*structure_problems(table, file), *_across(table, mapping, file)]
    report.problems += [*guard(table, mapping, file), *ambiguous_columns(table, mapping, file)]
    report.problems += [
        *unanswerable_place(table, mapping, file),
        *unfit_units(table, mapping, file),
        *unheaded_numbers(table, file),
    ]
    return _Opened(report, table, context, mapping)


def _check_held(opened: _Opened, wishes: _Wishes) -> Write:
    """Convert and check the rows of a sheet that is held in memory."""
    built = _check_built(opened, wishes)
    return lambda draft, source, answers: _write(draft, built, source, answers, wishes) if built else {}


def _check_built(opened: _Opened, wishes: _Wishes) -> Built | None:
    """The records of a sheet that is held in memory, checked; None of one that is refused before any cell is converted."""
    report, mapping, file = opened.report, opened.mapping, wishes.file
    if opened.refused:
        return None
    _fill(opened.table, mapping)
    builder = opened.builder(wishes)
    built = builder.build()
    report.excluded += built.excluded
    report.guesses = list(builder.matcher.guesses.values())
    report.remembered = builder.matcher.remembered
    report.periods = _periods(built.records[builder.target].frame())
    _tell_left_out(report, built, builder)
    report.problems += selection_problems(opened.table, mapping, built, file)
    report.problems += [p.accepted() if wishes.accept_guesses and p.code == "place_guess" else p for p in built.problems]
    report.problems += _checked(report, built, mapping, file, wishes.read)
    if not opened.refused:
        built.replaced = _replaced(built, table_of(wishes.kind), wishes.read)
        found = lacking(builder.target, built.records[builder.target].frame(), wishes.there) if wishes.there else None
        _tell_missing(report, found, wishes)
    report.problems += sheet_notes(opened.table, opened.context, file, mapping, built, builder.matcher)
    return built


def _periods(frame: pd.DataFrame) -> list[str]:
    """The periods of some rows of a contract table, oldest first; none where it has no periods."""
    column = next((c for c in schema.PERIOD_COLUMNS if c in frame), None)
    found = sorted(set(frame[column].dropna())) if column else []
    return [f"AY{p}" if column == "academic_year" else str(p) for p in found]


def _tell_missing(report: SheetReport, found: MissingRows | None, wishes: _Wishes) -> None:
    """Rows that are there already and that the file lacks: asked about, or told."""
    report.missing_rows = found
    if found:
        report.problems.append(missing_problem(found, wishes.missing, wishes.file, report.sheet.name))


def _tell_left_out(report: SheetReport, built: Built, builder: Builder) -> None:
    """What was left out and what is loaded beside it, few persons hidden."""
    person = bool(builder.indicator and builder.indicator.person)

    def told(sums: Mapping_[str, float]) -> dict[str, float | None]:
        return {period: None if person and 0 < n < settings().disclosure_threshold else n for period, n in sorted(sums.items())}

    for rule, found in built.left_out.items():
        heading = builder.table.header.columns[column_index_from_string(rule.column) - 1].heading if rule.column else ""
        rows = rows_shown(builder.target, len(found.rows))
        report.left_out.append(rule.omission(heading or rule.column, None if pd.isna(rows) else rows, told(found.sums)))
    if built.left_out and builder.adds:
        loaded: defaultdict[str, float] = defaultdict(float)
        for item in built.records[builder.target].items:
            loaded[str(item.get("period") or "")] += item.get("value") or 0.0
        report.sums = told(loaded)
    report.problems += [left_out_note(omission, report.sums, builder.file, report.sheet.name) for omission in report.left_out]


def _check_streamed(opened: _Opened, wishes: _Wishes, until_written: ExitStack, progress: Progress | None) -> Write:
    """Convert and check the rows of a long table into a staging table, which lasts until they are written."""
    report, name = opened.report, table_of(wishes.kind)
    report.length = Length()
    if opened.refused:
        return lambda draft, source, answers: {}
    builder = opened.builder(wishes)
    rows = until_written.enter_context(staged(schema.TABLES[name]))
    report.problems += LongTable(builder, rows, report, progress).stage(wishes.accept_guesses)
    dated = [c for c in schema.PERIOD_COLUMNS if c in rows.contract.c]
    if dated and rows.files:
        report.periods = _periods(rows.combinations(dated[:1]))
    if wishes.there and not opened.refused:
        _tell_missing(report, lacking_of_staged(rows, wishes.there), wishes)
    report.guesses = list(builder.matcher.guesses.values())
    report.problems += sheet_notes(opened.table, opened.context, wishes.file, opened.mapping, builder.built, builder.matcher)
    by = slice_of(name) if wishes.missing == REPLACE else None
    return lambda draft, source, answers: {name: draft.replace_staged(rows, source, answers, by or None)}


def _across(table: Table, mapping: Mapping, file: str) -> list[Problem]:
    """Totals across that headings declare (a table wide by period and sex) and the rows alone did not show; a mean is none."""
    known = {relation.total for relation in totals.relations(table)}
    declared = [totals.Relation(t, tuple(codes)) for codes, t in mapping.blocks.values() if t is not None and t not in known]
    sums = [relation for relation in declared if not totals.is_mean(table, relation)]
    kept = known | {relation.total for relation in sums}
    mapping.blocks = {period: (codes, total if total in kept else None) for period, (codes, total) in mapping.blocks.items()}
    return [*totals.row_problems(table, file, sums), *totals.mean_columns(table, file, declared)]


def _fill(table: Table, mapping: Mapping) -> None:
    """Fill "same as above" cells: of place columns when another column names the row; of periods; ditto marks anywhere."""
    place = [mapping.columns[n].index for n in _FILLED if n in mapping.columns]
    named = [s.index for n, s in mapping.columns.items() if n not in _FILLED] + list(mapping.where)
    others = [i for i in named if any(isinstance(c, str) for c in table.cells(i))] or (named if len(place) > 1 else [])
    if others or mapping.aggregate:
        fill_down(table, sorted(place))
    for name in schema.PERIOD_COLUMNS:
        if name in mapping.columns:
            fill_down(table, [mapping.columns[name].index])
    ruled = [column_index_from_string(rule.column) - 1 for rule in mapping.left_out if rule.column]
    worded = [s.index for n, s in mapping.columns.items() if n != "value"]
    fill_dittos(table, list(dict.fromkeys([*worded, *mapping.where, *mapping.categories, *ruled])))


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
    open_ones = {p.code: p for p in reversed(report.problems) if p.severity == "warning" and not accepted.get(p.code, "").strip()}
    for code, first in sorted(open_ones.items()):
        report.problems.append(
            Problem(
                "error",
                "warning_not_accepted",
                N_("A warning has not been accepted with a reason: {warning}"),
                N_("Read it and those like it, then accept them with a reason, or correct the file"),
                {"code": code, "warning_th": first.message("th"), "warning_en": first.message("en")},
                file,
                report.sheet.name,
            )
        )


def _write(draft: drafts.Draft, built: Built, source: str, answers: Answers, wishes: _Wishes) -> dict[str, int]:
    """Write every table of a load in one transaction; reported values replace all sexes and levels of their place and period.

    Rows of the same measure and period that the file lacks go with `missing` replace; centres that a load brings with it never go.
    """
    frames = {name: built.records[name].frame() for name in sorted(built.records, key=lambda n: n != "centre")}

    def by(name: str) -> list[str]:
        if name == table_of(wishes.kind) and wishes.missing == REPLACE and slice_of(name):
            return slice_of(name)
        return BY_PERIOD if name == "reported_value" else key_of(name)

    parts = [(name, frame, by(name)) for name, frame in frames.items() if not frame.empty]
    draft.replace_together(parts, source, answers)
    return {name: len(frame) for name, frame, _ in parts}


def key_of(table: str) -> list[str]:
    """The columns of the primary key of a contract table."""
    return [c.name for c in schema.TABLES[table].primary_key.columns]
