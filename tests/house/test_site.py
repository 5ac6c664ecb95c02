"""The documentation builds into a site without a warning: no broken link, no missing picture, nothing loaded from outside."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOADED = re.compile(r'<(?:script|img|iframe)[^>]+src="(https?:[^"]+)"|<link[^>]+rel="stylesheet"[^>]+href="(https?:[^"]+)"')


def test_the_site_builds_and_loads_nothing_from_outside(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-W",
        "-q",
        "-b",
        "html",
        "-d",
        str(tmp_path / "trees"),
        "docs",
        str(tmp_path / "site"),
    ]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 20
    assert [m for p in pages for m in LOADED.findall(p.read_text(encoding="utf-8"))] == []


def test_every_document_is_reached_from_the_index() -> None:
    named = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    documents = {p.stem for p in (ROOT / "docs").glob("*.md")} - {"index"}
    assert [d for d in documents if not re.search(rf"^{re.escape(d)}$", named, re.M)] == []
