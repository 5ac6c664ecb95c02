"""The page of the benchmark in Panel: map by URL, headlines, trend and table behind a select.

`python panel_page.py DATA.json PORT FOLDER`, a folder with the geometry; the data are written by `tests.bench.peers`.
"""

from __future__ import annotations

import sys

import pandas as pd
import panel as pn
from shown import CODES, DATA, PERIODS, province_map, trend, values

pn.extension("plotly", "tabulator")


def table(period: str) -> pd.DataFrame:
    return pd.DataFrame({"name": [DATA["names"][c] for c in CODES], "value": values(period)})


def page() -> pn.Column:
    """One visitor's page."""
    drawn, line = province_map("/geo/provinces.json"), trend()
    period = pn.widgets.Select(options=PERIODS, value=PERIODS[-1], name="Period")
    kpis = pn.pane.HTML("")
    config = {"topojsonURL": "/geo/"}
    map_pane, line_pane = pn.pane.Plotly(drawn, config=config), pn.pane.Plotly(line)
    rows = pn.widgets.Tabulator(table(PERIODS[-1]), height=660, show_index=False)

    def changed(event: object = None) -> None:
        kpis.object = "".join(f"<div><b>{label}</b> {number}</div>" for label, number in DATA["kpis"][period.value])
        drawn.data[0].z = values(period.value)
        line.data[0].selectedpoints = [PERIODS.index(period.value)]
        map_pane.param.trigger("object")
        line_pane.param.trigger("object")
        rows.value = table(period.value)

    period.param.watch(changed, "value")
    changed()
    return pn.Column("# Grants", period, kpis, map_pane, line_pane, rows)


if __name__ == "__main__":
    pn.serve(page, address="127.0.0.1", port=int(sys.argv[2]), show=False, static_dirs={"geo": sys.argv[3]})
