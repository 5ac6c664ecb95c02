"""Answers from the protected cubes: choose the level and split that was asked for, add up only what is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data_access import cells, design, schema, senders
from data_access.cube import ALL, CubeSpec
from data_access.engines import columns_of, read_frame, remembered
from data_access.errors import UsageError
from data_access.indicators import Indicator
from data_access.statistics import Z95, pooled_sd, wilson
from data_access.summaries import EVER, FAMILIES, REGION_SCHEMES, REPORTED
from i18n import N_

if TYPE_CHECKING:
    from data_access.query import Ask

PLACE_ORDER = ("nation", *REGION_SCHEMES, "province", "district", "subdistrict", "lao", "school", "centre")
PERIOD_PREFIX = {"academic_year": "AY", "fiscal_year": "FY", "calendar_year": "CY"}


def all_provinces(connection: sa.Connection) -> pd.DataFrame:
    """The province table: code and region of every scheme."""
    return read_frame(connection, sa.select(schema.province))


def answer_from_cube(connection: sa.Connection, indicator: Indicator, ask: Ask) -> pd.DataFrame:
    """Cells of one indicator; columns = `ask.by` and those of `cells.COLUMNS`."""
    spec = REPORTED if indicator.family == "reported" else FAMILIES[indicator.family].spec
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
    if indicator.family == "reported" and level in ("nation", *REGION_SCHEMES):
        answer = _flag_incomplete(connection, answer, indicator, ask)
    answer["came"] = _came(connection, answer, indicator, ask, members)
    return cells.finish(answer, indicator, indicator.table)


def _came(
    connection: sa.Connection, answer: pd.DataFrame, indicator: Indicator, ask: Ask, members: pd.DataFrame | None
) -> np.ndarray | float:
    """The share of the expected senders that has come, of each cell; NaN where nobody is expected or its places are no senders'."""
    if not indicator.periods or answer.empty:
        return np.nan
    rows = senders.expected_of(connection, indicator)
    rows = rows[rows["period"].isin(set(answer["period"]))]
    asked = [k for k in PLACE_ORDER if k in ask.keys and k not in REGION_SCHEMES]
    if rows.empty or not {f"{k}_code" for k in asked} <= set(rows.columns):
        return np.nan
    rows = within(connection, rows, ask, "", members)
    keys = [*(k for k in ask.by if k in (*PLACE_ORDER, "pilot_set")), "period"]
    if members is not None:  # a member of two sets is one sender
        rows = rows.drop_duplicates([*(c for c in rows.columns if c.endswith("_code")), *keys])
    sums = rows.groupby(keys)[["expected", "came"]].sum()
    share = (sums["came"] / sums["expected"]).rename("came")
    return answer[keys].merge(share.reset_index(), on=keys, how="left")["came"].to_numpy(float)


def require_one(indicator: Indicator, ask: Ask) -> None:
    """Refuse to add up what an indicator keeps apart: one has to be named, or all broken down by."""
    key = indicator.each
    if key and key not in ask.by and len(ask.values(key) or ()) != 1:
        raise UsageError(N_("{id} is never added up over {key}: name one, or break down by it"), id=indicator.id, key=key)


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


def pilot_members(connection: sa.Connection, ask: Ask) -> pd.DataFrame | None:
    """Members (set_id, place_level, place_code) of the pilot sets asked for, or None when none is."""
    if "pilot_set" not in ask.keys:
        return None
    p, m = schema.pilot_set, schema.pilot_member
    statement = sa.select(p.c.set_id, p.c.place_level, m.c.place_code).join_from(p, m, p.c.set_id == m.c.set_id)
    wanted = ask.values("pilot_set")
    if wanted:
        known = {row[0] for row in connection.execute(sa.select(p.c.set_id))}
        for set_id in wanted:
            if set_id not in known:
                raise UsageError(N_("There is no pilot set {id}"), id=set_id)
        statement = statement.where(p.c.set_id.in_(wanted))
    return read_frame(connection, statement)


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
    extra = {"results": ["square_sum", "spread_sum", "spread_n"]}.get(indicator.family, [])
    parts = indicator.numerator.split("-") + ([indicator.denominator] if indicator.denominator else [])
    optional = [spec.optional[p] for p in parts if p in spec.optional]
    return list(dict.fromkeys([p for p in parts if ":" not in p] + extra + optional + (["reports"] if optional else [])))


def _rate(indicator: Indicator) -> tuple[str, design.Rate | None]:
    """The column of an indicator's design effects and what it divides; None of one without an interval."""
    name = design.column(indicator.id)
    rate = design.rates_of(indicator.family).get(name)
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
    columns: list[sa.ColumnClause] = [sa.column(c) for c in wanted_columns if c in there]
    statement: sa.Select = sa.select(*columns).select_from(sa.table(name))
    statement = statement.where(sa.column("place_level") == level)
    if indicator.family == "reported":
        statement = statement.where(sa.column("indicator") == indicator.id)
    if spec.each and (kinds := ask.values(spec.each)):
        statement = statement.where(sa.column(spec.each).in_(kinds))
    for attribute in (a for a in spec.attributes if a in there):
        column: sa.ColumnClause = sa.column(attribute)
        if attribute in split and not too_fine:
            wanted = ask.values(attribute)
            statement = statement.where(column.in_(wanted) if wanted else column != ALL)
        else:
            statement = statement.where(column == ALL)
    rows = read_frame(connection, _period_filter(statement, connection, name, indicator, ask))
    rows = _of_older_summaries(rows, _measures(indicator, spec))
    if too_fine:
        rows[_measures(indicator, spec)] = np.nan
    return rows, too_fine


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
    if indicator.family == "reported":
        latest = latest.where(sa.column("indicator") == indicator.id)
    return statement.where(period == connection.execute(latest).scalar())


