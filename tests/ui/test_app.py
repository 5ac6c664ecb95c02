"""Every page runs through the shell in both languages without an exception, and keeps its view."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.reading import components, filter_value, notes, title

ROOT = Path(__file__).parents[2]
PAGES = sorted(p.stem for p in (ROOT / "pages").glob("*.py"))

pytestmark = pytest.mark.usefixtures("demo_home")


def open_app(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
    for key, value in query.items():
        app.query_params[key] = value
    return app


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_page_runs(page: str, lang: str) -> None:
    app = open_app(lang=lang, province="40").run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert title(app)
    assert all(components(app, "top")[0]["about"]["demo"])  # every page says that its data are invented


def test_demo_data_says_so_in_both_languages() -> None:
    for lang, words in (("th", "ข้อมูลสาธิต"), ("en", "Demonstration data")):
        mark, meaning = components(open_app(lang=lang).run(), "top")[0]["about"]["demo"]
        assert words in mark
        assert words in meaning


def test_filters_come_from_the_address_and_follow_to_the_next_page() -> None:
    app = open_app(province="40", lang="en").run()
    assert filter_value(app, "province") == "40"
    app.query_params.clear()
    app.switch_page("pages/grants.py").run()
    assert filter_value(app, "province") == "40"
    assert not app.exception


def test_nonsense_in_the_address_falls_away() -> None:
    app = open_app(province="99", region="Atlantis", period="2599-1", sex="x", set="nowhere", measure="no.such").run()
    assert not app.exception
    assert filter_value(app, "province") is None


def test_a_split_that_is_too_fine_says_why_instead_of_showing_nothing() -> None:
    app = open_app(sex="female", tier="poor", level="primary", lang="en").run()
    app.switch_page("pages/grants.py").run()
    assert not app.exception
    assert any("protect small groups" in note or "persons" in note for note in notes(app))


def test_a_page_opened_without_the_shell_goes_through_it() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
    app.query_params["goto"] = "grants"
    app.query_params["province"] = "40"
    app.run()
    assert not app.exception
