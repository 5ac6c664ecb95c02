"""The menu beside a page's title: its headlines into the story, the view kept under a name; and the page of kept views."""

from __future__ import annotations

import streamlit as st

from data_access.saved import saved_views, scenarios, stories
from data_access.saved.json_store import BIN_DAYS, Shelf
from data_access.saved.saved_views import KeptView
from data_access.who.access import MANAGER, PRESENTER, VIEWER
from i18n import N_, format_date, format_number
from ui.entry import person
from ui.kit import data, kpi, provenance, slides
from ui.kit.filters import current
from ui.view import address, headlines, shown
from ui.view.filter_table import FILTERS
from ui.view.text import _, lang, plain

SHELVES = {stories.SHELF: N_("Story"), saved_views.SHELF: N_("Kept view"), scenarios.SHELF: N_("Scenario")}
ABOUT_THE_VIEW = tuple(f.key for f in FILTERS)


def choices(title: str) -> None:
    """What can be done with the whole page."""
    if person.may(PRESENTER):
        st.button(
            _("Add the headlines to the story"),
            key="keeping_story",
            icon=":material/slideshow:",
            on_click=_headlines_to_story,
            args=(title,),
            width="stretch",
        )
    if not person.may(MANAGER):
        st.caption(_("Programme managers keep views for everybody; the address of this page opens this very view too."))
        return
    st.text_input(_("Keep this view under the name"), key="keeping_name", max_chars=saved_views.LONGEST_NAME, placeholder=title)
    st.button(_("Keep"), key="keeping_keep", icon=":material/bookmark:", on_click=_keep, args=(title,), width="stretch")
    st.caption(_("Kept views are seen by everybody who uses this app."))


def story_at_hand() -> None:
    """The story that views are added to: what it is called, its last slide, and the way to it."""
    story = slides.chosen()
    if story is None:
        st.caption(_("No story yet"))
        return
    st.markdown(f"**{plain(story.title)}**")
    for number, slide in list(enumerate(story.slides, start=1))[-5:]:
        st.markdown(f"{number} · {plain(slide.title)}")
    if story.slides:
        last = story.slides[-1]
        undo = (PRESENTER, stories.remove, story.id, last.id, person.current())
        if st.button(
            _("Take the last slide out"),
            key="story_undo",
            icon=":material/undo:",
            on_click=person.said,
            args=undo,
            width="stretch",
        ):
            st.rerun()
    leads = dict(_here()) | {"story": story.id}
    st.page_link("pages/mou_review.py", label=_("Open the story"), icon=":material/slideshow:", query_params=leads)


def _headlines_to_story(title: str) -> None:
    found = headlines.shown_now()
    if not found:
        st.toast(_("This page has no headlines; add a figure by its own Download menu."), icon=":material/info:")
        return
    chosen = current(ABOUT_THE_VIEW, data.Offer(tuple(h.period for h in found if h.period)[:1]))  # as the page settled it
    facts = provenance.context((), chosen, title)
    text = " · ".join(f"{h.title} {h.number}" for h in found[:3])
    asks = [a for h in found for a in h.asks]
    slides.add(kpi.as_table(found), facts, None, asks, text)


def _keep(title: str) -> None:
    name = st.session_state["keeping_name"] or title
    if person.said(MANAGER, saved_views.keep, name, address.page(), address.view(), person.current()) is not None:
        st.session_state["keeping_name"] = ""
        st.toast(_("Kept: {name}", name=plain(name)), icon=":material/bookmark:")


# ---- the page of kept views ---------------------------------------------------------------------------------------------
def page(titles: dict[str, str]) -> None:
    """Every kept view with its notes; `titles` are the pages by file stem."""
    found = saved_views.saved() if person.may(VIEWER) else []
    if not found:
        st.info(_("Nothing is kept yet. On any page choose “This view → Keep”."), icon=":material/bookmark_add:")
    for view in found:
        with st.container(border=True, key=f"kept_{view.id}"):
            _one(view, titles.get(view.page, view.page))
    _bin()


