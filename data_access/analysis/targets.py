"""Targets: the path to them, what is reached, the one rule of status, and a forecast that comes with its interval.

The rule. A target falls due on the last day of its period. The path runs straight from the value at the base period (the latest complete
one before the first target, by the same rule) to the first target, and from each target to the next. A value is compared with the path at the end of
its own period, a register without periods on the as-of date of the release; a period that has not ended by then is not judged. At or above
the path (at or below it where less is better) is *on track*, otherwise *behind*. An estimate of a survey (`Indicator.sampled`) is
judged with its 95 % interval: one that holds the path *cannot be told*. A full count is what it is, however few places it comes from: it
is judged by its value, and has an interval only where it is set beside others. A value that is missing, suppressed, a sum that leaves
suppressed places out, or provisional (`data_access.questions.cells`) is *no data*.

Periods. An indicator kept by the kind of period that the target names is compared in that kind. One kept by semester alone answers for an
academic year by its last semester that was collected. Any other pairing of kinds is not compared.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from data_access.contract.errors import UsageError
from data_access.contract.periods import Semester, first_day, following, last_day, parse_period, period_type
from data_access.programmes.indicators import REGISTRY, Indicator
from data_access.questions import cells
from data_access.questions.breaks import Break, between
from data_access.questions.changes import rule_changes
from data_access.questions.query import query
from data_access.store.releases import Release, require_release

NATION = "TH"
ON_TRACK, BEHIND, UNCLEAR, NO_DATA, NOT_DUE = "on_track", "behind", "unclear", "no_data", "not_due"
STATUSES = (ON_TRACK, BEHIND, UNCLEAR, NO_DATA, NOT_DUE)
FIXED: dict[str, dict[str, str]] = {"pilot.size": {"pilot_set": "learning_city_provinces"}}
"""Filters that belong to what a target of an indicator means: the target of `pilot.size` is that of the learning cities."""
PARTIAL, NO_HISTORY, OTHER_KIND = "partial", "no_history", "other_kind"
USABLE = (cells.VALUE, cells.ZERO)
SLACK = 1e-9  # two roundings of one number are not a difference
MINIMUM_PERIODS = 6
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Goal:
    """A target value and the period on whose last day it falls due."""

    period: str
    value: float


@dataclass(frozen=True)
class Standing:
    """A verdict: what was judged (period, empty for a register on its as-of date), against what, and why there is none."""

    status: str
    goal: Goal
    period: str = ""
    value: float | None = None
    expected: float | None = None
    reason: str = ""

    @property
    def gap(self) -> float | None:
        """Value less what was expected; None without either."""
        return None if self.value is None or self.expected is None else self.value - self.expected


@dataclass(frozen=True)
class Track:
    """One indicator's targets at one place.

    Attributes:
        kind: the period type of `series`; empty for a register without periods, whose one row is its state on the as-of date.
        base: the value that the path starts from, as a Goal; None when there is none.
        series: period, value, state, flag, low, high, table, usable (may be judged), ended, path.
        years: the standing of each target.
        rules: the changes of the rules that the indicator depends on.
    """

    indicator: Indicator
    place: str
    kind: str
    as_of: dt.date
    goals: tuple[Goal, ...]
    base: Goal | None
    series: pd.DataFrame
    years: tuple[Standing, ...]
    rules: tuple[Break, ...] = ()

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of `series` as mappings: they are few, and asked for one by one."""
        return [{str(k): v for k, v in r.items()} for r in self.series.to_dict("records")]


@dataclass(frozen=True)
class Forecast:
    """What the remaining periods would bring at the pace so far, or why that is not said.

    Attributes:
        frame: period, value, low, high (95 % prediction interval); empty when refused.
        refused: reason code, empty when there is a forecast; `at` the period that it is about, `n` the periods that were used.
    """

    frame: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["period", "value", "low", "high"]))
    refused: str = ""
    at: str = ""
    n: int = 0
    first: str = ""
    last: str = ""


# ---- the one rule -----------------------------------------------------------------------------------------------------------
def judge(value: float, expected: float, direction: str, interval: tuple[float, float] | None = None) -> str:
    """ON_TRACK or BEHIND: at or above what is expected, at or below it where less is better; UNCLEAR where `interval` holds both."""
    if interval and interval[0] <= expected <= interval[1]:
        return UNCLEAR
    short = value - expected if direction == "down" else expected - value
    return ON_TRACK if short <= SLACK * max(1.0, abs(expected)) else BEHIND


def _judged(row: Mapping[str, Any] | pd.Series, expected: float, indicator: Indicator) -> str:
    """The verdict on a cell: of a survey with its interval."""
    interval = (float(row["low"]), float(row["high"])) if indicator.sampled and pd.notna(row["low"]) else None
    return judge(float(row["value"]), expected, indicator.direction, interval)


