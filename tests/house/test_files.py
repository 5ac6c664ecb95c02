"""Committed files: data with licence and checksum, requirements complete, nothing of the workshop left behind."""

from __future__ import annotations

import csv
import hashlib
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA_SUFFIXES = {
    ".csv",
    ".json",
    ".geojson",
    ".ttf",
    ".woff2",
    ".png",
    ".jpg",
    ".svg",
    ".xlsx",
    ".xls",
    ".ods",
    ".parquet",
    ".zip",
}
OUR_OWN = ("docs/images/",)  # pictures of our own screens
WORKSHOP = re.compile(r"/work/" + r"shared|/work/" + r"main|/tmp/" + r"issue|help" + r"ers\.md")


@cache
def committed() -> tuple[Path, ...]:
    """Every file of the repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: the list of committed files is unknown")
    return tuple(ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file())


@cache
def listed() -> dict[Path, tuple[str, str]]:
    """File -> checksum and licence, from every manifest."""
    found: dict[Path, tuple[str, str]] = {}
    for manifest in (p for p in committed() if p.name.startswith("MANIFEST")):
        text = manifest.read_text(encoding="utf-8")
        if manifest.suffix == ".csv":
            found |= {ROOT / row["file"]: (row["sha256"], row["licence"]) for row in csv.DictReader(text.splitlines())}
            continue
        head, *lines = text.splitlines()
        for checksum, name, _ in (line.split(None, 2) for line in lines):
            found[manifest.parent / name] = (checksum, head)
    return found


def test_every_data_file_is_listed_with_its_licence() -> None:
    data = {p for p in committed() if p.suffix in DATA_SUFFIXES and not p.name.startswith("MANIFEST")}
    data = {p for p in data if not p.relative_to(ROOT).as_posix().startswith(OUR_OWN)}
    assert sorted(str(p.relative_to(ROOT)) for p in data - set(listed())) == []


def test_every_listed_file_is_there_and_unchanged() -> None:
    assert listed()
    for path, (checksum, licence) in listed().items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == checksum, path
        assert licence.strip()


def test_no_file_speaks_of_the_workshop() -> None:
    for path in committed():
        if path.suffix not in DATA_SUFFIXES:
            assert not WORKSHOP.search(path.read_text(encoding="utf-8")), path


def names(requirements: str) -> set[str]:
    """The packages of a requirements file, normalised."""
    lines = (ROOT / requirements).read_text(encoding="utf-8").splitlines()
    found = (re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", line) for line in lines)
    return {m[0].lower().replace("_", "-").replace(".", "-") for m in found if m}


@pytest.mark.parametrize("stem", ["requirements", "requirements-dev"])
def test_the_lock_holds_every_direct_dependency(stem: str) -> None:
    assert names(f"{stem}.in") <= names(f"{stem}.txt")
    text = (ROOT / f"{stem}.txt").read_text(encoding="utf-8")
    assert all("==" in line for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)), "a lock pins everything"


@pytest.mark.parametrize("stem", ["requirements", "requirements-dev"])
def test_every_direct_dependency_says_why(stem: str) -> None:
    lines = (ROOT / f"{stem}.in").read_text(encoding="utf-8").splitlines()
    assert all(re.search(r"\s# \S", line) for line in lines if re.match(r"[A-Za-z0-9]", line))


def test_both_locks_agree() -> None:
    def pins(name: str) -> dict[str, str]:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        return dict(line.split(" ")[0].split("==", 1) for line in lines if re.match(r"[A-Za-z0-9].*==", line))

    app, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: dev.get(name) for name in app} == app
