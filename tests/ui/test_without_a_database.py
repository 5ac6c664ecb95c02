"""Every page and tab while PostgreSQL is down, and while it is frozen: words and a banner within seconds, and the last good figures where there are any."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_access import health
from data_access.store.releases import Release
from tests.data_access import small
from tests.data_access.test_faults import gone
from tests.data_access.test_frozen_database import SECONDS, frozen, on_postgres, until_it_answers
from tests.reading import notes, tiles
from ui.frame import drawing
from ui.kit import navigation
from ui.view import cache

ROOT = Path(__file__).parents[2]
TABS = ("import", "releases", "quality", "dictionary", "people", "audit")
WHERE = [*((page, {}) for page in navigation.PAGES if page != "data"), *(("data", {"tab": tab}) for tab in TABS)]
BANNER, LAST_GOOD = "does not answer", "overview"
__all__ = ["on_postgres"]

Fault = Callable[[Release], AbstractContextManager[None]]


def said(app: AppTest) -> list[str]:
    """The notices of a page and its errors."""
    return notes(app) + [e.value for e in app.error]


def drawn(page: str, address: dict[str, str]) -> tuple[AppTest, float]:
    """A page, and the seconds that it took."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in {"lang": "en", "goto": page, **address}.items():
        app.query_params[name] = value
    began = time.monotonic()
    return app.run(), time.monotonic() - began


@pytest.mark.parametrize("fault", [gone, frozen], ids=["down", "frozen"])
def test_every_page_and_tab_says_so_in_seconds(on_postgres: Release, monkeypatch: pytest.MonkeyPatch, fault: Fault) -> None:
    monkeypatch.setattr(health, "ASK_AGAIN", 0.0)
    monkeypatch.setattr(health, "FIRST_ASKED_AFTER", 0.0)
    cache.forget()
    small.publish({**small.tables(), **small.reported(1.0)})
    before = tiles(drawn(LAST_GOOD, {})[0])
    assert before
    drawing.forget()
    slow: dict[str, float] = {}
    with fault(on_postgres):
        for page, address in WHERE:
            app, seconds = drawn(page, address)
            name = f"{page} {address.get('tab', '')}".strip()
            assert not app.exception, name
            assert not any("could not be drawn" in e.value for e in app.error), name
            assert any(BANNER in words for words in said(app)), name
            slow[name] = seconds
            if page == LAST_GOOD:
                assert tiles(app) == before
    assert max(slow.values()) < 2 * SECONDS, slow
    assert sum(s > SECONDS for s in slow.values()) <= 1, slow  # the one that finds it out, on a busy machine
    assert until_it_answers(on_postgres) < 2 * SECONDS
    app, _seconds = drawn(LAST_GOOD, {})
    assert not any(BANNER in words for words in said(app))
