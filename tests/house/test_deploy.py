"""The files to run the app with: they name what exists, give no more rights than needed, and hold no secret."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from data_access.settings import NAMES

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
ROOMS = {"assets", "charts", "data_access", "geo", "handouts", "i18n", "pages", "static", "ui"}


def test_the_image_holds_the_app_and_nothing_else_and_runs_without_root() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    copied = {line.split()[1] for line in text.splitlines() if line.startswith("COPY ") and "--from" not in line}
    assert copied == ROOMS | {"app.py", ".streamlit/config.toml", "requirements.txt"}
    assert all((ROOT / c).exists() for c in copied)
    assert text.index("USER samoephak") < text.index("CMD [")
    assert "HEALTHCHECK" in text
    assert "/health/ready" in text


def test_compose_names_settings_that_exist_and_takes_secrets_from_outside() -> None:
    content = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    app = content["services"]["app1"]
    settings = {k for k in app["environment"] if k.startswith("SAMOEPHAK_")}
    assert settings <= set(NAMES)
    assert {"SAMOEPHAK_COOKIE_SECRET", "SAMOEPHAK_OIDC_CLIENT_SECRET", "SAMOEPHAK_PUBLIC_URL"} <= settings
    for name, value in app["environment"].items():
        assert "${" in str(value), f"{name} is written down"
    assert app["read_only"] is True
    assert app["cap_drop"] == ["ALL"]
    assert set(content["services"]) == {"app1", "app2", "database", "nginx"}
    assert "ports" not in app, "only nginx is reached from outside"


def test_nginx_keeps_the_counters_inside_and_the_compose_names_fit() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for path in ("/_stcore/metrics", "/health/metrics"):
        assert re.search(rf"location = {path} {{ return 404; }}", text)
    for address in re.findall(r"s/(127\.0\.0\.1:\d+)/", (DEPLOY / "compose.yaml").read_text(encoding="utf-8")):
        assert f"server {address};" in text


def test_the_unit_is_one_that_systemd_understands(tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("no systemd here to read its unit")
    text = (DEPLOY / "samoephak@.service").read_text(encoding="utf-8")
    unit = tmp_path / "samoephak@.service"
    unit.write_text(text.replace("/opt/samoephak/.venv/bin/streamlit", "/bin/true"), encoding="utf-8")
    done = subprocess.run([verify, "verify", str(unit)], capture_output=True, text=True, timeout=60, check=False)
    said = [line for line in done.stderr.splitlines() if "samoephak" in line and "User" not in line]
    assert said == []
    assert "NoNewPrivileges=true" in text
