"""Maps over several periods: one scale, one number of traces at every moment, and no number of a hidden cell anywhere."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from shapely.geometry import Point, Polygon

from charts import district_map, map_over_time, places, small_multiple_maps
from charts.classes import classify
from charts.static import figure_png
from tests.charts.test_charts import COUNT, MIXED, RATE, STYLE, cells

LATER = cells(
    [0.9, 0.6, None, 0.8, 0.5, None, None, 0.4], ["value", "value", "suppressed", *["value"] * 2, *["not_collected"] * 2, "value"]
)
PANELS = [("1/2564", MIXED), ("2/2564", LATER)]


def test_every_moment_has_the_same_traces_and_the_common_classes() -> None:
    chart = map_over_time(PANELS, RATE, STYLE)
    shown = np.concatenate([f.loc[f["state"].isin(("value", "older")), "value"].to_numpy() for _l, f in PANELS])
    classes = classify(shown, RATE)
    assert classes is not None
    for (_label, frame), moment in zip(PANELS, chart.figure.frames, strict=True):
        assert [t.type for t in moment.data] == ["choropleth", "scattergeo"]
        fills = dict(zip(moment.data[0].locations, moment.data[0].z, strict=True))
        for row in frame.to_dict("records"):
            expected = {"suppressed": 1, "not_collected": 2, "not_applicable": 3}.get(row["state"])
            assert fills[row["province"]] == (4 + classes.index(row["value"]) if expected is None else expected)


def test_hidden_cells_are_marked_and_their_hover_has_no_number() -> None:
    moment = map_over_time(PANELS, RATE, STYLE).figure.frames[1]
    words = dict(zip(moment.data[0].locations, moment.data[0].text, strict=True))
    assert "%" not in words["30"]
    assert "ปกปิด" in words["30"]
    assert list(moment.data[1].marker.symbol).count("x-thin") == 1


def test_bubbles_of_all_moments_share_one_scale() -> None:
    few, many = cells([1.0, 4.0]), cells([100.0, 400.0])
    chart = map_over_time([("1", few), ("2", many)], COUNT, STYLE)
    small, large = (m.data[2].marker.size for m in chart.figure.frames)
    assert max(large) == pytest.approx(10 * max(small), rel=0.01)  # a diameter goes with the square root: 400 against 4


def test_nothing_moves_by_itself_and_nothing_slides() -> None:
    chart = map_over_time(PANELS, RATE, STYLE)
    assert all(step.args[1]["transition"]["duration"] == 0 for step in chart.figure.layout.sliders[0].steps)
    assert [b.label for b in chart.figure.layout.updatemenus[0].buttons] == ["▶", "■"]


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
