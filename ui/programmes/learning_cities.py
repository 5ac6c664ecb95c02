"""Panels of the page about Learning Cities: the scorecard, one place, and two sets of provinces side by side."""

from __future__ import annotations

from typing import Any

import pandas as pd

import geo
from charts.scorecard import DOWN, SAME, UP, Words, scorecard, scorecard_table
from charts.style import Style
from charts.theme import Chart
from data_access.contract.schema import FOCUS, FOCUS_TIERS
from i18n import N_, format_date, format_number, format_period
from ui.blocks import blocks, components
from ui.kit import data, downloads, kpi, provenance
from ui.kit.filters import Filters, pilot_set_names, sorted_provinces
from ui.kit.tables import show_table
from ui.view.text import _, style

PROGRESS, SPEED = "city.progress", "city.speed"
PILOT, NETWORK = "learning_city_provinces", "unesco_gnlc"
AREAS = {
    "empowerment": N_("Individual empowerment and social cohesion"),
    "prosperity": N_("Economic development and cultural prosperity"),
    "sustainability": N_("Sustainable development"),
    "education_system": N_("Inclusive learning in the education system"),
    "families": N_("Learning in families and communities"),
    "workplace": N_("Learning for and in the workplace"),
    "technologies": N_("Modern learning technologies"),
    "quality": N_("Quality in learning"),
    "culture": N_("A vibrant culture of learning"),
    "political_will": N_("Political will and commitment"),
    "governance": N_("Governance and participation"),
    "resources": N_("Resources"),
}
TIERS = {"pediment": N_("Pediment"), "columns": N_("Columns"), "foundations": N_("Foundations")}
LEVELS = {0: N_("Nothing yet"), 1: N_("Planned"), 2: N_("Begun"), 3: N_("At work"), 4: N_("Benchmark reached")}


def scores(filters: Filters) -> pd.DataFrame:
    """Scores up to the period chosen, of the places inside the filters; province, academic_year, focus, level."""
    table = data.table("learning_city_score")
    if filters.period:
        table = table[table["academic_year"] <= int(filters.period[2:6])]
    inside = filters.provinces_inside()
    return table if inside is None else table[table["province_code"].isin(inside)]


def latest(table: pd.DataFrame) -> pd.DataFrame:
    """One row a place and area in the last year of the table: `row`, `column`, `level`, `move` since the first score."""
    if table.empty:
        return pd.DataFrame(columns=["row", "column", "level", "move"])
    last = table["academic_year"].max()
    keyed = table.sort_values("academic_year").set_index(["province_code", "focus"])["level"].astype(float)
    now = table[table["academic_year"] == last].set_index(["province_code", "focus"])["level"].astype(float)
    first = keyed.groupby(level=[0, 1]).first()
    grid = pd.MultiIndex.from_product([table["province_code"].unique(), FOCUS])
    change = (now - first).reindex(grid)
    move = pd.Series(SAME, index=grid).mask(change > 0, UP).mask(change < 0, DOWN)
    return pd.DataFrame({"level": now.reindex(grid), "move": move}).rename_axis(["row", "column"]).reset_index()


def card(filters: Filters) -> None:
    """The scorecard of all places."""
    table = scores(filters)
    frame = latest(table)
    if frame.empty:
        blocks.note(_("No scores for the filters chosen."), "info")
        return
    places = [c for c in sorted_provinces(filters.lang) if c in set(frame["row"])]
    rows = {c: geo.name(c, filters.lang) for c in places}
    period = format_period(f"AY{table['academic_year'].max()}")
    title = _("Scorecard of Learning Cities, {period}", period=period)

    def words(drawn: Style) -> Words:
        columns = {c: drawn.text(w) for c, w in AREAS.items()}
        tiers = {drawn.text(TIERS[t]): group for t, group in FOCUS_TIERS.items()}
        levels = {n: drawn.text(w) for n, w in LEVELS.items()}
        return Words(rows, tiers, columns, levels, title)

    def draw(drawn: Style) -> Chart:
        return scorecard(frame, drawn, words(drawn))

    components.scorecard("cities_card", scorecard_table(frame, style(), words(style())))
    downloads.menu("cities_card", _as_table(frame, rows), provenance.context((PROGRESS,), filters, title), draw)


