"""What several programmes read their rows with: counts and sums as plain numbers, days between dates, measures that may be left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from data_access.contract.placing import school_places
from data_access.store.engines import columns_of, read_frame, remembered


def count_of(condition: sa.ColumnElement) -> sa.ColumnElement:
    return sum_of(sa.case((condition, 1), else_=0))


def sum_of(value: sa.ColumnElement) -> sa.ColumnElement:
    """A sum as a plain floating number: DuckDB's own is a 128-bit integer, which frames read slowly as objects."""
    return sa.cast(sa.func.coalesce(sa.func.sum(value), 0), sa.Double)


class DaysBetween(FunctionElement[int]):
    """Whole days from the first date to the second; each kind of engine writes it in its own way."""

    name = "days_between"
    type = sa.Integer()
    inherit_cache = True


@compiles(DaysBetween)  # DuckDB, Trino
def _date_diff(days: DaysBetween, compiler: SQLCompiler, **options: Any) -> str:
    return f"date_diff('day', {compiler.process(days.clauses, **options)})"


@compiles(DaysBetween, "postgresql")
def _difference(days: DaysBetween, compiler: SQLCompiler, **options: Any) -> str:
    start, end = (compiler.process(date, **options) for date in days.clauses)
    return f"({end} - {start})"


@compiles(DaysBetween, "impala")  # the dialect of HiveServer2's protocol: Spark, Hive, Impala
def _datediff(days: DaysBetween, compiler: SQLCompiler, **options: Any) -> str:
    start, end = (compiler.process(date, **options) for date in days.clauses)
    return f"datediff({end}, {start})"


def known(measures: tuple[str, ...]) -> dict[str, None]:
    """The counts of atoms that go with optional measures (`CubeSpec.optional`)."""
    return dict.fromkeys((*(f"known_{m}" for m in measures), "reports"))


def with_known(frame: pd.DataFrame, measures: tuple[str, ...]) -> pd.DataFrame:
    """Atoms with their optional measures as numbers, and which of them were given."""
    given = {f"known_{m}": frame[m].notna().astype(float) for m in measures}
    return frame.assign(reports=1.0, **given, **{m: frame[m].fillna(0).astype(float) for m in measures})


def schools_in(table: sa.Table) -> Callable[[sa.Connection], pd.DataFrame]:
    """Reads the schools in a table, which send it each semester (`Family.expected`)."""

    def read(connection: sa.Connection) -> pd.DataFrame:
        if not remembered(connection, columns_of, table.name):  # a release of before there was such a table
            return pd.DataFrame()
        p = school_places().c
        columns = (p.province_code, p.district_code, p.lao_code, p.school_code, table.c.semester.label("period"))
        rows = read_frame(connection, sa.select(*columns).distinct().where(table.c.school_code == p.school_code))
        return rows.assign(sender=rows["school_code"])

    return read


def provinces_in(table: sa.Table, *where: sa.ColumnElement[bool]) -> Callable[[sa.Connection], pd.DataFrame]:
    """Reads the provinces in a table, which send it each semester (`Family.expected`)."""

    def read(connection: sa.Connection) -> pd.DataFrame:
        if not remembered(connection, columns_of, table.name):  # a release of before there was such a table
            return pd.DataFrame()
        columns = (table.c.province_code, table.c.semester.label("period"))
        return read_frame(connection, sa.select(*columns).where(*where).distinct()).assign(sender=lambda d: d["province_code"])

    return read
