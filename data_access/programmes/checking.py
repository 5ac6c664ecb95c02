"""Whether the records of programmes fit together: a slip is told when the app starts, not by a number that is never there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from data_access.contract.errors import UsageError
from data_access.programmes.base import Family, Programme
from i18n import N_


def checked(found: tuple[Programme, ...]) -> tuple[Programme, ...]:
    """The records, as they are.

    Raises:
        UsageError: two indicators have one id, or a record names a measure, a split or an indicator that there is not.
    """
    every = Counter(i.id for programme in found for family in programme.families for i in family.indicators)
    for programme in found:
        wrong = [*_unknown(programme, every), *(slip for family in programme.families for slip in _slips(family, every))]
        if wrong:
            raise UsageError(
                N_("The record of the programme {title} does not fit: {what}"), title=programme.title, what="; ".join(wrong)
            )
    return found


def _unknown(programme: Programme, every: Mapping[str, int]) -> Iterator[str]:
    """Indicators that its lists name and nobody has."""
    shown = (s.id for s in (*programme.overview, *programme.province))
    lists = (*programme.maps, *programme.watched, *programme.province_headlines, *programme.districts)
    yield from (i for i in (*shown, *lists, *filter(None, [programme.leading])) if i not in every)


def _slips(family: Family, every: Mapping[str, int]) -> Iterator[str]:
    """Indicators that are there already, and measures and splits that they name and their cube has not."""
    yield from (i.id for i in family.indicators if every[i.id] > 1)
    spec = family.spec
    if spec is None:
        return
    measures, splits = {*spec.people, *spec.attached, *spec.optional, *spec.untold}, {*spec.attributes, spec.each}
    for indicator in family.indicators:
        named = {*indicator.dims} - splits | ({*indicator.parts} - measures if indicator.how is None else set())
        yield from (f"{indicator.id}: {name}" for name in sorted(named))
