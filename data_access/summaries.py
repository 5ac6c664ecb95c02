"""Summaries computed once, when a release is published: the protected cubes that pages read.

Each family of indicators has one cube (`data_access.cube`), stored in the release as the table `summary_<family>`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from data_access import schema as s
from data_access.breaks import threshold_on
from data_access.chain import build_chain
from data_access.cube import REGION_SCHEMES, UNSPECIFIED, CubeInMaking, CubeSpec, build_cube, guard_together
from data_access.design import rates_of
from data_access.engines import bulk_insert, read_frame
from data_access.matched_sums import COLUMNS as MATCHED_COLUMNS
from data_access.matched_sums import TABLE as MATCHED_TABLE
from data_access.matched_sums import matched_sums
from data_access.periods import last_day, year_before
from data_access.senders import school_places

BENCHMARK = 4  # the level at which an area of focus of a Learning City has reached its benchmark
EVER = "ever"  # the period of tables without one

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
CENTRE_PEOPLE = ("poor_reached", "children", "teachers")


def known(measures: tuple[str, ...]) -> dict[str, None]:
    """The counts of atoms that go with optional measures (`CubeSpec.optional`)."""
    return dict.fromkeys((*(f"known_{m}" for m in measures), "reports"))


QUALITIES = tuple(f"quality_{q}" for q in s.QUALITY)


CENTRES = CubeSpec(
    path=("province_code", "district_code", "centre_code"),
    levels=("province", "district", "centre"),
    people=CENTRE_PEOPLE,
    optional={m: f"known_{m}" for m in CENTRE_PEOPLE} | dict.fromkeys(("assessed", "good", *QUALITIES), "known_quality"),
    attached=known((*CENTRE_PEOPLE, "quality")) | dict.fromkeys(("centres", "upgraded", "assessed", "good", *QUALITIES), None),
    attributes={},
)
TSQP = CubeSpec(
    path=("province_code", "school_code"),
    levels=("province", "school"),
    people=("pupils", "teachers"),
    attached={"schools": None},
    attributes={},
)
ENROLMENT = CubeSpec(
    path=("province_code", "lao_code", "school_code"),
    levels=("province", "lao", "school"),
    people=("pupils",),
    attached={},
    attributes={},
)
TRIAL = CubeSpec(
    path=("province_code", "subdistrict_code"),
    levels=("province", "subdistrict"),
    people=("families",),
    attached={},
    attributes={},
)
OUTSIDE_MEASURES = ("stock", "found", "new", "helped", "back", "trained", "in_work", "lost_again")
OUTSIDE_AGES = {"child_youth": s.AGE_GROUP[:4], "informal_worker": s.AGE_GROUP[2:]}


def _outside(ages: tuple[str, ...]) -> CubeSpec:
    return CubeSpec(
        path=("province_code",),
        levels=("province",),
        people=OUTSIDE_MEASURES,
        attached=known(OUTSIDE_MEASURES),
        attributes={"sex": s.SEX[:2], "age_group": ages},
        optional={m: f"known_{m}" for m in OUTSIDE_MEASURES},
    )


SCORE_BAND = 10  # hundredths of the score in one bar of the histogram
SCREENING = CubeSpec(
    path=("province_code",),
    levels=("province",),
    people=("assessed", "checked_poor", "checked_selected", "missed_poor", "leaked"),
    attached={},
    attributes={"band": tuple(f"{n:02}" for n in range(0, 100, SCORE_BAND))},
)
FORTNIGHTS = 13  # in a semester
VISITS = CubeSpec(
    path=("province_code", "subdistrict_code"),
    levels=("province", "subdistrict"),
    people=("enrolled", "active", "planned", "done"),
    attached={},
    attributes={"arm": s.ARM, "fortnight": tuple(f"{n:02}" for n in range(1, FORTNIGHTS + 1))},
    followed=("active",),
)
CITIES = CubeSpec(
    path=("province_code",),
    levels=("province",),
    people=(),
    attached=dict.fromkeys(("scored", "expected", "level_sum", "speed_sum", "speed_n", "reached")),
    attributes={"focus": s.FOCUS},
)
LINKS = CubeSpec(
    path=("province_code",),
    levels=("province",),
    people=("records", "matched"),
    attached={},
    attributes={"outcome": s.LINK_OUTCOME},
    each="link",
)
RESULTS = CubeSpec(
    path=("province_code", "lao_code", "school_code"),
    levels=("province", "lao", "school"),
    people=("tested",),
    attached=dict.fromkeys(("score_sum", "square_sum", "spread_sum", "spread_n"), "tested"),
    untold=("spread_n",),
    attributes={"subject": ("thai", "maths", "science", "english"), "grade": ("P6", "M3"), "area": ("rural", "urban")},
    deep=True,
)


@dataclass(frozen=True)
class Family:
    """A cube of the release: how its atoms are read and what it is made of."""

    name: str
    spec: CubeSpec
    atoms: Callable[[sa.Connection], pd.DataFrame]
    year_atoms: Callable[[sa.Connection, pd.DataFrame], pd.DataFrame] | None = None
    year_people: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        return f"summary_{self.name}"


# ---- grants -----------------------------------------------------------------------------------------------------------
def _count(condition: sa.ColumnElement) -> sa.ColumnElement:
    return _sum(sa.case((condition, 1), else_=0))


def _sum(value: sa.ColumnElement) -> sa.ColumnElement:
    """A sum as a plain floating number: DuckDB's own is a 128-bit integer, which frames read slowly as objects."""
    return sa.cast(sa.func.coalesce(sa.func.sum(value), 0), sa.Double)


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


