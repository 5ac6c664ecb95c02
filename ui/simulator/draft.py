"""The scenario at hand: what was changed last, saved ones, and what they cost."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from data_access.contract.errors import UsageError
from data_access.programmes.policy.rates import Card
from data_access.saved import scenarios
from data_access.saved.scenarios import Scenario
from data_access.who.access import MANAGER, VIEWER, Scope
from ui.blocks import blocks, dialogs, fields
from ui.entry import person
from ui.kit import data, empty, linked
from ui.kit.filters import Filters
from ui.meetings import saved_views
from ui.programmes.policy import today
from ui.view import address
from ui.view.events import act, offer
from ui.view.text import _, plain

DRAFT, ASK_DELETE = "policy_draft", "policy_ask_delete"
BASE = "base"


@data.of_release(4)
def _schools(release_id: str, scope: Scope) -> pd.DataFrame:
    return scenarios.schools_of(release_id, scope)


@data.of_release(4)
def _recipients(release_id: str, _scope: Scope) -> pd.DataFrame:
    return scenarios.recipients_of(release_id)


@data.of_release(64)
def _costs(_release_id: str, _scope: Scope, scenario: Scenario) -> pd.DataFrame:
    return scenarios.costs(scenario, *inputs())


def inputs() -> tuple[pd.DataFrame, pd.DataFrame]:
    return _schools(), _recipients()


def costs_of(scenario: Scenario, chosen: Filters) -> pd.DataFrame:
    """A scenario's costs in the region and province chosen."""
    found = _costs(scenario)
    inside = chosen.provinces_inside()
    found = found if inside is None else found[found["province"].isin(inside)]
    return found[found["province"] == chosen.province] if chosen.province else found


def school_sides(now: Scenario, base: Scenario, chosen: Filters) -> pd.DataFrame:
    """Schools of the region and province chosen that gain or lose (`data_access.saved.scenarios.winners`)."""
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
    wanted = address.get("scenario")
    if found := _changed(wanted):
        return found
    if wanted and person.may(VIEWER):
        try:
            return scenarios.load(wanted)
        except UsageError as error:
            empty.refused(error)
    return fresh(cards)


def keep(scenario: Scenario) -> None:
    """Keep what was changed for as long as the reader stays, and until they open another scenario."""
    address.keep(DRAFT, json.dumps([address.get("scenario"), scenarios.to_json(scenario)]))


def _changed(origin: str | None) -> Scenario | None:
    """What was changed last in the scenario of an address."""
    came, text = json.loads(address.kept().get(DRAFT, "[null, null]"))
    return scenarios.from_json(text) if text and came == origin else None


def saved_names() -> dict[str, str]:
    """The saved scenarios by id, for who may read what others write."""
    return {i: s.name for i, s in scenarios.saved().items()} if person.may(VIEWER) else {}


def choose_saved() -> None:
    """The saved scenarios, by name; the choice is in the address."""
    names = saved_names()
    current = address.get("scenario") if address.get("scenario") in names else None
    left, right = blocks.columns([2, 3])
    with left:
        fields.choice(
            "policy_saved", linked.told_apart(names), _("Saved scenario"), current, offer(open_saved), none=_("New scenario")
        )
    if not current or not person.may(MANAGER):
        return
    with right:
        title = _("Delete “{name}” for every reader?", name=plain(names[current]))
        dialogs.button(ASK_DELETE, _("Delete"), "delete", title, _confirm, current)


@act
def open_saved(scenario_id: str) -> None:
    """Open a saved scenario, a new one for an empty text; what was changed in another is given up."""
    address.keep(DRAFT, "")
    address.put(scenario=scenario_id or None)


def _confirm(scenario_id: str) -> None:
    if st.button(_("Delete"), key="policy_delete", on_click=_delete, args=(scenario_id,), type="primary"):
        st.rerun()


def _delete(scenario_id: str) -> None:
    if person.said(MANAGER, scenarios.delete, scenario_id, person.current()) is not None:
        saved_views.said_deleted()
        open_saved("")
