"""An ordinary Streamlit page in the frame works as Streamlit's documentation says: the example of docs/ui-guide.md is run as it stands there."""

from __future__ import annotations

import re
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from charts.style import Style
from data_access.store.releases import require_release
from data_access.who.access import OPERATOR
from tests.reading import captions
from tests.ui.test_app import ROOT
from ui.blocks import blocks
from ui.frame import drawing, page_cache
from ui.kit import navigation
from ui.view.view import View

pytestmark = pytest.mark.usefixtures("demo_home")


def example() -> str:
    """The page of the guide."""
    guide = (ROOT / "docs" / "ui-guide.md").read_text(encoding="utf-8")
    return next(code for code in re.findall(r"```python\n(.*?)```", guide, re.S) if '"weekdays"' in code)


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example as a page of an app of its own, in our frame."""
    for name in ("app.py", "pages/overview.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    file = tmp_path / "pages" / "weekdays.py"
    file.write_text(example(), encoding="utf-8")
    monkeypatch.setattr(
        navigation, "PAGES", {"overview": navigation.PAGES["overview"], "weekdays": ("Weekdays", ":material/event:", "")}
    )
    monkeypatch.setattr(navigation, "FILES", {"overview": tmp_path / "pages" / "overview.py", "weekdays": file})
    monkeypatch.setitem(navigation.MODULES, "weekdays", "pages.weekdays")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # two edits in one second would share it
    monkeypatch.delitem(sys.modules, "pages.weekdays", raising=False)
    monkeypatch.setattr(navigation, "OF_STREAMLIT", ("weekdays",))
    return file


def opened(page: Path) -> AppTest:
    app = AppTest.from_file(str(page.parents[1] / "app.py"), default_timeout=60).run()
    return app.switch_page("pages/weekdays.py").run()


def test_form_fragment_chart_sidebar_and_blocks_work_on_one_page(page: Path) -> None:
    app = opened(page)
    assert not app.exception
    assert "A block stands beside elements of Streamlit" in captions(app)
    assert len(app.get("vega_lite_chart")) == 1
    assert [m.value for m in app.sidebar.markdown] == ["th"]
    for press in ("Send", "Again"):  # AppTest loses what is typed behind `st.navigation`; a browser does not
        next(b for b in app.button if b.label == press).click().run()
        assert not app.exception
        assert "A block stands beside elements of Streamlit" in captions(app)


def test_an_edit_is_seen_on_the_next_reload_and_stop_ends_the_page(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_DEVELOPMENT", "1")
    opened(page)
    page.write_text(
        example().replace('    with st.form("ask"):', '    st.markdown("edited")\n    st.stop()\n    with st.form("ask"):'),
        encoding="utf-8",
    )
    app = opened(page)
    assert not app.exception
    assert "edited" in [m.value for m in app.markdown]
    assert not app.text_input


@pytest.mark.parametrize(
    "outside",
    [lambda: st.session_state["samoephak_person"].id, lambda: st.query_params.get("lang", "none"), lambda: str(time.time_ns())],
    ids=["session", "query parameters", "clock"],
)
def test_what_is_outside_the_view_fails_loudly_in_development(
    outside: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMOEPHAK_DEVELOPMENT", "1")
    monkeypatch.setattr(drawing, "put_blocks", lambda _page: blocks.caption(outside()))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["lang"] = "en"
    app.run()
    assert any("could not be drawn" in e.value for e in app.error)


def test_what_follows_from_the_view_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_DEVELOPMENT", "1")
    monkeypatch.setattr(drawing, "put_blocks", lambda _page: blocks.caption("A page"))
    found = drawing.show(View("overview", require_release(), Style("en"), OPERATOR))
    assert b"A page" in found.sent.body


def test_an_edit_of_a_page_of_blocks_is_seen_in_development(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "page_of_mine.py"
    monkeypatch.setitem(navigation.MODULES, "mine", file.stem)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # two edits in one second would share it
    seen: list[object] = []
    for development in ("", "1", "1"):
        monkeypatch.setenv("SAMOEPHAK_DEVELOPMENT", development)
        file.write_text(f"def page():\n    return {len(seen)}\n", encoding="utf-8")
        seen.append(navigation.page_of("mine")())
    assert seen == [0, 1, 2]


def test_pages_of_a_programme_from_outside_are_drawn_again_when_its_files_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMOEPHAK_PROGRAMMES", str(tmp_path))
    stamps = [page_cache._code.__wrapped__()]
    (tmp_path / "page.py").write_text("one", encoding="utf-8")
    assert page_cache._code.__wrapped__() not in stamps
