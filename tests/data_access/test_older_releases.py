"""A release that an older version published still opens: what it has not is empty or not collected, and demo data are renewed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from data_access import bootstrap
from data_access.contract import schema
from data_access.programmes.indicators import FAMILIES, REGISTRY
from data_access.questions.cube_answers import _of_older_summaries, answer_from_cube
from data_access.questions.query import Ask
from data_access.store import releases
from data_access.store.tables import read_table
from tests.data_access import small


@pytest.fixture
def newer_contract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> releases.Release:
    """A published release, and after it a contract with one more table and one more column."""
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    release = small.publish(small.tables())
    metadata = sa.MetaData()
    lao = [c._copy() for c in schema.lao.columns]
    monkeypatch.setitem(schema.TABLES, "lao", sa.Table("lao", metadata, *lao, sa.Column("motto", sa.String)))
    monkeypatch.setitem(
        schema.TABLES, "newer", sa.Table("newer", metadata, sa.Column("place", sa.String), sa.Column("n", sa.Integer))
    )
    return release


def test_a_table_and_a_column_that_it_has_not_are_empty(newer_contract: releases.Release) -> None:
    newer = read_table(newer_contract.id, "newer")
    assert newer.empty
    assert list(newer.columns) == ["place", "n"]
    lao = read_table(newer_contract.id, "lao")
    assert len(lao) == len(small.laos())
    assert lao["motto"].isna().all()


def test_measures_of_newer_summaries_were_not_collected() -> None:
    rows = pd.DataFrame({"period": ["2565-1"], "children": [40.0]})
    known = _of_older_summaries(rows, ["children", "known_children", "reports"])
    assert known[["children", "known_children", "reports"]].to_numpy().tolist() == [[40.0, 1.0, 1.0]]
    assert _of_older_summaries(rows, ["children", "days_paid"]).empty
    assert "days_paid" in _of_older_summaries(rows, ["days_paid"])


def test_demonstration_data_of_an_older_contract_are_built_anew(
    newer_contract: releases.Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[str] = []
    monkeypatch.setattr(bootstrap, "publish_demo", lambda progress: built.append("demo") or newer_contract)
    assert bootstrap.ensure_ready() == newer_contract
    assert built == []  # a release of the agency is never touched
    monkeypatch.setattr(releases, "current_release", lambda: replace(newer_contract, demo=True))
    bootstrap.ensure_ready()
    assert built == ["demo"]


def test_a_characteristic_that_older_summaries_do_not_know_was_not_collected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    release = small.publish(small.tables())
    family = FAMILIES["grants"]
    newer = replace(family.spec, attributes={**family.spec.attributes, "shoe": ("small", "large")})
    monkeypatch.setitem(FAMILIES, "grants", replace(family, spec=newer))
    indicator, period = REGISTRY["grant.basic_recipients"], ("semester", ("2565-1",))
    with releases.reader(release.id).connect() as connection:
        whole = answer_from_cube(connection, indicator, Ask((), (period,), "semester"))
        split = answer_from_cube(connection, indicator, Ask(("shoe",), (period,), "semester"))
        large = answer_from_cube(connection, indicator, Ask(("province",), (period, ("shoe", ("large",))), "semester"))
    assert whole["value"].tolist() == [
        float((small.tables()["pupil_grant"].query("semester == '2565-1'")["basic_baht"] > 0).sum())
    ]
    assert split.empty
    assert set(large["state"]) == {"not_collected"}
