"""The import tab: files, what they hold, what they are, how they map, what is wrong, and into the draft."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from data_access.contract import schema
from data_access.contract.errors import TOLD
from data_access.importing.headers import begins_with_data
from data_access.importing.limits import LIMITS
from data_access.importing.proposing import suggest
from data_access.importing.report import LoadReport, SheetReport
from data_access.importing.templates import template_bytes
from i18n import format_number
from ui.data_desk import declaring, drafts, findings, into_draft, leaving_out, mapping, missing, names, progress, uploads
from ui.data_desk.uploads import Choice, Upload
from ui.entry import person
from ui.kit import empty, words
from ui.kit.downloads import XLSX
from ui.view import shown
from ui.view.text import _, lang


def show() -> None:
    """The whole tab."""
    _notices()
    left, right = st.columns([3, 2], gap="large")
    with left:
        files = _files()
    with right:
        _templates()
        names.remembered()
    uploads.keep_only(files)
    if files:
        _file(files)
    drafts.show()


def _notices() -> None:
    if person.open_to_all():
        st.info(
            _("This server answers this computer only, and there is no sign-in: whoever opens this page can load and publish."),
            icon=":material/lock_open:",
        )
    if shown.release().demo:
        st.caption(
            _(
                "The release shown now is demonstration data. What you load goes into a draft that starts empty: "
                "demonstration and real data never mix."
            )
        )


def _files() -> list[Upload]:
    round_ = st.session_state.setdefault(uploads.ROUND, 0)
    st.html(f"<style>{_uploader_words()}</style>")
    given = st.file_uploader(
        _("Files as the agency sent them"),
        accept_multiple_files=True,
        key=f"data_uploader_{round_}",
        max_upload_size=LIMITS.file_bytes // 1024**2,
        help=_(
            "CSV, TSV, XLS, XLSX, ODS, Parquet, or a web page saved as .xls. National IDs and names of persons are never stored."
        ),
    )
    st.caption(
        _(
            "No need to tidy the file: title rows, merged headings, totals and notes are found and shown. "
            "Tables of another database are loaded from the command line, where its password stays out of the browser."
        )
    )
    return [uploads.upload(f.name, f.getvalue()) for f in given or []]


def _uploader_words() -> str:
    """Streamlit's uploader speaks English only: its words are replaced by ours on the screen."""
    zone = '[data-testid="stFileUploaderDropzone"]'
    spots = {
        f'{zone} [data-testid="stBaseButton-secondary"] [data-testid="stMarkdownContainer"] p': _("Choose or drop files"),
        f'{zone} [data-testid="stFileUploaderDropzoneInstructions"] span': _(
            "up to {size} MB a file", size=LIMITS.file_bytes // 1024**2
        ),
    }
    return "".join(f'{spot}{{font-size:0}}{spot}::after{{content:"{text}";font-size:1rem}}' for spot, text in spots.items())


def _templates() -> None:
    with st.expander(_("Templates to fill in"), icon=":material/description:"):
        table = st.selectbox(
            _("Table"),
            list(schema.LOADABLE_TABLES),
            format_func=words.table_name,
            key="data_template",
            label_visibility="collapsed",
        )
        st.download_button(
            _("Download the template (XLSX)"),
            data=lambda: template_bytes(table),
            file_name=f"samoephak-{table}.xlsx",
            mime=XLSX,
            key="data_template_xlsx",
            icon=":material/download:",
            on_click="ignore",
        )
        st.caption(_("Headings in Thai and English, notes and drop-down lists. A filled template needs no mapping."))


