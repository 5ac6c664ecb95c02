"""The frame around every page: configuration, language, first start, demo banner, navigation, the pages' guard."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.PageConfig_pb2 import PageConfig
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data_access import health
from data_access.contract.errors import TOLD
from data_access.store.releases import Release, is_whole, list_releases, served_release
from data_access.who.access import STEWARD
from i18n import format_date, format_time
from ui.blocks import blocks, dialogs
from ui.entry import person
from ui.frame import drawing, menus
from ui.kit import empty, guide, navigation
from ui.view import address, headlines, shown
from ui.view.text import _, lang, style
from ui.view.view import View

ROOT = Path(__file__).parents[2]
ICON = "data:image/png;base64," + b64encode((ROOT / "assets" / "icon.png").read_bytes()).decode()
"""Not by address: browsers ask for an icon again whenever the address of the page changes, as it does with every filter."""
HOLDS_A_PLACE = "<style></style>"
"""Stands first beside the page: what a callback of a dialog says (st.toast) is put there, and would be put in the dialog's place."""


def guard(page: str) -> None:
    """Last line of every page: Streamlit runs the file by itself on a cold server, and is sent through `app.py`, which comes back to the page."""
    st.switch_page("app.py", query_params={**st.query_params.to_dict(), "goto": page})


def run() -> None:
    """The whole of `app.py`: prepare, draw the frame, run the chosen page inside it."""
    address.hear_language()
    try:
        closed = person.gate()
    except TOLD as error:  # a setting or the list of people cannot be read: nobody comes in
        closed = partial(empty.refused, error)
    st.set_page_config(page_title=_("Samoephak"), layout="wide", initial_sidebar_state="collapsed")
    _icon()
    pages = {
        name: st.Page(navigation.FILES[name], title=_(title), icon=icon, url_path=name, default=name == "overview")
        for name, (title, icon, _menu) in navigation.PAGES.items()
        if navigation.FILES[name].is_file()
    }
    offered: dict[str, list] = {}
    for name, page in pages.items():
        menu = navigation.PAGES[name][2]
        offered.setdefault(_(menu) if menu else "", []).append(page)
    chosen = st.navigation(offered, position="hidden" if closed else "top")
    goto = st.query_params.get("goto")
    if goto in pages:
        st.switch_page(pages[goto], query_params={k: v for k, v in st.query_params.to_dict().items() if k != "goto"})
    if goto:  # nowhere to go: the address does not keep it
        del st.query_params["goto"]
    guide.go(pages)
    address.arrive(chosen.url_path or "overview")
    st.set_page_config(page_title=f"{chosen.title} · {_('Samoephak')}", layout="wide")
    st.html(HOLDS_A_PLACE)
    blocks.begin()
    if closed is not None:
        with blocks.together("frame"):
            menus.head()
        closed()
        return
    if not _prepared():
        return
    person.come_back()
    shown.settle()
    _settle()
    _header(chosen.title)
    if address.page() in navigation.OF_STREAMLIT:
        _ordinary()
    else:
        _body(pages)
    menus.show(chosen.title)


def _settle() -> None:
    """A set that the release does not have falls away, as places do that there are not (`state.known`)."""
    wanted = address.get("set")
    if wanted:
        from ui.kit.filters import pilot_set_names  # with it comes what answers questions

        if wanted not in pilot_set_names(lang()):
            address.put(set=None)


def _ordinary() -> None:
    """A page of Streamlit's own elements: all of it runs again with the frame, as Streamlit runs pages."""
    health.count("page_runs")
    headlines.shown_now().clear()
    with _told(), dialogs.opened() as opened:
        if not person.stopped_at(shown.release().id):
            navigation.page_of(address.page())()
    dialogs.show(opened)


@st.fragment
def _body(pages: dict[str, StreamlitPage]) -> None:
    """A page of blocks; a fragment, so that a change of a filter draws it again and not the frame around it."""
    if not person.still_here():
        st.rerun()  # the session has ended meanwhile: all of the page asks for signing in
    guide.go(pages)
    health.count("page_runs")
    blocks.begin()
    with _told():
        if not person.stopped_at(shown.release().id):
            _blocks()


def _blocks() -> None:
    view = View(
        address.page(), shown.release(), style(), person.current(), address.everything(), dict(address.kept()), dialogs.asked()
    )
    made = drawing.draw(view) if view.asked else drawing.Made(drawing.show(view))
    st.session_state[headlines.HEADLINES] = list(made.page.headlines)
    blocks.send(made.page.sent, "page")
    dialogs.show(made.dialogs)


