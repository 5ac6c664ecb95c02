"""Where the numbers of a page come from: the footer, and the same facts for every export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data_access.programmes.indicators import REGISTRY, Indicator
from data_access.store.releases import left_out
from i18n import N_, format_date, gettext
from ui.blocks import blocks
from ui.kit.filters import Filters
from ui.kit.tables import table_name
from ui.view import address, shown
from ui.view.events import offer
from ui.view.text import _, lang

SUPPRESSION = N_(
    "Numbers of persons below {threshold} and those that would reveal them are suppressed; a suppressed number is not nought."
)
DEMO = N_("DEMONSTRATION DATA - invented numbers")


@dataclass(frozen=True)
class Context:
    """What every export says of itself, in the reader's language."""

    title: str
    filters: str
    as_of: str
    release: str
    source: str
    suppression: str
    demo: str
    left_out: str = ""

    def rows(self, lang: str) -> list[tuple[str, str]]:
        """(label, words) in the order they are printed; what is empty is left out."""
        labels = (
            (N_("Title"), self.title),
            (N_("Filters"), self.filters),
            (N_("As of"), self.as_of),
            (N_("Release"), self.release),
            (N_("Source"), self.source),
            (N_("Rows left out by hand"), self.left_out),
            (N_("Suppression"), self.suppression),
            (N_("Notice"), self.demo),
        )
        return [(gettext(label, lang), words) for label, words in labels if words]


def context(ids: Sequence[str], filters: Filters, title: str) -> Context:
    """The facts of the current release, for the indicators and filters at hand."""
    from data_access.contract.settings import settings

    release, in_lang = shown.release(), filters.lang
    sources = list(
        dict.fromkeys(
            [gettext(REGISTRY[i].source, in_lang) for i in ids if i in REGISTRY]
            + [s for s in release.sources if s != "data_access.demo"]
        )
    )
    return Context(
        title,
        filters.words(in_lang),
        format_date(release.as_of, in_lang),
        release.id,
        "; ".join(sources),
        gettext(SUPPRESSION, in_lang, threshold=settings().disclosure_threshold),
        gettext(DEMO, in_lang) if release.demo else "",
        "; ".join(omission.told(in_lang) for omission in left_out(release, _kinds(ids))),
    )


def _kinds(ids: Sequence[str]) -> set[str]:
    """What the files of some indicators are loaded as: their table, or as reported figures."""
    return {kind for i in ids if i in REGISTRY for kind in (REGISTRY[i].table, f"reported:{i}")}


def footer(ids: Sequence[str], filters: Filters, tables: Sequence[str] = ()) -> None:
    """Sources, definitions and rules of the numbers on the page."""
    facts = context(ids, filters, "")
    _sources(ids, facts, tables)
    blocks.caption(
        _("Data as of {as_of} · release {id}", as_of=facts.as_of, id=facts.release) + (f" · {facts.demo}" if facts.demo else "")
    )


def _sources(ids: Sequence[str], facts: Context, tables: Sequence[str]) -> None:
    """What few readers open, and is longer than all else on a page: sent when it is opened, and then while they stay on the page."""
    import geo

    page = address.page()
    opened = address.kept().get("sources") == page
    with blocks.fold(
        f"sources_{page}", _("Sources, definitions and rules"), "fact_check", offer(address.keep_this, key="sources", value=page)
    ):
        if opened:
            for label, words in facts.rows(lang()):
                blocks.text(words, label)
            if tables:
                blocks.text(", ".join(table_name(t) for t in dict.fromkeys(tables)), _("Tables"))
            blocks.text(geo.attribution(lang()))
            for indicator in (REGISTRY[i] for i in ids if i in REGISTRY):
                blocks.definition(*definition(indicator))


def definition(indicator: Indicator) -> tuple[str, str, str, str]:
    """An indicator's title, definition, formula, and its source with what must be known of it."""
    caveat = f" — {indicator.caveat(lang())}" if indicator.caveat(lang()) else ""
    return indicator.title(lang()), indicator.definition(lang()), indicator.formula, f"{_(indicator.source)}{caveat}"
