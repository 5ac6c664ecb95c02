"""Cells for the page: cached per release, with the page's filters fitted to what each indicator can answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any

import pandas as pd

from charts.theme import TOLD, Measure
from data_access.analysis import quality, trials
from data_access.analysis import targets as targeting
from data_access.analysis.targets import Forecast, Standing, Track
from data_access.contract.errors import UsageError
from data_access.contract.periods import PERIOD_KEYS, parse_period
from data_access.programmes.indicators import REGISTRY, Indicator
from data_access.questions import changes as changing
from data_access.questions import detail
from data_access.questions import query as querying
from data_access.questions.breaks import Break
from data_access.questions.cells import COLUMNS, NOT_APPLICABLE, PARTS
from data_access.questions.recorded import Ask
from data_access.saved import stories
from data_access.who.access import EVERYWHERE, Scope
from ui.entry import person
from ui.view import address, shown
from ui.view.cache import FORGETTERS

Cell = Mapping[str, Any]
"""One cell by column, as `query` answers it."""
TTL = 3600
FORGETTERS += [querying.forget, changing.forget]


def of_release(maxsize: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Remember what a function (release id, scope, arguments) reads from a release, which never changes.

    What one scope sees is remembered apart from what another sees.

    Frames come as shallow copies, which pandas copies on write: unlike `st.cache_data`, which unpickles all of it on every hit.
    """

    def remember(function: Callable[..., Any]) -> Callable[..., Any]:
        @lru_cache(maxsize=maxsize)
        def kept(release_id: str, _checksum: str, scope: Scope, *args: Any) -> Any:
            return function(release_id, scope, *args)

        FORGETTERS.append(kept.cache_clear)

        @wraps(function)
        def ask(*args: Any) -> Any:
            found = shown.release()
            answer = kept(found.id, found.checksum, person.scope(), *args)
            return answer.copy(deep=False) if isinstance(answer, pd.DataFrame) else answer

        return ask

    return remember


@of_release(2000)
def _query(
    release_id: str, scope: Scope, ids: tuple[str, ...], by: tuple[str, ...], where: tuple[tuple[str, Any], ...]
) -> pd.DataFrame:
    try:
        return querying.query(ids, by=by, where=dict(where), release=release_id, scope=scope)
    except UsageError:
        return pd.DataFrame()


@of_release(64)
def table(release_id: str, scope: Scope, name: str) -> pd.DataFrame:
    """A small contract table of the release by name (events, targets, pilot sets), never one of persons.

    Of authorities, schools and centres only the rows inside the person's scope.
    """
    return detail.table(release_id, name, scope)


@of_release(16)
def whole_table(release_id: str, _scope: Scope, name: str) -> pd.DataFrame:
    """A contract table with every row whatever the scope: for counts of the country or of provinces, whose rows are never listed."""
    return detail.table(release_id, name, EVERYWHERE)


@of_release(8)
def trial_clusters(release_id: str, _scope: Scope) -> pd.DataFrame:
    """The design of the trial (`data_access.analysis.trials.clusters`)."""
    return trials.clusters(release_id)


@of_release(8)
def trial_measures(release_id: str, _scope: Scope) -> pd.DataFrame:
    """What the statistics of the trial are made of (`data_access.analysis.trials.measures`); no row of it is shown."""
    return trials.measures(release_id)


@of_release(8)
def late(release_id: str, scope: Scope, dataset_id: str) -> pd.DataFrame:
    """Who has sent a data set before but not for its latest period (`data_access.analysis.quality.late`); institutions, no persons."""
    found = quality.dataset(release_id, dataset_id)
    if not found:
        return pd.DataFrame(columns=["sender", "name", "province", "last_period", "missed"])
    rows = quality.late(release_id, found)
    places = rows["sender"] != rows["province"]  # schools and centres; that a province is late is no detail
    return rows[~places | rows["province"].map(scope.covers).astype(bool)].reset_index(drop=True)


@of_release(64)
def completeness(release_id: str, _scope: Scope, dataset_id: str) -> pd.DataFrame:
    """How many of those expected have sent a data set, by province and period (`data_access.analysis.quality.completeness`)."""
    found = quality.dataset(release_id, dataset_id)
    return quality.completeness(release_id, found) if found else pd.DataFrame()