def goals(targets: pd.DataFrame, indicator_id: str, place: str = NATION) -> tuple[Goal, ...]:
    """The targets of an indicator at a place in the order they fall due.

    Of one kind of period only, because a path cannot run through two: the kind that the indicator is kept by, else the commonest.
    """
    rows = targets[(targets["indicator"] == indicator_id) & (targets["place_code"] == place)]
    if rows.empty:
        return ()
    kinds = rows["period"].map(period_type)
    own = REGISTRY[indicator_id].periods if indicator_id in REGISTRY else ()
    chosen = max(kinds.unique(), key=lambda k: (k in own, (kinds == k).sum(), k))
    found = [Goal(str(p), float(v)) for p, v in rows.loc[kinds == chosen, ["period", "value"]].itertuples(index=False)]
    return tuple(sorted(found, key=lambda g: last_day(g.period)))


def goal_of(targets: Sequence[Goal], period: str) -> Goal | None:
    """The target of a period, else of the academic year that a semester lies in."""
    year = f"AY{parse_period(period).year}" if isinstance(parse_period(period), Semester) else period
    return next((g for g in targets if g.period == period), next((g for g in targets if g.period == year), None))


def path_at(base: Goal | None, targets: Sequence[Goal], day: dt.date) -> float:
    """The path on a day: straight between the ends of base and target periods, flat after the last; NaN before the first."""
    points = [*([base] if base else []), *targets]
    return float(
        np.interp(day.toordinal(), [last_day(p.period).toordinal() for p in points], [p.value for p in points], left=np.nan)
    )


# ---- what is reached ----------------------------------------------------------------------------------------------------------
def track(indicator_id: str, targets: pd.DataFrame, place: str = NATION, release: str | None = None) -> Track | None:
    """Targets, path, values and standings of an indicator at a place (NATION or a province code); None without targets.

    Args:
        targets: the table `target` of the release.
    Raises:
        ReleaseError: no such release.
    """
    wanted = goals(targets, indicator_id, place)
    if not wanted or indicator_id not in REGISTRY:
        return None
    indicator, found = REGISTRY[indicator_id], require_release(release)
    kind = _kind(indicator, wanted)
    as_of = dt.date.fromisoformat(found.as_of)
    series = _series(indicator, kind, place, found, as_of)
    before = series[series["usable"] & (series["day"] < first_day(wanted[0].period))] if kind else series.iloc[:0]
    base = Goal(str(before["period"].iloc[-1]), float(before["value"].iloc[-1])) if len(before) else None
    rules = rule_changes(indicator_id, found.id)
    if base and between(rules, base.period, wanted[0].period):
        base = None  # no path runs from a value by another rule
    series["path"] = [path_at(base, wanted, d) for d in series["day"]]
    years = tuple(_year(g, indicator, kind, series, as_of) for g in wanted)
    return Track(indicator, place, kind, as_of, wanted, base, series, years, rules)


def standing(found: Track, upto: str | None = None) -> Standing:
    """Where an indicator stands: its latest complete value against the path; NO_DATA once a target is due that has no value.

    Args:
        upto: a period; what ended after its last day is left out, as the reader of an earlier view would have it. The latest one that
            has ended is no earlier view: what has come since is provisional, and a register stands as it does on the as-of date.
    """
    earlier = upto is not None and last_day(following(upto)) <= found.as_of
    today = min(found.as_of, last_day(upto)) if upto and earlier else found.as_of
    due = [y for y in found.years if last_day(y.goal.period) <= today]
    ahead = next((g for g in found.goals if last_day(g.period) >= today), found.goals[-1])
    after = last_day(found.base.period) if found.base else dt.date.min
    reached = (r for r in reversed(found.rows) if r["usable"] and r["ended"] and after < r["day"] <= today)
    latest = next((r for r in reached if pd.notna(r["path"])), None)
    if due and due[-1].status == NO_DATA and (latest is None or latest["day"] <= last_day(due[-1].goal.period)):
        return due[-1]
    if latest is None:
        return Standing(NOT_DUE, ahead)
    value, expected = float(latest["value"]), float(latest["path"])
    goal = next((g for g in found.goals if last_day(g.period) >= latest["day"]), found.goals[-1])
    return Standing(_judged(latest, expected, found.indicator), goal, str(latest["period"]), value, expected)


def _kind(indicator: Indicator, wanted: Sequence[Goal]) -> str:
    """The period type to read the indicator by: the targets' own, semesters for academic years, else its first."""
    asked = period_type(wanted[0].period)
    if asked in indicator.periods:
        return asked
    return "semester" if asked == "academic_year" and "semester" in indicator.periods else next(iter(indicator.periods), "")


