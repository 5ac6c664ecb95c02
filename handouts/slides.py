"""A story as PPTX: cover and agenda, a finding a slide with its chart or table that can be edited, decisions and sources, presenter notes, alternative text."""

from __future__ import annotations

import io
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from charts.description import described
from charts.style import LIGHT, Style
from data_access.contract.settings import settings
from data_access.saved.stories import Slide, Story, picture_path
from handouts import spine
from handouts.common import fact_lines, qr_png, superseded, view_link
from handouts.fitting import RATIOS, fit_table, lines_of
from handouts.native_charts import FONT, add_chart, rgb
from handouts.pages import TONES
from handouts.spine import Front
from i18n import N_, gettext

SEPARATOR = " · "
"""Between the remarks of a figure (`ui.kit.slides.freeze`)."""

TITLE_ONLY = 5
MARGIN, TOP, FOOT = 0.5, 1.55, 0.95  # inches
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def pptx(story: Story, ratio: str = "16:9", base: str = "") -> bytes:
    """The story as a presentation; pictures only for what no chart of PowerPoint can draw, such as maps."""
    size = RATIOS[ratio]
    deck = Presentation()
    deck.slide_width, deck.slide_height = map(Inches, size)
    deck.core_properties.title = story.title
    deck.core_properties.comments = story.release
    for front in spine.before(story):
        _Words(deck, story, size).draw(front)
    for number, slide in enumerate(story.slides, start=1):
        _View(deck, story, size, slide, number, base).draw()
    for front in spine.after(story):
        _Words(deck, story, size).draw(front)
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


class _Page:
    """One page being drawn; sizes in inches."""

    def __init__(self, deck: Any, story: Story, size: tuple[float, float], lang: str, demo: str) -> None:
        self.page = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
        self.story, self.lang = story, lang
        self.width, self.height = size
        if demo:
            strip = self._box(0, 0, self.width, 0.3, LIGHT.alert)
            self._words(strip.text_frame, demo, 11, colour=LIGHT.paper, bold=True)

    def _title(self, words: str, size: int, top: float, height: float, colour: str = LIGHT.ink, left: float = MARGIN) -> None:
        title = self.page.shapes.title
        title.left, title.top = Inches(left), Inches(top)
        title.width, title.height = Inches(self.width - left - MARGIN), Inches(height)
        self._words(title.text_frame, words, size, colour=colour, bold=True)
        title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        title.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT

    def _box(self, x: float, y: float, width: float, height: float, fill: str = "") -> Any:
        if not fill:
            return self.page.shapes.add_textbox(*map(Inches, (x, y, width, height)))
        box = self.page.shapes.add_shape(MSO_SHAPE.RECTANGLE, *map(Inches, (x, y, width, height)))
        box.fill.solid()
        box.fill.fore_color.rgb = rgb(fill)
        box.line.fill.background()
        box.shadow.inherit = False
        return box

    def _words(self, frame: Any, text: str, size: int, *, colour: str = LIGHT.ink, bold: bool = False) -> None:
        frame.word_wrap = True
        for position, line in enumerate(text.split("\n")):
            paragraph = frame.paragraphs[0] if position == 0 else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.LEFT
            self._run(paragraph, line, size, colour).font.bold = bold

    def _run(self, paragraph: Any, text: str, size: int, colour: str) -> Any:
        """A run in the house font for Latin and for Thai letters, marked with its language for spelling and line breaks."""
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.name = Pt(size), FONT
        run.font.color.rgb = rgb(colour)
        properties = run._r.get_or_add_rPr()
        properties.set("lang", "th-TH" if self.lang == "th" else "en-US")
        etree.SubElement(properties, f"{A}cs").set("typeface", FONT)
        return run


