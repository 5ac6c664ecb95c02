"""Noise is not news: what is put on the list, said of a suppressed number and coloured bears its margin of error."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from charts import describe
from charts.bars import ranked_alt
from charts.style import Style
from charts.theme import SUPPRESSED, Measure, state_words
from data_access.analysis.targets import BEHIND, Goal, Standing
from data_access.questions.query import query
from data_access.summaries.statistics import MIN_SAMPLE
from i18n import LANGUAGES, gettext
from i18n.messages import read_catalogue
from tests.reading import parts
from tests.ui.test_app import open_app
from ui.across import attention
from ui.frame import help
from ui.kit import data, empty
from ui.kit.filters import Filters
from ui.programmes.targets import REASONS

pytestmark = pytest.mark.usefixtures("demo_home")
CLAIMS = re.compile(r"too small|too few|\(small numbers\)|จำนวนน้อยเกิน|น้อยเกินกว่าจะแสดง|\(จำนวนน้อย\)", re.IGNORECASE)


# ---- under target ---------------------------------------------------------------------------------------------------------------
def test_provinces_are_under_the_national_path_only_beyond_their_margin_and_of_a_least_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    period = "2567-1"
    cells = query("grant.coverage", by=("province",), where={"semester": period})
    told = cells[cells["state"] == "value"].dropna(subset=["low"])  # a provisional number is judged by nobody
    path = float(told["value"].median())
    standing = Standing(BEHIND, Goal(period, path), period, path - 0.01, path)
    monkeypatch.setattr(data, "standing", lambda *_a: standing)
    monkeypatch.setattr(data, "cells", lambda *_a, **_k: cells)
    filters = replace(Filters(lang="en"), period=period)
    found = {i.place for i in attention._below_country("grant.coverage", {"semester": period}, None, (), filters)}
    expected = set(told.loc[(told["high"] < path) & (told["n"] >= MIN_SAMPLE), "province"])
    assert found == expected
    assert expected
    below = set(told.loc[told["value"] < path, "province"])
    assert len(expected) < len(below)  # or the margin decides nothing
    small = cells.assign(n=MIN_SAMPLE - 1.0)
    monkeypatch.setattr(data, "cells", lambda *_a, **_k: small)
    assert not attention._below_country("grant.coverage", {"semester": period}, None, (), filters)
    bare = cells.assign(low=float("nan"), high=float("nan"))
    monkeypatch.setattr(data, "cells", lambda *_a, **_k: bare)
    assert not attention._below_country("grant.coverage", {"semester": period}, None, (), filters)


# ---- why a number is suppressed ---------------------------------------------------------------------------------------------------
def test_most_hidden_provinces_are_not_small_so_no_words_may_say_so() -> None:
    """The premise: screened pupils of provinces whose coverage is hidden are mostly many."""
    hidden = query("grant.coverage", by=("province",), where={"semester": "2567-1"})
    hidden = set(hidden.loc[hidden["state"] == SUPPRESSED, "province"])
    pupils = query("school.pupils", by=("province",)).set_index("province")["value"]
    assert (pupils.reindex(sorted(hidden)).dropna() > 100).any()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_of_a_suppression_name_both_reasons_and_claim_neither(lang: str) -> None:
    style, measure = Style(lang), Measure("x", "X", "pupils", "count")
    frame = pd.DataFrame({"province": ["10", "40"], "value": [1.0, None], "state": ["value", SUPPRESSED], "older_period": ""})
    said = [
        state_words(SUPPRESSED, style),
        describe.places(frame, measure, style),
        ranked_alt(frame, frame.head(1), ["x"], measure, style),
        gettext(empty.REASONS["suppressed"], lang),
        gettext(REASONS["suppressed"], lang),
        next(t for t in help.glossary() if t["en"] == "Suppressed")[f"meaning_{lang}"],
    ]
    for words in said:
        assert not CLAIMS.search(words), words
        assert ("elsewhere" if lang == "en" else "ที่อื่น") in words, words


def test_no_message_of_the_house_calls_what_is_hidden_small() -> None:
    both = [f"{m.id} {m.string}" for m in read_catalogue() if m.id]
    assert len(both) > 1000
    assert not [
        m for m in both if CLAIMS.search(m) and re.search("suppress|too small to|fewer than 10 (pupil|person)", m, re.IGNORECASE)
    ]


# ---- the chain --------------------------------------------------------------------------------------------------------------------
def test_a_curve_that_can_only_fall_has_no_change_on_the_year_before() -> None:
    app = open_app(lang="en").run()
    app.switch_page("pages/equity_chain.py").run()
    assert not app.exception
    cohort = [p for p in parts(app) if p["part"] == "tile"]
    assert cohort
    assert not [p for p in cohort if p.get("delta")]
    assert not [p for p in cohort if "than in" in p["sentence"]]
