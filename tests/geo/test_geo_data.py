"""The data files: complete, consistent, unchanged, wound the right way."""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "geo" / "data"
SERVED = ROOT / "static" / "geo"
BOUNDARIES = [
    (DATA / "provinces.geojson", "dopa", 77),
    (DATA / "districts.geojson", "dopa4", 928),
    (SERVED / "provinces.json", "dopa", 77),
    (SERVED / "districts.json", "dopa4", 928),
]


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def features(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text(encoding="utf-8"))["features"])


def polygons(geometry: dict[str, Any]) -> list[Any]:
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else list(geometry["coordinates"])


def signed_area(ring: list[list[float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2


@pytest.mark.parametrize(("path", "key", "count"), BOUNDARIES, ids=lambda v: v.name if isinstance(v, Path) else str(v))
def test_boundaries_are_complete_clockwise_and_closed(path: Path, key: str, count: int) -> None:
    found = features(path)
    assert len({f["properties"][key] for f in found}) == len(found) == count
    for feature in found:
        for outer, *holes in polygons(feature["geometry"]):
            assert outer[0] == outer[-1]
            assert len(outer) >= 4
            assert signed_area(outer) < 0, feature["properties"]
            assert all(signed_area(hole) > 0 for hole in holes), feature["properties"]


@pytest.mark.parametrize(("path", "key", "count"), BOUNDARIES, ids=lambda v: v.name if isinstance(v, Path) else str(v))
def test_coordinates_have_three_decimals_and_lie_in_thailand(path: Path, key: str, count: int) -> None:
    for feature in features(path):
        for polygon in polygons(feature["geometry"]):
            for lon, lat in (point for ring in polygon for point in ring):
                assert lon == round(lon, 3)
                assert lat == round(lat, 3)
                assert 97.3 < lon < 105.7
                assert 5.6 < lat < 20.5


@pytest.mark.parametrize(("name", "key"), [("provinces.json", "dopa"), ("districts.json", "dopa4")])
def test_served_copies_carry_only_the_code_and_the_same_shapes(name: str, key: str) -> None:
    served = {f["properties"][key]: f for f in features(SERVED / name)}
    kept = {f["properties"][key]: f for f in features(DATA / name.replace(".json", ".geojson"))}
    assert all(list(f["properties"]) == [key] for f in served.values())
    assert {c: f["geometry"] for c, f in served.items()} == {c: f["geometry"] for c, f in kept.items()}


@pytest.mark.parametrize("level", ["provinces", "districts"])
def test_shapes_are_valid_and_do_not_overlap(level: str) -> None:
    shapely = pytest.importorskip("shapely")
    shapes = shapely.from_geojson([json.dumps(f["geometry"]) for f in features(DATA / f"{level}.geojson")])
    assert shapely.is_valid(shapes).all()
    # 0.012 km2, about 1e-6 square degrees, is the one overlap left by rounding (9608, 9609).
    assert shapely.area(shapes).sum() - shapely.union_all(shapes).area < 2e-6


def test_districts_lie_in_their_provinces() -> None:
    shapely = pytest.importorskip("shapely")
    shapes = {
        f["properties"]["dopa"]: shapely.from_geojson(json.dumps(f["geometry"])) for f in features(DATA / "provinces.geojson")
    }
    for feature in features(DATA / "districts.geojson"):
        code = feature["properties"]["dopa4"]
        district = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert district.intersection(shapes[code[:2]]).area > 0.5 * district.area, code


def test_topology_draws_the_same_provinces() -> None:
    topology = json.loads((DATA / "provinces.topo.json").read_text(encoding="utf-8"))
    arcs = topology["arcs"]

    def ring(indexes: list[int]) -> set[tuple[float, float]]:
        return {(x, y) for i in indexes for x, y in (arcs[i] if i >= 0 else arcs[~i])}

    kept = {f["properties"]["dopa"]: f["geometry"] for f in features(DATA / "provinces.geojson")}
    shapes = topology["objects"]["provinces"]["geometries"]
    assert len(shapes) == 77
    for shape in shapes:
        parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        drawn = [ring(indexes) for part in parts for indexes in part]
        geometry = kept[shape["properties"]["dopa"]]
        assert drawn == [{(x, y) for x, y in r} for polygon in polygons(geometry) for r in polygon]


def test_checksums_licences_and_sources() -> None:
    rows = table("MANIFEST.csv")
    for row in rows:
        assert hashlib.sha256((ROOT / row["file"]).read_bytes()).hexdigest() == row["sha256"], row["file"]
        assert row["licence"]
        assert row["source"]
        assert row["script"]
    on_disk = {p for folder in (DATA, SERVED, ROOT / "static" / "topojson") for p in folder.iterdir()}
    assert {ROOT / row["file"] for row in rows} == on_disk - {DATA / "MANIFEST.csv"}


def test_stub_topology_is_empty_and_small() -> None:
    path = ROOT / "static" / "topojson" / "world_110m.json"
    stub = json.loads(path.read_text(encoding="utf-8"))
    assert path.stat().st_size < 600
    assert stub["type"] == "Topology"
    assert stub["arcs"] == []
    assert set(stub["objects"]) == {"coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits"}
    assert all(v == {"type": "GeometryCollection", "geometries": []} for v in stub["objects"].values())


def test_every_child_has_its_parent() -> None:
    provinces = {r["dopa"] for r in table("provinces.csv")}
    districts = {r["dopa4"]: r["province"] for r in table("districts.csv")}
    subdistricts = {r["dopa6"]: r["dopa4"] for r in table("subdistricts.csv")}
    assert (len(provinces), len(districts), len(subdistricts)) == (77, 928, 7436)
    assert set(districts.values()) == provinces
    assert set(subdistricts.values()) == set(districts)
    assert all(code[:2] == parent for code, parent in districts.items())
    assert all(code[:4] == parent for code, parent in subdistricts.items())


def test_tables_and_boundaries_name_the_same_places() -> None:
    for level, key in (("provinces", "dopa"), ("districts", "dopa4")):
        drawn = {f["properties"][key]: f["properties"] for f in features(DATA / f"{level}.geojson")}
        listed = {r[key]: r for r in table(f"{level}.csv")}
        assert drawn.keys() == listed.keys()
        for code, row in listed.items():
            assert (drawn[code]["name_th"], drawn[code]["name_en"]) == (row["name_th"], row["name_en"])


@pytest.mark.parametrize(
    ("code", "name", "province"),
    [
        ("3611", "Ban Thaen", "36"),
        ("3613", "Khon San", "36"),
        ("3614", "Phakdi Chumphon", "36"),
        ("3615", "Noen Sa-nga", "36"),
        ("6303", "Sam Ngao", "63"),
    ],
)
def test_the_five_corrected_parents_hold(code: str, name: str, province: str) -> None:
    row = next(r for r in table("districts.csv") if r["dopa4"] == code)
    drawn = next(f["properties"] for f in features(DATA / "districts.geojson") if f["properties"]["dopa4"] == code)
    assert (row["name_en"], row["province"], drawn["prov"]) == (name, province, province)


def test_names_are_tidy() -> None:
    for name in ("provinces", "districts", "subdistricts"):
        for row in table(f"{name}.csv"):
            for value in (row["name_th"], row["name_en"]):
                assert value == " ".join(value.split())
                assert value
            assert row["name_en"].isascii()
            assert not row["name_th"].isascii()
