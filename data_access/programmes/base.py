"""What a programme is: one record that every list of the house is derived from, and the parts that it is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import sqlalchemy as sa

from data_access.contract.schema import needs
from data_access.summaries.cube import CubeSpec
from data_access.summaries.design import NO_TRIALS, Rate, column
from i18n import N_

if TYPE_CHECKING:
    from data_access.questions.question import Ask, Cells

Kind = Literal["count", "money", "rate", "mean", "per_head", "sd", "years"]
How = Callable[[sa.Connection, "Indicator", "Ask", "Cells"], pd.DataFrame]
"""Works an indicator out: the connection, the indicator, the question, and what asks the cubes of others -> cells for `cells.finish`.

A column `table` says which table answered where that is not the family's."""

MOU_SOURCE = N_("MOU of DLA and EEF, 31 October 2565 BE")
BANGKOK = ("10",)
DISTINCT_TH = "นับรายคนไม่ซ้ำภายในช่วงเวลา"
REPORTED, REPORTED_TABLE = "reported", "reported_value"
"""The family of what agencies report, and its table."""
EVER = "ever"
"""The period of tables without one."""
RESULTS = (
    N_("1 · Grants reach pupils"),
    N_("2 · Schools improve themselves"),
    N_("3 · Young children are cared for"),
    N_("4 · Areas become places of learning"),
    N_("5 · Policy follows evidence"),
)
"""The five results of the agreement."""


@dataclass(frozen=True)
class Indicator:
    """One definition.

    Attributes:
        family: what it is computed from (`Family`).
        numerator, minus, denominator: measures of that family; the second is taken off the first.
        how: works it out where that is more than dividing sums of a cube: a function, or a description that is called like one.
        table: the finest table that it is computed from; `counted_in` a further one without which it would count nought. The family fills
            both in.
        person: whether it counts people (then the disclosure rule applies).
        periods: the period types that it exists for; empty when it has no period.
        dims: what it can be split by besides places and periods.
        outside: provinces where there is nothing to count by law: Bangkok has no local authority under DLA.
        rate: of money, the dated rate (`rate.rate_id`) that one head is paid by.
        each: the key that it is never added up over: a question names one of it, or breaks down by it.
        known: the measure of those about whom a count can say anything: where there are none, nothing was collected.
        rules: dated rules that it depends on (`data_access.questions.breaks`): where one changes the series breaks.
        old_rule: the numerator by the rule of the year before, where the rows allow it to be worked out anew.
        followed: it follows one group of people from their start, so a later period is no later state of the same thing.
        adds_up: of reported values, how those of places make that of a wider place: their sum, their mean weighted by another
            indicator (`weight`), or never.
        retired: the day (ISO) since which no values of it are taken in; empty while they are.
        two_tables: whether it sets senders of one table against those of another, so that who sent cannot be held still.
        around_nought: whether its sign is what matters, so that maps set what is above nought apart from what is below.
        sampled: whether it is estimated from a sample, so that its error is part of every statement; all else counts everybody.
    """

    id: str
    title_th: str
    title_en: str
    unit: str
    kind: Kind
    family: str
    numerator: str
    definition_th: str
    definition_en: str
    formula: str
    denominator: str | None = None
    direction: Literal["up", "down", "neither"] = "neither"
    person: bool = True
    periods: tuple[str, ...] = ("semester",)
    places: tuple[str, ...] = ("nation", "region", "province")
    dims: tuple[str, ...] = ()
    source: str = MOU_SOURCE
    caveat_th: str = ""
    caveat_en: str = ""
    synonyms: tuple[str, ...] = field(default=())
    outside: tuple[str, ...] = ()
    rate: str = ""
    each: str = ""
    known: str = ""
    rules: tuple[str, ...] = ()
    old_rule: str = ""
    followed: bool = False
    adds_up: Literal["sum", "weighted", "never"] = "sum"
    weight: str = ""
    retired: str = ""
    sampled: bool = False
    two_tables: bool = False
    around_nought: bool = False
    minus: str = ""
    how: How | None = None
    table: str = ""
    counted_in: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The measures that it is made of."""
        return tuple(m for m in (self.numerator, self.minus, self.denominator) if m)

    @property
    def needs(self) -> frozenset[str]:
        """The tables without which it has no numbers of its own."""
        return needs(self.table) | ({self.counted_in} if self.counted_in else set())

    @property
    def reportable(self) -> bool:
        """Whether agencies' aggregates can stand in for the tables: counts and money add up, shares and means do not."""
        return self.kind in ("count", "money") and self.denominator is None and bool(self.periods) and not self.each

    @property
    def takes_reports(self) -> bool:
        """Whether figures that agencies report are loaded for it: what it counts itself has to be computed from its own table."""
        return self.family == REPORTED or self.reportable

    def as_reported(self) -> Indicator:
        """The same as agencies report it, to be read from what they did."""
        return replace(self, family=REPORTED, table=REPORTED_TABLE, numerator="value", minus="", denominator=None)

    def titles(self) -> dict[str, str]:
        """The title for messages, in each language (`data_access.contract.errors`)."""
        return {"title": self.title_en, "title_th": self.title_th, "title_en": self.title_en}

    def title(self, lang: str) -> str:
        """The title in the reader's language."""
        return self.title_th if lang == "th" else self.title_en

    def definition(self, lang: str) -> str:
        """The definition in the reader's language."""
        return self.definition_th if lang == "th" else self.definition_en

    def caveat(self, lang: str) -> str:
        """What it may not be used for, in the reader's language; may be empty."""
        return self.caveat_th if lang == "th" else self.caveat_en


