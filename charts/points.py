"""Schools and centres as points, drawn by deck.gl without any base map."""

from __future__ import annotations

import pandas as pd
import pydeck as pdk

from charts.theme import Chart, Style
from i18n import N_, format_number


def _rgb(colour: str, alpha: int = 200) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)] + [alpha]


def points_map(
    frame: pd.DataFrame,
    style: Style,
    *,
    title: str,
    group_names: dict[str, str] | None = None,
    height: int = 520,
    boundary_url: str = "/app/static/geo/provinces.json",
    zoom: float = 4.9,
    centre: tuple[float, float] = (101.0, 13.1),
) -> Chart:
    """Points on the provinces' outlines.

    Args:
        frame: `lon`, `lat`, `label` (plain text of the tooltip); `group` picks a colour, `size` (a count) an area.
        group_names: group code -> words, in the order of the palette; the first is the least prominent.
    """
    palette = style.palette
    groups = list(group_names or {"": title})
    order = [palette.muted, *palette.series] if len(groups) > 1 else list(palette.series)
    colours = {code: _rgb(order[i % len(order)]) for i, code in enumerate(groups)}
    drawn = frame.dropna(subset=["lon", "lat"]).copy()
    drawn["colour"] = [
        colours.get(g, _rgb(palette.muted)) for g in (drawn["group"] if "group" in drawn else [groups[0]] * len(drawn))
    ]
    drawn["radius"] = (drawn["size"].clip(lower=0) ** 0.5 * 500).clip(1500, 14000) if "size" in drawn else 4500
    columns = ["lon", "lat", "label", "colour", "radius"]
    layers = [
        pdk.Layer(
            "GeoJsonLayer",
            id="provinces",
            data=boundary_url,
            filled=True,
            stroked=True,
            get_fill_color=_rgb(palette.land, 255),
            get_line_color=_rgb(palette.border, 255),
            line_width_min_pixels=0.6,
            pickable=False,
        ),
        pdk.Layer(
            "ScatterplotLayer",
            id="points",
            data=drawn[columns].to_dict("records"),
            get_position="[lon, lat]",
            get_fill_color="colour",
            get_radius="radius",
            radius_min_pixels=2.5,
            radius_max_pixels=16,
            stroked=True,
            get_line_color=_rgb(palette.paper, 255),
            line_width_min_pixels=0.5,
            pickable=True,
        ),
    ]
    deck = pdk.Deck(
        layers=layers,
        map_provider=None,
        initial_view_state=pdk.ViewState(longitude=centre[0], latitude=centre[1], zoom=zoom),
        height=height,
        tooltip={"text": "{label}"},
    )
    missing = len(frame) - len(drawn)
    alt = style.text(N_("{title}: {n} points on the map."), title=title, n=format_number(len(drawn), style.lang))
    notes = (
        (style.text(N_("{n} without coordinates are not on the map"), n=format_number(missing, style.lang)),) if missing else ()
    )
    return Chart(deck, " ".join([alt, *notes]), title, notes)
