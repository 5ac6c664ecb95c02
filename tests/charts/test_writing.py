"""What a browser gets of a figure: the same numbers, as short as a screen needs them."""

from __future__ import annotations

import json

import numpy as np
import plotly.graph_objects as go

from charts.writing import written


def test_arrays_are_lists_of_short_numbers() -> None:
    figure = go.Figure(
        go.Scatter(x=np.array([1 / 3, 2e-9, 123_456_789.0]), y=np.array([1, 2, 3], dtype="int16"), text=["ก", "b", None])
    )
    (trace,) = json.loads(written(figure))["data"]
    assert trace["x"] == [0.333333333, 2e-9, 123_456_789.0]
    assert trace["y"] == [1, 2, 3]
    assert trace["text"] == ["ก", "b", None]
    assert "bdata" not in written(figure).decode()
    assert "ก" in written(figure).decode()


def test_tables_of_numbers_keep_their_shape_and_what_is_no_number_is_none() -> None:
    figure = go.Figure(go.Heatmap(z=np.array([[0.5, np.nan, 1.0], [np.inf, 2.0, 3.0]])))
    assert json.loads(written(figure))["data"][0]["z"] == [[0.5, None, 1.0], [None, 2.0, 3.0]]
