"""Answers from the protected cubes: choose the level and split that was asked for, add up only what is shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data_access.contract.errors import UsageError
from data_access.programmes.base import EVER, REPORTED, Indicator
from data_access.programmes.indicators import FAMILIES
from data_access.programmes.reported.cubes import REPORTED as REPORTED_CUBE
from data_access.questions import cells, senders
from data_access.questions.question import (
    PLACE_ORDER,
    Ask,
    all_provinces,
    expected_provinces,
    pilot_members,
    require_one,
    with_pilot_sets,
    with_regions,
)
from data_access.store.engines import columns_of, lately, read_frame, remembered
from data_access.summaries import design
from data_access.summaries.cube import ALL, REGION_SCHEMES, CubeSpec
from data_access.summaries.statistics import Z95, pooled_sd, wilson
from i18n import N_

SLABS, SHARES = 48, 300
"""How many readings of a cube, and shares of senders that have come, a release's engine remembers: those asked for last."""
SPREAD = ("square_sum", "spread_sum", "spread_n")
"""The measures of a variance, in cubes that have one."""
PERIOD_PREFIX = {"academic_year": "AY", "fiscal_year": "FY", "calendar_year": "CY"}


def spec_of(family: str) -> CubeSpec:
    """The cube of a family that has one."""
    spec = REPORTED_CUBE if family == REPORTED else FAMILIES[family].spec
    if spec is None:
        raise ValueError(f"{family} has no cube")
    return spec


def answer_from_cube(connection: sa.Connection, indicator: Indicator, ask: Ask) -> pd.DataFrame:
    """Cells of one indicator; columns = `ask.by` and those of `cells.COLUMNS`."""
    spec = spec_of(indicator.family)
    name = f"summary_{indicator.family}"
    require_one(indicator, ask)
    members = pilot_members(connection, ask)
    level = level_of(ask, spec, members, indicator)
    split = tuple(a for a in spec.attributes if a in ask.keys)
    rows, too_fine = _read(connection, name, indicator, spec, level, split, ask)
    rows = within(connection, rows, ask, level, members)
    answer = _sum_shown(rows, indicator, spec, ask)
    if too_fine and len(answer):
        answer["flag"] = "too_fine"
    answer = _complete(connection, answer, ask, level, members)
    answer["collected"] = answer["collected"].fillna(False)
    if indicator.family == REPORTED and level in ("nation", *REGION_SCHEMES):
        answer = _flag_incomplete(connection, answer, indicator, ask)
    answer["came"] = _came(connection, answer, indicator, ask, members)
    return cells.finish(answer, indicator, indicator.table)


def _came(
    connection: sa.Connection, answer: pd.DataFrame, indicator: Indicator, ask: Ask, members: pd.DataFrame | None
) -> np.ndarray | float:
    """The share of the expected senders that has come, of each cell; NaN where nobody is expected or its places are no senders'."""
    if not indicator.periods or answer.empty:
        return np.nan
    keys = [*(k for k in ask.by if k in (*PLACE_ORDER, "pilot_set")), "period"]
    periods = tuple(sorted(set(answer["period"])))
    places = tuple((k, codes) for k, codes in ask.where if k in (*PLACE_ORDER, "pilot_set"))
    about = (indicator.id if indicator.family == REPORTED else indicator.family, senders.is_paid(indicator))
    share = lately(
        connection,
        ("came", *about, tuple(keys), places, periods),
        lambda: _share_that_came(senders.expected_of(connection, indicator, periods), connection, ask, keys, members),
        most=SHARES,
    )
    return np.nan if share.empty else answer[keys].merge(share, on=keys, how="left")["came"].to_numpy(float)


def _share_that_came(
    rows: pd.DataFrame, connection: sa.Connection, ask: Ask, keys: list[str], members: pd.DataFrame | None
) -> pd.DataFrame:
    """Of the expected senders in `rows`, the share that has come by places and period; empty where its places are no senders'."""
    asked = [k for k in PLACE_ORDER if k in ask.keys and k not in REGION_SCHEMES]
    if rows.empty or not {f"{k}_code" for k in asked} <= set(rows.columns):
        return pd.DataFrame()
    rows = within(connection, rows, ask, "", members)
    if members is not None:  # a member of two sets is one sender
        rows = rows.drop_duplicates([*(c for c in rows.columns if c.endswith("_code")), *keys])
    sums = rows.groupby(keys)[["expected", "came"]].sum()
    return (sums["came"] / sums["expected"]).rename("came").reset_index()


