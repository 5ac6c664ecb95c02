"""School readiness worked out from the survey's own rows: means in SD of the first round, changes, gaps, slopes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema
from data_access.programmes.base import Indicator
from data_access.questions.question import expected_provinces, pilot_members, with_pilot_sets, with_regions
from data_access.store.engines import read_frame
from data_access.summaries.adjustment import adjusted_change
from data_access.summaries.disclosure import complement
from data_access.summaries.statistics import MIN_SAMPLE, Z95, weighted_slope, wilson

if TYPE_CHECKING:
    from data_access.questions.question import Ask, Cells


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


@dataclass(frozen=True)
class Gap:
    """How an indicator sets one group against another: the kind of group, and the two codes."""

    kind: str
    top: str
    bottom: str

    def __call__(self, connection: sa.Connection, _indicator: Indicator, ask: Ask, _cells: Cells) -> pd.DataFrame:
        """The cells, for `cells.finish`."""
        return _answer(connection, ask, self)


def readiness(connection: sa.Connection, indicator: Indicator, ask: Ask, _cells: Cells) -> pd.DataFrame:
    """The cells of an indicator of the survey, for `cells.finish`."""
    return _adjusted(connection, ask) if indicator.numerator == "adjusted" else _answer(connection, ask, indicator.numerator)


def _answer(connection: sa.Connection, ask: Ask, what: str | Gap) -> pd.DataFrame:
    kind = what.kind if isinstance(what, Gap) else None
    rows = _in_groups(with_regions(connection, _published_rows(connection.engine), ask), kind, ask)
    members = pilot_members(connection, ask)
    if what in ("change", "slope"):
        rows = _with_change(rows)
    rows = with_pilot_sets(_in_places(rows, ask), members)
    rows = _in_periods(rows, ask)
    took_part = rows[["period", "province"]].drop_duplicates()
    national = not ({"province", "region4", "region6", "nesdc", "pilot_set"} & ask.keys)
    keys = list(dict.fromkeys([*ask.by, "period"]))
    left_out = pd.MultiIndex.from_frame(rows.loc[rows["hidden"] & (not national), keys])
    rows = rows[rows["shown"]] if not national else rows
    frame = _values(rows, what, keys) if len(rows) else pd.DataFrame(columns=[*keys, "value", "low", "high", "n"])
    frame["collected"] = True
    frame["flag"] = np.where(pd.MultiIndex.from_frame(frame[keys]).isin(left_out), "partial", "")
    if ask.by == () and not len(frame):
        return pd.DataFrame(
            [{"period": (ask.values("academic_year") or ("",))[0], "value": np.nan, "collected": len(took_part) > 0}]
        )
    if "province" not in ask.by or "pilot_set" in ask.by:
        return frame
    present = set(took_part.itertuples(index=False, name=None))
    return _all_provinces(expected_provinces(connection, ask, members), frame, ask, present)


def _in_groups(rows: pd.DataFrame, kind: str | None, ask: Ask) -> pd.DataFrame:
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


def _values(rows: pd.DataFrame, what: str | Gap, keys: list[str]) -> pd.DataFrame:
    if what == "n":
        out = rows.groupby(list(dict.fromkeys([*keys, "subdomain"])))["n"].sum().groupby(keys).max().reset_index()
        return out.rename(columns={"n": "value"}).assign(n=out["n"])
    if what == "below_cut":
        return _shares(rows, keys)
    if isinstance(what, Gap):
        top, bottom = what.top, what.bottom
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
    out = grid.merge(frame.assign(filled=False), on=list(ask.by), how="left").fillna({"filled": True})
    period = frame["period"].iloc[0] if len(frame) else ""
    out["period"] = out["academic_year"] if "academic_year" in ask.by else out["period"].fillna(period)
    out["collected"] = [pair in present for pair in zip(out["period"], out["province"], strict=True)]
    return out
