"""Panels of the page about the equity chain: a cohort's way through the stages, what is lost, and links between registers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from charts.flows import flow_diagram
from charts.stacks import stacked_shares
from charts.style import Style
from charts.theme import Chart
from data_access.contract.settings import settings
from data_access.summaries.chain import AWAY, LEARNING, OTHER, OTHER_AWAY, OTHER_LEARNING
from i18n import N_, format_number, format_period
from ui.blocks import blocks
from ui.kit import data, downloads, empty, findings, kpi, linked, panels, provenance
from ui.kit.filters import CODES, Filters
from ui.kit.tables import export_table, period_words, show_table
from ui.view.text import _, style

CHILDREN, FLOW, IN_EDUCATION, STAYED = "chain.children", "chain.flow", "chain.in_education", "chain.stayed"
RECORDS, UNMATCHED, MATCH_RATE = "link.records", "link.unmatched", "link.match_rate"
STAGES = {
    "centre": N_("Child-development centre"),
    "kindergarten": N_("Kindergarten"),
    "primary": N_("Primary"),
    "lower_secondary": N_("Lower secondary"),
    "upper_secondary": N_("Upper secondary"),
    "vocational": N_("Vocational education"),
    "higher": N_("Higher education"),
    OTHER_LEARNING: N_("Other stages of learning"),
    "working": N_("Working"),
    "out_of_school": N_("Out of school"),
    "unknown": N_("In no register"),
    OTHER_AWAY: N_("Other, not learning"),
    OTHER: N_("Other"),
}
GONE = (*AWAY, OTHER_AWAY)
LINKS = {
    "civil_centres": N_("Civil register → child-development centres"),
    "civil_pupils": N_("Civil register → pupils"),
    "pupils_grants": N_("Pupils → grants"),
    "pupils_higher": N_("Pupils → higher education"),
    "teachers_schools": N_("Teachers → schools"),
    "schools_laos": N_("Schools → local authorities"),
}
OUTCOMES = {
    "not_found": N_("Not in the other register"),
    "differs": N_("Found, but details differ"),
    "duplicate": N_("More than one record"),
    "no_id": N_("No usable ID number"),
}
GROUPS = {"sex": N_("By sex"), "tier": N_("By poverty tier")}


def words_of(names: Mapping[str, str]) -> dict[str, str]:
    """Code -> words in the reader's language."""
    return {c: _(w) for c, w in names.items()}


def cohort_words(cohort: str) -> str:
    """A cohort in words: where and when its children were first recorded."""
    stage, _sep, year = cohort.rpartition("-")
    return _("{stage}, first recorded in {year}", stage=_(STAGES[stage]), year=format_period(f"AY{year}"))


def horizon(filters: Filters) -> str:
    """The 20 years that the agreement looks ahead, beside the years that the tables have followed children for."""
    years = data.periods(CHILDREN, "academic_year")
    words = {
        "n": format_number(len(years), filters.lang),
        "first": period_words(years[0], filters.lang),
        "last": period_words(years[-1], filters.lang),
    }
    return _(
        "The agreement asks for a path without a gap from early childhood to higher education over 20 years. "
        "The tables follow children over {n} years so far, {first} to {last}.",
        **words,
    )


def choose_cohort() -> str | None:
    """The cohort that the page follows, kept in the address; None when there is none."""
    known = data.cells(CHILDREN, ("cohort",))
    order = {stage: n for n, stage in enumerate(STAGES)}
    cohorts = sorted(known["cohort"], key=lambda c: (order[c.rpartition("-")[0]], c)) if len(known) else []
    if not cohorts:
        return None
    return linked.choose("chain_cohort", "cohort", cohorts, _("Cohort"), cohort_words)


def headlines(cohort: str, filters: Filters) -> None:
    """How many of the cohort are in education, and where the others are.

    Without the year before: the same children are a year older, and a curve of those who have not left can only fall.
    """
    where = {"cohort": cohort}
    whole = data.measure(CHILDREN, filters.lang).words(data.cell(CHILDREN, where)["value"], filters.lang)
    of = _("Of {children} in the cohort.", children=whole)
    items = [(IN_EDUCATION, kpi.headline(IN_EDUCATION, filters, where=where, sentence=of, compare=False))]
    for stage in AWAY:
        found = kpi.headline(CHILDREN, filters, where={**where, "stage": stage}, title=_(STAGES[stage]), compare=False)
        items.append((CHILDREN, found))
    items.append((STAYED, kpi.headline(STAYED, filters, where=where, compare=False)))
    kpi.row(items)


def verdict(cohort: str, filters: Filters) -> None:
    """How many of the cohort are in education, in a sentence."""
    findings.begin((IN_EDUCATION,), filters, {IN_EDUCATION: ({"cohort": cohort}, cohort_words(cohort))}, compare=False)


def flows(cohort: str, filters: Filters) -> None:
    """The Sankey of a cohort, with the same numbers as a table."""
    where = {"cohort": cohort}
    nodes = data.cells(CHILDREN, ("academic_year", "stage"), where)
    moves = data.cells(FLOW, ("academic_year", "stage", "next_stage"), where)
    if empty.when_empty(nodes, CHILDREN):
        return
    title = _("From stage to stage: {cohort}", cohort=cohort_words(cohort))
    years = {c: format_period(c) for c in sorted(nodes["academic_year"].unique())}
    measure = data.measure(FLOW, filters.lang)
    stages = words_of(STAGES)

    def draw(drawn_style: Style) -> Chart:
        return flow_diagram(nodes, moves, measure, drawn_style, stages=stages, away=GONE, years=years, title=title)

    linked.chart(draw(style()), "chain_flows")
    rows = export_table(
        moves, ("academic_year", "stage", "next_stage"), {FLOW: measure}, style(), {"stage": stages, "next_stage": stages}
    )
    with blocks.fold("chain_flow_rows", _("The flows as a table"), "table"):
        show_table("chain_flow_table", rows, title)
    downloads.menu("chain_flows", rows, provenance.context((FLOW,), filters, title), draw)


