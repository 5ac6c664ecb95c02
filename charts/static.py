"""Figures as PNG without a browser: redrawn by Matplotlib with Sarabun, which keeps Thai tone marks.

Supported traces: choropleth, scattergeo, scatter (lines, markers, filled bands), bar, sankey (`charts.static_flows`);
and the shapes and annotations that the builders use.
"""

from __future__ import annotations

import base64
import io
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path as MplPath

from charts import places, static_fit, static_flows
from charts.style import Style
from charts.theme import LAT_RANGE, LON_RANGE, Chart

FONTS = Path(__file__).parent.parent / "assets" / "fonts"
DPI = 150
WIDTH = 11.0
MARKERS: dict[str, Any] = {
    "circle": "o",
    "x-thin": "x",
    "line-ne": MplPath([(-0.5, -0.5), (0.5, 0.5)]),
    "line-ew": "_",
    "square": "s",
    "diamond": "D",
    "triangle-up": "^",
    "triangle-down": "v",
    "pentagon": "p",
}
DASHES = {"dash": "--", "dot": ":", "solid": "-", None: "-"}
PX = 0.75  # a CSS pixel in points


@dataclass(frozen=True)
class Caption:
    """The words around the picture: a title, the lines under it and, for invented data, a mark across it."""

    title: str
    lines: list[str]
    demo: str = ""


def _fonts() -> None:
    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(path)


def _settings(style: Style, size: int) -> Any:
    """Matplotlib's own settings for the time of a drawing: the house font and the style's colours."""
    _fonts()
    palette = style.palette
    return mpl.rc_context(
        {
            "font.family": "Sarabun",
            "font.size": size,
            "text.color": palette.ink,
            "axes.edgecolor": palette.border,
            "xtick.color": palette.muted,
            "ytick.color": palette.muted,
            "text.parse_math": False,
        }
    )


def to_png(chart: Chart, caption: Caption, style: Style) -> bytes:
    """A picture with its title, filters, as-of date, release, source and notices inside."""
    with _settings(style, 12):
        spec = chart.figure.to_plotly_json()
        lines = [w for line in [*caption.lines, *chart.notes] for w in wrap(line, 112)]
        body = max(4.2, float(spec["layout"].get("height", 420)) / 72)
        height = body + 0.75 + 0.25 * len(lines)
        page = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor=style.palette.paper)
        FigureCanvasAgg(page)
        page.text(0.03, 1 - 0.2 / height, caption.title or chart.title, va="top", size=19, weight="bold")
        page.text(0.03, 0.12 / height, "\n".join(lines), va="bottom", size=11, color=style.palette.muted, linespacing=1.5)
        area = (0.03, (0.3 + 0.25 * len(lines)) / height, 0.94, (body - 0.2) / height)
        _draw(page, area, chart, spec, style)
        if caption.demo:
            page.text(
                0.5,
                area[1] + area[3] / 2,
                caption.demo,
                rotation=28,
                ha="center",
                va="center",
                size=38,
                weight="bold",
                alpha=0.13,
                color=style.palette.alert,
            )
        return _bytes(page)


def figure_png(chart: Chart, style: Style, width: float, height: float) -> bytes:
    """The figure alone at a size in inches, for a slide that prints title, facts and notes itself."""
    with _settings(style, 13):
        return _bytes(figure_page(chart, style, width, height))


def figure_page(chart: Chart, style: Style, width: float, height: float) -> Figure:
    """What `figure_png` draws, before it is a picture."""
    page = Figure(figsize=(width, height), dpi=DPI, facecolor=style.palette.paper)
    FigureCanvasAgg(page)
    _draw(page, (0.015, 0.02, 0.97, 0.96), chart, chart.figure.to_plotly_json(), style)
    return page


def _draw(page: Figure, area: tuple[float, float, float, float], chart: Chart, spec: dict[str, Any], style: Style) -> None:
    if any(t["type"] in ("choropleth", "scattergeo") for t in spec["data"]):
        _maps(page, area, spec, style)
    elif spec["data"] and spec["data"][0]["type"] == "sankey":
        static_flows.draw(page, area, spec, chart.legend, style)
    else:
        axis = page.add_axes(area)
        _plot(axis, spec, style)
        static_fit.fit(axis, static_fit.above_legend(axis, area) if spec["layout"].get("showlegend") else area)


def _bytes(page: Figure) -> bytes:
    buffer = io.BytesIO()
    page.savefig(buffer, format="png")
    return buffer.getvalue()