def _flag_incomplete(connection: sa.Connection, answer: pd.DataFrame, indicator: Indicator, ask: Ask) -> pd.DataFrame:
    """Mark sums of places of which some sent nothing: they are no totals, and less than before is no fall."""
    if not answer["collected"].any():
        return answer
    schemes = [k for k in REGION_SCHEMES if k in ask.keys]
    everywhere = remembered(connection, all_provinces)
    expected = senders.in_question(everywhere, answer["period"].unique(), indicator)
    sent = senders.provinces_reporting(connection, indicator).merge(expected, on=["province_code", "period"])
    for scheme in schemes:
        wanted = ask.values(scheme)
        if wanted is not None:
            expected, sent = expected[expected[scheme].isin(wanted)], sent[sent[scheme].isin(wanted)]
    by = [*(k for k in schemes if k in ask.by), "period"]
    each = pd.MultiIndex.from_frame(answer[by]) if len(by) > 1 else pd.Index(answer["period"])
    whole, there = (rows.groupby(by).size().reindex(each).fillna(0).to_numpy() for rows in (expected, sent))
    missing = there < whole
    return answer.assign(flag=np.where(missing & answer["collected"].to_numpy(bool), "incomplete", answer.get("flag", "")))


def level_of(ask: Ask, spec: CubeSpec, members: pd.DataFrame | None, indicator: Indicator) -> str:
    """The finest place level that the question touches; regions of one scheme alone are read as such."""
    asked = [k for k in PLACE_ORDER if k in ask.keys]
    if members is not None:
        asked += list(members["place_level"].unique())
    schemes = [k for k in asked if k in REGION_SCHEMES]
    finest = max(asked, key=PLACE_ORDER.index, default="nation")
    if finest in REGION_SCHEMES and len(schemes) > 1:
        finest = "province"
    if finest not in ("nation", *REGION_SCHEMES, *spec.levels):
        raise UsageError(
            N_("{id} is not known by {kind}; it goes down to {finest}"), id=indicator.id, kind=finest, finest=spec.levels[-1]
        )
    return finest


def _measures(indicator: Indicator, spec: CubeSpec) -> list[str]:
    extra = [*SPREAD] if SPREAD[0] in spec.attached else []
    optional = [spec.optional[p] for p in indicator.parts if p in spec.optional]
    return list(dict.fromkeys([*indicator.parts, *extra, *optional, *(["reports"] if optional else [])]))


def _rate(indicator: Indicator) -> tuple[str, design.Rate | None]:
    """The column of an indicator's design effects and what it divides; None of one without an interval."""
    name = design.column(indicator.id)
    rate = FAMILIES[indicator.family].rates.get(name)
    if rate is not None and indicator.numerator == indicator.old_rule:
        rate = replace(rate, plus=indicator.old_rule)
    return name, rate


def _read_measures(indicator: Indicator, spec: CubeSpec) -> list[str]:
    """The columns to read: those that make the number, the one that says whether there is anything to tell, the design effects."""
    name, rate = _rate(indicator)
    more = [*([indicator.known] if indicator.known else []), *([name] if rate else [])]
    return list(dict.fromkeys([*_measures(indicator, spec), *more]))


