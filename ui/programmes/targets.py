"""Panels of the page about targets: the scorecard, the rule in words, and one picture an indicator with its forecast."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd

import geo
from charts.describe import difference
from charts.style import Style
from charts.targets import target_path
from charts.theme import NOT_COLLECTED, TOLD, Chart, Measure, rounded, state_short
from data_access.analysis.targets import (
    BEHIND,
    MINIMUM_PERIODS,
    NATION,
    NO_DATA,
    NOT_DUE,
    ON_TRACK,
    UNCLEAR,
    Forecast,
    Standing,
    Track,
    drawn,
    indicators_with_targets,
    standing,
)
from data_access.contract.periods import parse_period
from data_access.programmes.base import RESULTS
from data_access.programmes.indicators import PROGRAMMES, REGISTRY
from i18n import N_, format_date, format_number, format_period
from ui.blocks import blocks, components
from ui.kit import data, downloads, kpi, linked, provenance
from ui.kit.filters import Filters
from ui.kit.tables import period_words, show_table, shown_value
from ui.view import address
from ui.view.events import offer
from ui.view.text import _, lang, style

OTHER = N_("Other targets")
RESULT_OF = {f.name: RESULTS[p.result - 1] for p in PROGRAMMES for f in p.families if p.result}
TITLES = {x.id: x.title for p in PROGRAMMES for x in p.overview if x.title}
REASONS = {
    "not_collected": N_("nothing was collected"),
    "suppressed": N_("suppressed to protect small numbers, here or elsewhere"),
    "not_applicable": N_("there is nothing to collect there"),
    "partial": N_("the sum leaves suppressed places out"),
    "provisional": N_("provisional: not everything has come yet"),
    "no_history": N_("a register without periods: only its present state is known"),
    "other_kind": N_("the indicator is kept by another kind of period"),
}
REFUSALS = {
    "no_history": N_("No forecast: a register without periods has no series."),
    "other_kind": N_("No forecast: the indicator is kept by another kind of period than its targets."),
    "suppressed": N_("No forecast: {period} is suppressed."),
    "partial": N_("No forecast: the sum of {period} leaves suppressed places out."),
    "break": N_("No forecast: since the break before {period} there are {n} complete periods; at least {minimum} are needed."),
    "too_few": N_("No forecast: there are {n} complete periods; at least {minimum} are needed."),
    "constant": N_("No forecast: the series does not vary, so that no interval can be estimated."),
    "over": N_("No forecast: the last target period is over."),
}
RULE = (
    (
        N_("Path"),
        N_(
            "Straight from the value of the latest complete period before the first target to each target in turn. A target falls due "
            "on the last day of its period."
        ),
    ),
    (
        N_("Status"),
        N_(
            "The value of a period that has ended, against the path at the end of that period; at or above it is on track (at or "
            "below it where less is better), otherwise behind. A period that has not ended is not yet due."
        ),
    ),
    (
        N_("Cannot be told"),
        N_(
            "An estimate of a survey whose 95% interval holds the path: the sample says neither that it is reached nor that it is "
            "missed. A full count is judged by its value."
        ),
    ),
    (
        N_("No data"),
        N_(
            "Nothing collected, suppressed, a sum that leaves suppressed places out, or a year without its second semester. That is "
            "never taken for nought."
        ),
    ),
    (
        N_("Periods"),
        N_(
            "An indicator kept by semester answers for an academic year by the last semester collected in it; one kept by year, by "
            "the year; a register without periods by its state on the as-of date."
        ),
    ),
    (
        N_("Forecast"),
        N_(
            "Random walk with drift, which is the last value plus the mean step so far, with its 95% prediction interval; from at "
            "least {minimum} complete periods without a gap or change of source. It carries the pace so far on and says nothing of "
            "causes."
        ),
    ),
)


# ---- choosing ---------------------------------------------------------------------------------------------------------------
def tracks(province: str | None) -> list[Track]:
    """The tracks of a province or of the whole country, by result."""
    ids = indicators_with_targets(data.table("target"), province or NATION)
    found = [t for i in ids if (t := data.track(i, province))]
    return sorted(found, key=lambda t: [*RESULTS, OTHER].index(result_of(t.indicator.id)))


def result_of(indicator_id: str) -> str:
    """The result of the agreement that an indicator belongs to, as a message id."""
    return RESULT_OF.get(REGISTRY[indicator_id].family, OTHER)


def title_of(found: Track) -> str:
    """An indicator in the reader's words, as its targets mean it, and that less is better where it is."""
    words = _(TITLES[found.indicator.id]) if found.indicator.id in TITLES else found.indicator.title(lang())
    return f"{words} ({_('less is better')})" if found.indicator.direction == "down" else words


