"""Three ways of grouping the provinces; none is "the" official one, so every page says which it uses.

Sources: region6 from the National Geographic Committee (six regions), region4 from the four statistical regions of
the National Statistical Office, nesdc from the Office of the National Economic and Social Development Council.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from geo import tables

if TYPE_CHECKING:
    import pandas as pd

REGION_SCHEMES: MappingProxyType[str, MappingProxyType[str, str]] = MappingProxyType(
    {
        "region4": MappingProxyType({"th": "4 ภาค (สถิติ)", "en": "4 regions (statistical)"}),
        "region6": MappingProxyType({"th": "6 ภาค (ภูมิศาสตร์)", "en": "6 regions (geographic)"}),
        "nesdc": MappingProxyType({"th": "7 ภาค (สภาพัฒน์)", "en": "7 regions (NESDC)"}),
    }
)
"""Scheme id -> its title in "th" and "en"."""

_COLUMNS = {"region4": "region4", "region6": "region6", "nesdc": "region_nesdc"}


def regions(scheme: str) -> pd.DataFrame:
    """The regions of a scheme, in reading order.

    Returns:
        A fresh frame indexed by `code` (a stable ascii slug such as "northeast"); columns name_th, name_en.

    Raises:
        KeyError: when there is no such scheme.
    """
    import pandas as pd

    _column(scheme)
    found = [row for row in tables.rows("regions") if row["scheme"] == scheme]
    index = pd.Index([row["code"] for row in found], name="code")
    return pd.DataFrame({c: [row[c] for row in found] for c in ("name_th", "name_en")}, index=index)


def is_region(code: str, scheme: str) -> bool:
    """Whether a scheme has a region of this code."""
    return any(row["code"] == code and row["scheme"] == scheme for row in tables.rows("regions"))


def region_of(province_code: str, scheme: str) -> str:
    """The code of the region a province lies in.

    Raises:
        KeyError: when there is no such province or scheme.
    """
    return tables.by_code("provinces")[province_code][_column(scheme)]


def _column(scheme: str) -> str:
    if scheme not in _COLUMNS:
        raise KeyError(f"no region scheme {scheme!r}; there are {', '.join(_COLUMNS)}")
    return _COLUMNS[scheme]
