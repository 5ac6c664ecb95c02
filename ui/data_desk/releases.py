"""The releases tab: every release with its facts, two of them compared, an old one brought back."""

from __future__ import annotations

import re

import pandas as pd
import streamlit as st

from data_access.analysis import quality
from data_access.contract.errors import TOLD
from data_access.programmes.indicators import REGISTRY
from data_access.publishing import release_changes
from data_access.store import releases
from data_access.who.access import STEWARD
from i18n import format_date, format_number, format_time
from ui.blocks import blocks, dialogs, fields
from ui.entry import person
from ui.kit import data, downloads, empty, filters, provenance, words
from ui.kit.tables import show_table
from ui.meetings import review
from ui.view import address
from ui.view import shown as shown_release
from ui.view.events import act, offer
from ui.view.text import _, lang

SAID = "data_rolled_back"


def show() -> None:
    """The whole tab."""
    found = releases.list_releases()
    with blocks.together("releases"):
        _troubles()
        _list(found)
        _compare(found)
    if person.may(STEWARD):
        _roll_back(found)


def _troubles() -> None:
    if said := st.session_state.pop(SAID, None):
        blocks.note(said, ":material/history:", "good")
    for release_id in releases.undescribed():
        words = _("The description of release {id} is damaged or missing; its tables are there.", id=release_id)
        blocks.note(f"{words} {_('An administrator restores it from a backup.')}", ":material/broken_image:", "warning")


def _label(release: releases.Release) -> str:
    now = shown_release.release().id
    marks = [_("current")] if release.id == now else []
    marks += [_("demonstration")] if release.demo else []
    said = f" ({', '.join(marks)})" if marks else ""
    return f"{release.id} · {format_date(release.as_of, lang())}{said}"


def _sources(release: releases.Release) -> str:
    return "; ".join(_("Demonstration generator") if s == "data_access.demo" else s for s in release.sources)


def _note(release: releases.Release) -> str:
    return _("Demonstration data") if release.demo and release.note == "demo" else release.note


def _list(found: list[releases.Release]) -> None:
    now = shown_release.release().id
    frame = pd.DataFrame(
        {
            _("Release"): [r.id for r in found],
            _("Shown"): [_("current") if r.id == now else "" for r in found],
            _("Data as of"): [format_date(r.as_of, lang()) for r in found],
            _("Published on"): [format_time(r.published_at, lang()) for r in found],
            _("Note"): [_note(r) for r in found],
            _("Kind of data"): [_("demonstration") if r.demo else _("real") for r in found],
            _("Sources"): [_sources(r) for r in found],
            _("Began from"): [r.parent or "–" for r in found],
        }
    )
    show_table("data_releases", frame, _("Every release, newest first"))
    _export("releases", frame, _("Releases"))
    _one(_choose("data_release_shown", _("What a release holds"), found, now))


def _one(shown: releases.Release) -> None:
    left, right = blocks.columns([2, 3])
    counts = {t: quality.rows_shown(t, n) for t, n in shown.row_counts.items() if n}
    with left:
        held = pd.DataFrame(
            {_("Table"): [words.table_name(t) for t in counts], _("Rows"): [words.rows(n) for n in counts.values()]}
        )
        show_table("data_release_rows", held, _("Rows of the release by table"))
        blocks.caption(_("Rows of tables of persons are rounded to ten."))
    with right:
        blocks.text(format_date(shown.as_of, lang()), _("Data as of"))
        blocks.text(format_time(shown.published_at, lang()), _("Published on"))
        blocks.text(_note(shown) or "–", _("Note"))
        blocks.text(_sources(shown) or "–", _("Sources"))
        blocks.text("", _("Checksum"), f"{shown.checksum[:16]}…")
        reasons = [c for c in shown.changes if "(" in c]
        if reasons:
            blocks.text("", _("Warnings accepted"))
            blocks.points([_accepted(change) for change in reasons])
        omitted = [(load, omission) for load in shown.loads for omission in load.left_out]
        if omitted:
            blocks.text("", _("Rows left out by hand"))
            blocks.points([" · ".join([load.source, o.told(lang()), *o.told_sums(lang(), load.sums)]) for load, o in omitted])


def _accepted(change: str) -> str:
    """ "table: rows (code: reason; …)" as the table in words and the reasons."""
    table, _sign, rest = change.partition(": ")
    reasons = re.sub(r"(^|; )[a-z_]+: ", r"\1", rest.partition(" (")[2].removesuffix(")"))
    return f"{words.table_name(table)}: {reasons}"


def _choose(key: str, label: str, found: list[releases.Release], at_first: str) -> releases.Release:
    """The release that a reader has chosen in a field of its own; the one of the id given (else the newest) until they do."""
    ids = {r.id: r for r in found}
    wanted = address.kept().get(key, at_first)
    chosen = wanted if wanted in ids else next(iter(ids))
    fields.choice(key, {i: _label(r) for i, r in ids.items()}, label, chosen, offer(address.keep_chosen, key=key))
    return ids[chosen]


def _export(key: str, frame: pd.DataFrame, title: str) -> None:
    downloads.menu(f"data_{key}", frame, provenance.context((), filters.current(()), title))


