"""A published figure is worded and dated wherever its number stands, and a target stands beside the number that it judges.

A walk over the ledger × the pages, tiles and slides that show its numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from data_access.analysis.claims import ledger
from data_access.analysis.targets import indicators_with_targets, standing, track
from data_access.contract.periods import parse_period, period_type
from data_access.programmes.indicators import REGISTRY
from data_access.questions.query import query
from data_access.store.releases import require_release
from data_access.store.tables import read_table
from tests.reading import filter_value, parts
from tests.ui.test_targets_page import open_page
from ui.kit import claimed, kpi
from ui.view import headlines

pytestmark = pytest.mark.usefixtures("demo_home")

QUALIFIERS = {
    "about": {"en": "about", "th": "ราว"},
    "at_least": {"en": "at least", "th": "ไม่น้อยกว่า"},
    "more_than": {"en": "more than", "th": "มากกว่า"},
}
PAGES = ("overview", "schools", "early_childhood", "trial", "grants", "learning_cities", "pilot_areas")


def said(app: AppTest) -> Iterator[tuple[str, str]]:
    """Number and sentence of every tile, and of every line beside one."""
    for part in parts(app):
        if part["part"] == "tile":
            yield part["number"], part.get("sentence") or ""
        elif part["part"] == "lines":
            yield from ((number, "") for _title, number in part["items"])


def figures() -> list[dict]:
    """The claims that tables bear out, so that their number is on pages, and that are not exact or have a span of years."""
    rows = ledger().to_dict("records")
    return [
        r for r in rows if r["status"] == "reproduced" and (r["comparator"] != "exact" or not REGISTRY[r["indicator"]].periods)
    ]


def is_the_number(words: str, claim: dict, lang: str) -> bool:
    """Whether words of a tile are the number of a claim, by number and unit."""
    amount = claimed_amount(claim, lang)
    return re.search(rf"(?<![\d.,]){re.escape(amount)}(?![\d,])", words) is not None


def claimed_amount(claim: dict, lang: str) -> str:
    from charts.theme import Measure

    found = REGISTRY[claim["indicator"]]
    return Measure(found.id, "", found.unit, found.kind, found.direction).words(claim["value"], lang)


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_number_of_a_claim_is_worded_and_dated_as_the_claim_is(page: str, lang: str) -> None:
    app = open_page(page, lang=lang, period="2565-1")
    assert not app.exception
    tiles, seen = list(said(app)), 0
    for claim in figures():
        for number, sentence in tiles:
            if not is_the_number(number, claim, lang):
                continue
            if claim["indicator"].startswith("grant.") and claim["period"] != "2565-1":
                continue
            seen += 1
            if claim["comparator"] in QUALIFIERS:
                assert QUALIFIERS[claim["comparator"]][lang] in number, (page, number)
            if not REGISTRY[claim["indicator"]].periods:
                assert claim["as_of"] in number + sentence, (page, number)
            if sentence and claim["comparator"] in QUALIFIERS:
                assert claim["as_of"] in sentence or claim["as_of"] in number
    assert seen > 0 or page in ("learning_cities", "pilot_areas")


@pytest.mark.parametrize("lang", ["th", "en"])
def test_818_teachers_are_at_least_818_of_2562_to_2565(lang: str) -> None:
    for page in ("overview", "schools"):
        numbers = [(n, s) for n, s in said(open_page(page, lang=lang)) if "818" in n]
        assert len(numbers) == 1
        assert QUALIFIERS["at_least"][lang] in numbers[0][0]
        assert "2562–2565" in " ".join(numbers[0])


def test_a_part_of_the_country_does_not_borrow_the_words_of_a_national_figure() -> None:
    numbers = [n for n, _s in said(open_page("schools", province="50"))]
    assert not any("at least" in n for n in numbers)
    sentences = [s for _n, s in said(open_page("schools", province="50"))]
    assert any("at least 818" in s and "2562–2565" in s for s in sentences)  # the country's own number beside the province's


def test_slides_take_the_words_along() -> None:
    app = open_page("schools")
    found = kpi.as_table(app.session_state[headlines.HEADLINES])
    text = found.astype(str).agg(" ".join, axis=1)
    assert text.str.contains("at least 818").any()
    assert text.str.contains("at least 12,967").any()


def test_every_wording_of_a_claim_carries_number_qualifier_and_period() -> None:
    for claim in ledger().to_dict("records"):
        words = claimed.published(claim)
        if claim["comparator"] in QUALIFIERS:
            assert QUALIFIERS[claim["comparator"]]["th"] in words
        if isinstance(claim["as_of"], str):
            assert claim["as_of"] in words


# ---- targets ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("period", ["2567-1", "2567-2", "AY2567", "AY2566"])
def test_a_target_names_the_number_that_it_judges_unless_it_is_the_one_shown(period: str) -> None:
    """Over every tile with a verdict: the number shown is the one that was judged, or the judged one is named with its period."""
    release = require_release().id
    table = read_table(release, "target")
    app, seen = open_page("grants", period=period), 0
    chosen = filter_value(app, "period") or ""
    tiles = {p["label"]: p for p in parts(app) if p["part"] == "tile"}
    for indicator_id in indicators_with_targets(table):
        found, indicator = track(indicator_id, table, release=release), REGISTRY[indicator_id]
        tile = tiles.get(indicator.title("en"))
        if tile is None or found is None or "arget of" not in tile["sentence"]:
            continue
        judged = standing(found, chosen)
        if judged.value is None:
            continue
        seen += 1
        own = period_type(chosen) in indicator.periods
        same = judged.period == (chosen if own else f"{chosen[2:]}-1")
        assert ("Judged by" in tile["sentence"]) is not same
        if not same:
            assert parse_period(judged.period).label("en") in tile["sentence"]
            cell = query(indicator_id, where={period_type(judged.period): judged.period}).iloc[0]
            assert cell["value"] == judged.value
    assert seen >= 1
