"""The simulator of rates: change a scenario, see what it costs where and who gains or loses, save it, compare it, take it away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

import geo
from charts import Chart, Measure, Style, province_map, ranked_bars, trend
from data_access import policy, scenarios
from data_access.errors import UsageError
from data_access.policy import BASIC, EQUITY, LEVELS, LUNCH, Card
from data_access.scenarios import SHARED, Scenario
from i18n import N_, format_date, format_money, format_number, format_percent
from ui import data, downloads, empty, linked, proposal, state
from ui.claims import RATES
from ui.filters import CODES, Filters
from ui.policy import band_words, card_words, context, found_cards, today
from ui.text import _, lang, plain, style

DRAFT = "samoephak_policy_draft"
KINDS = {
    "pao": N_("Provincial administrative organisation"),
    "city": N_("City municipality"),
    "town": N_("Town municipality"),
    "subdistrict_municipality": N_("Sub-district municipality"),
    "sao": N_("Sub-district administrative organisation"),
    "special": N_("Special local authority"),
    "": N_("Not known by authority"),
}
SIDES = {"gain": N_("Gain"), "lose": N_("Lose"), "same": N_("Unchanged")}
COVERS = {
    scenarios.TO_PRIMARY: N_("Schools that teach up to primary"),
    scenarios.EVERY_SCHOOL: N_("Every school with a size, all its pupils"),
}
GRANT_FIELDS = {BASIC: "basic", EQUITY: "equity"}
BASE = "base"


@st.cache_data(ttl=data.TTL, max_entries=8, show_spinner=False)
def _schools(release_id: str) -> pd.DataFrame:
    return scenarios.schools_of(release_id)


@st.cache_data(ttl=data.TTL, max_entries=8, show_spinner=False)
def _recipients(release_id: str) -> pd.DataFrame:
    return scenarios.recipients_of(release_id)


@st.cache_data(ttl=data.TTL, max_entries=64, show_spinner=False)
def _costs(release_id: str, scenario: Scenario) -> pd.DataFrame:
    return scenarios.costs(scenario, _schools(release_id), _recipients(release_id))


def _inputs() -> tuple[pd.DataFrame, pd.DataFrame]:
    return _schools(data.release().id), _recipients(data.release().id)


def costs_of(scenario: Scenario, chosen: Filters) -> pd.DataFrame:
    """A scenario's costs in the region and province chosen."""
    found = _costs(data.release().id, scenario)
    inside = chosen.provinces_inside()
    found = found if inside is None else found[found["province"].isin(inside)]
    return found[found["province"] == chosen.province] if chosen.province else found


# ---- the scenario at hand -----------------------------------------------------------------------------------------------------
def fresh(cards: Sequence[Card]) -> Scenario:
    """What a new scenario starts from: the base cards of the day that the data speak of, from the next fiscal year on."""
    chosen = scenarios.default_cards(cards, today())
    return scenarios.from_cards(_("New scenario"), chosen, start_year=scenarios.next_fiscal_year(today()))


def at_hand(cards: Sequence[Card]) -> Scenario:
    """The scenario on screen: what was changed last, else the saved one that the address names, else a fresh one."""
    wanted = state.get("scenario")
    origin, draft = st.session_state.get(DRAFT, (None, None))
    if draft is not None and origin == wanted:
        return draft
    if wanted:
        try:
            return scenarios.load(wanted)
        except UsageError as error:
            empty.refused(error)
    return fresh(cards)


def _keep(scenario: Scenario) -> None:
    st.session_state[DRAFT] = (state.get("scenario"), scenario)


def choose_saved() -> None:
    """The saved scenarios, by name; the choice is in the address."""
    names = {i: s.name for i, s in scenarios.saved().items()}
    st.session_state["policy_saved"] = state.get("scenario") if state.get("scenario") in names else None

    def chosen() -> None:
        st.session_state.pop(DRAFT, None)
        state.put(scenario=st.session_state["policy_saved"])

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Saved scenario"),
            list(names),
            index=None,
            key="policy_saved",
            format_func=lambda i: names.get(i, i),
            placeholder=_("New scenario"),
            on_change=chosen,
            width=360,
        )
        if current := state.get("scenario"):
            with st.popover(_("Delete"), icon=":material/delete:", disabled=current not in names):
                st.write(_("Delete “{name}” for every reader?", name=plain(names.get(current, ""))))
                st.button(_("Delete for good"), key="policy_delete", on_click=_delete, args=(current,))


