"""The protected cube of the values that agencies report: totals, money, means and rates by place, measures of a steward's own among them."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema as s
from data_access.contract.settings import settings
from data_access.store.engines import read_frame
from data_access.summaries.cube import NATION, NATION_LEVEL, REGION_SCHEMES, CubeSpec, build_cube
from data_access.summaries.disclosure import small

if TYPE_CHECKING:
    from data_access.programmes.indicators import Indicator

_PATHS = {
    "province": ("province",),
    "district": ("province", "district"),
    "subdistrict": ("province", "district", "subdistrict"),
    "lao": ("province", "district", "lao"),
    "school": ("province", "district", "subdistrict", "school"),
    "centre": ("province", "district", "centre"),
}
"""The kinds of places that values are reported of, coarsest first -> the places that each lies in, down to itself."""
LEVELS = tuple(_PATHS)
_PATH = tuple(f"{level}_code" for level in LEVELS)
REPORTED = CubeSpec(path=_PATH, levels=LEVELS, people=("value",), attached={}, attributes={"sex": s.SEX, "level": s.LEVEL})
OF_ONE_PLACE = -1.0
"""The weight of a mean that was reported without one: it is that of its place alone, and makes no mean with others."""


def reported_cube(connection: sa.Connection, regions: pd.DataFrame) -> pd.DataFrame:
    """Protected reported values of all indicators, with a column `indicator`; money and institutions are not masked.

    A period reported at several place levels is read at the coarsest, which is the one that agencies answer for. What is a mean or a
    rate has its value times its weight as `value` beside the `weight`.
    """
    from data_access.programmes.indicators import REGISTRY
    from data_access.programmes.measures import learn, measures_of

    learn(measures_of(connection))
    raw = read_frame(connection, sa.select(s.reported_value).where(s.reported_value.c.value.is_not(None)))
    raw = raw[raw["place_level"].isin(LEVELS)].assign(value=lambda d: d["value"].astype(float))
    frames = []
    for (name, _), rows in raw.groupby(["indicator", "period"]):
        indicator = REGISTRY.get(str(name))
        level = next(level for level in LEVELS if (rows["place_level"] == level).any())
        at = with_path(connection, rows[rows["place_level"] == level], level)
        if indicator is not None and indicator.adds_up != "sum":
            cube = _reported_mean(at, indicator, raw, level, regions)
        else:
            cube = _reported_sum(at, indicator, level, regions)
        frames.append(cube.assign(indicator=str(name)))
    _hide_together(frames, raw)
    columns = [*_PATH, "place_level", "place_code", "period", *REPORTED.attributes, "value", "weight", "indicator"]
    return pd.concat(frames, ignore_index=True).reindex(columns=columns) if frames else pd.DataFrame(columns=columns)


def _hide_together(frames: list[pd.DataFrame], raw: pd.DataFrame) -> None:
    """Where one of several counts of persons is hidden of which some add up to another, all of them are: the rest would tell it.

    Age groups and their total, say, are measures of their own, each protected by itself; which of them depend on each other is found
    in the numbers, since nobody says so. Hiding more places of each keeps what hides them among their own neighbours.
    """
    from data_access.programmes.indicators import REGISTRY

    counts = {i: x for i in raw["indicator"].unique() if (x := REGISTRY.get(str(i))) and x.person and x.adds_up == "sum"}
    rows = raw[raw["indicator"].isin(counts)]
    keys = ["period", "place_level", "place_code", "indicator"]
    stated = _is_whole(rows)
    whole = rows[stated].groupby(keys)["value"].max().combine_first(rows[~stated].groupby(keys)["value"].sum()).reset_index()
    for period, level in whole[["period", "place_level"]].drop_duplicates().itertuples(index=False, name=None):
        part = whole[(whole["period"] == period) & (whole["place_level"] == level)]
        wide = part.pivot(index="place_code", columns="indicator", values="value").fillna(0.0)
        for together in _dependent(wide.to_numpy(float)):
            ids = {str(wide.columns[n]) for n in together}
            mine = [f for f in frames if len(f) and f["indicator"].iloc[0] in ids and f["period"].iloc[0] == period]
            whole_hidden = {place for f in mine for place in _places(f[_is_whole(f) & f["value"].isna()])}
            part_hidden = {place for f in mine for place in _places(f[~_is_whole(f) & f["value"].isna()])}
            for f in mine:
                places, split = _places(f), ~_is_whole(f)
                at = [
                    place in whole_hidden or (apart and place in part_hidden) for place, apart in zip(places, split, strict=True)
                ]
                f.loc[at, "value"] = np.nan


def _places(cube: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(cube["place_level"], cube["place_code"], strict=True))


def _is_whole(rows: pd.DataFrame) -> pd.Series:
    return (rows["sex"] == "all") & (rows["level"] == "all")


def _dependent(columns: np.ndarray) -> list[set[int]]:
    """Sets of columns of which one is a sum or difference of others in every row.

    Where there are too few rows to tell a combination of many from chance, the plain sums of two or three are looked for.
    """
    groups: list[set[int]] = []
    filled = [n for n in range(columns.shape[1]) if columns[:, n].any()]
    for n in filled:
        others = [m for m in filled if m != n]
        mine = _explained(columns, n, others)
        if mine:
            touching = [g for g in groups if g & mine]
            groups = [g for g in groups if g not in touching] + [mine.union(*touching)]
    return groups


def _explained(columns: np.ndarray, n: int, others: list[int]) -> set[int]:
    """A column with those that make it up; nothing where none do."""
    if len(columns) > len(others) + 1 and others:
        factors, *_ = np.linalg.lstsq(columns[:, others], columns[:, n], rcond=None)
        exact = np.abs(columns[:, others] @ factors - columns[:, n]).max() < 0.01
        return {n, *(m for m, x in zip(others, factors, strict=True) if abs(x) > 0.01)} if exact else set()
    for size in (2, 3):
        for some in combinations(others, size):
            if np.abs(columns[:, list(some)].sum(axis=1) - columns[:, n]).max() < 0.01:
                return {n, *some}
    return set()


def with_path(connection: sa.Connection, rows: pd.DataFrame, level: str) -> pd.DataFrame:
    """Rows with the codes of the places that each place lies in; a local authority in the district of its office."""
    path = [f"{p}_code" for p in _PATHS[level]]
    if level not in ("lao", "school", "centre"):
        return rows.assign(**{c: rows["place_code"].str[: 2 * n + 2] for n, c in enumerate(path)})
    homes = {
        "lao": sa.select(s.lao.c.lao_code, s.lao.c.district_code),
        "school": sa.select(s.school.c.school_code, s.school.c.subdistrict_code),
        "centre": sa.select(s.centre.c.centre_code, s.centre.c.province_code, s.centre.c.district_code),
    }
    home = read_frame(connection, homes[level]).set_index(f"{level}_code")
    out = rows.assign(**{c: rows["place_code"].map(home[c]) for c in home.columns})
    out[f"{level}_code"] = rows["place_code"]
    if level == "school":
        out["district_code"] = out["subdistrict_code"].str[:4]
    if level != "centre":
        out["province_code"] = out["district_code"].str[:2]
    return out[out["province_code"].notna()]


def _splits_of(rows: pd.DataFrame, indicator: Indicator | None) -> tuple[pd.DataFrame, dict[str, tuple[str, ...]]]:
    """Of each place the finest rows that the indicator is told by, and the characteristics that all rows then have.

    Totals may be stated without sexes for some places: those count in the total and leave the split unpublished there.
    """
    dims = indicator.dims if indicator is not None else ()
    rows = _preferred(rows, rows["level"] != "all") if "level" in dims else _preferred(rows, rows["level"] == "all")
    rows = _preferred(rows, rows["sex"] != "all")
    return rows, {a: v for a, v in REPORTED.attributes.items() if (a == "sex" or a in dims) and not (rows[a] == "all").any()}


def _reported_sum(placed: pd.DataFrame, indicator: Indicator | None, level: str, regions: pd.DataFrame) -> pd.DataFrame:
    rows, attributes = _splits_of(placed, indicator)
    person = indicator.person if indicator is not None else True
    path = _PATHS[level]
    people: tuple[str, ...] = ("value",) if person else ()
    spec = CubeSpec(tuple(f"{p}_code" for p in path), path, people, {} if person else {"value": None}, attributes)
    return _unsplit(build_cube(rows, spec, regions))


def _reported_mean(
    placed: pd.DataFrame, indicator: Indicator, raw: pd.DataFrame, level: str, regions: pd.DataFrame
) -> pd.DataFrame:
    """Means or rates: of wider places weighted where every place has its weight, else each place's own and nothing above it.

    Weights that count people are protected as such, and hide the mean of so few; so do the heads that a rate tells of, which are the rate
    times its weight. Of single institutions a mean without a weight is not told, since it may be that of one person.
    """
    whole = _is_whole(placed)
    rows = placed[whole] if whole.any() and indicator.adds_up == "weighted" else placed
    rows = rows.assign(weight=_weights_of(rows, indicator, raw))
    path = _PATHS[level]
    if rows["weight"].notna().all():
        attributes = {} if whole.any() else {a: v for a, v in REPORTED.attributes.items() if not (rows[a] == "all").any()}
        rows = rows.assign(value=rows["value"] * rows["weight"])
        people: tuple[str, ...] = ("weight",)
        if indicator.kind == "rate" and _counts_persons(indicator.weight):
            rows, people = rows.assign(heads=rows["value"].round()), ("weight", "heads")
        spec = CubeSpec(tuple(f"{p}_code" for p in path), path, people, {"value": people[-1]}, attributes)
        cube = build_cube(rows, spec, regions)
        return _unsplit(cube.assign(value=cube["value"].mask(cube["weight"].isna())))
    if level in ("school", "centre"):
        rows = rows.iloc[:0]
    few = _few(rows, indicator)
    own = rows.assign(value=-rows["value"], weight=OF_ONE_PLACE, place_code=rows[f"{level}_code"])
    own[["value", "weight"]] = own[["value", "weight"]].mask(few)
    return pd.concat([own, *_without_a_mean(rows, regions)], ignore_index=True).drop(columns="indicator")


def _weights_of(rows: pd.DataFrame, indicator: Indicator, raw: pd.DataFrame) -> np.ndarray:
    """The weight of each row, missing where nobody reported it; that of both sexes and all levels is the sum of theirs where it has none."""
    place = ["place_level", "place_code", "period"]
    keys = [*place, "sex", "level"]
    found = raw[raw["indicator"] == indicator.weight].merge(rows[place].drop_duplicates(), on=place)
    finest, _ = _splits_of(found, _declared(indicator.weight))
    sums = finest.groupby(place, as_index=False)["value"].sum().assign(sex="all", level="all")
    known = pd.concat([found[[*keys, "value"]], sums]).drop_duplicates(keys)
    return rows[keys].merge(known, on=keys, how="left")["value"].to_numpy(float)


def _counts_persons(weight: str) -> bool:
    indicator = _declared(weight)
    return indicator is None or indicator.person


def _declared(name: str) -> Indicator | None:
    from data_access.programmes.indicators import REGISTRY

    return REGISTRY.get(name)


def _few(rows: pd.DataFrame, indicator: Indicator) -> pd.Series:
    """Whether the mean or rate of a row is one of few persons, or tells of few, as far as its weight is known."""
    threshold = settings().disclosure_threshold
    weight = rows["weight"].fillna(0.0)
    few = small(weight.to_numpy(), threshold)
    if indicator.kind == "rate":
        heads = (rows["value"] * weight).round()
        few |= small(heads.to_numpy(), threshold) | small((weight - heads).abs().to_numpy(), threshold)
    return pd.Series(few & _counts_persons(indicator.weight), index=rows.index)


def _without_a_mean(rows: pd.DataFrame, regions: pd.DataFrame) -> list[pd.DataFrame]:
    """The country and its regions in every period of which places have a mean, each as nobody's: no mean of theirs is known."""
    nobody = rows[["period", "sex", "level"]].drop_duplicates().assign(value=0.0, weight=0.0)
    codes = {NATION_LEVEL: [NATION], **{scheme: sorted(regions[scheme].dropna().unique()) for scheme in REGION_SCHEMES}}
    return [nobody.merge(pd.DataFrame({"place_level": name, "place_code": found}), how="cross") for name, found in codes.items()]


def _unsplit(cube: pd.DataFrame) -> pd.DataFrame:
    """The cube with `all` for every characteristic that it is not told by."""
    return cube.assign(**{a: cube.get(a, "all") for a in REPORTED.attributes})


def _preferred(rows: pd.DataFrame, wanted: pd.Series) -> pd.DataFrame:
    """Of each place the wanted rows where it has any, else the others."""
    return rows[wanted | ~rows["place_code"].isin(rows.loc[wanted, "place_code"])]