class DaysBetween(FunctionElement[int]):
    """Whole days from the first date to the second; each kind of engine writes it in its own way."""

    name = "days_between"
    type = sa.Integer()
    inherit_cache = True


@compiles(DaysBetween)  # DuckDB, Trino
def _date_diff(days: DaysBetween, compiler: SQLCompiler, **options: Any) -> str:
    return f"date_diff('day', {compiler.process(days.clauses, **options)})"


@compiles(DaysBetween, "postgresql")
def _difference(days: DaysBetween, compiler: SQLCompiler, **options: Any) -> str:
    start, end = (compiler.process(date, **options) for date in days.clauses)
    return f"({end} - {start})"


@compiles(DaysBetween, "impala")  # the dialect of HiveServer2's protocol: Spark, Hive, Impala
def _datediff(days: DaysBetween, compiler: SQLCompiler, **options: Any) -> str:
    start, end = (compiler.process(date, **options) for date in days.clauses)
    return f"datediff({end}, {start})"


def _grant_atoms(connection: sa.Connection) -> pd.DataFrame:
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
        _sum(g.basic_baht).label("basic_baht"),
        _sum(g.equity_baht).label("equity_baht"),
        _sum(g.attendance).label("attendance_sum"),
        _sum(DaysBetween(g.found_on, g.paid_on)).label("days_sum"),
        _sum(DaysBetween(g.referred_on, g.referral_closed_on)).label("referral_days"),
        *(_sum(DaysBetween(*_step(stage))).label(f"days_{stage}") for stage in s.STAGE[1:]),
    ]
    flags = {**_grant_flags(), "met_old_rule": _met_old_rule(connection)}
    counts = [_count(flag).label(name) for name, flag in flags.items()]
    statement = sa.select(*keys, *counts, *sums).join_from(s.pupil_grant, p, g.school_code == p.c.school_code).group_by(*keys)
    return read_frame(connection, statement)


def _grant_year_atoms(connection: sa.Connection, semesters: pd.DataFrame) -> pd.DataFrame:
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
        sa.select(*keys, _sum(flags.c.basic).label("basic"), _sum(flags.c.equity).label("equity"))
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


