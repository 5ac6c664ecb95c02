"""The page about rates: dated cards with what sources disagree on, what a rate is still worth, and the lunch steps."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from charts.rates import cliff_words, lunch_ladder, rate_steps
from charts.style import Style
from charts.theme import Chart, Measure
from data_access.contract.errors import UsageError
from data_access.contract.periods import fiscal_year_of
from data_access.programmes.policy import rates as rate_cards
from data_access.programmes.policy.rates import BASIC, EQUITY, LUNCH, Card
from data_access.who.access import Scope
from i18n import N_, format_number
from ui.blocks import blocks, fields
from ui.kit import data, downloads, empty, linked, provenance
from ui.kit.filters import CODES, Filters
from ui.kit.tables import show_table
from ui.programmes.claims import RATE_STATUS, RATES, since_words
from ui.view import address
from ui.view import shown as shown_release
from ui.view.events import offer
from ui.view.text import _, lang, style

PER = {"day": N_("baht per school day"), "semester": N_("baht per semester"), "year": N_("baht per year")}
BADGES = {"approved": "green", "paid": "blue", "demonstration": "gray", "conflicting": "orange"}
BAND_WORDS = {"all": N_("All"), "lowest": N_("Lowest case"), "highest": N_("Highest case")}
LADDER_SIZE = 180
TABS = {
    "rates": N_("Rates"),
    "lunch_steps": N_("Lunch by school size"),
    "simulator": N_("Simulator"),
    "compare": N_("Scenarios side by side"),
}


def part() -> str:
    """The part of the page that is shown, kept in the address."""
    return str(address.get("tab")) if address.get("tab") in TABS else "rates"


def tabs(shown: str) -> None:
    """The parts of the page to choose from."""
    names = {t: _(words) for t, words in TABS.items()}
    fields.segments("policy_tab", names, _("Part of the page"), shown, offer(address.choose, part="tab"))


def today() -> dt.date:
    """The day that the data speak of."""
    return dt.date.fromisoformat(shown_release.release().as_of)


def found_cards() -> list[Card]:
    """The rate cards of the release."""
    return list(_cards())


@data.of_release(4)
def _cards(_release_id: str, _scope: Scope) -> tuple[Card, ...]:
    return tuple(rate_cards.cards(data.table("rate")))


def band_words(band: str) -> str:
    """A band in words: a level, a size of schools, or all."""
    if band in CODES["level"]:
        return _(CODES["level"][band])
    if band in BAND_WORDS:
        return _(BAND_WORDS[band])
    return _("{band} pupils", band=band.replace("-", "–").replace("+", " +")) if band[:1].isdigit() else band


def card_words(card: Card) -> str:
    """A card in one line: since when, what status, and its rates."""
    rates = " · ".join(f"{band_words(b)} {format_number(v, lang())}" for b, v in card.bands)
    return f"{since_words(card.since, card.since_known)} ({_(RATE_STATUS.get(card.status, card.status))}): {rates}"


def choose_rate() -> str:
    """Which rate the panels are about, kept in the address."""
    shown = address.get("measure") if address.get("measure") in rate_cards.RATE_IDS else LUNCH
    names = {r: _(RATES[r]) for r in rate_cards.RATE_IDS}
    fields.segments("policy_rate", names, _("Rate"), str(shown), offer(address.choose, part="measure"), named=True)
    return str(shown)


# ---- rates ------------------------------------------------------------------------------------------------------------------
def rates_tab(chosen: Filters) -> None:
    """The cards of a rate over time, what is disputed or not supplied, and its real value."""
    rate_id = choose_rate()
    cards = [c for c in found_cards() if c.rate_id == rate_id]
    if not cards:
        blocks.note(_("No card of this rate has been loaded. They come in like any other table, on the page Data."))
        return
    if usable := [c for c in cards if c.usable]:
        blocks.finding(f"{_(RATES[rate_id])}: {card_words(usable[-1])}", _(PER.get(usable[-1].per, usable[-1].per)))
    _not_supplied(rate_id, cards)
    if any(c.status == rate_cards.CONFLICTING for c in cards):
        blocks.note(
            _("Sources disagree on this rate. Both are shown, dotted lines for what is disputed; nothing is resolved here."),
            "compare_arrows",
            "warning",
        )
    left, right = blocks.columns([6, 5])
    with left:
        blocks.subheader(_("Over time"))
        _steps(rate_id, cards, chosen)
    with right:
        blocks.subheader(_("What it is still worth"))
        _real(rate_id, cards, chosen)
    blocks.subheader(_("Rate cards"))
    table = cards_table(cards)
    show_table("quoted_policy_cards", table, _("Every card of this rate with its status and source"))
    downloads.menu("policy_cards", table, context(chosen, _(RATES[rate_id])))


def context(chosen: Filters, title: str) -> provenance.Context:
    """What every export of the page says of itself."""
    return provenance.context([], chosen, title)


def not_supplied(rate_id: str, cards: Sequence[Card]) -> list[str]:
    """What no card says, so that its absence is not read as nought: messages."""
    latest = max((c for c in cards if c.usable), key=lambda c: c.since, default=None)
    said = []
    if rate_id == LUNCH:
        since = fiscal_year_of(max(c.since for c in cards)).year
        said.append(
            _(
                "Not supplied: any change of the lunch rate after fiscal year {year}, and any rate for lower secondary.",
                year=since,
            )
        )
    if rate_id in (BASIC, EQUITY) and latest and not {"kindergarten", rate_cards.ALL} & set(latest.rates):
        said.append(_("Not supplied: a rate for kindergarten."))
    if rate_id == BASIC:
        said.append(_("Not supplied: whether the per-head support raised from fiscal year 2566 changed this subsidy."))
    if any(not c.usable for c in cards):
        said.append(_("The latest card gives only the lowest and the highest amount, so no cost is computed from it."))
    return said


def _not_supplied(rate_id: str, cards: Sequence[Card]) -> None:
    if said := not_supplied(rate_id, cards):
        blocks.note("\n".join(said), "unknown_document")


def cards_table(cards: Sequence[Card]) -> pd.DataFrame:
    """One row a card and band, newest first."""
    rows = [(c, band, baht) for c in reversed(cards) for band, baht in c.bands]
    return pd.DataFrame(
        {
            _("In force since"): [since_words(c.since, c.since_known) for c, _b, _v in rows],
            _("Status"): [_(RATE_STATUS.get(c.status, c.status)) for c, _b, _v in rows],
            _("Band"): [band_words(b) for _c, b, _v in rows],
            _("Baht"): [v for _c, _b, v in rows],
            _("Per"): [_(PER.get(c.per, c.per)) for c, _b, _v in rows],
            _("Source"): ["; ".join(c.sources) for c, _b, _v in rows],
        }
    )


def _steps(rate_id: str, cards: Sequence[Card], chosen: Filters) -> None:
    spans = rate_cards.spans(cards, rate_id, today())
    per = "day" if rate_id == LUNCH else "semester"
    measure = Measure(f"policy.{rate_id}", _(RATES[rate_id]), PER[per], "per_head")
    bands = {b: band_words(b) for c in cards for b, _v in c.bands}
    words = {s: _(w) for s, w in RATE_STATUS.items()}

    def draw(drawn: Style) -> Chart:
        return rate_steps(spans, measure, drawn, bands=bands, statuses=words, title=f"{measure.title} ({drawn.text(PER[per])})")

    halved = " " + _("Rates a year are divided by two semesters.") if any(c.per == "year" for c in cards) else ""
    blocks.caption(_("In {unit}.", unit=_(PER[per])) + halved)
    linked.chart(draw(style()), "policy_steps")
    downloads.menu("policy_steps", cards_table(cards), context(chosen, measure.title), draw)


def _price_base(prices: pd.DataFrame) -> str | None:
    bases = rate_cards.price_bases(prices)
    return fields.kept_choice("policy_base", {b: b for b in bases}, _("Base of the price index")) if len(bases) > 1 else None


def _line_bands(cards: Sequence[Card]) -> list[str]:
    newest = [c for c in cards if c.usable]
    return [b for b, _v in newest[-1].bands] if newest else []


def _real(rate_id: str, cards: Sequence[Card], chosen: Filters) -> None:
    bands = _line_bands(cards)
    if not bands:
        blocks.note(_("No card of this rate says what each level is paid."))
        return
    band = fields.kept_choice(f"policy_band_{rate_id}", {b: band_words(b) for b in reversed(bands)}, _("Band"))
    force = any(c.status in rate_cards.IN_FORCE for c in cards)
    statuses = rate_cards.IN_FORCE if force else (rate_cards.DEMONSTRATION,)
    prices = data.table("price_index")
    try:
        frame = rate_cards.real_value(cards, prices, rate_id, band, base=_price_base(prices), statuses=statuses)
    except UsageError as error:
        blocks.note(error.message(lang()), "info")
        return
    first, last = int(frame["calendar_year"].iloc[0]), int(frame["calendar_year"].iloc[-1])
    blocks.caption(
        _(
            "In money of {first}; the price index covers {first} to {last} and no other year is shown. "
            "The rate of each year is the one of 1 July.",
            first=first,
            last=last,
        )
        + ("" if force else " " + _("No card in force is known; this is the one for demonstration."))
    )
    values = pd.concat(
        [
            pd.DataFrame({"x": frame["calendar_year"].map("CY{}".format), "value": frame[c], "series": c})
            for c in ("real", "baht")
        ],
        ignore_index=True,
    )
    values["state"] = values["value"].notna().map({True: "value", False: "not_collected"})
    if empty.when_empty(values):
        return
    measure = Measure("policy.real", f"{_(RATES[rate_id])} · {band_words(band)}", "baht", "mean")

    draw = linked.over_time(
        "policy_real",
        values,
        measure,
        labels={f"CY{y}": str(y) for y in frame["calendar_year"]},
        series_names={"real": _("In money of {year}", year=first), "baht": _("As paid")},
        title=measure.title,
        reach=(0.0,),
    )
    table = pd.DataFrame(
        {
            _("Calendar year"): frame["calendar_year"],
            _("Price index"): frame["index"],
            _("As paid"): frame["baht"],
            _("In money of {year}", year=first): frame["real"],
        }
    )
    downloads.menu("policy_real", table, context(chosen, measure.title), draw)


# ---- lunch by size ------------------------------------------------------------------------------------------------------------
def ladder_of(cards: Sequence[Card]) -> dict[str, Card]:
    """The lunch cards whose steps cover every size, id -> card, newest first."""
    return {c.id: c for c in reversed(cards) if c.rate_id == LUNCH and c.usable}


def lunch_tab(chosen: Filters) -> None:
    """The lunch money of a school by its size, and the cliffs at the steps."""
    offered = ladder_of(found_cards())
    if not offered:
        blocks.note(_("No card of this rate has been loaded. They come in like any other table, on the page Data."))
        return
    picked = fields.kept_choice("policy_ladder", {i: card_words(c) for i, c in offered.items()}, _("Lunch card"))
    ladder = rate_cards.steps(offered[picked].rates)
    falls = rate_cards.cliffs(ladder)
    top = max([LADDER_SIZE, *(math.ceil(n * 1.2) for n in falls["regained"].dropna())])
    frame = rate_cards.money_by_size(ladder, top)
    measure = Measure("policy.lunch_day", _("Lunch money of a school"), "baht per day", "per_head")
    blocks.caption(_("The rate of a school's size is read as paid for every pupil of the school: n × rate(n) baht a day."))

    def draw(drawn: Style) -> Chart:
        return lunch_ladder([(drawn.text(N_("Baht a day")), frame)], falls, measure, drawn, title=measure.title)

    left, right = blocks.columns([6, 5])
    with left:
        linked.chart(draw(style()), "policy_lunch")
        downloads.menu("policy_lunch", ladder_table(frame), context(chosen, measure.title), draw)
    with right:
        blocks.subheader(_("Where one pupil more costs the school money"))
        if falls.empty:
            blocks.note(_("No step leaves a school with less money a day for one pupil more."))
            return
        blocks.points([cliff_words(r, measure, style()) for r in falls.to_dict("records")])
        title = _("Where one pupil more costs the school money")
        downloads.menu("policy_cliffs", cliff_table(falls), context(chosen, title))


def ladder_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A school's lunch money by its size, in words."""
    names = {"pupils": _("Pupils of the school"), "step": _("Band"), "rate": _("Baht"), "baht": _("Baht a day")}
    return frame.rename(columns=names)


def cliff_table(falls: pd.DataFrame) -> pd.DataFrame:
    """The cliffs in words."""
    names: Mapping[str, Any] = {
        "pupils": _("Pupils"),
        "baht": _("Baht a day"),
        "next_pupils": _("One more"),
        "next_baht": _("Baht a day then"),
        "loss": _("Loss a day"),
        "regained": _("Regained at"),
    }
    return falls.rename(columns=names)
