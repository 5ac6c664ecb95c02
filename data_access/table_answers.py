"""Answers read from the tables themselves: readiness surveys, counts of institutions, pilot sets, rates and targets."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data_access import cells, chain_answers, schema
from data_access.adjustment import adjusted_change
from data_access.cube import REGION_SCHEMES
from data_access.cube_answers import expected_provinces, pilot_members, require_one, with_pilot_sets, with_regions
from data_access.disclosure import complement
from data_access.engines import columns_of, read_frame
from data_access.errors import UsageError
from data_access.indicators import Indicator
from data_access.policy import starts
from data_access.statistics import MIN_SAMPLE, Z95, weighted_slope, wilson
from i18n import N_

if TYPE_CHECKING:
    from data_access.query import Ask

FAMILIES = ("readiness", "pilot", "policy", "target", "chain")
SPECIAL = ("places", "members", "provinces", "distinct", "gap", "participation")
REFERENCE_DAY = dt.date(2022, 10, 31)  # the MOU's own date, from which its policy statement counts back


def answer(connection: sa.Connection, indicator: Indicator, ask: Ask) -> pd.DataFrame:
    """Cells of an indicator that has no cube; columns = `ask.by` and those of `cells.COLUMNS`."""
    if indicator.family == "readiness":
        frame, table = _readiness(connection, indicator, ask), "readiness_result"
    elif indicator.family == "chain":
        frame, table = chain_answers.answer(connection, indicator, ask), "chain_record"
    elif indicator.numerator == "gap:area":
        frame, table = _score_gap(connection, ask), "school_result"
    elif indicator.numerator == "participation":
        frame, table = _participation(connection, indicator, ask), "centre_semester"
    else:
        frame, table = _places(connection, indicator, ask)
    return cells.finish(frame, indicator, table)


# ---- counts of institutions and places ---------------------------------------------------------------------------------
def _places(connection: sa.Connection, indicator: Indicator, ask: Ask) -> tuple[pd.DataFrame, str]:
    if indicator.family == "policy":
        return _years_unchanged(connection, indicator, ask), "rate"
    rows, table = _members(connection, indicator, ask)
    counted = {"provinces": "province", "places": "province", "distinct": indicator.numerator.partition(":")[2]}
    what = counted.get(indicator.numerator.partition(":")[0], "member")
    rows = rows.rename(columns={}) if what in rows else rows.assign(**{what: rows.index})
    if ask.by:
        frame = rows.groupby(list(ask.by))[what].nunique().rename("value").reset_index()
    else:
        frame = pd.DataFrame([{"value": rows[what].nunique()}])
    if "province" in ask.by and set(ask.by) <= {"province", *REGION_SCHEMES}:
        frame = expected_provinces(connection, ask, None).merge(frame, how="left", on=list(ask.by))
        frame["value"] = frame["value"].fillna(0)
    known = len(rows) > 0 or (
        indicator.family == "centres" and len(_members(connection, indicator, replace(ask, where=()))[0]) > 0
    )
    return frame.assign(period="", value=frame["value"].astype(float) if known else np.nan, collected=known), table


def _members(connection: sa.Connection, indicator: Indicator, ask: Ask) -> tuple[pd.DataFrame, str]:
    """One row a counted institution, with its place columns, inside the filters of the question."""
    if indicator.family == "pilot":
        members = pilot_members(connection, ask)
        if members is None:
            raise UsageError(N_("Name a pilot set, or break down by pilot_set"))
        return members.rename(columns={"set_id": "pilot_set", "place_code": "member"}), "pilot_member"
    if indicator.family == "target":
        return read_frame(connection, sa.select(schema.target.c.period.label("member")).distinct()), "target"
    statement, table = _institutions(indicator)
    rows = read_frame(connection, statement)
    for column in [str(c) for c in rows.columns if str(c).endswith("_code")]:
        rows[column.removesuffix("_code")] = rows[column]
    rows = with_regions(connection, rows, ask)
    for key, codes in ask.where:
        if key == "pilot_set":
            continue
        if key not in rows:
            raise UsageError(N_("{id} cannot be filtered by {key}"), id=indicator.id, key=key)
        rows = rows[rows[key].isin(codes)]
    return with_pilot_sets(rows, pilot_members(connection, ask)), table


def _institutions(indicator: Indicator) -> tuple[sa.Select, str]:
    c, d, sub = schema.centre.c, schema.district.c, schema.subdistrict.c
    if indicator.family == "centres":
        return sa.select(c.province_code, c.district_code, c.centre_code).where(c.upgrade_from.is_not(None)), "centre"
    if indicator.family == "tsqp":
        return (
            sa.select(d.province_code, schema.school.c.school_code)
            .join_from(schema.tsqp_school, schema.school, schema.tsqp_school.c.school_code == schema.school.c.school_code)
            .join(schema.lao, schema.lao.c.lao_code == schema.school.c.lao_code)
            .join(schema.district, schema.lao.c.district_code == d.district_code)
        ), "tsqp_school"
    return (
        sa.select(d.province_code, schema.trial_family.c.subdistrict_code, schema.trial_family.c.area)
        .distinct()
        .join_from(schema.trial_family, schema.subdistrict, schema.trial_family.c.subdistrict_code == sub.subdistrict_code)
        .join(schema.district, sub.district_code == d.district_code)
    ), "trial_family"


def _years_unchanged(connection: sa.Connection, indicator: Indicator, ask: Ask) -> pd.DataFrame:
    """Whole years from the last change of each rate to the reference day; never negative.

    Not collected where the rate in force on that day has no known start: a day on which it was quoted is not the day on which it moved.
    """
    require_one(indicator, ask)
    there = columns_of(connection, "rate")
    rates = read_frame(
        connection, sa.select(*(c for c in schema.rate.c if c.name in there)).where(schema.rate.c.status != "conflicting")
    )
    rates = rates.assign(effective_from=pd.to_datetime(rates["effective_from"]), known=starts(rates))
    rates = rates[rates["effective_from"] <= pd.Timestamp(REFERENCE_DAY)]
    wanted = ask.values("rate")
    rates = rates[rates["rate_id"].isin(wanted)] if wanted else rates
    last = rates[rates["effective_from"] == rates.groupby("rate_id")["effective_from"].transform("max")]
    last = last.groupby("rate_id", as_index=False).agg(since=("effective_from", "max"), known=("known", "all"))
    years = [float(_whole_years(day.date(), REFERENCE_DAY)) for day in last["since"]]
    frame = last.assign(
        rate=last["rate_id"], value=pd.Series(years, dtype=float).where(last["known"]), period="", collected=False
    )
    if "rate" in ask.by:
        return frame[["rate", "value", "period", "collected"]]
    return (
        frame[["value", "period", "collected"]]
        if len(frame)
        else pd.DataFrame([{"value": np.nan, "period": "", "collected": False}])
    )


def _whole_years(start: dt.date, end: dt.date) -> int:
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


# ---- the rural-urban gap in scores ------------------------------------------------------------------------------------------
def _score_gap(connection: sa.Connection, ask: Ask) -> pd.DataFrame:
    """Urban minus rural mean over the pooled SD, within grade and subject, then averaged over both (equal weights)."""
    from data_access.cube_answers import answer_from_cube
    from data_access.indicators import REGISTRY
    from data_access.query import Ask as Question

    free = tuple(k for k in ("subject", "grade") if k not in ask.by)
    where = tuple((k, v) for k, v in ask.where if k not in ("area",))
    inner = Question((*ask.by, *free, "area"), where, ask.period_key)
    means = answer_from_cube(connection, REGISTRY["school.mean_score"], inner)
    spread = answer_from_cube(connection, REGISTRY["school.sd_score"], Question((*ask.by, *free), where, ask.period_key))
    keys = list(dict.fromkeys([*ask.by, *free, "period"]))
    means["se"] = (means["high"] - means["value"]) / Z95
    for frame in (means, spread):
        frame["hidden"] = frame["state"] == cells.SUPPRESSED
    hidden = [f.groupby(keys)["hidden"].any() for f in (means, spread)]
    wide: Any = means.set_index([*keys, "area"])[["value", "se"]].unstack("area")  # only the combinations that are there
    wide.columns = [f"{column}_{area}" for column, area in wide.columns]
    joined = wide.reset_index().merge(spread[[*keys, "value"]].rename(columns={"value": "sd"}), on=keys, how="left")
    for column in ("value_urban", "value_rural", "se_urban", "se_rural"):
        joined[column] = joined.get(column, np.nan)
    joined["hidden"] = np.logical_or(
        *(h.reindex(pd.MultiIndex.from_frame(joined[keys])).fillna(False).to_numpy(bool) for h in hidden)
    )
    joined["gap"] = (joined["value_urban"] - joined["value_rural"]) / joined["sd"]
    joined["gap_se"] = np.hypot(joined["se_urban"], joined["se_rural"]) / joined["sd"]
    return _average_gap(joined, list(dict.fromkeys([*ask.by, "period"])))


def _average_gap(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    means = rows[rows["gap"].notna()].groupby(keys)[["gap", "gap_se"]].mean()
    everything = rows.groupby(keys)[["hidden"]].any().join(means).rename(columns={"gap": "value", "gap_se": "se"}).reset_index()
    return everything.assign(
        low=everything["value"] - Z95 * everything["se"],
        high=everything["value"] + Z95 * everything["se"],
        collected=everything["hidden"],
    ).drop(columns=["se", "hidden"])


# ---- young children in centres, of those who live there ---------------------------------------------------------------------
def _participation(connection: sa.Connection, indicator: Indicator, ask: Ask) -> pd.DataFrame:
    """Children in centres in the first semester over children aged 2-4 of the same academic year and provinces.

    Both are added up over the provinces that have both: where there are no centres by law, those who live there are not counted either.
    """
    from data_access.cube_answers import answer_from_cube
    from data_access.indicators import REGISTRY
    from data_access.query import Ask as Question

    by = tuple(dict.fromkeys([*ask.by, "province"]))
    residents = answer_from_cube(connection, REGISTRY["population.children_2_4"], replace(ask, by=by))
    semesters = tuple(f"{p[2:]}-1" for p in residents["period"].unique() if p)
    where = (*((k, v) for k, v in ask.where if k != "academic_year"), ("semester", semesters))

    def children_by(keys: tuple[str, ...]) -> pd.DataFrame:
        by_semester = tuple("semester" if k == "academic_year" else k for k in keys)
        found = answer_from_cube(connection, REGISTRY["ecd.children"], Question(by_semester, where, "semester"))
        found["period"] = "AY" + found["period"].str[:4]
        return found.assign(academic_year=found["period"])

    children = children_by(by)
    keys = list(dict.fromkeys([*by, "period"]))
    both = residents.merge(children[[*keys, "value", "state"]], on=keys, how="left", suffixes=("", "_in"))
    both = both[~both["province"].isin(indicator.outside) | ("province" in ask.by)]
    absent = both["state"].eq(cells.NOT_COLLECTED) | both["state_in"].isna() | both["state_in"].eq(cells.NOT_COLLECTED)
    shown = both["value"].notna() & both["value_in"].notna()
    parts = {"numerator": both["value_in"].where(shown), "denominator": both["value"].where(shown)}
    marked = both.assign(**parts, hidden=~absent & ~shown, shown=shown, size=1)
    told = list(dict.fromkeys([*ask.by, "period"]))
    whole = marked.groupby(told, sort=False)
    found = whole[["numerator", "denominator", "hidden", "shown", "size"]].sum(min_count=1).reset_index()
    found = found.merge(children_by(ask.by)[[*told, "came"]], on=told, how="left")
    if found.empty and not ask.by:
        return pd.DataFrame([{"period": (ask.values("academic_year") or ("",))[0], "value": np.nan, "collected": False}])
    some = (found["shown"] + found["hidden"]).lt(cells.COMPLETE_FROM * found["size"])
    return found.assign(
        value=found["numerator"] / found["denominator"].where(found["denominator"] > 0),
        n=found["denominator"],
        flag=np.select([found["shown"].eq(0), found["hidden"] > 0, some], ["", "partial", "incomplete"], ""),
        collected=found["hidden"] + found["shown"] > 0,
    ).drop(columns=["hidden", "shown", "size"])


# ---- school readiness ---------------------------------------------------------------------------------------------------------
def readiness_rows(connection: sa.Connection) -> pd.DataFrame:
    """Province rows of every round with z and its standard error in SD of the first round, `shown` unless the sample is small."""
    rows = read_frame(connection, sa.select(schema.readiness_result))
    numbers = ["n", "mean", "sd", "se", "below_cut", "weight", "closure_days", "age_months"]
    rows[numbers] = rows[numbers].astype(float)
    rows["period"] = "AY" + rows["academic_year"].astype(str)
    rows["province"] = rows["province_code"]
    rows["hidden"] = _small_samples(rows)
    rows["shown"] = ~rows["hidden"] & rows["mean"].notna()
    return rows.merge(_base_round(rows), on="subdomain", how="left").assign(
        z=lambda d: (d["mean"] - d["base_mean"]) / d["base_sd"], z_se=lambda d: d["se"] / d["base_sd"]
    )


def _small_samples(rows: pd.DataFrame) -> np.ndarray:
    """Which rows are not shown: a place with fewer than 30 children in a group loses the whole kind of group.

    Were one group of a kind hidden alone, all less the others would give it back. The next smallest places are hidden as well,
    until none can be worked out from a national mean that is shown.
    """
    place = ["period", "subdomain", "province"]
    hidden = np.zeros(len(rows), dtype=bool)
    without = pd.MultiIndex.from_arrays([[], [], []], names=place)
    for kind in sorted(rows["group_kind"].unique(), key=lambda k: k != "all"):
        n = rows[rows["group_kind"] == kind].pivot_table(
            index=place, columns="group_code", values="n", aggfunc="sum", fill_value=0
        )
        few = ((n > 0) & (n < MIN_SAMPLE)).any(axis=1).to_numpy() | n.index.isin(without)
        nation = n.groupby(level=["period", "subdomain"]).ngroup().to_numpy()
        gone = n.index[complement(n.to_numpy(float), few, nation, MIN_SAMPLE)]
        without = gone if kind == "all" else without
        hidden |= (rows["group_kind"] == kind).to_numpy() & pd.MultiIndex.from_frame(rows[place]).isin(gone)
    return hidden


@lru_cache(maxsize=4)
def _published_rows(engine: sa.Engine) -> pd.DataFrame:
    """`readiness_rows` of a published release, read once: its engine is of that release alone and its tables never change."""
    with engine.connect() as connection:
        return readiness_rows(connection)


def _base_round(rows: pd.DataFrame) -> pd.DataFrame:
    """Weighted mean and pooled SD of each sub-domain in its first round; fixed for ever after."""
    whole = rows[(rows["group_kind"] == "all") & rows["mean"].notna()]
    first = whole[whole["academic_year"] == whole.groupby("subdomain")["academic_year"].transform("min")]
    weighted = first.assign(wm=first["weight"] * first["mean"], wv=first["weight"] * (first["sd"] ** 2 + first["mean"] ** 2))
    sums = weighted.groupby("subdomain")[["weight", "wm", "wv"]].sum()
    mean = sums["wm"] / sums["weight"]
    return pd.DataFrame({"base_mean": mean, "base_sd": np.sqrt(sums["wv"] / sums["weight"] - mean**2)}).reset_index()


def _adjusted(connection: sa.Connection, ask: Ask) -> pd.DataFrame:
    """Round effects over the wealth groups of the provinces that may be shown; sub-domains weigh alike."""
    rows = _published_rows(connection.engine)
    rows = rows[(rows["group_kind"] == "wealth") & rows["shown"]]
    keys = ["province", "group_code", "academic_year"]
    cells_of = rows.groupby(keys).agg(z=("z", "mean"), weight=("weight", "mean"), age=("age_months", "mean")).reset_index()
    frame = adjusted_change(cells_of.rename(columns={"group_code": "group"}))
    frame = frame.assign(period="AY" + frame["academic_year"].astype(str), collected=True)
    wanted = ask.values("academic_year")
    if wanted is None and "academic_year" not in ask.by:
        wanted = tuple(frame["period"].tail(1))
    frame = frame if wanted is None else frame[frame["period"].isin(wanted)]
    if frame.empty and not ask.by:
        return pd.DataFrame([{"period": (wanted or ("",))[0], "value": np.nan, "collected": False}])
    return frame.assign(academic_year=frame["period"])


def _readiness(connection: sa.Connection, indicator: Indicator, ask: Ask) -> pd.DataFrame:
    if indicator.numerator == "adjusted":
        return _adjusted(connection, ask)
    rows = _in_groups(with_regions(connection, _published_rows(connection.engine), ask), indicator, ask)
    members = pilot_members(connection, ask)
    if indicator.numerator in ("change", "slope"):
        rows = _with_change(rows)
    rows = with_pilot_sets(_in_places(rows, ask), members)
    rows = _in_periods(rows, ask)
    took_part = rows[["period", "province"]].drop_duplicates()
    national = not ({"province", "region4", "region6", "nesdc", "pilot_set"} & ask.keys)
    keys = list(dict.fromkeys([*ask.by, "period"]))
    left_out = pd.MultiIndex.from_frame(rows.loc[rows["hidden"] & (not national), keys])
    rows = rows[rows["shown"]] if not national else rows
    frame = _readiness_values(rows, indicator, keys) if len(rows) else pd.DataFrame(columns=[*keys, "value", "low", "high", "n"])
    frame["collected"] = True
    frame["flag"] = np.where(pd.MultiIndex.from_frame(frame[keys]).isin(left_out), "partial", "")
    if ask.by == () and not len(frame):
        return pd.DataFrame([{"period": "", "value": np.nan, "collected": len(took_part) > 0}])
    if "province" not in ask.by or "pilot_set" in ask.by:
        return frame
    present = set(took_part.itertuples(index=False, name=None))
    return _all_provinces(expected_provinces(connection, ask, members), frame, ask, present)


def _in_groups(rows: pd.DataFrame, indicator: Indicator, ask: Ask) -> pd.DataFrame:
    kind = indicator.numerator.partition("gap:")[2]
    kinds = (kind,) if kind else ask.values("group_kind")
    if kinds is None and "group_kind" not in ask.by and "group_code" not in ask.keys:
        kinds = ("all",)
    if kinds is not None:
        rows = rows[rows["group_kind"].isin(kinds)]
    for key in ("group_code", "subdomain"):
        wanted = ask.values(key)
        rows = rows[rows[key].isin(wanted)] if wanted is not None else rows
    return rows


def _in_places(rows: pd.DataFrame, ask: Ask) -> pd.DataFrame:
    for key in ("province", "region4", "region6", "nesdc"):
        wanted = ask.values(key)
        rows = rows[rows[key].isin(wanted)] if wanted is not None else rows
    return rows


def _in_periods(rows: pd.DataFrame, ask: Ask) -> pd.DataFrame:
    rows = rows.assign(academic_year=rows["period"])
    wanted = ask.values("academic_year")
    if wanted is None and "academic_year" not in ask.by and len(rows):
        wanted = (rows["period"].max(),)
    return rows[rows["period"].isin(wanted)] if wanted is not None else rows


def _with_change(rows: pd.DataFrame) -> pd.DataFrame:
    """z minus that of the same province in the base round; provinces that are not in both are left out of the comparison."""
    first = rows[rows["academic_year"] == rows.groupby("subdomain")["academic_year"].transform("min")]
    keys = ["province", "subdomain", "group_kind", "group_code"]
    base = first[[*keys, "z", "z_se", "shown"]].rename(columns={"z": "z0", "z_se": "z0_se", "shown": "shown0"})
    joined = rows.merge(base, on=keys)
    return joined.assign(
        change=joined["z"] - joined["z0"],
        change_se=pd.Series(np.hypot(joined["z_se"], joined["z0_se"])).where(joined["z"] != joined["z0"], 0.0),
        shown=joined["shown"] & joined["shown0"],
    )


def _weighted(rows: pd.DataFrame, keys: list[str], value: str, se: str | None = None) -> pd.DataFrame:
    """Weighted mean over provinces within each sub-domain, then the plain mean over sub-domains.

    Standard errors of sub-domains are averaged, which is exact for perfectly correlated ones and never too small.
    """
    inner = list(dict.fromkeys([*keys, "subdomain"]))
    ok = rows[rows[value].notna()]
    w = ok["weight"]
    parts = ok.assign(wv=w * ok[value], wn=ok["n"], ws=(w * ok[se]) ** 2 if se else np.nan)
    sums = parts.groupby(inner)[["weight", "wv", "wn", "ws"]].sum(min_count=1).reset_index()
    unknown = (
        parts["ws"].isna().groupby([parts[k] for k in inner]).any().to_numpy()
    )  # one error that is not given leaves none of all
    sums["value"], sums["se"] = sums["wv"] / sums["weight"], np.sqrt(sums["ws"].mask(unknown)) / sums["weight"]
    grouped = sums.groupby(keys)
    out = grouped[["value", "se"]].mean().assign(n=grouped["wn"].max()).reset_index()
    return out.assign(low=out["value"] - Z95 * out["se"], high=out["value"] + Z95 * out["se"])


def _readiness_values(rows: pd.DataFrame, indicator: Indicator, keys: list[str]) -> pd.DataFrame:
    what = indicator.numerator
    if what == "n":
        out = rows.groupby(list(dict.fromkeys([*keys, "subdomain"])))["n"].sum().groupby(keys).max().reset_index()
        return out.rename(columns={"n": "value"}).assign(n=out["n"])
    if what == "below_cut":
        return _shares(rows, keys)
    if what.startswith("gap:"):
        top, bottom = {"gap:wealth": ("q5", "q1"), "gap:area": ("urban", "rural"), "gap:sex": ("female", "male")}[what]
        means = _weighted(rows[rows["group_code"].isin((top, bottom))], [*keys, "group_code"], "z", "z_se")
        high, low = (means[means["group_code"] == g].set_index(keys) for g in (top, bottom))
        value, se = high["value"] - low["value"], np.hypot(high["se"], low["se"])
        frame = pd.DataFrame({"value": value, "n": high["n"] + low["n"], "low": value - Z95 * se, "high": value + Z95 * se})
        return frame.reset_index()
    if what == "slope":
        return _slopes(rows, keys)
    columns = {
        "mean": ("mean", "se"),
        "z": ("z", "z_se"),
        "change": ("change", "change_se"),
        "closure_days": ("closure_days", None),
    }
    return _weighted(rows, keys, *columns[what])


def _shares(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Weighted share below the cut with a Wilson interval on the effective sample that its standard error implies.

    The survey gives a standard error of the mean alone; its design effect, se^2 / (sd^2 / n), is that of the share too (Kish, 1965, 8.2:
    children of a class are drawn together, whatever is asked of them). Never below 1; without sd or se no interval.
    """
    p = rows["below_cut"]
    deff = (rows["se"] ** 2 * rows["n"] / rows["sd"].where(rows["sd"] > 0) ** 2).clip(lower=1)
    with_se = rows.assign(share_se=np.sqrt(deff * p * (1 - p) / rows["n"]))
    out = _weighted(with_se, keys, "below_cut", "share_se")
    largest = (
        with_se.assign(deff=deff).groupby(keys)["deff"].max().to_numpy()
    )  # where the share is 0 or 1 its error tells nothing
    effective = np.where(out["se"] > 0, out["value"] * (1 - out["value"]) / out["se"] ** 2, out["n"] / largest)
    effective = np.where(out["se"].isna(), np.nan, effective)
    low, high = wilson(out["value"].to_numpy() * effective, effective)
    return out.assign(low=low, high=high)


