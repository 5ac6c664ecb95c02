"""The page of the benchmark in Dash: map by URL, headlines, trend and table behind a native select, patched where Dash can.

`python dash_page.py DATA.json PORT FOLDER`, a folder with the geometry; the data are written by `tests.bench.peers`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import plotly.graph_objects as go
from dash import Dash, Input, Output, Patch, dash_table, dcc, html

DATA = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
CODES, PERIODS = list(DATA["names"]), DATA["periods"]


def values(period: str) -> list[float | None]:
    return [DATA["values"][period].get(code) for code in CODES]


def rows(period: str) -> list[dict]:
    return [{"name": DATA["names"][c], "value": v} for c, v in zip(CODES, values(period), strict=True)]


geo = go.Figure(
    go.Choropleth(
        geojson="/assets/provinces.json",
        featureidkey="properties.dopa",
        locations=CODES,
        z=values(PERIODS[-1]),
        colorscale="Blues",
    )
)
geo.update_geos(visible=False, projection_type="mercator", lonaxis_range=[97.1, 105.9], lataxis_range=[5.4, 20.7])
geo.update_layout(height=660, margin={"l": 0, "r": 0, "t": 0, "b": 0})
trend = go.Figure(go.Scatter(x=PERIODS, y=[DATA["total"][p] for p in PERIODS]))
app = Dash(__name__, serve_locally=True, assets_folder=sys.argv[3])
app.layout = html.Div(
    [
        html.H1("Grants"),
        dcc.Dropdown(PERIODS, PERIODS[-1], id="period", clearable=False, searchable=True),
        html.Div(id="kpis"),
        dcc.Graph(figure=geo, id="map", config={"topojsonURL": "/assets/"}),
        dcc.Graph(figure=trend, id="trend"),
        dash_table.DataTable(rows(PERIODS[-1]), id="table", page_size=100),
    ]
)


@app.callback(
    Output("kpis", "children"),
    Output("map", "figure"),
    Output("trend", "figure"),
    Output("table", "data"),
    Input("period", "value"),
)
def changed(period: str) -> tuple:
    """Everything that depends on the period; the figures as patches of what has changed."""
    drawn, line = Patch(), Patch()
    drawn["data"][0]["z"] = values(period)
    line["data"][0]["selectedpoints"] = [PERIODS.index(period)]
    kpis = [html.Div([html.B(label), html.Span(str(number))]) for label, number in DATA["kpis"][period]]
    return kpis, drawn, line, rows(period)


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(sys.argv[2]), debug=False)
