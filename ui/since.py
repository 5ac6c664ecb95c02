"""What is new on the Overview: what changed since the release before, and where data of the latest period are missing."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

import geo
from data_access import quality, releases, stories
from data_access.asks import Ask
from i18n import format_date, format_number
from ui import data, review, served, sheet, shell, tables
from ui.filters import Filters, sorted_provinces
from ui.remembering import once_a_view
from ui.text import _, lang

NAMED = 6  # provinces named one by one


def panels(asks: Sequence[Ask], filters: Filters) -> None:
    """Both, side by side."""
    left, right = sheet.columns(2)
    with left:
        sheet.header(_("Since the release before"))
        changes(asks)
    with right:
        sheet.header(_("Where data are missing"))
        missing(filters)


def before() -> releases.Release | None:
    """The release that came before the one at hand, of the same kind of data; None for a first one."""
    now = served.release()
    older = [r for r in releases.list_releases() if r.published_at < now.published_at and r.demo == now.demo]
    return next((r for r in older if r.id == now.parent), older[0] if older else None)


def changes(asks: Sequence[Ask]) -> None:
    """The numbers of these questions, in every period, that the release before answered differently."""
    old = before()
    if old is None:
        sheet.caption(_("This is the first release: there is nothing to compare with."))
        return
    every = [whole for ask in asks for whole in stories.of_all_periods(ask)]
    found = data.differences(every, old.id).drop_duplicates(["indicator", "keys", "period"])
    about = {"id": old.id, "as_of": format_date(old.as_of, lang())}
    if found.empty:
        sheet.caption(_("The headlines are the same as in release {id}, data as of {as_of}, in all periods.", **about))
        return
    found = found.sort_values("period", ascending=False, kind="stable", ignore_index=True)
    periods = [tables.period_words(p, lang()) for p in found["period"].unique() if p]
    counts = {"n": format_number(len(found), lang()), "k": format_number(found["indicator"].nunique(), lang())}
    sheet.caption(
        _(
            "{n} numbers of {k} headlines differ from release {id}, data as of {as_of}, in {periods}.",
            periods=", ".join(periods) or "–",
            **counts,
            **about,
        )
    )
    tables.show_table("overview_since", review.change_words(found), _("Headlines that changed since the release before"))


def missing(filters: Filters) -> None:
    """Each data set's latest period: who has sent nothing, and who not everything."""
    rows = _lacking(Filters(filters.lang, scheme=filters.scheme, region=filters.region))
    if rows:
        tables.show_table("overview_missing", pd.DataFrame(rows), _("Where data of the latest period are missing"))
    else:
        sheet.note(_("Everybody expected has sent everything."), "check_circle", "good")
    shell.link("data", _("Quality of all provinces"), ":material/arrow_forward:")


@once_a_view
def _lacking(filters: Filters) -> list[dict[str, str]]:
    """A row a data set that lacks something."""
    from ui.datadesk import words  # with it comes the importer, which is slow to load

    inside = filters.provinces_inside()
    order = {c: n for n, c in enumerate(sorted_provinces(filters.lang))}
    rows = []
    for item in quality.datasets(served.release().id):
        frame = data.completeness(item.id)
        latest = frame[(frame["period"] == frame["period"].max()) & (frame["expected"] > 0)]
        latest = latest if inside is None else latest[latest["province"].isin(inside)]
        lacking = {
            s: sorted(latest.loc[latest["state"] == s, "province"], key=order.__getitem__)
            for s in (quality.NONE, quality.PARTIAL)
        }
        if latest.empty or not any(lacking.values()):
            continue
        rows.append(
            {
                _("Data set"): words.dataset_name(item),
                _("Latest period"): tables.period_words(str(latest["period"].iloc[0]), filters.lang),
                _("Sent nothing"): _named(lacking[quality.NONE], filters),
                _("Sent a part"): _named(lacking[quality.PARTIAL], filters),
            }
        )
    return rows


def _named(codes: Sequence[str], filters: Filters) -> str:
    """How many provinces, and the first ones by name."""
    if not codes:
        return ""
    names = ", ".join(geo.name(c, filters.lang) for c in codes[:NAMED]) + (" …" if len(codes) > NAMED else "")
    return f"{format_number(len(codes), filters.lang)}: {names}"