# ---- schools, centres, trial --------------------------------------------------------------------------------------------
def _tsqp_atoms(connection: sa.Connection) -> pd.DataFrame:
    t, p = s.tsqp_school.c, school_places()
    statement = sa.select(p.c.province_code, t.school_code, t.pupils, t.teachers).join_from(
        s.tsqp_school, p, t.school_code == p.c.school_code
    )
    frame = read_frame(connection, statement)
    return frame.assign(period=EVER, schools=1.0)


def _enrolment_atoms(connection: sa.Connection) -> pd.DataFrame:
    p, sch = school_places(), s.school.c
    statement = (
        sa.select(p.c.province_code, p.c.lao_code, p.c.school_code, sa.cast(sch.pupils, sa.Double).label("pupils"))
        .join_from(s.school, p, sch.school_code == p.c.school_code)
        .where(sch.pupils.is_not(None))
    )
    return read_frame(connection, statement).assign(period=EVER)


def _results_atoms(connection: sa.Connection) -> pd.DataFrame:
    r, p, sch = s.school_result.c, school_places(), s.school.c
    year = ("AY" + sa.cast(r.academic_year, sa.Text)).label("period")
    statement = (
        sa.select(p.c.province_code, p.c.lao_code, p.c.school_code, year, r.subject, r.grade, sch.rural, r.n, r.mean, r.sd)
        .join_from(s.school_result, p, r.school_code == p.c.school_code)
        .join(s.school, sch.school_code == r.school_code)
        .where(r.mean.is_not(None), r.n > 0, sch.rural.is_not(None))
    )
    frame = read_frame(connection, statement)
    n, mean, sd = (frame[c].astype(float) for c in ("n", "mean", "sd"))
    spread_n = n.where(sd.notna() | (n == 1), 0.0)  # a school that gave no SD says nothing of the spread within it
    return frame.assign(
        area=np.where(frame["rural"].astype(bool), "rural", "urban"),
        tested=n,
        score_sum=n * mean,
        square_sum=(spread_n - 1).clip(lower=0) * sd.fillna(0) ** 2 + spread_n * mean**2,
        spread_sum=spread_n * mean,
        spread_n=spread_n,
    )


def _centre_atoms(connection: sa.Connection) -> pd.DataFrame:
    c, r = s.centre.c, s.centre_semester.c
    statement = sa.select(
        c.province_code,
        c.district_code,
        c.centre_code,
        c.upgrade_from,
        r.semester.label("period"),
        r.children,
        r.poor_reached,
        r.teachers,
        r.quality,
    ).join_from(s.centre_semester, s.centre, r.centre_code == c.centre_code)
    f = read_frame(connection, statement)
    f["district_code"] = f["district_code"].fillna(f["province_code"] + "00")
    f["assessed"] = f["quality"].isin(["below", "basic", "good", "excellent"]).astype(float)
    f["good"] = f["quality"].isin(["good", "excellent"]).astype(float)
    f["upgraded"] = (f["upgrade_from"].notna() & (f["upgrade_from"].fillna("9") <= f["period"])).astype(float)
    f["centres"] = 1.0
    f = f.assign(**{f"quality_{q}": (f["quality"] == q).astype(float) for q in s.QUALITY})
    return with_known(f, CENTRE_PEOPLE).assign(known_quality=f["quality"].notna().astype(float))


def _trial_atoms(connection: sa.Connection) -> pd.DataFrame:
    t, d, sub = s.trial_family.c, s.district.c, s.subdistrict.c
    statement = (
        sa.select(
            d.province_code, t.subdistrict_code, t.semester.label("period"), sa.cast(sa.func.count(), sa.Double).label("families")
        )
        .join_from(s.trial_family, s.subdistrict, t.subdistrict_code == sub.subdistrict_code)
        .join(s.district, sub.district_code == d.district_code)
        .group_by(d.province_code, t.subdistrict_code, t.semester)
    )
    return read_frame(connection, statement)