# ---- two releases compared ------------------------------------------------------------------------------------------
@st.cache_data(ttl=3600, max_entries=20, show_spinner=False)
def _diff(old: str, new: str) -> dict[str, pd.DataFrame]:
    found = release_changes.diff(old, new)
    return {"tables": quality.changes_shown(found["tables"]), "indicators": found["indicators"]}


def _compare(found: list[releases.Release]) -> None:
    blocks.header(_("What changed between two releases"))
    if len(found) < 2:
        blocks.caption(_("There is only one release so far."))
        return
    names = {r.id: _label(r) for r in found}
    old, new = _pair(found)
    left, right = blocks.columns(2)
    with left:
        fields.choice("data_old", names, _("Earlier"), old, offer(compared, new=new))
    with right:
        fields.choice("data_new", names, _("Later"), new, offer(compared, old=old))
    if old == new:
        blocks.caption(_("Choose two different releases."))
        return
    if not address.get("compare"):
        blocks.button("data_compare", _("Compare"), "compare_arrows", offer(compared, old=old, new=new))
        return
    try:
        with st.spinner(_("Comparing every table and indicator")):
            changes = _diff(old, new)
    except TOLD as error:
        empty.refused(error)
        return
    _tables(changes["tables"])
    _indicators(changes["indicators"])


def _pair(found: list[releases.Release]) -> tuple[str, str]:
    """The two releases in the address, else the two newest."""
    ids = [r.id for r in found]
    old, _dots, new = (address.get("compare") or "").partition("..")
    return (old, new) if old in ids and new in ids else (ids[1], ids[0])


@act
def compared(chosen: str, old: str = "", new: str = "") -> None:
    """Compare two releases; the one that is not named is the one chosen."""
    address.put(compare=f"{old or chosen}..{new or chosen}")


def _tables(changes: pd.DataFrame) -> None:
    columns = {
        "rows_before": _("Rows before"),
        "rows_after": _("Rows after"),
        "added": _("Added"),
        "removed": _("Removed"),
        "changed": _("Changed"),
    }
    frame = pd.DataFrame({_("Table"): [words.table_name(t) for t in changes["table"]]})
    for column, label in columns.items():
        frame[label] = [words.rows(n) for n in changes[column]]
    blocks.subheader(_("By table"))
    show_table("data_diff_tables", frame, _("Rows added, removed and changed by table"))
    _export("diff_tables", frame, _("What changed by table"))


def _indicators(changes: pd.DataFrame) -> None:
    """Every period of every indicator that differs, the latest first."""
    moved = changes[changes["changed"]].sort_values("period", ascending=False, kind="stable")
    moved = moved.sort_values("indicator", key=lambda ids: ids.map(list(REGISTRY).index), kind="stable")
    blocks.subheader(_("By indicator (whole country)"))
    if moved.empty:
        blocks.caption(_("No indicator changed in any period."))
        return
    rows = moved.to_dict("records")
    frame = pd.DataFrame(
        {
            _("Indicator"): [REGISTRY[i].title(lang()) for i in moved["indicator"]],
            _("Period"): [words.period(p) for p in moved["period"]],
            _("Before"): [_value(r, "before") for r in rows],
            _("After"): [_value(r, "after") for r in rows],
            _("Change"): [review.change_of(r, data.measure(r["indicator"], lang())) for r in rows],
        }
    )
    periods = [words.period(p) for p in sorted(set(moved["period"]) - {""}, reverse=True)]
    blocks.caption(_("Periods with a change: {periods}.", periods=", ".join(periods) or "–"))
    show_table("data_diff_indicators", frame, _("National values before and after"))
    same = changes["indicator"].nunique() - moved["indicator"].nunique()
    blocks.caption(_("{n} indicators are the same in both, in all periods.", n=format_number(same, lang())))
    _export("diff_indicators", frame, _("What changed by indicator"))


def _value(row: dict, side: str) -> str:
    return review.side_words(row[side], row[f"{side}_state"], data.measure(row["indicator"], lang()))


# ---- bringing an old one back ---------------------------------------------------------------------------------------
def _roll_back(found: list[releases.Release]) -> None:
    blocks.header(_("Bring an earlier release back"))
    others = [r for r in found if r.id != shown_release.release().id]
    if not others:
        blocks.caption(_("There is only one release so far."))
        return
    chosen = _choose("data_rollback", _("Release to show"), others, "")
    text = _("Bring back …")
    dialogs.button("data_rollback_ask", text, "history", text, _ask, chosen.id)


def _ask(release_id: str) -> None:
    st.markdown(_("Every reader will see release {id} at once. The release of now stays and can be brought back.", id=release_id))
    if st.button(_("Show this release to every reader"), key="data_rollback_yes", type="primary"):
        _rolled_back(release_id)


def _rolled_back(release_id: str) -> None:
    try:
        with st.spinner(_("Checking the release")):
            releases.rollback(release_id, person.current())
    except TOLD as error:
        empty.refused(error)
        return
    st.session_state[SAID] = _("Release {id} is shown to every reader now.", id=release_id)
    st.rerun()