def _delete(scenario_id: str) -> None:
    try:
        scenarios.delete(scenario_id)
    except UsageError as error:
        st.toast(error.message(lang()))
    st.session_state.pop(DRAFT, None)
    state.put(scenario=None)


# ---- the form -------------------------------------------------------------------------------------------------------------------
def form(now: Scenario, cards: Sequence[Card]) -> None:
    """Everything that a scenario changes; what breaks a rule is said and changes nothing."""
    key = f"policy_{now.id}_{state.get('scenario') or 'new'}"
    with st.expander(_("Change the scenario"), icon=":material/tune:", expanded=True), st.form(f"{key}_form", border=False):
        with st.grid(columns=3, min_column_width=260):
            with st.container():
                lunch = _lunch_editor(now, key)
            with st.container():
                basic = _grant_editor(BASIC, now, key)
            with st.container():
                equity = _grant_editor(EQUITY, now, key)
        numbers = _numbers(now, key)
        base = _base_cards(now, cards, key)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input(_("Name"), now.name, max_chars=scenarios.LONGEST_NAME, key=f"{key}_name", width=320)
            apply = st.form_submit_button(_("Calculate"), icon=":material/calculate:", key=f"{key}_apply")
            keep = st.form_submit_button(_("Save"), icon=":material/save:", type="primary", key=f"{key}_save")
    if apply or keep:
        try:
            changed = Scenario(name, lunch=_bands(lunch), basic=_levels(basic), equity=_levels(equity), base=base, **numbers)
            if keep:
                _save(changed)
        except UsageError as error:
            empty.refused(error)
            return
        _keep(changed)
        st.rerun()


def _save(changed: Scenario) -> None:
    """Save under its name; the scenario that is open may be written over, another one may not."""
    found = scenarios.save(changed, replace_old=changed.id == state.get("scenario"))
    state.put(scenario=found)
    st.toast(_("Saved: {name}", name=changed.name))


def _lunch_editor(now: Scenario, key: str) -> pd.DataFrame:
    st.markdown(f"**{_(RATES[LUNCH])}** · {_('baht per school day')}")
    ladder = policy.steps(dict(now.lunch)) if now.lunch else ()
    frame = pd.DataFrame({"low": [s.low for s in ladder], "baht": [s.baht for s in ladder]}, dtype=float)
    return st.data_editor(
        frame,
        num_rows="dynamic",
        hide_index=True,
        key=f"{key}_lunch",
        column_config={
            "low": st.column_config.NumberColumn(_("From pupils"), min_value=1, max_value=12000, step=1, format="%d"),
            "baht": st.column_config.NumberColumn(_("Baht"), min_value=0.0, max_value=1000.0, step=0.5),
        },
    )


def _grant_editor(rate_id: str, now: Scenario, key: str) -> pd.DataFrame:
    st.markdown(f"**{_(RATES[rate_id])}** · {_('baht per semester')}")
    rates = dict(now.bands(rate_id))
    levels = [level for level in LEVELS if level != "upper_secondary" or rate_id == EQUITY]
    frame = pd.DataFrame(
        {
            "level": levels,
            "words": [_(CODES["level"][level]) for level in levels],
            "baht": [rates.get(level, rates.get(policy.ALL)) for level in levels],
        }
    ).astype({"baht": float})
    return st.data_editor(
        frame,
        hide_index=True,
        key=f"{key}_{rate_id}",
        disabled=["words"],
        column_config={
            "level": None,
            "words": st.column_config.TextColumn(_("Level")),
            "baht": st.column_config.NumberColumn(
                _("Baht"), min_value=0.0, max_value=100000.0, step=50.0, help=_("Empty: not paid")
            ),
        },
    )


