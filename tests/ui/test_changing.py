"""Changes on pages: an arrow, a colour and a verb only for what can be told from none."""

from __future__ import annotations

import pytest

from data_access.programmes.indicators import REGISTRY
from ui.across import attention
from ui.kit import changing, data, kpi
from ui.kit.filters import Filters

pytestmark = pytest.mark.usefixtures("demo_home")
TOLD = [i for i, x in REGISTRY.items() if "semester" in x.periods and not x.each and "province" in x.places]
MORE, LESS, NONE = "มากกว่า", "น้อยกว่า", "ไม่แตกต่าง"


@pytest.mark.parametrize("period", ["2567-2", "2568-1"])
@pytest.mark.parametrize("indicator_id", TOLD)
def test_a_tile_has_an_arrow_only_for_a_clear_change(indicator_id: str, period: str) -> None:
    filters = Filters(lang="th", period=period)
    row = data.change(indicator_id, filters.where())
    found = kpi.headline(indicator_id, filters)
    assert row is not None
    assert (found.delta is not None) == bool(row["clear"])
    moves = [w for w in (MORE, LESS) if found.sentence.startswith(w)]
    assert bool(moves) == bool(row["clear"])
    if row["clear"]:
        assert found.delta == row["change"]
        assert moves == [MORE if row["change"] > 0 else LESS]
    elif not row["reason"]:
        assert NONE in found.sentence
    if period == "2568-1":
        assert found.delta is None  # it has not ended


def test_the_rule_of_the_year_before_is_told_beside_a_provisional_share() -> None:
    row = data.change("grant.condition_rate", {"semester": "2568-1"})
    assert row is not None
    assert row["matched_now"] > row["now"] + 0.04
    said = kpi.headline("grant.condition_rate", Filters(lang="th", period="2568-1")).sentence
    assert data.measure("grant.condition_rate", "th").words(row["matched_now"], "th") in said


def test_big_falls_are_big_clear_and_of_enough_people() -> None:
    seen = 0
    for period in ("2563-1", "2566-2"):
        filters = Filters(lang="th", period=period)
        for indicator_id in TOLD:
            items = attention._falls(indicator_id, filters.where(province=False, split=False), None, filters)
            if not items:
                continue
            rows = data.changes(indicator_id, ("province",), filters.where(province=False, split=False)).set_index("province")
            for item in items:
                row = rows.loc[str(item.place)]
                assert row["clear"]
                assert row["reason"] == ""
                assert -row["change"] > attention.BIG_FALL * row["matched_before"]
                if REGISTRY[indicator_id].kind == "count" and REGISTRY[indicator_id].person:
                    assert -row["change"] >= attention.LEAST_FALL["count"]
                seen += 1
    assert seen


def test_rules_break_the_axis_where_they_came_into_force() -> None:
    (event,) = changing.rule_events("grant.condition_rate", data.periods("grant.condition_rate", "semester"))
    assert (event.x, event.breaks) == ("2568-1", True)
    assert "80%" in event.title
    assert "85%" in event.title
    assert changing.rule_events("grant.coverage", data.periods("grant.coverage", "semester")) == []
