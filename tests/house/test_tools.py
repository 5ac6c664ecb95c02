"""Lint, format and types, as part of the tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNTYPED = ("policy", "quality", "scenarios", "table_answers")  # modules of data_access that mypy still objects to
CORE = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "data_access").glob("*.py") if p.stem not in UNTYPED)
TYPED = ("--follow-imports=silent", "geo", "i18n", "data_access/importing", *CORE)


@pytest.mark.parametrize(
    "tool", [("ruff", "check"), ("ruff", "format", "--check"), ("mypy", *TYPED)], ids=lambda t: " ".join(t[:2])
)
def test_tool_has_nothing_to_say(tool: tuple[str, ...]) -> None:
    paths = () if tool[0] == "mypy" else (".",)
    done = subprocess.run(
        [sys.executable, "-m", *tool, *paths], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
