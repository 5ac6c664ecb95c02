"""Intervals of rates: as wide as schools that share their pupils' fate make them, against formulas and draws worked out here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from data_access.contract.errors import UsageError
from data_access.programmes.indicators import FAMILIES, REGISTRY
from data_access.questions.query import query
from data_access.store.releases import reader, require_release
from data_access.store.tables import read_table
from data_access.summaries import design
from data_access.summaries.design import Clusters, Rate, effects

SEMESTER = {"semester": "2567-1"}
RATES = [i for i in REGISTRY.values() if i.kind == "rate"]
SHARE = Rate("y", (), "x")


# ---- against the demonstration's own tables -----------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def schools(demo_home: None) -> pd.DataFrame:
    """Eligible pupils and recipients of each school in one semester, counted here from the pupils."""
    pupils = read_table(require_release().id, "pupil_grant")
    pupils = pupils[pupils["semester"] == "2567-1"]
    screened = ~pupils["stage"].isin(["found"]) & pupils["tier"].isin(["poor", "extra_poor"])
    rows = pupils.assign(x=screened.astype(float), y=(pupils["basic_baht"] > 0).astype(float))
    rows["province"] = rows["school_code"].map(
        read_table(require_release().id, "school").set_index("school_code")["subdistrict_code"].str[:2]
    )
    return rows.groupby(["province", "school_code"])[["x", "y"]].sum().reset_index()


def clustered(part: pd.DataFrame) -> tuple[float, float]:
    """The rate and its variance by the ratio estimator, in plain words."""
    share, k = part["y"].sum() / part["x"].sum(), len(part)
    residuals = part["y"] - share * part["x"]
    return share, k / (k - 1) * (residuals**2).sum() / part["x"].sum() ** 2


def test_the_countrys_interval_is_the_clustered_one(schools: pd.DataFrame) -> None:
    cell = query("grant.coverage", where=SEMESTER).iloc[0]
    there = schools[schools["x"] > 0]
    share, variance = clustered(there)
    n = there["x"].sum()
    assert (cell["value"], cell["n"]) == (pytest.approx(share), n)
    deff = variance / (share * (1 - share) / n)
    assert deff > 5  # or this test says nothing
    low, high = proportion_confint(share * n / deff, n / deff, method="wilson")
    assert (cell["low"], cell["high"]) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


def test_the_countrys_interval_is_that_of_schools_drawn_anew(schools: pd.DataFrame) -> None:
    cell = query("grant.coverage", where=SEMESTER).iloc[0]
    x, y = (schools.loc[schools["x"] > 0, c].to_numpy() for c in ("x", "y"))
    drawn = np.random.default_rng(1).multinomial(len(x), np.full(len(x), 1 / len(x)), 4000)
    low, high = np.quantile(drawn @ y / (drawn @ x), [0.025, 0.975])
    assert (cell["high"] - cell["low"]) / (high - low) == pytest.approx(1, abs=0.1)


def test_a_provinces_interval_pools_the_schools_of_all_provinces(schools: pd.DataFrame) -> None:
    """The design effect of a province, written out: excess of all provinces, brought to the size of its own schools."""
    groups = {p: g for p, g in schools[schools["x"] > 0].groupby("province") if len(g) > 1}
    squares = alone = 0.0
    for part in groups.values():
        share, variance = clustered(part)
        squares += variance * part["x"].sum() ** 2
        alone += part["x"].sum() * share * (1 - share)
    n = sum(g["x"].sum() for g in groups.values())
    weighted = sum((g["x"] ** 2).sum() for g in groups.values()) / n
    uneven = weighted / (sum(g["x"].sum() ** 2 / len(g) for g in groups.values()) / n)
    rho = (squares / alone - 1) / (weighted - 1)
    frame = query("grant.coverage", by=("province",), where=SEMESTER).dropna(subset=["low"])
    assert len(frame) > 30
    for row in frame.itertuples():
        deff = max(1.0, 1 + (uneven * row.n / len(groups[row.province]) - 1) * rho)
        low, high = proportion_confint(row.numerator / deff, row.n / deff, method="wilson")
        assert (row.low, row.high) == (pytest.approx(low, abs=0.02), pytest.approx(high, abs=0.02))


def test_a_pair_of_provinces_weighs_their_own(demo_home: None) -> None:
    two = query("grant.coverage", by=("province",), where={**SEMESTER, "province": ["40", "50", "33"]}).dropna(subset=["low"])
    both = query("grant.coverage", where={**SEMESTER, "province": two["province"].tolist()}).iloc[0]
    half = two.assign(half=(two["high"] - two["low"]) / 2)
    assert both["high"] - both["low"] < 2 * half["half"].max()
    assert both["low"] < both["value"] < both["high"]


@pytest.mark.parametrize("indicator", [i.id for i in RATES])
def test_no_rate_is_told_as_if_its_pupils_were_drawn_one_by_one(demo_home: None, indicator: str) -> None:
    """Over every rate, place, scheme, set and split: never narrower than independent pupils, and none from a single sender."""
    found = REGISTRY[indicator]
    if found.id == "chain.stayed":  # its curve has an interval of its own, of children who are followed one by one
        return
    keys = [
        (),
        *((k,) for k in ("region4", "nesdc", "province", "district", "lao", "school", "centre", "subdistrict", "pilot_set")),
    ]
    keys += [(k,) for k in found.dims] + [("province", k) for k in found.dims]
    where = {"semester": "2566-2"} if "semester" in found.periods else {}
    seen = 0
    for by in keys:
        each = (found.each,) if found.each and found.each not in by else ()
        try:
            frame = query(indicator, by=(*by, *each), where=where)
        except UsageError:
            continue
        told = frame.dropna(subset=["low"])
        seen += len(told)
        if found.sampled or told.empty:
            continue
        low, high = proportion_confint(told["value"] * told["n"], told["n"], method="wilson")
        assert (told["high"] - told["low"] >= high - low - 1e-9).all(), by
        assert told["low"].between(0, told["value"] + 1e-12).all()
        assert told["high"].between(told["value"] - 1e-12, 1).all()
        if by and by[-1] == found.places[-1] and found.places[-1] != "province":
            assert told.empty, by
    if found.family in ("grants", "centres", "visits") and found.numerator not in design.NO_TRIALS and not found.how:
        assert seen
    if found.two_tables or found.numerator in (*design.NO_TRIALS, "in_education"):
        assert not seen


def test_no_summary_holds_squares_of_senders(demo_home: None) -> None:
    """Of two schools the sum of n and that of its squares give both."""
    with reader(require_release().id).connect() as connection:
        there = sa.inspect(connection)
        for table in [t for t in there.get_table_names() if t.startswith("summary_")]:
            names = [c["name"] for c in there.get_columns(table)]
            assert not [c for c in names if c.startswith("n2")], table
            effects_ = [c for c in names if c.startswith("deff_")]
            for name in effects_:
                values = pd.read_sql(sa.text(f'select "{name}" as d from {table} where "{name}" is not null'), connection)["d"]
                assert np.allclose(design.rounded(values.to_numpy()), values)


def test_an_interval_is_hidden_with_its_parts(demo_home: None) -> None:
    with reader(require_release().id).connect() as connection:
        rows = pd.read_sql(sa.text("select * from summary_grants"), connection)
    for name, rate in FAMILIES["grants"].rates.items():
        hidden = rows[list(rate.parts)].isna().any(axis=1)
        assert rows.loc[hidden, name].isna().all(), name
        assert rows.loc[~hidden, name].notna().any(), name


# ---- properties ---------------------------------------------------------------------------------------------------------------
def alone(x: np.ndarray, y: np.ndarray, place: np.ndarray | None = None, hidden: np.ndarray | None = None) -> np.ndarray:
    """Design effects of places whose clusters are given one by one."""
    place = np.zeros(len(x), dtype=int) if place is None else place
    hidden = np.zeros(len(x), dtype=bool) if hidden is None else hidden
    n = int(place.max()) + 1

    def add_up(values: np.ndarray) -> np.ndarray:
        return np.bincount(place, values[:, 0], n)[:, None]

    own = Clusters.of(y[:, None], x[:, None], hidden[:, None]).added(add_up)
    return effects(SHARE, {"y": add_up(y[:, None]), "x": add_up(x[:, None])}, own, np.zeros(n, dtype=int))[:, 0]


@given(st.lists(st.tuples(st.integers(1, 400), st.floats(0, 1)), min_size=30, max_size=80), st.integers(2, 6))
@settings(max_examples=60, deadline=None)
def test_the_design_effect_is_at_least_one_and_grows_as_pupils_go_together(rows: list[tuple[int, float]], times: int) -> None:
    x = np.array([n for n, _share in rows], float)
    y = np.round(x * np.array([share for _n, share in rows]))
    once, together = alone(x, y)[0], alone(x * times, y * times)[0]
    assert once >= 1
    assert together >= once * 0.94  # two digits are kept


@given(st.integers(25, 60), st.integers(2, 50))
@settings(deadline=None)
def test_schools_that_are_all_or_nothing_count_as_one_pupil_each(k: int, size: int) -> None:
    x = np.full(k, float(size))
    y = np.where(np.arange(k) % 2, x, 0.0)
    assert alone(x, y)[0] == pytest.approx(size, rel=0.2)


def test_schools_that_are_alike_add_nothing() -> None:
    x = np.full(400, 20.0)
    assert alone(x, np.random.default_rng(0).binomial(20, 0.6, 400).astype(float))[0] == pytest.approx(1, abs=0.15)


def test_nothing_that_varies_is_known_of_no_more_than_so_many_schools() -> None:
    assert alone(np.full(40, 25.0), np.full(40, 25.0))[0] == pytest.approx(25, rel=0.1)


def test_a_place_of_one_school_has_none_and_others_learn_from_the_whole_level() -> None:
    rng = np.random.default_rng(3)
    place = np.array([0, 1, 1, *np.repeat(np.arange(2, 22), 4)])
    x = rng.integers(20, 200, len(place)).astype(float)
    got = alone(x, np.round(x * rng.beta(4, 1, len(place))), place)
    assert np.isnan(got[0])
    assert (got[1:] > 1).all()


@pytest.mark.parametrize(("hidden", "told"), [(0, True), (1, False), (9, False), (10, True), (40, True)])
def test_a_few_hidden_schools_cannot_be_worked_out_of_a_design_effect(hidden: int, told: bool) -> None:
    rng = np.random.default_rng(5)
    x = rng.integers(20, 200, 40).astype(float)
    got = alone(x, np.round(x * 0.8), hidden=np.arange(40) < hidden)[0]
    assert np.isfinite(got) == told


def test_a_pool_of_few_schools_says_nothing() -> None:
    x = np.full(15, 30.0)
    assert np.isnan(alone(x, np.round(x * np.linspace(0.3, 0.9, 15)))[0])


def test_the_widening_for_few_degrees_is_students() -> None:
    from scipy.stats import norm, t

    got = design.of_few(np.array([1.0, 5.0, 30.0]))
    assert got == pytest.approx((t.ppf(0.975, [1, 5, 30]) / norm.ppf(0.975)) ** 2)


def test_schools_added_up_at_question_time_are_their_own_clusters() -> None:
    rows = pd.DataFrame({"set": "a", "y": [30.0, 10.0, 55.0, 20.0], "x": [40.0, 40.0, 60.0, 20.0], "deff": np.nan})
    got = design.of_sums(rows, ["set"], SHARE, "deff")
    share, variance = clustered(rows)
    wanted = max(1.0, variance / (share * (1 - share) / rows["x"].sum())) * design.of_few(np.array([3.0]))[0]
    assert got.loc["a"] == pytest.approx(wanted)
    assert np.isnan(design.of_sums(rows.head(1), ["set"], SHARE, "deff").iloc[0])


# ---- the survey ---------------------------------------------------------------------------------------------------------------
def test_the_share_below_the_cut_has_the_surveys_own_design_effect(demo_home: None) -> None:
    """Not p(1-p)/n: the survey's standard error of the mean says how much its classes widen everything."""
    rows = read_table(require_release().id, "readiness_result")
    rows = rows[(rows["group_kind"] == "all") & rows["below_cut"].notna()]
    year, domain = int(rows["academic_year"].max()), str(rows["subdomain"].iloc[0])
    asked = {"academic_year": f"AY{year}", "subdomain": domain}
    frame = query("readiness.below_cut", by=("province",), where=asked).dropna(subset=["low"]).set_index("province")
    mine = rows[(rows["academic_year"] == year) & (rows["subdomain"] == domain)].set_index("province_code")
    assert len(frame) > 20
    for code, row in frame.iterrows():
        given_ = mine.loc[code]
        deff = max(1.0, given_["se"] ** 2 / (given_["sd"] ** 2 / given_["n"]))
        low, high = proportion_confint(row["value"] * row["n"] / deff, row["n"] / deff, method="wilson")
        assert (row["low"], row["high"]) == (pytest.approx(low), pytest.approx(high))
    assert (mine["se"] ** 2 / (mine["sd"] ** 2 / mine["n"])).median() > 1.5  # or this test says nothing
