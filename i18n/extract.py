"""Finding every message in the source tree and keeping the catalogue in step with it."""

from __future__ import annotations

import ast
import datetime as dt
import string
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from i18n.messages import CATALOGUE, read_catalogue

EPOCH = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)  # a fixed date keeps the file free of noise
ROOT = Path(__file__).parent.parent
MARKERS = {"_", "N_", "gettext", "_t"}
SKIPPED = {"tests", ".venv", "venv", "node_modules", "build", "dist"}


def sources() -> Iterator[Path]:
    """Every Python file of the project but the tests."""
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).parts
        if not any(part in SKIPPED or part.startswith(".") for part in parts):
            yield path


def messages_in(source: str) -> set[str]:
    """The literal messages of one file: first arguments of `_`, `N_`, `gettext`, and the two of `ngettext`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        count = 1 if name in MARKERS else 2 if name == "ngettext" else 0
        arguments = node.args[count - 1 : count]  # of ngettext only `many` is looked up in Thai
        found |= {a.value for a in arguments if count and isinstance(a, ast.Constant) and isinstance(a.value, str) and a.value}
    return found


def used_messages() -> dict[str, list[str]]:
    """Message id -> the files that use it."""
    used: dict[str, list[str]] = {}
    for path in sources():
        for message in messages_in(path.read_text(encoding="utf-8")):
            used.setdefault(message, []).append(path.relative_to(ROOT).as_posix())
    return used


def parameters(text: str) -> set[str]:
    """The names in braces of a format string."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def known() -> dict[str, str]:
    """Message id -> Thai text, translated entries only."""
    if not CATALOGUE.is_file():
        return {}
    found = (m for m in read_catalogue() if isinstance(m.id, str) and m.id and m.string and not m.fuzzy)
    return {str(m.id): str(m.string) for m in found}


def update(translations: dict[str, str] | None = None) -> list[str]:
    """Rewrite the catalogue from the sources: missing entries added, unused dropped; returns the untranslated ids."""
    thai = {**known(), **(translations or {})}
    catalogue = Catalog(
        locale="th",
        domain="samoephak",
        project="Samoephak",
        version="1",
        header_comment="# Samoephak in Thai",
        fuzzy=False,
        creation_date=EPOCH,
        revision_date=EPOCH,
    )
    used = used_messages()
    for message, files in used.items():
        catalogue.add(message, thai.get(message, ""), locations=[(name, 0) for name in sorted(files)])
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as handle:
        write_po(handle, catalogue, width=0, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return sorted(m for m in used if not thai.get(m))
