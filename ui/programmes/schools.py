"""Panels of the page about schools: subject and scores, schools as points, the TSQP schools."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

import geo
from charts.theme import TOLD, cell_words
from i18n import N_
from ui.blocks import blocks, fields
from ui.entry import person
from ui.kit import data, downloads, empty, kpi, linked, loaded, panels, provenance, tables
from ui.kit.filters import Filters, sorted_provinces
from ui.view import address, headlines
from ui.view.events import offer
from ui.view.text import _, style

SUBJECTS = {"maths": N_("Mathematics"), "thai": N_("Thai language"), "science": N_("Science"), "english": N_("English language")}
GRADES = {"P6": N_("Primary 6"), "M3": N_("Lower secondary 3")}
SCORE, GAP, PUPILS = "school.mean_score", "school.rural_urban_gap", "school.pupils"
BENEFIT = ("tsqp.teachers", "tsqp.pupils")


def subject_words() -> dict[str, str]:
    """Subject code -> words."""
    return {c: _(w) for c, w in SUBJECTS.items()}


def subject() -> str:
    """The subject that scores are shown for; kept in the address."""
    return address.get("subject") or next(iter(SUBJECTS))


def choose_subject() -> None:
    """Buttons for `subject`."""
    act = offer(address.choose, part="subject")
    fields.segments("schools_subject", subject_words(), _("Scores are of"), subject(), act, named=True)


def register(filters: Filters) -> pd.DataFrame:
    """Schools with their province, local authority and year of joining TSQP, in the places chosen; no pupils."""
    return _joined(filters, data.table)


def _joined(filters: Filters, read: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    schools, laos, members = read("school"), read("lao"), read("tsqp_school")
    lao = laos.set_index("lao_code")
    name = f"name_{filters.lang}"
    frame = schools[
        ["school_code", "lao_code", "level", "lon", "lat"]
    ].assign(
        name=schools[name].fillna(schools["name_th"]),
        lao=schools["lao_code"]
        .map(lao[name].fillna(lao["name_th"]))
        .astype("str")
        .fillna(schools["lao_code"]),  # authorities may come later
        province=schools["subdistrict_code"].str[:2],
        joined=schools["school_code"].map(members.set_index("school_code")["joined_year"]),
    )
    inside = [filters.province] if filters.province else filters.provinces_inside()
    return frame if inside is None else frame[frame["province"].isin(inside)]


def score_headlines(filters: Filters, subject: str) -> list[tuple[str, headlines.Headline]]:
    """Mean score and urban-rural gap of a subject; the gap is published for the whole country alone."""
    of_subject, named = {"subject": subject}, _(SUBJECTS[subject])
    scores = kpi.headline(
        SCORE,
        filters,
        where=of_subject,
        title=f"{data.indicator(SCORE).title(filters.lang)} · {named}",
        sentence=f"{panels.beside_country(SCORE, filters, of_subject)} {_('Both grades together, weighted by pupils tested.')}",
    )
    gap = kpi.headline(
        GAP,
        filters.national(),
        where=of_subject,
        title=f"{data.indicator(GAP).title(filters.lang)} · {named}",
        sentence=_("Above nought, pupils of urban schools score higher. For the whole country."),
    )
    return [(SCORE, scores), (GAP, gap)]


def school_points(filters: Filters) -> None:
    """TSQP schools among the other schools of local authorities."""
    if not person.sees(filters.province):
        return
    schools = register(filters)
    if schools.empty:
        no_schools()
        return
    names = {"other": _("Other LAO schools"), "tsqp": _("TSQP schools")}
    frame = schools.assign(label=schools["name"], group=schools["joined"].notna().map({True: "tsqp", False: "other"}))
    title = _("Schools on the map")
    picture = linked.points("schools_points", frame, names, title, filters.province)
    table = frame[["school_code", "name", "lao", "group"]].assign(
        province=[geo.name(c, filters.lang) for c in frame["province"]], group=frame["group"].map(names)
    )
    table.columns = [_("School code"), _("School"), _("Local authority"), _("Group"), _("Province")]
    downloads.menu("schools_points", table, provenance.context(("tsqp.schools",), filters, title), picture)


def no_schools() -> None:
    """Say that there is no school in the places chosen, or that none are loaded at all."""
    if "school" in loaded.counts():
        blocks.note(_("There is no school in the places chosen."), "info")
    else:
        empty.not_loaded([PUPILS])


def tsqp_list(filters: Filters) -> None:
    """The TSQP schools in the places chosen, with the teachers and pupils who benefited."""
    blocks.subheader(_("TSQP schools"))
    if not person.sees(filters.province):
        return
    schools = register(filters)
    members = schools[schools["joined"].notna()]
    if members.empty:
        if "tsqp.schools" in data.available():
            blocks.note(_("No TSQP school in the places chosen."), "info")
        else:
            empty.not_loaded(["tsqp.schools"])
        return
    order = {c: n for n, c in enumerate(sorted_provinces(filters.lang))}
    members = members.sort_values("province", key=lambda c: c.map(order), kind="stable")
    columns: dict[str, Any] = {
        _("School"): members["name"].tolist(),
        _("Province"): [geo.name(c, filters.lang) for c in members["province"]],
        _("TSQP since"): [f"{int(y)}" for y in members["joined"]],
    }
    headings = {i: data.indicator(i).title(filters.lang) for i in BENEFIT}
    notes = numbers_of(columns, headings, members["school_code"], filters.where(period=False, place=False), filters)
    table = pd.DataFrame(columns)
    tables.show_table("schools_members", table.assign(**{_("Note"): notes}) if any(notes) else table, _("TSQP schools"))
    whole = table.assign(**{_("Note"): notes, _("School code"): members["school_code"].tolist()})
    downloads.menu("schools_members", whole, provenance.context(BENEFIT, replace(filters, period=None), _("TSQP schools")))


def cohorts(filters: Filters) -> None:
    """TSQP schools by the year that they joined in, and how many of each are still members."""
    members = data.whole_table("tsqp_school")
    inside = set(_joined(filters, data.whole_table)["school_code"])
    own = members[members["school_code"].isin(inside)]
    if own.empty:
        return
    title = _("Cohorts of the network")
    blocks.subheader(title)
    grouped = own.assign(still=own["left_year"].isna()).groupby("joined_year")
    counts = grouped.agg(schools=("school_code", "size"), still=("still", "sum")).reset_index()
    table = pd.DataFrame(
        {
            _("Joined in"): [str(int(y)) for y in counts["joined_year"]],
            _("Schools"): counts["schools"].tolist(),
            _("Still members"): counts["still"].astype(int).tolist(),
        }
    )
    tables.show_table("schools_cohorts", table, title)
    downloads.menu("schools_cohorts", table, provenance.context(("tsqp.schools",), replace(filters, period=None), title))


def numbers_of(
    columns: dict[str, Any], ids: Mapping[str, str], codes: pd.Series, where: dict[str, Any], filters: Filters
) -> list[str]:
    """Add one column an indicator (id -> heading) for these schools; returns for each school why a number is not shown."""
    notes: list[list[str]] = [[] for _i in range(len(codes))]
    for indicator, heading in ids.items():
        measure = data.measure(indicator, filters.lang)
        cells = data.cells(indicator, ("school",), where)
        cells = cells.set_index("school").reindex(codes)
        cells["state"] = cells["state"].fillna("not_collected")
        columns[heading] = cells["value"].where(cells["state"].isin(TOLD)).tolist()
        for note, (_code, row) in zip(notes, cells.iterrows(), strict=True):
            if row["state"] not in ("value", "zero"):
                note.append(f"{heading}: {cell_words(row, measure, style())}")
    return ["; ".join(n) for n in notes]
