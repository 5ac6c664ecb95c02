"""The files to run the app with: they name what exists, give no more rights than needed, and hold no secret."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from data_access import documents
from data_access.contract.settings import NAMES, Settings, settings
from ui.web import limits

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


def test_the_build_is_sent_what_the_image_holds_and_nothing_else() -> None:
    lines = [x for x in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if x and not x.startswith("#")]
    assert lines[0] == "*"
    assert {x[1:] for x in lines if x.startswith("!")} == ROOMS | {"app.py", ".streamlit/config.toml", "requirements.txt"}
    assert {"**/.env", "**/secrets.toml", "**/people.json", "**/*.duckdb"} <= set(lines)


def test_compose_passes_every_setting_through() -> None:
    """Written by `python -m data_access.documents`; an empty value is as good as none."""
    assert (DEPLOY / "compose.yaml").read_text(encoding="utf-8") == documents.compose()
    content = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    environment = content["services"]["app1"]["environment"]
    assert set(NAMES) - set(environment) == {"SAMOEPHAK_HOME"}, "that one the image sets"
    with pytest.MonkeyPatch.context() as patch:
        for name in NAMES:
            patch.setenv(name, "")
        assert settings() == Settings(home=settings().home)


def test_the_password_of_the_database_may_hold_any_character() -> None:
    """It is in no address, where a slash, an @ or a percent sign would have to be escaped: the driver takes it from PGPASSWORD."""
    content = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    environment = content["services"]["app1"]["environment"]
    assert environment["PGPASSWORD"] == content["services"]["database"]["environment"]["POSTGRES_PASSWORD"]
    assert urlsplit(environment["SAMOEPHAK_DATABASE_URL"]).password is None


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_locked_with_hashes(name: str) -> None:
    """pip then takes no other file under the same version; one package without a hash would turn that off with an error."""
    packages = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text(encoding="utf-8"), flags=re.I)[1:]
    assert len(packages) > 60
    assert [p.split("==")[0] for p in packages if "--hash=sha256:" not in p] == []


def test_processes_are_bounded_alike_in_the_unit_and_in_containers() -> None:
    unit = (DEPLOY / "samoephak@.service").read_text(encoding="utf-8")
    app = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["app1"]
    limit = int(re.search(r"^LimitNOFILE=(\d+)$", unit, re.M)[1])  # type: ignore[index]
    assert limit == app["ulimits"]["nofile"] >= 2 * limits.needed(limits.PROMISED)
    assert "MemoryMax=4G" in unit
    assert app["mem_limit"] == "4g"


def test_the_unit_is_as_closed_as_it_may_be(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd here to judge its unit")
    unit = tmp_path / "samoephak@.service"
    shutil.copy(DEPLOY / "samoephak@.service", unit)
    done = subprocess.run(
        [analyze, "security", "--offline=true", "--no-pager", str(unit)], capture_output=True, text=True, timeout=60, check=False
    )
    level = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    if level is None:
        pytest.skip(f"this systemd cannot judge a unit that is not installed: {done.stderr[:200]}")
    assert float(level[1]) <= 2.5, done.stdout


def test_compose_names_settings_that_exist_and_takes_secrets_from_outside() -> None:
    content = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    app = content["services"]["app1"]
    named = {k for k in app["environment"] if k.startswith("SAMOEPHAK_")}
    assert named <= set(NAMES)
    for name, value in app["environment"].items():
        assert "${" in str(value) or name == "SAMOEPHAK_DATABASE_URL", f"{name} is written down"
    assert app["read_only"] is True
    assert app["cap_drop"] == ["ALL"]
    assert set(content["services"]) == {"app1", "app2", "database", "nginx"}
    assert "ports" not in app, "only nginx is reached from outside"


def test_nginx_keeps_the_counters_inside_and_the_compose_names_fit() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for path in ("/_stcore/metrics", "/health/metrics"):
        assert re.search(rf"location = {path} {{ return 404; }}", text)
    assert "proxy_set_header X-Forwarded-Proto $readers_scheme;" in text, "what an outer proxy says would be lost"
    assert {"limit_req", "limit_conn", "client_header_timeout", "client_body_timeout"} <= set(text.split())
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


def test_nginx_understands_its_file(tmp_path: Path) -> None:
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if nginx is None:
        pytest.skip("no nginx here to read its file")
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"events {{}} http {{ {(DEPLOY / 'nginx.conf').read_text(encoding='utf-8')} }}", encoding="utf-8")
    done = subprocess.run([nginx, "-t", "-c", str(whole)], capture_output=True, text=True, timeout=60, check=False)
    assert "syntax is ok" in done.stderr, done.stderr
