"""One table of filters: what is spelled out is asked, kept in the address and offered in the bar."""

from __future__ import annotations

import pytest

from data_access.questions.query import KEYS
from ui.kit import data, filters
from ui.kit.filters import Filters, said
from ui.view import address
from ui.view.filter_table import FILTERS, Filter, split

SAMPLE = {"period": "2565-1", "region": "north", "province": "50", "set": "tsqp_schools"}

pytestmark = pytest.mark.usefixtures("demo_home")
each = pytest.mark.parametrize("row", FILTERS, ids=lambda row: row.key)


def code_of(row: Filter) -> str:
    return SAMPLE.get(row.key) or next(iter(row.codes))


def chosen(row: Filter, lang: str = "en") -> Filters:
    """Nothing chosen but this."""
    code = code_of(row)
    if row.key in filters.NAMED:
        return Filters(lang=lang, **{"pilot_set" if row.key == "set" else row.key: code})  # type: ignore[arg-type]
    return Filters(lang=lang, more=((row.key, code),))


@each
@pytest.mark.parametrize("lang", ["th", "en"])
def test_what_is_told_is_asked(row: Filter, lang: str) -> None:
    found, nothing = chosen(row, lang), Filters(lang=lang)
    assert found.where() == {row.ask(code_of(row), "region4"): code_of(row)}
    assert set(found.where()) <= set(KEYS)
    assert said(row, code_of(row), "region4", lang) in found.words()
    assert found.words() != nothing.words()
    assert not nothing.where()


@each
def test_it_is_kept_in_the_address_and_has_a_field(row: Filter) -> None:
    assert address.fits(row.key, code_of(row))
    assert row.key in address.FOLLOWS
    bar = filters._bar_data((row.key,), data.Offer(("2565-1",)), chosen(row))
    field = bar["fields"][-1]
    assert (field["key"], field["value"]) == (row.key, code_of(row))
    assert code_of(row) in (field.get("only") or dict(field["options"]))
    assert (field["empty"] is None) == (not row.everything)


def test_without_places_and_without_splits() -> None:
    everything = Filters(period="2565-1", region="north", province="50", pilot_set="x", more=(("sex", "male"), ("tier", "poor")))
    assert set(everything.national().where()) == {"semester", "sex", "tier"}
    assert set(everything.whole().where()) == {"semester", "region4", "province", "pilot_set"}
    assert set(everything.where(place=False, province=True, split=False)) == {"semester", "province"}


def test_a_new_row_is_a_whole_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    row = split("arm", "Arm", "All arms", {"cash": "Cash transfer", "visits": "Home visits"})
    monkeypatch.setattr(filters, "FILTERS", (*FILTERS, row))
    found = Filters(lang="en", more=(("arm", "cash"),))
    assert found.where() == {"arm": "cash"}
    assert found.words() == "Whole country · Cash transfer"
    options = filters._bar_data(("arm",), data.Offer(), found)["fields"][-1]["options"]
    assert [code for code, _words in options] == ["cash", "visits"]


def test_one_that_is_told_and_not_asked_cannot_be_written() -> None:
    with pytest.raises(TypeError):
        Filter("arm", "Arm", "split", "cash|visits", say=lambda code, _scheme, _language: code)  # type: ignore[call-arg]
