"""A story as XLSX: a sheet of contents, the numbers behind every slide, and what another release says of them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from data_access.saved.stories import Slide, Story
from handouts.common import inert, qr_png, superseded, view_link, without_formulas
from handouts.spine import lang_of
from i18n import N_, gettext

WIDEST = 48


def xlsx(story: Story, base: str = "", changes: pd.DataFrame | None = None) -> bytes:
    """The workbook.

    Args:
        changes: `data_access.saved.stories.differences`, in words by column; a sheet of its own when given and not empty.
    """
    lang = lang_of(story)
    book = Workbook()
    contents = book.active
    contents.title = gettext(N_("Contents"), lang)
    _lines(contents, [[story.title], [gettext(N_("Release"), lang), story.release], [superseded(story, lang)], []])
    contents["A1"].font = Font(bold=True, size=14)
    for number, slide in enumerate(story.slides, start=1):
        name = gettext(N_("Slide {n}"), slide.lang, n=number)
        _slide(book.create_sheet(name), story, slide, base)
        _lines(contents, [[name, slide.title, slide.demo]])
        contents.cell(contents.max_row, 1).hyperlink = f"#'{name}'!A1"
    if changes is not None and len(changes):
        sheet = book.create_sheet(gettext(N_("Then and now"), lang))
        _lines(sheet, [[superseded(story, lang)], [d for d in {s.demo for s in story.slides} if d], []])
        _table(sheet, list(changes.columns), changes.itertuples(index=False))
    contents.column_dimensions["A"].width, contents.column_dimensions["B"].width = 16, 90
    return without_formulas(book)


def _slide(sheet: Worksheet, story: Story, slide: Slide, base: str) -> None:
    """Demo mark, title, text, facts and link, the QR code beside them, then the table."""
    link = view_link(story, slide, base)
    notice = superseded(story, slide.lang)
    top: list[Sequence[Any]] = [[slide.demo]] if slide.demo else []
    top += [[slide.title], [slide.text], *([[notice]] if notice else []), *slide.facts[1:]]
    top += [[gettext(N_("Open this view"), slide.lang), link], []]
    _lines(sheet, top)
    sheet.cell(len(top) - 1, 2).hyperlink = link
    for row in range(1, 3 if slide.demo else 2):
        sheet.cell(row, 1).font = Font(bold=True, size=13)
    if slide.columns:
        _table(sheet, slide.columns, slide.rows)
        if slide.left_out:
            _lines(sheet, [[gettext(N_("{n} more rows were not kept with the story."), slide.lang, n=slide.left_out)]])
    code = Image(io.BytesIO(qr_png(link, scale=3)))
    sheet.add_image(code, f"{get_column_letter(max(len(slide.columns), 2) + 2)}1")


def _table(sheet: Worksheet, head: Sequence[str], rows: Any) -> None:
    _lines(sheet, [head])
    first = sheet.max_row
    for cell in sheet[first]:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    _lines(sheet, rows)
    for column in range(1, len(head) + 1):
        longest = max((len(str(sheet.cell(r, column).value or "")) for r in range(first, sheet.max_row + 1)), default=8)
        sheet.column_dimensions[get_column_letter(column)].width = min(max(longest + 2, 14), WIDEST)


def _lines(sheet: Worksheet, lines: Any) -> None:
    for line in lines:
        sheet.append([inert(v) for v in line])
