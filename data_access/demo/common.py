"""What every module of the demonstration data shares: seeds, periods, words that say "invented", pseudonymous keys."""

from __future__ import annotations

import zlib

import numpy as np

SEED = 2565
INVENTED = "ข้อมูลสมมติ"
INVENTED_SOURCE = "ข้อมูลสมมติเพื่อการสาธิต ไม่ใช่ข้อมูลจริง"
YEARS = tuple(range(2562, 2569))
SEMESTERS = tuple(f"{year}-{half}" for year in YEARS for half in (1, 2))[:-1]
"""2562-1 to 2568-1."""


def generator(stream: str) -> np.random.Generator:
    """The generator of one module: fixed, and untouched by how much the others draw."""
    return np.random.default_rng([SEED, zlib.crc32(stream.encode())])


def keys(rng: np.random.Generator, count: int, size: int = 8) -> np.ndarray:
    """Distinct made-up keys in hexadecimal; letters every few places, so that none reads like a national ID."""
    raw = np.frombuffer(rng.bytes(count * size), np.uint8).reshape(count, size).copy()
    raw[:, ::4] |= 0xA0
    text = raw.tobytes().hex()
    width = 2 * size
    found = np.array([text[i : i + width] for i in range(0, len(text), width)], dtype=object)
    if len(set(found)) != count:
        raise ValueError("two made-up keys are the same")
    return found


def pick(words: tuple[str, ...] | list[str] | np.ndarray, codes: np.ndarray) -> np.ndarray:
    """The words of an array of codes."""
    return np.asarray(words, dtype=object)[codes]


def apportion(weights: np.ndarray, total: int, least: int | np.ndarray = 0) -> np.ndarray:
    """Whole numbers in proportion to `weights` that add up to `total`, none below `least`."""
    spare = total - int(np.sum(np.broadcast_to(least, weights.shape)))
    if spare < 0:
        raise ValueError("the least numbers exceed the total")
    exact = weights / weights.sum() * spare
    whole = np.floor(exact).astype(int)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: spare - int(whole.sum())]] += 1
    return whole + least
