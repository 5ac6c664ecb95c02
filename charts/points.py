"""Schools and centres as points, drawn by deck.gl without any base map; and the same as a still picture."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd
import plotly.graph_objects as go

from charts import places
from charts.style import Style
from charts.theme import FEATURE_KEY, GEOMETRY_URL, LAT_RANGE, LON_RANGE, Chart, figure
from i18n import N_, format_number

if TYPE_CHECKING:
    import pydeck as pdk

TILE = 512  # deck.gl's world at zoom 0, in pixels
ROOM = 0.9  # of the frame that the country or province may fill
POINTS_HEIGHT = 560  # pixels of the map of points
WIDTH = 520
NARROW = 340  # a telephone: the whole must fit there too
MANY = 500  # more points than this are drawn small, or they cover the country
POINT = ["lon", "lat", "label"]
DECIMALS = 3  # about a hundred metres; keeps the message small


def points_map(
    frame: pd.DataFrame,
    style: Style,
    *,
    title: str,
    group_names: Mapping[str, str] | None = None,
    height: int = POINTS_HEIGHT,
    focus: str | None = None,
) -> Chart:
    """Points on the provinces' outlines; the points themselves are `points_data`, one part for each layer that has none.

    Args:
        frame: `lon`, `lat`, `label` (plain text that the pointer shows); `group` picks a colour.
        group_names: group code -> words, in the order of the palette; the first is the least prominent and drawn beneath.
        focus: a province to zoom in on.
    """
    import pydeck as pdk  # slow to import, and drawn on few pages

    palette, names = style.palette, dict(group_names or {"": title})
    drawn = _drawn(frame, list(names))
    colours = _colours(list(names), style)
    layers = [
        pdk.Layer(
            "GeoJsonLayer",
            id="provinces",
            data=GEOMETRY_URL,
            filled=True,
            stroked=True,
            get_fill_color=_rgb(palette.land, 255),
            get_line_color=_rgb(palette.border, 255),
            line_width_min_pixels=0.6,
            pickable=False,
        ),
        *([_outline(focus, style)] if focus in places.rings() else []),
        *(_layer(int((drawn["group"] == code).sum()), colours[code], position, style) for position, code in enumerate(names)),
    ]
    lon, lat, zoom = _view(focus, height)
    deck = pdk.Deck(
        layers=layers, map_provider=None, initial_view_state=pdk.ViewState(longitude=lon, latitude=lat, zoom=zoom), map_style=None
    )
    return _chart(deck, frame, drawn, names, colours, title, style)


def points_data(frame: pd.DataFrame, groups: Sequence[str]) -> dict[str, bytes]:
    """The points of every group in the order of the layers: name of the layer -> JSON, a list of objects with `lon`, `lat` and `label`."""
    drawn = _drawn(frame, list(groups))
    parts = (drawn.loc[drawn["group"] == code, POINT] for code in groups)
    records = (part.to_json(orient="records", double_precision=DECIMALS, force_ascii=False) for part in parts)
    return {_layer_name(position): body.encode("utf-8") for position, body in enumerate(records)}


def _layer_name(position: int) -> str:
    return f"points_{position}"


def points_picture(
    frame: pd.DataFrame, style: Style, *, title: str, group_names: Mapping[str, str] | None = None, height: int = 620
) -> Chart:
    """The same points as a figure that can be stored as a picture; arguments as for `points_map`."""
    palette, names = style.palette, dict(group_names or {"": title})
    drawn = _drawn(frame, list(names))
    colours = _colours(list(names), style)
    fig = figure(style, height, showlegend=True)
    fig.update_layout(geo={"visible": False, "lonaxis": {"range": list(LON_RANGE)}, "lataxis": {"range": list(LAT_RANGE)}})
    fig.add_trace(
        go.Choropleth(
            geojson=GEOMETRY_URL,
            featureidkey=FEATURE_KEY,
            locations=sorted(places.codes()),
            z=[1] * len(places.codes()),
            showscale=False,
            colorscale=[[0, palette.land], [1, palette.land]],
            marker={"line": {"color": palette.border, "width": 0.6}},
            showlegend=False,
        )
    )
    for position, (code, words) in enumerate(names.items()):
        part = drawn[drawn["group"] == code]
        fig.add_trace(
            go.Scattergeo(
                lon=part["lon"],
                lat=part["lat"],
                mode="markers",
                name=words,
                marker={"size": 4 if position == 0 and len(names) > 1 else 6, "color": colours[code]},
            )
        )
    return _chart(fig, frame, drawn, names, colours, title, style)


def _drawn(frame: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    """The rows that have a place, with a group each and coordinates as fine as the map can show."""
    drawn = frame.dropna(subset=["lon", "lat"])
    drawn = drawn.assign(lon=drawn["lon"].round(DECIMALS), lat=drawn["lat"].round(DECIMALS))
    return drawn if "group" in drawn else drawn.assign(group=groups[0])


def _colours(groups: list[str], style: Style) -> dict[str, str]:
    order = [style.palette.muted, style.palette.series[1], style.palette.series[2]] if len(groups) > 1 else [style.palette.accent]
    return {code: order[i % len(order)] for i, code in enumerate(groups)}


def _rgb(colour: str, alpha: int = 200) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)] + [alpha]


def _layer(count: int, colour: str, position: int, style: Style) -> pdk.Layer:
    import pydeck as pdk

    return pdk.Layer(
        "ScatterplotLayer",
        id=_layer_name(position),
        data=[],
        get_position="[lon, lat]",
        get_fill_color=_rgb(colour, 170 if position == 0 else 235),
        get_radius=1200,
        radius_min_pixels=2 if position == 0 else 4 if count < MANY else 2.5,
        radius_max_pixels=9,
        stroked=position > 0,
        get_line_color=_rgb(style.palette.paper, 255),
        line_width_min_pixels=0.8,
        pickable=True,
    )


def _outline(code: str, style: Style) -> pdk.Layer:
    import pydeck as pdk

    rings = [[[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring] for ring in places.rings()[code]]
    return pdk.Layer(
        "PathLayer",
        id="chosen",
        data=[{"path": ring} for ring in rings],
        get_path="path",
        get_color=_rgb(style.palette.outline, 255),
        width_min_pixels=2.4,
        pickable=False,
    )


def _view(focus: str | None, height: int) -> tuple[float, float, float]:
    """Longitude, latitude and zoom at which the country, or one province, fills the frame on a narrow screen too."""
    (west, east), (south, north) = LON_RANGE, LAT_RANGE
    rings = places.rings().get(focus or "", [])
    if rings:
        xs, ys = zip(*(point for ring in rings for point in ring), strict=True)
        west, east, south, north = min(xs), max(xs), min(ys), max(ys)
    stretch = 1 / math.cos(math.radians((south + north) / 2))  # Mercator
    across = (WIDTH if rings else NARROW) * ROOM * 360 / (TILE * max(east - west, 0.05))
    down = height * ROOM * 360 / (TILE * max(north - south, 0.05) * stretch)
    return (west + east) / 2, (south + north) / 2, round(min(math.log2(across), math.log2(down)), 2)


def _chart(
    built: pdk.Deck | go.Figure,
    frame: pd.DataFrame,
    drawn: pd.DataFrame,
    names: Mapping[str, str],
    colours: Mapping[str, str],
    title: str,
    style: Style,
) -> Chart:
    counts = [f"{words}: {format_number(int((drawn['group'] == code).sum()), style.lang)}" for code, words in names.items()]
    missing = len(frame) - len(drawn)
    alt = style.text(N_("{title}: {n} points on the map."), title=title, n=format_number(len(drawn), style.lang))
    without = style.text(N_("{n} without coordinates are not on the map"), n=format_number(missing, style.lang))
    notes = (without,) if missing else ()
    spoken = [alt, *([", ".join(counts) + "."] if len(names) > 1 else []), *notes]
    legend = tuple((colours[code], words) for code, words in zip(names, counts, strict=True)) if len(names) > 1 else ()
    return Chart(built, " ".join(spoken), title, notes, legend)
