"""What needs attention, each with its reason: late submitters, big falls, under target, suppressed, missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

import geo
from charts.theme import NOT_COLLECTED, PROVISIONAL, SUPPRESSED, shown
from data_access.analysis.targets import BEHIND, PARTIAL, Standing, goal_of, indicators_with_targets, judge
from data_access.contract.periods import PERIOD_KEYS, parse_period, period_type
from data_access.summaries.statistics import MIN_SAMPLE
from i18n import N_, format_number, format_percent
from ui.blocks import blocks
from ui.blocks.components import Part, cards
from ui.kit import changing, data, empty
from ui.kit.filters import Filters
from ui.view.cache import once_a_view
from ui.view.events import offer
from ui.view.moves import find_province
from ui.view.text import _

BIG_FALL = 0.25  # a quarter less than a year before
LEAST_FALL = {"count": 30.0, "rate": 0.05, "money": 30_000.0}
"""And at least so many persons, so much of a share, so many baht: among few, a quarter comes and goes by chance."""
MOST = 6
KINDS = {
    "late": (N_("Not yet submitted"), "schedule"),
    "fall": (N_("Big falls"), "trending_down"),
    "target": (N_("Under target"), "flag"),
    "outlier": (N_("Far from the others"), "scatter_plot"),
    "suppressed": (N_("Suppressed"), "visibility_off"),
}


@dataclass(frozen=True)
class Item:
    """One thing to look at: its kind, the indicator, the place (or none) and the reason in words."""

    kind: str
    indicator: str
    place: str | None
    reason: str


@once_a_view
def target(indicator_id: str, filters: Filters) -> float | None:
    """The target of an indicator for the period of the view: of that period, else of its year.

    A target of the whole country says nothing of a part of it: a narrower view has the targets of its own place or none.
    """
    if not filters.period or not filters.only_province():
        return None
    found = data.track(indicator_id, filters.province)
    goal = goal_of(found.goals, filters.period) if found else None
    return goal.value if goal else None


@once_a_view
def items(filters: Filters, ids: Sequence[str]) -> tuple[Item, ...]:
    """Everything that needs attention in the view, the gravest kinds first."""
    found: list[Item] = []
    inside = filters.provinces_inside()
    for indicator_id in ids:
        asked = filters.where(province=False, split=False)
        now = data.cells(indicator_id, ("province",), asked)
        if inside is not None and len(now):
            now = now[now["province"].isin(inside)]
        found += [
            *_late(indicator_id, now, filters),
            *_falls(indicator_id, asked, inside, filters),
            *_under_target(indicator_id, asked, inside, filters),
            *_suppressed(indicator_id, now, filters),
        ]
    found = [*_country_under_target(filters), *found, *_outliers(ids, inside, filters)]
    once: dict[tuple, Item] = {}
    for item in found:  # a place that sent nothing of a programme is late once, not once an indicator
        once.setdefault(
            (item.kind, item.place, data.indicator(item.indicator).family if item.kind == "late" else item.indicator), item
        )
    return tuple(sorted(once.values(), key=lambda i: list(KINDS).index(i.kind)))


def _late(indicator_id: str, now: pd.DataFrame, filters: Filters) -> list[Item]:
    if shown(now).empty:  # nobody is late for a period that has not ended
        return []
    missing = now[now["state"] == NOT_COLLECTED]
    if len(missing) > len(now) / 2:  # a programme of a few provinces, not late ones
        return []
    return [
        Item("late", indicator_id, c, _("No data for {period}; others have sent theirs.", period=_period(now, filters)))
        for c in missing["province"]
    ]


def _period(now: pd.DataFrame, filters: Filters) -> str:
    code = next((p for p in now["period"] if p), filters.period)
    return parse_period(code).label(filters.lang) if code else ""


def _falls(indicator_id: str, asked: dict, inside: list[str] | None, filters: Filters) -> list[Item]:
    """Provinces that fell by a quarter, by enough to matter and by more than the margin, among those who sent both times."""
    measure = data.measure(indicator_id, filters.lang)
    if measure.direction == "down" or measure.kind == "sd" or "province" not in data.indicator(indicator_id).places:
        return []
    found = data.changes(indicator_id, ("province",), asked)
    if not len(found):
        return []
    if inside is not None:
        found = found[found["province"].isin(inside)]
    found = found.assign(share=-found["change"] / found["matched_before"])
    least = LEAST_FALL.get(measure.kind, 0.0) if data.indicator(indicator_id).person or measure.kind != "count" else 0.0
    big = found[found["clear"] & (found["share"] > BIG_FALL) & (-found["change"] >= least)]
    return [
        Item(
            "fall",
            indicator_id,
            str(r["province"]),
            f"{measure.words(r['matched_now'], filters.lang)}: {changing.sentence(r, measure)}",
        )
        for r in big.sort_values("share", ascending=False).to_dict("records")
    ]


def _country_under_target(filters: Filters) -> list[Item]:
    """Every indicator of the whole country that is behind its path; nothing in a narrower view."""
    if filters != filters.national().whole():
        return []
    standings = {i: data.standing(i, None, filters.period) for i in indicators_with_targets(data.table("target"))}
    return [Item("target", i, None, behind_words(i, s, filters)) for i, s in standings.items() if s and s.status == BEHIND]


def _under_target(indicator_id: str, asked: dict, inside: list[str] | None, filters: Filters) -> list[Item]:
    """Provinces behind their own targets, or else, of rates and means, behind the path of the whole country."""
    table = data.table("target")
    own = [p for p in table.loc[table["indicator"] == indicator_id, "place_code"].unique() if p in geo.provinces().index]
    standings = {p: data.standing(indicator_id, p, filters.period) for p in own if inside is None or p in inside}
    found = [
        Item("target", indicator_id, p, behind_words(indicator_id, s, filters))
        for p, s in standings.items()
        if s and s.status == BEHIND
    ]
    return found + _below_country(indicator_id, asked, inside, own, filters)


def _below_country(indicator_id: str, asked: dict, inside: list[str] | None, own: Sequence[str], filters: Filters) -> list[Item]:
    """Provinces whose interval lies beyond the national path, of at least `MIN_SAMPLE` people; without an interval nothing is told."""
    country = data.standing(indicator_id, None, filters.period)
    measure = data.measure(indicator_id, filters.lang)
    if country is None or country.expected is None or not country.period or measure.bubbles:
        return []
    where = {k: v for k, v in asked.items() if k not in PERIOD_KEYS}
    cells = shown(data.cells(indicator_id, ("province",), {**where, period_type(country.period): country.period}))
    cells = cells[(cells["flag"] != PARTIAL) & ~cells["province"].isin(own) & (cells["n"] >= MIN_SAMPLE)]
    if inside is not None:
        cells = cells[cells["province"].isin(inside)]
    intervals = zip(cells["value"], cells["low"], cells["high"], strict=True)
    behind = [
        pd.notna(low) and judge(v, country.expected, measure.direction, (low, high)) == BEHIND for v, low, high in intervals
    ]
    short = cells[pd.Series(behind, index=cells.index, dtype=bool)]
    short = short.sort_values("value", ascending=measure.direction != "down")
    return [
        Item("target", indicator_id, r["province"], behind_words(indicator_id, country, filters, r["value"]))
        for _i, r in short.iterrows()
    ]


def behind_words(indicator_id: str, standing: Standing, filters: Filters, value: float | None = None) -> str:
    """A value, its own period and what the path asked for by then; `value` when it is a province's against the country's path."""
    measure = data.measure(indicator_id, filters.lang)
    words = {
        "value": measure.words(standing.value if value is None else value, filters.lang),
        "target": measure.words(standing.expected, filters.lang),
    }
    if not standing.period:  # a register without periods
        return _("{value} on the as-of date against {target} on the path to the target.", **words)
    words["period"] = parse_period(standing.period).label(filters.lang)
    if value is not None:
        return _("{value} in {period} against {target} on the national path.", **words)
    return _("{value} in {period} against {target} on the path to the target.", **words)


def _outliers(ids: Sequence[str], inside: list[str] | None, filters: Filters) -> list[Item]:
    """Provinces far from the others in the latest period; nothing when the view is of an earlier one."""
    there = tuple(i for i in ids if i in data.available())
    if not there:
        return []
    found, out = data.outliers(there), []
    for row in found[~found["mixed"]].to_dict("records"):
        asked = data.fit_period(data.indicator(row["indicator"]), filters.where(place=False, split=False))
        if (inside is None or row["province"] in inside) and row["period"] in asked.values():
            out.append(Item("outlier", row["indicator"], row["province"], _far_words(row, filters)))
    return out


def _far_words(row: dict, filters: Filters) -> str:
    measure = data.measure(row["indicator"], filters.lang)
    value = measure.words(row["value"], filters.lang)
    if row["basis"] == "level":
        middle = measure.words(row["middle"], filters.lang)
        return _("{value}; in the middle province {middle}.", value=value, middle=middle)
    change, middle = (format_percent(x - 1, filters.lang, 0) for x in (row["value"] / row["before"], row["middle"]))
    than = parse_period(row["before_period"]).label(filters.lang)
    return _(
        "{value}, {change} against {period}; in the middle province {middle}.",
        value=value,
        change=change,
        period=than,
        middle=middle,
    )


def _suppressed(indicator_id: str, now: pd.DataFrame, filters: Filters) -> list[Item]:
    hidden = now[now["state"] == SUPPRESSED] if len(now) else now
    if not len(hidden):
        return []
    names = ", ".join(geo.name(c, filters.lang) for c in hidden["province"].head(8)) + (" …" if len(hidden) > 8 else "")
    return [
        Item(
            "suppressed",
            indicator_id,
            None,
            _(
                "{n} provinces whose number is small or would give a small one elsewhere away: {names}",
                n=format_number(len(hidden), filters.lang),
                names=names,
            ),
        )
    ]


def show(filters: Filters, ids: Sequence[str]) -> None:
    """The list, by kind; a province is a button that selects it for the whole page."""
    found = items(filters, ids)
    if not found and not any(i in data.available() for i in ids):
        empty.not_loaded(ids)
        return
    if data.cell(ids[0], filters.where(split=False))["state"] == PROVISIONAL:
        blocks.caption(
            _("The period is provisional: nothing of it is told as late, as a fall, as under target or as far from the others.")
        )
    if not found:
        blocks.note(_("Nothing stands out in this view."), "check_circle", "good")
        return
    kinds = [k for k in KINDS if any(i.kind == k for i in found)]
    cards(
        "attention", [_card(k, [i for i in found if i.kind == k], filters) for k in kinds], least=260, pick=offer(find_province)
    )


def _card(kind: str, part: Sequence[Item], filters: Filters) -> list[Part]:
    title, icon = KINDS[kind]
    head = {"part": "head", "icon": icon, "text": _(title), "more": f" · {format_number(len(part), filters.lang)}"}
    rest = len(part) - MOST
    end = [{"part": "text", "text": _("and {n} more", n=format_number(rest, filters.lang))}] if rest > 0 else []
    return [head, *(_line(item, filters) for item in part[:MOST]), *end]


def _line(item: Item, filters: Filters) -> Part:
    title = data.indicator(item.indicator).title(filters.lang)
    if item.place is None:
        return {"part": "text", "strong": title, "text": item.reason}
    name = geo.name(item.place, filters.lang)
    return {"part": "pick", "code": item.place, "name": name, "text": f"{title} · {item.reason}"}
