"""A Sankey redrawn by Matplotlib, for `charts.static`: the same nodes at the same places, bands as curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path

from charts import static_fit
from charts.style import Style

WIDTH = 0.012


def draw(
    page: Figure, area: tuple[float, float, float, float], spec: dict[str, Any], legend: Sequence[tuple[str, str]], style: Style
) -> None:
    """Draw the first trace of `spec` and its legend into an area (left, bottom, width, height in shares of the page)."""
    trace = spec["data"][0]
    left, bottom, width, height = static_fit.legend_below(page, area, [Patch(facecolor=c, label=words) for c, words in legend])
    axis = page.add_axes((left, bottom, width, height - 0.06))
    axis.set_axis_off()
    axis.set_xlim(0, 1)
    axis.set_ylim(1, 0)
    node, link = trace["node"], trace["link"]
    source, target = np.asarray(link["source"], dtype=int), np.asarray(link["target"], dtype=int)
    value = np.asarray(link["value"], dtype=float)
    sent = np.bincount(source, value, len(node["x"]))
    got = np.bincount(target, value, len(node["x"]))
    size = np.maximum(sent, got)
    x, y = np.asarray(node["x"], dtype=float) * (1 - WIDTH), np.asarray(node["y"], dtype=float)
    scale = _scale(x, y, size)
    for i, colour in enumerate(node["color"]):
        axis.add_patch(Rectangle((x[i], y[i] - size[i] * scale / 2), WIDTH, size[i] * scale, color=colour, lw=0))
    _bands(axis, link, (x, y, size * scale), scale)
    for note in spec["layout"].get("annotations", []):
        axis.annotate(
            note["text"], (note["x"], 0), xycoords="axes fraction", xytext=(note["x"], 1.02), ha=note["xanchor"], size=11
        )


def _scale(x: np.ndarray, y: np.ndarray, size: np.ndarray) -> float:
    """Height of one unit: the tallest column fills what its centres span."""
    best = np.inf
    for column in np.unique(x):
        mine = np.flatnonzero(x == column)
        order = mine[np.argsort(y[mine])]
        span = (y[order[0]] * 2) if len(order) == 1 else y[order[-1]] - y[order[0]]
        units = size[order[0]] if len(order) == 1 else size[order].sum() - (size[order[0]] + size[order[-1]]) / 2
        if units > 0 and span > 0:
            best = min(best, span / units)
    return float(best) if np.isfinite(best) else 0.0


def _bands(axis: Axes, link: dict[str, Any], nodes: tuple[np.ndarray, np.ndarray, np.ndarray], scale: float) -> None:
    x, y, height = nodes
    out, into = y - height / 2, (y - height / 2).copy()
    ends = zip(link["source"], link["target"], link["value"], link["color"], strict=True)
    for source, target, value, colour in sorted(ends, key=lambda e: (y[e[0]], y[e[1]])):
        thick = value * scale
        left, right = x[source] + WIDTH, x[target]
        middle = (left + right) / 2
        a, b = out[source], into[target]
        path = Path(
            [
                (left, a),
                (middle, a),
                (middle, b),
                (right, b),
                (right, b + thick),
                (middle, b + thick),
                (middle, a + thick),
                (left, a + thick),
                (left, a),
            ],
            [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY],
        )
        axis.add_patch(PathPatch(path, facecolor=_rgba(colour), lw=0))
        out[source] += thick
        into[target] += thick


def _rgba(colour: str) -> tuple[float, ...]:
    r, g, b, alpha = (float(v) for v in colour[5:-1].split(","))
    return (r / 255, g / 255, b / 255, alpha)