def _screening_atoms(connection: sa.Connection) -> pd.DataFrame:
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


def _visit_atoms(connection: sa.Connection) -> pd.DataFrame:
    """Visits of each cluster and fortnight. Families enrolled stand in the first fortnight, those taking part at the end in the last.

    The plan is a visit a fortnight to each family enrolled. What the table gives as planned counts the families still taking part
    instead: told, it would tell how many have left, fortnight by fortnight.
    """
    v, k, t = s.trial_visit.c, s.trial_cluster.c, s.trial_family.c
    statement = sa.select(
        v.subdistrict_code, v.semester.label("period"), v.starts_on, v.planned, v.done, v.families_active, k.arm
    ).join_from(s.trial_visit, s.trial_cluster, v.subdistrict_code == k.subdistrict_code)
    rows = read_frame(connection, statement).sort_values("starts_on", ignore_index=True)
    if rows.empty:
        return rows
    counted = sa.select(t.subdistrict_code, sa.func.count().label("enrolled")).group_by(t.subdistrict_code)
    families = rows["subdistrict_code"].map(read_frame(connection, counted).set_index("subdistrict_code")["enrolled"]).fillna(0)
    of_cluster = rows.groupby(["subdistrict_code", "period"])["starts_on"]
    return rows.assign(
        province_code=rows["subdistrict_code"].str[:2],
        fortnight=[f"{n:02}" for n in rows.groupby("period")["starts_on"].rank(method="dense").astype(int)],
        enrolled=families.where(rows["starts_on"] == of_cluster.transform("min"), 0).astype(float),
        active=rows["families_active"].where(rows["starts_on"] == of_cluster.transform("max"), 0).astype(float),
        planned=families.where(rows["planned"] > 0, 0).astype(float),
        done=rows["done"].astype(float),
    )


def _city_atoms(connection: sa.Connection) -> pd.DataFrame:
    """Scores with what they moved since the first one of the same place and area; every place is expected to have all areas."""
    rows = read_frame(connection, sa.select(s.learning_city_score)).drop(columns="evidence")
    if rows.empty:
        return rows
    places = rows[["province_code", "academic_year"]].drop_duplicates()
    grid = places.merge(pd.DataFrame({"focus": s.FOCUS}), how="cross").merge(rows, how="left")
    grid = grid.sort_values("academic_year")
    level = grid["level"].astype(float)
    own = grid[level.notna()].groupby(["province_code", "focus"])
    first_level, first_year = (own[c].transform("first").reindex(grid.index).astype(float) for c in ("level", "academic_year"))
    years = grid["academic_year"] - first_year
    moved = years > 0
    return grid.drop(columns="level").assign(
        period="AY" + grid["academic_year"].astype(str),
        expected=1.0,
        scored=level.notna().astype(float),
        level_sum=level.fillna(0),
        reached=(level >= BENCHMARK).astype(float),
        speed_sum=((level - first_level) / years.where(moved)).fillna(0),
        speed_n=moved.astype(float),
    )


def _link_atoms(connection: sa.Connection) -> pd.DataFrame:
    rows = read_frame(connection, sa.select(s.register_link))
    records = rows["records"].astype(float)
    period = "AY" + rows["academic_year"].astype(str)
    return rows.drop(columns="academic_year").assign(
        period=period, records=records, matched=records.where(rows["outcome"] == "matched", 0.0)
    )


def with_known(frame: pd.DataFrame, measures: tuple[str, ...]) -> pd.DataFrame:
    """Atoms with their optional measures as numbers, and which of them were given."""
    given = {f"known_{m}": frame[m].notna().astype(float) for m in measures}
    return frame.assign(reports=1.0, **given, **{m: frame[m].fillna(0).astype(float) for m in measures})


