"""A little of what `python -m tests.reliability` tries at length: odd files, and sums that give hidden counts away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data_access import small
from tests.reliability import attacks, fuzz

pytestmark = pytest.mark.any_store


def test_odd_files_are_loaded_right_or_refused_in_words(
    empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMOEPHAK_ID_KEY", "a key for odd files alone")
    small.publish(small.reported(1.0))
    ended = fuzz.run(250, tmp_path, seed=7)
    assert set(ended) == {"refused", "errors", "loaded"}


@pytest.fixture(scope="module")
def answers(demo_home: None) -> attacks.Answers:
    return attacks.Answers(("grant.basic_recipients",), 1)


def test_no_small_count_comes_out_of_ten_thousand_sums(answers: attacks.Answers) -> None:
    found = attacks.attack(answers)
    assert found.equations >= 10_000
    assert found.hidden >= 1_000
    assert found.recovered == []


def test_the_attack_finds_a_count_that_is_hidden_alone(answers: attacks.Answers) -> None:
    """Show one of two hidden parts of a shown total: the other one comes out."""
    parts = [p for name, group in attacks.equations(answers) for p in group if name == "by sex"]
    total, (one, other) = next(
        (t, hidden)
        for t, p in parts
        if t in answers.shown and len(hidden := [c for c in p if c in answers.hidden]) == 2 and 4 < answers.shown[t] < 18
    )
    shown = {**answers.shown, one: answers.shown[total] - 3.0}
    weaker = attacks.Answers.__new__(attacks.Answers)
    weaker.shown, weaker.hidden, weaker.parents = shown, answers.hidden - {one}, answers.parents
    assert (other, 3.0) in attacks.attack(weaker).recovered
