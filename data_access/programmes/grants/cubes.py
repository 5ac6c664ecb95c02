"""Grants and screening scores as cubes: what is counted, and how the rows are read."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema as s
from data_access.contract.periods import last_day, year_before
from data_access.contract.placing import school_places
from data_access.programmes.reading import DaysBetween, count_of, sum_of
from data_access.questions.breaks import threshold_on
from data_access.store.engines import read_frame
from data_access.summaries.cube import UNSPECIFIED, CubeSpec

GRANT_PEOPLE = (
    "basic",
    "equity",
    "retained",
    "in_school",
    "next_known",
    "met",
    "condition_known",
    "paid",
    "eligible",
    "eligible_extra",
    "allotted",
    "verified",
    "certified",
    "screened",
    "found",
    "dropped",
    "attended",
    "timed",
    "referred",
    "accepted",
    "closed",
    "met_old_rule",
)
GRANT_ATTACHED = {
    "basic_baht": "basic",
    "equity_baht": "equity",
    "attendance_sum": "attended",
    "days_sum": "timed",
    **dict.fromkeys(("referral_days", "closed_timed"), "closed"),
    **{f"{what}_{stage}": stage for stage in s.STAGE[1:] for what in ("days", "timed")},
}

GRANTS = CubeSpec(
    path=("province_code", "district_code", "lao_code", "school_code"),
    levels=("province", "district", "lao", "school"),
    people=GRANT_PEOPLE,
    attached=GRANT_ATTACHED,
    attributes={"sex": s.SEX[:2], "level": s.LEVEL[:3], "tier": s.TIER, "disability": s.DISABILITY[:2]},
    crossed=("sex", "level", "tier"),
    unasked=("disability",),
    untold=("closed_timed", *(f"timed_{stage}" for stage in s.STAGE[1:])),
    priced={"basic_baht": "level", "equity_baht": "level"},
)

SCORE_BAND = 10  # hundredths of the score in one bar of the histogram
SCREENING = CubeSpec(
    path=("province_code",),
    levels=("province",),
    people=("assessed", "checked_poor", "checked_selected", "missed_poor", "leaked"),
    attached={},
    attributes={"band": tuple(f"{n:02}" for n in range(0, 100, SCORE_BAND))},
)


def _reached(stage: str) -> sa.ColumnElement:
    return s.pupil_grant.c.stage.in_(s.STAGE[s.STAGE.index(stage) :])


def _grant_flags() -> dict[str, sa.ColumnElement]:
    g = s.pupil_grant.c
    poor = g.tier.in_(("poor", "extra_poor"))
    known = g.next_status.in_(("stayed", "moved_up", "moved", "dropped_out"))
    return {
        "found": sa.true(),
        **{stage: _reached(stage) for stage in ("screened", "certified", "verified", "allotted", "paid")},
        "eligible": sa.and_(_reached("screened"), poor),
        "eligible_extra": sa.and_(_reached("screened"), g.tier == "extra_poor"),
        "basic": g.basic_baht > 0,
        "equity": g.equity_baht > 0,
        "condition_known": sa.and_(g.equity_baht > 0, g.condition_met.is_not(None)),  # the condition is one of the Equity Grant
        "met": sa.and_(g.equity_baht > 0, g.condition_met.is_(sa.true())),
        "next_known": known,
        "dropped": g.next_status == "dropped_out",
        "in_school": sa.and_(known, g.next_status != "dropped_out"),
        "retained": g.next_status.in_(("stayed", "moved_up")),
        "attended": g.attendance.is_not(None),
        "timed": sa.and_(g.found_on.is_not(None), g.paid_on.is_not(None)),
        "referred": g.referral.in_(("sent", "accepted", "closed")),
        "accepted": g.referral.in_(("accepted", "closed")),
        "closed": g.referral == "closed",
        "closed_timed": _both(g.referred_on, g.referral_closed_on),
        **{f"timed_{stage}": _both(*_step(stage)) for stage in s.STAGE[1:]},
    }


def _disability() -> sa.ColumnElement:
    return sa.func.coalesce(s.pupil_grant.c.disability, UNSPECIFIED).label("disability")


def _met_old_rule(connection: sa.Connection) -> sa.ColumnElement:
    """Who met the attendance condition by the rule of the year before: as recorded, but for semesters of another threshold than then."""
    g = s.pupil_grant.c
    semesters = [str(p) for p in read_frame(connection, sa.select(g.semester).distinct())["semester"]]
    days = {p: (last_day(year_before(p)), last_day(p)) for p in semesters}
    rules = {p: [threshold_on(connection, "attendance_threshold", d) for d in two] for p, two in days.items()}
    changed = [
        (sa.and_(g.semester == p, g.condition_met.is_not(None)), g.attendance >= old)
        for p, (old, new) in rules.items()
        if old is not None and old != new
    ]
    recorded = g.condition_met.is_(sa.true())
    return sa.and_(g.equity_baht > 0, sa.case(*changed, else_=recorded) if changed else recorded)


def _both(start: sa.ColumnElement, end: sa.ColumnElement) -> sa.ColumnElement:
    return sa.and_(start.is_not(None), end.is_not(None))


def _step(stage: str) -> tuple[sa.ColumnElement, sa.ColumnElement]:
    """The days of the stage before and of a stage."""
    before = s.STAGE[s.STAGE.index(stage) - 1]
    return s.pupil_grant.c[f"{before}_on"], s.pupil_grant.c[f"{stage}_on"]


def grant_atoms(connection: sa.Connection) -> pd.DataFrame:
    g, p = s.pupil_grant.c, school_places()
    keys = [
        p.c.province_code,
        p.c.district_code,
        p.c.lao_code,
        p.c.school_code,
        g.semester.label("period"),
        g.sex,
        g.level,
        g.tier,
        _disability(),
    ]
    sums = [
        sum_of(g.basic_baht).label("basic_baht"),
        sum_of(g.equity_baht).label("equity_baht"),
        sum_of(g.attendance).label("attendance_sum"),
        sum_of(DaysBetween(g.found_on, g.paid_on)).label("days_sum"),
        sum_of(DaysBetween(g.referred_on, g.referral_closed_on)).label("referral_days"),
        *(sum_of(DaysBetween(*_step(stage))).label(f"days_{stage}") for stage in s.STAGE[1:]),
    ]
    flags = {**_grant_flags(), "met_old_rule": _met_old_rule(connection)}
    counts = [count_of(flag).label(name) for name, flag in flags.items()]
    statement = sa.select(*keys, *counts, *sums).join_from(s.pupil_grant, p, g.school_code == p.c.school_code).group_by(*keys)
    return read_frame(connection, statement)


def grant_year_atoms(connection: sa.Connection, semesters: pd.DataFrame) -> pd.DataFrame:
    """Distinct pupils of an academic year, placed where they were in its last semester; baht from the semesters themselves."""
    g, p = s.pupil_grant.c, school_places()
    year = sa.func.substr(g.semester, 1, 4).label("year")
    flags = (
        sa.select(
            g.pupil_key,
            year,
            sa.func.max(g.semester).label("last"),
            sa.func.max(sa.case((g.basic_baht > 0, 1), else_=0)).label("basic"),
            sa.func.max(sa.case((g.equity_baht > 0, 1), else_=0)).label("equity"),
        ).group_by(g.pupil_key, year)
    ).subquery("flags")
    keys = [
        p.c.province_code,
        p.c.district_code,
        p.c.lao_code,
        p.c.school_code,
        flags.c.year.label("period"),
        g.sex,
        g.level,
        g.tier,
        _disability(),
    ]
    statement = (
        sa.select(*keys, sum_of(flags.c.basic).label("basic"), sum_of(flags.c.equity).label("equity"))
        .join_from(flags, s.pupil_grant, sa.and_(g.pupil_key == flags.c.pupil_key, g.semester == flags.c.last))
        .join(p, g.school_code == p.c.school_code)
        .group_by(*keys)
    )
    people = read_frame(connection, statement)
    money = semesters.assign(period=semesters["period"].str[:4], basic=0.0, equity=0.0)
    both = pd.concat([people, money[[*people.columns, "basic_baht", "equity_baht"]]], ignore_index=True)
    both["period"] = "AY" + both["period"]
    keys_there = [str(k.name) for k in keys]
    return _numbers(both.reindex(columns=[*keys_there, *GRANT_PEOPLE, *GRANT_ATTACHED]), len(keys_there))


def _numbers(frame: pd.DataFrame, keys: int) -> pd.DataFrame:
    values = list(frame.columns[keys:])
    return frame.assign(**{c: frame[c].fillna(0).astype(float) for c in values})


def screening_atoms(connection: sa.Connection) -> pd.DataFrame:
    """Scores by band, and who of those with a known truth the cut-off missed or let in."""
    rows = read_frame(connection, sa.select(s.screening_score)).rename(columns={"semester": "period"})
    n, selected = rows["pupils"].astype(float), rows["score_low"] >= rows["cutoff"]
    poor, checked = rows["truth"] == "poor", rows["truth"] != "unknown"
    return rows.assign(
        band=[f"{low // SCORE_BAND * SCORE_BAND:02}" for low in rows["score_low"].astype(int)],
        assessed=n,
        checked_poor=n.where(poor, 0.0),
        checked_selected=n.where(checked & selected, 0.0),
        missed_poor=n.where(poor & ~selected, 0.0),
        leaked=n.where(checked & ~poor & selected, 0.0),
    )


def grant_senders(connection: sa.Connection) -> pd.DataFrame:
    """Every school by semester, with whether it has paid somebody, or had nobody to pay."""
    g, places = s.pupil_grant.c, school_places()
    poor = sa.and_(g.tier.in_(("poor", "extra_poor")), g.stage.in_(s.STAGE[s.STAGE.index("screened") :]))
    keys = (places.c.province_code, places.c.district_code, places.c.lao_code, places.c.school_code, g.semester.label("period"))
    paid, due = (sa.func.max(sa.case((what, 1), else_=0)) for what in (g.stage == s.STAGE[-1], poor))
    rows = read_frame(
        connection,
        sa.select(*keys, paid.label("paid"), due.label("due"))
        .join_from(s.pupil_grant, places, g.school_code == places.c.school_code)
        .group_by(*keys),
    )
    return rows.assign(sender=rows["school_code"], paid=(rows["paid"] == 1) | (rows["due"] == 0)).drop(columns="due")
