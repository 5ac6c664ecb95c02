"""The guard of units: SD, months and school years are never mixed; a conversion names its yardstick, and a wrong one is refused."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from data_access.contract.errors import UsageError
from i18n import N_


@dataclass(frozen=True)
class Quantity:
    """A number with what it is in and whom it is about; low and high of its 95 % interval may be missing (NaN)."""

    value: float
    low: float
    high: float
    unit: str
    population: str


@dataclass(frozen=True)
class Yardstick:
    """What one `from_unit` is in `to_unit`, for one population, with the source that found it; a row of the table `yardstick`."""

    id: str
    from_unit: str
    to_unit: str
    population: str
    factor: float
    low: float
    high: float
    source: str


def yardsticks(table: pd.DataFrame) -> list[Yardstick]:
    """The rows of the table as yardsticks."""
    names = ["yardstick_id", "from_unit", "to_unit", "population", "factor", "low", "high", "source"]
    return [Yardstick(*row) for row in table[names].itertuples(index=False, name=None)]


def convert(found: Quantity, stick: Yardstick) -> Quantity:
    """A quantity in the yardstick's unit; its interval holds the uncertainty of both.

    Raises:
        UsageError: the quantity is in another unit, or about other people, than the yardstick was measured on.
    """
    if found.unit != stick.from_unit:
        raise UsageError(N_("A yardstick for {have} cannot measure {want}"), have=stick.from_unit, want=found.unit)
    if found.population != stick.population:
        raise UsageError(
            N_("This yardstick was measured on {have}, not on {want}: no conversion is made"),
            have=stick.population,
            want=found.population,
        )
    ends = [bound * factor for bound in (found.low, found.high) for factor in (stick.low, stick.high)]
    return Quantity(found.value * stick.factor, min(ends), max(ends), stick.to_unit, found.population)
