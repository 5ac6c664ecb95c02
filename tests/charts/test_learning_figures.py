"""Figures of the pages about schools, centres and readiness: parts of a whole, points, slopes, lines drawn alike."""

from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from charts.axes import nice_ticks
from charts.bars import ranked_bars
from charts.dots import scatter_fit
from charts.points import points_data, points_map, points_picture
from charts.stacks import stacked_shares
from charts.static import Caption, to_png
from charts.style import DARK, LIGHT, Style
from charts.theme import Measure
from charts.trends import trend

TH, EN, NIGHT = Style("th"), Style("en"), Style("th", dark=True)
COUNT = Measure("x.count", "ศูนย์", "centres", "count")
DAYS = Measure("x.days", "Days of closure", "days", "mean")
CHANGE = Measure("x.change", "Change", "SD", "sd", "up")
PARTS = {"below": "ต่ำกว่าเกณฑ์", "good": "ดี", "not_assessed": "ยังไม่ประเมิน"}
POINTS = pd.DataFrame(
    {"lon": [100.12345, 101.0, None], "lat": [13.98765, 14.0, 14.0], "label": ["ก", "ข", "ค"], "group": ["other", "tsqp", "tsqp"]}
)
GROUPS = {"other": "อื่น", "tsqp": "TSQP"}


def standards(hidden: str | None = None) -> pd.DataFrame:
    rows = [("1/2565", "below", 10), ("1/2565", "good", 30), ("1/2565", "not_assessed", 10)]
    rows += [("2/2565", "below", 5), ("2/2565", "good", 40), ("2/2565", "not_assessed", 5)]
    frame = pd.DataFrame(rows, columns=["category", "part", "value"]).assign(state="value")
    frame["value"] = frame["value"].astype(float)
    if hidden:
        frame.loc[frame["category"].eq(hidden) & frame["part"].eq("below"), ["value", "state"]] = [np.nan, "suppressed"]
    return frame


def test_parts_add_up_to_the_whole_and_are_told_in_words() -> None:
    chart = stacked_shares(standards(), COUNT, TH, parts=PARTS, rest="not_assessed", title="มาตรฐาน")
    ends = [b + x for b, x in zip(chart.figure.data[-1].base, chart.figure.data[-1].x, strict=True)]
    assert ends == pytest.approx([1.0, 1.0])
    assert "ต่ำกว่าเกณฑ์ 20.0%" in chart.alt
    assert "ดี 80.0%" in chart.alt
    assert not chart.notes


def test_a_whole_with_a_hidden_part_is_not_drawn_and_says_so() -> None:
    chart = stacked_shares(standards(hidden="2/2565"), COUNT, TH, parts=PARTS, rest="not_assessed")
    assert all(list(t.y) == ["1/2565"] for t in chart.figure.data)
    assert "2/2565" in chart.notes[0]
    assert "2/2565" not in chart.alt


def test_parts_without_order_are_grey_in_both_modes() -> None:
    for style in (TH, NIGHT):
        chart = stacked_shares(standards(), COUNT, style, parts=PARTS, rest="not_assessed")
        colours = [t.marker.color for t in chart.figure.data]
        assert colours[:2] == [style.palette.good[0], style.palette.good[-1]]
        assert colours[2] == style.palette.land


def test_points_are_parts_of_their_own_one_for_each_layer_without_them() -> None:
    chart = points_map(POINTS, TH, title="โรงเรียน", group_names=GROUPS)
    layers = chart.figure.layers[1:]
    parts = points_data(POINTS, list(GROUPS))
    assert list(parts) == [layer.id for layer in layers]
    assert [len(json.loads(body)) for body in parts.values()] == [
        int((POINTS.dropna(subset=["lon"])["group"] == code).sum()) for code in GROUPS
    ]
    assert not any(label in chart.figure.to_json() for label in POINTS["label"])


def test_points_carry_no_more_than_place_and_label_and_say_what_is_missing() -> None:
    chart = points_map(POINTS, TH, title="โรงเรียน", group_names=GROUPS)
    parts = [json.loads(body) for body in points_data(POINTS, list(GROUPS)).values()]
    assert [set(row) for part in parts for row in part] == [{"lon", "lat", "label"}] * 2
    assert parts[0][0]["lon"] == 100.123
    assert chart.figure.map_provider is None
    assert chart.figure.layers[0].data.startswith("/app/static/")
    assert [words for _colour, words in chart.legend] == ["อื่น: 1", "TSQP: 1"]
    assert "TSQP: 1" in chart.alt
    assert chart.notes


