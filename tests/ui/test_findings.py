"""What pages begin with: a sentence of what was found, true to the numbers, and silent where nothing may be said."""

from __future__ import annotations

import re

import pytest

import geo
from data_access.questions import changes, query
from tests.reading import Drawn, blocks, captions, components
from ui.kit import navigation

pytestmark = pytest.mark.usefixtures("demo_home")
WITHOUT = {
    "data",
    "help",
    "kept_views",
    "mou_review",
    "province",
}  # the desk, the meeting, and a page that asks for a province first
BEFORE = {"top", "filters", "choice", "segments", "picks", "header", "caption", "note", "text", "tour"}
BEGINNINGS = {"grants": "grant.coverage", "early_childhood": "ecd.quality_share"}


def finding(page: str, lang: str = "en", **parts: str) -> dict[str, str]:
    (found,) = components(Drawn(page, lang, **parts), "finding")
    return found


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("page", sorted(set(navigation.PAGES) - WITHOUT))
def test_a_page_begins_with_what_was_found(page: str, lang: str) -> None:
    drawn = Drawn(page, lang)
    kinds = [b["kind"] for b in blocks(drawn)]
    assert "finding" in kinds
    assert set(kinds[: kinds.index("finding")]) <= BEFORE
    (found,) = components(drawn, "finding")
    assert not re.search(r"[{}]|nan|None", found["text"] + found["more"])
    assert not (lang == "th" and re.search(r"[a-z]{3,}", found["text"].replace("SD", "").replace("Reach Up", "")))


@pytest.mark.parametrize("part", [{"province": "40"}, {"region": "north"}, {"province": "58"}, {"set": "tsqp_schools"}])
@pytest.mark.parametrize(
    "page", ["overview", "grants", "schools", "early_childhood", "out_of_school", "trial", "learning_cities"]
)
def test_it_names_a_narrower_place_or_stays_silent(page: str, part: dict[str, str]) -> None:
    drawn = Drawn(page, "en", **part)
    for found in components(drawn, "finding"):
        assert not re.search(r"[{}]|nan|None", found["text"] + found["more"])
        if "province" in part:
            assert found["text"].startswith(geo.name(part["province"], "en"))
    assert components(drawn, "finding") or any("Showing" in c for c in captions(drawn))


@pytest.mark.parametrize("page", BEGINNINGS)
def test_the_provinces_that_it_names_lie_below_the_country_with_all_of_their_interval(page: str) -> None:
    found, indicator = finding(page), BEGINNINGS[page]
    period = re.search(r"Semester (\d)/(\d{4})", found["text"])
    assert period is not None
    where = {"semester": f"{period[2]}-{period[1]}"}
    cells = query.query(indicator, by=("province",), where=where)
    country = query.query(indicator, where=where).iloc[0]["value"]
    below = cells[(cells["state"] == "value") & (cells["high"] < country)].sort_values("value")
    assert f"{len(below)} provinces clearly below the whole country" in found["more"]
    named = re.search(r"lowest (.*?)%(?: ·|$)", found["more"])
    assert named is not None
    assert [re.sub(r" [\d.]+%?$", "", n) for n in named[1].split(", ")] == [geo.name(c, "en") for c in below["province"][:3]]


def test_a_small_number_is_not_said() -> None:
    """A province whose number is hidden has it hidden in the sentence as well."""
    cells = query.query("grant.coverage", by=("province",), where={"semester": "2567-2"})
    hidden = cells[cells["state"] == "suppressed"]["province"]
    assert len(hidden)
    for code in list(hidden)[:4]:
        (found,) = components(Drawn("grants", "en", province=str(code), period="2567-2"), "finding")
        said = found["text"].partition(";")[0]
        assert "Suppressed" in said
        assert "%" not in said


@pytest.mark.parametrize("page", ["grants", "early_childhood"])
@pytest.mark.parametrize("code", ["40", "50", "80", "90", "30"])
def test_more_and_less_are_said_of_clear_changes_alone(page: str, code: str) -> None:
    found = finding(page, province=code)
    period = re.search(r"Semester (\d)/(\d{4})", found["text"])
    assert period is not None
    row = changes.change(BEGINNINGS[page], {"province": code, "semester": f"{period[2]}-{period[1]}"})
    first = found["text"].partition(";")[0]
    said = "more" if re.search(r"\bmore than in\b", first) else "less" if re.search(r"\bless than in\b", first) else ""
    clear = row is not None and not row["reason"] and row["clear"]
    assert said == ("" if not clear else "more" if row["change"] > 0 else "less")


def test_places_that_assess_themselves_are_not_held_against_each_other() -> None:
    assert "owest" not in finding("learning_cities")["more"]
