"""Figures are drawn once: a builder that gets the same frame, measure and style again gives the figure that it gave before."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

import pandas as pd

P = ParamSpec("P")
R = TypeVar("R")
KEPT = 300  # figures; a large one is about 100 kB
SMALL = 500  # cells of a frame
_DRAWN: OrderedDict[Hashable, Any] = OrderedDict()
_LOCK = Lock()


def drawn_once(build: Callable[P, R]) -> Callable[P, R]:
    """Remember what a pure builder returns; it must never be changed by those who get it. The oldest is forgotten first."""

    @wraps(build)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        key = (build.__module__, build.__qualname__, fingerprint(args), fingerprint(kwargs))
        with _LOCK:
            if key in _DRAWN:
                _DRAWN.move_to_end(key)
                return _DRAWN[key]
        made = build(*args, **kwargs)
        with _LOCK:
            _DRAWN[key] = made
            while len(_DRAWN) > KEPT:
                _DRAWN.popitem(last=False)
        return made

    return ask


def forget() -> None:
    """Draw everything anew."""
    with _LOCK:
        _DRAWN.clear()


def fingerprint(value: Any) -> Hashable:
    """What tells an argument from another: frames by their cells, columns and order, mappings and lists by their items."""
    if isinstance(value, pd.DataFrame):
        return (_cells(value), tuple(map(str, value.columns)), tuple(map(str, value.dtypes)))
    if isinstance(value, Mapping):
        return tuple((key, fingerprint(item)) for key, item in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return (type(value).__name__, *map(fingerprint, value))
    return value


def _cells(frame: pd.DataFrame) -> Hashable:
    if frame.size <= SMALL:  # five times as fast as hashing
        return repr((frame.index.tolist(), frame.to_numpy(object).tolist()))
    return pd.util.hash_pandas_object(frame, index=True, categorize=False).to_numpy().tobytes()