def _slopes(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    provinces = (
        rows.groupby([*keys, "province"])
        .agg(change=("change", "mean"), days=("closure_days", "mean"), w=("weight", "mean"), n=("n", "max"))
        .reset_index()
    )
    out = []
    for key, group in provinces.groupby(keys):
        slope, se = weighted_slope(*(group[c].to_numpy(float) for c in ("days", "change", "w")))
        out.append(
            {
                **dict(zip(keys, key, strict=True)),
                "value": slope,
                "low": slope - Z95 * se,
                "high": slope + Z95 * se,
                "n": group["n"].sum(),
            }
        )
    return pd.DataFrame(out)


def _all_provinces(expected: pd.DataFrame, frame: pd.DataFrame, ask: Ask, present: set[tuple[str, str]]) -> pd.DataFrame:
    """Every province expected; without a shown row suppressed where it took part (`present`), else not collected."""
    others = [k for k in ask.by if k not in expected]  # its regions come with a province
    grid = expected.merge(frame[others].drop_duplicates(), how="cross") if others else expected
    out = grid.merge(frame, on=list(ask.by), how="left")
    period = frame["period"].iloc[0] if len(frame) else ""
    out["period"] = out["academic_year"] if "academic_year" in ask.by else out["period"].fillna(period)
    out["collected"] = [pair in present for pair in zip(out["period"], out["province"], strict=True)]
    return out
