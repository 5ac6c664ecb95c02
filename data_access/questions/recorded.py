"""Questions as they are kept beside numbers, so that a later release can be asked the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Ask:
    """A question as `query` takes it: indicator ids, keys broken down by, and filters as (key, codes)."""

    indicators: tuple[str, ...]
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, indicators: str | Sequence[str], by: Sequence[str] = (), where: Mapping[str, Any] | None = None) -> Ask:
        """From the arguments of `query`; empty filters fall away."""
        ids = (indicators,) if isinstance(indicators, str) else tuple(indicators)
        kept = {k: v for k, v in (where or {}).items() if v not in (None, "", [], ())}
        codes = {k: tuple(str(c) for c in v) if isinstance(v, (list, tuple, set)) else (str(v),) for k, v in kept.items()}
        return cls(ids, tuple(by), tuple(sorted(codes.items())))


def ask_of(content: Mapping[str, Any]) -> Ask:
    """A question out of JSON."""
    where = tuple((key, tuple(codes)) for key, codes in content["where"])
    return Ask(tuple(content["indicators"]), tuple(content["by"]), where)
