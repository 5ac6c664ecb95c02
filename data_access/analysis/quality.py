"""How good the data of a release are: who has sent what, who is late, what stands out, which codes do not join.

Counts are of senders (schools, centres, provinces), never of persons; values come from `query`, so disclosure control has been applied.
Row counts of tables of persons are rounded (`rows_shown`), so that two releases cannot be subtracted to find one person.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

import geo
from data_access.contract import schema
from data_access.contract.settings import settings
from data_access.programmes.indicators import FAMILIES, REGISTRY
from data_access.programmes.reported.cubes import LEVELS, with_path
from data_access.questions.changes import changes
from data_access.questions.query import latest_complete, periods_of, provisional_periods, query
from data_access.questions.senders import in_question, since_first
from data_access.store import releases
from data_access.store.engines import read_frame

COMPLETE, PARTIAL, NONE, NOT_EXPECTED = "complete", "partial", "none", "not_expected"
ROBUST_LIMIT = 3.5
FEWEST = 10
ROUNDING = 10
MIXED_SHARE = 0.1
_LEVEL_KINDS = ("rate", "mean", "per_head", "sd")
_PLACED = ("province", "district", "subdistrict")


@dataclass(frozen=True)
class Dataset:
    """Something that is sent again each period: a table, or one reported indicator; `sender` is who sends it."""

    id: str
    table: str
    sender: str
    indicator: str | None = None


_SENT = {f.table: f for f in FAMILIES.values() if f.sent}
"""Table -> the family that is judged by who has sent it."""


# ---- who sent what --------------------------------------------------------------------------------------------------
def datasets(release_id: str) -> list[Dataset]:
    """The data sets of a release that have rows, tables first, then reported indicators."""
    counts = releases.get_release(release_id).row_counts
    found = [Dataset(t, t, f.sent.by) for t, f in _SENT.items() if f.sent and counts.get(t)]
    if not counts.get("reported_value"):
        return found
    reported = _read(release_id, sa.select(schema.reported_value.c.indicator).distinct())["indicator"]
    told = [Dataset(f"reported:{i}", "reported_value", "province", i) for i in sorted(reported) if i in REGISTRY]
    return found + [
        d for d in told if len(_submissions(release_id, d))
    ]  # what is told of the country alone is sent by no province


def dataset(release_id: str, dataset_id: str) -> Dataset | None:
    """One data set by id; None when the release has no rows of it."""
    return next((d for d in datasets(release_id) if d.id == dataset_id), None)


def indicators_of(data: Dataset) -> list[str]:
    """The indicators by province and period that are computed from a data set."""
    if data.indicator:
        return [data.indicator]
    own = _SENT[data.table].indicators
    return [i.id for i in own if i.periods and "province" in i.places and not i.each]


def _read(release_id: str, statement: sa.Select) -> pd.DataFrame:
    with releases.reader(release_id).connect() as connection:
        return read_frame(connection, statement)


def _senders(kind: str) -> sa.Select:
    """Every known sender of a kind with its province and name: sender, province, name."""
    if kind == "school":
        return sa.select(
            schema.school.c.school_code.label("sender"),
            sa.func.substr(schema.lao.c.district_code, 1, 2).label("province"),
            schema.school.c.name_th.label("name"),
        ).join_from(schema.school, schema.lao, schema.school.c.lao_code == schema.lao.c.lao_code)
    return sa.select(
        schema.centre.c.centre_code.label("sender"),
        schema.centre.c.province_code.label("province"),
        schema.centre.c.name_th.label("name"),
    )


@lru_cache(maxsize=64)
def _submissions(release_id: str, data: Dataset) -> pd.DataFrame:
    """sender, province, period, name: one row for each period in which a sender sent at least one row."""
    if data.indicator:
        values = schema.reported_value
        statement = sa.select(values.c.place_level, values.c.place_code, values.c.period).distinct()
        statement = statement.where(values.c.indicator == data.indicator, values.c.value.is_not(None))
        with releases.reader(release_id).connect() as connection:
            rows = read_frame(connection, statement)
            at = [with_path(connection, rows[rows["place_level"] == level], level) for level in LEVELS]
        sent = pd.concat(at)[["province_code", "period"]].drop_duplicates().set_axis(["sender", "period"], axis=1)
        return sent.assign(province=sent["sender"], name="")
    sent = _SENT[data.table].sent
    assert sent
    sender, column, period = sent.by, sent.column, sent.period
    table = schema.TABLES[data.table]
    rows = _read(release_id, sa.select(table.c[column].label("sender"), table.c[period].label("period")).distinct())
    if period == "academic_year":
        rows["period"] = "AY" + rows["period"].astype(int).astype(str)
    rows[["sender", "period"]] = rows[["sender", "period"]].astype(str)
    if sender == "province":
        return rows.assign(province=rows["sender"], name="")
    return rows.merge(_read(release_id, _senders(sender)), on="sender")


def completeness(release_id: str, data: Dataset) -> pd.DataFrame:
    """How many of the senders expected have sent, for each of the 77 provinces and each period.

    Expected as in `data_access.questions.senders`.

    Returns:
        province, period, sent, expected, share (NaN where nothing is expected), state (complete, partial, none, not_expected).
    """
    rows = _submissions(release_id, data)
    periods: list[str] = sorted(rows["period"].unique())
    sent = _counts(rows, periods)
    if data.indicator:
        there = in_question(pd.DataFrame({"province_code": _codes()}), periods, REGISTRY[data.indicator])
        expected = _counts(there.assign(sender=there["province_code"], province=there["province_code"]), periods)
    else:
        places = rows[["sender", "province"]].drop_duplicates("sender")
        expected = _counts(since_first(rows[["sender", "period"]], periods).merge(places, on="sender"), periods)
    grid = pd.MultiIndex.from_product([periods, _codes()], names=["period", "province"]).to_frame(index=False)
    out = grid[["province", "period"]].assign(sent=sent.ravel(), expected=expected.ravel().astype(int))
    out["share"] = (out["sent"] / out["expected"].where(out["expected"] > 0)).clip(upper=1.0).astype(float)
    out["state"] = np.select(
        [out["expected"] == 0, out["sent"] == 0, out["sent"] >= out["expected"]], [NOT_EXPECTED, NONE, COMPLETE], PARTIAL
    )
    return out


def _counts(rows: pd.DataFrame, periods: list[str]) -> np.ndarray:
    """How many senders there are, a row each period and a column each province."""
    found = rows.groupby(["period", "province"])["sender"].nunique().unstack("province")
    return found.reindex(index=periods, columns=list(_codes())).fillna(0).to_numpy(int)


@lru_cache(maxsize=1)
def _codes() -> tuple[str, ...]:
    return tuple(str(c) for c in geo.provinces().index)


def late(release_id: str, data: Dataset) -> pd.DataFrame:
    """Who has sent this data set before but not for its latest period, and who was expected and never did.

    Returns:
        sender, name, province, last_period (empty when never), missed (periods since the last one, up to the latest).
    """
    rows = _submissions(release_id, data)
    columns = ["sender", "name", "province", "last_period", "missed"]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    periods = sorted(rows["period"].unique())
    last = rows.groupby(["sender", "name", "province"], as_index=False).agg(last_period=("period", "max"))
    if data.indicator:
        wanted = [c for c in _codes() if c not in REGISTRY[data.indicator].outside and c not in set(last["sender"])]
        last = pd.concat([last, pd.DataFrame({"sender": wanted, "name": "", "province": wanted, "last_period": ""})])
    out = last[last["last_period"] != periods[-1]].copy()
    out["missed"] = [len(periods) - 1 - periods.index(p) if p else len(periods) for p in out["last_period"]]
    return out.sort_values(["missed", "province", "sender"], ascending=[False, True, True])[columns].reset_index(drop=True)


# ---- what stands out ------------------------------------------------------------------------------------------------
def robust_z(values: pd.Series) -> pd.Series:
    """0.6745 × (x − median) ÷ MAD (Iglewicz & Hoaglin 1993).

    Where half of the values are equal the MAD is nought and the mean absolute deviation stands in: (x − median) ÷ (1.2533 × mean
    deviation). NaN with fewer than ten values, or when all are equal.
    """
    known = values.dropna()
    if len(known) < FEWEST:
        return pd.Series(np.nan, index=values.index)
    centre = known.median()
    deviations = (known - centre).abs()
    spread = deviations.median() / 0.6745 or deviations.mean() * 1.253314
    return (values - centre) / spread if spread > 0 else pd.Series(np.nan, index=values.index)


def outliers(release_id: str, indicators: Sequence[str] = ()) -> pd.DataFrame:
    """Provinces far from the others in the latest complete period of each indicator: |robust z| above 3.5.

    Shares, means and amounts per head are compared as they are; counts and money, which follow the size of a province, by how
    they changed against the same period a year earlier among those who sent both times (logarithm of the ratio). Hidden cells take no part.

    Returns:
        indicator, province, period, value, basis (`level` or `change`), before, before_period, middle (median of the level, or
        of the ratio), z, mixed (more than a tenth of the provinces are this far: there is not one kind of province to be far
        from); the furthest first.
    """
    ids = indicators or [i for i, x in REGISTRY.items() if "province" in x.places and x.periods and not x.each]
    frames = [f for f in (_outliers(release_id, i) for i in ids) if len(f)]
    columns = ["indicator", "province", "period", "value", "basis", "before", "before_period", "middle", "z", "mixed"]
    if not frames:
        return pd.DataFrame(columns=columns).astype({"mixed": bool})
    out = pd.concat(frames, ignore_index=True)[columns]
    return out.sort_values("z", key=lambda z: -z.abs()).reset_index(drop=True)


def _outliers(release_id: str, indicator_id: str) -> pd.DataFrame:
    periods = periods_of(indicator_id, release=release_id)
    period = latest_complete(periods, provisional_periods(indicator_id, release=release_id))
    where = {_key(period): period} if period else {}
    now = _shown(query(indicator_id, by=("province",), where=where, release=release_id))
    if now.empty or not period:
        return now.iloc[:0]
    if REGISTRY[indicator_id].kind in _LEVEL_KINDS:
        z, middle = robust_z(now["value"]), float(now["value"].median())
        extra: dict[str, Any] = {"basis": "level", "before": np.nan, "before_period": ""}
    else:
        found = changes(indicator_id, by=("province",), where={_key(period): period}, release=release_id)
        now = found[(found["matched_now"] > 0) & (found["matched_before"] > 0) & (found["reason"] == "")]
        now = now.assign(value=now["matched_now"], before=now["matched_before"], indicator=indicator_id)
        ratio = np.log(now["value"] / now["before"])
        z, middle = robust_z(ratio), float(np.exp(ratio.median())) if len(ratio) else np.nan
        extra = {"basis": "change"}
    out = now.assign(z=z, middle=middle, **extra)
    far = out["z"].abs() > ROBUST_LIMIT
    return out[far].assign(mixed=bool(far.sum() > MIXED_SHARE * z.notna().sum()))


def _shown(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["state"].isin(("value", "zero")) & (frame["flag"] == "")]


def _key(period: str) -> str:
    from data_access.contract.periods import period_type

    return period_type(period)


# ---- which codes join -----------------------------------------------------------------------------------------------
def _provinces_in(name: str) -> sa.Select | None:
    """The province codes that a table reaches, by itself or through the places that it names."""
    table = schema.TABLES[name]
    if "province_code" in table.c:
        return sa.select(table.c.province_code)
    if name == "lao":
        return sa.select(sa.func.substr(table.c.district_code, 1, 2))
    if name == "reported_value":
        return sa.select(sa.func.substr(table.c.place_code, 1, 2)).where(table.c.place_level.in_(_PLACED))
    if "subdistrict_code" in table.c:
        return sa.select(sa.func.substr(table.c.subdistrict_code, 1, 2))
    for kind in ("school", "centre"):
        if f"{kind}_code" in table.c:
            known = _senders(kind).subquery()
            return sa.select(known.c.province).where(known.c.sender.in_(sa.select(table.c[f"{kind}_code"])))
    return None


def join_audit(release_id: str) -> pd.DataFrame:
    """The 77-province join of every loaded table that names places.

    Returns:
        table, present, expected (77), missing (tuple of province codes), unknown (tuple of codes that are no province).
    """
    counts, every = releases.get_release(release_id).row_counts, _codes()
    rows = []
    for name in schema.LOADABLE_TABLES:
        statement = _provinces_in(name) if counts.get(name) else None
        if statement is None:
            continue
        found = set(_read(release_id, statement.distinct()).iloc[:, 0].dropna().astype(str))
        rows.append(
            {
                "table": name,
                "present": len(found & set(every)),
                "expected": len(every),
                "missing": tuple(c for c in every if c not in found),
                "unknown": tuple(sorted(found - set(every))),
            }
        )
    return pd.DataFrame(rows, columns=["table", "present", "expected", "missing", "unknown"])


def unknown_codes(release_id: str) -> pd.DataFrame:
    """Codes that refer to a row that is not there: table, column, refers_to, codes (how many distinct), examples (at most five)."""
    rows = []
    for name, table in schema.TABLES.items():
        for column in table.columns:
            if not column.info["ref"]:
                continue
            target, key = column.info["ref"].split(".")
            known = schema.TABLES[target].c[key]
            statement = (
                sa.select(column).where(column.is_not(None), ~sa.exists().where(known == column).correlate(table)).distinct()
            )
            if name == target:
                continue
            found = sorted(_read(release_id, statement).iloc[:, 0].astype(str))
            if found:
                rows.append((name, column.name, column.info["ref"], len(found), ", ".join(found[:5])))
    return pd.DataFrame(rows, columns=["table", "column", "refers_to", "codes", "examples"])


@lru_cache(maxsize=1)
def without_polygon() -> pd.DataFrame:
    """Places of the reference tables that no boundary draws: level, places, drawn, missing (tuple of codes)."""
    rows = []
    for level, frame in (("province", geo.provinces()), ("district", geo.districts())):
        path = Path(geo.__file__).parent / "data" / f"{level}s.geojson"
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        drawn = {str(f["properties"].get("dopa4", f["properties"].get("dopa"))) for f in features}
        codes = [str(c) for c in frame.index]
        rows.append((level, len(codes), len(set(codes) & drawn), tuple(c for c in codes if c not in drawn)))
    rows.append(("subdistrict", len(geo.subdistricts()), 0, ()))
    return pd.DataFrame(rows, columns=["level", "places", "drawn", "missing"])


# ---- counts -----------------------------------------------------------------------------------------------------------
def rows_shown(table: str, rows: int | float) -> float:
    """A count of rows that may be shown: of a table of persons rounded to ten, and NaN below the disclosure threshold."""
    if not schema.TABLES[table].info["person"] or rows == 0:
        return float(rows)
    if rows < settings().disclosure_threshold:
        return float("nan")
    return float(ROUNDING * round(rows / ROUNDING))


def stated_counts(release_id: str) -> pd.DataFrame:
    """Rows that the release states beside those that its tables hold: table, stated, found (as `rows_shown`), agrees."""
    stated = releases.get_release(release_id).row_counts
    rows = []
    with releases.reader(release_id).connect() as connection:
        for name, table in schema.TABLES.items():
            found = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            said = stated.get(name, 0)
            rows.append((name, rows_shown(name, said), rows_shown(name, found), said == found))
    return pd.DataFrame(rows, columns=["table", "stated", "found", "agrees"])


def changes_shown(changes: pd.DataFrame) -> pd.DataFrame:
    """The `tables` of `release_changes.diff` with the counts of tables of persons as `rows_shown`; tables without any row left out."""
    columns = ["rows_before", "rows_after", "added", "removed", "changed"]
    out = changes[(changes["rows_before"] > 0) | (changes["rows_after"] > 0)].reset_index(drop=True)
    shown = [[rows_shown(str(row["table"]), int(row[c])) for c in columns] for row in out.to_dict("records")]
    return pd.concat([out[["table"]], pd.DataFrame(shown, columns=columns, dtype=float)], axis=1)
