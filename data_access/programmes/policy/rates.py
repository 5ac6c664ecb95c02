"""Rates as dated cards: what was in force when, what it was worth, and where lunch steps cut a school's money.

A card is the set of bands of one rate that begin on one day with one status. Approved and paid cards follow one another in time;
what sources disagree on and what is only for demonstration stay cards of their own and never replace one in force.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from data_access.contract.errors import UsageError
from data_access.contract.periods import BE_OFFSET
from i18n import N_

LUNCH, BASIC, EQUITY = "lunch", "basic_needs", "equity_grant"
RATE_IDS = (LUNCH, BASIC, EQUITY)
APPROVED, PAID, CONFLICTING, DEMONSTRATION = "approved", "paid", "conflicting", "demonstration"
IN_FORCE = (APPROVED, PAID)
PREFERRED = (IN_FORCE, (DEMONSTRATION,), (CONFLICTING,))
"""Which cards stand in as the base where the reader chooses none: one in force, else an invented one, a disputed one last."""
LEVELS = ("kindergarten", "primary", "lower_secondary", "upper_secondary")
ALL = "all"
SEMESTERS = {"semester": 1, "year": 2}
"""Semesters that a grant's rate pays for."""
MID_YEAR = (7, 1)
"""The day of a calendar year whose rate stands beside that year's average prices."""


# ---- cards ------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Card:
    """The bands of one rate from one day with one status; `bands` are (band, baht) and `sources` every source named.

    `since_known` is False where the rate was in force by that day and when it began is not known.
    """

    rate_id: str
    since: dt.date
    status: str
    per: str
    bands: tuple[tuple[str, float], ...]
    sources: tuple[str, ...]
    since_known: bool = True

    @property
    def id(self) -> str:
        """A name that stays the same from release to release."""
        return f"{self.rate_id}.{self.since:%Y%m%d}.{self.status}"

    @property
    def rates(self) -> dict[str, float]:
        """Band -> baht."""
        return dict(self.bands)

    @property
    def usable(self) -> bool:
        """Whether the bands say what every pupil of a school, or of a level, is paid: "lowest" and "highest" do not."""
        if self.rate_id == LUNCH:
            try:
                steps(self.rates)
            except UsageError:
                return False
            return True
        return set(self.rates) <= {*LEVELS, ALL}

    @property
    def comparable(self) -> dict[str, float]:
        """Band -> baht in one unit for all cards of a rate: a day of lunch, a semester of a grant (a year pays for two)."""
        return {band: baht / SEMESTERS.get(self.per, 1) for band, baht in self.bands}


def cards(rates: pd.DataFrame) -> list[Card]:
    """The table `rate` as cards, by rate and then oldest first.

    Raises:
        UsageError: the bands of one card are paid by different spans of time.
    """
    out = []
    for (rate_id, since, status), part in rates.groupby(["rate_id", "effective_from", "status"], sort=False):
        day = pd.Timestamp(str(since)).date()
        if part["per"].nunique() > 1:
            raise UsageError(N_("The bands of {rate} from {day} are paid by different spans of time"), rate=rate_id, day=day)
        ordered = sorted(zip(part["band"], part["baht"].astype(float), strict=True), key=lambda b: _band_order(b[0]))
        sources = tuple(dict.fromkeys(part["source"]))
        out.append(
            Card(str(rate_id), day, str(status), str(part["per"].iloc[0]), tuple(ordered), sources, bool(starts(part).all()))
        )
    order = {r: n for n, r in enumerate(RATE_IDS)}
    return sorted(out, key=lambda c: (order.get(c.rate_id, len(order)), c.since, c.status))


def starts(rates: pd.DataFrame) -> pd.Series:
    """Whether the day of each row of the table `rate` is the day on which it began; empty, or without the column, it is."""
    known = rates.get("since_known", pd.Series(None, index=rates.index, dtype=object))
    return known.astype("boolean").fillna(True).astype(bool)


def _band_order(band: str) -> tuple[int, str]:
    if match := re.match(r"\d+", band):
        return int(match[0]), band
    return (LEVELS.index(band) if band in LEVELS else len(LEVELS)), band


