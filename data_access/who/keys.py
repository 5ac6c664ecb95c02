"""The keys of the hashes: a chain, oldest first, so that a key can be changed without the national IDs, which nobody has any more."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence

from data_access.contract.settings import settings

MINIMUM_KEY = 16
LENGTH = 32  # hexadecimal digits of a pseudonym


def keys() -> tuple[str, ...]:
    """The keys of the environment, oldest first: `SAMOEPHAK_ID_KEY` and `SAMOEPHAK_ID_KEYS_AFTER`; none when one is too short."""
    first, later = settings().id_key, settings().id_keys_after or ""
    found = (first, *later.split()) if first else ()
    return found if all(len(k) >= MINIMUM_KEY for k in found) else ()


def hashed(key: str, text: str) -> str:
    """HMAC-SHA256 of a text under one key, its first 32 hexadecimal digits."""
    return hmac.digest(key.encode(), text.encode(), "sha256").hex()[:LENGTH]


def chained(found: Sequence[str]) -> Callable[[str], str]:
    """A function from 13 digits to their pseudonym under a chain of keys: each hashes what the one before made of it."""

    def pseudonym(digits: str) -> str:
        for key in found:
            digits = hashed(key, digits)
        return digits

    return pseudonym


def last_link() -> Callable[[str], str]:
    """A function from a pseudonym under all keys but the newest to the one under all of them."""
    newest = keys()[-1]
    return lambda pseudonym: hashed(newest, pseudonym)


def fingerprint(found: Sequence[str]) -> str:
    """What tells chains of keys apart without saying anything of them; empty for none."""
    return chained(found)("samoephak: which keys")[:16] if found else ""
