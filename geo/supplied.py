"""Boundaries of sub-districts that the operator supplies: checked, made simple enough for a map, read once a change of the file."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from geo.boundaries import BoundaryError, load_boundary_file

TOLERANCE = 0.0008
"""Degrees, about 90 m: less than a pixel on a map of one province."""
DIGITS = 6
Rings = dict[str, list[list[tuple[float, float]]]]


def subdistrict_rings(path: str | Path) -> Rings:
    """Code of a sub-district -> outer rings of (longitude, latitude), clockwise.

    Raises:
        BoundaryError: there is no such file, or it cannot be used (`load_boundary_file`), or it is not of sub-districts.
    """
    file = Path(path)
    if not file.is_file():
        raise BoundaryError([f"there is no file {file.name}"])
    return _rings(str(file), file.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _rings(path: str, _changed: int) -> Rings:
    import shapely

    frame = load_boundary_file(path)
    if len(str(frame.index[0])) != DIGITS:
        raise BoundaryError([f"codes of sub-districts have {DIGITS} digits, found {len(str(frame.index[0]))}"])
    simple = shapely.orient_polygons(shapely.simplify(frame.geometry.to_numpy(), TOLERANCE), exterior_cw=True)
    out: Rings = {}
    for code, shape in zip(frame.index, simple, strict=True):
        polygons = [p for p in shapely.get_parts(shape) if not p.is_empty]
        out[str(code)] = [[(round(x, 4), round(y, 4)) for x, y in p.exterior.coords] for p in polygons]
    return out
