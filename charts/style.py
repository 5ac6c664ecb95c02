"""Who reads a figure: language, and the colours of light or dark surroundings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from i18n import gettext


@dataclass(frozen=True)
class Palette:
    """The colours of one mode. Sequential ramps run from little to much; in dark mode much is light."""

    paper: str
    ink: str
    muted: str
    grid: str
    land: str
    outside: str
    border: str
    outline: str
    suppressed: str
    not_collected: str
    not_applicable: str
    good: tuple[str, ...]
    bad: tuple[str, ...]
    diverging: tuple[str, ...]
    series: tuple[str, ...]
    accent: str
    target: str
    alert: str


LIGHT = Palette(
    paper="#FFFFFF",
    ink="#14232B",
    muted="#526570",
    grid="#DDE5E9",
    land="#EDF1F3",
    outside="#F7F9FA",
    border="#8FA1AB",
    outline="#C2185B",
    suppressed="#B9C0C4",
    not_collected="#FFFFFF",
    not_applicable="#F1F1EE",
    good=("#D3E7F3", "#9CCAE3", "#57A3CD", "#2374A9", "#0A3F6E"),
    bad=("#FBE4CF", "#F5BE8E", "#E78F4B", "#BF5A17", "#753104"),
    diverging=("#A64B00", "#EBA35C", "#EEEBE6", "#79B0D6", "#1B5B93"),
    series=("#0B5F82", "#D1600A", "#5B4A9E", "#3B8A5A", "#A33B6B", "#7A6A00"),
    accent="#0B5F82",
    target="#3B8A5A",
    alert="#A33B00",
)
DARK = Palette(
    paper="#10181D",
    ink="#E9F0F3",
    muted="#A9BAC3",
    grid="#2C3A42",
    land="#24323A",
    outside="#182127",
    border="#5D707A",
    outline="#FF7BB0",
    suppressed="#6A757B",
    not_collected="#10181D",
    not_applicable="#1C2428",
    good=("#17405C", "#23668F", "#3F91C1", "#7EBDE1", "#D0EAF9"),
    bad=("#5A2F10", "#8F4B18", "#C9752F", "#EDA767", "#FCE1C6"),
    diverging=("#F29B4B", "#A8672C", "#39434A", "#3F83B4", "#93CBF0"),
    series=("#6CC4E8", "#F0A15B", "#B3A3F0", "#79CF9B", "#F08BB8", "#D9C64A"),
    accent="#6CC4E8",
    target="#79CF9B",
    alert="#FF9A66",
)


@dataclass(frozen=True)
class Style:
    """Who reads the figure: language, and light or dark surroundings."""

    lang: str = "th"
    dark: bool = False

    @property
    def palette(self) -> Palette:
        return DARK if self.dark else LIGHT

    def text(self, msgid: str, **params: Any) -> str:
        """A message in the reader's language."""
        return gettext(msgid, self.lang, **params)
