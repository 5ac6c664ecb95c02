"""The ledger of published figures on screen: each sentence beside what the tables say, with money per head."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data_access.access import Scope
from data_access.claims import DIFFERS, NOT_COMPUTABLE, REPRODUCED, filters_of, ledger, rate_fits
from i18n import N_, format_date, format_money, format_number, unit_name
from ui import data, downloads, provenance, sheet
from ui.components import Part, cards
from ui.filters import CODES, Filters
from ui.tables import show_table
from ui.text import _, lang

STATUS = {
    REPRODUCED: (N_("Reproduced"), "check_circle", "good"),
    DIFFERS: (N_("Differs"), "error", "late"),
    NOT_COMPUTABLE: (N_("Cannot be computed"), "help", "neither"),
}
"""Words, symbol and tone of each status."""
CARD = 420  # pixels
WORDED = {
    "exact": N_("{x}"),
    "about": N_("about {x} (± {tolerance})"),
    "at_least": N_("at least {x}"),
    "more_than": N_("more than {x}"),
}
RATES = {"basic_needs": N_("Basic-needs subsidy"), "equity_grant": N_("Equity Grant"), "lunch": N_("School lunch")}
RATE_STATUS = {
    "approved": N_("Approved"),
    "paid": N_("Paid"),
    "demonstration": N_("For demonstration"),
    "conflicting": N_("Sources disagree"),
}
FITS = {"semester": N_("Fits one semester"), "year": N_("Fits a year"), "": N_("Does not fit")}


@data.of_release(8)
def _ledger(release_id: str, _scope: Scope) -> pd.DataFrame:
    return ledger(release_id)


@data.of_release(8)
def _rates(release_id: str, _scope: Scope) -> pd.DataFrame:
    return rate_fits(release_id)


def show(filters: Filters) -> None:
    """Counts by status, a card for every claim, the rates beside money, and the ledger to take away."""
    figures = _ledger()
    if figures.empty:
        sheet.note(_("No published figures have been loaded. They come in like any other table, on the page Data."))
        return
    _counts(figures)
    cards("claims_ledger", [_card(claim) for claim in figures.to_dict("records")], least=CARD, most=2)
    _rates_beside(figures)
    title = _("Published figures")
    downloads.menu("claims", table(figures), provenance.context(_indicators(figures), filters, title))


def _counts(figures: pd.DataFrame) -> None:
    counts = figures["status"].value_counts()
    found = [(s, int(counts[s])) for s in STATUS if s in counts.index]
    sheet.standings([_badge(status, f" {format_number(number, lang())}") for status, number in found])


def _badge(status: str, more: str = "") -> sheet.Standing:
    words, icon, tone = STATUS[status]
    return tone, icon, _(words) + more, ""


def _indicators(figures: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(i for i in figures["indicator"] if isinstance(i, str)))


def amount(value: float | None, unit: str) -> str:
    """A claim's value in words: money in baht or million baht, the rest with its unit."""
    if value is None or pd.isna(value):
        return "–"
    return format_money(value, lang()) if unit == "baht" else f"{format_number(value, lang())} {unit_name(unit, lang(), value)}"


def published(claim: dict[Any, Any]) -> str:
    """The published value as it is worded: exact, about, at least, more than."""
    return _(
        WORDED[claim["comparator"]], x=amount(claim["value"], claim["unit"]), tolerance=amount(claim["tolerance"], claim["unit"])
    )


def _sentence(claim: dict[Any, Any]) -> str:
    return str(claim[f"sentence_{lang()}"])


def _card(claim: dict[Any, Any]) -> list[Part]:
    lines = [(_("Published"), published(claim)), (_("From the tables"), amount(claim["computed"], claim["unit"]))]
    if pd.notna(claim["difference"]) and claim["difference"]:
        lines.append((_("Difference"), f"{claim['difference']:+,.0f}".replace("-", "−")))
    if pd.notna(claim["published_per_head"]):
        lines.append((_("Published per head"), format_money(claim["published_per_head"], lang())))
        lines.append((_("Per head from the tables"), format_money(claim["computed_per_head"], lang())))
    asked = claim["query"] if isinstance(claim["query"], str) else ""
    return [
        {"part": "status", "badge": _badge(claim["status"]), "text": _sentence(claim)},
        {"part": "lines", "items": lines},
        {"part": "text", "text": " · ".join(_about(claim)), "code": asked},
    ]


