"""The quality tab: completeness, late senders, what stands out, the join of places, stated counts."""

from __future__ import annotations

import pandas as pd

import geo
from charts.grids import completeness_grid, completeness_legend
from data_access.analysis import quality
from data_access.analysis.burden import burden, days_to_publishing
from data_access.analysis.quality import ROBUST_LIMIT, Dataset
from data_access.programmes.indicators import REGISTRY
from data_access.store import releases
from i18n import N_, format_date, format_number
from ui.blocks import blocks, components
from ui.entry import person
from ui.kit import data, downloads, filters, linked, navigation, provenance, words
from ui.kit.filters import sorted_provinces
from ui.kit.tables import show_table
from ui.view import address, shown
from ui.view.events import offer
from ui.view.filter_table import region_names
from ui.view.text import _, lang, style

LEVELS = {"province": N_("Provinces"), "district": N_("Districts"), "subdistrict": N_("Sub-districts")}
GRID_SCHEME, GRID = "region6", 330  # pixels


@blocks.together("quality")
def show() -> None:
    """The whole tab."""
    found = quality.datasets(shown.release().id)
    blocks.header(_("Completeness"))
    if found:
        chosen = _dataset(found)
        _completeness(chosen)
        blocks.header(_("Not yet submitted"))
        _late(chosen)
        blocks.header(_("What stands out"))
        _outliers(chosen)
    else:
        blocks.note(_("This release has no table that is sent period by period, so there is nothing to be late with."))
    blocks.header(_("Places that join and codes that do not"))
    _join()
    blocks.header(_("Stated counts"))
    _stated()
    blocks.header(_("What it takes to send data"))
    _burden()


def _export(key: str, frame: pd.DataFrame, title: str, ids: tuple[str, ...] = ()) -> None:
    downloads.menu(f"data_{key}", frame, provenance.context(ids, filters.current(()), title))


def _dataset(found: list[Dataset]) -> Dataset:
    keys = {d.indicator or d.table: d for d in found}
    left, right = blocks.columns([3, 2])
    with left:
        chosen = linked.choose("data_dataset", "measure", list(keys), _("Table"), lambda key: words.dataset_name(keys[key]))
    with right:
        filters.search_box(filters.current(("province",)), "data")
    return keys[chosen]


