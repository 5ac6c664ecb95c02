"""What a programme says before any library is in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Menu:
    """The title of a page, its icon, the menu it stands in (by itself without one), and where in it."""

    title: str
    icon: str
    menu: str = ""
    order: int = 1000


@dataclass(frozen=True)
class Split:
    """A characteristic that indicators are split and filtered by.

    Attributes:
        label: its name; `everything` what its filter says where nothing is chosen.
        codes: code -> its word, then others that files have for it.
    """

    label: str
    everything: str
    codes: Mapping[str, tuple[str, ...]]
