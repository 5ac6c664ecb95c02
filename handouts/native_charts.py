"""Charts that PowerPoint draws itself, from the description of the figure that was on the screen: the same rows, order, axis, intervals and targets.

Where python-pptx has no property (complex scripts, error bars, areas behind lines) the elements of DrawingML are written here, in the order of
their schema (ECMA-376, part 1, 21.2).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from lxml import etree
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.util import Inches, Pt

from charts.description import Axis, Description, Series
from charts.stacks import LABELLED
from charts.style import Style
from charts.theme import ink_on
from i18n import N_

FONT = "Sarabun"
NS = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart", "a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
C, A = (f"{{{NS[k]}}}" for k in "ca")
NAMED_AT_ENDS = 0.07  # of the axis: ends of lines that are nearer than this are told by a legend
KINDS = {
    "lines": XL_CHART_TYPE.LINE_MARKERS,
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "shares": XL_CHART_TYPE.BAR_STACKED,
    "points": XL_CHART_TYPE.XY_SCATTER,
}


def add_chart(shapes: Any, figure: Description, box: Sequence[float], style: Style) -> Any:
    """Draw a figure into a box (left, top, width and height in inches) of a slide.

    Returns:
        The graphic frame of python-pptx.
    """
    banded = [s for s in figure.series if _band(s)] if figure.kind == "lines" else []
    if figure.kind == "lines":
        parts = [part for s in figure.series for part in _parts(s, style)]
        figure = replace(figure, series=(*parts, *_events(figure, style)))
    frame = shapes.add_chart(KINDS[figure.kind], *map(Inches, box), _data(figure, banded))
    chart = frame.chart
    chart.font.name, chart.font.size, chart.font.color.rgb = FONT, Pt(_size(figure, box[3])), rgb(style.palette.ink)
    chart.has_title = chart.has_legend = False
    _value_axis(chart.value_axis, figure.axis, style)
    {"lines": _lines, "bars": _bars, "shares": _shares, "points": _points}[figure.kind](chart, figure, style)
    if figure.kind == "lines":
        chart._chartSpace.find(".//c:dispBlanksAs", NS).set("val", "span")  # every piece of a line is a series of its own
        _skipped(chart, figure, box[2])
        told = {s.name for s in banded}
        for drawn, series in zip(list(chart.plots[0].series), figure.series, strict=False):
            if series.low and series.name not in told:
                _error_bars(drawn, series, "y")
    if banded:
        _behind(chart, len(figure.series), banded)
    for latin in chart._chartSpace.iter(f"{A}latin"):
        latin.addnext(etree.Element(f"{A}cs", typeface=latin.get("typeface")))
    return frame


def _data(figure: Description, banded: Sequence[Series]) -> Any:
    if figure.kind == "points":
        points = XyChartData(number_format=figure.axis.number_format)
        for series in figure.series:
            own = points.add_series(series.name)
            for x, y in zip(series.across, series.values, strict=True):
                own.add_data_point(x, y)
        return points
    data = CategoryChartData(number_format=figure.axis.number_format)
    data.categories = list(figure.categories)
    for series in figure.series:
        data.add_series(series.name, series.values)
    below = [0.0] * len(figure.categories)
    # areas stand on each other: one that is not seen leads from the interval before to the low end of this one
    for series in banded:
        for name, ends in (("95% ↓", series.low), ("95% ↑", series.high)):
            data.add_series(f"{series.name} · {name}", [end - start for end, start in zip(ends, below, strict=True)])  # type: ignore[operator]
            below = list(ends)  # type: ignore[arg-type]
    return data


def _parts(series: Series, style: Style) -> list[Series]:
    """A line as the series that draw it: a piece between two breaks each, and its provisional numbers, which are marks of their own."""
    gaps = () if series.joined else [n + 1 for n, (a, b) in enumerate(pairwise(series.values)) if a is None and b is not None]
    edges = [0, *sorted({*series.breaks, *gaps}), len(series.values)]
    pieces = []
    for first, end in pairwise(edges):
        kept = [v if first <= n < end and n not in series.hollow else None for n, v in enumerate(series.values)]
        if any(v is not None for v in kept):
            low, high = (
                tuple(v if kept[n] is not None else None for n, v in enumerate(ends)) for ends in (series.low, series.high)
            )
            pieces.append(replace(series, values=tuple(kept), low=low, high=high, hollow=(), breaks=()))
    if not series.hollow:
        return pieces
    early = tuple(v if n in series.hollow else None for n, v in enumerate(series.values))
    name = style.text(N_("{value} (provisional)"), value=series.name)
    return [*pieces, Series(name, early, series.colour, "apart")]


def _events(figure: Description, style: Style) -> list[Series]:
    """Marks at the top of the axis for what happened; their numbers are explained beside the chart."""
    if not figure.events or figure.axis.high is None:
        return []
    at = {n for n, _words in figure.events}
    values = tuple(figure.axis.high if n in at else None for n in range(len(figure.categories)))
    return [Series(style.text(N_("Events")), values, style.palette.muted, "event")]


def _band(series: Series) -> bool:
    """Whether an interval is known everywhere: an area falls to nought where one is missing."""
    return bool(series.low) and None not in series.low and None not in series.high


def _size(figure: Description, height: float) -> int:
    """Points of type: bars need room for their names."""
    rows = len(figure.categories) if figure.kind in ("bars", "shares") else 1
    return max(8, min(14, int(height * 72 / (rows * 1.5)))) if rows > 1 else 12


def _value_axis(axis: Any, spec: Axis, style: Style) -> None:
    axis.has_title = False
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = spec.low, spec.high, spec.step
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = spec.number_format, False
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.major_gridlines.format.line.color.rgb = rgb(style.palette.grid)
    axis.format.line.fill.background()


# ---- lines ------------------------------------------------------------------------------------------------------------------
def _lines(chart: Any, figure: Description, style: Style) -> None:
    axis = chart.category_axis
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.format.line.color.rgb = rgb(style.palette.border)
    lines = [s for s in figure.series if s.role != "event"]
    direct, several = _named_at_ends(figure.axis, lines), len({s.name for s in lines}) > 1
    named: dict[str, int] = {s.name: n for n, s in enumerate(lines)}  # the last piece of a line bears its name
    for number, (drawn, series) in enumerate(zip(list(chart.plots[0].series), figure.series, strict=False)):
        drawn.smooth = False
        _line(drawn, series, style)
        if series.role == "event":
            for at, words in figure.events:
                _mark(drawn.points[at], words, style)
            continue
        last = max((n for n, v in enumerate(series.values) if v is not None), default=None)
        if last is not None and named[series.name] == number and (direct or not several):
            _end(drawn.points[last], series, named=several)
    if direct:
        _plot_area(chart, 0.76)
    elif several:
        _legend(chart)
        _not_in_legend(chart, [n for n, s in enumerate(figure.series) if named.get(s.name) != n])


def _named_at_ends(axis: Axis, lines: Sequence[Series]) -> bool:
    """Whether the names of the lines have room at their ends, one above the other."""
    last = {s.name: next((v for v in reversed(s.values) if v is not None), 0.0) for s in lines}
    ends, low, high = sorted(last.values()), axis.low, axis.high
    if len(ends) < 2 or low is None or high is None:
        return False
    return all(b - a >= NAMED_AT_ENDS * (high - low) for a, b in pairwise(ends))


def _line(drawn: Any, series: Series, style: Style) -> None:
    """The looks of one series: what is reached whole, a plan dotted, a forecast dashed, targets as marks alone."""
    colour, line, marker = rgb(series.colour), drawn.format.line, drawn.marker
    if series.role in ("target", "apart", "event"):
        line.fill.background()
    else:
        line.color.rgb, line.width = colour, Pt(2.25)
        if series.role != "value":
            line.dash_style = MSO_LINE.ROUND_DOT if series.role == "path" else MSO_LINE.DASH
    shapes = {
        "target": XL_MARKER_STYLE.DIAMOND,
        "event": XL_MARKER_STYLE.SQUARE,
        "path": XL_MARKER_STYLE.NONE,
        "forecast": XL_MARKER_STYLE.NONE,
    }
    marker.style = shapes.get(series.role, XL_MARKER_STYLE.CIRCLE)
    if marker.style != XL_MARKER_STYLE.NONE:
        marker.size = {"target": 9, "event": 15}.get(series.role, 7)
        marker.format.fill.solid()
        marker.format.fill.fore_color.rgb = colour if series.role != "apart" else rgb(_tint(series.colour, style.palette.paper))
        marker.format.line.color.rgb = colour


def _tint(colour: str, paper: str) -> str:
    """Half-way to the paper: what is provisional looks hollow also where a program leaves the edge of a mark out."""
    sides = [(int(colour[i : i + 2], 16) + int(paper[i : i + 2], 16)) // 2 for i in (1, 3, 5)]
    return "#" + "".join(f"{side:02X}" for side in sides)


def _end(point: Any, series: Series, *, named: bool) -> None:
    """The last number of a line beside it, with its name where there are several."""
    label = point.data_label
    told = [v for v in series.values if v is not None]
    falling = len(told) > 1 and told[-1] < told[-2]
    label.position = XL_LABEL_POSITION.RIGHT if named else XL_LABEL_POSITION.BELOW if falling else XL_LABEL_POSITION.ABOVE
    label.font.color.rgb, label.font.bold, label.font.name = rgb(series.colour), True, FONT
    element = label._get_or_add_dLbl()
    for name, on in (("showSerName", named), ("showVal", True)):
        element.find(f"{C}{name}").set("val", "1" if on else "0")
    for name in ("showLegendKey", "showCatName", "showPercent", "showBubbleSize"):
        element.find(f"{C}{name}").set("val", "0")
    if named:
        etree.SubElement(element, f"{C}separator").text = " "


def _mark(point: Any, words: str, style: Style) -> None:
    """The numbers of events in their mark."""
    label = point.data_label
    label.position = XL_LABEL_POSITION.CENTER if len(words) < 3 else XL_LABEL_POSITION.BELOW
    run = label.text_frame.paragraphs[0].add_run()
    run.text, run.font.size, run.font.bold, run.font.name = words, Pt(9), True, FONT
    run.font.color.rgb = rgb(style.palette.paper if len(words) < 3 else style.palette.muted)


def _skipped(chart: Any, figure: Description, width: float) -> None:
    """Name every second or third period where all of them have no room (a letter takes about 0.085 inches)."""
    room = width * 0.85 / max(len(figure.categories), 1)
    step = math.ceil((max(map(len, figure.categories), default=0) + 1) * 0.085 / room)
    if step > 1:
        skip = etree.Element(f"{C}tickLblSkip", val=str(step))
        chart.category_axis._element.find("c:noMultiLvlLbl", NS).addprevious(skip)


def _plot_area(chart: Any, width: float) -> None:
    """Leave room at the right of the plot for the names of lines."""
    area = chart._chartSpace.find(".//c:plotArea", NS)
    layout = area.find("c:layout", NS)
    if layout is None:
        layout = etree.Element(f"{C}layout")
        area.insert(0, layout)
    manual = etree.SubElement(layout, f"{C}manualLayout")
    for tag, value in (
        ("layoutTarget", "inner"),
        ("xMode", "edge"),
        ("yMode", "edge"),
        ("x", "0.085"),
        ("y", "0.04"),
        ("w", f"{width - 0.085:.3f}"),
        ("h", "0.84"),
    ):
        etree.SubElement(manual, f"{C}{tag}", val=value)


def _behind(chart: Any, first: int, banded: Sequence[Series]) -> None:
    """The intervals as areas behind the lines: the series from `first` on become a chart of stacked areas on the same axes."""
    lines = chart._chartSpace.find(".//c:lineChart", NS)
    areas = etree.Element(f"{C}areaChart")
    etree.SubElement(areas, f"{C}grouping", val="stacked")
    etree.SubElement(areas, f"{C}varyColors", val="0")
    for number, element in enumerate(lines.findall("c:ser", NS)[first:]):
        for tag in ("marker", "smooth", "spPr"):
            for found in element.findall(f"c:{tag}", NS):
                element.remove(found)
        looks = etree.Element(f"{C}spPr")
        if number % 2:
            fill = etree.SubElement(
                etree.SubElement(looks, f"{A}solidFill"), f"{A}srgbClr", val=banded[number // 2].colour.lstrip("#")
            )
            etree.SubElement(fill, f"{A}alpha", val="18000")
        else:
            etree.SubElement(looks, f"{A}noFill")
        line = etree.SubElement(looks, f"{A}ln")
        etree.SubElement(line, f"{A}noFill")
        element.find("c:tx", NS).addnext(looks)
        areas.append(element)
    for axis in lines.findall("c:axId", NS):
        etree.SubElement(areas, f"{C}axId", val=axis.get("val"))
    lines.addprevious(areas)
    _not_in_legend(chart, range(2 * len(banded)), after=2 * len(banded))  # what explains a line explains its area


def _not_in_legend(chart: Any, numbers: Iterable[int], after: int = 0) -> None:
    """Take entries out of the legend, if there is one; those taken out before stand `after` as many others now."""
    legend = chart._chartSpace.find(".//c:legend", NS)
    if legend is None:
        return
    for index in legend.iterfind("c:legendEntry/c:idx", NS):
        index.set("val", str(int(index.get("val")) + after))
    for number in sorted(numbers, reverse=True):
        entry = etree.Element(f"{C}legendEntry")
        etree.SubElement(entry, f"{C}idx", val=str(number))
        etree.SubElement(entry, f"{C}delete", val="1")
        legend.find("c:legendPos", NS).addnext(entry)


# ---- bars -------------------------------------------------------------------------------------------------------------------
def _bars(chart: Any, figure: Description, style: Style) -> None:
    """One bar a row from the top; its number beside it, or an axis where whiskers stand there."""
    (series,), plot = figure.series, chart.plots[0]
    plot.gap_width = 40
    _names(chart, style)
    drawn = plot.series[0]
    drawn.invert_if_negative = False
    drawn.format.fill.solid()
    drawn.format.fill.fore_color.rgb = rgb(series.colour)
    for at in sorted({*series.hollow, *([] if figure.marked is None else [figure.marked])}):
        looks = drawn.points[at].format
        colour = rgb(style.palette.outline if at == figure.marked else series.colour)
        looks.fill.solid()
        looks.fill.fore_color.rgb = rgb(style.palette.paper) if at in series.hollow else colour
        looks.line.color.rgb = colour
    if series.low:
        _error_bars(drawn, series, None)
        return
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.position, labels.show_value = XL_LABEL_POSITION.OUTSIDE_END, True
    labels.number_format, labels.number_format_is_linked = figure.axis.number_format, False
    for at, words in enumerate(figure.labels):
        drawn.points[at].data_label.text_frame.text = words.strip()
        drawn.points[at].data_label.position = XL_LABEL_POSITION.OUTSIDE_END
    if figure.labels and figure.axis.high:  # words need more room than a number
        chart.value_axis.maximum_scale = figure.axis.high * 1.5


def _shares(chart: Any, figure: Description, style: Style) -> None:
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 35, 100
    _names(chart, style)
    chart.value_axis.has_major_gridlines = False
    for drawn, series in zip(plot.series, figure.series, strict=True):
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = rgb(series.colour)
        drawn.format.line.color.rgb = rgb(style.palette.paper)
        labels = drawn.data_labels
        labels.show_value, labels.position = True, XL_LABEL_POSITION.CENTER
        labels.number_format, labels.number_format_is_linked = figure.axis.number_format, False
        labels.font.color.rgb, labels.font.name = rgb(ink_on(series.colour, style)), FONT
        narrow = [n for n, v in enumerate(series.values) if v is None or v < LABELLED]
        for at in reversed(narrow):
            label = etree.Element(f"{C}dLbl")
            etree.SubElement(label, f"{C}idx", val=str(at))
            etree.SubElement(label, f"{C}delete", val="1")
            labels._element.insert(0, label)
    _legend(chart)


def _names(chart: Any, style: Style) -> None:
    """Names of bars from the top."""
    axis = chart.category_axis
    axis.reverse_order = True
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.format.line.color.rgb = rgb(style.palette.border)
    axis.has_major_gridlines = False
    crossing = axis._element.find("c:crosses", NS)
    if (other := chart.value_axis._element.find("c:crosses", NS)) is not None and crossing is not None:
        other.set("val", "max")  # its numbers stand below the last bar, not above the first
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.NEXT_TO_AXIS


def _points(chart: Any, figure: Description, style: Style) -> None:
    """Points, the line through them, and the lines within its interval."""
    if figure.across is not None:
        _value_axis(chart.category_axis, figure.across, style)
        chart.category_axis.has_title = True
        chart.category_axis.axis_title.text_frame.text = figure.across.title
    for drawn, series in zip(chart.plots[0].series, figure.series, strict=True):
        if series.role == "value":
            drawn.format.line.fill.background()
            drawn.marker.style, drawn.marker.size = XL_MARKER_STYLE.CIRCLE, 7
            drawn.marker.format.fill.solid()
            drawn.marker.format.fill.fore_color.rgb = rgb(series.colour)
            drawn.marker.format.line.color.rgb = rgb(style.palette.paper)
        else:
            drawn.marker.style = XL_MARKER_STYLE.NONE
            drawn.format.line.color.rgb, drawn.format.line.width = rgb(series.colour), Pt(2 if series.role == "path" else 1)
            drawn.format.line.dash_style = MSO_LINE.DASH if series.role == "path" else MSO_LINE.ROUND_DOT
    for element in chart._chartSpace.iter(f"{C}scatterStyle"):
        element.set("val", "lineMarker")


# ---- parts ------------------------------------------------------------------------------------------------------------------
def _legend(chart: Any) -> None:
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False


def _error_bars(drawn: Any, series: Series, direction: str | None) -> None:
    """The interval of each number as a whisker; none where there is none."""
    bars = etree.Element(f"{C}errBars")
    if direction:
        etree.SubElement(bars, f"{C}errDir", val=direction)
    etree.SubElement(bars, f"{C}errBarType", val="both")
    etree.SubElement(bars, f"{C}errValType", val="cust")
    etree.SubElement(bars, f"{C}noEndCap", val="0")
    for tag, ends, sign in (("plus", series.high, 1), ("minus", series.low, -1)):
        numbers = etree.SubElement(etree.SubElement(bars, f"{C}{tag}"), f"{C}numLit")
        etree.SubElement(numbers, f"{C}formatCode").text = "General"
        etree.SubElement(numbers, f"{C}ptCount", val=str(len(ends)))
        for at, (end, value) in enumerate(zip(ends, series.values, strict=True)):
            point = etree.SubElement(numbers, f"{C}pt", idx=str(at))
            etree.SubElement(point, f"{C}v").text = "0" if end is None or value is None else repr(sign * (end - value))
    line = etree.SubElement(etree.SubElement(bars, f"{C}spPr"), f"{A}ln", w="12700")
    etree.SubElement(etree.SubElement(line, f"{A}solidFill"), f"{A}srgbClr", val="526570")
    drawn._element.find("c:cat", NS).addprevious(bars)


def rgb(colour: str) -> RGBColor:
    """A colour of the palette as python-pptx takes it."""
    return RGBColor.from_string(colour.lstrip("#"))
