"""What was found in a sheet: rows, what was left out and why, totals, a few rows; and the problems of a load."""

from __future__ import annotations

import zlib

import pandas as pd
import streamlit as st

from data_access.contract import schema
from data_access.importing.mapping import table_of
from data_access.importing.problems import Problem, mask
from data_access.importing.report import LoadReport, SheetReport
from data_access.importing.totals import means_stated
from data_access.importing.workbook import REASONS, report_bytes
from i18n import N_, format_number
from ui.kit import words
from ui.kit.downloads import XLSX
from ui.view.text import _, lang

PREVIEW_ROWS = 8
PERSON_SIGNS = {"id_column", "person_name_column", "id_key_missing"}
USES = {
    "loaded": N_("Loaded"),
    "unpivoted": N_("Becomes rows"),
    "summed": N_("Added up"),
    "checked": N_("Only checked"),
    "filter": N_("Chooses rows"),
    "not_loaded": N_("Not loaded"),
}


def of_persons(sheet: SheetReport, kind: str | None) -> bool:
    """Whether the rows of a sheet may be of single persons: then none of them is shown."""
    return (kind is not None and bool(schema.TABLES[table_of(kind)].info["person"])) or any(
        p.code in PERSON_SIGNS for p in sheet.problems
    )


def show_sheet(sheet: SheetReport, kind: str | None, key: str) -> None:
    """Counts, header block, rows left out with reasons, totals against sums, and a few rows."""
    person = of_persons(sheet, kind)
    if sheet.table is None:
        st.warning(_("This sheet has no table: no row of headings with rows of data under it."), icon=":material/grid_off:")
        return
    header = sheet.table.header
    numbers = (
        (_("Rows read"), sheet.rows_read),
        (_("Rows of data"), len(sheet.table.rows)),
        (_("Rows left out"), len(sheet.table.excluded)),
        (_("Columns"), len(sheet.table.columns)),
    )
    with st.grid(columns=4, min_column_width=150):
        for label, number in numbers:
            st.metric(label, format_number(number, lang()))
    first, last = header.first + 1, header.last + 1
    at = _("row {n}", n=first) if first == last else _("rows {first} to {last}", first=first, last=last)
    encoding = f" · {_('text encoding')} {sheet.sheet.encoding}" if sheet.sheet.encoding else ""
    st.caption(_("The headings are in {rows}.", rows=at) + encoding)
    _left_out(sheet, person, key)
    _totals(sheet, key)
    _preview(sheet, person)


def _left_out(sheet: SheetReport, person: bool, key: str) -> None:
    rows = sorted(sheet.excluded, key=lambda e: e.row)
    if not rows:
        return
    counts = pd.Series([e.reason for e in rows]).value_counts()
    said = " · ".join(f"{_(REASONS.get(str(r), str(r)))} {format_number(n, lang())}" for r, n in counts.items())
    with st.expander(_("Rows left out: {reasons}", reasons=said), icon=":material/filter_list_off:"):
        frame = pd.DataFrame(
            {
                _("Row"): [e.row for e in rows],
                _("Reason"): [_(REASONS.get(e.reason, e.reason)) for e in rows],
                _("Begins with"): ["•••" if person and e.text else mask(e.text) for e in rows],
            }
        )
        st.dataframe(
            frame, hide_index=True, key=f"{key}_left_out", height=min(320, 38 + 35 * len(frame)), alt=_("Rows left out and why")
        )


def _totals(sheet: SheetReport, key: str) -> None:
    means = {sheet.headings()[i] for i in means_stated(sheet.table)} if sheet.table and not sheet.sheet.stream else set()
    stated = {h: value for h, value in sheet.stated_totals().items() if h not in means}
    computed = sheet.computed_totals()
    if not stated:
        st.caption(_("The sheet states no totals to compare with."))
        return
    rows = [(h, value, computed.get(h, 0.0)) for h, value in stated.items()]
    wrong = sum(abs(a - b) > 1e-6 for _h, a, b in rows)
    title = (
        _("Stated totals: {n} do not agree with the rows", n=format_number(wrong, lang()))
        if wrong
        else _("Stated totals: all agree with the rows")
    )
    with st.expander(title, icon=":material/rule:" if wrong else ":material/check_circle:", expanded=bool(wrong)):
        frame = pd.DataFrame(rows, columns=[_("Column"), _("Stated"), _("Sum of the rows")])
        frame[_("Difference")] = frame[_("Stated")] - frame[_("Sum of the rows")]
        config = {c: st.column_config.NumberColumn(format="localized") for c in frame.columns[1:]}
        alt = _("Totals that the sheet states, beside the sums of its rows")
        st.dataframe(frame, hide_index=True, column_config=config, key=f"{key}_totals", alt=alt)