@of_release(64)
def _differences(release_id: str, scope: Scope, asks: tuple[Ask, ...], old: str) -> pd.DataFrame:
    parts = [stories.ask_differences(a, old, release_id, scope) for a in asks]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def differences(asks: Sequence[Ask], old: str) -> pd.DataFrame:
    """What the release at hand answers differently from an older one (`data_access.saved.stories.ask_differences`)."""
    return _differences(tuple(asks), old)


@of_release(64)
def outliers(release_id: str, _scope: Scope, ids: tuple[str, ...]) -> pd.DataFrame:
    """Provinces far from the others in the latest period of these indicators (`data_access.analysis.quality.outliers`)."""
    return quality.outliers(release_id, ids)


@of_release(200)
def _periods(release_id: str, _scope: Scope, indicator_id: str, key: str | None) -> tuple[str, ...]:
    return tuple(querying.periods_of(indicator_id, key, release_id))


def periods(indicator_id: str, key: str | None = None) -> list[str]:
    """The periods that an indicator has values for, oldest first."""
    return list(_periods(indicator_id, key))


@of_release(200)
def _provisional(release_id: str, _scope: Scope, indicator_id: str, key: str | None) -> frozenset[str]:
    return querying.provisional_periods(indicator_id, key, release_id)


@dataclass(frozen=True)
class Offer:
    """The periods that a page has, oldest first, and which of them are provisional in the whole country."""

    periods: tuple[str, ...] = ()
    provisional: frozenset[str] = frozenset()

    @property
    def default(self) -> str | None:
        """What a page opens with: the latest complete one."""
        return querying.latest_complete(self.periods, self.provisional)


def offer(indicator_id: str, kinds: Sequence[str] = ()) -> Offer:
    """The periods of an indicator, of these kinds in this order (the first one that it has when none is named)."""
    kinds = kinds or REGISTRY[indicator_id].periods[:1]
    return Offer(
        tuple(p for kind in kinds for p in periods(indicator_id, kind)),
        frozenset().union(*(_provisional(indicator_id, kind) for kind in kinds)),
    )


def latest(indicator_id: str, key: str | None = None) -> str | None:
    """The latest complete period of an indicator; None for one without periods."""
    return offer(indicator_id, (key,) if key else ()).default


@of_release(16)
def available(release_id: str, _scope: Scope) -> tuple[str, ...]:
    """The indicators that the release has data for."""
    return querying.available(release_id)


@of_release(400)
def _mapped(_release_id: str, _scope: Scope, indicator_id: str) -> bool:
    found, period = REGISTRY[indicator_id], latest(indicator_id)
    if found.each:
        return True  # a question about it names more than the indicator
    frame, _earlier = cells_or_earlier(indicator_id, ("province",), {found.periods[0]: period} if period else {})
    return len(frame) > 0 and bool(frame["state"].isin(TOLD).any())


def first_mapped(ids: Sequence[str]) -> str | None:
    """The first of these indicators that any province has a number of."""
    return next((i for i in ids if "province" in REGISTRY[i].places and _mapped(i)), None)


@of_release(400)
def _track(release_id: str, _scope: Scope, indicator_id: str, place: str) -> Track | None:
    return targeting.track(indicator_id, table("target"), place, release_id)


def track(indicator_id: str, province: str | None = None) -> Track | None:
    """Targets, path and standings of an indicator in the whole country or a province; None without targets there."""
    return _track(indicator_id, province or targeting.NATION)


def standing(indicator_id: str, province: str | None, period: str | None) -> Standing | None:
    """Where an indicator stands against its path at the end of the period that the reader chose; None without targets.

    Without a choice, whatever a page opens with, it is the as-of date: a register without periods has a state on that day alone.
    """
    found = track(indicator_id, province)
    return targeting.standing(found, period if address.get("period") else None) if found else None


@of_release(400)
def _forecast(_release_id: str, _scope: Scope, indicator_id: str, place: str) -> Forecast | None:
    found = _track(indicator_id, place)
    return targeting.forecast(found) if found else None