def _series(indicator: Indicator, kind: str, place: str, release: Release, as_of: dt.date) -> pd.DataFrame:
    where: dict[str, Any] = dict(FIXED.get(indicator.id, {}))
    if place != NATION:
        where["province"] = place
    try:
        frame = query(indicator.id, by=(kind,) if kind else (), where=where, release=release.id)
    except UsageError:  # the indicator has no values of such places
        frame = pd.DataFrame(columns=cells.COLUMNS)
    out = frame[["period", "value", "state", "flag", "low", "high", "table"]].copy()
    out = out[out["period"].astype(bool)] if kind else out.assign(period="")
    days = [last_day(p) if p else as_of for p in out["period"]]
    out["day"], out["ended"] = days, [d <= as_of for d in days]
    out["usable"] = out["state"].isin(USABLE) & out["value"].notna() & (out["flag"] != PARTIAL)
    return out.sort_values("day", kind="stable", ignore_index=True)


def _year(goal: Goal, indicator: Indicator, kind: str, series: pd.DataFrame, as_of: dt.date) -> Standing:
    """The standing of one target; before it is due, with the value so far."""
    due = last_day(goal.period) <= as_of
    row, reason = _answering(goal, indicator, kind, series, as_of)
    if row is not None and not reason:
        value = float(row["value"])
        status = _judged(row, goal.value, indicator) if due else NOT_DUE
        return Standing(status, goal, str(row["period"]), value, goal.value)
    return Standing(NO_DATA if due else NOT_DUE, goal, "" if row is None else str(row["period"]), None, goal.value, reason)


def _answering(goal: Goal, indicator: Indicator, kind: str, series: pd.DataFrame, as_of: dt.date) -> tuple[pd.Series | None, str]:
    """The row that answers for a target's period, and why it may not (empty when it may)."""
    asked = period_type(goal.period)
    if series.empty:
        return None, cells.NOT_COLLECTED
    if not kind:
        row = series.iloc[0]
        return (row, _unusable(row)) if first_day(goal.period) <= as_of <= last_day(goal.period) else (None, NO_HISTORY)
    if kind != asked and (asked, kind) != ("academic_year", "semester"):
        return None, OTHER_KIND
    inside = [goal.period] if kind == asked else [f"{goal.period[2:]}-1", f"{goal.period[2:]}-2"]
    rows = series[series["period"].isin(inside) & (series["state"] != cells.NOT_COLLECTED)]
    if rows.empty:
        return None, cells.NOT_COLLECTED
    return rows.iloc[-1], _unusable(rows.iloc[-1], due=last_day(goal.period) <= as_of)


def _unusable(row: pd.Series, due: bool = False) -> str:
    """Why a row is not judged; a year under way has a provisional value by nature, which is shown as the value so far."""
    if row["state"] not in (USABLE if due else cells.TOLD):
        return str(row["state"])
    return PARTIAL if row["flag"] == PARTIAL else ""


# ---- forecast -----------------------------------------------------------------------------------------------------------------
def forecast(found: Track) -> Forecast:
    """The periods that remain until the last target, at the mean step so far, with a 95 % prediction interval.

    The periods are those that have ended. Refused, with the reason: a register without periods (`no_history`); a `suppressed` or
    `partial` value anywhere in the series; fewer than `MINIMUM_PERIODS` since the last gap, change of source or change of rule (`break` when that
    is why, else `too_few`); a series without variation (`constant`), whose interval would be nought; no period left (`over`).
    """
    if not found.kind or not _comparable(found):
        return Forecast(refused=OTHER_KIND if found.kind else NO_HISTORY)
    if found.series.empty:
        return Forecast(refused="too_few")
    rows = found.series[found.series["ended"]]
    days = [b.day for b in found.rules]
    for state, hidden in ((cells.SUPPRESSED, rows["state"] == cells.SUPPRESSED), (PARTIAL, rows["flag"] == PARTIAL)):
        if hidden.any():
            return Forecast(refused=state, at=str(rows.loc[hidden, "period"].iloc[-1]))
    used, broken = _unbroken(rows[rows["usable"]], days)
    if len(used) < MINIMUM_PERIODS:
        return Forecast(refused="break" if broken else "too_few", at=broken, n=len(used))
    ahead = _between(following(str(used["period"].iloc[-1])), last_day(found.goals[-1].period))
    if not ahead:
        return Forecast(refused="over", n=len(used))
    values = used["value"].to_numpy(float)
    if np.ptp(np.diff(values)) <= SLACK * max(1.0, float(np.abs(values).max())):
        return Forecast(refused="constant", n=len(used))
    frame = random_walk(values, len(ahead)).clip(*_bounds(found.indicator))
    return Forecast(
        frame.assign(period=ahead)[["period", "value", "low", "high"]],
        n=len(used),
        first=str(used["period"].iloc[0]),
        last=str(used["period"].iloc[-1]),
    )


