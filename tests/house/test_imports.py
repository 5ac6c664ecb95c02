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
    hidden.write_text("def f():\n    from ui.text import _\n    import data_access.query\n", encoding="utf-8")
    assert imported(hidden) == {"ui", "data_access"}


def test_nobody_imports_an_entry_point() -> None:
    modules = {entry.removesuffix(".py").replace("/", ".") for entry in ENTRY_POINTS}
    for path in FILES:
        if path.name not in ("__main__.py", "documents.py"):  # the start itself, and what writes its documentation
            found = {n.module for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.ImportFrom)}
            assert found.isdisjoint(modules), path
