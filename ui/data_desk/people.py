"""The people tab: who may come in, with which role and for which provinces; letting somebody in, taking access away."""

from __future__ import annotations

import pandas as pd
import streamlit as st

import geo
from data_access.contract.errors import TOLD
from data_access.saved import people
from data_access.who.access import ADMINISTRATOR, ROLE_NAMES, ROLES, Person
from ui.entry import person
from ui.kit import empty
from ui.kit.filters import sorted_provinces
from ui.view.text import _, lang, plain

NOWHERE, SOME, ALL = "nowhere", "some", "all"


def show() -> None:
    """The whole tab."""
    if person.open_to_all():
        st.info(
            _("Nobody signs in yet: whoever sits at this machine may do everything. The list holds from when sign-in is set up."),
            icon=":material/lock_open:",
        )
    try:
        found = people.known()
    except TOLD as error:
        empty.refused(error)
        return
    _list(found)
    left, right = st.columns(2, gap="large")
    with left:
        _admit(found)
    with right:
        _dismiss(found)


def _list(found: dict[str, Person]) -> None:
    if not found:
        st.caption(_("Nobody has been let in yet."))
        return
    frame = pd.DataFrame(
        {
            _("E-mail address"): list(found),
            _("Role"): [_(ROLE_NAMES[p.role]) for p in found.values()],
            _("Sees in detail"): [_places(p) for p in found.values()],
        }
    )
    st.dataframe(frame, hide_index=True, key="data_people", alt=_("Everybody who may come in"))


def _places(one: Person) -> str:
    if one.scope.provinces is None:
        return _("the whole country")
    return ", ".join(geo.name(c, lang()) for c in sorted(one.scope.provinces)) or _("no place")


def _admit(found: dict[str, Person]) -> None:
    st.subheader(_("Let somebody in, or change what they may"), anchor=False)
    words = {NOWHERE: _("No place"), SOME: _("Some provinces"), ALL: _("The whole country")}
    address = st.text_input(_("E-mail address"), key="people_address", max_chars=200)
    role = st.selectbox(_("Role"), ROLES, key="people_role", format_func=lambda r: _(ROLE_NAMES[r]))
    reach = st.segmented_control(
        _("Sees in detail"), list(words), key="people_reach", default=NOWHERE, format_func=words.__getitem__, required=True
    )
    codes: list[str] = []
    if reach == SOME:
        codes = st.multiselect(
            _("Provinces"),
            sorted_provinces(lang()),
            key="people_provinces",
            format_func=lambda c: geo.name(c, lang()),
            placeholder=_("Choose provinces"),
        )
    known = people.find(address) if address.strip() else None
    with st.popover(_("Change …") if known else _("Let in …"), icon=":material/person_add:", disabled=not address.strip()):
        st.markdown(
            _(
                "{address} may come in as {role} and sees in detail: {places}.",
                address=plain(address),
                role=_(ROLE_NAMES[role]),
                places=words[str(reach)] if reach != SOME else ", ".join(geo.name(c, lang()) for c in codes) or _("no place"),
            )
        )
        st.button(
            _("Yes, do so"),
            key="people_admit",
            type="primary",
            on_click=_admitted,
            args=(address, role, None if reach == ALL else codes),
        )


def _admitted(address: str, role: str, codes: list[str] | None) -> None:
    if person.said(ADMINISTRATOR, people.admit, address, role, codes, person.current()):
        st.session_state["people_address"] = ""
        st.toast(_("{address} may come in.", address=plain(address)), icon=":material/person_add:")


def _dismiss(found: dict[str, Person]) -> None:
    st.subheader(_("Sign out, or take access away"), anchor=False)
    others = [a for a in found if a != person.current().id]
    if not others:
        st.caption(_("There is nobody else."))
        return
    chosen = st.selectbox(_("E-mail address"), others, key="people_chosen", index=None, placeholder=_("Choose somebody"))
    with st.popover(_("Take away …"), icon=":material/person_remove:", disabled=chosen is None):
        st.markdown(_("{address} is turned away with the next click.", address=plain(chosen or "")))
        st.button(_("Take access away"), key="people_dismiss", type="primary", on_click=_dismissed, args=(chosen,))
    with st.popover(_("Sign out everywhere …"), icon=":material/logout:", disabled=chosen is None):
        st.markdown(
            _(
                "Every window of {address} asks for signing in with the next click; they may sign in again.",
                address=plain(chosen or ""),
            )
        )
        st.button(_("Sign out everywhere"), key="people_sign_out", type="primary", on_click=_signed_out, args=(chosen,))


def _signed_out(address: str) -> None:
    person.said(ADMINISTRATOR, people.sign_out, address, person.current())
    st.session_state["people_chosen"] = None


def _dismissed(address: str) -> None:
    person.said(ADMINISTRATOR, people.dismiss, address, person.current())
    st.session_state["people_chosen"] = None
