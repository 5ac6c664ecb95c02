"""Which column feeds which field: proposed, corrected, completed with one value for all rows, kept as a profile."""

from __future__ import annotations

from typing import Any

import streamlit as st

import geo
from data_access.contract import schema
from data_access.contract.errors import TOLD
from data_access.contract.omissions import IS
from data_access.importing import mapping as maps
from data_access.importing.conditions import Condition
from data_access.importing.context import read_context
from data_access.importing.mapping import Correction, Field, Mapping
from data_access.importing.proposing import final_mapping, kinds
from data_access.importing.report import LoadReport, SheetReport
from data_access.importing.values import text as cell_text
from ui.data_desk import leaving_out
from ui.data_desk.uploads import Choice
from ui.kit import empty, words
from ui.kit.filters import sorted_provinces
from ui.view.text import _, lang

YEARS = range(2575, 2545, -1)
HIDDEN = {"indicator", "place_level", *maps.GENERATED}
FEWEST_SHOWN = 60


def choose_kind(suggested: list[dict[str, Any]], own: dict[str, str], known: str, key: str) -> str | None:
    """The kind of the sheet: those that its headings fit come first; only one that is certain is chosen before anybody has.

    Args:
        suggested: of `proposing.suggest`.
        own: what else the file may be, kind -> words.
        known: the kind of `own` that is chosen before anything suggested, where it is on offer.
    """
    scores = {s["kind"]: s["score"] for s in suggested}
    options = [*own, *scores, *(k for k in kinds() if k not in scores)]
    certain = next((s["kind"] for s in suggested if s["certain"]), None)

    def label(kind: str) -> str:
        if kind in own:
            return own[kind]
        name = words.kind_name(kind)
        return f"{name} · {_('fits {score}', score=f'{scores[kind]:.0%}')}" if kind in scores else name

    chosen = known if known in own else certain
    return st.selectbox(
        _("What the table is"),
        options,
        index=options.index(chosen) if chosen else None,
        format_func=label,
        key=f"{key}_kind",
        placeholder=_("Choose what it is; if nothing fits, declare something new"),
        help=_("A table of the data contract, or the figures of one indicator by place and period"),
    )


def choose_profile(kind: str, key: str) -> str | None:
    """A saved profile of this kind, or none."""
    names = maps.profiles_of(kind)
    if not names:
        return None
    return st.selectbox(
        _("Profile"),
        names,
        index=None,
        key=f"{key}_profile",
        placeholder=_("None: use the proposal"),
        help=_("A mapping saved from an earlier file of the same form"),
    )


def edit(sheet: SheetReport, kind: str, profile: str | None, key: str) -> Choice | None:
    """The mapping editor; None when the profile does not fit the file (that is said)."""
    table = sheet.table
    assert table is not None
    try:
        base = final_mapping(table, kind, read_context(table.header, table.sheet.name), profile, {}, {})
    except TOLD as error:
        empty.refused(error)
        return None
    letters = {c.letter: f"{c.letter} · {c.heading or '–'}" for c in table.columns}
    corrections: dict[str, Correction] = {}
    constants: dict[str, str] = {}
    shown = [f for f in maps.fields(kind) if f.name not in HIDDEN]
    with st.grid(columns=3, min_column_width=240):
        for field in shown:
            with st.container():
                chosen = _column(field, base, letters, key)
                before = _letter(base, field.name, sheet)
                if chosen != before:
                    corrections[field.name] = chosen
                if chosen is None and _needs_value(field, base):
                    value = _constant(field, base, key)
                    if value and value != base.constants.get(field.name):
                        constants[field.name] = value
    corrections |= _rows(sheet, base, key)
    left_out = leaving_out.rules(sheet, base, kind, key)
    corrections |= {"left_out": None} if base.left_out else {}
    in_order = tuple(sorted(corrections.items(), key=lambda pair: pair[0]))
    return Choice(kind, sheet.sheet.name, profile, tuple(sorted(constants.items())), in_order, left_out)


def _letter(base: Mapping, name: str, sheet: SheetReport) -> str | None:
    source = base.columns.get(name)
    return sheet.table.header.columns[source.index].letter if source and sheet.table else None


def _column(field: Field, base: Mapping, letters: dict[str, str], key: str) -> str | None:
    source = base.columns.get(field.name)
    default = next((x for x in letters if source and letters[x].startswith(f"{_index_letter(source.index)} ·")), None)
    mark = " *" if field.required or field.name == "value" else ""
    return st.selectbox(
        words.column_name(field.info) + mark,
        list(letters),
        index=list(letters).index(default) if default else None,
        format_func=letters.__getitem__,
        key=f"{key}_map_{field.name}",
        placeholder=_elsewhere(field, base),
        help=field.info.note or None,
    )


