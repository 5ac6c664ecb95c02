"""Panels of the page about those out of school: the balance of stock and flows, and what others published."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from charts.theme import Measure, cell_words
from i18n import format_date, format_number, format_period
from ui.blocks import blocks
from ui.kit import data, downloads, provenance
from ui.kit.filters import Filters
from ui.kit.tables import show_table
from ui.view.text import _, style

STOCK, NEW, LOST_AGAIN, BACK = "outside.stock", "outside.new", "outside.lost_again", "outside.back"
FLOWS = ("outside.new", "outside.found", "outside.helped", "outside.back", "outside.trained", "outside.in_work", LOST_AGAIN)


def register_date(filters: Filters) -> str:
    """The date of the register behind the period shown, in words; empty where the table does not say."""
    table = data.table("out_of_school_count")
    if filters.period and "-" in filters.period:
        table = table[table["semester"] == filters.period]
    dates = pd.to_datetime(table["register_on"]).dropna()
    return format_date(dates.max().date(), filters.lang) if len(dates) else ""


def balance(filters: Filters) -> None:
    """Opening stock + those who came − those who went back = what the register should hold, beside what it holds."""
    where = filters.where(period=False)
    wide = {i: data.cells(i, ("semester",), where).set_index("semester") for i in (STOCK, NEW, LOST_AGAIN, BACK)}
    periods = list(wide[STOCK].index)
    measure, rows = data.measure(STOCK, filters.lang), []
    for before, period in pairwise(periods):
        parts = [wide[STOCK].loc[before], wide[NEW].loc[period], wide[LOST_AGAIN].loc[period], wide[BACK].loc[period]]
        closing = wide[STOCK].loc[period]
        whole = all(c["state"] in ("value", "zero") and not c["flag"] for c in (*parts, closing))
        left = (
            closing["value"] - (parts[0]["value"] + parts[1]["value"] + parts[2]["value"] - parts[3]["value"]) if whole else None
        )
        shown = [_number(c, measure) for c in parts]
        rows.append([format_period(period), *shown, _number(closing, measure), _signed(left, filters.lang)])
    if not rows:
        blocks.note(_("A balance needs two semesters of the register."), "info")
        return
    headings = [_("Semester"), _("Stock before"), _("+ new"), _("+ lost again"), _("− back in learning"), _("Stock after")]
    table = pd.DataFrame(rows, columns=[*headings, _("Unexplained")])
    title = _("Stock and flows")
    show_table("outside_balance", table, title)
    blocks.caption(
        _(
            "Unexplained: who grew out of the age range, moved, died or was struck off without a record. It is shown, not spread over the "
            "flows; a smaller stock alone is no success."
        )
    )
    downloads.menu("outside_balance", table, provenance.context((STOCK, NEW, LOST_AGAIN, BACK), filters, title))


def _number(cell: pd.Series, measure: Measure) -> str:
    return cell_words({**cell, "low": None, "high": None}, measure, style())


def _signed(value: float | None, lang: str) -> str:
    if value is None:
        return _("Cannot be computed")
    return ("+" if value > 0 else "−" if value < 0 else "") + format_number(abs(value), lang)
