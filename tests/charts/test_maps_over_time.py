"""Maps over several periods: one scale, and no number of a hidden cell anywhere."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from shapely.geometry import Point, Polygon

from charts import places
from charts.board import maps
from charts.classes import classify
from charts.maps import district_map, small_multiple_maps
from charts.static import figure_png
from tests.charts.test_charts import COUNT, MIXED, RATE, STYLE, cells
from ui.blocks.components import packed

LATER = cells(
    [0.9, 0.6, None, 0.8, 0.5, None, None, 0.4], ["value", "value", "suppressed", *["value"] * 2, *["not_collected"] * 2, "value"]
)
PANELS = [("1/2564", MIXED), ("2/2564", LATER)]


def test_every_moment_has_the_common_classes() -> None:
    drawing = maps(PANELS, RATE, STYLE, moving=True)
    shown = np.concatenate([f.loc[f["state"].isin(("value", "older")), "value"].to_numpy() for _l, f in PANELS])
    classes = classify(shown, RATE)
    assert classes is not None
    for (label, frame), (said, cells_of, _alt) in zip(PANELS, drawing["moments"], strict=True):
        assert said == label
        fills = {code: fill for code, fill, *_rest in cells_of}
        for row in frame.to_dict("records"):
            expected = {"suppressed": 1, "not_collected": 2, "not_applicable": 3, "provisional": 4}.get(row["state"])
            assert fills[row["province"]] == (5 + classes.index(row["value"]) if expected is None else expected)


def test_hidden_cells_are_marked_and_their_words_have_no_number() -> None:
    _label, found, alt = maps(PANELS, RATE, STYLE)["moments"][1]
    words = {code: (symbol, said) for code, _fill, symbol, _size, said in found}
    assert "%" not in words["30"][1]
    assert "ปกปิด" in words["30"][1]
    assert [code for code, (symbol, _said) in words.items() if symbol == "cross"] == ["30"]
    assert "ปกปิด" in alt


def test_a_hidden_number_reaches_no_browser() -> None:
    hidden = LATER.assign(value=LATER["value"].where(LATER["state"] != "suppressed", 0.7654321))
    sent = packed(maps([("1/2564", MIXED), ("2/2564", hidden)], RATE, STYLE, moving=True)).decode()
    assert not any(digits in sent for digits in ("7654321", "76.5", "77%", "0.77"))


def test_bubbles_of_all_moments_share_one_scale() -> None:
    few, many = cells([1.0, 4.0]), cells([100.0, 400.0])
    small, large = (max(c[3] for c in found) for _l, found, _a in maps([("1", few), ("2", many)], COUNT, STYLE)["moments"])
    assert large == pytest.approx(10 * small, rel=0.05)  # a diameter goes with the square root: 400 against 4


def test_a_region_alone_keeps_the_scale_that_the_picture_for_files_has() -> None:
    only = [MIXED["province"].iloc[0]]
    drawing, picture = maps(PANELS, RATE, STYLE, only=only), small_multiple_maps(PANELS, RATE, STYLE, only=only)
    classes = [words for _colour, symbol, words in drawing["legend"] if not symbol]
    named = {t.name for t in picture.figure.data if t.name}
    assert len(classes) > 1
    assert [c for c in classes if c in named]
    assert classes == [words for _colour, symbol, words in maps(PANELS, RATE, STYLE)["legend"] if not symbol]


def test_the_legend_of_several_maps_has_their_states_and_counts_none() -> None:
    legend = maps(PANELS, RATE, STYLE)["legend"]
    assert all(len(entry) == 3 and "·" not in entry[2] for entry in legend)
    assert {symbol for _colour, symbol, _words in legend if symbol} >= {"cross", "slash"}


def test_many_maps_stand_in_rows_inside_the_figure_and_the_legend_counts_none() -> None:
    panels = [(f"{n}", MIXED) for n in range(7)]
    chart = small_multiple_maps(panels, RATE, STYLE)
    domains = [chart.figure.layout["geo" if n == 0 else f"geo{n + 1}"].domain for n in range(7)]
    assert all(0 <= d.x[0] < d.x[1] <= 1 and 0 <= d.y[0] < d.y[1] <= 1 for d in domains)
    assert len({round(d.y[0], 2) for d in domains}) == 2
    assert not any("·" in (t.name or "") for t in chart.figure.data)
    picture = Image.open(io.BytesIO(figure_png(chart, STYLE, 9, 6)))
    assert picture.size == (1350, 900)


def districts(values: list[float], states: list[str]) -> pd.DataFrame:
    codes = [f"40{n:02}" for n in range(1, len(values) + 1)]
    return pd.DataFrame({"district": codes, "value": values, "state": states, "older_period": "", "flag": ""})


def test_a_map_of_districts_draws_one_province_from_the_boundaries_of_districts() -> None:
    frame = districts([0.5, 0.9, np.nan], ["value", "value", "suppressed"])
    chart = district_map(frame, RATE, STYLE, "40", selected="4002")
    fills = [t for t in chart.figure.data if t.type == "choropleth"]
    assert {t.geojson for t in fills} == {"/app/static/geo/districts.json"}
    assert {t.featureidkey for t in fills} == {"properties.dopa4"}
    drawn = [c for t in fills for c in t.locations]
    assert set(drawn) == {c for c in places.rings(4) if c.startswith("40")}
    assert "2 อำเภอ" in chart.alt
    assert "ปกปิด" in chart.alt
    low, high = chart.figure.layout.geo.lonaxis.range
    assert 101 < low < high < 104  # Khon Kaen, not the country


def test_bubbles_of_districts_stand_inside_them_and_say_their_scale() -> None:
    chart = district_map(districts([10.0, 40.0], ["value", "value"]), COUNT, STYLE, "40")
    bubbles = next(t for t in chart.figure.data if t.type == "scattergeo" and t.customdata is not None)
    for code, lon, lat in zip(bubbles.customdata, bubbles.lon, bubbles.lat, strict=True):
        assert any(Polygon(ring).contains(Point(lon, lat)) for ring in places.rings(4)[code])
    assert any("40" in note for note in chart.notes)
    assert figure_png(chart, STYLE, 6, 5).startswith(b"\x89PNG")
