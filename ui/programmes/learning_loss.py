"""Panels of the page about learning loss: two rounds side by side, sub-domains, groups, closures. In SD only, never in months."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from charts.board import maps
from charts.dots import profile, scatter_fit
from charts.maps import small_multiple_maps
from charts.style import Style
from charts.theme import SHOWN, TOLD, Chart, cell_words, shown, told
from i18n import N_, format_number
from ui.blocks import blocks, components
from ui.kit import data, downloads, empty, kpi, linked, panels, provenance, quoted
from ui.kit.filters import Filters
from ui.kit.tables import export_table, period_words
from ui.view import headlines
from ui.view import shown as shown_release
from ui.view.events import offer
from ui.view.moves import find_province
from ui.view.text import _, lang, style

Z, CHANGE, DAYS, SLOPE = "readiness.z", "readiness.change", "readiness.closure_days", "readiness.per_closure_day"
PER_DAYS = 100
CLOSURES = ("closure",)
SUBDOMAINS = {
    "name_writing": N_("Writing one's name"),
    "alphabet_knowledge": N_("Knowing letters"),
    "reading": N_("Reading words"),
    "receptive_vocabulary": N_("Understanding words"),
    "listening_comprehension": N_("Listening comprehension"),
    "copying": N_("Copying shapes"),
    "mental_transformation": N_("Turning shapes in the mind"),
    "producing_set": N_("Counting out a set"),
    "number_comparison": N_("Comparing numbers"),
    "simple_addition": N_("Simple addition"),
    "number_identification": N_("Naming numbers"),
    "forward_digit_span": N_("Digits forward (memory)"),
    "backward_digit_span": N_("Digits backward (memory)"),
}
GROUPS = {
    "wealth": (N_("By wealth"), "readiness.gap_wealth", {"q5": N_("Richest fifth"), "q1": N_("Poorest fifth")}),
    "area": (N_("By area"), "readiness.gap_area", {"urban": N_("Urban"), "rural": N_("Rural")}),
    "sex": (N_("By sex"), "readiness.gap_sex", {"female": N_("Girls"), "male": N_("Boys")}),
}


def subdomain_words(code: str, language: str) -> str:
    """A sub-domain in the reader's words; one that is new to us, as the file names it but without underscores."""
    return Style(language).text(SUBDOMAINS[code]) if code in SUBDOMAINS else code.replace("_", " ")


def verdict(filters: Filters, base: str) -> None:
    """Where the change since the base round stood lowest, where it stands now and whether that is a difference at all, and the gap that remains."""
    where, beneath = filters.where(period=False, split=False), [_("Showing {words}", words=filters.words())]
    over = [row for row in data.rows(CHANGE, ("academic_year",), where) if row["state"] in SHOWN and pd.notna(row["value"])]
    over = [
        row for row in over if row["academic_year"] != base and (not filters.period or row["academic_year"] <= filters.period)
    ]
    if not over:
        blocks.caption(beneath[0])
        return
    measure = data.measure(CHANGE, filters.lang)
    low, now = min(over, key=lambda row: row["value"]), over[-1]
    told = {
        "place": filters.place_words(),
        "low": measure.words(low["value"], filters.lang),
        "low_period": period_words(low["academic_year"], filters.lang),
        "period": period_words(now["academic_year"], filters.lang),
        "value": cell_words(now, measure, style()),
        "base": period_words(base, filters.lang),
    }
    known = pd.notna(now.get("low")) and pd.notna(now.get("high"))
    if known and now["low"] <= 0 <= now["high"]:
        after = _("in {period} it cannot be told from {base}: {value}", **told)
    elif now["value"] < 0:
        after = _("in {period} it is still below {base}: {value}", **told)
    else:
        after = _("in {period} it is above {base}: {value}", **told)
    fell = (
        _("{place}: readiness stood lowest in {low_period} ({low} against {base})", **told)
        if low["value"] < 0 and low is not now
        else told["place"]
    )
    gap = data.cell_or_earlier(GROUPS["wealth"][1], {**where, **({"academic_year": filters.period} if filters.period else {})})
    if gap["state"] in TOLD and pd.notna(gap["value"]):
        words = cell_words(gap, data.measure(GROUPS["wealth"][1], filters.lang), style())
        beneath += [_("The gap between the richest and the poorest fifth remains: {gap}.", gap=words)]
    beneath.append(_("The change compares the provinces of both rounds; the line over time shows all children of each round"))
    blocks.finding(f"{fell}; {after}", " · ".join(w.rstrip(".") for w in beneath))


