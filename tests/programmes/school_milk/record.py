"""School milk: its record, with three indicators, its cube, and invented rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import sqlalchemy as sa
from data_access.programmes.school_milk import FLAVOUR

from data_access.contract import schema
from data_access.contract.placing import school_places
from data_access.programmes.base import BANGKOK, Family, Indicator, Kind, Programme, Sent, Shown, covers
from data_access.programmes.reading import schools_in
from data_access.store.engines import read_frame
from data_access.summaries.cube import CubeSpec

FLAVOURS = {"flavour": tuple(FLAVOUR.codes)}
MILK = schema.TABLES["school_milk"]
PLACES = ("nation", "region", "province", "district", "school")


def indicator(name: str, th: str, en: str, unit: str, numerator: str, formula: str, **more: Any) -> Indicator:
    """One of the programme's, by semester, place and flavour."""
    told = (f"{th} ในภาคเรียน", f"{en} in the semester")
    kind: Kind = "mean" if "denominator" in more else "count"
    given = {"places": PLACES, "dims": tuple(FLAVOURS), "outside": BANGKOK, **more}
    return Indicator(f"milk.{name}", th, en, unit, kind, "milk", numerator, *told, formula, **given)


INDICATORS = (
    indicator("pupils", "นักเรียนที่ดื่มนมโรงเรียน", "Pupils given milk", "pupils", "pupils", "Σ pupils", direction="up"),
    indicator("boxes", "นมที่แจก", "Boxes of milk", "boxes", "boxes", "Σ boxes", person=False),
    indicator(
        "boxes_per_pupil", "นมต่อคน", "Boxes per pupil", "boxes per pupil", "boxes", "Σ boxes ÷ Σ pupils", denominator="pupils"
    ),
)
CUBE = CubeSpec(
    path=("province_code", "district_code", "school_code"),
    levels=("province", "district", "school"),
    people=("pupils",),
    attached={"boxes": "pupils"},
    attributes=FLAVOURS,
)


def atoms(connection: sa.Connection) -> pd.DataFrame:
    """A row a school and semester, with its places."""
    p = school_places().c
    columns = (
        p.province_code,
        p.district_code,
        p.school_code,
        MILK.c.semester.label("period"),
        MILK.c.flavour,
        MILK.c.pupils,
        MILK.c.boxes,
    )
    rows = read_frame(connection, sa.select(*columns).where(MILK.c.school_code == p.school_code))
    return rows.astype({"pupils": float, "boxes": float})


def demo(world: Any, _tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """The invented rows: half of the pupils, as many of each flavour; a box a day, and some more of the sweet."""
    schools, pupils = world.schools["school_code"], world.schools["pupils"].fillna(0).astype(int) // 4
    rows = pd.DataFrame({"school_code": schools, "semester": "2565-1", "pupils": pupils})
    both = pd.concat([rows.assign(flavour=f, boxes=pupils * days) for f, days in (("plain", 90), ("sweet", 100))])
    return {
        "school_milk": pd.concat([both, both.assign(semester="2565-2", boxes=both["boxes"] + both["pupils"])], ignore_index=True)
    }


SENT = Sent("school", "school_code", "semester")
FAMILY = Family("milk", MILK.name, "School milk", INDICATORS, CUBE, atoms, expected=schools_in(MILK), sent=SENT)
PROGRAMME = Programme(
    title="School milk",
    page="school_milk",
    families=(FAMILY,),
    codes=FLAVOURS,
    result=1,
    overview=(Shown("milk.pupils"),),
    maps=("milk.pupils",),
    province=(Shown("milk.pupils"), Shown("milk.boxes_per_pupil")),
    districts=("milk.pupils",),
    coverage=(covers(15, "School milk", "school_milk", "milk.pupils", "school_milk", "tests/programmes/whole.py"),),
    demo=demo,
)
