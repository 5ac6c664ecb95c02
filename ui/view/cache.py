"""What a page works out of a release is worked out once a view: headlines, lists of what stands out, figures.

A release never changes, so an answer stays right for as long as its release, its language and its arguments are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from ui.view import shown
from ui.view.text import style

P = ParamSpec("P")
R = TypeVar("R")
KEPT = 512
FORGETTERS: list[Callable[[], None]] = []
"""What drops all that a part of this process remembers of releases."""


def forget() -> None:
    """Drop everything that this process remembers of releases: for measuring what a page needs."""
    for clear in FORGETTERS:
        clear()


def once_a_view(function: Callable[P, R]) -> Callable[P, R]:
    """Remember what a function returns for a release, language and theme; what it returns must never be changed by its callers.

    Its arguments are values (text, numbers, filters, measures, tuples, lists or mappings of these), never frames.
    """

    @lru_cache(maxsize=KEPT)
    def kept(_view: Hashable, arguments: Arguments) -> Any:
        return function(*arguments.args, **arguments.kwargs)

    FORGETTERS.append(kept.cache_clear)

    @wraps(function)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        found = shown.release()
        return kept((found.id, found.checksum, style()), Arguments(args, kwargs))

    return ask


class Arguments:
    """Arguments as they came, compared by their values."""

    def __init__(self, args: tuple, kwargs: Mapping[str, Any]) -> None:
        self.args, self.kwargs = args, kwargs
        self.values = frozen((args, kwargs))

    def __hash__(self) -> int:
        return hash(self.values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Arguments) and self.values == other.values


def frozen(value: Any) -> Hashable:
    """A value that can be looked up by: mappings and lists as tuples."""
    if isinstance(value, Mapping):
        return tuple((k, frozen(v)) for k, v in sorted(value.items()))
    if isinstance(value, (list, tuple)):
        return tuple(frozen(v) for v in value)
    return value
