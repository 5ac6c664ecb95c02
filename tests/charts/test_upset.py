"""The UpSet figure counts what it is given, says it in words and can be drawn without a browser."""

from __future__ import annotations

import pandas as pd

from charts.static import figure_png
from charts.style import Style
from charts.upset import upset

FRAME = pd.DataFrame({"a": [True, True, False], "b": [True, False, True], "provinces": [2, 5, 1]})


def test_bars_are_as_long_as_the_counts_and_dots_mark_the_sets() -> None:
    built = upset(FRAME, {"a": "ก", "b": "ข"}, Style("en"), title="Sets")
    off, on, bars = built.figure.data
    assert list(bars.text) == ["5", "2", "1"]
    lengths = list(bars.x)
    assert lengths[1] / lengths[0] == 2 / 5
    assert set(zip(on.x, on.y, strict=True)) == {(0, 0), (0, 1), (1, 1), (1, 2)}
    assert set(zip(off.x, off.y, strict=True)) == {(1, 0), (0, 2)}
    assert "2 places are in more than one set" in built.alt
    assert figure_png(built, Style("en"), 8, 5).startswith(b"\x89PNG")
