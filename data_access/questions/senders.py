"""Who was expected to send what for a period, and who has: behind the completeness of a release (`quality`) and the state `provisional` of
its cells (`cells`).

Expected is every sender that sent in that period or an earlier one; of a reported indicator every province but those outside it by law and those that did not exist yet.
Taking part in a test or a sample survey is not sending: nobody is expected to.

Of money and of those who receive it a school has sent when it has paid somebody, or has nobody to pay; once a later semester has come, when
it has rows at all: who has not been paid by then will not be, and that is a finding, not a gap.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np
import pandas as pd
import sqlalchemy as sa

import geo
from data_access.contract import schema as s
from data_access.contract.periods import first_day, following
from data_access.programmes.base import REPORTED, Indicator
from data_access.programmes.indicators import FAMILIES
from data_access.store.engines import columns_of, lately, read_frame, remembered


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
    read = FAMILIES[family].expected
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
        .where(sa.column("province_code").is_not(None), sa.column("indicator") == indicator.id)
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


def expected_of(connection: sa.Connection, indicator: Indicator, periods: Collection[str]) -> pd.DataFrame:
    """The senders of an indicator with what each was expected to send in some periods and has: place codes, period, `expected`, `came`.

    Empty where nobody is.
    """
    if indicator.family == REPORTED:
        rows = lately(connection, ("reported", indicator.id), lambda: reported(connection, indicator), most=64)
        return rows[rows["period"].isin(periods)]
    each = remembered(connection, _by_period, indicator.family)
    parts = [each[p] for p in sorted(periods) if p in each]
    if not parts:
        return pd.DataFrame()
    rows = pd.concat(parts) if len(parts) > 1 else parts[0]
    return rows.assign(came=rows["paid"]) if is_paid(indicator) else rows


def _by_period(connection: sa.Connection, family: str) -> dict[str, pd.DataFrame]:
    """The roster of a family, period by period."""
    return {str(period): rows for period, rows in roster(connection, family).groupby("period")}


def is_paid(indicator: Indicator) -> bool:
    """Whether it has come only once a payment has."""
    return bool(FAMILIES[indicator.family].paid & {*indicator.parts})


def _semesters(first: str, last: str) -> list[str]:
    """Every semester from the first to the end of the last one's academic year."""
    out = [first]
    while out[-1] < f"{last[:4]}-2":
        out.append(following(out[-1]))
    return out