def measure_of(found: Track) -> Measure:
    """The measure of a track under its own title."""
    plain_one = data.measure(found.indicator.id, lang())
    return Measure(plain_one.id, title_of(found), plain_one.unit, plain_one.kind, plain_one.direction)


# ---- at a glance -----------------------------------------------------------------------------------------------------------------
def verdict(found: Sequence[Track], period: str | None) -> None:
    """How many results are on plan and which is farthest from it, in a sentence; beneath it the others that are behind, unclear, or not known."""
    blocks.finding(*verdict_words(found, period))


def verdict_words(found: Sequence[Track], period: str | None = None) -> tuple[str, str]:
    """The sentence of `verdict`, and what stands beneath it."""
    now = [(one, standing(one, period)) for one in found]
    on_plan = sum(s.status == ON_TRACK for _t, s in now)
    behind = sorted((p for p in now if p[1].status == BEHIND), key=lambda p: -abs((p[1].gap or 0) / (p[1].expected or 1)))
    text = _("{n} of {all} results are on plan", n=format_number(on_plan, lang()), all=format_number(len(now), lang()))
    named = [f"{title_of(t)} ({gap_words(s, measure_of(t))})" for t, s in behind]
    if named:
        text += _("; farthest from it: {result}", result=named[0])
    more = [_("Also behind: {results}", results=", ".join(named[1:]))] if named[1:] else []
    for status in (UNCLEAR, NO_DATA, NOT_DUE):
        if names := [title_of(t) for t, s in now if s.status == status]:
            more.append(f"{_(kpi.STATUS[status][0])}: {', '.join(names)}")
    return text, " · ".join(more)


def bullets(found: Sequence[Track], period: str | None, maps: Sequence[str], shown: str) -> None:
    """Every result on a line: the way so far, its number, what the plan expects by now; one that has a map shows it when it is pressed.

    Args:
        maps: the indicators that the map of the page offers; `shown`, the one on it.
    """
    rows = [_bullet(one, standing(one, period), maps, period or "") for one in found]
    components.bullets("results_bullets", rows, _("Five results against the plan"), shown, offer(address.choose, part="measure"))


def _bullet(one: Track, now: Standing, maps: Sequence[str], shown_period: str) -> components.Part:
    measure = measure_of(one)
    scale = max(0.0, *(v for v in (now.value, now.expected, one.goals[-1].value) if v is not None)) * 1.05 or 1.0
    tone, icon, status, _said = _now(now, measure)
    judged = period_words(now.period, lang()) if now.period not in ("", shown_period) and now.value is not None else ""
    return {
        "group": _(result_of(one.indicator.id)),
        "name": f"{title_of(one)} · {judged}" if judged else title_of(one),
        "line": [rounded(r["value"]) if r["usable"] else None for r in one.rows],
        "number": "–" if now.value is None else measure.short(now.value, lang()),
        "value": None if now.value is None else rounded(max(now.value, 0.0) / scale),
        "plan": None if now.expected is None else rounded(max(now.expected, 0.0) / scale),
        "hollow": now.status == NOT_DUE,
        "badge": (tone, icon, status if now.status == UNCLEAR else gap_words(now, measure) or status, ""),
        "picks": one.indicator.id if one.indicator.id in maps else "",
    }


# ---- the scorecard ------------------------------------------------------------------------------------------------------------
def scorecard(found: Sequence[Track]) -> None:
    """Results × years: one row an indicator, one column a target year, and where it stands now; status by icon and word."""
    years = sorted({parse_period(g.period).year for t in found for g in t.goals})
    groups: dict[str, list[tuple[str, list[blocks.Standing | None]]]] = {}
    for one in found:
        by_year = {parse_period(s.goal.period).year: s for s in one.years}
        cells = [_cell(by_year[y], measure_of(one)) if y in by_year else None for y in years]
        row = (title_of(one), [*cells, _now(standing(one), measure_of(one))])
        groups.setdefault(_(result_of(one.indicator.id)), []).append(row)
    heads = [_("Result and indicator"), *(str(y) for y in years), _("Where it stands")]
    blocks.scoreboard(heads, groups, _("Five results, year by year"))