# ---- completeness ---------------------------------------------------------------------------------------------------
def _completeness(item: Dataset) -> None:
    frame = data.completeness(item.id)
    latest = frame[frame["period"] == frame["period"].max()]
    expected = latest[latest["expected"] > 0]
    blocks.text(
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
    blocks.caption(
        _("Expected are all provinces that have the programme by law.")
        if item.indicator
        else _(
            "Expected is everyone who has sent this table in that period or before it: nothing of {n} provinces from which nothing has "
            "ever come. Senders are counted, never persons.",
            n=format_number(len(latest) - len(expected), lang()),
        )
    )
    blocks.put("legend", {"entries": completeness_legend(style())})
    regions = region_names(GRID_SCHEME, lang())
    for box, (code, name) in zip(blocks.boxes(len(regions), GRID), regions, strict=True):
        with box:
            _region(frame, code, name)
    with blocks.fold("data_completeness_rows", _("Table"), "table"):
        alt, chosen = _("Share sent, one row a province and one column a period"), address.get("province")
        show_table(
            "data_completeness",
            _wide(frame),
            alt,
            codes=sorted_provinces(lang()),
            chosen=chosen,
            pick=offer(address.choose, part="province"),
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
    _export("completeness", tidy, _("Completeness") + " · " + words.dataset_name(item))


def _region(frame: pd.DataFrame, code: str, name: str) -> None:
    inside = [c for c in sorted_provinces(lang()) if geo.region_of(c, GRID_SCHEME) == code]
    part = frame[frame["province"].isin(inside)]
    ordered = part.sort_values("province", key=lambda s: s.map(inside.index), kind="stable")
    blocks.subheader(name)
    grid = completeness_grid(ordered, style(), title=name, selected=address.get("province"))
    components.grid(f"data_grid_{code}", grid, offer(address.choose, part="province"))


def _wide(frame: pd.DataFrame) -> pd.DataFrame:
    wide = frame.pivot(index="province", columns="period", values="share").reindex(sorted_provinces(lang()))
    out = pd.DataFrame({_("Province"): [geo.name(c, lang()) for c in wide.index]})
    for period in wide.columns:
        out[f"{words.period(period)} (%)"] = (wide[period] * 100).round(1).to_numpy()
    return out


# ---- late -----------------------------------------------------------------------------------------------------------
def _late(item: Dataset) -> None:
    province = address.get("province")
    if item.sender != "province" and not person.sees(province if province in filters.province_codes() else None):
        return
    frame = data.late(item.id)
    if province in filters.province_codes():
        frame = frame[frame["province"] == province]
    if frame.empty:
        blocks.note(_("Nobody is late for the latest period."), "check_circle", "good")
        return
    by_province = frame.groupby("province").size().sort_values(ascending=False)
    blocks.text(
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
    show_table("data_late", out, _("Who has not sent yet"))
    _export("late", out, _("Not yet submitted") + " · " + words.dataset_name(item))


# ---- outliers -------------------------------------------------------------------------------------------------------
def _outliers(item: Dataset) -> None:
    blocks.caption(
        _(
            "Rule: the distance of a province from the median of all, in units of the median absolute deviation "
            "(0.6745 × distance ÷ MAD). More than {limit} either way is listed. Shares, means and amounts per head are compared as "
            "they are; counts and money by how they changed in a year. A hidden number takes no part. "
            "Far from the others is a reason to ask, not an error.",
            limit=ROBUST_LIMIT,
        )
    )
    frame = data.outliers(tuple(quality.indicators_of(item)))
    mixed = frame.loc[frame["mixed"], "indicator"].unique()
    frame = frame[~frame["mixed"]]
    if len(mixed):
        titles = ", ".join(REGISTRY[i].title(lang()) for i in mixed)
        blocks.caption(_("Not listed, because more than a tenth of the provinces would be: {titles}", titles=titles))
    province = address.get("province")
    if province in filters.province_codes():
        frame = frame[frame["province"] == province]
    if frame.empty:
        blocks.note(_("No province stands out."), "check_circle", "good")
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
    show_table("data_outliers", out, _("Provinces far from the others"))
    _export("outliers", out, _("What stands out"), tuple(frame["indicator"].unique()))


# ---- joins ----------------------------------------------------------------------------------------------------------
def _join() -> None:
    release = shown.release().id
    audit = quality.join_audit(release)
    if audit.empty:
        blocks.caption(_("No table that names places has been loaded."))
    else:
        out = pd.DataFrame(
            {
                _("Table"): [words.table_name(t) for t in audit["table"]],
                _("Provinces found"): [f"{p} / {e}" for p, e in zip(audit["present"], audit["expected"], strict=True)],
                _("Provinces not found"): [words.places(m) or "–" for m in audit["missing"]],
                _("Codes that are no province"): [", ".join(u) or "–" for u in audit["unknown"]],
            }
        )
        show_table("data_join", out, _("The join of each table with the 77 provinces"))
        blocks.caption(
            _("A programme of some provinces is not expected to reach all 77. Bangkok has no local authority under DLA.")
        )
        _export("join", out, _("Join with the 77 provinces"))
    unknown = quality.unknown_codes(release)
    if unknown.empty:
        blocks.note(_("Every code refers to a place or record that is there."), "check_circle", "good")
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
        blocks.note(_("Some codes refer to nothing."), "link_off", "warning")
        show_table("data_unknown", lost, _("Codes that refer to nothing"))
        _export("unknown", lost, _("Codes that refer to nothing"))
    for row in quality.without_polygon().to_dict("records"):
        missing = words.places(row["missing"]) if row["missing"] else ""
        said = _(
            "{level}: {places} places, {drawn} with a boundary on the map.",
            level=_(LEVELS[row["level"]]),
            places=format_number(row["places"], lang()),
            drawn=format_number(row["drawn"], lang()),
        )
        blocks.caption(said + (f" {_('Without: {names}', names=missing)}" if missing else ""))


# ---- stated counts --------------------------------------------------------------------------------------------------
def _stated() -> None:
    counts = quality.stated_counts(shown.release().id)
    counts = counts[(counts["stated"] != 0) | (counts["found"] != 0) | ~counts["agrees"]]
    out = pd.DataFrame(
        {
            _("Table"): [words.table_name(t) for t in counts["table"]],
            _("Stated by the release"): [words.rows(n) for n in counts["stated"]],
            _("Found in the table"): [words.rows(n) for n in counts["found"]],
            _("Result"): [_("Agrees") if a else _("Differs") for a in counts["agrees"]],
        }
    )
    show_table("data_stated", out, _("Rows stated by the release and found in its tables"))
    blocks.caption(_("Rows of tables of persons are rounded to ten."))
    _export("stated", out, _("Stated counts"))
    navigation.link("claims", _("Published figures beside the computed ones"), ":material/arrow_forward:")


# ---- what it takes to send data -------------------------------------------------------------------------------------
def _burden() -> None:
    """Files sent, fields typed by hand and days until they were published, release by release."""
    blocks.caption(
        _(
            "Data come in by file and are checked as they come; nothing that a file holds is typed again. Counted are files loaded, fields "
            "filled in by hand for them (values for all rows, columns corrected, reasons for warnings), and days from loading to publishing."
        )
    )
    every = releases.list_releases()
    found = burden(every)
    if found.empty:
        blocks.note(_("No release was made from files yet: the demonstration is generated, and is no work of anybody’s."))
        return
    files, typed = int(found["files"].sum()), int(found["typed"].sum())
    blocks.text(
        _(
            "{files} files, {typed} fields typed by hand ({each} a file); half of the files were published within {days} days.",
            files=format_number(files, lang()),
            typed=format_number(typed, lang()),
            each=format_number(typed / files, lang(), 1),
            days=format_number(float(pd.concat([days_to_publishing(r) for r in every]).median()), lang(), 1),
        )
    )
    table = pd.DataFrame(
        {
            _("Release"): found["release"],
            _("Published on"): [format_date(t, lang()) for t in found["published_at"]],
            _("Files"): found["files"],
            _("Rows"): [words.rows(n) for n in found["rows"]],
            _("Fields typed by hand"): found["typed"],
            _("Days to publishing, median"): found["days_median"].round(1),
            _("Days to publishing, longest"): found["days_longest"].round(1),
        }
    )
    show_table("data_burden", table, _("What the data of each release took to send"))
    _export("burden", table, _("What it takes to send data"))