def default_card(found: Sequence[Card], rate_id: str, day: dt.date) -> Card | None:
    """The usable card that stands as the base on a day (see `PREFERRED`); None when the tables hold none."""
    begun = [c for c in found if c.rate_id == rate_id and c.since <= day and c.usable]
    for statuses in PREFERRED:
        if of_kind := [c for c in begun if c.status in statuses]:
            return of_kind[-1]
    return None


def spans(found: Sequence[Card], rate_id: str, today: dt.date) -> pd.DataFrame:
    """Each band of each card with the days between which it stood, for drawing steps.

    Approved and paid cards end where the next of either begins. A disputed or invented one ends where one in force or one of its
    own status begins, and never ends another.

    Returns:
        One row a card and band: card, band, status, since, until (dates), baht (see `Card.comparable`).
    """
    mine = [c for c in found if c.rate_id == rate_id and c.since <= today]
    rows = []
    for card in mine:
        ends = [c.since for c in mine if c.since > card.since and c.status in {*IN_FORCE, card.status}]
        until = min([*ends, today])
        for band, baht in card.comparable.items():
            row = {"card": card.id, "band": band, "status": card.status, "since": card.since, "until": until}
            rows.append({**row, "baht": baht})
    return pd.DataFrame(rows, columns=["card", "band", "status", "since", "until", "baht"])


def rate_on(
    found: Sequence[Card], rate_id: str, band: str, day: dt.date, statuses: Sequence[str] = IN_FORCE
) -> tuple[float, Card] | None:
    """What a band was paid on a day (see `Card.comparable`) and by which card; None when the card of that day does not say."""
    begun = [c for c in found if c.rate_id == rate_id and c.since <= day and c.status in statuses]
    if not begun:
        return None
    card = begun[-1]
    baht = card.comparable.get(band, card.comparable.get(ALL))
    return None if baht is None else (baht, card)


# ---- prices -----------------------------------------------------------------------------------------------------------------
def price_bases(prices: pd.DataFrame) -> list[str]:
    """The bases that the table `price_index` has."""
    return sorted(prices["base"].unique())


def one_base(prices: pd.DataFrame, base: str | None = None) -> pd.Series:
    """Calendar year (BE) -> index of one base; indices of different bases are never joined.

    Raises:
        UsageError: there is no index, none of this base, or several bases and none is named.
    """
    bases = price_bases(prices)
    if not bases:
        raise UsageError(N_("No price index has been loaded"))
    if base is None and len(bases) > 1:
        raise UsageError(
            N_("The price index has several bases ({bases}); name one: they are never mixed"), bases=", ".join(bases)
        )
    wanted = base or bases[0]
    if wanted not in bases:
        raise UsageError(N_("There is no price index of base {base}; there are {bases}"), base=wanted, bases=", ".join(bases))
    part = prices[prices["base"] == wanted]
    return part.set_index("calendar_year")["value"].astype(float).sort_index()


def real_value(
    found: Sequence[Card],
    prices: pd.DataFrame,
    rate_id: str,
    band: str,
    *,
    base: str | None = None,
    reference: int | None = None,
    statuses: Sequence[str] = IN_FORCE,
) -> pd.DataFrame:
    """A rate in the money of one year: baht × index(reference) ÷ index(year), for the years that the index covers.

    Args:
        base: of the price index; needed when there are several.
        reference: calendar year (BE) whose money is meant; the first covered by default, so the line shows what is left of a rate.
        statuses: cards that count; those in force by default.

    Returns:
        One row a covered year: calendar_year, index, baht (in force on 1 July, NaN where no card says), real, status.

    Raises:
        UsageError: see `one_base`; or the index does not cover the reference year.
    """
    index = one_base(prices, base)
    at = int(index.index[0]) if reference is None else reference
    if at not in index.index:
        raise UsageError(
            N_("The price index covers {first} to {last}, not {year}"), first=index.index[0], last=index.index[-1], year=at
        )
    rows = []
    for year, level in zip(index.index.astype(int).tolist(), index.tolist(), strict=True):
        held = rate_on(found, rate_id, band, dt.date(year - BE_OFFSET, *MID_YEAR), statuses)
        baht, status = (held[0], held[1].status) if held else (math.nan, "")
        row = {"calendar_year": year, "index": level, "baht": baht}
        rows.append({**row, "real": baht * index[at] / level, "status": status})
    return pd.DataFrame(rows)


