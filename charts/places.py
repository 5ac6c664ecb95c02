"""Names, centre points and outlines of provinces and districts, as the figures need them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import geo

FOLDER = Path(__file__).parent.parent / "static" / "geo"
LAYERS = {2: ("provinces.json", "dopa"), 4: ("districts.json", "dopa4")}
"""Digits of a code -> the file of its boundaries that the browser loads, and the property that holds the code."""
_SUPPLIED: dict[str, list[list[tuple[float, float]]]] = {}


def supply(shapes: Mapping[str, list[list[tuple[float, float]]]]) -> None:
    """Take in boundaries of sub-districts, which do not come with the app (`geo.subdistrict_rings`)."""
    _SUPPLIED.update(shapes)


@lru_cache(maxsize=1)
def _centroids() -> dict[str, tuple[float, float]]:
    return {str(code): (float(row["lon"]), float(row["lat"])) for code, row in geo.province_centroids().iterrows()}


def centroid(code: str) -> tuple[float, float]:
    """Longitude and latitude of a point inside a province, district or sub-district."""
    return _centroids()[code] if len(code) == 2 else _point_inside(code)


@lru_cache(maxsize=2048)
def _point_inside(code: str) -> tuple[float, float]:
    from shapely.geometry import Polygon

    largest = max((Polygon(r) for r in rings(len(code))[code]), key=lambda p: p.area)
    spot = largest.representative_point()
    return float(spot.x), float(spot.y)


def has_boundary(code: str) -> bool:
    """Whether a place can be drawn."""
    return code in codes() if len(code) == 2 else code in rings(len(code))


def layer(code: str) -> tuple[str, str]:
    """The address of the boundaries that a code is drawn from, and the property of a feature that holds the code.

    Boundaries that were supplied have no address: `inline` puts them into the figure.
    """
    if len(code) not in LAYERS:
        return "", "id"
    file, key = LAYERS[len(code)]
    return f"/app/static/geo/{file}", f"properties.{key}"


def codes() -> frozenset[str]:
    """The provinces that have a boundary."""
    return frozenset(_centroids())


@lru_cache(maxsize=512)
def name(code: str, lang: str) -> str:
    """A place's name in the reader's language."""
    return geo.name(code, lang)


def inline(codes_: Sequence[str]) -> dict[str, Any]:
    """The supplied boundaries of some places as GeoJSON; each feature's id is the code."""
    features = [
        {
            "type": "Feature",
            "id": c,
            "geometry": {"type": "MultiPolygon", "coordinates": [[r] for r in _SUPPLIED[c]]},
            "properties": {},
        }
        for c in codes_
        if c in _SUPPLIED
    ]
    return {"type": "FeatureCollection", "features": features}


def rings(digits: int = 2) -> dict[str, list[list[tuple[float, float]]]]:
    """Outer rings of every province (2 digits), district (4) or supplied sub-district (6)."""
    return _file_rings(digits) if digits in LAYERS else _SUPPLIED


@lru_cache(maxsize=2)
def _file_rings(digits: int) -> dict[str, list[list[tuple[float, float]]]]:
    file, key = LAYERS[digits]
    data: dict[str, Any] = json.loads((FOLDER / file).read_text(encoding="utf-8"))
    out: dict[str, list[list[tuple[float, float]]]] = {}
    for feature in data["features"]:
        geometry = feature["geometry"]
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        out[str(feature["properties"][key])] = [[(x, y) for x, y, *_ in ring] for polygon in polygons for ring in polygon[:1]]
    return out