def _preview(sheet: SheetReport, person: bool) -> None:
    table = sheet.table
    if person or table is None:
        st.caption(_("The rows are not shown here: they may be of single persons."))
        return
    with st.expander(_("The first rows"), icon=":material/table_rows:"):
        headings = sheet.headings()
        cells = {name: [mask(row.cells[i]) for row in table.rows[:PREVIEW_ROWS]] for i, name in headings.items()}
        st.dataframe(pd.DataFrame(cells), hide_index=True, alt=_("The first rows of the sheet as they are in the file"))


def show_columns(report: LoadReport, key: str) -> None:
    """Each column of the file with the field that it feeds and how."""
    sheet = report.sheets[0]
    names = {c.name: words.column_name(schema.contract(c)) for t in schema.TABLES.values() for c in t.columns}
    own = {c.name: words.column_name(schema.contract(c)) for c in schema.TABLES[report.table].columns}
    rows = sheet.to_json(lang())["columns"]
    frame = pd.DataFrame(
        {
            _("Column"): [f"{r['letter']} · {r['header']}" if r["header"] else r["letter"] for r in rows],
            _("Use"): [_(USES[r["use"]]) for r in rows],
            _("Field"): [own.get(r["field"], names.get(r["field"], "")) if r["field"] else "" for r in rows],
            _("Likeness"): [r["score"] if r["use"] == "loaded" else None for r in rows],
            _("Unit"): [r["unit"] for r in rows],
        }
    )
    config = {_("Likeness"): st.column_config.NumberColumn(format="percent")}
    st.dataframe(frame, hide_index=True, column_config=config, key=f"{key}_columns", alt=_("Columns of the file and their use"))


def show_problems(report: LoadReport, key: str) -> list[int]:
    """Everything that was found wrong or is worth knowing, and the report as a workbook; returns the rows of the file that somebody picked."""
    found = report.problems
    counts = {s: sum(p.severity == s for p in found) for s in words.SEVERITIES}
    said = " · ".join(
        f"{words.MARKS[s]} {_(words.SEVERITIES[s])} {format_number(n, lang())}" for s, n in counts.items() if n
    ) or _("No problems were found.")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(said)
        in_lang = lang()
        st.download_button(
            _("Report as XLSX"),
            data=lambda: report_bytes(report, in_lang),
            file_name=f"samoephak-report-{report.file}.xlsx",
            mime=XLSX,
            icon=":material/download:",
            key=f"{key}_report",
            on_click="ignore",
            help=_("The problems, the rows left out, and each sheet with the cells marked"),
        )
    if not found:
        return []
    frame = words.problem_table(found)
    if frame[_("Sheet")].nunique() <= 1:
        frame = frame.drop(columns=_("Sheet"))
    wide = {_("What is wrong"): "large", _("How to mend it"): "large", _("Severity"): "small", _("Row"): "small"}
    config = {c: st.column_config.Column(width=w) for c, w in wide.items()}  # type: ignore[arg-type]
    state = st.dataframe(
        frame,
        hide_index=True,
        column_config=config,
        on_select="rerun",
        selection_mode="multi-row",
        row_height=52 if len(frame) <= 60 else None,
        height=min(420, 42 + 52 * len(frame)),
        key=f"{key}_problems_{zlib.crc32(repr([(p.code, p.row, p.column) for p in found]).encode())}",  # rows picked are those of this list
        placeholder="–",
        alt=_("Problems: where, what was found, what was expected, how to mend it"),
    )
    rows = frame[_("Row")]
    return sorted({int(rows.iloc[at]) for at in state.selection.rows if at < len(rows) and pd.notna(rows.iloc[at])})


def warning_codes(report: LoadReport) -> dict[str, list[Problem]]:
    """The warnings of a report by code: each code is accepted with one reason."""
    out: dict[str, list[Problem]] = {}
    for problem in report.problems:
        if problem.severity == "warning":
            out.setdefault(problem.code, []).append(problem)
    return out


def reasons(report: LoadReport, key: str) -> dict[str, str]:
    """One reason for each kind of warning; what is blank is not accepted."""
    codes = warning_codes(report)
    if codes:
        st.markdown(_("Warnings are accepted with a reason, which stays with the load:"))
    given = {}
    for code, problems in codes.items():
        more = " " + _("(and {n} more like it)", n=format_number(len(problems) - 1, lang())) if len(problems) > 1 else ""
        text = st.text_input(
            problems[0].message(lang()) + more, key=f"{key}_reason_{code}", placeholder=_("Why it may be loaded all the same")
        )
        if text.strip():
            given[code] = text.strip()
    return given
