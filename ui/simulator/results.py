"""What a scenario costs: beside its base by year, province, authority and size, and who gains or loses."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from charts.bars import ranked_bars
from charts.maps import province_map
from charts.style import Style
from charts.theme import Chart, Measure
from charts.trends import trend
from data_access import policy, scenarios
from data_access.policy import LUNCH
from data_access.scenarios import Scenario
from i18n import format_money, format_number, format_percent
from ui import downloads, empty, linked
from ui.claims import RATES
from ui.filters import Filters, search_box
from ui.policy import context
from ui.simulator import draft, wording
from ui.tables import show_table
from ui.text import _, lang, style


def tiles(now: Scenario, base: Scenario, new: pd.DataFrame, old: pd.DataFrame, chosen: Filters) -> None:
    first = now.start_year
    cost, before = (float(f.loc[f["year"] == first, "baht"].sum()) for f in (new, old))
    every = float(new["baht"].sum() - old["baht"].sum())
    sides = draft.school_sides(now, base, chosen).groupby("side")[["schools", "pupils"]].sum()
    share = format_percent((cost - before) / before, lang()) if before else None
    tiles = [
        (_("Scenario, fiscal year {year}", year=first), format_money(cost, lang()), None),
        (_("Base, fiscal year {year}", year=first), format_money(before, lang()), None),
        (_("Difference, fiscal year {year}", year=first), wording.signed(cost - before), share),
        (_("Difference, all years"), wording.signed(every), None),
    ]
    with st.grid(columns=3, min_column_width=240):
        for label, value, delta in tiles:
            st.metric(label, value, delta=delta, delta_color="off", delta_arrow="off", border=True, height="stretch")
        for side in ("gain", "lose"):
            found = sides[sides.index == side].sum()  # nought where no school is on this side
            pupils = _("{n} pupils", n=format_number(float(found["pupils"]), lang()))
            st.metric(
                _("Schools whose lunch money rises") if side == "gain" else _("Schools whose lunch money falls"),
                format_number(float(found["schools"]), lang()),
                delta=pupils,
                delta_color="off",
                delta_arrow="off",
                border=True,
                height="stretch",
            )


def by_year(sides: Sequence[tuple[str, Scenario, pd.DataFrame]], chosen: Filters, key: str) -> None:
    parts = [f.groupby("year", as_index=False)["baht"].sum().assign(series=code) for code, _s, f in sides if len(f)]
    if not parts:
        return
    frame = pd.concat(parts, ignore_index=True)
    frame = frame.assign(x=frame["year"].map("FY{}".format), value=frame["baht"], state="value")
    names = {code: _("Base") if code == draft.BASE else s.name for code, s, _f in sides}
    measure = Measure("policy.cost", _("Cost by fiscal year"), "baht", "money")
    labels = {f"FY{y}": str(y) for y in sorted(frame["year"].unique())}

    def draw(drawn: Style) -> Chart:
        return trend(frame, measure, drawn, labels=labels, series_names=names, title=measure.title, equal=True)

    st.subheader(measure.title, anchor=False)
    linked.chart(draw(style()), key)
    table = frame.pivot(index="year", columns="series", values="baht").reset_index()
    table = table.rename(columns={"year": _("Fiscal year"), **names})
    downloads.menu(key, table, context(chosen, measure.title), draw)


def where_it_changes(where: pd.DataFrame, chosen: Filters) -> None:
    st.subheader(_("Where the cost changes"), anchor=False)
    cells = where.assign(value=where["share"], state=["value" if pd.notna(v) else "not_applicable" for v in where["share"]])
    if empty.when_empty(cells):
        return
    measure = Measure("policy.share", _("Difference to the base"), "%", "rate")

    def draw(drawn: Style) -> Chart:
        inside = chosen.provinces_inside()
        return province_map(cells, measure, drawn, selected=chosen.province, diverging=True, only=inside, height=560)

    left, right = st.columns([5, 6], gap="medium")
    with left:
        search_box(chosen, "policy")
        linked.chart(draw(style()), "policy_map", select=True)
    with right:
        ranking, table = st.tabs([_("Ranking"), _("Table")])
        money = Measure("policy.difference", _("Difference to the base"), "baht", "money")
        with ranking:
            rows = where.assign(value=where["difference"], state="value")
            linked.chart(ranked_bars(rows, money, style(), selected=chosen.province, limit=20), "policy_bars", select=True)
        with table:
            show_table("policy_where", wording.difference_table(where, "province"), _("Difference by province"))
    downloads.menu("policy_where", wording.difference_table(where, "province"), context(chosen, measure.title), draw)


def breakdowns(new: pd.DataFrame, old: pd.DataFrame) -> None:
    st.subheader(_("By programme, authority and size"), anchor=False)
    st.caption(_("All years together. Grants have no authority in published cells; sizes are of the lunch only."))
    lunch = [f[f["programme"] == LUNCH] for f in (new, old)]
    kinds = scenarios.difference(lunch[0], lunch[1], ["kind"])
    sizes = scenarios.difference(lunch[0], lunch[1], ["group"])
    order = {b: n for n, b in enumerate(policy.Step(low, high, 0).band for low, high in scenarios.SIZE_GROUPS)}
    sizes = sizes.sort_values("group", key=lambda g: g.map(order))
    tables = [(scenarios.difference(new, old, ["programme"]), "programme"), (kinds, "kind"), (sizes, "group")]
    for frame, key in tables:
        if len(frame):
            table = wording.difference_table(frame, key)
            show_table(f"policy_by_{key}", table, _("Difference by {what}", what=table.columns[0]))


def who_gains(now: Scenario, base: Scenario, chosen: Filters) -> None:
    """Schools whose lunch money rises or falls by size, and grants by level, in the first year."""
    title = _("Who gains and who loses in the first year")
    st.subheader(title, anchor=False)
    st.markdown(f"**{_(RATES[LUNCH])}**")
    table = wording.winners_table(draft.school_sides(now, base, chosen))
    if table.empty:
        st.info(_("Lunch is not in both the scenario and the base."))
    else:
        show_table("policy_winners", table, _("Schools that gain and lose, by size"))
        downloads.menu("policy_winners", table, context(chosen, title))
    st.markdown(f"**{_('Grants')}** · {_('whole country')}")
    frame = scenarios.grant_winners(now, base, draft.inputs()[1])
    show_table("policy_grant_winners", wording.grant_table(frame), _("Grants that rise and fall, by level"))