class _Words(_Page):
    """Cover, agenda, decisions, sources."""

    def __init__(self, deck: Any, story: Story, size: tuple[float, float]) -> None:
        super().__init__(deck, story, size, spine.lang_of(story), spine.demo_of(story))

    def draw(self, front: Front) -> None:
        """A cover with a bar of the house's colour at its left, or a heading over numbered lines."""
        cover = front.kind == "cover"
        self._box(0, 0.3, 0.28 if cover else 0.12, self.height - 0.3, LIGHT.accent)
        if cover:
            left = 0.9
            self._title(front.title, 40, self.height * 0.27, 1.6, left=left)
            self._words(
                self._box(left, self.height * 0.27 + 1.65, self.width - left - MARGIN, 1.0).text_frame, "\n".join(front.lines), 20
            )
            small = self._box(left, self.height - 1.5, self.width - left - MARGIN, 1.1)
            self._words(small.text_frame, "\n".join(front.small), 13, colour=LIGHT.muted)
            if logo := settings().cover_logo:
                shape = self.page.shapes.add_picture(str(logo), Inches(left), Inches(0.75), height=Inches(0.9))
                _describe(shape, settings().organisations or front.small[0])
            return
        self._title(front.title, 30, 0.5, 0.9)
        size = 22 if len(front.lines) <= 8 and front.kind != "sources" else 14
        box = self._box(MARGIN, TOP, self.width - 2 * MARGIN, self.height - TOP - 1.2).text_frame
        numbered = front.kind in ("agenda", "decisions")
        self._words(box, "\n".join(f"{n}. {line}" if numbered else line for n, line in enumerate(front.lines, start=1)), size)
        if front.small:
            small = self._box(MARGIN, self.height - 1.15, self.width - 2 * MARGIN, 0.9).text_frame
            self._words(small, "\n".join(front.small), 11, colour=LIGHT.muted)


