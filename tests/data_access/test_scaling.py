"""The demonstration at the size of a country: exact number of rows, keys that stay unique, shares that stay the same."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from data_access.contract.errors import UsageError
from data_access.demo.scaling import enlarge, rows_of
from data_access.publishing import drafts
from tests.data_access import small


@pytest.mark.parametrize(("text", "rows"), [("36m", 36_000_000), ("250k", 250_000), ("1000", 1000), ("1M", 1_000_000)])
def test_rows_as_people_write_them(text: str, rows: int) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize("text", ["", "m", "-1", "1.5m", "0", "999m", "ten"])
def test_what_is_no_number_of_rows_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        rows_of(text)


def test_every_pupil_is_repeated_under_a_key_of_its_own(empty_home: Path) -> None:
    draft = drafts.new_draft(None)
    for name, frame in small.tables().items():
        draft.replace_slice(name, frame, [], "tests")
    before = draft.read("pupil_grant")
    wanted = 3 * len(before) + 5
    enlarge(draft.engine, wanted)
    after = draft.read("pupil_grant")
    assert len(after) == wanted
    assert not after.duplicated(["pupil_key", "semester"]).any()
    assert set(before["pupil_key"]) <= set(after["pupil_key"])
    copies = after[~after["pupil_key"].isin(before["pupil_key"])]
    assert copies["pupil_key"].str.fullmatch("[0-9a-f]{32}").all()
    share = [frame["tier"].value_counts(normalize=True) for frame in (before, after)]
    pd.testing.assert_series_equal(*share, atol=0.05, check_like=True)
    enlarge(draft.engine, 10)
    assert draft.count("pupil_grant") == wanted  # never made smaller
