"""Questions typed in free order, in either language."""

from __future__ import annotations

import itertools

import pytest

import geo
from data_access.programmes.indicators import REGISTRY
from data_access.questions.asking import Question, understood
from data_access.questions.query import available

pytestmark = pytest.mark.usefixtures("demo_home")


@pytest.mark.parametrize("order", list(itertools.permutations(("ความครอบคลุม", "ขอนแก่น", "2566"))))
def test_the_order_does_not_matter(order: tuple[str, ...]) -> None:
    assert understood(" ".join(order)) == Question("grant.coverage", "40", "AY2566")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("dropout Chiang Mai", Question("grant.dropout", "50")),
        ("ความครอบคลุมขอนแก่น2566", Question("grant.coverage", "40", "AY2566")),
        ("coverage Korat 1/2566", Question("grant.coverage", "30", "2566-1")),
        ("coverage 2023", Question("grant.coverage", "", "AY2566")),
        ("Coverage in Khon Kaen, semester 2/2567", Question("grant.coverage", "40", "2567-2")),
        ("ความครอบคลุม จังหวัดขอนแก่น ปีการศึกษา ๒๕๖๖", Question("grant.coverage", "40", "AY2566")),
        ("ขอนแก่น", None),
        ("2566", None),
        ("", None),
        ("โรงเรียนบ้านโนน 2566", None),
        ("สาธุ ขอนแก่น", None),
    ],
)
def test_what_is_asked(text: str, meant: Question | None) -> None:
    assert understood(text) == meant


@pytest.mark.parametrize("lang", ["th", "en"])
def test_every_indicator_is_understood_by_its_title_with_any_province(lang: str) -> None:
    """Titles that several indicators share mean one of them; a word of a title is never taken for a province."""
    by_title: dict[str, set[str]] = {}
    for indicator in available():
        by_title.setdefault(REGISTRY[indicator].title(lang), set()).add(indicator)
    codes = itertools.cycle(geo.provinces().index)
    for title, ids in by_title.items():
        code = str(next(codes))
        alone, placed = understood(title, lang), understood(f"{title} {geo.name(code, lang)}", lang)
        assert alone is not None, title
        assert not alone.province, title
        assert REGISTRY[alone.indicator].title(lang) == title or alone.indicator in ids, title
        assert placed is not None, title
        assert (placed.indicator, placed.province) == (alone.indicator, code), title