def losses(cohort: str, filters: Filters) -> None:
    """The largest ways out of learning, and the ways back, over all years of the cohort."""
    moves = data.cells(FLOW, ("academic_year", "stage", "next_stage"), {"cohort": cohort})
    learning = (*LEARNING, OTHER_LEARNING)
    left, right = blocks.columns(2)
    sides = (
        (left, "chain_losses", _("Where children left learning"), learning, GONE),
        (right, "chain_returns", _("Where children came back"), GONE, learning),
    )
    for column, key, title, sources, targets in sides:
        with column:
            blocks.subheader(title)
            _moves_ranked(key, title, moves[moves["stage"].isin(sources) & moves["next_stage"].isin(targets)], filters)


def _moves_ranked(key: str, title: str, moves: pd.DataFrame, filters: Filters) -> None:
    if empty.when_empty(moves, FLOW):
        return
    pair = moves["stage"] + ">" + moves["next_stage"]
    shown = moves.assign(pair=pair, hidden=moves["state"] == "suppressed")
    rows = shown.groupby("pair").agg(value=("value", "sum"), hidden=("hidden", "any"), seen=("value", "count")).reset_index()
    rows = rows[rows["seen"] > 0].assign(
        state="value", flag=rows["hidden"].map({True: "partial", False: ""}), low=float("nan"), high=float("nan")
    )
    stages = words_of(STAGES)
    names = {p: " → ".join(stages[s] for s in p.split(">")) for p in rows["pair"]}
    measure = data.measure(FLOW, filters.lang)

    draw = linked.ranking(key, rows, measure, "pair", title, names=names)
    note = _(
        "Sums of the flows shown, over all years of the cohort. Leaving includes those who finished; who left twice counts twice."
    )
    blocks.caption(note + (" " + _("Suppressed flows are left out.") if rows["hidden"].any() else ""))
    table = partial(
        export_table,
        moves,
        ("academic_year", "stage", "next_stage"),
        {FLOW: measure},
        style(),
        {"stage": stages, "next_stage": stages},
    )
    downloads.menu(key, table, provenance.context((FLOW,), filters, title), draw)


def staying(cohort: str, filters: Filters) -> None:
    """Survival curves: everyone and, where all groups are large, by group."""
    where = {"cohort": cohort}
    left, *others = blocks.columns(3)
    with left:
        blocks.subheader(_("Everyone"))
        panels.trend_panel("chain_stayed", STAYED, filters, where=where, events=False)
    for column, (split, title) in zip(others, GROUPS.items(), strict=True):
        with column:
            blocks.subheader(_(title))
            panels.groups_panel(f"chain_stayed_{split}", STAYED, split, words_of(CODES[split]), filters, where=where)
    least = format_number(settings().disclosure_threshold, filters.lang)
    blocks.caption(
        _("A step of a curve stands for at least {n} children: it is rounded so that nobody is found out by it.", n=least)
    )


def choose_link() -> str | None:
    """The pair of registers that the map shows, kept in the address."""
    known = data.cells(RECORDS, ("link",))
    links = [c for c in LINKS if len(known) and c in set(known["link"])]
    if not links:
        return None
    return linked.choose("chain_link", "link", links, _("Pair of registers"), words_of(LINKS).__getitem__)


def rates_of_links(filters: Filters) -> None:
    """Match rates of all pairs of registers, with their intervals."""
    cells = data.cells(MATCH_RATE, ("link",), filters.where())
    if empty.when_empty(cells, MATCH_RATE):
        return
    measure = data.measure(MATCH_RATE, filters.lang)
    names = words_of(LINKS)

    draw = linked.ranking("chain_links", cells, measure, "link", measure.title, names=names)
    table = partial(export_table, cells, ("link",), {MATCH_RATE: measure}, style(), {"link": names})
    downloads.menu("chain_links", table, provenance.context((MATCH_RATE,), filters, measure.title), draw)


def reasons(filters: Filters) -> None:
    """Why records were not matched, as shares of the unmatched of each pair."""
    parts = []
    for link, name in words_of(LINKS).items():
        cells = data.cells(RECORDS, ("outcome",), {**filters.where(), "link": link})
        cells = cells[cells["outcome"].isin(OUTCOMES)] if len(cells) else cells
        parts.append(cells.assign(category=name, part=cells.get("outcome", ""), link=link))
    frame = pd.concat(parts, ignore_index=True)
    if empty.when_empty(frame, RECORDS):
        return
    title = _("Unmatched records by reason")
    measure, outcomes = data.measure(RECORDS, filters.lang), words_of(OUTCOMES)

    def draw(drawn_style: Style) -> Chart:
        return stacked_shares(frame, measure, drawn_style, parts=outcomes, title=title)

    linked.chart(draw(style()), "chain_reasons")
    table = partial(
        export_table, frame, ("link", "outcome"), {RECORDS: measure}, style(), {"link": words_of(LINKS), "outcome": outcomes}
    )
    downloads.menu("chain_reasons", table, provenance.context((RECORDS,), filters, title), draw)
