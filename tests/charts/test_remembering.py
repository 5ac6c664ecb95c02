"""Figures are drawn once, and again as soon as anything that they are drawn from is another."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from charts import cache
from charts.cache import drawn_once
from charts.style import Style
from charts.theme import Measure
from charts.trends import Event

RATE = Measure("x", "Coverage", "", "rate", "up")
FRAME = pd.DataFrame({"x": ["a", "b"], "value": [0.1, None], "state": ["value", "suppressed"]})


@pytest.fixture(autouse=True)
def nothing_drawn() -> Iterator[None]:
    cache.forget()
    yield
    cache.forget()


def counting() -> tuple[list[int], object]:
    calls: list[int] = []

    @drawn_once
    def build(frame: pd.DataFrame, measure: Measure, style: Style, **more: object) -> dict[str, int]:
        calls.append(len(frame))
        return {"rows": len(frame)}

    return calls, build


def test_the_same_is_drawn_once() -> None:
    calls, build = counting()
    more = {"labels": {"a": "A"}, "events": [Event("a", "first")]}
    assert build(FRAME, RATE, Style(), **more) is build(FRAME.copy(), RATE, Style(), **more)  # type: ignore[operator]
    assert calls == [2]


@pytest.mark.parametrize(
    "change",
    [
        lambda a: {**a, "frame": FRAME.assign(value=[0.1, 0.2])},
        lambda a: {**a, "frame": FRAME.assign(state="value")},
        lambda a: {**a, "frame": FRAME.iloc[::-1]},
        lambda a: {**a, "frame": FRAME.rename(columns={"value": "other"})},
        lambda a: {**a, "frame": FRAME.iloc[:1]},
        lambda a: {**a, "measure": Measure("x", "ความครอบคลุม", "", "rate", "up")},
        lambda a: {**a, "style": Style("en")},
        lambda a: {**a, "style": Style("th", dark=True)},
        lambda a: {**a, "labels": {"b": "B", "a": "A"}},
        lambda a: {**a, "labels": {"a": "A", "b": "C"}},
        lambda a: {**a, "events": [Event("a", "second")]},
        lambda a: {**a, "events": ()},
    ],
)
def test_anything_else_is_drawn_anew(change) -> None:  # type: ignore[no-untyped-def]
    calls, build = counting()
    given = {"frame": FRAME, "measure": RATE, "style": Style(), "labels": {"a": "A", "b": "B"}, "events": [Event("a", "first")]}
    build(**given)  # type: ignore[operator]
    build(**change(given))  # type: ignore[operator]
    assert len(calls) == 2


def test_the_oldest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "KEPT", 3)
    calls, build = counting()
    for n in range(5):
        build(FRAME, RATE, Style(), n=n)  # type: ignore[operator]
    build(FRAME, RATE, Style(), n=4)  # type: ignore[operator]
    assert len(calls) == 5
    build(FRAME, RATE, Style(), n=0)  # type: ignore[operator]
    assert len(calls) == 6
    assert len(cache._DRAWN) == 3
