"""Panels of the page about schools: subject, schools as points, schools of a province, one school."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

import geo
from charts import Chart, Style, points_map, points_picture, ranked_bars
from charts.theme import cell_words
from i18n import N_
from ui import data, downloads, empty, linked, panels, provenance, state
from ui.filters import CODES, Filters, sorted_provinces
from ui.text import _, style

SUBJECTS = {"maths": N_("Mathematics"), "thai": N_("Thai language"), "science": N_("Science"), "english": N_("English language")}
GRADES = {"P6": N_("Primary 6"), "M3": N_("Lower secondary 3")}
SCORE, PUPILS = "school.mean_score", "school.pupils"
BENEFIT = ("tsqp.teachers", "tsqp.pupils")
ROW, MOST_ROWS = 35, 12


def subject_words() -> dict[str, str]:
    """Subject code -> words."""
    return {c: _(w) for c, w in SUBJECTS.items()}


def choose_subject() -> str:
    """The subject that scores are shown for; kept in the address."""
    chosen = state.get("subject") or next(iter(SUBJECTS))
    st.session_state["schools_subject"] = chosen
    st.segmented_control(
        _("Scores are of"),
        list(SUBJECTS),
        key="schools_subject",
        format_func=subject_words().__getitem__,
        on_change=lambda: state.put(subject=st.session_state["schools_subject"] or chosen),
    )
    return chosen


def register(filters: Filters) -> pd.DataFrame:
    """Schools with their province, local authority and year of joining TSQP, in the places chosen; no pupils."""
    schools, laos, members = data.table("school"), data.table("lao"), data.table("tsqp_school")
    lao = laos.set_index("lao_code")
    name = f"name_{filters.lang}"
    frame = schools[["school_code", "lao_code", "level", "lon", "lat"]].assign(
        name=schools[name].fillna(schools["name_th"]),
        lao=schools["lao_code"].map(lao[name].fillna(lao["name_th"])),
        province=schools["lao_code"].map(lao["district_code"]).str[:2],
        joined=schools["school_code"].map(members.set_index("school_code")["joined_year"]),
    )
    inside = [filters.province] if filters.province else filters.provinces_inside()
    return frame if inside is None else frame[frame["province"].isin(inside)]


def school_points(filters: Filters) -> None:
    """TSQP schools among the other schools of local authorities."""
    schools = register(filters)
    names = {"other": _("Other LAO schools"), "tsqp": _("TSQP schools")}
    frame = schools.assign(label=schools["name"], group=schools["joined"].notna().map({True: "tsqp", False: "other"}))
    title = _("Schools on the map")

    def draw(drawn_style: Style) -> Chart:
        return points_map(frame, drawn_style, title=title, group_names=names, focus=filters.province)

    linked.chart(draw(style()), "schools_points")
    table = frame[["school_code", "name", "lao", "group"]].assign(
        province=[geo.name(c, filters.lang) for c in frame["province"]], group=frame["group"].map(names)
    )
    table.columns = [_("School code"), _("School"), _("Local authority"), _("Group"), _("Province")]
    downloads.menu(
        "schools_points",
        table,
        provenance.context(("tsqp.schools",), filters, title),
        lambda s: points_picture(frame, s, title=title, group_names=names),
    )


def tsqp_list(filters: Filters) -> None:
    """The TSQP schools in the places chosen, with the teachers and pupils who benefited."""
    st.subheader(_("TSQP schools"), anchor=False)
    schools = register(filters)
    members = schools[schools["joined"].notna()]
    if members.empty:
        st.info(_("No TSQP school in the places chosen."), icon=":material/info:")
        return
    order = {c: n for n, c in enumerate(sorted_provinces(filters.lang))}
    members = members.sort_values("province", key=lambda c: c.map(order), kind="stable")
    columns: dict[str, Any] = {
        _("School"): members["name"].tolist(),
        _("Province"): [geo.name(c, filters.lang) for c in members["province"]],
        _("TSQP since"): [f"{int(y)}" for y in members["joined"]],
    }
    notes = _numbers(columns, BENEFIT, members["school_code"], filters.where(period=False, place=False), filters)
    table = pd.DataFrame(columns)
    show_table("schools_members", table.assign(**{_("Note"): notes}) if any(notes) else table, _("TSQP schools"))
    whole = table.assign(**{_("Note"): notes, _("School code"): members["school_code"].tolist()})
    downloads.menu("schools_members", whole, provenance.context(BENEFIT, replace(filters, period=None), _("TSQP schools")))


def _numbers(
    columns: dict[str, Any], ids: Sequence[str], codes: pd.Series, where: dict[str, Any], filters: Filters, suffix: str = ""
) -> list[str]:
    """Add one column an indicator for these schools; returns for each school why a number is not shown."""
    notes: list[list[str]] = [[] for _i in range(len(codes))]
    for indicator in ids:
        measure = data.measure(indicator, filters.lang)
        heading = measure.title + suffix
        cells = data.cells(indicator, ("school",), where)
        cells = cells.set_index("school").reindex(codes)
        cells["state"] = cells["state"].fillna("not_collected")
        columns[heading] = cells["value"].where(cells["state"].isin(("value", "zero"))).tolist()
        for note, (_code, row) in zip(notes, cells.iterrows(), strict=True):
            if row["state"] not in ("value", "zero"):
                note.append(f"{heading}: {cell_words(row, measure, style())}")
    return ["; ".join(n) for n in notes]


def show_table(key: str, table: pd.DataFrame, alt: str) -> None:
    """A sortable table to read, as high as its rows up to a limit."""
    height = ROW * (min(len(table), MOST_ROWS) + 1) + 3
    config = {table.columns[0]: st.column_config.TextColumn(pinned=True)}
    numbers = {c: st.column_config.NumberColumn(format="localized") for c in table.select_dtypes("number")}
    st.dataframe(table, hide_index=True, height=height, column_config={**config, **numbers}, key=key, placeholder="–", alt=alt)


def province_schools(filters: Filters, subject: str) -> None:
    """The local authorities and schools of the province chosen, down to one school."""
    if not filters.province:
        st.info(_("Choose a province to see its local authorities and schools."), icon=":material/location_on:")
        return
    schools = register(filters)
    if schools.empty:
        st.info(_("This province has no school of a local authority in the data."), icon=":material/info:")
        return
    left, right = st.columns([5, 6], gap="medium")
    with left:
        _authorities(filters, subject, schools)
    with right:
        lao = _choose("lao", _("Local authority"), dict(zip(schools["lao_code"], schools["lao"], strict=True)), filters)
        rows = schools[schools["lao_code"] == lao] if lao else schools
        rows = rows.assign(order=[geo.thai_sort_key(n) for n in rows["name"]]).sort_values("order").reset_index(drop=True)
        _school_table(rows, filters, subject)
        school = _choose("school", _("School"), dict(zip(rows["school_code"], rows["name"], strict=True)), filters)
    if school:
        _one_school(rows[rows["school_code"] == school].iloc[0], filters, subject)


def _choose(key: str, label: str, names: dict[str, str], filters: Filters) -> str | None:
    """A picker of the next level down, kept in the address; a code of another province falls away."""
    found = state.get(key) if state.get(key) in names else None
    widget = f"schools_choose_{key}"
    st.session_state[widget] = found
    st.selectbox(
        label,
        sorted(names, key=lambda c: geo.thai_sort_key(names[c]) if filters.lang == "th" else names[c]),
        key=widget,
        index=None,
        format_func=names.__getitem__,
        placeholder=_("All"),
        on_change=lambda: state.put(**{key: st.session_state[widget]}),
    )
    return found


def _score_where(filters: Filters, subject: str) -> dict[str, Any]:
    return {**filters.where(place=False, split=False), "subject": subject, "province": filters.province}


def _authorities(filters: Filters, subject: str, schools: pd.DataFrame) -> None:
    cells = data.cells(SCORE, ("lao",), _score_where(filters, subject))
    names = dict(zip(schools["lao_code"], schools["lao"], strict=True))
    rows = cells[cells["lao"].isin(names)].assign(province=lambda d: d["lao"]) if len(cells) else cells
    title = f"{data.indicator(SCORE).title(filters.lang)} · {_(SUBJECTS[subject])}"
    st.markdown(f"**{_('By local authority')}** · {title}")
    if empty.when_empty(rows):
        return
    measure = data.measure(SCORE, filters.lang)

    def draw(drawn_style: Style) -> Chart:
        return ranked_bars(rows, measure, drawn_style, names=names, limit=16, selected=state.get("lao"), title=title)

    linked.chart(draw(style()), "schools_lao")
    table = panels.export_table(rows, ("lao",), {SCORE: measure}, style(), {"lao": names})
    downloads.menu("schools_lao", table, provenance.context((SCORE,), filters, title), draw)


def school_frame(rows: pd.DataFrame, filters: Filters, subject: str) -> pd.DataFrame:
    """The table of schools in words: a number that is not shown is empty, and the note says why."""
    columns: dict[str, Any] = {
        _("School"): rows["name"].tolist(),
        _("Level"): [_(CODES["level"][c]) for c in rows["level"]],
        _("Local authority"): rows["lao"].tolist(),
        _("TSQP since"): [f"{int(y)}" if pd.notna(y) else "" for y in rows["joined"]],
    }
    pupils = _numbers(columns, (PUPILS,), rows["school_code"], {"province": filters.province}, filters)
    scored = _score_where(filters, subject)
    scores = _numbers(columns, (SCORE,), rows["school_code"], scored, filters, f" · {_(SUBJECTS[subject])}")
    columns[_("Note")] = ["; ".join(filter(None, pair)) for pair in zip(pupils, scores, strict=True)]
    return pd.DataFrame(columns)


def _school_table(rows: pd.DataFrame, filters: Filters, subject: str) -> None:
    table, codes = school_frame(rows, filters, subject), rows["school_code"].tolist()
    numbers = list(table.columns[4:6])
    widget = f"schools_table_{filters.province}_{state.get('lao') or 'all'}_{state.get('school') or 'none'}"
    chosen = state.get("school")
    options: dict[str, Any] = {"selection_default": {"selection": {"rows": [codes.index(chosen)]}}} if chosen in codes else {}

    def choose() -> None:
        picked = st.session_state[widget].selection.rows
        state.put(school=codes[picked[0]] if picked else None)

    st.dataframe(
        table,
        hide_index=True,
        height=ROW * (min(len(table), MOST_ROWS) + 1) + 3,
        column_config={
            _("School"): st.column_config.TextColumn(pinned=True),
            numbers[0]: st.column_config.NumberColumn(format="localized"),
            numbers[1]: st.column_config.NumberColumn(format="%.1f"),
        },
        key=widget,
        on_select=choose,
        selection_mode="single-row",
        placeholder="–",
        alt=_("Schools of the province with their level, local authority, pupils and mean score"),
        **options,
    )
    title = _("Schools of {place}", place=geo.name(filters.province, filters.lang))
    whole = table.assign(**{_("School code"): codes})
    downloads.menu("schools_list", whole, provenance.context((PUPILS, SCORE), filters, f"{title} · {_(SUBJECTS[subject])}"))


def _one_school(school: pd.Series, filters: Filters, subject: str) -> None:
    """One school beside its province and the country."""
    st.subheader(school["name"], anchor=False)
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
    st.markdown(" · ".join(facts))
    sides = {
        "school": (school["name"], {"school": school["school_code"], "subject": subject}),
        "province": (geo.name(filters.province, filters.lang), {"province": filters.province, "subject": subject}),
        "country": (_("Whole country"), {"subject": subject}),
    }
    panels.versus_panel(
        "schools_one", SCORE, sides, filters, title=f"{school['name']} · {_(SUBJECTS[subject])}", without_interval=("school",)
    )
    st.caption(_("The mean of one school moves from year to year by chance; few pupils, large swings."))
