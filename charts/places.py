"""Names and centre points of provinces, as the figures need them."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import geo

GEOMETRY_FILE = Path(__file__).parent.parent / "static" / "geo" / "provinces.json"


@lru_cache(maxsize=1)
def _centroids() -> dict[str, tuple[float, float]]:
    return {str(code): (float(row["lon"]), float(row["lat"])) for code, row in geo.province_centroids().iterrows()}


def centroid(code: str) -> tuple[float, float]:
    """Longitude and latitude of a point inside a province."""
    return _centroids()[code]


def codes() -> frozenset[str]:
    """The provinces that have a boundary."""
    return frozenset(_centroids())


@lru_cache(maxsize=512)
def name(code: str, lang: str) -> str:
    """A place's name in the reader's language."""
    return geo.name(code, lang)


@lru_cache(maxsize=1)
def rings() -> dict[str, list[list[tuple[float, float]]]]:
    """Outer rings of every province, for pictures drawn without a browser."""
    data: dict[str, Any] = json.loads(GEOMETRY_FILE.read_text(encoding="utf-8"))
    out: dict[str, list[list[tuple[float, float]]]] = {}
    for feature in data["features"]:
        geometry = feature["geometry"]
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        out[str(feature["properties"]["dopa"])] = [[(x, y) for x, y, *_ in ring] for polygon in polygons for ring in polygon[:1]]
    return out