def wrap(text: str, width: int) -> list[str]:
    """Lines of about a width, cut at spaces where there are any, else by length."""
    return textwrap.wrap(text, width, break_long_words=True) or [""]


def _categorical(spec: dict[str, Any], axis: str) -> bool:
    return spec["layout"].get(axis, {}).get("type") == "category"


def _values(raw: Any) -> list[Any]:
    if isinstance(raw, dict):  # Plotly packs numeric arrays as base64
        raw = np.frombuffer(base64.b64decode(raw["bdata"]), dtype=raw["dtype"]).tolist()
    return [] if raw is None else [None if v is None or v != v else v for v in list(raw)]


def plain(text: str) -> str:
    """Plotly's little HTML as plain text."""
    return re.sub(r"<[^>]+>", "", str(text).replace("<br>", "\n"))


def colour(value: Any) -> Any:
    """A CSS colour for Matplotlib; fully transparent ones become "none"."""
    if isinstance(value, str) and value.startswith("rgba"):
        parts = [float(x) for x in value[5:-1].split(",")]
        return "none" if parts[3] == 0 else (*(p / 255 for p in parts[:3]), parts[3])
    return value


# ---- maps ----
def _maps(page: Figure, area: tuple[float, float, float, float], spec: dict[str, Any], style: Style) -> None:
    subplots = sorted((k for k in spec["layout"] if k.startswith("geo")), key=lambda k: int(k[3:] or 1))
    axes = {name: page.add_axes(area) for name in subplots}
    handles: list[Any] = []
    for trace in spec["data"]:
        axis = axes[trace.get("geo") or "geo"]
        handle = _polygons(axis, trace) if trace["type"] == "choropleth" else _geo_points(axis, trace)
        if trace.get("showlegend", True) and trace.get("name"):
            handle.set_label(plain(trace["name"]))
            handles.append(handle)
    title = plain(spec["layout"].get("legend", {}).get("title", {}).get("text", ""))
    share = static_fit.legend(page, area, handles, title)
    for name, axis in axes.items():
        shown = spec["layout"][name]
        (left, right), (low, high) = (shown.get("domain", {}).get(k, [0, 1]) for k in "xy")
        box = (area[0] + left * area[2] * share, area[1] + low * (area[3] - 0.03))
        axis.set_position((*box, (right - left) * area[2] * share, (high - low) * (area[3] - 0.03)))
        axis.set_xlim(*shown.get("lonaxis", {}).get("range", LON_RANGE))
        axis.set_ylim(*shown.get("lataxis", {}).get("range", LAT_RANGE))
        axis.set_aspect(1 / 0.974)  # a degree of longitude at 13 N
        axis.set_axis_off()
    for note, name in zip(spec["layout"].get("annotations", []), subplots, strict=False):
        axes[name].set_title(plain(note["text"]), size=14, weight="bold")


def _polygons(axis: Axes, trace: dict[str, Any]) -> Patch:
    fill, edge = colour(trace["colorscale"][0][1]), trace["marker"]["line"]["color"]
    width = trace["marker"]["line"]["width"] * PX
    rings = [ring for code in trace["locations"] for ring in places.rings(len(str(code))).get(str(code), [])]
    axis.add_collection(PolyCollection(rings, facecolors=fill, edgecolors=edge, linewidths=width))
    return Patch(facecolor=fill, edgecolor=edge)


def _geo_points(axis: Axes, trace: dict[str, Any]) -> Line2D:
    marker, symbol = trace.get("marker", {}), trace.get("marker", {}).get("symbol", "circle")
    sizes = marker.get("size", 8)
    points = [(x, y) for x, y in zip(_values(trace.get("lon")), _values(trace.get("lat")), strict=True)]
    line = marker.get("line", {})
    thin = symbol in ("x-thin", "line-ew", "line-ne")
    fill = line.get("color") if thin else "none" if "open" in symbol else colour(marker.get("color"))
    if not isinstance(sizes, (list, tuple)) and "text" not in trace.get("mode", ""):  # thousands of points at one stroke
        sizes, points = [sizes], [([p[0] for p in points], [p[1] for p in points])]
    for index, (x, y) in enumerate(points):
        if x is None:
            continue
        size = sizes[index] if isinstance(sizes, (list, tuple)) else sizes
        axis.plot(
            x if isinstance(x, list) else [x],
            y if isinstance(y, list) else [y],
            marker=MARKERS.get(symbol.removesuffix("-open"), "o"),
            ms=size * PX * 1.25,
            color=fill,
            mec=line.get("color"),
            mew=line.get("width", 0.8) * PX,
            alpha=marker.get("opacity", 1),
            linestyle="none",
        )
        if "text" in trace.get("mode", ""):
            axis.annotate(
                trace["text"][index],
                (x, y),
                xytext=(size * PX * 0.8, 0),
                textcoords="offset points",
                va="center",
                size=11,
                color=line.get("color"),
            )
    return Line2D(
        [], [], marker=MARKERS.get(symbol.removesuffix("-open"), "o"), linestyle="none", color=fill, mec=line.get("color"), ms=9
    )


