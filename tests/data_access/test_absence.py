"""Where there is no number it is said why: outside the law or the programme nothing is to be collected, inside it nothing was.

A walk over every indicator that is known by province, every province and every period that the release has.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import geo
from data_access.programmes.indicators import FAMILIES, REGISTRY, Indicator
from data_access.questions import cells
from data_access.questions.query import query
from data_access.store.releases import require_release
from data_access.store.tables import read_table
from tests.data_access import small

PLACED = [i for i in REGISTRY.values() if "province" in i.places and not i.each]
PERIODS = {
    "semester": [f"{y}-{h}" for y in (2560, 2564, 2565, 2567) for h in (1, 2)],
    "academic_year": ["AY2560", "AY2565", "AY2567"],
}
PERIODS |= {"fiscal_year": ["FY2560", "FY2565"], "calendar_year": ["CY2565"]}


@pytest.fixture(scope="module")
def rosters(demo_folder: Path) -> Iterator[dict[str, set[str]]]:
    """Family -> the provinces of its programme, read from the contract's own tables."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(demo_folder))
        release = require_release().id
        schools = read_table(release, "tsqp_school").merge(read_table(release, "school")[["school_code", "lao_code"]])
        tsqp = set(schools.merge(read_table(release, "lao")[["lao_code", "district_code"]])["district_code"].str[:2])
        trial = set(read_table(release, "trial_family")["subdistrict_code"].str[:2])
        members = read_table(release, "pilot_member").query("set_id == 'learning_city_provinces'")["place_code"]
        cities = set(read_table(release, "learning_city_score")["province_code"]) | set(members)
        yield {"tsqp": tsqp, "trial": trial, "visits": trial, "cities": cities}


def answers(indicator: Indicator) -> pd.DataFrame:
    """The cells of every province, of every period at once and of periods asked for one by one."""
    if not indicator.periods:
        return query(indicator.id, by=("province",))
    kind = indicator.periods[0]
    alone = [query(indicator.id, by=("province",), where={kind: p}) for p in PERIODS[kind]]
    return pd.concat([query(indicator.id, by=("province", kind)), *alone], ignore_index=True)


@pytest.mark.parametrize("indicator", PLACED, ids=lambda i: i.id)
def test_inside_is_not_collected_and_outside_is_not_applicable(indicator: Indicator, rosters: dict[str, set[str]]) -> None:
    inside = rosters.get(indicator.family, set(geo.provinces().index)) - set(indicator.outside)
    found = answers(indicator)
    member = found["province"].isin(inside)
    assert not (member & (found["state"] == cells.NOT_APPLICABLE)).any()
    assert not (~member & (found["state"] == cells.NOT_COLLECTED)).any()


@pytest.mark.parametrize("family", [f.name for f in FAMILIES.values() if f.roster])
def test_a_place_asked_about_alone_says_the_same(family: str, rosters: dict[str, set[str]]) -> None:
    """Of a province, a region and a sub-district: in a period of which the programme has nothing."""
    regions = {geo.region_of(p, "region4") for p in rosters[family]}
    for indicator in (i for i in PLACED if i.family == family and i.periods):
        kind, empty = indicator.periods[0], PERIODS[indicator.periods[0]][0]
        for province in ("40", "50", "90", "11", "10"):
            state = query(indicator.id, where={kind: empty, "province": province}).iloc[0]["state"]
            assert state == (cells.NOT_COLLECTED if province in rosters[family] else cells.NOT_APPLICABLE)
        for region in ("north", "northeast", "central", "south"):
            state = query(indicator.id, where={kind: empty, "region4": region}).iloc[0]["state"]
            assert state == (cells.NOT_COLLECTED if region in regions else cells.NOT_APPLICABLE)
        assert query(indicator.id, where={kind: empty}).iloc[0]["state"] == cells.NOT_COLLECTED


# ---- a column that a sender's file does not have ------------------------------------------------------------------------------
def centres(quality: list[str | None]) -> dict[str, pd.DataFrame]:
    """Twenty centres of a province in one semester, with the standards given."""
    codes = [f"D30010{n:02}" for n in range(len(quality))]
    places = pd.DataFrame({"centre_code": codes, "province_code": "30", "name_th": codes})
    rows = pd.DataFrame({"centre_code": codes, "semester": "2565-1", "children": 30, "poor_reached": 12, "quality": quality})
    return {"centre": places, "centre_semester": rows}


STANDARDS = [f"ecd.quality_{q}" for q in ("below", "basic", "good", "excellent", "not_assessed")]


def test_a_standard_that_no_file_had_was_not_collected(empty_home: Path) -> None:
    small.publish(centres([None] * 20))
    frame = query([*STANDARDS, "ecd.quality_share"], where={"province": "30"})
    assert set(frame["state"]) == {cells.NOT_COLLECTED}
    assert query("ecd.children", where={"province": "30"}).iloc[0]["value"] == 600


def test_a_standard_that_nobody_reached_is_nought_and_one_that_some_left_out_incomplete(empty_home: Path) -> None:
    small.publish(centres(["good"] * 19 + [None]))
    frame = query(STANDARDS, where={"province": "30"}).set_index("indicator")
    assert frame["state"].to_dict() == {i: cells.VALUE if i == "ecd.quality_good" else cells.ZERO for i in STANDARDS}
    small.publish(centres(["good"] * 12 + ["not_assessed"] * 4 + [None] * 4))
    frame = query(STANDARDS, where={"province": "30"}).set_index("indicator")
    assert frame.loc[["ecd.quality_good", "ecd.quality_not_assessed"], "value"].tolist() == [12, 4]
    assert set(frame["flag"]) == {"incomplete"}
