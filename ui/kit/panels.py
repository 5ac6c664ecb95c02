"""Panels that several pages draw: a trend with its comparison, the funnel, a split by group; each with its download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

import geo
from charts.bars import funnel
from charts.board import stage_list
from charts.style import Style
from charts.theme import NOT_COLLECTED, Chart, cell_words
from charts.trends import Event
from data_access.analysis.targets import marks
from data_access.contract.periods import period_type, semester_of, without_gaps
from data_access.programmes import splits
from data_access.questions.recorded import Ask
from i18n import N_, format_period
from ui.blocks import blocks, components
from ui.kit import changing, claimed, data, downloads, empty, linked, provenance
from ui.kit.filters import CODES, Filters
from ui.kit.tables import export_table, period_words
from ui.view.text import _, style

COUNTRY = "country"


def period_key(indicator_id: str, filters: Filters) -> str | None:
    """The kind of period that a trend of this indicator runs over: the filter's if it has it, else its first."""
    kinds = data.indicator(indicator_id).periods
    wanted = period_type(filters.period) if filters.period else None
    return wanted if wanted in kinds else next(iter(kinds), None)


def trend_panel(
    key: str,
    indicator_id: str,
    filters: Filters,
    *,
    targets: bool = False,
    where: dict[str, Any] | None = None,
    height: int = 360,
    events: bool = True,
    kinds: Sequence[str] | None = None,
) -> None:
    """An indicator over time for the place chosen, beside the whole country for rates; events numbered on the axis.

    Args:
        targets: mark what is to be reached, each target at its own period, where it judges numbers of this kind of period.
        where: asked instead of the filters' own (without period).
        events: draw the events of the release; `kinds` limits them to closures, agreements and so on.
    """
    over = period_key(indicator_id, filters)
    if over is None:
        blocks.note(_("This number has no periods."))
        return
    asked = filters.where(period=False) if where is None else where
    cells = data.cells(indicator_id, (over,), asked)
    measure = data.measure(indicator_id, filters.lang)
    local = filters.province or filters.region or filters.pilot_set
    parts = [cells.assign(series="place")]
    names = {"place": filters.place_words()}
    if local and not measure.bubbles:
        parts.append(
            data.cells(
                indicator_id, (over,), {k: v for k, v in asked.items() if k not in ("province", "pilot_set", filters.scheme)}
            ).assign(series=COUNTRY)
        )
        names[COUNTRY] = _("Whole country")
    frame = pd.concat(parts, ignore_index=True).rename(columns={over: "x"})
    if empty.when_empty(frame, indicator_id):
        return
    codes = without_gaps(data.periods(indicator_id, over))
    labels = {c: format_period(c) for c in codes}
    track = data.track(indicator_id, filters.province) if targets and filters.only_province() else None

    draw = linked.over_time(
        key,
        frame,
        measure,
        labels=labels,
        series_names=names,
        targets=marks(track, over) if track else None,
        height=height,
        events=[*(events_on(codes, filters.lang, kinds) if events else ()), *changing.rule_events(indicator_id, codes)],
        title=measure.title,
    )
    if track and not marks(track, over):
        blocks.caption(
            _(
                "Its targets are of another kind of period ({example}) and judge other numbers than these.",
                example=period_words(track.goals[0].period, filters.lang),
            )
        )
    table = partial(export_table, with_gaps(cells, over, codes), (over,), {indicator_id: measure}, style())
    asks = data.asks(indicator_id, (over,), asked)
    downloads.menu(key, table, provenance.context((indicator_id,), filters, measure.title), draw, asks)


def beside_country(indicator_id: str, filters: Filters, where: dict[str, Any] | None = None) -> str:
    """The number of the whole country in a sentence, when the view is of a part of it that the indicator knows."""
    if filters == filters.national() or "province" not in data.indicator(indicator_id).places:
        return ""
    asked = {**filters.national().where(), **(where or {})}
    cell = data.cell_or_earlier(indicator_id, asked)
    words = cell_words({**cell, "low": None, "high": None}, data.measure(indicator_id, filters.lang), style())
    return _("The whole country: {value}.", value=claimed.with_date(*claimed.number(indicator_id, asked, cell, words)))


