"""Area-based education and Learning Cities. The record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from data_access.contract import schema as s
from data_access.programmes.base import Family, Programme, Shown, covers
from data_access.programmes.learning_cities.cubes import CITIES as CITIES_CUBE
from data_access.programmes.learning_cities.cubes import city_atoms
from data_access.programmes.learning_cities.indicators import CITIES
from i18n import N_

PILOT = "learning_city_provinces"
"""The pilot set of the provinces that belong to it."""


def demo(world: Any, tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """The invented rows."""
    from data_access.demo import cities

    return {"learning_city_score": cities.learning_city_score()}


PROGRAMME = Programme(
    title=N_("Learning Cities"),
    order=120,
    page="learning_cities",
    families=(
        Family(
            "cities",
            "learning_city_score",
            "Learning Cities",
            tuple(CITIES),
            CITIES_CUBE,
            city_atoms,
            roster=("cities",),
            roster_set=PILOT,
        ),
    ),
    also=("pilot",),
    beside=("pilot_set",),
    codes={"focus": s.FOCUS},
    result=4,
    overview=(
        Shown("pilot.size", {"pilot_set": PILOT}, N_("Learning-city provinces")),
        Shown("city.progress"),
        Shown("city.reached"),
    ),
    province=(Shown("city.reached"),),
    coverage=(
        covers(
            9,
            "Area-based education and Learning Cities",
            "learning_cities",
            "city.availability city.progress city.reached city.speed pilot.size",
            "learning_city_score pilot_set pilot_member",
            "tests/data_access/test_cities.py",
        ),
    ),
    demo=demo,
)