def random_walk(values: np.ndarray, steps: int, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """Random walk with drift: the last value plus the mean step, with the prediction interval.

    The steps are regressed on a constant by statsmodels' OLS. Variance h steps ahead: h s² for the steps to come and h² s²/(n-1) for the
    estimated drift; Student's t with n-2 degrees of freedom (Hyndman & Athanasopoulos, Forecasting: Principles and Practice,
    3rd ed., 5.5).

    Returns:
        One row a step: value, low, high.
    """
    from scipy.stats import t
    from statsmodels.regression.linear_model import OLS  # seconds to import, and few pages forecast

    fit = OLS(np.diff(values), np.ones(len(values) - 1)).fit()
    ahead = np.arange(1, steps + 1)
    value = values[-1] + ahead * fit.params[0]
    half = t.ppf((1 + confidence) / 2, fit.df_resid) * np.sqrt(ahead * fit.scale + ahead**2 * fit.bse[0] ** 2)
    return pd.DataFrame({"value": value, "low": value - half, "high": value + half})


def _unbroken(rows: pd.DataFrame, rules: Sequence[dt.date] = ()) -> tuple[pd.DataFrame, str]:
    """The rows since the last break, and the period that begins after it (empty without one).

    A break is a missing period, another table, or a rule that changed on one of these days.
    """
    begins, broken = 0, ""
    for i in range(1, len(rows)):
        one, two = rows.iloc[i - 1], rows.iloc[i]
        if (
            following(str(one["period"])) != two["period"]
            or one["table"] != two["table"]
            or any(one["day"] < d <= two["day"] for d in rules)
        ):
            begins, broken = i, str(two["period"])
    return rows.iloc[begins:], broken


def _between(first: str, until: dt.date) -> list[str]:
    out = []
    while last_day(first) <= until:
        out.append(first)
        first = following(first)
    return out


def _bounds(indicator: Indicator) -> tuple[float | None, float | None]:
    """What a value cannot pass: shares 0 to 1, nought for what is counted."""
    return {"rate": (0.0, 1.0), "sd": (None, None)}.get(indicator.kind, (0.0, None))


# ---- the whole --------------------------------------------------------------------------------------------------------------
def indicators_with_targets(targets: pd.DataFrame, place: str = NATION) -> list[str]:
    """Indicators of the registry that have a target at a place, in the order of the registry."""
    named = set(targets.loc[targets["place_code"] == place, "indicator"])
    return [i for i in REGISTRY if i in named]


def drawn(found: Track) -> pd.DataFrame:
    """What a picture of the track needs: one row a period from the first value to the last target.

    Returns:
        period, value, state, low, high (values as they are, judged or not), ended, path, target (NaN but at targets).
    """
    own = {r["period"] if found.kind else _running(found): r for r in found.rows}
    due = {_mark(g, found.kind): g.value for g in found.goals}
    nothing = {"value": np.nan, "state": cells.NOT_COLLECTED, "low": np.nan, "high": np.nan}
    return pd.DataFrame(
        {
            "period": p,
            **{key: own.get(p, nothing)[key] for key in nothing},
            "ended": last_day(p) <= found.as_of,
            "path": path_at(found.base, found.goals, last_day(p)),
            "target": due.get(p, np.nan),
        }
        for p in _axis(found)
    )


def marks(found: Track, kind: str) -> dict[str, float]:
    """Period of an axis of a kind -> the target that falls due in it; empty where the targets judge numbers of another kind.

    The targets of a year's distinct count say nothing of a semester's count; those of an indicator kept by semester alone are judged by
    the last semester of their year.
    """
    return {_mark(g, kind): g.value for g in found.goals} if found.kind == kind and _comparable(found) else {}


def _axis(found: Track) -> list[str]:
    if not found.kind or not _comparable(found):
        return [g.period for g in found.goals]
    known = [r["period"] for r in found.rows if r["state"] != cells.NOT_COLLECTED]
    first = known[0] if known else _mark(found.goals[0], found.kind)
    last = max([*known, _mark(found.goals[-1], found.kind)], key=last_day)
    return _between(first, last_day(last))


def _comparable(found: Track) -> bool:
    kinds = {period_type(g.period) for g in found.goals}
    return kinds == {found.kind} or (found.kind == "semester" and kinds == {"academic_year"})


def _mark(goal: Goal, kind: str) -> str:
    """The period of the axis at whose end a target falls due."""
    return f"{goal.period[2:]}-2" if kind == "semester" and goal.period.startswith("AY") else goal.period


def _running(found: Track) -> str:
    """The target period in which the as-of date lies: where the state of a register is drawn."""
    return next((g.period for g in found.goals if last_day(g.period) >= found.as_of), found.goals[-1].period)
