"""Pilot areas: overlapping sets, in / out / both, and the places of every level as a table to sort, filter and act on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

import geo
from charts.style import Style
from charts.theme import TOLD, Chart, shown
from charts.upset import upset
from data_access.analysis import pilots
from data_access.who.access import Scope
from i18n import N_, format_number
from ui.blocks import blocks, components, fields
from ui.entry import person
from ui.kit import data, downloads, empty, guide, kpi, linked, navigation, provenance
from ui.kit.filters import Filters, pilot_set_names, sorted_provinces
from ui.kit.tables import export_table, show_table, shown_value
from ui.view import address
from ui.view import shown as shown_release
from ui.view.events import offer
from ui.view.text import _, style

ROWS, MOST_EXPORTED = 25, 10_000  # rows of a page of the table, and of its export
COMPARED = (
    "grant.coverage",
    "grant.condition_rate",
    "grant.dropout",
    "ecd.quality_share",
    "readiness.below_cut",
    "readiness.change",
)
REGISTER = ["code", "name", "above", "province", "district", "pilot"]
SIDES = {"one": N_("Only {one}"), "both": N_("In both"), "other": N_("Only {other}"), "neither": N_("In neither")}


def _membership() -> pd.DataFrame:
    return pilots.membership(shown_release.release().id)


def verdict(filters: Filters) -> None:
    """How many provinces the sets touch, and how many of them are in more than one."""
    shown_words = _("Showing {words}", words=filters.words())
    table = pilots.distinct(shown_release.release().id)
    in_sets = table.sum(axis=1)
    if not len(table.columns):
        blocks.caption(shown_words)
        return
    words = {
        "sets": format_number(len(table.columns), filters.lang),
        "n": format_number(int((in_sets > 0).sum()), filters.lang),
        "all": format_number(len(table), filters.lang),
        "more": format_number(int((in_sets > 1).sum()), filters.lang),
    }
    text = _("{sets} pilot sets reach {n} of {all} provinces; {more} provinces are in more than one of them", **words)
    most = int(in_sets.max())
    at_most = [c for c in sorted_provinces(filters.lang) if in_sets[c] == most]
    named = _(
        "In {n} sets: {places}.",
        n=format_number(most, filters.lang),
        places=", ".join(geo.name(c, filters.lang) for c in at_most),
    )
    blocks.finding(text, " · ".join((shown_words, named) if most > 1 else (shown_words,)))


def strip(filters: Filters) -> None:
    """Which sets the province chosen is in, in one line."""
    if not filters.province:
        return
    names, row = pilot_set_names(filters.lang), _membership().loc[filters.province]
    inside = [names[s] for s in row.index if row[s]]
    place = geo.name(filters.province, filters.lang)
    blocks.text(f"· {' · '.join(inside)}" if inside else f"· {_('in no pilot set')}", place)


def overlaps(filters: Filters) -> None:
    """Exact combinations of sets, and the membership of every province."""
    table = pilots.distinct(shown_release.release().id)
    names = {s: w for s, w in pilot_set_names(filters.lang).items() if s in table}
    found = pilots.combinations(table)
    title = _("Provinces in each combination of pilot sets")
    if found.empty:
        blocks.note(_("No pilot set has been supplied."), "info")
        return

    def draw(drawn_style: Style) -> Chart:
        return upset(found, names, drawn_style, title=title)

    order = [c for c in sorted_provinces(filters.lang) if table.loc[c].any()]
    grid = pd.DataFrame({_("Province"): [geo.name(c, filters.lang) for c in order]})
    for set_id, words in names.items():
        grid[words] = ["✓" if table.loc[c, set_id] else "" for c in order]
    linked.chart(draw(style()), "pilots_upset", wide=True)
    with blocks.fold("pilots_list", _("Provinces and their sets"), "list"):
        show_table("pilots_members", grid, _("Which pilot sets each province is in"))
    downloads.menu("pilots_upset", grid, provenance.context(("pilot.size",), filters.national(), title), draw)
    blocks.caption(_("A set touches a province when it names the province, or a school or sub-district of it."))


def in_out_both(filters: Filters) -> None:
    """Two sets against each other: who is in one, the other, both or neither, and one indicator in each part."""
    names, table = pilot_set_names(filters.lang), pilots.distinct(shown_release.release().id)
    sets = list(table.columns)
    if len(sets) < 2:
        return
    first, second = blocks.columns(2)
    with first:
        one = linked.choose("pilots_one", "with_set", sets, _("One set"), names.__getitem__)
    with second:
        other = linked.choose("pilots_other", "against_set", [s for s in sets if s != one], _("Other set"), names.__getitem__)
    found = pilots.parts(table, one, other)
    titles = {k: _(w, one=names[one], other=names[other]) for k, w in SIDES.items()}
    order = sorted_provinces(filters.lang)
    inside = {k: "" if k == "neither" else " · ".join(geo.name(c, filters.lang) for c in order if c in found[k]) for k in found}
    counts = {k: _("{n} provinces", n=format_number(len(codes), filters.lang)) for k, codes in found.items()}
    components.cards("pilots_sides", [[kpi.plain_tile(titles[k], counts[k], inside[k])] for k in found], least=kpi.TILE)
    _compared(found, titles, filters)
    blocks.caption(
        _("Pilot places were not drawn by lot: a difference between them and others is not an effect of the programme.")
    )


def _compared(found: dict[str, tuple[str, ...]], titles: dict[str, str], filters: Filters) -> None:
    there = [i for i in COMPARED if i in data.available()]
    if not there:
        empty.not_loaded(COMPARED)
        return
    indicator = linked.choose_measure("pilots", there, filters, label=_("Compare by"))
    measure = data.measure(indicator, filters.lang)
    asked = filters.where(place=False, split=False)
    sides = {k: {**asked, "province": list(codes)} for k, codes in found.items() if codes}
    parts = [pd.DataFrame([data.cell_or_earlier(indicator, where)]).assign(series=k) for k, where in sides.items()]
    frame = pd.concat(parts, ignore_index=True).infer_objects()
    if empty.when_empty(frame):
        return

    draw = linked.ranking("pilots_compared", frame, measure, "series", measure.title, names=titles)
    asks = [a for where in sides.values() for a in data.asks(indicator, (), where)]
    table = partial(export_table, frame, ("series",), {indicator: measure}, style(), {"series": titles})
    downloads.menu("pilots_compared", table, provenance.context((indicator,), filters.national(), measure.title), draw, asks)


# ---- places of every level ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Level:
    """A level of places: its table, the indicators that it has, the set that marks its pilots, and the page about one of them."""

    title: str
    key: str
    indicators: tuple[tuple[str, dict[str, str]], ...]
    over_time: tuple[str, dict[str, str]]
    pilots: str
    page: str


LEVELS = {
    "lao": Level(
        N_("Local authorities"),
        "lao",
        (("grant.basic_recipients", {}), ("grant.coverage", {}), ("school.mean_score", {"subject": "maths"})),
        ("grant.basic_recipients", {}),
        "tsqp_schools",
        "schools",
    ),
    "school": Level(
        N_("Schools"),
        "school",
        (("school.pupils", {}), ("grant.basic_recipients", {}), ("school.mean_score", {"subject": "maths"})),
        ("school.mean_score", {"subject": "maths"}),
        "tsqp_schools",
        "schools",
    ),
    "centre": Level(
        N_("Child-development centres"),
        "centre",
        (("ecd.children", {}), ("ecd.poor_share", {}), ("ecd.children_per_teacher", {})),
        ("ecd.children", {}),
        "ecd_provinces",
        "early_childhood",
    ),
    "subdistrict": Level(
        N_("Reach Up sub-districts"),
        "subdistrict",
        (("reachup.families", {}), ("reachup.enrolled", {}), ("reachup.visit_rate", {})),
        ("reachup.visit_rate", {}),
        "reachup_tambons",
        "trial",
    ),
}


@data.of_release(48)
def _register(release_id: str, scope: Scope, level: str, in_lang: str) -> pd.DataFrame:
    """Every place of a level: code, name, above (what it belongs to), province, district, pilot (true or false)."""
    named = f"name_{in_lang}"
    set_members = pilots.members(release_id, LEVELS[level].pilots)
    if level == "subdistrict":
        codes = sorted(c for c in set_members if scope.covers(c[:2]))
        above = [geo.name(c[:4], in_lang) for c in codes]
        frame = pd.DataFrame({"code": codes, "name": [geo.name(c, in_lang) for c in codes], "above": above})
        return frame.assign(province=frame["code"].str[:2], district=frame["code"].str[:4], pilot=True)
    laos = data.table("lao")
    authority = dict(zip(laos["lao_code"], laos[named].fillna(laos["name_th"]), strict=True))
    if level == "centre":
        found = data.table("centre")
        frame = found.assign(
            code=found["centre_code"],
            name=found["name_th"],
            above=found["lao_name"],
            province=found["province_code"],
            district=found["district_code"],
        )
        return frame.assign(pilot=frame["province"].isin(set_members))[REGISTER]
    schools = data.table("school")
    if level == "school":
        frame = schools.assign(
            code=schools["school_code"],
            name=schools[named].fillna(schools["name_th"]),
            above=schools["lao_code"].map(authority),
            province=schools["subdistrict_code"].str[:2],
            district=schools["subdistrict_code"].str[:4],
        )
        return frame.assign(pilot=frame["code"].isin(set_members))[REGISTER]
    piloting = set(schools.loc[schools["school_code"].isin(set_members), "lao_code"])
    frame = laos.assign(
        code=laos["lao_code"],
        name=laos["lao_code"].map(authority),
        above=[geo.name(c, in_lang) for c in laos["district_code"]],
        province=laos["district_code"].str[:2],
        district=laos["district_code"],
    )
    return frame.assign(pilot=frame["code"].isin(piloting))[REGISTER]


def places(filters: Filters, district: str | None = None) -> None:
    """The table of places of one level: filtered, sorted, paged; a chosen row is acted on.

    Args:
        district: only places of this district.
    """
    left, middle, right = blocks.columns([5, 3, 2])
    with left:
        level = str(address.get("tab")) if address.get("tab") in LEVELS else "school"
        kinds = {k: _(found.title) for k, found in LEVELS.items()}
        fields.segments("pilots_level", kinds, _("Kind of place"), level, offer(address.choose, part="tab"), named=True)
    with middle:
        text = fields.typed("pilots_text", _("Name contains"), _("Part of a name or code"))
    with right:
        pilot_only = fields.tick("pilots_only", _("Pilots only"))
    if not person.sees(filters.province):
        return
    rows = _register(level, filters.lang)
    rows = _narrowed(rows, filters, text, pilot_only)
    rows = rows[rows["district"] == district] if district else rows
    if rows.empty:
        blocks.note(_("No place fits these filters."), "info")
        return
    pages = -(-len(rows) // ROWS)
    page = fields.leaf(f"pilots_page_{level}", pages)
    part = rows.iloc[(page - 1) * ROWS : page * ROWS].reset_index(drop=True)
    chosen = _table(part, LEVELS[level], filters)
    first, last = (page - 1) * ROWS + 1, (page - 1) * ROWS + len(part)
    blocks.caption(_("{first}–{last} of {n}", first=first, last=last, n=format_number(len(rows), filters.lang)))
    if chosen is not None:
        _actions(part.iloc[chosen], LEVELS[level], filters)
    title = _("{level}: every place of this filter", level=_(LEVELS[level].title))
    ids = [i for i, _more in LEVELS[level].indicators]
    every = partial(_frame, rows.head(MOST_EXPORTED), LEVELS[level], filters)
    downloads.menu(f"pilots_{level}", every, provenance.context(ids, filters, title))


def _narrowed(rows: pd.DataFrame, filters: Filters, text: str, pilot_only: bool) -> pd.DataFrame:
    if filters.province:
        rows = rows[rows["province"] == filters.province]
    elif (inside := filters.provinces_inside()) is not None:
        rows = rows[rows["province"].isin(inside)]
    if filters.pilot_set:
        table = _membership()
        rows = rows[rows["province"].isin(table.index[table[filters.pilot_set]])]
    if text.strip():
        wanted = text.strip().casefold()
        rows = rows[
            rows["name"].fillna("").str.casefold().str.contains(wanted, regex=False) | rows["code"].str.startswith(text.strip())
        ]
    rows = rows[rows["pilot"]] if pilot_only else rows
    return rows.sort_values(["province", "name"], key=lambda s: s.map(geo.thai_sort_key) if s.name == "name" else s)


def _frame(rows: pd.DataFrame, level: Level, filters: Filters) -> pd.DataFrame:
    """Names and numbers in words; a number that is not shown is empty and the note says why."""
    columns: dict[str, Any] = {
        _(level.title): rows["name"].tolist(),
        _("Pilot"): ["✓" if p else "" for p in rows["pilot"]],
        _("Province"): [geo.name(c, filters.lang) for c in rows["province"]],
        _("Belongs to"): rows["above"].tolist(),
    }
    reasons: list[set[str]] = [set() for _row in range(len(rows))]
    asked = filters.where(place=False, split=False)
    codes = rows["code"].tolist()
    for indicator, more in level.indicators:
        measure = data.measure(indicator, filters.lang)
        cells, _earlier = data.cells_or_earlier(indicator, (level.key,), {**asked, **more, **_within(rows, level)})
        found = cells.drop_duplicates(level.key).set_index(level.key).reindex(codes)
        title = measure.title + (f" · {_('mathematics')}" if more.get("subject") else "")
        heading = title + (f" ({u})" if (u := measure.unit_name(filters.lang)) else "")
        digits = 0 if measure.bubbles else 1
        columns[heading] = [
            round(shown_value(v, measure), digits) if s in TOLD else None
            for v, s in zip(found["value"], found["state"], strict=True)
        ]
        for reason, cell_state in zip(reasons, found["state"], strict=True):
            if cell_state in WHY:
                reason.add(_(WHY[cell_state]))
    columns[_("Note")] = ["; ".join(sorted(r)) for r in reasons]
    columns[_("Code")] = codes
    return pd.DataFrame(columns)


WHY = {"suppressed": N_("Suppressed"), "not_collected": N_("No data")}


def _within(rows: pd.DataFrame, level: Level) -> dict[str, Any]:
    """Ask for the places of a page by name; for more than that, for all of them."""
    return {level.key: rows["code"].tolist()} if len(rows) <= ROWS else {}


def _table(part: pd.DataFrame, level: Level, filters: Filters) -> int | None:
    """One page of the table with lines over time; returns the position of the row chosen."""
    frame = _frame(part, level, filters)
    lines = _lines(part, level, filters)
    indicator, more = level.over_time
    heading = _(
        "{title}, over time", title=data.indicator(indicator).title(filters.lang) + (f" · {_('mathematics')}" if more else "")
    )
    frame.insert(4, heading, lines)
    alt, widget = _("{level} with their numbers, one row each", level=_(level.title)), f"pilots_row_{level.key}"
    codes, chosen = part["code"].tolist(), address.kept().get(widget)
    choosing = {"codes": codes, "chosen": chosen, "pick": offer(address.keep_chosen, key=widget)}
    show_table(f"pilots_table_{level.key}", frame, alt, **choosing)
    return codes.index(chosen) if chosen in codes else None


def _lines(part: pd.DataFrame, level: Level, filters: Filters) -> list[list[float]]:
    indicator, more = level.over_time
    period = data.indicator(indicator).periods[0]
    cells = data.cells(indicator, (level.key, period), {**more, **_within(part, level)})
    measure = data.measure(indicator, filters.lang)
    known = shown(cells) if len(cells) else cells
    values = {c: [shown_value(float(v), measure) for v in g.sort_values(period)["value"]] for c, g in known.groupby(level.key)}
    return [values.get(c, []) for c in part["code"]]


def _actions(row: pd.Series, level: Level, filters: Filters) -> None:
    """What can be done with the row chosen: go to its page, see its province, make its province the filter."""
    target = {"lao": "lao", "school": "school", "centre": "centre"}.get(level.key)
    province = row["province"]
    query = {"province": province, **({target: row["code"]} if target else {})}
    if level.key == "school":
        query["lao"] = str(data.table("school").set_index("school_code").loc[row["code"], "lao_code"])
    blocks.text(f"· {geo.name(province, filters.lang)}", row["name"])
    ways = [
        navigation.way(level.page, _("Open"), "open_in_new", **query),
        navigation.way("province", _("Its province"), "location_on", province=province),
    ]
    narrow = blocks.Link(
        _("Show this province alone"),
        "filter_alt",
        navigation.address_of(address.page(), province=province),
        offer(guide.lead, put={"province": province}),
    )
    blocks.links("pilots_actions", [*ways, narrow])
