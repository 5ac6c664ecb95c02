"""The frame around every page: configuration, language, first start, demo banner, navigation, the pages' guard."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from copy import copy
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.PageConfig_pb2 import PageConfig
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data_access import health
from data_access.access import STEWARD
from data_access.errors import TOLD
from data_access.releases import Release, is_whole, list_releases, served_release
from i18n import N_, format_date
from ui import empty, guide, headlines, memory, menus, person, replaying, served, sheet, state
from ui.text import _, lang

ROOT = Path(__file__).parent.parent
ICON = "data:image/png;base64," + b64encode((ROOT / "assets" / "icon.png").read_bytes()).decode()
"""Not by address: browsers ask for an icon again whenever the address of the page changes, as it does with every filter."""
HOLDS_A_PLACE = "<style></style>"
"""Stands first beside the page: what a callback of a dialog says (st.toast) is put there, and would be put in the dialog's place."""
READY = "samoephak_shell"
PROGRAMMES, LEARNING, RESULTS, NUMBERS = (
    N_("Programmes"),
    N_("Learning and paths"),
    N_("Results and policy"),
    N_("Numbers and data"),
)
MEETINGS, PLACES = N_("Meetings"), N_("Places")
PAGES = {
    "overview": (N_("Overview"), ":material/dashboard:", ""),
    "province": (N_("Province"), ":material/location_on:", PLACES),
    "compare": (N_("Compare"), ":material/compare_arrows:", PLACES),
    "pilot_areas": (N_("Pilot areas"), ":material/join:", PLACES),
    "grants": (N_("Grants"), ":material/payments:", PROGRAMMES),
    "schools": (N_("Schools"), ":material/school:", PROGRAMMES),
    "early_childhood": (N_("Early childhood"), ":material/child_care:", PROGRAMMES),
    "trial": (N_("Reach Up trial"), ":material/science:", PROGRAMMES),
    "learning_cities": (N_("Learning Cities"), ":material/location_city:", PROGRAMMES),
    "out_of_school": (N_("Out of school"), ":material/person_search:", PROGRAMMES),
    "learning_loss": (N_("Learning loss"), ":material/trending_down:", LEARNING),
    "equity_chain": (N_("Equity chain"), ":material/timeline:", LEARNING),
    "targets": (N_("Targets"), ":material/flag:", RESULTS),
    "policy": (N_("Policy rates"), ":material/price_change:", RESULTS),
    "claims": (N_("Published figures"), ":material/fact_check:", RESULTS),
    "mou_review": (N_("MOU review"), ":material/slideshow:", MEETINGS),
    "kept_views": (N_("Kept views and notes"), ":material/bookmarks:", MEETINGS),
    "indicators": (N_("All indicators"), ":material/monitoring:", NUMBERS),
    "data": (N_("Data"), ":material/database:", NUMBERS),
    "help": (N_("Help and glossary"), ":material/help:", NUMBERS),
}
"""File stem of each page -> title, icon, and the menu it stands in; without one it stands by itself."""


def guard(page: str) -> None:
    """First line of every page: a file run without `app.py` (cold server) goes through `app.py` and comes back."""
    if not st.session_state.get(READY):
        st.switch_page("app.py", query_params={**st.query_params.to_dict(), "goto": page})


def run() -> None:
    """The whole of `app.py`: prepare, draw the frame, run the chosen page inside it."""
    state.hear_language()
    try:
        closed = person.gate()
    except TOLD as error:  # a setting or the list of people cannot be read: nobody comes in
        closed = partial(empty.refused, error)
    st.set_page_config(page_title=_("Samoephak"), layout="wide", initial_sidebar_state="collapsed")
    _icon()
    pages = {
        name: st.Page(f"pages/{name}.py", title=_(title), icon=icon, url_path=name, default=name == "overview")
        for name, (title, icon, _menu) in PAGES.items()
        if (ROOT / "pages" / f"{name}.py").is_file()
    }
    offered: dict[str, list] = {}
    for name, page in pages.items():
        menu = PAGES[name][2]
        offered.setdefault(_(menu) if menu else "", []).append(page)
    chosen = st.navigation(offered, position="hidden" if closed else "top")
    goto = st.query_params.get("goto")
    if goto in pages:
        st.switch_page(pages[goto], query_params={k: v for k, v in st.query_params.to_dict().items() if k != "goto"})
    if goto:  # nowhere to go: the address does not keep it
        del st.query_params["goto"]
    guide.go(pages)
    state.arrive(chosen.url_path or "overview")
    st.set_page_config(page_title=f"{chosen.title} · {_('Samoephak')}", layout="wide")
    st.html(HOLDS_A_PLACE)
    sheet.begin()
    if closed is not None:
        menus.head()
        sheet.flush()
        closed()
        return
    if not _prepared():
        return
    person.come_back()
    served.settle()
    _header(chosen.title)
    guide.show(state.page())
    sheet.flush()
    _body(chosen, pages)
    menus.show(chosen.title)
    memory.after_run()


