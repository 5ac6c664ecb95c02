"""Learning loss: how ready children were for school before, during and after the closures, and who lost most."""

from __future__ import annotations

from ui.across import attention
from ui.blocks import blocks
from ui.frame import shell
from ui.kit import data, empty, filters, kpi, linked, panels, provenance, ranks
from ui.kit.filters import Filters
from ui.programmes import learning_loss
from ui.view.text import _

APPLIES = ("period", "region", "province", "set")
Z, CHANGE, BELOW, ASSESSED = "readiness.z", "readiness.change", "readiness.below_cut", "readiness.assessed"
ADJUSTED = "readiness.change_adjusted"
GAPS = tuple(gap for _title, gap, _groups in learning_loss.GROUPS.values())
MEASURES = (CHANGE, Z, BELOW, *GAPS, learning_loss.DAYS, ASSESSED)
DIVERGING = (CHANGE, Z)


def page() -> None:
    """The page."""
    rounds = data.periods(Z, "academic_year")
    chosen = filters.bar(APPLIES, Z)
    if rounds:
        survey(chosen, rounds)
    else:
        empty.not_loaded([Z])

    learning_loss.national_tests(chosen)
    used = [Z, CHANGE, ADJUSTED, BELOW, ASSESSED, *GAPS, learning_loss.DAYS, learning_loss.SLOPE]
    provenance.footer(used, chosen, tables=["readiness_result", "yardstick", "event", "published_series"])


def survey(chosen: Filters, rounds: list[str]) -> None:
    """What the rounds of the school-readiness survey tell."""
    learning_loss.verdict(chosen, rounds[0])
    with blocks.fold("learning_unit", _("What an SD is"), "straighten"):
        learning_loss.unit_note(rounds[0])
    said = {CHANGE: _("Below nought, children start school less ready than in the base round.")}
    headlines = [
        (
            i,
            kpi.headline(
                i,
                chosen,
                target=attention.target(i, chosen),
                sentence=f"{panels.beside_country(i, chosen)} {said.get(i, '')}".strip(),
            ),
        )
        for i in (CHANGE, BELOW, learning_loss.DAYS, ASSESSED)
    ]
    kpi.row([*headlines, (learning_loss.SLOPE, learning_loss.slope_headline(chosen))])

    blocks.header(_("Over time"))
    left, right = blocks.columns(2)
    with left:
        blocks.subheader(data.indicator(Z).title(chosen.lang))
        panels.trend_panel("learning_z", Z, chosen, kinds=learning_loss.CLOSURES)
    with right:
        blocks.subheader(data.indicator(BELOW).title(chosen.lang))
        panels.trend_panel("learning_below", BELOW, chosen, kinds=learning_loss.CLOSURES, targets=True)
    blocks.subheader(_("Change, as it is and adjusted"))
    panels.indicators_panel(
        "learning_adjusted",
        (CHANGE, ADJUSTED),
        chosen.national(),
        title=_("Change, as it is and adjusted"),
        kinds=learning_loss.CLOSURES,
    )
    blocks.caption(data.indicator(ADJUSTED).definition(chosen.lang) + ". " + data.indicator(ADJUSTED).caveat(chosen.lang))
    blocks.caption(
        _(
            "Each round assesses other children, and not every province; the change since the base round compares the same provinces."
        )
    )

    with blocks.fold("learning_months", _("In months or school years?"), "straighten"):
        ranks.conversion("learning", data.cell(ADJUSTED, chosen.national().where()), "kindergarten_3", chosen)

    blocks.header(_("Before and after"))
    learning_loss.before_after(chosen, rounds)

    blocks.header(_("Where"))
    shown = linked.choose_measure("learning", MEASURES, chosen)
    linked.linked_view(
        "learning", shown, chosen, also=[i for i in (Z, BELOW, ASSESSED) if i != shown], diverging=shown in DIVERGING
    )

    blocks.header(_("Provinces without a league table"))
    ranks.funnel_and_ranks("learning", Z, chosen)

    blocks.header(_("What was lost: sub-domains"))
    learning_loss.subdomain_profile(chosen, rounds)

    blocks.header(_("Who lost most"))
    for column, kind in zip(blocks.columns(3), learning_loss.GROUPS, strict=True):
        with column:
            learning_loss.group_gap(kind, chosen)

    blocks.header(_("Closures and change"))
    learning_loss.closure_relation(chosen, rounds)


if __name__ == "__main__":
    shell.guard("learning_loss")
