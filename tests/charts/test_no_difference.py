"""Two-sided maps: a place whose interval holds nought is on no side, on the screen, in files and in words."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from charts.board import board, maps
from charts.classes import UNCLEAR, UNCLEAR_SYMBOL, classify, unclear
from charts.maps import province_map, small_multiple_maps
from charts.static import Caption, to_png
from charts.style import Style
from charts.theme import Measure

SD = Measure("x", "Change", "SD", "sd", "up")
STYLE = Style("en")
CODES = ["10", "40", "50", "90"]


def cells(half: float) -> pd.DataFrame:
    value = np.array([-0.4, -0.1, 0.1, np.nan])
    frame = pd.DataFrame({"province": CODES, "value": value, "low": value - half, "high": value + half, "older_period": ""})
    return frame.assign(state=["value", "value", "value", "suppressed"])


@given(st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1)))
@settings(deadline=None)
def test_a_place_is_unclear_exactly_where_its_interval_holds_nought(ends: tuple[float, float, float]) -> None:
    low, value, high = sorted(ends)
    rows = pd.DataFrame({"value": [value], "low": [low], "high": [high], "state": "value"})
    assert bool(unclear(rows)[0]) == (low <= 0 <= high)
    scale = classify(rows["value"].to_numpy(), SD, diverging=True)
    assert scale is not None
    assert (scale.members(rows)[0] == UNCLEAR) == (low <= 0 <= high)


def test_without_an_interval_and_on_one_sided_scales_nothing_is_unclear() -> None:
    rows = cells(0.2)
    assert not unclear(rows.drop(columns=["low", "high"])).any()
    assert not unclear(rows.assign(low=None, high=None)).any()
    one_sided = classify(rows["value"].to_numpy(), SD)
    assert one_sided is not None
    assert (one_sided.members(rows.dropna()) >= 0).all()


def test_the_board_paints_them_as_no_clear_difference_with_an_entry_of_its_own() -> None:
    data = board(cells(0.2), SD, STYLE, [], diverging=True)
    by_code = {c[0]: c for c in data["cells"]}
    assert [by_code[c][2] for c in CODES] == [0, UNCLEAR_SYMBOL, UNCLEAR_SYMBOL, "cross"]
    assert data["fills"][by_code["40"][1]] == data["fills"][by_code["50"][1]] == STYLE.palette.land
    assert data["fills"][by_code["10"][1]] in STYLE.palette.diverging
    assert by_code["40"][4].endswith("no clear difference")
    assert "no clear difference" not in by_code["10"][4]
    entry = next(words for _colour, symbol, words in data["legend"] if symbol == UNCLEAR_SYMBOL)
    assert entry.startswith("No clear difference")
    assert entry.endswith("· 2")
    assert sum(int(words.rpartition("· ")[2]) for _c, _s, words in data["legend"]) == 4
    assert "In 2 provinces there is no clear difference" in data["alt"]


def test_maps_over_time_and_pictures_do_as_the_board() -> None:
    panels = [("2564", cells(0.2)), ("2565", cells(0.05))]
    moving = maps(panels, SD, STYLE, diverging=True)
    marks = [[c[2] for c in drawn] for _label, drawn, _alt in moving["moments"]]
    assert marks == [[0, UNCLEAR_SYMBOL, UNCLEAR_SYMBOL, "cross"], [0, 0, 0, "cross"]]
    assert any(symbol == UNCLEAR_SYMBOL for _c, symbol, _w in moving["legend"])
    for chart in (province_map(cells(0.2), SD, STYLE, diverging=True), small_multiple_maps(panels, SD, STYLE, diverging=True)):
        fills = {c: t.colorscale[0][1] for t in chart.figure.data if t.type == "choropleth" for c in t.locations}
        named = [t.name for t in chart.figure.data if t.showlegend and (t.name or "").startswith("No clear difference")]
        assert len(named) == 1
        assert "no clear difference" in chart.alt
        assert fills["10"] in STYLE.palette.diverging
    assert {fills_of(cells(0.2))[c] for c in ("40", "50")} == {STYLE.palette.land}


def fills_of(frame: pd.DataFrame) -> dict[str, str]:
    chart = province_map(frame, SD, STYLE, diverging=True)
    return {c: t.colorscale[0][1] for t in chart.figure.data if t.type == "choropleth" for c in t.locations}


@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_picture_of_it_differs_from_one_that_claims_a_side(lang: str) -> None:
    def picture(half: float) -> Image.Image:
        chart = province_map(cells(half), SD, Style(lang), diverging=True)
        return Image.open(io.BytesIO(to_png(chart, Caption("x", []), Style(lang))))

    assert picture(0.2).tobytes() != picture(0.05).tobytes()
