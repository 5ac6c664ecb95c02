"""The page of the benchmark in Panel: map by URL, headlines, trend and table behind a select.

`python panel_page.py DATA.json PORT FOLDER`, a folder with the geometry; the data are written by `tests.bench.peers`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd
import panel as pn
import plotly.graph_objects as go

DATA = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
CODES, PERIODS = list(DATA["names"]), DATA["periods"]
pn.extension("plotly", "tabulator")


def values(period: str) -> list[float | None]:
    return [DATA["values"][period].get(code) for code in CODES]


def table(period: str) -> pd.DataFrame:
    return pd.DataFrame({"name": [DATA["names"][c] for c in CODES], "value": values(period)})


def page() -> pn.Column:
    """One visitor's page."""
    drawn = go.Figure(
        go.Choropleth(
            geojson="/geo/provinces.json",
            featureidkey="properties.dopa",
            locations=CODES,
            z=values(PERIODS[-1]),
            colorscale="Blues",
        )
    )
    drawn.update_geos(visible=False, projection_type="mercator", lonaxis_range=[97.1, 105.9], lataxis_range=[5.4, 20.7])
    drawn.update_layout(height=660, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    line = go.Figure(go.Scatter(x=PERIODS, y=[DATA["total"][p] for p in PERIODS]))
    period = pn.widgets.Select(options=PERIODS, value=PERIODS[-1], name="Period")
    kpis = pn.pane.HTML("")
    config = {"topojsonURL": "/geo/"}
    map_pane, trend = pn.pane.Plotly(drawn, config=config), pn.pane.Plotly(line)
    rows = pn.widgets.Tabulator(table(PERIODS[-1]), height=660, show_index=False)

    def changed(event: object = None) -> None:
        kpis.object = "".join(f"<div><b>{label}</b> {number}</div>" for label, number in DATA["kpis"][period.value])
        drawn.data[0].z = values(period.value)
        line.data[0].selectedpoints = [PERIODS.index(period.value)]
        map_pane.param.trigger("object")
        trend.param.trigger("object")
        rows.value = table(period.value)

    period.param.watch(changed, "value")
    changed()
    return pn.Column("# Grants", period, kpis, map_pane, trend, rows)


if __name__ == "__main__":
    pn.serve(page, address="127.0.0.1", port=int(sys.argv[2]), show=False, static_dirs={"geo": sys.argv[3]})