def _read(
    connection: sa.Connection, name: str, indicator: Indicator, spec: CubeSpec, level: str, split: tuple[str, ...], ask: Ask
) -> tuple[pd.DataFrame, bool]:
    """Rows of the cube at a level; when the split is not published there, the unsplit rows with nothing in them."""
    there = remembered(connection, columns_of, name)
    if not there:
        each = [spec.each] if spec.each else []
        keys = ["place_level", "place_code", *spec.path, "period", *each, *spec.attributes]
        return pd.DataFrame(columns=[*keys, *_read_measures(indicator, spec)]), False
    wanted_columns = ["place_code", *spec.path, "period", spec.each, *spec.attributes, *_read_measures(indicator, spec)]
    if not set(split) <= set(there):  # summaries of an older version, which did not know this characteristic
        return pd.DataFrame(columns=[*wanted_columns, *(["place_level"])]), False
    too_fine = not any(set(split) <= set(published) for published in spec.splits(level))
    wanted = [c for c in dict.fromkeys(wanted_columns) if c in there]
    rows = _slab(connection, name, wanted, indicator, spec, level, () if too_fine else split, ask)
    rows = _of_older_summaries(rows, _measures(indicator, spec))
    return rows.assign(**dict.fromkeys(_measures(indicator, spec), np.nan)) if too_fine else rows, too_fine


def _slab(
    connection: sa.Connection,
    name: str,
    wanted: list[str],
    indicator: Indicator,
    spec: CubeSpec,
    level: str,
    split: tuple[str, ...],
    ask: Ask,
) -> pd.DataFrame:
    """Columns of a cube at a level, by a split, of the periods asked for.

    All measures are read at once and remembered, for the indicators of a page and its places share them; but not those of small
    places in many periods, which are many.
    """
    asked = tuple(ask.values(k) for k in (*split, spec.each, ask.period_key) if k)
    alone = indicator.id if indicator.family == REPORTED else ""
    if level in spec.levels[1:] and ask.period_key in ask.by:
        return read_frame(connection, _rows(connection, name, wanted, indicator, spec, level, split, ask))
    columns = sorted(remembered(connection, columns_of, name))
    slab = lately(
        connection,
        ("slab", name, alone, level, split, asked, ask.period_key, ask.period_key in ask.by),
        lambda: read_frame(connection, _rows(connection, name, columns, indicator, spec, level, split, ask)),
        most=SLABS,
    )
    return slab[wanted]


def _rows(
    connection: sa.Connection,
    name: str,
    columns: list[str],
    indicator: Indicator,
    spec: CubeSpec,
    level: str,
    split: tuple[str, ...],
    ask: Ask,
) -> sa.Select:
    there = remembered(connection, columns_of, name)
    statement: sa.Select = sa.select(*(sa.column(c) for c in columns)).select_from(sa.table(name))
    statement = statement.where(sa.column("place_level") == level)
    if indicator.family == REPORTED:
        statement = statement.where(sa.column("indicator") == indicator.id)
    if spec.each and (kinds := ask.values(spec.each)):
        statement = statement.where(sa.column(spec.each).in_(kinds))
    for attribute in (a for a in spec.attributes if a in there):
        column: sa.ColumnClause = sa.column(attribute)
        if attribute in split:
            wanted = ask.values(attribute)
            statement = statement.where(column.in_(wanted) if wanted else column != ALL)
        else:
            statement = statement.where(column == ALL)
    return _period_filter(statement, connection, name, indicator, ask)


def _of_older_summaries(rows: pd.DataFrame, measures: list[str]) -> pd.DataFrame:
    """Rows of a release whose summaries an older version built: a measure that they have not was not collected."""
    counts = {m: 1.0 for m in measures if m not in rows and (m == "reports" or m.startswith("known_"))}
    rows = rows.assign(**counts)
    missing = [m for m in measures if m not in rows]
    return rows.iloc[:0].reindex(columns=[*rows.columns, *missing]) if missing else rows


def _period_filter(statement: sa.Select, connection: sa.Connection, name: str, indicator: Indicator, ask: Ask) -> sa.Select:
    period: sa.ColumnClause = sa.column("period")
    if ask.period_key is None:
        return statement
    wanted = ask.values(ask.period_key)
    if wanted:
        return statement.where(period.in_(wanted))
    prefix = PERIOD_PREFIX.get(ask.period_key)
    of_type = period.like(f"{prefix}%") if prefix else period.like("____-_")
    if ask.period_key in ask.by:
        return statement.where(of_type)
    latest = sa.select(sa.func.max(period)).select_from(sa.table(name)).where(of_type)
    if indicator.family == REPORTED:
        latest = latest.where(sa.column("indicator") == indicator.id)
    return statement.where(period == connection.execute(latest).scalar())


