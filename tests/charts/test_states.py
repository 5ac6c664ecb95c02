"""Every state of a cell in every drawing: said in words, marked apart, its number told or kept. A new state is in all of them or fails here."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from charts import describe, theme
from charts.bars import funnel, ranked_bars
from charts.board import SYMBOLS, bar_list, board, maps, stage_list
from charts.dots import profile
from charts.histogram import score_histogram as histogram
from charts.lines import lines
from charts.maps import MARKED_STATES, district_map, province_map, small_multiple_maps, state_fills
from charts.stacks import stacked_shares
from charts.style import Style
from charts.theme import (
    OLDER,
    PROVISIONAL,
    SHOWN,
    STATE_NAMES,
    STATE_SHORT,
    STATE_SYMBOLS,
    STATES,
    TOLD,
    VALUE,
    ZERO,
    Chart,
    Measure,
    cell_words,
    early,
    shown,
)
from charts.trends import trend
from data_access.questions import cells
from ui.kit.tables import export_table

ROOT = Path(__file__).parents[2]
STYLE = Style("en")
RATE, COUNT = Measure("x", "Coverage", "%", "rate", "up"), Measure("y", "Pupils", "pupils", "count", "up")
CODES = ["10", "40", "50", "90"]
NUMBER = {"rate": 0.7123, "count": 7123.0}


def frame(state: str, measure: Measure) -> pd.DataFrame:
    """Four places, one of them in a state; whoever draws it gets its number and has to keep it where it is not to be told."""
    odd = 0.0 if state == ZERO else NUMBER[measure.kind]
    scale = 1.0 if measure.kind == "rate" else 10_000.0
    rows = pd.DataFrame(
        {"province": CODES, "value": [odd, 0.2 * scale, 0.5 * scale, 0.9 * scale], "state": [state, *["value"] * 3]}
    )
    older = ["2566-1" if state == OLDER else "", "", "", ""]
    came = [0.94 if state == PROVISIONAL else 1.0, 1.0, 1.0, 1.0]
    return rows.assign(low=None, high=None, older_period=older, came=came, flag="", indicator=measure.id, numerator=None)


def places(chart: Callable[..., Chart]) -> Callable[[pd.DataFrame, Measure], str]:
    return lambda rows, measure: said(chart(rows, measure, STYLE))


def said(chart: Chart) -> str:
    """Everything that a figure says: its traces, its words and its notes."""
    return " ".join([json.dumps(json.loads(chart.figure.to_json())["data"], ensure_ascii=False), chart.alt, *chart.notes])


def sent(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)


def over_time(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.iloc[::-1].assign(x=["2565-1", "2565-2", "2566-1", "2566-2"])


LABELS = {"2565-1": "1/2565", "2565-2": "2/2565", "2566-1": "1/2566", "2566-2": "2/2566"}
DRAWINGS: dict[str, Callable[[pd.DataFrame, Measure], str]] = {
    "map": places(province_map),
    "maps": lambda rows, m: said(small_multiple_maps([("a", rows), ("b", rows)], m, STYLE)),
    "districts": lambda rows, m: said(
        district_map(rows.assign(district=["4001", "4002", "4003", "4004"]).drop(columns="province"), m, STYLE, "40")
    ),
    "board": lambda rows, m: sent(board(rows, m, STYLE, [])),
    "played": lambda rows, m: sent(maps([("a", rows)], m, STYLE, moving=True)),
    "bars": places(ranked_bars),
    "trend": lambda rows, m: said(trend(over_time(rows), m, STYLE, labels=LABELS)),
    "lines": lambda rows, m: sent(lines(over_time(rows), m, STYLE, labels=LABELS)),
    "funnel": lambda rows, m: said(funnel(rows.assign(label=list("abcd")), m, STYLE)),
    "stages": lambda rows, m: sent(stage_list(rows.assign(label=list("abcd")), m, STYLE)),
    "table": lambda rows, m: export_table(rows, ("province",), {m.id: m}, STYLE).to_json(force_ascii=False),
    "words": lambda rows, m: describe.places(rows, m, STYLE) + cell_words(rows.iloc[0], m, STYLE),
}
OF_PARTS: dict[str, Callable[[pd.DataFrame, Measure], str]] = {
    "profile": lambda rows, m: said(
        profile(rows.assign(category="c", group=list("abcd")), m, STYLE, group_names=dict(zip("abcd", "abcd", strict=True)))
    ),
    "stack": lambda rows, m: said(
        stacked_shares(rows.assign(category=list("aabb"), part=list("xyxy")), m, STYLE, parts={"x": "X", "y": "Y"})
    ),
    "histogram": lambda rows, m: said(histogram(rows.assign(band=["00", "10", "20", "30"]), m, STYLE, cutoffs=[20], title="t")),
}
"""Drawings of the parts of one place and period."""
NAMED = [s for s in STATES if s not in (VALUE, ZERO)]


def test_the_drawings_know_every_state_of_a_cell() -> None:
    assert set(STATES) == set(cells.STATES)
    assert set(TOLD) == {*cells.TOLD, OLDER}
    assert theme.COMPLETE_FROM == cells.COMPLETE_FROM
    assert set(STATES) - {VALUE} <= set(STATE_NAMES)
    assert set(MARKED_STATES) == set(NAMED) == set(SYMBOLS) == set(STATE_SYMBOLS)
    assert len(set(SYMBOLS.values())) == len(set(STATE_SYMBOLS.values())) == len(NAMED)
    assert set(state_fills(STYLE)) == set(STATES) - set(SHOWN)
    shapes = (ROOT / "static/board/map.js").read_text(encoding="utf-8").split("const SYMBOLS")[1].split("};")[0]
    assert all(f"{symbol}:" in shapes for symbol in SYMBOLS.values())


def words_of(state: str) -> tuple[str, ...]:
    """What may stand for a state in a drawing; sentences say it in the middle."""
    short = {"suppressed": "suppressed", "not_collected": "without data", OLDER: "from 1/2566", PROVISIONAL: "provisional"}
    return tuple(w for w in (STATE_NAMES[state], STATE_SHORT[state], short.get(state)) if w)


@pytest.mark.parametrize("measure", [RATE, COUNT], ids=["rate", "count"])
@pytest.mark.parametrize("drawing", DRAWINGS)
@pytest.mark.parametrize("state", NAMED)
def test_a_state_is_said_and_its_number_told_or_kept(state: str, drawing: str, measure: Measure) -> None:
    text = DRAWINGS[drawing](frame(state, measure), measure)
    plain = text.replace(",", "")
    number = {"rate": ("0.7123", "71.2"), "count": ("7123",)}[measure.kind]
    if state not in TOLD:
        assert not any(n in plain for n in number)
    elif state == PROVISIONAL:
        assert any(n in plain for n in number)
    silent = {("bars", "not_collected"), ("bars", "not_applicable")}  # a ranking is of those that have a number
    if (drawing, state) not in silent:
        assert any(w in text for w in words_of(state)), f"{drawing} says nothing of {state}"


@pytest.mark.parametrize("drawing", OF_PARTS)
def test_parts_of_a_whole_say_that_they_are_provisional(drawing: str) -> None:
    text = OF_PARTS[drawing](frame(PROVISIONAL, COUNT), COUNT)
    assert "provisional" in text
    assert "94%" in text
    assert "provisional" not in OF_PARTS[drawing](frame(VALUE, COUNT), COUNT)


@pytest.mark.parametrize("measure", [RATE, COUNT], ids=["rate", "count"])
def test_a_provisional_place_is_hollow_and_in_no_class_extreme_or_rank(measure: Measure) -> None:
    rows = frame(PROVISIONAL, measure).assign(value=lambda d: d["value"].where(d["state"] == VALUE, 100 * d["value"].max()))
    data = board(rows, measure, STYLE, [])
    by_code = {cell[0]: cell for cell in data["cells"]}
    assert data["fills"][by_code["10"][1]] == STYLE.palette.paper
    assert by_code["10"][2] == "diamond"
    assert by_code["10"][3] < 0 if measure.bubbles else by_code["10"][3] == 0
    ranking = data["ranking"]
    told = ["90", "50", "40"] if measure.bubbles else ["40", "50", "90"]  # of a rate the lowest first
    assert [bar[0] for bar in ranking["bars"]] == [*told, "10"]
    assert [bar[6] for bar in ranking["bars"]] == [0, 0, 0, 1]
    assert ranking["divider"] == [3, "Provisional, not ranked"]
    assert "The highest is" in data["alt"]
    assert "Bangkok" not in data["alt"]
    assert "94%" in by_code["10"][4]


def test_nothing_stands_apart_where_all_is_complete() -> None:
    assert bar_list(frame(VALUE, COUNT), COUNT, STYLE)["divider"] is None


def test_a_line_ends_hollow_after_a_dashed_step_and_runs_through_complete_periods_alone() -> None:
    one = lines(over_time(frame(PROVISIONAL, COUNT)), COUNT, STYLE, labels=LABELS)["lines"][0]
    assert [p[0] is None for p in one["points"]] == [False, False, False, True]
    assert one["apart"] == [[3, 7123.0, PROVISIONAL]]
    assert one["dashes"] == [[[2, 2000.0], [3, 7123.0]]]
    alt = lines(over_time(frame(PROVISIONAL, COUNT)), COUNT, STYLE, labels=LABELS)["alt"]
    assert "2/2566" not in alt, "the change is told up to the last complete period"
    figure = trend(over_time(frame(PROVISIONAL, COUNT)), COUNT, STYLE, labels=LABELS).figure
    assert any(t.mode == "lines" and t.line.dash == "dash" and len(t.x) == 2 for t in figure.data)
    assert any(t.mode == "markers" and t.marker.symbol == "circle-open" for t in figure.data)


@pytest.mark.parametrize(
    ("came", "words"),
    [
        (0.949, "provisional: 94% of those expected have sent"),
        (0.999, "provisional: the period has not ended, 99% of those expected have sent"),
        (1.0, "provisional: the period has not ended, 100% of those expected have sent"),
        (None, "provisional: the period has not ended"),
    ],
)
def test_the_reason_is_the_one_that_holds(came: float | None, words: str) -> None:
    assert theme.provisional_words({"came": came}, STYLE) == words


def test_shown_and_early_never_overlap() -> None:
    for state in STATES:
        rows = frame(state, COUNT)
        assert not set(shown(rows).index) & set(early(rows).index)
