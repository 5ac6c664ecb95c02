"""A part of the demonstration with every table in it: some provinces and periods, quick to publish and to ask."""

from __future__ import annotations

import pandas as pd

from data_access.contract import schema
from data_access.questions import detail
from data_access.store.tables import read_table

PROVINCES = ("10", "26", "40", "50", "90")  # of every region of four, Bangkok and three of the trial among them
SEMESTERS = ("2566-1", "2566-2", "2567-1")


def tables(release: str) -> dict[str, pd.DataFrame]:
    """The tables of a release, cut down to the provinces and semesters above; what names no place is whole."""
    found = {}
    for name in schema.LOADABLE_TABLES:
        frame, table = read_table(release, name), schema.TABLES[name]
        if "semester" in frame and name != "trial_family":
            frame = frame[frame["semester"].isin(SEMESTERS)]
        if name == "chain_record":  # a tenth of the children, with all their years
            frame = frame[frame["child_key"].str[-1].isin(("0", "a"))]
        for column in table.columns:
            kind = detail.kind_of(column)
            if kind and not column.nullable:
                own = [c for c in frame[column.name].unique() if _province(release, kind, c) in PROVINCES]
                frame = frame[frame[column.name].isin(own)]
        found[name] = frame.reset_index(drop=True)
    return {name: frame for name, frame in found.items() if len(frame)}


def _province(release: str, kind: str, code: str) -> str | None:
    return code if kind == "province" else detail.province_of(release, kind, code)