def _numbers(now: Scenario, key: str) -> dict[str, Any]:
    with st.grid(columns=4, min_column_width=200):
        days = st.number_input(_("School days a year"), 1, 366, now.days, key=f"{key}_days", help=_days_help())
        base_days = st.number_input(_("School days of the base"), 1, 366, now.base_days, key=f"{key}_base_days")
        percent: dict[str, Any] = {"step": 0.5, "format": "%.2f"}
        indexation = st.number_input(_("Indexation a year, %"), -20.0, 50.0, now.indexation * 100, key=f"{key}_index", **percent)
        growth = st.number_input(_("Growth of pupils a year, %"), -20.0, 20.0, now.growth * 100, key=f"{key}_growth", **percent)
        start = st.number_input(_("First fiscal year"), 2560, 2599, now.start_year, key=f"{key}_start")
        years = st.number_input(_("Years"), 1, 10, now.years, key=f"{key}_years")
        covers = st.selectbox(
            _("Schools for lunch"),
            scenarios.COVERS,
            scenarios.COVERS.index(now.covers),
            format_func=lambda c: _(COVERS[c]),
            key=f"{key}_covers",
            help=_(
                "No source was found that extends lunch to lower secondary, and the table of schools has no pupils by grade: "
                "schools that teach beyond primary are costed only when you ask for it."
            ),
        )
    return {
        "days": int(days),
        "base_days": int(base_days),
        "indexation": round(indexation / 100, 6),
        "growth": round(growth / 100, 6),
        "start_year": int(start),
        "years": int(years),
        "covers": covers,
    }


def _days_help() -> str:
    return _(
        "The Cabinet's sum for fiscal year 2565 implies 205 days: 25,436,304,000 baht for 5,894,420 pupils at 21 baht. "
        "An official number of days was not found; change it to yours."
    )


def _base_cards(now: Scenario, cards: Sequence[Card], key: str) -> tuple[tuple[str, str], ...]:
    wanted, out = dict(now.base), []
    with st.grid(columns=3, min_column_width=260):
        for rate_id in policy.RATE_IDS:
            offered = {c.id: c for c in reversed(cards) if c.rate_id == rate_id and c.usable}
            ids = list(offered)
            index = ids.index(wanted[rate_id]) if wanted.get(rate_id) in ids else None
            picked = st.selectbox(
                _("Base: {rate}", rate=_(RATES[rate_id])),
                ids,
                index,
                format_func=lambda i, o=offered: card_words(o[i]),
                key=f"{key}_base_{rate_id}",
                placeholder=_("None"),
            )
            if picked:
                out.append((rate_id, picked))
    return tuple(out)


def _bands(edited: pd.DataFrame) -> tuple[tuple[str, float], ...]:
    """Steps from where each begins: a step ends where the next begins, so there is never a gap."""
    rows = edited.dropna(how="all")
    if rows.isna().any(axis=None):
        raise UsageError(N_("Each lunch step needs both a size and a rate"))
    rows = rows.sort_values("low")
    lows = [int(n) for n in rows["low"]]
    if len(set(lows)) != len(lows):
        raise UsageError(N_("Two lunch steps begin at the same size"))
    ends = [*(n - 1 for n in lows[1:]), None]
    return tuple((policy.Step(low, end, 0).band, float(b)) for low, end, b in zip(lows, ends, rows["baht"], strict=True))


def _levels(edited: pd.DataFrame) -> tuple[tuple[str, float], ...]:
    kept = edited.dropna(subset=["baht"])
    return tuple((str(level), float(b)) for level, b in zip(kept["level"], kept["baht"], strict=True))


# ---- results --------------------------------------------------------------------------------------------------------------------
def simulator_tab(chosen: Filters) -> None:
    """One scenario: its terms, its costs beside the base, where they change, and who gains or loses."""
    cards = found_cards()
    choose_saved()
    now = at_hand(cards)
    form(now, cards)
    try:
        base = scenarios.base_of(now, cards)
    except UsageError as error:
        empty.refused(error)
        return
    new, old = costs_of(now, chosen), costs_of(base, chosen)
    _limits(now)
    if new.empty and old.empty:
        st.info(_("There is nothing to cost here: no rate, no school with a size and no recipients."))
        return
    st.header(plain(now.name), anchor=False)
    _tiles(now, base, new, old, chosen)
    _by_year([(BASE, base, old), (now.id, now, new)], chosen, "policy_years")
    where = scenarios.difference(new, old, ["province"])
    _where(where[where["province"] != SHARED], chosen)
    _breakdowns(new, old)
    _who(now, base, chosen)
    _take_away(now, base, [], chosen)