def _cell(found: Standing, measure: Measure) -> blocks.Standing:
    """A target year: status, value of target."""
    reached = measure.short(found.value, lang()) if found.value is not None else "–"
    target = measure.short(found.goal.value, lang())
    return kpi.standing(found.status, _("{value}, target {target}", value=reached, target=target))


def _now(found: Standing, measure: Measure) -> blocks.Standing:
    if found.value is None:
        return kpi.standing(found.status, _(REASONS[found.reason]) if found.status == NO_DATA and found.reason else "")
    said = [period_words(found.period, lang()), gap_words(found, measure)]
    return kpi.standing(found.status, " · ".join(w for w in said if w))


def gap_words(found: Standing, measure: Measure) -> str:
    """How far a value is from what was expected, in words; empty without a value."""
    if found.value is None or found.expected is None:
        return ""
    apart = difference(found.expected, found.value, measure, style())
    if not apart:
        return _("on the path")
    if measure.direction == "down":  # "below" would be said of what is good
        return (
            _("{gap} worse than the path", gap=apart)
            if found.value > found.expected
            else _("{gap} better than the path", gap=apart)
        )
    return _("{gap} above the path", gap=apart) if found.value > found.expected else _("{gap} below the path", gap=apart)


def table(found: Sequence[Track]) -> pd.DataFrame:
    """The scorecard as a table: one row a target, numbers in the reader's units."""
    rows = []
    for one in found:
        measure = measure_of(one)
        for s in one.years:
            value = None if s.value is None else shown_value(s.value, measure)
            target = shown_value(s.goal.value, measure)
            rows.append(
                {
                    _("Result"): _(result_of(one.indicator.id)),
                    _("Indicator"): title_of(one),
                    _("Place"): place_words(one),
                    _("Target period"): period_words(s.goal.period, lang()),
                    _("Target"): target,
                    _("Reached"): value,
                    _("Unit"): measure.unit_name(lang()),
                    _("Period of the value"): _period_of(s, one),
                    _("Gap"): None if value is None else value - target,
                    _("Status"): _(kpi.STATUS[s.status][0]),
                    _("Reason"): _(REASONS[s.reason]) if s.reason and s.status == NO_DATA else "",
                }
            )
    return pd.DataFrame(rows)


def _period_of(found: Standing, one: Track) -> str:
    if found.value is None:
        return ""
    return period_words(found.period, lang()) if found.period else format_date(one.as_of.isoformat(), lang())


def place_words(found: Track) -> str:
    """The place of a track in words."""
    return _("Whole country") if found.place == NATION else geo.name(found.place, lang())


def standings_table(found: Sequence[Track]) -> pd.DataFrame:
    """Where every result stands now: one row an indicator; `attrs` hold the tones of the statuses and the sentence (`ui.kit.slides`)."""
    rows, tones = [], []
    for one in found:
        now, measure = standing(one), measure_of(one)
        tone, _icon, status, said = _now(now, measure)
        rows.append(
            {
                _("Result"): _(result_of(one.indicator.id)),
                _("Indicator"): title_of(one),
                _("Reached"): "–" if now.value is None else measure.words(now.value, lang()),
                _("Expected by then"): "–" if now.expected is None else measure.words(now.expected, lang()),
                _("Final target"): f"{measure.short(one.goals[-1].value, lang())} ({period_words(one.goals[-1].period, lang())})",
                _("Where it stands"): " · ".join(w for w in (status, said) if w),
            }
        )
        tones.append(tone)
    frame = pd.DataFrame(rows)
    frame.attrs |= {"tones": tones, "finding": verdict_words(found)[0]}
    return frame


def scorecard_table(found: Sequence[Track], filters: Filters) -> None:
    """The table twin of the scorecard with its download."""
    rows = table(found)
    with blocks.fold("targets_rows", _("The targets as a table"), "table"):
        show_table("targets_table", rows, _("The same targets as the scorecard, one row a target"))
    ids = [t.indicator.id for t in found]
    downloads.menu("targets", rows, provenance.context(ids, filters, _("Targets and what is reached")))
    facts = provenance.context(ids, filters, _("Where the results stand"))
    downloads.menu("targets_now", standings_table(found), facts)


def rule() -> None:
    """The rule of status and the method of the forecast, as they are computed."""
    for title, words in RULE:
        blocks.text(_(words, minimum=format_number(MINIMUM_PERIODS, lang())), _(title))


