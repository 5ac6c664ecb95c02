"""Rows of the data files, read once; no pandas, so that a name costs no heavy import."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

DATA = Path(__file__).parent / "data"

KEYS = MappingProxyType({"provinces": "dopa", "districts": "dopa4", "subdistricts": "dopa6"})
LEVEL_OF_LENGTH = MappingProxyType({2: "provinces", 4: "districts", 6: "subdistricts"})


@lru_cache(maxsize=8)
def rows(table: str) -> tuple[MappingProxyType[str, str], ...]:
    """Read-only rows of `geo/data/<table>.csv`, every value text.

    Raises:
        FileNotFoundError: when there is no such table.
    """
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(MappingProxyType(row) for row in csv.DictReader(file))


@lru_cache(maxsize=3)
def by_code(table: str) -> MappingProxyType[str, MappingProxyType[str, str]]:
    """Rows of "provinces", "districts" or "subdistricts" by their code."""
    return MappingProxyType({row[KEYS[table]]: row for row in rows(table)})
