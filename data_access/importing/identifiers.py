"""National IDs and names of persons: found, refused or turned into keyed hashes; never stored, logged or printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from data_access.contract import national_ids
from data_access.importing.values import squash
from data_access.who.keys import chained, keys

_ID_HEADINGS = (
    "เลขประจำตัวประชาชน",
    "เลขบัตรประชาชน",
    "บัตรประชาชน",
    "เลขประชาชน",
    "เลขที่บัตร",
    "nationalid",
    "citizenid",
    "personalid",
    "idcard",
)
_NAME_HEADINGS = (
    "ชื่อ-สกุล",
    "ชื่อสกุล",
    "ชื่อ-นามสกุล",
    "ชื่อนามสกุล",
    "ชื่อและนามสกุล",
    "นามสกุล",
    "ชื่อนักเรียน",
    "ชื่อเด็ก",
    "ชื่อผู้ปกครอง",
    "ชื่อบิดา",
    "ชื่อมารดา",
    "ชื่อครู",
    "firstname",
    "lastname",
    "surname",
    "fullname",
    "studentname",
    "pupilname",
)


_PERSON_HEADINGS = ("ชื่อ", "สกุล", "คำนำหน้า", "คำนำหน้าชื่อ", "ชื่อเล่น", "name", "title")


def digits_of(cell: Any) -> str:
    """The 13 digits of a cell, however written; "" when it is not 13 digits."""
    return "" if isinstance(cell, bool) or cell is None else national_ids.digits_of(_text(cell))


def _text(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def valid_ids(digits: list[str]) -> np.ndarray:
    """`valid_id` of many texts of 13 digits at once: an array of booleans."""
    if not digits:
        return np.zeros(0, dtype=bool)
    rows = np.frombuffer("".join(digits).encode("ascii"), dtype=np.uint8).reshape(-1, 13).astype(np.int64) - ord("0")
    checks = (11 - (rows[:, :12] * np.arange(13, 1, -1)).sum(axis=1) % 11) % 10
    return (checks == rows[:, 12]) & (rows[:, 0] >= 1) & (rows[:, 0] <= 8)


def contains_id(cell: Any) -> bool:
    """Whether a national ID stands anywhere in a cell."""
    return cell is not None and not isinstance(cell, bool) and bool(national_ids.find(_text(cell)))


def id_heading(heading: str) -> bool:
    """Whether a heading says that the column holds national IDs."""
    return any(word in squash(heading).replace(" ", "") for word in _ID_HEADINGS) or squash(heading) == "pid"


def name_heading(heading: str, of_persons: bool = False) -> bool:
    """Whether a heading says that the column holds names of persons; in a table of persons a bare "ชื่อ" does too."""
    plain = squash(heading)
    return any(word in plain for word in _NAME_HEADINGS) or (of_persons and plain in _PERSON_HEADINGS)


def is_key(cell: Any) -> bool:
    """Whether a cell is a pseudonym made earlier (16 to 32 hexadecimal digits), and no national ID."""
    text = str(cell).strip()
    return bool(re.fullmatch(r"[0-9a-f]{16,32}", text)) and not digits_of(text)


def holds_ids(heading: str, cells: Iterable[Any]) -> bool:
    """Whether a column holds national IDs, by its heading or by any valid ID in it (two, or every filled cell)."""
    filled = [cell for cell in cells if cell is not None]
    if id_heading(heading) and any(any(c.isdigit() for c in str(cell)) for cell in filled):
        return True
    hits = sum(contains_id(cell) for cell in filled)
    return hits >= 2 or (hits == 1 and len(filled) <= 20)


def has_key() -> bool:
    """Whether the environment holds a key for hashing IDs (`SAMOEPHAK_ID_KEY`, at least 16 characters)."""
    return bool(keys())


def hasher() -> Callable[[str], str]:
    """A function from 13 digits to their pseudonym under `SAMOEPHAK_ID_KEY` (`data_access.who.keys`).

    Raises:
        ValueError: when there is no key, or one shorter than 16 characters.
    """
    if not keys():
        raise ValueError("SAMOEPHAK_ID_KEY is not set or shorter than 16 characters")
    return chained(keys())


def keyed_hash(digits: str) -> str:
    """One national ID as its keyed hash; ValueError without a key."""
    return hasher()(digits)