def test_points_take_the_colours_of_the_mode_and_zoom_in_on_a_province() -> None:
    light, dark = (points_map(POINTS, s, title="x", group_names=GROUPS) for s in (TH, NIGHT))
    assert light.legend[0][0] == LIGHT.muted
    assert dark.legend[0][0] == DARK.muted
    near = points_map(POINTS, TH, title="x", focus="40").figure.initial_view_state
    assert near.zoom > light.figure.initial_view_state.zoom + 1
    assert 102 < near.longitude < 103.5


def test_a_given_slope_is_drawn_with_its_interval_and_told_for_a_round_number() -> None:
    frame = pd.DataFrame({"province": ["10", "11", "30"], "x": [0.0, 50.0, 100.0], "y": [0.0, -0.1, -0.35]})
    chart = scatter_fit(frame, DAYS, CHANGE, EN, slope=(-0.003, -0.004, -0.002), per=100)
    fan, line = chart.figure.data[1], chart.figure.data[2]
    assert fan.fill == "toself"
    assert (line.y[1] - line.y[0]) / (line.x[1] - line.x[0]) == pytest.approx(-0.003)
    assert "−0.30 SD for every 100 days (95% interval −0.40 to −0.20)" in chart.notes[0]
    assert "not a causal comparison" in chart.notes[1]
    assert chart.notes[0] in chart.alt


def test_a_fitted_slope_has_no_interval_and_claims_none() -> None:
    frame = pd.DataFrame({"province": ["10", "11", "30"], "x": [0.0, 1.0, 2.0], "y": [0.0, 1.0, 2.0], "w": [1.0, 5.0, 1.0]})
    chart = scatter_fit(frame, DAYS, CHANGE, EN, weight="w")
    assert "1.00 SD for every 1 days" in chart.notes[0]
    assert "interval" not in chart.notes[0]
    assert len(chart.figure.data) == 2


def test_equal_lines_differ_in_colour_and_in_shape() -> None:
    frame = pd.DataFrame({"x": ["AY2562", "AY2563"] * 2, "series": ["a", "a", "b", "b"], "value": [1.0, 2.0, 3.0, 1.0]})
    labels = {"AY2562": "2562", "AY2563": "2563"}
    chart = trend(frame.assign(state="value"), CHANGE, TH, labels=labels, series_names={"a": "ก", "b": "ข"}, equal=True)
    lines = [t for t in chart.figure.data if t.mode == "lines+markers"]
    assert len({t.marker.symbol for t in lines}) == 2
    assert {t.line.dash for t in lines} == {"solid"}
    assert "ก" in chart.alt
    assert "ข" in chart.alt


def test_long_rankings_leave_true_noughts_to_the_table() -> None:
    codes = ["10", "11", "12", "13", "14", "30", "40", "50"]
    frame = pd.DataFrame({"province": codes, "value": [0.0] * 5 + [3.0, 2.0, 1.0], "state": ["zero"] * 5 + ["value"] * 3})
    chart = ranked_bars(frame, COUNT, EN, limit=4, selected="11")
    assert sorted(chart.figure.data[0].x) == [0.0, 1.0, 2.0, 3.0]
    assert any("4 with true nought" in note for note in chart.notes)


def test_what_is_counted_has_whole_ticks() -> None:
    assert nice_ticks(0, 2, whole=True) == [0.0, 1.0, 2.0]
    assert 0.5 in nice_ticks(0, 2)


@pytest.mark.parametrize("style", [TH, NIGHT], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["stack", "points"])
def test_pictures_are_drawn_without_a_browser(name: str, style: Style) -> None:
    chart = (
        stacked_shares(standards(), COUNT, style, parts=PARTS, rest="not_assessed")
        if name == "stack"
        else points_picture(POINTS, style, title="โรงเรียน", group_names=GROUPS)
    )
    image = Image.open(io.BytesIO(to_png(chart, Caption("ที่ตั้ง", ["ตัวกรอง"], "ข้อมูลสาธิต"), style)))
    assert image.width > 1500
    assert len(image.convert("L").getcolors() or range(256)) > 20
