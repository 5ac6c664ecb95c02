"""Figures from frames: states stay apart, classes and labels agree, alternative text comes from the data."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from charts.bars import funnel, ranked_bars
from charts.classes import classify
from charts.dots import profile, scatter_fit
from charts.maps import bubble_size, province_map, reference_steps, small_multiple_maps
from charts.points import points_map
from charts.static import Caption, to_png
from charts.style import Style
from charts.theme import Measure
from charts.trends import Event, trend

RATE = Measure("x.rate", "ความครอบคลุม", "%", "rate", "up")
COUNT = Measure("x.count", "ผู้รับ", "pupils", "count")
STYLE = Style("th")
CODES = ["10", "11", "30", "40", "50", "90", "83", "84"]


def cells(values: list[float | None], states: list[str] | None = None) -> pd.DataFrame:
    states = states or ["value" if v is not None else "suppressed" for v in values]
    frame = pd.DataFrame(
        {
            "province": CODES[: len(values)],
            "value": pd.array(values, dtype="Float64").to_numpy(float, na_value=np.nan),
            "state": states,
            "older_period": "",
            "flag": "",
        }
    )
    return frame.assign(low=frame["value"] - 0.05, high=frame["value"] + 0.05)


MIXED = cells(
    [0.5, 0.6, 0.7, 0.8, None, None, None, 0.4], ["value"] * 4 + ["suppressed", "not_collected", "not_applicable", "older"]
)


def located(fig, name_part: str) -> list:
    return [t for t in fig.data if t.type == "choropleth" and name_part in (t.name or "")]


def test_hidden_cells_never_share_a_trace_with_values_and_have_legend_entries() -> None:
    chart = province_map(MIXED, RATE, STYLE)
    by_place = {}
    for trace in chart.figure.data:
        if trace.type == "choropleth":
            for code in trace.locations:
                by_place[code] = trace.colorscale[0][1]
    assert len({by_place["50"], by_place["90"], by_place["83"]} & {by_place[c] for c in CODES[:4]}) == 0
    assert len({by_place["50"], by_place["90"], by_place["83"]}) == 3
    legend = " ".join(t.name or "" for t in chart.figure.data if t.showlegend)
    assert all(words in legend for words in ("ปกปิด", "ไม่มีข้อมูล", "ไม่เกี่ยวข้อง", "งวดก่อนหน้า"))
    symbols = {t.marker.symbol for t in chart.figure.data if t.type == "scattergeo"}
    assert len(symbols) == 4


def test_counts_are_bubbles_whose_area_is_in_proportion() -> None:
    chart = province_map(cells([100.0, 400.0]), COUNT, STYLE)
    sizes = next(t.marker.size for t in chart.figure.data if t.type == "scattergeo" and t.customdata is not None)
    assert sizes[0] == pytest.approx(2 * sizes[1])
    assert bubble_size(0, 0) == 3
    assert reference_steps(640) == [500, 200, 50]


def test_the_selected_province_is_outlined_and_geometry_travels_by_url() -> None:
    chart = province_map(MIXED, RATE, STYLE, selected="50")
    assert chart.figure.data[-1].locations == ("50",)
    assert all(isinstance(t.geojson, str) for t in chart.figure.data if t.type == "choropleth")
    assert chart.figure.layout.geo.bgcolor == "rgba(0,0,0,0)"


@pytest.mark.parametrize("values", [[0.5] * 9, [0.1, 0.9], list(np.linspace(0, 1, 77)), [0.0, 0.0, 1.0]])
def test_labels_and_classes_agree(values: list[float]) -> None:
    scale = classify(np.array(values), RATE)
    assert scale is not None
    assert len(scale.uppers) <= 5
    for value in values:
        index = scale.index(value)
        rounded = value if scale.decimals is None else round(value, scale.decimals)
        assert rounded <= scale.uppers[index] + 1e-9
        assert index == 0 or rounded > scale.uppers[index - 1]


def test_alt_text_says_level_spread_and_suppression_but_no_hidden_value() -> None:
    alt = province_map(MIXED, RATE, STYLE, selected="50").alt
    assert "เชียงใหม่" in alt
    assert "ปกปิด" in alt
    assert "80.0%" in alt
    assert province_map(cells([None, None]), RATE, STYLE).alt


def test_trend_breaks_where_nothing_was_collected() -> None:
    frame = pd.DataFrame(
        {"x": ["2563-1", "2563-2", "2564-1"], "value": [0.5, np.nan, 0.7], "state": ["value", "not_collected", "value"]}
    )
    labels = {"2563-1": "1/2563", "2563-2": "2/2563", "2564-1": "1/2564"}
    chart = trend(frame, RATE, STYLE, labels=labels, targets={"2564-1": 0.8}, events=[Event("2563-2", "ปิดโรงเรียน")])
    line = next(t for t in chart.figure.data if t.mode == "lines+markers")
    assert line.connectgaps is False
    assert line.y[1] is None
    assert "ปิดโรงเรียน" in chart.notes[0]
    assert "เมื่อ 1/2563 เท่ากับ 50.0%" in chart.alt


def test_bars_start_at_nought_and_say_that_overlaps_are_no_finding() -> None:
    chart = ranked_bars(MIXED, RATE, STYLE)
    assert chart.figure.layout.xaxis.range[0] <= 0
    assert any("ช่วงความเชื่อมั่น" in note for note in chart.notes)


def figures() -> dict:
    plain = pd.DataFrame({"province": CODES, "x": range(8), "y": [0.1, 0.2, 0.3, 0.3, 0.4, 0.4, 0.5, 0.6]})
    dots = pd.DataFrame({"category": ["ภาษา", "ภาษา"], "group": ["a", "b"], "value": [-0.2, 0.3], "state": "value"})
    stages = pd.DataFrame({"label": ["ค้นพบ", "จ่าย"], "value": [10.0, 5.0], "state": "value"})
    return {
        "map": province_map(MIXED, RATE, STYLE),
        "bubbles": province_map(cells([5.0, 9.0]), COUNT, STYLE),
        "pair": small_multiple_maps([("ก่อน", MIXED), ("หลัง", MIXED)], RATE, STYLE),
        "bars": ranked_bars(MIXED, RATE, STYLE, reference=0.5),
        "funnel": funnel(stages, COUNT, STYLE),
        "profile": profile(dots, Measure("z", "z", "SD", "sd"), STYLE, group_names={"a": "ก", "b": "ข"}),
        "scatter": scatter_fit(plain, COUNT, RATE, STYLE),
    }


@pytest.mark.parametrize("name", list(figures()))
def test_every_figure_becomes_a_picture(name: str) -> None:
    raw = to_png(figures()[name], Caption("ที่ นั้น น้ำ ปู่ ญี่ปุ่น ฐานะ", ["ตัวกรอง", "ข้อมูล ณ"], "ข้อมูลสาธิต"), STYLE)
    image = Image.open(io.BytesIO(raw))
    assert image.width > 1500
    assert len(image.convert("L").getcolors() or range(256)) > 20


def test_points_have_no_base_map() -> None:
    chart = points_map(pd.DataFrame({"lon": [100.0, None], "lat": [13.0, None], "label": ["ก", "ข"]}), STYLE, title="ศูนย์")
    assert chart.figure.map_provider is None
    assert chart.notes
