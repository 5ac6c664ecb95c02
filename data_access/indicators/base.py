"""What an indicator is, and the tables that families of them are computed from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from i18n import N_

Kind = Literal["count", "money", "rate", "mean", "per_head", "sd", "years"]

MOU_SOURCE = N_("MOU of DLA and EEF, 31 October 2565 BE")
BANGKOK = ("10",)
TABLES = {
    "grants": "pupil_grant",
    "centres": "centre_semester",
    "tsqp": "tsqp_school",
    "enrolment": "school",
    "results": "school_result",
    "trial": "trial_family",
    "readiness": "readiness_result",
    "reported": "reported_value",
    "pilot": "pilot_member",
    "policy": "rate",
    "target": "target",
    "chain": "chain_record",
    "links": "register_link",
    "screening": "screening_score",
    "cities": "learning_city_score",
    "visits": "trial_visit",
    "outside": "out_of_school_count",
    "informal": "out_of_school_count",
}
"""Family -> the finest table that its indicators are computed from."""
DISTINCT_TH = "นับรายคนไม่ซ้ำภายในช่วงเวลา"


@dataclass(frozen=True)
class Indicator:
    """One definition.

    Attributes:
        family: which tables it is computed from (grants, centres, tsqp, results, trial, readiness, reported, pilot, policy, target).
        numerator, denominator: measures of that family.
        person: whether it counts people (then the disclosure rule applies).
        periods: the period types that it exists for; empty when it has no period.
        dims: what it can be split by besides places and periods.
        outside: provinces where there is nothing to count by law: Bangkok has no local authority under DLA.
        rate: of money, the dated rate (`rate.rate_id`) that one head is paid by.
        each: the key that it is never added up over: a question names one of it, or breaks down by it.
        known: the measure of those about whom a count can say anything: where there are none, nothing was collected.
        rules: dated rules that it depends on (`data_access.breaks`): where one changes the series breaks.
        old_rule: the numerator by the rule of the year before, where the rows allow it to be worked out anew.
        followed: it follows one group of people from their start, so a later period is no later state of the same thing.
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

    @property
    def table(self) -> str:
        """The finest table that the indicator is computed from."""
        return TABLES[self.family]

    @property
    def sampled(self) -> bool:
        """Whether it is estimated from a sample, so that its error is part of every statement; all else counts everybody."""
        return self.family == "readiness"

    @property
    def reportable(self) -> bool:
        """Whether agencies' aggregates can stand in for the tables: counts and money add up, shares and means do not."""
        return self.kind in ("count", "money") and self.denominator is None and bool(self.periods) and not self.each

    def title(self, lang: str) -> str:
        """The title in the reader's language."""
        return self.title_th if lang == "th" else self.title_en

    def definition(self, lang: str) -> str:
        """The definition in the reader's language."""
        return self.definition_th if lang == "th" else self.definition_en

    def caveat(self, lang: str) -> str:
        """What it may not be used for, in the reader's language; may be empty."""
        return self.caveat_th if lang == "th" else self.caveat_en
