"""What is new on the Overview: what changed since the release before, and where data of the latest period are missing."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

import geo
from data_access.analysis import quality
from data_access.questions.recorded import Ask
from data_access.saved import stories
from data_access.store import releases
from i18n import format_date, format_number
from ui.blocks import blocks
from ui.kit import data, navigation, tables
from ui.kit.filters import Filters, sorted_provinces
from ui.meetings import review
from ui.view import shown
from ui.view.cache import once_a_view
from ui.view.text import _, lang

NAMED = 6  # provinces named one by one


def panels(asks: Sequence[Ask], filters: Filters) -> None:
    """Both, side by side."""
    left, right = blocks.columns(2)
    with left:
        blocks.header(_("Since the release before"))
        changes(asks)
    with right:
        blocks.header(_("Where data are missing"))
        missing(filters)


def before() -> releases.Release | None:
    """The release that came before the one at hand, of the same kind of data; None for a first one."""
    now = shown.release()
    older = [r for r in releases.list_releases() if r.published_at < now.published_at and r.demo == now.demo]
    return next((r for r in older if r.id == now.parent), older[0] if older else None)


def changes(asks: Sequence[Ask]) -> None:
    """The numbers of these questions, in every period, that the release before answered differently."""
    old = before()
    if old is None:
        blocks.caption(_("This is the first release: there is nothing to compare with."))
        return
    every = [whole for ask in asks for whole in stories.of_all_periods(ask)]
    found = data.differences(every, old.id).drop_duplicates(["indicator", "keys", "period"])
    about = {"id": old.id, "as_of": format_date(old.as_of, lang())}
    if found.empty:
        blocks.caption(_("The headlines are the same as in release {id}, data as of {as_of}, in all periods.", **about))
        return
    found = found.sort_values("period", ascending=False, kind="stable", ignore_index=True)
    periods = [tables.period_words(p, lang()) for p in found["period"].unique() if p]
    counts = {"n": format_number(len(found), lang()), "k": format_number(found["indicator"].nunique(), lang())}
    blocks.caption(
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
    elif sent := _sent(filters):
        blocks.note(_("Everybody expected has sent everything."), "check_circle", "good")
        blocks.points(sent)
    else:
        blocks.caption(_("Nothing is loaded that is sent anew each period."))
        return
    navigation.link("data", _("Quality of all provinces"), ":material/arrow_forward:")


@once_a_view
def _lacking(filters: Filters) -> list[dict[str, str]]:
    """A row a data set that lacks something."""
    from ui.kit import words

    inside = filters.provinces_inside()
    order = {c: n for n, c in enumerate(sorted_provinces(filters.lang))}
    rows = []
    for item in quality.datasets(shown.release().id):
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


@once_a_view
def _sent(filters: Filters) -> tuple[str, ...]:
    """Of each data set its latest period, from how many provinces it has come, and from how many nothing ever came: nothing is expected of those."""
    from ui.kit import words

    said = []
    for item in quality.datasets(shown.release().id):
        frame = data.completeness(item.id)
        latest = frame[frame["period"] == frame["period"].max()]
        if latest.empty:  # its senders are in a table that is not loaded
            continue
        counted = {
            "title": words.dataset_name(item),
            "period": tables.period_words(str(latest["period"].iloc[0]), filters.lang),
            "n": format_number(int((latest["expected"] > 0).sum()), filters.lang),
            "rest": format_number(int((latest["expected"] == 0).sum()), filters.lang),
        }
        said.append(
            _("{title}, {period}: all {n} provinces expected", **counted)
            if item.indicator
            else _(
                "{title}, {period}: {n} provinces; nothing has ever come from the other {rest}, so nothing is expected of them",
                **counted,
            )
        )
    return tuple(said)


def _named(codes: Sequence[str], filters: Filters) -> str:
    """How many provinces, and the first ones by name."""
    if not codes:
        return ""
    names = ", ".join(geo.name(c, filters.lang) for c in codes[:NAMED]) + (" …" if len(codes) > NAMED else "")
    return f"{format_number(len(codes), filters.lang)}: {names}"
