"""The data of the component of lines: the same as the figure for files, and nothing that is hidden."""

from __future__ import annotations

import pandas as pd
import pytest

from charts.lines import lines
from charts.style import Style
from charts.theme import Measure
from charts.trends import Event, trend
from ui.components import packed

RATE = Measure("x", "Coverage", "", "rate", "up")
STYLE = Style("en")
SECRET = 7654321.0
LABELS = {f"{year}-{half}": f"{half}/{year}" for year in (2562, 2563, 2564, 2565) for half in (1, 2)}
EVENTS = [Event("2564-1", "second"), Event("2563-1", "first"), Event("2599-1", "outside the axis")]
STATES = ("value", "zero", "older", "suppressed", "not_collected", "value", "value", "value")


def cells(series: str = "a") -> pd.DataFrame:
    values = [0.5, 0.0, 0.4, SECRET, SECRET, 0.7, 0.8, 0.6]
    frame = pd.DataFrame({"x": list(LABELS), "value": values, "state": STATES, "series": series})
    return frame.assign(low=frame["value"] - 0.01, high=frame["value"] + 0.01, flag=["", "", "", "", "", "", "incomplete", ""])


def two() -> pd.DataFrame:
    return pd.concat([cells("a"), cells("b").assign(value=0.3, state="value")], ignore_index=True)


def test_a_line_breaks_where_there_is_no_value_and_hidden_numbers_never_leave() -> None:
    data = lines(cells(), RATE, STYLE, labels=LABELS, series_names={"a": "A"}, events=EVENTS)
    (line,) = data["lines"]
    assert [point[0] for point in line["points"]][:6] == [0.5, 0.0, 0.4, None, None, 0.7]
    assert line["points"][3][1:3] == [None, None]
    assert "7654321" not in packed(data).decode().replace(",", "")
    assert "uppressed" in line["points"][3][3]


def test_marks_beside_the_line_stand_at_its_foot() -> None:
    (line,) = lines(cells(), RATE, STYLE, labels=LABELS, series_names={"a": "A"})["lines"]
    assert [at for at, _value, state in line["apart"] if state == "suppressed"] == [3]
    shown = [value for value, *_ in line["points"] if value is not None]
    assert [value for _at, value, state in line["apart"] if state == "suppressed"] == [min(shown)]


def test_words_events_and_scale_are_those_of_the_figure_for_files() -> None:
    shown = {"labels": LABELS, "series_names": {"a": "A", "b": "B"}, "target": 0.9, "events": EVENTS, "equal": True}
    data, figure = lines(two(), RATE, STYLE, **shown), trend(two(), RATE, STYLE, **shown)
    assert data["alt"] == figure.alt
    assert data["notes"] == list(figure.notes)
    assert data["events"] == [[2, "first"], [4, "second"]]
    axis = figure.figure.layout.yaxis
    assert data["range"] == list(axis.range)
    assert [tick for tick, _ in data["ticks"]] == list(axis.tickvals)
    assert [words for _, words in data["ticks"]] == list(axis.ticktext)
    assert [words for words, may in data["axis"] if may] == list(figure.figure.layout.xaxis.tickvals)
    drawn = [t for t in figure.figure.data if t.mode == "lines+markers"]
    assert [line["name"] for line in data["lines"]] == [t.name for t in drawn]
    assert [line["colour"] for line in data["lines"]] == [t.line.color for t in drawn]
    assert [line["shape"] for line in data["lines"]] == [t.marker.symbol for t in drawn]
    assert data["target"] == [0.9, "Target 90%"]


@pytest.mark.parametrize("equal", [True, False])
def test_only_lines_that_are_alike_have_shapes_of_their_own(equal: bool) -> None:
    data = lines(two(), RATE, STYLE, labels=LABELS, series_names={"a": "A", "b": "B"}, equal=equal)
    assert [line["strong"] for line in data["lines"]] == [True, equal]
    assert len({line["shape"] for line in data["lines"]}) == 1 + equal


def test_without_any_value_there_is_an_axis_and_words() -> None:
    empty = cells().assign(state="not_collected", value=None)
    data = lines(empty, RATE, STYLE, labels=LABELS, series_names={"a": "A"})
    assert data["ticks"] == []
    assert data["alt"]
    assert all(point[0] is None for point in data["lines"][0]["points"])