def forecast(indicator_id: str, province: str | None = None) -> Forecast | None:
    """The forecast of the periods that remain until the last target, or why there is none; None without targets."""
    return _forecast(indicator_id, province or targeting.NATION)


@of_release(400)
def _changes(
    release_id: str, scope: Scope, indicator_id: str, by: tuple[str, ...], where: tuple[tuple[str, Any], ...]
) -> pd.DataFrame:
    try:
        return changing.changes(indicator_id, by, dict(where), release=release_id, scope=scope)
    except UsageError:
        return pd.DataFrame()


@of_release(5000)
def _change(release_id: str, scope: Scope, indicator_id: str, where: tuple[tuple[str, Any], ...]) -> Mapping[str, Any] | None:
    try:
        return changing.change(indicator_id, dict(where), release=release_id, scope=scope)
    except UsageError:
        return None


def change(indicator_id: str, where: Mapping[str, Any] | None = None) -> Mapping[str, Any] | None:
    """The change of one place; None where the question has no answer."""
    return _change(indicator_id, _fitted(REGISTRY[indicator_id], (), dict(where or {})))


def changes(indicator_id: str, by: Sequence[str] = (), where: dict[str, Any] | None = None) -> pd.DataFrame:
    """How an indicator changed since a year before (`data_access.questions.changes`); empty where it cannot be filtered in the way asked."""
    return _changes(indicator_id, tuple(by), _fitted(REGISTRY[indicator_id], by, where or {}))


@of_release(200)
def rule_changes(release_id: str, _scope: Scope, indicator_id: str) -> tuple[Break, ...]:
    """Where the series of an indicator breaks, since a dated rule changed (`data_access.questions.breaks`)."""
    return changing.rule_changes(indicator_id, release_id)


def indicator(indicator_id: str) -> Indicator:
    """The registry entry."""
    return REGISTRY[indicator_id]


def measure(indicator_id: str, lang: str) -> Measure:
    """An indicator as the charts need it."""
    found = REGISTRY[indicator_id]
    return Measure(found.id, found.title(lang), found.unit, found.kind, found.direction)


def cells(ids: str | Sequence[str], by: Sequence[str] = (), where: dict[str, Any] | None = None) -> pd.DataFrame:
    """Cells of one or more indicators.

    An indicator that cannot be filtered or broken down in the way asked answers `not_applicable`, not with a number of
    something else. A semester is fitted to the academic year of an indicator that only has years, and the reverse.
    """
    wanted = (ids,) if isinstance(ids, str) else tuple(ids)
    frames = [_one(i, tuple(by), dict(where or {})) for i in wanted]
    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]


def rows(indicator_id: str, by: Sequence[str] = (), where: dict[str, Any] | None = None) -> tuple[Cell, ...]:
    """The cells of one indicator, as `cells`, one by one: for what looks at each, and needs no frame."""
    return _rows(indicator_id, tuple(by), _fitted(REGISTRY[indicator_id], by, dict(where or {})))


@of_release(2000)
def _rows(
    _release_id: str, _scope: Scope, indicator_id: str, by: tuple[str, ...], where: tuple[tuple[str, Any], ...]
) -> tuple[Cell, ...]:
    return tuple(_one(indicator_id, by, dict(where)).to_dict("records"))


def asks(ids: str | Sequence[str], by: Sequence[str] = (), where: dict[str, Any] | None = None) -> list[Ask]:
    """The questions that `cells` puts with these arguments, one an indicator, to be put again to another release."""
    wanted = (ids,) if isinstance(ids, str) else tuple(ids)
    return [Ask.of(i, by, settled(REGISTRY[i], by, dict(where or {}))) for i in wanted]


def cell(indicator_id: str, where: dict[str, Any] | None = None) -> Cell:
    """One cell, by column."""
    return _cell(indicator_id, _fitted(REGISTRY[indicator_id], (), dict(where or {})))


@of_release(20_000)
def _cell(release_id: str, scope: Scope, indicator_id: str, where: tuple[tuple[str, Any], ...]) -> Cell:
    try:
        found = querying.query_cell(indicator_id, dict(where), release_id, scope)
    except UsageError:
        found = None
    return found or _blank(indicator_id)


