"""What both pages of the benchmark show: the data that `tests.bench.peers` wrote, and the figures made of them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import plotly.graph_objects as go

DATA = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
CODES, PERIODS = list(DATA["names"]), DATA["periods"]


def values(period: str) -> list[float | None]:
    """One value a province, in the order of `CODES`."""
    return [DATA["values"][period].get(code) for code in CODES]


def province_map(geometry: str) -> go.Figure:
    """The map of the latest period, with its geometry by URL."""
    fill = go.Choropleth(
        geojson=geometry, featureidkey="properties.dopa", locations=CODES, z=values(PERIODS[-1]), colorscale="Blues"
    )
    drawn = go.Figure(fill)
    drawn.update_geos(visible=False, projection_type="mercator", lonaxis_range=[97.1, 105.9], lataxis_range=[5.4, 20.7])
    return drawn.update_layout(height=660, margin={"l": 0, "r": 0, "t": 0, "b": 0})


def trend() -> go.Figure:
    """The country over all periods."""
    return go.Figure(go.Scatter(x=PERIODS, y=[DATA["total"][p] for p in PERIODS]))
