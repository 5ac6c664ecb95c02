"""The scenario at hand: what was changed last, saved ones, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from data_access import scenarios
from data_access.access import MANAGER
from data_access.errors import UsageError
from data_access.policy import Card
from data_access.scenarios import Scenario
from ui import data, empty, person, served, state
from ui.filters import Filters
from ui.policy import today
from ui.text import _, plain

DRAFT = "samoephak_policy_draft"
BASE = "base"


@st.cache_data(ttl=data.TTL, max_entries=8, show_spinner=False)
def _schools(release_id: str) -> pd.DataFrame:
    return scenarios.schools_of(release_id)


@st.cache_data(ttl=data.TTL, max_entries=8, show_spinner=False)
def _recipients(release_id: str) -> pd.DataFrame:
    return scenarios.recipients_of(release_id)


@st.cache_data(ttl=data.TTL, max_entries=64, show_spinner=False)
def _costs(release_id: str, scenario: Scenario) -> pd.DataFrame:
    return scenarios.costs(scenario, _schools(release_id), _recipients(release_id))


def inputs() -> tuple[pd.DataFrame, pd.DataFrame]:
    return _schools(served.release().id), _recipients(served.release().id)


def costs_of(scenario: Scenario, chosen: Filters) -> pd.DataFrame:
    """A scenario's costs in the region and province chosen."""
    found = _costs(served.release().id, scenario)
    inside = chosen.provinces_inside()
    found = found if inside is None else found[found["province"].isin(inside)]
    return found[found["province"] == chosen.province] if chosen.province else found


def school_sides(now: Scenario, base: Scenario, chosen: Filters) -> pd.DataFrame:
    schools = inputs()[0]
    inside = chosen.provinces_inside()
    kept = schools if inside is None else schools[schools["province"].isin(inside)]
    kept = kept[kept["province"] == chosen.province] if chosen.province else kept
    return scenarios.winners(now, base, kept)


def fresh(cards: Sequence[Card]) -> Scenario:
    """What a new scenario starts from: the base cards of the day that the data speak of, from the next fiscal year on."""
    chosen = scenarios.default_cards(cards, today())
    return scenarios.from_cards(_("New scenario"), chosen, start_year=scenarios.next_fiscal_year(today()))


def at_hand(cards: Sequence[Card]) -> Scenario:
    """The scenario on screen: what was changed last, else the saved one that the address names, else a fresh one."""
    wanted = state.get("scenario")
    origin, draft = st.session_state.get(DRAFT, (None, None))
    if draft is not None and origin == wanted:
        return draft
    if wanted:
        try:
            return scenarios.load(wanted)
        except UsageError as error:
            empty.refused(error)
    return fresh(cards)


def keep(scenario: Scenario) -> None:
    st.session_state[DRAFT] = (state.get("scenario"), scenario)


def choose_saved() -> None:
    """The saved scenarios, by name; the choice is in the address."""
    names = {i: s.name for i, s in scenarios.saved().items()}
    st.session_state["policy_saved"] = state.get("scenario") if state.get("scenario") in names else None

    def chosen() -> None:
        st.session_state.pop(DRAFT, None)
        state.put(scenario=st.session_state["policy_saved"])

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Saved scenario"),
            list(names),
            index=None,
            key="policy_saved",
            format_func=lambda i: names.get(i, i),
            placeholder=_("New scenario"),
            on_change=chosen,
            width=360,
        )
        if (current := state.get("scenario")) and person.may(MANAGER):
            with st.popover(_("Delete"), icon=":material/delete:", disabled=current not in names):
                st.write(_("Delete “{name}” for every reader?", name=plain(names.get(current, ""))))
                st.button(_("Delete for good"), key="policy_delete", on_click=_delete, args=(current,))


def _delete(scenario_id: str) -> None:
    person.said(MANAGER, scenarios.delete, scenario_id)
    st.session_state.pop(DRAFT, None)
    state.put(scenario=None)
