"""Panels of the page about the Reach Up trial: places, visits against plan, arms, balance, what it can detect, effects."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

import geo
from charts import places as places_of_charts
from charts.dots import profile
from charts.maps import district_map
from charts.style import Style
from charts.theme import TOLD, Chart, Measure, cell_words
from data_access.analysis import trials
from data_access.contract.settings import settings
from i18n import N_, format_date, format_number
from ui.blocks import blocks, fields
from ui.entry import person
from ui.kit import data, downloads, empty, kpi, linked, provenance
from ui.kit.filters import CODES, Filters, sorted_provinces
from ui.kit.tables import export_table, show_table
from ui.view import address
from ui.view.events import offer
from ui.view.text import _, style

FAMILIES, SUBDISTRICTS = "reachup.families", "reachup.subdistricts"
TRIAL = ("reachup.areas", "reachup.provinces", SUBDISTRICTS, FAMILIES)
PROGRESS = ("reachup.visit_rate", "reachup.visits_done", "reachup.active", "reachup.attrition")
ICCS = (0.02, 0.05, 0.10)


def headlines(filters: Filters) -> None:
    """The size of the trial, and how it goes."""
    national = replace(filters.national(), period=None)
    kpi.row([(i, kpi.headline(i, national, compare=False)) for i in TRIAL])
    kpi.row([(i, kpi.headline(i, filters)) for i in PROGRESS])


def places(filters: Filters) -> None:
    """Its places by province and sub-district."""
    national = replace(filters.national(), period=None)
    left, right = blocks.columns(2)
    with left:
        _trial_provinces(national, filters)
    with right:
        _trial_subdistricts(filters)


def _trial_provinces(national: Filters, filters: Filters) -> None:
    blocks.subheader(_("By province"))
    families = data.cells(FAMILIES, ("province",))
    order = {c: n for n, c in enumerate(sorted_provinces(filters.lang))}
    families = families[families["state"].isin(("value", "suppressed"))].sort_values("province", key=lambda c: c.map(order))
    if empty.when_empty(families, FAMILIES):
        return
    places = families[["province"]].merge(data.cells(SUBDISTRICTS, ("province",)), on="province")
    names = {c: geo.name(c, filters.lang) for c in families["province"]}
    _two_columns("trial_provinces", names, families, places, _("Province"), filters)
    both = pd.concat([families, places], ignore_index=True)
    measures = {i: data.measure(i, filters.lang) for i in (FAMILIES, SUBDISTRICTS)}
    context = provenance.context(TRIAL, national, _("Reach Up by province"))
    downloads.menu("trial_provinces", partial(export_table, both, ("province",), measures, style()), context)


def _subdistrict_map(cells: pd.DataFrame, filters: Filters) -> None:
    """The sub-districts on a map, where the operator has supplied their boundaries; what is wrong with the file is said."""
    file = settings().subdistrict_boundaries
    if file is None:
        return
    try:
        places_of_charts.supply(geo.subdistrict_rings(file))
    except geo.BoundaryError as error:
        words = _("The boundaries of sub-districts cannot be used: {problems}", problems=str(error))
        blocks.note(words, "map", "warning", key="quoted_boundaries")
        return
    if any(c.startswith(filters.province or "-") for c in places_of_charts.rings(6)):
        measure = data.measure(FAMILIES, filters.lang)
        linked.chart(district_map(cells, measure, style(), filters.province or "", level="subdistrict"), "trial_subdistrict_map")


def _trial_subdistricts(filters: Filters) -> None:
    blocks.subheader(_("By sub-district"))
    if not filters.province:
        blocks.note(_("Choose a province of the trial to see its sub-districts."), "location_on")
        return
    if not person.sees(filters.province):
        return
    cells = data.cells(FAMILIES, ("subdistrict",), {"province": filters.province})
    if cells.empty:
        blocks.note(_("{place} is not in the trial.", place=geo.name(filters.province, filters.lang)), "info")
        return
    names = {c: geo.name(c, filters.lang) for c in cells["subdistrict"]}
    _subdistrict_map(cells, filters)
    _two_columns("trial_subdistricts", names, cells.rename(columns={"subdistrict": "province"}), None, _("Sub-district"), filters)
    table = partial(
        export_table, cells, ("subdistrict",), {FAMILIES: data.measure(FAMILIES, filters.lang)}, style(), {"subdistrict": names}
    )
    downloads.menu("trial_subdistricts", table, provenance.context((FAMILIES,), filters, _("Reach Up by sub-district")))


def _two_columns(
    key: str, names: dict[str, str], families: pd.DataFrame, places: pd.DataFrame | None, heading: str, filters: Filters
) -> None:
    """A small sortable table: place, sub-districts where given, families; a hidden number is told in words."""
    measure = data.measure(FAMILIES, filters.lang)
    columns: dict[str, Any] = {heading: [names[c] for c in families["province"]]}
    if places is not None:
        columns[data.indicator(SUBDISTRICTS).title(filters.lang)] = places["value"].tolist()
    columns[measure.title] = families["value"].where(families["state"] == "value").tolist()
    columns[_("State")] = [linked.cell_state(r, measure) for _i, r in families.iterrows()]
    frame = pd.DataFrame(columns)
    if not any(columns[_("State")]):
        frame = frame.drop(columns=_("State"))
    show_table(f"{key}_table", frame, _("Sample groups of the trial by place"))


# ---- visits, arms ---------------------------------------------------------------------------------------------------------
VISITS = {"reachup.visits_planned": N_("Planned"), "reachup.visits_done": N_("Done")}


def visits(filters: Filters) -> None:
    """Visits done against those planned, fortnight by fortnight, in the places chosen; as far as their numbers may be shown."""
    asked = filters.where(period=False, split=False)
    cells = data.cells(list(VISITS), ("semester", "fortnight"), asked)
    begins = _fortnights()
    cells = cells.assign(x=[begins.get((s, f), "") for s, f in zip(cells["semester"], cells["fortnight"], strict=True)])
    cells = cells[cells["x"] != ""]
    there = cells.groupby("x")["value"].transform("max") > 0
    if cells["value"].notna().any():
        cells = cells[there]
    if empty.when_empty(cells, *VISITS):
        return
    days = sorted(cells["x"].unique())
    labels = {d: format_date(pd.Timestamp(d).date(), filters.lang) for d in days}
    measure = data.measure("reachup.visits_done", filters.lang)
    title = _("Home visits by fortnight: {place}", place=filters.place_words())
    names = {i: _(words) for i, words in VISITS.items()}

    long = cells.assign(series=cells["indicator"], low=None, high=None)
    draw = linked.over_time("trial_visits", long, measure, labels=labels, series_names=names, title=title, equal=True)
    table = cells.pivot(index="x", columns="indicator", values="value").reindex(columns=list(VISITS)).reset_index()
    table["x"] = table["x"].map(labels)
    table.columns = [_("First day of the fortnight"), _("Visits planned"), _("Visits done")]
    downloads.menu(
        "trial_visits",
        table,
        provenance.context(list(VISITS), filters, title),
        draw,
        data.asks(list(VISITS), ("semester", "fortnight"), asked),
    )


def _fortnights() -> dict[tuple[str, str], str]:
    """Semester and number of a fortnight -> its first day, as the summaries number them."""
    days = data.whole_table("trial_visit")[["semester", "starts_on"]].drop_duplicates().sort_values("starts_on")
    number = days.groupby("semester").cumcount() + 1
    return {
        (str(s), f"{n:02}"): pd.Timestamp(d).strftime("%Y-%m-%d")
        for s, n, d in zip(days["semester"], number, days["starts_on"], strict=True)
    }


def arms(filters: Filters) -> None:
    """Clusters, families, visits and attrition of each arm."""
    found = data.trial_clusters()
    if found.empty:
        blocks.note(_("The release has no clusters of the trial. The table comes in on the page Data."), "info")
        return
    words = {c: _(w) for c, w in CODES["arm"].items()}
    present = [a for a in words if (found["arm"] == a).any()]
    columns: dict[str, Any] = {
        _("Arm"): [words[a] for a in present],
        _("Clusters"): [int((found["arm"] == a).sum()) for a in present],
        _("Families planned"): [int(found.loc[found["arm"] == a, "families_planned"].sum()) for a in present],
    }
    ids = {
        i: data.indicator(i).title(filters.lang)
        for i in ("reachup.enrolled", "reachup.active", "reachup.attrition", "reachup.visit_rate")
    }
    national = filters.national()
    for indicator, heading in ids.items():
        measure = data.measure(indicator, filters.lang)
        cells = data.cells(indicator, ("arm",), national.where()).set_index("arm").reindex(present)
        columns[heading] = [_cell(row, measure) for _arm, row in cells.iterrows()]
    title = _("Arms of the trial")
    table = pd.DataFrame(columns)
    show_table("trial_arms", table, title)
    blocks.caption(
        _("Whole trial. The tables give an arm to each sub-district, so the sub-district is the unit of everything below.")
    )
    downloads.menu("trial_arms", table, provenance.context(list(ids), national, title))


def _cell(row: pd.Series, measure: Measure) -> str:
    if row.get("state") not in (*TOLD, "suppressed"):
        return "–"
    return cell_words({**row, "low": None, "high": None}, measure, style())


# ---- statistics of the trial ------------------------------------------------------------------------------------------------
def balance(filters: Filters) -> None:
    """Standardised differences at baseline as dots, without tests."""
    found = data.trial_measures()
    differences = trials.balance(found)
    if differences.empty:
        blocks.note(_("No baseline has been supplied."), "info")
        return
    titles = found.drop_duplicates("measure").set_index("measure")[f"title_{filters.lang}"]
    frame = differences.assign(category=differences["measure"].map(titles), group=differences["arm"], state="value")
    names = {c: _(w) for c, w in CODES["arm"].items() if (frame["arm"] == c).any()}
    measure, title = Measure("trial.balance", _("Standardised difference"), "SD", "sd"), _("Balance at baseline")

    def draw(drawn_style: Style) -> Chart:
        return profile(frame, measure, drawn_style, group_names=names, zero_line=_("No difference"), title=title)

    linked.chart(draw(style()), "trial_balance")
    blocks.caption(
        _(
            "Difference from the comparison group in pooled SD. No test of significance: after drawing lots any difference is chance. "
            "Ages and incomes stand here to judge the draw, not as outcomes."
        )
    )
    table = frame[["category", "arm", "n", "n_comparison", "value"]].assign(arm=frame["arm"].map(names))
    table.columns = [_("Measure"), _("Arm"), _("Children"), _("Children, comparison"), _("Standardised difference")]
    downloads.menu("trial_balance", table, provenance.context((), filters, title), draw)


def detectable(filters: Filters) -> None:
    """The smallest effect that the design can find, for assumptions that the reader sets."""
    found = data.trial_clusters()
    comparison = max(int((found["arm"] == "comparison").sum()), 1)
    treated = max(len(found) - comparison, 1)
    planned = float(found["families_planned"].mean()) if len(found) else 20.0
    left, right = blocks.columns([2, 3])
    with left:
        children = _number_in_address("size", _("Children measured in a cluster"), 2, 60, round(planned))
        icc = _number_in_address("icc", _("Intraclass correlation, hundredths"), 0, 40, 5) / 100
    effect = trials.minimum_detectable_effect(treated, comparison, children, icc)
    with right:
        kpi.plain(_("Smallest effect that can be found"), f"{format_number(effect, filters.lang, 2)} SD")
        blocks.caption(
            _(
                "{treated} against {comparison} clusters, two-sided 5 %, power 80 %, no covariates, normal quantiles; design effect {deff}.",
                treated=treated,
                comparison=comparison,
                deff=format_number(trials.design_effect(children, icc), filters.lang, 2),
            )
        )
        worked = [(i, trials.minimum_detectable_effect(treated, comparison, children, i)) for i in ICCS]
        words = " · ".join(f"ICC {format_number(i, filters.lang, 2)}: {format_number(e, filters.lang, 2)} SD" for i, e in worked)
        blocks.caption(
            _("With the same clusters: {effects}. If lots were drawn within sub-districts, it is smaller.", effects=words)
        )


def _number_in_address(key: str, label: str, low: int, high: int, default: int) -> int:
    known = address.get(key)
    number = min(max(int(known), low), high) if known else default
    fields.number(f"trial_{key}", label, number, low, high, offer(address.choose, part=key))
    return number


def effect_panel(filters: Filters) -> None:
    """Effects with their intervals, once there is an endline; never stars."""
    found = data.trial_measures()
    estimated = trials.effects(found)
    if estimated.empty:
        blocks.note(
            _("Endline not supplied: there is no effect to show yet, and nothing on this page is one."), "hourglass_empty"
        )
        return
    titles = found.drop_duplicates("measure").set_index("measure")[f"title_{filters.lang}"]
    words = {c: _(w) for c, w in CODES["arm"].items()}
    frame = estimated.assign(pair=estimated["measure"] + "·" + estimated["arm"], state="value", flag="")
    names = {p: f"{titles[m]} · {words[a]}" for p, m, a in zip(frame["pair"], frame["measure"], frame["arm"], strict=True)}
    measure, title = Measure("trial.effect", _("Effect at endline"), "SD", "sd"), _("Effects at endline")

    draw = linked.ranking("trial_effects", frame, measure, "pair", title, names=names)
    blocks.caption(
        _("In SD of the comparison group, with cluster-robust 95 % intervals (t with clusters − 2 degrees of freedom). No stars.")
    )
    table = frame[["measure", "arm", "n", "clusters", "value", "low", "high"]].assign(
        measure=frame["measure"].map(titles), arm=frame["arm"].map(words)
    )
    table.columns = [
        _("Measure"),
        _("Arm"),
        _("Children"),
        _("Clusters"),
        _("Effect (SD)"),
        _("Interval, low"),
        _("Interval, high"),
    ]
    downloads.menu("trial_effects", table, provenance.context((), filters, title), draw)


ACCOUNTS = (
    (
        N_("Title"),
        N_("Reach Up × conditional cash transfer"),
        N_("Parenting home visiting programme and unconditional cash transfer"),
    ),
    (N_("Cash"), N_("Conditional"), N_("Unconditional")),
    (
        N_("Provinces"),
        N_("7, named: Songkhla, Chiang Mai, Nakhon Nayok, Lop Buri, Khon Kaen, Maha Sarakham, Kalasin"),
        N_("8; among its 6 areas one is Phatthalung and Songkhla"),
    ),
    (N_("Sub-districts"), N_("72 in 6 areas"), N_("12–15 in each of 6 areas")),
    (N_("Period"), N_("From semester 2/2565"), N_("October 2565 to January 2567")),
    (N_("Results"), N_("None stated"), N_("None found")),
    (N_("Source"), N_("MOU report, 31 October 2565"), N_("AEA RCT Registry, AEARCTR-0012619")),
)
"""What the report and the registry say of the trial: row, report, registry."""


def accounts() -> None:
    """The report beside the trial registry, where they differ; neither is corrected."""
    rows = [(_(row), _(report), _(registry)) for row, report, registry in ACCOUNTS]
    frame = pd.DataFrame(rows, columns=[_("About"), _("The MOU report"), _("The trial registry")])
    show_table("trial_accounts", frame, _("The MOU report beside the trial registry"))
    blocks.caption(_("The two do not agree. Both are shown; which one holds is for the agencies to say."))
