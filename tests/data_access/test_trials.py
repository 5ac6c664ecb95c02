"""The Reach Up trial: its statistics against worked values and statsmodels, its indicators by hand, its page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from data_access.analysis import trials
from data_access.questions.query import query
from tests import reading
from tests.data_access import small
from tests.reading import captions, notes, tiles
from tests.ui.test_targets_page import open_page

SUBDISTRICTS = tuple(f"{p}01{n:02}" for p in ("30", "40", "50") for n in range(1, 5))


@pytest.mark.parametrize(
    ("arms", "icc", "deff", "worked"),
    [
        ((36, 36), 0.02, 1.38, 0.17),
        ((36, 36), 0.05, 1.95, 0.21),
        ((36, 36), 0.10, 2.90, 0.25),
        ((24, 24), 0.02, 1.38, 0.21),
        ((24, 24), 0.05, 1.95, 0.25),
        ((24, 24), 0.10, 2.90, 0.31),
    ],
)
def test_worked_planning_numbers_of_72_clusters_of_20(arms: tuple[int, int], icc: float, deff: float, worked: float) -> None:
    assert trials.design_effect(20, icc) == pytest.approx(deff)
    assert round(trials.minimum_detectable_effect(*arms, 20, icc), 2) == worked


def test_without_clustering_it_is_the_textbook_two_sample_formula() -> None:
    """statsmodels solves the same design: 100 against 100 children one by one."""
    effect = trials.minimum_detectable_effect(100, 100, 1, 0)
    solved = sm.stats.NormalIndPower().solve_power(nobs1=100, alpha=0.05, power=0.8, ratio=1)
    assert effect == pytest.approx(solved, rel=1e-4)
    assert np.isnan(trials.minimum_detectable_effect(0, 36, 20, 0.05))


def children(seed: int, effect: float) -> pd.DataFrame:
    """A trial with every child: 30 clusters of uneven size, outcome in points of SD 15."""
    rng = np.random.default_rng(seed)
    frames = []
    for cluster in range(30):
        n, treated = int(rng.integers(8, 31)), cluster % 2
        level = 100 + 15 * (effect * treated + rng.normal(0, np.sqrt(0.05)))
        frames.append(pd.DataFrame({"cluster": cluster, "treated": treated, "y": level + rng.normal(0, 15 * np.sqrt(0.95), n)}))
    return pd.concat(frames, ignore_index=True)


def sums(rows: pd.DataFrame, wave: str) -> pd.DataFrame:
    grouped = rows.groupby(["cluster", "treated"])["y"].agg(n="size", mean="mean", sd="std").reset_index()
    arm = np.where(grouped["treated"] == 1, "visits_cash", "comparison")
    return grouped.assign(subdistrict_code=grouped["cluster"].astype(str), wave=wave, measure="cognition", arm=arm)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_effects_from_sums_of_clusters_are_those_of_statsmodels_on_children(seed: int) -> None:
    rows = children(seed, 0.4)
    ours = trials.effects(sums(rows, "endline")).iloc[0]
    fit = sm.OLS(rows["y"], sm.add_constant(rows[["treated"]])).fit(
        cov_type="cluster", cov_kwds={"groups": rows["cluster"]}, use_t=True
    )
    control = rows.loc[rows["treated"] == 0, "y"].std()
    assert ours["value"] == pytest.approx(fit.params["treated"] / control)
    spread = fit.bse["treated"] / control * stats.t.ppf(0.975, 28)
    assert (ours["low"], ours["high"]) == pytest.approx((ours["value"] - spread, ours["value"] + spread))
    assert (ours["clusters"], ours["n"]) == (30, len(rows))


def test_before_an_endline_there_is_no_effect() -> None:
    assert trials.effects(sums(children(1, 0.4), "baseline")).empty
    one_each = sums(children(1, 0.4), "endline").iloc[:2]
    assert trials.effects(one_each).empty


def test_balance_is_the_standardised_difference_of_children() -> None:
    rows = children(4, 0.0)
    one, two = rows.loc[rows["treated"] == 1, "y"], rows.loc[rows["treated"] == 0, "y"]
    by_hand = (one.mean() - two.mean()) / np.sqrt((one.var() + two.var()) / 2)
    found = trials.balance(sums(rows, "baseline"))
    assert found["value"].tolist() == pytest.approx([by_hand])
    assert "p" not in found.columns


def tables(endline: bool = False) -> dict[str, pd.DataFrame]:
    """Twelve clusters of 30 families; every other has visits."""
    arm = ["visits_cash", "comparison"] * 6
    cluster = pd.DataFrame({"subdistrict_code": SUBDISTRICTS, "area": 1, "arm": arm, "families_planned": 30})
    keys = [f"{i:016x}" for i in range(30 * len(SUBDISTRICTS))]
    families = pd.DataFrame(
        {"family_key": keys, "semester": "2565-2", "area": 1, "subdistrict_code": np.repeat(SUBDISTRICTS, 30).astype(object)}
    )
    visits = pd.DataFrame(
        [
            (s, day, "2565-2", 30 * (a != "comparison"), 24 * (a != "comparison"), active)
            for s, a in zip(SUBDISTRICTS, arm, strict=True)
            for day, active in ((pd.Timestamp("2022-11-07"), 30), (pd.Timestamp("2022-11-21"), 20))
        ],
        columns=["subdistrict_code", "starts_on", "semester", "planned", "done", "families_active"],
    )
    waves = ("baseline", "endline") if endline else ("baseline",)
    rng = np.random.default_rng(5)
    measured = pd.DataFrame(
        [
            (s, w, "language", "ภาษา", "Language", 30, 100 + rng.normal() + 6 * (w == "endline") * (a != "comparison"), 15.0)
            for w in waves
            for s, a in zip(SUBDISTRICTS, arm, strict=True)
        ],
        columns=["subdistrict_code", "wave", "measure", "title_th", "title_en", "n", "mean", "sd"],
    )
    return {"trial_family": families, "trial_cluster": cluster, "trial_visit": visits, "trial_measure": measured}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))


@pytest.mark.usefixtures("home")
def test_visits_and_attrition_by_hand() -> None:
    small.publish(tables())
    rate = query("reachup.visit_rate").iloc[0]
    assert (rate["numerator"], rate["denominator"], rate["value"]) == (288, 360, 0.8)
    assert np.isnan(rate["low"])  # visits to one family are no independent trials
    lost = query("reachup.attrition", by=("arm",)).set_index("arm").loc["comparison"]
    assert (lost["numerator"], lost["denominator"]) == (60, 180)  # the last fortnight counts
    assert query("reachup.enrolled", where={"province": "40"})["value"].iloc[0] == 120


@pytest.mark.usefixtures("home")
def test_the_page_shows_an_effect_only_after_an_endline() -> None:
    small.publish(tables())
    before = open_page("trial")
    assert not before.exception
    assert any("Endline not supplied" in i for i in notes(before))
    small.publish(tables(endline=True))
    after = open_page("trial")
    assert not after.exception
    assert not any("Endline not supplied" in i for i in notes(after))
    assert any("No stars" in c for c in captions(after))


@pytest.mark.usefixtures("on_demo")
def test_the_page_states_what_it_can_detect_and_what_it_does_not_know() -> None:
    app = open_page("trial", icc="10", size="20")
    assert not app.exception
    assert tiles(app)["Smallest effect that can be found"] == "0.25 SD"
    shown = tiles(app)
    assert (shown["Parent–child sample groups"], shown["Reach Up sub-districts"]) == (
        "about 1,440 sample groups",
        "72 sub-districts",
    )
    accounts = next(t for t in reading.tables(app) if "The trial registry" in t.columns).to_csv()
    assert "Unconditional" in accounts
    assert "AEARCTR-0012619" in accounts
    assert any("not its effect" in c for c in captions(app))


@pytest.mark.usefixtures("home")
def test_without_families_the_page_says_so() -> None:
    small.publish(small.tables())
    app = open_page("trial")
    assert not app.exception
    assert any("Nothing is loaded yet" in i and "Reach Up" in i for i in notes(app))
