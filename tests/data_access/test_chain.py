"""The equity chain: cohorts worked by hand, curves against statsmodels, and an attack on the hidden flows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from statsmodels.duration.survfunc import SurvfuncRight

from data_access.contract.errors import UsageError
from data_access.contract.schema import CHAIN_STAGE
from data_access.questions.query import query
from data_access.summaries.chain import COHORT_MARGIN, OTHER, OTHER_AWAY, STAGES, folded, hidden_flows, stay_lengths, survival
from tests.data_access import small

THRESHOLD = 10
LEARN, OUT, WORK, GONE = "primary", "out_of_school", "working", "unknown"


def codes(*stages: str) -> np.ndarray:
    return np.array([CHAIN_STAGE.index(s) for s in stages])


def children(paths: list[tuple[int, list[str | None]]], first: int = 2563) -> pd.DataFrame:
    """Rows of `chain_record`: (how many, stage of each year, None for no row)."""
    rows, child = [], 0
    for many, stages in paths:
        for _ in range(many):
            child += 1
            common = {"child_key": f"{child:016x}", "sex": ("male", "female")[child % 2], "tier": "poor"}
            rows += [{**common, "academic_year": first + y, "stage": s} for y, s in enumerate(stages) if s]
    return pd.DataFrame(rows)


PATHS: list[tuple[int, list[str | None]]] = [
    (180, [LEARN, LEARN, "lower_secondary"]),
    (40, [LEARN, LEARN, OUT]),
    (30, [LEARN, OUT, LEARN]),
    (12, [LEARN, OUT, OUT]),
    (15, [LEARN, None, "lower_secondary"]),
    (20, [LEARN, None, None]),
    (60, [None, "centre", "kindergarten"]),  # fewer than ten times the threshold: not published
]


@pytest.fixture
def on_paths(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    small.publish({"chain_record": children(PATHS)})


@pytest.mark.usefixtures("on_paths")
def test_children_are_counted_by_stage_and_a_year_without_a_row_is_in_no_register() -> None:
    assert COHORT_MARGIN * THRESHOLD > 60
    frame = query("chain.children", by=("cohort", "academic_year", "stage"))
    assert set(frame["cohort"]) == {"primary-2563"}
    found = frame.set_index(["academic_year", "stage"])["value"].to_dict()
    assert found == {
        ("AY2563", LEARN): 297,
        ("AY2564", LEARN): 220,
        ("AY2564", OUT): 42,
        ("AY2564", GONE): 35,
        ("AY2565", LEARN): 30,
        ("AY2565", "lower_secondary"): 195,
        ("AY2565", OUT): 52,
        ("AY2565", GONE): 20,
    }
    last = query("chain.in_education", where={"cohort": "primary-2563"}).iloc[0]
    assert (last["period"], last["numerator"], last["denominator"]) == ("AY2565", 225, 297)


@pytest.mark.usefixtures("on_paths")
def test_flows_name_where_children_go() -> None:
    frame = query("chain.flow", by=("stage", "next_stage"), where={"cohort": "primary-2563", "academic_year": "AY2564"})
    assert frame.set_index(["stage", "next_stage"])["value"].to_dict() == {
        (LEARN, "lower_secondary"): 180,
        (LEARN, OUT): 40,
        (OUT, LEARN): 30,
        (OUT, OUT): 12,
        (GONE, "lower_secondary"): 15,
        (GONE, GONE): 20,
    }


@pytest.mark.usefixtures("on_paths")
def test_a_stage_asked_for_is_nought_or_hidden_but_never_missing() -> None:
    frame = query("chain.children", by=("stage",), where={"cohort": "primary-2563", "stage": [WORK, OUT]})
    assert frame.set_index("stage")["state"].to_dict() == {WORK: "zero", OUT: "value"}


@pytest.mark.usefixtures("on_paths")
def test_cohorts_are_never_added_up() -> None:
    for question in ({}, {"by": ("stage",)}, {"where": {"stage": LEARN}}, {"where": {"cohort": ["primary-2563", "centre-2564"]}}):
        with pytest.raises(UsageError, match="never added up over cohort"):
            query("chain.children", **question)


@pytest.mark.usefixtures("on_paths")
def test_staying_is_kaplan_meier_of_first_leaving_rounded() -> None:
    frame = query("chain.stayed", by=("academic_year",), where={"cohort": "primary-2563"}).set_index("academic_year")["value"]
    exact = 1 - 42 / 262  # the 35 in no register are followed up to 2563 only and are no longer at risk in 2564
    assert frame["AY2564"] == pytest.approx(round(exact * 29) / 29)  # 297 children: one step of 1/29 is at least 10 of them
    assert frame["AY2565"] == pytest.approx(round(exact * (1 - 40 / 220) * 29) / 29)


def test_curves_agree_with_statsmodels() -> None:
    rng = np.random.default_rng(3)
    stage = codes(LEARN, LEARN, LEARN, OUT, WORK, GONE)[rng.choice(6, p=[0.6, 0.15, 0.15, 0.04, 0.03, 0.03], size=(800, 7))]
    stage[:, 0] = codes(LEARN)[0]
    followed, seen = stay_lengths(stage)
    ours = survival(followed, seen, 7)
    # statsmodels drops those with no time at all; they are at risk only at entry, where nobody leaves
    theirs = SurvfuncRight(followed[followed > 0], seen[followed > 0])
    ours_at = ours["value"].to_numpy()[theirs.surv_times.astype(int)]
    np.testing.assert_allclose(ours_at, theirs.surv_prob, rtol=1e-12)
    for t, prob, se in zip(theirs.surv_times.astype(int), theirs.surv_prob, theirs.surv_prob_se, strict=True):
        spread = 1.959963984540054 * se / (prob * abs(np.log(prob)))  # Kalbfleisch and Prentice's log-log interval
        assert ours.loc[t, "low"] == pytest.approx(prob ** np.exp(spread), rel=1e-9)
        assert ours.loc[t, "high"] == pytest.approx(prob ** np.exp(-spread), rel=1e-9)


def test_few_children_are_folded_with_the_next_smallest() -> None:
    many = np.repeat(codes(LEARN, OUT, WORK, GONE), [100, 4, 30, 0])
    counts = np.bincount(folded(many, THRESHOLD), minlength=len(STAGES))
    assert {s: n for s, n in zip(STAGES, counts, strict=True) if n} == {LEARN: 100, OTHER_AWAY: 34}
    few_away = np.repeat(codes(LEARN, "higher", OUT), [100, 50, 4])
    counts = np.bincount(folded(few_away, THRESHOLD), minlength=len(STAGES))
    assert {s: n for s, n in zip(STAGES, counts, strict=True) if n} == {LEARN: 100, OTHER: 54}


tables = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.sampled_from([0, 0, 1, 3, 6, 9, 12, 25, 80]), min_size=k, max_size=k), min_size=2, max_size=5)
)


@given(tables)
@settings(max_examples=150, deadline=None)
def test_no_hidden_small_flow_can_be_worked_out(rows: list[list[int]]) -> None:
    """Linear programming over everything an attacker knows: margins, shown flows, that noughts are shown, no negative counts."""
    table = np.array(rows)
    table = table[table.sum(axis=1) >= THRESHOLD]
    if not table.size:
        return
    table[0] += THRESHOLD * (table.sum(axis=0) < THRESHOLD)  # every stage that is shown has at least the threshold
    hidden = hidden_flows(table, THRESHOLD)
    assert hidden[(table > 0) & (table < THRESHOLD)].all()
    cells = np.argwhere(hidden)
    margins = np.array(
        [[i == r for i, _ in cells] for r in range(len(table))] + [[j == c for _, j in cells] for c in range(table.shape[1])]
    )
    held = np.where(hidden, table, 0)
    totals = np.r_[held.sum(axis=1), held.sum(axis=0)]
    for n, (i, j) in enumerate(cells):
        if 0 < table[i, j] < THRESHOLD:
            aim = np.eye(len(cells))[n]
            low, high = (linprog(s * aim, A_eq=margins, b_eq=totals, bounds=(0, None)).fun * s for s in (1, -1))
            assert high - low > 0.99, table


def test_pairs_of_registers_are_kept_apart(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    rows = [
        (link, 2567, province, outcome, n)
        for link, scale in (("civil_pupils", 1), ("teachers_schools", 2))
        for province in ("40", "50")
        for outcome, n in (("matched", 900 * scale), ("not_found", 60 * scale), ("no_id", 40 * scale))
    ]
    columns = ["link", "academic_year", "province_code", "outcome", "records"]
    small.publish({"register_link": pd.DataFrame(rows, columns=columns)})
    rates = query("link.match_rate", by=("link",)).set_index("link")
    assert rates["value"].to_dict() == {"civil_pupils": 0.9, "teachers_schools": 0.9}
    assert rates["denominator"].to_dict() == {"civil_pupils": 2000, "teachers_schools": 4000}
    assert query("link.unmatched", where={"link": "civil_pupils", "province": "40"})["value"].iloc[0] == 100
    by_outcome = query("link.records", by=("outcome",), where={"link": "teachers_schools"}).set_index("outcome")["value"]
    assert by_outcome[["matched", "not_found", "no_id"]].tolist() == [3600, 240, 160]
    with pytest.raises(UsageError, match="never added up over link"):
        query("link.records")
