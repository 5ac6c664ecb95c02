"""All indicators: any number of the registry that the release has data for, on the map, over time, by group."""

from __future__ import annotations

from data_access.programmes.indicators import PROGRAMMES
from ui.across import attention
from ui.blocks import blocks, fields
from ui.frame import shell
from ui.kit import data, filters, findings, kpi, linked, panels, provenance
from ui.view import address
from ui.view.events import offer
from ui.view.text import _, lang

TITLES = {f.name: p.title for p in PROGRAMMES for f in p.families}


def page() -> None:
    """The page."""
    offered = [i for i in data.available() if not data.indicator(i).each]
    shown = address.get("measure") if address.get("measure") in offered else offered[0]
    indicator = data.indicator(shown)
    by_place = "province" in indicator.places
    splits = [k for k in panels.SPLIT_TITLES if k in indicator.dims]
    applies = ["period", *(("region", "province", "set") if by_place else ()), *splits]
    chosen = filters.bar(applies, shown, indicator.periods[::-1])
    offered_names = linked.told_apart({i: name(i) for i in offered})
    fields.choice("indicators_measure", offered_names, _("Indicator"), shown, offer(address.choose, part="measure"))
    blocks.text(indicator.definition(lang()), code=indicator.formula)
    alone = indicator.adds_up == "never" and not chosen.province
    if alone:
        blocks.caption(_("Showing {words}", words=chosen.words()))
        blocks.note(
            _("This measure is told of each place and never added up. Choose a province for its number and its trend."), "info"
        )
    else:
        findings.begin((shown,), chosen)
        goal = attention.target(shown, chosen)
        kpi.row([(shown, kpi.headline(shown, chosen, target=goal))])
    if by_place:
        blocks.header(_("Where"))
        linked.linked_view("indicators", shown, chosen, diverging=data.indicator(shown).around_nought)
    if indicator.periods and not alone:
        blocks.header(_("Over time"))
        panels.trend_panel("indicators_trend", shown, chosen, targets=True)
    if splits:
        blocks.header(_("Who"))
        for column, key in zip(blocks.columns(len(splits)), splits, strict=True):
            with column:
                blocks.subheader(_(panels.SPLIT_TITLES[key]))
                panels.split_panel(f"indicators_{key}", shown, key, chosen)
    provenance.footer([shown], chosen, tables=[indicator.table])


def name(indicator_id: str) -> str:
    """An indicator with its programme."""
    indicator = data.indicator(indicator_id)
    return f"{_(TITLES[indicator.family])} · {indicator.title(lang())}"


if __name__ == "__main__":
    shell.guard("indicators")
