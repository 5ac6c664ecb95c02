"""Which places a question or a table reaches below the province, and how a scope narrows it (`data_access.access`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pandas as pd

from data_access.access import Scope
from data_access.releases import Release, get_release
from data_access.tables import read_table
from data_access.widening import FINE_PLACES, Codes

BY_PLACE = {"lao": "lao", "school": "school", "centre": "centre", "tsqp_school": "school", "school_result": "school"} | {
    "centre_semester": "centre"
}
"""Tables of the contract with a row a place below the province that a page may list, and the kind of place."""


def homes(release_id: str) -> Mapping[str, Mapping[str, str]]:
    """Kind of place -> code -> province, for places whose code does not begin with that of the province."""
    return _homes(release_id, get_release(release_id).checksum)


@lru_cache(maxsize=8)
def _homes(release_id: str, _checksum: str) -> Mapping[str, Mapping[str, str]]:
    schools, centres = read_table(release_id, "school"), read_table(release_id, "centre")
    laos = read_table(release_id, "lao")
    return {
        "school": dict(zip(schools["school_code"], schools["subdistrict_code"].str[:2], strict=True)),
        "centre": dict(zip(centres["centre_code"], centres["province_code"], strict=True)),
        "lao": dict(zip(laos["lao_code"], laos["district_code"].str[:2], strict=True)),
    }


def province_of(release_id: str, kind: str, code: str) -> str | None:
    """The province of a district, sub-district, authority, school or centre; None of one that the release does not know."""
    if kind in ("district", "subdistrict"):
        return code[:2]
    return homes(release_id)[kind].get(code)


def narrowed(found: Release, by: tuple[str, ...], where: Codes, scope: Scope) -> Codes | None:
    """The filters of a question as far as a scope lets it be answered; None when nothing of it is left.

    A question about detail without a province is narrowed to the provinces of the scope.

    Raises:
        ScopeError: it names a place, or the places of a province, outside the scope.
    """
    if scope.provinces is None or not _is_detail(found, by, where):
        return where
    asked = dict(where)
    for kind in FINE_PLACES:
        for code in asked.get(kind, ()):
            home = province_of(found.id, kind, code)
            if home is not None:  # one that nobody knows is refused as such
                scope.require(home)
    for province in asked.get("province", ()):
        scope.require(province)
    if not scope.provinces:
        return None
    return where if "province" in asked else tuple(sorted((*where, ("province", tuple(sorted(scope.provinces))))))


def _is_detail(found: Release, by: tuple[str, ...], where: Codes) -> bool:
    keys = {*by, *(key for key, _codes in where)}
    if keys & set(FINE_PLACES):
        return True
    # the part of a pilot set that lies in one province may be a single school
    return {"pilot_set", "province"} <= keys and bool(
        _fine_sets(found.id, found.checksum) & set(dict(where).get("pilot_set", ("",)))
    )


@lru_cache(maxsize=8)
def _fine_sets(release_id: str, _checksum: str) -> frozenset[str]:
    """The pilot sets that name places below the province; the empty name stands for "any set" where there is one."""
    sets = read_table(release_id, "pilot_set")
    fine = set(sets.loc[sets["place_level"] != "province", "set_id"].astype(str))
    return frozenset(fine | {""} if fine else ())


def table(release_id: str, name: str, scope: Scope) -> pd.DataFrame:
    """A contract table; of one with a row a place (`BY_PLACE`) only the rows of places inside the scope."""
    frame = read_table(release_id, name)
    if scope.everywhere or name not in BY_PLACE:
        return frame
    kind = BY_PLACE[name]
    home = frame[f"{kind}_code"].map(homes(release_id)[kind])
    return frame[home.map(lambda p: isinstance(p, str) and scope.covers(p)).astype(bool)].reset_index(drop=True)
