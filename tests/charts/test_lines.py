"""The data of the component of lines: the same as the figure for files, and nothing that is hidden."""

from __future__ import annotations

import pandas as pd
import pytest

from charts.lines import lines
from charts.style import Style
from charts.theme import Measure
from charts.trends import Event, trend
from ui.blocks.components import packed

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
    shown = {
        "labels": LABELS,
        "series_names": {"a": "A", "b": "B"},
        "targets": {"2563-2": 0.9, "2599-1": 0.1},
        "events": EVENTS,
        "equal": True,
    }
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
    (goals,) = (t for t in figure.figure.data if t.marker.symbol == "line-ew")
    assert [[data["axis"][i][0], value] for i, value, _words in data["targets"]] == [
        list(p) for p in zip(goals.x, goals.y, strict=True)
    ]


def test_a_target_stands_at_its_own_period_and_at_no_other() -> None:
    goals = {"2563-1": 0.2, "2564-1": 0.9, "2570-1": 0.95}
    shown = {"labels": LABELS, "series_names": {"a": "A"}, "targets": goals}
    data, figure = lines(cells(), RATE, STYLE, **shown), trend(cells(), RATE, STYLE, **shown)
    codes = list(LABELS)
    assert {codes[i]: value for i, value, _words in data["targets"]} == {c: v for c, v in goals.items() if c in LABELS}
    assert not figure.figure.layout.shapes  # nothing is drawn across other periods
    assert data["range"][0] <= 0.2 < 0.9 <= data["range"][1]
    assert any("90%" in note and LABELS["2564-1"] in note for note in data["notes"])
    assert "90%" in data["alt"]


def test_charts_with_the_same_reach_have_one_scale_and_one_that_starts_at_nought_holds_it() -> None:
    low, high = (pd.DataFrame({"x": list(LABELS), "value": v, "state": "value", "series": "a"}) for v in (0.4, 0.9))
    ends = (0.0, 0.9)
    drawn = [lines(f, RATE, STYLE, labels=LABELS, series_names={"a": "A"}, reach=ends) for f in (low, high)]
    assert drawn[0]["range"] == drawn[1]["range"]
    assert drawn[0]["ticks"] == drawn[1]["ticks"]
    assert drawn[0]["range"][0] == 0


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


def test_a_rule_that_changed_breaks_the_line_on_the_screen_and_in_files_alike() -> None:
    events = [Event("2564-1", "stricter", breaks=True), Event("2563-1", "first")]
    shown = {"labels": LABELS, "series_names": {"a": "A", "b": "B"}, "events": events}
    data, chart = lines(two(), RATE, STYLE, **shown), trend(two(), RATE, STYLE, **shown)
    at = list(LABELS).index("2564-1")
    assert data["breaks"] == [at]
    assert [at - 0.5, "stricter"] in data["events"]
    assert chart.notes[-1].endswith("stricter")
    drawn = next(t for t in chart.figure.data if t.mode == "lines+markers")
    assert drawn.connectgaps is False
    assert drawn.y[at] is None
    assert len(drawn.y) == len(LABELS) + 1
    assert at - 0.5 in [s.x0 for s in chart.figure.layout.shapes]
    whole = lines(two(), RATE, STYLE, **{**shown, "events": [Event("2564-1", "stricter")]})
    assert whole["breaks"] == []
