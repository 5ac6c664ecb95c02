"""The ledger of published figures on screen: each sentence beside what the tables say, with money per head."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data_access.analysis.claims import DIFFERS, NOT_COMPUTABLE, REPRODUCED, filters_of, ledger, rate_fits
from data_access.who.access import Scope
from i18n import N_, format_date, format_money, format_number, format_percent, unit_name
from ui.blocks import blocks
from ui.blocks.components import Part, cards
from ui.kit import data, downloads, provenance
from ui.kit.claimed import amount, published
from ui.kit.filters import CODES, Filters
from ui.kit.tables import show_table
from ui.view import shown
from ui.view.text import _, lang

STATUS = {
    REPRODUCED: (N_("Reproduced"), "check_circle", "good"),
    DIFFERS: (N_("Differs"), "error", "late"),
    NOT_COMPUTABLE: (N_("Cannot be computed"), "help", "neither"),
}
"""Words, symbol and tone of each status."""
CARD = 420  # pixels
RATES = {"basic_needs": N_("Basic-needs subsidy"), "equity_grant": N_("Equity Grant"), "lunch": N_("School lunch")}
RATE_STATUS = {
    "approved": N_("Approved"),
    "paid": N_("Paid"),
    "demonstration": N_("For demonstration"),
    "conflicting": N_("Sources disagree"),
}
READINGS = {"semester": N_("One semester"), "year": N_("A year")}


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
        blocks.note(_("No published figures have been loaded. They come in like any other table, on the page Data."))
        return
    _verdict(figures)
    order = [DIFFERS, NOT_COMPUTABLE, REPRODUCED]  # what has to be looked at first
    figures = figures.sort_values("status", key=lambda found: found.map(order.index), kind="stable", ignore_index=True)
    cards("claims_ledger", [_card(claim) for claim in figures.to_dict("records")], least=CARD, most=2)
    _rates_beside(figures)
    title = _("Published figures")
    downloads.menu("claims", table(figures), provenance.context(_indicators(figures), filters, title))


def _verdict(figures: pd.DataFrame) -> None:
    counts = figures["status"].value_counts()
    words = {s: format_number(int(counts.get(s, 0)), lang()) for s in STATUS}
    about = {"n": words[REPRODUCED], "all": format_number(len(figures), lang())}
    text = (
        _("Invented tables, made to reproduce {n} of {all} published figures: no confirmation of them", **about)
        if shown.release().demo
        else _("The tables bear out {n} of {all} published figures", **about)
    )
    rest = [f"{_(STATUS[s][0])} {words[s]}" for s in (DIFFERS, NOT_COMPUTABLE) if s in counts.index]
    blocks.finding(text, " · ".join(rest))


def _badge(status: str, more: str = "") -> blocks.Standing:
    words, icon, tone = STATUS[status]
    return tone, icon, _(words) + more, ""


def _indicators(figures: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(i for i in figures["indicator"] if isinstance(i, str)))


def _sentence(claim: dict[Any, Any]) -> str:
    return str(claim[f"sentence_{lang()}"])


def said(claim: dict[Any, Any], what: str) -> str | None:
    """Population, source or note of a claim in the reader's language; the Thai one where no other was given."""
    found = claim.get(f"{what}_en") if lang() == "en" else None
    chosen = found if isinstance(found, str) and found else claim[what]
    return chosen if isinstance(chosen, str) and chosen else None


def _card(claim: dict[Any, Any]) -> list[Part]:
    lines = [(_("Published"), published(claim))]
    if claim["parts"]:
        lines += [
            (part_words(p), f"{amount(p['computed'], claim['unit'])} · {_(STATUS[p['status']][0])}") for p in claim["parts"]
        ]
    else:
        lines.append((_("From the tables"), amount(claim["computed"], claim["unit"])))
    if pd.notna(claim["difference"]) and claim["difference"]:
        lines.append((_("Difference"), f"{claim['difference']:+,.0f}".replace("-", "−")))
    if pd.notna(claim["published_per_head"]):
        lines.append((_("Published per head"), format_money(claim["published_per_head"], lang()) + _mixed(claim)))
        lines.append((_("Per head from the tables"), format_money(claim["computed_per_head"], lang())))
    return [
        {"part": "status", "badge": _badge(claim["status"]), "text": _sentence(claim)},
        {"part": "lines", "items": lines},
        {"part": "text", "text": " · ".join(_about(claim))},
    ]


def _mixed(claim: dict[Any, Any]) -> str:
    """That a published sum and published heads are of different periods, so that their quotient is of neither."""
    return (
        "" if claim["same_heads"] else f" ({_('a year’s money over one semester’s heads; the year’s heads were not published')})"
    )


def part_words(part: dict[str, Any]) -> str:
    """What a part of a claim is about, in words."""
    return _(RATES[part["code"]]) if part["code"] in RATES else str(part["code"])


def _parts_words(claim: dict[Any, Any]) -> str:
    return "; ".join(
        f"{part_words(p)}: {amount(p['computed'], claim['unit'])} · {_(STATUS[p['status']][0])}" for p in claim["parts"]
    )


