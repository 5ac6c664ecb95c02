"""Rows that are left out with a reason: by a rule, by picking them, or all names that no place fits at once."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from data_access.analysis.quality import rows_shown
from data_access.contract.errors import TOLD
from data_access.contract.omissions import CONTAINS, IS, ROWS, Omission
from data_access.importing.conditions import Condition, LeaveOut, common_part, row_numbers
from data_access.importing.headers import Column
from data_access.importing.mapping import Mapping, table_of
from data_access.importing.places import Guess
from data_access.importing.report import LoadReport, SheetReport
from data_access.importing.rows import Table
from data_access.importing.values import text as cell_text
from i18n import N_
from ui.data_desk import findings
from ui.kit import empty, words
from ui.view.text import _, lang

HOWS = {CONTAINS: N_("contains"), IS: N_("is one of"), ROWS: N_("rows by number")}
MOST_VALUES = 400


def _store(key: str) -> str:
    return f"{key}_left_out"


def rules(sheet: SheetReport, base: Mapping, kind: str, key: str) -> tuple[LeaveOut, ...]:
    """The rules that hold for a sheet: those of the profile at first, each of which can be taken back, and a form for another."""
    table = sheet.table
    assert table is not None
    now: list[LeaveOut] = st.session_state.setdefault(_store(key), list(base.left_out))
    title = _("Rows to leave out ({n} rules)", n=len(now)) if now else _("Rows to leave out")
    with st.expander(title, icon=":material/playlist_remove:", expanded=bool(now)):
        for at, rule in enumerate(now):
            _rule(rule, table, kind, f"{key}_rule_{at}", now)
        _form(sheet, table, kind, key)
    return tuple(now)


def _rule(rule: LeaveOut, table: Table, kind: str, key: str, now: list[LeaveOut]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        heading = _heading(table, rule.column)
        st.markdown(f"{rule.words(heading, lang())} · {_fitting(rule, table, kind)}  \n:small[{rule.reason}]", width="stretch")
        st.button(_("Take back"), key=key, icon=":material/undo:", on_click=now.remove, args=(rule,))


def _heading(table: Table, letter: str) -> str:
    return next((c.heading or c.letter for c in table.header.columns if c.letter == letter), "")


def _column(table: Table, letter: str) -> Column:
    return next(c for c in table.header.columns if c.letter == letter)


def _fitting(rule: LeaveOut, table: Table, kind: str) -> str:
    """How many rows a rule fits."""
    if rule.condition is None:
        rows = len(set(rule.rows) & {row.number for row in table.rows})
    else:
        index = _column(table, rule.column).index
        rows = sum(rule.condition.fits(row.cells[index]) for row in table.rows)
    return _("{n} rows", n=words.rows(rows_shown(table_of(kind), rows)))


def _form(sheet: SheetReport, table: Table, kind: str, key: str) -> None:
    person = findings.of_persons(sheet, kind)
    letters = {c.letter: f"{c.letter} · {c.heading or '–'}" for c in table.columns}
    hows = {how: _(name) for how, name in HOWS.items() if how != IS or not person}
    with st.grid(columns=3, min_column_width=220):
        how = st.selectbox(_("Rows"), list(hows), format_func=hows.__getitem__, key=f"{key}_leave_how")
        letter = (
            st.selectbox(
                _("Column"),
                list(letters),
                index=None,
                format_func=letters.__getitem__,
                key=f"{key}_leave_column",
                placeholder="–",
            )
            if how != ROWS
            else None
        )
        texts = _texts(table, how, letter, key)
        reason = st.text_input(_("Why they are left out"), key=f"{key}_leave_reason")
    rule = _made(how, letter, texts, reason)
    if rule:
        st.caption(
            _("{rule} fits {rows}.", rule=rule.words(_heading(table, rule.column), lang()), rows=_fitting(rule, table, kind))
        )
    st.button(
        _("Leave these rows out"),
        key=f"{key}_leave",
        icon=":material/playlist_remove:",
        disabled=rule is None or not rule.reason,
        on_click=_added,
        args=(key, rule, f"{key}_leave_reason"),
    )


def _texts(table: Table, how: str, letter: str | None, key: str) -> tuple[str, ...]:
    if how == IS and letter:
        there = dict.fromkeys(t for cell in table.cells(_column(table, letter).index) if (t := cell_text(cell)))
        return tuple(st.multiselect(_("Values"), list(there)[:MOST_VALUES], key=f"{key}_leave_values_{letter}", placeholder="–"))
    label = _("Numbers of rows, like 12, 15-20") if how == ROWS else _("Words in the column")
    text = st.text_input(label, key=f"{key}_leave_text_{how}").strip()
    return (text,) if text else ()


def _made(how: str, letter: str | None, texts: tuple[str, ...], reason: str) -> LeaveOut | None:
    """The rule of the form, as far as it is filled in."""
    if not texts:
        return None
    try:
        if how == ROWS:
            return LeaveOut(reason.strip(), rows=row_numbers(texts[0]))
        return LeaveOut(reason.strip(), letter, Condition(how, texts)) if letter else None
    except TOLD as error:
        empty.refused(error)
        return None


def _added(key: str, rule: LeaveOut, reason: str) -> None:
    now: list[LeaveOut] = st.session_state[_store(key)]
    if rule not in now:
        now.append(rule)
    st.session_state[reason] = ""


def of_names(report: LoadReport, names: list[Guess], key: str) -> None:
    """One answer for many names that no place fits: what they alone have in common, as a rule."""
    sheet = report.sheets[0]
    source = sheet.mapping.columns.get("place_code") or sheet.mapping.columns.get("province_code") if sheet.mapping else None
    if source is None or sheet.table is None:
        return
    unknown = [g.text for g in names if not g.code]
    outside = {e.row for e in sheet.excluded}
    others = [cell_text(row.cells[source.index]) or "" for row in sheet.table.rows if row.number not in outside]
    part = common_part(unknown, [o for o in others if o not in set(unknown)])
    if part:
        letter = sheet.table.header.columns[source.index].letter
        rule = LeaveOut("", letter, Condition(CONTAINS, (part,)))
        count = _fitting(rule, sheet.table, report.kind)
        _ask(
            _(
                "{rows} contain “{part}”, which is in no other name. If they belong to no single place, leave them all out:",
                rows=count,
                part=part,
            ),
            rule,
            f"{key}_names",
        )


def of_picked(rows: list[int], report: LoadReport, key: str) -> None:
    """The rows that somebody has picked among the problems."""
    if rows:
        rule = LeaveOut("", rows=tuple(sorted(rows)))
        _ask(_("Leave the picked rows out ({rows}):", rows=rule.words("", lang())), rule, f"{key}_picked")
    elif any(p.row and p.severity != "note" for p in report.problems):
        st.caption(_("Rows with a problem can be picked in the table and left out with a reason."))


def _ask(words_: str, rule: LeaveOut, key: str) -> None:
    store = key.rpartition("_")[0]
    st.markdown(words_)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        reason = st.text_input(_("Why they are left out"), key=f"{key}_reason", width="stretch")
        full = LeaveOut(reason.strip(), rule.column, rule.condition, rule.rows)
        st.button(
            _("Leave these rows out"),
            key=f"{key}_leave",
            icon=":material/playlist_remove:",
            disabled=not full.reason,
            on_click=_added,
            args=(store, full, f"{key}_reason"),
        )


def told(left_out: list[Omission], sums: dict[str, float | None], key: str, file: str = "") -> None:
    """What was left out (of a file) and why, beside what is loaded."""
    if left_out:
        st.markdown(f"**{_('Rows left out by hand')}**" + (f" · {file}" if file else ""))
        alt = _("Rows left out by hand, why, and their sums beside what is loaded")
        st.dataframe(omissions(left_out, sums), hide_index=True, key=f"{key}_omissions", alt=alt)


def omissions(left_out: list[Omission], sums: dict[str, float | None]) -> pd.DataFrame:
    """Rows left out as a table: rule, reason, rows, and for each period the sum left out beside the sum loaded."""
    rows = [(o, period) for o in left_out for period in o.sums or [""]]
    frame = pd.DataFrame(
        {
            _("Rule"): [o.words(lang()) for o, _period in rows],
            _("Because"): [o.reason for o, _period in rows],
            _("Rows"): [few(o.rows) for o, _period in rows],
            _("Period"): [words.period(period) for _o, period in rows],
            _("Left out"): [few(o.sums[period]) if period in o.sums else "–" for o, period in rows],
            _("Loaded"): [few(sums.get(period, 0.0)) if period in o.sums else "–" for o, period in rows],
        }
    )
    return frame if any(o.sums for o in left_out) else frame.drop(columns=[_("Period"), _("Left out"), _("Loaded")])


def few(number: float | None) -> str:
    """A number; words where it is of too few persons to be told."""
    return words.rows(math.nan if number is None else number)
