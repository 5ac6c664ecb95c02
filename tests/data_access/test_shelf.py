"""What people share is deleted by those alone who may, into a bin; and one person cannot fill it all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data_access.contract.errors import UsageError
from data_access.importing import places as names
from data_access.importing.places import Guess
from data_access.publishing import privacy
from data_access.saved import feedback, json_store, saved_views, scenarios, stories
from data_access.saved.json_store import Shelf
from data_access.saved.scenarios import Scenario
from data_access.who import audit
from data_access.who.access import EVERYWHERE, MANAGER, NOWHERE, OPERATOR, ROLES, Person, RoleError, Scope, ScopeError
from tests.data_access.test_stories import slide

AUTHOR = Person("author@example.go.th", MANAGER, Scope.of(["40", "41"]))
KINDS: dict[str, tuple[Shelf, Callable[[Person], str], Callable[[str, Person], Any], Callable[[], Any]]] = {
    "stories": (stories.SHELF, lambda by: stories.create("ทบทวน", by).id, stories.delete, stories.saved),
    "views": (
        saved_views.SHELF,
        lambda by: saved_views.keep("มุมมอง", "grants", {}, by).id,
        saved_views.delete,
        saved_views.saved,
    ),
    "scenarios": (scenarios.SHELF, lambda by: scenarios.save(Scenario("ทดลอง"), by), scenarios.delete, scenarios.saved),
}

pytestmark = pytest.mark.usefixtures("empty_home")


def person(name: str, scope: Scope, role: str = MANAGER) -> Person:
    return Person(f"{name}@example.go.th", role, scope)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_deleted_is_in_the_log_and_can_be_brought_back(kind: str) -> None:
    held, make, delete, saved = KINDS[kind]
    made = make(AUTHOR)
    before = saved()
    delete(made, AUTHOR)
    assert not saved()
    (gone,) = held.deleted()
    assert (gone.id, gone.by, bool(gone.name)) == (made, AUTHOR.id, True)
    assert held.restore(gone.key, AUTHOR) == made
    assert saved() == before
    assert held.deleted() == []
    assert held.author(made).who == json_store.Author.of(AUTHOR).who  # whose it is comes back with it
    assert [(e.action, e.who) for e in audit.entries()] == [("deleted", AUTHOR.id), ("brought_back", AUTHOR.id)]
    assert all(gone.name in e.before + e.after and made in e.before + e.after for e in audit.entries())


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_deletes_what_somebody_made_who_sees_more(kind: str) -> None:
    """An officer of one province, or of none, deleted what was made for the whole country, and nobody could tell who had."""
    held, make, delete, saved = KINDS[kind]
    made = make(AUTHOR)
    for scope in (NOWHERE, Scope.of(["40"]), Scope.of(["40", "90"])):
        with pytest.raises(ScopeError):
            delete(made, person("other", scope))
    for role in ROLES[: ROLES.index(held.role)]:
        with pytest.raises(RoleError):
            delete(made, person("other", EVERYWHERE, role))
    assert len(saved()) == 1
    assert held.deleted() == audit.entries() == []
    delete(made, person("other", Scope.of(["40", "41", "42"])))
    (gone,) = held.deleted()
    for by in (person("third", NOWHERE), person("third", EVERYWHERE, "viewer")):
        assert not held.may_restore(gone, by)
        with pytest.raises((ScopeError, RoleError)):
            held.restore(gone.key, by)
    assert held.may_restore(gone, AUTHOR)


@pytest.mark.parametrize("kind", KINDS)
def test_an_author_deletes_the_own_whatever_they_see_now_and_what_nobody_signed_is_for_who_sees_all(kind: str) -> None:
    held, make, delete, saved = KINDS[kind]
    made = make(AUTHOR)
    delete(made, Person(AUTHOR.id, MANAGER, NOWHERE))
    held.restore(held.deleted()[0].key, OPERATOR)
    for damage in ("{", "[]", '{"who": "x"}', None):  # None: from before authors were kept
        path = held._author_path(made)
        path.unlink() if damage is None else path.write_text(damage, encoding="utf-8")
        with pytest.raises(ScopeError):
            delete(made, AUTHOR)
    delete(made, person("other", EVERYWHERE))
    assert not saved()


def test_pictures_go_and_come_back_with_their_story() -> None:
    story = stories.create("ก", AUTHOR)
    one = slide()
    stories.add(story.id, one, b"\x89PNG", "r1", "2025-09-30")
    stories.delete(story.id, AUTHOR)
    assert not stories.picture_path(story.id, one.id).parent.exists()
    stories.SHELF.restore(stories.SHELF.deleted()[0].key, AUTHOR)
    assert stories.picture_path(story.id, one.id).read_bytes() == b"\x89PNG"
    assert stories.load(story.id).slides[0].title == one.title


def test_the_bin_is_emptied_by_retention_after_its_term(tmp_path: Path) -> None:
    first, second = (saved_views.keep(n, "grants", {}).id for n in "กข")
    saved_views.delete(first, OPERATOR)
    today = dt.date.today()
    assert privacy.delete_expired(today=today + dt.timedelta(days=json_store.BIN_DAYS)) == []
    assert len(saved_views.SHELF.deleted()) == 1
    (saved_views.SHELF._bin / "damaged").mkdir()
    privacy.delete_expired(today=today + dt.timedelta(days=json_store.BIN_DAYS + 1))
    assert saved_views.SHELF.deleted() == []
    assert list(saved_views.SHELF._bin.iterdir()) == []
    assert [v.id for v in saved_views.saved()] == [second]
    assert (audit.entries()[-1].action, audit.entries()[-1].before) == ("retention", "bin: 2")
    with pytest.raises(RoleError):
        json_store.purge(AUTHOR)


def test_what_comes_back_never_writes_over_what_is_there() -> None:
    scenarios.save(Scenario("ทดลอง", days=100))
    scenarios.delete(Scenario("ทดลอง").id, OPERATOR)
    scenarios.save(Scenario("ทดลอง", days=200))
    with pytest.raises(UsageError, match="another one of this name"):
        scenarios.SHELF.restore(scenarios.SHELF.deleted()[0].key, OPERATOR)
    scenarios.delete(Scenario("ทดลอง").id, OPERATOR)
    assert len(scenarios.SHELF.deleted()) == 2  # both are kept
    for key in ("../../views", "nothing", ""):
        with pytest.raises(UsageError, match="no longer in the bin"):
            scenarios.SHELF.restore(key, OPERATOR)


def test_writing_over_a_scenario_and_taking_out_a_slide_are_deleting_too() -> None:
    scenarios.save(Scenario("ทดลอง", days=100), AUTHOR)
    with pytest.raises(ScopeError):
        scenarios.save(Scenario("ทดลอง", days=200), person("other", NOWHERE), replace_old=True)
    scenarios.save(Scenario("ทดลอง", days=200), AUTHOR, replace_old=True)
    story, hidden = stories.create("ก", AUTHOR), slide(detail=("40",))
    stories.add(story.id, hidden, None, "r1", "2025-09-30")
    with pytest.raises(UsageError, match="no longer in the story"):
        stories.remove(story.id, hidden.id, person("other", NOWHERE))
    assert stories.remove(story.id, hidden.id, AUTHOR).slides == ()


def test_one_person_cannot_fill_what_all_share() -> None:
    """2,000 remarks of one reader left no room for anybody else's."""
    one, other = person("one", NOWHERE, "viewer"), person("other", NOWHERE, "viewer")
    for _n in range(feedback.SHELF.each):
        feedback.leave("ก", "", "", "r1", one)
    with pytest.raises(UsageError, match="as many as one person may"):
        feedback.leave("ก", "another name does not help", "", "r1", one)
    feedback.leave("ก", "", "", "r1", other)
    assert not any(one.id in p.read_text(encoding="utf-8") for p in feedback.SHELF.folder.iterdir())  # a reader stays unnamed
    view = saved_views.keep("x", "grants", {}, AUTHOR)
    for _n in range(saved_views.MOST_NOTES_EACH):
        saved_views.note(view.id, "ก", "ก", "r1", one)
    with pytest.raises(UsageError, match="as many as one person may"):
        saved_views.note(view.id, "ก", "ข", "r1", one)
    saved_views.note(view.id, "ก", "ก", "r1", other)
    assert all(k.each * 2 <= k.most for k, *_more in KINDS.values())


def test_taking_an_accepted_name_back_needs_a_steward_and_is_in_the_log() -> None:
    guess = Guess("province", "ขอนแกน", "", "40", 0.9, ())
    names.accept([guess])
    for role in ROLES[: ROLES.index("steward")]:
        with pytest.raises(RoleError):
            names.forget(guess.level, guess.key, person("other", EVERYWHERE, role))
    assert names.accepted()["province"] == {guess.key: "40"}
    names.forget(guess.level, guess.key, person("steward", EVERYWHERE, "steward"))
    assert names.accepted()["province"] == {}
    assert [e.action for e in audit.entries()] == ["names_accepted", "name_forgotten"]