def groups_panel(
    key: str,
    indicator_id: str,
    split: str,
    names: Mapping[str, str],
    filters: Filters,
    *,
    where: dict[str, Any] | None = None,
    title: str = "",
    kinds: Sequence[str] = (),
    reach: Sequence[float] = (),
) -> None:
    """The groups of one split over time, one line each with its interval.

    Args:
        names: group code -> words of the groups to draw, in the order of the palette.
        where: asked instead of the filters' own (without period).
        kinds: kinds of events on the axis; none by default.
        reach: values that the axis has to hold besides, so that panels side by side have one scale.
    """
    over = period_key(indicator_id, filters) or ""
    asked = filters.where(period=False) if where is None else where
    cells = data.cells(indicator_id, (over, split), asked)
    cells = cells[cells[split].isin(names)]
    asks = data.asks(indicator_id, (over, split), asked)
    _lines(key, indicator_id, cells.assign(series=cells[split]), names, filters, title, kinds, asks, reach)


def versus_panel(
    key: str,
    indicator_id: str,
    sides: Mapping[str, tuple[str, dict[str, Any]]],
    filters: Filters,
    *,
    title: str = "",
    kinds: Sequence[str] = (),
) -> None:
    """Several places or sets of places over time, one line each.

    Args:
        sides: code -> (words, where without a period), the first drawn first.
    """
    over = period_key(indicator_id, filters) or ""
    parts = [data.cells(indicator_id, (over,), asked).assign(series=code) for code, (_words, asked) in sides.items()]
    asks = [a for _words, asked in sides.values() for a in data.asks(indicator_id, (over,), asked)]
    names = {c: w for c, (w, _) in sides.items()}
    _lines(key, indicator_id, pd.concat(parts, ignore_index=True), names, filters, title, kinds, asks)


def indicators_panel(key: str, ids: Sequence[str], filters: Filters, *, title: str, kinds: Sequence[str] = ()) -> None:
    """Several indicators of one unit over time in the place chosen, one line each."""
    over = period_key(ids[0], filters) or ""
    cells = data.cells(ids, (over,), filters.where(period=False))
    names = {i: data.indicator(i).title(filters.lang) for i in ids}
    asks = data.asks(ids, (over,), filters.where(period=False))
    _lines(key, ids[0], cells.assign(series=cells["indicator"]), names, filters, title, kinds, asks)


def _lines(
    key: str,
    indicator_id: str,
    cells: pd.DataFrame,
    names: Mapping[str, str],
    filters: Filters,
    title: str,
    kinds: Sequence[str],
    asks: Sequence[Ask],
    reach: Sequence[float] = (),
) -> None:
    """Lines told apart by `series`, drawn alike, with their download."""
    over = period_key(indicator_id, filters) or ""
    if empty.when_empty(cells, indicator_id):
        return
    measure = data.measure(indicator_id, filters.lang)
    if not title or (cells["indicator"].nunique() == 1 and measure.title not in title):
        title = f"{measure.title} · {title}" if title else measure.title
    codes = without_gaps(data.periods(indicator_id, over))
    present = {c: w for c, w in names.items() if (cells["series"] == c).any()}

    frame = cells.rename(columns={over: "x"})
    draw = linked.over_time(
        key,
        frame,
        measure,
        labels={c: format_period(c) for c in codes},
        series_names=present,
        events=[*events_on(codes, filters.lang, kinds), *changing.rule_events(indicator_id, codes)],
        title=title,
        equal=True,
        reach=reach,
    )
    measures = {i: data.measure(i, filters.lang) for i in cells["indicator"].unique()}

    def table() -> pd.DataFrame:
        return export_table(with_gaps(cells, over, codes, ("series",)), (over, "series"), measures, style(), {"series": present})

    downloads.menu(key, table, provenance.context(list(measures), filters, title), draw, asks)


