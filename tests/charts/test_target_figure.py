"""The picture of a target: what is reached, the path, the marks and the fan stay apart and are all in the words."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
from PIL import Image

from charts.static import Caption, to_png
from charts.style import LIGHT, Style
from charts.targets import target_path
from charts.theme import Measure

RATE = Measure("x.rate", "ความครอบคลุม", "%", "rate", "up")
LABELS = {c: c for c in ("AY2564", "AY2565", "AY2566", "AY2567", "AY2568")}
FRAME = pd.DataFrame(
    {
        "x": list(LABELS),
        "value": [0.4, 0.5, np.nan, 0.7, 0.3],
        "state": ["value", "value", "suppressed", "value", "value"],
        "ended": [True, True, True, True, False],
        "path": [np.nan, 0.5, 0.6, 0.7, 0.8],
        "target": [np.nan, np.nan, 0.6, 0.7, 0.8],
    }
)
AHEAD = pd.DataFrame({"x": ["AY2568"], "value": [0.75], "low": [0.6], "high": [0.9]})


def traces(chart) -> dict:
    return {t.name: t for t in chart.figure.data}


def test_reached_unfinished_path_targets_and_forecast_are_traces_of_their_own() -> None:
    drawn = traces(target_path(FRAME, RATE, Style("en"), labels=LABELS, forecast=AHEAD))
    assert set(drawn) == {
        "band",
        "Forecast",
        "Path",
        "Reached",
        "Provisional",
        "Suppressed to protect small numbers, here or elsewhere",
        "Target",
    }
    assert np.isnan(drawn["Reached"].y[2])  # a hidden value leaves a gap
    assert drawn["Reached"].connectgaps is False
    assert np.isnan(drawn["Reached"].y[4])
    assert drawn["Provisional"].y[4] == 0.3
    assert drawn["Target"].x == ("AY2566", "AY2567", "AY2568")
    assert drawn["Path"].line.dash == "dot"
    assert {t.line.color for t in (drawn["Path"], drawn["Reached"], drawn["Forecast"])} == {
        LIGHT.target,
        LIGHT.series[0],
        LIGHT.series[1],
    }


def test_the_fan_opens_from_the_last_value_before_it() -> None:
    band = traces(target_path(FRAME, RATE, Style("en"), labels=LABELS, forecast=AHEAD))["band"]
    assert list(band.x) == ["AY2567", "AY2568", "AY2568", "AY2567"]
    assert list(band.y) == [0.7, 0.9, 0.6, 0.7]


def test_the_axis_holds_everything_drawn() -> None:
    low, high = target_path(FRAME, RATE, Style("en"), labels=LABELS, forecast=AHEAD).figure.layout.yaxis.range
    assert low <= 0.3
    assert high >= 0.9


def test_the_words_name_targets_and_forecast_but_no_hidden_value() -> None:
    alt = target_path(FRAME, RATE, Style("en"), labels=LABELS, forecast=AHEAD).alt
    assert "Targets: AY2566 60" in alt
    assert "Forecast for AY2568: 75" in alt
    assert "suppressed" in alt
    without = target_path(FRAME, RATE, Style("en"), labels=LABELS)
    assert "Forecast" not in without.alt
    assert "Forecast" not in traces(without)


def test_a_figure_without_any_value_still_shows_path_and_targets() -> None:
    empty = FRAME.assign(value=np.nan, state="not_collected")
    chart = target_path(empty, RATE, Style("th"), labels=LABELS, notes=("เหตุผล",))
    assert len(chart.figure.data) == 2
    assert chart.notes == ("เหตุผล",)


def test_it_becomes_a_picture() -> None:
    chart = target_path(FRAME, RATE, Style("th"), labels=LABELS, forecast=AHEAD)
    image = Image.open(io.BytesIO(to_png(chart, Caption("เป้าหมาย", ["ทั้งประเทศ"], "ข้อมูลสาธิต"), Style("th"))))
    assert image.width > 1500
