"""Where the boundaries come from, and checked reading of an operator's own boundary file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import tables

if TYPE_CHECKING:
    import geopandas as gpd

_ATTRIBUTION = {
    "en": "Boundaries: Royal Thai Survey Department / OCHA COD-AB via geoBoundaries (CC BY 3.0 IGO), simplified",
    "th": "แนวเขต: กรมแผนที่ทหาร / OCHA COD-AB ผ่าน geoBoundaries (CC BY 3.0 IGO) ปรับเส้นให้เรียบง่าย",
}

CODE_COLUMNS = (
    "dopa6", "dopa4", "dopa", "code", "adm3_pcode", "adm2_pcode", "adm1_pcode", "tambon_code", "amphoe_code",
    "tam_code", "amp_code", "prov_code", "tb_code", "ap_code", "pv_code",
)  # fmt: skip
"""Columns tried, finest level first, when the caller names none (compared without case)."""
SUFFIXES = (".gpkg", ".geojson", ".json", ".shp")
# Thailand with a margin; a file outside it has the wrong or no coordinate system.
_EXTENT = (96.0, 4.5, 107.0, 21.5)


class BoundaryError(ValueError):
    """A boundary file that cannot be used; `problems` lists everything found, in English."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def attribution(lang: str = "th") -> str:
    """The line that must stand under every map, in "th" or "en".

    Raises:
        KeyError: for another language.
    """
    return _ATTRIBUTION[lang]


def load_boundary_file(path: str | Path, code_column: str | None = None) -> gpd.GeoDataFrame:
    """Read and check a boundary file of the operator's (sub-districts, for instance).

    Needs geopandas, which is imported here and nowhere else at run time.

    Args:
        path: GeoPackage, GeoJSON or Shapefile; any coordinate system, as long as the file states it.
        code_column: column of DOPA codes (2, 4 or 6 digits, "TH" before them allowed); found by name when None.

    Returns:
        Polygons in EPSG:4326 with clockwise outer rings (as Plotly's geo maps want), indexed by text `code` of one
        level in code order. `attrs["notes"]` lists repairs and places of the level that the file lacks.

    Raises:
        FileNotFoundError: when there is no such file.
        BoundaryError: when the file cannot be read or its codes, coordinate system or shapes cannot be used.
    """
    import shapely

    frame = _read(Path(path))
    codes = _codes(frame, code_column)
    _check_codes(codes)
    notes = _missing(codes)
    polygons, repaired = _polygons(_lonlat(frame), codes)
    notes += [f"repaired shapes: {_few(repaired)}"] if repaired else []
    out = frame.drop(columns=frame.geometry.name).assign(code=codes)
    out = out.set_geometry(list(shapely.orient_polygons(polygons, exterior_cw=True)), crs="EPSG:4326")
    out = out.set_index("code").sort_index()
    out.attrs["notes"] = notes
    return out


def _read(path: Path) -> gpd.GeoDataFrame:
    import geopandas as gpd

    if not path.is_file():
        raise FileNotFoundError(path)
    if path.suffix.lower() not in SUFFIXES:
        raise BoundaryError([f"{path.name} is not one of {', '.join(SUFFIXES)}"])
    try:
        frame = gpd.read_file(path)
    except Exception as error:  # the reader's own errors differ with the format
        raise BoundaryError([f"{path.name} cannot be read: {error}"]) from error
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        raise BoundaryError([f"{path.name} has no shapes"])
    return frame


def _codes(frame: gpd.GeoDataFrame, wanted: str | None) -> list[str]:
    by_lower = {str(column).lower(): column for column in frame.columns}
    tried = (wanted.lower(),) if wanted else CODE_COLUMNS
    column = next((by_lower[c] for c in tried if c in by_lower), None)
    if column is None:
        columns = ", ".join(map(str, frame.columns.drop(frame.geometry.name)))
        raise BoundaryError([f"no column of codes ({wanted or 'give its name'}); the file has: {columns}"])
    return [re.sub(r"^TH-?|\.0$", "", str(value).strip(), flags=re.IGNORECASE) for value in frame[column]]


def _check_codes(codes: list[str]) -> None:
    lengths = {len(code) for code in codes}
    if len(lengths) > 1 or not lengths <= set(tables.LEVEL_OF_LENGTH):
        raise BoundaryError([f"codes must all have 2, 4 or 6 digits, found lengths {sorted(lengths)}"])
    known = tables.by_code(tables.LEVEL_OF_LENGTH[lengths.pop()])
    unknown = sorted({code for code in codes if code not in known})
    twice = sorted({code for code in codes if codes.count(code) > 1}) if len(set(codes)) < len(codes) else []
    problems = [f"unknown codes: {_few(unknown)}"] if unknown else []
    problems += [f"codes that occur twice: {_few(twice)}"] if twice else []
    if problems:
        raise BoundaryError(problems)


def _missing(codes: list[str]) -> list[str]:
    """Places without a shape, only inside the provinces the file covers at all."""
    known = tables.by_code(tables.LEVEL_OF_LENGTH[len(codes[0])])
    covered = {code[:2] for code in codes}
    absent = sorted(code for code in set(known) - set(codes) if code[:2] in covered)
    return [f"no shape for: {_few(absent)}"] if absent else []


def _lonlat(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if frame.crs is None:
        raise BoundaryError(["the file does not state its coordinate system"])
    lonlat = frame.to_crs("EPSG:4326")
    west, south, east, north = lonlat.total_bounds
    if not (_EXTENT[0] <= west and _EXTENT[1] <= south and east <= _EXTENT[2] and north <= _EXTENT[3]):
        raise BoundaryError([f"shapes lie outside Thailand ({west:.2f} {south:.2f} {east:.2f} {north:.2f})"])
    return lonlat


def _polygons(frame: gpd.GeoDataFrame, codes: list[str]) -> tuple[list[Any], list[str]]:
    """Valid two-dimensional polygons, and the codes of those that had to be repaired."""
    polygons: list[Any] = []
    repaired: list[str] = []
    bad: list[str] = []
    for code, geometry in zip(codes, frame.geometry, strict=True):
        usable = _usable(geometry)
        if usable is None:
            bad.append(code)
            continue
        polygons.append(usable)
        if not geometry.is_valid:
            repaired.append(code)
    if bad:
        raise BoundaryError([f"no polygon for: {_few(bad)}"])
    return polygons, repaired


def _usable(geometry: Any) -> Any | None:
    """The polygon parts of a shape, made valid; None when there are none."""
    import shapely

    if geometry is None or geometry.is_empty:
        return None
    flat = shapely.force_2d(geometry)
    flat = flat if flat.is_valid else shapely.make_valid(flat)
    parts = [p for p in shapely.get_parts(flat) if p.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts) if parts else None


def _few(codes: list[str]) -> str:
    return ", ".join(codes[:5]) + (f" and {len(codes) - 5} more" if len(codes) > 5 else "")
