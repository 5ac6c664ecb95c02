"""Who is at the screen: signed in by OpenID Connect, or at the machine itself; what they may do and see.

Without an identity provider the app answers browsers on the loopback address alone: whoever has followed the link that the server printed may do
everything (`ui.entry.start_link`), all others may look at demonstration data. Reached in any other way it shows nothing.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

import geo
from data_access import logs
from data_access.contract.errors import SamoephakError
from data_access.contract.settings import settings
from data_access.saved import people
from data_access.store import releases
from data_access.who.access import ANYBODY, GUEST, NOWHERE, OPERATOR, ROLE_NAMES, Person, Scope
from i18n import N_
from ui.blocks import blocks
from ui.entry import data_routes, start_link
from ui.view import address as addresses
from ui.view import text
from ui.view import view as views
from ui.view.text import _, lang, plain

PERSON = "samoephak_person"
KINDS = {"district": N_("district"), "lao": N_("local authority"), "school": N_("school"), "centre": N_("centre")}
MOST_NAMED = 8
CLOCKS_APART = 300  # seconds that the clocks of the provider and of this machine may differ
_NOBODY = Person("nobody", GUEST)
_KEEP_WANTED = "<script>sessionStorage.setItem('samoephak_wanted', location.pathname + location.search)</script>"
_GO_WANTED = """<script>
const wanted = sessionStorage.getItem('samoephak_wanted');
sessionStorage.removeItem('samoephak_wanted');
if (wanted && wanted.startsWith('/') && !wanted.startsWith('//') && wanted !== location.pathname + location.search)
  location.replace(wanted);
</script>"""


def current() -> Person:
    """Who this run is for; before the gate, and from when they may no longer be here, somebody who may see no detail and do nothing.

    Parts of a page are drawn by themselves, without passing the gate again: whoever is sent away loses those too.
    """
    if drawn := views.at_hand():
        return drawn.who
    return st.session_state[PERSON] if still_here() else _NOBODY


def scope() -> Scope:
    """The places that this run may show in detail."""
    return current().scope


def may(role: str) -> bool:
    """Whether the person may do what a role may."""
    return current().may(role)


def said(role: str, change: Callable[..., Any], *args: Any) -> Any:
    """Call something that needs a role and may be refused, as `ui.view.text.said`. For callbacks: a button that is not shown may still be
    pressed by a hostile browser."""

    def acted() -> Any:
        current().require(role)
        return change(*args)

    return text.said(acted)


# ---- the gate -------------------------------------------------------------------------------------------------------------
def gate() -> Callable[[], None] | None:
    """Settle who is at the screen; None when they may come in, else what draws why not."""
    st.session_state.pop(PERSON, None)
    who = _who_comes()
    if not isinstance(who, Person):
        data_routes.turn_away()
        return who
    st.session_state[PERSON] = who
    data_routes.let_in(who, partial(_may_stay, who, st.user.get("iat")))
    return None


def _who_comes() -> Person | Callable[[], None]:
    """Who may come in, or what draws why not."""
    if start_link.nobody_signs_in():
        headers, cookies = sent()
        if not start_link.straight(headers):
            return _not_set_up
        if start_link.was_followed(cookies):
            return OPERATOR
        return ANYBODY if releases.only_demonstration() else _follow_the_link
    if not st.user.is_logged_in or _session_over(st.user.get("iat")):
        return _ask_to_sign_in
    address = str(st.user.get("email") or "")
    found = people.find(address) if address and _verified() else None
    if found is None:
        return partial(_no_access, address)
    if _over(found, st.user["iat"]):
        return _ask_to_sign_in
    return Person(found.id, found.role, found.scope, str(st.user.get("name") or ""))


def _verified() -> bool:
    """Whether the provider vouches for the address; one that says nothing of it does, and some write "true" and "false" as text."""
    return str(st.user.get("email_verified", True)).lower() == "true"


def still_here() -> bool:
    """Whether the person whom the gate let in may go on: signed in, not for too long, and admitted as they were."""
    who = st.session_state.get(PERSON)
    if who is OPERATOR:
        headers, cookies = sent()  # none while a line is cut or a view is drawn ahead: the gate has seen the cookie
        return not headers or start_link.was_followed(cookies)
    return who is not None and (who is ANYBODY or st.user.is_logged_in) and _may_stay(who, st.user.get("iat"))


def _may_stay(who: Person, issued: object) -> bool:
    """Whether somebody who was let in, by an identity issued then, may still be here; for who followed the link the cookie alone says so."""
    if who is OPERATOR or who is ANYBODY:
        return who is OPERATOR or releases.only_demonstration()
    now = people.find(who.id)  # the administrator may have changed it meanwhile
    return (
        not _session_over(issued)
        and now is not None
        and (now.role, now.scope) == (who.role, who.scope)
        and not _over(now, issued)
    )


def sent() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Headers and cookies of the browser that is connected now; both are empty when none is."""
    return st.context.headers, st.context.cookies


def _over(who: Person, issued: Any) -> bool:
    """Whether somebody has signed out since the provider issued an identity, in whatever browser."""
    return bool(issued <= who.signed_out)