def cell_or_earlier(indicator_id: str, where: dict[str, Any] | None = None) -> Cell:
    """One cell; where nothing was collected in the period, that of the latest earlier one, in state `older`."""
    now = cell(indicator_id, where)
    asked = fit_period(indicator(indicator_id), dict(where or {}))
    key = next((k for k in PERIOD_KEYS if isinstance(asked.get(k), str)), None)
    if now["state"] != "not_collected" or key is None:
        return now
    for period in reversed([p for p in periods(indicator_id, key) if p < asked[key]]):
        earlier = cell(indicator_id, {**asked, key: period})
        if earlier["state"] in ("value", "zero"):
            return _as_older(earlier, period)
    return now


def cells_or_earlier(
    indicator_id: str, by: Sequence[str], where: dict[str, Any] | None = None
) -> tuple[pd.DataFrame, str | None]:
    """Cells of a period; where no place has any, those of the latest earlier period, and which one that is."""
    now = cells(indicator_id, by, where)
    asked = fit_period(indicator(indicator_id), dict(where or {}))
    key = next((k for k in PERIOD_KEYS if isinstance(asked.get(k), str)), None)
    states = {row["state"] for row in rows(indicator_id, by, where)}
    if key is None or states - {"not_collected", "not_applicable"}:
        return now, None
    for period in reversed([p for p in periods(indicator_id, key) if p < asked[key]]):
        earlier = cells(indicator_id, by, {**asked, key: period})
        if earlier["state"].isin(("value", "zero")).any():
            return earlier, period
    return now, None


def _as_older(earlier: Cell, period: str) -> Cell:
    return {**earlier, "state": "older", "older_period": period}


def _one(indicator_id: str, by: tuple[str, ...], where: dict[str, Any]) -> pd.DataFrame:
    found = REGISTRY[indicator_id]
    frame = _query((indicator_id,), by, _fitted(found, by, where))
    if frame.empty:
        blank = _blank(indicator_id, by)
        return pd.DataFrame([blank]) if not by else pd.DataFrame(columns=list(blank))
    return frame


def _blank(indicator_id: str, by: Sequence[str] = ()) -> dict[str, Any]:
    """The cell of a question that the indicator cannot be asked."""
    parts = {c: float("nan") if c in ("value", *PARTS) else "" for c in COLUMNS}
    return {"indicator": indicator_id, **dict.fromkeys(by, ""), **parts, "state": NOT_APPLICABLE}


def settled(found: Indicator, by: Sequence[str], where: dict[str, Any]) -> dict[str, Any]:
    """The filters with a period that the indicator has: the one that was asked for, its cousin, else the latest complete one."""
    fitted = fit_period(found, where)
    if not found.periods or found.each or {*by, *fitted} & set(PERIOD_KEYS) or (period := latest(found.id)) is None:
        return fitted
    return {**fitted, found.periods[0]: period}


def _fitted(found: Indicator, by: Sequence[str], where: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Filters as an indicator can be asked by, as a value that can be looked up by."""
    fitted = settled(found, by, {k: v for k, v in where.items() if v not in (None, "", [], ())})
    return tuple(sorted((k, tuple(v) if isinstance(v, (list, set, tuple)) else v) for k, v in fitted.items()))


def fit_period(found: Indicator, where: dict[str, Any]) -> dict[str, Any]:
    """Swap the period for one that the indicator has: its academic year, or the first semester of it."""
    keys = [k for k in PERIOD_KEYS if k in where]
    if not keys or keys[0] in found.periods:
        return where
    key = keys[0]
    rest = {k: v for k, v in where.items() if k != key}
    if not isinstance(where[key], str):
        return rest
    code = convert_period(where[key], found.periods)
    return {**rest, **code}


def convert_period(code: str, kinds: Sequence[str]) -> dict[str, str]:
    """A period as one of the given kinds, where academic time allows; empty when it does not."""
    period = parse_period(code)
    if "academic_year" in kinds and hasattr(period, "half"):
        return {"academic_year": f"AY{period.year}"}
    if "semester" in kinds and code.startswith("AY"):
        return {"semester": f"{period.year}-1"}
    return {}
