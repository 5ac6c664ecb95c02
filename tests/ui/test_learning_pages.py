"""The pages about schools, young children and learning loss: what a reader is told, and what the address brings back."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_access.questions.changes import changes
from data_access.store.releases import require_release
from data_access.store.tables import read_table
from tests import reading
from tests.reading import chosen, notes, sentences, tables, tiles

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.usefixtures("demo_home")


def open_page(page: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return " ".join([*sentences(app), *notes(app), *reading.words(app, "subheader"), *reading.words(app, "text")])


def metrics(app: AppTest) -> dict[str, str]:
    return tiles(app)


def test_schools_show_the_published_figures_and_claim_no_cause() -> None:
    app = open_page("schools", lang="en")
    shown = metrics(app)
    assert shown["TSQP schools"] == "35 schools"
    assert shown["Provinces with a TSQP school"] == "19 provinces"
    assert shown["Teachers who benefited"] == "at least 818 teachers"
    assert shown["Pupils who benefited"] == "at least 12,967 pupils"
    assert "Not a causal comparison" in words(app)
    assert "Choose a province to see its local authorities and schools." in words(app)


def test_a_school_is_reached_by_address_and_a_code_of_another_province_falls_away() -> None:
    table = next(t for t in tables(open_page("schools", lang="en", province="40")) if "Level" in t.columns)
    assert {"School", "Level", "Local authority", "Note"} <= set(table.columns)
    app = open_page("schools", lang="en", province="40", subject="science", lao="94001001", school="9940010001")
    assert chosen(app, "schools_choose_lao") == "94001001"
    assert chosen(app, "schools_choose_school") == "9940010001"
    assert "The mean of one school moves" in words(app)
    away = open_page("schools", lang="en", province="58", lao="94001001", school="9940010001")
    assert chosen(away, "schools_choose_lao") is None
    assert chosen(away, "schools_choose_school") is None


def test_young_children_show_the_upgrade_and_the_centres_of_a_province() -> None:
    app = open_page("early_childhood", lang="en", province="40")
    shown = metrics(app)
    assert shown["Provinces of the centre upgrade"] == "15 provinces"
    assert any({"Centre", "Quality standard", "Children in centres"} <= set(d.columns) for d in tables(app))


def test_one_centre_by_address_and_what_fell_behind() -> None:
    centre = read_table(require_release().id, "centre").query("province_code == '40'")["centre_code"].iloc[0]
    app = open_page("early_childhood", lang="en", period="2567-2", province="40", centre=centre)
    assert not app.exception
    assert chosen(app, "childhood_centre") == centre
    assert any(list(d.columns) == ["Semester", "Quality standard"] for d in tables(app))
    compared = [changes(i, ("province",), {"semester": "2567-2"}) for i in ("ecd.quality_share", "ecd.poor_reached")]
    worse = sum(int((found["verdict"] == "worse").sum()) for found in compared)
    said = [len(d) for d in tables(app) if "A year before, same centres" in d.columns]
    assert said == ([worse] if worse else [])
    assert bool(worse) != any("Nothing is clearly lower than a year before" in n for n in notes(app))
    away = open_page("early_childhood", lang="en", province="50", centre=centre)
    assert chosen(away, "childhood_centre") is None


def test_cohorts_add_up_to_the_schools_of_the_network() -> None:
    app = open_page("schools", lang="en")
    cohorts = next(d for d in tables(app) if "Still members" in d.columns)
    assert cohorts["Schools"].sum() == 35
    assert (cohorts["Still members"] <= cohorts["Schools"]).all()


def test_learning_loss_speaks_in_sd_never_in_months() -> None:
    app = open_page("learning_loss", lang="en", period="AY2564")
    text = words(app)
    assert "SD are never turned into months or years of learning" in text
    assert "one SD below the mean of the base round" in text
    assert "An association between provinces, not a causal comparison" in text
    assert metrics(app)["Change since the base round"].endswith("SD")
    assert metrics(app)["Change for every 100 days of closure"].startswith("−0.3")
    assert not any(" months" in v for v in metrics(app).values())


@pytest.mark.parametrize("page", ["schools", "early_childhood", "learning_loss"])
def test_thai_pages_show_neither_codes_nor_english_sentences(page: str) -> None:
    text = words(open_page(page, province="40"))
    for english in ("Whole country", "Choose a", "readiness.", "ecd.", "tsqp.", "school."):
        assert english not in text.split("แหล่ง")[0].split("`")[0]


@pytest.mark.parametrize("page", ["schools", "early_childhood", "learning_loss"])
def test_a_province_with_little_says_why_instead_of_failing(page: str) -> None:
    app = open_page(page, province="10", lang="en")
    assert notes(app)


def test_the_three_gaps_side_by_side_are_drawn_on_one_scale() -> None:
    app = open_page("learning_loss", lang="en")
    drawn = [d for d in reading.by_address(app).values() if isinstance(d, dict) and "lines" in d and "range" in d]
    sides = ({"Richest fifth", "Poorest fifth"}, {"Urban", "Rural"}, {"Girls", "Boys"})
    gaps = [d for names in sides for d in drawn if {line["name"] for line in d["lines"]} == names]
    assert len(gaps) == 3
    assert len({(tuple(d["range"]), str(d["ticks"])) for d in gaps}) == 1