class _View(_Page):
    """One view: the finding, what is shown, the figure, words beside it, where it comes from."""

    def __init__(self, deck: Any, story: Story, size: tuple[float, float], slide: Slide, number: int, base: str) -> None:
        super().__init__(deck, story, size, slide.lang, slide.demo)
        self.slide, self.number, self.link = slide, number, view_link(story, slide, base)

    def draw(self) -> None:
        """Title, body, facts, QR code, notes."""
        slide = self.slide
        self._title(slide.title, 26 if len(slide.title) < 60 else 22 if len(slide.title) < 110 else 18, 0.36, 0.82)
        if slide.subtitle:
            self._words(self._box(MARGIN, 1.14, self.width - 2 * MARGIN, 0.36).text_frame, slide.subtitle, 14, colour=LIGHT.muted)
        self._body()
        self._footer()
        notes = [slide.notes, slide.alt, slide.remarks, *fact_lines(slide, superseded(self.story, slide.lang)), self.link]
        self.page.notes_slide.notes_text_frame.text = "\n\n".join(n for n in notes if n)

    def _body(self) -> None:
        """What PowerPoint can draw itself, a picture of what it cannot, and the words beside or below them."""
        slide, wide, room = self.slide, self.width > 12, self.height - TOP - FOOT - 0.1
        full = self.width - 2 * MARGIN
        picture = None if slide.chart else self._picture_of()
        if not picture and not slide.chart:
            said = lines_of(slide.text, full, 15) * 0.3 + 0.1 if slide.text else 0.0
            self._text(MARGIN, TOP, full, said)
            if slide.columns:
                self._table(MARGIN, TOP + said, full, room - said)
            return
        below = 0.3 + lines_of(slide.text, full, 15) * 0.3 + lines_of(slide.remarks, full, 10) * 0.19
        width, height = (full * 0.68, room) if wide else (full, room - below)
        if picture:
            self._picture(picture, MARGIN, TOP, width, height)
        else:
            self._chart(MARGIN, TOP, width, height)
        self._text(*((MARGIN + width + 0.2, TOP, full - width - 0.2, room) if wide else (MARGIN, TOP + height, full, below)))

    def _text(self, x: float, y: float, width: float, height: float) -> None:
        """The words of the slide and, smaller, what must be read with the picture."""
        if not self.slide.text and not self.slide.remarks:
            return
        frame = self._box(x, y, width, height).text_frame
        size = (18 if len(self.slide.text) < 330 else 15 if len(self.slide.text) < 520 else 12) - (0 if self.width > 12 else 3)
        self._words(frame, self.slide.text, size)
        room = height - 0.1 - lines_of(self.slide.text, width, size) * size / 72 * 1.4
        if remarks := _fitting(self.slide.remarks, width, room):
            self._run(frame.add_paragraph(), remarks, 10, LIGHT.muted)

    def _picture_of(self) -> bytes | None:
        path = picture_path(self.story.id, self.slide.id)
        return path.read_bytes() if self.slide.has_picture and path.is_file() else None

    def _picture(self, picture: bytes, x: float, y: float, width: float, height: float) -> None:
        """The picture in the middle of its place, as large as it gets there."""
        shape = self.page.shapes.add_picture(io.BytesIO(picture), Inches(x), Inches(y), width=Inches(width))
        if shape.height > Inches(height):
            shape.width, shape.height = Emu(int(shape.width * Inches(height) / shape.height)), Inches(height)
        shape.left = Inches(x) + Emu((Inches(width) - shape.width) // 2)
        _describe(shape, self.slide.alt)

    def _chart(self, x: float, y: float, width: float, height: float) -> None:
        figure = described(self.slide.chart or {})
        if figure.axis.title:
            self._words(self._box(x, y, width, 0.32).text_frame, figure.axis.title, 12, colour=LIGHT.muted)
        frame = add_chart(self.page.shapes, figure, (x, y + 0.3, width, height - 0.3), Style(self.slide.lang))
        _describe(frame, self.slide.alt)

    def _table(self, x: float, y: float, width: float, height: float) -> None:
        """The first columns and as many rows as fit; columns as wide as their words, rows in the colour of how they stand."""
        fitted = fit_table(self.slide, width, height)
        columns, rows, widths, size = fitted.columns, fitted.rows, fitted.widths, fitted.size
        shape = self.page.shapes.add_table(len(rows) + 1, len(columns), Inches(x), Inches(y), Inches(sum(widths)), Inches(0.3))
        _describe(shape, self.slide.alt or self.slide.title)
        for column, (head, wide) in enumerate(zip(columns, widths, strict=True)):
            shape.table.columns[column].width = Inches(wide)
            self._cell(shape.table.cell(0, column), head, size, LIGHT.accent, LIGHT.paper)
            for row, line in enumerate(rows, start=1):
                tone = (
                    TONES.get(self.slide.tones[row - 1]) if row <= len(self.slide.tones) and column == len(columns) - 1 else None
                )
                self._cell(
                    shape.table.cell(row, column), line[column], size, LIGHT.paper, tone or LIGHT.ink, bold=tone is not None
                )

    def _cell(self, cell: Any, text: str, size: int, fill: str, ink: str, *, bold: bool = False) -> None:
        cell.fill.solid()
        cell.fill.fore_color.rgb = rgb(fill)
        cell.margin_top = cell.margin_bottom = Inches(0.02)
        self._words(cell.text_frame, text, size, colour=ink, bold=bold or ink == LIGHT.paper)

    def _footer(self) -> None:
        top = self.height - FOOT
        code = self.page.shapes.add_picture(
            io.BytesIO(qr_png(self.link)), Inches(self.width - MARGIN - 0.8), Inches(top + 0.05), height=Inches(0.8)
        )
        _describe(code, gettext(N_("QR code of the link to this view"), self.slide.lang))
        box = self._box(MARGIN, top, self.width - 2 * MARGIN - 1.0, FOOT - 0.05)
        facts = " · ".join(fact_lines(self.slide, superseded(self.story, self.slide.lang)))
        self._words(box.text_frame, facts, 8, colour=LIGHT.muted)
        link = box.text_frame.add_paragraph()
        self._run(link, gettext(N_("Open this view"), self.slide.lang), 9, LIGHT.accent).hyperlink.address = self.link
        self._run(link, f" · {self.number} / {len(self.story.slides)}", 9, LIGHT.muted)


def _fitting(remarks: str, width: float, room: float) -> str:
    """As many remarks as stand in so many inches at 10 points; all of them are in the notes of the speaker."""
    kept = remarks.split(SEPARATOR) if remarks else []
    while kept and lines_of(SEPARATOR.join(kept), width, 10) * 0.19 > room:
        kept.pop()
    while kept and kept[-1].isdigit():  # the number of an event whose words are gone
        kept.pop()
    return SEPARATOR.join(kept) + (f"{SEPARATOR}…" if kept and SEPARATOR.join(kept) != remarks else "")


def _describe(shape: Any, text: str) -> None:
    """Alternative text; python-pptx has no property for it yet (its issue 302)."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", text)