def unit_note(base: str) -> None:
    """What the numbers are in, and what they may not be turned into."""
    cut = (
        _("in these demonstration data the cut is one SD below the mean of the base round")
        if shown_release.release().demo
        else _("the cut is the one that the survey publishes for each sub-domain")
    )
    blocks.note(
        _(
            "Everything is in SD of the base round, {base}, which stays fixed. SD are never turned into months or years of "
            "learning: no yardstick for that is published for Kindergarten 3. Below the cut: {cut}.",
            base=period_words(base, lang()),
            cut=cut,
        ),
        "straighten",
    )


def slope_headline(filters: Filters) -> headlines.Headline:
    """Change for every 100 days of closure, with its interval, over the whole country."""
    found, cell = data.indicator(SLOPE), data.cell(SLOPE, filters.national().where())
    known = cell["state"] in TOLD
    low, high = (format_number(cell[c] * PER_DAYS, filters.lang, 2) for c in ("low", "high"))
    return headlines.Headline(
        title=_("Change for every {n} days of closure", n=PER_DAYS),
        number=f"{format_number(cell['value'] * PER_DAYS, filters.lang, 2)} SD" if known else _("No data"),
        delta=None,
        sentence=_("95% interval {low} to {high}. Whole country; an association, not a cause.", low=low, high=high)
        if known
        else _("The base round has nothing to compare with."),
        colour=kpi.NEITHER,
        help=found.definition(filters.lang),
    )


def later_round(filters: Filters, rounds: list[str]) -> str:
    """The round to compare with the base: the one chosen, or the latest when that is the base itself."""
    return filters.period if filters.period and filters.period != rounds[0] else rounds[-1]


def compared(filters: Filters, rounds: list[str]) -> list[str]:
    """The base round, the round in which the country stood lowest, and the one chosen, in order of time."""
    country = shown(data.cells(Z, ("academic_year",)))
    lowest = [str(country["academic_year"].iloc[country["value"].argmin()])] if len(country) else []
    return sorted({rounds[0], *lowest, later_round(filters, rounds)})


def before_after(filters: Filters, rounds: list[str]) -> None:
    """The base round, the lowest one and the one chosen on maps with one scale."""
    pair = compared(filters, rounds)
    asked = filters.where(period=False, province=False)
    frames = [data.cells(Z, ("province",), {**asked, "academic_year": p}) for p in pair]
    if empty.when_empty(pd.concat(frames, ignore_index=True), Z):
        return
    measure, only = data.measure(Z, filters.lang), filters.provinces_inside()
    look: dict[str, Any] = {"diverging": True, "only": only}
    words = [period_words(p, filters.lang) for p in pair]
    heads = [_("{period} (base round)", period=words[0]), *words[1:]]
    collected = [(head, frame) for head, frame in zip(heads, frames, strict=True) if len(frame)]
    drawing = maps(collected, measure, style(), **look)
    components.maps("learning_before_after", drawing, offer(find_province), selected=filters.province)
    _comparable(filters, later_round(filters, rounds))
    both = pd.concat([f.assign(academic_year=p) for p, f in zip(pair, frames, strict=True)], ignore_index=True)
    title = f"{measure.title}: {' · '.join(period_words(p, filters.lang) for p in pair)}"
    downloads.menu(
        "learning_maps",
        partial(export_table, both, ("province", "academic_year"), {Z: measure}, style()),
        provenance.context((Z,), filters, title),
        lambda s: small_multiple_maps(
            [(period_words(p, s.lang), f) for p, f in zip(pair, frames, strict=True)],
            measure,
            s,
            title=title,
            height=560,
            selected=filters.province,
            **look,
        ),
    )


def _comparable(filters: Filters, period: str) -> None:
    asked = {**filters.where(period=False, province=False), "academic_year": period}
    both, change = data.cells(CHANGE, ("province",), asked), data.cell(CHANGE, asked)
    if change["state"] in TOLD:
        blocks.caption(
            _(
                "Rounds differ in their provinces. In the {n} that show both the base round and {period}, "
                "readiness changed by {change}.",
                period=period_words(period, filters.lang),
                n=format_number(len(told(both)), filters.lang),
                change=cell_words(change, data.measure(CHANGE, filters.lang), style()),
            )
        )


