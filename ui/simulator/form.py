"""The form of a scenario: steps of the lunch, rates of the grants, days, growth, the base."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from data_access import policy, scenarios
from data_access.access import MANAGER
from data_access.errors import SamoephakError, UsageError
from data_access.policy import BASIC, EQUITY, LEVELS, LUNCH, Card
from data_access.scenarios import Scenario
from i18n import N_
from ui import empty, person, state
from ui.claims import RATES
from ui.filters import CODES
from ui.policy import card_words
from ui.simulator import draft
from ui.text import _

COVERS = {
    scenarios.TO_PRIMARY: N_("Schools that teach up to primary"),
    scenarios.EVERY_SCHOOL: N_("Every school with a size, all its pupils"),
}


def form(now: Scenario, cards: Sequence[Card]) -> None:
    """Everything that a scenario changes; what breaks a rule is said and changes nothing."""
    key = f"policy_{now.id}_{state.get('scenario') or 'new'}"
    with st.expander(_("Change the scenario"), icon=":material/tune:", expanded=True), st.form(f"{key}_form", border=False):
        with st.grid(columns=3, min_column_width=260):
            with st.container():
                lunch = _lunch_editor(now, key)
            with st.container():
                basic = _grant_editor(BASIC, now, key)
            with st.container():
                equity = _grant_editor(EQUITY, now, key)
        numbers = _numbers(now, key)
        base = _base_cards(now, cards, key)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input(_("Name"), now.name, max_chars=scenarios.LONGEST_NAME, key=f"{key}_name", width=320)
            apply = st.form_submit_button(_("Calculate"), icon=":material/calculate:", key=f"{key}_apply")
            keep = person.may(MANAGER) and st.form_submit_button(
                _("Save"), icon=":material/save:", type="primary", key=f"{key}_save"
            )
    if apply or keep:
        try:
            changed = Scenario(name, lunch=_bands(lunch), basic=_levels(basic), equity=_levels(equity), base=base, **numbers)
            if keep:
                _save(changed)
        except SamoephakError as error:
            empty.refused(error)
            return
        draft.keep(changed)
        st.rerun()


def _save(changed: Scenario) -> None:
    """Save under its name; the scenario that is open may be written over, another one may not."""
    person.current().require(MANAGER)
    found = scenarios.save(changed, replace_old=changed.id == state.get("scenario"))
    state.put(scenario=found)
    st.toast(_("Saved: {name}", name=changed.name))


def _lunch_editor(now: Scenario, key: str) -> pd.DataFrame:
    st.markdown(f"**{_(RATES[LUNCH])}** · {_('baht per school day')}")
    ladder = policy.steps(dict(now.lunch)) if now.lunch else ()
    frame = pd.DataFrame({"low": [s.low for s in ladder], "baht": [s.baht for s in ladder]}, dtype=float)
    return st.data_editor(
        frame,
        num_rows="dynamic",
        hide_index=True,
        key=f"{key}_lunch",
        placeholder="–",
        column_config={
            "low": st.column_config.NumberColumn(_("From pupils"), min_value=1, max_value=12000, step=1, format="localized"),
            "baht": st.column_config.NumberColumn(_("Baht"), min_value=0.0, max_value=1000.0, step=0.5),
        },
    )


def _grant_editor(rate_id: str, now: Scenario, key: str) -> pd.DataFrame:
    st.markdown(f"**{_(RATES[rate_id])}** · {_('baht per semester')}")
    rates = dict(now.bands(rate_id))
    levels = [level for level in LEVELS if level != "upper_secondary" or rate_id == EQUITY]
    frame = pd.DataFrame(
        {
            "level": levels,
            "words": [_(CODES["level"][level]) for level in levels],
            "baht": [rates.get(level, rates.get(policy.ALL)) for level in levels],
        }
    ).astype({"baht": float})
    return st.data_editor(
        frame,
        hide_index=True,
        key=f"{key}_{rate_id}",
        disabled=["words"],
        placeholder="–",
        column_config={
            "level": None,
            "words": st.column_config.TextColumn(_("Level")),
            "baht": st.column_config.NumberColumn(
                _("Baht"), min_value=0.0, max_value=100000.0, step=50.0, format="localized", help=_("Empty: not paid")
            ),
        },
    )


def _numbers(now: Scenario, key: str) -> dict[str, Any]:
    with st.grid(columns=4, min_column_width=200):
        days = st.number_input(_("School days a year"), 1, 366, now.days, key=f"{key}_days", help=_days_help())
        base_days = st.number_input(_("School days of the base"), 1, 366, now.base_days, key=f"{key}_base_days")
        percent: dict[str, Any] = {"step": 0.5, "format": "%.2f"}
        indexation = st.number_input(_("Indexation a year, %"), -20.0, 50.0, now.indexation * 100, key=f"{key}_index", **percent)
        growth = st.number_input(_("Growth of pupils a year, %"), -20.0, 20.0, now.growth * 100, key=f"{key}_growth", **percent)
        start = st.number_input(_("First fiscal year"), 2560, 2599, now.start_year, key=f"{key}_start")
        years = st.number_input(_("Years"), 1, 10, now.years, key=f"{key}_years")
        covers = st.selectbox(
            _("Schools for lunch"),
            scenarios.COVERS,
            scenarios.COVERS.index(now.covers),
            format_func=lambda c: _(COVERS[c]),
            key=f"{key}_covers",
            help=_(
                "No source was found that extends lunch to lower secondary, and the table of schools has no pupils by grade: "
                "schools that teach beyond primary are costed only when you ask for it."
            ),
        )
    return {
        "days": int(days),
        "base_days": int(base_days),
        "indexation": round(indexation / 100, 6),
        "growth": round(growth / 100, 6),
        "start_year": int(start),
        "years": int(years),
        "covers": covers,
    }


def _days_help() -> str:
    return _(
        "The Cabinet's sum for fiscal year 2565 implies 205 days: 25,436,304,000 baht for 5,894,420 pupils at 21 baht. "
        "An official number of days was not found; change it to yours."
    )


def _base_cards(now: Scenario, cards: Sequence[Card], key: str) -> tuple[tuple[str, str], ...]:
    wanted, out = dict(now.base), []
    with st.container():  # one under the other: a card's steps are a long line
        for rate_id in policy.RATE_IDS:
            offered = {c.id: c for c in reversed(cards) if c.rate_id == rate_id and c.usable}
            ids = list(offered)
            index = ids.index(wanted[rate_id]) if wanted.get(rate_id) in ids else None
            picked = st.selectbox(
                _("Base: {rate}", rate=_(RATES[rate_id])),
                ids,
                index,
                format_func=lambda i, o=offered: card_words(o[i]),
                key=f"{key}_base_{rate_id}",
                placeholder=_("None"),
            )
            if picked:
                out.append((rate_id, picked))
    return tuple(out)


def _bands(edited: pd.DataFrame) -> tuple[tuple[str, float], ...]:
    """Steps from where each begins: a step ends where the next begins, so there is never a gap."""
    rows = edited.dropna(how="all")
    if rows.isna().any(axis=None):
        raise UsageError(N_("Each lunch step needs both a size and a rate"))
    rows = rows.sort_values("low")
    lows = [int(n) for n in rows["low"]]
    if len(set(lows)) != len(lows):
        raise UsageError(N_("Two lunch steps begin at the same size"))
    ends = [*(n - 1 for n in lows[1:]), None]
    return tuple((policy.Step(low, end, 0).band, float(b)) for low, end, b in zip(lows, ends, rows["baht"], strict=True))


def _levels(edited: pd.DataFrame) -> tuple[tuple[str, float], ...]:
    kept = edited.dropna(subset=["baht"])
    return tuple((str(level), float(b)) for level, b in zip(kept["level"], kept["baht"], strict=True))