def _about(claim: dict[Any, Any]) -> list[str]:
    """Population, source with its date and note; the question put to the tables stands behind them, for the curious."""
    parts = [said(claim, "population"), said(claim, "source")]
    if pd.notna(claim["source_date"]):
        parts.append(format_date(pd.Timestamp(claim["source_date"]).date(), lang()))
    return [p for p in [*parts, said(claim, "note")] if p]


def _rates_beside(figures: pd.DataFrame) -> None:
    found = _rates()
    blocks.header(_("Money per head beside the rates in force"))
    if found.empty:
        blocks.note(_("There is no claim of money with heads and a period, or no rate was in force then."))
        return
    blocks.caption(
        _(
            "Each published sum over its heads, with the range that its rounding leaves, beside every card of rates in force in that period: "
            "what any mix of levels would come to a head, for one semester and for a year. Nothing is corrected here: what fits neither is a "
            "question for the publisher."
        )
    )
    for claim_id, part in found.groupby("claim_id", sort=False):
        claim = figures.set_index("claim_id").loc[claim_id]
        first = part.iloc[0]
        head, low, high = (format_money(first[k], lang()) for k in ("per_head", "low", "high"))
        blocks.text("", _sentence(dict(claim)))
        blocks.text(_("Per head: {head}, between {low} and {high}.", head=head, low=low, high=high) + _mixed(dict(claim)))
        blocks.points([fit_words(r) for r in part.to_dict("records")])
        show_table(f"quoted_claims_rates_{claim_id}", rates_table(part), _("Rates in force and what they fit"))


def _band(code: str) -> str:
    return _(CODES["level"][code]) if code in CODES["level"] else _(N_("All")) if code == "all" else code


def fit_words(fit: dict[Any, Any]) -> str:
    """Whether a sum fits a card of rates paid for a semester or a year, and which mix of levels that takes."""
    words = {
        "rate": f"{_(RATES.get(fit['rate_id'], fit['rate_id']))} ({_(RATE_STATUS[fit['status']])})",
        "reading": _(READINGS[fit["reading"]]),
        "lowest": format_money(fit["lowest"], lang()),
        "highest": format_money(fit["highest"], lang()),
    }
    if not fit["fits"]:
        if fit["lowest"] == fit["highest"]:
            return _("{rate} · {reading}: does not fit; it comes to {lowest} a head.", **words)
        return _("{rate} · {reading}: fits no mix of levels; any comes to {lowest} to {highest} a head.", **words)
    if pd.isna(fit["share_low"]):
        return _("{rate} · {reading}: fits; between {lowest} and {highest} a head.", **words)
    shares = {k: format_percent(fit[k], lang(), 1) for k in ("share_low", "share_high")}
    return _(
        "{rate} · {reading}: fits only with {share_low} to {share_high} of the heads in {band}.",
        **words,
        **shares,
        band=_band(fit["bands"][-1]),
    )


def rates_table(part: pd.DataFrame) -> pd.DataFrame:
    """The rates beside one claim, in words."""
    rows = part.to_dict("records")
    return pd.DataFrame(
        {
            _("Rate"): [f"{_(RATES.get(r['rate_id'], r['rate_id']))} · {' · '.join(_band(b) for b in r['bands'])}" for r in rows],
            _("Status"): [_(RATE_STATUS[r["status"]]) for r in rows],
            _("In force since"): [since_words(r["effective_from"], r["since_known"]) for r in rows],
            _("Paid for"): [_(READINGS[r["reading"]]) for r in rows],
            _("Lowest a head"): [r["lowest"] for r in rows],
            _("Highest a head"): [r["highest"] for r in rows],
            _("Reading"): [fit_words(r).partition(": ")[2] for r in rows],
            _("Source"): [r["source"] for r in rows],
        }
    )


def since_words(day: Any, known: bool) -> str:
    """The day from which a rate holds; where its start is not known, a day on which it was in force."""
    words = format_date(pd.Timestamp(day).date(), lang())
    return words if known else _("in force by {day}; its start is not known", day=words)


def table(figures: pd.DataFrame) -> pd.DataFrame:
    """The ledger as a table to take away, one row a claim."""
    rows = figures.to_dict("records")
    columns: dict[str, list] = {
        _("Claim"): [r["claim_id"] for r in rows],
        _("Sentence"): [_sentence(r) for r in rows],
        _("Published"): [r["value"] for r in rows],
        _("Worded as"): [published(r) for r in rows],
        _("From the tables"): [r["computed"] for r in rows],
        _("Of each"): [_parts_words(r) for r in rows],
        _("Difference"): [r["difference"] for r in rows],
        _("Unit"): [unit_name(r["unit"], lang()) for r in rows],
        _("Status"): [_(STATUS[r["status"]][0]) for r in rows],
        _("Published per head"): [r["published_per_head"] for r in rows],
        _("Of what"): [_mixed(r).strip(" ()") for r in rows],
        _("Per head from the tables"): [r["computed_per_head"] for r in rows],
        _("As of"): [r["as_of"] for r in rows],
        _("Population"): [said(r, "population") for r in rows],
        _("Source"): [said(r, "source") for r in rows],
        _("Question put to the tables"): [r["query"] for r in rows],
        _("Filters"): [" ".join(f"{k}={v}" for k, v in filters_of(r).items()) for r in rows],
        _("Note"): [said(r, "note") for r in rows],
    }
    return pd.DataFrame(columns)
