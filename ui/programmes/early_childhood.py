"""Panels of the page about young children: standards, centres as points."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

import geo
from charts.stacks import stacked_shares
from charts.style import Style
from charts.theme import TOLD, Chart, cell_words, state_short
from i18n import N_, format_number, format_period
from ui.blocks import blocks
from ui.entry import person
from ui.kit import data, downloads, empty, linked, panels, provenance
from ui.kit.filters import Filters
from ui.kit.tables import export_table, show_table
from ui.view.text import _, style

STANDARDS = {
    "below": N_("Below standard"),
    "basic": N_("Basic"),
    "good": N_("Good"),
    "excellent": N_("Very good"),
    "not_assessed": N_("Not assessed"),
}
CENTRE_NUMBERS = ("ecd.children", "ecd.poor_reached")
BEHIND = ("ecd.quality_share", "ecd.poor_reached")


def quality_panel(filters: Filters) -> None:
    """How many centres meet which standard, semester by semester, as parts of the centres that reported."""
    ids = {f"ecd.quality_{code}": code for code in STANDARDS}
    cells = data.cells(list(ids), ("semester",), filters.where(period=False))
    if empty.when_empty(cells, *ids):
        return
    measure, title = data.measure("ecd.centres", filters.lang), _("Quality standard of the centres that reported")
    frame = cells.sort_values("semester", kind="stable").assign(
        part=lambda d: d["indicator"].map(ids), category=lambda d: d["semester"].map(format_period)
    )

    def draw(drawn_style: Style) -> Chart:
        parts = {c: drawn_style.text(w) for c, w in STANDARDS.items()}
        return stacked_shares(frame, measure, drawn_style, parts=parts, rest="not_assessed", title=title)

    linked.chart(draw(style()), "childhood_quality")
    table = partial(export_table, cells, ("semester",), {i: data.measure(i, filters.lang) for i in ids}, style())
    downloads.menu("childhood_quality", table, provenance.context(list(ids), filters, title), draw)


def centre_points(filters: Filters) -> None:
    """Centres being upgraded among the other centres."""
    if not person.sees(filters.province):
        return
    centres = data.table("centre")
    inside = [filters.province] if filters.province else filters.provinces_inside()
    centres = centres if inside is None else centres[centres["province_code"].isin(inside)]
    if centres.empty:
        blocks.note(_("There is no centre in the places chosen."), "info")
        return
    names = {"other": _("Other centres"), "upgraded": _("Centres being upgraded")}
    upgraded = centres["upgrade_from"].notna()
    frame = centres.assign(
        label=centres["name_th"], group=upgraded.map({True: "upgraded", False: "other"}), since=centres["upgrade_from"].fillna("")
    )
    title = _("Centres on the map")
    picture = linked.points("childhood_points", frame, names, title, filters.province)
    table = pd.DataFrame(
        {
            _("Centre code"): frame["centre_code"],
            _("Centre"): frame["name_th"],
            _("Province"): [geo.name(c, filters.lang) for c in frame["province_code"]],
            _("Group"): frame["group"].map(names),
            _("Upgraded from"): [format_period(s) if s else "" for s in frame["since"]],
        }
    )
    downloads.menu("childhood_points", table, provenance.context(("ecd.centres_upgraded",), filters, title), picture)


def centre_list(filters: Filters) -> None:
    """The centres of the province chosen: place, upgrade, children and standard, each number as far as it may be shown."""
    blocks.subheader(_("Centres of a province"))
    if not filters.province:
        blocks.note(_("Choose a province to see its centres."), "location_on")
        return
    if not person.sees(filters.province):
        return
    centres = data.table("centre")
    centres = centres[centres["province_code"] == filters.province].sort_values("centre_code").reset_index(drop=True)
    if centres.empty:
        blocks.note(_("There is no centre in the places chosen."), "info")
        return
    codes, asked = centres["centre_code"].tolist(), {**filters.where(place=False), "province": filters.province}
    columns: dict[str, Any] = {
        _("Centre"): centres["name_th"].tolist(),
        _("Sub-district"): [geo.name(c, filters.lang) if c else "" for c in centres["subdistrict_code"].fillna("")],
        _("Upgraded from"): [format_period(s) if s else "" for s in centres["upgrade_from"].fillna("")],
    }
    notes: list[list[str]] = [[] for _i in codes]
    for indicator in CENTRE_NUMBERS:
        measure = data.measure(indicator, filters.lang)
        there = {row["centre"]: row for row in data.rows(indicator, ("centre",), asked)}
        found = [there.get(code, {"value": None, "state": "not_collected"}) for code in codes]
        columns[measure.title] = [row["value"] if row["state"] in TOLD else None for row in found]
        for note, row in zip(notes, found, strict=True):
            if row["state"] not in ("value", "zero"):
                note.append(f"{measure.title}: {cell_words(row, measure, style())}")
    columns[_("Quality standard")] = _standards(codes, asked)
    columns[_("Note")] = ["; ".join(n) for n in notes]
    table, title = pd.DataFrame(columns), _("Centres of {place}", place=geo.name(filters.province, filters.lang))
    show_table("childhood_centres", table, title)
    facts = provenance.context(CENTRE_NUMBERS, filters, title)
    downloads.menu("childhood_centres", table.assign(**{_("Centre code"): codes}), facts)


def one_centre(filters: Filters) -> None:
    """The children of one centre over time, and its standard in each semester."""
    if not filters.province:
        return
    centres = data.table("centre")
    own = centres[centres["province_code"] == filters.province].set_index("centre_code")["name_th"]
    if own.empty:
        return
    chosen = linked.choose_any("childhood_centre", "centre", own.to_dict(), _("One centre"), _("Choose a centre"))
    if not chosen:
        return
    left, right = blocks.columns(2)
    where = {"centre": chosen}
    with left:
        panels.trend_panel("childhood_one", "ecd.children", filters, where=where, events=False)
    with right:
        rows = data.table("centre_semester")
        rows = rows[rows["centre_code"] == chosen].sort_values("semester", ascending=False)
        standards = [_(STANDARDS[q]) if q in STANDARDS else state_short("not_collected", style()) for q in rows["quality"]]
        table = pd.DataFrame({_("Semester"): [format_period(p) for p in rows["semester"]], _("Quality standard"): standards})
        show_table("childhood_one_standard", table, _("Standard of the centre in each semester"))


def fell_behind(filters: Filters) -> None:
    """Provinces whose share of centres at standard, or poor children reached, is clearly lower than a year before, like with like."""
    rows, before, compared = [], "", False
    for indicator in BEHIND:
        measure = data.measure(indicator, filters.lang)
        found = data.changes(indicator, ("province",), filters.where(province=False))
        if not len(found):
            continue
        before = next((p for p in found["before_period"] if p), before)
        compared |= bool((found["reason"] == "").any())
        rows += [
            (
                geo.name(r["province"], filters.lang),
                measure.title,
                *(measure.words(r[c], filters.lang) for c in ("matched_before", "matched_now", "before", "now")),
                f"{format_number(r['told'], filters.lang)} / {format_number(r['senders_before'], filters.lang)}",
            )
            for r in found[found["verdict"] == "worse"].to_dict("records")
        ]
    title = _("What fell behind the year before")
    blocks.subheader(title)
    if not compared:
        empty.when_not_compared(data.cells(BEHIND[0], ("province",), filters.where(province=False)), *BEHIND)
        return
    if not rows:
        blocks.note(_("Nothing is clearly lower than a year before."), "check_circle", "good")
        return
    alike = [_("A year before, same centres"), _("Now, same centres"), _("A year before, all that sent"), _("Now, all that sent")]
    table = pd.DataFrame(rows, columns=[_("Province"), _("Indicator"), *alike, _("Same centres, of those that sent then")])
    show_table("childhood_behind", table, title)
    blocks.caption(
        _(
            "Lower than in {period} by more than the margin, in the centres that sent both times; suppressed numbers and "
            "periods that are not complete are not compared.",
            period=format_period(before),
        )
    )
    downloads.menu("childhood_behind", table, provenance.context(BEHIND, filters, title))


def _standards(codes: list[str], asked: dict[str, Any]) -> list[str]:
    """The standard of each centre in words; empty for one that did not report."""
    found: dict[str, str] = {}
    for code, words in STANDARDS.items():
        rows = data.rows(f"ecd.quality_{code}", ("centre",), asked)
        found |= {row["centre"]: _(words) for row in rows if row["value"] == 1}
    return [found.get(c, "") for c in codes]
