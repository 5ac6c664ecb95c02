"""Downloads that carry their context: CSV with BOM, XLSX with a metadata sheet, PNG with everything in the picture."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from charts.theme import Chart, Style
from i18n import N_, gettext
from ui.provenance import Context
from ui.text import _, lang

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def inert(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula, made harmless; everything else as it is."""
    if isinstance(value, str) and value.startswith(RISKY):
        return "'" + value
    return None if isinstance(value, float) and pd.isna(value) else value


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
    for name in (sheet, about):
        for line in name.iter_rows():
            for cell in line:
                if cell.data_type == "f":
                    cell.data_type = "s"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def to_png(chart: Chart, facts: Context, style: Style) -> bytes:
    """The chart as a picture on white paper, with everything that a reader must know inside."""
    from charts.static import Caption, to_png

    return to_png(
        chart, Caption(facts.title, [f"{label}: {words}" for label, words in facts.rows(style.lang)[1:]], facts.demo), style
    )


def menu(key: str, table: pd.DataFrame, facts: Context, picture: Callable[[Style], Chart] | None = None) -> None:
    """A download menu for a table and, when `picture` builds it, its chart; files are made on the click.

    Args:
        picture: builds the chart anew for a style, so that the picture is light even when the screen is dark.
    """
    in_lang = lang()
    stem = f"samoephak-{key}-{facts.release}"
    with st.popover(_("Download"), icon=":material/download:"):
        st.caption(_("The files carry the filters, the as-of date, the release, the source and the suppression note."))
        st.download_button(
            "CSV",
            data=lambda: to_csv(table, facts, in_lang),
            file_name=f"{stem}.csv",
            mime="text/csv",
            key=f"{key}_csv",
            on_click="ignore",
            width="stretch",
        )
        st.download_button(
            "XLSX",
            data=lambda: to_xlsx(table, facts, in_lang),
            file_name=f"{stem}.xlsx",
            mime=XLSX,
            key=f"{key}_xlsx",
            on_click="ignore",
            width="stretch",
        )
        if picture is not None:
            paper = Style(in_lang, dark=False)
            st.download_button(
                "PNG",
                data=lambda: to_png(picture(paper), replace(facts), paper),
                file_name=f"{stem}.png",
                mime="image/png",
                key=f"{key}_png",
                on_click="ignore",
                width="stretch",
            )
