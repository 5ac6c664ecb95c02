"""Targets: the one rule at its edges, the path, honest periods, and the forecast against statsmodels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.tsa.arima.model import ARIMA

from data_access.analysis import targets
from data_access.analysis.targets import (
    BEHIND,
    NO_DATA,
    NOT_DUE,
    ON_TRACK,
    UNCLEAR,
    Goal,
    Track,
    forecast,
    goals,
    judge,
    path_at,
    standing,
    track,
)
from data_access.store.releases import require_release
from data_access.store.tables import read_table
from tests.data_access import small

YEARS = ("AY2566", "AY2567", "AY2568")


def table(indicator: str, values: Sequence[float], place: str = "TH", periods: Sequence[str] = YEARS) -> pd.DataFrame:
    return pd.DataFrame({"indicator": indicator, "period": periods, "place_code": place, "value": values, "source": "tests"})


@pytest.fixture
def shaped(monkeypatch: pytest.MonkeyPatch):
    """`track` over a series given by hand: period -> value, or (value, state, flag)."""

    def build(indicator: str, series: dict, wanted: pd.DataFrame, as_of: str = "2025-09-30", source: dict | None = None) -> Track:
        def answer(_id: str, by: Sequence[str] = (), where: object = None, release: object = None) -> pd.DataFrame:
            rows = []
            for period, given in series.items():
                value, state, flag = given if isinstance(given, tuple) else (given, "value", "")
                if by and by[0] != (targets.period_type(period) if period else ""):
                    continue
                rows.append(
                    {"period": period, "value": value, "state": state, "flag": flag, "table": (source or {}).get(period, "t")}
                )
            return pd.DataFrame(rows, columns=["period", "value", "state", "flag", "table"]).assign(low=np.nan, high=np.nan)

        monkeypatch.setattr(targets, "query", answer)
        release = replace(RELEASE, as_of=as_of)
        monkeypatch.setattr(targets, "require_release", lambda _id=None: release)
        found = track(indicator, wanted)
        assert found is not None
        return found

    from data_access.store.releases import Release

    RELEASE = Release("r20260101-000000", "2025-09-30", "", "", True, (), {}, "", None, ())
    return build


# ---- the rule ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "expected", "direction", "status"),
    [
        (10, 10, "up", ON_TRACK),
        (9.999, 10, "up", BEHIND),
        (10, 10, "down", ON_TRACK),
        (10.001, 10, "down", BEHIND),
        (9, 10, "down", ON_TRACK),
        (11, 10, "neither", ON_TRACK),
        (9, 10, "neither", BEHIND),
        (0, 0, "up", ON_TRACK),
        (-0.2, -0.1, "up", BEHIND),
        (0.1 + 0.2, 0.3, "down", ON_TRACK),
    ],
)
def test_at_the_target_is_on_track_in_either_direction(value: float, expected: float, direction: str, status: str) -> None:
    assert judge(value, expected, direction) == status


def test_the_path_runs_straight_from_the_base_and_stays_after_the_last_target() -> None:
    base, wanted = Goal("AY2565", 100), [Goal("AY2566", 200), Goal("AY2567", 160)]
    assert path_at(base, wanted, dt.date(2023, 4, 30)) == 100
    assert path_at(base, wanted, dt.date(2024, 4, 30)) == 200
    assert path_at(base, wanted, dt.date(2024, 10, 30)) == pytest.approx(180, abs=0.5)  # half of the year to the next
    assert path_at(base, wanted, dt.date(2030, 1, 1)) == 160
    assert np.isnan(path_at(base, wanted, dt.date(2023, 4, 29)))
    assert np.isnan(path_at(None, wanted, dt.date(2024, 4, 29)))


def test_a_period_that_has_not_ended_is_not_judged(shaped) -> None:
    series = {"AY2565": 100.0, "AY2566": 120.0, "AY2567": 130.0, "AY2568": 50.0}
    found = shaped("readiness.below_cut", series, table("readiness.below_cut", [125, 128, 100]))
    assert [y.status for y in found.years] == [ON_TRACK, BEHIND, NOT_DUE]  # less is better
    assert [y.gap for y in found.years] == [-5, 2, -50]
    assert standing(found).period == "AY2567"
    assert standing(found, "AY2566").status == ON_TRACK
    assert standing(found, "2566-1").status == NOT_DUE  # AY2566 had not ended, and AY2565 is the base
    over = shaped("readiness.below_cut", series, table("readiness.below_cut", [125, 128, 100]), as_of="2026-04-30")
    assert over.years[2].status == ON_TRACK
    assert (
        shaped("readiness.below_cut", series, table("readiness.below_cut", [1, 1, 1]), as_of="2026-04-29").years[2].status
        == NOT_DUE
    )


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        ((np.nan, "suppressed", ""), "suppressed"),
        ((999.0, "value", "partial"), "partial"),
        ((np.nan, "not_collected", ""), "not_collected"),
        ((np.nan, "not_applicable", ""), "not_applicable"),
    ],
)
def test_what_has_no_complete_value_is_no_data_with_its_reason(shaped, last: tuple, reason: str) -> None:
    found = shaped("readiness.below_cut", {"AY2565": 9.0, "AY2566": 8.0, "AY2567": last}, table("readiness.below_cut", [8, 7, 6]))
    assert found.years[1].status == NO_DATA
    assert found.years[1].reason == reason
    assert found.years[1].value is None
    assert standing(found).status == NO_DATA


def test_a_true_nought_is_judged(shaped) -> None:
    found = shaped("ecd.poor_reached", {"2565-2": 5.0, "2566-2": (0.0, "zero", "")}, table("ecd.poor_reached", [1, 2, 3]))
    assert found.years[0].status == BEHIND
    assert found.years[0].gap == -1


# ---- periods ------------------------------------------------------------------------------------------------------------------
def test_semesters_answer_for_an_academic_year_by_the_last_one_collected(shaped) -> None:
    series = {"2565-1": 0.4, "2565-2": 0.5, "2566-1": 0.7, "2566-2": 0.61, "2567-1": 0.72}
    found = shaped("grant.coverage", series, table("grant.coverage", [0.6, 0.7, 0.8]))
    assert found.base == Goal("2565-2", 0.5)
    assert [(y.period, y.status) for y in found.years] == [("2566-2", ON_TRACK), ("2567-1", ON_TRACK), ("", NOT_DUE)]
    path = found.series.set_index("period")["path"]
    assert path["2566-1"] == pytest.approx(0.55, abs=0.002)
    assert path["2566-2"] == pytest.approx(0.6)


def test_a_semester_behind_the_path_is_behind_before_the_target_is_due(shaped) -> None:
    found = shaped(
        "grant.coverage", {"2565-2": 0.5, "2566-1": 0.52}, table("grant.coverage", [0.6, 0.7, 0.8]), as_of="2023-12-31"
    )
    now = standing(found)
    assert (now.status, now.period) == (BEHIND, "2566-1")
    assert now.gap == pytest.approx(0.52 - 0.55, abs=0.002)
    assert found.years[0].status == NOT_DUE


def test_a_provisional_value_is_not_judged_when_due_and_is_the_value_so_far_before(shaped) -> None:
    series = {"AY2565": 10.0, "AY2566": (30.0, "provisional", ""), "AY2568": (12.0, "provisional", "")}
    wanted = table("grant.basic_recipients", [20, 30], periods=("AY2566", "AY2568"))
    found = shaped("grant.basic_recipients", series, wanted)
    assert (found.years[0].status, found.years[0].reason, found.years[0].value) == (NO_DATA, "provisional", None)
    assert (found.years[1].status, found.years[1].value) == (NOT_DUE, 12.0)
    assert standing(found).status == NO_DATA


def test_a_register_is_compared_on_the_as_of_date_only(shaped) -> None:
    found = shaped("tsqp.schools", {"": 52.0}, table("tsqp.schools", [40, 50, 60]))
    assert [(y.status, y.reason) for y in found.years[:2]] == [(NO_DATA, "no_history")] * 2
    assert (found.years[2].status, found.years[2].value) == (NOT_DUE, 52)
    now = standing(found)
    days = (dt.date(2025, 9, 30) - dt.date(2025, 4, 30)).days
    assert now.expected == pytest.approx(50 + 10 * days / 365)
    assert now.status == BEHIND


def test_a_register_stands_as_it_does_today_in_the_view_of_the_latest_period_that_has_ended(shaped) -> None:
    found = shaped("tsqp.schools", {"": 52.0}, table("tsqp.schools", [40, 50, 60]))
    assert standing(found, "2567-2") == standing(found, "2568-1") == standing(found)
    assert standing(found).status == BEHIND
    assert standing(found, "2567-1").status != BEHIND


def test_periods_of_other_kinds_are_not_compared(shaped) -> None:
    wanted = table("grant.coverage", [0.6, 0.7], periods=("FY2566", "FY2567"))
    found = shaped("grant.coverage", {"2565-2": 0.5, "2566-2": 0.9}, wanted)
    assert {y.reason for y in found.years} == {"other_kind"}
    assert forecast(found).refused == "other_kind"
    assert targets.drawn(found)["period"].tolist() == ["FY2566", "FY2567"]


def test_one_path_runs_through_one_kind_of_period() -> None:
    both = pd.concat([table("grant.coverage", [0.6, 0.7, 0.8]), table("grant.coverage", [0.65], periods=("2566-1",))])
    assert goals(both, "grant.coverage") == (Goal("2566-1", 0.65),)  # the kind that the indicator is kept by
    assert goals(both, "grant.coverage", "90") == ()


# ---- forecast -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(5))
def test_the_forecast_is_that_of_statsmodels(seed: int) -> None:
    """One step: the prediction interval of OLS on the steps. All steps: ARIMA(0,1,0) with drift has the same mean."""
    values = 100 + np.random.default_rng(seed).normal(3, 2, 9).cumsum()
    got = targets.random_walk(values, 4)
    steps = sm.OLS(np.diff(values), np.ones(8)).fit().get_prediction(np.ones((1, 1))).summary_frame(alpha=0.05).iloc[0]
    assert got["value"][0] == pytest.approx(values[-1] + steps["mean"])
    assert got["low"][0] == pytest.approx(values[-1] + steps["obs_ci_lower"])
    assert got["high"][0] == pytest.approx(values[-1] + steps["obs_ci_upper"])
    arima = ARIMA(values, order=(0, 1, 0), trend="t").fit().get_forecast(4)
    assert got["value"].to_numpy() == pytest.approx(arima.predicted_mean, rel=1e-4)
    wider = (got["high"] - got["low"]).to_numpy() / (arima.conf_int()[:, 1] - arima.conf_int()[:, 0])
    assert (wider > 1).all()  # ARIMA takes drift and variance as known
    assert (np.diff(wider) > 0).all()


def test_the_interval_holds_in_the_long_run() -> None:
    """Of simulated walks with drift, 95 in 100 end inside the interval of three steps ahead."""
    rng = np.random.default_rng(7)
    walks = rng.normal(1, 5, (600, 11)).cumsum(axis=1)
    inside = [(f["low"][2] <= w[10] <= f["high"][2]) for w in walks for f in [targets.random_walk(w[:8], 3)]]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.03)


def years(values: Sequence[object], first: int = 2560) -> dict:
    return {f"AY{first + i}": v for i, v in enumerate(values)}


def test_a_forecast_covers_the_periods_that_remain_within_bounds(shaped) -> None:
    found = shaped(
        "readiness.below_cut", years([0.5, 0.1, 0.6, 0.2, 0.5, 0.9, 0.05, 0.9]), table("readiness.below_cut", [0.2, 0.1, 0.1])
    )
    ahead = forecast(found)
    assert ahead.frame["period"].tolist() == ["AY2568"]
    assert (ahead.n, ahead.first, ahead.last) == (8, "AY2560", "AY2567")
    assert ahead.frame["high"].tolist() == [1.0]
    assert (ahead.frame[["value", "low"]] >= 0).all(axis=None)


def test_a_value_of_a_period_under_way_does_not_enter_the_forecast(shaped) -> None:
    wanted = table("readiness.below_cut", [0.2, 0.1, 0.1])
    six = [0.3, 0.28, 0.29, 0.25, 0.26, 0.22]
    with_it = forecast(shaped("readiness.below_cut", years([*six, 0.9], 2562), wanted)).frame
    assert with_it.equals(forecast(shaped("readiness.below_cut", years(six, 2562), wanted)).frame)


@pytest.mark.parametrize(
    ("values", "refused", "at", "n"),
    [
        ([0.3, 0.28, 0.29, 0.25, 0.26], "too_few", "", 5),
        ([0.3, 0.28, (np.nan, "suppressed", ""), 0.25, 0.26, 0.2, 0.3, 0.2], "suppressed", "AY2562", 0),
        ([0.3, 0.28, (0.3, "value", "partial"), 0.25, 0.26, 0.2, 0.3, 0.2], "partial", "AY2562", 0),
        ([0.3, 0.28, (np.nan, "not_collected", ""), 0.25, 0.26, 0.2, 0.3, 0.2], "break", "AY2563", 5),
        ([0.3] * 8, "constant", "", 8),
        ([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], "constant", "", 7),
    ],
)
def test_a_forecast_is_refused_with_its_reason(shaped, values: list, refused: str, at: str, n: int) -> None:
    ahead = forecast(shaped("readiness.below_cut", years(values), table("readiness.below_cut", [0.2, 0.1, 0.1])))
    assert (ahead.refused, ahead.at, ahead.n) == (refused, at, n)
    assert ahead.frame.empty


def test_a_change_of_source_is_a_break_and_only_what_follows_is_used(shaped) -> None:
    values = years([0.3, 0.28, 0.29, 0.25, 0.26, 0.2, 0.3, 0.2])
    wanted = table("readiness.below_cut", [0.2, 0.1, 0.1])
    early = forecast(shaped("readiness.below_cut", values, wanted, source={"AY2560": "reported"}))
    assert (early.refused, early.n, early.first) == ("", 7, "AY2561")
    late = forecast(shaped("readiness.below_cut", values, wanted, source={f"AY{y}": "reported" for y in range(2560, 2563)}))
    assert (late.refused, late.at, late.n) == ("break", "AY2563", 5)
    over = forecast(
        shaped("readiness.below_cut", years([0.3, 0.28, 0.29, 0.25, 0.26, 0.2, 0.3, 0.2, 0.3]), wanted, as_of="2026-04-30")
    )
    assert over.refused == "over"


# ---- with a real release --------------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("on_demo")
def test_every_demo_target_has_a_track_whose_numbers_are_those_of_query() -> None:
    wanted = read_table(require_release().id, "target")
    ids = targets.indicators_with_targets(wanted)
    assert set(ids) == set(wanted["indicator"])
    for indicator in ids:
        found = track(indicator, wanted)
        assert found is not None
        assert [g.period for g in found.goals] == list(YEARS)
        for year in found.years:
            if not year.period or year.value is None:
                continue
            kind = targets.period_type(year.period)
            cell = targets.query(indicator, where={kind: year.period, **targets.FIXED.get(indicator, {})}).iloc[0]
            assert cell["value"] == year.value
    assert {s.status for i in ids for s in track(i, wanted).years} == set(targets.STATUSES)  # type: ignore[union-attr]


@pytest.mark.usefixtures("empty_home")
def test_targets_of_a_province_are_compared_with_its_own_values() -> None:
    places = {"50": 109, "57": 110, "40": 1}  # of the small country, 50 reaches 109, 57 reaches 106, 40 is suppressed
    rows = pd.concat([table("grant.basic_recipients", [v], p, ("AY2566",)) for p, v in places.items()])
    grants = small.grants(semesters=("2565-1", "2565-2", "2566-1", "2566-2"))
    small.publish({**small.tables(), "pupil_grant": grants, "target": rows})
    wanted = read_table(require_release().id, "target")
    assert targets.indicators_with_targets(wanted) == []
    assert targets.indicators_with_targets(wanted, "50") == ["grant.basic_recipients"]
    assert track("grant.basic_recipients", wanted, "30") is None
    found = {p: t for p in places if (t := track("grant.basic_recipients", wanted, p))}
    got = {p: (t.years[0].status, t.years[0].value, t.years[0].reason) for p, t in found.items()}
    assert got == {"50": (ON_TRACK, 109, ""), "57": (BEHIND, 106, ""), "40": (NO_DATA, None, "suppressed")}
    assert found["50"].base == Goal("AY2565", 111)
    assert forecast(found["40"]).refused == "suppressed"


@pytest.mark.parametrize(
    ("low", "high", "direction", "status"),
    [
        (0.35, 0.45, "up", UNCLEAR),  # the interval holds the path
        (0.42, 0.50, "up", ON_TRACK),
        (0.30, 0.38, "up", BEHIND),
        (0.42, 0.50, "down", BEHIND),
        (0.30, 0.38, "down", ON_TRACK),
        (0.40, 0.50, "up", UNCLEAR),  # at the very edge nothing is claimed
    ],
)
def test_an_estimate_is_judged_with_its_interval(low: float, high: float, direction: str, status: str) -> None:
    assert judge((low + high) / 2, 0.40, direction, (low, high)) == status


@pytest.mark.usefixtures("on_demo")
def test_only_surveys_are_judged_by_their_interval_and_counts_by_their_value() -> None:
    """Over every indicator with targets: a survey whose interval holds what was asked cannot be told, a full count always can."""
    wanted = read_table(require_release().id, "target")
    seen = 0
    for name in targets.indicators_with_targets(wanted):
        found = track(name, wanted)
        assert found is not None
        rows = {r["period"]: r for r in found.rows}
        for one in (*found.years, standing(found)):
            if one.status not in (ON_TRACK, BEHIND, UNCLEAR):
                continue
            row = rows[one.period]
            holds = found.indicator.sampled and row["low"] <= one.expected <= row["high"]
            assert (one.status == UNCLEAR) == holds, name
            seen += found.indicator.sampled
    assert seen
    plain = track("readiness.below_cut", table("readiness.below_cut", [0.2, 0.2, 0.2]))
    assert plain is not None
    row = next(r for r in plain.rows if r["period"] == "AY2567")
    for value, status in ((row["value"], UNCLEAR), (row["high"] + 1e-6, ON_TRACK), (row["low"] - 1e-6, BEHIND)):
        found = track("readiness.below_cut", table("readiness.below_cut", [value] * 3))
        assert found is not None
        assert found.years[1].status == status  # less is better