def _one(view: KeptView, title: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        icon = ":material/keep:" if view.pinned else ":material/bookmark:"
        st.page_link(
            f"pages/{view.page}.py", label=f"**{plain(view.name)}** · {title}", icon=icon, query_params=dict(view.query) | _here()
        )
        if person.may(MANAGER):
            _arrange(view)
    st.caption(_("Kept on {date}", date=format_date(view.at[:10], lang())))
    for note in view.notes:
        _note(view, note)
    if person.may(MANAGER):
        _write_note(view)


def _arrange(view: KeptView) -> None:
    st.button(
        _("Unpin") if view.pinned else _("Pin"),
        key=f"kept_pin_{view.id}",
        icon=":material/keep_off:" if view.pinned else ":material/keep:",
        on_click=person.said,
        args=(MANAGER, saved_views.pin, view.id, not view.pinned),
        type="tertiary",
    )
    with st.popover(_("Delete"), icon=":material/delete:"):
        st.write(_("Delete “{name}” for every reader?", name=plain(view.name)))
        st.button(_("Delete"), key=f"kept_delete_{view.id}", on_click=_delete, args=(view.id,))


def _delete(view_id: str) -> None:
    if person.said(MANAGER, saved_views.delete, view_id, person.current()) is not None:
        said_deleted()


def said_deleted() -> None:
    """Tell that what was deleted may be brought back, and where. For callbacks."""
    st.toast(
        _("Deleted. It can be brought back for {n} days, on the page “Kept views and notes”.", n=format_number(BIN_DAYS, lang())),
        icon=":material/delete:",
    )


def _bin() -> None:
    """What was deleted and may be brought back by the person at the screen."""
    gone = [(shelf, d) for shelf in SHELVES for d in shelf.deleted() if shelf.may_restore(d, person.current())]
    if not gone:
        return
    with st.expander(_("Deleted ({n})", n=format_number(len(gone), lang())), icon=":material/delete:"):
        for shelf, found in gone:
            st.markdown(f"{_(SHELVES[shelf])}: **{plain(found.name or found.id)}**")
            dates = {"at": format_date(found.at[:10], lang()), "until": format_date(found.until, lang())}
            st.caption(_("Deleted on {at}; gone for good after {until}", **dates))
            label, icon = _("Bring back"), ":material/restore_from_trash:"
            st.button(label, key=f"kept_bin_{found.key}", icon=icon, on_click=_bring_back, args=(shelf, found.key))


def _bring_back(shelf: Shelf, key: str) -> None:
    if person.said(shelf.role, shelf.restore, key, person.current()) is not None:
        st.toast(_("Brought back."), icon=":material/restore_from_trash:")


def _write_note(view: KeptView) -> None:
    with st.popover(_("Write a note"), icon=":material/edit_note:"):
        st.text_area(_("Note"), key=f"kept_text_{view.id}", max_chars=saved_views.LONGEST_NOTE)
        st.text_input(_("Your name"), person.current().name, key=f"kept_by_{view.id}", max_chars=saved_views.LONGEST_NAME)
        st.button(_("Sign and save"), key=f"kept_sign_{view.id}", type="primary", on_click=_sign, args=(view.id,))


def _here() -> dict[str, str]:
    return {"lang": lang()} if lang() != "th" else {}


def _note(view: KeptView, note: saved_views.Note) -> None:
    when = format_date(note.at[:10], lang())
    st.markdown(f"> {plain(note.text)}  \n> — {plain(note.by)}, {when} {note.at[11:16]} · {_('release {id}', id=note.release)}")
    st.page_link(
        f"pages/{view.page}.py",
        label=_("Open as it was when this was written"),
        icon=":material/history:",
        query_params=dict(view.query) | _here() | {"at": note.release},
    )


def _sign(view_id: str) -> None:
    text, by = (st.session_state[f"kept_{part}_{view_id}"] for part in ("text", "by"))
    if person.said(MANAGER, saved_views.note, view_id, text, by, shown.release().id, person.current()) is not None:
        st.session_state[f"kept_text_{view_id}"] = ""