def _about(claim: dict[Any, Any]) -> list[str]:
    """Period, population, source with its date and note; the question put to the tables stands behind them, for the curious."""
    parts = [claim["as_of"], claim["population"], claim["source"]]
    if pd.notna(claim["source_date"]):
        parts.append(format_date(pd.Timestamp(claim["source_date"]).date(), lang()))
    return [p for p in [*parts, claim["note"]] if isinstance(p, str) and p]


def _rates_beside(figures: pd.DataFrame) -> None:
    found = _rates()
    sheet.header(_("Money per head beside the rates in force"))
    if found.empty:
        sheet.note(_("There is no claim of money with heads and a period, or no rate was in force then."))
        return
    sheet.caption(
        _(
            "Each published sum over its heads, with the range that its rounding leaves, beside every rate in force in that period, "
            "read as one semester's and as a year's. Nothing is corrected here: what fits neither is a question for the publisher."
        )
    )
    for claim_id, part in found.groupby("claim_id", sort=False):
        claim = figures.set_index("claim_id").loc[claim_id]
        first = part.iloc[0]
        head, low, high = (format_money(first[k], lang()) for k in ("per_head", "low", "high"))
        sheet.text("", _sentence(dict(claim)))
        sheet.text(_("Per head: {head}, between {low} and {high}.", head=head, low=low, high=high))
        show_table(f"quoted_claims_rates_{claim_id}", rates_table(part), _("Rates in force and what they fit"))


def _band(code: str) -> str:
    return _(CODES["level"][code]) if code in CODES["level"] else _(N_("All")) if code == "all" else code


def rates_table(part: pd.DataFrame) -> pd.DataFrame:
    """The rates beside one claim, in words."""
    return pd.DataFrame(
        {
            _("Rate"): [f"{_(RATES.get(r, r))} · {_band(b)}" for r, b in zip(part["rate_id"], part["band"], strict=True)],
            _("Status"): [_(RATE_STATUS[s]) for s in part["status"]],
            _("In force since"): [format_date(pd.Timestamp(d).date(), lang()) for d in part["effective_from"]],
            _("Baht a semester"): part["semester_baht"].tolist(),
            _("Baht a year"): part["year_baht"].tolist(),
            _("Reading"): [_(FITS[f]) for f in part["fits"]],
            _("Source"): part["source"].tolist(),
        }
    )


def table(figures: pd.DataFrame) -> pd.DataFrame:
    """The ledger as a table to take away, one row a claim."""
    rows = figures.to_dict("records")
    columns: dict[str, list] = {
        _("Claim"): [r["claim_id"] for r in rows],
        _("Sentence"): [_sentence(r) for r in rows],
        _("Published"): [r["value"] for r in rows],
        _("Worded as"): [published(r) for r in rows],
        _("From the tables"): [r["computed"] for r in rows],
        _("Difference"): [r["difference"] for r in rows],
        _("Unit"): [unit_name(r["unit"], lang()) for r in rows],
        _("Status"): [_(STATUS[r["status"]][0]) for r in rows],
        _("Published per head"): [r["published_per_head"] for r in rows],
        _("Per head from the tables"): [r["computed_per_head"] for r in rows],
        _("As of"): [r["as_of"] for r in rows],
        _("Population"): [r["population"] for r in rows],
        _("Source"): [r["source"] for r in rows],
        _("Question put to the tables"): [r["query"] for r in rows],
        _("Filters"): [" ".join(f"{k}={v}" for k, v in filters_of(r).items()) for r in rows],
        _("Note"): [r["note"] for r in rows],
    }
    return pd.DataFrame(columns)