def _limits(now: Scenario) -> None:
    schools, recipients = _inputs()
    st.caption("  \n".join(limits(now, schools, recipients)))


def limits(now: Scenario, schools: pd.DataFrame, recipients: pd.DataFrame) -> list[str]:
    """What the costs hold and what they leave out, in words."""
    out = scenarios.left_out(now, schools, recipients)
    number = {k: format_number(v, lang()) for k, v in out.items()}
    said = [
        _(
            "Sizes are those of the table of schools in this release, data as of {day}; {missing} of {all} schools have no size and "
            "are not costed.",
            day=_release_day(),
            missing=number["without_size"],
            all=number["schools_total"],
        )
    ]
    if out["beyond_primary"]:
        said.append(_("{n} schools that teach beyond primary are not costed for lunch.", n=number["beyond_primary"]))
    if len(recipients):
        year = int(recipients["academic_year"].max())
        said.append(
            _(
                "Recipients are those of both semesters of academic year {year}; a budget year pays for two semesters. "
                "{n} suppressed cells by province are left out of their province and only in the national total.",
                year=year,
                n=number["hidden"],
            )
        )
    if out["no_rate"]:
        said.append(_("{n} recipients of a semester are at a level without a rate and are not costed.", n=number["no_rate"]))
    return said


def _release_day() -> str:
    return format_date(data.release().as_of, lang())


def _tiles(now: Scenario, base: Scenario, new: pd.DataFrame, old: pd.DataFrame, chosen: Filters) -> None:
    first = now.start_year
    cost, before = (float(f.loc[f["year"] == first, "baht"].sum()) for f in (new, old))
    every = float(new["baht"].sum() - old["baht"].sum())
    sides = _school_sides(now, base, chosen).groupby("side")[["schools", "pupils"]].sum()
    share = format_percent((cost - before) / before, lang()) if before else None
    tiles = [
        (_("Scenario, fiscal year {year}", year=first), format_money(cost, lang()), None),
        (_("Base, fiscal year {year}", year=first), format_money(before, lang()), None),
        (_("Difference, fiscal year {year}", year=first), signed(cost - before), share),
        (_("Difference, all years"), signed(every), None),
    ]
    with st.grid(columns=6, min_column_width=190):
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


def signed(baht: float) -> str:
    """Money with its sign."""
    return ("+" if baht > 0 else "") + format_money(baht, lang())


def _by_year(sides: Sequence[tuple[str, Scenario, pd.DataFrame]], chosen: Filters, key: str) -> None:
    parts = [f.groupby("year", as_index=False)["baht"].sum().assign(series=code) for code, _s, f in sides if len(f)]
    if not parts:
        return
    frame = pd.concat(parts, ignore_index=True)
    frame = frame.assign(x=frame["year"].map("FY{}".format), value=frame["baht"], state="value")
    names = {code: _("Base") if code == BASE else s.name for code, s, _f in sides}
    measure = Measure("policy.cost", _("Cost by fiscal year"), "baht", "money")
    labels = {f"FY{y}": str(y) for y in sorted(frame["year"].unique())}

    def draw(drawn: Style) -> Chart:
        return trend(frame, measure, drawn, labels=labels, series_names=names, title=measure.title, equal=True)

    st.subheader(measure.title, anchor=False)
    linked.chart(draw(style()), key)
    table = frame.pivot(index="year", columns="series", values="baht").reset_index()
    table = table.rename(columns={"year": _("Fiscal year"), **names})
    downloads.menu(key, table, context(chosen, measure.title), draw)


def _where(where: pd.DataFrame, chosen: Filters) -> None:
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
        linked.search_box(chosen, "policy")
        linked.chart(draw(style()), "policy_map", select=True)
    with right:
        ranking, table = st.tabs([_("Ranking"), _("Table")])
        money = Measure("policy.difference", _("Difference to the base"), "baht", "money")
        with ranking:
            rows = where.assign(value=where["difference"], state="value")
            linked.chart(ranked_bars(rows, money, style(), selected=chosen.province, limit=20), "policy_bars", select=True)
        with table:
            st.dataframe(
                difference_table(where, "province"),
                hide_index=True,
                height=420,
                key="policy_where",
                alt=_("Difference by province"),
            )
    downloads.menu("policy_where", difference_table(where, "province"), context(chosen, measure.title), draw)


