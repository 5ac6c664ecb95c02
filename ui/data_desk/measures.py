"""The measures tab: what the agency has declared, declaring one by hand, putting its words better, retiring it."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

import pandas as pd
import streamlit as st

from data_access.contract.errors import TOLD
from data_access.contract.schema import ADDS_UP, DIRECTION, MEASURE_KIND, PERIOD_TYPE
from data_access.programmes import measures
from data_access.programmes.indicators import REGISTRY
from data_access.programmes.measures import Measure
from data_access.publishing import declarations
from data_access.who.access import STEWARD
from i18n import format_date
from ui.data_desk.declaring import ADDING, COUNTS, DIRECTIONS, KINDS
from ui.entry import person
from ui.kit import empty, words
from ui.view.text import _, lang


def show() -> None:
    """The whole tab."""
    st.caption(
        _(
            "A measure is an indicator of figures that the agency reports: on maps, in trends, targets, stories and files like any other. "
            "From a file it is declared quickest on the tab Import; here one is declared by hand, and words are put better."
        )
    )
    try:
        declared = declarations.of_draft()
    except TOLD as error:
        empty.refused(error)
        return
    measures.learn(declared)
    published = {m.measure_id for m in measures.of_release()}
    if declared:
        _list(declared, published)
        _one(declared, published)
    else:
        st.info(_("Nothing has been declared yet."), icon=":material/new_label:")
    with st.expander(_("Declare a measure by hand"), icon=":material/add:", expanded=not declared):
        _form(None, "measure_new")


def _list(declared: tuple[Measure, ...], published: set[str]) -> None:
    def state(m: Measure) -> str:
        if m.retired:
            return _("Retired on {date}", date=format_date(m.retired.isoformat(), lang()))
        return _("Published already") if m.measure_id in published else _("In the draft")

    frame = pd.DataFrame(
        {
            _("Name"): [m.short_th if lang() == "th" else m.short_en for m in declared],
            _("Unit"): [m.unit_th if lang() == "th" else m.unit_en for m in declared],
            _("Kind"): [_(KINDS[m.kind]) for m in declared],
            _("Adds up"): [_adding(m) for m in declared],
            _("Periods"): [_(words.PERIOD_TYPES[m.period_type]) for m in declared],
            _("State"): [state(m) for m in declared],
            _("Version"): [m.version for m in declared],
            _("Source"): [m.source for m in declared],
            _("Id"): [m.measure_id for m in declared],
        }
    )
    st.dataframe(frame, hide_index=True, key="data_measures", alt=_("Measures that the agency declared"))


def _adding(measure: Measure) -> str:
    if measure.adds_up == "weighted" and measure.weight in REGISTRY:
        return _("Weighted by {name}", name=REGISTRY[measure.weight].title(lang()))
    return _(ADDING[measure.adds_up])


def _one(declared: tuple[Measure, ...], published: set[str]) -> None:
    by_id = {m.measure_id: m for m in declared}
    chosen = st.selectbox(
        _("Put the words of a measure better, or retire it"),
        list(by_id),
        index=None,
        format_func=lambda i: by_id[i].short_th if lang() == "th" else by_id[i].short_en,
        key="measure_chosen",
        placeholder=_("Choose a measure"),
    )
    if chosen is None:
        return
    with st.container(border=True):
        _form(by_id[chosen], f"measure_{chosen}")
        with st.container(horizontal=True):
            if by_id[chosen].retired is None and chosen in published:
                with st.popover(_("Retire …"), icon=":material/archive:"):
                    st.markdown(_("No more values of it are taken in. Those that it has stay where they are."))
                    st.button(_("Retire this measure"), key="measure_retire", on_click=_retire, args=(chosen,))
            elif chosen not in published:
                st.button(
                    _("Take it out of the draft"),
                    key="measure_withdraw",
                    icon=":material/delete:",
                    on_click=_withdraw,
                    args=(chosen,),
                    help=_("Only while it has no values"),
                )


def _retire(measure_id: str) -> None:
    person.said(STEWARD, declarations.retire, measure_id, person.current())


def _withdraw(measure_id: str) -> None:
    if person.said(STEWARD, declarations.withdraw, measure_id, person.current()):
        st.session_state.pop("measure_chosen", None)


def _form(old: Measure | None, key: str) -> None:
    """The fields of a declaration; those that are settled once there are values are told so when they are changed."""
    with st.form(key, border=False):
        given: dict[str, Any] = {}

        def text(name: str, label: str, help: str | None = None) -> None:
            given[name] = st.text_input(label, value=getattr(old, name, ""), key=f"{key}_{name}", help=help)

        def choice(name: str, label: str, options: tuple[str, ...], said: dict[str, str]) -> None:
            now = getattr(old, name, options[-1] if name == "direction" else options[0])
            given[name] = st.selectbox(
                label, options, index=options.index(now), format_func=lambda c: _(said[c]), key=f"{key}_{name}"
            )

        with st.grid(columns=2, min_column_width=260):
            text("title_th", _("Full Thai name"))
            text("title_en", _("Full English name"), _("The Thai one where it is blank"))
            text("short_th", _("Short Thai name"), _("For tiles and maps; the full one where it is blank"))
            text("short_en", _("Short English name"))
            choice("kind", _("Kind"), MEASURE_KIND, KINDS)
            text("unit_th", _("Unit in Thai"), _("Of money it is baht, of a rate per cent"))
            text("unit_en", _("Unit in English"))
            choice("adds_up", _("Adds up"), ADDS_UP, ADDING)
            _weight(old, given, key)
            choice("period_type", _("Periods"), PERIOD_TYPE, words.PERIOD_TYPES)
            choice("direction", _("Direction"), DIRECTION, DIRECTIONS)
            text("source", _("Source"))
            text("caveat_th", _("What it may not be used for, in Thai"))
            text("caveat_en", _("What it may not be used for, in English"))
        given["headings"] = st.text_area(
            _("Headings by which files call it, one a line"), value=getattr(old, "headings", ""), key=f"{key}_headings", height=80
        )
        label = _("Declare it in the draft") if old is None else _("Save as the next version, in the draft")
        if st.form_submit_button(label, type="primary"):
            _save(old, given)


def _weight(old: Measure | None, given: dict[str, Any], key: str) -> None:
    counts = [i for i, x in REGISTRY.items() if x.family == "reported" and x.kind == "count"]
    now = old.weight if old and old.weight in counts else None
    given["weight"] = (
        st.selectbox(
            _("Weighed by"),
            counts,
            index=counts.index(now) if now else None,
            format_func=lambda i: REGISTRY[i].title(lang()),
            key=f"{key}_weight",
            placeholder=_("Only of a weighted mean"),
        )
        or ""
    )


def _save(old: Measure | None, given: dict[str, Any]) -> None:
    if given["kind"] in COUNTS:
        given |= {"adds_up": "sum", "weight": ""}
    try:
        if old is None:
            needed = {f.name: "" for f in fields(Measure) if f.default is MISSING}
            new = Measure(**{**needed, **given, "measure_id": declarations.proposed_id(given["title_en"])})
            done = declarations.declare(new, person.current())
        else:
            words = {k: v for k, v in given.items() if v != getattr(old, k)}
            done = declarations.change(old.measure_id, person.current(), **words) if words else old
    except TOLD as error:
        empty.refused(error)
        return
    st.toast(_("{name} is in the draft as version {n}.", name=done.short_th if lang() == "th" else done.short_en, n=done.version))
    st.rerun()
