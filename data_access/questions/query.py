"""The one way to ask for numbers: `query(indicators, by, where)` answers with cells, disclosure control already applied."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema
from data_access.contract.errors import UsageError
from data_access.contract.periods import PERIOD_KEYS, parse_period, period_type
from data_access.programmes import measures
from data_access.programmes.base import REPORTED, Indicator
from data_access.programmes.indicators import FAMILIES, PROGRAMMES, REGISTRY
from data_access.questions import cells
from data_access.questions.cube_answers import answer_from_cube
from data_access.questions.detail import narrowed
from data_access.questions.question import Ask, all_provinces, expected_provinces, pilot_members
from data_access.questions.widening import FINE_PLACES, Codes, Row, WideAnswer, widen
from data_access.store.engines import columns_of, forget_lately, remembered
from data_access.store.releases import Release, reader, require_release
from data_access.summaries.cube import REGION_SCHEMES
from data_access.who.access import EVERYWHERE, Scope
from i18n import N_

PLACE_KEYS = (*REGION_SCHEMES, "province", *FINE_PLACES)
SPLIT_KEYS = tuple(dict.fromkeys(("pilot_set", *(d for i in REGISTRY.built_in.values() for d in i.dims))))
KEYS = (*PLACE_KEYS, *PERIOD_KEYS, *SPLIT_KEYS)
CODES: dict[str, tuple[str, ...]] = {key: codes for p in PROGRAMMES for key, codes in p.codes.items()}
REPORTED_KEYS = {*PERIOD_KEYS, *PLACE_KEYS[:6], "sex", "pilot_set"}

Where = Mapping[str, Any]


def query(
    indicators: str | Sequence[str],
    by: Sequence[str] = (),
    where: Where | None = None,
    release: str | None = None,
    scope: Scope = EVERYWHERE,
) -> pd.DataFrame:
    """Answer a question about one or more indicators.

    Args:
        indicators: ids of the registry.
        by: keys to break down by, from `KEYS`; by province, all 77 come back.
        where: key -> code or list of codes. Without any period the latest one present is used.
        release: a release id; the current one when None.
        scope: the provinces whose places may be answered in detail; whoever asks for a person passes that person's. A breakdown by
            smaller places without a province holds those of the scope alone.
    Returns:
        One row a cell: indicator, the `by` keys, period, value, state, numerator, denominator, n, low, high, came, flag, table,
        older_period.
        Rates are shares (0–1). States: see `data_access.questions.cells`.
    Raises:
        UsageError: unknown ids or keys, mixed period types, a breakdown that the indicator or the release does not have.
        ReleaseError: no such release.
        ScopeError: the question names a place outside the scope, or asks for the places of such a province.
    """
    ids = (indicators,) if isinstance(indicators, str) else tuple(indicators)
    frames = [query_by(_indicator(i), by, where, release, scope) for i in ids]
    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]


def query_cell(
    indicator_id: str, where: Where | None = None, release: str | None = None, scope: Scope = EVERYWHERE
) -> Row | None:
    """The one cell that `query` answers with where nothing is broken down, by column; None where the scope does not reach.

    What pages ask for most, read from what is remembered without a frame around it: a few microseconds.
    """
    found, indicator, asked = require_release(release), _indicator(indicator_id), canonical(where)
    _validated(indicator, (), asked)
    inside = narrowed(found, (), asked, scope)
    if inside is None:
        return None
    wide = _wide_answer(found, indicator, (), inside)
    if wide and (row := wide[0].row(wide[1])):
        return row
    frame = _answer(found.id, found.checksum, indicator, (), inside)
    return frame.iloc[0].to_dict() if len(frame) else None


def query_by(
    indicator: Indicator,
    by: Sequence[str] = (),
    where: Where | None = None,
    release: str | None = None,
    scope: Scope = EVERYWHERE,
) -> pd.DataFrame:
    """As `query`, about a definition that need not be one of the registry: one of it by another rule, say."""
    # a shallow copy: pandas copies on write, so what is remembered stays as it is
    return _seen(require_release(release), indicator, tuple(by), canonical(where), scope).copy(deep=False)


def canonical(where: Where | None) -> Codes:
    """Filters as sorted pairs of a key and its codes; what is empty asks for nothing."""
    return tuple(sorted((k, _codes(v)) for k, v in (where or {}).items() if v not in (None, "", [], ())))


def _codes(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, (list, tuple, set)) else [value]
    return tuple(dict.fromkeys(str(v) for v in values))


def _indicator(indicator_id: str) -> Indicator:
    found = REGISTRY.get(indicator_id)
    if found is None:
        raise UsageError(N_("There is no indicator {id}"), id=indicator_id)
    return found


def _seen(found: Release, indicator: Indicator, by: tuple[str, ...], where: Codes, scope: Scope) -> pd.DataFrame:
    """The answer as far as the scope goes; without a row where it does not reach at all."""
    _validated(indicator, by, where)
    inside = narrowed(found, by, where, scope)
    if inside is None:
        return pd.DataFrame(columns=["indicator", *by, *cells.COLUMNS])
    return _remembered(found, indicator, by, inside)


def _remembered(found: Release, indicator: Indicator, by: tuple[str, ...], where: Codes) -> pd.DataFrame:
    """The answer, read out of a wider one where there is such (`data_access.questions.widening`)."""
    wide = _wide_answer(found, indicator, by, where)
    part = wide[0].pick(wide[1]) if wide else None
    return part if part is not None else _answer(found.id, found.checksum, indicator, by, where)


def _wide_answer(
    found: Release, indicator: Indicator, by: tuple[str, ...], where: Codes
) -> tuple[WideAnswer, tuple[str, ...]] | None:
    """The wider answer that holds this one, and where in it; None when there is none."""
    wide = widen(indicator, by, where, with_reports(found))
    if wide is None:
        return None
    keys, codes = zip(*wide.picked, strict=True)
    return _wide(found.id, found.checksum, indicator, wide.by, wide.where, keys), codes


def with_reports(found: Release) -> frozenset[str]:
    """The indicators that agencies reported figures of, in a release."""
    return _reported(found.id, found.checksum)


@lru_cache(maxsize=512)
def _wide(
    release_id: str, _checksum: str, indicator: Indicator, by: tuple[str, ...], where: Codes, keys: tuple[str, ...]
) -> WideAnswer:
    with reader(release_id).connect() as connection:
        as_of = dt.date.fromisoformat(require_release(release_id).as_of)
        return WideAnswer(_answered(connection, indicator, by, where, as_of), keys, alone=set(by) == set(keys))


@lru_cache(maxsize=16)
def _reported(release_id: str, checksum: str) -> frozenset[str]:
    measures.know(release_id, checksum)
    with reader(release_id).connect() as connection:
        return remembered(connection, reported_indicators)


def forget() -> None:
    """Drop every remembered answer of this process: for measuring, and for tests that replace a data directory."""
    for kept in (_answer, _wide, _reported, measures.know):
        kept.cache_clear()
    forget_lately()
    REGISTRY.forget()


@lru_cache(maxsize=1024)
def _answer(release_id: str, checksum: str, indicator: Indicator, by: tuple[str, ...], where: Codes) -> pd.DataFrame:
    """One answer, remembered; the checksum keeps releases of the same second in two data directories apart."""
    with reader(release_id).connect() as connection:
        return answer(connection, indicator, by, where, dt.date.fromisoformat(require_release(release_id).as_of))


def answer(connection: sa.Connection, indicator: Indicator, by: tuple[str, ...], where: Codes, as_of: dt.date) -> pd.DataFrame:
    """As `query`, of the tables and summaries behind a connection: those of a release, or of a draft whose summaries are there (`preview`)."""
    return _answered(connection, indicator, by, where, as_of).drop(columns="filled", errors="ignore")


def _answered(connection: sa.Connection, indicator: Indicator, by: tuple[str, ...], where: Codes, as_of: dt.date) -> pd.DataFrame:
    """The answer; where it is known, with the column `filled`: provinces that are named although nothing is there."""
    ask = _validated(indicator, by, where)
    _check_places(connection, ask)
    how = indicator.how or FAMILIES[indicator.family].how
    if how:
        found = how(connection, indicator, ask, lambda other, asked: answer_from_cube(connection, REGISTRY[other], asked))
        frame = cells.finish(found, indicator, getattr(how, "table", "") or indicator.table)
    else:
        frame = answer_from_cube(connection, indicator, ask)
    frame = _with_reports(connection, indicator, ask, frame)
    frame.loc[_not_applicable(connection, indicator, ask, frame), "state"] = cells.NOT_APPLICABLE
    frame = cells.provisional(frame, as_of)
    known = ["filled"] if "filled" in frame else []
    return frame.assign(indicator=indicator.id)[["indicator", *by, *cells.COLUMNS, *known]]


def _with_reports(connection: sa.Connection, indicator: Indicator, ask: Ask, frame: pd.DataFrame) -> pd.DataFrame:
    """Periods of which the finest table has nothing answered from what agencies reported; `table` says which it was."""
    if indicator.family == REPORTED or not indicator.reportable or not ask.keys <= REPORTED_KEYS:
        return frame
    if indicator.id not in remembered(connection, reported_indicators):
        return frame
    reported = answer_from_cube(connection, indicator.as_reported(), ask)
    known = set(frame.loc[frame["state"] != cells.NOT_COLLECTED, "period"])
    added = reported[reported["period"].isin(set(reported.loc[reported["state"] != cells.NOT_COLLECTED, "period"]) - known)]
    if added.empty or (known and ask.period_key not in ask.by):
        return frame
    kept = frame[frame["period"].isin(known)]
    return pd.concat([kept, added], ignore_index=True).sort_values("period", kind="stable", ignore_index=True)


def _not_applicable(connection: sa.Connection, indicator: Indicator, ask: Ask, frame: pd.DataFrame) -> pd.Series:
    """Rows without anything of places where there is nothing to collect: outside the law or the programme, rather than not collected."""
    missing = frame["state"] == cells.NOT_COLLECTED
    if not missing.any() or (indicator.adds_up == "never" and not ask.keys & {"province", "pilot_set", *FINE_PLACES}):
        return missing
    places = expected_provinces(connection, ask, pilot_members(connection, ask))
    for key in ("district", "subdistrict"):
        wanted = ask.values(key)
        places = places if wanted is None else places[places["province"].isin({code[:2] for code in wanted})]
    taking_part = ~places["province"].isin(indicator.outside)
    if FAMILIES[indicator.family].roster and (roster := remembered(connection, programme_provinces, indicator.family)):
        taking_part &= places["province"].isin(roster)
    inside = places[taking_part]
    finest = next((k for k in ("province", *REGION_SCHEMES) if k in ask.by), None)
    return missing & (~frame[finest].isin(inside[finest]) if finest else inside.empty)


def programme_provinces(connection: sa.Connection, family: str) -> frozenset[str]:
    """The provinces that have a programme; empty while nothing is known of it."""
    found: set[str] = set()
    known = FAMILIES[family]
    for summary_name in (FAMILIES[name].summary for name in known.roster):
        if remembered(connection, columns_of, summary_name):
            summary = sa.table(summary_name, sa.column("place_code"), sa.column("place_level"))
            rows = sa.select(summary.c.place_code).where(summary.c.place_level == "province").distinct()
            found |= set(connection.execute(rows).scalars())
    member = schema.pilot_member.c
    if found and known.roster_set:
        found |= set(connection.execute(sa.select(member.place_code).where(member.set_id == known.roster_set)).scalars())
    return frozenset(found)


def _validated(indicator: Indicator, by: tuple[str, ...], where: Codes) -> Ask:
    keys = [*by, *(k for k, _ in where)]
    for key in keys:
        if key not in KEYS:
            raise UsageError(
                N_("{key} is not something to break down or filter by; choose from {choices}"), key=key, choices=", ".join(KEYS)
            )
    periods = {k for k in keys if k in PERIOD_KEYS}
    if len(periods) > 1:
        raise UsageError(N_("Periods of different kinds cannot be mixed: {kinds}"), kinds=", ".join(sorted(periods)))
    period_key = next(iter(periods), None)
    if period_key and period_key not in indicator.periods:
        raise UsageError(
            N_("{id} has no values by {kind}; it has {has}"),
            id=indicator.id,
            kind=period_key,
            has=", ".join(indicator.periods) or "—",
        )
    for key in keys:
        _check_known_by(indicator, key)
    for key, codes in where:
        if key in PERIOD_KEYS:
            _check_periods(key, codes)
        for code in codes:
            if code not in (CODES.get(key) or codes):
                raise UsageError(N_("{code} is not a value of {key}"), code=code, key=key)
        if key in PERIOD_KEYS and len(codes) > 1 and key not in by:
            raise UsageError(N_("Ask for one period, or break down by {key}: periods are not added up"), key=key)
    return Ask(by, where, period_key or next(iter(indicator.periods), None))


def _check_known_by(indicator: Indicator, key: str) -> None:
    """A filter or breakdown that an indicator does not have is refused: to ignore it would answer another question."""
    if key in REGION_SCHEMES:
        known = "region" in indicator.places
    elif key == "pilot_set":  # a set of places: what is known of the country alone has no part inside it
        known = bool({"region", "province"} & {*indicator.places}) or key in indicator.dims
    else:
        known = key in (*indicator.places, *indicator.dims, *PERIOD_KEYS)
    if not known:
        has = ", ".join((*indicator.places, *indicator.dims, *indicator.periods))
        raise UsageError(N_("{id} has no values by {kind}; it has {has}"), id=indicator.id, kind=key, has=has)


def _check_places(connection: sa.Connection, ask: Ask) -> None:
    """Refuse place codes that do not exist: a misspelt place is not one without data."""
    for key in PLACE_KEYS:
        wanted = ask.values(key)
        if not wanted or set(wanted) <= _large_places(connection, key):
            continue
        table = schema.TABLES["province" if key in REGION_SCHEMES else key]
        column = table.c[key if key in REGION_SCHEMES else f"{key}_code"]
        known = set(connection.execute(sa.select(column).where(column.in_(wanted))).scalars())
        if unknown := [code for code in wanted if code not in known]:
            raise UsageError(N_("{code} is not a value of {key}"), code=unknown[0], key=key)


def _large_places(connection: sa.Connection, key: str) -> set[str]:
    """The codes of regions or provinces; of finer places, which are many, none."""
    column = f"{key}_code" if key == "province" else key
    frame = remembered(connection, all_provinces)
    return set(frame[column]) if column in frame else set()


def _check_periods(key: str, codes: tuple[str, ...]) -> None:
    for code in codes:
        parse_period(code)
        if period_type(code) != key:
            raise UsageError(N_("{code} is not a value of {key}"), code=code, key=key)


def periods_of(indicator_id: str, period_key: str | None = None, release: str | None = None) -> list[str]:
    """The periods for which an indicator has values, oldest first."""
    indicator = _indicator(indicator_id)
    key = period_key or next(iter(indicator.periods), None)
    if key is None:
        return []
    frame = query(indicator_id, by=(key, indicator.each) if indicator.each else (key,), release=release)
    return [p for p in sorted(frame[key].unique()) if p] if indicator.each else [p for p in frame[key] if p]


def provisional_periods(indicator_id: str, period_key: str | None = None, release: str | None = None) -> frozenset[str]:
    """The periods whose number for the whole country is provisional (`cells`): what opens first is none of these."""
    indicator = _indicator(indicator_id)
    key = period_key or next(iter(indicator.periods), None)
    if key is None:
        return frozenset()
    frame = query(indicator_id, by=(key, indicator.each) if indicator.each else (key,), release=release)
    return frozenset(frame.loc[frame["state"] == cells.PROVISIONAL, key])


def latest_complete(periods: Sequence[str], provisional: Collection[str]) -> str | None:
    """The last of some periods, oldest first, that is not provisional; the last of all where every one is, None where there is none."""
    return next((p for p in reversed(periods) if p not in provisional), periods[-1] if periods else None)


def reported_indicators(connection: sa.Connection) -> frozenset[str]:
    """The indicators that agencies reported figures of."""
    if not remembered(connection, columns_of, "summary_reported"):
        return frozenset()
    statement: sa.Select = sa.select(sa.column("indicator")).select_from(sa.table("summary_reported")).distinct()
    return frozenset(connection.execute(statement).scalars())


def available(release: str | None = None) -> tuple[str, ...]:
    """The indicators that a release has data for: their own table has rows and so has what it refers to, or agencies reported them."""
    found = require_release(release)
    reported = with_reports(found)  # which makes its declared measures known
    there = {t for t, n in found.row_counts.items() if n}
    return tuple(i.id for i in REGISTRY.values() if i.id in reported or (i.family != REPORTED and i.needs <= there))


def to_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Cells as JSON-ready records: missing numbers as null."""
    return json.loads(frame.to_json(orient="records", force_ascii=False))
