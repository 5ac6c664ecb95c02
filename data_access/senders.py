"""Who was expected to send what for a period, and who has: behind the completeness of a release (`quality`) and the state `provisional` of
its cells (`cells`).

Expected is every sender that sent in that period or an earlier one; of a reported indicator every province but those outside it by law and those that did not exist yet.
Taking part in a test or a sample survey is not sending: nobody is expected to.

Of money and of those who receive it a school has sent when it has paid somebody, or has nobody to pay; once a later semester has come, when
it has rows at all: who has not been paid by then will not be, and that is a finding, not a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd
import sqlalchemy as sa

import geo
from data_access import schema as s
from data_access.engines import columns_of, read_frame, remembered
from data_access.indicators import Indicator
from data_access.periods import first_day, following

PAID = frozenset(("basic", "equity", "basic_baht", "equity_baht", "paid", "timed", "days_sum", "timed_paid", "days_paid"))
"""The measures of grants that a payment makes."""


def since_first(rows: pd.DataFrame, periods: Sequence[str]) -> pd.DataFrame:
    """Every sender in every one of the periods since its first: the columns of `rows` (NaN where it sent nothing) and `came`.

    Args:
        rows: one row a `sender` and `period` in which it sent something, with what else is known of it.
    """
    if rows.empty:
        return rows.assign(came=pd.Series(dtype=bool))
    first = rows.groupby("sender")["period"].min().rename("first").reset_index()
    grid = first.merge(pd.DataFrame({"period": list(periods)}), how="cross")
    grid = grid.loc[grid["period"] >= grid["first"], ["sender", "period"]]
    out = grid.merge(rows.assign(came=True), on=["sender", "period"], how="left")
    return out.assign(came=out["came"].notna())


def roster(connection: sa.Connection, family: str) -> pd.DataFrame:
    """Every sender of a family in every period in which it was expected; empty for a family that nobody is expected to send.

    Returns:
        The codes of its places, period, and as numbers `expected` (1), `came` and `paid` (0 or 1; both alike but for grants). An academic
        year has the rows of its semesters, also of one that has not come.
    """
    read = _READ.get(family)
    rows = read(connection) if read else pd.DataFrame()
    if rows.empty:
        return pd.DataFrame(columns=["province_code", "period", "expected", "came", "paid"])
    newest = str(rows["period"].max())
    unpaid = rows.loc[~rows["paid"] & (rows["period"] == newest), "sender"] if "paid" in rows else ()
    out = since_first(rows[["sender", "period"]], _semesters(str(rows["period"].min()), newest))
    out["paid"] = out["came"] & ~((out["period"] == newest) & out["sender"].isin(unpaid))
    places = rows.drop(columns=["period", "paid"], errors="ignore").drop_duplicates("sender")
    out = out.merge(places, on="sender").drop(columns="sender").assign(expected=True)
    years = out.assign(period="AY" + out["period"].str[:4])
    return pd.concat([out[out["period"] <= newest], years], ignore_index=True).astype(
        dict.fromkeys(("expected", "came", "paid"), float)
    )


def provinces_reporting(connection: sa.Connection, indicator: Indicator) -> pd.DataFrame:
    """province_code and period of all that was reported of an indicator; the release has reported values."""
    return read_frame(
        connection,
        sa.select(sa.column("province_code"), sa.column("period"))
        .select_from(sa.table("summary_reported"))
        .where(sa.column("place_level") == "province", sa.column("indicator") == indicator.id)
        .distinct(),
    )


def reported(connection: sa.Connection, indicator: Indicator) -> pd.DataFrame:
    """The same of an indicator that agencies report: every province but those outside it, in every period that anybody reported."""
    if not remembered(connection, columns_of, "summary_reported"):  # nobody reported anything
        return pd.DataFrame(columns=["province_code", "period", "expected", "came", "paid"])
    there = provinces_reporting(connection, indicator)
    provinces = read_frame(connection, sa.select(s.province.c.province_code))
    out = in_question(provinces, there["period"].unique(), indicator).merge(there.assign(came=1.0), how="left")
    came = out["came"].fillna(0.0)
    return out.assign(expected=1.0, came=came, paid=came)


def in_question(provinces: pd.DataFrame, periods: Iterable[str], indicator: Indicator) -> pd.DataFrame:
    """Provinces by period, without those outside an indicator and those that did not exist yet when the period began.

    Args:
        provinces: `province_code` and whatever else is known of them.
    """
    inside = provinces[~provinces["province_code"].isin(indicator.outside)]
    began = pd.DataFrame([(p, first_day(p)) for p in periods if p], columns=["period", "began"], dtype=object)
    each = inside.merge(began, how="cross")
    there = [geo.existed(code, day) for code, day in zip(each["province_code"], each["began"], strict=True)]
    return each[np.array(there, dtype=bool)].drop(columns="began").reset_index(drop=True)


def expected_of(connection: sa.Connection, indicator: Indicator) -> pd.DataFrame:
    """The senders of an indicator with what each was expected to send and has: place codes, period, `expected`, `came`."""
    if indicator.family == "reported":
        return reported(connection, indicator)
    rows = remembered(connection, roster, indicator.family)
    measures = {*indicator.numerator.split("-"), indicator.denominator}
    return rows.assign(came=rows["paid"]) if measures & PAID and indicator.family == "grants" else rows


def _semesters(first: str, last: str) -> list[str]:
    """Every semester from the first to the end of the last one's academic year."""
    out = [first]
    while out[-1] < f"{last[:4]}-2":
        out.append(following(out[-1]))
    return out


