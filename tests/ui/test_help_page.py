"""Tours, glossary and remarks: skippable, complete in both languages, kept with what they are about."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data_access import cli
from data_access.contract.errors import UsageError
from data_access.saved import feedback
from tests.doing import sends
from tests.reading import components, title
from tests.ui.test_app import ROOT, open_app
from ui.frame import help
from ui.kit import guide


def tour(app: AppTest) -> list[dict[str, Any]]:
    return components(app, "tour")


@pytest.mark.usefixtures("demo_home")
def test_a_first_visit_is_asked_and_a_step_says_where_it_leads() -> None:
    app = open_app(lang="en").run()
    assert [leads for leads, *_look in tour(app)[0]["buttons"]] == [*guide.AUDIENCES, ""]
    app.session_state[guide.TAKEN] = ("manager", 1)  # as a press in the browser leaves it
    app.session_state[guide.GOING] = ("schools", {})
    app.run()
    assert not app.exception
    assert title(app) == "Schools"
    (step,) = tour(app)
    assert step["strong"] == "2 / 4"
    assert [leads for leads, *_look in step["buttons"]] == ["0", "2", ""]
    assert components(app, "top")[0]["cookie"] == guide.COOKIE  # the browser is told that the first visit is over
    app.session_state[guide.TAKEN] = ("", 0)
    assert tour(app.run()) == []


def test_the_tour_hears_nothing_but_what_it_offers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guide.st, "session_state", {})
    monkeypatch.setattr(guide, "_", lambda words: words)
    for value in ("nobody", "3", None, 7, ["executive"]):
        sends(guide._question, "pressed")(value)
        sends(lambda: guide._step("manager", 1, "schools"), "pressed")(value)
    assert guide.st.session_state == {}
    sends(guide._question, "pressed")("manager")
    assert guide.st.session_state == {guide.TAKEN: ("manager", 0), guide.GOING: ("pilot_areas", {})}
    sends(lambda: guide._step("manager", 0, "pilot_areas"), "pressed")("1")
    assert guide.st.session_state == {guide.TAKEN: ("manager", 1), guide.GOING: ("schools", {})}
    sends(lambda: guide._step("manager", 1, "schools"), "pressed")("")
    assert guide.st.session_state[guide.TAKEN] == ("", 0)


def test_every_step_names_a_page_that_exists() -> None:
    assert all((ROOT / "pages" / f"{page}.py").is_file() for steps in guide.STEPS.values() for page, _words in steps)
    assert set(guide.STEPS) == set(guide.AUDIENCES)


def test_the_glossary_is_complete_in_both_languages_and_in_its_own_letters() -> None:
    terms = help.glossary()
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
