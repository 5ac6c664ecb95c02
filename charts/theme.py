"""The one place for type, number formats and the looks of cell states; colours are in `charts.style`. Figure builders take a `Style`."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import plotly.graph_objects as go

from charts.style import Style
from charts.writing import written
from i18n import N_, format_number, format_percent, format_period, format_short, format_value, gettext, unit_name

if TYPE_CHECKING:
    from charts.description import Description

FONT = "Sarabun, sans-serif"
GEOMETRY_URL = "/app/static/geo/provinces.json"
FEATURE_KEY = "properties.dopa"
LON_RANGE, LAT_RANGE = (97.1, 105.9), (5.4, 20.7)

VALUE, ZERO, SUPPRESSED = "value", "zero", "suppressed"
NOT_COLLECTED, NOT_APPLICABLE, OLDER, PROVISIONAL = "not_collected", "not_applicable", "older", "provisional"
INCOMPLETE = "incomplete"  # a flag of `data_access.questions.cells`: some places of the sum sent nothing
SHOWN = (VALUE, ZERO, OLDER)
"""What is drawn as it is: coloured, ranked, compared."""
TOLD = (*SHOWN, PROVISIONAL)
"""What has a number: a provisional one is drawn hollow and apart, and said to be so."""
COMPLETE_FROM = 0.95
"""As `data_access.questions.cells`: a provisional number of which more has come than this is of a period that has not ended."""
STATES = (*TOLD, SUPPRESSED, NOT_COLLECTED, NOT_APPLICABLE)
STATE_NAMES = {
    SUPPRESSED: N_("Suppressed to protect small numbers, here or elsewhere"),
    NOT_COLLECTED: N_("No data"),
    NOT_APPLICABLE: N_("Not applicable"),
    OLDER: N_("An earlier period is shown"),
    PROVISIONAL: N_("Provisional: not everything has come yet"),
    ZERO: N_("Zero"),
    INCOMPLETE: N_("Incomplete: some places sent nothing"),
}
STATE_SHORT = {**STATE_NAMES, SUPPRESSED: N_("Suppressed"), PROVISIONAL: N_("Provisional")}
# shape as well as shade, so that the states stay apart in black and white
STATE_SYMBOLS = {
    SUPPRESSED: "x-thin",
    NOT_COLLECTED: "line-ne",
    NOT_APPLICABLE: "line-ew",
    OLDER: "circle-open",
    PROVISIONAL: "diamond-open",
}

Kind = Literal["count", "money", "rate", "mean", "per_head", "sd", "years"]


@dataclass(frozen=True)
class Measure:
    """What a number is: title, unit, kind and which direction is good (`ui.kit.data.measure` makes it)."""

    id: str
    title: str
    unit: str = ""
    kind: Kind = "count"
    direction: Literal["up", "down", "neither"] = "neither"
    signed: bool = False

    @property
    def bubbles(self) -> bool:
        """Counts and money are bubbles on the map, everything else is a fill; an area cannot be less than nought."""
        return self.kind in ("count", "money") and not self.signed

    def for_values(self, frames: Iterable[pd.DataFrame]) -> Measure:
        """The measure as a map of these cells draws it: `signed` where numbers below nought are among them."""
        below = any((told(frame)["value"].astype(float) < 0).any() for frame in frames)
        return replace(self, signed=True) if below and self.bubbles else self

    def unit_name(self, lang: str) -> str:
        """The unit in words, with what the kind adds."""
        if self.kind == "rate":
            return gettext(N_("per cent"), lang)
        return unit_name(self.unit, lang)

    def words(self, value: float | None, lang: str) -> str:
        """A value with its unit."""
        return format_value(value, self.kind, lang, self.unit, with_unit=True)

    def short(self, value: float | None, lang: str) -> str:
        """A value for ticks and legends."""
        return format_short(value, self.kind, lang)


@dataclass(frozen=True)
class Chart:
    """A figure with the text that stands in for it (`alt`) and the notes that must be printed under it.

    `finding` is its one most important sentence, fit for a title; `legend` holds (colour, words) for figures that cannot draw their own; `description` what slide programs draw of it, None for a picture.
    """

    figure: Any
    alt: str
    title: str = ""
    notes: tuple[str, ...] = field(default=())
    legend: tuple[tuple[str, str], ...] = field(default=())
    description: Description | None = None
    finding: str = ""

    @cached_property
    def drawing(self) -> bytes:
        """The figure as its script reads it (`charts.writing.written`); made once, since figures are drawn once."""
        return written(self.figure)


def ink_on(ground: str, style: Style) -> str:
    """The colour of letters on a colour (`#rrggbb`): ink or paper, whichever has the higher contrast (WCAG 2.2)."""

    def light(colour: str) -> float:
        parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05

    def contrast(ink: str) -> float:
        return max(light(ink), light(ground)) / min(light(ink), light(ground))

    return max((style.palette.ink, style.palette.paper), key=contrast)


def layout(style: Style, height: int, **more: Any) -> dict[str, Any]:
    """The layout every figure starts from."""
    p = style.palette
    axis = {
        "gridcolor": p.grid,
        "zerolinecolor": p.border,
        "linecolor": p.border,
        "tickfont": {"color": p.muted, "size": 13},
        "title": {"font": {"color": p.muted, "size": 13}},
        "automargin": True,
        "fixedrange": True,
    }
    base: dict[str, Any] = {
        "font": {"family": FONT, "size": 14, "color": p.ink},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "xaxis": dict(axis),
        "yaxis": dict(axis),
        "colorway": list(p.series),
        "hoverlabel": {
            "bgcolor": p.paper,
            "bordercolor": p.border,
            "font": {"family": FONT, "size": 14, "color": p.ink},
            "align": "left",
        },
        "legend": {
            "orientation": "h",
            "yanchor": "top",
            "y": -0.12,
            "x": 0,
            "font": {"size": 13, "color": p.ink},
            "itemsizing": "constant",
        },
        "uirevision": "keep",
        "dragmode": False,
        "separators": ".,",
    }
    for key, value in more.items():
        base[key] = {**base[key], **value} if isinstance(value, dict) and isinstance(base.get(key), dict) else value
    return base


def figure(style: Style, height: int, **more: Any) -> go.Figure:
    """An empty figure in the house style, free of Plotly's own template."""
    return go.Figure(layout={"template": "none", **layout(style, height, **more)})  # ten times faster than `update_layout`


