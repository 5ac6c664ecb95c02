"""A headline: the number, what it compares with, and one plain sentence. Cell states are spoken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from charts.theme import PROVISIONAL, SUPPRESSED, TOLD, Measure, provisional_words, state_short
from data_access.analysis.targets import BEHIND, NO_DATA, NOT_DUE, ON_TRACK, UNCLEAR, Standing
from data_access.contract.periods import parse_period
from i18n import N_, format_money, format_number
from ui.blocks import blocks
from ui.blocks.components import Part, cards
from ui.kit import changing, claimed, data, guide
from ui.kit.filters import Filters
from ui.view.cache import once_a_view
from ui.view.events import offer
from ui.view.headlines import Headline, shown_now
from ui.view.text import _, lang, style

FLAGS = {
    "partial": N_("The sum leaves suppressed places out."),
    "incomplete": N_("Some places sent nothing, so this is not the total."),
}
TILE, RESULT = 190, 215  # pixels: the least width of a tile and of the card of a result
GOOD, BAD, NEITHER = "normal", "inverse", "off"
STATUS = {
    ON_TRACK: (N_("On track"), ":material/check_circle:", "good"),
    BEHIND: (N_("Behind"), ":material/error:", "late"),
    UNCLEAR: (N_("Cannot be told"), ":material/question_mark:", "neither"),
    NO_DATA: (N_("No data"), ":material/help:", "neither"),
    NOT_DUE: (N_("Not yet due"), ":material/schedule:", "info"),
}
"""Words, symbol and tone of each status."""


def value_words(cell: Any, measure: Measure) -> str:
    """A cell as the big number of a tile: the value, or its state in words."""
    if cell["state"] in TOLD and pd.notna(cell["value"]):
        text = format_money(cell["value"], lang()) if measure.kind == "per_head" else measure.words(cell["value"], lang())
        text += " +" if cell["flag"] in FLAGS else ""
        return _("{value} (provisional)", value=text) if cell["state"] == PROVISIONAL else text
    if cell["indicator"] not in data.available():
        return _("Not loaded yet")
    return state_short(cell["state"], style()) or _("No data")


@once_a_view
def headline(
    indicator_id: str,
    filters: Filters,
    *,
    where: dict[str, Any] | None = None,
    title: str = "",
    target: float | None = None,
    sentence: str = "",
    compare: bool = True,
) -> Headline:
    """Compute a headline for the page's filters.

    Args:
        where: added to the filters' own, as far as the indicator knows such places.
        target: when there is one, where the indicator stands against the path to it is said.
        sentence: said after the one about the change on the year before.
        compare: whether the year before is looked up.
    """
    indicator, measure = data.indicator(indicator_id), data.measure(indicator_id, lang())
    asked = {**fitting_place(indicator_id, filters), **(where or {})}
    cell = data.cell_or_earlier(indicator_id, asked)
    changed = data.change(indicator_id, asked) if compare and indicator.periods else None
    delta, said = changing.delta(changed), changing.sentence(changed, measure) if changed is not None else ""
    if cell["state"] == "older":
        delta, said = None, _("From {period}, the latest there is.", period=parse_period(cell["older_period"]).label(lang()))
    if cell["state"] == PROVISIONAL:
        compared = changed is not None and not changed["reason"]
        rule = changing.by_old_rule(changed, measure) if changed is not None and not compared else ""
        said = f"{provisional_sentence(cell, said if compared else '')} {rule}".strip()
    if published := claimed.announced(indicator_id, asked, cell, measure):
        said = f"{said} {published}".strip()
    standing = data.standing(indicator_id, filters.province, filters.period) if target is not None else None
    if standing is not None:
        said = f"{said} {target_sentence(standing, measure, cell)}".strip()
    if asked.keys().isdisjoint(filters.where(period=False, split=False)) and filters.where(period=False, split=False):
        said = f"{said} {_('For the whole country.')}".strip()
    lacking = _(FLAGS[cell["flag"]]) if cell["flag"] in FLAGS else ""
    colour = {"up": GOOD, "down": BAD}.get(indicator.direction, NEITHER)
    number, dated = claimed.number(indicator_id, asked, cell, value_words(cell, measure))
    return Headline(
        title or indicator.title(lang()),
        number,
        delta,
        f"{said} {sentence} {lacking}".strip(),
        colour,
        indicator.definition(lang()),
        tuple(data.asks(indicator_id, (), asked)),
        filters.period,
        dated,
    )


def provisional_sentence(cell: Any, compared: str = "") -> str:
    """What has come of a number's period so far, and what those who sent both times say, or that it is compared with nothing."""
    said = provisional_words(cell, style())
    said = said[:1].upper() + said[1:]
    return f"{said}. {compared}" if compared else _("{said}; it is not compared with other periods.", said=said)


def as_table(found: Sequence[Headline]) -> pd.DataFrame:
    """Headlines as a table of words, for a slide."""
    rows = [(h.title, h.number, h.sentence) for h in found]
    return pd.DataFrame(rows, columns=[_("Indicator"), _("Number"), _("What it compares with")])


