"""The page of published figures: every sentence with what the tables say of it."""

from __future__ import annotations

import pandas as pd
import pytest

from data_access.analysis.claims import DIFFERS, NOT_COMPUTABLE, REPRODUCED, ledger
from tests.reading import components
from tests.ui.test_app import open_app
from ui.programmes.claims import STATUS

pytestmark = pytest.mark.usefixtures("demo_home")


def shown_order(figures: pd.DataFrame) -> pd.DataFrame:
    """What differs first, then what cannot be computed."""
    order = {DIFFERS: 0, NOT_COMPUTABLE: 1, REPRODUCED: 2}
    return figures.sort_values("status", key=lambda s: s.map(order), kind="stable", ignore_index=True)


def cards(lang: str) -> tuple[list[list[dict]], str]:
    app = open_app(lang=lang).run().switch_page("pages/claims.py").run()
    assert not app.exception
    (found,) = (c["cards"] for c in components(app, "cards"))
    (finding,) = components(app, "finding")
    return found, finding["text"]


@pytest.mark.parametrize("lang", ["th", "en"])
def test_every_figure_has_a_card_with_its_sentence_its_status_and_both_numbers(lang: str) -> None:
    figures = shown_order(ledger())
    found, finding = cards(lang)
    assert [card[0]["text"] for card in found] == list(figures[f"sentence_{lang}"])
    assert [card[0]["badge"][1] for card in found] == [STATUS[s][1] for s in figures["status"]]
    assert {str((figures["status"] == REPRODUCED).sum()), str(len(figures))} <= set(finding.split())
    computed = figures["computed"].notna()
    assert [card[1]["items"][1][1] != "–" for card in found] == list(computed)
    assert not any(
        "query " in card[2]["text"] for card in found
    )  # the question put to the tables stands in the file that is taken away


def test_a_number_that_differs_says_by_how_much() -> None:
    figures = shown_order(ledger())
    differs = figures["difference"].fillna(0) != 0
    found, _finding = cards("en")
    assert [any(label == "Difference" for label, _n in card[1]["items"]) for card in found] == list(differs)
    assert differs.any()
