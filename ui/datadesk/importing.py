"""The import tab: files, what they hold, what they are, how they map, what is wrong, and into the draft."""

from __future__ import annotations

import streamlit as st

from data_access import schema
from data_access.errors import TOLD
from data_access.importing.limits import LIMITS
from data_access.importing.proposing import suggest
from data_access.importing.report import LoadReport, SheetReport
from data_access.importing.templates import template_bytes
from i18n import format_number
from ui import empty, person, served
from ui.datadesk import drafts, findings, mapping, names, uploads, words
from ui.datadesk.uploads import Choice, Upload
from ui.downloads import XLSX
from ui.text import _, lang


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
    if served.release().demo:
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
        findings.show_sheet(sheet, kind_now, f"data_{file.id}")
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
            kind = mapping.choose_kind(sheet, suggest(sheet.table), key)
        if kind is None:
            st.caption(_("No table or indicator fits the headings for certain; choose what it is."))
            return
        with right:
            profile = mapping.choose_profile(kind, key)
        key = f"{key}_{kind}_{profile or ''}"
        choice = mapping.edit(sheet, kind, profile, key)
        if choice is None:
            return
        try:
            with st.spinner(_("Checking the file")), words.progress() as progress:
                report = uploads.checked(file, choice, progress)
        except TOLD as error:
            empty.refused(error)
            return
        with st.expander(_("Columns of the file and their use"), icon=":material/view_column:"):
            findings.show_columns(report, key)
        mapping.save_profile(report, key)
    with st.container(border=True):
        st.subheader(_("3 · What was checked"), anchor=False)
        names.ask(report, key)
        findings.show_problems(report, key)
    _load(file, choice, report, key)


def _load(file: Upload, choice: Choice, report: LoadReport, key: str) -> None:
    with st.container(border=True):
        st.subheader(_("4 · Into the draft"), anchor=False)
        done = st.session_state.setdefault(uploads.DONE, {})
        slot = "_".join(key.split("_")[1:3])
        if not report.ok:
            st.error(
                _("Nothing can be loaded while there are errors: mend the file, answer the names or correct the mapping."),
                icon=":material/block:",
            )
            return
        reasons = _reasons(report, key)
        if slot in done:
            st.success(done[slot], icon=":material/check_circle:")
        missing = len(findings.warning_codes(report)) - len(reasons)
        label = _("Load {n} rows into the draft", n=format_number(report.sheets[0].rows_loaded, lang()))
        if st.button(label, key=f"{key}_load", type="primary", icon=":material/input:", disabled=missing > 0):
            _do_load(file, choice, reasons, slot)
        if missing:
            st.caption(_("{n} kinds of warnings still need a reason.", n=missing))


def _reasons(report: LoadReport, key: str) -> dict[str, str]:
    """One reason for each kind of warning; what is blank is not accepted."""
    codes = findings.warning_codes(report)
    if codes:
        st.markdown(_("Warnings are accepted with a reason, which stays with the load:"))
    reasons = {}
    for code, problems in codes.items():
        more = " " + _("(and {n} more like it)", n=format_number(len(problems) - 1, lang())) if len(problems) > 1 else ""
        text = st.text_input(
            problems[0].message(lang()) + more, key=f"{key}_reason_{code}", placeholder=_("Why it may be loaded all the same")
        )
        if text.strip():
            reasons[code] = text.strip()
    return reasons


def _do_load(file: Upload, choice: Choice, reasons: dict[str, str], slot: str) -> None:
    try:
        with st.spinner(_("Loading into the draft")), words.progress() as progress:
            result = uploads.loaded(file, choice, reasons, progress)
    except TOLD as error:
        empty.refused(error)
        return
    if not result.ok:
        st.error(_("The load was refused; the draft is as it was."), icon=":material/block:")
        return
    written = ", ".join(f"{words.table_name(t)} {words.rows(n)}" for t, n in result.rows_written.items())
    st.session_state[uploads.DONE][slot] = _(
        "In the draft: {written}. Readers see it when the draft is published.", written=written
    )
    st.rerun()
