"""The page about the equity chain, on the demonstration data and on a release without its tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_access.questions.query import query
from tests.data_access import small
from tests.reading import captions, chosen, filter_value, notes, tables, tiles
from tests.ui.test_targets_page import open_page


@pytest.mark.usefixtures("on_demo")
def test_the_page_follows_the_cohort_of_the_address() -> None:
    cohort = "lower_secondary-2562"
    app = open_page("equity_chain", cohort=cohort, link="pupils_grants")
    assert not app.exception
    assert chosen(app, "chain_cohort") == cohort
    year = {"cohort": cohort, "academic_year": filter_value(app, "period")}
    share = query("chain.in_education", where=year)["value"].iloc[0]
    shown = tiles(app)
    assert shown["In education"] == f"{share * 100:.1f}%"
    out = query("chain.children", where={**year, "stage": "out_of_school"})["value"].iloc[0]
    assert shown["Out of school"] == f"{out:,.0f} children"
    flows = tables(app)[0]
    assert {"Stage", "Stage the next year"} <= set(flows.columns)
    assert "Suppressed to protect small numbers, here or elsewhere" in set(flows["State"])
    assert "cohorts are never added up" in " ".join(captions(app))
    unknown = open_page("equity_chain", cohort="primary-2501")
    assert not unknown.exception
    assert chosen(unknown, "chain_cohort").startswith("centre-")


def test_without_its_tables_the_page_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    small.publish(small.tables())
    app = open_page("equity_chain")
    assert not app.exception
    said = " ".join(notes(app))
    assert "Education path" in said
    assert "Links between registers" in said
