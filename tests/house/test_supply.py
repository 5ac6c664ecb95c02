"""What the app is made of: known vulnerabilities, licences, a bill of materials, dangerous calls, secrets in the repository."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("app.py", "data_access", "geo", "charts", "i18n", "ui", "handouts", "pages")
LICENCES = r"MIT|MIT-0|MIT-CMU|0?BSD|Apache|PSF|Python Software Foundation|ISC|MPL|Mozilla|LGPL|Zlib|CC0|Unicode|HPND|Unlicense"
"""Licences that an agency may run and pass on; LGPL and MPL bind those who change the library itself."""
NOT_SECRET = {"data_access/documents.py", "docs/settings.md", "data_access/contract/settings.py"}
"""They show the form of a database address."""


def run(*command: str, timeout: int = 300) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False
    )


def required() -> dict[str, str]:
    """Every package of the lock file and its version."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return dict(m.groups() for line in lines if (m := re.match(r"([A-Za-z0-9_.-]+)==([^ ;]+)", line)))


def test_no_dangerous_call_stands_in_the_code() -> None:
    """Bandit; not asserts, and not the names of our own tables in statements, which no reader can influence."""
    done = run("bandit", "-q", "-r", *ROOMS, "-s", "B101,B404,B603,B608", "-f", "json")
    found = [(r["filename"], r["line_number"], r["issue_text"]) for r in json.loads(done.stdout)["results"]]
    assert found == []


def test_statements_with_names_in_them_are_those_known() -> None:
    """A new place where SQL is put together from text is looked at by a person before it comes onto this list."""
    done = run("bandit", "-q", "-r", *ROOMS, "-t", "B608", "-f", "json")
    where = {r["filename"] for r in json.loads(done.stdout)["results"]}
    assert where <= {"data_access/store/engines.py", "data_access/publishing/staging.py", "data_access/importing/reading.py"}


def test_no_secret_is_in_the_repository() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: what would be committed cannot be told")
    kept = [
        f
        for f in listed.stdout.splitlines()
        if not f.startswith(("tests/", "geo/data/", "docs/images/", "assets/fonts/", "static/")) and "requirements" not in f
    ]
    done = run("detect_secrets", "scan", *kept)
    found = {name for name, hits in json.loads(done.stdout)["results"].items() if hits}
    assert found <= NOT_SECRET
    assert not [f for f in listed.stdout.splitlines() if Path(f).name in ("secrets.toml", ".env", "people.json")]


def test_every_licence_allows_the_agency_to_use_and_pass_on() -> None:
    unclear = {}
    for name in required():
        try:
            about = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # for another operating system
        told = [c for c in about.get_all("Classifier") or [] if c.startswith("License")]
        licence = about.get("License-Expression") or "; ".join(told) or about.get("License") or ""
        if not re.search(LICENCES, licence) or re.search(r"(?<!L)GPL|AGPL|Commercial|Proprietary", licence.replace("LGPL", "")):
            unclear[name] = licence
    assert unclear == {}


def test_the_bill_of_materials_names_every_package(tmp_path: Path) -> None:
    out = tmp_path / "sbom.json"
    done = run("cyclonedx_py", "requirements", "requirements.txt", "--of", "JSON", "-o", str(out))
    assert done.returncode == 0, done.stderr[-2000:]
    found = {(c["name"].lower(), c["version"]) for c in json.loads(out.read_text(encoding="utf-8"))["components"]}
    assert {(n.lower(), v) for n, v in required().items()} <= found


def test_no_package_has_a_known_vulnerability() -> None:
    done = run("pip_audit", "-r", "requirements.txt", "--disable-pip", "--no-deps", "-f", "json", "--progress-spinner", "off")
    try:
        found = json.loads(done.stdout)["dependencies"]
    except ValueError:
        pytest.skip("the database of vulnerabilities cannot be reached from here")
    if all("skip_reason" in d for d in found):
        pytest.skip("the database of vulnerabilities cannot be reached from here")
    assert {d["name"]: [v["id"] for v in d["vulns"]] for d in found if d.get("vulns")} == {}