# ---- other figures ----
def _plot(axis: Axes, spec: dict[str, Any], style: Style) -> None:
    layout = spec["layout"]
    x_places, y_places = _category_places(spec, "xaxis", "x"), _category_places(spec, "yaxis", "y")
    for trace in spec["data"]:
        _bars(axis, trace, x_places, y_places, style) if trace["type"] == "bar" else _scatter(axis, trace, x_places, y_places)
    _axis(axis, layout, "xaxis", x_places, style)
    _axis(axis, layout, "yaxis", y_places, style)
    _shapes(axis, layout, x_places, y_places, style)
    axis.spines[["top", "right"]].set_visible(False)


def _category_places(spec: dict[str, Any], axis: str, letter: str) -> dict[Any, int] | None:
    if not _categorical(spec, axis):
        return None
    order = list(spec["layout"][axis].get("categoryarray") or [])
    for trace in spec["data"]:
        order += [v for v in _values(trace.get(letter)) if v not in order]
    return {v: i for i, v in enumerate(order)}


def _put(values: list[Any], where: dict[Any, int] | None) -> list[float]:
    return [float("nan") if v is None else where[v] if where is not None else float(v) for v in values]


def _bars(axis: Axes, trace: dict[str, Any], x_places: dict | None, y_places: dict | None, style: Style) -> None:
    widths, at = _put(_values(trace["x"]), x_places), _put(_values(trace["y"]), y_places)
    error = trace.get("error_x") or {}
    bars = [_values(error["arrayminus"]), _values(error["array"])] if error else None
    edge = trace["marker"].get("line", {})
    width = edge.get("width", 0)
    axis.barh(
        at,
        widths,
        left=_values(trace.get("base")) or 0,
        label=plain(trace.get("name") or "_") if trace.get("showlegend", True) else "_",
        height=0.66,
        color=_each(trace["marker"]["color"]),
        edgecolor=_each(edge.get("color", "none")),
        linewidth=[w * PX for w in width] if isinstance(width, (list, tuple)) else width * PX,
        xerr=bars,
        error_kw={"ecolor": style.palette.ink, "capsize": 2, "elinewidth": 1},
    )
    if trace.get("textposition") == "inside":
        for x, y, start, words in zip(widths, at, _values(trace.get("base")), _values(trace["text"]), strict=True):
            axis.annotate(plain(words), (start + x / 2, y), ha="center", va="center", size=10, color=trace["textfont"]["color"])
    if trace.get("textposition") == "outside":
        starts = _values(trace.get("base")) or [0] * len(at)
        for x, y, start, words in zip(widths, at, starts, _values(trace["text"]), strict=True):
            axis.annotate(
                plain(words), (start + (0 if x != x else x), y), xytext=(5, 0), textcoords="offset points", va="center", size=12
            )


def _each(colours: Any) -> Any:
    """One colour, or one a bar, for Matplotlib."""
    return [colour(c) for c in colours] if isinstance(colours, (list, tuple)) else colour(colours)


