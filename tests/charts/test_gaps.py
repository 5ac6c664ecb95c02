"""What is drawn over time has room on its axis, and a period that nobody sent keeps its place and breaks the line, wherever it is drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from plotly.graph_objects import Figure

from charts.lines import lines
from charts.published import published_lines
from charts.style import Style
from charts.theme import Measure
from charts.trends import trend
from data_access.contract.periods import without_gaps
from ui.kit.panels import with_gaps
from ui.kit.tables import export_table

STYLE = Style("en")
LABELS = {c: c for c in without_gaps(("FY2560", "FY2567"))}
STATES = [("value", ""), ("value", "incomplete"), ("provisional", ""), ("suppressed", ""), ("not_collected", "")]


def _cells(seed: int) -> pd.DataFrame:
    """Some periods of a line in any state, with numbers of any size and sign."""
    rng = np.random.default_rng(seed)
    codes = sorted(rng.choice(list(LABELS), rng.integers(2, len(LABELS) + 1), replace=False))
    found = [STATES[n] for n in rng.integers(0, len(STATES), len(codes))]
    values = rng.normal(0, 10 ** rng.integers(0, 7), len(codes))
    frame = pd.DataFrame({"indicator": "pao.budget", "period": codes, "fiscal_year": codes, "value": values.round(2)})
    frame[["state", "flag"]] = found
    frame["value"] = frame["value"].where(~frame["state"].isin(("suppressed", "not_collected")))
    return frame.assign(numerator=np.nan, denominator=np.nan, low=np.nan, high=np.nan, n=1.0, came=0.5)


@pytest.mark.parametrize("seed", range(40))
def test_everything_drawn_has_room_on_the_axis(seed: int) -> None:
    frame, measure = _cells(seed).rename(columns={"fiscal_year": "x"}), Measure("pao.budget", "Budget", "baht", "money")
    drawing = lines(frame, measure, STYLE, labels=LABELS)
    told = frame.loc[frame["value"].notna(), "value"]
    low, high = drawing["range"]
    assert told.between(low, high).all()
    if len(told):
        figure: Figure = trend(frame, measure, STYLE, labels=LABELS).figure
        assert told.between(*figure.layout.yaxis.range).all()
        assert list(figure.layout.xaxis.categoryarray) == list(LABELS)


@pytest.mark.parametrize("seed", range(40))
def test_a_period_that_nobody_sent_keeps_its_place_in_tables_and_slides(seed: int) -> None:
    cells = _cells(seed)
    codes = without_gaps(cells["fiscal_year"])
    table = export_table(
        with_gaps(cells, "fiscal_year", codes),
        ("fiscal_year",),
        {"pao.budget": Measure("pao.budget", "Budget", "baht", "money")},
        STYLE,
    )
    assert len(table) == len(codes)
    frame = with_gaps(cells, "fiscal_year", codes).rename(columns={"fiscal_year": "x"})
    figure = trend(frame, Measure("pao.budget", "Budget", "baht", "money"), STYLE, labels={c: c for c in codes}).description
    assert figure is not None
    assert len(figure.categories) == len(codes)
    for at, code in enumerate(codes):
        row = frame[frame["x"] == code].iloc[0]
        shown = any(s.values[at] is not None for s in figure.series if s.role in ("value", "apart"))
        assert shown == (pd.notna(row["value"]) and row["state"] != "suppressed")


def test_a_quoted_series_breaks_where_years_are_missing() -> None:
    """One that comes every third year does not break at each step."""
    yearly = pd.DataFrame({"series": "a", "year": [2560, 2561, 2564], "segment": 1, "value": [1.0, 2.0, 3.0]})
    third = pd.DataFrame({"series": "b", "year": [2555, 2558, 2561], "segment": 1, "value": [1.0, 2.0, 3.0]})
    figure = published_lines(
        pd.concat([yearly, third]), Measure("t", "Test", "points", "mean"), STYLE, names={"a": "A", "b": "B"}, title="Test"
    ).figure
    first, second = figure.data
    assert [bool(pd.isna(v)) for v in first.y] == [False, False, True, False]
    assert not pd.isna(list(second.y)).any()


def test_the_line_of_a_slide_breaks_where_that_of_the_screen_does() -> None:
    yearly = pd.DataFrame({"series": "a", "year": [2560, 2561, 2564], "segment": 1, "value": [1.0, 2.0, 3.0]})
    ruled = pd.DataFrame({"series": "b", "year": [2560, 2561, 2562], "segment": [1, 1, 2], "value": [1.0, 2.0, 3.0]})
    third = pd.DataFrame({"series": "c", "year": [2555, 2558, 2561], "segment": 1, "value": [1.0, 2.0, 3.0]})
    names = {"a": "A", "b": "B", "c": "C"}
    figure = published_lines(
        pd.concat([yearly, ruled, third]), Measure("t", "Test", "points", "mean"), STYLE, names=names, title="Test"
    ).description
    assert figure is not None
    assert [[figure.categories[at] for at in s.breaks] for s in figure.series] == [["2564"], ["2562"], []]