def within(connection: sa.Connection, rows: pd.DataFrame, ask: Ask, level: str, members: pd.DataFrame | None) -> pd.DataFrame:
    """Name the place keys of each row and keep the places asked for."""
    named = rows.copy()
    if level in REGION_SCHEMES:
        named[level] = named["place_code"]
    for column in [c for c in named.columns if c.endswith("_code") and c != "place_code"]:
        named[column.removesuffix("_code")] = named[column]
    named = with_regions(connection, named, ask)
    for key in PLACE_ORDER:
        wanted = ask.values(key)
        if wanted is not None and key in named:
            named = named[named[key].isin(wanted)]
    return with_pilot_sets(named, members)


def with_regions(connection: sa.Connection, rows: pd.DataFrame, ask: Ask) -> pd.DataFrame:
    """Add the region columns that the question uses, from the province of each row."""
    schemes = [k for k in REGION_SCHEMES if k in ask.keys and k not in rows]
    if not schemes or "province" not in rows:
        return rows
    regions = remembered(connection, all_provinces).set_index("province_code")
    return rows.assign(**{s: rows["province"].map(regions[s]) for s in schemes})


def with_pilot_sets(rows: pd.DataFrame, members: pd.DataFrame | None) -> pd.DataFrame:
    """Keep members only, once for each set; sets of different levels each by their own place column."""
    if members is None:
        return rows
    parts = []
    for (set_id, level), group in members.groupby(["set_id", "place_level"]):
        if level in rows:
            parts.append(rows[rows[level].isin(group["place_code"])].assign(pilot_set=str(set_id)))
    return pd.concat(parts, ignore_index=True) if parts else rows.iloc[:0].assign(pilot_set="")


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
    grouped = rows.assign(_shown=shown).groupby(keys, sort=False, dropna=False)
    sums = rows[shown].groupby(keys, sort=False, dropna=False)[measures].sum()
    frame = grouped["_shown"].agg(["sum", "size"]).join(sums).reset_index()
    if ask.period_key in ask.by:
        frame["period"] = frame[ask.period_key]
    frame["flag"] = np.where((frame["sum"] > 0) & (frame["sum"] < frame["size"]), "partial", "")
    frame["deff"] = _design_effects(rows, shown, frame, keys, indicator, spec, ask)
    frame["collected"] = True
    if indicator.known in rows:
        frame["collected"] = grouped[indicator.known].sum(min_count=1).to_numpy() != 0  # a hidden number is not nought
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
    first, *minus = indicator.numerator.split("-")
    if indicator.numerator == "square_sum":
        frame["value"] = pooled_sd(*(frame[c].to_numpy(float) for c in ("square_sum", "spread_sum", "spread_n")))
        return frame.assign(collected=frame["spread_n"] != 0)
    numerator = frame[first] - sum(frame[m] for m in minus) if minus else frame[first]
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
    if indicator.family == "results":
        sd = pooled_sd(*(frame[c].to_numpy(float) for c in ("square_sum", "spread_sum", "spread_n")))
        se = sd * np.sqrt(frame["deff"] / denominator)
        frame = frame.assign(low=ratio - Z95 * se, high=ratio + Z95 * se)
    return frame


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
    out = grid.merge(answer, on=list(ask.by), how="left")
    known = out[ask.period_key] if ask.period_key in ask.by else out["period"].fillna(_only(answer["period"], ask))
    return out.assign(period=known)


def _only(periods: pd.Series, ask: Ask) -> str:
    if len(periods):
        return str(periods.iloc[0])
    return (ask.values(ask.period_key) or ("",))[0] if ask.period_key else ""


def _touched(connection: sa.Connection, members: pd.DataFrame) -> set[str]:
    """The provinces that the members of pilot sets lie in."""
    homes = {
        "school": schema.school.c.subdistrict_code,
        "centre": schema.centre.c.province_code,
        "lao": schema.lao.c.district_code,
    }
    found: set[str] = set()
    for level, part in members.groupby("place_level"):
        codes, kind = part["place_code"].astype(str), str(level)
        if kind in homes:
            own = schema.TABLES[kind].c[f"{kind}_code"]
            codes = read_frame(connection, sa.select(homes[kind].label("code")).where(own.in_(codes.tolist())))["code"]
        found |= set(codes.str[:2])
    return found


def expected_provinces(connection: sa.Connection, ask: Ask, members: pd.DataFrame | None) -> pd.DataFrame:
    """The provinces that a breakdown by province has to name: all 77, or those inside the filters."""
    frame = remembered(connection, all_provinces).rename(columns={"province_code": "province"})
    for key in ("province", *REGION_SCHEMES):
        wanted = ask.values(key)
        if wanted is not None:
            frame = frame[frame[key].isin(wanted)]
    if members is not None:
        frame = frame[frame["province"].isin(_touched(connection, members))]
    keep = ["province", *[s for s in REGION_SCHEMES if s in ask.by]]
    return frame[keep].reset_index(drop=True)
