"""Downloads that carry their context: CSV with BOM, XLSX with a metadata sheet, PNG with everything in the picture."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from charts.style import Style
from charts.theme import Chart
from data_access.questions.recorded import Ask
from data_access.who.access import PRESENTER, ScopeError
from handouts.common import inert, without_formulas
from i18n import N_, gettext
from ui.blocks import dialogs
from ui.entry import person
from ui.kit import slides
from ui.kit.provenance import Context
from ui.kit.slides import made
from ui.view.text import _, lang, plain

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def to_csv(table: pd.DataFrame, facts: Context, language: str) -> bytes:
    """The table as CSV for Excel (UTF-8 with BOM); every row carries filters, as-of, release, source and notices."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    extra = facts.rows(language)
    writer.writerow([inert(c) for c in [*table.columns, *(label for label, _words in extra)]])
    for row in table.itertuples(index=False):
        writer.writerow([inert(v) for v in [*row, *(words for _label, words in extra)]])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")


def to_xlsx(table: pd.DataFrame, facts: Context, language: str) -> bytes:
    """The table as a workbook: a sheet of data and a sheet of metadata. Text is stored as text, never as a formula."""
    from openpyxl import Workbook  # slow to import, and needed by a click alone
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = gettext(N_("Numbers"), language)
    sheet.append([str(c) for c in table.columns])
    for row in table.itertuples(index=False):
        sheet.append([inert(v) for v in row])
    for cell in sheet[1]:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for index, column in enumerate(table.columns, start=1):
        longest = max([len(str(column)), *(len(str(v)) for v in table.iloc[:, index - 1].head(100))])
        sheet.column_dimensions[get_column_letter(index)].width = min(longest + 2, 50)
    sheet.freeze_panes = "A2"
    about = book.create_sheet(gettext(N_("About these numbers"), language))
    for label, words in facts.rows(language):
        about.append([inert(label), inert(words)])
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 22, 110
    return without_formulas(book)


def to_png(chart: Chart, facts: Context, style: Style) -> bytes:
    """The chart as a picture on white paper, with everything that a reader must know inside."""
    from charts.static import Caption, to_png

    return to_png(
        chart, Caption(facts.title, [f"{label}: {words}" for label, words in facts.rows(style.lang)[1:]], facts.demo), style
    )


def menu(
    key: str,
    table: pd.DataFrame | Callable[[], pd.DataFrame],
    facts: Context,
    picture: Callable[[Style], Chart] | None = None,
    asks: Sequence[Ask] = (),
) -> None:
    """A button for what takes a view away: into the story at hand, or as a file made on the click; beside it one that adds it at once.

    What it offers is drawn when it is pressed: a page has many of these and a reader opens few. Whose eyes the view is for follows from
    its columns (`data_access.questions.reach`).

    Args:
        table: the numbers, or what makes them on the click when that takes long.
        picture: builds the chart anew for a style, so that the picture is light even when the screen is dark.
        asks: the questions that the table answers, by which a story is compared with later releases.
    """
    text = _("Download")
    label = f"{text}: {facts.title}" if facts.title else None
    shown = (key, table, facts, picture, asks)
    add = _("Add to the story: {title}", title=facts.title or text)
    beside = ("add_to_photos", add, _to_story) if person.may(PRESENTER) else None
    dialogs.button(f"{key}_menu", text, "download", facts.title or text, _items, *shown, label=label, beside=beside)


def _to_story(
    _key: str,
    table: pd.DataFrame | Callable[[], pd.DataFrame],
    facts: Context,
    picture: Callable[[Style], Chart] | None,
    asks: Sequence[Ask],
) -> None:
    """Add a view to the story at hand, without asking; the head of the page then says how many it has."""
    slides.add(made(table), facts, picture, tuple(asks))
    st.rerun()


def _items(
    key: str,
    table: pd.DataFrame | Callable[[], pd.DataFrame],
    facts: Context,
    picture: Callable[[Style], Chart] | None,
    asks: Sequence[Ask],
) -> None:
    in_lang = lang()
    frame = made(table)
    try:
        slides.reach_of(frame, asks)
    except ScopeError as error:
        st.caption(error.message(in_lang))
        return
    stem = f"samoephak-{key}-{facts.release}"
    if person.may(PRESENTER):
        story = slides.chosen()
        named = _("Add to the story “{story}”", story=plain(story.title)) if story else _("Add to a new story")
        pressed = st.button(
            named,
            key=f"{key}_story",
            icon=":material/slideshow:",
            on_click=slides.add,
            args=(frame, facts, picture, tuple(asks), ""),
            width="stretch",
        )
        if pressed:  # the dialog closes: what became of it is said on the page
            st.rerun()
    st.caption(_("The files carry the filters, the as-of date, the release, the source and the suppression note."))
    files: dict[str, tuple[Callable[[], bytes], str]] = {
        "csv": (lambda: to_csv(frame, facts, in_lang), "text/csv"),
        "xlsx": (lambda: to_xlsx(frame, facts, in_lang), XLSX),
    }
    if picture is not None:
        paper = Style(in_lang, dark=False)
        files["png"] = (lambda: to_png(picture(paper), facts, paper), "image/png")
    for kind, (make, media) in files.items():
        st.download_button(
            kind.upper(),
            data=make,
            file_name=f"{stem}.{kind}",
            mime=media,
            key=f"{key}_{kind}",
            on_click="ignore",
            width="stretch",
        )