@st.fragment
def _body(chosen: StreamlitPage, pages: dict[str, StreamlitPage]) -> None:
    """The page itself; a fragment, so that a change of a filter draws it again and not the frame around it."""
    if not person.still_here():
        st.rerun()  # the session has ended meanwhile: all of the page asks for signing in
    guide.go(pages)
    health.count("page_runs")
    headlines.shown_now().clear()
    sheet.begin()
    try:
        if not person.stopped_at(served.release().id):
            others = {name: partial(_run, page) for name, page in pages.items() if name != state.page()}
            replaying.page(partial(_run, chosen), others)
    except TOLD as error:
        empty.refused(error)
    except Exception:
        st.error(
            _("This page could not be drawn. The data are untouched; the fault has been logged for the administrator."),
            icon=":material/error:",
        )
        raise
    finally:
        sheet.flush()
        st.session_state.pop(READY, None)  # of this run alone: a file run by itself later must go through the shell again


def _icon() -> None:
    """The icon of the browser's tab. Not by `st.set_page_config`, which imports what would draw one (a tenth of a second of a start)."""
    run = get_script_run_ctx()
    if run is not None:
        config = PageConfig(favicon=ICON, layout=PageConfig.LAYOUT_UNSET, initial_sidebar_state=PageConfig.SIDEBAR_UNSET)
        run.enqueue(ForwardMsg(page_config_changed=config))


def _run(page: StreamlitPage) -> None:
    st.session_state[READY] = True
    own = copy(page)
    own._can_be_called = True  # Streamlit lets a page run once a full run; a fragment runs it again (ADR 13)
    own.run()


def _prepared() -> bool:
    """Build the demonstration data on the very first start, with progress; false when that is impossible."""
    try:
        found = served.current()
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
    release = served.release()
    menus.head(title)
    _troubles()
    _as_it_was(release)
    if release.demo:
        sheet.note(
            _(
                "Demonstration data: every number on this page is invented, "
                "apart from the published figures it was made to reproduce."
            ),
            "science",
            "warning",
        )
    as_of = _("Data as of {as_of} · release {id}", as_of=format_date(release.as_of, lang()), id=release.id)
    sheet.caption(" · ".join(words for words in (as_of, person.way_in()) if words))
    person.scope_notice()


def _troubles() -> None:
    """Say what is wrong with what readers are served, while they are served all the same."""
    served, damaged = served_release()
    if damaged and served is not None:
        words = _(
            "Release {id} is damaged. Readers are served the earlier release {other} meanwhile.", id=damaged, other=served.id
        )
        remedy = _("Restore it from a backup, or bring a release back on the page Data.")
        st.error(f"{words} {remedy}" if person.may(STEWARD) else words, icon=":material/broken_image:")
    if not health.store_answers():
        st.warning(
            _(
                "The database does not answer at this moment. What was asked before is shown as it was; the rest comes back by itself."
            ),
            icon=":material/cloud_off:",
        )


def _as_it_was(release: Release) -> None:
    """Say that an older release is on the screen, or that the address names none that exists."""
    wanted = state.get("at")
    now = served.current() if wanted else None
    if wanted is None or now is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="as_it_was"):
        if wanted != release.id:
            st.error(_("There is no release {id}; this is the current one.", id=wanted), icon=":material/error:", width="stretch")
        elif release.id != now.id:
            st.warning(
                _(
                    "As it was: release {old}. Readers now see release {new}, data as of {as_of}.",
                    old=release.id,
                    new=now.id,
                    as_of=format_date(now.as_of, lang()),
                ),
                icon=":material/history:",
                width="stretch",
            )
        else:
            return
        st.button(_("Show today's data"), key="as_it_was_leave", on_click=lambda: state.put(at=None), icon=":material/today:")


def link(page: str, label: str, icon: str | None = None) -> None:
    """A link to another page that carries the view along."""
    links(f"to_{page}", [(page, label, icon)])


def links(key: str, wanted: Sequence[tuple[str, str, str | None]]) -> None:
    """Links to other pages side by side: page, words and icon of each; a page that is not there is left out."""
    sheet.links(key, [way(*found) for found in wanted if (ROOT / "pages" / f"{found[0]}.py").is_file()])


def way(page: str, label: str, icon: str | None, **more: str) -> sheet.Link:
    """The way to another page with the view at hand and what is added to it."""
    return sheet.Link(label, icon, address_of(page, **more), partial(guide.head_for, page, **more))


def address_of(page: str, **changes: str | None) -> str:
    """The address of a page with the view at hand, changed where asked; None takes a part away."""
    query = {k: v for k, v in {**state.address(), **changes}.items() if v is not None}
    return f"./{'' if page == 'overview' else page}?{urlencode(query)}"
