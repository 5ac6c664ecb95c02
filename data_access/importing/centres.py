"""Child-development centres have no codes in agency files: finds the known ones, makes steady codes for new ones."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pandas as pd

from data_access.importing import values

Read = Callable[[str], pd.DataFrame]


class Centres:
    """Codes of centres: that of a known centre, else one made from where and what it is, the same every time."""

    def __init__(self, read: Read) -> None:
        rows = [{str(k): v for k, v in row.items()} for row in read("centre").to_dict("records")]
        self.known = {self._key(row): str(row["centre_code"]) for row in rows}
        self.codes = {str(row["centre_code"]) for row in rows}

    @staticmethod
    def _key(item: dict[str, Any]) -> tuple[str, ...]:
        return tuple(
            values.squash(item.get(k) if pd.notna(item.get(k)) else "")
            for k in ("province_code", "district_code", "lao_name", "name_th")
        )

    def code_of(self, item: dict[str, Any]) -> tuple[str, bool]:
        """(code, whether the centre is new)."""
        given = item.get("centre_code")
        if given:
            return str(given), str(given) not in self.codes and bool(item.get("name_th"))
        key = self._key(item)
        if key in self.known:
            return self.known[key], False
        digest = hashlib.sha256("|".join(key).encode()).hexdigest()[:8].upper()
        return f"{item.get('province_code') or '00'}-{digest}", True
