"""Documents: the generated ones are fresh, and everything a person can use is named in one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data_access.cli import _parser
from data_access.contract import schema
from data_access.contract.settings import Settings
from data_access.documents import documents
from data_access.programmes.indicators import REGISTRY
from ui.kit.navigation import PAGES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def everything() -> str:
    """All documents as one text."""
    return "\n".join(p.read_text(encoding="utf-8") for p in [ROOT / "README.md", *DOCS.rglob("*.md")])


@pytest.mark.parametrize("name", documents())
def test_generated_documents_are_fresh(name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == documents()[name], "run: python -m data_access.documents"


def test_every_table_and_column_is_in_the_contract() -> None:
    text = (DOCS / "data-contract.md").read_text(encoding="utf-8")
    for name, table in schema.TABLES.items():
        section = text.split(f"## `{name}`:")[1].split("\n## ")[0]
        assert all(f"`{column.name}`" in section for column in table.columns)


def test_every_indicator_is_documented() -> None:
    text = (DOCS / "indicators.md").read_text(encoding="utf-8")
    assert [i for i in REGISTRY if f"`{i}`" not in text] == []


def test_every_setting_is_documented_and_read_nowhere_else() -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    names = {f"SAMOEPHAK_{name.upper()}" for name in Settings.model_fields}
    used = set()
    for folder in ("data_access", "ui", "charts", "geo", "i18n", "pages", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            used |= set(re.findall(r"SAMOEPHAK_[A-Z_]+[A-Z]", path.read_text(encoding="utf-8")))
    assert [n for n in sorted(names | used) if n not in text] == []


def test_every_command_is_documented(everything: str) -> None:
    commands = next(a.choices for a in _parser()._actions if a.dest == "command")
    assert [c for c in commands if not re.search(rf"(`|data_access ){re.escape(c)}\b", everything)] == []


def test_every_page_is_documented(everything: str) -> None:
    titles = {name: str(page[0]) for name, page in PAGES.items()}
    assert [t for t in titles.values() if t not in everything] == []


def test_links_between_documents_lead_somewhere() -> None:
    for path in [ROOT / "README.md", *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_decisions_are_numbered_without_a_repeat() -> None:
    numbers = [p.name[:4] for p in sorted((DOCS / "decisions").glob("*.md"))]
    assert len(numbers) == len(set(numbers))
    assert all(n.isdigit() for n in numbers)


def test_every_threat_names_a_test_that_there_is() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|") and not re.match(r"\| (---|threat)", line)]
    assert len(rows) > 25
    for row in rows:
        shown = re.findall(r"`([^`]+)`", row.rsplit("|", 2)[1])
        assert shown, row
        path = ""
        for name in shown:
            file, _sign, test = name.partition("::")
            path = file or path
            source = (ROOT / "tests" / path).read_text(encoding="utf-8")
            assert not test or f"def {test}(" in source, name
