"""The form of a scenario: steps of the lunch, rates of the grants, days, growth, the base."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data_access.contract.errors import UsageError
from data_access.programmes.policy import rates as rate_cards
from data_access.programmes.policy.rates import BASIC, EQUITY, LEVELS, LUNCH, RATE_IDS, Card
from data_access.saved import scenarios
from data_access.saved.scenarios import HIGHEST_RATE, LIMITS, Scenario
from data_access.who.access import MANAGER
from i18n import N_
from ui.blocks import blocks, forms
from ui.blocks.forms import Field, Values
from ui.entry import person
from ui.kit.filters import CODES
from ui.programmes.claims import RATES
from ui.programmes.policy import card_words
from ui.simulator import draft
from ui.view import address
from ui.view.events import act, offer
from ui.view.text import _, plain, said

COVERS = {
    scenarios.TO_PRIMARY: N_("Schools that teach up to primary"),
    scenarios.EVERY_SCHOOL: N_("Every school with a size, all its pupils"),
}
LARGEST = 12_000  # pupils of a school
PERCENT = 100
KEEP = "keep"
NUMBERS = {
    "days": N_("School days a year"),
    "base_days": N_("School days of the base"),
    "indexation": N_("Indexation a year, %"),
    "growth": N_("Growth of pupils a year, %"),
    "start_year": N_("First fiscal year"),
    "years": N_("Years"),
}
NOTES = {
    "days": N_(
        "The Cabinet's sum for fiscal year 2565 implies 205 days: 25,436,304,000 baht for 5,894,420 pupils at 21 baht. "
        "An official number of days was not found; change it to yours."
    ),
    "covers": N_(
        "No source was found that extends lunch to lower secondary, and the table of schools has no pupils by grade: "
        "schools that teach beyond primary are costed only when you ask for it."
    ),
}


def form(now: Scenario, cards: Sequence[Card]) -> None:
    """Everything that a scenario changes; what breaks a rule is said and changes nothing."""
    groups = [
        forms.Group(f"{_(RATES[LUNCH])} · {_('baht per school day')}", [_steps(now)]),
        *(forms.Group(f"{_(RATES[r])} · {_('baht per semester')}", _rates(r, now)) for r in (BASIC, EQUITY)),
        forms.Group(_("Days, growth and years"), [*_numbers(now), _covers(now)], "beside"),
        forms.Group("", _base(now, cards), "line"),
        forms.Group("", [forms.text("name", _("Name"), now.name, scenarios.LONGEST_NAME)], "beside"),
    ]
    buttons = [forms.Button("calculate", _("Calculate"), ":material/calculate:", strong=True)]
    if person.may(MANAGER):
        buttons.append(forms.Button(KEEP, _("Save"), ":material/save:"))
    blocks.subheader(_("Change the scenario"))
    forms.form("policy_form", groups, buttons, offer(sent))


@act
def sent(value: tuple[str, Values]) -> None:
    """The form was sent with one of its buttons."""
    said(_changed, *value)


def _changed(button: str, values: Values) -> None:
    terms = {k: values[k] / PERCENT if k not in scenarios.WHOLE else int(values[k]) for k in NUMBERS}
    changed = Scenario(
        values["name"],
        lunch=_bands(values["lunch"]),
        basic=_levels(BASIC, values),
        equity=_levels(EQUITY, values),
        base=tuple((r, values[f"base_{r}"]) for r in RATE_IDS if values[f"base_{r}"]),
        covers=values["covers"],
        **{k: round(v, 6) for k, v in terms.items()},
    )
    if button == KEEP:
        _save(changed)
    draft.keep(changed)


def _save(changed: Scenario) -> None:
    """Save under its name; the scenario that is open may be written over, another one may not."""
    person.current().require(MANAGER)
    found = scenarios.save(changed, person.current(), replace_old=changed.id == address.get("scenario"))
    address.put(scenario=found)
    st.toast(_("Saved: {name}", name=plain(changed.name)))


def _steps(now: Scenario) -> Field:
    ladder = rate_cards.steps(dict(now.lunch)) if now.lunch else ()
    columns = [forms.Column(_("From pupils"), 1, LARGEST, whole=True), forms.Column(_("Baht"), 0, HIGHEST_RATE[LUNCH])]
    rows = [(s.low, s.baht) for s in ladder]
    return forms.rows("lunch", columns, rows, add=_("Add a step"), away=_("Take step {n} away"))


def _levels_of(rate_id: str) -> list[str]:
    return [level for level in LEVELS if level != "upper_secondary" or rate_id == EQUITY]


def _rates(rate_id: str, now: Scenario) -> list[Field]:
    rates = dict(now.bands(rate_id))
    words = {level: _(CODES["level"][level]) for level in _levels_of(rate_id)}
    found = {level: rates.get(level, rates.get(rate_cards.ALL)) for level in words}
    highest = HIGHEST_RATE[rate_id]
    return [
        forms.number(f"{rate_id}_{level}", words[level], found[level], 0, highest, none=_("Empty: not paid")) for level in words
    ]


def _numbers(now: Scenario) -> list[Field]:
    out = []
    for key, words in NUMBERS.items():
        whole = key in scenarios.WHOLE
        times = 1 if whole else PERCENT
        low, high = (n * times for n in LIMITS[key])
        value = round(getattr(now, key) * times, 4)
        out.append(forms.number(key, _(words), value, low, high, whole=whole, note=_(NOTES[key]) if key in NOTES else ""))
    return out


def _covers(now: Scenario) -> Field:
    words = {code: _(name) for code, name in COVERS.items()}
    return forms.choice("covers", _("Schools for lunch"), words, now.covers, note=_(NOTES["covers"]))


def _base(now: Scenario, cards: Sequence[Card]) -> list[Field]:
    wanted = dict(now.base)
    out = []
    for rate_id in RATE_IDS:
        offered = {c.id: card_words(c) for c in reversed(cards) if c.rate_id == rate_id and c.usable}
        chosen = wanted.get(rate_id) if wanted.get(rate_id) in offered else None
        out.append(forms.choice(f"base_{rate_id}", _("Base: {rate}", rate=_(RATES[rate_id])), offered, chosen, none=_("None")))
    return out


def _bands(rows: Sequence[Sequence[float | None]]) -> tuple[tuple[str, float], ...]:
    """Steps from where each begins: a step ends where the next begins, so there is never a gap."""
    filled = [(low, baht) for low, baht in rows if low is not None or baht is not None]
    whole = sorted((int(low), baht) for low, baht in filled if low is not None and baht is not None)
    if len(whole) < len(filled):
        raise UsageError(N_("Each lunch step needs both a size and a rate"))
    lows = [low for low, _baht in whole]
    if len(set(lows)) != len(lows):
        raise UsageError(N_("Two lunch steps begin at the same size"))
    ends = [*(n - 1 for n in lows[1:]), None]
    return tuple((rate_cards.Step(low, end, 0).band, float(baht)) for (low, baht), end in zip(whole, ends, strict=True))


def _levels(rate_id: str, values: Values) -> tuple[tuple[str, float], ...]:
    found = {level: values[f"{rate_id}_{level}"] for level in _levels_of(rate_id)}
    return tuple((level, float(baht)) for level, baht in found.items() if baht is not None)
