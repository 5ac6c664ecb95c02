"""A file that holds something new: what its columns could be declared as, put right and declared; and all its measures loaded together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from data_access.contract.errors import TOLD
from data_access.contract.schema import ADDS_UP, DIRECTION, MEASURE_KIND, PERIOD_TYPE
from data_access.importing.declaring import Candidate
from data_access.importing.missing_rows import together
from data_access.importing.report import LoadReport
from data_access.programmes import measures
from data_access.programmes.indicators import REGISTRY
from data_access.programmes.measures import Measure
from data_access.publishing import declarations
from data_access.who.access import STEWARD
from i18n import N_, format_number
from ui.data_desk import findings, into_draft, mapping, missing, names, uploads
from ui.data_desk.uploads import MeasuresChoice, Upload
from ui.entry import person
from ui.kit import empty, words
from ui.view.text import _, lang

NEW, MEASURES = "new", "measures"
DECLARED = "data_declared"
KINDS = {
    "persons": N_("Persons (few are hidden)"),
    "things": N_("Things: cases, places, days"),
    "money": N_("Money, in baht"),
    "rate": N_("Rate, per cent"),
    "mean": N_("Mean, score or ratio"),
}
ADDING = {"sum": N_("Sum"), "weighted": N_("Weighted mean"), "never": N_("Never")}
DIRECTIONS = {"up": N_("More is better"), "down": N_("Less is better"), "neither": N_("Neither")}
COUNTS = ("persons", "things", "money")


def pairs_of(file: Upload) -> list[tuple[str, str]]:
    """Sheet and measure of everything in the file that is declared: from this file, or by the headings that it has."""
    return st.session_state.get(DECLARED, {}).get(file.id) or uploads.named(file)


def own_kinds(file: Upload) -> dict[str, str]:
    """What a file may be besides tables and indicators, kind -> words: declared measures that it has, or something new."""
    kinds = {NEW: _("Something new: declare what its columns measure")}
    if pairs := pairs_of(file):
        kinds = {MEASURES: _("Declared measures, {n} in this file", n=len({i for _sheet, i in pairs})), **kinds}
    return kinds


# ---- something new -------------------------------------------------------------------------------------------------------
def new(file: Upload, key: str) -> None:
    """What each group of columns could be declared as, in a table to put right; then declared with one button."""
    found = uploads.candidates(file)
    if not found:
        st.info(
            _("No sheet of the file has a column of places beside columns of numbers, so nothing in it can be shown by place."),
            icon=":material/wrong_location:",
        )
        return
    st.markdown(
        _(
            "Each line is one measure that the columns of the file could be. Put right what is wrong, take out what is not wanted, "
            "and declare the rest once: next year's file is then recognised by its headings."
        )
    )
    edited = _editor(found, f"{key}_declare")
    wanted = _measures(found, edited)
    lacking = [
        _("{name}: the unit", name=m.short_th or m.measure_id) for m in wanted if not m.unit_th and m.kind not in measures.UNIT_OF
    ]
    lacking += [_("{name}: a Thai name", name=m.measure_id) for m in wanted if not m.short_th]
    lacking += [_("{name}: what weighs it", name=m.short_th) for m in wanted if m.adds_up == "weighted" and not m.weight]
    st.button(
        _("Declare {n} measures", n=format_number(len(wanted), lang())),
        key=f"{key}_declare_go",
        type="primary",
        icon=":material/new_label:",
        disabled=bool(lacking) or not wanted,
        on_click=_declare,
        args=(file, found, wanted, key),
    )
    if lacking:
        st.caption(_("Still missing: {what}", what="; ".join(lacking[:6]) + (" …" if len(lacking) > 6 else "")))
    elif not wanted:
        st.caption(_("Choose at least one measure."))


def _editor(found: list[Candidate], key: str) -> pd.DataFrame:
    """The proposals as a table that can be edited; the columns are those of `Measure`, beside `take` and `where`."""
    several = len({c.sheets for c in found}) > 1
    rows = [
        {
            "take": True,
            "where": (f"{', '.join(c.sheets)} · " if several else "") + _columns(c.columns),
            "short_th": c.measure.short_th,
            "unit_th": c.measure.unit_th,
            "kind": c.measure.kind,
            "adds_up": c.measure.adds_up,
            "weight": c.measure.weight or None,
            "period_type": c.measure.period_type,
            "direction": c.measure.direction,
            "short_en": c.measure.short_en,
            "unit_en": c.measure.unit_en,
            "title_th": c.measure.title_th,
            "source": c.measure.source,
        }
        for c in found
    ]
    return st.data_editor(
        pd.DataFrame(rows),
        hide_index=True,
        key=key,
        column_config=_config(found),
        disabled=["where"],
        height=min(460, 40 + 36 * len(rows)),
        placeholder="–",
        alt=_("What the columns of the file could be declared as"),
    )


def _columns(letters: tuple[str, ...]) -> str:
    return ", ".join(letters) if len(letters) <= 3 else f"{letters[0]}, {letters[1]} … {letters[-1]}"


def _config(found: list[Candidate]) -> dict[str, Any]:
    counts = {c.measure.measure_id: c.measure.short_th for c in found if c.measure.kind in COUNTS[:2]}
    counts |= {i: x.title(lang()) for i, x in REGISTRY.items() if x.family == "reported" and x.kind == "count"}

    def chosen(label: str, options: tuple[str, ...], said: dict[str, str]) -> Any:
        return st.column_config.SelectboxColumn(
            label, options=list(options), format_func=lambda code: _(said[str(code)]), required=True
        )

    text = st.column_config.TextColumn
    return {
        "take": st.column_config.CheckboxColumn(_("Declare"), width="small"),
        "where": text(_("Columns"), width="small"),
        "short_th": text(_("Thai name"), width="medium", max_chars=80),
        "unit_th": text(_("Unit"), width="small", help=_("Of money it is baht, of a rate per cent"), max_chars=40),
        "kind": chosen(_("Kind"), MEASURE_KIND, KINDS),
        "adds_up": chosen(_("Adds up"), ADDS_UP, ADDING),
        "weight": st.column_config.SelectboxColumn(
            _("Weighed by"), options=list(counts), format_func=lambda i: counts.get(str(i), str(i))
        ),
        "period_type": chosen(_("Periods"), PERIOD_TYPE, words.PERIOD_TYPES),
        "direction": chosen(_("Direction"), DIRECTION, DIRECTIONS),
        "short_en": text(_("English name"), help=_("The Thai one where it is blank"), max_chars=80),
        "unit_en": text(_("Unit in English"), max_chars=40),
        "title_th": text(_("Full Thai name"), width="large", max_chars=200),
        "source": text(_("Source"), width="medium", max_chars=160),
    }


def _measures(found: list[Candidate], edited: pd.DataFrame) -> list[Measure]:
    """The measures that are wanted, as they were put right; counts and money add up, means and rates never as a sum."""
    wanted = []
    for candidate, row in zip(found, edited.to_dict("records"), strict=True):
        if not row["take"]:
            continue
        given: dict[str, Any] = {
            str(k): "" if v is None or v is pd.NA else str(v).strip() for k, v in row.items() if k not in ("take", "where")
        }
        given["title_th"] = given["title_th"] or given["short_th"]
        if given["kind"] in COUNTS:
            given |= {"adds_up": "sum", "weight": ""}
        elif given["adds_up"] == "sum":
            given["adds_up"] = "never"
        if given["adds_up"] != "weighted":
            given["weight"] = ""
        wanted.append(replace(candidate.measure, **given))
    return wanted


def _declare(file: Upload, found: list[Candidate], wanted: list[Measure], key: str) -> None:
    """Declare them under ids made of their English names, where they have one, and go on to loading them."""
    ids: dict[str, str] = {}
    taken = declarations.taken()
    for measure in wanted:
        named = (
            declarations.proposed_id(measure.short_en) if measure.short_en.isascii() and measure.short_en else measure.measure_id
        )
        ids[measure.measure_id] = named if named not in {*ids.values(), *taken} else measure.measure_id
    named_all = [replace(m, measure_id=ids[m.measure_id], weight=ids.get(m.weight, m.weight)) for m in wanted]
    if person.said(STEWARD, declarations.declare_all, named_all, person.current()):
        sheets = {c.measure.measure_id: c.sheets for c in found}
        pairs = [(sheet, ids[m.measure_id]) for m in wanted for sheet in sheets[m.measure_id]]
        st.session_state.setdefault(DECLARED, {})[file.id] = pairs
        st.session_state[f"{key}_kind"] = MEASURES


# ---- loading them all ----------------------------------------------------------------------------------------------------
def load(file: Upload, key: str) -> None:
    """Every declared measure of the file, checked and then loaded together, all of them or none."""
    key = f"{key}_{MEASURES}"
    constants = {"period": said} if (said := st.session_state.get(f"{key}_period_said")) else {}
    choice = MeasuresChoice(tuple(pairs_of(file)), tuple(constants.items()), missing.chosen(key))
    try:
        with st.spinner(_("Checking the file")):
            reports = uploads.checked_measures(file, choice)
    except TOLD as error:
        empty.refused(error)
        return
    whole = _joined(reports)
    _period(reports, key)
    _summary(reports)
    st.markdown(f"**{_('What was checked')}**")
    asking = next((r for r in reports if names.questions(r)), None)
    if asking is not None:
        names.ask(asking, key)
    lacking = [r.sheets[0].missing_rows for r in reports if r.sheets[0].missing_rows]
    if lacking:
        missing.question(together(lacking), key)
    findings.show_problems(whole, key)

    def write(reasons: dict[str, str]) -> str | None:
        results = uploads.loaded_measures(file, choice, reasons)
        rows = format_number(sum(r.rows_written.get("reported_value", 0) for r in results), lang())
        return _("{n} measures, {rows} values", n=choice.count, rows=rows) if results[0].ok else None

    label = _("Load {n} measures into the draft", n=format_number(choice.count, lang()))
    into_draft.step(whole, label, f"{file.id}_{MEASURES}", key, write)


def _joined(reports: list[LoadReport]) -> LoadReport:
    """The reports of the measures as one, in which what several of them say of one cell is said once."""
    seen: set[tuple[Any, ...]] = set()
    sheets = []
    for report in reports:
        said = {(p.code, p.sheet, p.row, p.column, p.found, p.expected): p for p in report.sheets[0].problems}
        sheets.append(replace(report.sheets[0], problems=[p for k, p in said.items() if k not in seen]))
        seen |= said.keys()
    return replace(reports[0], sheets=sheets)


def _period(reports: list[LoadReport], key: str) -> None:
    """Ask for the period of all rows where a sheet does not say it, or did not before somebody said it."""
    said = f"{key}_period_said"
    silent = [r for r in reports if any(p.code == "missing_column" and p.params.get("name") == "period" for p in r.problems)]
    if not silent and said not in st.session_state:
        return
    kinds = REGISTRY[(silent or reports)[0].kind.removeprefix("reported:")].periods
    chosen = st.selectbox(
        _("The file does not say of which period it is. It is of"),
        mapping.periods(kinds),
        index=None,
        format_func=words.period,
        key=f"{key}_period",
        placeholder=_("Choose the period"),
    )
    if chosen != st.session_state.get(said):
        st.session_state[said] = chosen
        st.rerun()


def _summary(reports: list[LoadReport]) -> None:
    """One line a measure: its sheet, rows, periods, and places of those expected."""
    lines = []
    for report in reports:
        sheet = report.sheets[0]
        periods = sorted(sheet.audit) if sheet.audit else []
        found = [sheet.audit[p] for p in periods]
        span = words.period(periods[0]) + (f" – {words.period(periods[-1])}" if len(periods) > 1 else "") if periods else "–"
        lines.append(
            {
                _("Indicator"): REGISTRY[report.kind.removeprefix("reported:")].title(lang()),
                _("Sheet"): sheet.sheet.name,
                _("Rows of data"): format_number(sheet.rows_loaded, lang()),
                _("Periods"): span,
                _(
                    "Provinces"
                ): f"{min((f['present'] for f in found), default=0)} / {max((f['expected'] for f in found), default=0)}"
                if found
                else "–",
            }
        )
    frame = pd.DataFrame(lines)
    st.dataframe(frame, hide_index=True, height=min(420, 38 + 35 * len(frame)), alt=_("Measures that will be loaded"))
