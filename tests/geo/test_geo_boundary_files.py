"""Boundary files of an operator: what is accepted, repaired and refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import geo

gpd = pytest.importorskip("geopandas")
shapely = pytest.importorskip("shapely")

SQUARE = shapely.box(100.5, 13.7, 100.6, 13.8)
BOW_TIE = shapely.Polygon([(100.5, 13.7), (100.6, 13.8), (100.6, 13.7), (100.5, 13.8)])


def written(folder: Path, codes: list[Any], shapes: list[Any], crs: str | None = "EPSG:4326", column: str = "code",
            name: str = "own.gpkg") -> Path:  # fmt: skip
    path = folder / name
    gpd.GeoDataFrame({column: codes}, geometry=shapes, crs=crs).to_file(path)
    return path


@pytest.mark.parametrize("name", ["own.gpkg", "own.geojson", "own.shp"])
def test_reads_three_formats_and_turns_rings(tmp_path: Path, name: str) -> None:
    shapes = shapely.orient_polygons([SQUARE, shapely.box(100.6, 13.7, 100.7, 13.8)])
    found = geo.load_boundary_file(written(tmp_path, ["100102", "100101"], list(shapes), name=name))
    assert list(found.index) == ["100101", "100102"]
    assert found.crs.to_epsg() == 4326
    assert not any(shapely.is_ccw(g.exterior) for g in found.geometry)
    assert "no shape for: 100103" in found.attrs["notes"][0]


def test_turns_metres_into_degrees_and_strips_th(tmp_path: Path) -> None:
    metric = gpd.GeoSeries([SQUARE], crs="EPSG:4326").to_crs("EPSG:32647")
    path = written(tmp_path, ["TH1001"], list(metric), crs="EPSG:32647", column="ADM2_PCODE")
    found = geo.load_boundary_file(path)
    assert list(found.index) == ["1001"]
    assert found.total_bounds == pytest.approx(SQUARE.bounds, abs=1e-6)


def test_repairs_and_says_so(tmp_path: Path) -> None:
    found = geo.load_boundary_file(written(tmp_path, ["10"], [BOW_TIE]))
    assert found.geometry.is_valid.all()
    assert "repaired shapes: 10" in found.attrs["notes"]


@pytest.mark.filterwarnings("ignore:.crs. was not provided")
@pytest.mark.parametrize(
    ("codes", "shapes", "crs", "column", "message"),
    [
        (["10"], [SQUARE], None, "code", "coordinate system"),
        (["10"], [SQUARE], "EPSG:4326", "something", "no column of codes"),
        (["99"], [SQUARE], "EPSG:4326", "code", "unknown codes: 99"),
        (["10", "10"], [SQUARE, SQUARE], "EPSG:4326", "code", "twice: 10"),
        (["10", "1001"], [SQUARE, SQUARE], "EPSG:4326", "code", "digits"),
        (["10"], [shapely.box(0, 0, 1, 1)], "EPSG:4326", "code", "outside Thailand"),
        (["10"], [shapely.Point(100.5, 13.7)], "EPSG:4326", "code", "no polygon for: 10"),
    ],
)
def test_refuses(tmp_path: Path, codes: list[str], shapes: list[Any], crs: str | None, column: str, message: str) -> None:
    path = written(tmp_path, codes, shapes, crs, column)
    with pytest.raises(geo.BoundaryError, match=message):
        geo.load_boundary_file(path)


def test_refuses_other_files(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        geo.load_boundary_file(tmp_path / "none.gpkg")
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(geo.BoundaryError, match="not one of"):
        geo.load_boundary_file(tmp_path / "a.txt")
    (tmp_path / "a.geojson").write_text("not a map")
    with pytest.raises(geo.BoundaryError, match="cannot be read"):
        geo.load_boundary_file(tmp_path / "a.geojson")


def test_the_named_column_is_used(tmp_path: Path) -> None:
    path = written(tmp_path, ["10"], [SQUARE], column="own_key")
    assert list(geo.load_boundary_file(path, "OWN_KEY").index) == ["10"]


def test_our_own_provinces_pass() -> None:
    path = Path(geo.__file__).parent / "data" / "provinces.geojson"
    found = geo.load_boundary_file(path)
    assert len(found) == 77
    assert found.attrs["notes"] == []
