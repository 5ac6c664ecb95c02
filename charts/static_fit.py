"""Words measured against the picture that they stand on: what does not fit is wrapped, thinned out or made smaller, down to a floor."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from i18n import letters

Area = tuple[float, float, float, float]
"""Left, bottom, width and height as shares of the picture."""
SMALLEST, APART = 8, 3  # points of type; pixels between two words
WIDEST_LEGEND = 0.4  # of the area of a map


def fit(axis: Axes, area: Area) -> None:
    """Give axes as much of an area as the words around them leave, and thin out names that would stand on each other."""
    for _round in range(3):  # each changes how long the axes are, and so how many names have room
        _fill(axis, area)
        _thin(axis)
    _fill(axis, area)


def above_legend(axis: Axes, area: Area) -> Area:
    """Put the legend of a plot at the foot of an area (`legend_below`); a name that several share stands there once."""
    page = axis.get_figure()
    assert isinstance(page, Figure)
    handles, names = axis.get_legend_handles_labels()
    first = {name: handle for handle, name in reversed(list(zip(handles, names, strict=True))) if not name.startswith("_")}
    return legend_below(page, area, list(first.values())[::-1], list(first)[::-1])


def legend_below(page: Figure, area: Area, handles: Sequence[Any], names: Sequence[str] | None = None) -> Area:
    """Put a legend at the foot of an area, in as many columns as have room.

    Returns:
        The area that is left above it.
    """
    if not handles:
        return area
    names = [str(h.get_label()) for h in handles] if names is None else names
    for columns, size in ((4, 11), (3, 11), (2, 11), (2, 9), (1, 9)):
        found = page.legend(
            handles,
            [wrapped(name, 60) for name in names],
            frameon=False,
            loc="lower center",
            bbox_to_anchor=(area[0] + area[2] / 2, area[1]),
            ncols=min(columns, len(handles)),
            fontsize=size,
            borderaxespad=0,
        )
        box = page.transFigure.inverted().transform_bbox(found.get_window_extent(renderer_of(page)))
        if box.width <= area[2] or columns == 1:
            break
        found.remove()
    return area[0], area[1] + box.height + 0.02, area[2], area[3] - box.height - 0.02


def _fill(axis: Axes, area: Area) -> None:
    page = axis.get_figure()
    assert isinstance(page, Figure)
    for _round in range(2):
        around = axis.get_tightbbox(renderer_of(page))
        assert around is not None
        taken, held = page.transFigure.inverted().transform_bbox(around), axis.get_position()
        left, bottom = held.x0 + area[0] - taken.x0, held.y0 + area[1] - taken.y0
        right, top = held.x1 + area[0] + area[2] - taken.x1, held.y1 + area[1] + area[3] - taken.y1
        axis.set_position((left, bottom, max(right - left, 0.1), max(top - bottom, 0.1)))


def _thin(axis: Axes) -> None:
    """Make names of ticks smaller, then name every second or third one alone, until none touches the next."""
    page = axis.get_figure()
    assert isinstance(page, Figure)
    for side, vertical in ((axis.xaxis, False), (axis.yaxis, True)):
        size = max((t.get_fontsize() for t in side.get_ticklabels()), default=SMALLEST)
        names = [t.get_text() for t in side.get_ticklabels()]
        turned = any(t.get_rotation() for t in side.get_ticklabels())
        while _touch(_boxes(side.get_ticklabels(), page), vertical) and sum(map(bool, names)) > 2:
            if size > SMALLEST and not turned:
                size -= 1
            else:
                there = [n for n, name in enumerate(names) if name]
                names = [name if n in there[::2] else "" for n, name in enumerate(names)]
            side.set_ticks(list(side.get_ticklocs()), names, fontsize=size)


def renderer_of(page: Figure) -> Any:
    """What measures the words of a picture."""
    return page.canvas.get_renderer()  # type: ignore[attr-defined]  # that of Agg has one


def _boxes(texts: Sequence[Text], page: Figure) -> list[Bbox]:
    return [t.get_window_extent(renderer_of(page)) for t in texts if t.get_text() and t.get_visible()]


def _touch(boxes: Sequence[Bbox], vertical: bool) -> bool:
    ordered = sorted(boxes, key=lambda b: b.y0 if vertical else b.x0)
    return any((b.y0 - a.y1 if vertical else b.x0 - a.x1) < (0 if vertical else APART) for a, b in pairwise(ordered))


def legend(page: Figure, area: Area, handles: Sequence[Any], title: str) -> float:
    """Put the legend of maps at the right of an area; its lines are wrapped until it is narrow enough.

    Returns:
        The share of the area's width that the maps keep.
    """
    if not handles:
        return 1.0
    names = [h.get_label() for h in handles]
    for most, size in ((40, 12), (30, 12), (24, 11), (18, 10), (14, 9)):
        for handle, name in zip(handles, names, strict=True):
            handle.set_label(wrapped(name, most))
        found = page.legend(
            handles=handles,
            title="\n".join(wrapped(line, most) for line in title.split("\n")),
            loc="center right",
            bbox_to_anchor=(area[0] + area[2], area[1] + area[3] / 2),
            frameon=False,
            alignment="left",
            fontsize=size,
            title_fontsize=size + 1,
            labelspacing=0.6,
        )
        box = page.transFigure.inverted().transform_bbox(found.get_window_extent(renderer_of(page)))
        if box.width <= WIDEST_LEGEND * area[2] and box.height <= area[3]:
            break
        if size > 9:
            found.remove()
    return 1 - min(box.width / area[2] + 0.02, 0.6)


def wrapped(text: str, most: int) -> str:
    """Lines of about so many letters, cut at spaces; a word without any, as Thai has them, is cut only where it is longer by half."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if letters(longer) <= most or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(piece for line in lines for piece in _cut(line, most))


def _cut(line: str, most: int) -> list[str]:
    if letters(line) <= most * 1.5:
        return [line]
    at = next(n for n in range(1, len(line) + 1) if letters(line[:n]) >= most)
    while at < len(line) and not letters(line[at]):  # marks stay with their letter
        at += 1
    return [line[:at], *_cut(line[at:], most)]
