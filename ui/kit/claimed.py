"""Published figures in words: the one place that says them, so that "at least", "about" and the period stand wherever the number does."""

from __future__ import annotations

from typing import Any

import pandas as pd

from charts.theme import TOLD, Measure
from data_access.analysis.claims import DIFFERS, NOT_COMPUTABLE, REPRODUCED, is_its_number, speaks_of, status
from i18n import N_, format_money, format_number, unit_name
from ui.kit import data
from ui.view.cache import once_a_view
from ui.view.text import _, lang

WORDED = {"exact": N_("{x}"), "about": N_("about {x}"), "at_least": N_("at least {x}"), "more_than": N_("more than {x}")}
AGREES = {
    REPRODUCED: N_("Announced: {figure}; the tables agree."),
    DIFFERS: N_("Announced: {figure}; the tables differ."),
    NOT_COMPUTABLE: N_("Announced: {figure}; the tables cannot tell."),
}


def amount(value: float | None, unit: str) -> str:
    """A claim's value in words: money in baht or million baht, the rest with its unit."""
    if value is None or pd.isna(value):
        return "–"
    return format_money(value, lang()) if unit == "baht" else f"{format_number(value, lang())} {unit_name(unit, lang(), value)}"


def worded(claim: dict[Any, Any], number: str) -> str:
    """A number as a claim words it: exact, about, at least, more than."""
    return _(WORDED[claim["comparator"]], x=number)


def published(claim: dict[Any, Any]) -> str:
    """The published value as it is worded, with the period that it speaks of and what its rounding leaves."""
    said = worded(claim, amount(claim["value"], claim["unit"]))
    rounding = [_("± {tolerance}", tolerance=amount(claim["tolerance"], claim["unit"]))] if claim["comparator"] == "about" else []
    more = [w for w in [*rounding, claim["as_of"]] if isinstance(w, str) and w]
    return f"{said} ({', '.join(more)})" if more else said


def about(indicator_id: str, asked: dict[str, Any], cell: Any) -> dict[str, Any] | None:
    """The published figure that a cell's number is of: same filters, same period; None when there is none."""
    period = cell["older_period"] or cell["period"]
    return next((c for c in _published().get(indicator_id, ()) if speaks_of(c, asked, period)), None)


def number(indicator_id: str, asked: dict[str, Any], cell: Any, words: str) -> tuple[str, str]:
    """The words of a cell's number, worded as the published figure is whose own number it is; and the period of that figure.

    The period is empty for any other number, and where the cell has one of its own, which stands on the page.
    """
    if (
        cell["state"] not in TOLD
        or (claim := about(indicator_id, asked, cell)) is None
        or not is_its_number(claim, cell["value"])
    ):
        return words, ""
    return worded(claim, words), claim["as_of"] if isinstance(claim["as_of"], str) and not cell["period"] else ""


def with_date(words: str, date: str) -> str:
    """A number with the period that it speaks of, where nothing beside it says so."""
    return f"{words} ({date})" if date else words


def announced(indicator_id: str, asked: dict[str, Any], cell: Any, measure: Measure) -> str:
    """The published figure of the same number in a sentence beside it; empty when there is none."""
    claim = about(indicator_id, asked, cell)
    if claim is None:
        return ""
    shown = cell["value"] if cell["state"] in TOLD else None
    said = worded(claim, measure.words(claim["value"], lang()))
    dated = f"{said} ({claim['as_of']})" if isinstance(claim["as_of"], str) else said
    return _(AGREES[status(claim, shown)], figure=dated)


@once_a_view
def _published() -> dict[str, list[dict[str, Any]]]:
    """The published figures by indicator."""
    out: dict[str, list[dict[str, Any]]] = {}
    for figure in data.table("published_figure").to_dict("records"):
        out.setdefault(figure["indicator"], []).append(figure)
    return out
