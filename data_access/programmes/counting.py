"""Counting institutions and places, each once, from the tables that name them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data_access.contract.errors import UsageError
from data_access.programmes.base import Indicator
from data_access.questions.question import Ask, Cells, expected_provinces, pilot_members, with_pilot_sets, with_regions
from data_access.store.engines import read_frame
from data_access.summaries.cube import REGION_SCHEMES
from i18n import N_


@dataclass(frozen=True)
class Distinct:
    """How an indicator counts what the rows of a statement name.

    Attributes:
        rows: the statement: one row an institution, with the codes of its places.
        of: what is counted: a kind of place, or a column; without it the rows.
        table: which table answers, where it is not the family's.
        nought: whether places without any have none, rather than nothing collected, as long as there are some elsewhere.
    """

    rows: Callable[[], sa.Select]
    of: str = ""
    table: str = ""
    nought: bool = False

    def __call__(self, connection: sa.Connection, indicator: Indicator, ask: Ask, _cells: Cells) -> pd.DataFrame:
        """The cells, for `cells.finish`."""
        rows = self._inside(connection, indicator, ask)
        known = len(rows) > 0 or (self.nought and len(self._inside(connection, indicator, replace(ask, where=()))) > 0)
        return count(connection, rows, self.of, ask, known)

    def _inside(self, connection: sa.Connection, indicator: Indicator, ask: Ask) -> pd.DataFrame:
        """The rows inside the filters of the question, with the keys of their places."""
        rows = read_frame(connection, self.rows())
        for column in [str(c) for c in rows.columns if str(c).endswith("_code")]:
            rows[column.removesuffix("_code")] = rows[column]
        rows = with_regions(connection, rows, ask)
        for key, codes in ask.where:
            if key == "pilot_set":
                continue
            if key not in rows:
                raise UsageError(N_("{id} cannot be filtered by {key}"), id=indicator.id, key=key)
            rows = rows[rows[key].isin(codes)]
        return with_pilot_sets(rows, pilot_members(connection, ask))


def count(connection: sa.Connection, rows: pd.DataFrame, of: str, ask: Ask, known: bool) -> pd.DataFrame:
    """How many different values of a column (rows, where it is empty) each asked cell has; provinces without a row have none."""
    what = of or "row"
    rows = rows if of else rows.assign(row=rows.index)
    if ask.by:
        frame = rows.groupby(list(ask.by))[what].nunique().rename("value").reset_index()
    else:
        frame = pd.DataFrame([{"value": rows[what].nunique()}])
    if "province" in ask.by and set(ask.by) <= {"province", *REGION_SCHEMES}:
        frame = expected_provinces(connection, ask, None).merge(frame, how="left", on=list(ask.by))
        frame["value"] = frame["value"].fillna(0)
    return frame.assign(period="", value=frame["value"].astype(float) if known else np.nan, collected=known)
