"""What changed since the release before, and what is missing: from the cells, and said when there is nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_access.analysis import quality
from data_access.questions.query import query
from data_access.store.releases import require_release
from tests.data_access import small
from tests.reading import captions, tables
from tests.ui.test_app import open_app


def overview() -> tuple[list[str], list]:
    app = open_app(lang="en").run()
    assert not app.exception
    return captions(app), tables(app)


@pytest.mark.usefixtures("demo_home")
def test_a_first_release_has_nothing_before_it_and_missing_provinces_are_counted() -> None:
    captions, tables = overview()
    assert any("first release" in c for c in captions)
    missing = next(t for t in tables if "Sent nothing" in t.columns).set_index("Data set")
    release = require_release().id
    frame = quality.completeness(release, next(d for d in quality.datasets(release) if d.id == "pupil_grant"))
    latest = frame[frame["period"] == frame["period"].max()]
    partial = int((latest["state"] == quality.PARTIAL).sum())
    grants = "Pupils' grants, one row per pupil and semester"
    assert (grants in missing.index) == bool(partial + int((latest["state"] == quality.NONE).sum()))
    if partial and grants in missing.index:
        assert missing.loc[grants, "Sent a part"].startswith(f"{partial}: ")


def test_headlines_that_changed_stand_with_both_values(empty_home: Path) -> None:
    old, new = small.publish(small.tables(0)), small.publish(small.tables(1))
    captions, tables = overview()
    assert any(f"differ from release {old.id}" in c for c in captions)
    changed = next(t for t in tables if {"Then", "Now"} <= set(t.columns))
    values = {
        r.id: query("grant.basic_recipients", where={"semester": "2565-2"}, release=r.id)["value"].iloc[0] for r in (old, new)
    }
    row = changed[changed["Indicator"] == "Basic-needs subsidy recipients"].iloc[0]
    assert (row["Then"], row["Now"]) == tuple(f"{int(values[r.id]):,} pupils" for r in (old, new))
