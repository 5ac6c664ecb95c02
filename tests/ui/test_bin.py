"""Deleting on a page: refused in words to whoever sees less than the author, else told with the way back, which works."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data_access.saved import saved_views, scenarios, stories
from data_access.saved.scenarios import Scenario
from data_access.who.access import EVERYWHERE, MANAGER, NOWHERE, Person
from tests.data_access import small
from tests.ui.test_scope import as_person

AUTHOR = Person("author@example.go.th", MANAGER, EVERYWHERE)
opened = as_person  # a fixture


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A kept view, a story and a scenario of somebody who sees the whole country; the id of the view."""
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    small.publish(small.tables())
    stories.create("A story", AUTHOR)
    scenarios.save(Scenario("A scenario"), AUTHOR)
    return saved_views.keep("A view", "grants", {}, AUTHOR).id


def pressed(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def test_a_view_is_deleted_and_brought_back_on_the_page_by_who_may(
    opened: Callable[..., AppTest], kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(st, "toast", lambda words, **_more: said.append(words))
    narrow = opened(NOWHERE, MANAGER, lang="en").switch_page("pages/kept_views.py").run()
    pressed(narrow, f"kept_delete_{kept}")
    assert said.pop().startswith("Its author sees places")
    assert [v.id for v in saved_views.saved()] == [kept]
    app = opened(EVERYWHERE, MANAGER, lang="en").switch_page("pages/kept_views.py").run()
    pressed(app, f"kept_delete_{kept}")
    assert "can be brought back for 30 days" in said.pop()
    assert saved_views.saved() == []
    assert any("gone for good after" in c.value for c in app.caption)
    narrow = opened(NOWHERE, MANAGER, lang="en").switch_page("pages/kept_views.py").run()
    assert not [b for b in narrow.button if (b.key or "").startswith("kept_bin_")]
    app = opened(EVERYWHERE, MANAGER, lang="en").switch_page("pages/kept_views.py").run()
    pressed(app, next(b.key for b in app.button if (b.key or "").startswith("kept_bin_")))
    assert [v.id for v in saved_views.saved()] == [kept]


def test_a_story_is_not_deleted_by_who_sees_less(opened: Callable[..., AppTest], kept: str) -> None:
    for scope, left in ((NOWHERE, 1), (EVERYWHERE, 0)):
        app = opened(scope, "presenter", lang="en").switch_page("pages/mou_review.py").run()
        pressed(app, "review_delete")
        assert len(stories.saved()) == left
