"""The board's data: everything that is drawn, nothing that is hidden."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest

from charts.board import Column, bar_list, board, stage_list
from charts.classes import SLIVER, classify
from charts.maps import province_map
from charts.style import Style
from charts.theme import Measure
from ui.blocks.components import packed

RATE = Measure("x", "Coverage", "", "rate", "up")
COUNT = Measure("y", "Pupils", "pupils", "count", "up")
STYLE = Style("th")
SECRET = 7654321.0


def cells(values: list[float | None], states: list[str]) -> pd.DataFrame:
    codes = ["10", "40", "50", "90"][: len(values)]
    return pd.DataFrame({"province": codes, "value": values, "state": states, "low": None, "high": None, "older_period": ""})


@pytest.mark.parametrize("measure", [RATE, COUNT], ids=["rate", "count"])
def test_a_hidden_number_never_leaves_even_when_a_frame_still_holds_it(measure: Measure) -> None:
    frame = cells([0.5, SECRET, SECRET, 0.25], ["value", "suppressed", "not_collected", "value"])
    sent = packed({"board": board(frame, measure, STYLE, []), "bars": bar_list(frame, measure, STYLE)}).decode()
    assert "7654321" not in sent.replace(",", "")
    assert "ปกปิด" in sent


def test_a_hidden_stage_keeps_its_place_without_a_bar() -> None:
    frame = cells([100.0, SECRET, 40.0], ["value", "suppressed", "value"]).assign(label=["found", "eligible", "paid"])
    data = stage_list(frame, COUNT, STYLE)
    assert [bar[1] for bar in data["bars"]] == [100.0, None, 40.0]
    assert "7654321" not in packed(data).decode().replace(",", "")


def test_cells_point_at_the_colour_of_their_class_and_at_a_mark_of_their_state() -> None:
    data = board(cells([0.1, 0.5, None, 0.9], ["value", "value", "suppressed", "value"]), RATE, STYLE, [])
    by_code = {cell[0]: cell for cell in data["cells"]}
    assert len({data["fills"][cell[1]] for cell in data["cells"]}) == 4
    assert by_code["50"][2] == "cross"
    assert [by_code[c][2] for c in ("10", "40", "90")] == [0, 0, 0]
    assert sum(int(words.rpartition("· ")[2]) for _colour, _symbol, words in data["legend"]) == 4


def test_the_area_of_a_bubble_is_in_proportion_and_nought_has_none() -> None:
    data = board(cells([400.0, 100.0, 0.0], ["value", "value", "zero"]), COUNT, STYLE, [])
    radius = {cell[0]: cell[3] for cell in data["cells"]}
    assert radius["10"] == pytest.approx(2 * radius["40"])
    assert radius["50"] == 0


@pytest.mark.parametrize("unit", ["count", "money"])
def test_numbers_below_nought_are_told_apart_by_colour(unit: Any) -> None:
    """An area cannot be less than nought: the provinces are filled, on both sides of it, on the board and in files."""
    measure = Measure("z", "Balance", "baht", unit, "neither")
    frame = cells([-3_800_000.0, 0.0, 900_000.0, 3_700_000.0], ["value", "zero", "value", "value"])
    data = board(frame, measure, STYLE, [])
    assert [cell[3] for cell in data["cells"]] == [0, 0, 0, 0]
    assert len({data["fills"][cell[1]] for cell in data["cells"]}) == 4
    filled = [t for t in province_map(frame, measure, STYLE).figure.data if t.type == "choropleth"]
    assert len({str(t.colorscale) for t in filled}) > 3
    assert measure.for_values([frame.assign(value=1.0)]) is measure


def test_the_table_has_the_order_asked_for_and_tells_missing_from_nought() -> None:
    frame = cells([0.0, 3.0, None], ["zero", "value", "suppressed"])
    column = Column("Pupils", {"10": 0.0, "40": 3.0, "50": None})
    data = board(frame, COUNT, STYLE, [column], order=["50", "10", "40", "96"])
    assert data["table"]["rows"] == [["50", None], ["10", 0.0], ["40", 3.0]]


def test_provinces_outside_the_filter_are_drawn_without_numbers() -> None:
    data = board(cells([1.0, SECRET], ["value", "value"]), COUNT, STYLE, [], only=["10"])
    assert [cell[0] for cell in data["cells"]] == ["10"]
    assert "40" in data["outside"]
    assert "7654321" not in packed(data).decode()


def spread_of(frame: pd.DataFrame, of: Measure, **asked: Any) -> Any:
    return board(frame, of, Style("en"), [], **asked)["spread"]


def test_each_province_with_a_number_lies_on_the_scale_at_its_value() -> None:
    rate = Measure("x", "X", "", "rate", "up")
    frame = cells([0.2, 0.5, 1.0, None], ["value", "value", "value", "suppressed"])
    found = spread_of(frame, rate, country=0.5)
    places = dict(found["dots"])
    assert list(places) == frame["province"].tolist()[:3]
    low, middle, high = places.values()
    assert (low, high) == (0.0, 1.0)
    assert middle == pytest.approx((0.5 - 0.2) / 0.8, abs=0.01)
    assert found["country"][0] == pytest.approx(middle)
    assert found["classes"][-1][1] == 1.0
    assert "100" not in str(spread_of(cells([None, None], ["suppressed", "not_collected"]), rate, country=0.5))


def test_counts_and_what_has_no_scale_have_no_spread() -> None:
    assert spread_of(cells([1.0, 5.0], ["value", "value"]), Measure("x", "X", "person", "count")) is None
    assert spread_of(cells([0.5, 0.5], ["value", "value"]), Measure("x", "X", "", "rate")) is None


@pytest.mark.parametrize(("kind", "direction", "first"), [("rate", "up", 0.2), ("rate", "down", 0.8), ("count", "up", 80.0)])
def test_a_ranking_opens_at_the_end_that_matters(kind: Any, direction: Any, first: float) -> None:
    values = [0.5, 0.2, 0.8] if kind == "rate" else [50.0, 20.0, 80.0]
    found = bar_list(cells(list(values), ["value"] * 3), Measure("x", "X", "", kind, direction), Style("en"))
    assert found["bars"][0][1] == first
    highest = "80" if kind == "count" else "80.0%"
    assert f"({highest}" in found["alt"].partition("the lowest")[0]


@pytest.mark.parametrize("seed", range(40))
def test_no_class_is_a_sliver_and_an_outlier_hides_nobody(seed: int) -> None:
    draw = np.random.default_rng(seed)
    values = draw.beta(*draw.uniform(0.3, 6, 2), 77)
    values[: seed % 4] = draw.uniform(0, 1, seed % 4)
    found = classify(values, Measure("x", "X", "", "rate", "up"))
    assert found is not None
    edges = [found.lowest, *found.uppers]
    members = pd.Series([found.index(v) for v in values]).value_counts()
    assert len(found.uppers) > 1
    for n, (low, high) in enumerate(itertools.pairwise(edges)):
        assert high - low >= SLIVER * (edges[-1] - edges[0]) or members.get(n, 0) != 1
