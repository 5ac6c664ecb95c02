"""Places of Thailand: codes, names, regions, tolerant matching, Thai sorting and where the boundaries come from.

Codes are those of the Department of Provincial Administration (DOPA): two digits for a province, four for a district,
six for a sub-district, always text. Importing this package reads no file and imports neither pandas nor geopandas.
"""

from geo.boundaries import BoundaryError, attribution, load_boundary_file
from geo.collation import thai_sort_key
from geo.names import Match, match_district, match_province, match_subdistrict, names_province
from geo.places import Bounds, bounds, districts, existed, is_place, name, province_centroids, provinces, subdistricts
from geo.regions import REGION_SCHEMES, is_region, region_of, regions
from geo.searching import Place, certain, search
from geo.supplied import subdistrict_rings

__all__ = [
    "REGION_SCHEMES",
    "BoundaryError",
    "Bounds",
    "Match",
    "Place",
    "attribution",
    "bounds",
    "certain",
    "districts",
    "existed",
    "is_place",
    "is_region",
    "load_boundary_file",
    "match_district",
    "match_province",
    "match_subdistrict",
    "name",
    "names_province",
    "province_centroids",
    "provinces",
    "region_of",
    "regions",
    "search",
    "subdistrict_rings",
    "subdistricts",
    "thai_sort_key",
]
