"""Stories that are made whole: the views that a kind of meeting asks for, frozen one after the other from the pages that readers see.

Each part names a page, the view of it, and one of its download menus; what that menu would freeze is frozen. The examples that come with the
demonstration are made so too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from charts.style import Style
from data_access.saved import stories
from data_access.saved.stories import Story
from data_access.store.releases import Release
from data_access.who.access import OPERATOR, Person
from i18n import N_, gettext
from ui.kit import slides
from ui.view import view as views
from ui.view.view import View

Draw = Callable[[View], Sequence[Any]]
"""Draws a page for a view; returns what opens the dialog that the view asks for."""


@dataclass(frozen=True)
class Part:
    """One slide: the page, the key of the download menu there, the section that begins with it, and what the view is besides."""

    page: str
    key: str
    section: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Template:
    """A kind of meeting."""

    title: str
    parts: tuple[Part, ...]
    decisions: tuple[str, ...] = ()


TARGETS = Part("targets", "targets_now", N_("Where the results stand"))
TEMPLATES = {
    "mou_review": Template(
        N_("Review of the agreement"),
        (
            TARGETS,
            Part("grants", "grants_trend", N_("Grants")),
            Part("grants", "grants", parts={"measure": "grant.coverage"}),
            Part("grants", "grants_funnel"),
            Part("early_childhood", "childhood_quality", N_("Schools and early childhood")),
            Part("schools", "schools_gap"),
            Part("learning_loss", "learning_z", N_("Learning")),
            Part("out_of_school", "outside_stock", N_("Out of school")),
        ),
        (
            N_("Agree on what is done where the plan is not reached"),
            N_("Agree on who sends the data that are missing, and by when"),
        ),
    ),
    "province_visit": Template(
        N_("Visit to a province"),
        (
            Part("grants", "grants_trend", N_("Grants")),
            Part("grants", "grants_tier"),
            Part("learning_loss", "learning_z", N_("Learning")),
            Part("out_of_school", "outside_stock", N_("Out of school")),
            Part("early_childhood", "childhood_quality", N_("Early childhood")),
        ),
    ),
    "quarterly_report": Template(
        N_("Quarterly report"),
        (
            TARGETS,
            Part("grants", "grants_trend", N_("Grants")),
            Part("grants", "grants_late"),
            Part("early_childhood", "childhood_trend", N_("Early childhood")),
            Part("out_of_school", "outside_flows", N_("Out of school")),
        ),
    ),
}
MAKER = replace(OPERATOR, id="example")
"""Nobody: what a reader adds goes into no example."""
EXAMPLES = {
    "5a0e00000001": ("th", TEMPLATES["mou_review"]),
    "5a0e00000002": ("en", Template(N_("Review of the agreement"), (Part("grants", "grants_trend"),))),
}
"""The stories that come with the demonstration: id -> language and template."""


def fill(
    template: Template,
    release: Release,
    draw: Draw,
    *,
    lang: str,
    by: Person,
    title: str = "",
    occasion: str = "",
    parts: Mapping[str, str] | None = None,
    story_id: str = "",
) -> Story:
    """Begin a story and freeze the views of a template into it; a view that this release or this person does not have is left out.

    Args:
        parts: of the address of every view, such as the province that is visited.
    """
    story = stories.create(title or gettext(template.title, lang), by, story_id)
    for part in template.parts:
        view = View(part.page, release, Style(lang), by, {"lang": lang, **(parts or {}), **part.parts}, asked=f"{part.key}_menu")
        for opens in draw(view)[-1:]:
            _key, table, facts, picture, asks = opens.args
            with views.drawing(view):
                slide, drawn = slides.freeze(slides.made(table), facts, picture, asks, "", lang)
            section = gettext(part.section, lang) if part.section else ""
            story = stories.add(story.id, replace(slide, section=section), drawn, release.id, release.as_of)
    decisions = "\n".join(gettext(line, lang) for line in template.decisions)
    return stories.describe(story.id, decisions=decisions, occasion=occasion)


def examples(release: Release, draw: Draw) -> None:
    """Make the examples of the demonstration, where they have not been made before; one that was deleted stays away while it lies in the bin."""
    if not release.demo:
        return
    known = {*stories.SHELF.ids(), *(d.id for d in stories.SHELF.deleted())}
    for story_id, (lang, template) in EXAMPLES.items():
        if story_id not in known:
            title = gettext(N_("Example: {title}"), lang, title=gettext(template.title, lang))
            occasion = gettext(N_("Made of the demonstration, to show what a story is"), lang)
            fill(template, release, draw, lang=lang, by=MAKER, title=title, occasion=occasion, story_id=story_id)
