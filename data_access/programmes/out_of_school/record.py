"""Out-of-school children and youth, and informal workers. The record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from data_access.contract import schema as s
from data_access.programmes.base import Family, Indicator, Programme, Shown, covers
from data_access.programmes.out_of_school.cubes import OUTSIDE_AGES, outside_atoms, outside_cube
from data_access.programmes.out_of_school.indicators import INFORMAL, OUTSIDE
from data_access.programmes.reading import provinces_in
from i18n import N_


def register(name: str, population: str, title: str, indicators: list[Indicator]) -> Family:
    """The family of one population of the register."""
    table = s.out_of_school_count
    expected = provinces_in(table, table.c.population == population)
    cube, atoms = outside_cube(OUTSIDE_AGES[population]), outside_atoms(population)
    return Family(name, table.name, title, tuple(indicators), cube, atoms, expected=expected)


def demo(world: Any, tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """The invented rows."""
    from data_access.demo import outside

    return {"out_of_school_count": outside.out_of_school_count(world)}


PROGRAMME = Programme(
    title=N_("Out of school"),
    order=110,
    page="out_of_school",
    families=(
        register("outside", "child_youth", "Out-of-school children and youth", OUTSIDE),
        register("informal", "informal_worker", "Informal workers", INFORMAL),
    ),
    tables=("published_series",),
    codes={"age_group": s.AGE_GROUP},
    leading="outside.stock",
    province=(Shown("outside.stock"), Shown("outside.back_share")),
    coverage=(
        covers(
            10,
            "Out-of-school children and youth, informal workers",
            "out_of_school",
            "outside.stock outside.new outside.found outside.helped outside.back outside.trained outside.in_work "
            "outside.lost_again informal.stock",
            "out_of_school_count published_series",
            "tests/data_access/test_outside.py",
        ),
    ),
    demo=demo,
)
