"""What tiles, lists, profiles and slides say, over all indicators, places, periods and both languages: nothing empty, no code for a name."""

from __future__ import annotations

import pytest

from charts.style import Style
from data_access.programmes.indicators import REGISTRY
from data_access.questions import changes
from data_access.questions.query import KEYS
from tests.reading import well_formed
from ui.across import attention, profile
from ui.kit import changing, data, kpi, slides, tables
from ui.kit.filters import Filters
from ui.programmes import targets
from ui.view import address

PERIODS = ("2568-1", "2567-2", "2562-1", "2570-1")  # provisional, complete, the first, one to come
PLACES = (None, "75", "40", "10")  # the country, one that lost senders, one that is served, one outside grants


@pytest.fixture(params=["th", "en"])
def lang(request: pytest.FixtureRequest, demo_home: None, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(address, "get", lambda name, *_default: request.param if name == "lang" else None)
    return request.param


@pytest.mark.parametrize("province", PLACES)
def test_tiles_and_changes_are_said_in_full(lang: str, province: str | None) -> None:
    seen: set[str] = set()
    turn = PLACES.index(province)
    for n, (indicator_id, indicator) in enumerate(REGISTRY.items()):
        if n % len(PLACES) != turn or (province and "province" not in indicator.places):  # each place another quarter of them
            continue
        measure = data.measure(indicator_id, lang)
        for period in PERIODS[turn % 2 :: 2] if "semester" in indicator.periods else PERIODS[:1]:
            filters = Filters(lang=lang, period=period, province=province)
            found = kpi.headline(indicator_id, filters, target=1.0)
            for text in filter(None, (found.title, found.number, found.sentence, found.help)):
                well_formed(text)
            assert found.number, (indicator_id, period)
            row = data.change(indicator_id, filters.where()) if indicator.periods and not indicator.each else None
            if row is not None:
                text = changing.sentence(row, measure)
                seen.add(str(row["reason"]))
                assert text or row["reason"] in (changes.NOT_COLLECTED, changes.FOLLOWED, changes.NO_PERIOD), (
                    indicator_id,
                    period,
                )
                if text:
                    well_formed(text)
    assert len(seen) > 1


@pytest.mark.parametrize("province", PLACES[1:])
@pytest.mark.parametrize("period", PERIODS[:2])
def test_a_province_is_said_in_full(lang: str, province: str, period: str) -> None:
    filters = Filters(lang=lang, period=period, province=province)
    near = profile.similar(province)
    lines = profile.lines(filters, near)
    said = [*profile.sentences(lines, filters), profile.about_similar(near, filters)]
    assert len(said) > 1
    for text in said:
        well_formed(text)


def test_what_asks_for_attention_and_stands_to_a_target_is_said_in_full(lang: str) -> None:
    filters = Filters(lang=lang, period="2567-2")
    ids = [i for i, x in REGISTRY.items() if not x.each and "province" in x.places][::3]
    items = attention.items(filters, ids)
    assert len(items) > 5
    for item in items:
        well_formed(item.reason)
    tracks = targets.tracks(None)
    assert len(tracks) > 3
    for found in tracks:
        ahead = data.forecast(found.indicator.id)
        assert ahead is not None
        for text in targets.notes(found, targets.standing(found), ahead, targets.measure_of(found)):
            well_formed(text)


def test_whatever_a_table_is_broken_down_by_has_a_name() -> None:
    assert set(KEYS) <= set(tables.KEY_NAMES)


def test_titles_of_slides_say_what_they_are_broken_down_by(lang: str) -> None:
    for indicator_id, indicator in list(REGISTRY.items())[::2]:
        if indicator.each:
            continue
        where, measure = Filters(lang=lang, period="2567-2").where(), data.measure(indicator_id, lang)
        for key in [k for k in ("province", *tuple(indicator.periods)[:1]) if k in (*indicator.places, *indicator.periods)]:
            table = tables.export_table(data.cells(indicator_id, (key,), where), (key,), {indicator_id: measure}, Style(lang))
            title = measure.title
            said = slides.title_of(title, table, lang)
            assert said.startswith(title)
            assert len(said) > len(title), (indicator_id, key)
            well_formed(said)
