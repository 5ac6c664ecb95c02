"""The files that browsers draw with: what they are sent, for how long they keep it, and that nothing else is."""

from __future__ import annotations

import asyncio
import gzip
import re
from importlib.resources import files
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from ui.blocks import components, static_files


def ask(path: str, **headers: str) -> Response:
    """What is answered on a path (as it stands after the host), with headers of the request (`if_none_match`)."""
    found = {"accept_encoding": "gzip, br", **headers}
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in found.items()]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": raw}
    for route in static_files.routes():
        match, child = route.matches(scope)
        if match.value:
            return asyncio.run(route.endpoint(Request({**scope, **child})))
    raise AssertionError(f"nothing answers on {path}")


@pytest.mark.parametrize("name", ["board/blocks.js", "board/board.css", "geo/provinces.json"])
def test_a_file_is_compressed_and_asked_for_again_only_when_it_has_changed(name: str) -> None:
    first = ask(f"/app/static/{name}")
    assert gzip.decompress(bytes(first.body)) == (static_files.ROOT / name).read_bytes()
    assert first.headers["cache-control"] == "no-cache"
    again = ask(f"/app/static/{name}", if_none_match=first.headers["etag"])
    assert (again.status_code, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert ask(f"/app/static/{name}", if_none_match='"another"').status_code == 200


def test_a_file_that_changes_while_the_server_runs_is_sent_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static_files, "ROOT", tmp_path)
    file = tmp_path / "a.js"
    file.write_text("one")
    before = ask("/app/static/a.js")
    file.write_text("another")
    after = ask("/app/static/a.js", if_none_match=before.headers["etag"])
    assert gzip.decompress(bytes(after.body)) == b"another"


def test_who_cannot_read_what_is_compressed_gets_it_as_it_is() -> None:
    plain = ask("/app/static/board/blocks.js", accept_encoding="identity")
    assert plain.body == (static_files.ROOT / "board" / "blocks.js").read_bytes()
    assert "content-encoding" not in plain.headers


def test_letters_are_kept_for_a_week_and_not_compressed_again() -> None:
    letters = ask("/app/static/fonts/sarabun-thai-400-normal.woff2")
    assert letters.headers["content-type"] == "font/woff2"
    assert "content-encoding" not in letters.headers
    assert letters.headers["cache-control"] == "public, max-age=604800"


@pytest.mark.parametrize("address", static_files.SCRIPTS)
def test_the_scripts_of_packages_are_compressed_once_and_kept(address: str) -> None:
    first, second = ask(address), ask(address)
    assert first.body is second.body
    assert len(bytes(first.body)) > 1_000_000
    assert first.headers["content-type"].startswith("text/javascript")
    assert "immutable" in first.headers["cache-control"]


@pytest.mark.parametrize("name", ["", "board", "../app.py", "board/../../app.py", "/etc/passwd", "no.js", "a\0b", "x" * 5000])
def test_nothing_outside_and_no_folder_is_sent(name: str) -> None:
    assert ask(f"/app/static/{name}").status_code == 404


def test_both_scripts_of_plotly_are_of_one_version() -> None:
    package, *inside = static_files.SCRIPTS["/plotly.js"]
    whole = Path(str(files(package).joinpath(*inside)))
    small = static_files.ROOT / components.PLOTLY_SMALL.removeprefix(f"{static_files.ADDRESS}/")
    found = [re.search(r"plotly\.js .*?v([\d.]+)", p.read_text(encoding="utf-8")[:300]) for p in (whole, small)]
    assert len({version[1] for version in found if version}) == 1
    assert all(found)


def test_deck_gl_is_of_the_version_that_pydeck_writes_for() -> None:
    brought = Path(str(files("pydeck").joinpath("nbextension", "static", "index.js"))).read_text(encoding="utf-8")
    version = re.search(r'VERSION="(9[\d.]+)"', brought)
    assert version
    manifest = (static_files.ROOT / "deck" / "MANIFEST").read_text(encoding="utf-8")
    assert set(re.findall(r"@deck\.gl/\w+ ([\d.]+)", manifest)) == {version[1]}
