"""Every figure that a page hands out: its native chart has the numbers of the screen, and its picture has room for all of its words."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text
from pptx import Presentation

from charts import static, static_fit
from charts.description import Description
from charts.style import Style
from charts.theme import Chart
from data_access.store.releases import require_release
from data_access.who.access import OPERATOR
from handouts.native_charts import add_chart
from ui.blocks import dialogs
from ui.frame import drawing
from ui.kit import navigation
from ui.view import view as views
from ui.view.view import View

pytestmark = pytest.mark.usefixtures("demo_home")
PAGES = [p for p in navigation.PAGES if p not in navigation.OF_STREAMLIT]
SLIDE = (8.3, 5.2)  # inches
SLACK = 2  # pixels that a word may stand over an edge: rounding


def handed_out(page: str, lang: str) -> Iterator[tuple[str, Chart]]:
    """The figures that the download menus of a page hand out, by the key of the menu."""
    view, offered = View(page, require_release(), Style(lang), OPERATOR, {"lang": lang}), []
    put = dialogs.button

    def note(key: str, *rest: Any, **more: Any) -> None:
        offered.append((key, rest[4:]))
        put(key, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialogs, "button", note)
        drawing.draw(view)
    for key, args in offered:
        if key.endswith("_menu") and len(args) > 3 and args[3] is not None:
            with views.drawing(view):
                yield key, args[3](Style(lang))


def test_the_walk_finds_figures_of_many_kinds() -> None:
    found = [chart.description for page in ("grants", "learning_loss") for _key, chart in handed_out(page, "en")]
    assert {d.kind for d in found if d} == {"lines", "bars", "points"}
    assert None in found  # maps


@pytest.mark.parametrize("page", PAGES)
def test_what_is_handed_out_is_what_is_shown(page: str) -> None:
    for lang in ("th", "en") if page in ("grants", "learning_loss") else ("th",):
        for key, chart in handed_out(page, lang):
            if not hasattr(chart.figure, "to_plotly_json"):
                continue  # points of schools and centres
            if chart.description:
                assert_same_numbers(chart, chart.description, f"{page} {key}")
            assert_words_have_room(chart, Style(lang), f"{page} {key}")


# ---- numbers ----------------------------------------------------------------------------------------------------------------
def assert_same_numbers(chart: Chart, figure: Description, what: str) -> None:
    """The screen's numbers are those of the description, and those of the chart that PowerPoint gets."""
    told = {r for s in figure.series if s.role != "path" or figure.kind == "lines" for r in numbers(s.values)}
    along = "x" if figure.kind in ("bars", "shares") else "y"
    drawn = {r for t in chart.figure.data for r in numbers(t[along] if t[along] is not None else ())}
    main = {"lines": lambda t: "markers" in t.mode and t.mode != "markers", "points": lambda t: t.mode == "markers"}
    chosen: Callable[[Any], bool] = main.get(figure.kind, lambda t: True)
    shown = {r for t in chart.figure.data if chosen(t) for r in numbers(t[along])}
    assert told - drawn == set(), what
    assert shown - told - ({0.0} if figure.kind == "bars" else set()) == set(), what  # a hidden bar is drawn at nought
    native = add_chart(new_page().shapes, figure, (0.2, 0.2, 9.0, 6.0), Style("th")).chart
    kept = {r for plot in native.plots for s in plot.series for r in numbers(s.values)}
    assert told - kept == set(), what


def new_page() -> Any:
    deck = Presentation()
    return deck.slides.add_slide(deck.slide_layouts[6])


def numbers(raw: Any) -> set[float]:
    return {round(float(v), 6) for v in raw if v is not None and not (isinstance(v, float) and math.isnan(v))}


# ---- words ------------------------------------------------------------------------------------------------------------------
def assert_words_have_room(chart: Chart, style: Style, what: str) -> None:
    """No word leaves the picture, none of an axis touches the next, and the legend stands on no axis."""
    with static._settings(style, 13):
        page = static.figure_page(chart, style, *SLIDE)
        ink = static_fit.renderer_of(page)
        page.draw(ink)
        width, height = page.get_size_inches() * page.dpi
        for text in set(page.findobj(Text)) - unprinted(page):
            if text.get_text().strip() and text.get_visible():
                box = text.get_window_extent(ink)
                inside = box.x0 >= -SLACK and box.y0 >= -SLACK and box.x1 <= width + SLACK and box.y1 <= height + SLACK
                assert inside, f"{what}: {text.get_text()!r} leaves the picture"
        for axis in page.axes:
            for side, low, high in ((axis.xaxis, "x0", "x1"), (axis.yaxis, "y0", "y1")):
                labels = [t for t in side.get_ticklabels() if t.get_text() and t.get_visible() and not t.get_rotation()]
                boxes = sorted((t.get_window_extent(ink) for t in labels), key=lambda b: getattr(b, low))
                assert all(getattr(a, high) <= getattr(b, low) + SLACK for a, b in pairwise(boxes)), f"{what}: names touch"
        for legend in page.findobj(Legend):
            for axis in (a for a in page.axes if a.axison):
                names = [t.get_window_extent(ink) for s in (axis.xaxis, axis.yaxis) for t in s.get_ticklabels() if t.get_text()]
                assert not any(legend.get_window_extent(ink).overlaps(b) for b in names), f"{what}: the legend stands on names"


def unprinted(page: Figure) -> set[Text]:
    """Words of ticks beyond the ends of their axis, and of axes that are not drawn."""
    found: set[Text] = set()
    for axis in page.axes:
        for side, ends in ((axis.xaxis, axis.get_xlim()), (axis.yaxis, axis.get_ylim())):
            if not axis.axison:
                found |= set(side.findobj(Text))
            for tick in (*side.get_major_ticks(), *side.get_minor_ticks()):
                if not min(ends) <= tick.get_loc() <= max(ends):
                    found |= {tick.label1, tick.label2}
    return found


def test_a_word_that_has_no_room_is_seen() -> None:
    """The measure fails where it should: a picture a tenth as wide."""
    _key, chart = next(found for found in handed_out("grants", "th") if found[1].description)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{__name__}.SLIDE", (0.8, 5.2))
        with pytest.raises(AssertionError):
            assert_words_have_room(chart, Style("th"), "narrow")


def test_the_deck_is_a_file_that_opens_again() -> None:
    page = new_page()
    for _key, chart in handed_out("grants", "th"):
        if chart.description:
            add_chart(page.shapes, chart.description, (0.2, 0.2, 9.0, 6.0), Style("th"))
    buffer = io.BytesIO()
    page.part.package.save(buffer)
    fonts = [
        {e.get("typeface") for e in s.chart._chartSpace.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}cs")}
        for s in Presentation(io.BytesIO(buffer.getvalue())).slides[0].shapes
        if s.has_chart
    ]
    assert fonts
    assert all(found == {"Sarabun"} for found in fonts)  # Thai falls to another face where only Latin letters have one
