"""The programmes, a folder each. Its `record.py` holds the record (`base.Programme`) that every list of the house is derived from.

`SAMOEPHAK_PROGRAMMES` names a folder of further ones. What has to be known before any library is in stands in the `__init__.py` of a
programme, and may: `MENU` (`light.Menu`), `UNITS` (unit -> one of it in English), `SPLITS` (key of `query` -> `light.Split`), `THAI`
(English -> Thai words) and `tables`, which is called with `data_access.contract.schema` and adds its tables to the contract.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING

from data_access.programmes.light import Menu, Split
from i18n import learn

if TYPE_CHECKING:
    from data_access.programmes.base import Programme


@lru_cache(maxsize=1)
def folders() -> dict[str, ModuleType]:
    """Name -> the package of each programme, which is light to import; what they teach of words is learnt."""
    further = os.environ.get("SAMOEPHAK_PROGRAMMES")  # the settings may be wrong, which is told when the contract is in
    if further and (path := str(Path(further).absolute())) not in __path__:
        __path__.append(path)
    found = {m.name: import_module(f"{__name__}.{m.name}") for m in iter_modules(__path__) if m.ispkg}
    for package in found.values():
        learn(getattr(package, "THAI", {}), getattr(package, "UNITS", {}))
    return found


def pages() -> Iterator[tuple[str, Menu, Path | None]]:
    """The pages of programmes, which are called as their folders are: name, entry, and the file of one that brings its page along."""
    for name, package in folders().items():
        if menu := getattr(package, "MENU", None):
            file = Path(str(package.__file__)).parent / "page.py"
            yield name, menu, file if file.is_file() else None


def splits() -> dict[str, Split]:
    """The splits that programmes bring along."""
    return {key: found for package in folders().values() for key, found in getattr(package, "SPLITS", {}).items()}


@lru_cache(maxsize=1)
def records() -> tuple[Programme, ...]:
    """The records of all programmes, in order."""
    found: list[Programme] = [import_module(f"{package.__name__}.record").PROGRAMME for package in folders().values()]
    return tuple(sorted(found, key=lambda p: (p.order, p.title)))
