"""Rules of the screen that a reader of the code would otherwise have to check by hand."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from ui.kit import navigation

ROOT = Path(__file__).parents[2]
SCREEN = sorted(p for folder in ("ui", "charts", "pages") for p in (ROOT / folder).rglob("*.py"))
CHARTS = sorted((ROOT / "charts").glob("*.py"))


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    return {n.split(".")[0] for n in names | {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}}


@pytest.mark.parametrize("path", SCREEN, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_colours_live_in_one_place_only(path: Path) -> None:
    if path.name != "style.py":
        assert not re.search(r"#[0-9a-fA-F]{6}\b", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", CHARTS, ids=lambda p: p.name)
def test_charts_know_neither_streamlit_nor_data_access(path: Path) -> None:
    assert imported(path).isdisjoint({"streamlit", "data_access", "sqlalchemy", "ui", "pages"})


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda p: p.name)
def test_pages_are_thin_guarded_and_hold_no_sql(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 120
    assert f'shell.guard("{path.stem}")' in source
    assert "sqlalchemy" not in imported(path)


def test_the_navigation_icon_and_fonts_are_local() -> None:
    config = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert not re.search(r"https?://", config)
    for name in re.findall(r"app/(static/fonts/[^\"]+)", config):
        assert (ROOT / name).is_file()


ASKS = {"ui/kit/data.py", "ui/entry/person.py"}
WHOLE_TABLES = {"ui/kit/data.py", "ui/kit/loaded.py", "ui/programmes/schools.py", "ui/programmes/trial.py"}
REMEMBERED_FOR_ALL = {
    "ui/programmes/claims.py": "figures of the country",
    "ui/data_desk/releases.py": "counts and figures of the country",
    "ui/across/profile.py": "provinces like another",
    "ui/meetings/review.py": "stories, told apart by the slides that the person sees",
    "ui/simulator/draft.py": "costs by province",
}
PEOPLE_SEE = sorted(p for folder in ("ui", "pages", "handouts") for p in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", PEOPLE_SEE, ids=lambda p: str(p.relative_to(ROOT)))
def test_pages_ask_through_the_scope_of_the_person(path: Path) -> None:
    """A question, a table or a memory that does not know who asks would show one person what is another's."""
    name, source = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    if name not in ASKS:
        assert not re.search(r"data_access\.query|import query\b|read_table|data_access\.detail|import .*\bdetail\b", source)
    assert ("whole_table" in source) <= (name in WHOLE_TABLES)
    assert ("cache_data" in source or "cache_resource" in source) <= (name in {*REMEMBERED_FOR_ALL, "ui/kit/data.py"})


KNOWS_STREAMLIT = {
    "the frame and the server": "frame/shell frame/drawing_ahead web/server",
    "the session and who is there": "view/address view/shown view/text view/headlines entry/person entry/start_link entry/data_routes kit/filling",
    "dialogs and what stands in them": "blocks/dialogs kit/downloads kit/slides meetings/saved_views frame/menus frame/search",
    "words after an act, or outside of a page": "kit/empty view/moves kit/guide simulator/form simulator/draft simulator/takeaway",
    "what draws blocks": "blocks/blocks",
    "ordinary pages": "meetings/review meetings/presenter frame/help",
    "what is worked out once for all": "across/profile",
}
READS_THE_CLOCK = {"entry/person", "kit/slides", "web/server", "frame/drawing_ahead"}


def module_of(path: Path) -> str:
    return path.relative_to(ROOT / "ui").with_suffix("").as_posix()


@pytest.mark.parametrize("path", sorted((ROOT / "ui").rglob("*.py")), ids=module_of)
def test_what_draws_pages_knows_no_session_and_no_clock(path: Path) -> None:
    """A page is a function of its view: what is outside of it is named by the modules that are there for it, and by no other."""
    name, source = module_of(path), path.read_text(encoding="utf-8")
    if name.startswith("data_desk"):
        return
    known = {module for modules in KNOWS_STREAMLIT.values() for module in modules.split()}
    assert ("streamlit" in imported(path)) == (name in known)
    assert bool(re.search(r"(?:datetime|date|time)\.(?:now|today|time|monotonic|time_ns)\(", source)) <= (name in READS_THE_CLOCK)


PAGES_OF_BLOCKS = [p for p in sorted((ROOT / "pages").glob("*.py")) if p.stem not in navigation.OF_STREAMLIT]


@pytest.mark.parametrize("path", PAGES_OF_BLOCKS, ids=lambda p: p.name)
def test_pages_know_neither(path: Path) -> None:
    assert "streamlit" not in imported(path)
    assert not re.search(r"\b(?:now|today|time)\(\)", path.read_text(encoding="utf-8"))
