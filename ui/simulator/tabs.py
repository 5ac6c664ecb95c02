"""The two tabs: one scenario with its terms and costs, and up to four side by side."""

from __future__ import annotations

from data_access.contract.errors import UsageError
from data_access.saved import scenarios
from data_access.saved.scenarios import SHARED
from ui.blocks import blocks, fields
from ui.kit import downloads, empty, linked
from ui.kit.filters import Filters
from ui.kit.tables import show_table
from ui.programmes.policy import context, found_cards
from ui.simulator import draft, form, results, takeaway, wording
from ui.view import address
from ui.view.events import offer
from ui.view.text import _


def simulator_tab(chosen: Filters) -> None:
    """One scenario: its terms, its costs beside the base, where they change, and who gains or loses."""
    cards = found_cards()
    draft.choose_saved()
    now = draft.at_hand(cards)
    form.form(now, cards)
    try:
        base = scenarios.base_of(now, cards)
    except UsageError as error:
        empty.refused(error)
        return
    new, old = draft.costs_of(now, chosen), draft.costs_of(base, chosen)
    blocks.caption("\n".join(wording.limits(now, *draft.inputs())))
    if new.empty and old.empty:
        blocks.note(_("There is nothing to cost here: no rate, no school with a size and no recipients."))
        return
    blocks.header(now.name)
    schools = draft.school_sides(now, base, chosen)
    results.tiles(now, new, old, schools)
    results.by_year([(draft.BASE, base, old), (now.id, now, new)], chosen, "policy_years")
    where = scenarios.difference(new, old, ["province"])
    if where["difference"].round().any():
        results.where_it_changes(where[where["province"] != SHARED], chosen)
    else:
        blocks.note(
            _(
                "This scenario costs what its base costs: nothing has changed yet. Change a rate, the days or the growth and calculate."
            ),
            "info",
        )
    results.breakdowns(new, old)
    results.who_gains(now, base, schools, chosen)
    takeaway.take_away(now, base, [], chosen)


def compare_tab(chosen: Filters) -> None:
    """Up to four scenarios beside the base of the first."""
    cards, names = found_cards(), draft.saved_names()
    if not names:
        blocks.note(_("No scenario has been saved yet. Make one under Simulator."))
        return
    picked = [i for i in (address.get("against") or "").split("~") if i in names] or list(names)[:2]
    fields.picks(
        "policy_against",
        linked.told_apart(names),
        _("Scenarios, up to four"),
        picked,
        scenarios.MOST_COMPARED,
        offer(address.choose_several, part="against"),
        add=_("Add a scenario"),
    )
    sides = [scenarios.load(i) for i in picked]
    try:
        base = scenarios.base_of(sides[0], cards)
    except UsageError as error:
        empty.refused(error)
        return
    blocks.caption(_("The base is that of the first scenario: {name}.", name=sides[0].name))
    found = [(draft.BASE, base, draft.costs_of(base, chosen)), *((s.id, s, draft.costs_of(s, chosen)) for s in sides)]
    table = wording.side_table(found, chosen)
    show_table("policy_sides", table, _("Scenarios side by side"))
    downloads.menu("policy_sides", table, context(chosen, _("Scenarios side by side")))
    results.by_year(found, chosen, "policy_compared")
    takeaway.take_away(sides[0], base, sides[1:], chosen)