def target_sentence(standing: Standing, measure: Measure, beside: Any) -> str:
    """Where an indicator stands, in one sentence: the target, when it falls due, and the status.

    The number that was judged is named with its period unless it is the very number that the sentence stands beside: a year's count of
    distinct pupils is not the semester's.

    Args:
        beside: the cell that the sentence stands beside.
    """
    said = _verdict(standing, measure)
    if standing.value is None or (
        standing.value == beside["value"] and standing.period in (beside["period"], beside["older_period"])
    ):
        return said
    value = measure.words(standing.value, lang())
    if not standing.period:  # a register without periods
        return f"{said} {_('Judged by {value} on the as-of date.', value=value)}"
    return f"{said} {_('Judged by {value} in {period}.', value=value, period=parse_period(standing.period).label(lang()))}"


def _verdict(standing: Standing, measure: Measure) -> str:
    due = {"target": measure.words(standing.goal.value, lang()), "period": parse_period(standing.goal.period).label(lang())}
    if standing.status == NO_DATA:
        return _("Target of {period} {target}: no data.", **due)
    if standing.status == NOT_DUE:
        return _("Target of {period} {target}: not yet due.", **due)
    if standing.status == UNCLEAR:
        return _("Target of {period} {target}: cannot be told, the survey's margin of error holds the path.", **due)
    if standing.expected == standing.goal.value:
        return (
            _("Target of {period} {target}: reached.", **due)
            if standing.status == ON_TRACK
            else _("Target of {period} {target}: not reached.", **due)
        )
    return (
        _("On the path to the target of {period}, {target}.", **due)
        if standing.status == ON_TRACK
        else _("Behind the path to the target of {period}, {target}.", **due)
    )


def standing(status: str, beside: str) -> blocks.Standing:
    """A status as a badge, and what is said beside it."""
    words, icon, tone = STATUS[status]
    return tone, icon, _(words), beside


def plain(label: str, number: str, more: str = "") -> None:
    """A number with its name in a card, where there is nothing to compare it with."""
    cards(f"plain_{label}", [[plain_tile(label, number, more)]], least=TILE)


def plain_tile(label: str, number: str, more: str = "") -> Part:
    """The tile of a number that is no headline of the page."""
    return {"part": "tile", "label": label, "number": number, "sentence": more}


def tile(found: Headline, measure_kind: str = "count") -> Part:
    """A headline as a part of a card (`ui.blocks.components.cards`); it counts as one of the page's headlines."""
    shown_now().append(found)
    part: Part = {"part": "tile", "label": found.title, "help": found.help, "number": found.number, "sentence": found.sentence}
    if not found.delta:
        return part
    more = found.delta > 0
    colour = "neither" if found.colour == NEITHER else "good" if more == (found.colour == GOOD) else "bad"
    return {**part, "delta": delta_words(found.delta, measure_kind), "arrow": "up" if more else "down", "colour": colour}


def delta_words(delta: float, kind: str) -> str:
    """A change with its sign and unit: rates in percentage points, large money in millions."""
    size, unit, digits = abs(delta), "", {"count": 0, "money": 0, "per_head": 0, "years": 0, "sd": 2}.get(kind, 1)
    if kind == "rate":
        size, unit = size * 100, " " + _("percentage points")
    elif kind == "money" and size >= 1e6:
        size, unit, digits = size / 1e6, " " + _("million baht"), 1
    return f"{'+' if delta > 0 else '-'}{format_number(size, lang(), digits)}{unit}"


def row(items: Sequence[tuple[str, Headline]]) -> None:
    """Headlines side by side; (indicator id, headline). They wrap on narrow screens; those without data in the release are named alone."""
    key = f"tiles_{len(shown_now())}"
    there = [(i, found) for i, found in items if i in data.available()]
    if there:
        cards(key, [[tile(found, data.indicator(i).kind)] for i, found in there], least=TILE)
    if absent := [found.title for i, found in items if i not in data.available()]:
        blocks.caption(_("Not loaded yet: {tables}.", tables=", ".join(absent)), key=f"{key}_absent")


def told(indicator_id: str, filters: Filters, where: dict[str, Any] | None = None) -> bool:
    """Whether a headline of these arguments has a number or says that it is suppressed."""
    cell = data.cell_or_earlier(indicator_id, {**fitting_place(indicator_id, filters), **(where or {})})
    return cell["state"] in (*TOLD, SUPPRESSED)


def results(found: Sequence[tuple[str, Sequence[tuple[str, Headline]], str, Part]]) -> None:
    """Results side by side: of each its title, its headline, the numbers beside it one a line, the tables that it lacks, and the part that ends its card."""
    shown: list[list[Part]] = []
    for title, numbers, absent, end in found:
        card: list[Part] = [{"part": "head", "text": title}]
        for indicator_id, first in numbers[:1]:
            card.append(tile(first, data.indicator(indicator_id).kind))
        if others := [o for _i, o in numbers[1:]]:
            shown_now().extend(others)
            card.append({"part": "lines", "items": [[o.title, claimed.with_date(o.number, o.dated)] for o in others]})
        if absent:
            said = N_("Not loaded yet: {tables}.") if numbers else N_("Not loaded yet. It comes with: {tables}.")
            card.append({"part": "text", "text": _(said, tables=absent)})
        shown.append([*card, end])
    cards("results", shown, least=RESULT, go=offer(guide.lead_to))


def fitting_place(indicator_id: str, filters: Filters) -> dict[str, Any]:
    """The page's filters as far as an indicator knows such places; a national number stays national."""
    where = filters.where()
    if "province" not in data.indicator(indicator_id).places:
        where = {k: v for k, v in where.items() if k not in ("province", "region4", "region6", "nesdc", "pilot_set")}
    return where
