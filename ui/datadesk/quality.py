"""The quality tab: completeness, late senders, what stands out, the join of places, stated counts."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

import geo
from charts.grids import completeness_grid, completeness_legend
from data_access import quality
from data_access.indicators import REGISTRY
from data_access.quality import ROBUST_LIMIT, Dataset
from i18n import N_, format_number
from ui import data, downloads, filters, linked, person, provenance, served, shell, state
from ui.datadesk import words
from ui.filters import region_names, search_label, sorted_provinces
from ui.text import _, lang, style

TTL = 3600
LEVELS = {"province": N_("Provinces"), "district": N_("Districts"), "subdistrict": N_("Sub-districts")}
GRID_SCHEME = "region6"


def show() -> None:
    """The whole tab."""
    found = quality.datasets(served.release().id)
    st.header(_("Completeness"), anchor=False)
    if found:
        chosen = _dataset(found)
        _completeness(chosen)
        st.header(_("Not yet submitted"), anchor=False)
        _late(chosen)
        st.header(_("What stands out"), anchor=False)
        _outliers(chosen)
    else:
        st.info(_("This release has no table that is sent period by period, so there is nothing to be late with."))
    st.header(_("Places that join and codes that do not"), anchor=False)
    _join()
    st.header(_("Stated counts"), anchor=False)
    _stated()


def _export(key: str, frame: pd.DataFrame, title: str, ids: tuple[str, ...] = (), detail: bool = False) -> None:
    downloads.menu(f"data_{key}", frame, provenance.context(ids, filters.current(()), title), detail=detail)


def _dataset(found: list[Dataset]) -> Dataset:
    keys = {d.indicator or d.table: d for d in found}
    now = state.get("measure") if state.get("measure") in keys else next(iter(keys))
    st.session_state["data_dataset"] = now
    province = state.get("province") if state.get("province") in filters.province_codes() else None
    st.session_state["data_province"] = province
    with st.container(horizontal=True):
        st.selectbox(
            _("Table"),
            list(keys),
            format_func=lambda k: words.dataset_name(keys[k]),
            key="data_dataset",
            on_change=lambda: state.put(measure=st.session_state["data_dataset"]),
            width=420,
        )
        st.selectbox(
            _("Find a province"),
            sorted_provinces(lang()),
            index=None,
            format_func=lambda c: search_label(c, lang()),
            key="data_province",
            on_change=lambda: state.put(province=st.session_state["data_province"]),
            placeholder=_("All provinces"),
            width=300,
        )
    return keys[str(now)]


# ---- completeness ---------------------------------------------------------------------------------------------------
def _completeness(item: Dataset) -> None:
    frame = data.completeness(item.id)
    latest = frame[frame["period"] == frame["period"].max()]
    expected = latest[latest["expected"] > 0]
    st.markdown(
        _(
            "{period} · {senders} that have sent: {sent} of {expected} · Provinces that are complete: {complete} of {provinces}",
            period=words.period(str(latest["period"].iloc[0])),
            sent=format_number(int(expected["sent"].sum()), lang()),
            expected=format_number(int(expected["expected"].sum()), lang()),
            senders=words.table_name(item.sender),
            complete=format_number(int((expected["state"] == "complete").sum()), lang()),
            provinces=format_number(len(expected), lang()),
        )
    )
    st.caption(
        _("Expected are all provinces that have the programme by law.")
        if item.indicator
        else _("Expected is everyone who has sent this table in that period or before it. Senders are counted, never persons.")
    )
    grid, table = st.tabs([_("By region"), _("Table")])
    with grid:
        _legend()
        with st.grid(columns=3, min_column_width=330):
            for code, name in region_names(GRID_SCHEME, lang()):
                _region(frame, code, name)
    wide = _wide(frame)
    with table:
        chosen = state.get("province")
        names = [geo.name(c, lang()) for c in sorted_provinces(lang())]
        options: dict[str, Any] = (
            {"selection_default": {"selection": {"rows": [names.index(geo.name(chosen, lang()))]}}}
            if chosen in filters.province_codes()
            else {}
        )
        widget = f"data_completeness_{chosen or 'none'}"
        st.dataframe(
            wide,
            hide_index=True,
            key=widget,
            height=440,
            column_config={c: st.column_config.NumberColumn(format="percent") for c in wide.columns[1:]}
            | {_("Province"): st.column_config.TextColumn(pinned=True)},
            placeholder="–",
            on_select=lambda: _row_chosen(widget),
            selection_mode="single-row",
            alt=_("Share sent, one row a province and one column a period"),
            **options,
        )
    export = frame.assign(province_name=[geo.name(c, lang()) for c in frame["province"]])
    labels = {
        "province": _("Code"),
        "province_name": _("Province"),
        "period": _("Period"),
        "sent": _("Sent"),
        "expected": _("Expected"),
    }
    tidy = export[list(labels)].rename(columns=labels)
    tidy[_("Period")] = [words.period(p) for p in tidy[_("Period")]]
    tidy[_("Share (%)")] = (frame["share"] * 100).round(1)
    _export("completeness", tidy, _("Completeness") + " · " + words.dataset_name(item), detail=item.sender != "province")


def _legend() -> None:
    """The classes of the grid in one line that wraps; a picture of fixed height would cut it off on a phone."""
    border = style().palette.border
    square = "display:inline-block;width:.85em;height:.85em;margin-right:.35em;vertical-align:-.05em"
    items = "".join(
        f'<span style="white-space:nowrap"><span style="{square};border:1px solid {border};background:{colour}"></span>'
        f"{name}</span>"
        for name, colour in completeness_legend(style())
    )
    st.html(f'<div style="display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;font-size:.9rem">{items}</div>')


def _row_chosen(widget: str) -> None:
    rows = st.session_state[widget].selection.rows
    state.put(province=sorted_provinces(lang())[rows[0]] if rows else None)


def _region(frame: pd.DataFrame, code: str, name: str) -> None:
    inside = [c for c in sorted_provinces(lang()) if geo.region_of(c, GRID_SCHEME) == code]
    part = frame[frame["province"].isin(inside)]
    ordered = part.sort_values("province", key=lambda s: s.map(inside.index), kind="stable")
    with st.container():
        st.markdown(f"**{name}**")
        linked.chart(completeness_grid(ordered, style(), title=name, selected=state.get("province")), f"data_grid_{code}")


def _wide(frame: pd.DataFrame) -> pd.DataFrame:
    wide = frame.pivot(index="province", columns="period", values="share").reindex(sorted_provinces(lang()))
    out = pd.DataFrame({_("Province"): [geo.name(c, lang()) for c in wide.index]})
    for period in wide.columns:
        out[words.period(period)] = wide[period].to_numpy()
    return out


# ---- late -----------------------------------------------------------------------------------------------------------
def _late(item: Dataset) -> None:
    province = state.get("province")
    if item.sender != "province" and not person.sees(province if province in filters.province_codes() else None):
        return
    frame = data.late(item.id)
    if province in filters.province_codes():
        frame = frame[frame["province"] == province]
    if frame.empty:
        st.success(_("Nobody is late for the latest period."), icon=":material/check_circle:")
        return
    by_province = frame.groupby("province").size().sort_values(ascending=False)
    st.markdown(
        _(
            "{senders} that have sent before, but not for the latest period: {n}, most of them in {places}.",
            n=format_number(len(frame), lang()),
            senders=words.table_name(item.sender),
            places=words.places([str(c) for c in by_province.index], 3),
        )
        if not item.indicator
        else _("{n} provinces have not sent for the latest period.", n=format_number(len(frame), lang()))
    )
    out = pd.DataFrame({_("Province"): [geo.name(c, lang()) for c in frame["province"]]})
    if item.sender != "province":
        out[_("Name")] = frame["name"].tolist()
        out[_("Code")] = frame["sender"].tolist()
    out[_("Last sent")] = [words.period(p) if p else _("never") for p in frame["last_period"]]
    out[_("Periods missed")] = frame["missed"].tolist()
    st.dataframe(out, hide_index=True, key="data_late", height=min(360, 38 + 35 * len(out)), alt=_("Who has not sent yet"))
    _export("late", out, _("Not yet submitted") + " · " + words.dataset_name(item))


# ---- outliers -------------------------------------------------------------------------------------------------------
def _outliers(item: Dataset) -> None:
    st.caption(
        _(
            "Rule: the distance of a province from the median of all, in units of the median absolute deviation "
            "(0.6745 × distance ÷ MAD). More than {limit} either way is listed. Shares, means and amounts per head are compared as "
            "they are; counts and money by how they changed in a year. A hidden number takes no part. "
            "Far from the others is a reason to ask, not an error.",
            limit=ROBUST_LIMIT,
        )
    )
    with st.spinner(_("Comparing provinces")):
        frame = data.outliers(tuple(quality.indicators_of(item)))
    mixed = frame.loc[frame["mixed"], "indicator"].unique()
    frame = frame[~frame["mixed"]]
    if len(mixed):
        titles = ", ".join(REGISTRY[i].title(lang()) for i in mixed)
        st.caption(_("Not listed, because more than a tenth of the provinces would be: {titles}", titles=titles))
    province = state.get("province")
    if province in filters.province_codes():
        frame = frame[frame["province"] == province]
    if frame.empty:
        st.success(_("No province stands out."), icon=":material/check_circle:")
        return
    rows = frame.to_dict("records")
    measures = {i: data.measure(i, lang()) for i in frame["indicator"].unique()}
    out = pd.DataFrame(
        {
            _("Province"): [geo.name(r["province"], lang()) for r in rows],
            _("Indicator"): [measures[r["indicator"]].title for r in rows],
            _("Period"): [words.period(r["period"]) for r in rows],
            _("Value"): [measures[r["indicator"]].words(r["value"], lang()) for r in rows],
            _("A year before"): [
                measures[r["indicator"]].words(r["before"], lang()) if r["basis"] == "change" else "–" for r in rows
            ],
            _("Usual (median)"): [
                _("×{ratio} in a year", ratio=f"{r['middle']:.2f}")
                if r["basis"] == "change"
                else measures[r["indicator"]].words(r["middle"], lang())
                for r in rows
            ],
            _("Robust z"): [round(r["z"], 1) for r in rows],
        }
    )
    st.dataframe(
        out,
        hide_index=True,
        key="data_outliers",
        height=min(400, 38 + 35 * len(out)),
        column_config={_("Robust z"): st.column_config.NumberColumn(format="%.1f")},
        alt=_("Provinces far from the others"),
    )
    _export("outliers", out, _("What stands out"), tuple(frame["indicator"].unique()))


# ---- joins ----------------------------------------------------------------------------------------------------------
def _join() -> None:
    release = served.release().id
    audit = quality.join_audit(release)
    if audit.empty:
        st.caption(_("No table that names places has been loaded."))
    else:
        out = pd.DataFrame(
            {
                _("Table"): [words.table_name(t) for t in audit["table"]],
                _("Provinces found"): [f"{p} / {e}" for p, e in zip(audit["present"], audit["expected"], strict=True)],
                _("Provinces not found"): [words.places(m) or "–" for m in audit["missing"]],
                _("Codes that are no province"): [", ".join(u) or "–" for u in audit["unknown"]],
            }
        )
        st.dataframe(out, hide_index=True, key="data_join", alt=_("The join of each table with the 77 provinces"))
        st.caption(_("A programme of some provinces is not expected to reach all 77. Bangkok has no local authority under DLA."))
        _export("join", out, _("Join with the 77 provinces"))
    unknown = quality.unknown_codes(release)
    if unknown.empty:
        st.success(_("Every code refers to a place or record that is there."), icon=":material/check_circle:")
    else:
        lost = pd.DataFrame(
            {
                _("Table"): [words.table_name(t) for t in unknown["table"]],
                _("Column"): unknown["column"].tolist(),
                _("Refers to"): [words.table_name(r.split(".")[0]) for r in unknown["refers_to"]],
                _("Unknown codes"): unknown["codes"].tolist(),
                _("For example"): unknown["examples"].tolist(),
            }
        )
        if not person.scope().everywhere:  # whose codes they are is not known
            lost = lost.drop(columns=_("For example"))
        st.warning(_("Some codes refer to nothing."), icon=":material/link_off:")
        st.dataframe(lost, hide_index=True, key="data_unknown", alt=_("Codes that refer to nothing"))
        _export("unknown", lost, _("Codes that refer to nothing"))
    for row in quality.without_polygon().to_dict("records"):
        missing = words.places(row["missing"]) if row["missing"] else ""
        said = _(
            "{level}: {places} places, {drawn} with a boundary on the map.",
            level=_(LEVELS[row["level"]]),
            places=format_number(row["places"], lang()),
            drawn=format_number(row["drawn"], lang()),
        )
        st.caption(said + (f" {_('Without: {names}', names=missing)}" if missing else ""))


# ---- stated counts --------------------------------------------------------------------------------------------------
def _stated() -> None:
    counts = quality.stated_counts(served.release().id)
    counts = counts[(counts["stated"] != 0) | (counts["found"] != 0) | ~counts["agrees"]]
    out = pd.DataFrame(
        {
            _("Table"): [words.table_name(t) for t in counts["table"]],
            _("Stated by the release"): [words.rows(n) for n in counts["stated"]],
            _("Found in the table"): [words.rows(n) for n in counts["found"]],
            _("Result"): [_("Agrees") if a else _("Differs") for a in counts["agrees"]],
        }
    )
    st.dataframe(out, hide_index=True, key="data_stated", alt=_("Rows stated by the release and found in its tables"))
    st.caption(_("Rows of tables of persons are rounded to ten."))
    _export("stated", out, _("Stated counts"))
    shell.link("claims", _("Published figures beside the computed ones"), ":material/arrow_forward:")