@dataclass(frozen=True)
class Sent:
    """That the table of a family is sent anew each period.

    Attributes:
        by: who sends it: school, centre or province; `column` names the sender in a row, `period` its period.
    """

    by: Literal["school", "centre", "province"]
    column: str
    period: Literal["semester", "academic_year"]


@dataclass(frozen=True)
class Family:
    """Indicators that are computed from one table in one way.

    Attributes:
        name: what indicators call it; its cube is stored in a release as `summary_<name>`.
        table: the finest table; `counted_in` a further one without which it would count nought (of whom visits are planned).
        title: the heading of its indicators in documents.
        spec, atoms: the cube, and how the rows that it sums are read. `year_atoms` gives those of academic years, in which
            `year_people` are counted once.
        how: works out the indicators of a family that has no cube.
        expected: reads who sent in which period: the codes of places, `sender` and `period`; `paid` where that is not all there is to send.
            Nobody is expected to send a family without it.
        paid: the measures that take a payment to have come.
        sent: what its completeness is judged by.
        roster: the families whose cubes together name every province that takes part: others have no such programme, whatever the
            period. `roster_set` is a pilot set whose provinces belong to it though they may have sent nothing yet.
        on_overview: whether the Overview is about it as well.
    """

    name: str
    table: str
    title: str
    indicators: tuple[Indicator, ...] = ()
    spec: CubeSpec | None = None
    atoms: Callable[[sa.Connection], pd.DataFrame] | None = None
    year_atoms: Callable[[sa.Connection, pd.DataFrame], pd.DataFrame] | None = None
    year_people: tuple[str, ...] = ()
    how: How | None = None
    counted_in: str = ""
    expected: Callable[[sa.Connection], pd.DataFrame] | None = None
    paid: frozenset[str] = frozenset()
    sent: Sent | None = None
    roster: tuple[str, ...] = ()
    roster_set: str = ""
    on_overview: bool = True

    def __post_init__(self) -> None:
        own = [replace(i, family=self.name, table=self.table, counted_in=self.counted_in) for i in self.indicators]
        object.__setattr__(self, "indicators", tuple(own))

    @property
    def summary(self) -> str:
        """The table of its cube in a release."""
        return f"summary_{self.name}"

    @cached_property
    def rates(self) -> dict[str, Rate]:
        """Column of the cube -> rate, of its indicators that have an interval."""
        out = {}
        for i in self.indicators:
            if i.denominator is None or i.how or i.numerator in NO_TRIALS:
                continue
            if i.kind == "rate":
                out[column(i.id)] = Rate(i.numerator, (i.minus,) if i.minus else (), i.denominator)
            elif i.numerator == "score_sum":
                out[column(i.id)] = Rate(i.numerator, (), i.denominator, ("square_sum", "spread_sum", "spread_n"))
        return out


@dataclass(frozen=True)
class Shown:
    """An indicator that stands for its programme on the Overview or on the page of a province; filters, and words in place of its own.

    Attributes:
        named: what the filters narrow it to, told beside its title.
        timed: whether it is drawn over time.
    """

    id: str
    where: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    sentence: str = ""
    named: str = ""
    timed: bool = True


@dataclass(frozen=True)
class SamePeople:
    """Two measures that count the same people by definition, and are protected together (`cube.guard_together`).

    Attributes:
        dated: whether the two are dated alike; not where one is a roster.
    """

    family: str
    measure: str
    other: str
    same: str
    dated: bool = True


@dataclass(frozen=True)
class Coverage:
    """A row of `docs/coverage.md`: a system of the MOU report, and where each of it is."""

    number: int
    system: str
    pages: tuple[str, ...]
    indicators: tuple[str, ...]
    tables: tuple[str, ...]
    tests: tuple[str, ...]


def covers(number: int, system: str, pages: str, indicators: str, tables: str, tests: str) -> Coverage:
    """A row from names with spaces between them."""
    return Coverage(number, system, *(tuple(names.split()) for names in (pages, indicators, tables, tests)))


@dataclass(frozen=True)
class Programme:
    """Everything that the house has to know of a programme.

    Attributes:
        title: in menus and lists.
        order: where it stands among the others; further ones stand last.
        page: the page that it has (file stem).
        families: what it measures.
        also, tables, beside: of the page: families of others, tables that it shows something of by themselves, and those that only add
            to what is there.
        codes: key -> the codes that a question may name of it.
        result: the result of the agreement (1 to 5) that its targets belong to; 0 for none.
        overview: the indicators of the result on the Overview; `maps` those that its map offers, `watched` those that are looked through
            for what needs attention, `leading` the one whose periods are on offer.
        province, province_headlines: the indicators on the page of a province, and which of them stand in large figures there.
        districts: those that are shown by district.
        same_people: measures that count the same people as another's.
        coverage: the systems of the MOU report that it covers.
        demo: makes its tables of demonstration data, given the places (`data_access.demo.places`) and the tables made already.
    """

    title: str
    order: int = 1000
    page: str = ""
    families: tuple[Family, ...] = ()
    also: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    result: int = 0
    overview: tuple[Shown, ...] = ()
    maps: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    leading: str = ""
    province: tuple[Shown, ...] = ()
    province_headlines: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    same_people: tuple[SamePeople, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    demo: Callable[[Any, Mapping[str, pd.DataFrame]], Mapping[str, pd.DataFrame]] | None = None
