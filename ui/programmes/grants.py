"""Panels of the page about grants: time in each stage, late submitters, the screening score, referral."""

from __future__ import annotations

from functools import partial

import pandas as pd

import geo
from charts.histogram import score_histogram
from charts.style import Style
from charts.theme import Chart
from i18n import format_date, format_number, format_percent, format_period
from ui.blocks import blocks
from ui.entry import person
from ui.kit import data, downloads, empty, kpi, linked, provenance
from ui.kit.filters import Filters
from ui.kit.tables import export_table, show_table
from ui.view.text import _, style

STEPS = (
    "grant.days_to_screened",
    "grant.days_to_certified",
    "grant.days_to_verified",
    "grant.days_to_allotted",
    "grant.days_to_paid",
)
REFERRAL = ("grant.referred", "grant.referrals_accepted", "grant.referrals_closed", "grant.referral_days")
ASSESSED, ERRORS = "screening.assessed", ("screening.undercoverage", "screening.leakage")


def time_in_stages(filters: Filters) -> None:
    """Mean days that pupils wait in each stage before the next."""
    asked = filters.where(split=False)
    cells = data.cells(STEPS, (), asked)
    if empty.when_empty(cells, *STEPS):
        return
    names = {i: data.indicator(i).title(filters.lang) for i in STEPS}
    measure, title = data.measure(STEPS[0], filters.lang), _("Days from the stage before")

    draw = linked.ranking("grants_days", cells, measure, "indicator", title, names=names)
    table = partial(export_table, cells, (), {i: data.measure(i, filters.lang) for i in STEPS}, style())
    downloads.menu("grants_days", table, provenance.context(STEPS, filters, title), draw)


def late_submitters(filters: Filters) -> None:
    """Schools that have sent grant data before but not for the latest semester, in the places chosen."""
    if not person.sees(filters.province):
        return
    late = data.late("pupil_grant")
    inside = [filters.province] if filters.province else filters.provinces_inside()
    late = late if inside is None else late[late["province"].isin(inside)]
    if late.empty:
        blocks.note(_("Nobody is late for the latest period."), "check_circle", "good")
        return
    blocks.caption(
        _(
            "{n} schools have sent before, but not for the latest semester of the data. The rule and who has sent what: page Data, Quality.",
            n=format_number(len(late), filters.lang),
        )
    )
    table = pd.DataFrame(
        {
            _("School"): late["name"],
            _("Province"): [geo.name(c, filters.lang) for c in late["province"]],
            _("Last sent"): [format_period(p) if p else "–" for p in late["last_period"]],
            _("Semesters missed"): late["missed"],
        }
    )
    title = _("Late submitters")
    show_table("grants_late", table, title)
    downloads.menu("grants_late", table, provenance.context((), filters, title))


def screening(filters: Filters) -> None:
    """The distribution of the screening score with the cut-off, and its two errors where a visit checked."""
    asked = filters.where(split=False)
    cells, earlier = data.cells_or_earlier(ASSESSED, ("band",), asked)
    cells = cells.sort_values("band") if len(cells) else cells
    if empty.when_empty(cells, ASSESSED):
        return
    kpi.row([(i, kpi.headline(i, filters.whole())) for i in ERRORS])
    scores = data.table("screening_score")
    period = earlier or (str(cells["period"].iloc[0]) if len(cells) else "")
    cutoffs = sorted(scores.loc[scores["semester"] == period, "cutoff"].unique())
    measure, title = data.measure(ASSESSED, filters.lang), _("Screening score")

    def draw(drawn_style: Style) -> Chart:
        return score_histogram(cells, measure, drawn_style, cutoffs=cutoffs, title=title)

    linked.chart(draw(style()), "grants_scores")
    blocks.caption(
        _(
            "Hundredths of the score; higher is poorer. The cut-off is what the tables say was in force, not a constant of this product."
        )
    )
    table = partial(export_table, cells, ("band",), {ASSESSED: measure}, style())
    downloads.menu("grants_scores", table, provenance.context((ASSESSED, *ERRORS), filters, title), draw)


def threshold_note(filters: Filters) -> str:
    """The attendance that the conditional grant asks for, with the day from which each threshold holds."""
    table = data.table("parameter")
    own = table[table["parameter_id"] == "attendance_threshold"].sort_values("effective_from")
    if own.empty:
        return _("Attendance threshold: not supplied.")
    words = " · ".join(
        _(
            "{share} from {day}",
            share=format_percent(row["value"], filters.lang, 0),
            day=format_date(pd.Timestamp(row["effective_from"]).date(), filters.lang),
        )
        for row in own.to_dict("records")
    )
    return _("Attendance that the conditional grant asks for: {words}.", words=words)
