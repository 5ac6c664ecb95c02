"""Names of places that are not certain: accepted once or corrected, then remembered; and those remembered."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

import geo
from data_access.importing import places as known
from data_access.importing.places import Guess
from data_access.importing.report import LoadReport
from data_access.who.access import STEWARD
from i18n import N_, format_percent
from ui.data_desk import leaving_out
from ui.entry import person
from ui.kit.filters import sorted_provinces
from ui.view.text import _, lang

LEVELS = {"province": N_("Province"), "district": N_("District"), "subdistrict": N_("Sub-district")}
MOST = 40


def questions(report: LoadReport) -> list[Guess]:
    """The names to be answered: guesses, and provinces that are not known at all (no guess, score 0)."""
    sheet = report.sheets[0]
    found = list(sheet.guesses)
    columns = {
        report_column.index
        for name, report_column in (sheet.mapping.columns.items() if sheet.mapping else ())
        if name == "province_code" or (name == "place_code" and sheet.mapping and sheet.mapping.place_level == "province")
    }
    letters = {c.letter for c in sheet.table.columns if c.index in columns} if sheet.table else set()
    unknown = {p.found for p in report.problems if p.code == "place_unknown" and p.column in letters and p.found}
    return found + [Guess("province", text, "", "", 0.0, ()) for text in sorted(unknown)]


def ask(report: LoadReport, key: str) -> None:
    """One line a name: what stands in the file, what it may be and how like it is, and the place to take it as."""
    open_names = questions(report)
    if not open_names:
        return
    st.warning(
        _("{n} names of places are not certain. Accept or correct them once; they are then remembered.", n=len(open_names)),
        icon=":material/location_searching:",
    )
    with st.container(border=True):
        leaving_out.of_names(report, open_names, key)
        answers = [_one(guess, f"{key}_name_{i}") for i, guess in enumerate(open_names[:MOST])]
        if len(open_names) > MOST:
            st.caption(_("The first {n} are shown; the rest follow when these are answered.", n=MOST))
        ready = [a for a in answers if a is not None]
        st.button(
            _("Accept {n} names", n=len(ready)),
            key=f"{key}_names_accept",
            type="primary",
            icon=":material/done_all:",
            disabled=not ready,
            on_click=person.said,
            args=(STEWARD, known.accept, ready, person.current()),
        )


def _one(guess: Guess, key: str) -> Guess | None:
    left, right = st.columns([2, 3], vertical_alignment="center")
    like = _("likeness {score}", score=format_percent(guess.score, lang(), 0)) if guess.code else _("no place is like it")
    left.markdown(f"**{guess.text}** · {_(LEVELS[guess.level])}  \n:small[{like}]")
    options = _options(guess)
    chosen = right.selectbox(
        _("{name} is", name=guess.text),
        options,
        index=options.index(guess.code) if guess.code in options else None,
        format_func=lambda code: f"{geo.name(code, 'th')} · {geo.name(code, 'en')}",
        key=f"{key}_{guess.text}",
        label_visibility="collapsed",
        placeholder=_("Choose the place, or leave it open"),
    )
    return replace(guess, code=chosen) if chosen else None


def _options(guess: Guess) -> list[str]:
    if guess.level == "province":
        return list(sorted_provinces(lang()))
    frame = geo.districts() if guess.level == "district" else geo.subdistricts()
    inside = [str(c) for c in frame.index if str(c).startswith(guess.within)]
    best = [c for c in (guess.code, *guess.candidates) if c]
    return list(dict.fromkeys([*best, *inside]))


def remembered() -> None:
    """The names accepted so far, each of which can be taken back."""
    pairs = [(level, name, code) for level, names in known.accepted().items() for name, code in sorted(names.items())]
    if not pairs:
        return
    with st.expander(_("Names remembered ({n})", n=len(pairs)), icon=":material/bookmark:"):
        chosen = st.selectbox(
            _("A remembered name"),
            pairs,
            index=None,
            format_func=lambda p: f"{p[1].partition('/')[2]} → {geo.name(p[2], lang())}",
            key="data_remembered",
            placeholder=_("Choose a name to take it back"),
        )
        if chosen:
            st.button(
                _("Forget this name"),
                key="data_forget",
                on_click=lambda: person.said(STEWARD, known.forget, chosen[0], chosen[1], person.current()),
            )
