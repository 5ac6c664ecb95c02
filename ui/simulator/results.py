"""What a scenario costs: beside its base by year, province, authority and size, and who gains or loses."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from charts.board import Column, board
from charts.maps import province_map
from charts.style import Style
from charts.theme import Chart, Measure
from data_access.programmes.policy import rates
from data_access.programmes.policy.rates import LUNCH
from data_access.saved import scenarios
from data_access.saved.scenarios import Scenario
from i18n import N_, format_money, format_number, format_percent
from ui.blocks import blocks, components
from ui.blocks.components import cards
from ui.kit import downloads, empty, kpi, linked
from ui.kit.filters import Filters, sorted_provinces
from ui.kit.tables import show_table
from ui.programmes.claims import RATES
from ui.programmes.policy import context
from ui.simulator import draft, wording
from ui.view.events import offer
from ui.view.moves import find_province
from ui.view.text import _, lang, style

SIDES = {"gain": N_("Schools whose lunch money rises"), "lose": N_("Schools whose lunch money falls")}

DIGITS = (0, 0, 0, 1)
"""Of the numbers of a table of differences (`wording.difference_table`): three of money, one of per cent."""


def tiles(now: Scenario, new: pd.DataFrame, old: pd.DataFrame, schools: pd.DataFrame) -> None:
    """What the scenario and its base cost, and how many schools gain or lose (`schools`, from `draft.school_sides`)."""
    first = now.start_year
    cost, before = (float(f.loc[f["year"] == first, "baht"].sum()) for f in (new, old))
    every = float(new["baht"].sum() - old["baht"].sum())
    sides = schools.groupby("side")[["schools", "pupils"]].sum()
    share = format_percent((cost - before) / before, lang()) if before else ""
    tiles = [
        kpi.plain_tile(_("Scenario, fiscal year {year}", year=first), format_money(cost, lang())),
        kpi.plain_tile(_("Base, fiscal year {year}", year=first), format_money(before, lang())),
        kpi.plain_tile(_("Difference, fiscal year {year}", year=first), wording.signed(cost - before), share),
        kpi.plain_tile(_("Difference, all years"), wording.signed(every)),
    ]
    for side, words in SIDES.items():
        found = sides[sides.index == side].sum()  # nought where no school is on this side
        pupils = _("{n} pupils", n=format_number(float(found["pupils"]), lang()))
        tiles.append(kpi.plain_tile(_(words), format_number(float(found["schools"]), lang()), pupils))
    cards("policy_tiles", [[tile] for tile in tiles], least=kpi.TILE, most=3)


def by_year(sides: Sequence[tuple[str, Scenario, pd.DataFrame]], chosen: Filters, key: str) -> None:
    """The cost of each side by fiscal year."""
    parts = [f.groupby("year", as_index=False)["baht"].sum().assign(series=code) for code, _s, f in sides if len(f)]
    if not parts:
        return
    frame = pd.concat(parts, ignore_index=True)
    frame = frame.assign(x=frame["year"].map("FY{}".format), value=frame["baht"], state="value")
    names = {code: _("Base") if code == draft.BASE else s.name for code, s, _f in sides}
    measure = Measure("policy.cost", _("Cost by fiscal year"), "baht", "money")
    labels = {f"FY{y}": str(y) for y in sorted(frame["year"].unique())}
    blocks.subheader(measure.title)
    draw = linked.over_time(key, frame, measure, labels=labels, series_names=names, title=measure.title, equal=True)

    def table() -> pd.DataFrame:
        wide = frame.pivot(index="year", columns="series", values="baht").reset_index()
        return wide.rename(columns={"year": _("Fiscal year"), **names})

    downloads.menu(key, table, context(chosen, measure.title), draw)


def where_it_changes(where: pd.DataFrame, chosen: Filters) -> None:
    """The provinces whose cost changes: by how much of it on the map, in baht as bars, and all of it in the table."""
    blocks.subheader(_("Where the cost changes"))
    cells = where.assign(value=where["share"], state=["value" if pd.notna(v) else "not_applicable" for v in where["share"]])
    if empty.when_empty(cells):
        return
    measure, inside = Measure("policy.share", _("Difference to the base"), "%", "rate"), chosen.provinces_inside()
    table = wording.difference_table(where, "province")

    def draw(drawn: Style) -> Chart:
        return province_map(cells, measure, drawn, selected=chosen.province, diverging=True, only=inside, height=560)

    columns = [
        Column(str(c), dict(zip(where["province"], map(_told, table[c]), strict=True)), digits)
        for c, digits in zip(table.columns[1:], DIGITS, strict=True)
    ]
    drawing = board(
        cells, measure, style(), columns, selected=chosen.province, diverging=True, only=inside, order=sorted_provinces(lang())
    )
    components.board("policy_map", drawing, offer(find_province))
    money = Measure("policy.difference", _("Difference to the base, baht"), "baht", "money")
    rows = where.assign(value=where["difference"], state="value")
    blocks.subheader(money.title)
    linked.ranking("policy_bars", rows, money, "province", money.title, offer(find_province), selected=chosen.province, limit=20)
    downloads.menu("policy_where", table, context(chosen, measure.title), draw)


def _told(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def breakdowns(new: pd.DataFrame, old: pd.DataFrame) -> None:
    """Differences by programme, kind of authority and size."""
    blocks.subheader(_("By programme, authority and size"))
    blocks.caption(_("All years together. Grants have no authority in published cells; sizes are of the lunch only."))
    lunch = [f[f["programme"] == LUNCH] for f in (new, old)]
    kinds = scenarios.difference(lunch[0], lunch[1], ["kind"])
    sizes = scenarios.difference(lunch[0], lunch[1], ["group"])
    order = {b: n for n, b in enumerate(rates.Step(low, high, 0).band for low, high in scenarios.SIZE_GROUPS)}
    sizes = sizes.sort_values("group", key=lambda g: g.map(order))
    tables = [(scenarios.difference(new, old, ["programme"]), "programme"), (kinds, "kind"), (sizes, "group")]
    for frame, key in tables:
        if len(frame):
            table = wording.difference_table(frame, key)
            show_table(f"policy_by_{key}", table, _("Difference by {what}", what=table.columns[0]))


def who_gains(now: Scenario, base: Scenario, schools: pd.DataFrame, chosen: Filters) -> None:
    """Schools whose lunch money rises or falls by size (`draft.school_sides`), and grants by level, in the first year."""
    title = _("Who gains and who loses in the first year")
    blocks.subheader(title)
    blocks.text("", _(RATES[LUNCH]))
    table = wording.winners_table(schools)
    if table.empty:
        blocks.note(_("Lunch is not in both the scenario and the base."))
    else:
        show_table("policy_winners", table, _("Schools that gain and lose, by size"))
        downloads.menu("policy_winners", table, context(chosen, title))
    blocks.text(f"· {_('whole country')}", _("Grants"))
    frame = scenarios.grant_winners(now, base, draft.inputs()[1])
    show_table("policy_grant_winners", wording.grant_table(frame), _("Grants that rise and fall, by level"))
