"""Provinces without a league table: ranks with their intervals, a funnel plot, and conversions that name their yardstick."""

from __future__ import annotations

import math

import pandas as pd

import geo
from charts.funnel_plot import funnel_plot
from charts.style import Style
from charts.theme import Chart, shown
from data_access.contract.errors import UsageError
from data_access.contract.units import Quantity, convert, yardsticks
from data_access.summaries.statistics import Z95, overdispersion, rank_intervals
from i18n import N_, format_number
from ui.blocks import blocks, fields
from ui.kit import data, downloads, empty, kpi, linked, provenance
from ui.kit.filters import Filters, sorted_provinces
from ui.kit.tables import INTERVALS, show_table
from ui.view.text import _, style

UNIT_WORDS = {"sd": N_("SD"), "months": N_("months"), "school_years": N_("school years")}
POPULATION_WORDS = {
    "kindergarten_3": N_("kindergarten 3"),
    "primary_6": N_("primary 6"),
    "lower_secondary_3": N_("lower secondary 3"),
    "age_15": N_("pupils aged 15"),
    "adult": N_("adults"),
}


def funnel_and_ranks(key: str, indicator_id: str, filters: Filters) -> None:
    """Both views of one estimate by province, from the same standard errors."""
    asked = filters.where(province=False)
    cells, country = data.cells(indicator_id, ("province",), asked), data.cell(indicator_id, asked)
    if empty.when_not_compared(cells, indicator_id) or pd.isna(country["value"]):
        return
    rows = shown(cells).dropna(subset=["low", "high"])
    if rows.empty:
        blocks.note(_("None of these numbers has a margin of error: places are not told apart by chance."), "info")
        return
    rows = rows.assign(se=(rows["high"] - rows["low"]) / (2 * Z95))
    spread = math.sqrt(overdispersion(((rows["value"] - country["value"]) / rows["se"]).to_numpy()))
    measure = data.measure(indicator_id, filters.lang)
    title = _("Funnel plot: {title}", title=measure.title)

    def draw(drawn_style: Style) -> Chart:
        return funnel_plot(
            rows, measure, drawn_style, centre=float(country["value"]), spread=spread, selected=filters.province, title=title
        )

    table = _ranks(rows, filters)
    left, right = blocks.columns(2)
    with left:
        linked.chart(draw(style()), f"{key}_funnel", select=True)
        blocks.caption(
            _(
                "Inside the limits a province cannot be told from the country's mean. Limits are widened {factor} times, since provinces "
                "differ by more than sampling (Spiegelhalter 2005).",
                factor=format_number(spread, filters.lang, 1),
            )
        )
    with right:
        show_table(f"{key}_ranks", table, _("Ranks with their intervals"))
        blocks.caption(_("Ranks when every province is measured anew (95 % intervals): most cannot be put in an order."))
        blocks.caption(_(INTERVALS))
    downloads.menu(f"{key}_funnel", table, provenance.context((indicator_id,), filters, title), draw)


def _ranks(rows: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    low, high = rank_intervals(rows["value"].to_numpy(), rows["se"].to_numpy())
    order = {c: n for n, c in enumerate(sorted_provinces(filters.lang))}
    ranked = rows.assign(first=low, last=high).sort_values("province", key=lambda c: c.map(order))
    return pd.DataFrame(
        {
            _("Province"): [geo.name(c, filters.lang) for c in ranked["province"]],
            _("Value"): ranked["value"].round(2).tolist(),
            _("95% interval"): [
                f"{format_number(a, filters.lang, 2)} – {format_number(b, filters.lang, 2)}"
                for a, b in zip(ranked["low"], ranked["high"], strict=True)
            ],
            _("Rank, interval"): [f"{a}–{b}" for a, b in zip(ranked["first"], ranked["last"], strict=True)],
        }
    )


def conversion(key: str, cell: pd.Series, population: str, filters: Filters) -> None:
    """A cell in SD about `population` in other units, only through a yardstick measured on the same people; otherwise why not."""
    found = Quantity(float(cell["value"]), float(cell["low"]), float(cell["high"]), "sd", population)
    known = {s.id: s for s in yardsticks(data.table("yardstick"))}
    if not known:
        blocks.note(_("No yardstick has been supplied: nothing is turned into months or school years."), "straighten")
        return
    words = {
        i: _(
            "{unit} to {other}, measured on {population}",
            unit=_(UNIT_WORDS[s.from_unit]),
            other=_(UNIT_WORDS[s.to_unit]),
            population=_(POPULATION_WORDS[s.population]),
        )
        for i, s in known.items()
    }
    stick = known[fields.kept_choice(f"{key}_yardstick", words, _("Yardstick"))]
    try:
        turned = convert(found, stick)
    except UsageError:
        blocks.note(
            _(
                "Not converted: this yardstick was measured on {have}, and the number is about {want}.",
                have=_(POPULATION_WORDS[stick.population]),
                want=_(POPULATION_WORDS[found.population]),
            ),
            "block",
            "warning",
        )
    else:
        number, low, high = (format_number(v, filters.lang, 1) for v in (turned.value, turned.low, turned.high))
        kpi.plain(_("In {unit}", unit=_(UNIT_WORDS[turned.unit])), f"{number} ({low} – {high})")
    blocks.caption(_("Yardstick: {source}", source=stick.source), key=f"quoted_{key}")
