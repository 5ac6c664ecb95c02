"""Where the rows of the contract's tables lie: the places of a school, the province of any row."""

from __future__ import annotations

import sqlalchemy as sa

from data_access.contract import schema as s


def school_places() -> sa.Subquery:
    """Every school with the codes of the places that it lies in."""
    sch, la, di = s.school.c, s.lao.c, s.district.c
    return (
        sa.select(sch.school_code, sch.lao_code, la.district_code, di.province_code)
        .join_from(s.school, s.lao, sch.lao_code == la.lao_code)
        .join(s.district, la.district_code == di.district_code)
    ).subquery("places")


def placed(table: sa.Table, *columns: sa.ColumnElement) -> sa.Select:
    """Columns of a contract table beside the province that each row is of, as `province`; null where a row names no place."""
    here, names = table.c, set(table.c.keys())
    if "province_code" in names:
        return sa.select(here.province_code.label("province"), *columns)
    if "school_code" in names:
        places = school_places()
        return sa.select(places.c.province_code.label("province"), *columns).join_from(
            table, places, here.school_code == places.c.school_code, isouter=True
        )
    if "centre_code" in names:
        return sa.select(s.centre.c.province_code.label("province"), *columns).join_from(
            table, s.centre, here.centre_code == s.centre.c.centre_code, isouter=True
        )
    code = next((here[c] for c in ("place_code", "subdistrict_code", "district_code") if c in names), None)
    within = sa.null() if code is None else sa.func.substr(code, 1, 2)
    return sa.select(sa.cast(within, sa.Text).label("province"), *columns).select_from(table)
