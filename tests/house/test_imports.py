"""Who may import whom: nothing flows back up."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAY_IMPORT: dict[str, set[str]] = {
    "app.py": {"pages", "ui", "charts", "geo", "data_access"},
    "pages": {"ui", "charts", "data_access", "geo"},
    "ui": {"charts", "geo", "data_access", "handouts"},
    "handouts": {"charts", "data_access"},
    "charts": {"geo"},
    "data_access": {"geo"},  # the reference places of every release
    "geo": set(),
    "i18n": set(),
}
"""Room -> the other rooms that it may import; `i18n` is open to all. Tests may import everything, nobody imports tests."""
ENTRY_POINTS = {"data_access/cli.py": {"handouts"}}
"""Files that only start things, and may therefore call what stands above their room; nobody imports them."""
ROOMS = {room.removesuffix(".py") for room in MAY_IMPORT}
WITHOUT_STREAMLIT = ("charts", "handouts", "data_access", "geo", "i18n")
WITHOUT_SQL = ("charts", "handouts", "pages", "ui", "geo", "i18n")
SQL_PACKAGES = {"sqlalchemy", "duckdb", "psycopg", "duckdb_sqlalchemy"}
FILES = sorted(p for room in MAY_IMPORT for p in ([ROOT / room] if room.endswith(".py") else (ROOT / room).rglob("*.py")))


def imported(path: Path) -> set[str]:
    """The top packages that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add((node.module or "").split(".")[0])
    return found


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    room = room_of(path)
    started = ENTRY_POINTS.get(str(path.relative_to(ROOT)), set())
    allowed = MAY_IMPORT[room] | started | {room.removesuffix(".py"), "i18n"}
    assert imported(path) & (ROOMS | {"tests"}) <= allowed


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_streamlit_and_sql_stay_in_their_rooms(path: Path) -> None:
    if room_of(path) in WITHOUT_STREAMLIT:
        assert "streamlit" not in imported(path)
    if room_of(path) in WITHOUT_SQL:
        assert imported(path).isdisjoint(SQL_PACKAGES)


def test_the_check_sees_imports_inside_functions(tmp_path: Path) -> None:
    hidden = tmp_path / "hidden.py"
    hidden.write_text("def f():\n    from ui.view.text import _\n    import data_access.questions.query\n", encoding="utf-8")
    assert imported(hidden) == {"ui", "data_access"}


def test_nobody_imports_an_entry_point() -> None:
    modules = {entry.removesuffix(".py").replace("/", ".") for entry in ENTRY_POINTS}
    for path in FILES:
        if path.name not in ("__main__.py", "documents.py"):  # the start itself, and what writes its documentation
            found = {n.module for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.ImportFrom)}
            assert found.isdisjoint(modules), path


WITHOUT_CIRCLES = ("data_access", "ui", "charts", "geo", "i18n", "handouts", "pages")


def graph(room: str) -> dict[str, set[str]]:
    """The modules of a room and those of it that each imports, anywhere in its file but for types alone."""
    names = {
        str(p.relative_to(ROOT).with_suffix("")).replace("/", ".").removesuffix(".__init__"): p
        for p in (ROOT / room).rglob("*.py")
    }
    found: dict[str, set[str]] = {}
    for name, path in names.items():
        wanted: set[str] = set()
        whole_file = ast.parse(path.read_text(encoding="utf-8"))
        whole_file.body = [n for n in whole_file.body if not (isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING")]
        for node in ast.walk(whole_file):
            if isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                whole = {f"{node.module}.{alias.name}" for alias in node.names}
                wanted |= whole & names.keys() or {node.module or ""}
        found[name] = wanted & names.keys() - {name}
    return found


@pytest.mark.parametrize("room", WITHOUT_CIRCLES)
def test_no_module_imports_itself_by_way_of_others(room: str) -> None:
    left = graph(room)
    while free := {name for name, wanted in left.items() if not wanted & left.keys()}:
        left = {name: wanted for name, wanted in left.items() if name not in free}
    assert not left


ROOMS_OF = {
    "ui": "view, blocks, entry, kit, programmes, meetings, simulator, across, data_desk, frame, web",
    "data_access": "contract, who, store, summaries, programmes questions demo, analysis, saved, publishing, importing",
}
"""The rooms of a house, from the ground up: each may import those named before it, and those that stand beside it."""


@pytest.mark.parametrize("house", ROOMS_OF)
def test_a_room_knows_only_the_rooms_below_it(house: str) -> None:
    floor = {room: n for n, rooms in enumerate(ROOMS_OF[house].split(", ")) for room in rooms.split()}
    assert floor.keys() == {p.parent.name for p in (ROOT / house).glob("*/__init__.py")}
    for name, wanted in graph(house).items():
        room = name.split(".")[1] if name.count(".") else ""
        above = {w for w in wanted if w.count(".") > 1 and floor[w.split(".")[1]] > floor.get(room, len(floor))}
        assert not above, (
            name
        )  # the registry `data_access.programmes` itself is open to all: it imports no record until it is asked
