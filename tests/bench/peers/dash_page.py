"""The page of the benchmark in Dash: map by URL, headlines, trend and table behind a native select, patched where Dash can.

`python dash_page.py DATA.json PORT FOLDER`, a folder with the geometry; the data are written by `tests.bench.peers`.
"""

from __future__ import annotations

import sys

from dash import Dash, Input, Output, Patch, dash_table, dcc, html
from shown import CODES, DATA, PERIODS, province_map, trend, values


def rows(period: str) -> list[dict]:
    return [{"name": DATA["names"][c], "value": v} for c, v in zip(CODES, values(period), strict=True)]


app = Dash(__name__, serve_locally=True, assets_folder=sys.argv[3])
app.layout = html.Div(
    [
        html.H1("Grants"),
        dcc.Dropdown(PERIODS, PERIODS[-1], id="period", clearable=False, searchable=True),
        html.Div(id="kpis"),
        dcc.Graph(figure=province_map("/assets/provinces.json"), id="map", config={"topojsonURL": "/assets/"}),
        dcc.Graph(figure=trend(), id="trend"),
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
