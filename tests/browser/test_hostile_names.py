"""Names and notes that are script or Markdown: every page shows them as the words that they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page

from data_access.saved import saved_views, stories
from data_access.saved.stories import Slide
from tests.browser.driving import Server, open_page
from tests.data_access import small

SCRIPT = '<img src=x onerror="window.hacked=1"><script>window.hacked=2</script>'
LINK = "[press](javascript:window.hacked=3) **bold** $x^2$ :red[red]"
PAGES = {
    "schools": {"province": "40", "lao": "94001001", "school": "9940010001"},
    "pilot_areas": {"tab": "school"},
    "province": {"province": "40", "district": "4001"},
    "early_childhood": {"province": "40"},
    "mou_review": {},
    "kept_views": {},
    "data": {"tab": "releases"},
    "compare": {},
}


def hostile(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The same rows with names that are half script, half Markdown."""
    return table.assign(**{c: [f"{SCRIPT if n % 2 else LINK} {n}" for n in range(len(table))] for c in columns if c in table})


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A release of real data whose every name is hostile, with a story and a kept view."""
    folder = tmp_path / "hostile"
    monkeypatch.setenv("SAMOEPHAK_HOME", str(folder))
    tables = small.tables()
    release = small.publish({n: hostile(t, "name_th", "name_en", "lao_name") for n, t in tables.items()}, note=SCRIPT)
    story = stories.create(LINK)
    slide = Slide(SCRIPT, LINK, SCRIPT, (("a", SCRIPT), ("b", LINK)), (SCRIPT,), ((LINK,),), "schools", "en", (), notes=SCRIPT)
    stories.add(story.id, slide, None, release.id, release.as_of)
    view = saved_views.keep(SCRIPT, "schools", {})
    saved_views.note(view.id, f"{LINK}\n{SCRIPT}", SCRIPT, release.id)
    return folder


def test_names_are_shown_and_never_run(page: Page, home: Path, cold_server: Callable[..., Server]) -> None:
    server = cold_server(home=home)
    page.on("dialog", lambda d: pytest.fail(f"a name opened a dialog: {d.message}"))
    for name, view in PAGES.items():
        open_page(page, server, name, lang="en", **view)
        page.wait_for_timeout(600)
        assert page.evaluate("window.hacked") is None, name
        assert page.locator("img[src='x'], a[href^='javascript']").count() == 0, name
    open_page(page, server, "schools", lang="en", province="40")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_label("Place, school, centre or indicator").fill("9940010001")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="press").first.wait_for()  # found, and shown as it is written
    assert page.evaluate("window.hacked") is None
    assert page.locator("a[href^='javascript']").count() == 0
