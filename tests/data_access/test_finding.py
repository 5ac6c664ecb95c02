"""Finding things by what people type: names in both languages, aliases, codes, parts and misspellings."""

from __future__ import annotations

import pytest

from data_access.questions.finding import find
from data_access.store.releases import require_release
from data_access.store.tables import read_table

pytestmark = pytest.mark.usefixtures("demo_home")


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("กทม", "province", "10"),
        ("โคราช", "province", "30"),
        ("Korat", "province", "30"),
        ("Khon Kean", "province", "40"),
        ("ขอนเก่น", "province", "40"),
        ("coverage", "indicator", "grant.coverage"),
        ("ความครอบคลุม", "indicator", "grant.coverage"),
        ("ออกกลางคัน", "indicator", "grant.dropout"),
        ("นักเรียนยากจน", "indicator", "grant.basic_recipients"),
    ],
)
def test_the_first_result_is_what_was_meant(text: str, kind: str, code: str) -> None:
    first = find(text)[0]
    assert (first.kind, first.code) == (kind, code)


@pytest.mark.parametrize("table", ["school", "centre"])
def test_schools_and_centres_are_found_by_code_whole_name_words_and_with_a_slip(table: str) -> None:
    row = read_table(require_release().id, table).iloc[7]
    code, name = row[f"{table}_code"], row["name_th"]
    slipped = name[:-4] + name[-3:]
    for text in (code, name, " ".join(reversed(name.split())), slipped):
        assert (table, code) in [(f.kind, f.code) for f in find(text, limit=40)], text


@pytest.mark.parametrize("text", ["", " ", "ก", "x", "!!", "‌"])
def test_too_little_finds_nothing(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "' OR 1=1 --", "ก" * 5000, "\x00\x01", "๙๙๙๙๙๙๙๙๙๙๙๙๙"])
def test_hostile_text_is_only_text(text: str) -> None:
    assert all(f.score <= 1 for f in find(text))


def test_results_come_best_first_and_no_more_than_asked_for() -> None:
    found = find("เมือง", limit=7)
    assert len(found) == 7
    scores = [round(f.score, 2) for f in found]
    assert scores == sorted(scores, reverse=True)