def with_gaps(cells: pd.DataFrame, over: str, codes: Sequence[str], keys: Sequence[str] = ()) -> pd.DataFrame:
    """Cells over periods with those that nobody sent, so that tables and what a slide program draws of them keep their places.

    Args:
        over: the column of the periods, all of which `codes` names.
        keys: columns that tell lines apart besides the indicator.
    """
    missing = [c for c in codes if c not in set(cells[over])]
    lines = cells[["indicator", *keys]].drop_duplicates()
    rows = lines.merge(pd.DataFrame({over: missing, "period": missing}), how="cross").assign(state=NOT_COLLECTED, flag="")
    out = pd.concat([cells, rows], ignore_index=True) if len(rows) else cells
    return out.sort_values(over, kind="stable", ignore_index=True)


def events_on(codes: Sequence[str], lang: str, kinds: Sequence[str] | None = None) -> list[Event]:
    """The events of the release on the axis of these periods; of these kinds when given."""
    found = []
    for row in data.table("event").to_dict("records"):
        if kinds is not None and row["kind"] not in kinds:
            continue
        semester = semester_of(pd.Timestamp(row["starts_on"]).date())
        code = semester.code if semester.code in codes else f"AY{semester.year}"
        if code in codes:
            found.append(Event(code, row[f"title_{lang}"]))
    return found


def funnel_panel(
    key: str, stages: Sequence[str], filters: Filters, *, where: dict[str, Any] | None = None, title: str = ""
) -> None:
    """Stages of a process as bars on one scale."""
    title = title or _("From found to paid")
    asked = filters.where() if where is None else where
    cells = data.cells(stages, (), asked)
    if empty.when_empty(cells, *stages):
        return
    cells = cells.assign(label=[data.indicator(i).title(filters.lang) for i in cells["indicator"]])
    measure = data.measure(stages[0], filters.lang)

    def draw(drawn_style: Style) -> Chart:
        return funnel(cells, measure, drawn_style, title=title, height=48 * len(stages) + 30)

    components.bars(key, stage_list(cells, measure, style()))

    def table() -> pd.DataFrame:
        return export_table(cells, (), {i: data.measure(i, filters.lang) for i in stages}, style())

    downloads.menu(key, table, provenance.context(stages, filters, title), draw, data.asks(stages, (), asked))


def split_panel(
    key: str,
    indicator_id: str,
    by: str,
    filters: Filters,
    *,
    names: dict[str, str] | None = None,
    where: dict[str, Any] | None = None,
) -> None:
    """An indicator by the groups of one split, as bars with intervals; other splits are left out."""
    asked = filters.where(split=False) if where is None else where
    cells = data.cells(indicator_id, (by,), asked)
    measure = data.measure(indicator_id, filters.lang)
    words = names or {c: _(w) for c, w in CODES.get(by, {}).items()}
    rows = cells[cells[by].isin(words)] if len(cells) else cells
    if empty.when_empty(rows, indicator_id):
        return
    hidden = rows[rows["state"] == "suppressed"]

    draw = linked.ranking(key, rows, measure, by, measure.title, names=words)
    if len(hidden):
        blocks.caption(_("Suppressed: {groups}", groups=", ".join(words[c] for c in hidden[by])))
    downloads.menu(
        key,
        lambda: export_table(rows, (by,), {indicator_id: measure}, style(), {by: words}),
        provenance.context((indicator_id,), filters, measure.title),
        draw,
        data.asks(indicator_id, (by,), asked),
    )


def period_or_name(code: str, lang: str) -> str:
    """A period code or place code in words."""
    return period_words(code, lang) if code[:2] in ("AY", "FY", "CY") or "-" in code else geo.name(code, lang)


SPLIT_TITLES = {
    "tier": N_("By poverty tier"),
    "sex": N_("By sex"),
    "level": N_("By level"),
    "disability": N_("By disability"),
    **{key: s.label for key, s in splits().items()},
}
