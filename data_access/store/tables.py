"""Whole contract tables of a release."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema
from data_access.store.engines import read_frame
from data_access.store.releases import reader


def read_table(release_id: str, name: str) -> pd.DataFrame:
    """A whole contract table of a release; what a release of an older contract has not is empty."""
    table = schema.TABLES[name]
    with reader(release_id).connect() as connection:
        inspector = sa.inspect(connection)
        there = {c["name"] for c in inspector.get_columns(name)} if inspector.has_table(name) else set()
        known = [c for c in table.columns if c.name in there]
        frame = read_frame(connection, sa.select(*known)) if known else pd.DataFrame()
    return frame.reindex(columns=[c.name for c in table.columns])