def within(connection: sa.Connection, rows: pd.DataFrame, ask: Ask, level: str, members: pd.DataFrame | None) -> pd.DataFrame:
    """Name the place keys of each row and keep the places asked for."""
    for key in PLACE_ORDER:  # what can be left out is, before anything is copied
        wanted, column = ask.values(key), f"{key}_code"
        if wanted is not None and column in rows:
            rows = rows[rows[column].isin(wanted)]
    named = rows.copy()
    if level in REGION_SCHEMES:
        named[level] = named["place_code"]
    for column in [c for c in named.columns if c.endswith("_code") and c != "place_code"]:
        named[column.removesuffix("_code")] = named[column]
    named = with_regions(connection, named, ask)
    for key in REGION_SCHEMES:
        wanted = ask.values(key)
        if wanted is not None and key in named:
            named = named[named[key].isin(wanted)]
    return with_pilot_sets(named, members)


def _sum_shown(rows: pd.DataFrame, indicator: Indicator, spec: CubeSpec, ask: Ask) -> pd.DataFrame:
    """Add up the shown rows of each asked cell; `partial` where some were hidden."""
    if ask.period_key in ask.by:
        rows = rows.assign(**{ask.period_key: rows["period"]})
    rows = rows.assign(period=rows["period"].replace(EVER, ""))
    if "pilot_set" in ask.keys and "pilot_set" not in ask.by:
        rows = rows.drop_duplicates(["place_code", "period", *[a for a in rows.columns if a in ask.by]])
    measures = _measures(indicator, spec)
    shown = rows[measures].notna().all(axis=1)
    keys = list(ask.by) + ([] if ask.period_key in ask.by else ["period"])
    if not keys:
        keys = ["period"]
    alone = not rows.duplicated(keys).any()
    if alone:  # a place and a cell of it each, as most questions ask: there is nothing to add up
        frame = (
            rows[keys].assign(sum=shown.astype(int), size=1, **{m: rows[m].where(shown) for m in measures}).reset_index(drop=True)
        )
    else:
        sums = rows[shown].groupby(keys, sort=False, dropna=False)[measures].sum()
        counts = rows.assign(_shown=shown).groupby(keys, sort=False, dropna=False)["_shown"].agg(["sum", "size"])
        frame = counts.join(sums).reset_index()
    if ask.period_key in ask.by:
        frame["period"] = frame[ask.period_key]
    frame["flag"] = np.where((frame["sum"] > 0) & (frame["sum"] < frame["size"]), "partial", "")
    frame["deff"] = _design_effects(rows, shown, frame, keys, indicator, spec, ask)
    frame["collected"] = True
    if indicator.known in rows:
        known = rows[indicator.known] if alone else rows.groupby(keys, sort=False, dropna=False)[indicator.known].sum(min_count=1)
        frame["collected"] = known.to_numpy() != 0  # a hidden number is not nought
        frame[measures] = frame[measures].where(frame["collected"])
    return _left_out(_without_parts(_values(frame, indicator), indicator, spec))


def _design_effects(
    rows: pd.DataFrame, shown: pd.Series, frame: pd.DataFrame, keys: list[str], indicator: Indicator, spec: CubeSpec, ask: Ask
) -> np.ndarray:
    """Design effects of the sums in `frame`; none where parts of one place are added up, which are no clusters."""
    name, rate = _rate(indicator)
    crossed = any(a not in ask.by and len(ask.values(a) or ()) > 1 for a in spec.attributes)
    if rate is None or name not in rows or crossed or frame.empty:
        return np.full(len(frame), np.nan)
    if frame["size"].max() == 1:  # each a place of the lattice, and both are in one order
        return rows[name].where(shown).to_numpy(float)
    found = design.of_sums(rows[shown], keys, rate, name)
    return found.reindex(pd.MultiIndex.from_frame(frame[keys]) if len(keys) > 1 else frame[keys[0]]).to_numpy(float)


