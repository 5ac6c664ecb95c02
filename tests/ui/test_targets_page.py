"""The page about targets: scorecard, rule, empty state, places; the Overview says the same of each target."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data_access.analysis import targets
from data_access.store.releases import require_release
from data_access.store.tables import read_table
from tests.data_access import small
from tests.reading import captions, components, notes, sentences, tables, words

ROOT = Path(__file__).parents[2]


def open_page(page: str = "targets", **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for key, value in {"lang": "en", **query}.items():
        app.query_params[key] = value
    app.run()
    return app.switch_page(f"pages/{page}.py").run()


@pytest.mark.usefixtures("on_demo")
def test_the_scorecard_shows_five_results_by_three_years_with_icon_and_word() -> None:
    app = open_page()
    assert not app.exception
    (board,) = components(app, "scoreboard")
    assert board["heads"][1:4] == ["2566", "2567", "2568"]
    assert [title[0] for title, _rows in board["groups"]] == list("12345")
    rows = [row for _title, found in board["groups"] for row in found]
    wanted = read_table(require_release().id, "target")
    assert len(rows) == len(targets.indicators_with_targets(wanted))
    badges = {(icon, word) for _name, cells in rows for cell in cells if cell for _tone, icon, word, _said in [cell]}
    assert badges == {
        ("check_circle", "On track"),
        ("error", "Behind"),
        ("help", "No data"),
        ("schedule", "Not yet due"),
        ("question_mark", "Cannot be told"),
    }
    rule = " ".join(words(app, "text"))
    assert "Status The value of a period" in rule  # it is on the screen
    assert "at or above it is on track" in rule
    assert "*" not in rule
    assert len(tables(app)[0]) == len(wanted)
    said = " ".join(captions(app))
    assert "95% interval" in said
    assert "Random walk with drift" in said
    assert "at least 6 are needed" in said  # a refusal names the minimum


@pytest.mark.usefixtures("on_demo")
def test_the_overview_says_of_each_target_what_the_page_says() -> None:
    wanted = read_table(require_release().id, "target")
    stands = {i: targets.standing(t) for i in targets.indicators_with_targets(wanted) if (t := targets.track(i, wanted))}
    app = open_page("overview", period="2568-1")  # the period of the as-of date, up to which the page of targets judges
    assert not app.exception
    (bullets,) = components(app, "bullets")
    tones = [row["badge"][0] for row in bullets["rows"]]
    for status, tone in ((targets.ON_TRACK, "good"), (targets.BEHIND, "late")):
        assert tones.count(tone) == sum(s.status == status for s in stands.values())
    (found,) = components(app, "finding")
    assert found["text"].startswith(f"{tones.count('good')} of {len(stands)} results are on plan; farthest from it: TSQP schools")
    behind = sum(s.status == targets.BEHIND for s in stands.values())
    reasons = [said for said in sentences(app) if "on the path to the target." in said]
    assert 0 < len(reasons) <= behind
    assert "Target of Academic year 2567" in " ".join(sentences(app))


@pytest.mark.usefixtures("on_demo")
def test_a_province_without_targets_shows_those_of_the_country_and_says_so() -> None:
    app = open_page(province="40")
    assert not app.exception
    assert any("No targets of Khon Kaen" in i for i in notes(app))
    assert components(app, "scoreboard")


@pytest.mark.usefixtures("empty_home")
def test_without_targets_the_page_says_where_they_come_from() -> None:
    small.publish(small.tables())
    app = open_page()
    assert not app.exception
    assert any("Nothing is loaded yet" in i and "Targets" in i for i in notes(app))
    assert not tables(app)


@pytest.mark.usefixtures("empty_home")
def test_targets_of_a_province_have_a_page_of_their_own() -> None:
    rows = {
        "indicator": ["grant.basic_recipients"],
        "period": ["AY2566"],
        "place_code": ["57"],
        "value": [110.0],
        "source": ["tests"],
    }
    grants = small.grants(semesters=("2565-1", "2565-2", "2566-1", "2566-2"))
    small.publish({**small.tables(), "pupil_grant": grants, "target": pd.DataFrame(rows)})
    app = open_page(province="57")
    assert not app.exception
    table = tables(app)[0]
    assert table[["Place", "Target", "Reached", "Gap", "Status"]].to_numpy().tolist() == [["Chiang Rai", 110, 106, -4, "Behind"]]
    overview = open_page("overview", province="57", period="2566-2")
    assert not overview.exception
    assert any("Target of Academic year 2566 110" in said and "not reached" in said for said in sentences(overview))