def _session_over(issued: object) -> bool:
    """Whether the time since the provider issued an identity has run out; a cookie alone would last for 30 days."""
    if not isinstance(issued, (int, float)):
        return True
    age = dt.datetime.now().timestamp() - issued
    return not -CLOCKS_APART <= age <= settings().session_hours * 3600


def _ask_to_sign_in() -> None:
    _closed(
        _("Sign in"),
        _("These pages are for people of the agencies. After signing in you come back to the page that you asked for."),
    )
    st.html(_KEEP_WANTED, unsafe_allow_javascript=True)
    st.button(
        _("Sign in with your agency's account"), key="person_sign_in", type="primary", on_click=st.login, icon=":material/login:"
    )


def _no_access(address: str) -> None:
    come_back()
    _closed(_("No access"), _("{address} is signed in but has no access here. Ask the administrator.", address=address or "–"))
    st.button(_("Sign out"), key="person_sign_out", on_click=st.logout)


def _not_set_up() -> None:
    _closed(
        _("Sign-in is not set up"),
        _(
            "This app opens without signing in only on the machine that it runs on. "
            "Whoever runs it must name an identity provider; docs/operations.md says how."
        ),
    )


def _follow_the_link() -> None:
    _closed(
        _("Open the link that the server printed"),
        _(
            "Real data are kept here, and nobody signs in. The link stands in the window in which the server was started; "
            "following it once in this browser opens the app until the server ends."
        ),
    )


def come_back() -> None:
    """To the page that was asked for before signing in: the provider sends everybody to the first page."""
    if not start_link.nobody_signs_in():
        st.html(_GO_WANTED, unsafe_allow_javascript=True)


def _closed(title: str, words: str) -> None:
    st.caption(_("Samoephak"))
    st.title(title, anchor=False)
    st.write(plain(words))


# ---- what the person sees of themselves -------------------------------------------------------------------------------------
def signed_in_as() -> str:
    """The name of who is signed in; empty where nobody signs in."""
    who = current()
    return (who.name or who.id) if not start_link.nobody_signs_in() else ""


def about() -> None:
    """Who is signed in, as what, for which places; signing out."""
    who = current()
    st.markdown(f"**{plain(who.id)}**")
    st.caption(_("Role: {role}", role=_(ROLE_NAMES[who.role])))
    st.caption(_("In detail: {places}", places=scope_words()))
    st.button(_("Sign out"), key="person_sign_out", icon=":material/logout:", on_click=_sign_out)
    st.caption(_("Ends what you have open in other windows too, and in every copy of this sign-in."))


def _sign_out() -> None:
    """Forget the cookie here, and let no copy of it in any more: the cookie itself would be good for hours."""
    who, issued = current(), st.user.get("iat")
    if who is not _NOBODY:
        # not the very moment: where the clock of the provider is slow that would shut out who signs in again
        until = math.ceil(max(issued, dt.datetime.now().timestamp() - CLOCKS_APART))
        try:
            people.sign_out(who.id, who, until)
        except (SamoephakError, OSError):  # here they are signed out all the same
            logs.LOGGER.warning("That somebody signed out could not be written down", exc_info=True)
    st.logout()


def open_to_all() -> bool:
    """Whether whoever sits at this machine may do everything, without signing in."""
    return current() is OPERATOR


def way_in() -> str:
    """How the reader came in without signing in, in words; empty for who has."""
    if not start_link.nobody_signs_in():
        return ""
    if open_to_all():
        return _("open on this machine, without signing in")
    return _("open to look at; to change something, follow the link that the server printed")


def scope_words() -> str:
    """The provinces of the scope in words."""
    provinces = scope().provinces
    if provinces is None:
        return _("the whole country")
    names = [geo.name(code, lang()) for code in sorted(provinces)]
    shown = ", ".join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return (shown + (" " + _("and {n} more", n=more) if more > 0 else "")) or _("no place")


def scope_notice() -> None:
    """One line under the header when details of some provinces are not for this person."""
    if not scope().everywhere:
        st.caption(
            ":material/lock_person: "
            + _("Districts, authorities, schools and centres are shown to you for: {places}", places=plain(scope_words()))
        )


# ---- places outside the scope -----------------------------------------------------------------------------------------------
def stopped_at(release_id: str) -> bool:
    """Whether the address names a place outside the scope; the page then says so instead of showing anything."""
    for kind, words in KINDS.items():
        code = addresses.get(kind)
        if not code:
            continue
        from data_access.questions import detail

        home = detail.province_of(release_id, kind, code)
        if home is None or scope().covers(home):
            continue
        st.error(
            _(
                "The address names a {kind} in {province}. You see such places only for: {places}.",
                kind=_(words),
                province=geo.name(home, lang()),
                places=scope_words(),
            ),
            icon=":material/lock_person:",
        )
        st.button(
            _("Show the page without it"),
            key="person_without",
            on_click=lambda: addresses.put(**dict.fromkeys(KINDS)),
            type="primary",
        )
        return True
    return False


def sees(province: str | None) -> bool:
    """Whether places of a province (None: of the whole country) may be listed; says so when not. For panels."""
    allowed = scope() != NOWHERE if province is None else scope().covers(province)
    if not allowed:
        blocks.note(_("These places are outside what you see in detail."), "lock_person")
    elif province is None and not scope().everywhere:
        blocks.caption(_("Only places that you see in detail are listed and counted here."))
    return allowed
