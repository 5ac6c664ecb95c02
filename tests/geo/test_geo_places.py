"""Tables, names, regions, extents, attribution; and that the package is light to import."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import geo


def test_tables_are_indexed_by_text_codes() -> None:
    for frame, length, count in ((geo.provinces(), 2, 77), (geo.districts(), 4, 928), (geo.subdistricts(), 6, 7436)):
        assert len(frame) == count
        assert frame.index.is_unique
        assert frame.index.is_monotonic_increasing
        assert all(isinstance(code, str) and len(code) == length for code in frame.index)
        assert {"name_th", "name_en"} <= set(frame.columns)
        assert not frame.isna().any().any()


def test_tables_are_copies() -> None:
    for frame in (geo.provinces(), geo.districts()):
        frame["name_en"] = "changed"
    assert geo.provinces().loc["10", "name_en"] == "Bangkok"
    assert geo.districts().loc["1001", "name_en"] == "Phra Nakhon"


def test_names_in_both_languages() -> None:
    assert geo.name("38", "th") == "บึงกาฬ"
    assert geo.name("38", "en") == "Bueng Kan"
    assert geo.name("5001", "en") == "Mueang Chiang Mai"
    assert geo.name("100101", "th") == "พระบรมมหาราชวัง"
    assert geo.name("99", "th") == "99"
    assert geo.name("", "en") == ""
    with pytest.raises(ValueError, match="fr"):
        geo.name("10", "fr")


@pytest.mark.parametrize(
    ("scheme", "sizes"),
    [
        ("region4", {"north": 17, "northeast": 20, "central": 26, "south": 14}),
        ("region6", {"north": 9, "northeast": 20, "central": 22, "east": 7, "west": 5, "south": 14}),
        ("nesdc", {"bangkok": 6, "central": 6, "east": 8, "west": 6, "north": 17, "northeast": 20, "south": 14}),
    ],
)
def test_region_schemes_cover_every_province(scheme: str, sizes: dict[str, int]) -> None:
    found = [geo.region_of(code, scheme) for code in geo.provinces().index]
    assert {region: found.count(region) for region in set(found)} == sizes
    frame = geo.regions(scheme)
    assert set(frame.index) == set(sizes)
    assert list(frame.columns) == ["name_th", "name_en"]
    assert set(geo.REGION_SCHEMES[scheme]) == {"th", "en"}


def test_schemes_differ_where_they_should() -> None:
    assert [geo.region_of("63", s) for s in ("region4", "region6", "nesdc")] == ["north", "west", "north"]
    assert [geo.region_of("26", s) for s in ("region4", "region6", "nesdc")] == ["central", "central", "east"]
    assert geo.region_of("10", "nesdc") == "bangkok"


def test_unknown_regions_are_errors() -> None:
    with pytest.raises(KeyError):
        geo.region_of("10", "region5")
    with pytest.raises(KeyError):
        geo.region_of("99", "region4")
    with pytest.raises(KeyError):
        geo.regions("name_th")


def test_points_lie_inside_their_extents() -> None:
    points = geo.province_centroids()
    assert list(points.columns) == ["lon", "lat"]
    assert list(points.index) == list(geo.provinces().index)
    country = geo.bounds()
    for code, point in points.iterrows():
        box = geo.bounds(str(code))
        assert box.lon_min < point["lon"] < box.lon_max
        assert box.lat_min < point["lat"] < box.lat_max
        assert country.lon_min <= box.lon_min
        assert country.lat_max >= box.lat_max
    with pytest.raises(KeyError):
        geo.bounds("99")


def test_points_lie_inside_their_provinces() -> None:
    shapely = pytest.importorskip("shapely")
    from geo import build

    points = geo.province_centroids()
    for properties, geometry in build.features(build.DATA / "provinces.geojson"):
        shape = shapely.from_geojson(json.dumps(geometry))
        point = points.loc[properties["dopa"]]
        assert shape.contains(shapely.Point(point["lon"], point["lat"])), properties


def test_attribution_names_source_and_licence() -> None:
    for lang in ("th", "en"):
        assert "geoBoundaries" in geo.attribution(lang)
        assert "CC BY 3.0 IGO" in geo.attribution(lang)
    assert geo.attribution("en").startswith("Boundaries: Royal Thai Survey Department / OCHA COD-AB")


def test_importing_is_light() -> None:
    """Timing is noisy on shared machines; what must not be imported is not."""
    code = "import sys, geo; print(*[m for m in ('pandas', 'geopandas', 'shapely', 'rapidfuzz') if m in sys.modules])"
    root = Path(__file__).parents[2]
    found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert found.stdout.split() == []


def test_run_time_needs_no_geopandas() -> None:
    code = (
        "import sys, geo; geo.provinces(); geo.province_centroids(); geo.bounds(); geo.search('เชียง');"
        "geo.match_subdistrict('x'); print(*[m for m in ('geopandas', 'shapely') if m in sys.modules])"
    )
    root = Path(__file__).parents[2]
    found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert found.stdout.split() == []