def _without_parts(frame: pd.DataFrame, indicator: Indicator, spec: CubeSpec) -> pd.DataFrame:
    """A mean over heads that are never told (`CubeSpec.untold`) comes without them, rounded so that it does not tell them either."""
    if indicator.denominator not in spec.untold:
        return frame
    return frame.assign(value=frame["value"].round(1), numerator=np.nan, denominator=np.nan, n=np.nan)


def _left_out(frame: pd.DataFrame) -> pd.DataFrame:
    """What no sender gave is not collected, and what some left out is incomplete (`CubeSpec.optional`)."""
    counts = [c for c in frame.columns if str(c).startswith("known_")]
    if not counts:
        return frame
    nobody = (frame[counts] == 0).any(axis=1)
    some = ~nobody & frame[counts].lt(cells.COMPLETE_FROM * frame["reports"], axis=0).any(axis=1)
    return frame.assign(
        value=frame["value"].mask(nobody),
        collected=frame["collected"] & ~nobody,
        flag=frame["flag"].mask(some & (frame["flag"] == ""), "incomplete"),
    )


def _values(frame: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    if indicator.numerator == SPREAD[0]:
        frame["value"] = pooled_sd(*(frame[c].to_numpy(float) for c in SPREAD))
        return frame.assign(collected=frame["spread_n"] != 0)
    if indicator.denominator == "weight":
        return _reported_mean(frame)
    numerator = frame[indicator.numerator] - (frame[indicator.minus] if indicator.minus else 0)
    if indicator.denominator is None:
        return frame.assign(value=numerator, n=numerator if indicator.kind == "count" else np.nan)
    denominator = frame[indicator.denominator]
    ratio = (numerator / denominator.where(denominator > 0)).astype(float)
    nobody = denominator == 0  # a share of nobody was not collected; a hidden denominator is missing, not nought
    frame = frame.assign(value=ratio, numerator=numerator, denominator=denominator, n=denominator, collected=~nobody)
    if indicator.kind == "rate":
        effective = (denominator / frame["deff"]).to_numpy(float)
        low, high = wilson(ratio.to_numpy() * effective, effective)
        return frame.assign(low=low, high=high)
    if SPREAD[0] in frame:
        sd = pooled_sd(*(frame[c].to_numpy(float) for c in SPREAD))
        se = sd * np.sqrt(frame["deff"] / denominator)
        frame = frame.assign(low=ratio - Z95 * se, high=ratio + Z95 * se)
    return frame


def _reported_mean(frame: pd.DataFrame) -> pd.DataFrame:
    """Means that agencies reported: of several places only where all have weights (a mean without one has a negative weight)."""
    weight = frame["weight"]
    told = (weight > 0) | ((weight < 0) & (frame["size"] == 1))
    mean = (frame["value"] / weight.where(told)).astype(float)
    return frame.assign(value=mean, n=np.nan, collected=(weight != 0) & (told | weight.isna()))


def _complete(
    connection: sa.Connection, answer: pd.DataFrame, ask: Ask, level: str, members: pd.DataFrame | None
) -> pd.DataFrame:
    """Add the provinces, or the one cell, that have no row: they are not collected, not zero."""
    if ask.by == ():
        if len(answer):
            return answer
        period = (ask.values(ask.period_key) or ("",))[0] if ask.period_key else ""
        return pd.DataFrame([{"period": period, "value": np.nan, "collected": False}])
    if "province" not in ask.by or "pilot_set" in ask.by:
        return answer
    provinces = expected_provinces(connection, ask, members)
    others = [k for k in ask.by if k not in provinces]  # its regions come with a province
    grid = provinces.merge(answer[others].drop_duplicates(), how="cross") if others else provinces
    out = grid.merge(answer.assign(filled=False), on=list(ask.by), how="left").fillna({"filled": True})
    known = out[ask.period_key] if ask.period_key in ask.by else out["period"].fillna(_only(answer["period"], ask))
    return out.assign(period=known)


def _only(periods: pd.Series, ask: Ask) -> str:
    if len(periods):
        return str(periods.iloc[0])
    return (ask.values(ask.period_key) or ("",))[0] if ask.period_key else ""