def _outside_atoms(population: str) -> Callable[[sa.Connection], pd.DataFrame]:
    def atoms(connection: sa.Connection) -> pd.DataFrame:
        c = s.out_of_school_count.c
        measures = [c[m] for m in OUTSIDE_MEASURES]
        keys = (c.province_code, c.semester.label("period"), c.sex, c.age_group)
        frame = read_frame(connection, sa.select(*keys, *measures).where(c.population == population))
        return with_known(frame, OUTSIDE_MEASURES)

    return atoms


# ---- aggregates that agencies report -------------------------------------------------------------------------------------
REPORTED_LEVELS = ("province", "district", "subdistrict")
REPORTED_PATH = tuple(f"{level}_code" for level in REPORTED_LEVELS)
REPORTED = CubeSpec(path=REPORTED_PATH, levels=REPORTED_LEVELS, people=("value",), attached={}, attributes={"sex": s.SEX})


def reported_cube(connection: sa.Connection, regions: pd.DataFrame) -> pd.DataFrame:
    """Protected reported values of all indicators, with a column `indicator`; money and institutions are not masked.

    A period reported at several place levels is read at the coarsest, which is the one that agencies answer for.
    """
    from data_access.indicators import REGISTRY

    raw = read_frame(connection, sa.select(s.reported_value).where(s.reported_value.c.value.is_not(None)))
    raw = raw[raw["place_level"].isin(REPORTED_LEVELS)].assign(value=lambda d: d["value"].astype(float))
    frames = []
    for (name, _), rows in raw.groupby(["indicator", "period"]):
        person = REGISTRY[str(name)].person if name in REGISTRY else True
        frames.append(_one_reported(rows, person, regions).assign(indicator=str(name)))
    columns = [*REPORTED_PATH, "place_level", "place_code", "period", "sex", "value", "indicator"]
    return pd.concat(frames, ignore_index=True).reindex(columns=columns) if frames else pd.DataFrame(columns=columns)


def _one_reported(rows: pd.DataFrame, person: bool, regions: pd.DataFrame) -> pd.DataFrame:
    """Totals may be stated without sexes for some places: those count in the total and leave the split unpublished there."""
    level = next(name for name in REPORTED_LEVELS if (rows["place_level"] == name).any())
    depth = REPORTED_LEVELS.index(level) + 1
    rows = rows[rows["place_level"] == level]
    rows = _preferred(rows, rows["level"] == "all")
    rows = _preferred(rows, rows["sex"] != "all")
    whole = rows["sex"] == "all"
    atoms = rows.assign(**{c: rows["place_code"].str[: 2 * n + 2] for n, c in enumerate(REPORTED_PATH[:depth])})
    people: tuple[str, ...] = ("value",) if person else ()
    attributes = {} if whole.any() else REPORTED.attributes
    spec = CubeSpec(REPORTED_PATH[:depth], REPORTED_LEVELS[:depth], people, {} if person else {"value": None}, attributes)
    cube = build_cube(atoms, spec, regions)
    return cube.assign(sex=cube.get("sex", "all"))


def _preferred(rows: pd.DataFrame, wanted: pd.Series) -> pd.DataFrame:
    """Of each place the wanted rows where it has any, else the others."""
    return rows[wanted | ~rows["place_code"].isin(rows.loc[wanted, "place_code"])]


# ---- building ------------------------------------------------------------------------------------------------------------
FAMILIES: dict[str, Family] = {
    f.name: f
    for f in (
        Family("grants", GRANTS, _grant_atoms, _grant_year_atoms, ("basic", "equity")),
        Family("centres", CENTRES, _centre_atoms),
        Family("tsqp", TSQP, _tsqp_atoms),
        Family("enrolment", ENROLMENT, _enrolment_atoms),
        Family("results", RESULTS, _results_atoms),
        Family("trial", TRIAL, _trial_atoms),
        Family("screening", SCREENING, _screening_atoms),
        Family("visits", VISITS, _visit_atoms),
        Family("cities", CITIES, _city_atoms),
        Family("links", LINKS, _link_atoms),
        Family("outside", _outside(OUTSIDE_AGES["child_youth"]), _outside_atoms("child_youth")),
        Family("informal", _outside(OUTSIDE_AGES["informal_worker"]), _outside_atoms("informal_worker")),
    )
}


