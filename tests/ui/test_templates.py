"""Stories made whole: from templates, and as the examples of the demonstration."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import handouts
from data_access.saved import stories, story_shelf
from data_access.store.releases import require_release
from data_access.who.access import OPERATOR, Person
from ui.frame import drawing
from ui.meetings import templates


@pytest.fixture
def own_stories(demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration with a shelf of stories of its own."""
    monkeypatch.setattr(type(stories.SHELF), "folder", property(lambda shelf: tmp_path / shelf.name))


@pytest.mark.usefixtures("own_stories")
def test_the_demonstration_comes_with_finished_examples_once() -> None:
    release = require_release()
    templates.examples(release, drawing.dialogs_of)
    made = {story_id: stories.load(story_id) for story_id in templates.EXAMPLES}
    thai, english = made.values()
    assert len(thai.slides) == 8
    assert [s.lang for s in english.slides] == ["en"]
    assert all(s.title and s.subtitle and s.demo and (s.asks or s.rows) for s in thai.slides)
    assert len({s.title for s in thai.slides}) == 8
    assert "เป็นไปตามแผน" in thai.slides[0].title
    assert {"good", "late"} <= set(thai.slides[0].tones)
    assert {s.chart["kind"] for s in thai.slides if s.chart} == {"lines", "bars", "shares"}
    assert [front.kind for front in handouts.before(thai)] == ["cover", "agenda"]
    assert [front.kind for front in handouts.after(thai)] == ["decisions", "sources"]
    templates.examples(release, lambda _view: pytest.fail("made twice"))
    stories.delete(thai.id, OPERATOR)
    templates.examples(release, lambda _view: pytest.fail("made although it was deleted"))


@pytest.mark.usefixtures("own_stories")
def test_no_example_is_made_of_data_that_are_not_invented() -> None:
    templates.examples(replace(require_release(), demo=False), lambda _view: pytest.fail("made"))
    assert stories.SHELF.ids() == []


@pytest.mark.usefixtures("own_stories")
@pytest.mark.parametrize("name", templates.TEMPLATES)
def test_every_part_of_a_template_is_there(name: str) -> None:
    template = templates.TEMPLATES[name]
    parts = {"province": "40"} if name == "province_visit" else {}
    story = templates.fill(template, require_release(), drawing.dialogs_of, lang="en", by=OPERATOR, parts=parts)
    assert len(story.slides) == len(template.parts)
    assert all("Khon Kaen" in dict(s.facts)["Filters"] for s in story.slides if parts)


@pytest.mark.usefixtures("own_stories")
def test_what_a_reader_adds_goes_into_no_example() -> None:
    story_id = next(iter(templates.EXAMPLES))
    stories.create("Example", templates.MAKER, story_id)
    mine = stories.create("Mine")
    release = require_release().id
    assert story_shelf.of_author(OPERATOR) == [mine.id]
    assert story_shelf.filled(OPERATOR, "", release) == mine.id
    assert story_shelf.filled(Person("somebody", OPERATOR.role), "", release) is None
    assert story_shelf.filled(OPERATOR, story_id, release) == story_id  # who opens the example changes it
    assert story_shelf.filled(OPERATOR, "0" * 12, release) == mine.id
