"""Tables of provinces, districts and sub-districts, their names, and where they lie.

Sources: codes and names from DOPA (via GeoThai, CC BY 4.0); points and extents from the simplified boundaries
(see docs/decisions/0003-boundaries.md).
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from geo import tables

if TYPE_CHECKING:
    import pandas as pd


FOUNDED = {**dict.fromkeys(("27", "37", "39"), dt.date(1993, 12, 1)), "38": dt.date(2011, 3, 23)}
"""The youngest provinces, and since when there are such: Sa Kaeo, Amnat Charoen and Nong Bua Lam Phu by their Acts of BE 2536, Bueng Kan by
that of BE 2554. All others are older than any table that is read."""


def existed(code: str, day: dt.date) -> bool:
    """Whether a province had been founded by a day."""
    return code not in FOUNDED or FOUNDED[code] <= day


class Bounds(NamedTuple):
    """An extent in degrees, WGS 84."""

    lon_min: float
    lat_min: float
    lon_max: float
    lat_max: float


@lru_cache(maxsize=3)
def _frame(table: str, columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame([dict(row) for row in tables.rows(table)]).set_index(tables.KEYS[table])
    return frame.rename_axis("code")[list(columns)]


def provinces() -> pd.DataFrame:
    """The 77 provinces, Bangkok among them.

    Returns:
        A fresh frame of 77 rows in code order, indexed by two-digit text `code`; columns name_th, name_en,
        region4, region6, region_nesdc (region codes, see `regions`), iso (ISO 3166-2).
    """
    return _frame("provinces", ("name_th", "name_en", "region4", "region6", "region_nesdc", "iso")).copy()


def districts() -> pd.DataFrame:
    """The 928 districts (อำเภอ and เขต).

    Returns:
        A fresh frame in code order, indexed by four-digit text `code`; columns province, name_th, name_en.
        Thai names of Bangkok districts keep their "เขต", as DOPA writes them.
    """
    return _frame("districts", ("province", "name_th", "name_en")).copy()


def subdistricts() -> pd.DataFrame:
    """The 7,436 sub-districts (ตำบล and แขวง).

    Returns:
        A fresh frame in code order, indexed by six-digit text `code`; columns district, name_th, name_en.
    """
    frame = _frame("subdistricts", ("dopa4", "name_th", "name_en"))
    return frame.rename(columns={"dopa4": "district"})


def name(code: str, lang: str = "th") -> str:
    """A place's name.

    Args:
        code: DOPA code of 2, 4 or 6 digits.
        lang: "th" or "en".

    Returns:
        The name, or `code` itself when it names no place: a table with one odd code must still be drawn.

    Raises:
        ValueError: when `lang` is neither "th" nor "en".
    """
    if lang not in ("th", "en"):
        raise ValueError(f"no names in {lang!r}")
    table = tables.LEVEL_OF_LENGTH.get(len(code))
    row = tables.by_code(table).get(code) if table else None
    return row[f"name_{lang}"] if row else code


def is_place(code: str) -> bool:
    """Whether a province, district or sub-district has this code."""
    table = tables.LEVEL_OF_LENGTH.get(len(code))
    return table is not None and code in tables.by_code(table)


def province_centroids() -> pd.DataFrame:
    """A point inside each province, for symbols and labels.

    Returns:
        A fresh frame of 77 rows indexed by two-digit text `code`; columns lon, lat in degrees (WGS 84): the centroid
        of the largest part, or a point on it where the centroid falls outside.
    """
    return _frame_of_numbers(("lon", "lat"))


def _frame_of_numbers(columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    rows = tables.rows("provinces")
    index = pd.Index([row["dopa"] for row in rows], name="code")
    return pd.DataFrame({c: [float(row[c]) for row in rows] for c in columns}, index=index)


def bounds(code: str | None = None) -> Bounds:
    """The extent of a province, or of the country without `code`, for framing a map.

    Returns:
        Degrees of longitude and latitude, from boundaries simplified to about 1.5 km.

    Raises:
        KeyError: when no province has this code.
    """
    rows = [tables.by_code("provinces")[code]] if code is not None else list(tables.rows("provinces"))
    low = [min(float(r[k]) for r in rows) for k in ("lon_min", "lat_min")]
    high = [max(float(r[k]) for r in rows) for k in ("lon_max", "lat_max")]
    return Bounds(low[0], low[1], high[0], high[1])
