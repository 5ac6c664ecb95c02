"""The five results of the agreement on the Overview: which numbers each has, and what stands in where a release has none of them."""

from __future__ import annotations

from collections.abc import Sequence

from data_access.programmes.base import RESULTS as TITLES_OF_RESULTS
from data_access.programmes.indicators import PROGRAMMES
from ui.across import attention
from ui.kit import data, kpi, loaded
from ui.kit.filters import Filters
from ui.view.headlines import Headline
from ui.view.text import _

Items = tuple[tuple[str, dict[str, str]], ...]


def _result(number: int) -> tuple[str, str, Items]:
    """Title, page and numbers of a result of the agreement: those of the programmes that it is about, and the page of the first."""
    own = [p for p in PROGRAMMES if p.result == number and p.overview]
    return TITLES_OF_RESULTS[number - 1], own[0].page, tuple((x.id, dict(x.where)) for p in own for x in p.overview)


RESULTS: dict[int, tuple[str, str, Items]] = {n: _result(n) for n in range(1, len(TITLES_OF_RESULTS) + 1)}
SHOWN = {x.id: x for p in PROGRAMMES for x in p.overview}
MAPS = tuple(i for p in PROGRAMMES for i in p.maps)
LEADING = tuple(p.leading for p in PROGRAMMES if p.leading)
"""The periods on offer are those of the first one that the release has data for."""
WATCHED = tuple(i for p in PROGRAMMES for i in p.watched)
INSTEAD = 3
"""Numbers of a result that has none of its own."""


def numbers(page: str, items: Items, chosen: Filters) -> list[tuple[str, Headline]]:
    """The numbers of a result that the release has; where it has none of them, the first ones that the result's page has."""
    there = [(i, extra) for i, extra in items if i in data.available()]
    if not any(kpi.told(i, chosen, extra) for i, extra in there):
        others = [i for i in loaded.indicators(page) if not data.indicator(i).each and kpi.told(i, chosen)]
        there = [(i, {}) for i in others[:INSTEAD]] or there
    there.sort(key=lambda item: not kpi.told(item[0], chosen, item[1]))
    return [(i, _headline(i, extra, chosen)) for i, extra in there]


def _headline(indicator_id: str, extra: dict[str, str], chosen: Filters) -> Headline:
    """One number of a result, with what it compares with."""
    shown = SHOWN.get(indicator_id)
    told = (("title", shown.title), ("sentence", shown.sentence)) if shown else ()
    words = {k: _(v) for k, v in told if v}
    goal = attention.target(indicator_id, chosen)
    return kpi.headline(indicator_id, chosen, where=extra, target=goal, **words)  # type: ignore[arg-type]


def maps() -> list[str]:
    """What the map offers: the numbers of the results and what agencies report; where no province has any of them, whatever else there is."""
    there = [i for i in loaded.indicators("overview") if "province" in data.indicator(i).places and not data.indicator(i).each]
    found = [i for i in MAPS if i in there] + [i for i in there if data.indicator(i).family == loaded.REPORTED]
    return found if data.first_mapped(found) else there


def leading(offered: Sequence[str]) -> str:
    """The indicator whose periods are on offer."""
    return next((i for i in (*LEADING, *offered) if i in data.available() and data.indicator(i).periods), LEADING[0])


def watched(offered: Sequence[str]) -> list[str]:
    """The indicators that are looked through for what needs attention."""
    return [i for i in WATCHED if i in data.available()] or list(offered[:INSTEAD])
