"""A story as PPTX: titles, text, native charts and tables that can be edited, presenter notes, alternative text."""

from __future__ import annotations

import io
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from charts.style import LIGHT
from data_access.saved.stories import NativeChart, Slide, Story, picture_path
from handouts.common import fact_lines, qr_png, superseded, view_link
from handouts.fitting import RATIOS, fit_table, lines_of
from i18n import N_, gettext

FONT = "Sarabun"
TITLE_ONLY = 5
MARGIN, TOP = 0.5, 1.4  # inches
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def pptx(story: Story, ratio: str = "16:9", base: str = "") -> bytes:
    """The story as a presentation; pictures only for what no chart of PowerPoint can draw, such as maps."""
    width, height = RATIOS[ratio]
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(width), Inches(height)
    deck.core_properties.title = story.title
    deck.core_properties.comments = story.release
    for number, slide in enumerate(story.slides, start=1):
        _Page(deck, story, slide, number, (width, height), base).draw()
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


class _Page:
    """One slide being drawn; sizes in inches."""

    def __init__(self, deck: Any, story: Story, slide: Slide, number: int, size: tuple[float, float], base: str) -> None:
        self.page = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
        self.story, self.slide, self.number = story, slide, number
        self.width, self.height = size
        self.link = view_link(story, slide, base)

    def draw(self) -> None:
        """Title, demo mark, body, facts, QR code, notes."""
        if self.slide.demo:
            self._strip(self.slide.demo)
        self._title()
        self._body()
        self._footer()
        notes = [self.slide.notes, self.slide.alt, *fact_lines(self.slide, superseded(self.story, self.slide.lang)), self.link]
        self.page.notes_slide.notes_text_frame.text = "\n\n".join(n for n in notes if n)

    def _strip(self, mark: str) -> None:
        box = self.page.shapes.add_textbox(0, 0, Inches(self.width), Inches(0.3))
        box.fill.solid()
        box.fill.fore_color.rgb = _rgb(LIGHT.alert)
        self._words(box.text_frame, mark, 11, colour=LIGHT.paper, bold=True)

    def _title(self) -> None:
        title = self.page.shapes.title
        title.left, title.top = Inches(MARGIN), Inches(0.38)
        title.width, title.height = Inches(self.width - 2 * MARGIN), Inches(0.95)
        self._words(title.text_frame, self.slide.title, 26 if len(self.slide.title) < 60 else 20, bold=True)
        title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        title.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT

    def _body(self) -> None:
        """What PowerPoint can draw itself, a picture of what it cannot, and the words beside or below them."""
        wide, room = self.width > 12, self.height - TOP - 1.25
        full = self.width - 2 * MARGIN
        picture = self._needed_picture()
        if not picture and not self.slide.chart:
            self._text(MARGIN, TOP, full, 0.9)
            below = 0.95 if self.slide.text else 0.0
            if self.slide.columns:
                self._table(MARGIN, TOP + below, full, room - below)
            return
        words_room = 0.3 + lines_of(self.slide.text, full, 15) * 0.3 + lines_of(self.slide.remarks, full, 10) * 0.19
        left, height = (full * 0.66, room) if wide else (full, room - words_room)
        if picture and self.slide.chart:
            self._picture(picture, MARGIN, TOP, left / 2, height)
            self._chart(MARGIN + left / 2 + 0.1, TOP, left / 2 - 0.1, height)
        elif picture:
            self._picture(picture, MARGIN, TOP, left, height)
        else:
            self._chart(MARGIN, TOP, left, height)
        beside, below_it = (MARGIN + left + 0.2, TOP, full - left - 0.2, room), (MARGIN, TOP + height + 0.1, full, words_room)
        self._text(*(beside if wide else below_it))

    def _text(self, x: float, y: float, width: float, height: float) -> None:
        """The words of the slide and, smaller, what must be read with the picture."""
        box = self.page.shapes.add_textbox(Inches(x), Inches(y), Inches(width), Inches(height))
        size = (18 if len(self.slide.text) < 330 else 15 if len(self.slide.text) < 520 else 12) - (0 if self.width > 12 else 3)
        self._words(box.text_frame, self.slide.text, size)
        if self.slide.remarks:
            self._run(box.text_frame.add_paragraph(), self.slide.remarks, 10, LIGHT.muted)

    def _needed_picture(self) -> bytes | None:
        """The picture of a map, or of a figure that no chart of PowerPoint can draw."""
        path = picture_path(self.story.id, self.slide.id)
        needed = self.slide.has_picture and (self.slide.is_map or self.slide.chart is None)
        return path.read_bytes() if needed and path.is_file() else None

    def _picture(self, picture: bytes, x: float, y: float, width: float, height: float) -> None:
        shape = self.page.shapes.add_picture(io.BytesIO(picture), Inches(x), Inches(y), width=Inches(width))
        if shape.height > Inches(height):
            shape.width, shape.height = Emu(int(shape.width * Inches(height) / shape.height)), Inches(height)
        _describe(shape, self.slide.alt)

    def _chart(self, x: float, y: float, width: float, height: float) -> None:
        spec: NativeChart = self.slide.chart  # type: ignore[assignment]  # drawn only where there is one
        number_format = "#,##0" + ("." + "0" * spec.decimals if spec.decimals else "")
        data = CategoryChartData(number_format=number_format)
        data.categories = list(spec.categories)
        for name, values in spec.series:
            data.add_series(name, values)
        kind = XL_CHART_TYPE.LINE_MARKERS if spec.kind == "line" else XL_CHART_TYPE.BAR_CLUSTERED
        frame = self.page.shapes.add_chart(kind, Inches(x), Inches(y), Inches(width), Inches(height), data)
        _describe(frame, self.slide.alt)
        chart = frame.chart
        chart.font.name, chart.font.size = FONT, Pt(12)
        chart.has_title = False
        chart.has_legend = len(spec.series) > 1
        if chart.has_legend:
            chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.value_axis.has_title = bool(spec.unit)
        if spec.unit:
            chart.value_axis.axis_title.text_frame.text = spec.unit
        chart.value_axis.tick_labels.number_format, chart.value_axis.tick_labels.number_format_is_linked = number_format, False
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        chart.value_axis.major_gridlines.format.line.color.rgb = _rgb(LIGHT.grid)
        if spec.kind == "bar":
            chart.category_axis.reverse_order = True
            chart.plots[0].gap_width = 40
            chart.plots[0].has_data_labels = len(spec.series) == 1
            if chart.plots[0].has_data_labels:
                chart.plots[0].data_labels.font.size = Pt(11)
        for series, colour in zip(chart.plots[0].series, LIGHT.series * 4, strict=False):
            target = series.format.line.color if spec.kind == "line" else series.format.fill
            if spec.kind == "line":
                target.rgb = _rgb(colour)
                series.smooth = False
                series.marker.format.fill.solid()
                series.marker.format.fill.fore_color.rgb = _rgb(colour)
            else:
                target.solid()
                target.fore_color.rgb = _rgb(colour)

    def _table(self, x: float, y: float, width: float, height: float) -> None:
        """The first columns and as many rows as fit; columns as wide as their words."""
        fitted = fit_table(self.slide, width, height)
        columns, rows, widths, size = fitted.columns, fitted.rows, fitted.widths, fitted.size
        shape = self.page.shapes.add_table(len(rows) + 1, len(columns), Inches(x), Inches(y), Inches(sum(widths)), Inches(0.3))
        _describe(shape, self.slide.alt or self.slide.title)
        for column, (head, wide) in enumerate(zip(columns, widths, strict=True)):
            shape.table.columns[column].width = Inches(wide)
            self._cell(shape.table.cell(0, column), head, size, LIGHT.accent, LIGHT.paper)
            for row, line in enumerate(rows, start=1):
                self._cell(shape.table.cell(row, column), line[column], size, LIGHT.paper, LIGHT.ink)

    def _cell(self, cell: Any, text: str, size: int, fill: str, ink: str) -> None:
        cell.fill.solid()
        cell.fill.fore_color.rgb = _rgb(fill)
        cell.margin_top = cell.margin_bottom = Inches(0.02)
        self._words(cell.text_frame, text, size, colour=ink, bold=ink == LIGHT.paper)

    def _footer(self) -> None:
        top = self.height - 1.15
        code = self.page.shapes.add_picture(
            io.BytesIO(qr_png(self.link)), Inches(self.width - MARGIN - 0.95), Inches(top + 0.1), height=Inches(0.95)
        )
        _describe(code, gettext(N_("QR code of the link to this view"), self.slide.lang))
        box = self.page.shapes.add_textbox(Inches(MARGIN), Inches(top), Inches(self.width - 2 * MARGIN - 1.1), Inches(1.05))
        facts = " · ".join(fact_lines(self.slide, superseded(self.story, self.slide.lang)))
        self._words(box.text_frame, facts, 9, colour=LIGHT.muted)
        link = box.text_frame.add_paragraph()
        self._run(link, gettext(N_("Open this view"), self.slide.lang), 9, LIGHT.accent).hyperlink.address = self.link
        self._run(link, f" · {self.number} / {len(self.story.slides)}", 9, LIGHT.muted)

    def _words(self, frame: Any, text: str, size: int, *, colour: str = LIGHT.ink, bold: bool = False) -> None:
        frame.word_wrap = True
        lines = text.split("\n")
        for position, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if position == 0 else frame.add_paragraph()
            self._run(paragraph, line, size, colour).font.bold = bold

    def _run(self, paragraph: Any, text: str, size: int, colour: str) -> Any:
        """A run in the house font for Latin and for Thai letters, marked with its language for spelling and line breaks."""
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.name = Pt(size), FONT
        run.font.color.rgb = _rgb(colour)
        properties = run._r.get_or_add_rPr()
        properties.set("lang", "th-TH" if self.slide.lang == "th" else "en-US")
        etree.SubElement(properties, f"{A}cs").set("typeface", FONT)
        return run


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#"))


def _describe(shape: Any, text: str) -> None:
    """Alternative text; python-pptx has no property for it yet (its issue 302)."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", text)