# ---- one indicator ------------------------------------------------------------------------------------------------------------
def panel(found: Track, filters: Filters) -> None:
    """Picture, verdict and download of one indicator."""
    measure, ahead = measure_of(found), data.forecast(found.indicator.id, None if found.place == NATION else found.place)
    if ahead is None:  # only without targets, and then there is nothing to draw
        return
    rows = drawn(found)
    labels = {c: format_period(c) for c in rows["period"]}
    now = standing(found)
    blocks.subheader(title_of(found))
    blocks.standings([_now(now, measure)])

    def draw(drawn_style: Style) -> Chart:
        return target_path(
            rows.rename(columns={"period": "x"}),
            measure,
            drawn_style,
            labels=labels,
            forecast=ahead.frame.rename(columns={"period": "x"}),
            notes=notes(found, now, ahead, measure),
            title=measure.title,
        )

    linked.chart(draw(style()), f"targets_{found.indicator.id}")
    key = f"targets_{found.indicator.id.replace('.', '_')}"
    facts = provenance.context((found.indicator.id,), filters, measure.title)
    downloads.menu(key, partial(series_table, found, rows, ahead), facts, draw)


def notes(found: Track, now: Standing, ahead: Forecast, measure: Measure) -> list[str]:
    """Base, what is not judged, and the forecast or why there is none."""
    out = []
    if found.base:
        words = {"period": period_words(found.base.period, lang()), "value": measure.words(found.base.value, lang())}
        out.append(_("The path starts from {value} in {period}.", **words))
    elif now.value is not None and not now.period:
        day = format_date(found.as_of.isoformat(), lang())
        out.append(_("A register without periods: compared with the path on {day}; the targets before have no value.", day=day))
    else:
        out.append(_("No value before the first target: the path starts at the first target."))
    if now.status == NO_DATA and now.reason:
        out.append(
            _("No data for {period}: {reason}.", period=period_words(now.goal.period, lang()), reason=_(REASONS[now.reason]))
        )
    return [*out, forecast_words(found, ahead, measure)]


def forecast_words(found: Track, ahead: Forecast, measure: Measure) -> str:
    """The forecast for the last target in words, with interval and method; or the reason for its absence."""
    if ahead.refused:
        period = period_words(ahead.at, lang()) if ahead.at else ""
        counts = {"n": format_number(ahead.n, lang()), "minimum": format_number(MINIMUM_PERIODS, lang())}
        return _(REFUSALS[ahead.refused], period=period, **counts)
    last, goal = ahead.frame.iloc[-1], found.goals[-1]
    words = {
        "period": period_words(last["period"], lang()),
        "value": measure.words(last["value"], lang()),
        "low": measure.words(last["low"], lang()),
        "high": measure.words(last["high"], lang()),
        "n": format_number(ahead.n, lang()),
        "first": period_words(ahead.first, lang()),
        "last": period_words(ahead.last, lang()),
        "target": measure.words(goal.value, lang()),
    }
    said = _("Forecast for {period}: {value}, 95% interval {low} to {high}.", **words)
    where = (
        N_("The target of {target} lies above the interval.")
        if goal.value > last["high"]
        else N_("The target of {target} lies below the interval.")
        if goal.value < last["low"]
        else N_("The target of {target} lies inside the interval.")
    )
    return f"{said} {_(where, **words)} {_('Random walk with drift over {n} periods, {first} to {last}.', **words)}"


def series_table(found: Track, rows: pd.DataFrame, ahead: Forecast) -> pd.DataFrame:
    """The numbers of one picture: a row a period, from what is drawn of the track (`data_access.analysis.targets.drawn`)."""
    measure = measure_of(found)
    coming = ahead.frame.set_index("period").reindex(rows["period"])
    usable = rows["state"].isin(TOLD)

    def column(values: pd.Series) -> list[float | None]:
        return [None if pd.isna(v) else shown_value(float(v), measure) for v in values]

    return pd.DataFrame(
        {
            _("Period"): [period_words(p, lang()) for p in rows["period"]],
            _("Reached"): column(rows["value"].where(usable)),
            _("State"): [
                state_short(s, style()) or _("Value") if ended or s != NOT_COLLECTED else _(kpi.STATUS[NOT_DUE][0])
                for s, ended in zip(rows["state"], rows["ended"], strict=True)
            ],
            _("Path"): column(rows["path"]),
            _("Target"): column(rows["target"]),
            _("Forecast"): column(coming["value"]),
            _("Interval, low"): column(coming["low"]),
            _("Interval, high"): column(coming["high"]),
            _("Unit"): measure.unit_name(lang()),
        }
    )
