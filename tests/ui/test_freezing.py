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


def test_cells_over_time_are_lines_with_gaps() -> None:
    frame = cells(semester=["2564-1", "2564-2", "2565-1"], value=[100.0, 7.0, 130.0], state=["value", "suppressed", "value"])
    chart = slides.native_chart(table(frame, "semester"), "en")
    assert chart is not None
    assert (chart.kind, chart.unit, chart.decimals) == ("line", "people", 0)
    assert chart.series == (("Recipients", (100.0, None, 130.0)),)  # a suppressed value is a gap, never its number


def test_groups_are_bars_and_rates_are_per_cent() -> None:
    frame = cells("grant.coverage", tier=["extra_poor", "poor"], value=[0.864, 0.5], state=["value", "value"])
    chart = slides.native_chart(table(frame, "tier"), "en")
    assert chart is not None
    assert (chart.kind, chart.categories, chart.unit) == ("bar", ("Extra-poor", "Poor"), "per cent")
    assert chart.series[0][1] == (86.4, 50.0)


def test_many_provinces_become_the_highest_and_say_so() -> None:
    codes = [str(c) for c in range(30, 50)]
    frame = cells(province=codes, value=[float(n) for n in range(20)], state=["value"] * 20)
    chart = slides.native_chart(table(frame, "province"), "en")
    assert chart is not None
    assert len(chart.categories) == slides.MOST_BARS
    assert chart.series[0][0] == "Recipients: the 12 highest"
    assert chart.series[0][1][0] == 19.0


def test_many_lines_over_few_periods_become_bars_by_period_and_over_many_none() -> None:
    groups = [f"g{n}" for n in range(8)]
    few = cells(subdomain=groups * 2, academic_year=["AY2562"] * 8 + ["AY2565"] * 8, value=[0.1] * 16, state=["value"] * 16)
    chart = slides.native_chart(table(few, "subdomain", "academic_year"), "en")
    assert chart is not None
    assert (chart.kind, len(chart.categories), len(chart.series)) == ("bar", 8, 2)
    years = [f"AY25{n}" for n in range(60, 68)]
    many = cells(subdomain=groups * 8, academic_year=sorted(years * 8), value=[0.1] * 64, state=["value"] * 64)
    assert slides.native_chart(table(many, "subdomain", "academic_year"), "en") is None


@pytest.mark.parametrize("frame", [pd.DataFrame({"School": ["ก"], "Pupils": [5]}), pd.DataFrame()])
def test_a_table_that_is_no_table_of_cells_has_no_chart(frame: pd.DataFrame) -> None:
    assert slides.native_chart(frame, "en") is None


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
