"""What is typed into the field of the province: taken where it is certain, offered where it is not."""

from __future__ import annotations

from typing import Any

import pytest

from ui.view import address, moves


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """The provinces that were chosen, and what was said."""
    found: dict[str, list[Any]] = {"chosen": [], "said": []}
    monkeypatch.setattr(address, "put", lambda **parts: found["chosen"].append(parts["province"]))
    monkeypatch.setattr(moves.st, "toast", lambda words, **_how: found["said"].append(words))
    monkeypatch.setattr(moves, "lang", lambda: "th")
    return found


@pytest.mark.parametrize(("typed", "code"), [("40", "40"), ("ขอนแก่น", "40"), ("Korat", "30"), ("ขอนแก", "40"), ("", None)])
def test_what_is_certain_is_chosen_without_a_word(done: dict[str, list[Any]], typed: str, code: str | None) -> None:
    moves.find_province(typed)
    assert done == {"chosen": [code], "said": []}


@pytest.mark.parametrize(("typed", "code"), [("พัทยา", "20"), ("แม่กลอง", "75"), ("หาดใหญ่", "90")])
def test_a_town_or_district_leads_to_its_province_and_says_so(done: dict[str, list[Any]], typed: str, code: str) -> None:
    moves.find_province(typed)
    assert done["chosen"] == [code]
    assert len(done["said"]) == 1
    assert typed in done["said"][0]


@pytest.mark.parametrize("typed", ["สุราด", "ภาคเหนือ", "เชียงไหม่", "นคร", "xyzzy"])
def test_a_guess_is_offered_and_never_chosen(done: dict[str, list[Any]], typed: str) -> None:
    moves.find_province(typed)
    assert done["chosen"] == []
    assert len(done["said"]) == 1