def _scatter(axis: Axes, trace: dict[str, Any], x_places: dict | None, y_places: dict | None) -> None:
    xs, ys = _put(_values(trace["x"]), x_places), _put(_values(trace["y"]), y_places)
    if trace.get("fill") == "toself":
        axis.fill(xs, ys, color=trace["fillcolor"], alpha=trace.get("opacity", 0.2), linewidth=0)
        return
    label = plain(trace.get("name") or "_") if trace.get("showlegend", True) else "_"
    line, marker, mode = trace.get("line", {}), trace.get("marker", {}), trace.get("mode", "lines")
    if "lines" in mode:
        axis.plot(
            xs,
            ys,
            linestyle=DASHES.get(line.get("dash"), "-"),
            color=line.get("color"),
            linewidth=line.get("width", 2) * PX,
            marker="o" if "markers" in mode else None,
            ms=5,
            label=label,
        )
        return
    symbol = marker.get("symbol", "circle")
    error = trace.get("error_x") or {}
    if error:
        axis.errorbar(
            xs,
            ys,
            xerr=[_values(error["arrayminus"]), _values(error["array"])],
            fmt="none",
            ecolor=colour(marker.get("color")),
            elinewidth=1,
        )
    edge = marker.get("line", {}).get("color")
    sizes = marker.get("size", 8)
    area = [(s * PX) ** 2 for s in (sizes if isinstance(sizes, (list, tuple)) else [sizes] * len(xs))]
    axis.scatter(
        xs,
        ys,
        s=area,
        **(
            {"facecolors": "none", "edgecolors": edge}
            if "open" in symbol
            else {"c": edge if "thin" in symbol else colour(marker.get("color"))}
        ),
        marker=MARKERS.get(symbol.removesuffix("-open"), "o"),
        label=label,
        zorder=3,
        linewidths=0.8,
    )
    if "text" in mode:
        where = trace.get("textposition") or "middle center"
        sides = {"ha": _side(where, "right", "left"), "va": _side(where, "top", "bottom")}
        shift = {"left": (6, 0), "right": (-6, 0)}.get(sides["ha"], (0, 0))
        for x, y, words in zip(xs, ys, _values(trace["text"]), strict=True):
            how = {"size": 10, "color": trace["textfont"]["color"], "zorder": 4, **sides}
            axis.annotate(plain(words), (x, y), xytext=shift, textcoords="offset points", **how)


def _side(where: str, high: str, low: str) -> str:
    """The side of words that touches their point, from the side of the point that they stand on."""
    opposite = {high: low, low: high}
    return next((opposite[side] for side in (high, low) if side in where.split()), "center")


def _axis(axis: Axes, layout: dict[str, Any], name: str, where: dict[Any, int] | None, style: Style) -> None:
    spec, side = layout.get(name, {}), "x" if name == "xaxis" else "y"
    set_ticks, set_limits = getattr(axis, f"set_{side}ticks"), getattr(axis, f"set_{side}lim")
    if where is not None:
        words = ["\n".join(wrap(plain(k), 26)) for k in where]
        crowded = side == "x" and sum(len(w) for w in words) > 110
        set_ticks(
            list(where.values()),
            words,
            rotation=35 if crowded else 0,
            ha="right" if side == "y" or crowded else "center",
            size=11,
        )
    elif spec.get("tickvals") is not None:
        angle = -(spec.get("tickangle") or 0)
        turned: dict[str, Any] = {"rotation": angle, "ha": "left"} if angle else {}
        set_ticks(list(spec["tickvals"]), [plain(t) for t in spec["ticktext"]], size=11, **turned)
        if spec.get("side") == "top":
            axis.xaxis.tick_top()
    if spec.get("showticklabels") is False:
        set_ticks([])
    if spec.get("range"):
        set_limits(*spec["range"])
    title = plain(spec.get("title", {}).get("text", ""))
    if title:
        getattr(axis, f"set_{side}label")(title, color=style.palette.muted)
    if spec.get("showgrid") is not False:
        axis.grid(axis="x" if side == "x" else "y", color=style.palette.grid, linewidth=0.8)
        axis.set_axisbelow(True)


def _shapes(axis: Axes, layout: dict[str, Any], x_places: dict | None, y_places: dict | None, style: Style) -> None:
    for shape in layout.get("shapes", []):
        line = shape.get("line", {})
        how = {"color": line.get("color"), "linestyle": DASHES.get(line.get("dash"), "-"), "linewidth": line.get("width", 1) * PX}
        if shape.get("x0") == shape.get("x1"):
            axis.axvline(shape["x0"] if x_places is None or not isinstance(shape["x0"], str) else x_places[shape["x0"]], **how)
        else:
            axis.axhline(shape["y0"], **how)
    for note in layout.get("annotations", []):
        x = x_places[note["x"]] if x_places is not None and isinstance(note.get("x"), str) else note.get("x", 0.5)
        in_x = "axes fraction" if "domain" in str(note.get("xref", "")) or note.get("xref") == "paper" else "data"
        in_y = "axes fraction" if "domain" in str(note.get("yref", "")) or note.get("yref") == "paper" else "data"
        marked = note.get("bgcolor") is not None
        axis.annotate(
            plain(note["text"]),
            (x, note.get("y", 1)),
            xycoords=(in_x, in_y),
            xytext=(note.get("xshift", 3) * PX, 0),
            textcoords="offset points",
            size=10,
            va="bottom" if not marked else "top",
            color=note.get("font", {}).get("color", style.palette.ink),
            bbox={"boxstyle": "round,pad=0.2", "fc": note["bgcolor"], "ec": "none"} if marked else None,
        )
