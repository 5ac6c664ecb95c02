"""The draft: what is in it, publishing it for every reader, throwing it away."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
import streamlit as st
from babel.dates import get_month_names
from streamlit.delta_generator import DeltaGenerator

from data_access.analysis.quality import rows_shown
from data_access.contract import schema
from data_access.contract.errors import TOLD
from data_access.publishing import drafts
from i18n import format_date
from ui.data_desk import preview, uploads
from ui.entry import person
from ui.kit import empty, navigation, words
from ui.view import shown
from ui.view.text import _, lang, said

BE = 543
NOTE = "data_note"
SAID = "data_said"
YEARS_BACK = 15
LOOKS_AGAIN = 3.0
"""Seconds."""
WISH = "data_publish_wish"


class Wish(NamedTuple):
    """The draft that somebody wants to publish, as their page showed it."""

    draft: str
    version: int


def show() -> None:
    """What the draft holds and what can be done with it."""
    st.header(_("Draft"), anchor=False)
    wish: Wish | None = st.session_state.pop(WISH, None)
    if said := st.session_state.pop(SAID, None):
        st.success(said, icon=":material/published_with_changes:")
        navigation.link("overview", _("See the overview"), ":material/arrow_forward:")
    if drafts.busy():
        _until_it_is_over()
        return
    try:
        _draft(wish)
    except TOLD as error:  # another process has begun meanwhile
        empty.refused(error)


@st.fragment(run_every=LOOKS_AGAIN)
def _until_it_is_over() -> None:
    """Another session or process is at work, for a minute or two with tens of millions of rows: the page says so, and looks again by itself."""
    if not drafts.busy():
        st.rerun()
    st.info(
        _(
            "Somebody is loading or publishing at this moment. The draft is shown when that is over; this page looks again by itself."
        ),
        icon=":material/hourglass:",
    )


def _draft(wish: Wish | None) -> None:
    draft = drafts.draft_in_progress()
    refusal = st.container()
    if wish and (draft is None or draft.id != wish.draft):
        with refusal:
            st.error(
                _("Nothing was published: the draft that you saw has been published or thrown away by somebody else."),
                icon=":material/sync_problem:",
            )
        wish = None
    if draft is None or not draft.log:
        st.caption(_("There is no draft. The first file that is loaded opens one."))
        return
    with st.container(border=True):
        base = shown.release()
        st.caption(
            _("The draft began empty, because the current release is demonstration data.")
            if base.demo
            else _("The draft began as a copy of the current release {id}; rows with the same key are replaced.", id=base.id)
        )
        _contents(draft)
    preview.parts(draft)
    preview.answered(draft)
    with st.container(border=True):
        _publishing(draft, wish, refusal)


def _contents(draft: drafts.Draft) -> None:
    log = draft.log
    loads = pd.DataFrame(
        {
            _("Table"): [words.table_name(e["table"]) for e in log],
            _("Rows loaded"): [words.rows(rows_shown(e["table"], e["rows"])) for e in log],
            _("From"): [e["source"] for e in log],
            _("Loaded on"): [f"{format_date(e['at'], lang())} {e['at'][11:16]}" for e in log],
        }
    )
    counts = {t: n for t, n in draft.counts().items() if t in schema.LOADABLE_TABLES}
    held = pd.DataFrame(
        {
            _("Table"): [words.table_name(t) for t, n in counts.items() if n],
            _("Rows in the draft"): [words.rows(rows_shown(t, n)) for t, n in counts.items() if n],
        }
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.markdown(f"**{_('Loaded into the draft')}**")
        st.dataframe(loads, hide_index=True, key="data_draft_log", alt=_("What has been loaded into the draft"))
    with right:
        st.markdown(f"**{_('What it would publish')}**")
        st.dataframe(held, hide_index=True, key="data_draft_rows", alt=_("Rows of the draft by table"))


def _publishing(draft: drafts.Draft, wish: Wish | None, refusal: DeltaGenerator) -> None:
    if not any(draft.counts(*schema.LOADABLE_TABLES).values()):
        st.warning(_("No table of the draft has a row: it cannot be published."), icon=":material/block:")
        st.button(_("Discard the draft"), key="data_discard", on_click=_discard)
        return
    as_of = be_date(_("Data as of"), dt.date.today(), "data_as_of")
    note = st.text_input(_("Note for readers"), key=NOTE, placeholder=_("e.g. figures of semester 1/2568 from 40 provinces"))
    beside = st.container()
    with st.container(horizontal=True):
        # under another key it is closed again: what it would publish is another draft than the one that was looked at
        with st.popover(_("Publish …"), icon=":material/publish:", type="primary", key=f"data_publishing_{draft.version}"):
            st.markdown(
                _(
                    "Every reader will see this draft at once, as data of {date}. "
                    "The release of now stays and can be brought back.",
                    date=format_date(as_of, lang()),
                )
            )
            if shown.release().demo:
                st.markdown(_("The demonstration data disappear from every page."))
            st.caption(_("Version {n} of the draft, as this page shows it.", n=draft.version))
            seen = Wish(draft.id, draft.version)
            st.button(_("Publish for every reader"), key="data_publish", type="primary", on_click=_wished, args=(seen,))
        with st.popover(_("Discard …"), icon=":material/delete:"):
            st.markdown(_("Everything loaded into this draft is thrown away. The published data stay as they are."))
            st.button(_("Discard the draft"), key="data_discard", on_click=_discard)
    if wish:
        _publish(draft, as_of, note, wish, (refusal, beside))


def _wished(seen: Wish) -> None:
    """Bound when the page was drawn: by the time it is pressed another tab may have changed the draft."""
    st.session_state[WISH] = seen


def be_date(label: str, default: dt.date, key: str) -> dt.date:
    """A day chosen as day, month and Buddhist-Era year; the last day of the month where there is no such day."""
    months = get_month_names("wide", locale=lang())
    st.markdown(f"**{label}**")
    with st.container(horizontal=True):
        day = st.selectbox(_("Day"), range(1, 32), index=default.day - 1, key=f"{key}_day", width=90)
        month = st.selectbox(
            _("Month"), range(1, 13), index=default.month - 1, format_func=months.__getitem__, key=f"{key}_month", width=160
        )
        years = list(range(default.year + BE, default.year + BE - YEARS_BACK, -1))
        year = st.selectbox(_("Year (BE)"), years, key=f"{key}_year", width=120) - BE
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _publish(draft: drafts.Draft, as_of: dt.date, note: str, wish: Wish, told: Sequence[DeltaGenerator]) -> None:
    """Publish the draft as it was seen; a refusal is told in each of some places, above what changed and where it was pressed."""
    try:
        with told[-1], st.spinner(_("Computing the summaries and publishing")):
            release = drafts.publish(draft, as_of=as_of, note=note.strip(), by=person.current(), version=wish.version)
    except TOLD as error:
        for place in told:
            with place:
                empty.refused(error)
        return
    st.session_state[SAID] = _("Published as release {id}. Every page shows it now.", id=release.id)
    uploads.clear()
    st.rerun()


def _discard() -> None:
    if said(_discarded):
        st.session_state[SAID] = _("The draft was thrown away.")
        st.session_state.pop(uploads.DONE, None)


def _discarded() -> bool:
    draft = drafts.draft_in_progress()
    if draft is not None:
        draft.discard(person.current())
    return True
