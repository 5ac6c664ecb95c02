"""Boundaries of sub-districts that an operator supplies: used as they are, refused with reasons, never half taken in."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Polygon, box

import geo
from charts import places
from charts.maps import district_map
from charts.static import figure_png
from charts.style import Style
from charts.theme import Measure
from data_access import cli


def file_of(folder: Path, codes: list[str], suffix: str = ".gpkg", crs: str | None = "EPSG:32647") -> Path:
    """Squares side by side near Khon Kaen."""
    shapes = [box(102.5 + n / 10, 16.0, 102.6 + n / 10, 16.1) for n in range(len(codes))]
    frame = gpd.GeoDataFrame({"TAM_CODE": codes}, geometry=shapes, crs="EPSG:4326")
    frame = frame.to_crs(crs) if crs else frame.set_crs(None, allow_override=True)
    path = folder / f"tambons{suffix}"
    frame.to_file(path)
    return path


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp"])
def test_every_format_gives_clockwise_rings_in_degrees(tmp_path: Path, suffix: str) -> None:
    path = file_of(tmp_path, ["400101", "400102"], suffix, "EPSG:4326" if suffix == ".geojson" else "EPSG:32647")
    found = geo.subdistrict_rings(path)
    assert set(found) == {"400101", "400102"}
    ring = found["400101"][0]
    assert not Polygon(ring).exterior.is_ccw
    assert Polygon(ring).bounds == pytest.approx((102.5, 16.0, 102.6, 16.1), abs=0.01)


@pytest.mark.parametrize(
    ("codes", "crs", "reason"),
    [
        (["4001"], "EPSG:4326", "6 digits, found 4"),
        (["999999"], "EPSG:4326", "unknown codes"),
        (["400101", "400101"], "EPSG:4326", "occur twice"),
        (["400101"], None, "coordinate system"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_reason(tmp_path: Path, codes: list[str], crs: str | None, reason: str) -> None:
    with pytest.raises(geo.BoundaryError, match=reason):
        geo.subdistrict_rings(file_of(tmp_path, codes, ".gpkg", crs))


def test_no_file_is_said_too(tmp_path: Path) -> None:
    with pytest.raises(geo.BoundaryError, match=r"no file gone\.gpkg"):
        geo.subdistrict_rings(tmp_path / "gone.gpkg")


def test_the_map_carries_each_shape_once_and_marks_what_is_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_SUPPLIED", {})
    places.supply(geo.subdistrict_rings(file_of(tmp_path, ["400101", "400102", "400103"])))
    frame = pd.DataFrame(
        {
            "subdistrict": ["400101", "400102"],
            "value": [20.0, np.nan],
            "state": ["value", "suppressed"],
            "older_period": "",
            "flag": "",
        }
    )
    chart = district_map(frame, Measure("x", "Families", "families"), Style("en"), "40", level="subdistrict")
    fills = [t for t in chart.figure.data if t.type == "choropleth"]
    drawn = [f["id"] for t in fills for f in t.geojson["features"]]
    assert sorted(drawn) == ["400101", "400102", "400103"]
    assert "1 sub-districts suppressed" in chart.alt
    assert figure_png(chart, Style("en"), 6, 5).startswith(b"\x89PNG")


def test_the_command_checks_a_file(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert cli.main(["boundaries", str(file_of(tmp_path, ["400101"])), "--json"]) == cli.DONE
    assert json.loads(capsys.readouterr().out)["digits"] == 6
    assert cli.main(["boundaries", str(file_of(tmp_path, ["999999"])), "--json"]) == cli.REFUSED
    assert "unknown codes" in capsys.readouterr().out
