"""Where the numbers of a page come from: the footer, and the same facts for every export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data_access.indicators import REGISTRY, Indicator
from i18n import N_, format_date, gettext
from ui import served, sheet, state
from ui.filters import Filters
from ui.text import _, lang

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

    def rows(self, lang: str) -> list[tuple[str, str]]:
        """(label, words) in the order they are printed; what is empty is left out."""
        labels = (
            (N_("Title"), self.title),
            (N_("Filters"), self.filters),
            (N_("As of"), self.as_of),
            (N_("Release"), self.release),
            (N_("Source"), self.source),
            (N_("Suppression"), self.suppression),
            (N_("Notice"), self.demo),
        )
        return [(gettext(label, lang), words) for label, words in labels if words]


def context(ids: Sequence[str], filters: Filters, title: str) -> Context:
    """The facts of the current release, for the indicators and filters at hand."""
    from data_access.settings import settings

    release, in_lang = served.release(), filters.lang
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
    )


def footer(ids: Sequence[str], filters: Filters, tables: Sequence[str] = ()) -> None:
    """Sources, definitions and rules of the numbers on the page."""
    facts = context(ids, filters, "")
    _sources(ids, facts, tables)
    sheet.caption(
        _("Data as of {as_of} · release {id}", as_of=facts.as_of, id=facts.release) + (f" · {facts.demo}" if facts.demo else "")
    )


def _sources(ids: Sequence[str], facts: Context, tables: Sequence[str]) -> None:
    """What few readers open, and is longer than all else on a page: sent when it is opened, and then while they stay on the page."""
    import geo

    page = state.page()
    opened = sheet.kept().get("sources") == page
    with sheet.fold(f"sources_{page}", _("Sources, definitions and rules"), "fact_check", lambda: sheet.keep("sources", page)):
        if opened:
            for label, words in facts.rows(lang()):
                sheet.text(words, label)
            if tables:
                sheet.text("", _("Tables"), ", ".join(sorted(set(tables))))
            sheet.text(geo.attribution(lang()))
            for indicator in (REGISTRY[i] for i in ids if i in REGISTRY):
                sheet.definition(*definition(indicator))


def definition(indicator: Indicator) -> tuple[str, str, str, str]:
    """An indicator's title, definition, formula, and its source with what must be known of it."""
    caveat = f" — {indicator.caveat(lang())}" if indicator.caveat(lang()) else ""
    return indicator.title(lang()), indicator.definition(lang()), indicator.formula, f"{_(indicator.source)}{caveat}"