def _index_letter(index: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(index + 1)


def _elsewhere(field: Field, base: Mapping) -> str:
    """Where a field without a column comes from."""
    if base.unpivot and field.name in (base.unpivot[0], base.value):
        return _("From the headings of {columns}", columns=", ".join(_index_letter(i) for i in base.unpivot[1]))
    if base.sum_parts and field.name == base.value:
        return _("Sum of {columns}", columns=", ".join(_index_letter(i) for i in base.sum_parts))
    return _("One value for all rows") if _needs_value(field, base) else _("Not in the file")


def _needs_value(field: Field, base: Mapping) -> bool:
    fed = {base.unpivot[0], base.value} if base.unpivot else {base.value} if base.sum_parts else set()
    return field.name not in fed and (field.required or field.name in base.constants)


def _constant(field: Field, base: Mapping, key: str) -> str | None:
    """One value for all rows: a list where there is one, else free text."""
    label = _("{field}: one value for all rows", field=words.column_name(field.info))
    now = base.constants.get(field.name)
    widget = f"{key}_set_{field.name}"
    options, names = _options(field, base)
    if not options:
        return st.text_input(label, value=now or "", key=widget, label_visibility="collapsed", placeholder=label) or None
    if now and now not in options:
        options, names = [now, *options], {now: now, **names}
    return st.selectbox(
        label,
        options,
        index=options.index(now) if now in options else None,
        format_func=lambda code: names.get(code, code),
        key=widget,
        label_visibility="collapsed",
        placeholder=label,
    )


def _options(field: Field, base: Mapping) -> tuple[list[str], dict[str, str]]:
    if field.name == "period" or field.info.pattern == schema.SEMESTER_PATTERN:
        indicator = maps.indicator_of(base.kind)
        codes = periods(indicator.periods if indicator and field.name == "period" else ("semester",))
        return codes, {c: words.period(c) for c in codes}
    if field.name == "province_code" or (field.name == "place_code" and base.place_level == "province"):
        codes = list(sorted_provinces(lang()))
        return codes, {c: geo.name(c, lang()) for c in codes}
    if field.info.values:
        return list(field.info.values), {c: words.code_word(c) for c in field.info.values}
    return [], {}


def periods(types: tuple[str, ...]) -> list[str]:
    """The codes of periods of these types that a file may be of, newest first."""
    forms = {"semester": ("{y}-2", "{y}-1"), "academic_year": ("AY{y}",), "fiscal_year": ("FY{y}",), "calendar_year": ("CY{y}",)}
    return [form.format(y=year) for kind in types for year in YEARS for form in forms[kind]]


def _rows(sheet: SheetReport, base: Mapping, key: str) -> dict[str, Correction]:
    """Which rows of a reported table are loaded, and whether rows of one place are added up."""
    if maps.indicator_of(base.kind) is None or sheet.table is None:
        return {}
    out: dict[str, Correction] = {}
    chosen = dict(base.where)
    with st.expander(_("Choose or add up rows"), icon=":material/tune:", expanded=bool(chosen or base.aggregate)):
        candidates = {}
        for column in sheet.table.columns:
            values = sorted({v for c in sheet.table.cells(column.index) if isinstance(c, str) and (v := cell_text(c))})
            if 1 < len(values) <= FEWEST_SHOWN or column.index in chosen:
                candidates[column.index] = (column, values)
        for index, (column, values) in candidates.items():
            before = chosen.get(index)
            told = [v for v in values if before and before.fits(v)]
            picked = st.multiselect(
                _("Only rows where {heading} is", heading=column.heading or column.letter),
                values,
                default=told,
                key=f"{key}_where_{index}",
                placeholder=_("All rows"),
            )
            if picked != told:
                out[f"where:{column.letter}"] = Condition(IS, tuple(picked)) if picked else None
        add = st.checkbox(_("Add up the rows of one place and period"), value=base.aggregate, key=f"{key}_aggregate")
        if add != base.aggregate:
            out["aggregate"] = "sum" if add else "no"
    return out


def save_profile(report: LoadReport, key: str) -> None:
    """Keep the mapping under a name, for the next file of the same form."""
    with st.popover(_("Save the mapping as a profile"), icon=":material/bookmark_add:"):
        name = st.text_input(_("Name of the profile"), key=f"{key}_profile_name", placeholder=_("e.g. DLA centre survey"))
        if st.button(_("Save"), key=f"{key}_profile_save", disabled=not name.strip()):
            try:
                maps.save_profile(name.strip(), report.profile)
            except TOLD as error:
                empty.refused(error)
            else:
                st.success(_("Saved. Choose it when the next file of this form comes."))
