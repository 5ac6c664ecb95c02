"""The indicator registry: every number that reaches a screen is defined here, once.

An indicator says how it is computed from the measures of one family, what it means in Thai and English,
what it may not be used for, and where its definition comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from data_access.programmes import records
from data_access.programmes.base import Family, Indicator
from data_access.programmes.checking import checked

OWN = "own."
"""What the ids of declared measures begin with."""


class Registry(Mapping[str, Indicator]):
    """Indicators by id: those of the house, then those that operators declared (`data_access.programmes.measures`), as far as they are known.

    An id stands for one thing forever, so what was declared in any release is known under it; where releases word it in several
    ways, the newest version is told.
    """

    def __init__(self, built_in: Iterable[Indicator]) -> None:
        self.built_in = {i.id: i for i in built_in}
        self._declared: dict[str, tuple[int, Indicator]] = {}
        self.look: Callable[[], None] = lambda: None
        """Learns what the served release and the draft declare: called for an id that is not known yet."""

    def learn(self, declared: Iterable[tuple[int, Indicator]]) -> None:
        """Indicators with their versions."""
        newer = {i.id: (v, i) for v, i in declared if v >= self._declared.get(i.id, (0, i))[0]}
        if newer:
            self._declared = {**self._declared, **newer}  # replaced, never changed: other threads may be walking over it

    def forget(self) -> None:
        """Know those of the house alone."""
        self._declared = {}

    def __getitem__(self, key: str) -> Indicator:
        found = self._found(key)
        if found is None and isinstance(key, str) and key.startswith(OWN):  # a figure may be of no indicator
            self.look()
            found = self._found(key)
        if found is None:
            raise KeyError(key)
        return found

    def _found(self, key: str) -> Indicator | None:
        return self.built_in.get(key) or self._declared.get(key, (0, None))[1]

    def __iter__(self) -> Iterator[str]:
        return iter([*self.built_in, *self._declared])

    def __len__(self) -> int:
        return len(self.built_in) + len(self._declared)


PROGRAMMES = checked(records())
"""The record of every programme, in order."""
FAMILIES: dict[str, Family] = {f.name: f for p in PROGRAMMES for f in p.families}
REGISTRY = Registry(i for f in FAMILIES.values() for i in f.indicators)
COUNTED = frozenset(i.unit for i in REGISTRY.built_in.values() if i.kind == "count")
"""Units of what is counted."""
HEADS = frozenset(("visits", *(i.unit for i in REGISTRY.built_in.values() if i.kind == "count" and i.person)))
"""Those that count people, or what is done for each of them."""
__all__ = ["COUNTED", "FAMILIES", "HEADS", "OWN", "PROGRAMMES", "REGISTRY", "Indicator", "Registry"]
