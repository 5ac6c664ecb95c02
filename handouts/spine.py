"""What stands before and after the slides of a story: cover and agenda, decisions sought and sources. Every hand-out has the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from data_access.contract.settings import settings
from data_access.saved.stories import Story
from handouts.common import published, superseded
from i18n import N_, format_date, gettext

FEWEST_SECTIONS = 2
SOURCE, SUPPRESSION = N_("Source"), N_("Suppression")
ORGANISATIONS = N_("Equitable Education Fund (EEF) · Department of Local Administration (DLA)")


@dataclass(frozen=True)
class Front:
    """A page of words: on a cover `title` is large, `lines` stand under it, and `small` at its foot."""

    kind: Literal["cover", "agenda", "decisions", "sources"]
    title: str
    lines: tuple[str, ...]
    small: tuple[str, ...] = ()


def lang_of(story: Story) -> str:
    """The language of a story: that of its first slide."""
    return story.slides[0].lang if story.slides else "th"


def demo_of(story: Story) -> str:
    """The mark of invented numbers, if any slide has one."""
    return next((s.demo for s in story.slides if s.demo), "")


def before(story: Story) -> list[Front]:
    """The cover, and the agenda where slides begin sections."""
    lang = lang_of(story)
    when = gettext(
        N_("Data as of {as_of} · data published {published}"),
        lang,
        as_of=format_date(story.as_of, lang),
        published=published(story.release, lang),
    )
    told = tuple(w for w in (settings().organisations or gettext(ORGANISATIONS, lang), when, superseded(story, lang)) if w)
    pages = [Front("cover", story.title, tuple(w for w in (story.occasion,) if w), told)]
    sections = [(number, s.section) for number, s in enumerate(story.slides, start=1) if s.section]
    if len(sections) >= FEWEST_SECTIONS:
        lines = tuple(section for _number, section in sections)
        pages.append(Front("agenda", gettext(N_("Agenda"), lang), lines))
    return pages


def after(story: Story) -> list[Front]:
    """What is asked of the meeting, and where the numbers come from."""
    lang, pages = lang_of(story), []
    decisions = tuple(line.strip() for line in story.decisions.splitlines() if line.strip())
    if decisions:
        pages.append(Front("decisions", gettext(N_("Decisions sought"), lang), decisions))
    sources = [part.strip() for part in _facts(story, SOURCE) for part in part.split(";")]
    lines = tuple(dict.fromkeys(p for p in sources if p))
    pages.append(
        Front("sources", gettext(N_("Sources and how to read the numbers"), lang), lines, tuple(_facts(story, SUPPRESSION)))
    )
    return pages


def _facts(story: Story, label: str) -> list[str]:
    """What the slides print under a label, once each."""
    return list(dict.fromkeys(words for s in story.slides for name, words in s.facts if name == gettext(label, s.lang)))
