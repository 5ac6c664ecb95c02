"""Sentences made from data, over all indicators, places that tie, states and both languages: nothing left empty, no code for a name."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

import geo
from charts import describe
from charts.style import Style
from charts.targets import target_path
from charts.theme import Measure
from charts.trends import alt_text
from data_access.programmes.indicators import REGISTRY
from tests.reading import well_formed

PROVINCES = ("10", "40", "50", "57", "80", "90", "16")
PERIODS = {"2565-1": "1/2565", "2565-2": "2/2565", "2566-1": "1/2566"}
STATES = ("suppressed", "not_collected", "not_applicable", "incomplete")
SHAPES = {
    "all alike": lambda n: np.full(n, 1.0),
    "all nought": np.zeros,
    "half nought": lambda n: np.where(np.arange(n) < (n + 1) // 2, 0.0, 0.5),
    "four at the top": lambda n: np.where(np.arange(n) < n - 4, 0.25, 1.0),
    "hardly apart": lambda n: 0.5 + np.arange(n) * 1e-6,
    "spread": lambda n: np.linspace(0.1, 0.9, n),
}
LANGUAGES = ("th", "en")


def measure_of(indicator: str, lang: str) -> Measure:
    found = REGISTRY[indicator]
    return Measure(found.id, found.title(lang), found.unit, found.kind, found.direction)


def cells(shape: str, scale: float, keys: tuple[str, ...], column: str, hidden: int) -> pd.DataFrame:
    """A cell a key; the last ones are not shown, each in another state."""
    values = SHAPES[shape](max(len(keys) - hidden, 1)) * scale
    shown = min(len(keys), len(values))
    states = ["value"] * shown + [STATES[i % len(STATES)] for i in range(len(keys) - shown)]
    padded = [*values[:shown], *[np.nan] * (len(keys) - shown)]
    return pd.DataFrame({column: keys, "value": padded, "state": states, "flag": "", "low": np.nan, "high": np.nan})


KINDS = {(x.kind, x.unit): i for i, x in REGISTRY.items()}


def scale_of(measure: Measure) -> float:
    return 1.0 if measure.kind in ("rate", "sd") else 1000.0


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("hidden", [0, 2, 6])
def test_places_in_words(lang: str, hidden: int) -> None:
    for indicator, shape in product(REGISTRY, SHAPES):
        measure, style = measure_of(indicator, lang), Style(lang)
        frame = cells(shape, scale_of(measure), PROVINCES, "province", hidden)
        text = describe.places(frame, measure, style, selected="40")
        well_formed(text)
        assert text.startswith(measure.title)
        best = frame[frame["value"] == frame["value"].max()]["province"]
        if 1 < len(best) < len(frame["value"].dropna()):
            said = sum(geo.name(c, lang) in text for c in best)
            assert said >= min(len(best), describe.TIES), text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lines_in_words(lang: str) -> None:
    for indicator in REGISTRY:
        measure, style = measure_of(indicator, lang), Style(lang)
        for shape in SHAPES:
            frame = cells(shape, scale_of(measure), tuple(PERIODS), "x", 0)
            fall = frame.iloc[::-1].assign(x=list(PERIODS))
            well_formed(describe.series(fall.to_dict("records"), "", measure, style, PERIODS))
            alt = alt_text({"A": frame.to_dict("records"), "B": fall.to_dict("records")}, measure, style, PERIODS, {})
            well_formed(alt)
            assert measure.title in alt


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_period_or_place_at_all(lang: str) -> None:
    for indicator in KINDS.values():
        measure, style = measure_of(indicator, lang), Style(lang)
        for state in STATES:
            nothing = cells("spread", 1.0, PROVINCES, "province", 0).assign(value=np.nan, state=state)
            well_formed(describe.places(nothing, measure, style))
            well_formed(describe.series(nothing.rename(columns={"province": "x"}).to_dict("records"), "", measure, style, {}))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_period_to_come_lacks_nothing(lang: str) -> None:
    measure, style = measure_of("grant.coverage", lang), Style(lang)
    rows = pd.DataFrame(
        {
            "x": ["AY2565", "AY2566", "AY2567"],
            "value": [0.7, np.nan, np.nan],
            "state": ["value", "not_collected", "not_collected"],
            "ended": [True, True, False],
            "path": [0.7, 0.75, 0.8],
            "target": [np.nan, np.nan, 0.8],
            "low": np.nan,
            "high": np.nan,
        }
    )
    nothing = pd.DataFrame(columns=["x", "value", "low", "high"])
    labels = {"AY2565": "2565", "AY2566": "2566", "AY2567": "2567"}
    alt = target_path(rows, measure, style, labels=labels, forecast=nothing).alt
    assert ("1 periods without data" if lang == "en" else "1 ") in alt
    assert "2 periods without data" not in alt
    well_formed(alt)
