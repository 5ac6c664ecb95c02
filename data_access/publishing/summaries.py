"""Summaries computed once, when a release is published: the protected cubes that pages read.

Each family of indicators has one cube (`data_access.summaries.cube`), stored in the release as the table `summary_<family>`.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema as s
from data_access.programmes.indicators import FAMILIES, PROGRAMMES
from data_access.programmes.reported.cubes import reported_cube
from data_access.store.engines import bulk_insert, read_frame
from data_access.summaries.chain import build_chain
from data_access.summaries.cube import REGION_SCHEMES, CubeInMaking, build_cube, guard_together
from data_access.summaries.matched_sums import COLUMNS as MATCHED_COLUMNS
from data_access.summaries.matched_sums import TABLE as MATCHED_TABLE
from data_access.summaries.matched_sums import matched_sums

SAME_PEOPLE = tuple(same for p in PROGRAMMES for same in p.same_people)


def region_table(connection: sa.Connection) -> pd.DataFrame:
    """Province code -> its region in each scheme, in the order in which schemes are preferred for showing."""
    frame = read_frame(connection, sa.select(s.province))
    return frame.set_index("province_code")[list(REGION_SCHEMES)]


def build_summaries(engine: sa.Engine) -> None:
    """Compute every cube of a draft and store it beside its tables, replacing what was there."""
    with engine.begin() as connection:
        for name, cube in summaries(connection):
            _store(connection, name, cube)


def previewed(connection: sa.Connection, families: AbstractSet[str]) -> None:
    """Compute the cubes of some families, and of those that count the same people, into a transaction that the caller takes back."""
    together = {name for same in SAME_PEOPLE if families & {same.family, same.other} for name in (same.family, same.other)}
    for name, cube in summaries(connection, {*families, *together}):
        _store(connection, name, cube)


def summaries(connection: sa.Connection, only: AbstractSet[str] | None = None) -> Iterator[tuple[str, pd.DataFrame]]:
    """The name and content of every summary (empty where there are no rows), from the contract's tables behind a connection.

    Args:
        only: families, and `reported`; without it everything, also what compares senders of two years and follows children.
    """
    regions = region_table(connection)
    waiting: dict[str, CubeInMaking] = {}
    matched = [pd.DataFrame(columns=list(MATCHED_COLUMNS))]
    for family in (f for f in FAMILIES.values() if only is None or f.name in only):
        if family.spec is None or family.atoms is None:
            continue
        atoms = family.atoms(connection)
        if atoms.empty:
            yield family.summary, atoms
        elif family.spec.each:  # counts different things side by side: a cube for each of them
            parts = [
                build_cube(rows, family.spec, regions, rates=family.rates).assign(**{family.spec.each: str(c)})
                for c, rows in atoms.groupby(family.spec.each)
            ]
            yield family.summary, pd.concat(parts, ignore_index=True)
        else:
            years = family.year_atoms(connection, atoms) if family.year_atoms else None
            made = CubeInMaking(atoms, family.spec, regions, years, family.year_people, family.rates)
            if any(family.name in (same.family, same.other) for same in SAME_PEOPLE):
                waiting[family.name] = made
            else:
                made.protect()
                matched.append(_matched(family.name, made))
                yield family.summary, made.rows()
    _guard_together(waiting)
    for name, made in waiting.items():
        matched.append(_matched(name, made))
        yield FAMILIES[name].summary, made.rows()
    if only is None:
        yield MATCHED_TABLE, pd.concat([m for m in matched if len(m)] or matched, ignore_index=True)
        yield "summary_chain", build_chain(connection)
    if only is None or "reported" in only:
        yield "summary_reported", reported_cube(connection, regions)


def _guard_together(waiting: dict[str, CubeInMaking]) -> None:
    """Protect the cubes of families that count the same people (`SAME_PEOPLE`), as far as they are there."""
    for same in SAME_PEOPLE:
        one, other = waiting.get(same.family), waiting.get(same.other)
        if one and other:
            guard_together(one, same.measure, other, same.same, same.dated)
        elif made := one or other:
            made.protect()


def _matched(family: str, made: CubeInMaking) -> pd.DataFrame:
    """The sums of senders that sent in two years running, of what indicators count or add up."""
    indicators = [i for i in FAMILIES[family].indicators if not (i.denominator or i.minus or i.how)]
    return matched_sums(family, made, [i.numerator for i in indicators])


def _store(connection: sa.Connection, name: str, cube: pd.DataFrame) -> None:
    sa.Table(name, sa.MetaData()).drop(connection, checkfirst=True)
    if cube.empty:
        return
    columns = [sa.Column(c, sa.Float if pd.api.types.is_numeric_dtype(cube[c]) else sa.String) for c in cube.columns]
    table = sa.Table(name, sa.MetaData(), *columns)
    table.create(connection)
    bulk_insert(connection, table, cube)
