"""Tours, glossary and remarks: skippable, complete in both languages, kept with what they are about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data_access import cli, feedback
from data_access.errors import UsageError
from tests.ui.test_app import ROOT, open_app
from ui import guide, helping


@pytest.mark.usefixtures("demo_home")
def test_a_first_visit_is_asked_once_and_the_tour_leads_from_page_to_page() -> None:
    app = open_app(lang="en").run()
    app.button(key="guide_executive").click().run()
    assert any("1 / 4" in m.value for m in app.markdown)
    app.button(key="guide_next").click().run()
    assert not app.exception
    assert any("2 / 4" in m.value for m in app.markdown)
    assert app.title[0].value == "Targets"


@pytest.mark.usefixtures("demo_home")
def test_who_wants_no_tour_is_left_alone() -> None:
    app = open_app(lang="en").run()
    app.button(key="guide_skip").click().run()
    assert not [b for b in app.button if b.key and b.key.startswith("guide_")]


def test_every_step_names_a_page_that_exists() -> None:
    assert all((ROOT / "pages" / f"{page}.py").is_file() for steps in guide.STEPS.values() for page, _words in steps)
    assert set(guide.STEPS) == set(guide.AUDIENCES)


def test_the_glossary_is_complete_in_both_languages_and_in_its_own_letters() -> None:
    terms = helping.glossary()
    assert len(terms) >= 25
    assert len({t["th"] for t in terms}) == len(terms)
    for term in terms:
        assert all(term.values()), term
        assert re.search(r"[\u0e00-\u0e7f]", term["th"] + term["meaning_th"])
        assert not re.search(r"[\u0e00-\u0e7f]", term["en"] + term["meaning_en"])


def test_a_remark_is_kept_with_its_view_and_read_by_the_command(empty_home: Path, capsys: pytest.CaptureFixture) -> None:
    feedback.leave("แผนที่เล็กไป", "สมชาย", "grants?province=40", "r1")
    feedback.SHELF.path("0" * 12).write_text("{", encoding="utf-8")
    assert [(r.text, r.by, r.view) for r in feedback.left()] == [("แผนที่เล็กไป", "สมชาย", "grants?province=40")]
    assert cli.main(["feedback", "--json"]) == cli.DONE
    assert "แผนที่เล็กไป" in capsys.readouterr().out
    with pytest.raises(UsageError, match="needs a text"):
        feedback.leave("  ", "x", "", "r1")
