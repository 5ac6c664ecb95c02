"""Pure figure builders: tidy frames of cells in, figures with alternative text out. No Streamlit, no SQL."""

from charts.bars import funnel, ranked_bars
from charts.dots import profile, scatter_fit
from charts.flows import flow_diagram
from charts.funnel_plot import funnel_plot
from charts.histogram import score_histogram
from charts.maps import district_map, province_map, small_multiple_maps
from charts.points import POINTS_HEIGHT, points_data, points_map, points_picture
from charts.published import published_lines
from charts.scorecard import scorecard, scorecard_table
from charts.stacks import stacked_shares
from charts.targets import target_path
from charts.theme import Chart, Measure, Style
from charts.trends import Event, trend
from charts.upset import upset

__all__ = [
    "POINTS_HEIGHT",
    "Chart",
    "Event",
    "Measure",
    "Style",
    "district_map",
    "flow_diagram",
    "funnel",
    "funnel_plot",
    "points_data",
    "points_map",
    "points_picture",
    "profile",
    "province_map",
    "published_lines",
    "ranked_bars",
    "scatter_fit",
    "score_histogram",
    "scorecard",
    "scorecard_table",
    "small_multiple_maps",
    "stacked_shares",
    "target_path",
    "trend",
    "upset",
]
