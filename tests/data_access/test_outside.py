"""Those out of school: stock and flows worked by hand, what a sender leaves out, and the page."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from charts.published import break_years
from data_access.questions.query import query
from data_access.store.releases import require_release
from data_access.store.tables import read_table
from tests.data_access import small
from tests.reading import notes, sentences, tables
from tests.ui.test_targets_page import open_page

STOCK = {"2567-1": 400, "2567-2": 380}


def rows(**changed: object) -> pd.DataFrame:
    """Three provinces × two sexes × two ages, a hundredth of the numbers varying with the province."""
    out = []
    for n, (province, semester, sex, age) in enumerate(product(("40", "50", "90"), STOCK, ("male", "female"), ("6_14", "15_17"))):
        row = {
            "population": "child_youth",
            "province_code": province,
            "semester": semester,
            "sex": sex,
            "age_group": age,
            "stock": STOCK[semester] + n % 3,
            "new": 50,
            "found": 200,
            "helped": 120,
            "back": 60,
            "trained": 30,
            "in_work": 20,
            "lost_again": 12,
        }
        out.append({**row, **(changed if province == "90" else {})})
    return pd.DataFrame(out)


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    return lambda **changed: small.publish({**small.tables(), "out_of_school_count": rows(**changed)})


def test_stock_flows_and_shares(publish) -> None:
    publish()
    assert query("outside.stock")["value"].iloc[0] == rows().query("semester == '2567-2'")["stock"].sum()
    share = query("outside.back_share", where={"province": "40"}).iloc[0]
    assert (share["numerator"], share["denominator"], share["value"]) == (240, 800, 0.3)
    ages = query("outside.helped", by=("age_group",), where={"semester": "2567-1"}).set_index("age_group")
    assert ages["value"].dropna().to_dict() == {"6_14": 720, "15_17": 720}
    assert set(ages.loc[["3_5", "18_24"], "state"]) == {"not_collected"}
    assert query("informal.stock")["state"].iloc[0] == "not_collected"


def test_what_a_sender_leaves_out_is_not_nought(publish) -> None:
    publish(trained=None)
    by_place = query("outside.trained", by=("province",)).set_index("province")
    assert by_place.loc["90", "state"] == "not_collected"
    assert by_place.loc["40", "value"] == 120
    whole = query("outside.trained").iloc[0]
    assert (whole["value"], whole["flag"]) == (240, "incomplete")
    assert query("outside.helped")["flag"].iloc[0] == ""


def test_few_persons_are_suppressed_with_what_would_tell(publish) -> None:
    publish(lost_again=1)
    by_place = query("outside.lost_again", by=("province",)).set_index("province")
    assert by_place.loc["90", "state"] == "suppressed"  # four persons
    assert (by_place["state"] == "suppressed").sum() >= 2


@pytest.mark.usefixtures("on_demo")
def test_the_page_balances_stock_and_flows() -> None:
    app = open_page("out_of_school")
    assert not app.exception
    table = next(d for d in tables(app) if "Unexplained" in d.columns)
    where = {"semester": "2567-2"}
    before = query("outside.stock", where={"semester": "2567-1"})["value"].iloc[0]
    came = sum(query(i, where=where)["value"].iloc[0] for i in ("outside.new", "outside.lost_again"))
    left = query("outside.stock", where=where)["value"].iloc[0] - (
        before + came - query("outside.back", where=where)["value"].iloc[0]
    )
    assert table["Unexplained"].iloc[-1] == "Cannot be computed"  # the last semester has not ended
    assert table["Unexplained"].iloc[-2].replace("−", "-").replace("+", "").replace(",", "") == f"{left:.0f}"
    assert "on 31 Mar 2568" in " ".join(sentences(app))


def test_without_the_register_the_page_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    small.publish(small.tables())
    app = open_page("out_of_school")
    assert not app.exception
    assert any("Nothing is loaded yet" in i and "Out-of-school" in i for i in notes(app))


@pytest.mark.usefixtures("on_demo")
def test_published_series_name_their_sources_and_break_where_years_do_not_compare() -> None:
    series = read_table(require_release().id, "published_series")
    assert series["source"].str.len().min() > 5
    assert not series.duplicated(["series", "year"]).any()
    assert break_years(series[series["series"].str.startswith("nt.")]) == [2561.5]
    assert break_years(series[series["series"].str.startswith("pisa.")]) == []