def difference_table(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """Costs of all years beside the base, in words; baht whole, shares in per cent."""
    words: Callable[[str], str | None] = {
        "province": lambda c: geo.name(c, lang()) if c != SHARED else proposal.place_words(c, lang()),
        "kind": lambda c: _(str(KINDS.get(c, c))),
        "group": band_words,
        "programme": lambda c: _(str(RATES[c])),
    }[key]
    heading = {
        "province": N_("Province"),
        "kind": N_("Kind of authority"),
        "group": N_("Size or level"),
        "programme": N_("Programme"),
    }
    return pd.DataFrame(
        {
            _(heading[key]): [words(c) for c in frame[key]],
            _("Base, baht"): frame["base"].round(),
            _("Scenario, baht"): frame["scenario"].round(),
            _("Difference, baht"): frame["difference"].round(),
            _("Difference, %"): (frame["share"] * 100).round(1),
        }
    )


def _breakdowns(new: pd.DataFrame, old: pd.DataFrame) -> None:
    st.subheader(_("By programme, authority and size"), anchor=False)
    st.caption(_("All years together. Grants have no authority in published cells; sizes are of the lunch only."))
    lunch = [f[f["programme"] == LUNCH] for f in (new, old)]
    kinds = scenarios.difference(lunch[0], lunch[1], ["kind"])
    sizes = scenarios.difference(lunch[0], lunch[1], ["group"])
    order = {b: n for n, b in enumerate(policy.Step(low, high, 0).band for low, high in scenarios.SIZE_GROUPS)}
    sizes = sizes.sort_values("group", key=lambda g: g.map(order))
    tables = [(scenarios.difference(new, old, ["programme"]), "programme"), (kinds, "kind"), (sizes, "group")]
    with st.grid(columns=2, min_column_width=420):
        for frame, key in tables:
            if len(frame):
                table = difference_table(frame, key)
                st.dataframe(table, hide_index=True, key=f"policy_by_{key}", alt=_("Difference by {what}", what=table.columns[0]))


def _school_sides(now: Scenario, base: Scenario, chosen: Filters) -> pd.DataFrame:
    schools = _inputs()[0]
    inside = chosen.provinces_inside()
    kept = schools if inside is None else schools[schools["province"].isin(inside)]
    kept = kept[kept["province"] == chosen.province] if chosen.province else kept
    return scenarios.winners(now, base, kept)


def _who(now: Scenario, base: Scenario, chosen: Filters) -> None:
    st.subheader(_("Who gains and who loses in the first year"), anchor=False)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**{_(RATES[LUNCH])}**")
        table = winners_table(_school_sides(now, base, chosen))
        if table.empty:
            st.info(_("Lunch is not in both the scenario and the base."))
        else:
            st.dataframe(table, hide_index=True, key="policy_winners", alt=_("Schools that gain and lose, by size"))
            downloads.menu("policy_winners", table, context(chosen, _("Who gains and who loses in the first year")))
    with right:
        st.markdown(f"**{_('Grants')}** · {_('whole country')}")
        frame = scenarios.grant_winners(now, base, _inputs()[1])
        st.dataframe(
            grant_table(frame), hide_index=True, key="policy_grant_winners", alt=_("Grants that rise and fall, by level")
        )


def winners_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Schools that gain, lose or stay, by size group, in words."""
    order = {b: n for n, b in enumerate(policy.Step(low, high, 0).band for low, high in scenarios.SIZE_GROUPS)}
    rows = frame.sort_values(["group", "side"], key=lambda c: c.map({**order, "gain": 0, "lose": 1, "same": 2}))
    return pd.DataFrame(
        {
            _("Size"): [band_words(g) for g in rows["group"]],
            _("Side"): [_(SIDES[s]) for s in rows["side"]],
            _("Schools"): rows["schools"].tolist(),
            _("Pupils"): [int(n) for n in rows["pupils"]],
            _("Change a year, baht"): rows["baht"].round().tolist(),
        }
    )


def grant_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Grants by level before and after, in words; a level that a card does not pay says so."""

    def rate(value: float) -> str:
        return _("Not supplied") if pd.isna(value) else format_number(value, lang())

    return pd.DataFrame(
        {
            _("Rate"): [_(RATES[p]) for p in frame["programme"]],
            _("Level"): [_(CODES["level"][level]) for level in frame["level"]],
            _("Base, baht a semester"): [rate(v) for v in frame["base"]],
            _("Scenario, baht a semester"): [rate(v) for v in frame["scenario"]],
            _("Recipients of two semesters"): [int(n) for n in frame["pupil_semesters"]],
        }
    )


# ---- side by side ---------------------------------------------------------------------------------------------------------------
def compare_tab(chosen: Filters) -> None:
    """Up to four scenarios beside the base of the first."""
    cards, names = found_cards(), {i: s.name for i, s in scenarios.saved().items()}
    if not names:
        st.info(_("No scenario has been saved yet. Make one under Simulator."))
        return
    picked = [i for i in (state.get("against") or "").split("~") if i in names] or list(names)[:2]
    st.session_state["policy_against"] = picked
    st.multiselect(
        _("Scenarios, up to four"),
        list(names),
        key="policy_against",
        format_func=lambda i: names.get(i, i),
        max_selections=scenarios.MOST_COMPARED,
        on_change=lambda: state.put(against="~".join(st.session_state["policy_against"]) or None),
    )
    sides = [scenarios.load(i) for i in picked]
    try:
        base = scenarios.base_of(sides[0], cards)
    except UsageError as error:
        empty.refused(error)
        return
    st.caption(_("The base is that of the first scenario: {name}.", name=plain(sides[0].name)))
    found = [(BASE, base, costs_of(base, chosen)), *((s.id, s, costs_of(s, chosen)) for s in sides)]
    table = side_table(found, chosen)
    st.dataframe(table, hide_index=True, key="policy_sides", alt=_("Scenarios side by side"))
    downloads.menu("policy_sides", table, context(chosen, _("Scenarios side by side")))
    _by_year(found, chosen, "policy_compared")
    _take_away(sides[0], base, sides[1:], chosen)


def side_table(found: Sequence[tuple[str, Scenario, pd.DataFrame]], chosen: Filters) -> pd.DataFrame:
    """Terms and results of each scenario, one column each; everything in words, as rates and shares share a column."""
    base, before = found[0][1], float(found[0][2]["baht"].sum())
    columns: dict[str, list[str]] = {}
    for code, s, costs in found:
        total = float(costs["baht"].sum())
        sides = scenarios.winners(s, base, _inputs()[0]) if code != BASE else pd.DataFrame(columns=["side", "schools"])
        count = sides.groupby("side")["schools"].sum()
        by = costs.groupby("programme")["baht"].sum()
        heading = _("Base") if code == BASE else s.name
        columns[heading] = [
            *(" · ".join(f"{band_words(b)} {format_number(v, lang())}" for b, v in s.bands(r)) or "–" for r in policy.RATE_IDS),
            format_number(s.days, lang()),
            format_percent(s.indexation, lang()),
            f"{s.start_year}–{s.start_year + s.years - 1}",
            *(format_money(by.get(r, 0.0), lang()) for r in policy.RATE_IDS),
            format_money(total, lang()),
            "–" if code == BASE else signed(total - before),
            *("–" if code == BASE else format_number(count.get(side, 0), lang()) for side in ("gain", "lose")),
        ]
    units = {LUNCH: _("baht per school day"), BASIC: _("baht per semester"), EQUITY: _("baht per semester")}
    rows = [f"{_(RATES[r])}, {units[r]}" for r in policy.RATE_IDS]
    rows += [_("School days a year"), _("Indexation a year"), _("Fiscal years")]
    rows += [_("Cost: {rate}", rate=_(RATES[r])) for r in policy.RATE_IDS]
    rows += [_("Cost, all years"), _("Difference to the base"), _("Schools that gain"), _("Schools that lose")]
    return pd.DataFrame({_("What"): rows, **columns})


# ---- budget proposal --------------------------------------------------------------------------------------------------------------
def _take_away(now: Scenario, base: Scenario, others: Sequence[Scenario], chosen: Filters) -> None:
    st.subheader(_("Budget proposal"), anchor=False)
    st.caption(_("The workbook keeps its formulas: change a rate in it and every cost follows. The PDF is for the meeting."))
    stem = f"samoephak-{now.id}-{data.release().id}"
    with st.container(horizontal=True):
        st.download_button(
            _("XLSX with formulas"),
            data=lambda: book(now, base, others, chosen),
            file_name=f"{stem}.xlsx",
            mime=downloads.XLSX,
            key="policy_proposal_xlsx",
            icon=":material/table_view:",
            on_click="ignore",
        )
        st.download_button(
            "PDF",
            data=lambda: paper(now, base, others, chosen),
            file_name=f"{stem}.pdf",
            mime="application/pdf",
            key="policy_proposal_pdf",
            icon=":material/picture_as_pdf:",
            on_click="ignore",
        )


def _words() -> proposal.Words:
    bands = {b: band_words(b) for b in (*LEVELS, policy.ALL)}
    return proposal.Words({r: _(RATES[r]) for r in policy.RATE_IDS}, bands)


def _title(now: Scenario) -> str:
    return _("Budget proposal: {name}", name=now.name)


def book(now: Scenario, base: Scenario, others: Sequence[Scenario], chosen: Filters) -> bytes:
    """The workbook of a scenario, its base and others."""
    sides = [proposal.Side(_("Base"), base, costs_of(base, chosen))]
    sides += [proposal.Side(s.name, s, costs_of(s, chosen)) for s in (now, *others)]
    words = _words()
    for s in (x.scenario for x in sides):
        words.bands.update({b: band_words(b) for b, _v in s.lunch})
    notes = limits(now, *_inputs())
    return proposal.workbook(sides, context(chosen, _title(now)), words, lang(), [*notes, *_base_words(now)])


def _base_words(now: Scenario) -> list[str]:
    by_id = {c.id: c for c in found_cards()}
    return [
        _("Base: {rate}", rate=_(RATES[r])) + f" – {card_words(by_id[i])} – {'; '.join(by_id[i].sources)}"
        for r, i in now.base
        if i in by_id
    ]


def paper(now: Scenario, base: Scenario, others: Sequence[Scenario], chosen: Filters) -> bytes:
    """The PDF of a scenario, its base and others."""
    found = [(BASE, base, costs_of(base, chosen)), *((s.id, s, costs_of(s, chosen)) for s in (now, *others))]
    new, old = found[1][2], found[0][2]
    tables = [
        proposal.table_of(_("Scenarios side by side"), side_table(found, chosen), lang=lang()),
        proposal.table_of(_("Cost by fiscal year"), _year_table(new, old), lang=lang()),
    ]
    winners = winners_table(_school_sides(now, base, chosen))
    if len(winners):
        tables.append(proposal.table_of(_("Who gains and who loses in the first year"), _worded(winners), lang=lang()))
    where = scenarios.difference(new, old, ["province"])
    note = _("All years together.")
    tables.append(proposal.table_of(_("By province"), _worded(difference_table(where, "province")), note, lang()))
    intro = [chosen.words(), _("Fiscal years {first} to {last}", first=now.start_year, last=now.start_year + now.years - 1)]
    notes = [*limits(now, *_inputs()), *_base_words(now)]
    return proposal.pdf(_title(now), context(chosen, _title(now)), intro, tables, notes, lang())


def _year_table(new: pd.DataFrame, old: pd.DataFrame) -> pd.DataFrame:
    frame = scenarios.difference(new, old, ["year"])
    names = [_("Fiscal year"), _("Base"), _("Scenario"), _("Difference")]
    return pd.DataFrame(
        dict(zip(names, (frame["year"].astype(str), frame["base"], frame["scenario"], frame["difference"]), strict=True))
    )


def _worded(frame: pd.DataFrame) -> pd.DataFrame:
    """Numbers of a table as text with separators, for print."""
    return pd.DataFrame(
        {c: [v if isinstance(v, str) else "–" if pd.isna(v) else format_number(v, lang()) for v in frame[c]] for c in frame}
    )
