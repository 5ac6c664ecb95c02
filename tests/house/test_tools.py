"""Lint, format and types, as part of the tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNTYPED = ("data_access/programmes/policy/rates.py", "data_access/analysis/quality.py", "data_access/saved/scenarios.py")
"""What mypy still objects to; the demonstration generator is not looked at."""
CORE = sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "data_access").rglob("*.py") if "demo" not in p.parts)
TYPED = ("--follow-imports=silent", "geo", "i18n", *(p for p in CORE if p not in UNTYPED))


@pytest.mark.parametrize(
    "tool", [("ruff", "check"), ("ruff", "format", "--check"), ("mypy", *TYPED)], ids=lambda t: " ".join(t[:2])
)
def test_tool_has_nothing_to_say(tool: tuple[str, ...]) -> None:
    paths = () if tool[0] == "mypy" else (".",)
    done = subprocess.run(
        [sys.executable, "-m", *tool, *paths], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
