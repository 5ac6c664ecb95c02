"""A change of an indicator in words: how much, among whom, and whether it can be told from none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from charts.describe import difference
from charts.theme import Measure
from charts.trends import Event
from data_access.contract.periods import parse_period
from data_access.questions import breaks
from data_access.questions import changes as found
from i18n import N_, format_number, format_percent
from ui.kit import data
from ui.view.text import _, lang, style

SENDERS = {
    "school": N_("LAO schools"),
    "centre": N_("centres"),
    "province": N_("provinces"),
    "district": N_("districts"),
    "subdistrict": N_("sub-districts"),
    "lao": N_("local authorities"),
}
WHY_NOT = {
    found.RULE: N_("Not compared with {before}: the rule changed in between."),
    found.PROVISIONAL: N_("Not compared with {before}: one of the two periods is not complete."),
    found.SUPPRESSED: N_("Not compared with {before}: too few of the numbers may be shown."),
    found.NOBODY: N_("Not compared with {before}: nobody sent both times."),
    found.INCOMPLETE: N_("Not compared with {before}: not the same places sent."),
}


def sentence(row: Mapping[str, Any], measure: Measure) -> str:
    """What changed since the earlier period, among whom, or why that is not said; empty where there is nothing to say."""
    if not row["before_period"]:
        return ""
    before = parse_period(row["before_period"]).label(lang())
    if row["reason"] == found.SENDERS:
        n, of = (format_number(int(row[c]), lang()) for c in ("senders", "senders_before"))
        return _("{n} of the {of} that sent in {before} sent again.", n=n, of=of, before=before)
    if row["reason"]:
        return _(WHY_NOT[row["reason"]], before=before) if row["reason"] in WHY_NOT else ""
    gap = difference(row["matched_before"], row["matched_now"], measure, style())
    words = {"gap": gap, "before": before, "among": among(row)}
    if not row["clear"]:
        said = _("No clear difference from {before}{among}.", **words)
    else:
        said = (
            _("{gap} more than in {before}{among}.", **words)
            if row["change"] > 0
            else _("{gap} less than in {before}{among}.", **words)
        )
    return f"{by_old_rule(row, measure)} {said} {_all_of_them(row, measure, before)}".strip()


def by_old_rule(row: Mapping[str, Any], measure: Measure) -> str:
    """The later number by the rule of the earlier period, where the rule changed in between; told of a period still coming in as well."""
    if not row["at_old_rule"] or pd.isna(row["matched_now"]):
        return ""
    before = parse_period(row["before_period"]).label(lang())
    return _("By the rule of {before} it is {value}.", before=before, value=measure.words(row["matched_now"], lang()))


def among(row: Mapping[str, Any]) -> str:
    """Which senders the change is among, to follow a period: with a leading comma, or empty for a survey and for one sender."""
    if row["senders"] < 2 or row["sender"] not in SENDERS:
        return ""
    words = {"what": _(SENDERS[row["sender"]]), "told": format_number(int(row["told"]), lang())}
    n, widest = int(row["senders"]), int(max(row["senders_before"], row["senders_now"]))
    if row["basis"] == found.OVERLAPPING:
        return _(
            ", of all that sent; {n} of {all} {what} sent both times",
            **words,
            n=format_number(n, lang()),
            all=format_number(widest, lang()),
        )
    if row["told"] < row["senders"]:
        return _(", in {told} of the {n} {what} that sent both times", **words, n=format_number(n, lang()))
    return _(", in the {told} {what} that sent both times", **words)


def _all_of_them(row: Mapping[str, Any], measure: Measure, before: str) -> str:
    """The plain total of the earlier period, where others than those compared sent as well."""
    alike = row["senders"] == row["senders_before"] == row["senders_now"]
    if row["basis"] != found.MATCHED or alike or not measure.bubbles or pd.isna(row["before"]):
        return ""
    return _("All that sent in {before}: {value}.", before=before, value=measure.words(row["before"], lang()))


def delta(row: Mapping[str, Any] | None) -> float | None:
    """The change as a tile shows it with its arrow: only where it can be told from none."""
    return float(row["change"]) if row is not None and row["clear"] else None


def rule_events(indicator_id: str, periods: Sequence[str]) -> list[Event]:
    """The breaks of an indicator's rules on an axis of periods, each with what changed."""
    known = data.rule_changes(indicator_id)
    return [Event(period, rule_words(b), breaks=True) for period, b in breaks.events(known, list(periods))]


def rule_words(rule: breaks.Break) -> str:
    """What changed and since when, as a note of a figure."""
    if rule.rule.startswith(breaks.RATE):
        return _("New rates: money before and after is not compared")
    if rule.before is None or rule.after is None:
        return _("New rule: not compared across this line")
    if rule.rule == breaks.CUTOFF:
        old, new = (format_number(v, lang()) for v in (rule.before, rule.after))
        return _("Cut-off from {old} to {new}: not compared across this line", old=old, new=new)
    old, new = (format_percent(v, lang(), 0) for v in (rule.before, rule.after))
    return _("Threshold from {old} to {new}: not compared across this line", old=old, new=new)