def subdomain_profile(filters: Filters, rounds: list[str]) -> None:
    """Every sub-domain in the base round, the lowest one and the one chosen."""
    pair = compared(filters, rounds)
    cells = data.cells(Z, ("academic_year", "subdomain"), {**filters.where(period=False), "academic_year": pair})
    if empty.when_empty(cells, Z):
        return
    measure = data.measure(Z, filters.lang)
    latest = cells[cells["academic_year"] == pair[-1]].set_index("subdomain")["value"]
    frame = cells.assign(order=cells["subdomain"].map(latest)).sort_values("order", kind="stable", na_position="last")
    title = _("Sub-domains: {place}", place=filters.place_words())

    def draw(drawn_style: Style) -> Chart:
        rows = frame.assign(
            category=[subdomain_words(c, drawn_style.lang) for c in frame["subdomain"]], group=frame["academic_year"]
        )
        names = {p: period_words(p, drawn_style.lang) for p in pair}
        return profile(
            rows, measure, drawn_style, group_names=names, zero_line=drawn_style.text(N_("Base-round mean")), title=title
        )

    linked.chart(draw(style()), "learning_profile")
    names = {c: subdomain_words(c, filters.lang) for c in cells["subdomain"]}
    table = partial(export_table, cells, ("academic_year", "subdomain"), {Z: measure}, style(), {"subdomain": names})
    downloads.menu("learning_profile", table, provenance.context((Z,), filters, title), draw)


def group_gap(kind: str, filters: Filters) -> None:
    """The gap between two groups as a headline, and both levels over time."""
    title, gap, groups = GROUPS[kind]
    blocks.subheader(_(title))
    kpi.row([(gap, kpi.headline(gap, filters, sentence=panels.beside_country(gap, filters)))])
    names = {c: _(w) for c, w in groups.items()}
    where = {**filters.where(period=False), "group_kind": kind}
    if told(data.cells(Z, ("academic_year", "group_code"), where)).empty:  # the gap knows why; the groups have no row at all
        empty.when_empty(data.cells(gap, (), filters.where()), gap)
        return
    panels.groups_panel(f"learning_{kind}", Z, "group_code", names, filters, where=where, title=_(title), reach=_levels(filters))


def _levels(filters: Filters) -> tuple[float, ...]:
    """The lowest and highest end that a group of any kind has, so that the kinds side by side are drawn on one scale."""
    asked = filters.where(period=False)
    parts = [data.cells(Z, ("academic_year", "group_code"), {**asked, "group_kind": kind}) for kind in GROUPS]
    ends = told(pd.concat(parts, ignore_index=True))[["value", "low", "high"]].astype(float)
    return (float(ends.min(axis=None)), float(ends.max(axis=None))) if len(ends) else ()


def closure_relation(filters: Filters, rounds: list[str]) -> None:
    """Provinces by days of closure and change since the base round, with the published slope."""
    asked = {"academic_year": later_round(filters, rounds)}
    days, change = (data.cells(i, ("province",), asked).set_index("province") for i in (DAYS, CHANGE))
    seen = shown(change).index.intersection(shown(days).index)
    if not len(seen):
        empty.when_not_compared(change.reset_index(), CHANGE)
        return
    frame = pd.DataFrame({"province": seen, "x": days.loc[seen, "value"].to_numpy(), "y": change.loc[seen, "value"].to_numpy()})
    cell = data.cell(SLOPE, asked)
    slope = (float(cell["value"]), float(cell["low"]), float(cell["high"])) if np.isfinite(cell["value"]) else None
    x_measure, y_measure = data.measure(DAYS, filters.lang), data.measure(CHANGE, filters.lang)
    title = _("Closures and change, {period}", period=period_words(asked["academic_year"], filters.lang))

    def draw(drawn_style: Style) -> Chart:
        return scatter_fit(
            frame,
            x_measure,
            y_measure,
            drawn_style,
            selected=filters.province,
            slope=slope,
            per=PER_DAYS,
            height=440,
            title=title,
        )

    linked.chart(draw(style()), "learning_closures", select=True)
    both = pd.concat([d.loc[seen].reset_index() for d in (days, change)], ignore_index=True)
    table = partial(export_table, both, ("province",), {DAYS: x_measure, CHANGE: y_measure}, style())
    downloads.menu("learning_closures", table, provenance.context((DAYS, CHANGE, SLOPE), filters.national(), title), draw)


def national_tests(filters: Filters) -> None:
    """The published means of each national test, in a figure of its own."""
    blocks.header(_("National tests"))
    blocks.caption(
        _(
            "Published national means, quoted. Each test has a scale of its own: nothing is converted from one to another, or from readiness. "
            "They fell and rose for more reasons than the closures."
        )
    )
    columns = [*blocks.columns(2), *blocks.columns(2)]
    for column, (code, (title, series)) in zip(columns, quoted.TESTS.items(), strict=True):
        with column:
            blocks.subheader(_(title))
            quoted.panel(f"learning_{code}", series, filters.national(), _(title))