def _file(files: list[Upload]) -> None:
    done = st.session_state.setdefault(uploads.DONE, {})
    file = files[0]
    if len(files) > 1:
        ids = {f.id: f for f in files}
        chosen = st.selectbox(
            _("File to work on"),
            list(ids),
            format_func=lambda i: f"{'✓ ' if any(k.startswith(i) for k in done) else ''}{ids[i].name}",
            key="data_file",
        )
        file = ids[chosen]
    headless = f"data_{file.id}_headless"
    file = replace(file, headless=bool(st.session_state.get(headless)))
    try:
        with st.spinner(_("Reading {name}", name=file.name)):
            report = uploads.inspected(file)
    except TOLD as error:
        st.subheader(file.name, anchor=False)
        empty.refused(error)
        st.caption(_("Nothing has been loaded, and the published data are untouched."))
        return
    with st.container(border=True):
        st.subheader(_("1 · What was found in {name}", name=file.name), anchor=False)
        sheet = _sheet(file, report.sheets, done)
        kind_now = st.session_state.get(f"data_{file.id}_{_position(report.sheets, sheet)}_kind")
        known = None if kind_now in (declaring.NEW, declaring.MEASURES) else kind_now
        findings.show_sheet(sheet, known, f"data_{file.id}")
        if file.headless or begins_with_data(sheet.sheet):
            st.checkbox(_("The first row is data: the file has no headings"), key=headless)
    if sheet.table is not None and sheet.table.rows:
        _steps(file, sheet, f"data_{file.id}_{_position(report.sheets, sheet)}")


def _position(sheets: list[SheetReport], sheet: SheetReport) -> int:
    return next(i for i, s in enumerate(sheets) if s is sheet)


def _sheet(file: Upload, sheets: list[SheetReport], done: dict[str, str]) -> SheetReport:
    """The sheet to work on; those with rows first in mind, all of them on offer."""
    if len(sheets) == 1:
        return sheets[0]
    first = next((i for i, s in enumerate(sheets) if s.table and s.table.rows), 0)

    def label(i: int) -> str:
        found = len(sheets[i].table.rows) if sheets[i].table else 0  # type: ignore[union-attr]
        mark = "✓ " if f"{file.id}_{i}" in done else ""
        return f"{mark}{sheets[i].sheet.name} · {_('{n} rows', n=format_number(found, lang()))}"

    at = st.selectbox(_("Sheet"), range(len(sheets)), index=first, format_func=label, key=f"data_{file.id}_sheet")
    return sheets[at]


def _steps(file: Upload, sheet: SheetReport, key: str) -> None:
    assert sheet.table is not None
    with st.container(border=True):
        st.subheader(_("2 · What it is and how it maps"), anchor=False)
        left, right = st.columns([3, 2])
        with left:
            kind = mapping.choose_kind(suggest(sheet.table), declaring.own_kinds(file), declaring.MEASURES, key)
        if kind is None:
            st.caption(_("No table or indicator fits the headings for certain; choose what it is."))
            return
        if kind == declaring.NEW:
            declaring.new(file, key)
            return
        if kind == declaring.MEASURES:
            declaring.load(file, key)
            return
        with right:
            profile = mapping.choose_profile(kind, key)
        key = f"{key}_{kind}_{profile or ''}"
        choice = mapping.edit(sheet, kind, profile, key)
        if choice is None:
            return
        choice = replace(choice, missing=missing.chosen(key))
        try:
            with st.spinner(_("Checking the file")), progress.bar() as told:
                report = uploads.checked(file, choice, told)
        except TOLD as error:
            empty.refused(error)
            return
        with st.expander(_("Columns of the file and their use"), icon=":material/view_column:"):
            findings.show_columns(report, key)
        mapping.save_profile(report, key)
    with st.container(border=True):
        st.subheader(_("3 · What was checked"), anchor=False)
        names.ask(report, key)
        missing.ask(report, key)
        leaving_out.of_picked(findings.show_problems(report, key), report, key)
        leaving_out.told(report.sheets[0].left_out, report.sheets[0].sums, key)
    _load(file, choice, report, key)


def _load(file: Upload, choice: Choice, report: LoadReport, key: str) -> None:
    def write(reasons: dict[str, str]) -> str | None:
        with progress.bar() as told:
            result = uploads.loaded(file, choice, reasons, told)
        return ", ".join(f"{words.table_name(t)} {words.rows(n)}" for t, n in result.rows_written.items()) if result.ok else None

    with st.container(border=True):
        st.subheader(_("4 · Into the draft"), anchor=False)
        label = _("Load {n} rows into the draft", n=format_number(report.sheets[0].rows_loaded, lang()))
        into_draft.step(report, label, "_".join(key.split("_")[1:3]), key, write)