def _as_table(frame: pd.DataFrame, rows: dict[str, str]) -> pd.DataFrame:
    tier_of = {c: t for t, group in FOCUS_TIERS.items() for c in group}
    moves = {UP: _("Up"), DOWN: _("Down"), SAME: _("Same")}
    return pd.DataFrame(
        {
            _("Province"): frame["row"].map(rows),
            _("Tier"): [_(TIERS[tier_of[c]]) for c in frame["column"]],
            _("Area of focus"): [_(AREAS[c]) for c in frame["column"]],
            _("Level"): frame["level"],
            _("Level in words"): [_(LEVELS[int(v)]) if pd.notna(v) else _("No evidence") for v in frame["level"]],
            _("Since the first score"): [
                moves[m] if pd.notna(v) else "" for m, v in zip(frame["move"], frame["level"], strict=True)
            ],
        }
    )


def one_place(filters: Filters) -> None:
    """The twelve areas of one place, year by year, with the speed of each."""
    if not filters.province:
        blocks.note(_("Choose a province to see its areas year by year."), "location_on")
        return
    table = data.table("learning_city_score")
    own = table[table["province_code"] == filters.province]
    name = geo.name(filters.province, filters.lang)
    if own.empty:
        blocks.note(_("{place} has no scores: it is not a Learning City of the pilot, or has not reported.", place=name), "info")
        return
    wide = own.pivot(index="focus", columns="academic_year", values="level").reindex(FOCUS)
    columns: dict[str, Any] = {_("Area of focus"): [_(AREAS[c]) for c in FOCUS]}
    for year in wide.columns:
        columns[format_period(f"AY{year}")] = [f"{v:.0f}" if pd.notna(v) else "–" for v in wide[year]]
    speed = data.cells(SPEED, ("focus",), {"province": filters.province}).set_index("focus")["value"].reindex(FOCUS)
    columns[data.indicator(SPEED).title(filters.lang)] = [
        format_number(v, filters.lang, 2) if pd.notna(v) else "–" for v in speed
    ]
    title = _("Areas of {place} year by year", place=name)
    show_table("cities_place", pd.DataFrame(columns), title)
    downloads.menu("cities_place", pd.DataFrame(columns), provenance.context((PROGRESS, SPEED), filters, title))


def two_sets(filters: Filters) -> None:
    """The pilot provinces beside those with a member of UNESCO's network: two lists, what they share and what not."""
    members, sets = data.table("pilot_member"), data.table("pilot_set").set_index("set_id")
    names = pilot_set_names(filters.lang)
    known = {s: members[members["set_id"] == s] for s in (PILOT, NETWORK)}
    lacking = [s for s, rows in known.items() if rows.empty or s not in sets.index]
    if lacking:
        missing = ", ".join(names.get(s, s) for s in lacking)
        blocks.note(_("Not supplied: {sets}", sets=missing), "info")
        return
    pilot, network = (set(rows["place_code"]) for rows in known.values())
    order = sorted_provinces(filters.lang)
    groups = ((_("In both"), pilot & network), (_("Pilot only"), pilot - network), (_("UNESCO's network only"), network - pilot))
    tiles = [
        kpi.plain_tile(
            title,
            _("{n} provinces", n=format_number(len(codes), filters.lang)),
            " · ".join(geo.name(c, filters.lang) for c in order if c in codes),
        )
        for title, codes in groups
    ]
    components.cards("cities_groups", [[tile] for tile in tiles], least=kpi.TILE)
    blocks.caption(
        _("Two different lists: one does not follow from the other, and comparing their provinces is not a causal comparison.")
    )
    since = known[NETWORK].set_index("place_code")["valid_from"]
    rows = [
        (geo.name(c, filters.lang), _mark(c in pilot), _mark(c in network), _day(since.get(c), filters.lang))
        for c in order
        if c in pilot | network
    ]
    table = pd.DataFrame(rows, columns=[_("Province"), names[PILOT], names[NETWORK], _("Member since")])
    with blocks.fold("cities_lists", _("The two lists"), "list"):
        show_table("cities_sets", table, _("The two lists"))
    sources = "; ".join(str(sets.loc[s, "source"]) for s in (PILOT, NETWORK))
    blocks.caption(_("Sources: {sources}", sources=sources), key="quoted_sets")
    downloads.menu("cities_sets", table, provenance.context(("pilot.size",), filters.national(), _("The two lists")))


def _day(day: Any, lang: str) -> str:
    return format_date(pd.Timestamp(day).date(), lang) if pd.notna(day) else ""


def _mark(inside: bool) -> str:
    return "✓" if inside else ""
