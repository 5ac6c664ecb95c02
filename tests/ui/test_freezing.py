"""Views as slides: which chart a slide program can draw itself, titles, and pages seen on another release."""

from __future__ import annotations

import pandas as pd
import pytest

from charts.style import Style
from charts.theme import Measure
from data_access.saved import stories
from tests.reading import notes
from tests.ui.test_app import open_app
from ui.kit import slides
from ui.kit.tables import export_table

EN = Style("en")
COUNT = Measure("grant.basic_recipients", "Recipients", "people", "count")
RATE = Measure("grant.coverage", "Coverage", "", "rate")


def cells(indicator: str = "grant.basic_recipients", **columns: list) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    blank = {
        "indicator": indicator,
        "period": "2565-1",
        "numerator": None,
        "denominator": None,
        "low": None,
        "high": None,
        "flag": "",
    }
    return frame.assign(**{k: v for k, v in blank.items() if k not in frame})


def table(frame: pd.DataFrame, *by: str, measures: dict | None = None) -> pd.DataFrame:
    return export_table(frame, by, measures or {"grant.basic_recipients": COUNT, "grant.coverage": RATE}, EN)


def test_titles_tell_map_trend_and_split_of_one_indicator_apart() -> None:
    over_time = table(cells(semester=["2564-1"], value=[1.0], state=["value"]), "semester")
    by_tier = table(cells(tier=["poor"], value=[1.0], state=["value"]), "tier")
    assert slides.title_of("Recipients", over_time, "en") == "Recipients over time"
    assert slides.title_of("Recipients", by_tier, "en") == "Recipients by poverty tier"
    assert slides.title_of("Late", pd.DataFrame({"School": []}), "en") == "Late"


@pytest.mark.usefixtures("demo_home")
def test_an_unknown_release_in_the_address_is_said_and_the_current_one_shown() -> None:
    app = open_app(lang="en", at="r19990101-000000").run()
    assert not app.exception
    assert any("There is no release r19990101-000000" in e.value for e in app.error)


@pytest.mark.usefixtures("demo_home")
def test_the_review_opens_a_story_and_says_when_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "saved", dict)
    app = open_app(lang="en").run()
    app.switch_page("pages/mou_review.py").run()
    assert not app.exception
    assert any("No story yet" in i for i in notes(app))


def test_choices_of_the_same_name_are_told_apart() -> None:
    from ui.kit.linked import told_apart

    assert told_apart({"a": "วัดบ้านใหม่", "b": "วัดบ้านใหม่", "c": "อื่น"}) == {"a": "วัดบ้านใหม่ · a", "b": "วัดบ้านใหม่ · b", "c": "อื่น"}
