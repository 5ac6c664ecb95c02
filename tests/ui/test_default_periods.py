"""The period that a page opens with: the latest complete one, marked beside the provisional ones, and nobody's choice on another page."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from data_access.contract.periods import parse_period, period_type
from tests.reading import by_address, components, filter_value, tiles
from tests.ui.test_app import open_app
from ui.kit import data, navigation
from ui.view import address as addresses

pytestmark = pytest.mark.usefixtures("demo_home")


def open_page(page: str, **address: str) -> AppTest:
    """A page as its address opens it."""
    app = open_app(lang="en", goto=page, **address).run()
    assert not app.exception, page
    return app


def on(page: str, app: AppTest) -> AppTest:
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, page
    return app


def has_period(app: AppTest) -> bool:
    return any("period" in bar["values"] for bar in components(app, "filters"))


WITH_PERIOD = (
    "overview",
    "province",
    "compare",
    "pilot_areas",
    "grants",
    "schools",
    "early_childhood",
    "trial",
    "learning_cities",
)
WITH_PERIOD += ("out_of_school", "learning_loss", "equity_chain", "indicators")


def test_these_are_all_pages_with_a_period() -> None:
    found = {page for page in navigation.PAGES if has_period(open_page(page))}
    assert found == set(WITH_PERIOD)


@pytest.mark.parametrize("page", WITH_PERIOD)
def test_a_page_opens_with_its_latest_complete_period_and_offers_the_provisional_ones_marked(page: str) -> None:
    app = open_page(page)
    bar = next(b for b in components(app, "filters") if "period" in b["values"])
    offered = next(f for f in by_address(app)["filters_offered"]["fields"] if f["key"] == "period")["options"]
    complete = [code for code, words in offered if "(provisional)" not in words]
    assert bar["values"]["period"] == complete[0]
    for code, words in offered:
        assert words.startswith(parse_period(code).label("en"))
    kinds = {period_type(code) for code, _words in offered if "(provisional)" in _words}
    assert page == "trial" or kinds, "the demonstration's as-of date lies inside its last periods"


@pytest.mark.parametrize("page", WITH_PERIOD)
def test_what_a_page_opens_with_does_not_follow_the_reader(page: str) -> None:
    alone = filter_value(open_page("overview"), "period")
    app = open_page(page)
    assert "period" not in app.query_params
    assert "period" not in app.session_state[addresses.MEMORY]
    assert filter_value(on("overview", app), "period") == alone
    assert "period" not in app.query_params


@pytest.mark.parametrize("page", [p for p in WITH_PERIOD if p != "overview"])
def test_what_a_reader_chose_follows_and_comes_back_as_it_was(page: str) -> None:
    app = open_app(lang="en", period="2566-2").run()
    there = filter_value(on(page, app), "period")
    assert there == filter_value(open_page(page, period="2566-2"), "period"), "the address shows the same to somebody else"
    assert filter_value(on("overview", app), "period") == "2566-2"
    assert app.query_params["period"] in ("2566-2", ["2566-2"])


def test_the_address_of_a_default_shows_a_stranger_the_same_view() -> None:
    mine, theirs = open_page("grants"), open_page("grants")
    assert filter_value(mine, "period") == filter_value(theirs, "period")
    assert tiles(mine) == tiles(theirs)


def test_an_offer_without_a_complete_period_opens_with_its_latest() -> None:
    assert data.Offer(("2565-1", "2565-2"), frozenset({"2565-1", "2565-2"})).default == "2565-2"
    assert data.Offer().default is None
