"""A whole programme comes from a folder outside the house: three files, and nothing of the house is edited."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_a_programme_is_three_files_and_150_lines() -> None:
    files = sorted((HERE / "school_milk").glob("*.py"))
    assert len(files) <= 3
    assert sum(len(f.read_text(encoding="utf-8").splitlines()) for f in files) <= 150


def test_everything_works_for_it() -> None:
    """In a process of its own: the contract and the registry are settled when they are first imported."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-o", "addopts=", str(HERE / "whole.py")]
    env = {**os.environ, "SAMOEPHAK_PROGRAMMES": str(HERE)}
    done = subprocess.run(command, cwd=HERE.parents[1], env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-6000:]
