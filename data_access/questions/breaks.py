"""Where a series breaks: a dated rule that an indicator depends on changed, so that what comes after does not compare with what was before.

Rules are rows of the release: thresholds (`parameter`), rates of money (`rate`), and cut-offs that come with the scores themselves
(`screening_score`). A period is under the rule in force on its last day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema as s
from data_access.contract.periods import first_day, last_day, period_type
from data_access.programmes.base import Indicator
from data_access.store.engines import read_frame, remembered

RATE, CUTOFF = "rate:", "screening_cutoff"


@dataclass(frozen=True)
class Break:
    """A rule that changed: since which day, and from what to what where it is one number (a share or a score)."""

    rule: str
    day: dt.date
    before: float | None = None
    after: float | None = None


def rules_of(indicator: Indicator) -> tuple[str, ...]:
    """The dated rules that an indicator depends on; money also on the rate that it is paid by."""
    return (*indicator.rules, *([RATE + indicator.rate] if indicator.rate else []))


def breaks(connection: sa.Connection, indicator: Indicator) -> tuple[Break, ...]:
    """Every change of a rule of the indicator, the oldest first. The first rule of all is no change."""
    found = (b for rule in rules_of(indicator) for b in remembered(connection, _changes, rule))
    return tuple(sorted(found, key=lambda b: b.day))


def between(found: tuple[Break, ...], before: str, now: str) -> tuple[Break, ...]:
    """The breaks that came into force after the last day of one period and until that of a later one."""
    return tuple(b for b in found if last_day(before) < b.day <= last_day(now))


def first_period(found: Break, periods: list[str]) -> str | None:
    """The first of these periods (one kind, in order) under the new rule."""
    return next((p for p in periods if found.day <= last_day(p)), None)


def threshold_on(connection: sa.Connection, parameter: str, day: dt.date) -> float | None:
    """The value of a dated parameter in force on a day; None before the first."""
    rows = _parameter(connection, parameter)
    known = rows[rows["day"] <= day]
    return float(known["value"].iloc[-1]) if len(known) else None


def _parameter(connection: sa.Connection, name: str) -> pd.DataFrame:
    p = s.parameter.c
    rows = read_frame(connection, sa.select(p.effective_from.label("day"), p.value).where(p.parameter_id == name))
    return rows.assign(day=pd.to_datetime(rows["day"]).dt.date).sort_values("day", ignore_index=True)


def _changes(connection: sa.Connection, rule: str) -> tuple[Break, ...]:
    if rule == CUTOFF:
        return _cutoffs(connection)
    if rule.startswith(RATE):
        return _rates(connection, rule)
    rows = _parameter(connection, rule)
    steps = pairwise(zip(rows["day"], rows["value"].astype(float), strict=True))
    return tuple(Break(rule, day, old, new) for (_d, old), (day, new) in steps if old != new)


def _rates(connection: sa.Connection, rule: str) -> tuple[Break, ...]:
    """Days on which the amounts of a rate changed; sources that conflict with those in force change nothing."""
    r = s.rate.c
    wanted = (r.rate_id == rule.removeprefix(RATE), r.status != "conflicting")
    rows = read_frame(connection, sa.select(r.effective_from, r.band, r.baht, r.per).where(*wanted))
    rows["day"] = pd.to_datetime(rows["effective_from"]).dt.date
    sets: dict[dt.date, set[tuple]] = {}
    for day, *amount in rows[["day", "band", "baht", "per"]].itertuples(index=False):
        sets.setdefault(day, set()).add(tuple(amount))
    return tuple(Break(rule, day) for (_d, old), (day, new) in pairwise(sorted(sets.items())) if old != new)


def _cutoffs(connection: sa.Connection) -> tuple[Break, ...]:
    """Semesters whose cut-off is not that of the semester before that has one."""
    c = s.screening_score.c
    rows = read_frame(connection, sa.select(c.semester, sa.cast(c.cutoff, sa.Double).label("cutoff")).distinct())
    sets = {str(p): tuple(sorted(part["cutoff"])) for p, part in rows.groupby("semester")}
    steps = [(p, old, new) for (_p, old), (p, new) in pairwise(sorted(sets.items())) if old != new]
    return tuple(Break(CUTOFF, first_day(p), *((*old, *new) if len(old) == len(new) == 1 else ())) for p, old, new in steps)


def events(found: tuple[Break, ...], periods: list[str]) -> list[tuple[str, Break]]:
    """Breaks on an axis of periods of one kind: the first period under the new rule; nothing where no older period is shown."""
    kinds = {period_type(p) for p in periods}
    if len(kinds) != 1:
        return []
    placed = [(first_period(b, periods), b) for b in found]
    return [(p, b) for p, b in placed if p is not None and p != periods[0]]
