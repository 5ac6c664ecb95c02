"""Drill-down of the page about schools: the local authorities of a province, their schools, and one school."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

import geo
from charts.theme import cell_words
from ui.blocks import blocks
from ui.entry import person
from ui.kit import data, downloads, empty, linked, panels, provenance
from ui.kit.filters import CODES, Filters
from ui.kit.tables import export_table, show_table
from ui.programmes.schools import BENEFIT, PUPILS, SCORE, SUBJECTS, no_schools, numbers_of, register
from ui.view import address
from ui.view.events import offer
from ui.view.text import _, style


def province_schools(filters: Filters, subject: str) -> None:
    """The local authorities and schools of the province chosen, down to one school."""
    if not filters.province:
        blocks.note(_("Choose a province to see its local authorities and schools."), "location_on")
        return
    if not person.sees(filters.province):
        return
    schools = register(filters)
    if schools.empty:
        no_schools()
        return
    left, right = blocks.columns([5, 7])
    with left:
        _authorities(filters, subject, schools)
    with right:
        first, second = blocks.columns(2)
        with first:
            laos = dict(zip(schools["lao_code"], schools["lao"], strict=True))
            lao = linked.choose_any("schools_choose_lao", "lao", laos, _("Local authority"), _("All"))
        rows = schools[schools["lao_code"] == lao] if lao else schools
        rows = rows.sort_values("name", key=lambda names: names.map(geo.thai_sort_key)).reset_index(drop=True)
        with second:
            names = dict(zip(rows["school_code"], rows["name"], strict=True))
            school = linked.choose_any("schools_choose_school", "school", names, _("School"), _("All"))
        _school_table(rows, filters, subject)
    if school:
        _one_school(rows[rows["school_code"] == school].iloc[0], filters, subject)


def _score_where(filters: Filters, subject: str) -> dict[str, Any]:
    return {**filters.where(place=False, split=False), "subject": subject, "province": filters.province}


def _authorities(filters: Filters, subject: str, schools: pd.DataFrame) -> None:
    cells = data.cells(SCORE, ("lao",), _score_where(filters, subject))
    names = dict(zip(schools["lao_code"], schools["lao"], strict=True))
    rows = cells[cells["lao"].isin(names)]
    title = f"{data.indicator(SCORE).title(filters.lang)} · {_(SUBJECTS[subject])}"
    blocks.text(title, _("By local authority"))
    if empty.when_empty(rows, SCORE):
        return
    measure = data.measure(SCORE, filters.lang)

    look: dict[str, Any] = {"names": names, "limit": 16, "selected": address.get("lao")}
    draw = linked.ranking("schools_lao", rows, measure, "lao", title, offer(address.choose, part="lao"), **look)
    blocks.caption(_("A few schools each: the order of the authorities is not a finding."))
    table = partial(export_table, rows, ("lao",), {SCORE: measure}, style(), {"lao": names})
    downloads.menu("schools_lao", table, provenance.context((SCORE,), filters, title), draw)


def school_frame(rows: pd.DataFrame, filters: Filters, subject: str) -> pd.DataFrame:
    """The table of schools in words: a number that is not shown is empty, and the note says why."""
    columns: dict[str, Any] = {
        _("School"): rows["name"].tolist(),
        _("TSQP since"): [f"{int(y)}" if pd.notna(y) else "" for y in rows["joined"]],
    }
    pupils = numbers_of(columns, {PUPILS: _("Pupils")}, rows["school_code"], {"province": filters.province}, filters)
    scored = _score_where(filters, subject)
    scores = numbers_of(columns, {SCORE: f"{_('Mean score')} · {_(SUBJECTS[subject])}"}, rows["school_code"], scored, filters)
    columns[_("Level")] = [_(CODES["level"][c]) for c in rows["level"]]
    columns[_("Local authority")] = rows["lao"].tolist()
    columns[_("Note")] = ["; ".join(filter(None, pair)) for pair in zip(pupils, scores, strict=True)]
    return pd.DataFrame(columns)


def _school_table(rows: pd.DataFrame, filters: Filters, subject: str) -> None:
    table, codes = school_frame(rows, filters, subject), rows["school_code"].tolist()
    alt = _("Schools of the province with their level, local authority, pupils and mean score")
    choosing = {"codes": codes, "chosen": address.get("school"), "pick": offer(address.choose, part="school")}
    show_table("schools_table", table.round(1), alt, **choosing)
    title = _("Schools of {place}", place=geo.name(filters.province or "", filters.lang))
    whole = table.assign(**{_("School code"): codes})
    downloads.menu("schools_list", whole, provenance.context((PUPILS, SCORE), filters, f"{title} · {_(SUBJECTS[subject])}"))


def _one_school(school: pd.Series, filters: Filters, subject: str) -> None:
    """One school beside its province and the country."""
    blocks.subheader(school["name"])
    pupils = data.cell(PUPILS, {"school": school["school_code"]})
    facts = [
        _(CODES["level"][school["level"]]),
        school["lao"],
        f"{data.indicator(PUPILS).title(filters.lang)}: {cell_words(pupils, data.measure(PUPILS, filters.lang), style())}",
    ]
    if pd.notna(school["joined"]):
        benefit = data.cells(BENEFIT, (), {"school": school["school_code"]})
        facts.append(_("TSQP since {year}", year=int(school["joined"])))
        facts += [
            f"{data.indicator(r['indicator']).title(filters.lang)}: "
            f"{cell_words(r, data.measure(r['indicator'], filters.lang), style())}"
            for _i, r in benefit.iterrows()
        ]
    blocks.text(" · ".join(facts))
    sides = {
        "school": (school["name"], {"school": school["school_code"], "subject": subject}),
        "province": (geo.name(filters.province or "", filters.lang), {"province": filters.province, "subject": subject}),
        "country": (_("Whole country"), {"subject": subject}),
    }
    panels.versus_panel("schools_one", SCORE, sides, filters, title=f"{school['name']} · {_(SUBJECTS[subject])}")
    blocks.caption(_("The mean of one school moves from year to year by chance; few pupils, large swings."))