def region_table(connection: sa.Connection) -> pd.DataFrame:
    """Province code -> its region in each scheme, in the order in which schemes are preferred for showing."""
    frame = read_frame(connection, sa.select(s.province))
    return frame.set_index("province_code")[list(REGION_SCHEMES)]


def build_summaries(engine: sa.Engine) -> None:
    """Compute every cube of a draft and store it beside its tables, replacing what was there."""
    with engine.begin() as connection:
        for name, cube in summaries(connection):
            _store(connection, name, cube)


SAME_PEOPLE = (("grants", "screened", "screening", "assessed", True), ("trial", "families", "visits", "enrolled", False))
"""Family and measure twice: two tables that count the same people by definition, and are protected together; and whether they are
dated alike (`guard_together`)."""


def summaries(connection: sa.Connection) -> Iterator[tuple[str, pd.DataFrame]]:
    """The name and content of every summary (empty where there are no rows), from the contract's tables behind a connection."""
    regions = region_table(connection)
    waiting: dict[str, CubeInMaking] = {}
    matched = [pd.DataFrame(columns=list(MATCHED_COLUMNS))]
    for family in FAMILIES.values():
        atoms = family.atoms(connection)
        if atoms.empty:
            yield family.table, atoms
        elif family.spec.each:  # counts different things side by side: a cube for each of them
            parts = [
                build_cube(rows, family.spec, regions, rates=rates_of(family.name)).assign(**{family.spec.each: str(c)})
                for c, rows in atoms.groupby(family.spec.each)
            ]
            yield family.table, pd.concat(parts, ignore_index=True)
        else:
            years = family.year_atoms(connection, atoms) if family.year_atoms else None
            made = CubeInMaking(atoms, family.spec, regions, years, family.year_people, rates_of(family.name))
            if any(family.name in pair for pair in SAME_PEOPLE):
                waiting[family.name] = made
            else:
                made.protect()
                matched.append(_matched(family.name, made))
                yield family.table, made.rows()
    _guard_together(waiting)
    for name, made in waiting.items():
        matched.append(_matched(name, made))
        yield FAMILIES[name].table, made.rows()
    yield MATCHED_TABLE, pd.concat([m for m in matched if len(m)] or matched, ignore_index=True)
    yield "summary_chain", build_chain(connection)
    yield "summary_reported", reported_cube(connection, regions)


def _guard_together(waiting: dict[str, CubeInMaking]) -> None:
    """Protect the cubes of families that count the same people (`SAME_PEOPLE`), as far as they are there."""
    for one, measure, other, same, dated in SAME_PEOPLE:
        if one in waiting and other in waiting:
            guard_together(waiting[one], measure, waiting[other], same, dated)
        elif one in waiting or other in waiting:
            waiting[one if one in waiting else other].protect()


def _matched(family: str, made: CubeInMaking) -> pd.DataFrame:
    """The sums of senders that sent in two years running, of what indicators count or add up."""
    from data_access.indicators import REGISTRY

    indicators = [i for i in REGISTRY.values() if i.family == family and not i.denominator]
    return matched_sums(family, made, [i.numerator for i in indicators])


def _store(connection: sa.Connection, name: str, cube: pd.DataFrame) -> None:
    sa.Table(name, sa.MetaData()).drop(connection, checkfirst=True)
    if cube.empty:
        return
    columns = [sa.Column(c, sa.Float if pd.api.types.is_numeric_dtype(cube[c]) else sa.String) for c in cube.columns]
    table = sa.Table(name, sa.MetaData(), *columns)
    table.create(connection)
    bulk_insert(connection, table, cube)