def state_words(state: str, style: Style) -> str:
    """A cell state in words; empty for a plain value."""
    return style.text(STATE_NAMES[state]) if state in STATE_NAMES else ""


def state_short(state: str, style: Style) -> str:
    """A cell state in a word or two, for tiles."""
    return style.text(STATE_SHORT[state]) if state in STATE_SHORT else ""


def cell_words(row: Any, measure: Measure, style: Style) -> str:
    """A cell in words: its value with unit, or its state; never a number for a hidden cell."""
    state, value = row["state"], row["value"]
    if state not in TOLD or pd.isna(value):
        return state_words(state if state not in (VALUE, ZERO) else NOT_COLLECTED, style)
    text = measure.words(value, style.lang)
    low, high = row.get("low"), row.get("high")
    if pd.notna(low) and pd.notna(high):
        low, high = (
            format_number(v, style.lang, 2) if measure.kind == "sd" else measure.short(v, style.lang) for v in (low, high)
        )
        text += " " + style.text(N_("(95% interval {low} to {high})"), low=low, high=high)
    if state == OLDER and row.get("older_period"):
        text += " · " + style.text(N_("from {period}"), period=format_period(row["older_period"]))
    return text if state != PROVISIONAL else f"{text} · {provisional_words(row, style)}"


def provisional_words(row: Any, style: Style) -> str:
    """Why a cell is provisional: its period has not ended, or too few of those expected have sent; and the share that has."""
    if "came" not in row:
        return style.text(STATE_SHORT[PROVISIONAL])
    came = row["came"]
    if came is None or pd.isna(came):
        return style.text(N_("provisional: the period has not ended"))
    share = format_percent(floored(came), style.lang, 0)
    if came < COMPLETE_FROM:
        return style.text(N_("provisional: {share} of those expected have sent"), share=share)
    return style.text(N_("provisional: the period has not ended, {share} of those expected have sent"), share=share)


def floored(share: float) -> float:
    """A share as it is told: whole per cent, and never all of it while some is missing."""
    return math.floor(share * 100) / 100


def rounded(value: float | None) -> float | None:
    """A number as a component gets it: six significant digits, as many as a screen shows; None when there is none."""
    return None if value is None or pd.isna(value) else float(f"{value:.6g}")


def complete(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with sums that lack places taken out of the values: they are drawn apart and compared with nothing."""
    if "flag" not in frame:
        return frame
    lacking = (frame["flag"] == INCOMPLETE) & (frame["state"] != PROVISIONAL)
    return frame.assign(state=frame["state"].mask(lacking, INCOMPLETE))


def early(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows whose value is provisional: they are drawn hollow, apart from those that are `shown`."""
    return frame[(frame["state"] == PROVISIONAL) & frame["value"].notna()]


def told(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that have a number, provisional ones with the others: for the parts of one place and period, which are all alike."""
    return frame[frame["state"].isin(TOLD) & frame["value"].notna()]


def provisional_notes(frame: pd.DataFrame, style: Style) -> tuple[str, ...]:
    """What has to be said under a figure that draws provisional numbers."""
    rows = early(frame)
    return () if rows.empty else (provisional_words(rows.sort_values("came").iloc[0] if "came" in rows else rows.iloc[0], style),)


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows whose value may be drawn."""
    return frame[frame["state"].isin(SHOWN) & frame["value"].notna()]
