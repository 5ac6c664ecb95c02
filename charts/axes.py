"""Axes with ticks in the reader's number words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.style import Style
from charts.theme import INCOMPLETE, TOLD, Measure


def value_axis(
    fig: go.Figure,
    frame: pd.DataFrame,
    measure: Measure,
    style: Style,
    extra: Sequence[float] = (),
    axis: str = "yaxis",
    from_nought: bool = False,
) -> None:
    """Ticks in the reader's number words."""
    scale = value_scale(frame, measure, extra, from_nought)
    if scale:
        words = [measure.short(t, style.lang) for t in scale.ticks]
        fig.update_layout({axis: {"tickvals": scale.ticks, "ticktext": words, "range": [scale.low, scale.high]}})


@dataclass(frozen=True)
class Scale:
    """Round ticks and the span that an axis shows."""

    ticks: list[float]
    low: float
    high: float


def value_scale(frame: pd.DataFrame, measure: Measure, extra: Sequence[float] = (), from_nought: bool = False) -> Scale | None:
    """The scale on which a frame's numbers and intervals, and the `extra` ones, have room; None without any value."""
    columns = [frame[c].tolist() for c in ("value", "low", "high") if c in frame]
    drawn = [row for state, *row in zip(frame["state"].tolist(), *columns, strict=True) if state in (*TOLD, INCOMPLETE)]
    values = [float(v) for row in drawn if pd.notna(row[0]) for v in row if pd.notna(v)] + list(extra)
    if not values:
        return None
    low, high = min(values), max(values)
    if from_nought or measure.kind in ("count", "money", "per_head"):
        low, high = min(low, 0.0), max(high, 0.0)
    ticks = nice_ticks(low, high, whole=measure.kind in ("count", "years"))
    pad = (high - low or abs(high) or 1) * 0.06
    return Scale(ticks, min(low, ticks[0]) - (0 if low == 0 else pad), max(high, ticks[-1]) + pad)


def nice_ticks(low: float, high: float, count: int = 5, whole: bool = False) -> list[float]:
    """Round numbers that cover a span; whole ones for what is counted."""
    span = high - low or abs(high) or 1.0
    power = 10 ** np.floor(np.log10(span / count))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if span / (m * power) <= count)
    step = max(step, 1.0) if whole else step
    start = np.floor(low / step) * step
    ticks = [float(np.round(start + i * step, 10)) for i in range(count + 3) if start + i * step <= high + step * 0.01]
    return ticks or [low, high]