# ---- lunch steps ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Step:
    """A lunch rate for schools of `low` to `high` pupils; the last step has no end."""

    low: int
    high: int | None
    baht: float

    @property
    def band(self) -> str:
        """As the table writes it: 1-40, 121+, all."""
        if self.high is None:
            return ALL if self.low <= 1 else f"{self.low}+"
        return f"{self.low}-{self.high}"


def steps(bands: Mapping[str, float]) -> tuple[Step, ...]:
    """Bands such as 1-40, 41-100, 121+ as steps from the smallest school up.

    Raises:
        UsageError: a band that is none, a gap or overlap between two, a first that does not begin at 1, or a last that ends.
    """
    found = sorted((_step(band, baht) for band, baht in bands.items()), key=lambda s: s.low)
    if not found:
        raise UsageError(N_("A lunch card needs at least one step"))
    if found[0].low != 1:
        raise UsageError(N_("The first step must begin at 1 pupil, not at {n}"), n=found[0].low)
    for before, after in pairwise(found):
        if before.high is None or after.low != before.high + 1:
            raise UsageError(N_("Steps {a} and {b} overlap or leave a gap"), a=before.band, b=after.band)
    if found[-1].high is not None:
        raise UsageError(N_("The last step must be open, such as {band}"), band=f"{found[-1].low}+")
    return tuple(found)


def _step(band: str, baht: Any) -> Step:
    if isinstance(baht, bool) or not isinstance(baht, (int, float)) or not math.isfinite(baht) or baht < 0:
        raise UsageError(N_("The rate of {band} must be a number from 0 up"), band=band)
    if band == ALL:
        return Step(1, None, float(baht))
    match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5})|\+)", band)
    if not match or (match[2] and int(match[2]) < int(match[1])):
        raise UsageError(N_("{band} is not a size of schools; write 1-40, 121+ or all"), band=band)
    return Step(int(match[1]), int(match[2]) if match[2] else None, float(baht))


def step_of(ladder: Sequence[Step], pupils: int) -> Step:
    """The step that a school of so many pupils stands on."""
    return next(s for s in reversed(ladder) if pupils >= s.low or s.low == 1)


def baht_a_day(ladder: Sequence[Step], pupils: int) -> float:
    """A school's lunch money a day, the rate of its size paid for every pupil: n · rate(n)."""
    return pupils * step_of(ladder, pupils).baht


def cliffs(ladder: Sequence[Step]) -> pd.DataFrame:
    """Where one pupil more costs a school money, and how many pupils it then needs to have as much a day again.

    Returns:
        One row a step whose first school gets less than the last of the step below: pupils (of that last school), baht, next_pupils,
        next_baht, loss (baht a day), regained (pupils; missing when never).
    """
    rows = []
    for before, after in pairwise(ladder):
        at = int(before.high or 0)
        had, has = baht_a_day(ladder, at), baht_a_day(ladder, at + 1)
        if has < had:
            row = {"pupils": at, "baht": had, "next_pupils": after.low, "next_baht": has, "loss": had - has}
            rows.append({**row, "regained": _regained(ladder, after.low, had)})
    return pd.DataFrame(rows, columns=["pupils", "baht", "next_pupils", "next_baht", "loss", "regained"])


def _regained(ladder: Sequence[Step], start: int, wanted: float) -> int | None:
    """The smallest school from `start` up that gets at least so much a day."""
    for step in (s for s in ladder if s.low >= start and s.baht > 0):
        pupils = max(step.low, math.ceil(round(wanted / step.baht, 9)))
        if step.high is None or pupils <= step.high:
            return pupils
    return None


def money_by_size(ladder: Sequence[Step], largest: int) -> pd.DataFrame:
    """A school's lunch money a day by its number of pupils, 1 to `largest`: pupils, step (band), rate, baht."""
    sizes = range(1, largest + 1)
    held = [step_of(ladder, n) for n in sizes]
    rates = [s.baht for s in held]
    money = [n * r for n, r in zip(sizes, rates, strict=True)]
    return pd.DataFrame({"pupils": list(sizes), "step": [s.band for s in held], "rate": rates, "baht": money})