@contextmanager
def _told() -> Iterator[None]:
    """What ends a page early is told in words."""
    try:
        yield
    except TOLD as error:
        empty.refused(error)
    except Exception:
        st.error(
            _("This page could not be drawn. The data are untouched; the fault has been logged for the administrator."),
            icon=":material/error:",
        )
        raise


def _icon() -> None:
    """The icon of the browser's tab. Not by `st.set_page_config`, which imports what would draw one (a tenth of a second of a start)."""
    run = get_script_run_ctx()
    if run is not None:
        config = PageConfig(favicon=ICON, layout=PageConfig.LAYOUT_UNSET, initial_sidebar_state=PageConfig.SIDEBAR_UNSET)
        run.enqueue(ForwardMsg(page_config_changed=config))


def _prepared() -> bool:
    """Build the demonstration data on the very first start, with progress; false when that is impossible."""
    try:
        found = shown.current()
    except TOLD as error:
        empty.refused(error)
        _way_back()
        return False
    if found is not None:
        return True
    from data_access.bootstrap import ensure_ready  # builds tables, which no later start does

    bar = st.progress(0.0, text=_("Preparing the demonstration data for the first start"))

    def report(share: float, step: str) -> None:
        bar.progress(min(share, 1.0), text=_(step))

    try:
        ensure_ready(report)
    except TOLD as error:
        empty.refused(error)
        return False
    bar.empty()
    return True


def _way_back() -> None:
    """Nothing can be shown: who mends it, and how; commands alone, since no page is there to do it."""
    st.markdown(_("The administrator of this server brings the data back on the command line, in the folder of the app:"))
    if others := [r.id for r in list_releases() if is_whole(r)]:
        st.markdown(_("These releases are whole: {ids}. To show one of them:", ids=", ".join(others)))
        st.code(f"python -m data_access rollback {others[0]}", language=None)
    st.markdown(_("From a backup, which brings back what is damaged and leaves the rest as it is:"))
    st.code("python -m data_access restore FILE.zip", language=None)
    st.markdown(_("What is damaged is named by:"))
    st.code("python -m data_access verify", language=None)


def _header(title: str) -> None:
    release = shown.release()
    with blocks.together("frame"):
        menus.head(title, _about(release))
        _troubles()
        guide.show(address.page())
    _as_it_was(release)
    person.scope_notice()


def _about(release: Release) -> dict[str, Any]:
    """Which data the page shows, as its head says it."""
    way = person.way_in()
    demo = _(
        "Demonstration data: every number on this page is invented, apart from the published figures it was made to reproduce."
    )
    as_of = _(
        "Data as of {as_of} · data published {published}", as_of=format_date(release.as_of, lang()), published=_published(release)
    )
    if not release.demo:
        return {"words": " · ".join(words for words in (as_of, way) if words)}
    return {"words": as_of, "demo": [_("Demonstration data, invented"), f"{demo} {way[:1].upper()}{way[1:]}".strip()]}


def _published(release: Release) -> str:
    """A release as readers are told of it; its id stands in provenance and files."""
    return format_time(release.published_at, lang())


def _troubles() -> None:
    """Say what is wrong with what readers are served, while they are served all the same."""
    shown, damaged = served_release()
    if damaged and shown is not None:
        words = _(
            "Release {id} is damaged. Readers are served the data published {other} meanwhile.",
            id=damaged,
            other=_published(shown),
        )
        remedy = _("Restore it from a backup, or bring a release back on the page Data.")
        blocks.note(f"{words} {remedy}" if person.may(STEWARD) else words, "broken_image", "error")
    if not health.store_answers():
        words = _(
            "The database does not answer at this moment. What was asked before is shown as it was; the rest comes back by itself."
        )
        blocks.note(words, "cloud_off", "warning")


def _as_it_was(release: Release) -> None:
    """Say that an older release is on the screen, or that the address names none that exists."""
    wanted = address.get("at")
    now = shown.current() if wanted else None
    if wanted is None or now is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="as_it_was"):
        if wanted != release.id:
            st.error(_("There is no release {id}; this is the current one.", id=wanted), icon=":material/error:", width="stretch")
        elif release.id != now.id:
            st.warning(
                _(
                    "As it was: data published {old}. Readers now see data published {new}, as of {as_of}.",
                    old=_published(release),
                    new=_published(now),
                    as_of=format_date(now.as_of, lang()),
                ),
                icon=":material/history:",
                width="stretch",
            )
        else:
            return
        st.button(_("Show today's data"), key="as_it_was_leave", on_click=lambda: address.put(at=None), icon=":material/today:")
