"""Learning Cities: scores worked by hand, the scorecard, two sets of provinces, and the page."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from charts.scorecard import Words, scorecard, scorecard_table
from charts.static import Caption, to_png
from charts.style import Style
from data_access.contract.schema import FOCUS, FOCUS_TIERS
from data_access.questions.query import query
from tests.data_access import small
from tests.reading import captions, notes, tables, tiles
from tests.ui.test_targets_page import open_page
from ui.programmes import learning_cities

SCORES = pd.DataFrame(
    [
        ("40", 2565, "quality", 1),
        ("40", 2567, "quality", 4),
        ("40", 2565, "culture", 2),
        ("40", 2567, "culture", 1),
        ("50", 2567, "quality", 3),
    ],
    columns=["province_code", "academic_year", "focus", "level"],
)


def test_twelve_areas_in_three_tiers() -> None:
    assert len(FOCUS) == len(set(FOCUS)) == 12
    assert [len(group) for group in FOCUS_TIERS.values()] == [3, 6, 3]
    assert set(learning_cities.AREAS) == set(FOCUS)
    assert set(learning_cities.TIERS) == set(FOCUS_TIERS)


def test_availability_progress_and_speed_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    small.publish({"learning_city_score": SCORES})
    there = query("city.availability").iloc[0]
    assert (there["period"], there["numerator"], there["denominator"]) == ("AY2567", 3, 24)
    assert query("city.progress")["value"].iloc[0] == pytest.approx((4 + 1 + 3) / 3)
    assert query("city.reached")["value"].iloc[0] == pytest.approx(1 / 3)
    speed = query("city.speed", by=("focus",), where={"province": "40"}).set_index("focus")["value"]
    assert speed["quality"] == pytest.approx(1.5)  # three levels in two years
    assert speed["culture"] == pytest.approx(-0.5)
    assert query("city.speed", where={"province": "50"})["value"].isna().all()  # scored once: no speed
    assert query("city.progress", by=("province",)).set_index("province").loc["30", "state"] == "not_applicable"


def test_the_latest_scores_move_against_the_first() -> None:
    found = learning_cities.latest(SCORES).set_index(["row", "column"])
    assert len(found) == 2 * 12
    assert tuple(found.loc[("40", "quality")]) == (4, "up")
    assert tuple(found.loc[("40", "culture")]) == (1, "down")
    assert tuple(found.loc[("50", "quality")]) == (3, "same")
    assert found["level"].notna().sum() == 3


WORDS = Words(
    rows={"40": "Khon Kaen", "50": "Chiang Mai"},
    tiers={"Pediment": FOCUS[:3], "Columns": FOCUS[3:9], "Foundations": FOCUS[9:]},
    columns=dict(zip(FOCUS, FOCUS, strict=True)),
    levels=learning_cities.LEVELS,
    title="Scores",
)


def test_the_scorecard_draws_every_square_and_says_it() -> None:
    frame = learning_cities.latest(SCORES)
    chart = scorecard(frame, Style("en"), WORDS)
    assert sum(len(t.x) for t in chart.figure.data) == 24
    assert "3 of 24 squares have evidence" in chart.alt
    assert "1 moved up, 1 moved down" in chart.alt
    assert to_png(chart, Caption("Scores", [], ""), Style("en")).startswith(b"\x89PNG")


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2.2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_the_table_of_the_page_holds_the_same_squares(dark: bool) -> None:
    frame, style = learning_cities.latest(SCORES), Style("en", dark=dark)
    found, drawn = scorecard_table(frame, style, WORDS), scorecard(frame, style, WORDS)
    cells = {(name, head): cell for name, row in found["rows"] for head, cell in zip(found["heads"], row, strict=True)}
    assert len(cells) == 24
    assert cells["Khon Kaen", "quality"] == [4, "▲", "Benchmark reached, up since the first score"]
    assert cells["Khon Kaen", "culture"][:2] == [1, "▼"]
    assert cells["Chiang Mai", "quality"][:2] == [3, ""]
    assert sum(cell == [None, "", "No evidence"] for cell in cells.values()) == 21
    assert sum(count for _words, count in found["tiers"]) == len(found["heads"]) == 12
    assert found["alt"] == drawn.alt
    assert [tuple(entry) for entry in found["legend"]] == list(drawn.legend)
    assert all(contrast(ground, ink) >= 4.5 for ground, ink in found["colours"])


@pytest.mark.usefixtures("on_demo")
def test_the_page_keeps_pilots_and_network_apart() -> None:
    app = open_page("learning_cities", province="40")
    assert not app.exception
    shown = tiles(app)
    assert shown["Pilot provinces"] == "12 places"
    members = query("pilot.size", where={"pilot_set": "unesco_gnlc"})["value"].iloc[0]
    both, network = (int(shown[k].split()[0]) for k in ("In both", "UNESCO's network only"))
    assert both + network == members == 13
    assert any("not a causal comparison" in c for c in captions(app))
    assert any("Area of focus" in d.columns for d in tables(app))


def test_without_scores_the_page_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    small.publish(small.tables())
    app = open_page("learning_cities")
    assert not app.exception
    assert any("Nothing is loaded yet" in i and "Learning City scores" in i for i in notes(app))
