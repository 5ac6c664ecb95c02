"""The funnel of grants in time, the screening score and referrals, worked by hand; the panels that show them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from charts.histogram import score_histogram
from charts.static import Caption, to_png
from charts.style import Style
from charts.theme import Measure
from data_access.questions.query import query
from tests.data_access import small
from tests.reading import captions, tables, tiles
from tests.ui.test_targets_page import open_page


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))


def grants() -> pd.DataFrame:
    """Forty pupils of one school: all screened ten days after they were found, twenty-five certified five days later."""
    n = 40
    day = pd.Timestamp("2022-06-01")
    return pd.DataFrame(
        {
            "pupil_key": [f"{i:016x}" for i in range(n)],
            "semester": "2565-1",
            "school_code": small.schools()["school_code"].iloc[0],
            "level": "primary",
            "sex": "male",
            "tier": "poor",
            "stage": ["certified"] * 25 + ["screened"] * 15,
            "found_on": day,
            "screened_on": day + pd.Timedelta(days=10),
            "certified_on": [day + pd.Timedelta(days=15)] * 25 + [pd.NaT] * 15,
            "referral": ["closed"] * 12 + ["accepted"] * 13 + ["sent"] * 15,
            "referred_on": day,
            "referral_closed_on": [day + pd.Timedelta(days=20)] * 12 + [pd.NaT] * 28,
        }
    )


@pytest.mark.usefixtures("home")
def test_days_of_each_stage_are_of_those_with_both_dates() -> None:
    small.publish({**small.tables(), "pupil_grant": grants()})
    assert query("grant.days_to_screened")["value"].iloc[0] == 10
    certified = query("grant.days_to_certified").iloc[0]
    assert certified["value"] == 5
    assert pd.isna(certified["denominator"])  # how many had both dates is no protected count, so it is not told
    assert query("grant.days_to_paid")["state"].iloc[0] == "not_collected"


@pytest.mark.usefixtures("home")
def test_referrals_sent_taken_up_and_closed() -> None:
    small.publish({**small.tables(), "pupil_grant": grants()})
    assert query("grant.referred")["value"].iloc[0] == 40
    assert query("grant.referrals_accepted")["value"].iloc[0] == 25 / 40  # a closed one was taken up
    assert query("grant.referrals_closed")["value"].iloc[0] == 12 / 40
    assert query("grant.referral_days")["value"].iloc[0] == 20


def scores() -> pd.DataFrame:
    rows = [
        ("40", 40, "poor", 20),
        ("40", 40, "not_poor", 60),
        ("40", 60, "poor", 80),
        ("40", 60, "not_poor", 20),
        ("40", 45, "unknown", 300),
        ("40", 65, "unknown", 200),
    ]
    columns = ["province_code", "score_low", "truth", "pupils"]
    return pd.DataFrame(rows, columns=columns).assign(semester="2567-1", cutoff=50)


@pytest.mark.usefixtures("home")
def test_undercoverage_and_leakage_are_of_those_whose_truth_is_known() -> None:
    small.publish({"screening_score": scores()})
    missed = query("screening.undercoverage").iloc[0]
    assert (missed["numerator"], missed["denominator"], missed["value"]) == (20, 100, 0.2)
    leaked = query("screening.leakage").iloc[0]
    assert (leaked["numerator"], leaked["denominator"], leaked["value"]) == (20, 100, 0.2)
    assert query("screening.assessed")["value"].iloc[0] == 680
    bands = query("screening.assessed", by=("band",)).set_index("band")["value"]
    assert (bands["40"], bands["60"]) == (380, 300)  # a bar holds ten hundredths of the score


@pytest.mark.usefixtures("home")
def test_the_cut_off_of_the_tables_decides() -> None:
    small.publish({"screening_score": scores().assign(cutoff=35)})
    assert query("screening.undercoverage")["value"].iloc[0] == 0
    assert query("screening.leakage")["value"].iloc[0] == 80 / 180


def test_the_histogram_draws_the_cut_off_and_says_both_sides() -> None:
    frame = pd.DataFrame({"band": ["30", "40", "50", "60"], "value": [100.0, 200.0, 300.0, None]})
    frame["state"] = ["value", "value", "value", "suppressed"]
    measure = Measure("screening.assessed", "Pupils", "pupils", "count")
    chart = score_histogram(frame, measure, Style("en"), cutoffs=[50], title="Score")
    assert "300 pupils below the cut-off, 300 pupils at or above it" in chart.alt
    assert chart.notes == ("1 bands are suppressed",)
    assert any(shape.x0 == 50 for shape in chart.figure.layout.shapes)
    assert to_png(chart, Caption("Score", [], ""), Style("en")).startswith(b"\x89PNG")


@pytest.mark.usefixtures("on_demo")
def test_the_page_shows_time_errors_referrals_and_the_dated_threshold() -> None:
    app = open_page("grants", period="2567-1")
    assert not app.exception
    shown = tiles(app)
    share = query("screening.undercoverage", where={"semester": "2567-1"})["value"].iloc[0]
    assert shown["Under-coverage"] == f"{share * 100:.1f}%"
    assert shown["Days from referral to closure"].endswith("days")
    said = " ".join(captions(app))
    assert "80% from 16 May 2562 BE · 85% from 16 May 2568 BE" in said
    assert any("Semesters missed" in d.columns for d in tables(app))
