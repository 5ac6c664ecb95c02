"""While a file is worked on, threads take turns more often; afterwards as before."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ui.data_desk import uploads
from ui.data_desk.giving_way import SECONDS


def test_threads_take_turns_more_often_as_long_as_any_file_is_worked_on(empty_home: Path) -> None:
    before = sys.getswitchinterval()
    first, second = uploads.Upload("1", "a.csv", b"a"), uploads.Upload("2", "b.csv", b"b")
    with uploads.stored(first):
        with pytest.raises(ValueError, match="wrong"), uploads.stored(second):
            raise ValueError("wrong")
        assert sys.getswitchinterval() == pytest.approx(SECONDS)
    assert sys.getswitchinterval() == pytest.approx(before)
