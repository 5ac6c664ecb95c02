"""Rows of before that a file lacks: of the same measure (or table) and period as its own. They go or stay, as somebody says; nobody guesses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd
import sqlalchemy as sa

import geo
from data_access.analysis.quality import rows_shown
from data_access.contract import schema
from data_access.contract.periods import parse_period
from data_access.contract.placing import placed
from data_access.importing.problems import Problem, Severity
from data_access.publishing.staging import Staged
from data_access.store.engines import columns_of, read_frame
from i18n import LANGUAGES, N_, format_number, gettext

Missing = Literal["ask", "keep", "replace"]
ASK: Final = "ask"
KEEP: Final = "keep"
REPLACE: Final = "replace"
MEASURES = ("indicator", "population", "link")
"""Columns of keys that tell what a row is a number of."""
OF_A_PLACE = ("place_level", "place_code")
NAMED = 12


@dataclass(frozen=True)
class MissingRows:
    """What a file lacks: how many rows (as `rows_shown`), the places that they are of (codes; a province of those that are finer), the periods."""

    rows: float
    places: tuple[str, ...]
    periods: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Few rows of persons are not counted."""
        return {"rows": None if pd.isna(self.rows) else self.rows, "places": list(self.places), "periods": list(self.periods)}


def together(found: Sequence[MissingRows]) -> MissingRows:
    """What a file lacks of several measures."""
    places = {place for one in found for place in one.places}
    periods = {period for one in found for period in one.periods}
    return MissingRows(sum(one.rows for one in found), tuple(sorted(places)), tuple(sorted(periods)))


def slice_of(table: str) -> list[str]:
    """The columns of a table whose values are one measure and period: what a file replaces; none where a table has no periods."""
    keys = [c.name for c in schema.TABLES[table].primary_key.columns]
    dated = any(c in keys for c in schema.PERIOD_COLUMNS)
    return [c for c in keys if c in (*MEASURES, *schema.PERIOD_COLUMNS)] if dated else []


def _unit_of(table: str) -> list[str]:
    """The columns that tell a row from the others of its slice: of reported values the place, whose sexes and levels come together."""
    keys = [c.name for c in schema.TABLES[table].primary_key.columns]
    return [*OF_A_PLACE] if table == "reported_value" else [k for k in keys if k not in slice_of(table)]


def lacking(table: str, new: pd.DataFrame, source: sa.Engine) -> MissingRows | None:
    """What new rows lack of those that are there."""
    slices = slice_of(table)
    if not slices or new.empty:
        return None
    wanted = new[slices].dropna().drop_duplicates()
    with source.connect() as connection:
        there = read_frame(connection, _in_slices(connection, schema.TABLES[table], wanted)) if len(wanted) else pd.DataFrame()
    if there.empty:
        return None
    key = [*slices, *_unit_of(table)]
    old, fresh = (pd.MultiIndex.from_frame(frame[key].astype(str)) for frame in (there, new))
    gone = there[~old.isin(fresh)].drop_duplicates(key)
    return _told(table, gone, gone["place_code" if table == "reported_value" else "province"], len(gone)) if len(gone) else None


def lacking_of_staged(rows: Staged, source: sa.Engine) -> MissingRows | None:
    """The same of a long table, whose rows are not held."""
    table = rows.contract
    slices, keys = slice_of(table.name), [c.name for c in table.primary_key.columns]
    if not slices or not rows.files:
        return None
    wanted = rows.combinations(slices)[slices].dropna()
    if wanted.empty:
        return None
    with source.connect() as connection:
        found = rows.lacking(connection, _in_slices(connection, table, wanted), keys, slices)
    return _told(table.name, found, found["province"], int(found["n"].sum())) if len(found) else None


def _in_slices(connection: sa.Connection, table: sa.Table, wanted: pd.DataFrame) -> sa.Select:
    """The keys of the rows of some slices, each with its province; a column that a release of an older contract has not is null."""
    known = columns_of(connection, table.name)
    wanted = wanted[[c for c in wanted.columns if c in known]].drop_duplicates()
    rows = wanted.astype(object).to_numpy().tolist()
    same = (sa.and_(*(table.c[c] == v for c, v in zip(wanted.columns, row, strict=True))) for row in rows)
    keys = [c if c.name in known else sa.cast(sa.null(), c.type).label(c.name) for c in table.primary_key.columns]
    return placed(table, *keys).where(sa.or_(*same))


def _told(table: str, rows: pd.DataFrame, places: pd.Series, count: int) -> MissingRows:
    period = next(c for c in schema.PERIOD_COLUMNS if c in rows)
    periods = sorted({f"AY{p}" if period == "academic_year" else str(p) for p in rows[period]})
    return MissingRows(rows_shown(table, count), tuple(sorted(set(places.dropna().astype(str)))), tuple(periods))


def problem(found: MissingRows, choice: Missing, file: str, sheet: str) -> Problem:
    """An error while nobody has said what becomes of the rows, else a note that lists them."""
    said: dict[Missing, tuple[Severity, str, str, str]] = {
        ASK: (
            "error",
            "rows_missing",
            N_("{n} rows of {periods} that are there already are not in this file: {places}"),
            N_("Say what becomes of them: they go (--replace period), or they stay (--keep missing)"),
        ),
        KEEP: (
            "note",
            "rows_kept",
            N_("{n} rows of {periods} that are not in this file stay: {places}"),
            N_("Nothing to do if it is right; otherwise replace the period"),
        ),
        REPLACE: (
            "note",
            "rows_removed",
            N_("{n} rows of {periods} that are not in this file go: {places}"),
            N_("Nothing to do if it is right; otherwise keep what is missing"),
        ),
    }
    severity, code, words, remedy = said[choice]
    params: dict[str, str] = {}
    for lang in LANGUAGES:
        params[f"periods_{lang}"] = ", ".join(parse_period(p).label(lang) for p in found.periods)
        params[f"n_{lang}"] = gettext(N_("few"), lang) if pd.isna(found.rows) else format_number(found.rows, lang)
        params[f"places_{lang}"] = place_names(found.places, lang)
    return Problem(severity, code, words, remedy, params, file, sheet)


def place_names(codes: Sequence[str], lang: str, most: int = NAMED) -> str:
    """Names of places, the rest counted; a code that no place has as it is."""
    names = ", ".join(geo.name(code, lang) for code in codes[:most]) or "–"
    return names + (
        " " + gettext(N_("and {n} more"), lang, n=format_number(len(codes) - most, lang)) if len(codes) > most else ""
    )
