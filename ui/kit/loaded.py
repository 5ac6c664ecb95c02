"""What the release holds of what a page is about, and which tables would bring the rest of it to life."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from charts.theme import TOLD
from data_access.analysis.quality import rows_shown
from data_access.contract.schema import LOADABLE_TABLES, needs
from data_access.programmes.base import REPORTED, Programme
from data_access.programmes.indicators import FAMILIES, PROGRAMMES, REGISTRY
from i18n import format_number
from ui.blocks import blocks
from ui.kit import data, kpi
from ui.kit.tables import period_words, table_name
from ui.view import shown
from ui.view.cache import once_a_view
from ui.view.text import _, lang

MOST_NAMED = 4


@dataclass(frozen=True)
class About:
    """What a page is about.

    Attributes:
        families: of indicators (`data_access.programmes.indicators`).
        tables: that it shows something of by themselves.
        beside: that add to what is there, and show nothing alone.
    """

    families: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    def wanted(self) -> tuple[str, ...]:
        """Every table that the page reads, in the order of the contract."""
        every = {t for own in (*(FAMILIES[f].table for f in self.families), *self.tables, *self.beside) for t in needs(own)}
        return tuple(t for t in LOADABLE_TABLES if t in every)


def _about(programme: Programme) -> About:
    return About((*(f.name for f in programme.families), *programme.also), programme.tables, programme.beside)


_OF_PLACES = About((*dict.fromkeys(REGISTRY[x.id].family for p in PROGRAMMES for x in p.province), REPORTED))
ABOUT = {
    "overview": About(tuple(f.name for f in FAMILIES.values() if f.on_overview)),
    "province": _OF_PLACES,
    "compare": _OF_PLACES,
    **{p.page: _about(p) for p in PROGRAMMES if p.page},
    "claims": About(tables=("published_figure",)),
    "indicators": About(tuple(f.name for f in FAMILIES.values() if not all(i.each for i in f.indicators))),
}
"""Page -> what it is about; the other pages hold no numbers of the release."""


def counts() -> dict[str, int]:
    """Rows of each table of the contract that the release has rows of."""
    return {t: n for t, n in shown.release().row_counts.items() if n and t in LOADABLE_TABLES}


def indicators(page: str) -> list[str]:
    """The indicators that a page is about and that the release has data for."""
    return [i for i in data.available() if REGISTRY[i].family in ABOUT[page].families]


def nothing(page: str) -> bool:
    """Whether the release holds nothing that a page could show."""
    return page in ABOUT and not indicators(page) and not counts().keys() & set(ABOUT[page].tables)


def lacking(page: str) -> list[str]:
    """The tables of a page that the release has no rows of."""
    return [t for t in ABOUT[page].wanted() if t not in counts()]


def names(tables: Iterable[str]) -> str:
    """Tables in words; commas are in their names."""
    return " · ".join(table_name(t) for t in tables)


def first_of(tables: list[str]) -> str:
    """The first tables in words and how many more there are: which they all are stands in the data dictionary."""
    if len(tables) <= MOST_NAMED + 1:
        return names(tables)
    more = _("and {n} more", n=format_number(len(tables) - MOST_NAMED, lang()))
    return f"{names(tables[:MOST_NAMED])} {more}"


def fillers(ids: Iterable[str]) -> str:
    """The tables, in words, that bring indicators to life that the release has no data for."""
    wanted = {t for i in ids if i not in data.available() for t in REGISTRY[i].needs}
    return names(t for t in LOADABLE_TABLES if t in wanted and t not in counts())


def head(page: str, to_import: blocks.Link | None) -> bool:
    """Say at the head of a page what it lacks; true when it lacks everything, so that there is no page to draw.

    Args:
        to_import: the way to where files come in, for those who may bring them in.
    """
    missing, empty = (lacking(page), nothing(page)) if page in ABOUT else ([], False)
    if page == "overview" and (counts() or not empty):
        return False  # it says what there is (`overview`)
    if empty:
        said = _("Nothing is loaded yet that this page could show. It comes with: {tables}.", tables=names(missing))
        blocks.note(said if to_import else f"{said} {_('A data steward loads it on the page Data.')}", "upload_file")
    elif missing:
        blocks.caption(_("Not loaded yet: {tables}.", tables=first_of(missing)), key="not_loaded")
    if missing and to_import:
        blocks.links("to_import", [to_import])
    return empty and page != "overview"


def overview(to_import: blocks.Link | None) -> None:
    """What a release holds that lacks something, and what would bring the rest to life; nothing where there is all of it."""
    missing = lacking("overview")
    if not missing or not counts():
        return
    blocks.points([*held(), _("Not loaded yet: {tables}.", tables=first_of(missing))])
    if to_import:
        blocks.links("to_import", [to_import])


@once_a_view
def held() -> tuple[str, ...]:
    """What the release holds, a line each: how much of what, in how many provinces, when; then the tables that have no number of their own."""
    lines, told = [], set()
    for i in data.available():
        found = REGISTRY[i]
        once = i if found.family == REPORTED else found.table
        adds = found.kind in ("count", "money") or found.family == REPORTED
        if once in told or not adds or "province" not in found.places or found.each:
            continue
        cells = data.cells(i, ("province",))
        places = cells[cells["state"].isin(TOLD)] if len(cells) else cells
        if len(places):
            told.add(once)
            lines.append(_line(i, len(places)))
    alone = [t for t in counts() if t not in {REGISTRY[i].table for i in data.available()}]
    return (*lines, *(_rows(t) for t in alone))


def _line(indicator: str, places: int) -> str:
    cell, measure = data.cell(indicator), data.measure(indicator, lang())
    if REGISTRY[indicator].adds_up == "never":
        return f"{measure.title} · {_provinces(places)}"
    said = [f"{measure.title}: {kpi.value_words(cell, measure)}", _provinces(places)]
    return " · ".join([*said, period_words(cell["period"], lang())] if cell["period"] else said)


def _rows(table: str) -> str:
    from ui.kit import words

    said = f"{table_name(table)}: {words.rows(rows_shown(table, counts()[table]))}"
    return f"{said} · {_provinces(data.whole_table(table)['province_code'].nunique())}" if table == "centre" else said


def _provinces(count: int) -> str:
    return _("provinces: {n}", n=format_number(count, lang()))
