"""Lunch steps: where one pupil more costs the school money, and from how many it has as much again."""

from __future__ import annotations

import pytest

from data_access.contract.errors import UsageError
from data_access.programmes.policy.rates import baht_a_day, cliffs, steps

pytestmark = pytest.mark.any_store

CARD_2566 = {"1-40": 36.0, "41-100": 27.0, "101-120": 24.0, "121+": 22.0}


def test_the_cliffs_of_the_card_of_2566() -> None:
    """Worked by hand: 40 × 36 = 1,440 baht, 41 × 27 = 1,107, and 54 × 27 = 1,458 is the first to reach 1,440 again."""
    found = cliffs(steps(CARD_2566))
    assert found[["pupils", "regained"]].values.tolist() == [[40, 54], [100, 113], [120, 131]]


@pytest.mark.parametrize(("pupils", "baht"), [(40, 1440), (41, 1107), (100, 2700), (101, 2424), (120, 2880), (121, 2662)])
def test_money_a_day_is_pupils_times_the_rate_of_their_size(pupils: int, baht: float) -> None:
    assert baht_a_day(steps(CARD_2566), pupils) == baht


def test_bands_that_leave_a_gap_are_refused() -> None:
    with pytest.raises(UsageError):
        steps({"1-40": 36.0, "50+": 22.0})