def _grants(connection: sa.Connection) -> pd.DataFrame:
    g, places = s.pupil_grant.c, school_places()
    poor = sa.and_(g.tier.in_(("poor", "extra_poor")), g.stage.in_(s.STAGE[s.STAGE.index("screened") :]))
    keys = (places.c.province_code, places.c.district_code, places.c.lao_code, places.c.school_code, g.semester.label("period"))
    paid, due = (sa.func.max(sa.case((what, 1), else_=0)) for what in (g.stage == s.STAGE[-1], poor))
    rows = read_frame(
        connection,
        sa.select(*keys, paid.label("paid"), due.label("due"))
        .join_from(s.pupil_grant, places, g.school_code == places.c.school_code)
        .group_by(*keys),
    )
    return rows.assign(sender=rows["school_code"], paid=(rows["paid"] == 1) | (rows["due"] == 0)).drop(columns="due")


def _centres(connection: sa.Connection) -> pd.DataFrame:
    c, r = s.centre.c, s.centre_semester.c
    rows = read_frame(
        connection,
        sa.select(c.province_code, c.district_code, c.centre_code, r.semester.label("period")).join_from(
            s.centre_semester, s.centre, r.centre_code == c.centre_code
        ),
    )
    district = rows["district_code"].fillna(rows["province_code"] + "00")
    return rows.assign(sender=rows["centre_code"], district_code=district)


def _provinces(table: sa.Table, *where: sa.ColumnElement[bool]) -> Callable[[sa.Connection], pd.DataFrame]:
    """The provinces in a table, which send it."""

    def read(connection: sa.Connection) -> pd.DataFrame:
        if not remembered(connection, columns_of, table.name):  # a release of before there was such a table
            return pd.DataFrame()
        columns = (table.c.province_code, table.c.semester.label("period"))
        return read_frame(connection, sa.select(*columns).where(*where).distinct()).assign(sender=lambda d: d["province_code"])

    return read


_READ: dict[str, Callable[[sa.Connection], pd.DataFrame]] = {
    "grants": _grants,
    "centres": _centres,
    "screening": _provinces(s.screening_score),
    "outside": _provinces(s.out_of_school_count, s.out_of_school_count.c.population == "child_youth"),
    "informal": _provinces(s.out_of_school_count, s.out_of_school_count.c.population == "informal_worker"),
}


def school_places() -> sa.Subquery:
    """Every school with the codes of the places that it lies in."""
    sch, la, di = s.school.c, s.lao.c, s.district.c
    return (
        sa.select(sch.school_code, sch.lao_code, la.district_code, di.province_code)
        .join_from(s.school, s.lao, sch.lao_code == la.lao_code)
        .join(s.district, la.district_code == di.district_code)
    ).subquery("places")
