"""Forms: what is heard when a button is pressed, and that nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doing import HEARD, noting, sends
from ui.blocks import forms

COLUMNS = (forms.Column("From", 1, 100, whole=True), forms.Column("Baht", 0, 50))
GROUPS = (
    forms.Group(
        "One",
        (
            forms.number("days", "Days", 200, 1, 366, whole=True),
            forms.number("rate", "Rate", None, 0, 10, none="None"),
            forms.rows("steps", COLUMNS, [(1, 36.5)], add="Add", away="Take {n} away"),
        ),
    ),
    forms.Group(
        "", (forms.choice("covers", "Covers", {"a": "A"}, "a"), forms.choice("base", "Base", {"b": "B"}, None, none="None"))
    ),
    forms.Group("", (forms.text("name", "Name", "x", 5),), "beside"),
)
FILLED: forms.Values = {"days": 210, "rate": None, "steps": [[1, 36.5], [None, None]], "covers": "a", "base": "", "name": "new"}


@pytest.fixture
def heard() -> tuple[list[Any], Any]:
    buttons = [forms.Button("go", "Go", ":material/calculate:", strong=True)]
    return HEARD, sends(lambda: forms.form("f", GROUPS, buttons, noting()), "pressed")


def test_what_was_filled_in_is_heard_with_the_button(heard: tuple[list[Any], Any]) -> None:
    found, press = heard
    press(["go", FILLED])
    assert found == [["go", FILLED]]


@pytest.mark.parametrize(
    "changed",
    [
        {"days": 0},
        {"days": 210.5},
        {"days": None},
        {"days": True},
        {"days": "210"},
        {"rate": 11},
        {"rate": float("nan")},
        {"steps": "x"},
        {"steps": [[1]]},
        {"steps": [[0, 1]]},
        {"steps": [[1, float("inf")]]},
        {"steps": [[1, 1]] * (forms.MOST_ROWS + 1)},
        {"covers": ""},
        {"covers": "b"},
        {"base": "a"},
        {"name": "longer than five"},
        {"name": None},
        {"more": 1},
    ],
)
def test_what_no_field_may_hold_is_not_heard(heard: tuple[list[Any], Any], changed: dict[str, Any]) -> None:
    found, press = heard
    press(["go", {**FILLED, **changed}])
    assert found == []


@pytest.mark.parametrize("sent", [None, "go", ["go"], ["stop", FILLED], ["go", []], ["go", {"days": 210}], [1, FILLED]])
def test_what_is_no_form_is_not_heard(heard: tuple[list[Any], Any], sent: Any) -> None:
    found, press = heard
    press(sent)
    assert found == []
